//! Who is responsible for which part of the standard.

use isms_bot::people::Role::{Manager, Member, Reader};

use crate::harness::stage::Stage;
use crate::on_both_databases;

async fn stage(db: &crate::harness::database::TestDatabase) -> Stage {
    let stage = Stage::new(db, "2026-11-23T09:00:00+01:00").await;
    stage.person("mia", Manager, "Europe/Berlin").await;
    stage.person("ann", Member, "Europe/Berlin").await;
    stage
}

on_both_databases! {
    async fn areas_are_listed_with_their_owners_and_what_nobody_owns(db: TestDatabase) {
        let stage = stage(&db).await;
        let none = stage.says("ann", "area list").await.card().unwrap().plain();
        assert!(none.contains("0 of 121 clauses and controls have an owner"), "{none}");
        assert_eq!(none.matches("nobody yet").count(), 11, "{none}");
        stage.says("mia", "area assign A.8 ann").await;
        stage.says("mia", "area assign A.8.8 me").await;
        let listed = stage.says("mia", "area list").await.card().unwrap().plain();
        let lines: Vec<&str> = listed.lines().collect();
        let group = lines.iter().position(|line| line.starts_with("A.8 ")).unwrap();
        assert!(lines[group].ends_with("ann"), "{listed}");
        assert!(lines[group + 1].starts_with("A.8.8") && lines[group + 1].ends_with("mia"), "{listed}");
        assert!(listed.contains("34 of 121 clauses and controls have an owner; nobody is responsible for the other 87 yet."), "{listed}");
        assert!(listed.contains("[Assign 4] /isms area assign 4"), "{listed}");
    }

    async fn a_new_owner_is_told_once_of_all_that_is_theirs(db: TestDatabase) {
        let stage = stage(&db).await;
        for area in ["7", "a5", "9.2"] {
            stage.says("mia", &format!("area assign {area} @ann")).await;
        }
        stage.says("mia", "area assign 10 me").await;
        stage.work().await;
        let letters = stage.desk.to("ann");
        assert_eq!(letters.len(), 1);
        let letter = letters[0].plain();
        for area in ["A.5 Organizational controls", "7 Support", "9.2"] {
            assert!(letter.contains(area), "{letter}");
        }
        assert!(stage.desk.to("mia").is_empty());
        let past = stage.history("area A.5").await;
        assert_eq!(past.len(), 1);
        assert_eq!(past[0].kind, "area-assigned");
        // It went to somebody else before the message did: there is nothing left to say.
        stage.says("mia", "area assign 4 ann").await;
        for area in ["4", "7", "A.5", "9.2"] {
            stage.says("mia", &format!("area assign {area} mia")).await;
        }
        stage.work().await;
        assert_eq!(stage.desk.to("ann").len(), 1);
    }

    async fn a_reader_is_responsible_for_nothing(db: TestDatabase) {
        let stage = stage(&db).await;
        stage.person("rio", Reader, "Europe/Berlin").await;
        stage.says("mia", "action new \"Patch the VPN\" due:friday").await;
        stage.says("mia", "audit plan 2026").await;
        stage.says("mia", "review schedule 2026-12-10").await;
        for words in [
            "area assign A.8 rio",
            "setup clauses clause-4:@rio",
            "setup kpis incidents:@rio",
            "action new \"Patch it\" owner:@rio due:friday",
            "action assign CA-1 @rio",
            "audit assign AUD-2026-12 @rio",
            "review assign MR-2026-Q4 f @rio",
            "kpi new clicks Clicks unit:% direction:lower target:5 frequency:weekly measurer:@rio",
        ] {
            let refused = format!("{:?}", stage.says("mia", words).await);
            assert!(refused.contains("rio is here as a reader and can change nothing"), "{words}: {refused}");
        }
        let listed = stage.says("mia", "area list").await.card().unwrap().plain();
        assert!(listed.contains("0 of 121"), "{listed}");
        assert!(!stage.says("mia", "kpi list").await.card().unwrap().plain().contains("incidents"));
    }

    async fn what_is_no_area_is_told(db: TestDatabase) {
        let stage = stage(&db).await;
        for (words, expected) in [
            ("area assign A.9 ann", "“A.9” is no area."),
            ("area assign 9.7 ann", "The standard has no 9.7."),
            ("area assign firewall ann", "“firewall” is no area."),
            ("area assign A.8", "This is needed."),
        ] {
            let said = format!("{:?}", stage.says("mia", words).await);
            let form = said.contains("Assign an area");
            assert!(said.contains(expected) || (expected == "This is needed." && form), "{words}: {said}");
        }
        stage.says("mia", "area assign 7 ann").await;
        let same = format!("{:?}", stage.says("mia", "area assign 7 ann").await);
        assert!(same.contains("ann is responsible for 7 already"), "{same}");
        let denied = stage.says("ann", "area assign 7 me").await.card().unwrap().plain();
        assert!(denied.contains("is for a manager"), "{denied}");
    }
}
