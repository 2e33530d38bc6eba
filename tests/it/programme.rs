//! Clause 9.2.2: a year of audits is planned with its reasons, approved by a leader, changed with a
//! reason and approved anew, and told to those whom it concerns.

mod approval;
mod change;
mod coverage;
mod scope;

use isms_bot::chat::{Card, Reply};
use isms_bot::people::Role::{Auditor, Leader, Manager, Member};

use crate::harness::bot::Bot;
use crate::harness::database::TestDatabase;
use crate::harness::everywhere::Sight;
use crate::harness::stage::Stage;
use crate::{on_both_databases, on_every_platform};

const MONDAY: &str = "2026-11-23T09:00:00+01:00";

/// What a person reads.
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

async fn says(stage: &Stage, who: &str, words: &str) -> String {
    said(&stage.says(who, words).await)
}

/// Mia manages, Lea leads, Ann audits, Bob and Cai answer for areas.
async fn company(db: &TestDatabase) -> Stage {
    let stage = Stage::new(db, MONDAY).await;
    for (name, role) in [
        ("mia", Manager),
        ("lea", Leader),
        ("ann", Auditor),
        ("bob", Member),
        ("cai", Member),
    ] {
        stage.person(name, role, "Europe/Berlin").await;
    }
    stage.work().await;
    stage
}

/// The messages to a person whose title has these words.
fn titled(stage: &Stage, who: &str, words: &str) -> Vec<Card> {
    let has = |card: &Card| {
        card.title
            .as_ref()
            .is_some_and(|title| title.contains(words))
    };
    stage.desk.to(who).into_iter().filter(has).collect()
}

async fn kinds(stage: &Stage, record: &str) -> Vec<String> {
    let history = stage.history(record).await;
    history.into_iter().map(|past| past.kind).collect()
}

on_every_platform! {
    async fn a_leader_approves_a_planned_year_with_a_button_and_its_auditor_is_told(db: TestDatabase, fake: Fake) {
        let bot = Bot::start(&db, &fake).await;
        let (ann, bob) = (fake.person("ann"), fake.person("bob"));
        for line in ["role grant @bob leader", "role grant @cai auditor"] {
            ann.types(&format!("/isms {line}")).await;
        }
        let planned = ann.types("/isms audit plan 2027 cycle:3").await.card();
        let text = planned.text();
        assert!(text.contains("each control that applies once in 2027–2029"), "{text}");
        assert!(text.contains("59 clauses and controls, 62 in other years of the cycle"), "{text}");
        bot.works().await;
        let asked = fake.dm("bob").shows("Approve the audit programme 2027").await;
        assert!(asked.text().contains("asks you to approve them by Mon 30 Nov 2026"), "{}", asked.text());
        let Sight::Card(receipt) = bob.in_dm().clicks(&asked, "Approve").await else {
            panic!("a card");
        };
        assert!(receipt.text().contains("The audit programme 2027 is approved"), "{}", receipt.text());
        bot.works().await;
        let now = fake.dm("bob").shows("The audit programme 2027 is approved").await;
        assert_eq!(now.id(), asked.id(), "the message that asked says what became of it");
        assert!(!now.buttons().iter().any(|label| label == "Approve"));
        let told = fake.dm("cai").shows("Audit programme 2027 is approved").await;
        assert!(told.text().contains("Approved by"), "{}", told.text());
        let listed = ann.types("/isms audit list 2027").await.card();
        assert!(listed.text().contains("plan "), "{}", listed.text());
        fake.is_content();
    }
}

on_both_databases! {
    async fn a_year_says_what_it_is_to_reach_and_why_each_is_audited(db: TestDatabase) {
        let stage = company(&db).await;
        stage.says("mia", "action new Old rights severity:minor source:finding control:A.5.18 owner:bob due:2026-12-20").await;
        stage.says("mia", "action new Phish severity:major source:incident control:A.6.3 owner:bob due:2026-12-20").await;
        let planned = says(&stage, "mia", "audit plan 2027 objectives:\"Ready for the certificate\" cycle:3 changed:A.8.34").await;
        for expected in [
            "Objectives: Ready for the certificate",
            "Criteria: ISO/IEC 27001:2022",
            "Method: Documents are read",
            "Approved: not yet, asked for since Mon 23 Nov 2026",
            "Asked to approve it: lea.",
        ] {
            assert!(planned.contains(expected), "{planned}");
        }
        let why = says(&stage, "ann", "audit list 2027 why").await;
        for expected in [
            "Did not conform, never audited, 1 open action, its turn in the cycle: A.5.18",
            "Never audited, 1 incident within a year, 1 open action, its turn in the cycle: A.6.3",
            "Touched by a change, never audited, its turn in the cycle: A.8.34",
            "Not audited in 2027",
            "Its turn comes by 2029: A.5.4,",
        ] {
            assert!(why.contains(expected), "{why}");
        }
        let shown = says(&stage, "ann", "audit show AUD-2027-05").await;
        assert!(shown.contains("Why these") && shown.contains("• Did not conform"), "{shown}");
        assert!(shown.contains("The audit programme 2027 is not approved yet."), "{shown}");
        let named = says(&stage, "ann", "AP-2027").await;
        assert!(named.contains("Audit programme 2027"), "{named}");
    }

    async fn the_years_of_a_cycle_share_its_controls(db: TestDatabase) {
        let stage = company(&db).await;
        let items = |text: &str| -> usize {
            let words = text.split(" clauses and controls, ").next().unwrap();
            words.rsplit(' ').next().unwrap().parse().unwrap()
        };
        let first = says(&stage, "mia", "audit plan 2027 cycle:3").await;
        assert_eq!(items(&first), 28 + 31);
        // What is still ahead in 2027 is not planned again, and the cycle goes on by itself.
        let second = says(&stage, "mia", "audit plan 2028").await;
        assert!(second.contains("once in 2027–2029"), "{second}");
        assert_eq!(items(&second), 28 + 31);
        let why = says(&stage, "mia", "audit list 2028 why").await;
        assert!(why.contains("Planned in 2027, in this cycle: A.5.1,"), "{why}");
        let refused = says(&stage, "mia", "audit plan 2028 cycle:2").await;
        assert!(refused.contains("declared when it was planned"), "{refused}");
        let next = says(&stage, "mia", "audit plan 2030 cycle:1").await;
        assert!(next.contains("once a year"), "{next}");
    }
}
