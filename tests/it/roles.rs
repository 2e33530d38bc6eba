//! Who may do what: roles are granted and taken back, enforced on every way in, and follow the
//! platform's administrators only until the set-up is finished.

use isms_bot::chat::{Act, Asked, Platform, Reply};
use isms_bot::command::paths;
use isms_bot::people::Role::{Auditor, Leader, Manager, Member, Reader};
use isms_bot::people::{Person, Role, RoleFrom};
use isms_bot::sql;

use crate::harness::stage::Stage;
use crate::on_both_databases;

const MONDAY: &str = "2026-11-23T09:00:00+01:00";

/// Which roles may use a command, by their first letters.
const TABLE: &[(&str, &str)] = &[
    ("help", "MALmR"),
    ("status", "MALmR"),
    ("mine", "MALmR"),
    ("home", "MALmR"),
    ("link", "MALmR"),
    ("snooze", "MALm"),
    ("file keep", "MALm"),
    ("file get", "MALmR"),
    ("away", "MALm"),
    ("back", "MALm"),
    ("handover", "M"),
    ("action list", "MALmR"),
    ("action show", "MALmR"),
    ("action new", "MALm"),
    ("action update", "MALm"),
    ("action analyse", "MALm"),
    ("action step", "MALm"),
    ("action step-done", "MALm"),
    ("action note", "MALm"),
    ("action assign", "MALm"),
    ("action extend", "MALm"),
    ("action done", "MALm"),
    ("action verifier", "MALm"),
    ("action verify", "MALm"),
    ("action reopen", "MALm"),
    ("action cancel", "MAL"),
    ("action reassign", "M"),
    ("source list", "MALmR"),
    ("source manual", "M"),
    ("source push", "M"),
    ("source prometheus", "M"),
    ("source http", "M"),
    ("source derived", "M"),
    ("source try", "MALm"),
    ("source webhook", "M"),
    ("token new", "M"),
    ("token list", "M"),
    ("token revoke", "M"),
    ("survey show", "MALmR"),
    ("survey answer", "MALm"),
    ("survey new", "M"),
    ("survey send", "M"),
    ("survey close", "M"),
    ("inspection show", "MALmR"),
    ("inspection start", "MALm"),
    ("inspection check", "MALm"),
    ("inspection finish", "MALm"),
    ("inspection new", "M"),
    ("kpi list", "MALmR"),
    ("kpi show", "MALmR"),
    ("kpi chart", "MALmR"),
    ("kpi record", "MALm"),
    ("kpi correct", "MALm"),
    ("kpi limits", "MALm"),
    ("kpi analyse", "MALm"),
    ("kpi import", "MALm"),
    ("kpi new", "M"),
    ("kpi pause", "M"),
    ("kpi resume", "M"),
    ("digest preview", "MALmR"),
    ("digest now", "M"),
    ("audit list", "MALmR"),
    ("audit show", "MALmR"),
    ("audit plan", "M"),
    ("audit assign", "M"),
    ("audit team", "M"),
    ("audit guest", "M"),
    ("audit auditors", "MALmR"),
    ("audit start", "MA"),
    ("audit finish", "MA"),
    ("audit checklist", "MALmR"),
    ("audit check", "MA"),
    ("audit questions", "MA"),
    ("audit finding-show", "MALmR"),
    ("audit accept", "MALm"),
    ("audit dispute", "MALm"),
    ("audit finding", "MA"),
    ("audit uphold", "MA"),
    ("audit amend", "MA"),
    ("audit withdraw", "MA"),
    ("review list", "MALmR"),
    ("review show", "MALmR"),
    ("review input", "MALm"),
    ("review schedule", "M"),
    ("review assign", "M"),
    ("review start", "M"),
    ("review sign", "L"),
    ("report performance", "MALmR"),
    ("report actions", "MALmR"),
    ("report audit", "MALmR"),
    ("report get", "MALmR"),
    ("report reviewed", "ML"),
    ("settings show", "MALmR"),
    ("settings mine", "MALmR"),
    ("settings set", "M"),
    ("role list", "MALmR"),
    ("role grant", "M"),
    ("role revoke", "M"),
    ("area list", "MALmR"),
    ("area assign", "M"),
    ("setup show", "M"),
    ("setup zone", "M"),
    ("setup channels", "M"),
    ("setup kpis", "M"),
    ("setup clauses", "M"),
    ("setup controls", "M"),
    ("setup auditors", "M"),
    ("setup reviews", "M"),
    ("setup digest", "M"),
    ("setup skip", "M"),
    ("setup undo", "M"),
    ("setup finish", "M"),
];

