//! What an alert is, and which ones count.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::command::CountAlerts;

/// So far ahead a sender's clock may be.
const AHEAD: TimeDelta = TimeDelta::hours(24);
/// Longer ids are kept as their hash.
const LONGEST_ID: usize = 200;
const LONGEST_NAME: usize = 120;

/// Whose alerts they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize, strum::Display)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Format {
    /// Prometheus Alertmanager
    Alertmanager,
    /// Any other JSON
    Generic,
}

/// What an alert is to a KPI.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Setting {
    pub format: Format,
    /// All of them hold for an alert that counts.
    #[serde(default)]
    pub only: Vec<Condition>,
    /// JSON pointers, for [`Format::Generic`].
    #[serde(default)]
    pub id: String,
    #[serde(default)]
    pub at: String,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub list: String,
    /// Alerts that began in an earlier period than this day's do not count.
    pub since: NaiveDate,
}

/// `severity=critical`, `/rule/level>=12`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Condition {
    /// A label, or a JSON pointer into the alert.
    what: String,
    how: How,
    than: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    AtLeast,
    AtMost,
    Not,
    Is,
}

const HOWS: [(&str, How); 4] = [
    (">=", How::AtLeast),
    ("<=", How::AtMost),
    ("!=", How::Not),
    ("=", How::Is),
];

/// One alert as it is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// The same alert has the same id whenever it is sent.
    pub id: String,
    pub name: String,
    pub started: DateTime<Utc>,
}

/// What a body holds: the alerts that count, and how many do not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heard {
    pub alerts: Vec<Alert>,
    pub ignored: usize,
}

/// Where a body is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// `alerts[2].startsAt`
    pub at: String,
    pub why: String,
}

impl Setting {
    /// As it was said, or which argument is wrong.
    pub fn read(said: CountAlerts, since: NaiveDate) -> Result<Setting, (&'static str, String)> {
        let generic = said.format == Format::Generic;
        let places = [
            ("id", said.id),
            ("at", said.at),
            ("name", said.name),
            ("list", said.list),
        ];
        let mut pointers = [None, None, None, None];
        for ((field, said), pointer) in places.into_iter().zip(&mut pointers) {
            let said = said.map(|text| text.trim().to_owned());
            let Some(text) = said.filter(|text| !text.is_empty()) else {
                if generic && ["id", "at"].contains(&field) {
                    let why = "Say where in an alert it stands, as a JSON pointer such as /id.";
                    return Err((field, why.to_owned()));
                }
                continue;
            };
            if !generic {
                let why = "Alertmanager's alerts are known: leave this out.";
                return Err((field, why.to_owned()));
            }
            if !text.starts_with('/') {
                let why = format!("“{text}” is not a JSON pointer. It begins with /, as in /id.");
                return Err((field, why));
            }
            *pointer = Some(text);
        }
        let only = said.only.unwrap_or_default();
        let only = only.split(',').map(str::trim).filter(|c| !c.is_empty());
        let only: Result<Vec<Condition>, String> = only.map(str::parse).collect();
        let only = only.map_err(|why| ("only", why))?;
        if let Some(label) = only.iter().find(|c| generic && !c.what.starts_with('/')) {
            let why = format!(
                "“{label}” begins with the name of a label, which only Alertmanager's alerts have. \
                 Write a JSON pointer, as in /{label}."
            );
            return Err(("only", why));
        }
        let [id, at, name, list] = pointers;
        Ok(Setting {
            format: said.format,
            only,
            id: id.unwrap_or_default(),
            at: at.unwrap_or_default(),
            name,
            list: list.unwrap_or_default(),
            since,
        })
    }

    /// The alerts in what was sent.
    pub fn heard(&self, body: &Value, now: DateTime<Utc>) -> Result<Heard, Misfit> {
        let (list, prefix) = match self.format {
            Format::Alertmanager => (body.get("alerts"), "alerts".to_owned()),
            Format::Generic => (body.pointer(&self.list), self.list.clone()),
        };
        let (alerts, alone): (&[Value], bool) = match (list, self.format) {
            (Some(Value::Array(alerts)), _) => (alerts, false),
            (Some(one @ Value::Object(_)), Format::Generic) => (std::slice::from_ref(one), true),
            _ => return Err(misfit(prefix, "There is no list of alerts here.")),
        };
        let mut heard = Heard::default();
        for (index, alert) in alerts.iter().enumerate() {
            if !self.only.iter().all(|condition| condition.holds(alert)) {
                heard.ignored += 1;
                continue;
            }
            let place = |field: &str| match self.format {
                Format::Alertmanager => format!("{prefix}[{index}].{field}"),
                Format::Generic if alone => format!("{prefix}{field}"),
                Format::Generic => format!("{prefix}/{index}{field}"),
            };
            let read = match self.format {
                Format::Alertmanager => of_alertmanager(alert),
                Format::Generic => self.of_other(alert),
            };
            let alert = read.map_err(|(field, why)| misfit(place(&field), why))?;
            if alert.started > now + AHEAD {
                let field = match self.format {
                    Format::Alertmanager => "startsAt",
                    Format::Generic => &self.at,
                };
                return Err(misfit(place(field), "This lies in the future."));
            }
            heard.alerts.push(alert);
        }
        Ok(heard)
    }

