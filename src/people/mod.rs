//! Clause 5.3, roles and responsibilities: workspaces, the persons in them, and who may do what.
//!
//! A workspace is one Slack workspace, one Discord server, or the playground. A person is known by
//! the platform's id of them; they become known when they first speak or are first mentioned.

pub mod card;
pub mod command;
pub mod flow;
pub mod rights;
pub mod rules;
pub mod settings;

pub use rules::{People, Person, Role, Workspace};
