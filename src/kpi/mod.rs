//! KPIs (9.1): what is measured, how it is judged, the digest.

pub mod command;
