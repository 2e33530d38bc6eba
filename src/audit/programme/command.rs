//! What a person can say about the programme of a year.

use clap::{Args, Subcommand, value_parser};

use crate::audit::change::command::ChangeAudit;
use crate::audit::scope::command::SetScope;
use crate::command::value::{Fingerprint, ProgrammeName, Prose, Requirements};

#[derive(Debug, Clone, PartialEq, Subcommand)]
pub enum ProgrammeCommand {
    /// Approve the audit programme of a year
    Approve(ApproveProgramme),
    /// Change a planned audit: scope, topic or month
    Change(ChangeAudit),
    /// What was audited in the cycle, and what was not
    #[command(
        display_name = "Show audit coverage",
        after_help = "audit coverage\naudit coverage 2027"
    )]
    Coverage {
        /// Year
        ///
        /// Empty means this year.
        year: Option<ProgrammeName>,
    },
    /// Show which controls apply
    #[command(display_name = "Show what applies", after_help = "audit scope")]
    Scope,
    /// Say which controls apply: one, or all as a CSV file
    ScopeSet(SetScope),
}

impl ProgrammeCommand {
    pub fn path(&self) -> &'static str {
        match self {
            ProgrammeCommand::Approve(_) => "audit approve",
            ProgrammeCommand::Change(_) => "audit change",
            ProgrammeCommand::Coverage { .. } => "audit coverage",
            ProgrammeCommand::Scope => "audit scope",
            ProgrammeCommand::ScopeSet(_) => "audit scope-set",
        }
    }

    /// See [`crate::command::Command::wants_form`].
    pub fn wants_form(&self) -> bool {
        match self {
            ProgrammeCommand::ScopeSet(said) => said.is_empty(),
            _ => false,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Plan a year of audits",
    after_help = "audit plan 2027\naudit plan 2027 cycle:3 changed:A.8.9,A.5.23"
)]
pub struct PlanYear {
    /// Year
    ///
    /// For example: 2027.
    #[arg(value_parser = value_parser!(i32).range(2000..=2199))]
    pub year: i32,
    /// Objectives
    ///
    /// What the audits are to find out. Empty means: whether the ISMS conforms and is effective.
    #[arg(long)]
    pub objectives: Option<Prose>,
    /// Criteria
    ///
    /// What is audited against. Empty means: the standard, the controls that apply, our own rules.
    #[arg(long)]
    pub criteria: Option<Prose>,
    /// Method
    ///
    /// How it is audited. Empty means: documents, interviews and observation, in samples.
    #[arg(long)]
    pub method: Option<Prose>,
    /// Years of the cycle
    ///
    /// 1 to 3: in so many years each control is audited once. Clauses are audited each year.
    #[arg(long, value_parser = value_parser!(i32).range(1..=3))]
    pub cycle: Option<i32>,
    /// Touched by changes
    ///
    /// Clauses and controls like A.8.9 A.5.23, which are audited this year because of a change.
    #[arg(long)]
    pub changed: Option<Requirements>,
    /// Reason
    ///
    /// Needed where a programme that is planned already gets other words.
    #[arg(long)]
    pub reason: Option<Prose>,
}

impl PlanYear {
    /// Nothing is said but the year.
    pub fn is_plain(&self) -> bool {
        self.objectives.is_none()
            && self.criteria.is_none()
            && self.method.is_none()
            && self.cycle.is_none()
            && self.changed.is_none()
    }
}

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Approve a programme",
    after_help = "audit approve 2027"
)]
pub struct ApproveProgramme {
    /// Year
    pub year: ProgrammeName,
    /// Fingerprint of what was shown
    ///
    /// If the programme has changed since, it is not approved.
    #[arg(long, hide = true)]
    pub plan: Option<Fingerprint>,
}
