//! The audit programme of a year (9.2.2): what it is to reach, who approved it, how it was changed.

pub mod flow;
