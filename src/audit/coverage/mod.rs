//! What of the standard was audited in a cycle, and what was not.

pub mod rules;
