//! Who audits: competence, independence from what is audited, and who was let audit all the same.

pub mod flow;
pub mod rules;
