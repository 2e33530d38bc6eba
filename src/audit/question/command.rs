//! What a person can say about the questions of checklists.

use clap::{Args, Subcommand};

use crate::command::value::{FileRef, ItemName};

#[derive(Debug, Clone, PartialEq, Subcommand)]
pub enum QuestionCommand {
    /// Show, replace or get the questions of the checklists
    Questions(AuditQuestions),
}

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Audit questions",
    after_help = "audit questions\naudit questions A.6.1\naudit questions csv:yes"
)]
pub struct AuditQuestions {
    /// Clause or control
    ///
    /// Empty means an overview.
    pub requirement: Option<ItemName>,
    /// Get them as a CSV file
    #[arg(long)]
    pub csv: bool,
    /// Replace them by a file
    #[arg(long)]
    pub replace: bool,
    /// CSV file
    ///
    /// With the columns requirement and question; several lines for a requirement are several questions.
    #[arg(long)]
    pub file: Option<FileRef>,
    /// Replace them
    ///
    /// Without this it is only said what would be replaced.
    #[arg(long, hide = true)]
    pub commit: bool,
}

impl QuestionCommand {
    /// The words that lead to this command.
    pub fn path(&self) -> &'static str {
        "audit questions"
    }

    /// A file is to be given, and was not yet.
    pub fn wants_form(&self) -> bool {
        let QuestionCommand::Questions(said) = self;
        said.replace && said.file.is_none()
    }
}
