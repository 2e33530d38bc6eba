//! What a person can say about KPIs and the digest.

use clap::{Args, Subcommand};

use super::analysis::command::AnalyseKpi;
use super::import::command::ImportValues;
use super::rules::{Direction, Frequency, Scale};
use crate::command::value::{Amount, FileRef, KpiKey, NewKpiKey, PeriodName, Prose, Who};

#[derive(Debug, Clone, PartialEq, Subcommand)]
pub enum KpiCommand {
    /// Add a KPI
    New(NewKpi),
    /// List all KPIs with their last value and status
    #[command(
        display_name = "List KPIs",
        visible_alias = "ls",
        after_help = "kpi list"
    )]
    List,
    /// Show one KPI, its target and its last values
    #[command(
        display_name = "Show a KPI",
        visible_alias = "view",
        after_help = "kpi show phishing-click-rate"
    )]
    Show {
        /// KPI
        kpi: KpiKey,
    },
    /// Record the value of a period
    Record(RecordValue),
    /// Correct a recorded value, with a reason
    #[command(
        display_name = "Correct a value",
        after_help = "kpi correct incidents 2026-10 4 One was reported late"
    )]
    Correct {
        /// KPI
        kpi: KpiKey,
        /// Period
        ///
        /// For example: 2026-10, october, last month, 2026-Q3, 2026-W47.
        period: PeriodName,
        /// The right value
        value: Amount,
        /// Why it changes
        ///
        /// The old value and this reason stay on record.
        reason: Prose,
        /// Evidence
        #[arg(long)]
        file: Option<FileRef>,
    },
    /// Import values from a CSV file
    Import(ImportValues),
    /// Draw the run chart of a KPI
    #[command(
        display_name = "Draw a chart",
        visible_alias = "graph",
        after_help = "kpi chart phishing-click-rate"
    )]
    Chart {
        /// KPI
        kpi: KpiKey,
    },
    /// Stop asking for a KPI for now
    #[command(
        display_name = "Pause a KPI",
        after_help = "kpi pause patches-in-time The scanner is being replaced"
    )]
    Pause {
        /// KPI
        kpi: KpiKey,
        /// Why it is paused
        reason: Option<Prose>,
    },
    /// Recalculate the limits of a KPI, with a reason
    #[command(
        display_name = "Recalculate limits",
        visible_alias = "recalculate",
        after_help = "kpi limits patches-in-time from:2026-06 The new scanner counts all servers"
    )]
    Limits {
        /// KPI
        kpi: KpiKey,
        /// From which period on
        ///
        /// The twelve values from there make the limits. For example: 2026-10, june, 2026-W20.
        #[arg(long)]
        from: PeriodName,
        /// Why they change
        ///
        /// What is different since then. Kept with the limits.
        reason: Prose,
    },
    /// Say what is behind a value that crossed
    Analyse(AnalyseKpi),
    /// Ask for a paused KPI again
    #[command(
        display_name = "Resume a KPI",
        after_help = "kpi resume patches-in-time"
    )]
    Resume {
        /// KPI
        kpi: KpiKey,
    },
}

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Add a KPI",
    after_help = "kpi new phishing-click-rate Clicks on phishing tests unit:% direction:lower target:5 frequency:monthly"
)]
pub struct NewKpi {
    /// Key
    ///
    /// A short name to type: small letters, digits and hyphens, as in phishing-click-rate.
    pub key: NewKpiKey,
    /// Name
    pub name: String,
    /// Unit
    ///
    /// For example: %, incidents, hours.
    #[arg(long)]
    pub unit: String,
    /// Which way is better
    #[arg(long)]
    pub direction: Direction,
    /// Target
    #[arg(long)]
    pub target: Amount,
    /// Warning level
    ///
    /// Where it stops being on target and is not yet off target.
    #[arg(long)]
    pub warning: Option<Amount>,
    /// How often it is measured
    #[arg(long)]
    pub frequency: Frequency,
    /// Who measures
    #[arg(long)]
    pub measurer: Option<Who>,
    /// Who looks into it
    ///
    /// Is told when it leaves its usual range.
    #[arg(long)]
    pub analyst: Option<Who>,
    /// What it tells
    ///
    /// The question it answers, and how it is measured.
    #[arg(long)]
    pub purpose: Option<Prose>,
    /// How its values are judged
    #[arg(long, default_value = "linear")]
    pub scale: Scale,
}

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Record a value",
    visible_alias = "measure",
    after_help = "kpi record phishing-click-rate 3.2\n\
                  kpi record incidents 4 period:october note:One was a false alarm"
)]
pub struct RecordValue {
    /// KPI
    pub kpi: KpiKey,
    /// Value
    ///
    /// A number: 12, 12.5 or 97%.
    pub value: Amount,
    /// Period
    ///
    /// Empty means the last one that ended. Or: 2026-10, october, last month, 2026-Q3, 2026-W47.
    #[arg(long)]
    pub period: Option<PeriodName>,
    /// Note
    ///
    /// What explains the value, and the address of what proves it.
    #[arg(long)]
    pub note: Option<Prose>,
    /// Evidence
    #[arg(long)]
    pub file: Option<FileRef>,
}

#[derive(Debug, Clone, PartialEq, Subcommand)]
pub enum DigestCommand {
    /// Post the digest into the channel now
    #[command(display_name = "Post the digest", after_help = "digest now")]
    Now,
    /// Show me the digest as it would be posted
    #[command(display_name = "Preview the digest", after_help = "digest preview")]
    Preview,
}
