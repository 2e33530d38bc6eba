//! Load, decide, save and enqueue, in one transaction.

use serde_json::json;
use uuid::Uuid;

use super::card;
use super::command::AreaCommand;
use super::rules::Area;
use crate::app::{Ctx, Result, UserError};
use crate::chat::{Card, Reply};
use crate::command::value::AreaName;
use crate::outbox::{self, Job, Subject, To};
use crate::people::roles::flow::able;
use crate::people::{People, Workspace};
use crate::sql;
use crate::store::{Conn, Tx};

/// Carries out what was said about areas.
pub async fn run(ctx: &Ctx, command: AreaCommand) -> Result<Reply> {
    match command {
        AreaCommand::List => list(ctx).await,
        AreaCommand::Assign { area, person } => assign(ctx, &area, person.0).await,
    }
}

async fn list(ctx: &Ctx) -> Result<Reply> {
    let mut conn = ctx.read().await?;
    let areas = sql!(conn, area::list_areas(ctx.workspace.id))?;
    let people = ctx.people(&mut conn).await?;
    Ok(card::listed(&areas, &people).into())
}

async fn assign(ctx: &Ctx, area: &AreaName, person: Uuid) -> Result<Reply> {
    area.exists()?;
    let mut tx = ctx.write().await?;
    let people = ctx.people(&mut tx).await?;
    able(&people, person)?;
    if owner(&mut tx, ctx.workspace.id, area).await? == Some(person) {
        let text = format!(
            "{} is responsible for {area} already.",
            people.name(Some(person))
        );
        return Err(UserError::at("person", text)
            .button("Show areas", "area list")
            .into());
    }
    hand(ctx, &mut tx, area, Some(person)).await?;
    tx.commit().await?;
    Ok(card::assigned_receipt(area, person, &people).into())
}

/// Who is named for exactly this area.
pub async fn owner(conn: &mut Conn, workspace: Uuid, area: &AreaName) -> Result<Option<Uuid>> {
    let areas = sql!(conn, area::list_areas(workspace))?;
    let named = areas.into_iter().find(|known: &Area| known.name == *area);
    Ok(named.and_then(|area| area.owner))
}

/// Gives an area to someone, or to nobody, and tells the new owner. Says whose it was.
pub async fn hand(
    ctx: &Ctx,
    tx: &mut Tx,
    area: &AreaName,
    to: Option<Uuid>,
) -> Result<Option<Uuid>> {
    let workspace = ctx.workspace.id;
    let was = owner(tx, workspace, area).await?;
    sql!(tx, area::set_owner(workspace, area, to))?;
    let data = json!({ "area": area, "owner": to, "before": was });
    ctx.log(tx, "area-assigned", format!("area {area}"), data)
        .await?;
    if let Some(owner) = to.filter(|owner| *owner != ctx.person.id) {
        let subject = Subject::AreaAssigned {
            owner,
            by: ctx.person.id,
        };
        // Several areas given at once are one message.
        let key = format!("areas of {owner}");
        let job = Job::new(workspace, subject, key, To::Person(owner));
        outbox::enqueue(tx, job).await?;
    }
    Ok(was)
}

/// To a new owner: all that they are responsible for; nothing if that is nothing any more.
pub async fn assigned(
    conn: &mut Conn,
    workspace: &Workspace,
    (owner, by): (Uuid, Uuid),
) -> Result<Option<Card>> {
    let areas = sql!(conn, area::list_areas(workspace.id))?;
    let own: Vec<_> = areas
        .into_iter()
        .filter(|area| area.owner == Some(owner))
        .collect();
    let people = People(sql!(conn, people::list_people(workspace.id))?);
    Ok((!own.is_empty()).then(|| card::assigned(&own, &people, by)))
}