async fn stage(db: &crate::harness::database::TestDatabase) -> Stage {
    let stage = Stage::new(db, MONDAY).await;
    for (name, role) in [
        ("mia", Manager),
        ("ben", Auditor),
        ("lea", Leader),
        ("ann", Member),
        ("rob", Reader),
    ] {
        stage.newcomer(name, role, "Europe/Berlin").await;
    }
    stage
}

fn told(reply: &Reply) -> String {
    match reply {
        Reply::Card(card) => card.plain(),
        other => panic!("a card: {other:?}"),
    }
}

fn is_denied(reply: &Reply) -> bool {
    let words = |card: &isms_bot::chat::Card| card.plain();
    let words = reply.card().map(words).unwrap_or_default();
    words.contains("you are here as") || words.contains("You are here as a reader")
}

async fn person(stage: &Stage, name: &str) -> Person {
    let mut conn = stage.app.store.read().await.unwrap();
    let people = sql!(conn, people::list_people(stage.workspace.id)).unwrap();
    let mut people = people.into_iter();
    people.find(|person| person.external == name).unwrap()
}

async fn role(stage: &Stage, name: &str) -> Role {
    person(stage, name).await.role
}

/// What somebody says of whom the platform tells whether they are an administrator.
async fn says_as(stage: &Stage, who: &str, admin: bool, words: &str) -> Reply {
    let mut inbound = stage.inbound(who, Act::Typed(words.to_owned()));
    inbound.speaker.admin = Some(admin);
    stage.app.handle(inbound).await
}

