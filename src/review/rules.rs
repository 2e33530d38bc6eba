//! Reviews and their seven inputs. Pure.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc};
use strum::IntoEnumIterator;
use uuid::Uuid;

use super::command::InputItem;
use crate::app::UserError;
use crate::chat::Button;
use crate::command::value::{RecordName, ReviewName};
use crate::schedule::ladder::{Obligation, REVIEW_INPUT};

/// How far a review is. Its inputs freeze when the meeting starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display, strum::EnumString)]
#[strum(serialize_all = "kebab-case")]
pub enum State {
    Scheduled,
    Started,
    Finished,
    /// It was taken off before it was held.
    Cancelled,
}

/// One management review meeting.
#[derive(Debug, Clone, PartialEq)]
pub struct Review {
    /// `MR-2026-Q4`; a second one in the quarter is `MR-2026-Q4-2`.
    pub name: ReviewName,
    pub title: String,
    /// The day of the meeting.
    pub on: NaiveDate,
    /// When it begins, by the clocks of the workspace; the whole day is held for it otherwise.
    pub starts: Option<NaiveTime>,
    /// How long it takes, in minutes.
    pub minutes: i64,
    pub place: Option<String>,
    pub chair: Option<Uuid>,
    /// How often its invitation was changed (RFC 5545, 3.8.7.4).
    pub sequence: i64,
    pub state: State,
    pub finished_on: Option<NaiveDate>,
    /// What it came to.
    pub conclusion: Option<String>,
}

/// What a review must consider, with who brings it.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    pub item: InputItem,
    pub owner: Uuid,
    pub answer: Option<Answer>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// `None`: there is nothing to report.
    pub text: Option<String>,
    /// Whether climate change is relevant, where that is asked.
    pub climate: Option<String>,
    pub by: Uuid,
    pub at: DateTime<Utc>,
}

impl InputItem {
    /// What the standard asks for under this letter (9.3.2).
    pub fn label(self) -> &'static str {
        match self {
            InputItem::A => "Actions of previous reviews",
            InputItem::B => "Changes in external and internal issues, climate included",
            InputItem::C => "Changes in interested parties' needs",
            InputItem::D => {
                "Performance: nonconformities and actions, measurements, audits, objectives"
            }
            InputItem::E => "Feedback from interested parties",
            InputItem::F => "Risk assessment and treatment status",
            InputItem::G => "Opportunities for improvement",
        }
    }

    /// Whether climate change is asked for by name: 4.1 and 4.2 since their amendment of 2024.
    pub fn asks_climate(self) -> bool {
        matches!(self, InputItem::B | InputItem::C)
    }

    /// Whether the bot's own records answer it.
    pub fn is_prefilled(self) -> bool {
        matches!(self, InputItem::A | InputItem::D)
    }
}

impl Review {
    /// One that is still to be held.
    pub fn new(name: ReviewName, title: String, on: NaiveDate) -> Review {
        Review {
            name,
            title,
            on,
            starts: None,
            minutes: 60,
            place: None,
            chair: None,
            sequence: 0,
            state: State::Scheduled,
            finished_on: None,
            conclusion: None,
        }
    }
}

/// The seven inputs of a new review, all owned by one person until they are shared out.
pub fn new_inputs(owner: Uuid) -> Vec<Input> {
    InputItem::iter()
        .map(|item| Input {
            item,
            owner,
            answer: None,
        })
        .collect()
}

/// The name of a new review on a day, where others are already named.
pub fn name_for(on: NaiveDate, taken: &[ReviewName]) -> ReviewName {
    let first = ReviewName {
        year: on.year(),
        quarter: on.month0() / 3 + 1,
        nth: 1,
    };
    let same_quarter =
        |name: &&ReviewName| (name.year, name.quarter) == (first.year, first.quarter);
    let last = taken.iter().filter(same_quarter).map(|name| name.nth).max();
    ReviewName {
        nth: last.map_or(1, |last| last + 1),
        ..first
    }
}

impl Review {
    /// The meeting begins: from now on no input changes.
    pub fn start(&mut self) -> Result<(), UserError> {
        let name = self.name;
        match self.state {
            State::Scheduled => self.state = State::Started,
            state => {
                return Err(
                    UserError::at("review", format!("{name} is {state} already."))
                        .button("Show", format!("review show {name}")),
                );
            }
        }
        Ok(())
    }

