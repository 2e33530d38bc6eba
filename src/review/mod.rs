//! Clause 9.3, management review: the meeting and its seven inputs (a) to (g).
//!
//! `review schedule` ([`plan`]) makes a review and its inputs, owned by whoever scheduled it until they
//! are shared out with `review assign`; who takes part is sent a file for their calendar
//! ([`invitation`]). Owners are asked 21, 14, 7 and 2 days before the meeting and on
//! its day, in their grouped reminder. What the bot's own records know, (a) and (d), is filled in from
//! them whenever a review is shown ([`prefill`]). Inputs may be answered again until the meeting starts.

pub mod card;
pub mod command;
pub mod flow;
pub mod invitation;
pub mod pack;
pub mod plan;
pub mod prefill;
pub mod risk;
pub mod rules;
