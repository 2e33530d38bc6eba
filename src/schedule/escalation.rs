//! What was asked for in vain is told further up: from 14 days after its due date to the managers, from
//! 28 to the leaders, once each, in their grouped message.
//!
//! Once a working day, before anybody is reminded, [`look_around`] holds what all people owe against
//! what is kept, so that it does not matter who is away or in which zone. What is kept names the day
//! on which its receiver is told; the message itself asks again whether it is still owed.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use uuid::Uuid;

use super::card::Escalated;
use super::owed::obligations;
use super::rules::nominal_of;
use crate::app::{App, Result};
use crate::people::rules::today;
use crate::people::{People, Person, Workspace};
use crate::record::{self, Happening};
use crate::sql;
use crate::store::Conn;

/// Something overdue that one person is told of because another owes it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    pub receiver: Uuid,
    /// As it is called: `CA-12`, `MR-2026-Q4 f`.
    pub record: String,
    pub due: NaiveDate,
}

/// The same, as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    pub key: Key,
    /// Who owes it.
    pub owner: Uuid,
    /// The day on which the receiver is told.
    pub on: NaiveDate,
}

/// Keeps what is to be told further up, and forgets what is not owed any more.
pub async fn look_around(app: &App, workspace: &Workspace) -> Result<()> {
    let now = app.clock.now();
    let mut conn = app.store.read().await?;
    let people = People(sql!(conn, people::list_people(workspace.id))?);
    let wanted = wanted(&mut conn, workspace, (&people, now)).await?;
    let kept = sql!(conn, schedule::list_escalations(workspace.id))?;
    drop(conn);
    let kept: BTreeMap<Key, Uuid> = kept.into_iter().map(|one| (one.key, one.owner)).collect();
    let same = |(key, owner): (&Key, &Uuid)| kept.get(key) == Some(owner);
    if kept.len() == wanted.len() && wanted.iter().all(same) {
        return Ok(());
    }
    let mut tx = app.store.write(workspace.id).await?;
    for key in kept.keys() {
        if !wanted.contains_key(key) {
            sql!(tx, schedule::delete_escalation(workspace.id, key))?;
        }
    }
    for (key, owner) in wanted {
        let Some(receiver) = people.find(key.receiver) else {
            continue;
        };
        let escalation = Kept {
            on: next_asking(app, workspace, (receiver, now)),
            key,
            owner,
        };
        if !sql!(
            tx,
            schedule::save_escalation(workspace.id, &escalation, now)
        )? {
            continue;
        }
        let Kept { key, owner, on } = escalation;
        let happening = Happening {
            workspace: workspace.id,
            at: now,
            actor: None,
            kind: "escalated",
            record: key.record.split(' ').next().unwrap_or_default().to_owned(),
            data: json!({ "to": key.receiver, "owner": owner, "due": key.due, "on": on }),
        };
        record::append(&mut tx, happening).await?;
    }
    tx.commit().await
}

/// All that is to be told further up now, and who owes it.
async fn wanted(
    conn: &mut Conn,
    workspace: &Workspace,
    (people, now): (&People, DateTime<Utc>),
) -> Result<BTreeMap<Key, Uuid>> {
    let mut wanted = BTreeMap::new();
    // What several owe, as managers do, is not told to one of them as another's.
    let mut own = Vec::new();
    for person in &people.0 {
        if !person.present {
            continue;
        }
        let today = today(now, person.zone_in(workspace));
        for owed in obligations(conn, workspace, person, today).await? {
            let record = owed.called();
            own.push((person.id, record.clone(), owed.due));
            let roles = owed.escalates_to(today);
            for receiver in &people.0 {
                if receiver.present && receiver.id != person.id && roles.contains(&receiver.role) {
                    let key = Key {
                        receiver: receiver.id,
                        record: record.clone(),
                        due: owed.due,
                    };
                    wanted.entry(key).or_insert(person.id);
                }
            }
        }
    }
    for (receiver, record, due) in own {
        wanted.remove(&Key {
            receiver,
            record,
            due,
        });
    }
    Ok(wanted)
}

/// The day on which a person is next reminded.
fn next_asking(
    app: &App,
    workspace: &Workspace,
    (person, now): (&Person, DateTime<Utc>),
) -> NaiveDate {
    let local = nominal_of(now, person.zone_in(workspace));
    let next = app
        .rules
        .reminders
        .next_after(local, workspace.working_days);
    next.map_or(local.date(), |next| next.date())
}

/// What these people are told of, as far as it is still owed.
pub async fn told_to(
    conn: &mut Conn,
    workspace: &Workspace,
    receivers: &[Uuid],
    today: NaiveDate,
) -> Result<Vec<Escalated>> {
    let mut kept = sql!(conn, schedule::list_escalations(workspace.id))?;
    kept.retain(|one| receivers.contains(&one.key.receiver));
    if kept.is_empty() {
        return Ok(Vec::new());
    }
    let people = People(sql!(conn, people::list_people(workspace.id))?);
    let mut told = Vec::new();
    let mut owners: Vec<Uuid> = kept.iter().map(|one| one.owner).collect();
    owners.sort_unstable();
    owners.dedup();
    for owner in owners {
        let Some(person) = people.find(owner).filter(|person| person.present) else {
            continue;
        };
        for owed in obligations(conn, workspace, person, today).await? {
            let is_it = |one: &&Kept| {
                let key = &one.key;
                one.owner == owner && key.due == owed.due && owed.called() == key.record
            };
            if let Some(one) = kept.iter().find(is_it) {
                told.push(Escalated {
                    owner: person.name.clone(),
                    on: one.on,
                    owed,
                });
            }
        }
    }
    Ok(told)
}
