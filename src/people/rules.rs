//! Workspaces, persons, roles: nouns and what follows from them. Pure.

use chrono::{DateTime, NaiveDate, Offset, Utc, WeekdaySet};
use chrono_tz::Tz;
use uuid::Uuid;

use super::rhythm::Rhythm;
use crate::chat::{Platform, Text};
use crate::report::rules::Reporting;

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
    /// Where audits are announced, if not there.
    pub audit_channel: Option<String>,
    /// Where alerts and troubles are told, if not there.
    pub alert_channel: Option<String>,
    /// How often management reviews are held.
    pub reviews: Rhythm,
    /// How often the performance report comes by itself.
    pub reports: Reporting,
    /// Whether the channel has an overview pinned.
    pub pinned: bool,
    /// When the set-up was finished. Until then the platform's administrators are managers.
    pub set_up_at: Option<DateTime<Utc>>,
    pub set_up_by: Option<Uuid>,
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
    pub role_from: RoleFrom,
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
    /// Manager: runs the ISMS
    Manager,
    /// Auditor: carries out internal audits
    Auditor,
    /// Leader: top management
    Leader,
    /// Member: everybody else
    Member,
    /// Reader: an external auditor, reads only
    Reader,
}

/// Where a role comes from.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    strum::Display,
    strum::EnumString,
    serde::Serialize,
    serde::Deserialize,
)]
#[strum(serialize_all = "kebab-case")]
#[serde(rename_all = "kebab-case")]
pub enum RoleFrom {
    /// It follows the platform's administrators until the set-up is finished.
    Bootstrap,
    /// A manager gave it; nothing but another manager changes it.
    Grant,
}

impl Workspace {
    /// A workspace that is not set up yet.
    pub fn new(
        platform: Platform,
        external: &str,
        (zone, working_days): (Tz, WeekdaySet),
    ) -> Workspace {
        Workspace {
            id: Uuid::now_v7(),
            platform,
            external: external.to_owned(),
            name: external.to_owned(),
            zone,
            working_days,
            channel: None,
            audit_channel: None,
            alert_channel: None,
            reviews: Rhythm::default(),
            reports: Reporting::default(),
            pinned: false,
            set_up_at: None,
            set_up_by: None,
        }
    }

    /// Where audits are announced.
    pub fn for_audits(&self) -> Option<&String> {
        self.audit_channel.as_ref().or(self.channel.as_ref())
    }

    /// Where alerts and troubles are told.
    pub fn for_alerts(&self) -> Option<&String> {
        self.alert_channel.as_ref().or(self.channel.as_ref())
    }

    /// The role that being an administrator of the platform gives or takes, to someone whose role
    /// nobody granted. `admin` is what the platform told, if it did.
    pub fn bootstrap(&self, role: Role, admin: Option<bool>) -> Role {
        match (self.set_up_at, admin, role) {
            (None, Some(true), Role::Member) => Role::Manager,
            (None, Some(false), Role::Manager) => Role::Member,
            _ => role,
        }
    }
}

impl Role {
    /// `a manager`, `an auditor`.
    pub fn with_article(self) -> String {
        match self {
            Role::Auditor => "an auditor".to_owned(),
            role => format!("a {role}"),
        }
    }
}

impl Person {
    /// Their role, after the platform told whether they are an administrator.
    pub fn bootstrapped(&self, workspace: &Workspace, admin: Option<bool>) -> Role {
        match self.role_from {
            RoleFrom::Bootstrap => workspace.bootstrap(self.role, admin),
            RoleFrom::Grant => self.role,
        }
    }

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
