//! What the bot's own records say to the inputs of a review: (a) what became of the actions of earlier
//! reviews, (d) how it went with actions, audits and KPIs, and what changed since the last review; (f) what the
//! risk register says ([`risk`](super::risk)), which its owner confirms or adds to.

pub mod card;
pub mod flow;
pub mod rules;
