//! What a person can say about management reviews.

use clap::{Args, Subcommand, ValueEnum};
use serde::{Deserialize, Serialize};

use super::plan::command::PlanCommand;
use super::risk::command::RiskCommand;
use crate::command::value::{Prose, ReviewName, Who};

#[derive(Debug, Clone, PartialEq, Subcommand)]
pub enum ReviewCommand {
    #[command(flatten)]
    Plan(PlanCommand),
    #[command(flatten)]
    Risk(RiskCommand),
    /// List the reviews
    #[command(
        display_name = "List reviews",
        visible_alias = "ls",
        after_help = "review list"
    )]
    List,
    /// Show a review: which inputs are in, which are missing
    #[command(
        display_name = "Show a review",
        visible_alias = "view",
        after_help = "review show MR-2026-Q4"
    )]
    Show {
        /// Review
        review: ReviewName,
    },
    /// Give an input to a review
    Input(GiveInput),
    /// Say who gives an input
    #[command(
        display_name = "Assign an input",
        after_help = "review assign MR-2026-Q4 f @ann"
    )]
    Assign {
        /// Review
        review: ReviewName,
        /// Input
        item: InputItem,
        /// Who gives it
        owner: Who,
    },
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
    /// Sign what a review came to
    #[command(
        display_name = "Sign a review",
        after_help = "review sign MR-2026-Q4 Suitable, adequate and effective; two actions raised"
    )]
    Sign {
        /// Review
        review: ReviewName,
        /// Conclusion
        ///
        /// Whether the management system is suitable, adequate and effective, and what was decided.
        conclusion: Prose,
    },
}

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Give an input",
    visible_alias = "answer",
    after_help = "review input MR-2026-Q4 e Two customers asked for our certificate\n\
                  review input MR-2026-Q4 c nothing\n\
                  review input MR-2026-Q4 b A new data centre climate:\"Relevant: the site floods\""
)]
pub struct GiveInput {
    /// Review
    pub review: ReviewName,
    /// Input
    pub item: InputItem,
    /// Your answer
    ///
    /// Facts and figures the meeting needs. Leave it empty if there is nothing to report.
    pub answer: Option<Prose>,
    /// Nothing to report
    #[arg(long)]
    pub nothing: bool,
    /// Climate change
    ///
    /// For (b) and (c): whether it is relevant, and if so how.
    #[arg(long)]
    pub climate: Option<Prose>,
}

/// The seven inputs of 9.3.2, by the letter of the standard.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
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
pub enum InputItem {
    /// (a) Actions of previous reviews
    A,
    /// (b) Changes in external and internal issues
    B,
    /// (c) Changes in interested parties' needs
    C,
    /// (d) Performance: actions, KPIs, audits, objectives
    D,
    /// (e) Feedback from interested parties
    E,
    /// (f) Risk assessment and treatment status
    F,
    /// (g) Opportunities for improvement
    G,
}
