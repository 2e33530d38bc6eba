//! The cycle at a glance: the ring in `status`, and the overview that a channel has pinned.

use isms_bot::chat::{Card, PictureSource, Refusal, Reply, Ring};
use isms_bot::people::Role::{Leader, Manager, Member};
use isms_bot::report::picture::render_png;

use crate::harness::bot::Bot;
use crate::harness::stage::{Stage, instant};
use crate::{on_both_databases, on_every_platform};

fn ring(card: &Card) -> Ring {
    let shown = card.pictures().next().expect("a picture");
    match shown.source.clone() {
        PictureSource::Ring(ring) => ring,
        PictureSource::Chart(_) => panic!("a ring"),
    }
}

async fn said(stage: &Stage, words: &str) -> Card {
    match stage.says("mia", words).await {
        Reply::Card(card) => card,
        other => panic!("`{words}`: {other:?}"),
    }
}

/// A workspace in which each part of the cycle has something.
async fn begun(stage: &Stage) {
    stage.person("mia", Manager, "Europe/Berlin").await;
    stage.person("lea", Leader, "Europe/Berlin").await;
    stage.person("bob", Member, "Asia/Tokyo").await;
    for words in [
        "kpi new incidents name:Incidents unit:incidents target:3 direction:lower frequency:monthly measurer:me analyst:me",
        "action new Patch the VPN owner:me due:2027-01-20 severity:opportunity",
        "action new Lock the archive owner:bob due:2027-02-12 severity:opportunity",
        "review schedule 2027-03-16",
        "audit plan 2027",
    ] {
        said(stage, words).await;
    }
}