    fn of_other(&self, alert: &Value) -> Result<Alert, (String, String)> {
        let missing = |field: &String| (field.clone(), "There is nothing here.".to_owned());
        let id = alert.pointer(&self.id).and_then(word);
        let id = id.ok_or_else(|| missing(&self.id))?;
        let at = alert.pointer(&self.at).ok_or_else(|| missing(&self.at))?;
        let started = instant(at).ok_or_else(|| {
            let why = "This is not a time like 2026-11-23T08:00:00Z, nor seconds since 1970.";
            (self.at.clone(), why.to_owned())
        })?;
        let name = self.name.as_deref().and_then(|name| alert.pointer(name));
        Ok(Alert {
            name: short(name.and_then(word).as_deref().unwrap_or(&id)),
            id: kept(id),
            started,
        })
    }
}

fn misfit(at: String, why: impl Into<String>) -> Misfit {
    Misfit {
        at,
        why: why.into(),
    }
}

/// Alertmanager's webhook, version 4: an alert is the same while its fingerprint and its start are.
fn of_alertmanager(alert: &Value) -> Result<Alert, (String, String)> {
    let started = alert.get("startsAt").and_then(instant).ok_or_else(|| {
        let why = "This is not a time like 2026-11-23T08:00:00Z.".to_owned();
        ("startsAt".to_owned(), why)
    })?;
    let labels = alert.get("labels").filter(|labels| labels.is_object());
    let labels = labels.ok_or_else(|| ("labels".to_owned(), "This is missing.".to_owned()))?;
    let fingerprint = match alert.get("fingerprint").and_then(word) {
        Some(fingerprint) => fingerprint,
        // Before 0.19 there was none: the labels are what it is made of.
        None => hex::encode(Sha256::digest(labels.to_string())),
    };
    let name = labels.get("alertname").and_then(word);
    Ok(Alert {
        name: short(name.as_deref().unwrap_or("an alert without a name")),
        id: kept(format!("{fingerprint} {}", started.timestamp_micros())),
        started,
    })
}

/// A word or a number, as a word.
fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

fn kept(id: String) -> String {
    match id.len() <= LONGEST_ID && !id.contains(char::is_control) {
        true => id,
        false => hex::encode(Sha256::digest(id)),
    }
}

fn short(name: &str) -> String {
    let line = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = line.replace(char::is_control, "");
    line.chars().take(LONGEST_NAME).collect()
}

/// RFC 3339, the same with a zone as +0000, or seconds or milliseconds since 1970; cut to the
/// microseconds that are kept.
fn instant(value: &Value) -> Option<DateTime<Utc>> {
    let text = word(value)?;
    let at = match text.parse::<f64>() {
        Ok(number) if number.abs() >= 1e11 => DateTime::from_timestamp_millis(number as i64)?,
        Ok(number) => DateTime::from_timestamp_micros((number * 1e6) as i64)?,
        Err(_) => DateTime::parse_from_rfc3339(&text)
            .or_else(|_| DateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S%.f%z"))
            .ok()?
            .to_utc(),
    };
    DateTime::from_timestamp_micros(at.timestamp_micros())
}

impl Condition {
    fn holds(&self, alert: &Value) -> bool {
        let found = match self.what.starts_with('/') {
            true => alert.pointer(&self.what),
            false => alert
                .get("labels")
                .and_then(|labels| labels.get(&self.what)),
        };
        let Some(found) = found.and_then(word) else {
            return self.how == How::Not;
        };
        let numbers = || {
            let (found, than): (f64, f64) = (found.parse().ok()?, self.than.parse().ok()?);
            Some((found, than))
        };
        match self.how {
            How::Is => found == self.than,
            How::Not => found != self.than,
            How::AtLeast => numbers().is_some_and(|(found, than)| found >= than),
            How::AtMost => numbers().is_some_and(|(found, than)| found <= than),
        }
    }
}

impl FromStr for Condition {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let split = |(sign, how): (&str, How)| {
            let (what, than) = text.split_once(sign)?;
            Some((what.trim(), how, than.trim()))
        };
        let found = HOWS.into_iter().find_map(split);
        let Some((what, how, than)) = found.filter(|(what, ..)| !what.is_empty()) else {
            return Err(format!(
                "“{text}” is not a condition like severity=critical or /rule/level>=12."
            ));
        };
        if matches!(how, How::AtLeast | How::AtMost) && than.parse::<f64>().is_err() {
            return Err(format!(
                "“{text}” compares with “{than}”, which is no number."
            ));
        }
        Ok(Condition {
            what: what.to_owned(),
            how,
            than: than.to_owned(),
        })
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = HOWS.iter().find(|(_, how)| *how == self.how);
        let sign = sign.map_or("=", |(sign, _)| sign);
        write!(f, "{}{sign}{}", self.what, self.than)
    }
}

impl From<Condition> for String {
    fn from(condition: Condition) -> String {
        condition.to_string()
    }
}

impl TryFrom<String> for Condition {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
