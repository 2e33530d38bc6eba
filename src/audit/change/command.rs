//! What a person can say about changing an audit.

use clap::{Args, value_parser};

use crate::command::value::{AuditName, Prose, Requirements};

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Change an audit",
    visible_alias = "edit",
    after_help = "audit change AUD-2027-03 month:4 Ann is away in March\n\
                  audit change AUD-2027-03 add:A.8.9,A.8.32 remove:A.6.4 The new data centre opens in spring"
)]
pub struct ChangeAudit {
    /// Audit
    pub audit: AuditName,
    /// Why
    pub reason: Prose,
    /// Put in
    ///
    /// Clauses and controls like A.8.9 A.5.23. What another planned audit of the year has moves here.
    #[arg(long)]
    pub add: Option<Requirements>,
    /// Take out
    ///
    /// Clauses and controls that are not audited in this year.
    #[arg(long)]
    pub remove: Option<Requirements>,
    /// Month
    ///
    /// 1 to 12. The audit gets the name of its new month.
    #[arg(long, value_parser = value_parser!(u32).range(1..=12))]
    pub month: Option<u32>,
    /// Topic
    #[arg(long)]
    pub topic: Option<String>,
}
