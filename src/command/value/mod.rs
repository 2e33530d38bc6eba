//! The values that arguments hold. Each reads back what it shows, and says what would be right
//! when it cannot read something. Reading here needs no context: names, `me` and words like
//! `friday` have been turned into ids and dates before.

mod address;
mod file;
mod item;
mod meeting;
mod origin;
mod place;
mod quantity;
mod record;
mod span;
mod token;

pub use address::{Address, JsonPointer};
pub use file::{FileRef, Fingerprint};
pub use item::{ItemName, SameAs, Seen};
pub use meeting::{Crew, TimeOfDay};
pub use origin::{Origin, WebLink};
pub use place::{AreaName, ChannelName, ControlName, WorkingDays};
pub use quantity::{Amount, PeriodName};
pub use record::{ActionName, AuditName, FindingName, KpiKey, NewKpiKey, RecordName, ReviewName};
pub use span::ReportSpan;
pub use token::TokenName;

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A person of the workspace, by our own id. The grammar turns `@ann` and `me` into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Who(pub Uuid);

impl FromStr for Who {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse()
            .map(Who)
            .map_err(|_| format!("“{text}” is nobody I know"))
    }
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A person who is in the workspace or was, by our own id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Whoever(pub Uuid);

impl FromStr for Whoever {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse().map(|Who(id)| Whoever(id))
    }
}

/// Several lines of text, without space around them, never empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Prose(pub String);

impl FromStr for Prose {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.trim() {
            "" => Err("This is empty. Write at least a word.".into()),
            text => Ok(Prose(text.replace("\r\n", "\n"))),
        }
    }
}

impl fmt::Display for Prose {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A date that was today or later, in the speaker's zone, when it was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DueDate(pub NaiveDate);

impl FromStr for DueDate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .map(DueDate)
            .map_err(|_| format!("“{text}” is not a date like 2026-12-31"))
    }
}

impl fmt::Display for DueDate {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m-%d"))
    }
}

/// The hyphen for every dash a phone or an editor may have made of it.
pub(super) fn plain_dashes(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => '-',
            c => c,
        })
        .collect()
}
