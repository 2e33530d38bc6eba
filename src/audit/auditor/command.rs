//! What a person can say about auditors.

use clap::{Args, Subcommand};

use crate::command::value::{AuditName, Prose, Who};

#[derive(Debug, Clone, PartialEq, Subcommand)]
pub enum AuditorCommand {
    /// Name the auditor of an audit: who leads it
    Assign(AssignAudit),
    /// Put someone beside the auditor, or take them off
    Team(ChangeTeam),
    /// Name a guest auditor who has no account here
    Guest(NameGuest),
    /// Show who can audit, and until when
    #[command(display_name = "Show auditors", after_help = "audit auditors")]
    Auditors,
}

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Assign an audit",
    after_help = "audit assign AUD-2026-12 @ann\n\
                  audit assign AUD-2026-12 @ann override:\"Nobody else knows the plant\""
)]
pub struct AssignAudit {
    /// Audit
    pub audit: AuditName,
    /// Who audits
    ///
    /// Trained for it, and not someone who is responsible for what is audited.
    pub auditor: Who,
    /// Why they audit all the same
    ///
    /// Only where something speaks against them. The reason stands in the report.
    #[arg(long = "override")]
    pub reason: Option<Prose>,
}

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Change an audit team",
    after_help = "audit team AUD-2026-12 @bob\naudit team AUD-2026-12 @bob remove"
)]
pub struct ChangeTeam {
    /// Audit
    pub audit: AuditName,
    /// Who audits too
    pub person: Who,
    /// Take them off the team
    #[arg(long)]
    pub remove: bool,
    /// Why they audit all the same
    ///
    /// Only where something speaks against them. The reason stands in the report.
    #[arg(long = "override")]
    pub reason: Option<Prose>,
}

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Name a guest auditor",
    after_help = "audit guest AUD-2026-12 \"Dr. Weber, TÜV\" competence:\"Lead auditor ISO 27001, certificate 4711\"\n\
                  audit guest AUD-2026-12 \"Dr. Weber, TÜV\" remove"
)]
pub struct NameGuest {
    /// Audit
    pub audit: AuditName,
    /// Name
    ///
    /// With the company. For example: Dr. Weber, TÜV.
    pub name: String,
    /// What shows that they can audit
    ///
    /// Training or experience, and the proof of it.
    #[arg(long)]
    pub competence: Option<Prose>,
    /// Take them off the audit
    #[arg(long)]
    pub remove: bool,
}
