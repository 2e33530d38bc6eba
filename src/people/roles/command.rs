//! What a person can say about roles.

use chrono::NaiveDate;
use clap::{Args, Subcommand};

use crate::command::value::{FileRef, Prose, Who};
use crate::people::Role;

#[derive(Debug, Clone, PartialEq, Subcommand)]
pub enum RoleCommand {
    /// Show who has which role
    #[command(
        display_name = "Show roles",
        visible_alias = "ls",
        after_help = "role list"
    )]
    List,
    /// Give someone a role, or record an auditor's training
    Grant(GrantRole),
    /// Take a role back: the person is a member again
    #[command(
        display_name = "Revoke a role",
        visible_alias = "remove",
        after_help = "role revoke @bob He changed to sales"
    )]
    Revoke {
        /// Whose role
        person: Who,
        /// Why
        reason: Option<Prose>,
    },
}

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Grant a role",
    visible_alias = "give",
    after_help = "role grant @bob leader\n\
                  role grant @ann auditor training:\"Internal auditor, ISO 27001\" on:2026-05-12 until:2029-05-12 evidence:\"Certificate 4711\""
)]
pub struct GrantRole {
    /// Who gets it
    pub person: Who,
    /// Role
    pub role: Role,
    #[command(flatten)]
    pub shown: Shown,
}

/// What shows that someone can audit.
#[derive(Debug, Clone, Default, PartialEq, Args)]
pub struct Shown {
    /// Training or experience
    ///
    /// What shows that an auditor can audit. For example: Internal auditor, ISO 27001.
    #[arg(long)]
    pub training: Option<String>,
    /// Date of the training
    #[arg(long)]
    pub on: Option<NaiveDate>,
    /// Valid until
    #[arg(long)]
    pub until: Option<NaiveDate>,
    /// Proof
    ///
    /// For example: a certificate's number, or the address of its copy.
    #[arg(long)]
    pub evidence: Option<Prose>,
    /// Proof, as a file
    #[arg(long)]
    pub file: Option<FileRef>,
}
