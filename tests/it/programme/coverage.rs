//! Coverage of the cycle: a picture and a table, with each gap by name.

use isms_bot::chat::{Mark, PictureSource};
use isms_bot::report::picture::render_png;

use super::*;

/// How many cells of a card's picture have a mark.
fn cells(reply: &Reply, mark: Mark) -> usize {
    let picture = reply.card().unwrap().pictures().next().unwrap();
    assert_eq!(&render_png(&picture.source)[1..4], b"PNG");
    let PictureSource::Grid(grid) = &picture.source else {
        panic!("a grid");
    };
    let cells = grid.groups.iter().flat_map(|group| &group.cells);
    cells.filter(|cell| cell.mark == mark).count()
}

on_every_platform! {
    async fn coverage_is_one_command_away_as_a_picture_and_a_table(db: TestDatabase, fake: Fake) {
        let _bot = Bot::start(&db, &fake).await;
        let ann = fake.person("ann");
        ann.types("/isms audit scope-set A.8.30 applies:no reason:\"Nothing is developed outside\"").await;
        ann.types("/isms audit plan 2027 cycle:2").await;
        let shown = fake.person("cai").types("/isms audit coverage 2027").await.card();
        let text = shown.text();
        assert!(text.contains("0 of 120 audited (0%): 0 conform, 0 do not; 74 planned, 46 later in the cycle, 0 gaps; 1 does not apply."), "{text}");
        assert!(text.contains("A.8 Technological controls"), "{text}");
        let drawn = |(name, bytes): &(String, Vec<u8>)| name.ends_with("audit-coverage-2027.png") && bytes.starts_with(b"\x89PNG");
        assert!(fake.files().iter().any(drawn), "{:?}", fake.files().iter().map(|(name, _)| name).collect::<Vec<_>>());
        fake.is_content();
    }
}

on_both_databases! {
    async fn what_is_audited_counts_and_what_is_late_or_left_out_is_a_gap_by_name(db: TestDatabase) {
        let stage = company(&db).await;
        let nothing = says(&stage, "ann", "audit coverage 2027").await;
        assert!(nothing.contains("[Plan 2027] /isms audit plan 2027") || nothing.contains("There is no audit programme for 2027"), "{nothing}");
        says(&stage, "mia", "audit plan 2027").await;
        says(&stage, "mia", "audit change AUD-2027-03 remove:A.6.4 No such process here").await;
        says(&stage, "mia", "audit assign AUD-2027-01 ann").await;
        stage.move_to("2027-01-05T09:00:00+01:00").await;
        says(&stage, "ann", "audit start AUD-2027-01").await;
        for reference in ["4.1", "4.2", "4.3", "4.4", "5.1", "5.2", "5.3", "A.5.1", "A.5.2", "A.5.3", "A.5.4"] {
            let check = format!("audit check AUD-2027-01 {reference} result:conforms method:interview evidence:Asked");
            says(&stage, "ann", &check).await;
        }
        says(&stage, "ann", "audit finish AUD-2027-01 Conforms in all samples").await;
        let before = stage.says("ann", "audit coverage").await;
        let words = said(&before);
        assert!(words.contains("• taken out: No such process here: A.6.4"), "{words}");
        let (good, ahead, gaps) = (cells(&before, Mark::Good), cells(&before, Mark::Ahead), cells(&before, Mark::Gap));
        assert_eq!(good + ahead + gaps, 121);
        assert_eq!(gaps, 1);
        // February passes without its audit.
        stage.sleep_until("2027-03-01T09:00:00+01:00").await;
        let after = stage.says("ann", "audit coverage 2027").await;
        let words = said(&after);
        assert!(words.contains("• AUD-2027-02 is overdue: 6.1.1, 6.1.2, 6.1.3"), "{words}");
        assert_eq!(cells(&after, Mark::Gap), 1 + 10, "{words}");
        let alt = &after.card().unwrap().pictures().next().unwrap().alt;
        assert!(alt.contains("AUD-2027-02 is overdue: 6.1.1"), "the gaps are in the words for the picture: {alt}");
        assert!(words.contains("4 Context of the organization"), "{words}");
    }
}
