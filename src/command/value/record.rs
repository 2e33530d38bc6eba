//! The names that records go by.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::plain_dashes;

/// A corrective action: `CA-12`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ActionName(pub i64);

/// An audit: `AUD-2026-03`, and `AUD-2026-03-2` for a second one in that month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct AuditName {
    pub year: i32,
    /// 1 to 12.
    pub month: u32,
    /// 1 for the first audit of the month.
    pub nth: u32,
}

/// The audit programme of a year: `AP-2027`, or only `2027`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct ProgrammeName(pub i32);

/// What an audit found: `F-7`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FindingName(pub i64);

/// A management review: `MR-2026-Q4`, and `MR-2026-Q4-2` for a second one in that quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct ReviewName {
    pub year: i32,
    /// 1 to 4.
    pub quarter: u32,
    /// 1 for the first review of the quarter.
    pub nth: u32,
}

/// A KPI by its key: `phishing-click-rate`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct KpiKey(String);

/// The key of a KPI that is still to be made, so that a form lets one change it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKpiKey(pub KpiKey);

/// Any record that can be named.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecordName {
    Action(ActionName),
    Audit(AuditName),
    Programme(ProgrammeName),
    Finding(FindingName),
    Review(ReviewName),
    Kpi(KpiKey),
}

/// What follows the letters of a record's name: `12` in `CA-12`, `ca12`, `#12`, `12`.
fn after_letters(text: &str, letters: &str) -> String {
    let text = plain_dashes(text.trim()).to_ascii_lowercase();
    let rest = text.strip_prefix(letters).unwrap_or(&text);
    rest.trim_start_matches(['-', '#', ' ', '_']).to_owned()
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_digit())
}

fn year(text: &str) -> Option<i32> {
    let year = text.parse().ok().filter(|_| digits(text))?;
    (2000..=2199).contains(&year).then_some(year)
}

impl FromStr for ActionName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = after_letters(text, "ca");
        match number.parse() {
            Ok(n) if digits(&number) && n > 0 => Ok(ActionName(n)),
            _ => Err(format!("“{text}” is not an action. Write it like CA-12.")),
        }
    }
}

impl fmt::Display for ActionName {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "CA-{}", self.0)
    }
}

impl FromStr for AuditName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let read = || {
            let rest = after_letters(text, "aud");
            let mut parts = rest.split('-');
            let year = year(parts.next()?)?;
            let month = parts.next()?;
            let month = month.parse().ok().filter(|_| digits(month))?;
            let nth = match parts.next() {
                None => 1,
                Some(nth) => nth.parse().ok().filter(|n| digits(nth) && *n > 0)?,
            };
            (parts.next().is_none() && (1..=12).contains(&month)).then_some(AuditName {
                year,
                month,
                nth,
            })
        };
        read().ok_or_else(|| format!("“{text}” is not an audit. Write it like AUD-2026-03."))
    }
}

impl fmt::Display for AuditName {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "AUD-{}-{:02}", self.year, self.month)?;
        match self.nth {
            1 => Ok(()),
            nth => write!(f, "-{nth}"),
        }
    }
}

impl FromStr for ProgrammeName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        year(&after_letters(text, "ap"))
            .map(ProgrammeName)
            .ok_or_else(|| {
                format!("“{text}” is not an audit programme. Write its year, like 2027.")
            })
    }
}

impl fmt::Display for ProgrammeName {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "AP-{}", self.0)
    }
}

impl FromStr for FindingName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = after_letters(text, "f");
        match number.parse() {
            Ok(n) if digits(&number) && n > 0 => Ok(FindingName(n)),
            _ => Err(format!("“{text}” is not a finding. Write it like F-7.")),
        }
    }
}

impl fmt::Display for FindingName {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "F-{}", self.0)
    }
}

