//! How fast the bot is on Discord: the release binary, the unmodified library, a fake Discord over
//! loopback, SQLite at `synchronous=FULL`, with log and outbox. `cargo bench --bench discord`.
//!
//! - acknowledgement and answer: 200 commands, one after the other (one call is both, where the
//!   answer is there in time)
//! - commands per second: 64 in flight, each counted when its answer has come
//! - memory of the idle process; and of one that is connected to Slack, too
//!
//! Every command raises an action: a row, an event, two messages, one transaction.

mod common;
#[path = "../tests/it/harness/discord/mod.rs"]
#[expect(
    dead_code,
    unused_imports,
    clippy::unwrap_used,
    reason = "the scenarios use the rest; they may stop where they stand"
)]
mod discord;
#[path = "../tests/it/harness/slack/mod.rs"]
#[expect(
    dead_code,
    unused_imports,
    clippy::unwrap_used,
    reason = "the scenarios use the rest; they may stop where they stand"
)]
mod slack;

use std::time::Instant;

use common::{Bot, IN_SEQUENCE, Settings, report};
use discord::{ANN, FakeDiscord, ISMS, TOKEN};
use slack::FakeSlack;

const LINE: &str = "/isms action new Patch the VPN gateway owner:@bob due:2099-12-31";

#[tokio::main]
async fn main() {
    let discord = FakeDiscord::start().await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let bot = Bot::start(folder.path(), settings(&discord));
    let ann = discord.person(ANN);
    ann.types("/isms help").await;
    ann.types(LINE).await;
    println!("idle memory: {:.1} MB", bot.megabytes());

    let (mut acks, mut answers) = (Vec::new(), Vec::new());
    for _ in 0..IN_SEQUENCE {
        let begun = Instant::now();
        ann.types_only(LINE).await;
        acks.push(begun.elapsed());
        discord.answers_beyond(answers.len() + 2).await;
        answers.push(begun.elapsed());
    }
    report("acknowledged", &mut acks);
    report("answered", &mut answers);
    common::flood!(discord, || ann.fires(LINE), IN_SEQUENCE + 2);
    println!("memory afterwards: {:.1} MB", bot.megabytes());
    drop(bot);
    both().await;
}

/// One process on both platforms.
async fn both() {
    let (discord, slack) = (FakeDiscord::start().await, FakeSlack::start().await);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut both = settings(&discord);
    both.extend(common::slack_settings!(slack));
    let bot = Bot::start(folder.path(), both);
    slack.person("U0ANN").types("/isms help").await;
    discord.person(ANN).types("/isms help").await;
    let line = "/isms action new Patch the VPN gateway owner:@U0BOB due:2099-12-31";
    slack.person("U0ANN").types(line).await;
    discord.person(ANN).types(LINE).await;
    println!(
        "idle memory on Slack and Discord: {:.1} MB",
        bot.megabytes()
    );
}

/// What the bot needs to find a fake Discord.
fn settings(discord: &FakeDiscord) -> Settings {
    vec![
        ("ISMS_DISCORD__API_URL", discord.api_url()),
        ("ISMS_DISCORD__TOKEN", TOKEN.to_owned()),
        ("ISMS_DISCORD__CHANNEL", ISMS.to_owned()),
    ]
}
