//! What the operator decides: read once at start from three layers (`config/default.toml`, an own
//! file, the environment), checked as a whole, and typed from then on.
//!
//! A wrong setting stops the start with one line that names the key, where it stands and what
//! would be right. Values of secrets are never part of that line.

mod discord;
mod layers;
mod secret;
mod slack;
mod sources;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use chrono::{NaiveTime, WeekdaySet};
use chrono_tz::Tz;
use url::Url;

use crate::command::value::WorkingDays;
use crate::intake::Limits;
use crate::schedule::rules::{Rule, RuleError};

pub use discord::Discord;
use layers::Layers;
pub use layers::{DEFAULT, OWN_FILE, Place, variable};
pub use secret::Secret;
pub use slack::Slack;
pub use sources::Sources;

#[derive(Debug, Clone)]
pub struct Config {
    pub database: Database,
    /// The sample company's own database.
    pub demo: Database,
    /// The operator's port.
    pub http: SocketAddr,
    /// Where programs send values, if anywhere.
    pub intake: Option<SocketAddr>,
    pub intake_limits: Limits,
    /// Where the intake is reached from outside: `https://isms.example`.
    pub intake_url: Option<String>,
    pub playground: SocketAddr,
    pub slack: Slack,
    pub discord: Discord,
    /// What may be asked for values.
    pub sources: Sources,
    pub workspace: Workspace,
    /// Reminders go out at this hour of each person's day.
    pub reminders: NaiveTime,
    /// When the digest is posted, in the workspace's zone.
    pub digest: Rule,
    pub log: Log,
    /// How long a drain may take.
    pub grace: Duration,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Database {
    Sqlite(PathBuf),
    /// The whole URL with its password.
    Postgres(Secret),
}

#[derive(Debug, Clone)]
pub struct Workspace {
    pub zone: Tz,
    pub working_days: WeekdaySet,
}

#[derive(Debug, Clone, Copy)]
pub struct Log {
    pub level: Level,
    pub format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, strum::EnumString, strum::Display)]
#[strum(serialize_all = "lowercase")]
pub enum Level {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString)]
#[strum(serialize_all = "lowercase")]
pub enum LogFormat {
    Text,
    Json,
}

/// What is wrong with the settings. Each prints as one line.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("cannot read {}: {why}", path.display())]
    Unreadable { path: PathBuf, why: std::io::Error },
    #[error("{place} is not valid TOML: {why}")]
    Corrupt { place: Place, why: String },
    #[error("unknown setting {key} in {place}; the nearest is {nearest}")]
    Unknown {
        key: String,
        place: Place,
        nearest: String,
    },
    #[error("{key} in {place} is {found}; it must be {wanted}")]
    Wrong {
        key: String,
        place: Place,
        found: String,
        wanted: String,
    },
    #[error("{key} is set twice, in {first} and by {key}_file in {second}; keep one")]
    Twice {
        key: String,
        first: Place,
        second: Place,
    },
    #[error("{key} in {place} names {}: {why}", path.display())]
    SecretFile {
        key: String,
        place: Place,
        path: PathBuf,
        why: String,
    },
    #[error("{key} in {place}: {why}")]
    Rule {
        key: String,
        place: Place,
        why: RuleError,
    },
    #[error("{key} is not set; {why}")]
    Missing {
        key: &'static str,
        why: &'static str,
    },
    #[error(
        "the demo has no log-in and does not start beside a configured Slack or Discord: unset \
         slack.bot_token, slack.app_token and discord.token, or name other settings with --config"
    )]
    DemoBesidePlatform,
    #[error("the demo takes no values from outside: intake.listen has to be a loopback address")]
    DemoOpenToAll,
    #[error("the environment variable {0} is not valid UTF-8")]
    NotText(String),
}

