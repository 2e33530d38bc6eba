//! Clause 9.1: alerts of monitoring systems, counted into KPIs.
//!
//! A KPI whose source is `webhook` says what an alert is to it ([`rules::Setting`]): Alertmanager's, or
//! where in any other JSON its parts stand, and which alerts it counts. Each alert is counted once, in
//! the period in which it began, however often it is sent. When a period is over its count becomes the
//! value; an alert that comes later corrects it. A period in which nothing was heard from the sender
//! has no value: silence is not zero. To be sure of a zero, let something be sent that is not counted,
//! such as Alertmanager's always-firing watchdog.

pub mod card;
pub mod command;
pub mod flow;
pub mod rules;
