//! What a person can say about where values come from.

use clap::Subcommand;

use crate::command::value::KpiKey;
use crate::kpi::alerts::command::CountAlerts;

#[derive(Debug, Clone, PartialEq, Subcommand)]
pub enum SourceCommand {
    /// List where the values come from, and when that last worked
    #[command(
        display_name = "List sources",
        visible_alias = "ls",
        after_help = "source list"
    )]
    List,
    /// Have the values said in chat
    #[command(
        display_name = "Measure by hand",
        after_help = "source manual phishing-click-rate"
    )]
    Manual {
        /// KPI
        kpi: KpiKey,
    },
    /// Have the values sent by a program
    #[command(
        display_name = "Values by a program",
        after_help = "source push critical-patches-in-time"
    )]
    Push {
        /// KPI
        kpi: KpiKey,
    },
    /// Have alerts counted
    Webhook(CountAlerts),
}
