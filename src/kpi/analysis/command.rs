//! What a person can say about what is behind a value.

use clap::Args;

use super::rules::{Finding, Found};
use crate::command::value::{ActionName, KpiKey, Prose};

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Analyse a KPI",
    visible_alias = "analyze",
    after_help = "kpi analyse phishing-click-rate special-cause cause:\"The test mail looked like our own\" why:\"Told everybody\"\n\
                  kpi analyse incidents none-found why:\"As many as in any December\""
)]
pub struct AnalyseKpi {
    /// KPI
    pub kpi: KpiKey,
    /// What you found
    ///
    /// Something that is not always there, or nothing but the usual ups and downs.
    pub found: Option<Found>,
    /// Cause
    ///
    /// Why it could happen. Needed for a special cause.
    #[arg(long)]
    pub cause: Option<Prose>,
    /// Action that is raised for it
    ///
    /// Leave it empty to raise one afterwards.
    #[arg(long)]
    pub action: Option<ActionName>,
    /// Why no action is needed
    #[arg(long)]
    pub why: Option<Prose>,
}

impl AnalyseKpi {
    /// Nothing but the KPI was named: time to open the form.
    pub fn is_empty(&self) -> bool {
        self.found.is_none() && self.cause.is_none() && self.action.is_none() && self.why.is_none()
    }

    pub fn finding(self) -> Finding {
        Finding {
            found: self.found,
            cause: self.cause.map(|cause| cause.0),
            action: self.action,
            no_action: self.why.map(|why| why.0),
        }
    }
}
