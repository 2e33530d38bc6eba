//! Who stands beside the auditor, guests, and what everybody who audits has shown.

use std::collections::BTreeSet;

use serde_json::json;
use uuid::Uuid;

use super::card::{self, Auditor};
use super::command::{ChangeTeam, NameGuest};
use super::flow::{Gate, must_not_be_finished, persons, tell};
use super::rules::{Doubt, Guest};
use crate::app::{Ctx, Result, UserError};
use crate::audit::flow::load;
use crate::audit::rules::Audit;
use crate::chat::Reply;
use crate::people::roles::flow::able;
use crate::people::{People, Role};
use crate::sql;
use crate::store::Tx;

/// As long as the name of a guest may be.
const LONGEST_NAME: usize = 80;

pub(super) async fn change(ctx: &Ctx, said: ChangeTeam) -> Result<Reply> {
    let mut tx = ctx.write().await?;
    let audit = load(&mut tx, ctx.workspace.id, said.audit).await?;
    let people = ctx.people(&mut tx).await?;
    must_not_be_finished(&audit, &people)?;
    match said.remove {
        true => remove(ctx, tx, (&audit, &people), said.person.0).await,
        false => add(ctx, tx, (&audit, &people), said).await,
    }
}

async fn add(
    ctx: &Ctx,
    mut tx: Tx,
    (audit, people): (&Audit, &People),
    said: ChangeTeam,
) -> Result<Reply> {
    let (workspace, name) = (ctx.workspace.id, audit.name());
    let person = able(people, said.person.0)?;
    let gate = Gate {
        ctx,
        audit,
        reason: said.reason.as_ref().map(|reason| reason.0.as_str()),
    };
    let doubts = gate.pass(&mut tx, person).await?;
    let members = sql!(tx, auditor::list_members(workspace))?;
    let is_there = persons(audit, &members).contains(&person.id);
    if is_there && doubts.is_empty() {
        let text = format!("{} audits {name} already.", person.name);
        return Err(UserError::at("person", text).into());
    }
    if !is_there {
        sql!(tx, auditor::insert_member(workspace, name, person.id))?;
        let data = json!({ "added": person.id });
        ctx.log(&mut tx, "audit-team-changed", name, data).await?;
        tell(ctx, &mut tx, name, person.id).await?;
    }
    tx.commit().await?;
    let doubts: Vec<&Doubt> = doubts.iter().collect();
    Ok(card::team_receipt(audit, person, (true, &doubts)).into())
}

async fn remove(
    ctx: &Ctx,
    mut tx: Tx,
    (audit, people): (&Audit, &People),
    person: Uuid,
) -> Result<Reply> {
    let (workspace, name) = (ctx.workspace.id, audit.name());
    if audit.auditor == Some(person) {
        let text = format!(
            "{} leads {name}. Name somebody else who does, and they are off it.",
            people.name(Some(person))
        );
        return Err(UserError::at("person", text)
            .button("Name another", format!("audit assign {name}"))
            .into());
    }
    let members = sql!(tx, auditor::list_members(workspace))?;
    let Some(person) = people
        .find(person)
        .filter(|one| members.contains(&(name, one.id)))
    else {
        let text = format!("{} does not audit {name}.", people.name(Some(person)));
        return Err(UserError::at("person", text)
            .button("Show", format!("audit show {name}"))
            .into());
    };
    sql!(tx, auditor::delete_member(workspace, name, person.id))?;
    let data = json!({ "removed": person.id });
    ctx.log(&mut tx, "audit-team-changed", name, data).await?;
    tx.commit().await?;
    Ok(card::team_receipt(audit, person, (false, &[])).into())
}

pub(super) async fn guest(ctx: &Ctx, said: NameGuest) -> Result<Reply> {
    let (workspace, audit) = (ctx.workspace.id, said.audit);
    let mut tx = ctx.write().await?;
    let audit = load(&mut tx, workspace, audit).await?;
    let name = audit.name();
    let people = ctx.people(&mut tx).await?;
    must_not_be_finished(&audit, &people)?;
    let who = said.name.trim();
    if who.chars().count() > LONGEST_NAME {
        let text = format!("This name is longer than {LONGEST_NAME} characters.");
        return Err(UserError::at("name", text).into());
    }
    let guests = sql!(tx, auditor::list_guests(workspace, name))?;
    let known = guests.into_iter().find(|guest| guest.name == who);
    if said.remove {
        let Some(guest) = known else {
            let text = format!("“{who}” is no guest of {name}.");
            return Err(UserError::at("name", text)
                .button("Show", format!("audit show {name}"))
                .into());
        };
        sql!(tx, auditor::delete_guest(workspace, name, &guest.name))?;
        let data = json!({ "name": guest.name });
        ctx.log(&mut tx, "audit-guest-removed", name, data).await?;
        tx.commit().await?;
        return Ok(card::guest_receipt(&audit, &guest, false).into());
    }
    let Some(competence) = said.competence else {
        let text = "Say what shows that they can audit (7.2): it stands in the report.";
        return Err(UserError::at("competence", text).into());
    };
    let guest = Guest {
        name: who.to_owned(),
        competence: competence.0,
    };
    sql!(tx, auditor::save_guest(workspace, name, &guest))?;
    let data = json!({ "name": guest.name, "competence": guest.competence });
    ctx.log(&mut tx, "audit-guest-named", name, data).await?;
    tx.commit().await?;
    Ok(card::guest_receipt(&audit, &guest, true).into())
}

pub(super) async fn auditors(ctx: &Ctx) -> Result<Reply> {
    let workspace = ctx.workspace.id;
    let mut conn = ctx.read().await?;
    let people = ctx.people(&mut conn).await?;
    let competence = sql!(conn, roles::list_competence(workspace))?;
    let members = sql!(conn, auditor::list_members(workspace))?;
    let audits = sql!(conn, audit::list_unfinished(workspace))?;
    let busy: BTreeSet<Uuid> = audits
        .iter()
        .flat_map(|audit| persons(audit, &members))
        .collect();
    let audits_of = |person: Uuid| {
        let own = audits
            .iter()
            .filter(|audit| persons(audit, &members).contains(&person));
        own.map(Audit::name).collect()
    };
    let shown = people.0.iter().filter(|person| {
        let trained = competence.iter().any(|record| record.person == person.id);
        person.present && (person.role == Role::Auditor || trained || busy.contains(&person.id))
    });
    let mut all: Vec<Auditor> = shown
        .map(|person| Auditor {
            person,
            competence: competence
                .iter()
                .filter(|record| record.person == person.id)
                .collect(),
            audits: audits_of(person.id),
        })
        .collect();
    all.sort_by_cached_key(|one| one.person.name.to_lowercase());
    let mut guests = Vec::new();
    for audit in &audits {
        let of_it = sql!(conn, auditor::list_guests(workspace, audit.name()))?;
        guests.extend(of_it.into_iter().map(|guest| (audit.name(), guest)));
    }
    Ok(card::auditors(&all, &guests, ctx.today()).into())
}
