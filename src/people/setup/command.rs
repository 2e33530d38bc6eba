//! What a person can say about the set-up of a new workspace.

use chrono_tz::Tz;
use clap::{Args, Subcommand, ValueEnum};
use serde::{Deserialize, Serialize};

use crate::command::value::{ChannelName, DueDate, Who, WorkingDays};
use crate::people::Rhythm;
use crate::people::roles::command::Shown;

#[derive(Debug, Clone, PartialEq, Subcommand)]
pub enum SetupCommand {
    /// Show how far the set-up is, and what comes next
    #[command(
        display_name = "Set-up",
        visible_alias = "status",
        after_help = "setup\nsetup show"
    )]
    Show,
    /// Set time zone and working days
    Zone(SetZone),
    /// Choose the channels for digests, audits and alerts
    Channels(SetChannels),
    /// Start with five KPIs
    Kpis(StartKpis),
    /// Say who is responsible for clauses 4 to 10
    Clauses(OwnClauses),
    /// Say who is responsible for Annex A
    Controls(OwnControls),
    /// Name an internal auditor, with what shows that they can audit
    Auditors(NameAuditor),
    /// Say how often reviews are held, and schedule the first
    Reviews(SetReviews),
    /// Show the first digest as it would be posted; nothing is posted
    #[command(display_name = "Try the digest", after_help = "setup digest")]
    Digest,
    /// Leave a step out for now
    #[command(
        display_name = "Skip a step",
        after_help = "setup skip\nsetup skip kpis"
    )]
    Skip {
        /// Step
        ///
        /// Empty means the next one.
        step: Option<Step>,
    },
    /// Take the last step back
    #[command(display_name = "Undo the last step", after_help = "setup undo")]
    Undo {
        /// Step
        ///
        /// Only if it was the last one. Empty means the last one.
        step: Option<Step>,
    },
    /// End the set-up: you are the manager, administrators are members
    #[command(display_name = "Finish the set-up", after_help = "setup finish")]
    Finish,
}

/// The steps, in their order.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    ValueEnum,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Step {
    /// Zone and working days
    Zone,
    /// Channels
    Channels,
    /// Starter KPIs
    Kpis,
    /// Owners of clauses 4 to 10
    Clauses,
    /// Owners of Annex A
    Controls,
    /// Internal auditors
    Auditors,
    /// Management reviews
    Reviews,
    /// The first digest, tried out
    Digest,
}

#[derive(Debug, Clone, Default, PartialEq, Args)]
#[command(
    display_name = "Set zone, working days",
    after_help = "setup zone Europe/Berlin\nsetup zone zone:Asia/Dubai working-days:mon-fri"
)]
pub struct SetZone {
    /// Time zone
    ///
    /// As in Europe/Berlin. Digests and audits are told by its clock.
    pub zone: Option<Tz>,
    /// Working days
    ///
    /// For example: mon-fri, or sun,mon,tue,wed,thu.
    #[arg(long)]
    pub working_days: Option<WorkingDays>,
}

#[derive(Debug, Clone, Default, PartialEq, Args)]
#[command(
    display_name = "Choose channels",
    after_help = "setup channels digest:here\nsetup channels digest:#isms audits:#audit alerts:#security-alerts"
)]
pub struct SetChannels {
    /// Channel for digests
    ///
    /// #name, or here for the channel you are in. Invite me to it.
    #[arg(long)]
    pub digest: Option<ChannelName>,
    /// Channel for audits
    ///
    /// Without one, the channel for digests.
    #[arg(long)]
    pub audits: Option<ChannelName>,
    /// Channel for alerts and problems
    ///
    /// Without one, the channel for digests.
    #[arg(long)]
    pub alerts: Option<ChannelName>,
}

#[derive(Debug, Clone, Default, PartialEq, Args)]
#[command(
    display_name = "Start with five KPIs",
    after_help = "setup kpis incidents:@ann patches-in-time:@bob analyst:me"
)]
pub struct StartKpis {
    /// Who counts security incidents
    ///
    /// Empty leaves this KPI out.
    #[arg(long)]
    pub incidents: Option<Who>,
    /// Who measures the time to respond
    ///
    /// Empty leaves this KPI out.
    #[arg(long)]
    pub time_to_respond: Option<Who>,
    /// Who measures completed awareness training
    ///
    /// Empty leaves this KPI out.
    #[arg(long)]
    pub training_completed: Option<Who>,
    /// Who measures critical patches in time
    ///
    /// Empty leaves this KPI out.
    #[arg(long)]
    pub patches_in_time: Option<Who>,
    /// Who counts overdue actions
    ///
    /// Empty leaves this KPI out.
    #[arg(long)]
    pub actions_overdue: Option<Who>,
    /// Who looks into all of them
    ///
    /// Is told when one leaves its usual range. Empty means you.
    #[arg(long)]
    pub analyst: Option<Who>,
}

