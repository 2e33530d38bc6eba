//! A person who left: their reminders stop, and managers hear what they held.

use serde_json::json;
use uuid::Uuid;

use super::holdings::Holdings;
use super::rules::in_charge;
use super::{told, trouble};
use crate::app::{App, Result};
use crate::chat::{Card, Whois};
use crate::outbox::{self, Job, Subject, To, reword};
use crate::people::{People, Person, Role, Workspace};
use crate::record::{self, Happening};
use crate::sql;
use crate::store::{Conn, Tx};

/// Asks the platform for those who owe something or have a role: who is gone, has left. Also tells
/// what could not be told before.
pub async fn look_around(app: &App, workspace: &Workspace) -> Result<()> {
    let Some(chat) = app.chat(workspace.platform) else {
        return Ok(());
    };
    let mut conn = app.store.read().await?;
    let people = sql!(conn, people::list_people(workspace.id))?;
    let holders = Holdings::load(&mut conn, workspace.id).await?.holders();
    drop(conn);
    let needed = |person: &&Person| {
        person.present && (person.role != Role::Member || holders.contains(&person.id))
    };
    for person in people.iter().filter(needed) {
        if let Whois::Gone = chat.who(&workspace.external, &person.external).await {
            left(app, workspace, &person.external).await?;
        }
    }
    trouble::tell_untold(app, workspace.id).await
}

/// A person left the workspace, by the platform's id of them. Who is not known, or known to be gone,
/// does not leave again.
pub async fn left(app: &App, workspace: &Workspace, external: &str) -> Result<()> {
    let mut tx = app.store.write(workspace.id).await?;
    let people = People(sql!(tx, people::list_people(workspace.id))?);
    if let Some(person) = people.find_by_external(external) {
        leave(app, &mut tx, workspace.id, person.id).await?;
    }
    tx.commit().await?;
    app.outbox_rung.notify_one();
    Ok(())
}

/// The same, in a transaction that is open.
pub async fn leave(app: &App, tx: &mut Tx, workspace: Uuid, person: Uuid) -> Result<()> {
    let mut people = People(sql!(tx, people::list_people(workspace))?);
    let Some(mut person) = people.find(person).filter(|who| who.present).cloned() else {
        return Ok(());
    };
    person.present = false;
    people.0.retain(|other| other.id != person.id);
    let person = sql!(tx, people::save_person(workspace, &person))?;
    let now = app.clock.now();
    let happening = Happening {
        workspace,
        at: now,
        actor: None,
        kind: "person-left",
        record: person.id.to_string(),
        data: json!({ "external": person.external, "name": person.name, "role": person.role }),
    };
    record::append(tx, happening).await?;
    let held = Holdings::load(tx, workspace).await?.of(person.id);
    if held.is_empty() && person.role == Role::Member {
        return Ok(());
    }
    for manager in in_charge(&people, None) {
        let subject = Subject::PersonLeft { person: person.id };
        let key = format!(
            "{}{} to {manager}",
            told_of(person.id),
            now.timestamp_micros()
        );
        outbox::enqueue(tx, Job::new(workspace, subject, key, To::Person(manager))).await?;
    }
    Ok(())
}

/// Begins the keys of the messages that tell of a person who left.
fn told_of(person: Uuid) -> String {
    format!("left {person} ")
}

/// What those in charge were told of a person is not so any more: handed over, or back again.
pub async fn is_settled(tx: &mut Tx, workspace: Uuid, person: Uuid) -> Result<()> {
    reword::beginning(tx, workspace, &told_of(person)).await
}

/// To those in charge, while the person is gone and holds something. A role that was lost is told
/// with it.
pub async fn word(conn: &mut Conn, workspace: &Workspace, person: Uuid) -> Result<Option<Card>> {
    let Some(person) = sql!(conn, people::find_person(workspace.id, person))? else {
        return Ok(None);
    };
    if person.present {
        return Ok(None);
    }
    let held = Holdings::load(conn, workspace.id).await?.of(person.id);
    Ok(Some(told::left(&person, &held)))
}
