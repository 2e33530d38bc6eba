//! What the bot's own records say to the inputs of a review: (a) what became of the actions of earlier
//! reviews, (d) how it went with actions, audits and KPIs.

pub mod card;
pub mod flow;
