//! How the bot behaves towards people, whatever it is about.

use isms_bot::chat::{Act, Card, Reply};
use isms_bot::people::Role::{Manager, Member};

use crate::harness::database::TestDatabase;
use crate::harness::stage::Stage;
use crate::on_both_databases;

const MONDAY: &str = "2026-11-23T07:00:00+01:00";

fn said(reply: &Reply) -> String {
    reply.card().map(Card::plain).unwrap_or_default()
}

/// On Tuesday at ten Ann has a reminder of two actions of hers.
async fn reminded(db: &TestDatabase) -> Stage {
    let stage = Stage::new(db, MONDAY).await;
    stage.person("mia", Manager, "Europe/Berlin").await;
    stage.person("ann", Member, "Europe/Berlin").await;
    stage.work().await;
    for title in ["Patch the VPN", "Shred the disks"] {
        let words = format!("action new {title} owner:ann due:2026-11-24 severity:opportunity");
        stage.says("mia", &words).await;
    }
    stage.move_to("2026-11-24T10:00:00+01:00").await;
    stage
}

on_both_databases! {
    async fn what_is_done_disappears_from_the_message_that_asked_for_it(db: TestDatabase) {
        let stage = reminded(&db).await;
        let count = stage.desk.to("ann").len();
        let message = stage.desk.last_to("ann");
        let Reply::Form(form) = stage.clicks_on("ann", &message, "action done CA-1").await else {
            panic!("a form");
        };
        stage.submits("ann", &form.command, &[("evidence", "Seen")]).await;
        stage.work().await;
        let now = stage.desk.last_to("ann");
        assert_eq!(now.at, message.at);
        let text = now.card.plain();
        assert!(text.contains("One thing needs you") && text.contains("CA-2") && !text.contains("CA-1"), "{text}");
        // Typed in, or done by somebody else: the same.
        stage.says("mia", "action cancel CA-2 \"not needed\"").await;
        stage.work().await;
        let now = stage.desk.last_to("ann");
        assert_eq!(now.card.plain(), "Nothing here waits for you any more.");
        assert_eq!(now.card.all_buttons().count(), 0);
        assert_eq!(stage.desk.to("ann").len(), count, "edited, never posted");
    }

    async fn a_button_that_has_gone_stale_is_refused_kindly_and_removed(db: TestDatabase) {
        let stage = reminded(&db).await;
        let stale = stage.desk.last_to("ann");
        stage.says("ann", "action done CA-1 Seen").await;
        // The message still shows the button: nothing was sent since.
        let reply = stage.clicks_on("ann", &stale, "action done CA-1").await;
        assert!(said(&reply).contains("Things have moved on"), "{}", said(&reply));
        assert!(said(&reply).contains("[Show CA-1] /isms action show CA-1"));
        stage.work().await;
        let now = stage.desk.last_to("ann");
        assert!(now.card.all_buttons().all(|button| !button.command.contains("CA-1")));
        // What is still there works.
        assert!(matches!(stage.clicks_on("ann", &now, "action done CA-2").await, Reply::Form(_)));
    }

    async fn every_message_that_asks_is_brought_up_to_date(db: TestDatabase) {
        let stage = Stage::new(&db, MONDAY).await;
        stage.person("mia", Manager, "Europe/Berlin").await;
        stage.person("ann", Member, "Europe/Berlin").await;
        stage.says("mia", "kpi new clicks Clicks unit:% direction:lower target:5 frequency:weekly measurer:@mia analyst:@ann").await;
        stage.says("mia", "review schedule 2026-12-10").await;
        stage.says("mia", "audit plan 2026").await;
        for (ask, settle) in [
            ("action new Patch owner:ann severity:opportunity", "action done CA-1 Seen"),
            ("review assign MR-2026-Q4 f @ann", "review input MR-2026-Q4 f \"Two risks\""),
            ("kpi record clicks 9 period:2026-W46", "kpi correct clicks 2026-W46 3 \"misread\""),
            ("audit assign AUD-2026-11 @ann", "audit assign AUD-2026-11 @mia"),
        ] {
            stage.says("mia", ask).await;
            stage.work().await;
            let asked = stage.desk.last_to("ann");
            assert!(asked.card.all_buttons().count() > 0, "{ask}: {}", asked.card.plain());
            stage.says("mia", settle).await;
            stage.work().await;
            let now = stage.desk.last_to("ann");
            assert_eq!(now.at, asked.at, "{ask}: nothing new is posted");
            assert_eq!(now.card.plain(), "Nothing here waits for you any more.", "{ask}");
        }
    }

    async fn a_double_click_has_one_effect(db: TestDatabase) {
        let stage = reminded(&db).await;
        let message = stage.desk.last_to("ann");
        let mut forms = Vec::new();
        for _ in 0..2 {
            if let Reply::Form(form) = stage.clicks_on("ann", &message, "action done CA-1").await {
                forms.push(form);
            }
        }
        assert_eq!(forms.len(), 2, "both clicks open the form");
        for form in &forms {
            stage.submits("ann", &form.command, &[("evidence", "Seen")]).await;
        }
        let done = |kind: &str| kind == "action-done";
        let history = stage.history("CA-1").await;
        assert_eq!(history.iter().filter(|past| done(&past.kind)).count(), 1);
        // The same act, delivered twice, at once.
        let submit = Act::Submitted {
            command: "action done CA-2".into(),
            values: vec![("evidence".into(), "Seen".into())],
        };
        let act = stage.inbound("ann", submit);
        let (first, second) = tokio::join!(stage.app.handle(act.clone()), stage.app.handle(act));
        assert!([first, second].contains(&Reply::Nothing));
        let history = stage.history("CA-2").await;
        assert_eq!(history.iter().filter(|past| done(&past.kind)).count(), 1);
    }

    async fn nobody_is_told_of_their_own_act(db: TestDatabase) {
        let stage = Stage::new(&db, MONDAY).await;
        stage.person("mia", Manager, "Europe/Berlin").await;
        stage.person("ann", Member, "Europe/Berlin").await;
        for words in [
            "action new Patch owner:me", "action assign CA-1 me",
            "kpi new clicks Clicks unit:% direction:lower target:5 frequency:weekly measurer:@mia analyst:@mia",
            "kpi record clicks 9 period:2026-W46", "review schedule 2026-12-10",
            "audit plan 2026", "audit assign AUD-2026-11 me", "review sign MR-2026-Q4 fine",
            "action new Shred owner:ann", "handover @ann me", "away until:friday deputy:@ann", "back",
        ] {
            stage.says("mia", words).await;
            stage.work().await;
        }
        let told: Vec<_> = stage.desk.to("mia").iter().map(Card::plain).collect();
        assert!(told.is_empty(), "{told:#?}");
    }

    async fn the_zone_is_named_where_the_reader_lives_by_another_clock(db: TestDatabase) {
        let stage = Stage::new(&db, MONDAY).await;
        stage.person("mia", Manager, "Europe/Berlin").await;
        stage.work().await;
        stage.says("mia", "audit plan 2026").await;
        stage.says("mia", "kpi new clicks Clicks unit:% direction:lower target:5 frequency:weekly measurer:@mia").await;
        stage.says("mia", "action new Shred owner:mia due:2026-11-24 severity:opportunity").await;
        stage.move_to("2026-11-24T20:00:00+01:00").await;
        let own = stage.desk.last_to("mia").card.plain();
        assert!(own.contains("needs you") && !own.contains("Days and times"), "{own}");
        // Vienna has the same clock; New York has not.
        stage.person("vic", Member, "Europe/Vienna").await;
        stage.move_to("2026-11-30T12:00:00+01:00").await;
        let digest = stage.desk.titled("isms", "KPI digest");
        assert!(!digest[0].contains("Days and times"), "{}", digest[0]);
        stage.person("ned", Member, "America/New_York").await;
        stage.work().await;
        stage.says("mia", "action new Patch owner:ned due:2026-12-02 severity:opportunity").await;
        stage.move_to("2026-12-07T20:00:00+01:00").await;
        let theirs = stage.desk.last_to("ned").card.plain();
        assert!(theirs.contains("due today") && theirs.contains("Days and times are those of America/New_York."), "{theirs}");
        for (title, of) in [("Audit of December", "isms"), ("KPI digest", "isms"), ("No management review", "isms")] {
            let last = stage.desk.titled(of, title).pop().unwrap_or_default();
            assert!(last.contains("Days and times are those of Europe/Berlin."), "{title}: {last}");
        }
        for words in ["mine", "home", "audit list", "review list", "action list"] {
            let reply = said(&stage.says("ned", words).await);
            assert!(reply.contains("Days and times are those of America/New_York."), "{words}: {reply}");
            assert!(!said(&stage.says("mia", words).await).contains("Days and times"), "{words}");
        }
    }

    async fn a_newcomer_is_greeted_with_one_line_and_three_things_to_do(db: TestDatabase) {
        let stage = Stage::new(&db, MONDAY).await;
        let hello = stage.inbound("new", Act::Typed(String::new()));
        let card = stage.app.greeting(&hello).await.unwrap();
        assert_eq!(card.all_buttons().count(), 3);
        for button in card.all_buttons() {
            let reply = stage.clicks("new", &button.command).await;
            assert!(matches!(reply, Reply::Card(_)), "{}", button.command);
        }
    }

    async fn home_tells_where_one_stands(db: TestDatabase) {
        let stage = reminded(&db).await;
        stage.says("mia", "audit plan 2026").await;
        stage.says("mia", "review schedule 2026-12-10").await;
        stage.says("ann", "snooze CA-2 until:friday reason:\"Waiting\"").await;
        let home = said(&stage.says("ann", "home").await);
        for words in [
            "CA-1 Patch the VPN · due today", "[Done] /isms action done CA-1",
            "Snoozed: CA-2 until Fri 27 Nov 2026", "Next audit: AUD-2026-11", "Next review: MR-2026-Q4",
        ] {
            assert!(home.contains(words), "{words}: {home}");
        }
    }
}
