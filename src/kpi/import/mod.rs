//! Clause 9.1: values from a CSV file, given in chat or named on the command line.
//!
//! First it is said what would be recorded, corrected and left as it is, and every line that is wrong
//! with why. Only then, by a button or `--commit`, that very file (it goes by its hash) is taken, as a
//! whole or not at all. The file itself is kept as what proves the values.

pub mod card;
pub mod command;
pub mod flow;
pub mod rules;
