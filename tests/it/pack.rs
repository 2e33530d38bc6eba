//! The agenda pack: it comes by itself two days before the meeting, and to whoever asks.

use isms_bot::people::Role::{Leader, Manager, Member, Reader};

use crate::harness::bot::Bot;
use crate::harness::stage::{Message, Stage};
use crate::report::as_text;
use crate::{on_both_databases, on_every_platform};

const BERLIN: &str = "Europe/Berlin";

async fn stage(db: &crate::harness::database::TestDatabase) -> Stage {
    let stage = Stage::new(db, "2026-11-23T09:00:00+01:00").await;
    for (name, role) in [
        ("mia", Manager),
        ("lea", Leader),
        ("ann", Member),
        ("rob", Reader),
    ] {
        stage.person(name, role, BERLIN).await;
    }
    stage
}

async fn says(stage: &Stage, who: &str, words: &str) -> String {
    stage.says(who, words).await.card().expect("a card").plain()
}

/// The packs that a person was sent: what stood beside, the name, the bytes.
fn packs(stage: &Stage, who: &str) -> Vec<(String, String, Vec<u8>)> {
    let own = |m: &Message| m.target == isms_bot::chat::Target::Person(who.to_owned());
    let sent = stage.desk.all().into_iter().filter(own);
    sent.filter_map(|message| {
        let (name, bytes) = message.file?;
        name.contains("agenda")
            .then(|| (message.card.plain(), name, bytes))
    })
    .collect()
}

fn text(pack: &(String, String, Vec<u8>)) -> String {
    String::from_utf8(pack.2.clone()).unwrap()
}

on_every_platform! {
    async fn whoever_asks_gets_the_pack_as_two_files(db: TestDatabase, fake: Fake) {
        let bot = Bot::start(&db, &fake).await;
        let ann = fake.person("ann");
        ann.types("/isms review schedule 2026-12-17 at:10:00 with:@ann").await.card();
        let told = ann.types("/isms review pack MR-2026-Q4").await.card();
        assert!(told.text().contains("5 of 7 inputs are missing: (b), (c), (e), (f), (g)."), "{}", told.text());
        bot.works().await;
        let names: Vec<String> = fake.files().into_iter().map(|(name, _)| name).collect();
        for name in ["MR-2026-Q4-agenda.pdf", "MR-2026-Q4-agenda.md"] {
            assert!(names.iter().any(|own| own == name), "{names:?}");
        }
        fake.is_content();
    }
}

