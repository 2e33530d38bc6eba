//! Input (f): how the risks stand and how their treatment goes, from the organisation's own register.
//!
//! The register lives elsewhere; here stands how it was when it was last taken in, as a CSV file
//! (`review risk-import`: first it is said what the file holds and every line that is wrong, only then
//! it is taken) or sent by a program (`POST /v1/risks`). Each intake replaces the one before, as a whole
//! or not at all; what it came to is kept, so a review sees what changed since the last.

pub mod card;
pub mod command;
pub mod flow;
pub mod rules;
