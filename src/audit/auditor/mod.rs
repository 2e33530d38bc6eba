//! Who audits: competence (7.2), independence from what is audited (9.2.2 c), and who was let audit all
//! the same.
//!
//! An audit has an auditor who leads, others beside them, and guests without an account in the chat, by
//! name. Against a person speak [`rules::Doubt`]s: nothing shows that they can audit in that month, or
//! they would look at their own work. Who is named with doubts is refused; a manager may override them
//! with a reason, which stands in the report. An override covers what was known then: what comes up
//! later is refused where the audit begins and ends.

pub mod card;
pub mod command;
pub mod flow;
pub mod reminder;
pub mod rules;
mod team;
#[cfg(test)]
mod tests;
