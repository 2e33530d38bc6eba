//! Clause 9.2, internal audit: the programme of a year and its audits.
//!
//! `audit plan 2027` cuts clauses 4 to 10 and the 93 controls of Annex A into twelve audits,
//! `AUD-2027-01` to `AUD-2027-12`, one a month, with what belongs together in the same month
//! (`config/audit-slices.csv`). On the first working day of a month the workspace is reminded of that
//! month's audit: scope, auditor, coverage so far.
//!
//! An audit begins with an [`opening`] note, is carried out item by item ([`checklist`], with its
//! [`question`]s), and what it finds is answered by whoever answers for it ([`finding`]).

pub mod auditor;
pub mod card;
pub mod checklist;
pub mod closing;
pub mod command;
pub mod finding;
pub mod flow;
pub mod form;
pub mod opening;
pub mod programme;
pub mod question;
pub mod rules;
