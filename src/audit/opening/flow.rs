//! Load, decide, save and enqueue, in one transaction.

use std::collections::BTreeSet;

use serde_json::json;
use uuid::Uuid;

use super::card;
use crate::app::{Ctx, Result};
use crate::audit::auditor::flow::{must_be_fit, team};
use crate::audit::auditor::rules::Team;
use crate::audit::checklist::rules::progress;
use crate::audit::flow::load;
use crate::audit::programme;
use crate::audit::question;
use crate::audit::rules::Audit;
use crate::chat::{Card, Reply};
use crate::command::value::AuditName;
use crate::outbox::{self, Job, Subject, To};
use crate::people::area::rules::{Area, owner_of};
use crate::people::{People, Workspace};
use crate::sql;
use crate::store::{Conn, Tx};

/// Begins an audit.
pub async fn start(ctx: &Ctx, name: AuditName) -> Result<Reply> {
    let workspace = ctx.workspace.id;
    let mut tx = ctx.write().await?;
    let mut audit = load(&mut tx, workspace, name).await?;
    audit.start(&ctx.person, ctx.today())?;
    must_be_fit(&mut tx, ctx, &audit).await?;
    sql!(tx, audit::save_audit(workspace, &audit))?;
    let people = ctx.people(&mut tx).await?;
    let areas = sql!(tx, area::list_areas(workspace))?;
    let team = team(&mut tx, workspace, &audit).await?;
    let told = auditees(&audit, &areas, (&people, &team));
    let data = json!({ "on": audit.started_on, "told": told });
    ctx.log(&mut tx, "audit-started", name, data).await?;
    outbox::enqueue(&mut tx, living_job(ctx, name)).await?;
    open(ctx, &mut tx, name, &told).await?;
    let doubt = programme::flow::doubt(&mut tx, workspace, audit.year).await?;
    tx.commit().await?;
    let told: Vec<&str> = told.iter().map(|id| people.name(Some(*id))).collect();
    Ok(card::begun(&audit, &told, doubt).into())
}

/// Tells those who answer for what is audited, each once; where nobody does, the channel.
async fn open(ctx: &Ctx, tx: &mut Tx, name: AuditName, told: &BTreeSet<Uuid>) -> Result<()> {
    let workspace = ctx.workspace.id;
    let opening = |person| Subject::AuditOpened {
        audit: name,
        person,
    };
    if told.is_empty() {
        let key = format!("{name} opened");
        let job = Job::new(workspace, opening(None), key, place(ctx));
        return outbox::enqueue(tx, job.in_thread_of(living_key(name))).await;
    }
    for person in told.iter().filter(|person| **person != ctx.person.id) {
        let key = format!("{name} opened {person}");
        let job = Job::new(workspace, opening(Some(*person)), key, To::Person(*person));
        outbox::enqueue(tx, job).await?;
    }
    Ok(())
}

/// Who answers for something in the scope and does not audit it.
fn auditees(audit: &Audit, areas: &[Area], (people, team): (&People, &Team)) -> BTreeSet<Uuid> {
    let owners = audit.scope.iter().filter_map(|one| owner_of(areas, one));
    let is_told =
        |id: &Uuid| !team.has(*id) && people.find(*id).is_some_and(|person| person.present);
    owners.filter(is_told).collect()
}

fn living_key(name: AuditName) -> String {
    format!("{name} living")
}

/// Where what is said of audits is posted.
fn place(ctx: &Ctx) -> To {
    match ctx.workspace.for_audits() {
        Some(_) => To::AuditChannel,
        None => To::Channel(ctx.channel.clone()),
    }
}

/// What posts the living message of an audit, or brings it up to date.
pub fn living_job(ctx: &Ctx, name: AuditName) -> Job {
    let living = Subject::Audit { audit: name };
    Job::new(ctx.workspace.id, living, living_key(name), place(ctx))
}

/// The living message, as things stand.
pub async fn living(
    conn: &mut Conn,
    workspace: &Workspace,
    name: AuditName,
) -> Result<Option<Card>> {
    let Some(audit) = sql!(conn, audit::find_audit(workspace.id, name))? else {
        return Ok(None);
    };
    let team = team(conn, workspace.id, &audit).await?;
    let items = sql!(conn, checklist::list_items(workspace.id, name))?;
    let findings = sql!(conn, finding::list_of_audit(workspace.id, name))?;
    let people = People(sql!(conn, people::list_people(workspace.id))?);
    let far = progress(&audit.scope, &items);
    Ok(Some(card::living(
        &audit,
        (&team, &people),
        (&far, &findings),
    )))
}

/// To who answers for a part of what is audited: what it is, and what will be looked at.
pub async fn opened(
    conn: &mut Conn,
    workspace: &Workspace,
    name: AuditName,
    person: Option<Uuid>,
) -> Result<Option<Card>> {
    let Some(audit) = sql!(conn, audit::find_audit(workspace.id, name))? else {
        return Ok(None);
    };
    let areas = sql!(conn, area::list_areas(workspace.id))?;
    let own = |reference: &&String| person.is_none() || owner_of(&areas, reference) == person;
    let asked = sql!(conn, question::list_questions(workspace.id))?;
    let scope: Vec<(&str, Option<&str>)> = audit
        .scope
        .iter()
        .filter(own)
        .map(|one| {
            let first = question::rules::of(&asked, one).into_iter().next();
            (one.as_str(), first)
        })
        .collect();
    let team = team(conn, workspace.id, &audit).await?;
    let people = People(sql!(conn, people::list_people(workspace.id))?);
    let card = card::opened(&audit, &scope, (&team, &people), person.is_some());
    Ok((!scope.is_empty()).then_some(card))
}
