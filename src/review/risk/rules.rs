//! The risk register: what stands in it, how it is read from a file, and what it comes to. Pure.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::command::value::FileRef;
use crate::kpi::batch::rules::Wrong;
use crate::sheet::Sheet;

/// As many risks as a register here has.
pub const MOST: usize = 5_000;
/// As long as a cell of it is.
const LONGEST: usize = 300;

const COLUMNS: [&str; 7] = [
    "id",
    "title",
    "level",
    "treatment",
    "owner",
    "due",
    "status",
];

/// One risk, as the register says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Risk {
    /// As the register calls it: `R-4`.
    pub id: String,
    pub title: String,
    pub level: Level,
    /// What is done about it.
    pub treatment: Option<String>,
    pub owner: Option<String>,
    /// Until when the treatment is to be done.
    pub due: Option<NaiveDate>,
    pub status: Status,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, strum::Display, strum::EnumString)]
#[strum(serialize_all = "kebab-case")]
pub enum Level {
    Low,
    Medium,
    High,
    Critical,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display, strum::EnumString)]
#[strum(serialize_all = "kebab-case")]
pub enum Status {
    Open,
    InTreatment,
    Accepted,
    Closed,
}

/// A risk as somebody writes it.
#[derive(Debug, Clone, Default)]
pub struct Written<'a> {
    pub id: &'a str,
    pub title: &'a str,
    pub level: &'a str,
    pub treatment: &'a str,
    pub owner: &'a str,
    pub due: &'a str,
    pub status: &'a str,
}

/// A line of a file, as far as it can be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// As editors and spreadsheets count, from 1 with the heading.
    pub number: u64,
    pub risk: Result<Risk, Wrong>,
}

/// What the register came to when it was taken in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Those that are neither accepted nor closed, by level.
    pub critical: usize,
    pub high: usize,
    pub medium: usize,
    pub low: usize,
    pub accepted: usize,
    pub closed: usize,
    /// Treatments that were late on that day.
    pub overdue: usize,
}

/// One time the register was taken in.
#[derive(Debug, Clone, PartialEq)]
pub struct Intake {
    pub at: DateTime<Utc>,
    /// Nobody, if a program sent it.
    pub by: Option<Uuid>,
    /// `csv`, `push: grc`.
    pub via: String,
    pub file: Option<FileRef>,
    pub counts: Counts,
}

/// The register, and how it was before.
#[derive(Debug, Clone, PartialEq)]
pub struct Register {
    pub risks: Vec<Risk>,
    pub last: Intake,
    /// How it stood at the last review, if it was taken in by then.
    pub before: Option<Intake>,
}

impl Risk {
    /// Reads what somebody wrote, or says what is wrong with it.
    pub fn read(written: &Written<'_>) -> Result<Risk, Wrong> {
        let wrong = |field, why: String| Wrong { field, why };
        let text = |field: &'static str, text: &str| {
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let length = text.chars().count();
            match length > LONGEST {
                true => Err(wrong(
                    field,
                    format!("This has {length} characters; at most {LONGEST} fit."),
                )),
                false => Ok(text),
            }
        };
        let needed = |field: &'static str, value: &str| {
            let value = text(field, value)?;
            match value.is_empty() {
                true => Err(wrong(field, "There is nothing in this column.".into())),
                false => Ok(value),
            }
        };
        let optional = |field: &'static str, value: &str| -> Result<Option<String>, Wrong> {
            let value = text(field, value)?;
            Ok((!value.is_empty()).then_some(value))
        };
        let due = written.due.trim();
        let due = match due.is_empty() {
            true => None,
            false => Some(
                due.parse::<NaiveDate>()
                    .map_err(|_| wrong("due", format!("“{due}” is not a date like 2026-12-31.")))?,
            ),
        };
        let level = needed("level", written.level)?;
        let level = Level::read(&level).ok_or_else(|| {
            let why = format!("“{level}” is not a level: write critical, high, medium or low.");
            wrong("level", why)
        })?;
        let status = written.status.trim();
        let status = match status.is_empty() {
            true => Status::Open,
            false => Status::read(status).ok_or_else(|| {
                let why = format!(
                    "“{status}” is not a status: write open, in treatment, accepted or closed."
                );
                wrong("status", why)
            })?,
        };
        Ok(Risk {
            id: needed("id", written.id)?,
            title: needed("title", written.title)?,
            level,
            treatment: optional("treatment", written.treatment)?,
            owner: optional("owner", written.owner)?,
            due,
            status,
        })
    }

    /// Whether something is still to be done about it.
    pub fn is_open(&self) -> bool {
        matches!(self.status, Status::Open | Status::InTreatment)
    }

    /// Its treatment should be done by now.
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.is_open() && self.due.is_some_and(|due| due < today)
    }
}

