//! The checklist of an audit: an item for each requirement in its scope, and what its auditors put
//! down for each.

pub mod rules;
