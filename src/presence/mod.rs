//! Who is there, and who is not.
//!
//! - [`absence`]: away until a day, with a deputy who is asked meanwhile.
//! - [`gone`]: a person who left. Managers get the list of what they held, and
//! - [`handover`] gives all of it to somebody else at once.
//! - [`link`]: the same person on two platforms, by a code that they said themselves.
//! - [`trouble`]: what does not work and who was refused reaches the managers once.
//! - [`rules`]: who is asked instead of whom, what a person holds, when a trouble is told: pure.
//! - [`card`], [`told`]: every word of it: pure.

pub mod absence;
pub mod card;
pub mod command;
pub mod gone;
pub mod handover;
pub mod holdings;
pub mod link;
pub mod rules;
pub mod told;
pub mod trouble;
