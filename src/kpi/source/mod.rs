//! Clause 9.1 a, b: where values come from.
//!
//! A KPI is measured by somebody in chat until a manager gives it another source. A source that works
//! by itself keeps what it is asked ([`rules::Feed::setting`]) and how that went; everything it brings
//! goes through [`keep`](super::keep). A value that does not come stays missing: it is never zero.

pub mod card;
pub mod command;
pub mod flow;
pub mod rules;
