//! What speaks against a person auditing something, and who audits all the same. Pure.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::audit::rules::Audit;
use crate::command::value::{ActionName, AreaName, KpiKey};
use crate::kpi::rules::Kpi;
use crate::people::area::rules::{Area, owner_of};
use crate::people::roles::rules::{Competence, Qualified, qualified};

/// Who carries out an audit.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Team {
    /// Persons of the workspace; the first one leads.
    pub persons: Vec<Uuid>,
    /// Guests without a chat account, by name.
    pub guests: Vec<String>,
}

impl Team {
    pub fn has(&self, person: Uuid) -> bool {
        self.persons.contains(&person)
    }
}

/// An auditor without an account in the chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guest {
    pub name: String,
    /// What shows that they can audit.
    pub competence: String,
}

/// The clause that asks for what KPIs are made of: who measures has a part in it.
const MEASUREMENT: &str = "9.1";
/// So long somebody does not audit what they looked at themselves.
pub const VERIFIED_DAYS: i64 = 365;

/// What speaks against a person auditing something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Doubt {
    /// Nothing shows that they can audit.
    Unrecorded,
    /// What shows it counts only until then.
    Expired { on: NaiveDate },
    /// They answer for these requirements, by an area.
    Area {
        area: AreaName,
        requirements: Vec<String>,
    },
    /// They have a part in an action about it.
    Action {
        action: ActionName,
        part: ActionPart,
        requirement: String,
    },
    /// They measure, and 9.1 is looked at.
    Kpi { kpi: KpiKey, part: KpiPart },
}

#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum ActionPart {
    Owner,
    Step,
    Verifier,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KpiPart {
    Measures,
    Analyses,
    Both,
}

/// That a person has a part in an action about a requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Involved {
    pub action: i64,
    pub control: String,
    pub person: Uuid,
    pub part: ActionPart,
}

/// Who can what, and who answers for what, in a workspace.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ties {
    pub competence: Vec<Competence>,
    pub areas: Vec<Area>,
    pub involved: Vec<Involved>,
    pub kpis: Vec<Kpi>,
}

/// That a person may audit, though this speaks against it.
#[derive(Debug, Clone, PartialEq)]
pub struct Override {
    pub person: Uuid,
    /// What was known then.
    pub doubts: Vec<Doubt>,
    pub reason: String,
    pub by: Uuid,
    pub at: DateTime<Utc>,
}

/// A person of the team, with what speaks against them.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    pub person: Uuid,
    pub doubts: Vec<Doubt>,
    /// Those of this person and audit.
    pub overrides: Vec<Override>,
}

/// Everybody who carries out an audit, with what speaks against them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Standing {
    /// The first one leads.
    pub members: Vec<Member>,
    pub guests: Vec<Guest>,
}

/// Whether one of two references is part of the other: `9.2` and `9.2.1`.
fn touches(one: &str, other: &str) -> bool {
    let within = |part: &str, whole: &str| {
        let rest = part.strip_prefix(whole);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    within(one, other) || within(other, one)
}

/// The day for which competence is asked when somebody is named: the last of the audit's month, or
/// today, if that is over.
pub fn judged_on(audit: &Audit, today: NaiveDate) -> NaiveDate {
    audit.last_day().map_or(today, |last| last.max(today))
}

impl Ties {
    /// What speaks against a person looking at this scope on a day.
    pub fn doubts(&self, person: Uuid, scope: &[String], on: NaiveDate) -> Vec<Doubt> {
        let mut doubts = match qualified(&self.competence, person, on) {
            Qualified::Yes => Vec::new(),
            Qualified::Unrecorded => vec![Doubt::Unrecorded],
            Qualified::Expired(on) => vec![Doubt::Expired { on }],
        };
        doubts.extend(self.own_areas(person, scope));
        doubts.extend(self.own_actions(person, scope));
        if scope
            .iter()
            .any(|reference| touches(reference, MEASUREMENT))
        {
            doubts.extend(self.own_kpis(person));
        }
        doubts
    }

    fn own_areas(&self, person: Uuid, scope: &[String]) -> Vec<Doubt> {
        let owned: Vec<&String> = scope
            .iter()
            .filter(|reference| owner_of(&self.areas, reference) == Some(person))
            .collect();
        let mut found = Vec::new();
        for area in self.areas.iter().filter(|area| area.owner == Some(person)) {
            let deciding = |reference: &&&String| {
                let mut own = self
                    .areas
                    .iter()
                    .filter(|other| other.owner == Some(person));
                // The smallest area of theirs is named.
                area.name.covers(reference)
                    && !own.any(|other| {
                        other.name.covers(reference)
                            && other.name.as_str().len() > area.name.as_str().len()
                    })
            };
            let requirements: Vec<String> =
                owned.iter().filter(deciding).copied().cloned().collect();
            if !requirements.is_empty() {
                found.push(Doubt::Area {
                    area: area.name.clone(),
                    requirements,
                });
            }
        }
        found
    }

    fn own_actions<'a>(
        &'a self,
        person: Uuid,
        scope: &'a [String],
    ) -> impl Iterator<Item = Doubt> + 'a {
        let own = self.involved.iter().filter(move |one| one.person == person);
        own.filter(|one| {
            scope
                .iter()
                .any(|reference| touches(reference, &one.control))
        })
        .map(|one| Doubt::Action {
            action: ActionName(one.action),
            part: one.part,
            requirement: one.control.clone(),
        })
    }

    fn own_kpis(&self, person: Uuid) -> impl Iterator<Item = Doubt> {
        let live = self.kpis.iter().filter(|kpi| kpi.paused.is_none());
        live.filter_map(move |kpi| {
            let part = match (kpi.measurer == person, kpi.analyst == person) {
                (true, true) => KpiPart::Both,
                (true, false) => KpiPart::Measures,
                (false, true) => KpiPart::Analyses,
                (false, false) => return None,
            };
            let kpi = kpi.key.clone();
            Some(Doubt::Kpi { kpi, part })
        })
    }
}

impl Doubt {
    /// Whether what was known when somebody was let audit holds this.
    fn is_among(&self, known: &[&Doubt]) -> bool {
        let Doubt::Area { requirements, .. } = self else {
            return known.contains(&self);
        };
        let answered_for = |requirement: &String| {
            known.iter().any(|doubt| match doubt {
                Doubt::Area { requirements, .. } => requirements.contains(requirement),
                _ => false,
            })
        };
        requirements.iter().all(answered_for)
    }
}

impl Member {
    /// What speaks against them, of all the audits' overrides.
    pub fn of(person: Uuid, doubts: Vec<Doubt>, overrides: &[Override]) -> Member {
        let own = overrides.iter().filter(|one| one.person == person);
        Member {
            person,
            doubts,
            overrides: own.cloned().collect(),
        }
    }

    /// What nobody has overridden.
    pub fn open(&self) -> Vec<&Doubt> {
        let known = self.overrides.iter().flat_map(|one| &one.doubts);
        let known: Vec<&Doubt> = known.collect();
        let doubts = self.doubts.iter();
        doubts.filter(|doubt| !doubt.is_among(&known)).collect()
    }

    /// Competent and independent, or overridden.
    pub fn may_audit(&self) -> bool {
        self.open().is_empty()
    }
}

impl Standing {
    /// Those who may not audit, as things stand.
    pub fn unfit(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|member| !member.may_audit())
    }
}
