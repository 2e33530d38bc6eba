//! What the person who runs the bot can do from the command line.
//!
//! | command | file |
//! |---|---|
//! | `run`, `demo` | `serve`: the database, the faces, the outbox, the schedule, and how they end |
//! | `check` | `check`: tries everything that a start needs and says what is missing |
//! | `verify` | `verify`: walks the log of every workspace |
//! | `as` | `speak`: says a command as a person |
//! | `import` | `import`: takes values of a CSV file, as a person |
//! | `health` | asks a running bot's `/healthz` |
//!
//! Every command ends with an exit code that tells what was wrong ([`Trouble`]); what went wrong is
//! one line on standard error.

mod check;
mod faces;
mod import;
mod serve;
mod speak;
mod trouble;
mod verify;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use trouble::{Trouble, line};

use crate::config::{Config, Level};

/// Runs the monitoring and review of an ISO/IEC 27001 management system where a team already talks.
#[derive(Debug, Parser)]
#[command(name = "isms-bot", version)]
pub struct CommandLine {
    /// Your settings; without it ISMS_CONFIG, or ./isms-bot.toml if there is one
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    task: Option<Task>,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Serve Slack and Discord as configured, otherwise a chat in the browser (the default)
    Run,
    /// Serve the chat in the browser with a sample company and a year of its records
    Demo,
    /// Try settings, database, tokens and scopes, and say what is missing
    Check,
    /// Walk the log of every workspace and name the first entry that does not fit
    Verify,
    /// Say a command as a person: isms-bot as ann action list
    As(speak::Said),
    /// Import values of KPIs from a CSV file: isms-bot import ann values.csv --commit
    Import(import::Import),
    /// Ask a running bot whether it is well
    Health,
}

use crate::app::{App, Defaults};
use crate::chat::Platform;
use crate::clock::Clock;
use crate::kpi::source::fetch::Sources;
use crate::schedule::schedules::Rules;
use crate::store::Store;

/// A finding of `check` that has to be mended.
const MISSING: u8 = 3;
/// `verify` found a log that does not fit.
const BROKEN: u8 = 4;
/// What was said with `as` was not carried out.
const REFUSED: u8 = 5;

/// Carries out one command line and says how the process ends.
pub fn main(line: CommandLine) -> ExitCode {
    match carry_out(line) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("isms-bot: {}", trouble::line(&error));
            ExitCode::from(Trouble::of(&error).exit_code())
        }
    }
}

fn carry_out(line: CommandLine) -> anyhow::Result<u8> {
    let config = Config::load(line.config.as_deref())?;
    let task = line.task.unwrap_or(Task::Run);
    let libraries = match task {
        Task::Run | Task::Demo => Level::Warn,
        // A slow statement, say, is told by how the command ends.
        _ => Level::Error,
    };
    crate::log::start(config.log, libraries);
    // One provider for every TLS connection; a second one in the graph would panic at first use.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        match task {
            Task::Run => serve::run(&config).await.map(|()| 0),
            Task::Demo => serve::demo(&config).await.map(|()| 0),
            Task::Check => check::check(&config).await,
            Task::Verify => verify::verify(&config).await,
            Task::As(said) => speak::speak(&config, said).await,
            Task::Import(import) => import::import(&config, import).await,
            Task::Health => health(&config).await,
        }
    })
}

/// The app on this store, with where a new workspace posts what concerns everybody.
fn app(config: &Config, store: Store) -> App {
    let channels = [
        (Platform::Slack, &config.slack.channel),
        (Platform::Discord, &config.discord.channel),
    ];
    let channels = channels
        .into_iter()
        .filter_map(|(platform, channel)| Some((platform, channel.clone()?)));
    let defaults = Defaults {
        zone: config.workspace.zone,
        working_days: config.workspace.working_days,
        channels: channels.collect(),
    };
    let rules = Rules::new(config.digest.clone(), config.reminders);
    let sources = Sources::new(config.sources.hosts.clone(), config.sources.secrets.clone());
    App::new(store, Clock::System, defaults)
        .with_rules(rules)
        .with_sources(sources)
        .with_public_url(config.intake_url.as_deref())
}

async fn health(config: &Config) -> anyhow::Result<u8> {
    match crate::http::ask(config.http).await {
        Ok(()) => Ok(0),
        Err(error) => Err(error.context(format!("not well at {}", config.http))),
    }
}