#[derive(Debug, Clone, Default, PartialEq, Args)]
#[command(
    display_name = "Assign clauses 4 to 10",
    after_help = "setup clauses clause-4:@ann clause-7:@bob"
)]
pub struct OwnClauses {
    /// 4 Context of the organization
    ///
    /// An owner answers for it to auditors, and does not audit it. Leave open what you do not know.
    #[arg(long = "clause-4")]
    pub clause_4: Option<Who>,
    /// 5 Leadership
    #[arg(long = "clause-5")]
    pub clause_5: Option<Who>,
    /// 6 Planning
    #[arg(long = "clause-6")]
    pub clause_6: Option<Who>,
    /// 7 Support
    #[arg(long = "clause-7")]
    pub clause_7: Option<Who>,
    /// 8 Operation
    #[arg(long = "clause-8")]
    pub clause_8: Option<Who>,
    /// 9 Performance evaluation
    #[arg(long = "clause-9")]
    pub clause_9: Option<Who>,
    /// 10 Improvement
    #[arg(long = "clause-10")]
    pub clause_10: Option<Who>,
}

#[derive(Debug, Clone, Default, PartialEq, Args)]
#[command(
    display_name = "Assign Annex A",
    after_help = "setup controls a-5:@ann a-8:@bob"
)]
pub struct OwnControls {
    /// A.5 Organizational controls
    ///
    /// An owner answers for it to auditors, and does not audit it. Leave open what you do not know.
    #[arg(long = "a-5")]
    pub a_5: Option<Who>,
    /// A.6 People controls
    #[arg(long = "a-6")]
    pub a_6: Option<Who>,
    /// A.7 Physical controls
    #[arg(long = "a-7")]
    pub a_7: Option<Who>,
    /// A.8 Technological controls
    #[arg(long = "a-8")]
    pub a_8: Option<Who>,
}

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Name an internal auditor",
    after_help = "setup auditors @bob training:\"Internal auditor, ISO 27001\" on:2026-05-12 evidence:\"Certificate 4711\""
)]
pub struct NameAuditor {
    /// Who audits
    pub auditor: Who,
    #[command(flatten)]
    pub shown: Shown,
}

#[derive(Debug, Clone, Default, PartialEq, Args)]
#[command(
    display_name = "Plan management reviews",
    after_help = "setup reviews quarterly\nsetup reviews half-yearly first:\"in 6 weeks\""
)]
pub struct SetReviews {
    /// How often
    pub rhythm: Option<Rhythm>,
    /// Day of the first review
    ///
    /// Empty schedules none yet. For example: in 6 weeks, 15 december.
    #[arg(long)]
    pub first: Option<DueDate>,
}

impl SetupCommand {
    /// Nothing was named: time to open the form.
    pub fn is_empty(&self) -> bool {
        match self {
            SetupCommand::Zone(zone) => *zone == SetZone::default(),
            SetupCommand::Channels(channels) => *channels == SetChannels::default(),
            SetupCommand::Kpis(kpis) => *kpis == StartKpis::default(),
            SetupCommand::Clauses(clauses) => *clauses == OwnClauses::default(),
            SetupCommand::Controls(controls) => *controls == OwnControls::default(),
            SetupCommand::Reviews(reviews) => *reviews == SetReviews::default(),
            _ => false,
        }
    }

    pub fn path(&self) -> &'static str {
        match self {
            SetupCommand::Show => "setup show",
            SetupCommand::Zone(_) => "setup zone",
            SetupCommand::Channels(_) => "setup channels",
            SetupCommand::Kpis(_) => "setup kpis",
            SetupCommand::Clauses(_) => "setup clauses",
            SetupCommand::Controls(_) => "setup controls",
            SetupCommand::Auditors(_) => "setup auditors",
            SetupCommand::Reviews(_) => "setup reviews",
            SetupCommand::Digest => "setup digest",
            SetupCommand::Skip { .. } => "setup skip",
            SetupCommand::Undo { .. } => "setup undo",
            SetupCommand::Finish => "setup finish",
        }
    }
}

impl StartKpis {
    /// The keys of the starter set, and who measures each.
    pub fn measurers(&self) -> [(&'static str, Option<Who>); 5] {
        [
            ("incidents", self.incidents),
            ("time-to-respond", self.time_to_respond),
            ("training-completed", self.training_completed),
            ("patches-in-time", self.patches_in_time),
            ("actions-overdue", self.actions_overdue),
        ]
    }
}

impl OwnClauses {
    /// The areas, and who was named for each.
    pub fn owners(&self) -> Vec<(&'static str, Option<Who>)> {
        vec![
            ("4", self.clause_4),
            ("5", self.clause_5),
            ("6", self.clause_6),
            ("7", self.clause_7),
            ("8", self.clause_8),
            ("9", self.clause_9),
            ("10", self.clause_10),
        ]
    }
}

impl OwnControls {
    /// The areas, and who was named for each.
    pub fn owners(&self) -> Vec<(&'static str, Option<Who>)> {
        vec![
            ("A.5", self.a_5),
            ("A.6", self.a_6),
            ("A.7", self.a_7),
            ("A.8", self.a_8),
        ]
    }
}
