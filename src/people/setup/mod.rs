//! A new workspace in ten minutes: a short row of steps, each an ordinary command with a form.
//!
//! `setup` shows how far it is and what comes next; after each step it is the answer. A step can be
//! skipped, done again later, and undone: what it changed goes back by new events, no record is
//! deleted. `setup finish` ends the time in which the platform's administrators are managers.
//!
//! - [`rules`]: the steps, the starter KPIs, and how far a workspace is.
//! - [`flow`]: the steps carried out. - [`undo`]: and taken back.

pub mod card;
pub mod command;
pub mod flow;
pub mod rules;
pub mod undo;
