//! Clause 9.1: who may send values without being a person.
//!
//! A token belongs to a workspace and is good for some of its KPIs, or for all that programs send. It
//! is shown once, to who makes it; only its hash is kept. Whoever shows it is that program, until a
//! manager revokes it. What comes in with it is taken by [`intake`](crate::intake).

pub mod card;
pub mod command;
pub mod flow;
pub mod rules;