on_both_databases! {
    async fn every_role_may_do_what_the_table_says_and_nothing_else(db: TestDatabase) {
        let stage = stage(&db).await;
        for path in paths() {
            let row = TABLE.iter().find(|(command, _)| *command == path);
            let (_, able) = row.unwrap_or_else(|| panic!("{path} is not in the table"));
            for (who, letter) in [("mia", 'M'), ("ben", 'A'), ("lea", 'L'), ("ann", 'm'), ("rob", 'R')] {
                let typed = stage.says(who, &path).await;
                assert_eq!(is_denied(&typed), !able.contains(letter), "{who} types {path}: {typed:?}");
                if path.starts_with("setup") || path == "digest now" {
                    continue;
                }
                let clicked = stage.clicks(who, &path).await;
                assert_eq!(is_denied(&clicked), !able.contains(letter), "{who} clicks {path}");
                let sent = stage.submits(who, &path, &[("reason", "x")]).await;
                assert_eq!(is_denied(&sent), !able.contains(letter), "{who} sends {path}");
            }
        }
    }

    async fn a_denial_says_what_is_missing_and_who_can_grant_it(db: TestDatabase) {
        let stage = stage(&db).await;
        for (who, words, expected) in [
            ("ann", "audit plan 2027", "“audit plan” is for a manager; you are here as a member. mia can do it, or grant you the role."),
            ("mia", "review sign", "“review sign” is for a leader; you are here as a manager. lea can do it; mia can grant you the role."),
            ("rob", "action new Patch", "You are here as a reader: you see everything and change nothing. mia, ben or lea can do it; mia can grant you the role."),
        ] {
            assert_eq!(told(&stage.says(who, words).await), expected);
        }
    }

    async fn where_nobody_is_a_manager_yet_it_is_said_how_one_becomes_one(db: TestDatabase) {
        let stage = Stage::new(&db, MONDAY).await;
        let said = told(&stage.says("new", "audit plan 2027").await);
        assert!(said.contains("an administrator of this workspace becomes one when they write to me"), "{said}");
        let roles = told(&stage.says("new", "role list").await);
        assert!(roles.contains("Nobody has a role yet."), "{roles}");
    }

    async fn a_shorthand_opens_no_form_that_could_not_be_sent(db: TestDatabase) {
        let stage = stage(&db).await;
        stage.says("mia", "action new Patch the VPN owner:ann").await;
        stage.says("mia", "kpi new incidents Incidents unit:cases direction:lower target:3 frequency:monthly").await;
        for (who, words) in [("rob", "CA-1 done"), ("ann", "CA-1 cancel"), ("ann", "kpi incidents pause")] {
            let reply = stage.says(who, words).await;
            assert!(is_denied(&reply), "{who} {words}: {reply:?}");
        }
    }

    async fn nobody_is_offered_what_they_may_not_use(db: TestDatabase) {
        let stage = stage(&db).await;
        stage.says("mia", "action new Patch the VPN owner:ann").await;
        let for_owner = told(&stage.says("ann", "action show CA-1").await);
        assert!(for_owner.contains("action done CA-1"), "{for_owner}");
        let for_reader = told(&stage.says("rob", "action show CA-1").await);
        assert!(!for_reader.contains("/isms action done"), "{for_reader}");
        let roles = told(&stage.says("ann", "role list").await);
        assert!(!roles.contains("role grant"), "{roles}");
        assert!(told(&stage.says("mia", "role list").await).contains("role grant"));
        let asked = |person: &str| Asked {
            platform: Platform::Playground,
            workspace: "stage".to_owned(),
            person: person.to_owned(),
            command: "action done".to_owned(),
            field: "action".to_owned(),
            typed: "CA".to_owned(),
        };
        assert_eq!(stage.app.suggest(asked("ann")).await.len(), 1);
        assert!(stage.app.suggest(asked("rob")).await.is_empty());
    }

    async fn a_role_is_granted_and_taken_back_and_the_person_is_told(db: TestDatabase) {
        let stage = stage(&db).await;
        let said = told(&stage.says("mia", "role grant ann leader").await);
        assert!(said.starts_with("@ann is a leader now"), "{said}");
        assert_eq!(role(&stage, "ann").await, Leader);
        stage.work().await;
        let letters = stage.desk.to("ann");
        assert_eq!(letters.len(), 1);
        assert!(letters[0].plain().starts_with("You are a leader now\n@mia changed your role"), "{}", letters[0].plain());
        let again = stage.says("mia", "role grant ann leader").await;
        assert!(format!("{again:?}").contains("ann is a leader already"), "{again:?}");
        let listed = told(&stage.says("ann", "role list").await);
        let line = listed.lines().find(|line| line.starts_with("ann")).unwrap();
        assert!(line.contains("leader") && line.contains("Mon 23 Nov 2026") && line.contains("mia"), "{line}");

        stage.says("mia", "role revoke ann She changed to sales").await;
        assert_eq!(role(&stage, "ann").await, Member);
        stage.work().await;
        assert_eq!(stage.desk.to("ann").len(), 2);
        assert!(stage.desk.to("mia").is_empty());
        let id = person(&stage, "ann").await.id.to_string();
        let past = stage.history(&id).await;
        let kinds: Vec<_> = past.iter().map(|past| past.kind.as_str()).collect();
        assert_eq!(kinds, ["person-met", "role-granted", "role-revoked"]);
        let none = stage.says("mia", "role revoke ann").await;
        assert!(format!("{none:?}").contains("there is no role to take back"), "{none:?}");
    }

    async fn there_is_always_a_manager(db: TestDatabase) {
        let stage = stage(&db).await;
        for words in ["role revoke me", "role revoke mia", "role grant me auditor"] {
            let said = format!("{:?}", stage.says("mia", words).await);
            assert!(said.contains("mia is the only manager here, and without one nobody could grant roles"), "{said}");
        }
        assert_eq!(role(&stage, "mia").await, Manager);
        stage.says("mia", "role grant ben manager").await;
        stage.says("mia", "role revoke me I retire").await;
        assert_eq!(role(&stage, "mia").await, Member);
        assert!(is_denied(&stage.says("mia", "role grant me manager").await));
        stage.work().await;
        assert!(stage.desk.to("mia").is_empty(), "nobody is told of their own act");
    }

    async fn what_shows_that_somebody_can_audit_is_recorded_with_its_proof(db: TestDatabase) {
        let stage = stage(&db).await;
        let listed = told(&stage.says("mia", "role list").await);
        assert!(listed.contains("@ben: nothing is recorded"), "{listed}");
        let words = "role grant ben auditor training:\"Internal auditor\" on:2026-01-10 until:2026-11-30 evidence:\"Certificate 4711\"";
        let said = told(&stage.says("mia", words).await);
        assert!(said.contains("Recorded: Internal auditor"), "{said}");
        let listed = told(&stage.says("rob", "role list").await);
        assert!(listed.contains("@ben: Internal auditor, on Sat 10 Jan 2026, valid until Mon 30 Nov 2026 (Certificate 4711)"), "{listed}");
        let wrong = stage.says("mia", "role grant ben auditor until:2027-01-01").await;
        assert!(format!("{wrong:?}").contains("Say what the training or experience was"), "{wrong:?}");
    }

    async fn administrators_are_managers_until_the_set_up_is_finished(db: TestDatabase) {
        let stage = Stage::new(&db, MONDAY).await;
        says_as(&stage, "ada", true, "help").await;
        says_as(&stage, "bob", true, "help").await;
        says_as(&stage, "cem", false, "help").await;
        assert_eq!(role(&stage, "ada").await, Manager);
        assert_eq!(role(&stage, "cem").await, Member);
        // One becomes an administrator, another ceases to be one.
        assert!(is_denied(&says_as(&stage, "cem", false, "setup").await));
        assert!(!is_denied(&says_as(&stage, "cem", true, "setup").await));
        says_as(&stage, "dee", true, "help").await;
        assert!(is_denied(&says_as(&stage, "dee", false, "setup").await));
        assert_eq!(role(&stage, "dee").await, Member);
        // What was granted, or taken, stays whatever the platform says.
        stage.says("ada", "role grant dee auditor").await;
        stage.says("ada", "role revoke cem").await;
        says_as(&stage, "dee", true, "help").await;
        says_as(&stage, "cem", true, "help").await;
        assert_eq!(role(&stage, "dee").await, Auditor);
        assert_eq!(role(&stage, "cem").await, Member);

        let said = told(&says_as(&stage, "ada", true, "setup finish").await);
        assert!(said.contains("ISMS manager: @ada."), "{said}");
        assert!(said.contains("@bob was a manager as an administrator and is a member now."), "{said}");
        let ada = person(&stage, "ada").await;
        assert_eq!((ada.role, ada.role_from), (Manager, RoleFrom::Grant));
        stage.work().await;
        let letters: Vec<_> = stage.desk.to("bob").iter().filter_map(|card| card.title.clone()).collect();
        assert_eq!(letters, ["You are a member now"]);
        assert!(is_denied(&says_as(&stage, "bob", true, "setup").await));
        says_as(&stage, "eve", true, "help").await;
        assert_eq!(role(&stage, "eve").await, Member);
        says_as(&stage, "ada", false, "help").await;
        assert_eq!(role(&stage, "ada").await, Manager);
        let finished = stage.history("set-up").await;
        assert_eq!(finished.last().unwrap().kind, "setup-finished");
    }
}
