//! Clause 9.1 e: limits that stand.
//!
//! When the twelfth value arrives, mean and limits are made of the twelve and kept, with the values.
//! From then on nothing moves them: no later value, no correction, no value given late for an early
//! period. Only a person does, who says from which period on and why; then the limits are made of the
//! twelve values from there, hold from there, and what was before keeps the limits it had. So a chart
//! shows steps, and each step has its reason.

pub mod card;
pub mod flow;
pub mod rules;
