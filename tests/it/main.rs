//! Everything that is tried from outside, in one program: scenarios by feature, the house rules, the
//! store's contract.

#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod actions;
mod activities;
mod areas;
mod audit;
mod audit_report;
mod auditor;
mod bad_input;
mod browser;
mod cards;
mod command_line;
mod conduct;
mod corrective;
mod demo;
mod discord_face;
mod discord_fake;
mod drafts;
mod escalation;
mod files;
mod findings;
mod glance;
mod habits;
mod harness;
mod house;
mod import;
mod inspection;
mod intake;
mod isolation;
mod judge;
mod kpi;
mod kpi_corrections;
mod kpi_store;
mod link;
mod migrations;
mod outbox;
mod parity;
mod playground;
mod presence;
mod report;
mod review;
mod roles;
mod schedule;
mod setup;
mod slack_face;
mod slack_home;
mod slack_http;
mod slack_install;
mod slack_stories;
mod slack_time;
mod sources;
mod store_contract;
mod survey;
mod trouble;
