//! The register of corrective actions (clause 10.2 f, g) as a file: each with its cause, plan, evidence
//! and the check that it worked.
//!
//! [`rules`]: which actions it holds. [`document`]: it in words and as rows. [`flow`]: it read and sent.

pub mod document;
pub mod flow;
pub mod rules;
