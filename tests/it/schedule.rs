//! Time passes: reminders at the right local hour, a digest after a missed Monday, one post however
//! many processes.

use isms_bot::chat::{Card, Reply};
use isms_bot::people::Role::{Manager, Member};
use isms_bot::schedule;

use crate::harness::stage::Stage;
use crate::on_both_databases;

/// When a person's reminders were sent, in their zone, with what they said.
fn reminded(cards: &[Card]) -> Vec<String> {
    cards
        .iter()
        .filter(|card| {
            card.title
                .as_ref()
                .is_some_and(|title| title.contains("need"))
        })
        .map(Card::plain)
        .collect()
}

on_both_databases! {
    async fn an_owner_is_reminded_at_nine_in_their_own_zone_across_a_clock_change(db: TestDatabase) {
        // Clocks go back in New York on Sunday 1 November 2026, in Berlin a week before.
        let stage = Stage::new(&db, "2026-10-22T12:00:00Z").await;
        stage.person("mia", Manager, "Europe/Berlin").await;
        stage.person("ned", Member, "America/New_York").await;
        stage.says("mia", "action new Patch the VPN owner:ned due:2026-11-02 severity:opportunity").await;
        stage.move_to("2026-10-26T12:59:00Z").await;
        assert!(reminded(&stage.desk.to("ned")).is_empty());
        // A week before, at 09:00 in New York (UTC−4), on Monday as the rung is one.
        stage.move_to("2026-10-26T13:00:00Z").await;
        let first = reminded(&stage.desk.to("ned"));
        assert_eq!(first.len(), 1);
        assert!(first[0].contains("CA-1 Patch the VPN · due Mon 2 Nov 2026, in 7 days"), "{}", first[0]);
        assert!(first[0].contains("[Done] /isms action done CA-1"));
        assert!(first[0].contains("[Snooze] /isms snooze CA-1"));
        // The day before is a Sunday, so it joins the due date: 09:00 there is now 14:00 UTC.
        stage.move_to("2026-11-02T13:59:00Z").await;
        assert_eq!(reminded(&stage.desk.to("ned")).len(), 1);
        stage.move_to("2026-11-02T14:00:00Z").await;
        let second = reminded(&stage.desk.to("ned"));
        assert_eq!(second.len(), 2);
        assert!(second[1].contains("due today"));
        assert!(!second[1].contains("Late"));
    }

    async fn reminders_go_on_across_the_new_year(db: TestDatabase) {
        let stage = Stage::new(&db, "2026-12-20T12:00:00Z").await;
        stage.person("mia", Manager, "Europe/Berlin").await;
        stage.person("tui", Member, "Pacific/Auckland").await;
        stage.says("mia", "action new Renew the certificate owner:tui due:2027-01-01 severity:opportunity").await;
        stage.move_to("2027-01-09T12:00:00Z").await;
        let said: Vec<_> = reminded(&stage.desk.to("tui"));
        let due = |text: &str| said.iter().filter(|card| card.contains(text)).count();
        // −7 is Friday 25 December, −1 and 0 are the days around the new year, then weekly.
        assert_eq!(said.len(), 4, "{said:#?}");
        for when in ["in 7 days", "tomorrow", "due today", "7 days ago"] {
            assert_eq!(due(when), 1, "{when}: {said:#?}");
        }
    }

    async fn nobody_is_reminded_on_a_day_off(db: TestDatabase) {
        // Saturday and Sunday, with something overdue by exactly a week on the Saturday.
        let stage = Stage::new(&db, "2026-11-20T12:00:00Z").await;
        stage.person("mia", Manager, "Europe/Berlin").await;
        stage.person("ann", Member, "Europe/Berlin").await;
        stage.says("mia", "action new Shred the disks owner:ann due:2026-11-21 severity:opportunity").await;
        stage.move_to("2026-11-23T07:59:00Z").await;
        assert!(reminded(&stage.desk.to("ann")).is_empty());
        stage.move_to("2026-11-23T08:00:00Z").await;
        assert_eq!(reminded(&stage.desk.to("ann")).len(), 1);
    }

    async fn what_is_done_before_the_message_goes_out_is_not_in_it(db: TestDatabase) {
        let stage = Stage::new(&db, "2026-11-23T12:00:00Z").await;
        stage.person("mia", Manager, "Europe/Berlin").await;
        stage.person("ann", Member, "Europe/Berlin").await;
        for title in ["One", "Two"] {
            stage.says("mia", &format!("action new {title} owner:ann due:2026-11-24 severity:opportunity")).await;
        }
        stage.work().await;
        stage.app.clock.move_to("2026-11-24T08:00:00Z".parse().unwrap());
        schedule::flow::run_due(&stage.app).await.unwrap();
        stage.says("ann", "action done CA-1 Seen and signed").await;
        stage.work().await;
        let said = reminded(&stage.desk.to("ann"));
        assert_eq!(said.len(), 1);
        assert!(said[0].contains("CA-2") && !said[0].contains("CA-1"), "{}", said[0]);
    }

    async fn a_snooze_holds_until_its_day_and_keeps_its_reason(db: TestDatabase) {
        let stage = Stage::new(&db, "2026-11-23T07:00:00Z").await;
        stage.person("mia", Manager, "Europe/Berlin").await;
        stage.person("ann", Member, "Europe/Berlin").await;
        stage.says("mia", "action new Shred the disks owner:ann due:2026-11-25 severity:opportunity").await;
        let reply = stage.says("ann", "snooze CA-1 until:friday reason:\"Waiting for the shredder\"").await;
        let said = reply.card().unwrap().plain();
        assert!(said.contains("not reminded of CA-1 before Fri 27 Nov 2026"), "{said}");
        stage.move_to("2026-11-27T07:59:00Z").await;
        assert!(reminded(&stage.desk.to("ann")).is_empty());
        stage.move_to("2026-11-27T08:00:00Z").await;
        assert_eq!(reminded(&stage.desk.to("ann")).len(), 1);
        let history = stage.says("ann", "action show CA-1").await.card().unwrap().plain();
        assert!(history.contains("Waiting for the shredder"), "{history}");
    }

    async fn the_snooze_button_opens_a_form_that_keeps_what_was_typed(db: TestDatabase) {
        let stage = Stage::new(&db, "2026-11-23T07:00:00Z").await;
        stage.person("mia", Manager, "Europe/Berlin").await;
        stage.says("mia", "action new Shred the disks owner:me due:2026-11-25 severity:opportunity").await;
        let Reply::Form(form) = stage.clicks("mia", "snooze CA-1").await else {
            panic!("a form");
        };
        assert!(!form.has_errors());
        let filled = [("until", "2026-11-23"), ("reason", "Waiting for the shredder")];
        let Reply::Form(again) = stage.submits("mia", &form.command, &filled).await else {
            panic!("the form again");
        };
        assert!(again.field("until").unwrap().error.as_ref().unwrap().contains("later day"));
        assert_eq!(again.field("reason").unwrap().value.as_deref(), Some("Waiting for the shredder"));
        let filled = [("until", "2026-11-30"), ("reason", "Waiting for the shredder")];
        let receipt = stage.submits("mia", &form.command, &filled).await;
        assert!(receipt.card().unwrap().plain().contains("before Mon 30 Nov 2026"), "{receipt:?}");
    }

    async fn an_action_without_an_owner_is_the_managers_to_assign(db: TestDatabase) {
        let stage = Stage::new(&db, "2026-11-23T07:00:00Z").await;
        stage.person("mia", Manager, "Europe/Berlin").await;
        stage.person("ann", Member, "Europe/Berlin").await;
        stage.says("ann", "action new Shred the disks due:2026-11-25 severity:opportunity").await;
        let mine = stage.says("mia", "mine").await.card().unwrap().plain();
        assert!(mine.contains("[Assign] /isms action assign CA-1"), "{mine}");
        assert!(stage.says("ann", "mine").await.card().unwrap().plain().contains("Nothing waits for you"));
    }

    async fn only_what_one_owes_can_be_snoozed(db: TestDatabase) {
        let stage = Stage::new(&db, "2026-11-23T07:00:00Z").await;
        stage.person("mia", Manager, "Europe/Berlin").await;
        stage.person("ann", Member, "Europe/Berlin").await;
        stage.says("mia", "action new Shred the disks due:2026-11-25 severity:opportunity").await;
        let reply = stage.says("ann", "snooze CA-1 until:friday reason:\"Not mine\"").await;
        assert!(format!("{reply:?}").contains("Nothing of CA-1 waits for you"), "{reply:?}");
    }

    async fn mine_lists_all_that_one_owes_asked_today_or_not(db: TestDatabase) {
        let stage = Stage::new(&db, "2026-11-23T07:00:00Z").await;
        stage.person("mia", Manager, "Europe/Berlin").await;
        stage.person("ann", Member, "Europe/Berlin").await;
        assert!(stage.says("ann", "mine").await.card().unwrap().plain().contains("Nothing waits for you"));
        stage.says("mia", "action new Shred the disks owner:ann due:2027-03-01 severity:opportunity").await;
        let mine = stage.says("ann", "mine").await.card().unwrap().plain();
        assert!(mine.contains("CA-1 Shred the disks · due Mon 1 Mar 2027"), "{mine}");
    }

    async fn after_two_missed_mondays_the_digest_is_posted_once_and_says_it_is_late(db: TestDatabase) {
        let stage = Stage::new(&db, "2026-11-23T08:00:00Z").await;
        stage.person("mia", Manager, "Europe/Berlin").await;
        stage.says("mia", "action new Patch the VPN owner:me due:2026-11-24 severity:opportunity").await;
        stage.move_to("2026-11-30T08:00:00Z").await;
        let on_time = stage.desk.titled("isms", "digest");
        assert_eq!(on_time.len(), 1);
        assert!(!on_time[0].contains("Late"), "{}", on_time[0]);
        // Off over Monday 7 and 14 December, back on Tuesday.
        stage.sleep_until("2026-12-15T10:00:00Z").await;
        stage.work().await;
        stage.move_to("2026-12-15T20:00:00Z").await;
        let digests = stage.desk.titled("isms", "digest");
        assert_eq!(digests.len(), 2, "{digests:#?}");
        assert!(digests[1].to_lowercase().contains("late"), "{}", digests[1]);
        assert!(digests[1].contains("2026-12-14") || digests[1].contains("14 Dec"), "{}", digests[1]);
        let history = stage.history("digest").await;
        let missed: Vec<_> = history.iter().filter(|event| event.kind == "occurrences-missed").collect();
        assert_eq!(missed.len(), 1);
        assert_eq!(missed[0].data["first"], "2026-12-07T09:00:00");
        assert_eq!(missed[0].data["count"], 1);
    }

    async fn a_schedule_that_fails_does_not_keep_the_others_waiting(db: TestDatabase) {
        let stage = Stage::new(&db, "2026-11-30T12:00:00Z").await;
        stage.person("mia", Manager, "Europe/Berlin").await;
        stage.person("bob", Member, "Europe/Berlin").await;
        stage.says("mia", "audit plan 2026").await;
        stage.says("mia", "action new Patch the VPN owner:bob due:2026-12-01 severity:opportunity").await;
        stage.work().await;
        // What no version of the program writes: the month's audit cannot be read any more.
        db.tamper("UPDATE audit SET scope = '5'").await;
        stage.move_to("2026-12-01T08:00:00Z").await;
        assert_eq!(reminded(&stage.desk.to("bob")).len(), 1);
        assert!(stage.desk.titled("isms", "Audit of").is_empty());
        // Mended, it is made up for, once.
        db.tamper("UPDATE audit SET scope = '[\"10.1\"]'").await;
        stage.move_to("2026-12-01T12:00:00Z").await;
        let audits = stage.desk.titled("isms", "Audit of");
        assert_eq!(audits.len(), 1);
        assert!(audits[0].contains("Late"), "{}", audits[0]);
    }

    async fn two_schedulers_on_one_database_post_nothing_twice(db: TestDatabase) {
        let stage = Stage::new(&db, "2026-11-23T12:00:00Z").await;
        stage.person("mia", Manager, "Europe/Berlin").await;
        for number in 0..8 {
            let name = format!("p{number}");
            stage.person(&name, Member, "Europe/Berlin").await;
            stage.says("mia", &format!("action new Task owner:{name} due:2026-11-24 severity:opportunity")).await;
        }
        stage.says("mia", "audit plan 2026").await;
        // A second process: its own store on the same database, the same platform.
        let other = stage.beside(&db).await;
        stage.work().await;
        let before = stage.desk.all().len();
        // The first working day of December is far off; the next morning is not.
        stage.app.clock.move_to("2026-11-24T08:00:00Z".parse().unwrap());
        let both = || async {
            let (one, two) = tokio::join!(
                schedule::flow::run_due(&stage.app),
                schedule::flow::run_due(&other)
            );
            one.unwrap();
            two.unwrap();
        };
        both().await;
        both().await;
        stage.work().await;
        assert_eq!(stage.desk.all().len() - before, 8);
        stage.app.clock.move_to("2026-12-01T08:00:00Z".parse().unwrap());
        both().await;
        stage.work().await;
        assert_eq!(stage.desk.titled("isms", "Audit of").len(), 1);
    }
}
