//! What a person can say about alerts that are counted.

use clap::Args;

use super::rules::Format;
use crate::command::value::KpiKey;

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Count alerts",
    after_help = "source webhook incidents format:alertmanager only:\"severity=critical\"\n\
                  source webhook incidents format:generic id:/id at:/timestamp only:\"/rule/level>=12\""
)]
pub struct CountAlerts {
    /// KPI
    pub kpi: KpiKey,
    /// What sends them
    #[arg(long)]
    pub format: Format,
    /// Only alerts that
    ///
    /// A label, or a JSON pointer into the alert: severity=critical, /rule/level>=12. Commas between several.
    #[arg(long)]
    pub only: Option<String>,
    /// Where an alert's id stands
    ///
    /// Generic only: a JSON pointer into the alert, such as /id. The same id is counted once.
    #[arg(long)]
    pub id: Option<String>,
    /// Where its time stands
    ///
    /// Generic only: a JSON pointer into the alert, such as /timestamp.
    #[arg(long)]
    pub at: Option<String>,
    /// Where its name stands
    ///
    /// Generic only: a JSON pointer into the alert, such as /rule/description.
    #[arg(long)]
    pub name: Option<String>,
    /// Where the list of alerts stands
    ///
    /// Generic only: a JSON pointer into the body, such as /alerts. Empty: the body is one alert, or the list.
    #[arg(long)]
    pub list: Option<String>,
}
