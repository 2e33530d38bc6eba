//! Who is responsible for what.
//!
//! An area is a clause (`7`), a control group (`A.8`), or a single clause or control (`A.8.8`). The
//! smallest area that covers a requirement says who owns it; that is what the independence of an
//! auditor is checked against.

pub mod card;
pub mod command;
pub mod flow;
pub mod rules;
