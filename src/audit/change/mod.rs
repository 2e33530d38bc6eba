//! A planned audit is changed: what is in its scope, its topic, its month. Always with a reason; a
//! programme that was approved is then to be approved anew.
//!
//! A clause or control stays in exactly one audit of its year: what is put into one leaves the planned
//! one that it was in. An audit that is moved to another month gets the name of that month, and all
//! that is kept about it goes along; the log tells it under both names.

pub mod card;
pub mod command;
pub mod flow;
pub mod rules;
