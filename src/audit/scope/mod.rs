//! The statement of applicability (6.1.3 d): which controls of Annex A apply, and why the others do
//! not. What does not apply stays out of the audit programme, with the reason.
//!
//! It is said of one control, or imported as a CSV file: first it is said what the file would change
//! and which lines are wrong; by a button that very file is taken, as a whole or not at all. A control
//! of which nothing was said applies.

pub mod card;
pub mod command;
pub mod flow;
pub mod rules;