impl Level {
    fn read(word: &str) -> Option<Level> {
        Some(match plain(word).as_str() {
            "critical" | "very high" | "extreme" => Level::Critical,
            "high" => Level::High,
            "medium" | "moderate" => Level::Medium,
            "low" | "very low" => Level::Low,
            _ => return None,
        })
    }
}

impl Status {
    fn read(word: &str) -> Option<Status> {
        Some(match plain(word).as_str() {
            "open" | "new" | "identified" => Status::Open,
            "in treatment" | "treatment" | "in progress" | "mitigating" => Status::InTreatment,
            "accepted" | "retained" => Status::Accepted,
            "closed" | "treated" | "done" | "mitigated" => Status::Closed,
            _ => return None,
        })
    }

    pub fn words(self) -> &'static str {
        match self {
            Status::Open => "open",
            Status::InTreatment => "in treatment",
            Status::Accepted => "accepted",
            Status::Closed => "closed",
        }
    }
}

/// In small letters, with one space where there are hyphens and the like.
fn plain(word: &str) -> String {
    let word = word.to_lowercase().replace(['-', '_'], " ");
    word.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Counts {
    pub fn of(risks: &[Risk], today: NaiveDate) -> Counts {
        let mut counts = Counts::default();
        for risk in risks {
            let count = match (risk.status, risk.level) {
                (Status::Accepted, _) => &mut counts.accepted,
                (Status::Closed, _) => &mut counts.closed,
                (_, Level::Critical) => &mut counts.critical,
                (_, Level::High) => &mut counts.high,
                (_, Level::Medium) => &mut counts.medium,
                (_, Level::Low) => &mut counts.low,
            };
            *count += 1;
            counts.overdue += usize::from(risk.is_overdue(today));
        }
        counts
    }

    /// Those about which something is still to be done.
    pub fn open(&self) -> usize {
        self.critical + self.high + self.medium + self.low
    }
}

/// Which of several risks with one id is the second. By its place, from 0.
pub fn twice<'a>(ids: impl IntoIterator<Item = &'a str>) -> Option<usize> {
    let mut seen = HashSet::new();
    ids.into_iter()
        .position(|id| !seen.insert(id.to_lowercase()))
}

/// Reads a file. An error is about the file as a whole, and says what would be right.
pub fn read(bytes: &[u8]) -> Result<Vec<Line>, String> {
    let mut sheet = Sheet::of(bytes)?;
    let (places, width) = (sheet.columns(COLUMNS)?, sheet.heading.len());
    let mut lines: Vec<Line> = Vec::new();
    let mut seen = HashSet::new();
    for row in sheet.rows() {
        let row = row?;
        if lines.len() == MOST {
            return Err(format!("The file has more than {MOST} risks."));
        }
        let cell = |column: usize| {
            let place = places[column];
            place.and_then(|at| row.cells.get(at)).unwrap_or_default()
        };
        let risk = match row.cells.len() > width {
            true => Err(Wrong {
                field: "title",
                why: "There is more in this line than in the heading. Put texts with a comma into \
                      quotes."
                    .into(),
            }),
            false => Risk::read(&Written {
                id: cell(0),
                title: cell(1),
                level: cell(2),
                treatment: cell(3),
                owner: cell(4),
                due: cell(5),
                status: cell(6),
            }),
        };
        let risk = risk.and_then(|risk| match seen.insert(risk.id.to_lowercase()) {
            true => Ok(risk),
            false => Err(Wrong {
                field: "id",
                why: format!("{} is there twice.", risk.id),
            }),
        });
        lines.push(Line {
            number: row.number,
            risk,
        });
    }
    match lines.is_empty() {
        true => Err("There is no risk in the file.".to_owned()),
        false => Ok(lines),
    }
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
