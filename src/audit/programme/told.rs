//! What others are told of a programme.

use uuid::Uuid;

use super::card::{self, Part};
use super::flow::find;
use super::rules::{Plan, approvers};
use crate::app::Result;
use crate::audit::auditor::flow::team;
use crate::audit::rules::State;
use crate::chat::Card;
use crate::command::value::ProgrammeName;
use crate::people::area::rules::owner_of;
use crate::people::{People, Person, Role, Workspace};
use crate::sql;
use crate::store::Conn;

/// To one who is to approve it, as long as they are; then what became of it.
pub async fn to_approve(
    conn: &mut Conn,
    workspace: &Workspace,
    programme: ProgrammeName,
    person: Uuid,
) -> Result<Option<Card>> {
    let Some(plan) = find(conn, workspace.id, programme.0).await? else {
        return Ok(None);
    };
    let people = People(sql!(conn, people::list_people(workspace.id))?);
    if plan.is_approved() {
        return Ok(Some(card::is_approved(&plan, &people)));
    }
    let approver = approvers(&people).into_iter().find(|one| one.id == person);
    Ok(approver.map(|approver| card::to_approve(&plan, &people, approver)))
}

/// To one whom an approved programme concerns: their part of it.
pub async fn told(
    conn: &mut Conn,
    workspace: &Workspace,
    programme: ProgrammeName,
    person: Uuid,
) -> Result<Option<Card>> {
    let Some(plan) = find(conn, workspace.id, programme.0).await? else {
        return Ok(None);
    };
    let people = People(sql!(conn, people::list_people(workspace.id))?);
    let Some(person) = people.find(person).filter(|person| person.present) else {
        return Ok(None);
    };
    let part = part(conn, workspace.id, &plan, person).await?;
    Ok(part.map(|part| card::told(&plan, &people, &part)))
}

/// What of a programme concerns a person: the audits they carry out, and those of areas that they
/// answer for, those still to come. Auditors, and who planned it, hear of it in any case.
pub(super) async fn part(
    conn: &mut Conn,
    workspace: Uuid,
    plan: &Plan,
    person: &Person,
) -> Result<Option<Part>> {
    let areas = sql!(conn, area::list_areas(workspace))?;
    let mut part = Part::default();
    let to_come = plan
        .audits
        .iter()
        .filter(|audit| audit.state != State::Finished);
    for audit in to_come {
        if team(conn, workspace, audit).await?.has(person.id) {
            part.audits.push(audit.name());
        }
        let own = audit.scope.iter();
        let own = own.filter(|reference| owner_of(&areas, reference) == Some(person.id));
        let own: Vec<String> = own.cloned().collect();
        if !own.is_empty() {
            part.audited.push((audit.name(), own));
        }
    }
    let concerned = person.role == Role::Auditor || plan.programme.planned_by == Some(person.id);
    let empty = part.audits.is_empty() && part.audited.is_empty();
    Ok((concerned || !empty).then_some(part))
}
