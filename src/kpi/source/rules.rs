//! What a source is asked, and how it goes.

use chrono::{DateTime, Utc};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::command::value::KpiKey;

/// Where the values of a KPI come from.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    Hash,
    ValueEnum,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Source {
    /// Somebody says it in chat
    #[default]
    Manual,
    /// A program sends it
    Push,
    /// A query to Prometheus
    Prometheus,
    /// A value in a JSON document
    Http,
    /// Alerts, counted
    Webhook,
    /// Questions to people in chat
    Survey,
    /// A checklist
    Inspection,
    /// The bot's own records
    Derived,
}

impl Source {
    /// Whether a program brings its values by itself, showing a token.
    pub fn is_sent(self) -> bool {
        matches!(self, Source::Push | Source::Webhook)
    }
}

/// The source of one KPI, as it is set and as it goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Feed {
    pub kpi: KpiKey,
    /// What it is asked; its shape depends on the kind of the source.
    pub setting: Value,
    /// When it was last asked, or last came.
    pub tried_at: Option<DateTime<Utc>>,
    /// When it last gave a value.
    pub worked_at: Option<DateTime<Utc>>,
    /// Why it fails, while it does.
    pub fault: Option<String>,
    /// When its measurer was told that it fails.
    pub told_at: Option<DateTime<Utc>>,
}
