//! Surveys: who is asked, how answers are counted and become a value. Pure.

use std::fmt;
use std::str::FromStr;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use super::question::{Answer, Kind, MOST_QUESTIONS, Question, read_questions};
use crate::command::value::ChannelName;
use crate::kpi::period::Period;
use crate::kpi::rules::Kpi;
use crate::people::{People, Person, Role};

/// A survey as it is declared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Survey {
    pub questions: Vec<Question>,
    pub counts: Counted,
    pub to: Audience,
    pub anonymous: bool,
    /// Of anonymous answers that are fewer nothing is shown.
    pub smallest: u32,
    /// How many days it is open.
    pub days: u32,
    /// How many people a channel has, as far as somebody said so.
    pub of: Option<u32>,
}

/// What gives the value: the mean of a scale, the share of yes, or the share of an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// From 0.
    pub question: usize,
    pub option: Option<usize>,
}

/// Who is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Audience {
    /// Everybody inside, each in a message of their own.
    Everyone,
    /// The people of a role, the same way.
    Role(Role),
    /// Whoever is in a channel, by one message there.
    Channel(ChannelName),
}

/// How often each answer to a question was given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tally {
    Scale([u32; 5]),
    YesNo {
        yes: u32,
        no: u32,
    },
    Choice(Vec<u32>),
    /// In alphabetical order, so that nothing tells when one came.
    Texts(Vec<String>),
}

/// One time that a survey is held.
#[derive(Debug, Clone, PartialEq)]
pub struct Round {
    /// The first day of the period that it is for.
    pub period: NaiveDate,
    /// As it was declared when the round began.
    pub survey: Survey,
    pub opened: NaiveDate,
    /// The last day on which it may be answered.
    pub closes: NaiveDate,
    pub closed: Option<NaiveDate>,
    /// One per question; of a named survey not before it is closed, of one that too few answered none.
    pub tallies: Option<Vec<Tally>>,
}

/// Somebody who is asked in a round, or who answered in a channel.
#[derive(Debug, Clone, PartialEq)]
pub struct Invited {
    pub person: Uuid,
    pub answered: bool,
    /// Of a named survey: one per question, nothing where a text was left out.
    pub answers: Option<Vec<Option<Answer>>>,
}

impl Round {
    /// What came out, once it is closed and enough people answered.
    pub fn value(&self) -> Option<f64> {
        self.closed?;
        self.survey.value(self.tallies.as_ref()?)
    }
}

impl Audience {
    /// Everybody who is asked by a message of their own.
    pub fn people(&self, people: &People) -> Vec<Uuid> {
        let asked = people.0.iter().filter(|person| self.asks(person));
        asked.map(|person| person.id).collect()
    }

    fn asks(&self, person: &Person) -> bool {
        person.present
            && match self {
                Audience::Everyone => person.role != Role::Reader,
                Audience::Role(role) => person.role == *role,
                Audience::Channel(_) => false,
            }
    }
}

impl FromStr for Audience {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let word = text.trim().to_lowercase();
        let single = word.strip_suffix('s').unwrap_or(&word);
        match single {
            "everyone" | "everybody" | "all" => return Ok(Audience::Everyone),
            "reader" => {
                return Err("Readers only read. Ask everyone, or the people of a role.".into());
            }
            _ => {}
        }
        if let Ok(role) = single.parse::<Role>() {
            return Ok(Audience::Role(role));
        }
        let is_channel = word.starts_with('#') || word.starts_with("<#") || word == "here";
        match text.parse::<ChannelName>() {
            Ok(channel) if is_channel => Ok(Audience::Channel(channel)),
            _ => Err(format!(
                "“{text}” is nobody I could ask. Write everyone, members, managers, auditors, \
                 leaders, or a #channel."
            )),
        }
    }
}

impl From<Audience> for String {
    fn from(audience: Audience) -> String {
        audience.to_string()
    }
}

impl TryFrom<String> for Audience {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Audience::Everyone => f.write_str("everyone"),
            Audience::Role(role) => write!(f, "{role}s"),
            Audience::Channel(channel) => channel.fmt(f),
        }
    }
}

impl Tally {
    /// Of a question that nobody has answered.
    fn none(question: &Question) -> Tally {
        match &question.kind {
            Kind::Scale => Tally::Scale([0; 5]),
            Kind::YesNo => Tally::YesNo { yes: 0, no: 0 },
            Kind::Choice(options) => Tally::Choice(vec![0; options.len()]),
            Kind::Text => Tally::Texts(Vec::new()),
        }
    }

    fn add(&mut self, answer: &Answer) {
        match (self, answer) {
            (Tally::Scale(points), Answer::Scale(n)) => {
                if let Some(point) = points.get_mut(usize::from(*n).saturating_sub(1)) {
                    *point += 1;
                }
            }
            (Tally::YesNo { yes, no }, Answer::YesNo(said)) => {
                *(if *said { yes } else { no }) += 1;
            }
            (Tally::Choice(options), Answer::Choice(at)) => {
                if let Some(option) = options.get_mut(*at) {
                    *option += 1;
                }
            }
            (Tally::Texts(texts), Answer::Text(text)) => {
                let at = texts.partition_point(|other| other <= text);
                texts.insert(at, text.clone());
            }
            // Answers are read against the questions they are for.
            _ => {}
        }
    }

