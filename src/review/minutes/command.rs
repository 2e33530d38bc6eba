//! What a person can say about minutes.

use clap::{Args, Subcommand, value_parser};

use super::rules::Edited;
use crate::command::value::{Crew, Prose, ReviewName, Seen};
use crate::review::command::InputItem;

#[derive(Debug, Clone, PartialEq, Subcommand)]
pub enum MinutesCommand {
    /// Show the minutes, and what they still need
    #[command(
        display_name = "Show the minutes",
        after_help = "review minutes MR-2026-Q4"
    )]
    Minutes {
        /// Review
        review: ReviewName,
    },
    /// Edit the minutes: each change is a new version
    Edit(Box<EditMinutes>),
    /// Approve the minutes: the chair fixes their version
    #[command(
        display_name = "Approve the minutes",
        after_help = "review approve MR-2026-Q4\nreview approve MR-2026-Q4 copy:@ann @bob"
    )]
    Approve {
        /// Review
        review: ReviewName,
        /// Who else gets them
        ///
        /// Leaders, ISMS managers and who took part get them anyway, once they are signed.
        #[arg(long)]
        copy: Option<Crew>,
    },
    /// Sign the minutes that were approved
    #[command(
        display_name = "Sign the minutes",
        after_help = "review sign MR-2026-Q4\nreview sign MR-2026-Q4 version:3"
    )]
    Sign {
        /// Review
        review: ReviewName,
        /// Version that you have seen
        #[arg(long, value_parser = value_parser!(u32).range(1..))]
        version: Option<u32>,
    },
}

#[derive(Debug, Clone, PartialEq, Args)]
#[command(
    display_name = "Edit the minutes",
    after_help = "review edit MR-2026-Q4 other:\"The next review is in June\""
)]
pub struct EditMinutes {
    /// Review
    pub review: ReviewName,
    /// Opening
    ///
    /// Apologies, welcome, the minutes of last time.
    #[arg(long)]
    pub opening: Option<Prose>,
    /// (a) Actions of previous reviews
    #[arg(long)]
    pub a: Option<Prose>,
    /// (b) External and internal issues
    #[arg(long)]
    pub b: Option<Prose>,
    /// (c) Needs of interested parties
    #[arg(long)]
    pub c: Option<Prose>,
    /// (d) Performance
    #[arg(long)]
    pub d: Option<Prose>,
    /// (e) Feedback from interested parties
    #[arg(long)]
    pub e: Option<Prose>,
    /// (f) Risks and their treatment
    #[arg(long)]
    pub f: Option<Prose>,
    /// (g) Opportunities for improvement
    #[arg(long)]
    pub g: Option<Prose>,
    /// Conclusion
    #[arg(long)]
    pub conclusion: Option<Prose>,
    /// Any other business
    #[arg(long)]
    pub other: Option<Prose>,
    /// Version that was shown
    #[arg(long, hide = true)]
    pub seen: Option<Seen>,
}

impl EditMinutes {
    pub fn edited(self) -> Edited {
        let words = |said: Option<Prose>| said.map(|said| said.0);
        Edited {
            opening: words(self.opening),
            items: vec![
                (InputItem::A, words(self.a)),
                (InputItem::B, words(self.b)),
                (InputItem::C, words(self.c)),
                (InputItem::D, words(self.d)),
                (InputItem::E, words(self.e)),
                (InputItem::F, words(self.f)),
                (InputItem::G, words(self.g)),
            ],
            conclusion: words(self.conclusion),
            other: words(self.other),
        }
    }
}

impl MinutesCommand {
    /// It says nothing yet: time to open its form.
    pub fn wants_form(&self) -> bool {
        match self {
            MinutesCommand::Edit(said) => {
                let Edited {
                    opening,
                    items,
                    conclusion,
                    other,
                } = said.clone().edited();
                let texts = [opening, conclusion, other];
                let items = items.into_iter().map(|(_, text)| text);
                texts.into_iter().chain(items).all(|text| text.is_none())
            }
            _ => false,
        }
    }

    pub fn path(&self) -> &'static str {
        match self {
            MinutesCommand::Minutes { .. } => "review minutes",
            MinutesCommand::Edit(_) => "review edit",
            MinutesCommand::Approve { .. } => "review approve",
            MinutesCommand::Sign { .. } => "review sign",
        }
    }
}
