//! What is asked for in vain is told further up, once each, in the grouped message; and the other
//! things of actions that turn on no platform: reminders of steps and checks, evidence as a file, and
//! every command in any order.

use isms_bot::action::choice::StateFilter;
use isms_bot::action::list::Filter;
use isms_bot::chat::{Card, Reply};
use isms_bot::people::Role::{Leader, Manager, Member};
use isms_bot::record::files::{self, Keeper};
use isms_bot::sql;

use crate::harness::database::TestDatabase;
use crate::harness::stage::Stage;
use crate::on_both_databases;

const MONDAY: &str = "2026-11-23T07:00:00+01:00";

fn said(reply: &Reply) -> String {
    match reply {
        Reply::Card(card) => card.plain(),
        Reply::Form(form) => {
            let errors = form.fields.iter().filter_map(|field| field.error.clone());
            let intro = form.intro.clone().into_iter();
            intro.chain(errors).collect::<Vec<_>>().join("\n")
        }
        Reply::Nothing => String::new(),
    }
}

/// The grouped messages of a person in which something is escalated.
fn escalated(stage: &Stage, who: &str) -> Vec<String> {
    let cards = stage.desk.to(who);
    let plain = cards.iter().map(Card::plain);
    plain
        .filter(|card| card.contains("Escalated to you"))
        .collect()
}

async fn team(db: &TestDatabase) -> Stage {
    let stage = Stage::new(db, MONDAY).await;
    for (name, role, zone) in [
        ("mia", Manager, "Europe/Berlin"),
        ("lea", Leader, "America/New_York"),
        ("ann", Member, "Europe/Berlin"),
        ("bob", Member, "Europe/Berlin"),
    ] {
        stage.person(name, role, zone).await;
    }
    stage.work().await;
    stage
}

