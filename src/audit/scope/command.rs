//! What a person can say about what applies.

use clap::{Args, ValueEnum};

use crate::command::value::{ControlName, FileRef, Prose};

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Set what applies",
    after_help = "audit scope-set\naudit scope-set A.8.30 applies:no reason:\"Nothing is developed outside\""
)]
pub struct SetScope {
    /// Control
    ///
    /// Like A.8.30. Empty if you give a file.
    pub control: Option<ControlName>,
    /// Whether it applies
    #[arg(long)]
    pub applies: Option<Applies>,
    /// Why
    ///
    /// Needed where it does not apply.
    #[arg(long)]
    pub reason: Option<Prose>,
    /// Statement of applicability, as CSV
    ///
    /// With the columns control, applicable (yes or no) and reason.
    #[arg(long)]
    pub file: Option<FileRef>,
    /// Take it
    ///
    /// Without this it is only said what the file would change.
    #[arg(long, hide = true)]
    pub commit: bool,
}

impl SetScope {
    pub fn is_empty(&self) -> bool {
        self.control.is_none() && self.file.is_none()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Applies {
    /// It applies
    Yes,
    /// It does not apply
    No,
}
