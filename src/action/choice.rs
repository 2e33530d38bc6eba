//! What people choose from when they speak of actions.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// Where an action comes from.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    ValueEnum,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Source {
    /// By hand
    #[default]
    ByHand,
    /// Audit finding
    Finding,
    /// KPI off target
    Kpi,
    /// Management review
    Review,
    /// Incident
    Incident,
}

/// How serious what led to an action is.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    ValueEnum,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Severity {
    /// Major nonconformity
    Major,
    /// Minor nonconformity
    #[default]
    Minor,
    /// Opportunity for improvement
    Opportunity,
}

impl Severity {
    /// A nonconformity needs cause, plan and evidence; an opportunity does not.
    pub fn is_nonconformity(self) -> bool {
        self != Severity::Opportunity
    }
}

/// Whether there is something like it elsewhere (10.2 b).
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    ValueEnum,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Similar {
    /// No, I looked
    #[value(aliases = ["none", "nowhere"])]
    No,
    /// Yes, or it could be
    #[value(aliases = ["maybe"])]
    Yes,
}

/// The outcome of looking again later.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    ValueEnum,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Effectiveness {
    /// Yes, it worked
    #[value(aliases = ["yes", "worked", "ok"])]
    Effective,
    /// No, it has to be reopened
    #[value(aliases = ["no", "failed"])]
    Ineffective,
}

/// Which actions a list shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, strum::Display)]
#[strum(serialize_all = "kebab-case")]
pub enum StateFilter {
    /// Everything that is not over
    #[default]
    Open,
    /// Everything that is still to be done
    Unfinished,
    /// Raised
    Raised,
    /// Planned
    Planned,
    /// Done, to be verified
    Done,
    /// Effective
    Effective,
    /// Reopened
    Reopened,
    /// Cancelled
    Cancelled,
    /// All
    All,
}
