//! Minutes: drafted from the records, edited, approved by the chair, signed by leaders. Pure.
//!
//! Each change is a new version; an approval and its signatures are of one version, by the fingerprint
//! of its file. So what changes after it was approved is to be approved anew, by construction.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::app::UserError;
use crate::command::value::{FileRef, Seen};
use crate::people::Role;
use crate::review::command::InputItem;
use crate::review::meeting::gates;
use crate::review::meeting::rules::{Act, House, Session};
use crate::review::rules::State;

/// What can be edited in minutes. All else in them is a record: inputs, attendance, decisions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sections {
    pub opening: String,
    /// What was said about each input.
    pub items: BTreeMap<InputItem, String>,
    pub conclusion: String,
    /// Any other business.
    pub other: String,
}

/// One version of the minutes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// From 1.
    pub number: i64,
    pub sections: Sections,
    pub by: Uuid,
    pub at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    pub version: i64,
    pub by: Uuid,
    /// The chair, where another leader had to.
    pub in_place_of: Option<Uuid>,
    pub at: DateTime<Utc>,
    /// What was approved, to the byte.
    pub file: FileRef,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    pub version: i64,
    pub by: Uuid,
    pub at: DateTime<Utc>,
    /// What was signed, to the byte.
    pub file: FileRef,
}

/// The newest version, and what was done with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Minutes {
    pub newest: Option<Version>,
    pub approval: Option<Approval>,
    pub signatures: Vec<Signature>,
}

/// Who still has to sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signers {
    /// All of these.
    Each(Vec<Uuid>),
    /// One of these: no leader who was at the meeting is there.
    One(Vec<Uuid>),
}

impl Signers {
    pub fn people(&self) -> &[Uuid] {
        match self {
            Signers::Each(people) | Signers::One(people) => people,
        }
    }

    fn is_done(&self) -> bool {
        matches!(self, Signers::Each(people) if people.is_empty())
    }
}

/// What is edited: all sections of a form, or those that were named.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Edited {
    pub opening: Option<String>,
    pub items: Vec<(InputItem, Option<String>)>,
    pub conclusion: Option<String>,
    pub other: Option<String>,
}

impl Edited {
    /// Over what stands there. A form shows every section: what is empty in it was emptied.
    fn over(self, mut before: Sections, whole: bool) -> Sections {
        let put = |place: &mut String, said: Option<String>| match (said, whole) {
            (Some(said), _) => *place = said,
            (None, true) => place.clear(),
            (None, false) => {}
        };
        put(&mut before.opening, self.opening);
        put(&mut before.conclusion, self.conclusion);
        put(&mut before.other, self.other);
        for (item, said) in self.items {
            put(before.items.entry(item).or_default(), said);
        }
        before.items.retain(|_, text| !text.is_empty());
        before
    }
}

impl Session {
    /// The sections as the records of the meeting give them.
    pub fn drafted(&self) -> Sections {
        let notes = self.notes.iter();
        Sections {
            items: notes.map(|note| (note.item, note.text.clone())).collect(),
            conclusion: self.review.conclusion.clone().unwrap_or_default(),
            ..Sections::default()
        }
    }

    /// The meeting ended: its minutes are drafted, or get the new conclusion.
    pub fn draft(&mut self, act: Act) {
        let drafted = self.drafted();
        let sections = match &self.minutes.newest {
            Some(before) => Sections {
                conclusion: drafted.conclusion,
                ..before.sections.clone()
            },
            None => drafted,
        };
        self.put_version(act, sections);
    }

    fn put_version(&mut self, act: Act, sections: Sections) {
        let before = self.minutes.newest.as_ref();
        self.minutes = Minutes {
            newest: Some(Version {
                number: before.map_or(0, |before| before.number) + 1,
                sections,
                by: act.by.id,
                at: act.at,
            }),
            approval: None,
            signatures: Vec::new(),
        };
    }

    /// A record that stands in the minutes changed: what was approved says something else now.
    pub fn touched(&mut self, act: Act) {
        if self.minutes.approval.is_none() {
            return;
        }
        if let Some(newest) = self.minutes.newest.clone() {
            self.put_version(act, newest.sections);
        }
    }

    /// The version that stands, or why there is none.
    pub fn version(&self) -> Result<&Version, UserError> {
        let name = self.review.name;
        match (&self.minutes.newest, self.review.state) {
            (Some(newest), _) => Ok(newest),
            (None, State::Finished) => Err(UserError::at(
                "review",
                format!("{name} was signed before minutes were kept here."),
            )),
            (None, _) => Err(UserError::at(
                "review",
                format!("{name} has no minutes yet: the meeting has to end first."),
            )
            .button("End the meeting", format!("review conclude {name}"))),
        }
    }

    /// Says it in other words: a new version.
    pub fn edit(
        &mut self,
        act: Act,
        (edited, seen): (Edited, Option<Seen>),
    ) -> Result<(), UserError> {
        self.must_be_open()?;
        let newest = self.version()?.clone();
        if !self.runs(act.by) && !self.is_present(act.by.id) {
            let text = "Minutes are edited by who was at the meeting, its chair, a leader or an ISMS manager.";
            return Err(UserError::at("review", text));
        }
        if seen.is_some_and(|seen| seen.0 != newest.number) {
            return Err(gates::changed_meanwhile(
                "opening",
                &newest.sections.words(),
            ));
        }
        let sections = edited.over(newest.sections.clone(), seen.is_some());
        if sections == newest.sections {
            let text = "This says what stands there already.";
            return Err(UserError::at("review", text).button(
                "Show the minutes",
                format!("review minutes {}", self.review.name),
            ));
        }
        self.put_version(act, sections);
        Ok(())
    }

