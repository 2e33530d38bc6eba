//! Corrective actions (10.2): raised, planned, done, found effective or reopened.

pub mod command;