    /// A leader signs what the meeting came to.
    pub fn sign(&mut self, today: NaiveDate, conclusion: String) -> Result<(), UserError> {
        let name = self.name;
        match self.state {
            State::Started => {}
            State::Scheduled => {
                let text = format!(
                    "{name} has not been started; an ISMS manager starts the meeting with \
                     `review start {name}`."
                );
                return Err(UserError::at("review", text));
            }
            State::Finished => {
                return Err(
                    UserError::at("review", format!("{name} has been signed already."))
                        .button("Show", format!("review show {name}")),
                );
            }
            State::Cancelled => {
                let text = format!("{name} was called off; there is nothing to sign.");
                return Err(UserError::at("review", text).button("List reviews", "review list"));
            }
        }
        self.state = State::Finished;
        self.finished_on = Some(today);
        self.conclusion = Some(conclusion);
        Ok(())
    }

    /// Whether inputs may still be given and changed.
    pub fn takes_inputs(&self) -> bool {
        self.state == State::Scheduled
    }

    /// What the owner of an input owes, while it is missing.
    pub fn obligation(&self, input: &Input) -> Option<Obligation> {
        if !self.takes_inputs() || !input.is_missing() {
            return None;
        }
        Some(Obligation {
            record: RecordName::Review(self.name),
            title: format!("({}) {}", input.item, input.item.label()),
            due: self.on,
            ladder: REVIEW_INPUT,
            button: answer_button(self.name, input.item),
            snoozed_until: None,
        })
    }
}

impl Input {
    /// What the bot prefills is never missing.
    pub fn is_missing(&self) -> bool {
        self.answer.is_none() && !self.item.is_prefilled()
    }
}

/// Whether an answer only says that there is none.
pub fn is_nothing(answer: &str) -> bool {
    let words = answer.trim().trim_end_matches('.').to_lowercase();
    ["nothing", "nothing to report", "none", "n/a", "-"].contains(&words.as_str())
}

/// Opens the form for one input.
pub fn answer_button(review: ReviewName, item: InputItem) -> Button {
    Button::new("Answer", format!("review input {review} {item}")).primary()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn review(state: State) -> Review {
        let name = "MR-2026-Q4".parse().unwrap();
        let title = "Management review 2026-Q4".into();
        Review {
            state,
            ..Review::new(name, title, day("2026-12-15"))
        }
    }

    #[test]
    fn a_review_is_named_after_its_quarter_and_numbered_when_that_is_taken() {
        let named = |on: &str, taken: &[ReviewName]| name_for(day(on), taken).to_string();
        assert_eq!(named("2026-12-15", &[]), "MR-2026-Q4");
        assert_eq!(named("2027-01-01", &[]), "MR-2027-Q1");
        assert_eq!(named("2026-06-30", &[]), "MR-2026-Q2");
        let taken = ["MR-2026-Q4", "MR-2025-Q4"].map(|name| name.parse().unwrap());
        assert_eq!(named("2026-10-01", &taken), "MR-2026-Q4-2");
        let taken = ["MR-2026-Q4", "MR-2026-Q4-2"].map(|name| name.parse().unwrap());
        assert_eq!(named("2026-10-01", &taken), "MR-2026-Q4-3");
        assert_eq!(named("2027-10-01", &taken), "MR-2027-Q4");
    }

    #[test]
    fn a_new_review_has_the_seven_inputs_in_order() {
        let owner = Uuid::nil();
        let letters: String = new_inputs(owner)
            .iter()
            .map(|input| input.item.to_string())
            .collect();
        assert_eq!(letters, "abcdefg");
    }

    #[test]
    fn nothing_is_understood_in_words() {
        for said in ["nothing", "Nothing to report.", " none ", "N/A"] {
            assert!(is_nothing(said), "{said}");
        }
        for said in [
            "Nothing changed but the roof",
            "none of the suppliers answered",
        ] {
            assert!(!is_nothing(said), "{said}");
        }
    }

    #[test]
    fn what_the_records_answer_is_not_owed_by_anyone() {
        let review = review(State::Scheduled);
        let owed: String = new_inputs(Uuid::nil())
            .iter()
            .filter(|input| review.obligation(input).is_some())
            .map(|input| input.item.to_string())
            .collect();
        assert_eq!(owed, "bcefg");
    }

    #[test]
    fn an_answered_or_frozen_input_is_owed_no_more() {
        let mut input = new_inputs(Uuid::nil()).remove(1);
        assert!(review(State::Started).obligation(&input).is_none());
        input.answer = Some(Answer {
            text: None,
            climate: None,
            by: Uuid::nil(),
            at: DateTime::UNIX_EPOCH,
        });
        assert!(review(State::Scheduled).obligation(&input).is_none());
    }
}
