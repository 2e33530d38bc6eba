//! What a person can say about planning reviews.

use clap::{Args, Subcommand, ValueEnum};

use crate::command::value::{Crew, DueDate, Prose, ReviewName, TimeOfDay, Who};
use crate::people::rhythm::Rhythm;

#[derive(Debug, Clone, PartialEq, Subcommand)]
pub enum PlanCommand {
    /// Schedule a management review, or one after the other
    Schedule(ScheduleReview),
    /// Move a review to another day
    #[command(
        display_name = "Move a review",
        visible_alias = "postpone",
        after_help = "review move MR-2026-Q4 2026-12-17 The chair is away that week\n\
                      review move MR-2026-Q4 friday at:14:00 \"The auditors come on Thursday\""
    )]
    Move {
        /// Review
        review: ReviewName,
        /// New day
        ///
        /// For example: friday, in 2 weeks, 2026-12-17.
        on: DueDate,
        /// Why
        reason: Prose,
        /// New time
        ///
        /// Empty leaves the time as it is.
        #[arg(long)]
        at: Option<TimeOfDay>,
    },
    /// Cancel a review that was not held
    #[command(
        display_name = "Cancel a review",
        after_help = "review cancel MR-2026-Q4 Held together with the next one"
    )]
    Cancel {
        /// Review
        review: ReviewName,
        /// Why
        reason: Prose,
    },
    /// Invite somebody to a review
    #[command(
        display_name = "Invite to a review",
        after_help = "review invite MR-2026-Q4 @ann"
    )]
    Invite {
        /// Review
        review: ReviewName,
        /// Who takes part
        person: Who,
    },
    /// Take back an invitation to a review
    #[command(
        display_name = "Uninvite from a review",
        after_help = "review uninvite MR-2026-Q4 @ann"
    )]
    Uninvite {
        /// Review
        review: ReviewName,
        /// Who does not take part
        person: Who,
    },
    /// Say who chairs a review
    #[command(
        display_name = "Chair of a review",
        after_help = "review chair MR-2026-Q4 @ann"
    )]
    Chair {
        /// Review
        review: ReviewName,
        /// Who chairs it
        person: Who,
    },
    /// Get the agenda pack of a review as it stands
    #[command(display_name = "Agenda pack", after_help = "review pack MR-2026-Q4")]
    Pack {
        /// Review
        review: ReviewName,
    },
    /// Subscribe to the reviews in a calendar
    #[command(
        display_name = "Reviews in a calendar",
        after_help = "review calendar\nreview calendar --renew"
    )]
    Calendar {
        /// A new link
        ///
        /// The one before is good for nothing then.
        #[arg(long)]
        renew: bool,
    },
}

#[derive(Debug, Clone, Default, PartialEq, Args)]
#[command(
    display_name = "Schedule a review",
    visible_aliases = ["plan", "new"],
    after_help = "review schedule 2026-12-15 at:10:00 with:@ann @bob place:\"Room 1\"\n\
                  review schedule quarterly at:10:00 for:90\n\
                  review schedule in 3 weeks title:\"Review of the year\""
)]
pub struct ScheduleReview {
    /// Day of the meeting
    ///
    /// For example: in 3 weeks, 15 december. Empty with a rhythm: a day late in the stretch.
    pub on: Option<DueDate>,
    /// One after the other
    ///
    /// Empty plans just this one; the rhythm stays as it is.
    #[arg(long)]
    pub every: Option<Every>,
    /// Time
    ///
    /// By the clocks of the workspace, as in 10:00. Empty holds the day.
    #[arg(long)]
    pub at: Option<TimeOfDay>,
    /// Minutes
    ///
    /// From 15 to 480; empty means 60.
    #[arg(long = "for", value_parser = clap::value_parser!(u32).range(15..=480))]
    pub minutes: Option<u32>,
    /// Place
    ///
    /// A room, or the address of a call.
    #[arg(long)]
    pub place: Option<String>,
    /// Who takes part
    ///
    /// As in @ann @bob. Empty means you and top management.
    #[arg(long)]
    pub with: Option<Crew>,
    /// Title
    ///
    /// Empty means the quarter, as in Management review 2026-Q4.
    #[arg(long)]
    pub title: Option<String>,
}

/// How reviews follow one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Every {
    /// Every quarter
    Quarterly,
    /// Every half-year
    HalfYearly,
    /// Every year
    Yearly,
    /// No more by itself
    Never,
}

impl Every {
    /// The rhythm, while one follows the other.
    pub fn rhythm(self) -> Option<Rhythm> {
        match self {
            Every::Quarterly => Some(Rhythm::Quarterly),
            Every::HalfYearly => Some(Rhythm::HalfYearly),
            Every::Yearly => Some(Rhythm::Yearly),
            Every::Never => None,
        }
    }
}

impl ScheduleReview {
    /// Neither a day nor a rhythm was named: time to open the form.
    pub fn is_empty(&self) -> bool {
        self.on.is_none() && self.every.is_none()
    }
}

impl PlanCommand {
    pub fn path(&self) -> &'static str {
        match self {
            PlanCommand::Schedule(_) => "review schedule",
            PlanCommand::Move { .. } => "review move",
            PlanCommand::Cancel { .. } => "review cancel",
            PlanCommand::Invite { .. } => "review invite",
            PlanCommand::Uninvite { .. } => "review uninvite",
            PlanCommand::Chair { .. } => "review chair",
            PlanCommand::Pack { .. } => "review pack",
            PlanCommand::Calendar { .. } => "review calendar",
        }
    }
}
