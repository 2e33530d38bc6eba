//! What a person can say about reports.

use clap::{Args, Subcommand, ValueEnum};

use crate::action::command::{Severity, Source, StateFilter};
use crate::command::value::{AuditName, ControlName, Prose, ReportSpan, ReviewName, Who};

#[derive(Debug, Clone, PartialEq, Subcommand)]
pub enum ReportCommand {
    /// How the KPIs did in a month, a quarter or a year
    Performance(PerformanceReport),
    /// The register of actions as a file
    Actions(ActionRegister),
    /// The minutes of a management review
    #[command(
        display_name = "Minutes of a review",
        visible_alias = "minutes",
        after_help = "report review MR-2026-Q4\nreport review MR-2026-Q4 format:markdown"
    )]
    Review {
        /// Review
        review: ReviewName,
        /// As what
        #[arg(long, default_value = "pdf")]
        format: Format,
    },
    /// Get the report of an audit that has ended
    #[command(display_name = "Audit report", after_help = "report audit AUD-2026-12")]
    Audit {
        /// Audit
        audit: AuditName,
    },
    /// Get a published report again, and see who has reviewed it
    #[command(
        display_name = "Get a report",
        visible_alias = "show",
        after_help = "report get\nreport get 2026-Q3"
    )]
    Get {
        /// Period
        ///
        /// Empty means the last one that was published.
        period: Option<ReportSpan>,
    },
    /// Say that you have reviewed a published report
    #[command(
        display_name = "Review a report",
        after_help = "report reviewed 2026-Q3\nreport reviewed 2026-Q3 Patching needs a second person"
    )]
    Reviewed {
        /// Period
        period: ReportSpan,
        /// What you conclude
        ///
        /// Kept with the evaluation. May be left out.
        conclusion: Option<Prose>,
    },
}

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Performance report",
    after_help = "report performance\nreport performance last month\nreport performance 2026-Q3 format:all\nreport performance 2026-Q3 to:channel"
)]
pub struct PerformanceReport {
    /// Period
    ///
    /// A month, a quarter or a year: last month, 2026-Q3, 2026. Empty means the last one that ended.
    pub period: Option<ReportSpan>,
    /// As what
    #[arg(long, default_value = "pdf")]
    pub format: Format,
    /// Where to
    ///
    /// Into the channel it is published: leaders get it too, to review it.
    #[arg(long, default_value = "me")]
    pub to: Place,
}

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Register of actions",
    after_help = "report actions\nreport actions format:csv\nreport actions state:open owner:@ann"
)]
pub struct ActionRegister {
    /// Words in the title
    pub text: Option<String>,
    /// As what
    #[arg(long, default_value = "pdf")]
    pub format: Format,
    /// Only in this state
    #[arg(long, default_value = "all")]
    pub state: StateFilter,
    /// Only what is overdue
    #[arg(long)]
    pub overdue: bool,
    /// Only this person's
    #[arg(long)]
    pub owner: Option<Who>,
    /// Only from here
    #[arg(long)]
    pub source: Option<Source>,
    /// Only this serious
    #[arg(long)]
    pub severity: Option<Severity>,
    /// Only about this control or clause
    #[arg(long)]
    pub control: Option<ControlName>,
}

/// As what a report comes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, strum::Display)]
#[strum(serialize_all = "kebab-case")]
pub enum Format {
    /// PDF
    #[default]
    Pdf,
    /// Markdown
    #[value(alias = "md")]
    Markdown,
    /// CSV, for a spreadsheet
    Csv,
    /// All three
    All,
}

/// Where a report goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, strum::Display)]
#[strum(serialize_all = "kebab-case")]
pub enum Place {
    /// To me
    #[default]
    Me,
    /// Into the channel
    Channel,
}

impl Format {
    pub fn is_pdf(self) -> bool {
        matches!(self, Format::Pdf | Format::All)
    }

    pub fn is_markdown(self) -> bool {
        matches!(self, Format::Markdown | Format::All)
    }

    pub fn is_csv(self) -> bool {
        matches!(self, Format::Csv | Format::All)
    }
}
