//! A meeting: who is there, what is said and decided, and what it comes to. Pure.

use chrono::{DateTime, NaiveDate, Utc};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::action::choice::Severity;
use crate::command::value::{ActionName, DecisionName, FileRef};
use crate::people::{People, Person, Role};
use crate::review::command::InputItem;
use crate::review::minutes::rules::Minutes;
use crate::review::rules::Review;

/// What a decision is about (9.3.3).
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
pub enum Kind {
    /// An improvement
    #[default]
    Improvement,
    /// A change to the ISMS
    Change,
    /// Resources: people, money, time
    Resources,
}

/// An answer to whether the management system is suitable, adequate, effective.
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
pub enum Verdict {
    /// Yes
    Yes,
    /// In part
    Partly,
    /// No
    No,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdicts {
    pub suitable: Verdict,
    pub adequate: Verdict,
    pub effective: Verdict,
}

/// Who has to be at a review for it to conclude anything.
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
pub enum Quorum {
    /// The chair and a leader
    #[default]
    Leader,
    /// The chair, a leader and half of those invited
    Half,
}

/// Somebody who can be at a meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attendant {
    Person(Uuid),
    /// By name, from outside.
    Guest(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attendee {
    pub who: Attendant,
    pub present: bool,
    /// A leader, when it was said.
    pub leads: bool,
    /// Since when.
    pub at: DateTime<Utc>,
}

/// What was said about an input: one version of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub item: InputItem,
    /// From 1.
    pub version: i64,
    pub text: String,
    pub by: Uuid,
    pub at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    pub number: i64,
    pub item: InputItem,
    pub text: String,
    pub kind: Kind,
    pub owner: Option<Uuid>,
    pub due: Option<NaiveDate>,
    /// Why it was taken back.
    pub withdrawn: Option<String>,
    /// What came of it, once the minutes are signed.
    pub action: Option<i64>,
    pub by: Uuid,
    pub at: DateTime<Utc>,
}

/// The row of a meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    pub begun_by: Uuid,
    pub begun_at: DateTime<Utc>,
    pub verdicts: Option<Verdicts>,
    pub concluded: Option<(Uuid, DateTime<Utc>)>,
    /// The signed minutes.
    pub archived: Option<FileRef>,
}

/// A meeting with all that belongs to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    pub review: Review,
    pub meeting: Meeting,
    /// Who was invited.
    pub invited: Vec<Uuid>,
    pub attendees: Vec<Attendee>,
    /// The newest version for each input that was spoken of.
    pub notes: Vec<Note>,
    pub decisions: Vec<Decision>,
    pub minutes: Minutes,
}

/// Who acts, and when.
#[derive(Debug, Clone, Copy)]
pub struct Act<'a> {
    pub by: &'a Person,
    pub at: DateTime<Utc>,
    /// The day it is where the person is.
    pub today: NaiveDate,
}

/// The workspace around a meeting, as it is now.
#[derive(Debug, Clone, Copy)]
pub struct House<'a> {
    pub people: &'a People,
    pub quorum: Quorum,
    /// Who is away today.
    pub away: &'a [Uuid],
}

/// The words for a change of a decision; what is left out stays.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Changed {
    pub words: Option<String>,
    pub owner: Option<Uuid>,
    pub due: Option<NaiveDate>,
    pub kind: Option<Kind>,
}

impl Kind {
    pub fn words(self) -> &'static str {
        match self {
            Kind::Improvement => "improvement",
            Kind::Change => "change to the ISMS",
            Kind::Resources => "resources",
        }
    }

    /// How serious the action is that comes of it: what the ISMS lacks is worked off like a minor
    /// nonconformity.
    pub fn severity(self) -> Severity {
        match self {
            Kind::Change => Severity::Minor,
            Kind::Improvement | Kind::Resources => Severity::Opportunity,
        }
    }
}

impl Verdict {
    pub fn words(self) -> &'static str {
        match self {
            Verdict::Yes => "yes",
            Verdict::Partly => "in part",
            Verdict::No => "no",
        }
    }
}

impl Quorum {
    pub fn words(self) -> &'static str {
        match self {
            Quorum::Leader => "the chair and a leader",
            Quorum::Half => "the chair, a leader and half of those invited",
        }
    }
}

impl Decision {
    pub fn name(&self) -> DecisionName {
        DecisionName(self.number)
    }

    pub fn stands(&self) -> bool {
        self.withdrawn.is_none()
    }

    /// What it lacks: `an owner`, `a date`.
    pub fn lacks(&self) -> Vec<&'static str> {
        let lacks = [
            (self.owner.is_none(), "an owner"),
            (self.due.is_none(), "a date"),
        ];
        let lacks = lacks.into_iter().filter(|(lacks, _)| *lacks);
        lacks.map(|(_, what)| what).collect()
    }

    pub fn action_name(&self) -> Option<ActionName> {
        self.action.map(ActionName)
    }
}

/// Who chairs a review, where nobody was named: the first leader who takes part, else who starts it.
pub fn default_chair(invited: &[Uuid], starts: Uuid, people: &People) -> Uuid {
    let leads = |id: &&Uuid| {
        let person = people.find(**id);
        person.is_some_and(|person| person.present && person.role == Role::Leader)
    };
    invited.iter().find(leads).copied().unwrap_or(starts)
}

impl House<'_> {
    /// Whether a person is in the workspace, and not away.
    pub fn is_there(&self, person: Uuid) -> bool {
        let known = self.people.find(person);
        known.is_some_and(|known| known.present) && !self.away.contains(&person)
    }

    pub fn leads(&self, person: Uuid) -> bool {
        let known = self.people.find(person);
        known.is_some_and(|known| known.role == Role::Leader)
    }
}
