//! Management reviews (9.3): the meeting and its seven inputs.

pub mod command;