on_both_databases! {
    async fn status_shows_each_part_of_the_cycle_what_is_late_and_what_comes_next(db: TestDatabase) {
        let stage = Stage::new(&db, "2027-01-11T09:00:00+01:00").await;
        begun(&stage).await;
        let card = said(&stage, "status").await;
        let shown = ring(&card);
        let figures = |ring: &Ring| {
            ring.parts.each_ref().map(|part| (part.done, part.of, part.late))
        };
        assert_eq!(figures(&shown), [(0, 0, 0), (0, 12, 0), (0, 4, 0), (0, 2, 0)]);
        assert_eq!(shown.middle, "on time");
        let next = shown.parts.each_ref().map(|part| part.next.clone().unwrap());
        assert_eq!(next, ["next Mon 1 Feb", "next by Sun 31 Jan", "next Tue 16 Mar", "next due Wed 20 Jan"]);

        // A month later: the value is missing, January's audit was not held, one action is overdue.
        stage.move_to("2027-02-10T09:00:00+01:00").await;
        let shown = ring(&said(&stage, "status").await);
        assert_eq!(figures(&shown), [(0, 1, 1), (0, 12, 1), (0, 4, 0), (0, 2, 1)]);
        assert_eq!(shown.middle, "3 late");
        said(&stage, "kpi record incidents 2").await;
        said(&stage, "action done CA-1 Patched on all gateways, see the change log").await;
        let card = said(&stage, "status").await;
        let shown = ring(&card);
        assert_eq!(figures(&shown), [(1, 1, 0), (0, 12, 1), (0, 4, 0), (1, 2, 0)]);
        let png = render_png(&card.pictures().next().unwrap().source);
        if let Ok(folder) = std::env::var("RINGS") {
            std::fs::write(format!("{folder}/status.png"), &png).unwrap();
        }
        assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
        // The words say what the picture shows.
        let plain = card.plain();
        for words in [
            "Measures (9.1): 1 of 1 values are in; next Mon 1 Mar",
            "Audits (9.2): 0 of 12 audits are finished; late: AUD-2027-01. Next: ",
            "Reviews (9.3): 0 of 4 reviews are held. Next: ",
        ] {
            assert!(plain.contains(words), "{words}: {plain}");
        }
    }

    async fn where_nothing_is_set_up_there_is_no_picture_to_look_at(db: TestDatabase) {
        let stage = Stage::new(&db, "2027-01-11T09:00:00+01:00").await;
        stage.person("mia", Manager, "Europe/Berlin").await;
        let card = said(&stage, "status").await;
        assert_eq!(card.pictures().count(), 0);
        assert!(card.plain().contains("no programme yet"), "{}", card.plain());
    }

    async fn the_overview_is_posted_once_and_edited_when_it_says_something_else(db: TestDatabase) {
        let stage = Stage::new(&db, "2027-01-11T10:00:00+01:00").await;
        begun(&stage).await;
        stage.work().await;
        assert!(stage.desk.pinned("isms").is_empty());
        let settings = said(&stage, "settings set pinned:on").await.plain();
        assert!(settings.contains("Pinned overview: on"), "{settings}");
        stage.work().await;
        let only = |stage: &Stage| {
            let pinned = stage.desk.pinned("isms");
            let [only] = &pinned[..] else {
                panic!("one is pinned: {pinned:?}");
            };
            only.clone()
        };
        let first = only(&stage);
        assert_eq!(ring(&first.card).parts[3].done, 0);
        let edits = || only(&stage).edits;

        // What it does not tell leaves it alone, however often it is looked at.
        said(&stage, "action note CA-1 Waiting for the vendor").await;
        stage.move_to("2027-01-11T12:00:00+01:00").await;
        assert_eq!(edits(), 0);
        // Several changes are one edit.
        for words in [
            "action done CA-1 Patched on all gateways, see the change log",
            "action new Sweep the roof owner:me due:2027-01-13 severity:opportunity",
            "action new Test the alarm owner:me due:2027-01-14 severity:opportunity",
        ] {
            said(&stage, words).await;
        }
        stage.work().await;
        assert_eq!(edits(), 0);
        stage.move_to("2027-01-11T12:02:00+01:00").await;
        assert_eq!(edits(), 1);
        assert_eq!(ring(&only(&stage).card).parts[3].of, 4);
        // Each morning it is of that day, at nine by the workspace's clock, at weekends too.
        for (at, expected) in [
            ("2027-01-12T08:59:00+01:00", 1),
            ("2027-01-12T09:00:00+01:00", 2),
            ("2027-01-14T08:59:00+01:00", 3),
            ("2027-01-18T09:00:00+01:00", 8),
        ] {
            stage.move_to(at).await;
            assert_eq!(edits(), expected, "{at}");
        }
        assert_eq!(ring(&only(&stage).card).middle, "2 late");
        assert_eq!(only(&stage).at, first.at);
    }

    async fn the_overview_follows_the_channel_and_can_be_switched_off(db: TestDatabase) {
        let stage = Stage::new(&db, "2027-01-11T10:00:00+01:00").await;
        begun(&stage).await;
        said(&stage, "settings set pinned:on").await;
        stage.work().await;
        let old = stage.desk.pinned("isms").remove(0);
        said(&stage, "settings set channel:#security").await;
        stage.work().await;
        assert!(stage.desk.pinned("isms").is_empty());
        assert_eq!(stage.desk.pinned("security").len(), 1);
        let left = stage.desk.all().into_iter().find(|m| m.at == old.at).unwrap();
        assert_eq!(left.card.plain(), "The overview is in #security now.");
        // Back again: the same message stands, and is pinned anew.
        said(&stage, "settings set channel:#isms").await;
        stage.work().await;
        assert_eq!(stage.desk.pinned("isms")[0].at, old.at);
        assert!(stage.desk.pinned("security").is_empty());
        said(&stage, "settings set pinned:off").await;
        stage.work().await;
        assert!(stage.desk.pinned("isms").is_empty());
        let left = stage.desk.all().into_iter().find(|m| m.at == old.at).unwrap();
        assert!(left.card.plain().starts_with("The overview was switched off."));
        stage.move_to("2027-01-13T12:00:00+01:00").await;
        assert_eq!(stage.desk.all().into_iter().find(|m| m.at == old.at).unwrap().edits, left.edits);
    }

    async fn who_takes_the_pin_down_is_left_in_peace_until_it_is_asked_for(db: TestDatabase) {
        let stage = Stage::new(&db, "2027-01-11T10:00:00+01:00").await;
        begun(&stage).await;
        said(&stage, "settings set pinned:on").await;
        stage.work().await;
        stage.desk.unpins_all();
        stage.move_to("2027-01-13T12:00:00+01:00").await;
        assert!(stage.desk.pinned("isms").is_empty());
        said(&stage, "settings set pinned:on").await;
        stage.work().await;
        assert_eq!(stage.desk.pinned("isms").len(), 1);
    }

    async fn a_pin_that_is_refused_is_told_once_and_the_message_is_kept_up_to_date(db: TestDatabase) {
        let stage = Stage::new(&db, "2027-01-11T10:00:00+01:00").await;
        begun(&stage).await;
        stage.desk.refuses_pins(Some(Refusal::Restricted));
        said(&stage, "settings set pinned:on").await;
        stage.move_to("2027-01-13T12:00:00+01:00").await;
        let standing = stage.desk.titled("isms", "at a glance");
        assert_eq!(standing.len(), 1);
        assert!(standing[0].contains("as of Wed 13 Jan 2027"), "{}", standing[0]);
        let told = |stage: &Stage| -> Vec<String> {
            let cards = stage.desk.to("mia").into_iter().map(|card| card.plain());
            cards.filter(|plain| plain.contains("cannot pin it")).collect()
        };
        assert_eq!(told(&stage).len(), 1);
        let mend = stage.desk.all().into_iter().find(|m| m.card.plain().contains("cannot pin it"));
        stage.desk.refuses_pins(None);
        stage.clicks_on("mia", &mend.unwrap(), "settings set pinned:on").await;
        stage.work().await;
        stage.work().await;
        assert_eq!(stage.desk.pinned("isms").len(), 1);
        assert!(told(&stage).is_empty(), "it is over, and the message says so");
    }

    async fn without_a_channel_there_is_nothing_to_pin_it_in(db: TestDatabase) {
        let stage = Stage::new(&db, "2027-01-11T10:00:00+01:00").await.elsewhere().await;
        stage.person("mia", Manager, "Europe/Berlin").await;
        let mut tx = stage.app.store.write(stage.workspace.id).await.unwrap();
        let bare = isms_bot::people::Workspace { channel: None, ..stage.workspace.clone() };
        isms_bot::sql!(tx, people::update_workspace(&bare)).unwrap();
        tx.commit().await.unwrap();
        let Reply::Form(form) = stage.says("mia", "settings set pinned:on").await else {
            panic!("a form");
        };
        let error = form.field("channel").unwrap().error.clone().unwrap();
        assert!(error.contains("no channel"), "{error}");
        assert_eq!(form.field("pinned").unwrap().value.as_deref(), Some("on"));
    }
}