impl Config {
    /// Reads all layers: the named file (or the one that ISMS_CONFIG names, or ./isms-bot.toml if
    /// it is there), then the process's environment.
    pub fn load(named: Option<&Path>) -> Result<Self, ConfigError> {
        let mut variables = BTreeMap::new();
        for (name, value) in std::env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            if name.starts_with("ISMS_") {
                let value = value
                    .into_string()
                    .map_err(|_| ConfigError::NotText(name.clone()))?;
                variables.insert(name, value);
            }
        }
        let own = Path::new(OWN_FILE);
        let file = named
            .or_else(|| variables.get("ISMS_CONFIG").map(Path::new))
            .or_else(|| own.exists().then_some(own));
        Config::from_layers(file, &variables)
    }

    /// Reads a file and variables over the defaults.
    pub fn from_layers(
        file: Option<&Path>,
        variables: &BTreeMap<String, String>,
    ) -> Result<Self, ConfigError> {
        let layers = Layers::collect(file, variables)?;
        let password = layers.secret("database.password")?;
        Ok(Config {
            database: layers.database("database.url", password.as_ref())?,
            demo: layers.database("demo.url", None)?,
            http: layers.parsed("http.listen", ADDRESS)?,
            intake: layers.address("intake.listen")?,
            intake_limits: layers.intake_limits()?,
            intake_url: match layers.optional("intake.public_url")? {
                Some(_) => Some(layers.http_url("intake.public_url")?),
                None => None,
            },
            playground: layers.playground()?,
            slack: layers.slack()?,
            discord: layers.discord()?,
            sources: layers.sources()?,
            workspace: Workspace {
                zone: layers.parsed("workspace.zone", "an IANA zone such as \"Europe/Berlin\"")?,
                working_days: layers.working_days("workspace.working_days")?,
            },
            reminders: layers.hour("reminders.hour")?,
            digest: layers.rule("digest.cron")?,
            log: Log {
                level: layers.parsed("log.level", "error, warn, info, debug or trace")?,
                format: layers.parsed("log.format", "text or json")?,
            },
            grace: Duration::from_secs(layers.parsed::<u32>(
                "shutdown.grace_seconds",
                "a whole number of seconds, such as 8",
            )? as u64),
        })
    }
}

impl Database {
    /// As the store opens it, with its password.
    pub fn url(&self) -> Secret {
        match self {
            // The driver decodes percent signs in a URL.
            Database::Sqlite(path) => Secret::new(format!(
                "sqlite:{}",
                path.display().to_string().replace('%', "%25")
            )),
            Database::Postgres(url) => url.clone(),
        }
    }
}

impl std::fmt::Display for Database {
    /// What an operator needs to recognise it: without user and password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Database::Sqlite(path) => write!(f, "SQLite {}", path.display()),
            Database::Postgres(url) => match Url::parse(url.expose()) {
                Ok(url) => write!(
                    f,
                    "PostgreSQL {}:{}{}",
                    url.host_str()
                        .filter(|host| !host.is_empty())
                        .unwrap_or("localhost"),
                    url.port().unwrap_or(5432),
                    url.path()
                ),
                Err(_) => f.write_str("PostgreSQL"),
            },
        }
    }
}

const ADDRESS: &str = "an address and a port such as \"127.0.0.1:8080\"";
const DATABASE: &str = "\"sqlite:<file>\" or \"postgres://user@host:5432/name\"";

impl Layers {
    fn parsed<T: FromStr>(&self, key: &str, wanted: &str) -> Result<T, ConfigError> {
        let (text, place) = self.text(key)?;
        text.parse().map_err(|_| wrong(key, &place, &text, wanted))
    }

    fn optional(&self, key: &str) -> Result<Option<String>, ConfigError> {
        let (text, _) = self.text(key)?;
        Ok(Some(text).filter(|text| !text.is_empty()))
    }

    /// A secret that stands under `key`, or in the file that `key_file` names.
    fn secret(&self, key: &str) -> Result<Option<Secret>, ConfigError> {
        let (words, first) = self.text(key)?;
        let key_of_file = format!("{key}_file");
        let (path, second) = self.text(&key_of_file)?;
        match (words.is_empty(), path.is_empty()) {
            (true, true) => Ok(None),
            (false, true) => Ok(Some(Secret::new(words))),
            (false, false) => Err(ConfigError::Twice {
                key: key.to_owned(),
                first,
                second,
            }),
            (true, false) => {
                let bad = |why: String| ConfigError::SecretFile {
                    key: key_of_file.clone(),
                    place: second.clone(),
                    path: PathBuf::from(&path),
                    why,
                };
                let words =
                    std::fs::read_to_string(&path).map_err(|error| bad(error.to_string()))?;
                match words.trim() {
                    "" => Err(bad("the file is empty".to_owned())),
                    words => Ok(Some(Secret::new(words))),
                }
            }
        }
    }

