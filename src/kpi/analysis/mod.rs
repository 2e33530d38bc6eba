//! Clause 9.1 f: what is behind a value that crossed.
//!
//! When the latest value of a KPI crosses, an analysis opens, one at a time per KPI. Whoever looks into
//! the KPI says what they found (a special cause, or none), and raises an action or says why none is
//! needed; then it is closed. Until then they are asked for it ([`crate::schedule::ladder`]), and it
//! stands in `status`, in the digest and in input (d) of a review. A correction that takes the crossing
//! away closes it with that reason. What was found stays on record with the KPI.

pub mod card;
pub mod command;
pub mod flow;
pub mod rules;
