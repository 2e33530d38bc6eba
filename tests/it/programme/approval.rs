//! Approval: asked for, chased, told further up, given once for what was shown, and asked for anew.

use super::*;

on_both_databases! {
    async fn approval_is_asked_for_chased_and_told_further_up(db: TestDatabase) {
        let stage = company(&db).await;
        says(&stage, "mia", "audit plan 2027").await;
        stage.work().await;
        assert_eq!(titled(&stage, "lea", "Approve the audit programme 2027").len(), 1);
        assert!(titled(&stage, "mia", "Approve").is_empty(), "nobody is told of their own act");
        let mine = says(&stage, "lea", "mine").await;
        assert!(mine.contains("AP-2027 Approve the audit programme 2027 · due Mon 30 Nov 2026"), "{mine}");
        // Asked again on the ladder's days, in the one grouped message of the day.
        stage.move_to("2026-11-26T12:00:00+01:00").await;
        assert_eq!(titled(&stage, "lea", "One thing needs you").len(), 1);
        stage.move_to("2026-11-30T12:00:00+01:00").await;
        assert_eq!(titled(&stage, "lea", "One thing needs you").len(), 2);
        stage.move_to("2026-12-13T12:00:00+01:00").await;
        assert!(titled(&stage, "mia", "needs you").is_empty());
        stage.move_to("2026-12-14T12:00:00+01:00").await;
        let told = titled(&stage, "mia", "One thing needs you").remove(0).plain();
        assert!(told.contains("Escalated to you") && told.contains("AP-2027"), "{told}");
        assert!(told.contains("[Show] /isms audit list AP-2027"), "{told}");
        let approved = says(&stage, "lea", "audit approve 2027").await;
        assert!(approved.contains("The audit programme 2027 is approved, by @lea on Mon 14 Dec 2026"), "{approved}");
        stage.work().await;
        assert!(titled(&stage, "lea", "needs you").is_empty(), "nothing is asked for any more");
        assert!(says(&stage, "lea", "mine").await.contains("Nothing waits for you"));
        let again = says(&stage, "lea", "audit approve 2027").await;
        assert!(again.contains("approved already, by lea"), "{again}");
        assert_eq!(
            kinds(&stage, "AP-2027").await,
            ["audit-programme-planned", "escalated", "audit-programme-approved"]
        );
        let approval = stage.history("AP-2027").await.pop().unwrap();
        assert_eq!(approval.data["fingerprint"].as_str().unwrap().len(), 64);
        assert_eq!(approval.data["plan"]["audits"].as_array().unwrap().len(), 12);
    }

    async fn whoever_plans_does_not_approve_while_there_is_a_leader(db: TestDatabase) {
        let stage = company(&db).await;
        let planned = says(&stage, "mia", "audit plan 2027").await;
        assert!(!planned.contains("[Approve]"), "{planned}");
        let refused = says(&stage, "mia", "audit approve 2027").await;
        assert!(refused.contains("does not approve them: lea does"), "{refused}");
        let listed = says(&stage, "lea", "audit list 2027").await;
        assert!(listed.contains("[Approve] /isms audit approve AP-2027 plan:"), "{listed}");
        let nothing = says(&stage, "lea", "audit approve 2029").await;
        assert!(nothing.contains("There is no audit programme for 2029"), "{nothing}");
    }

    async fn without_a_leader_the_managers_owe_to_name_one_and_may_approve_meanwhile(db: TestDatabase) {
        let stage = Stage::new(&db, MONDAY).await;
        for (name, role) in [("mia", Manager), ("max", Manager), ("ann", Auditor)] {
            stage.person(name, role, "Europe/Berlin").await;
        }
        let planned = says(&stage, "mia", "audit plan 2027").await;
        assert!(planned.contains("There is no leader here yet") && planned.contains("[Name a leader]"), "{planned}");
        stage.work().await;
        let asked = stage.desk.last_to("max");
        assert!(asked.card.plain().contains("There is no leader here yet"), "{}", asked.card.plain());
        let mine = says(&stage, "mia", "mine").await;
        assert!(mine.contains("Name a leader who approves the audit programme 2027"), "{mine}");
        // Somebody leads now: the managers are asked no more, and the old button is refused.
        says(&stage, "mia", "role grant ann leader").await;
        assert!(says(&stage, "mia", "mine").await.contains("Nothing waits for you"));
        assert!(says(&stage, "ann", "mine").await.contains("Approve the audit programme 2027"));
        let button = asked.card.all_buttons().find(|b| b.label == "Approve").unwrap().command.clone();
        let stale = said(&stage.clicks_on("max", &asked, &button).await);
        assert!(stale.contains("Things have moved on"), "{stale}");
        // They left again: a manager may.
        says(&stage, "mia", "role revoke ann \"Left the board\"").await;
        let approved = says(&stage, "max", "audit approve 2027").await;
        assert!(approved.contains("is approved, by @max"), "{approved}");
        let approval = stage.history("AP-2027").await.pop().unwrap();
        assert_eq!(approval.data["role"], "manager");
    }

    async fn while_the_leader_is_away_their_deputy_is_asked_and_may_approve(db: TestDatabase) {
        let stage = company(&db).await;
        says(&stage, "lea", "away until:2026-12-14 deputy:mia").await;
        says(&stage, "mia", "audit plan 2027").await;
        stage.work().await;
        assert!(titled(&stage, "lea", "Approve").is_empty());
        let asked = titled(&stage, "mia", "Approve the audit programme 2027").remove(0).plain();
        assert!(asked.contains("lea") && asked.contains("away"), "{asked}");
        let approved = says(&stage, "mia", "audit approve 2027").await;
        assert!(approved.contains("is approved, by @mia"), "{approved}");
    }

    async fn each_hears_of_an_approved_programme_what_concerns_them(db: TestDatabase) {
        let stage = company(&db).await;
        says(&stage, "mia", "area assign A.6 bob").await;
        says(&stage, "mia", "audit plan 2027").await;
        says(&stage, "mia", "audit assign AUD-2027-03 ann").await;
        says(&stage, "lea", "audit approve 2027").await;
        stage.work().await;
        let told = titled(&stage, "ann", "Audit programme 2027 is approved").remove(0).plain();
        assert!(told.contains("You audit\n• AUD-2027-03 Support and people, March 2027"), "{told}");
        let told = titled(&stage, "bob", "Audit programme 2027 is approved").remove(0).plain();
        assert!(told.contains("What you answer for is audited\n• AUD-2027-03 Support and people, March 2027: A.6.1, A.6.2"), "{told}");
        assert_eq!(titled(&stage, "mia", "Audit programme 2027 is approved").len(), 1, "who planned it");
        assert!(titled(&stage, "cai", "Audit programme").is_empty(), "nothing of it concerns Cai");
        assert!(titled(&stage, "lea", "Audit programme 2027 is approved").is_empty(), "it was Lea's own act");
    }

    async fn what_was_approved_is_changed_with_a_reason_and_approved_anew(db: TestDatabase) {
        let stage = company(&db).await;
        says(&stage, "mia", "audit plan 2027").await;
        // Before it is approved, it may be worded as one likes.
        says(&stage, "mia", "audit plan 2027 method:\"Interviews only\"").await;
        stage.work().await;
        let asked = stage.desk.last_to("lea");
        assert!(asked.card.plain().contains("Interviews only"), "{}", asked.card.plain());
        let old = asked.card.all_buttons().next().unwrap().command.clone();
        says(&stage, "lea", "audit approve 2027").await;
        let refused = said(&stage.says("mia", "audit plan 2027 method:Samples").await);
        assert!(refused.contains("Say why it is changed"), "{refused}");
        stage.move_to("2026-12-01T10:00:00+01:00").await;
        let changed = says(&stage, "mia", "audit plan 2027 method:Samples reason:\"The interviews took too long\"").await;
        assert!(changed.contains("Approved: to be given anew: The interviews took too long"), "{changed}");
        let shown = says(&stage, "ann", "audit show AUD-2027-03").await;
        assert!(shown.contains("changed after it was approved"), "{shown}");
        stage.work().await;
        let anew = stage.desk.last_to("lea");
        assert_ne!(anew.at, asked.at, "it is asked for again");
        let text = anew.card.plain();
        assert!(text.contains("It was approved on Mon 23 Nov 2026 and changed since: The interviews took too long"), "{text}");
        let mine = says(&stage, "lea", "mine").await;
        assert!(mine.contains("due Tue 8 Dec 2026"), "{mine}");
        // What was shown first is not what would be approved now.
        let stale = said(&stage.clicks("lea", &old).await);
        assert!(stale.contains("has changed since it was shown to you"), "{stale}");
        let now = anew.card.all_buttons().next().unwrap().command.clone();
        let approved = said(&stage.clicks_on("lea", &anew, &now).await);
        assert!(approved.contains("is approved, by @lea"), "{approved}");
        let again = says(&stage, "mia", "audit plan 2027").await;
        assert!(again.contains("has its audit programme already"), "{again}");
    }
}
