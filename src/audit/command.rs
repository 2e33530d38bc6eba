//! What a person can say about internal audits.

use clap::Subcommand;

use super::auditor::command::AuditorCommand;
use super::checklist::command::ChecklistCommand;
use super::finding::command::FindingCommand;
use super::programme::command::{PlanYear, ProgrammeCommand};
use super::question::command::QuestionCommand;
use crate::command::value::{AuditName, ProgrammeName, Prose};

#[derive(Debug, Clone, PartialEq, Subcommand)]
pub enum AuditCommand {
    /// Plan a year of audits
    Plan(PlanYear),
    /// List the audits of a year
    #[command(
        display_name = "List audits",
        visible_alias = "ls",
        after_help = "audit list\naudit list 2027\naudit list 2027 why"
    )]
    List {
        /// Year
        ///
        /// Empty means this year.
        year: Option<ProgrammeName>,
        /// Why each is audited, or is not
        #[arg(long)]
        why: bool,
    },
    #[command(flatten)]
    Programme(ProgrammeCommand),
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
