//! What a person can say about surveys.

use clap::{Args, Subcommand, value_parser};

use super::rules::{Audience, MOST_QUESTIONS};
use crate::command::value::{KpiKey, PeriodName, Prose};

#[derive(Debug, Clone, PartialEq, Subcommand)]
pub enum SurveyCommand {
    /// Measure a KPI by asking people
    New(NewSurvey),
    /// Ask now, before the survey opens by itself
    #[command(
        display_name = "Send a survey",
        visible_alias = "open",
        after_help = "survey send security-culture"
    )]
    Send {
        /// KPI
        kpi: KpiKey,
    },
    /// Answer a survey
    Answer(Box<AnswerSurvey>),
    /// Close a survey before its last day
    #[command(
        display_name = "Close a survey",
        after_help = "survey close security-culture"
    )]
    Close {
        /// KPI
        kpi: KpiKey,
    },
    /// Show a survey: its questions, who answered, what came out
    #[command(
        display_name = "Show a survey",
        visible_alias = "view",
        after_help = "survey show security-culture\nsurvey show security-culture 2026-10"
    )]
    Show {
        /// KPI
        kpi: KpiKey,
        /// Period
        ///
        /// Empty means the last one that it was held for.
        period: Option<PeriodName>,
    },
}

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Set up a survey",
    after_help = "survey new security-culture \"scale: I know where to report an incident; text: What would help?\" to:everyone\n\
                  survey new policy-read \"yes-no: Have you read the policy?\" to:#isms of:40 named:yes"
)]
pub struct NewSurvey {
    /// KPI
    pub kpi: KpiKey,
    /// Questions, one on each line
    ///
    /// Each begins with its kind: “scale: …”, “yes-no: …”, “choice: … | A | B” or “text: …”.
    pub questions: Prose,
    /// Who is asked
    ///
    /// everyone, the people of a role (members, leaders), or a #channel.
    #[arg(long, default_value = "everyone")]
    pub to: Audience,
    /// With names
    ///
    /// Otherwise it is anonymous.
    #[arg(long)]
    pub named: bool,
    /// Days it is open
    ///
    /// It opens by itself so many days before a period ends. From 3 to 31.
    #[arg(long, default_value = "14", value_parser = value_parser!(u32).range(3..=31))]
    pub days: u32,
    /// Fewest answers that are shown
    ///
    /// Of fewer anonymous answers nothing is shown. From 3 to 100.
    #[arg(long, default_value = "5", value_parser = value_parser!(u32).range(3..=100))]
    pub least: u32,
    /// Number of the question that gives the value
    ///
    /// Empty means the first that is no text. The mean of a scale, the share of yes or of an answer.
    #[arg(long, value_parser = value_parser!(u32).range(1..=MOST_QUESTIONS as i64))]
    pub value: Option<u32>,
    /// Answer whose share it is, of a choice
    #[arg(long)]
    pub option: Option<String>,
    /// How many people the channel has
    ///
    /// Only for a channel: so many could answer.
    #[arg(long, value_parser = value_parser!(u32).range(1..=100_000))]
    pub of: Option<u32>,
}

/// Its form is made of the survey's questions: see [`ask::dress`](super::ask::dress). So nobody is asked
/// for them by their numbers, and Discord need not be told of ten options that say nothing.
#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Answer a survey",
    after_help = "survey answer security-culture"
)]
pub struct AnswerSurvey {
    /// KPI
    pub kpi: KpiKey,
    /// Question 1
    #[arg(long, hide = true)]
    pub q1: Option<Prose>,
    /// Question 2
    #[arg(long, hide = true)]
    pub q2: Option<Prose>,
    /// Question 3
    #[arg(long, hide = true)]
    pub q3: Option<Prose>,
    /// Question 4
    #[arg(long, hide = true)]
    pub q4: Option<Prose>,
    /// Question 5
    #[arg(long, hide = true)]
    pub q5: Option<Prose>,
    /// Question 6
    #[arg(long, hide = true)]
    pub q6: Option<Prose>,
    /// Question 7
    #[arg(long, hide = true)]
    pub q7: Option<Prose>,
    /// Question 8
    #[arg(long, hide = true)]
    pub q8: Option<Prose>,
    /// Question 9
    #[arg(long, hide = true)]
    pub q9: Option<Prose>,
    /// Question 10
    #[arg(long, hide = true)]
    pub q10: Option<Prose>,
}

/// The arguments of the questions, in order.
pub const FIELDS: [&str; MOST_QUESTIONS] =
    ["q1", "q2", "q3", "q4", "q5", "q6", "q7", "q8", "q9", "q10"];

impl AnswerSurvey {
    /// What was said to each question, in order.
    pub fn said(self) -> [Option<Prose>; MOST_QUESTIONS] {
        [
            self.q1, self.q2, self.q3, self.q4, self.q5, self.q6, self.q7, self.q8, self.q9,
            self.q10,
        ]
    }

    /// Whether nothing was said yet.
    pub fn is_empty(&self) -> bool {
        self.clone().said().iter().all(Option::is_none)
    }
}
