//! What a person can say about corrective actions.
//!
//! Comments here are what people read: the first line of an argument is its label in a form, the
//! rest its hint. `display_name` is the form's title, `after_help` the examples.

use clap::{Args, Subcommand, ValueEnum};
use serde::{Deserialize, Serialize};

use crate::command::value::{
    ActionName, ControlName, DueDate, KpiKey, Origin, Prose, WebLink, Who,
};

#[derive(Debug, Clone, PartialEq, Subcommand)]
pub enum ActionCommand {
    /// Raise a corrective action
    New(NewAction),
    /// List actions, the most pressing first
    #[command(visible_alias = "ls")]
    List(ListActions),
    /// Show one action and what can be done next
    #[command(
        display_name = "Show an action",
        visible_alias = "view",
        after_help = "action show CA-12"
    )]
    Show {
        /// Action
        action: ActionName,
    },
    /// Change what an action says
    #[command(visible_alias = "edit")]
    Update(UpdateAction),
    /// Give an action to someone
    #[command(
        display_name = "Assign an action",
        visible_alias = "give",
        after_help = "action assign CA-12 @ann\naction assign CA-12 me"
    )]
    Assign {
        /// Action
        action: ActionName,
        /// Who is to do it
        owner: Who,
    },
    /// Move a due date, with a reason
    #[command(
        display_name = "Extend an action",
        visible_alias = "postpone",
        after_help = "action extend CA-12 friday The supplier is late"
    )]
    Extend {
        /// Action
        action: ActionName,
        /// New due date
        ///
        /// For example: friday, in 2 weeks, end of month, 2026-12-31.
        due: DueDate,
        /// Why it needs longer
        ///
        /// The reason is kept, and extensions are counted.
        reason: Prose,
    },
    /// Say that an action is done, with the evidence
    #[command(visible_alias = "close")]
    Done(FinishAction),
    /// Say whether a finished action worked
    #[command(
        display_name = "Verify an action",
        after_help = "action verify CA-12 effective Five laptops sampled, all patched"
    )]
    Verify {
        /// Action
        action: ActionName,
        /// Did it work?
        result: Effectiveness,
        /// What you looked at
        ///
        /// What you sampled, and what you saw.
        note: Prose,
    },
    /// Open an action again, with a reason
    #[command(
        display_name = "Reopen an action",
        after_help = "action reopen CA-12 It happened again on Monday"
    )]
    Reopen {
        /// Action
        action: ActionName,
        /// Why it is opened again
        reason: Prose,
    },
    /// Cancel an action, with a reason
    #[command(
        display_name = "Cancel an action",
        after_help = "action cancel CA-12 Same as CA-9"
    )]
    Cancel {
        /// Action
        action: ActionName,
        /// Why it is not needed
        reason: Prose,
    },
}

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Raise an action",
    visible_alias = "raise",
    after_help = "action new Patch the VPN owner:@ann due:friday\n\
                  action new \"Leavers keep access\" severity:minor control:A.5.18 due:end of month"
)]
pub struct NewAction {
    /// What is to be done
    ///
    /// One thing, so exact that anyone can see when it is done.
    pub title: String,
    /// Who is to do it
    ///
    /// Nobody yet? Leave it empty and assign it later.
    #[arg(long)]
    pub owner: Option<Who>,
    /// Due date
    ///
    /// For example: friday, in 2 weeks, end of month, 2026-12-31.
    #[arg(long)]
    pub due: Option<DueDate>,
    /// Where it comes from
    #[arg(long, default_value = "by-hand")]
    pub source: Source,
    /// How serious it is
    ///
    /// A nonconformity needs a cause and a plan, and evidence when it is done.
    #[arg(long, default_value = "minor")]
    pub severity: Severity,
    /// Cause
    ///
    /// Why it could happen, not who did it.
    #[arg(long)]
    pub cause: Option<Prose>,
    /// Plan
    ///
    /// The steps, and how it will be seen that they worked.
    #[arg(long)]
    pub plan: Option<Prose>,
    /// Control or clause
    ///
    /// For example: A.8.8 for an Annex A control, 9.1 for a clause.
    #[arg(long)]
    pub control: Option<ControlName>,
    /// Where it was said
    ///
    /// The address of a message, a ticket or a page.
    #[arg(long)]
    pub link: Option<WebLink>,
    /// The message it was raised from
    ///
    /// Set by the shortcut on a message; it is answered there.
    #[arg(long, hide = true)]
    pub origin: Option<Origin>,
    /// The KPI it is about
    ///
    /// Set by the button on its alert; the action belongs to what is being looked into.
    #[arg(long, hide = true)]
    pub kpi: Option<KpiKey>,
}

