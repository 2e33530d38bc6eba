//! Clause 9.1 a, b: values that come by themselves.

mod chat;
mod derived;
mod documents;
mod health;
mod prometheus;

use isms_bot::chat::Reply;
use isms_bot::config::Secret;
use isms_bot::kpi::source::fetch::{Header, HostSecret, Sources};
use isms_bot::people::Role;

use crate::harness::database::TestDatabase;
use crate::harness::stage::Stage;

/// A Monday morning in Berlin.
const MONDAY: &str = "2026-11-23T10:00:00+01:00";

/// Maya manages, Tom measures, Ann looks into it.
async fn stage(db: &TestDatabase, sources: Sources) -> Stage {
    let mut stage = Stage::new(db, MONDAY).await;
    stage.app = stage.app.clone().with_sources(sources);
    for (name, role) in [
        ("maya", Role::Manager),
        ("tom", Role::Member),
        ("ann", Role::Member),
    ] {
        stage.person(name, role, "Europe/Berlin").await;
    }
    // The schedules begin to count.
    stage.work().await;
    stage
}

/// A monthly KPI that Tom measures.
async fn kpi(stage: &Stage, key: &str, unit: &str) {
    let words = format!(
        "kpi new {key} Measured by itself unit:{unit} direction:lower target:10 warning:20 \
         frequency:monthly measurer:@tom analyst:@ann"
    );
    said(stage, "maya", &words, "is set up").await;
}

fn hosts(hosts: &[String]) -> Sources {
    Sources::new(hosts.to_vec(), Vec::new())
}

fn secret(name: &str, host: &str, header: &str) -> HostSecret {
    HostSecret {
        name: name.to_owned(),
        host: host.to_owned(),
        header: Header::Words(Secret::new(header)),
    }
}

fn plain(reply: &Reply) -> String {
    match reply {
        Reply::Card(card) => card.plain(),
        other => format!("{other:?}"),
    }
}

/// Says something and finds these words in the answer.
async fn said(stage: &Stage, who: &str, what: &str, expected: &str) -> String {
    let words = plain(&stage.says(who, what).await);
    assert!(words.contains(expected), "{what}: {words}");
    words
}

/// The messages to a person that have these words.
fn told(stage: &Stage, who: &str, words: &str) -> Vec<String> {
    let cards = stage.desk.to(who).into_iter().map(|card| card.plain());
    cards.filter(|card| card.contains(words)).collect()
}
