//! Clause 9.3, management review: the meeting and its seven inputs (a) to (g).
//!
//! `review schedule on:…` makes a review and its inputs, owned by whoever scheduled it until they are
//! shared out with `review assign`. Owners are asked 21, 14, 7 and 2 days before the meeting and on
//! its day, in their grouped reminder. What the bot's own records know, (a) and (d), is filled in from
//! them whenever a review is shown. Inputs may be answered again until the meeting starts.
//!
//! - [`meeting`]: it is held: who is there, what is said and decided, and what it comes to.
//! - [`minutes`]: drafted, approved by the chair, signed by leaders; decisions become actions.

pub mod card;
pub mod command;
pub mod flow;
pub mod form;
pub mod meeting;
pub mod minutes;
pub mod rules;
