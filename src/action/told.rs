//! What others hear of an action, worded as things stand when it is sent.

use uuid::Uuid;

use super::card;
use super::change::case_of;
use super::rules::{Case, State};
use crate::app::Result;
use crate::chat::Card;
use crate::command::value::{FileRef, Prose};
use crate::people::{People, Workspace};
use crate::record::files;
use crate::sql;
use crate::store::Conn;

async fn find(
    conn: &mut Conn,
    workspace: &Workspace,
    number: i64,
) -> Result<Option<(Case, People)>> {
    let Some(action) = sql!(conn, action::find_action(workspace.id, number))? else {
        return Ok(None);
    };
    let people = People(sql!(conn, people::list_people(workspace.id))?);
    Ok(Some((case_of(conn, workspace.id, action).await?, people)))
}

/// The living message, as things stand.
pub async fn living(conn: &mut Conn, workspace: &Workspace, number: i64) -> Result<Option<Card>> {
    let Some((case, people)) = find(conn, workspace, number).await? else {
        return Ok(None);
    };
    let file = file_name(conn, workspace.id, case.action.evidence_file.as_ref()).await?;
    Ok(Some(card::living(&case, &people, file.as_deref())))
}

/// What a file is called, if there is one.
pub async fn file_name(
    conn: &mut Conn,
    workspace: Uuid,
    file: Option<&FileRef>,
) -> Result<Option<String>> {
    match file {
        Some(file) => Ok(Some(files::name_of(conn, workspace, file).await?)),
        None => Ok(None),
    }
}

/// In the thread of the message it was raised from.
pub async fn raised_here(
    conn: &mut Conn,
    workspace: &Workspace,
    number: i64,
) -> Result<Option<Card>> {
    let found = find(conn, workspace, number).await?;
    Ok(found.map(|(case, people)| card::raised_here(&case.action, &people)))
}

/// To a new owner, if they still are.
pub async fn assigned(
    conn: &mut Conn,
    workspace: &Workspace,
    number: i64,
    (owner, by): (Uuid, Uuid),
) -> Result<Option<Card>> {
    let found = find(conn, workspace, number).await?;
    let still = found.filter(|(case, _)| {
        let action = &case.action;
        action.owner == Some(owner) && action.state.is_open()
    });
    Ok(still.map(|(case, people)| card::assigned(&case, &people, by)))
}

/// To who is to look whether it worked, while they are.
pub async fn to_check(
    conn: &mut Conn,
    workspace: &Workspace,
    number: i64,
    (verifier, by): (Uuid, Uuid),
) -> Result<Option<Card>> {
    let found = find(conn, workspace, number).await?;
    let still = found.filter(|(case, _)| {
        case.action.state == State::Done && case.action.verifier == Some(verifier)
    });
    Ok(still.map(|(case, people)| card::to_check(&case.action, &people, by)))
}

/// To whoever has a step to do, while it is theirs and open.
pub async fn step_planned(
    conn: &mut Conn,
    workspace: &Workspace,
    (number, step): (i64, i64),
    (owner, by): (Uuid, Uuid),
) -> Result<Option<Card>> {
    let found = find(conn, workspace, number).await?;
    Ok(found.and_then(|(case, people)| {
        let mut open = case.open_steps().filter(|_| case.action.state.is_open());
        let still = open.find(|other| other.number == step && other.owner == owner);
        still.map(|step| card::step_planned(&case.action, step, (&people, by)))
    }))
}

/// How it is going, in the thread of the living message.
pub async fn noted(
    conn: &mut Conn,
    workspace: &Workspace,
    by: Uuid,
    note: &Prose,
    file: Option<&FileRef>,
) -> Result<Option<Card>> {
    let people = People(sql!(conn, people::list_people(workspace.id))?);
    let name = file_name(conn, workspace.id, file).await?;
    let file = file.zip(name.as_deref());
    Ok(Some(card::noted(&people, by, (&note.0, file))))
}
