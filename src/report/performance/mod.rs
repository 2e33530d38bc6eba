//! The performance report (clause 9.1): how the KPIs did in a month, a quarter or a year, judged as of
//! its end, with all that was known when the report was made.
//!
//! - [`rules`]: what there is to tell, drawn from the records. - [`document`]: told, as a document.
//! - [`values`]: every value, as rows. - [`flow`]: the records, read.

mod deviations;
pub mod document;
pub mod flow;
pub mod rules;
pub mod values;
