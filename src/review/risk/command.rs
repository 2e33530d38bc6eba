//! What a person can say about the risk register.

use clap::{Args, Subcommand};

use crate::command::value::FileRef;

#[derive(Debug, Clone, PartialEq, Subcommand)]
pub enum RiskCommand {
    /// Show how the risks stand
    #[command(display_name = "Risks", after_help = "review risks")]
    Risks,
    /// Take in the risk register
    RiskImport(ImportRisks),
}

#[derive(Debug, Clone, Default, PartialEq, Args)]
#[command(display_name = "Import risks", after_help = "review risk-import")]
pub struct ImportRisks {
    /// CSV file
    ///
    /// With the columns id, title, level, and if you have them treatment, owner, due and status.
    #[arg(long)]
    pub file: Option<FileRef>,
    /// Take it in
    ///
    /// Without this it is only said what the file holds.
    #[arg(long, hide = true)]
    pub commit: bool,
}

impl RiskCommand {
    pub fn path(&self) -> &'static str {
        match self {
            RiskCommand::Risks => "review risks",
            RiskCommand::RiskImport(_) => "review risk-import",
        }
    }
}
