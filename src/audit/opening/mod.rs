//! An audit begins: those who answer for what is audited get an opening note, and from then on one
//! message in the channel for audits tells how far it is.

pub mod card;
pub mod flow;
