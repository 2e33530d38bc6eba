//! What a person can say about who is there.

use clap::{Args, ValueEnum};

use crate::command::value::{DueDate, Prose, Who, Whoever};

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Be away",
    after_help = "away until:friday deputy:@ann\naway from:2026-12-21 until:2027-01-04 deputy:@ann Holidays"
)]
pub struct GoAway {
    /// Why
    pub reason: Option<Prose>,
    /// The first day you are back
    ///
    /// For example: friday, 2027-01-04. On it your reminders come to you again.
    #[arg(long)]
    pub until: DueDate,
    /// Who is asked meanwhile
    #[arg(long)]
    pub deputy: Who,
    /// The first day you are away
    ///
    /// Today, if you leave it empty.
    #[arg(long)]
    pub from: Option<DueDate>,
    /// Also where you are linked
    ///
    /// There the managers are asked meanwhile.
    #[arg(long)]
    pub also: bool,
}

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Link",
    after_help = "link\nlink code:ABCDE-FGHJK\nlink remove"
)]
pub struct LinkMyself {
    /// What to do with it
    pub what: Option<LinkAct>,
    /// The code you got in the other place
    #[arg(long)]
    pub code: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LinkAct {
    /// Take the links back
    Remove,
}

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Hand over",
    after_help = "handover @ann @bob\nhandover from:@ann to:me"
)]
pub struct HandOver {
    /// Whose work
    ///
    /// Also someone who left, by their name.
    pub from: Whoever,
    /// Who takes it over
    pub to: Who,
}
