//! isms-bot runs the monitoring and review phase of an ISO/IEC 27001:2022 management system where a
//! team already talks. The rooms are named after what the standard asks for:
//!
//! | room | clause | holds |
//! |---|---|---|
//! | [`kpi`] | 9.1 | KPIs, measurements, judgement, the digest |
//! | [`audit`] | 9.2 | the audit programme and its audits |
//! | [`review`] | 9.3 | management reviews and their inputs |
//! | [`action`] | 10.2 | corrective actions |
//! | [`people`] | 5.3 | workspaces, persons, roles |
//! | [`presence`] | 5.3 | who is there: absence, handover, links, troubles |
//! | [`record`] | 7.5 | the append-only, hash-chained log |
//!
//! [`status`] asks them all how the ISMS stands, [`home`] where one person does. Around them:
//! [`command`] is the grammar every face shares, [`chat`] the platform-neutral cards and forms,
//! [`slack`], [`discord`] and [`playground`] the faces, [`intake`] the one for programs,
//! [`schedule`] decides when something is due, [`outbox`] delivers, [`store`] keeps, [`report`] draws and
//! publishes, [`sheet`] reads what somebody hands in as a CSV file, [`app`] wires them. For who runs it: [`operator`] (the command line), [`config`], [`http`] (health
//! and metrics), [`seal`] (secrets at rest), [`log`], [`fault`], [`tasks`], and [`demo`] (a sample year).

pub mod action;
pub mod app;
pub mod audit;
pub mod chat;
pub mod clock;
pub mod command;
pub mod config;
pub mod demo;
pub mod discord;
pub mod fault;
pub mod home;
pub mod http;
pub mod intake;
pub mod kpi;
pub mod log;
pub mod operator;
pub mod outbox;
pub mod people;
pub mod playground;
pub mod presence;
pub mod record;
pub mod report;
pub mod review;
pub mod schedule;
pub mod seal;
pub mod sheet;
pub mod slack;
pub mod status;
pub mod store;
pub mod tasks;
