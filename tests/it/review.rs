//! Stories of management reviews and their inputs.

use isms_bot::people::Role::{Leader, Manager, Member};

use crate::harness::stage::Stage;
use crate::on_both_databases;

/// The reminders among what a person was sent.
fn reminders(stage: &Stage, who: &str) -> Vec<String> {
    let cards = stage.desk.to(who).into_iter();
    let cards = cards.filter(|card| card.title.as_ref().is_some_and(|t| t.contains("need")));
    cards.map(|card| card.plain()).collect()
}

on_both_databases! {
    async fn a_review_has_seven_inputs_two_of_them_from_the_records(db: TestDatabase) {
        let stage = Stage::new(&db, "2026-11-23T09:00:00+01:00").await;
        stage.person("mia", Manager, "Europe/Berlin").await;
        let made = stage.says("mia", "review schedule 2026-12-15").await.card().unwrap().plain();
        assert!(made.contains("MR-2026-Q4 is scheduled"), "{made}");
        let second = stage.says("mia", "review schedule 2026-12-20").await.card().unwrap().plain();
        assert!(second.contains("MR-2026-Q4-2 is scheduled"), "{second}");
        stage.says("mia", "action new Patch the VPN owner:me due:2026-12-01").await;
        let shown = stage.says("mia", "review show MR-2026-Q4").await.card().unwrap().plain();
        assert!(shown.contains("5 of 7 inputs are missing."), "{shown}");
        assert!(shown.contains("Actions: 1 open, none overdue"), "{shown}");
        assert!(shown.contains("No action has come from a review yet."), "{shown}");
        let listed = stage.says("mia", "review list").await.card().unwrap().plain();
        assert!(listed.contains("2 of 7"), "{listed}");
    }

    async fn an_owner_is_asked_answers_and_may_answer_again(db: TestDatabase) {
        let stage = Stage::new(&db, "2026-11-23T09:00:00+01:00").await;
        stage.person("mia", Manager, "Europe/Berlin").await;
        stage.person("ann", Member, "Europe/Berlin").await;
        stage.says("mia", "review schedule 2026-12-15").await;
        stage.says("mia", "review assign MR-2026-Q4 f ann").await;
        stage.work().await;
        let asked = stage.desk.to("ann");
        assert_eq!(asked.len(), 1);
        let asked = asked[0].plain();
        assert!(asked.contains("[Answer] /isms review input MR-2026-Q4 f"), "{asked}");
        assert!(asked.contains("[Nothing to report] /isms review input MR-2026-Q4 f --nothing"));
        let given = stage.clicks("ann", "review input MR-2026-Q4 f --nothing").await;
        assert!(given.card().unwrap().plain().contains("is in for MR-2026-Q4"), "{given:?}");
        let answer = [("answer", "Two new risks, both treated.")];
        stage.submits("ann", "review input MR-2026-Q4 f", &answer).await;
        let shown = stage.says("mia", "review show MR-2026-Q4").await.card().unwrap().plain();
        assert!(shown.contains("Two new risks, both treated."), "{shown}");
        assert!(!shown.contains("Nothing to report"), "{shown}");
        // In words, as in the help.
        stage.says("ann", "review input MR-2026-Q4 f nothing").await;
        let shown = stage.says("mia", "review show MR-2026-Q4").await.card().unwrap().plain();
        assert!(shown.contains("Nothing to report"), "{shown}");
    }

    async fn the_answer_button_opens_a_form_with_what_was_said_before(db: TestDatabase) {
        let stage = Stage::new(&db, "2026-11-23T09:00:00+01:00").await;
        stage.person("mia", Manager, "Europe/Berlin").await;
        stage.says("mia", "review schedule 2026-12-15").await;
        let isms_bot::chat::Reply::Form(form) = stage.clicks("mia", "review input MR-2026-Q4 b").await else {
            panic!("a form");
        };
        assert_eq!(form.field("answer").unwrap().value, None);
        assert!(!form.has_errors());
        stage.submits("mia", &form.command, &[("answer", "A new data centre.")]).await;
        let isms_bot::chat::Reply::Form(form) = stage.clicks("mia", "review input MR-2026-Q4 b").await else {
            panic!("a form");
        };
        assert_eq!(form.field("answer").unwrap().value.as_deref(), Some("A new data centre."));
    }

    async fn inputs_freeze_when_the_meeting_starts(db: TestDatabase) {
        let stage = Stage::new(&db, "2026-12-15T09:00:00+01:00").await;
        stage.person("mia", Manager, "Europe/Berlin").await;
        stage.person("lea", Leader, "Europe/Berlin").await;
        stage.says("mia", "review schedule 2026-12-15").await;
        stage.says("mia", "review input MR-2026-Q4 b A new data centre").await;
        let early = format!("{:?}", stage.says("lea", "review sign MR-2026-Q4").await);
        assert!(early.contains("has not been started"), "{early}");
        let started = stage.says("mia", "review start MR-2026-Q4").await.card().unwrap().plain();
        assert!(started.contains("4 of 7 inputs are missing."), "{started}");
        // What happens now is for the next review.
        stage.says("mia", "action new Patch the VPN owner:me due:2026-12-20").await;
        let late = format!("{:?}", stage.says("mia", "review input MR-2026-Q4 c --nothing").await);
        assert!(late.contains("are frozen"), "{late}");
        let shown = stage.says("mia", "review show MR-2026-Q4").await.card().unwrap().plain();
        assert!(shown.contains("Actions: 0 open"), "{shown}");
        let again = stage.says("mia", "review start MR-2026-Q4").await.card().unwrap().plain();
        assert!(again.contains("is started already"), "{again}");
    }

    async fn somebody_elses_input_is_refused(db: TestDatabase) {
        let stage = Stage::new(&db, "2026-11-23T09:00:00+01:00").await;
        stage.person("mia", Manager, "Europe/Berlin").await;
        stage.person("ann", Member, "Europe/Berlin").await;
        stage.says("mia", "review schedule 2026-12-15").await;
        let refused = format!("{:?}", stage.says("ann", "review input MR-2026-Q4 f --nothing").await);
        assert!(refused.contains("is for mia to give"), "{refused}");
    }

    async fn inputs_are_chased_21_14_7_and_2_days_before_and_on_the_day(db: TestDatabase) {
        let stage = Stage::new(&db, "2026-11-20T09:00:00+01:00").await;
        stage.person("mia", Manager, "Europe/Berlin").await;
        stage.person("ann", Member, "Europe/Berlin").await;
        // A Thursday: each rung is a working day.
        stage.says("mia", "review schedule 2026-12-17").await;
        for item in ["e", "f"] {
            stage.says("mia", &format!("review assign MR-2026-Q4 {item} ann")).await;
        }
        stage.move_to("2026-12-10T12:00:00+01:00").await;
        let chased = reminders(&stage, "ann");
        assert_eq!(chased.len(), 3, "{chased:#?}");
        assert!(chased[0].contains("in 21 days") && chased[2].contains("in 7 days"), "{chased:#?}");
        assert!(chased[0].contains("(e) Feedback") && chased[0].contains("(f) Risk"), "{chased:#?}");
        stage.says("ann", "review input MR-2026-Q4 e --nothing").await;
        stage.move_to("2026-12-18T12:00:00+01:00").await;
        let chased = reminders(&stage, "ann");
        assert_eq!(chased.len(), 5, "{chased:#?}");
        assert!(!chased[3].contains("(e)") && chased[3].contains("(f)"), "{chased:#?}");
        assert!(chased[4].contains("due today"), "{chased:#?}");
    }

    async fn a_quarter_without_a_review_is_told_in_its_last_month(db: TestDatabase) {
        let stage = Stage::new(&db, "2026-10-20T09:00:00+02:00").await;
        stage.person("mia", Manager, "Europe/Berlin").await;
        stage.move_to("2026-12-01T10:00:00+01:00").await;
        assert_eq!(stage.desk.titled("isms", "No management review in 2026-Q4 yet").len(), 1);
    }
}
