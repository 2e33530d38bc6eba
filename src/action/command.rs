//! What a person can say about corrective actions.
//!
//! Comments here are what people read: the first line of an argument is its label in a form, the
//! rest its hint. `display_name` is the form's title, `after_help` the examples.

mod work;

use clap::{Args, Subcommand};

pub use work::{AnalyseAction, FinishAction, NoteAction, PlanStep, UpdateAction};

pub use super::choice::{Effectiveness, Severity, Similar, Source, StateFilter};
use crate::command::value::{
    ActionName, AreaName, ControlName, DueDate, KpiKey, Origin, Prose, WebLink, Who, Whoever,
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
    /// Find the cause of an action: five whys
    #[command(visible_alias = "analyze")]
    Analyse(AnalyseAction),
    /// Plan a step of an action, or change one
    Step(PlanStep),
    /// Say that a step is done
    #[command(
        display_name = "Finish a step",
        after_help = "action step-done CA-12 1\naction step-done CA-12 2 Key enrolled, see OPS-12"
    )]
    StepDone {
        /// Action
        action: ActionName,
        /// Number of the step
        #[arg(value_parser = clap::value_parser!(u32).range(1..))]
        step: u32,
        /// Note
        note: Option<Prose>,
    },
    /// Say how an action is going
    Note(NoteAction),
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
    /// Say who checks that an action worked
    #[command(
        display_name = "Name a verifier",
        after_help = "action verifier CA-12 @ann\naction verifier CA-12 @ann check:in 30 days"
    )]
    Verifier {
        /// Action
        action: ActionName,
        /// Who looks whether it worked
        ///
        /// Someone other than the owner.
        verifier: Who,
        /// When to check
        #[arg(long)]
        check: Option<DueDate>,
    },
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
    /// Give many actions of one person to another
    Reassign(ReassignActions),
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
    /// What will be changed.
    #[arg(long)]
    pub plan: Option<Prose>,
    /// How it will be seen that it worked
    ///
    /// Set before it is checked: a number, a sample, a time without it.
    #[arg(long)]
    pub criterion: Option<Prose>,
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
    after_help = "action list\naction list mine\naction list overdue owner:@ann\naction list vpn state:all\n\
                  action list source:finding severity:major control:A.8"
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
    /// Only from this source
    #[arg(long)]
    pub source: Option<Source>,
    /// Only this serious
    #[arg(long)]
    pub severity: Option<Severity>,
    /// Only of this clause or control
    ///
    /// For example: A.8.8, A.8 for the whole group, 9.1, 9.
    #[arg(long)]
    pub control: Option<AreaName>,
    /// Page of the list
    #[arg(long, default_value = "1", value_parser = clap::value_parser!(u32).range(1..))]
    pub page: u32,
}

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Reassign actions",
    after_help = "action reassign @bob to:@ann\naction reassign @bob to:@ann overdue control:A.8"
)]
pub struct ReassignActions {
    /// From whom
    pub from: Whoever,
    /// To whom
    #[arg(long)]
    pub to: Who,
    /// Only what is overdue
    #[arg(long)]
    pub overdue: bool,
    /// Only from this source
    #[arg(long)]
    pub source: Option<Source>,
    /// Only this serious
    #[arg(long)]
    pub severity: Option<Severity>,
    /// Only of this clause or control
    #[arg(long)]
    pub control: Option<AreaName>,
    /// Only with these words in the title
    #[arg(long)]
    pub text: Option<String>,
    /// How many you were shown
    ///
    /// Leave it empty to see them first.
    #[arg(long)]
    pub confirm: Option<u32>,
}
