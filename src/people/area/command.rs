//! What a person can say about areas.

use clap::Subcommand;

use crate::command::value::{AreaName, Who};

#[derive(Debug, Clone, PartialEq, Subcommand)]
pub enum AreaCommand {
    /// Show who is responsible for which clauses and controls
    #[command(
        display_name = "Show areas",
        visible_alias = "ls",
        after_help = "area list"
    )]
    List,
    /// Say who is responsible for an area
    #[command(
        display_name = "Assign an area",
        visible_alias = "give",
        after_help = "area assign A.8 @bob\narea assign 7 @ann\narea assign A.5.19 @ann"
    )]
    Assign {
        /// Area
        ///
        /// A clause like 7, a group like A.8, or a single one like 9.1 or A.8.8.
        area: AreaName,
        /// Who is responsible
        person: Who,
    },
}
