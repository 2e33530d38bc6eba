//! What an audit found: `F-7`. A finding is a draft until who answers for the area has accepted or
//! disputed it; a nonconformity raises its corrective action in the same transaction.

pub mod card;
pub mod command;
pub mod flow;
pub mod raise;
pub mod rules;
pub mod told;
