//! What a person can say while a review is held.

use clap::{Args, Subcommand};

use super::rules::{Kind, Verdict};
use crate::command::value::{DecisionName, DueDate, Prose, ReviewName, Seen, Who};
use crate::review::command::InputItem;

#[derive(Debug, Clone, PartialEq, Subcommand)]
pub enum MeetingCommand {
    /// Begin the meeting: the inputs freeze
    #[command(
        display_name = "Start a review",
        visible_alias = "begin",
        after_help = "review start MR-2026-Q4"
    )]
    Start {
        /// Review
        review: ReviewName,
    },
    /// Say who is at the meeting, and who is not
    Attend(Attend),
    /// Write down what was said about an input
    Discuss(Discuss),
    /// Write down what was decided
    Decide(Decide),
    /// Change a decision: its words, its owner, its date
    DecideChange(ChangeDecision),
    /// Take a decision back, with a reason
    #[command(
        display_name = "Withdraw a decision",
        after_help = "review withdraw MR-2026-Q4 D2 It is the same as D1"
    )]
    Withdraw {
        /// Review
        review: ReviewName,
        /// Decision
        decision: DecisionName,
        /// Why it is taken back
        reason: Prose,
    },
    /// End the meeting: is the ISMS suitable, adequate, effective?
    Conclude(Conclude),
}

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Who is at the meeting",
    after_help = "review attend MR-2026-Q4 me\nreview attend MR-2026-Q4 @ann\n\
                  review attend MR-2026-Q4 guest:\"Eve Moss, auditor\"\n\
                  review attend MR-2026-Q4 @bob absent:yes\nreview attend MR-2026-Q4 invited:yes"
)]
pub struct Attend {
    /// Review
    pub review: ReviewName,
    /// Who
    pub who: Option<Who>,
    /// A guest, by name
    ///
    /// Somebody who is not in this workspace.
    #[arg(long)]
    pub guest: Option<String>,
    /// Everybody who was invited
    #[arg(long)]
    pub invited: bool,
    /// Not there
    ///
    /// They are not at the meeting, or sent their apologies.
    #[arg(long)]
    pub absent: bool,
    /// They chair the meeting
    #[arg(long)]
    pub chairs: bool,
}

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Note a discussion",
    visible_alias = "note",
    after_help = "review discuss MR-2026-Q4 f Two risks are above what we accept; both are being treated"
)]
pub struct Discuss {
    /// Review
    pub review: ReviewName,
    /// Input
    pub item: InputItem,
    /// What was said
    pub note: Option<Prose>,
    /// Version that was shown
    #[arg(long, hide = true)]
    pub seen: Option<Seen>,
}

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Note a decision",
    after_help = "review decide MR-2026-Q4 d A second person for patching kind:resources owner:@ann due:end of month"
)]
pub struct Decide {
    /// Review
    pub review: ReviewName,
    /// Input
    pub item: InputItem,
    /// What was decided
    pub decision: Prose,
    /// What it is about
    #[arg(long, default_value = "improvement")]
    pub kind: Kind,
    /// Who sees to it
    ///
    /// May be said later, before the minutes are approved.
    #[arg(long)]
    pub owner: Option<Who>,
    /// Until when
    ///
    /// For example: end of month, in 6 weeks. May be said later.
    #[arg(long)]
    pub due: Option<DueDate>,
}

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Change a decision",
    after_help = "review decide-change MR-2026-Q4 D1 owner:@ann due:in 6 weeks"
)]
pub struct ChangeDecision {
    /// Review
    pub review: ReviewName,
    /// Decision
    pub decision: DecisionName,
    /// What was decided
    #[arg(long)]
    pub words: Option<Prose>,
    /// Who sees to it
    #[arg(long)]
    pub owner: Option<Who>,
    /// Until when
    ///
    /// For example: end of month, in 6 weeks.
    #[arg(long)]
    pub due: Option<DueDate>,
    /// What it is about
    #[arg(long)]
    pub kind: Option<Kind>,
}

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "End the meeting",
    after_help = "review conclude MR-2026-Q4 suitable:yes adequate:yes effective:partly Patching is the weak spot"
)]
pub struct Conclude {
    /// Review
    pub review: ReviewName,
    /// What the meeting came to
    ///
    /// In a few sentences: why you judge so, and what matters most until the next review.
    pub conclusion: Prose,
    /// Is the ISMS suitable?
    ///
    /// Does it still fit the organisation and what is asked of it?
    #[arg(long)]
    pub suitable: Verdict,
    /// Is it adequate?
    ///
    /// Does it do what the standard and you yourselves ask for?
    #[arg(long)]
    pub adequate: Verdict,
    /// Is it effective?
    ///
    /// Does it reach what it is for?
    #[arg(long)]
    pub effective: Verdict,
}

impl MeetingCommand {
    /// It says nothing yet: time to open its form.
    pub fn wants_form(&self) -> bool {
        match self {
            MeetingCommand::Attend(said) => {
                said.who.is_none() && said.guest.is_none() && !said.invited
            }
            MeetingCommand::Discuss(said) => said.note.is_none(),
            MeetingCommand::DecideChange(said) => {
                let words = said.words.is_none() && said.kind.is_none();
                words && said.owner.is_none() && said.due.is_none()
            }
            _ => false,
        }
    }

    pub fn path(&self) -> &'static str {
        match self {
            MeetingCommand::Start { .. } => "review start",
            MeetingCommand::Attend(_) => "review attend",
            MeetingCommand::Discuss(_) => "review discuss",
            MeetingCommand::Decide(_) => "review decide",
            MeetingCommand::DecideChange(_) => "review decide-change",
            MeetingCommand::Withdraw { .. } => "review withdraw",
            MeetingCommand::Conclude(_) => "review conclude",
        }
    }
}
