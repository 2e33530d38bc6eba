//! What a person can say about where values come from.

use clap::{Args, Subcommand};

use super::ask::Over;
use super::derived::Figure;
use crate::command::value::{Address, Amount, JsonPointer, KpiKey, Prose};
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
    /// Ask a Prometheus
    Prometheus(AskPrometheus),
    /// Ask for a JSON document
    Http(AskHttp),
    /// Have me count myself
    #[command(
        display_name = "Values of my own",
        after_help = "source derived actions-overdue of:actions-overdue"
    )]
    Derived {
        /// KPI
        kpi: KpiKey,
        /// What is counted
        #[arg(long)]
        of: Figure,
    },
    /// Ask now, and record nothing
    #[command(
        display_name = "Try a source",
        after_help = "source try critical-patches-in-time"
    )]
    Try {
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

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Values from Prometheus",
    after_help = "source prometheus availability url:https://prometheus.example:9090 query:\"avg(up)\" range:avg factor:100"
)]
pub struct AskPrometheus {
    /// KPI
    pub kpi: KpiKey,
    /// Address
    ///
    /// Without /api: https://prometheus.example:9090
    #[arg(long)]
    pub url: Address,
    /// Query (PromQL)
    ///
    /// It gives one series. {seconds} is the length of the period.
    #[arg(long)]
    pub query: Prose,
    /// Over the whole period
    ///
    /// What becomes of a sample each hour. Empty: the value at its end.
    #[arg(long)]
    pub range: Option<Over>,
    /// Times
    ///
    /// Makes the KPI's unit of it: 100 for a share, 0.001 for milliseconds.
    #[arg(long)]
    pub factor: Option<Amount>,
    /// Secret
    ///
    /// The name that whoever runs me gave it.
    #[arg(long)]
    pub secret: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Values from a document",
    after_help = "source http alerts url:https://elastic.example/alerts/_count pointer:/count secret:elastic"
)]
pub struct AskHttp {
    /// KPI
    pub kpi: KpiKey,
    /// Address
    ///
    /// {from}, {to}, {first}, {last} and {period} become the period's.
    #[arg(long)]
    pub url: Address,
    /// Where the value stands
    ///
    /// A JSON pointer: /hits/total/value
    #[arg(long)]
    pub pointer: JsonPointer,
    /// Posted text (JSON)
    ///
    /// Empty: nothing is posted. {from} and the others work here, too.
    #[arg(long)]
    pub body: Option<Prose>,
    /// Times
    ///
    /// Makes the KPI's unit of it: 100 for a share, 0.001 for milliseconds.
    #[arg(long)]
    pub factor: Option<Amount>,
    /// Secret
    ///
    /// The name that whoever runs me gave it.
    #[arg(long)]
    pub secret: Option<String>,
}
