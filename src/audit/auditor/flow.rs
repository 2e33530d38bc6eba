//! Load, decide, save and enqueue, in one transaction.

use chrono::{NaiveDate, TimeDelta};
use serde_json::json;
use uuid::Uuid;

use super::card;
use super::command::{AssignAudit, AuditorCommand};
use super::rules::{Doubt, Member, Override, Standing, Team, Ties, VERIFIED_DAYS, judged_on};
use super::team as others;
use crate::app::{Ctx, Result, UserError};
use crate::audit::flow::load;
use crate::audit::rules::{Audit, State};
use crate::chat::{Card, Reply};
use crate::command::value::AuditName;
use crate::outbox::{self, Job, Subject, To};
use crate::people::roles::flow::able;
use crate::people::{People, Person, Workspace};
use crate::sql;
use crate::store::{Conn, Tx};

/// Carries out what was said about auditors.
pub async fn run(ctx: &Ctx, command: AuditorCommand) -> Result<Reply> {
    match command {
        AuditorCommand::Assign(said) => assign(ctx, said).await,
        AuditorCommand::Team(said) => others::change(ctx, said).await,
        AuditorCommand::Guest(said) => others::guest(ctx, said).await,
        AuditorCommand::Auditors => others::auditors(ctx).await,
    }
}

async fn assign(ctx: &Ctx, said: AssignAudit) -> Result<Reply> {
    let workspace = ctx.workspace.id;
    let name = said.audit;
    let mut tx = ctx.write().await?;
    let mut audit = load(&mut tx, workspace, name).await?;
    let people = ctx.people(&mut tx).await?;
    must_not_be_finished(&audit, &people)?;
    let auditor = able(&people, said.auditor.0).map_err(|error| error.beside(Some("auditor")))?;
    let let_audit = Gate {
        ctx,
        audit: &audit,
        reason: said.reason.as_ref().map(|reason| reason.0.as_str()),
    };
    let doubts = let_audit.pass(&mut tx, auditor).await?;
    let before = audit.auditor.replace(auditor.id);
    if before == Some(auditor.id) && doubts.is_empty() {
        let text = format!("{} audits {name} already.", auditor.name);
        return Err(UserError::at("auditor", text).into());
    }
    // Who stood beside the one who led leads now.
    sql!(tx, auditor::delete_member(workspace, name, auditor.id))?;
    sql!(tx, audit::save_audit(workspace, &audit))?;
    let data = json!({ "auditor": auditor.id, "before": before });
    ctx.log(&mut tx, "audit-assigned", name, data).await?;
    if before != Some(auditor.id) {
        tell(ctx, &mut tx, name, auditor.id).await?;
    }
    tx.commit().await?;
    let doubts: Vec<&Doubt> = doubts.iter().collect();
    Ok(card::assigned_receipt(&audit, &people, &doubts).into())
}

pub(super) fn must_not_be_finished(audit: &Audit, people: &People) -> Result<(), UserError> {
    if audit.state != State::Finished {
        return Ok(());
    }
    let name = audit.name();
    let text = format!(
        "{name} is finished; its auditor stays {}.",
        people.name(audit.auditor)
    );
    Err(UserError::at("audit", text).button("Show", format!("audit show {name}")))
}

/// Tells a person that they audit something; nobody is told of their own act.
pub(super) async fn tell(ctx: &Ctx, tx: &mut Tx, audit: AuditName, person: Uuid) -> Result<()> {
    if person == ctx.person.id {
        return Ok(());
    }
    let subject = Subject::AuditAssigned {
        audit,
        auditor: person,
        by: ctx.person.id,
    };
    let key = format!("{audit} assigned {}", Uuid::now_v7());
    let job = Job::new(ctx.workspace.id, subject, key, To::Person(person));
    outbox::enqueue(tx, job).await
}

/// Whom something speaks against may not audit, unless somebody says why they do all the same.
pub(super) struct Gate<'a> {
    pub ctx: &'a Ctx,
    pub audit: &'a Audit,
    /// Why they audit all the same.
    pub reason: Option<&'a str>,
}

