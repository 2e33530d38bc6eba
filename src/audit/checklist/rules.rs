//! What was looked at for one requirement, how, and what it came to. Pure.

use chrono::{DateTime, Utc};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::command::value::{AuditName, ControlName, FileRef};

/// An item that somebody has put something down for. One that is not kept was not looked at yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    pub audit: AuditName,
    pub requirement: ControlName,
    pub result: ItemResult,
    /// How it was looked at.
    pub methods: Vec<Method>,
    pub sample: Sample,
    /// A link, or where it is.
    pub evidence: Option<String>,
    pub evidence_file: Option<FileRef>,
    /// What was seen; for what was not tested, why.
    pub note: Option<String>,
    pub by: Uuid,
    pub at: DateTime<Utc>,
    /// Counts the times it was put down, from 1: two auditors do not overwrite each other.
    pub version: i64,
}

/// What was looked at, out of what, and how it was chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sample {
    /// `58 leavers of 2026`.
    pub population: Option<String>,
    /// `12`.
    pub size: Option<String>,
    /// `every fifth, from the HR list`.
    pub chosen: Option<String>,
}

/// What an item came to. What it found has a finding of its own.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
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
pub enum ItemResult {
    /// Conforms
    Conforms,
    /// Does not conform
    DoesNotConform,
    /// Not applicable
    NotApplicable,
    /// Not tested
    NotTested,
}

/// How it was looked at (ISO 19011, A.1).
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
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
pub enum Method {
    /// Documents were read
    Document,
    /// People were asked
    Interview,
    /// Work was watched
    Observation,
}
