//! Workspaces, persons, roles: nouns and what follows from them. Pure.

use chrono::{DateTime, NaiveDate, Offset, Utc, WeekdaySet};
use chrono_tz::Tz;
use uuid::Uuid;

use crate::chat::{Platform, Text};

/// The tenant: every row belongs to one, and nothing crosses.
#[derive(Debug, Clone, PartialEq)]
pub struct Workspace {
    pub id: Uuid,
    pub platform: Platform,
    /// The platform's id of it.
    pub external: String,
    pub name: String,
    pub zone: Tz,
    pub working_days: WeekdaySet,
    /// The platform's id of the channel where digests and living messages are posted.
    pub channel: Option<String>,
}

/// A member of a workspace.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    pub id: Uuid,
    /// The platform's id of them.
    pub external: String,
    pub name: String,
    /// Their own zone, if it is known; the workspace's otherwise.
    pub zone: Option<Tz>,
    pub role: Role,
    /// False once they have left the workspace.
    pub present: bool,
}

/// What a person may do. Owner is not a role: it is being assigned.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    strum::Display,
    strum::EnumString,
    clap::ValueEnum,
    serde::Serialize,
    serde::Deserialize,
)]
#[strum(serialize_all = "kebab-case")]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Runs the ISMS.
    Manager,
    /// Carries out internal audits.
    Auditor,
    /// Top management.
    Leader,
    /// Everybody else.
    Member,
    /// An external auditor: reads only.
    Reader,
}

impl Person {
    pub fn zone_in(&self, workspace: &Workspace) -> Tz {
        self.zone.unwrap_or(workspace.zone)
    }

    /// A mention of them.
    pub fn mention(&self) -> Text {
        Text::new().person(&self.external, &self.name)
    }
}

/// The persons of a workspace, to word records that name them.
#[derive(Debug, Clone, Default)]
pub struct People(pub Vec<Person>);

impl People {
    pub fn find(&self, id: Uuid) -> Option<&Person> {
        self.0.iter().find(|person| person.id == id)
    }

    /// By the platform's id of them.
    pub fn find_by_external(&self, external: &str) -> Option<&Person> {
        self.0.iter().find(|person| person.external == external)
    }

    /// A mention of the person, or words for nobody.
    pub fn mention(&self, id: Option<Uuid>) -> Text {
        match id {
            None => "nobody yet".into(),
            Some(id) => self
                .find(id)
                .map_or_else(|| "someone who left".into(), Person::mention),
        }
    }

    /// The person's name, or words for nobody.
    pub fn name(&self, id: Option<Uuid>) -> &str {
        match id {
            None => "nobody yet",
            Some(id) => self
                .find(id)
                .map_or("someone who left", |person| &person.name),
        }
    }

    /// Whoever runs the ISMS.
    pub fn managers(&self) -> impl Iterator<Item = &Person> {
        self.0
            .iter()
            .filter(|person| person.present && person.role == Role::Manager)
    }
}

/// The zone that a card means, if it has to be named: where the clocks of another reader, or of the
/// workspace, show something else at the moment.
pub fn zone_to_name(
    meant: Tz,
    others: impl IntoIterator<Item = Tz>,
    now: DateTime<Utc>,
) -> Option<Tz> {
    let offset = |zone: Tz| now.with_timezone(&zone).offset().fix();
    let mut others = others.into_iter();
    others
        .any(|other| offset(other) != offset(meant))
        .then_some(meant)
}

/// The day it is in a zone.
pub fn today(now: DateTime<Utc>, zone: Tz) -> NaiveDate {
    now.with_timezone(&zone).date_naive()
}
