//! How the ISMS stands, in one card and one picture: what is measured, audited, reviewed and corrected,
//! what is late, and what comes next. It has no records of its own; it asks the rooms.
//! Where a workspace wants it, the same stands pinned in its channel ([`pinned`]).

pub mod card;
pub mod flow;
pub mod picture;
pub mod pinned;
pub mod rules;
