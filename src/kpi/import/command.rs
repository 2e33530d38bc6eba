//! What a person can say about importing values.

use clap::Args;

use crate::command::value::FileRef;

#[derive(Debug, Clone, PartialEq, Args)]
#[command(display_name = "Import values", after_help = "kpi import")]
pub struct ImportValues {
    /// CSV file
    ///
    /// With the columns kpi, period, value, and if needed note and reason.
    #[arg(long)]
    pub file: Option<FileRef>,
    /// Record it
    ///
    /// Without this it is only said what would be recorded.
    #[arg(long, hide = true)]
    pub commit: bool,
}
