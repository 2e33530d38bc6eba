//! The bot in a process of its own, and how what was measured is told.

use std::path::Path;
use std::process::{Child, Command};
use std::time::Duration;

pub const IN_SEQUENCE: usize = 200;
pub const IN_FLIGHT: usize = 64;
pub const IN_ALL: usize = 6000;

/// Settings by their variables.
pub type Settings = Vec<(&'static str, String)>;

/// The release binary. It ends with this.
pub struct Bot(Child);

impl Bot {
    /// Starts it in a folder, which holds its SQLite database.
    pub fn start(folder: &Path, settings: Settings) -> Bot {
        let bot = Command::new(env!("CARGO_BIN_EXE_isms-bot"))
            .current_dir(folder)
            .env("ISMS_DATABASE__URL", "sqlite:bench.sqlite")
            .env("ISMS_HTTP__LISTEN", "127.0.0.1:0")
            .env("ISMS_LOG__LEVEL", "warn")
            .envs(settings)
            .spawn()
            .expect("the bot starts");
        Bot(bot)
    }

    /// Resident memory.
    pub fn megabytes(&self) -> f64 {
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

pub fn report(what: &str, times: &mut [Duration]) {
    times.sort();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100].as_secs_f64() * 1000.0;
    println!(
        "{what}: p50 {:.2} ms, p99 {:.2} ms, {} in sequence",
        at(50),
        at(99),
        times.len()
    );
}

/// What the bot needs to find a fake Slack.
macro_rules! slack_settings {
    ($slack:expr) => {{
        let settings = $slack.settings();
        let token =
            |token: Option<isms_bot::config::Secret>| token.expect("a token").expose().to_owned();
        vec![
            ("ISMS_SLACK__API_URL", settings.api_url),
            ("ISMS_SLACK__BOT_TOKEN", token(settings.bot_token)),
            ("ISMS_SLACK__APP_TOKEN", token(settings.app_token)),
            ("ISMS_SLACK__CHANNEL", "C0ISMS".to_owned()),
        ]
    }};
}

/// Keeps so many commands in flight until all are answered; says how many a second that were.
/// The fakes are alike, but not one type.
macro_rules! flood {
    ($fake:expr, $fire:expr, $before:expr) => {{
        let before: usize = $before;
        let begun = std::time::Instant::now();
        let (mut sent, mut answered) = (0, 0);
        while answered < common::IN_ALL {
            while sent < common::IN_ALL && sent - answered < common::IN_FLIGHT {
                $fire();
                sent += 1;
            }
            answered = $fake.answers_beyond(before + answered).await - before;
        }
        let rate = common::IN_ALL as f64 / begun.elapsed().as_secs_f64();
        println!(
            "{rate:.0} commands/s with {} in flight, {} in all",
            common::IN_FLIGHT,
            common::IN_ALL
        );
    }};
}

pub(crate) use {flood, slack_settings};
