//! The audit programme of a year (9.2.2): what it is to reach, what is audited in it and why, who
//! approved it, and how it was changed since.
//!
//! - *chosen* (`choice`): clauses are audited each year, each control that applies once in a declared
//!   cycle of one to three years; what did not conform or was changed comes again, what was never
//!   audited comes first. Each choice keeps its reasons. `config/audit-slices.csv` says in which month.
//! - *approved*: by a leader, and what was approved is named by the SHA-256 of its content. So a
//!   programme that was changed, whoever changed it, is not approved any more by itself, and is asked
//!   for anew with the reason.
//! - *told*: once it is approved, auditors and who answers for an area hear what of it concerns them.

pub mod card;
pub mod choice;
pub mod command;
pub mod flow;
pub(crate) mod ground;
pub mod rules;
mod told;

pub use told::{to_approve, told};
