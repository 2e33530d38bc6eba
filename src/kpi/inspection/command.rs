//! What a person can say about inspections.

use clap::{Args, Subcommand, value_parser};

use super::rules::{MOST_LINES, Outcome};
use crate::command::value::{FileRef, KpiKey, PeriodName, Prose};

#[derive(Debug, Clone, PartialEq, Subcommand)]
pub enum InspectionCommand {
    /// Measure a KPI by a checklist
    #[command(
        display_name = "Set up an inspection",
        after_help = "inspection new clean-desk \"Screens are locked; Nothing confidential lies about; The shredder works\""
    )]
    New {
        /// KPI
        kpi: KpiKey,
        /// What is looked at, one on each line
        lines: Prose,
    },
    /// Begin an inspection, or go on with it
    #[command(
        display_name = "Inspect",
        visible_alias = "resume",
        after_help = "inspection start clean-desk\ninspection start clean-desk period:october"
    )]
    Start {
        /// KPI
        kpi: KpiKey,
        /// Period
        ///
        /// Empty means the last one that ended, or this one, if that has its value.
        #[arg(long)]
        period: Option<PeriodName>,
    },
    /// Say what was found at a line
    Check(CheckLine),
    /// Show an inspection, line by line
    #[command(
        display_name = "Show an inspection",
        visible_alias = "view",
        after_help = "inspection show clean-desk"
    )]
    Show {
        /// KPI
        kpi: KpiKey,
        /// Period
        ///
        /// Empty means the last inspection.
        period: Option<PeriodName>,
    },
    /// Finish an inspection: what passed becomes the value
    #[command(
        display_name = "Finish an inspection",
        visible_alias = "done",
        after_help = "inspection finish clean-desk"
    )]
    Finish {
        /// KPI
        kpi: KpiKey,
    },
}

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Check a line",
    after_help = "inspection check clean-desk 1 pass\n\
                  inspection check clean-desk 2 fail Two contracts on a desk evidence:\"photo 14\""
)]
pub struct CheckLine {
    /// KPI
    pub kpi: KpiKey,
    /// Number of the line
    #[arg(value_parser = value_parser!(u32).range(1..=MOST_LINES as i64))]
    pub line: u32,
    /// What was found
    pub result: Outcome,
    /// Note
    ///
    /// What was seen. Needed where something failed.
    pub note: Option<Prose>,
    /// Evidence, in words
    ///
    /// What shows it: whom you asked, what you saw, an address.
    #[arg(long)]
    pub evidence: Option<Prose>,
    /// Evidence, as a file
    #[arg(long)]
    pub file: Option<FileRef>,
}

impl CheckLine {
    /// It fails, and nobody said yet what was seen.
    pub fn wants_note(&self) -> bool {
        self.result == Outcome::Fail && self.note.is_none()
    }
}
