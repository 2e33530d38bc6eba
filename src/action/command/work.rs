//! What is said of one action while it is worked on.

use clap::Args;

use crate::action::choice::Similar;
use crate::command::value::{ActionName, DueDate, FileRef, Prose, Who};

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Update an action",
    after_help = "action update CA-12 cause:\"No one owns the patch list\" plan:\"Name an owner, patch monthly\" criterion:\"Three scans without a late patch\""
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
    /// What will be changed.
    #[arg(long)]
    pub plan: Option<Prose>,
    /// How it will be seen that it worked
    ///
    /// Set before it is checked: a number, a sample, a time without it.
    #[arg(long)]
    pub criterion: Option<Prose>,
    /// Note
    ///
    /// How it is going. Kept with the action.
    #[arg(long)]
    pub note: Option<Prose>,
}

impl UpdateAction {
    /// Nothing but the action was named: time to open the form.
    pub fn is_empty(&self) -> bool {
        let words = [&self.cause, &self.plan, &self.criterion, &self.note];
        self.title.is_none() && words.into_iter().all(Option::is_none)
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
    /// How it will be seen that it worked
    ///
    /// Needed for a nonconformity, if it is not given yet.
    #[arg(long)]
    pub criterion: Option<Prose>,
    /// When to check that it worked
    ///
    /// In 60 days, unless you say otherwise; for an opportunity, at once.
    #[arg(long)]
    pub check: Option<DueDate>,
    /// Who looks whether it worked
    ///
    /// Someone other than the owner; who raised it, unless you say otherwise.
    // Not asked for, to keep the form short: the answer says who it is, and a button changes it.
    #[arg(long, hide = true)]
    pub verifier: Option<Who>,
    /// Evidence as a file
    #[arg(long)]
    pub file: Option<FileRef>,
}

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Find the cause",
    after_help = "action analyse CA-12 why1:\"It was not patched\" why2:\"Nobody owns the list\" similar:no\n\
                  action analyse CA-12 similar:yes where:\"The Wi-Fi gateways\" cause:\"Nobody owns the list\""
)]
pub struct AnalyseAction {
    /// Action
    pub action: ActionName,
    /// Is there something similar elsewhere?
    ///
    /// Look before you answer: other systems, sites, teams.
    #[arg(long)]
    pub similar: Similar,
    /// Where else
    ///
    /// Needed if there is, or could be, something similar.
    #[arg(long = "where")]
    pub elsewhere: Option<Prose>,
    /// Why did it happen?
    #[arg(long)]
    pub why1: Option<Prose>,
    /// And why that?
    #[arg(long)]
    pub why2: Option<Prose>,
    /// And why that?
    #[arg(long)]
    pub why3: Option<Prose>,
    /// And why that?
    #[arg(long)]
    pub why4: Option<Prose>,
    /// And why that?
    #[arg(long)]
    pub why5: Option<Prose>,
    /// Root cause
    ///
    /// Leave it empty, and it is the last why.
    #[arg(long)]
    pub cause: Option<Prose>,
}

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Plan a step",
    after_help = "action step CA-12 Name an owner of the list owner:@ann due:friday\n\
                  action step CA-12 step:2 due:in 2 weeks Patch the gateways"
)]
pub struct PlanStep {
    /// Action
    pub action: ActionName,
    /// What is to be done
    pub what: String,
    /// Who is to do it
    ///
    /// The owner of the action, unless you say otherwise.
    #[arg(long)]
    pub owner: Option<Who>,
    /// Due date
    ///
    /// By the due date of the action, unless you say otherwise.
    #[arg(long)]
    pub due: Option<DueDate>,
    /// Number of the step to change
    ///
    /// Leave it empty for a new step.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    pub step: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Note on an action",
    after_help = "action note CA-12 The supplier ships on Monday"
)]
pub struct NoteAction {
    /// Action
    pub action: ActionName,
    /// How it is going
    ///
    /// Kept with the action, and said in the thread of its message.
    pub note: Prose,
    /// File
    #[arg(long)]
    pub file: Option<FileRef>,
}
