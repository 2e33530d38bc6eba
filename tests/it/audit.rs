//! Stories of the audit programme.

use isms_bot::people::Role::{Auditor, Manager, Member};

use crate::harness::stage::Stage;
use crate::on_both_databases;

on_both_databases! {
    async fn a_year_is_planned_once_listed_and_shown(db: TestDatabase) {
        let stage = Stage::new(&db, "2026-11-23T09:00:00+01:00").await;
        stage.person("mia", Manager, "Europe/Berlin").await;
        let planned = stage.says("mia", "audit plan 2027").await.card().unwrap().plain();
        assert!(planned.contains("AUD-2027-01") && planned.contains("AUD-2027-12"), "{planned}");
        assert!(planned.contains("0 of 121 clauses and controls, 0 of 12 audits finished"));
        let again = stage.says("mia", "audit plan 2027").await;
        let again = format!("{again:?}");
        assert!(again.contains("2027 has its audit programme already"), "{again}");
        let listed = stage.says("mia", "audit list 2027").await.card().unwrap().plain();
        assert!(listed.contains("Support and people"));
        let shown = stage.says("mia", "audit show AUD-2027-03").await.card().unwrap().plain();
        assert!(shown.contains("March 2027") && shown.contains("A.6.1 Screening"), "{shown}");
    }

    async fn a_year_without_a_programme_says_how_to_get_one(db: TestDatabase) {
        let stage = Stage::new(&db, "2026-11-23T09:00:00+01:00").await;
        stage.person("mia", Manager, "Europe/Berlin").await;
        let list = stage.says("mia", "audit list").await.card().unwrap().plain();
        assert!(list.contains("/isms audit plan 2026"), "{list}");
        let show = format!("{:?}", stage.says("mia", "audit show AUD-2027-03").await);
        assert!(show.contains("There is no AUD-2027-03 here"), "{show}");
        let past = format!("{:?}", stage.says("mia", "audit plan 2025").await);
        assert!(past.contains("2025 is over"), "{past}");
    }

    async fn a_new_auditor_is_told_and_the_assignment_is_kept(db: TestDatabase) {
        let stage = Stage::new(&db, "2026-11-23T09:00:00+01:00").await;
        stage.person("mia", Manager, "Europe/Berlin").await;
        stage.person("ann", Auditor, "Europe/Berlin").await;
        stage.says("mia", "audit plan 2027").await;
        stage.says("mia", "audit assign AUD-2027-03 ann").await;
        stage.work().await;
        let told = stage.desk.to("ann");
        assert_eq!(told.len(), 1);
        assert!(told[0].plain().contains("You audit AUD-2027-03 Support and people"));
        // Nobody is told of their own act.
        stage.says("mia", "audit assign AUD-2027-04 me").await;
        stage.work().await;
        assert!(stage.desk.to("mia").is_empty());
        let shown = stage.says("ann", "audit show AUD-2027-03").await.card().unwrap().plain();
        assert!(shown.contains("Auditor: @ann"), "{shown}");
    }

    async fn a_member_may_not_plan_and_is_told_who_can(db: TestDatabase) {
        let stage = Stage::new(&db, "2026-11-23T09:00:00+01:00").await;
        stage.person("max", Member, "Europe/Berlin").await;
        let refused = stage.says("max", "audit plan 2027").await.card().unwrap().plain();
        assert!(refused.contains("manager"), "{refused}");
    }

    async fn the_first_working_day_of_a_month_names_scope_and_auditor(db: TestDatabase) {
        let stage = Stage::new(&db, "2027-07-20T09:00:00+02:00").await;
        stage.person("mia", Manager, "Europe/Berlin").await;
        stage.person("ann", Auditor, "Europe/Berlin").await;
        stage.says("mia", "audit plan 2027").await;
        stage.says("mia", "audit assign AUD-2027-08 ann").await;
        // 1 August 2027 is a Sunday.
        stage.move_to("2027-08-02T08:59:00+02:00").await;
        assert!(stage.desk.titled("isms", "Audit of").is_empty());
        stage.move_to("2027-08-02T09:00:00+02:00").await;
        let said = stage.desk.titled("isms", "Audit of");
        assert_eq!(said.len(), 1);
        let said = &said[0];
        assert!(said.contains("Audit of August 2027: Incidents and monitoring"), "{said}");
        assert!(said.contains("Auditor: @ann") && said.contains("A.8.15 Logging"), "{said}");
        assert!(!said.contains("Late"));
    }

    async fn an_audit_is_started_and_finished_by_its_auditor_and_counts_as_covered(db: TestDatabase) {
        let stage = Stage::new(&db, "2027-03-02T09:00:00+01:00").await;
        stage.person("mia", Manager, "Europe/Berlin").await;
        stage.person("ann", Auditor, "Europe/Berlin").await;
        stage.person("bob", Auditor, "Europe/Berlin").await;
        stage.says("mia", "audit plan 2027").await;
        let refused = format!("{:?}", stage.says("ann", "audit start AUD-2027-03").await);
        assert!(refused.contains("no auditor yet"), "{refused}");
        stage.says("mia", "audit assign AUD-2027-03 ann").await;
        let refused = format!("{:?}", stage.says("bob", "audit start AUD-2027-03").await);
        assert!(refused.contains("somebody else's audit"), "{refused}");
        let refused = format!("{:?}", stage.says("ann", "audit finish AUD-2027-03 Conforms").await);
        assert!(refused.contains("has not been started"), "{refused}");
        stage.says("ann", "audit start AUD-2027-03").await;
        stage.all_conforms("AUD-2027-03", "ann").await;
        let done = stage.says("ann", "audit finish AUD-2027-03 Conforms in all samples").await;
        let done = done.card().unwrap().plain();
        assert!(done.contains("State: finished on Tue 2 Mar 2027"), "{done}");
        assert!(done.contains("Conclusion: Conforms in all samples"), "{done}");
        let again = format!("{:?}", stage.says("ann", "audit start AUD-2027-03").await);
        assert!(again.contains("AUD-2027-03 is finished"), "{again}");
        let listed = stage.says("mia", "audit list").await.card().unwrap().plain();
        assert!(listed.contains("11 of 121 clauses and controls, 1 of 12 audits finished"), "{listed}");
        let kinds: Vec<_> = stage.history("AUD-2027-03").await.into_iter().map(|e| e.kind).collect();
        assert_eq!(kinds, ["audit-assigned", "audit-started", "audit-finished"]);
    }

    async fn after_downtime_the_month_is_named_once_and_late(db: TestDatabase) {
        let stage = Stage::new(&db, "2027-06-20T09:00:00+02:00").await;
        stage.person("mia", Manager, "Europe/Berlin").await;
        stage.says("mia", "audit plan 2027").await;
        stage.work().await;
        stage.sleep_until("2027-08-10T14:00:00+02:00").await;
        stage.work().await;
        let said = stage.desk.titled("isms", "Audit of");
        assert_eq!(said.len(), 1);
        let said = &said[0];
        assert!(said.contains("Audit of August 2027"), "{said}");
        assert!(said.contains("Late: this was due on Mon 2 Aug 2027 at 09:00"), "{said}");
    }
}
