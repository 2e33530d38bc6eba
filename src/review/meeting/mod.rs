//! Clause 9.3, the meeting: it is run from chat.
//!
//! `review start` freezes the inputs and posts one living message: what became of earlier decisions, each
//! input with what was said and decided about it, who is there, and what is missing to end. Who takes part
//! notes discussions (each version stays; nobody overwrites what they did not see) and decisions, whose
//! owner and date may follow later. `review conclude` ends it with three verdicts, if the quorum is there
//! ([`gates`]).
//!
//! All of it is one [`Session`](rules::Session), loaded, decided upon ([`acts`]) and saved whole
//! ([`session`]).

pub mod acts;
pub mod card;
pub mod command;
pub mod flow;
pub mod gates;
pub mod rules;
pub mod session;
