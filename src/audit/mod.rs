//! Internal audits (9.2): the programme of a year and its audits.

pub mod command;
