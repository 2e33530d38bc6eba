//! Who is asked instead of whom, and when a trouble is told. Pure.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::command::value::KpiKey;
use crate::people::{People, Person, Role};

/// Someone is away from a day on, and back on another.
#[derive(Debug, Clone, PartialEq)]
pub struct Absence {
    pub person: Uuid,
    pub from: NaiveDate,
    /// The first day they are back.
    pub until: NaiveDate,
    /// Who is asked meanwhile; the managers, if nobody was named.
    pub deputy: Option<Uuid>,
    pub reason: Option<String>,
}

impl Absence {
    pub fn holds(&self, day: NaiveDate) -> bool {
        self.from <= day && day < self.until
    }
}

/// The absences of a workspace.
#[derive(Debug, Clone, Default)]
pub struct Absences(pub Vec<Absence>);

impl Absences {
    /// The absence of a person on a day.
    pub fn of(&self, person: Uuid, day: NaiveDate) -> Option<&Absence> {
        let mut absences = self.0.iter();
        absences.find(|absence| absence.person == person && absence.holds(day))
    }

    /// Who gets on a day what is meant for a person: themselves; while they are away, their deputy;
    /// where that one is away or gone too, the managers who are there, or else the leaders. Never
    /// the absent.
    pub fn receivers(&self, person: Uuid, day: NaiveDate, people: &People) -> Vec<Uuid> {
        let Some(absence) = self.of(person, day) else {
            return vec![person];
        };
        let there = |who: &Person| who.present && self.of(who.id, day).is_none();
        let deputy = absence.deputy.and_then(|deputy| people.find(deputy));
        if let Some(deputy) = deputy.filter(|deputy| there(deputy)) {
            return vec![deputy.id];
        }
        let with_role = |role: Role| -> Vec<Uuid> {
            let fitting = people.0.iter().filter(|who| who.role == role && there(who));
            fitting.map(|who| who.id).collect()
        };
        match with_role(Role::Manager) {
            managers if managers.is_empty() => with_role(Role::Leader),
            managers => managers,
        }
    }

    /// The absences in which this person is asked on a day.
    pub fn instead(&self, receiver: Uuid, day: NaiveDate, people: &People) -> Vec<&Absence> {
        let of_receiver = |absence: &&Absence| {
            absence.holds(day)
                && people.find(absence.person).is_some_and(|who| who.present)
                && self
                    .receivers(absence.person, day, people)
                    .contains(&receiver)
        };
        self.0.iter().filter(of_receiver).collect()
    }
}

/// Whom a trouble is told to: the managers, or without any the leaders; not whom it is about.
pub fn in_charge(people: &People, about: Option<Uuid>) -> Vec<Uuid> {
    let with_role = |role: Role| -> Vec<Uuid> {
        let there = people
            .0
            .iter()
            .filter(|who| who.present && who.role == role);
        let others = there.filter(|who| Some(who.id) != about);
        others.map(|who| who.id).collect()
    };
    if people.managers().next().is_some() {
        return with_role(Role::Manager);
    }
    with_role(Role::Leader)
}

/// Something that does not work, or somebody who was refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Trouble {
    /// A person lacks the role for a command.
    Denied { person: Uuid, command: String },
    /// Nothing can be posted in a channel, in the platform's id of it.
    Channel { channel: String, why: String },
    /// The overview of a channel cannot be pinned there.
    Pin { channel: String, why: String },
    /// A direct message does not reach a person who is there.
    Unreachable { person: Uuid, why: String },
    /// A source of values fails; its measurer knows.
    Source {
        kpi: KpiKey,
        measurer: Uuid,
        why: String,
    },
    /// The platform refuses the bot's token: it can tell nobody.
    Token,
    /// The bot was removed from the workspace: it can tell nobody there.
    Removed,
}

/// The key of the trouble with the token.
pub const TOKEN: &str = "token";

/// The key of the trouble that the bot is not there.
pub const REMOVED: &str = "removed";

pub fn channel_key(channel: &str) -> String {
    format!("channel {channel}")
}

pub fn pin_key(channel: &str) -> String {
    format!("pin {channel}")
}

/// The key of the trouble with the source of a KPI.
pub fn source_key(kpi: &KpiKey) -> String {
    format!("source {kpi}")
}