    /// How many answered it.
    pub fn total(&self) -> u32 {
        match self {
            Tally::Scale(points) => points.iter().sum(),
            Tally::YesNo { yes, no } => yes + no,
            Tally::Choice(options) => options.iter().sum(),
            Tally::Texts(texts) => u32::try_from(texts.len()).unwrap_or(u32::MAX),
        }
    }

    /// The mean of a scale; the share, in percent, of yes or of an option. In hundredths.
    pub fn value(&self, option: Option<usize>) -> Option<f64> {
        let all = f64::from(self.total());
        let exact = match self {
            Tally::Scale(points) => {
                let points = points.iter().zip(1u32..).map(|(times, n)| times * n);
                f64::from(points.sum::<u32>()) / all
            }
            Tally::YesNo { yes, .. } => f64::from(*yes) * 100.0 / all,
            Tally::Choice(options) => f64::from(*options.get(option?)?) * 100.0 / all,
            Tally::Texts(_) => return None,
        };
        (all > 0.0).then(|| (exact * 100.0).round() / 100.0)
    }
}

impl Survey {
    /// Counts one person's answers in.
    pub fn count(&self, tallies: &mut Vec<Tally>, answers: &[Option<Answer>]) {
        if tallies.is_empty() {
            tallies.extend(self.questions.iter().map(Tally::none));
        }
        for (tally, answer) in tallies.iter_mut().zip(answers) {
            if let Some(answer) = answer {
                tally.add(answer);
            }
        }
    }

    pub fn value(&self, tallies: &[Tally]) -> Option<f64> {
        tallies.get(self.counts.question)?.value(self.counts.option)
    }

    /// Why so many people are too few to be asked.
    pub fn too_few(&self, asked: usize) -> Option<String> {
        let to = &self.to;
        if matches!(to, Audience::Channel(_)) || self.enough(asked) {
            return None;
        }
        Some(match (self.anonymous, asked) {
            (_, 0) => format!("There is nobody here who could be asked: {to}."),
            (true, _) => format!(
                "I know {asked} to ask ({to}), and of fewer than {} anonymous answers nothing is shown. \
                 Ask more people, lower the number, or ask with names.",
                self.smallest
            ),
            (false, _) => return None,
        })
    }

    /// Whether so many answers are enough to be shown.
    pub fn enough(&self, answered: usize) -> bool {
        let least = if self.anonymous { self.smallest } else { 1 };
        answered >= usize::try_from(least).unwrap_or(usize::MAX)
    }

    /// The question that gives the value, or why there is none.
    pub fn counted(
        questions: &[Question],
        question: Option<usize>,
        option: Option<&str>,
    ) -> Result<Counted, (&'static str, String)> {
        let counts = |question: &Question| question.kind != Kind::Text;
        let at = match question {
            Some(number) => number.saturating_sub(1),
            None => questions.iter().position(counts).ok_or_else(|| {
                let wrong = "A text cannot be counted: ask at least one scale, yes-no or choice.";
                ("questions", wrong.to_owned())
            })?,
        };
        let Some(question) = questions.get(at) else {
            let wrong = format!("There are only {} questions.", questions.len());
            return Err(("value", wrong));
        };
        let option = match (&question.kind, option) {
            (Kind::Text, _) => {
                let wrong = format!("Question {} is a text, which cannot be counted.", at + 1);
                return Err(("value", wrong));
            }
            (Kind::Choice(_), Some(said)) => match question.read(said) {
                Ok(Answer::Choice(option)) => Some(option),
                Ok(_) => None,
                Err(wrong) => return Err(("option", wrong)),
            },
            (Kind::Choice(options), None) => {
                let wrong = format!("Which answer is counted: {}?", options.join(", "));
                return Err(("option", wrong));
            }
            (_, _) => None,
        };
        Ok(Counted {
            question: at,
            option,
        })
    }

    /// What its value is not fit for.
    pub fn misfit(&self, kpi: &Kpi) -> Option<String> {
        let scale = self
            .questions
            .get(self.counts.question)
            .is_some_and(|question| question.kind == Kind::Scale);
        match (scale, kpi.unit == "%") {
            (true, true) => Some(format!(
                "{} is counted in %, and the mean of a scale is a number from 1 to 5. Let a yes-no or \
                 a choice give the value, or use a KPI with another unit.",
                kpi.name
            )),
            (false, false) => Some(format!(
                "The share of an answer is counted in %, and {} is not. Let a scale give the value, or \
                 use a KPI whose unit is %.",
                kpi.name
            )),
            _ => None,
        }
    }

    /// The first day of a period's round: it is open to the end of the period.
    pub fn opens(&self, period: Period) -> NaiveDate {
        let days = Days::new(u64::from(self.days.saturating_sub(1)));
        let day = period.last_day().checked_sub_days(days);
        day.unwrap_or(period.first_day()).max(period.first_day())
    }

    /// The last day of a round that opens on a day.
    pub fn closes(&self, period: Period, opened: NaiveDate) -> NaiveDate {
        let days = Days::new(u64::from(self.days.saturating_sub(1)));
        let last = opened.checked_add_days(days).unwrap_or(opened);
        last.min(period.last_day())
    }
}

#[cfg(test)]
mod tests;