    fn database(&self, key: &str, password: Option<&Secret>) -> Result<Database, ConfigError> {
        let (text, place) = self.text(key)?;
        // The text may hold a password: it is not shown.
        let refused = || ConfigError::Wrong {
            key: key.to_owned(),
            place: place.clone(),
            found: "no address of a database".to_owned(),
            wanted: DATABASE.to_owned(),
        };
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path.starts_with(':') || path.contains('?') {
                return Err(refused());
            }
            return Ok(Database::Sqlite(PathBuf::from(path)));
        }
        let mut url = Url::parse(&text).map_err(|_| refused())?;
        if !matches!(url.scheme(), "postgres" | "postgresql") {
            return Err(refused());
        }
        if let Some(password) = password {
            url.set_password(Some(password.expose()))
                .map_err(|()| refused())?;
        }
        Ok(Database::Postgres(Secret::new(url)))
    }

    /// An address, or nothing.
    fn address(&self, key: &str) -> Result<Option<SocketAddr>, ConfigError> {
        match self.optional(key)? {
            Some(_) => self.parsed(key, ADDRESS).map(Some),
            None => Ok(None),
        }
    }

    fn intake_limits(&self) -> Result<Limits, ConfigError> {
        let kib = "a whole number of KiB from 1 to 65536, such as 2048";
        let body: NonZeroU32 = self.parsed("intake.body_kib", kib)?;
        if body.get() > 65_536 {
            let (text, place) = self.text("intake.body_kib")?;
            return Err(wrong("intake.body_kib", &place, &text, kib));
        }
        Ok(Limits {
            body: body.get() as usize * 1024,
            per_minute: self.parsed("intake.per_minute", "a whole number from 1, such as 120")?,
        })
    }

    fn playground(&self) -> Result<SocketAddr, ConfigError> {
        let key = "playground.listen";
        let address: SocketAddr = self.parsed(key, ADDRESS)?;
        if address.ip().is_loopback() {
            return Ok(address);
        }
        let (text, place) = self.text(key)?;
        let wanted = "a loopback address (127.0.0.1 or [::1]), for there is no log-in";
        Err(wrong(key, &place, &text, wanted))
    }

    fn http_url(&self, key: &str) -> Result<String, ConfigError> {
        let (text, place) = self.text(key)?;
        let wanted = "a URL that begins with https://";
        let url = Url::parse(&text).map_err(|_| wrong(key, &place, &text, wanted))?;
        if !matches!(url.scheme(), "https" | "http") {
            return Err(wrong(key, &place, &text, wanted));
        }
        Ok(text.trim_end_matches('/').to_owned())
    }

    fn working_days(&self, key: &str) -> Result<WeekdaySet, ConfigError> {
        let (text, place) = self.text(key)?;
        let days: Result<WorkingDays, String> = text.parse();
        days.map(WorkingDays::set).map_err(|_| {
            wrong(
                key,
                &place,
                &text,
                "days such as \"mon-fri\" or \"sun, mon, tue\"",
            )
        })
    }

    fn hour(&self, key: &str) -> Result<NaiveTime, ConfigError> {
        let (text, place) = self.text(key)?;
        NaiveTime::parse_from_str(&text, "%H:%M")
            .map_err(|_| wrong(key, &place, &text, "an hour such as \"09:00\""))
    }

    fn rule(&self, key: &str) -> Result<Rule, ConfigError> {
        let (text, place) = self.text(key)?;
        text.parse().map_err(|why| ConfigError::Rule {
            key: key.to_owned(),
            place,
            why,
        })
    }
}

fn wrong(key: &str, place: &Place, text: &str, wanted: &str) -> ConfigError {
    ConfigError::Wrong {
        key: key.to_owned(),
        place: place.clone(),
        found: format!("{text:?}"),
        wanted: wanted.to_owned(),
    }
}

#[cfg(test)]
#[path = "config/tests.rs"]
mod tests;
