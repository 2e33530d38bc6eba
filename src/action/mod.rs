//! Clause 10.2, nonconformity and corrective action.
//!
//! An action is raised, planned, done, and later found effective, or opened again. Each has one
//! living message, edited at every change; its owner is told when it becomes theirs, and reminded.
//!
//! The furniture every feature room has: [`rules`] (nouns, lifecycle, decisions: pure), [`command`]
//! (its part of the grammar), [`flow`] (load, decide, save and enqueue in one transaction), [`card`]
//! (every word it says: pure), `statements.rs` (its SQL, compiled once per database).

pub mod card;
pub mod command;
pub mod flow;
pub mod owed;
pub mod rules;

use chrono::NaiveDate;
use uuid::Uuid;

/// Actions on one page of a list.
pub const PAGE: i64 = 10;

/// Which actions a list shows.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub owner: Option<Uuid>,
    pub state: command::StateFilter,
    /// Only what is overdue on this day.
    pub overdue_on: Option<NaiveDate>,
    /// Words in the title.
    pub text: Option<String>,
    /// From 0.
    pub page: i64,
}