on_both_databases! {
    async fn the_pack_goes_to_who_takes_part_two_days_before_and_shows_what_is_missing(db: TestDatabase) {
        let stage = stage(&db).await;
        says(&stage, "mia", "review schedule 2026-12-17 at:10:00 place:\"Room 1\" with:@lea @mia").await;
        says(&stage, "mia", "review assign MR-2026-Q4 e @ann").await;
        says(&stage, "mia", "review input MR-2026-Q4 b Floods climate:\"Relevant: the site floods\"").await;
        says(&stage, "mia", "review input MR-2026-Q4 c --nothing").await;
        says(&stage, "mia", "kpi new incidents Incidents unit:incidents direction:lower target:3 frequency:monthly measurer:me analyst:me").await;
        for (period, value) in [("2026-08", 2), ("2026-09", 1), ("2026-10", 5)] {
            says(&stage, "mia", &format!("kpi record incidents {value} period:{period}")).await;
        }
        stage.move_to("2026-12-15T08:30:00+01:00").await;
        assert_eq!(packs(&stage, "lea").len(), 0);
        stage.move_to("2026-12-15T10:00:00+01:00").await;
        let got = packs(&stage, "lea");
        assert_eq!(got.len(), 2, "{got:?}");
        assert_eq!(packs(&stage, "mia").len(), 2);
        assert_eq!(packs(&stage, "ann").len(), 0);
        assert!(got[0].0.starts_with("The agenda pack of MR-2026-Q4 on Thu 17 Dec 2026. 3 of 7 inputs are missing: (e), (f), (g)."), "{}", got[0].0);
        let markdown = got.iter().find(|(_, name, _)| name.ends_with(".md")).map(text).unwrap();
        for words in [
            "Thu 17 Dec 2026, 10:00 to 11:00 (Europe/Berlin)",
            "Room 1",
            "lea, mia",
            "Climate change: Relevant: the site floods",
            "Climate change: not answered.",
            "ann was asked for it.",
            "KPIs: 0 of 1 on target.",
        ] {
            let found = markdown.contains(words) || (words == "lea, mia" && markdown.contains("mia, lea"));
            assert!(found, "{words}: {markdown}");
        }
        let pdf = got.iter().find(|(_, name, _)| name.ends_with(".pdf")).unwrap();
        let read = as_text(&pdf.2);
        for words in ["Agenda pack", "Missing.", "To be decided"] {
            assert!(read.contains(words), "{words}: {read}");
        }
        // Once.
        stage.move_to("2026-12-17T08:00:00+01:00").await;
        assert_eq!(packs(&stage, "lea").len(), 2);
        crate::intake::assert_sound_log(&stage).await;
    }

    async fn a_review_that_is_moved_gets_its_pack_before_the_new_day_too(db: TestDatabase) {
        let stage = stage(&db).await;
        says(&stage, "mia", "review schedule 2026-12-14 with:@lea").await;
        // The meeting is on a Monday: the pack comes on the Friday before.
        stage.move_to("2026-12-11T10:00:00+01:00").await;
        assert_eq!(packs(&stage, "lea").len(), 2);
        says(&stage, "mia", "review move MR-2026-Q4 2026-12-17 The chair is away").await;
        stage.move_to("2026-12-14T12:00:00+01:00").await;
        assert_eq!(packs(&stage, "lea").len(), 2);
        stage.move_to("2026-12-15T12:00:00+01:00").await;
        assert_eq!(packs(&stage, "lea").len(), 4);
        // What is cancelled needs none.
        says(&stage, "mia", "review schedule 2026-12-22 with:@lea").await;
        says(&stage, "mia", "review cancel MR-2026-Q4-2 Not needed").await;
        stage.move_to("2026-12-22T12:00:00+01:00").await;
        assert_eq!(packs(&stage, "lea").len(), 4);
    }

    async fn what_the_records_say_tells_what_changed_since_the_last_review(db: TestDatabase) {
        let stage = stage(&db).await;
        says(&stage, "mia", "kpi new incidents Incidents unit:incidents direction:lower target:3 frequency:monthly measurer:me analyst:me").await;
        says(&stage, "mia", "kpi record incidents 2 period:2026-10").await;
        says(&stage, "mia", "review schedule 2026-11-26").await;
        says(&stage, "mia", "review input MR-2026-Q4 b --nothing").await;
        stage.move_to("2026-11-26T09:00:00+01:00").await;
        says(&stage, "mia", "review start MR-2026-Q4").await;
        stage.move_to("2026-12-02T09:00:00+01:00").await;
        says(&stage, "mia", "action new Patch the VPN owner:me due:2026-12-20").await;
        says(&stage, "mia", "kpi record incidents 5 period:2026-11").await;
        stage.move_to("2026-12-12T09:00:00+01:00").await;
        says(&stage, "mia", "review schedule 2027-01-20").await;
        let shown = says(&stage, "mia", "review show MR-2027-Q1").await;
        for words in [
            "The oldest open action is `CA-1`, raised 10 days ago.",
            "Since MR-2026-Q4 on Thu 26 Nov 2026: 1 raised, 0 found effective.",
            "Since MR-2026-Q4: 0 better, 1 worse, 0 as they were.",
            "off target; 5 incidents now, 2 incidents at MR-2026-Q4: worse",
            "Inputs of MR-2026-Q4: 1 of 5 came in time.",
        ] {
            let plain = shown.replace('`', "");
            assert!(plain.contains(&words.replace('`', "")), "{words}: {shown}");
        }
    }

    async fn the_report_tells_of_reviews_that_were_not_held_as_planned(db: TestDatabase) {
        let stage = stage(&db).await;
        says(&stage, "mia", "kpi new incidents Incidents unit:incidents direction:lower target:3 frequency:monthly measurer:me analyst:me").await;
        says(&stage, "mia", "kpi record incidents 2 period:2026-10").await;
        says(&stage, "mia", "review schedule 2026-11-26").await;
        stage.move_to("2026-12-02T09:00:00+01:00").await;
        says(&stage, "mia", "report performance 2026-11 format:markdown").await;
        stage.work().await;
        let mut sent = stage.desk.all().into_iter().filter_map(|message| message.file);
        let (_, bytes) = sent.rfind(|(name, _)| name.ends_with(".md")).unwrap();
        let told = String::from_utf8(bytes).unwrap();
        assert!(told.contains("MR-2026-Q4 was planned for Thu 26 Nov 2026 and has not been held."), "{told}");
    }
}
