//! How fast the bot is on Slack: the release binary, the unmodified library, a fake Slack over
//! loopback, SQLite at `synchronous=FULL`, with log and outbox. `cargo bench --bench slack`.
//!
//! - acknowledgement and answer: 200 commands, one after the other
//! - commands per second: 64 in flight, each counted when its answer has come
//! - memory of the idle process
//!
//! Every command raises an action: a row, an event, two messages, one transaction.

mod common;
#[path = "../tests/it/harness/slack/mod.rs"]
#[expect(
    dead_code,
    unused_imports,
    clippy::unwrap_used,
    reason = "the scenarios use the rest; they may stop where they stand"
)]
mod slack;

use std::time::Instant;

use common::{Bot, IN_SEQUENCE, report};
use slack::FakeSlack;

const LINE: &str = "/isms action new Patch the VPN gateway owner:@U0BOB due:2099-12-31";

#[tokio::main]
async fn main() {
    let slack = FakeSlack::start().await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let bot = Bot::start(folder.path(), common::slack_settings!(slack));
    let ann = slack.person("U0ANN");
    ann.types("/isms help").await;
    ann.types(LINE).await;
    println!("idle memory: {:.1} MB", bot.megabytes());

    let (mut acks, mut answers) = (Vec::new(), Vec::new());
    for _ in 0..IN_SEQUENCE {
        let begun = Instant::now();
        ann.types_only(LINE).await;
        acks.push(begun.elapsed());
        slack.answers_beyond(answers.len() + 2).await;
        answers.push(begun.elapsed());
    }
    report("acknowledged", &mut acks);
    report("answered", &mut answers);
    common::flood!(slack, || ann.fires(LINE), IN_SEQUENCE + 2);
    println!("memory afterwards: {:.1} MB", bot.megabytes());
}
