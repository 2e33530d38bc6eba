//! Findings: nouns and decisions. Pure.

use chrono::{DateTime, Utc};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::command::value::{AuditName, ControlName, FileRef, FindingName};

/// What an audit found at one requirement.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Counts those of a workspace from 1.
    pub number: i64,
    pub audit: AuditName,
    pub requirement: ControlName,
    pub grade: Grade,
    /// What is so, in the auditor's words.
    pub statement: String,
    /// What shows it.
    pub evidence: Option<String>,
    pub evidence_file: Option<FileRef>,
    pub state: State,
    /// The corrective action it raised.
    pub action: Option<i64>,
    /// The auditor, and when it was written down.
    pub by: Uuid,
    pub at: DateTime<Utc>,
    /// What who answers for the area said to it.
    pub answer: Option<Answer>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub by: Uuid,
    pub at: DateTime<Utc>,
    /// Why it is disputed.
    pub reason: Option<String>,
}

/// How much it weighs.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    ValueEnum,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Grade {
    /// Major nonconformity
    Major,
    /// Minor nonconformity
    Minor,
    /// Opportunity for improvement
    Opportunity,
    /// Conforming, worth a note
    Conforming,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display, strum::EnumString)]
#[strum(serialize_all = "kebab-case")]
pub enum State {
    /// Who answers for the area has not said anything to it.
    Draft,
    /// They say that it is not so; the auditor decides.
    Disputed,
    /// It stands.
    Final,
    /// The auditor took it back.
    Withdrawn,
}

impl Grade {
    /// Asks for a corrective action.
    pub fn is_nonconformity(self) -> bool {
        matches!(self, Grade::Major | Grade::Minor)
    }
}

impl State {
    /// Whether it may still change.
    pub fn is_draft(self) -> bool {
        matches!(self, State::Draft | State::Disputed)
    }
}

impl Finding {
    /// `F-7`.
    pub fn name(&self) -> FindingName {
        FindingName(self.number)
    }

    /// What it says, in a line.
    pub fn title(&self) -> &str {
        self.statement.lines().next().unwrap_or_default()
    }
}
