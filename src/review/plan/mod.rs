//! Clause 9.3.1: reviews at planned intervals.
//!
//! `review schedule 2026-12-15` plans one; `review schedule quarterly` makes that the rhythm of the
//! workspace (the same that `setup reviews` sets) and plans one after the other: the next is made by
//! itself ([`series`]) once the last is behind. A planned review can be moved, as often as it takes, and
//! cancelled, each with a reason that stays; its name stays too. Who takes part is invited
//! ([`invitation`](super::invitation)). What was not held when it should have been is told by
//! [`rules::lapses`], in the list, in the report and to who asks how things stand.

pub mod card;
pub mod command;
pub mod flow;
pub mod rules;
pub mod series;
