//! When something is due, and who is asked.
//!
//! - [`rules`]: rules in local time. A rule is worked out on *nominal* local time (what a clock on
//!   the wall would show) and only then mapped to an instant, so that a clock change neither loses
//!   nor doubles anything. The nominal local time is the occurrence's identity.
//! - [`schedules`]: which schedules a workspace has.
//! - [`catch_up`]: what to do about occurrences that passed while nothing ran.
//! - [`ladder`]: on which days a person is asked for something they owe.
//! - [`owed`]: all that a person owes, from every room; `mine` and `snooze`.
//! - [`card`]: the one grouped message about all of it.
//! - [`flow`]: finds what is due and puts it into the outbox, each occurrence once.

pub mod card;
pub mod catch_up;
pub mod escalation;
pub mod flow;
pub mod ladder;
pub mod owed;
pub mod rules;
pub mod schedules;