    /// Who can approve: the chair, or the leaders who are there where that one left or is away.
    pub fn approvers(&self, house: House) -> Vec<Uuid> {
        match self.review.chair.filter(|chair| house.is_there(*chair)) {
            Some(chair) => vec![chair],
            None => {
                let people = house.people.0.iter().map(|person| person.id);
                people
                    .filter(|id| house.leads(*id) && house.is_there(*id))
                    .collect()
            }
        }
    }

    /// Who approves in place of the chair, if this person may: the chair; where that one left or is away,
    /// another leader.
    fn approver(&self, act: Act, house: House) -> Result<Option<Uuid>, UserError> {
        let chair = self.review.chair;
        if chair == Some(act.by.id) {
            return Ok(None);
        }
        let there = chair.is_some_and(|chair| house.is_there(chair));
        match (there, act.by.role) {
            (false, Role::Leader) => Ok(chair),
            (true, _) => Err(UserError::at(
                "review",
                format!(
                    "The minutes of {} are approved by {}, who chaired the meeting.",
                    self.review.name,
                    house.people.name(chair)
                ),
            )),
            (false, _) => Err(UserError::at(
                "review",
                format!(
                    "{}, who chaired {}, is not there: a leader approves the minutes instead.",
                    house.people.name(chair),
                    self.review.name
                ),
            )),
        }
    }

    /// Approves the newest version, as it stands in this file.
    pub fn approve(
        &mut self,
        act: Act,
        file: FileRef,
        house: House,
    ) -> Result<&Approval, UserError> {
        self.must_be_open()?;
        let version = self.version()?.number;
        let in_place_of = self.approver(act, house)?;
        if let Some(approval) = &self.minutes.approval {
            let text = format!(
                "Version {version} is approved already, by {}.",
                house.people.name(Some(approval.by))
            );
            return Err(UserError::at("review", text).button(
                "Show the minutes",
                format!("review minutes {}", self.review.name),
            ));
        }
        gates::complete(self, house)?;
        Ok(self.minutes.approval.insert(Approval {
            version,
            by: act.by.id,
            in_place_of,
            at: act.at,
            file,
        }))
    }

    /// Who still has to sign the version that is approved: every leader who was at the meeting and is
    /// there; if there is none, any leader who is.
    pub fn signers(&self, house: House) -> Signers {
        let has_signed = |person: &Uuid| {
            let mut signatures = self.minutes.signatures.iter();
            signatures.any(|signature| signature.by == *person)
        };
        let able = |person: &Uuid| house.leads(*person) && house.is_there(*person);
        let attended: Vec<Uuid> = self.present().filter(able).collect();
        if attended.is_empty() && self.minutes.signatures.is_empty() {
            let people = house.people.0.iter().map(|person| person.id);
            return Signers::One(people.filter(able).collect());
        }
        let open = attended.into_iter().filter(|person| !has_signed(person));
        Signers::Each(open.collect())
    }

    /// A leader signs the version that is approved. Says whether that was the last signature it needs.
    pub fn sign(
        &mut self,
        act: Act,
        version: Option<i64>,
        house: House,
    ) -> Result<bool, UserError> {
        self.must_be_open()?;
        let name = self.review.name;
        let shown = |text: String| {
            UserError::at("review", text)
                .button("Show the minutes", format!("review minutes {name}"))
        };
        if act.by.role != Role::Leader {
            return Err(shown(format!(
                "The minutes of {name} are signed by a leader."
            )));
        }
        let newest = self.version()?.number;
        gates::complete(self, house)?;
        let Some(approval) = &self.minutes.approval else {
            let text = format!(
                "Version {newest} of the minutes is not approved yet: that is for {} to do first.",
                house.people.name(self.review.chair)
            );
            return Err(shown(text).button("Approve", format!("review approve {name}")));
        };
        if version.is_some_and(|version| version != newest) {
            let text = format!(
                "These minutes have changed since: version {newest} is what would be signed now. Look \
                 at it first."
            );
            return Err(shown(text).beside(Some("version")));
        }
        if self.minutes.signatures.iter().any(|s| s.by == act.by.id) {
            return Err(shown(format!("You have signed version {newest} already.")));
        }
        let signature = Signature {
            version: newest,
            by: act.by.id,
            at: act.at,
            file: approval.file.clone(),
        };
        self.minutes.signatures.push(signature);
        let done = self.signers(house).is_done();
        if done {
            self.review.state = State::Finished;
            self.review.finished_on = Some(act.today);
        }
        Ok(done)
    }
}

impl Sections {
    /// All of it, to be quoted.
    pub fn words(&self) -> String {
        let items = self
            .items
            .iter()
            .map(|(item, text)| format!("({item}) {text}"));
        let all = std::iter::once(self.opening.clone())
            .chain(items)
            .chain([self.conclusion.clone(), self.other.clone()]);
        let all: Vec<String> = all.filter(|text| !text.is_empty()).collect();
        all.join(" / ")
    }
}

#[cfg(test)]
mod tests;