on_every_platform! {
    async fn an_overview_is_pinned_in_the_channel_and_kept_up_to_date(db: TestDatabase, fake: Fake) {
        let bot = Bot::start(&db, &fake).await;
        let ann = fake.person("ann");
        ann.types("/isms settings set pinned:on channel:here").await.card();
        bot.works().await;
        let shown = fake.channel("isms").shows("The ISMS at a glance").await;
        assert_eq!(fake.channel("isms").pins(), [shown.id()]);
        let before = fake.edits();
        ann.types("/isms action new Patch owner:@ann due:2026-12-20 severity:opportunity").await;
        bot.app.clock.move_to(instant("2026-12-01T09:00:00+01:00"));
        bot.works().await;
        bot.works().await;
        let now = fake.channel("isms").shows("0 of 1 actions are done").await;
        assert_eq!(now.id(), shown.id());
        assert!(fake.edits() > before);
        assert!(ann.clicks(&now, "How it stands").await.card().text().contains("Actions"));
        ann.types("/isms settings set pinned:off").await.card();
        bot.works().await;
        fake.channel("isms").shows("The overview was switched off.").await;
        assert!(fake.channel("isms").pins().is_empty());
        fake.is_content();
    }

    async fn an_overview_that_may_not_be_pinned_stands_and_the_manager_hears_why(db: TestDatabase, fake: Fake) {
        let bot = Bot::start(&db, &fake).await;
        fake.refuses_pins(true);
        let ann = fake.person("ann");
        ann.types("/isms settings set pinned:on channel:here").await.card();
        bot.works().await;
        bot.works().await;
        fake.channel("isms").shows("The ISMS at a glance").await;
        let told = fake.dm("ann").shows("I cannot pin it").await;
        assert!(fake.channel("isms").pins().is_empty());
        fake.refuses_pins(false);
        ann.in_dm().clicks(&told, "Try again").await.card();
        bot.works().await;
        bot.works().await;
        assert_eq!(fake.channel("isms").pins().len(), 1);
    }
}
