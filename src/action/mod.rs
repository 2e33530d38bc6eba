//! Clause 10.2, nonconformity and corrective action.
//!
//! An action is raised, planned, done, and later found effective, or opened again. Each has one
//! living message, edited at every change; its owner is told when it becomes theirs, and reminded.
//!
//! The gates: a nonconformity is not done before its cause, its plan and the criterion are known and
//! every step is done, nor is anything done without evidence; nothing is effective before the day of
//! its check, nor by the word of its owner or of who did it ([`rules`], [`check`]). What did not work
//! is opened again: what was tried is kept as a round, and its cause is to be looked for anew.
//!
//! The furniture every feature room has: [`rules`] (nouns, lifecycle: pure), with [`cause`] (why, and
//! where else), [`steps`] (of the plan) and [`check`] (that it worked) beside it, [`command`]
//! (its part of the grammar), [`flow`] (load, decide, save and enqueue in one transaction), [`card`]
//! (every word it says: pure), `statements.rs` (its SQL, compiled once per database). [`list`] and
//! [`reassign`] are about many actions, [`told`] about what others hear, [`owed`] about reminders.

pub mod card;
pub mod cause;
pub mod change;
pub mod check;
pub mod choice;
pub mod command;
pub mod flow;
pub mod list;
pub mod owed;
pub mod reassign;
pub mod rules;
pub mod steps;
pub mod told;

pub use list::Filter;

/// Actions on one page of a list.
pub const PAGE: i64 = 10;