on_both_databases! {
    async fn after_two_weeks_the_manager_and_after_four_a_leader_are_told_once_each(db: TestDatabase) {
        let stage = team(&db).await;
        stage.says("mia", "action new Patch the VPN owner:ann due:2026-11-25 severity:opportunity").await;
        stage.move_to("2026-12-08T20:00:00+01:00").await;
        assert!(escalated(&stage, "mia").is_empty(), "13 days");
        stage.move_to("2026-12-09T12:00:00+01:00").await;
        let told = escalated(&stage, "mia");
        assert_eq!(told.len(), 1, "{told:#?}");
        assert!(told[0].contains("CA-1 Patch the VPN · due Wed 25 Nov 2026, 14 days ago · ann"), "{}", told[0]);
        assert!(told[0].contains("[Show] /isms action show CA-1"), "{}", told[0]);
        stage.move_to("2026-12-22T20:00:00+01:00").await;
        assert_eq!(escalated(&stage, "mia").len(), 1, "once");
        assert!(escalated(&stage, "lea").is_empty(), "27 days");
        stage.move_to("2026-12-24T12:00:00+01:00").await;
        assert_eq!(escalated(&stage, "lea").len(), 1);
        assert_eq!(escalated(&stage, "mia").len(), 1);
        assert!(said(&stage.says("mia", "mine").await).contains("Escalated to you"), "it is there to be looked up");
        let history = stage.history("CA-1").await;
        assert_eq!(history.iter().filter(|past| past.kind == "escalated").count(), 2);
        // Done, the messages have nothing to show any more.
        stage.says("ann", "action done CA-1 Seen").await;
        stage.work().await;
        assert!(escalated(&stage, "lea").is_empty() && escalated(&stage, "mia").is_empty());
    }

    async fn a_missing_value_is_told_further_up_too(db: TestDatabase) {
        let stage = team(&db).await;
        stage.says("mia", "kpi new clicks Clicks unit:% direction:lower target:5 frequency:quarterly measurer:@ann analyst:@mia").await;
        stage.move_to("2027-01-14T12:00:00+01:00").await;
        assert!(escalated(&stage, "mia").is_empty());
        stage.move_to("2027-01-15T12:00:00+01:00").await;
        let told = escalated(&stage, "mia");
        assert!(told.len() == 1 && told[0].contains("[Show] /isms kpi show clicks"), "{told:#?}");
    }

    async fn an_extension_begins_anew_and_a_snooze_keeps_nothing_back(db: TestDatabase) {
        let stage = team(&db).await;
        stage.says("mia", "action new Patch the VPN owner:ann due:2026-11-25 severity:opportunity").await;
        stage.says("mia", "action new Shred the disks owner:bob due:2026-11-25 severity:opportunity").await;
        stage.says("bob", "action extend CA-2 2026-12-11 the shredder is late").await;
        stage.says("ann", "snooze CA-1 until:2027-02-01 reason:\"Waiting\"").await;
        stage.move_to("2026-12-24T12:00:00+01:00").await;
        let told = escalated(&stage, "mia");
        assert_eq!(told.len(), 1, "{told:#?}");
        assert!(told[0].contains("CA-1") && !told[0].contains("CA-2"), "{}", told[0]);
        stage.move_to("2026-12-28T12:00:00+01:00").await;
        assert!(escalated(&stage, "mia")[1].contains("CA-2"));
    }

    async fn while_the_manager_is_away_whoever_stands_in_is_told(db: TestDatabase) {
        let stage = team(&db).await;
        stage.says("mia", "action new Patch the VPN owner:ann due:2026-11-25 severity:opportunity").await;
        stage.says("mia", "away from:2026-12-07 until:2026-12-14 deputy:@bob").await;
        stage.move_to("2026-12-10T12:00:00+01:00").await;
        assert!(escalated(&stage, "mia").is_empty());
        assert_eq!(escalated(&stage, "bob").len(), 1);
    }

    async fn whoever_has_a_step_or_a_check_is_reminded_of_it(db: TestDatabase) {
        let stage = team(&db).await;
        for words in [
            "action new Patch the VPN owner:ann due:2026-12-18 cause:old plan:new criterion:clean",
            "action step CA-1 Name an owner owner:bob due:2026-11-25",
        ] {
            stage.says("mia", words).await;
        }
        let asks = |stage: &Stage, who: &str, words: &str| {
            let cards = stage.desk.to(who);
            cards.iter().any(|card| card.plain().contains(words) && card.plain().contains("need"))
        };
        stage.move_to("2026-11-25T12:00:00+01:00").await;
        assert!(asks(&stage, "bob", "step 1: Name an owner (Patch the VPN) · due today"));
        assert!(asks(&stage, "bob", "[Step done] /isms action step-done CA-1 1"));
        stage.says("bob", "action step-done CA-1 1").await;
        stage.says("ann", "action done CA-1 Seen verifier:bob check:2026-12-02").await;
        stage.move_to("2026-12-02T12:00:00+01:00").await;
        assert!(asks(&stage, "bob", "[Verify] /isms action verify CA-1"));
        assert!(!asks(&stage, "mia", "CA-1"), "somebody was named");
    }

    async fn a_file_is_evidence_by_its_name_and_fingerprint(db: TestDatabase) {
        let stage = team(&db).await;
        let mut tx = stage.app.store.write(stage.workspace.id).await.unwrap();
        let keeper = Keeper { workspace: stage.workspace.id, by: None, at: stage.app.clock.now() };
        let file = files::keep(&mut tx, keeper, "scan.pdf", b"%PDF scan".to_vec()).await.unwrap();
        tx.commit().await.unwrap();
        stage.says("mia", "action new Publish the scorecard owner:ann severity:opportunity").await;
        let none = said(&stage.says("ann", &format!("action done CA-1 Seen file:{}", "0".repeat(64))).await);
        assert!(none.contains("There is no file 000000000000 here"), "{none}");
        stage.says("ann", &format!("action note CA-1 \"Half of it\" file:{file}")).await;
        stage.says("ann", &format!("action done CA-1 Seen file:{file}")).await;
        stage.work().await;
        let expected = format!("File: scan.pdf · {}", file.fingerprint());
        let shown = said(&stage.says("mia", "action show CA-1").await);
        assert!(shown.contains(&expected), "{shown}");
        let noted = stage.desk.all().into_iter().find(|m| m.card.plain().contains("Half of it")).unwrap();
        assert!(noted.thread.is_some() && noted.card.plain().contains(&expected), "{}", noted.card.plain());
        // Opened again, it stays with what was tried.
        stage.says("mia", "action verify CA-1 ineffective Nobody reads it").await;
        let shown = said(&stage.says("mia", "action show CA-1").await);
        assert!(shown.contains(&format!("file: {}", file.fingerprint())), "{shown}");
    }

    async fn no_commands_in_any_order_make_an_action_effective_by_halves(db: TestDatabase) {
        let stage = team(&db).await;
        // Any order, and the same one each time.
        let mut state = 10_u64;
        let mut any = |of: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % of
        };
        let lines = [
            "action analyse CA-{n} similar:no cause:\"no owner\"", "action update CA-{n} plan:\"name one\"",
            "action update CA-{n} criterion:\"clean scans\"", "action step CA-{n} \"Name one\"",
            "action step-done CA-{n} 1", "action step-done CA-{n} 2", "action assign CA-{n} bob", "action assign CA-{n} ann",
            "action done CA-{n} Seen check:tomorrow", "action done CA-{n} Seen", "action done CA-{n} Seen cause:a plan:b criterion:c check:tomorrow",
            "action verify CA-{n} effective Looked", "action verify CA-{n} effective Looked", "action verify CA-{n} ineffective Looked",
            "action reopen CA-{n} \"Again\"", "action cancel CA-{n} \"Not needed\"", "action verifier CA-{n} bob check:tomorrow",
            "action extend CA-{n} \"in 90 days\" Late", "action note CA-{n} \"On it\"",
        ];
        let mut effective = 0;
        for n in 1..=12 {
            let severity = ["minor", "major", "opportunity"][n % 3];
            stage.says("mia", &format!("action new \"Task {n}\" owner:ann severity:{severity}")).await;
            for _ in 0..40 {
                let who = ["ann", "bob", "mia"][any(3)];
                let line = lines[any(lines.len())].replace("{n}", &n.to_string());
                stage.says(who, &line).await;
                stage.app.clock.advance(chrono::TimeDelta::hours(any(20) as i64));
                let mut conn = stage.app.store.read().await.unwrap();
                let filter = Filter { state: StateFilter::Effective, ..Filter::default() };
                let found = sql!(conn, actions::list_actions(stage.workspace.id, &filter, (100, 0))).unwrap();
                for action in found.iter().filter(|action| action.number == n as i64) {
                    effective += 1;
                    let whole = action.cause.is_some() && action.plan.is_some() && action.criterion.is_some();
                    assert!(whole || !action.severity.is_nonconformity(), "{action:?}");
                    assert!(action.evidence.is_some(), "{action:?}");
                    assert!(action.verified_by.is_some() && action.verified_by != action.owner && action.verified_by != action.done_by, "{action:?}");
                    let local = action.verified_at.unwrap().with_timezone(&chrono_tz::Europe::Berlin);
                    assert!(action.check_on.unwrap() <= local.date_naive(), "{action:?}");
                }
            }
        }
        assert!(effective > 0, "some get there");
    }
}
