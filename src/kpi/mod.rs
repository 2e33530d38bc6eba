//! Clause 9.1, monitoring, measurement, analysis and evaluation: KPIs and the Monday digest.
//!
//! A manager sets a KPI up; the person who measures is asked for a value when a period is over. Each
//! value is judged twice ([`rules`]): against the target, and against what the process usually does
//! ([`process`], by [`limits`] that stand; [`rare`] events by the days between them). When one crosses,
//! the analyst hears of it once and says what is behind it ([`analysis`]). The [`digest`] tells
//! everybody every week.
//!
//! Values are appended, never overwritten, and a missing value is not zero.

pub mod alerts;
pub mod analysis;
pub mod batch;
pub mod card;
mod checks;
pub mod command;
pub mod digest;
pub mod evidence;
pub mod flow;
pub mod import;
pub mod inspection;
pub mod keep;
pub mod limits;
pub mod period;
pub mod picture;
pub mod process;
pub mod rare;
pub mod rules;
pub mod source;
pub mod survey;
pub mod token;
