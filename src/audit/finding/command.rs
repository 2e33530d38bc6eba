//! What a person can say about findings.

use clap::{Args, Subcommand};

use super::rules::Grade;
use crate::command::value::{
    AuditName, DueDate, FileRef, FindingName, ItemName, Prose, SameAs, Who,
};

#[derive(Debug, Clone, PartialEq, Subcommand)]
pub enum FindingCommand {
    /// Put down a finding of an audit
    Finding(NewFinding),
    /// Show a finding, and what was said to it
    #[command(
        display_name = "Show a finding",
        after_help = "audit finding-show F-7\nF-7"
    )]
    FindingShow {
        /// Finding
        finding: FindingName,
    },
    /// Say that a finding about your area is so
    #[command(display_name = "Accept a finding", after_help = "audit accept F-7")]
    Accept {
        /// Finding
        finding: FindingName,
    },
    /// Say that a finding about your area is not so, and why
    #[command(
        display_name = "Dispute a finding",
        after_help = "audit dispute F-7 Both badges were locked the same day, see the door log"
    )]
    Dispute {
        /// Finding
        finding: FindingName,
        /// Why it is not so
        ///
        /// What shows it. The auditor decides.
        reason: Prose,
    },
    /// Let a finding stand, with the reason
    #[command(
        display_name = "Uphold a finding",
        after_help = "audit uphold F-7 The door log shows both badges open on Monday"
    )]
    Uphold {
        /// Finding
        finding: FindingName,
        /// Why it stands
        reason: Prose,
    },
    /// Change what a finding says; it is answered anew
    Amend(AmendFinding),
    /// Take a finding back, with the reason
    #[command(
        display_name = "Withdraw a finding",
        after_help = "audit withdraw F-7 The badges were locked; the list was old"
    )]
    Withdraw {
        /// Finding
        finding: FindingName,
        /// Why it is not so
        ///
        /// The action that it raised is cancelled with it.
        reason: Prose,
    },
}

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Put down a finding",
    after_help = "audit finding AUD-2026-12 9.1 grade:minor evidence:\"Digest of week 47\" Two KPIs have no value since July"
)]
pub struct NewFinding {
    /// Audit
    pub audit: AuditName,
    /// Clause or control
    pub requirement: ItemName,
    /// What is so
    ///
    /// What you saw against what is asked for. No names where none are needed.
    pub statement: Prose,
    /// How much it weighs
    #[arg(long)]
    pub grade: Grade,
    /// Evidence
    ///
    /// What shows it. A nonconformity needs it, or a file.
    #[arg(long)]
    pub evidence: Option<Prose>,
    /// Evidence, as a file
    #[arg(long)]
    pub file: Option<FileRef>,
    /// Who corrects it
    ///
    /// Of a nonconformity's action. Empty means whoever answers for the area.
    #[arg(long)]
    pub owner: Option<Who>,
    /// Corrected by
    ///
    /// Empty means 30 days for a major and 60 for a minor one.
    #[arg(long)]
    pub due: Option<DueDate>,
    /// Is it one that is open already?
    ///
    /// For example: F-3, or: another. Asked where there are open ones.
    #[arg(long, hide = true)]
    pub same: Option<SameAs>,
}

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Amend a finding",
    after_help = "audit amend F-7 grade:minor reason:\"Only one of them was still open\""
)]
pub struct AmendFinding {
    /// Finding
    pub finding: FindingName,
    /// What is so
    pub statement: Option<Prose>,
    /// How much it weighs
    #[arg(long)]
    pub grade: Option<Grade>,
    /// Evidence
    #[arg(long)]
    pub evidence: Option<Prose>,
    /// Evidence, as a file
    #[arg(long)]
    pub file: Option<FileRef>,
    /// Why it is changed
    #[arg(long)]
    pub reason: Prose,
}

impl FindingCommand {
    /// The words that lead to this command.
    pub fn path(&self) -> &'static str {
        match self {
            FindingCommand::Finding(_) => "audit finding",
            FindingCommand::FindingShow { .. } => "audit finding-show",
            FindingCommand::Accept { .. } => "audit accept",
            FindingCommand::Dispute { .. } => "audit dispute",
            FindingCommand::Uphold { .. } => "audit uphold",
            FindingCommand::Amend(_) => "audit amend",
            FindingCommand::Withdraw { .. } => "audit withdraw",
        }
    }
}
