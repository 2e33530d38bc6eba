//! What a person can say about a checklist.

use clap::{Args, Subcommand, ValueEnum, value_parser};

use super::rules::{ItemResult, Method};
use crate::command::value::{AuditName, FileRef, ItemName, Prose, Seen};

#[derive(Debug, Clone, PartialEq, Subcommand)]
pub enum ChecklistCommand {
    /// Put down what was found at an item of an audit
    Check(CheckItem),
    /// Show the checklist of an audit, item by item
    #[command(
        display_name = "Show a checklist",
        after_help = "audit checklist AUD-2026-12\naudit checklist AUD-2026-12 2"
    )]
    Checklist {
        /// Audit
        audit: AuditName,
        /// Page
        #[arg(default_value = "1", value_parser = value_parser!(u32).range(1..))]
        page: u32,
    },
}

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Check an item",
    after_help = "audit check AUD-2026-12\n\
                  audit check AUD-2026-12 9.1 result:conforms method:document evidence:\"KPI digest of week 47\""
)]
pub struct CheckItem {
    /// Audit
    pub audit: AuditName,
    /// Clause or control
    ///
    /// Empty means the next one that nobody has put down.
    pub requirement: Option<ItemName>,
    /// What it came to
    #[arg(long)]
    pub result: Option<ItemResult>,
    /// How it was looked at
    #[arg(long)]
    pub method: Option<How>,
    /// Out of what
    ///
    /// The population: 58 leavers of this year.
    #[arg(long)]
    pub population: Option<String>,
    /// How many were looked at
    ///
    /// The size of the sample: 12.
    #[arg(long)]
    pub sample: Option<String>,
    /// How they were chosen
    ///
    /// For example: every fifth from the HR list.
    #[arg(long)]
    pub chosen: Option<String>,
    /// Evidence
    ///
    /// What shows it: an address, a record and its date, who was asked.
    #[arg(long)]
    pub evidence: Option<Prose>,
    /// Evidence, as a file
    #[arg(long)]
    pub file: Option<FileRef>,
    /// Note
    ///
    /// What was seen. Needed where it does not conform or was not looked at.
    #[arg(long)]
    pub note: Option<Prose>,
    /// What you have seen of it
    ///
    /// Set by the form, so that two auditors do not overwrite each other.
    #[arg(long, hide = true)]
    pub seen: Option<Seen>,
}

/// How an item was looked at, in one choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, strum::VariantArray)]
pub enum How {
    /// Documents
    Document,
    /// Interviews
    Interview,
    /// Observation
    Observation,
    /// Documents and interviews
    #[value(alias = "document,interview")]
    DocumentInterview,
    /// Documents and observation
    #[value(alias = "document,observation")]
    DocumentObservation,
    /// Interviews and observation
    #[value(alias = "interview,observation")]
    InterviewObservation,
    /// All three
    #[value(alias = "document,interview,observation")]
    All,
}

impl How {
    pub fn methods(self) -> Vec<Method> {
        use Method::{Document, Interview, Observation};
        match self {
            How::Document => vec![Document],
            How::Interview => vec![Interview],
            How::Observation => vec![Observation],
            How::DocumentInterview => vec![Document, Interview],
            How::DocumentObservation => vec![Document, Observation],
            How::InterviewObservation => vec![Interview, Observation],
            How::All => vec![Document, Interview, Observation],
        }
    }

    /// The word for these methods.
    pub fn word_of(methods: &[Method]) -> Option<String> {
        use strum::VariantArray;
        let how = How::VARIANTS.iter().find(|how| how.methods() == methods)?;
        let word = how.to_possible_value()?;
        Some(word.get_name().to_owned())
    }
}

impl CheckItem {
    /// It names an item, or the next one, and says nothing about it.
    pub fn wants_form(&self) -> bool {
        self.requirement.is_none() || self.result.is_none()
    }
}

impl ChecklistCommand {
    /// The words that lead to this command.
    pub fn path(&self) -> &'static str {
        match self {
            ChecklistCommand::Check(_) => "audit check",
            ChecklistCommand::Checklist { .. } => "audit checklist",
        }
    }
}
