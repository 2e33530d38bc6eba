//! How fast the bot is on Slack: the release binary, the unmodified library, a fake Slack over
//! loopback, SQLite at `synchronous=FULL`, with log and outbox. `cargo bench --bench slack`.
//!
//! - acknowledgement and answer: 200 commands, one after the other
//! - commands per second: 64 in flight, each counted when its answer has come
//! - memory of the idle process
//!
//! Every command raises an action: a row, an event, two messages, one transaction.

#[path = "../tests/it/harness/slack/mod.rs"]
#[expect(
    dead_code,
    unused_imports,
    clippy::unwrap_used,
    reason = "the scenarios use the rest; they may stop where they stand"
)]
mod slack;

use std::process::{Child, Command};
use std::time::{Duration, Instant};

use slack::{FakeSlack, Person};

const LINE: &str = "/isms action new Patch the VPN gateway owner:@U0BOB due:2099-12-31";
const IN_SEQUENCE: usize = 200;
const IN_FLIGHT: usize = 64;
const IN_ALL: usize = 6000;

#[tokio::main]
async fn main() {
    let slack = FakeSlack::start().await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let bot = Bot::start(&slack, folder.path());
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

    let rate = flood(&slack, &ann, IN_SEQUENCE + 2).await;
    println!("{rate:.0} commands/s with {IN_FLIGHT} in flight, {IN_ALL} in all");
    println!("memory afterwards: {:.1} MB", bot.megabytes());
}

/// Keeps so many commands in flight until all are answered.
async fn flood(slack: &FakeSlack, ann: &Person, before: usize) -> f64 {
    let begun = Instant::now();
    let (mut sent, mut answered) = (0, 0);
    while answered < IN_ALL {
        while sent < IN_ALL && sent - answered < IN_FLIGHT {
            ann.fires(LINE);
            sent += 1;
        }
        answered = slack.answers_beyond(before + answered).await - before;
    }
    IN_ALL as f64 / begun.elapsed().as_secs_f64()
}

fn report(what: &str, times: &mut [Duration]) {
    times.sort();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100].as_secs_f64() * 1000.0;
    println!(
        "{what}: p50 {:.2} ms, p99 {:.2} ms, {} in sequence",
        at(50),
        at(99),
        times.len()
    );
}

/// The bot in a process of its own; it ends with this.
struct Bot(Child);

impl Bot {
    fn start(slack: &FakeSlack, folder: &std::path::Path) -> Bot {
        let settings = slack.settings();
        let bot = Command::new(env!("CARGO_BIN_EXE_isms-bot"))
            .current_dir(folder)
            .env("ISMS_DATABASE__URL", "sqlite:bench.sqlite")
            .env("ISMS_HTTP__LISTEN", "127.0.0.1:0")
            .env("ISMS_SLACK__API_URL", &settings.api_url)
            .env(
                "ISMS_SLACK__BOT_TOKEN",
                settings.bot_token.expect("a token").expose(),
            )
            .env(
                "ISMS_SLACK__APP_TOKEN",
                settings.app_token.expect("a token").expose(),
            )
            .env("ISMS_SLACK__CHANNEL", "C0ISMS")
            .env("ISMS_LOG__LEVEL", "warn")
            .spawn()
            .expect("the bot starts");
        Bot(bot)
    }

    /// Resident memory.
    fn megabytes(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id()))
            .expect("a Linux process that runs");
        let line = status
            .lines()
            .find(|line| line.starts_with("VmRSS:"))
            .expect("its memory");
        let kilobytes: f64 = line
            .split_whitespace()
            .nth(1)
            .expect("a number")
            .parse()
            .expect("kB");
        kilobytes / 1024.0
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
