//! Clause 9.1, monitoring, measurement, analysis and evaluation: KPIs and the Monday digest.

mod checks;
pub mod command;
pub mod period;
pub mod process;
pub mod rules;
