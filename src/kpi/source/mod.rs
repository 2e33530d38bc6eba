//! Clause 9.1 a, b: where values come from.
//!
//! A KPI is measured by somebody in chat until a manager gives it another source. A source that works
//! by itself keeps what it is asked ([`rules::Feed::setting`]) and how that went; everything it brings
//! goes through [`keep`](super::keep). A value that does not come stays missing: it is never zero.

//!
//! - [`ask`]: what a source is asked for a period; [`answer`] reads the value out of what comes back.
//! - [`fetch`]: the one place that goes over the network.
//! - [`derived`]: figures from the bot's own records.
//! - [`collect`]: asks what is due when a period is over, and keeps what comes.
//! - [`health`]: who is told when a source fails, and when it works again.

pub mod answer;
pub mod ask;
pub mod card;
pub mod collect;
pub mod command;
pub mod derived;
pub mod fetch;
pub mod flow;
pub mod health;
mod records;
pub mod rules;
