//! What a person can say about internal audits.

use clap::Subcommand;

use super::auditor::command::AuditorCommand;
use super::checklist::command::ChecklistCommand;
use super::finding::command::FindingCommand;
use super::question::command::QuestionCommand;
use crate::command::value::{AuditName, Prose};

#[derive(Debug, Clone, PartialEq, Subcommand)]
pub enum AuditCommand {
    /// Plan a year of audits
    #[command(display_name = "Plan a year of audits", after_help = "audit plan 2027")]
    Plan {
        /// Year
        ///
        /// For example: 2027.
        #[arg(value_parser = clap::value_parser!(i32).range(2000..=2199))]
        year: i32,
    },
    /// List the audits of a year
    #[command(
        display_name = "List audits",
        visible_alias = "ls",
        after_help = "audit list\naudit list 2027"
    )]
    List {
        /// Year
        ///
        /// Empty means this year.
        #[arg(value_parser = clap::value_parser!(i32).range(2000..=2199))]
        year: Option<i32>,
    },
    /// Show one audit: scope, auditor, what is open
    #[command(
        display_name = "Show an audit",
        visible_alias = "view",
        after_help = "audit show AUD-2026-12"
    )]
    Show {
        /// Audit
        audit: AuditName,
    },
    #[command(flatten)]
    Auditor(AuditorCommand),
    /// Begin an audit
    #[command(
        display_name = "Start an audit",
        visible_alias = "begin",
        after_help = "audit start AUD-2026-12"
    )]
    Start {
        /// Audit
        audit: AuditName,
    },
    #[command(flatten)]
    Checklist(ChecklistCommand),
    #[command(flatten)]
    Finding(FindingCommand),
    #[command(flatten)]
    Question(QuestionCommand),
    /// End an audit, with what it came to
    #[command(
        display_name = "Finish an audit",
        after_help = "audit finish AUD-2026-12 Conforms, with one minor nonconformity: CA-12"
    )]
    Finish {
        /// Audit
        audit: AuditName,
        /// Conclusion
        ///
        /// Whether the scope conforms and is effectively kept up, and the actions raised.
        conclusion: Prose,
    },
}