pub fn person_key(person: Uuid) -> String {
    format!("person {person}")
}

impl Trouble {
    /// Names the trouble in its workspace: the same key is the same trouble.
    pub fn key(&self) -> String {
        match self {
            Trouble::Denied { person, command } => format!("denied {person} {command}"),
            Trouble::Channel { channel, .. } => channel_key(channel),
            Trouble::Pin { channel, .. } => pin_key(channel),
            Trouble::Unreachable { person, .. } => person_key(*person),
            Trouble::Source { kpi, .. } => source_key(kpi),
            Trouble::Token => TOKEN.to_owned(),
            Trouble::Removed => REMOVED.to_owned(),
        }
    }

    /// The person it is about, who is not told of it.
    pub fn about(&self) -> Option<Uuid> {
        match self {
            Trouble::Denied { person, .. } | Trouble::Unreachable { person, .. } => Some(*person),
            // They are told themselves.
            Trouble::Source { measurer, .. } => Some(*measurer),
            Trouble::Channel { .. } | Trouble::Pin { .. } | Trouble::Token | Trouble::Removed => {
                None
            }
        }
    }
}

/// A trouble as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    pub what: Trouble,
    pub first: DateTime<Utc>,
    pub last: DateTime<Utc>,
    pub times: i64,
    pub told: Option<DateTime<Utc>>,
    /// When it was mended.
    pub cleared: Option<DateTime<Utc>>,
}

/// A refusal is told again after so long.
const DENIAL_AGAIN: TimeDelta = TimeDelta::days(30);

impl Kept {
    /// The trouble after it happened (again): what was mended or told long ago begins anew.
    pub fn after(before: Option<Kept>, what: Trouble, now: DateTime<Utc>) -> Kept {
        let goes_on = |kept: &Kept| {
            let denied = matches!(kept.what, Trouble::Denied { .. });
            let told = kept.told.unwrap_or(kept.first);
            kept.cleared.is_none() && !(denied && now - told >= DENIAL_AGAIN)
        };
        match before.filter(goes_on) {
            Some(kept) => Kept {
                what,
                last: now,
                times: kept.times + 1,
                ..kept
            },
            None => Kept {
                what,
                first: now,
                last: now,
                times: 1,
                told: None,
                cleared: None,
            },
        }
    }

    /// Whether managers are still to hear of it, and can. Without a token, or where the bot is not,
    /// nobody can be told until that is over.
    pub fn is_to_be_told(&self) -> bool {
        let works = match self.what {
            Trouble::Token | Trouble::Removed => self.cleared.is_some(),
            _ => self.cleared.is_none(),
        };
        works && self.told.is_none()
    }
}

/// The letters of a code: none that is mistaken for another.
const LETTERS: &[u8] = b"ABCDEFGHJKMNPQRSTVWXYZ23456789";
/// In a code.
pub const CODE_LENGTH: usize = 10;
/// How long a code can be said.
pub const CODE_LASTS: TimeDelta = TimeDelta::minutes(10);
/// Wrong codes that a person may say in an hour.
pub const GUESSES: i64 = 5;
/// After which wrong codes are forgotten.
pub const GUESSES_LAST: TimeDelta = TimeDelta::hours(1);

/// A code made of random bytes, or none if a byte would favour some letters.
pub fn code_of(bytes: impl IntoIterator<Item = u8>) -> Option<String> {
    let fair = LETTERS.len() * (256 / LETTERS.len());
    let letters = bytes
        .into_iter()
        .map(usize::from)
        .filter(|byte| *byte < fair);
    let code: String = letters
        .take(CODE_LENGTH)
        .map(|byte| char::from(LETTERS[byte % LETTERS.len()]))
        .collect();
    (code.len() == CODE_LENGTH).then_some(code)
}

/// What was typed, as a code is kept: spaces, dashes and small letters are forgiven.
pub fn code_typed(text: &str) -> String {
    text.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_uppercase())
        .collect()
}

/// A code as people read it: `ABCDE-FGHJK`.
pub fn code_shown(code: &str) -> String {
    let (left, right) = code.split_at(code.len() / 2);
    format!("{left}-{right}")
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