#[derive(Debug, Clone, Default, PartialEq, Args)]
#[command(
    display_name = "List actions",
    after_help = "action list\naction list mine\naction list overdue owner:@ann\naction list vpn state:all"
)]
pub struct ListActions {
    /// Words in the title
    pub text: Option<String>,
    /// Only mine
    #[arg(long)]
    pub mine: bool,
    /// Only this person's
    #[arg(long)]
    pub owner: Option<Who>,
    /// Only what is overdue
    #[arg(long)]
    pub overdue: bool,
    /// Only in this state
    #[arg(long, default_value = "open")]
    pub state: StateFilter,
    /// Page of the list
    #[arg(long, default_value = "1", value_parser = clap::value_parser!(u32).range(1..))]
    pub page: u32,
}

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Update an action",
    after_help = "action update CA-12 cause:\"No one owns the patch list\" plan:\"Name an owner, patch monthly\""
)]
pub struct UpdateAction {
    /// Action
    pub action: ActionName,
    /// What is to be done
    ///
    /// One thing, so exact that anyone can see when it is done.
    #[arg(long)]
    pub title: Option<String>,
    /// Cause
    ///
    /// Why it could happen, not who did it.
    #[arg(long)]
    pub cause: Option<Prose>,
    /// Plan
    ///
    /// The steps, and how it will be seen that they worked.
    #[arg(long)]
    pub plan: Option<Prose>,
    /// Note
    ///
    /// How it is going. Kept with the action.
    #[arg(long)]
    pub note: Option<Prose>,
}

impl UpdateAction {
    /// Nothing but the action was named: time to open the form.
    pub fn is_empty(&self) -> bool {
        self.title.is_none() && self.cause.is_none() && self.plan.is_none() && self.note.is_none()
    }
}

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Finish an action",
    after_help = "action done CA-12 All laptops on 24.2, see https://wiki.example/vpn"
)]
pub struct FinishAction {
    /// Action
    pub action: ActionName,
    /// Evidence
    ///
    /// What shows that it is done: a link, a ticket, what was seen and by whom.
    pub evidence: Prose,
    /// Cause
    ///
    /// Needed for a nonconformity, if it is not given yet.
    #[arg(long)]
    pub cause: Option<Prose>,
    /// Plan
    ///
    /// Needed for a nonconformity, if it is not given yet.
    #[arg(long)]
    pub plan: Option<Prose>,
    /// When to check that it worked
    ///
    /// Someone other than the owner checks it on or after this day.
    #[arg(long)]
    pub check: Option<DueDate>,
}

/// Where an action comes from.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    ValueEnum,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Source {
    /// By hand
    #[default]
    ByHand,
    /// Audit finding
    Finding,
    /// KPI off target
    Kpi,
    /// Management review
    Review,
    /// Incident
    Incident,
}

/// How serious what led to an action is.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    ValueEnum,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Severity {
    /// Major nonconformity
    Major,
    /// Minor nonconformity
    #[default]
    Minor,
    /// Opportunity for improvement
    Opportunity,
}

impl Severity {
    /// A nonconformity needs cause, plan and evidence; an opportunity does not.
    pub fn is_nonconformity(self) -> bool {
        self != Severity::Opportunity
    }
}

/// The outcome of looking again later.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    ValueEnum,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Effectiveness {
    /// Yes, it worked
    #[value(aliases = ["yes", "worked", "ok"])]
    Effective,
    /// No, it has to be reopened
    #[value(aliases = ["no", "failed"])]
    Ineffective,
}

/// Which actions a list shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum, strum::Display)]
#[strum(serialize_all = "kebab-case")]
pub enum StateFilter {
    /// Everything that is not finished
    #[default]
    Open,
    /// Raised
    Raised,
    /// Planned
    Planned,
    /// Done, to be verified
    Done,
    /// Effective
    Effective,
    /// Reopened
    Reopened,
    /// Cancelled
    Cancelled,
    /// All
    All,
}
