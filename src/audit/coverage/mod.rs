//! What of the standard was audited in a cycle, and what was not: a picture, a table, and each gap by
//! name.
//!
//! A clause is judged by the year, a control by the cycle, as often as they are audited. Audited is what
//! a checklist says was looked at; of an audit that was finished without one, its scope.

pub mod card;
pub mod flow;
pub mod rules;