impl FromStr for ReviewName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let read = || {
            let rest = after_letters(text, "mr");
            let mut parts = rest.split('-');
            let year = year(parts.next()?)?;
            let quarter = parts.next()?.strip_prefix('q')?;
            let quarter = quarter.parse().ok().filter(|_| digits(quarter))?;
            let nth = match parts.next() {
                None => 1,
                Some(nth) => nth.parse().ok().filter(|n| digits(nth) && *n > 0)?,
            };
            (parts.next().is_none() && (1..=4).contains(&quarter)).then_some(ReviewName {
                year,
                quarter,
                nth,
            })
        };
        read().ok_or_else(|| format!("“{text}” is not a review. Write it like MR-2026-Q4."))
    }
}

impl fmt::Display for ReviewName {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "MR-{}-Q{}", self.year, self.quarter)?;
        match self.nth {
            1 => Ok(()),
            nth => write!(f, "-{nth}"),
        }
    }
}

impl KpiKey {
    /// As long as a key may be.
    pub const LONGEST: usize = 40;

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for KpiKey {
    type Err = String;

    /// Capitals, spaces and underscores are forgiven.
    fn from_str(text: &str) -> Result<Self, String> {
        let key: String = plain_dashes(text.trim())
            .to_lowercase()
            .chars()
            .map(|c| if c == ' ' || c == '_' { '-' } else { c })
            .collect();
        let wrong = |c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if let Some(c) = key.chars().find(|c| wrong(*c)) {
            return Err(format!(
                "A KPI's key has small letters, digits and hyphens, as in phishing-click-rate; \
                 “{c}” is none of them."
            ));
        }
        if key.len() > KpiKey::LONGEST {
            return Err(format!(
                "A KPI's key has at most {} characters; this has {}.",
                KpiKey::LONGEST,
                key.len()
            ));
        }
        if !key.starts_with(|c: char| c.is_ascii_lowercase()) || key.ends_with('-') {
            return Err(format!(
                "“{text}” is not the key of a KPI. A key begins with a letter, as in incidents."
            ));
        }
        Ok(KpiKey(key))
    }
}

impl fmt::Display for KpiKey {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for NewKpiKey {
    type Err = String;

    /// A new key must not read like another record's name, or `snooze ca-12` could mean two things.
    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse() {
            Ok(RecordName::Kpi(key)) => Ok(NewKpiKey(key)),
            Ok(other) => Err(format!(
                "“{text}” reads like the name of {other}. Choose another key."
            )),
            Err(_) => text.parse().map(NewKpiKey),
        }
    }
}

impl fmt::Display for NewKpiKey {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for RecordName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(action) = text.parse() {
            return Ok(RecordName::Action(action));
        }
        if let Ok(audit) = text.parse() {
            return Ok(RecordName::Audit(audit));
        }
        if let Ok(review) = text.parse() {
            return Ok(RecordName::Review(review));
        }
        if let Ok(finding) = text.parse() {
            return Ok(RecordName::Finding(finding));
        }
        if let Ok(programme) = text.parse() {
            return Ok(RecordName::Programme(programme));
        }
        text.parse().map(RecordName::Kpi).map_err(|_| {
            format!(
                "“{text}” is no record. Write CA-12, AUD-2026-03, F-7, MR-2026-Q4 or the key of a KPI."
            )
        })
    }
}

impl fmt::Display for RecordName {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            RecordName::Action(name) => name.fmt(f),
            RecordName::Audit(name) => name.fmt(f),
            RecordName::Programme(name) => name.fmt(f),
            RecordName::Finding(name) => name.fmt(f),
            RecordName::Review(name) => name.fmt(f),
            RecordName::Kpi(key) => key.fmt(f),
        }
    }
}

/// Kept as the words they are shown as.
macro_rules! as_words {
    ($($name:ty),*) => {$(
        impl From<$name> for String {
            fn from(name: $name) -> String {
                name.to_string()
            }
        }

        impl TryFrom<String> for $name {
            type Error = String;

            fn try_from(text: String) -> Result<Self, String> {
                text.parse()
            }
        }
    )*};
}

as_words!(AuditName, ProgrammeName, ReviewName, KpiKey);
