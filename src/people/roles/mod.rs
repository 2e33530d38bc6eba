//! Who has which role, and what shows that an auditor can audit.
//!
//! `role grant` gives a role, and with `training:` records competence; `role revoke` makes a member
//! of someone again. There is always a manager. Each change is a row of its own and an event, and the
//! person is told. What a role may do is in [`rights`](super::rights).

pub mod card;
pub mod command;
pub mod flow;
pub mod rules;
