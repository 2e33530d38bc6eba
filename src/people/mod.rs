//! Clause 5.3, roles and responsibilities: workspaces, the persons in them, and who may do what.
//!
//! A workspace is one Slack workspace, one Discord server, or the playground. A person is known by
//! the platform's id of them; they become known when they first speak or are first mentioned.

//!
//! - [`roles`]: who has which role, and what shows that an auditor can audit.
//! - [`rights`]: what each role may do; asked for every command, button, form and suggestion.
//! - [`area`]: who is responsible for which clauses and controls.
//! - [`settings`]: zone, working days, channels, how often reviews are held.
//! - [`setup`]: all of that for a new workspace, step by step, and back.

pub mod area;
pub mod card;
pub mod command;
pub mod flow;
pub mod rhythm;
pub mod rights;
pub mod roles;
pub mod rules;
pub mod settings;
pub mod setup;

pub use rhythm::Rhythm;
pub use rules::{People, Person, Role, RoleFrom, Workspace};