impl Gate<'_> {
    /// Refuses a person, or keeps why they audit all the same; says what was overridden.
    pub async fn pass(&self, tx: &mut Tx, person: &Person) -> Result<Vec<Doubt>> {
        let Gate { ctx, audit, reason } = *self;
        let (workspace, name) = (ctx.workspace.id, audit.name());
        let ties = ties(tx, ctx).await?;
        let doubts = ties.doubts(person.id, &audit.scope, judged_on(audit, ctx.today()));
        let overrides = sql!(tx, auditor::list_overrides(workspace, name))?;
        let member = Member::of(person.id, doubts, &overrides);
        let open: Vec<Doubt> = member.open().into_iter().cloned().collect();
        if open.is_empty() {
            return Ok(open);
        }
        let Some(reason) = reason else {
            let again = !member.overrides.is_empty();
            let open: Vec<&Doubt> = open.iter().collect();
            return Err(card::refused(name, person, &open, again).into());
        };
        let decided = Override {
            person: person.id,
            doubts: open.clone(),
            reason: reason.to_owned(),
            by: ctx.person.id,
            at: ctx.now,
        };
        sql!(tx, auditor::insert_override(workspace, name, &decided))?;
        let data = json!({
            "person": person.id, "doubts": decided.doubts, "reason": decided.reason,
        });
        ctx.log(tx, "audit-doubt-overridden", name, data).await?;
        Ok(open)
    }
}

/// Who can what, and who answers for what.
async fn ties(conn: &mut Conn, ctx: &Ctx) -> Result<Ties> {
    let workspace = ctx.workspace.id;
    let since = ctx.now - TimeDelta::days(VERIFIED_DAYS);
    Ok(Ties {
        competence: sql!(conn, roles::list_competence(workspace))?,
        areas: sql!(conn, area::list_areas(workspace))?,
        involved: sql!(conn, auditor::list_involved(workspace, since))?,
        kpis: sql!(conn, kpi::list_kpis(workspace))?,
    })
}

/// Who carries out an audit.
pub async fn team(conn: &mut Conn, workspace: Uuid, audit: &Audit) -> Result<Team> {
    let members = sql!(conn, auditor::list_members(workspace))?;
    let guests = sql!(conn, auditor::list_guests(workspace, audit.name()))?;
    Ok(Team {
        persons: persons(audit, &members),
        guests: guests.into_iter().map(|guest| guest.name).collect(),
    })
}

/// The persons of an audit's team, the first of whom leads.
pub(super) fn persons(audit: &Audit, members: &[(AuditName, Uuid)]) -> Vec<Uuid> {
    let name = audit.name();
    let others = members.iter().filter(|(of, _)| *of == name);
    let others = others.map(|(_, person)| *person);
    let others = others.filter(|person| Some(*person) != audit.auditor);
    audit.auditor.into_iter().chain(others).collect()
}

/// Who carries out an audit, and what speaks against them on a day.
pub async fn standing(
    conn: &mut Conn,
    ctx: &Ctx,
    audit: &Audit,
    on: NaiveDate,
) -> Result<Standing> {
    let (workspace, name) = (ctx.workspace.id, audit.name());
    let ties = ties(conn, ctx).await?;
    let overrides = sql!(conn, auditor::list_overrides(workspace, name))?;
    let team = team(conn, workspace, audit).await?;
    let member = |person: Uuid| {
        let doubts = ties.doubts(person, &audit.scope, on);
        Member::of(person, doubts, &overrides)
    };
    Ok(Standing {
        members: team.persons.into_iter().map(member).collect(),
        guests: sql!(conn, auditor::list_guests(workspace, name))?,
    })
}

/// Lets an audit go on if all who carry it out are competent and independent today, or overridden.
pub async fn must_be_fit(conn: &mut Conn, ctx: &Ctx, audit: &Audit) -> Result<()> {
    let standing = standing(conn, ctx, audit, ctx.today()).await?;
    if standing.unfit().next().is_none() {
        return Ok(());
    }
    let people = ctx.people(conn).await?;
    Err(card::unfit(audit.name(), &standing, &people).into())
}

/// An audit's card with its team.
pub async fn with_team(conn: &mut Conn, ctx: &Ctx, audit: &Audit, card: Card) -> Result<Card> {
    let on = match audit.state {
        State::Planned => judged_on(audit, ctx.today()),
        State::InProgress | State::Finished => ctx.today(),
    };
    let mut standing = standing(conn, ctx, audit, on).await?;
    if audit.state == State::Finished {
        // What came up since does not count; its report says what was known.
        for member in &mut standing.members {
            member.doubts.clear();
        }
    }
    let people = ctx.people(conn).await?;
    Ok(card::with_team(card, &standing, &people))
}

/// To a new auditor, if they still are.
pub async fn assigned(
    conn: &mut Conn,
    workspace: &Workspace,
    name: AuditName,
    (auditor, by): (Uuid, Uuid),
) -> Result<Option<Card>> {
    let Some(audit) = sql!(conn, audit::find_audit(workspace.id, name))? else {
        return Ok(None);
    };
    if !team(conn, workspace.id, &audit).await?.has(auditor) {
        return Ok(None);
    }
    let people = People(sql!(conn, people::list_people(workspace.id))?);
    Ok(Some(card::assigned(&audit, &people, (auditor, by))))
}
