//! Clause 9.1 a, b: KPIs that are measured by going through a checklist.
//!
//! A manager gives a KPI its checklist, a line for each thing to look at. Who measures goes through it
//! line by line: pass, fail or not applicable, with a note, and evidence in words or as a file. Each
//! line is saved at once, so an inspection can be left and resumed, from any face; there is one that is
//! open for a KPI at a time. The share of what passed, of what applied, is the value
//! ([`keep`](super::keep)); what failed can be raised as an action with one button.
//!
//! An inspection has no number of its own: it goes by its KPI and period.

pub mod card;
pub mod command;
pub mod flow;
pub mod rules;
