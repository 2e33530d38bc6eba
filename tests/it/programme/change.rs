//! A planned audit is changed with a reason, and what was approved is to be approved anew.

use super::*;

on_both_databases! {
    async fn an_approved_year_is_changed_with_a_reason_and_approved_anew(db: TestDatabase) {
        let stage = company(&db).await;
        says(&stage, "mia", "audit plan 2027").await;
        says(&stage, "mia", "audit assign AUD-2027-03 ann").await;
        says(&stage, "lea", "audit approve 2027").await;
        stage.work().await;
        let form = stage.says("mia", "audit change AUD-2027-03 add:A.8.9").await;
        assert!(matches!(&form, Reply::Form(form) if form.field("reason").is_some()), "a reason is needed: {form:?}");
        let changed = says(&stage, "mia", "audit change AUD-2027-03 add:A.8.9,A.8.32 remove:A.6.4 The data centre opens in spring").await;
        for expected in ["Put in: A.8.9, A.8.32.", "Out of AUD-2027-09: A.8.9, A.8.32.", "Taken out, and not audited in 2027: A.6.4.", "is to be approved anew"] {
            assert!(changed.contains(expected), "{changed}");
        }
        let shown = says(&stage, "ann", "audit show AUD-2027-03").await;
        assert!(shown.contains("A.8.9 Configuration management") && !shown.contains("A.6.4 D"), "{shown}");
        let why = says(&stage, "ann", "audit list 2027 why").await;
        assert!(why.contains("Taken out: The data centre opens in spring: A.6.4"), "{why}");
        stage.work().await;
        let asked = stage.desk.last_to("lea");
        assert!(asked.card.plain().contains("changed since: AUD-2027-03: The data centre opens in spring"), "{}", asked.card.plain());
        // A second change adds to what is asked already.
        let count = stage.desk.to("lea").len();
        says(&stage, "mia", "audit change AUD-2027-05 topic:\"Who may what\" More to the point").await;
        stage.work().await;
        assert_eq!(stage.desk.to("lea").len(), count, "edited, not posted anew");
        let approve = stage.desk.last_to("lea").card.all_buttons().next().unwrap().command.clone();
        let approved = said(&stage.clicks_on("lea", &stage.desk.last_to("lea"), &approve).await);
        assert!(approved.contains("is approved"), "{approved}");
        stage.work().await;
        assert_eq!(titled(&stage, "ann", "Audit programme 2027 is approved").len(), 2, "told again, as it is now");
        assert_eq!(
            kinds(&stage, "AP-2027").await,
            ["audit-programme-planned", "audit-programme-approved", "audit-programme-changed", "audit-programme-changed", "audit-programme-approved"]
        );
    }

    async fn an_audit_that_is_moved_is_called_by_its_month_and_takes_its_auditor_along(db: TestDatabase) {
        let stage = company(&db).await;
        says(&stage, "mia", "audit plan 2027").await;
        says(&stage, "mia", "audit assign AUD-2027-03 ann").await;
        stage.work().await;
        assert!(stage.desk.last_to("ann").card.plain().contains("You audit AUD-2027-03"));
        let moved = says(&stage, "mia", "audit change AUD-2027-03 month:4 Ann is away in March").await;
        assert!(moved.contains("It is in April 2027 now, and was AUD-2027-03."), "{moved}");
        let shown = says(&stage, "ann", "audit show AUD-2027-04-2").await;
        assert!(shown.contains("Support and people") && shown.contains("Auditor: @ann"), "{shown}");
        let gone = said(&stage.says("ann", "audit show AUD-2027-03").await);
        assert!(gone.contains("There is no AUD-2027-03 here"), "{gone}");
        stage.work().await;
        assert_eq!(stage.desk.last_to("ann").card.plain(), "Nothing here waits for you any more.");
        assert_eq!(kinds(&stage, "AUD-2027-03").await, ["audit-assigned", "audit-moved"]);
        assert_eq!(kinds(&stage, "AUD-2027-04-2").await, ["audit-changed"]);
        let same = says(&stage, "mia", "audit change AUD-2027-04-2 month:3 Ann is back").await;
        assert!(same.contains("AUD-2027-03 · Support and people"), "{same}");
    }

    async fn what_cannot_be_changed_says_what_would_be_right(db: TestDatabase) {
        let stage = company(&db).await;
        says(&stage, "mia", "audit plan 2027").await;
        says(&stage, "mia", "audit scope-set A.8.30 applies:no reason:\"All is built here\"").await;
        for (words, expected) in [
            ("audit change AUD-2027-03 Because", "Say what changes: add:, remove:, month: or topic:."),
            ("audit change AUD-2027-03 add:A.8.30 Because", "A.8.30 does not apply: All is built here."),
            ("audit change AUD-2027-03 add:7.1 Because", "AUD-2027-03 has all of that already."),
            ("audit change AUD-2027-03 add:9.7 Because", "The standard has no 9.7."),
            ("audit change AUD-2027-03 remove:A.8 Because", "AUD-2027-03 has nothing of that: 7.1, 7.2"),
            ("audit change AUD-2027-03 remove:7,A.6 Because", "Nothing would be left in AUD-2027-03."),
            ("audit change AUD-2027-03 month:3 Because", "is in March 2027 already"),
            ("audit change AUD-2027-03 month:13 Because", "Give a number from 1 to 12."),
            ("audit change AUD-2028-03 month:4 Because", "There is no AUD-2028-03 here."),
        ] {
            let refused = said(&stage.says("mia", words).await);
            assert!(refused.contains(expected), "{words}: {refused}");
        }
        stage.move_to("2027-03-02T09:00:00+01:00").await;
        let past = said(&stage.says("mia", "audit change AUD-2027-03 month:2 Because").await);
        assert!(past.contains("February 2027 is over"), "{past}");
        says(&stage, "mia", "audit assign AUD-2027-03 ann").await;
        says(&stage, "ann", "audit start AUD-2027-03").await;
        let late = said(&stage.says("mia", "audit change AUD-2027-03 add:A.8.9 Because").await);
        assert!(late.contains("has been started, so it stays as it was planned"), "{late}");
    }
}
