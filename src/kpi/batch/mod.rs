//! Clause 9.1: many values at once, sent by a program or imported from a file.
//!
//! A batch is judged as a whole ([`rules::judge`]): each entry is new, corrects what stands, changes
//! nothing, or is wrong for a reason that names the field. Only a batch without anything wrong is kept,
//! and then all of it, with one event for each KPI.

pub mod flow;
pub mod rules;
