//! Load, decide, save and enqueue, in one transaction.

use chrono::{Datelike, NaiveDate, NaiveDateTime};
use serde_json::json;
use uuid::Uuid;

use super::command::AuditCommand;
use super::rules::{self, Audit, State};
use super::{auditor, card, checklist, closing, finding, opening, question};
use crate::app::{Ctx, Result, UserError};
use crate::chat::{Card, Reply};
use crate::command::value::AuditName;
use crate::people::{People, Workspace};
use crate::sql;
use crate::store::Conn;

/// Carries out what was said about audits.
pub async fn run(ctx: &Ctx, command: AuditCommand) -> Result<Reply> {
    match command {
        AuditCommand::Plan { year } => plan(ctx, year).await,
        AuditCommand::List { year } => list(ctx, year).await,
        AuditCommand::Show { audit } => show(ctx, audit).await,
        AuditCommand::Auditor(command) => auditor::flow::run(ctx, command).await,
        AuditCommand::Start { audit } => opening::flow::start(ctx, audit).await,
        AuditCommand::Checklist(command) => checklist::flow::run(ctx, command).await,
        AuditCommand::Finding(command) => finding::flow::run(ctx, command).await,
        AuditCommand::Question(command) => question::flow::run(ctx, command).await,
        AuditCommand::Finish { audit, conclusion } => {
            closing::flow::finish(ctx, audit, conclusion.0).await
        }
    }
}

async fn plan(ctx: &Ctx, year: i32) -> Result<Reply> {
    let this_year = ctx.today().year();
    if year < this_year {
        let text = format!("{year} is over. Plan {this_year} or a later year.");
        return Err(UserError::at("year", text).into());
    }
    let workspace = ctx.workspace.id;
    let mut tx = ctx.write().await?;
    let known = sql!(tx, audit::list_audits(workspace, year))?;
    // Follow-ups may be there before the year is planned.
    if known.iter().any(|audit| audit.nth == 1) {
        let text = format!(
            "{year} has its audit programme already. Name auditors with `audit assign`, or plan \
             another year."
        );
        return Err(UserError::at("year", text)
            .button(format!("Show {year}"), format!("audit list {year}"))
            .button(
                format!("Plan {}", year + 1),
                format!("audit plan {}", year + 1),
            )
            .into());
    }
    let audits = rules::plan_year(year);
    for audit in &audits {
        sql!(tx, audit::save_audit(workspace, audit))?;
    }
    let slices: Vec<_> = audits
        .iter()
        .map(|audit| json!({ "audit": audit.name(), "topic": audit.topic, "scope": audit.scope }))
        .collect();
    ctx.log(
        &mut tx,
        "audit-programme-planned",
        format!("audit programme {year}"),
        json!({ "year": year, "audits": slices }),
    )
    .await?;
    tx.commit().await?;
    Ok(card::programme(year, &audits, &People::default(), ctx.today()).into())
}

async fn list(ctx: &Ctx, year: Option<i32>) -> Result<Reply> {
    let year = year.unwrap_or_else(|| ctx.today().year());
    let mut conn = ctx.read().await?;
    let audits = sql!(conn, audit::list_audits(ctx.workspace.id, year))?;
    if audits.is_empty() {
        return Ok(card::nothing_planned(year).into());
    }
    let people = ctx.people(&mut conn).await?;
    Ok(card::programme(year, &audits, &people, ctx.today()).into())
}

async fn show(ctx: &Ctx, name: AuditName) -> Result<Reply> {
    let mut conn = ctx.read().await?;
    let audit = load(&mut conn, ctx.workspace.id, name).await?;
    let people = ctx.people(&mut conn).await?;
    let findings = sql!(conn, finding::list_of_audit(ctx.workspace.id, name))?;
    let card = card::shown(&audit, &people, ctx.today());
    let card = auditor::flow::with_team(&mut conn, ctx, &audit, card).await?;
    Ok(finding::card::with_findings(card, &findings).into())
}

/// The audit, or an error that says how to find the right one.
pub async fn load(conn: &mut Conn, workspace: Uuid, name: AuditName) -> Result<Audit> {
    if let Some(audit) = sql!(conn, audit::find_audit(workspace, name))? {
        return Ok(audit);
    }
    let years = sql!(conn, audit::list_years(workspace))?;
    let error = UserError::at("audit", format!("There is no {name} here."));
    Err(match years.first() {
        Some(year) => error.button(format!("Show {year}"), format!("audit list {year}")),
        None => error.button(
            format!("Plan {}", name.year),
            format!("audit plan {}", name.year),
        ),
    }
    .into())
}

/// The reminder of a month, as things stand: nothing once its audit is finished, and nothing where
/// no programme was ever planned.
pub async fn reminder(
    conn: &mut Conn,
    workspace: &Workspace,
    month: NaiveDate,
    late: Option<NaiveDateTime>,
) -> Result<Option<Card>> {
    let year = month.year();
    let programme = sql!(conn, audit::list_audits(workspace.id, year))?;
    if programme.is_empty() {
        let last_year = sql!(conn, audit::list_audits(workspace.id, year - 1))?;
        return Ok((!last_year.is_empty()).then(|| card::no_programme(year, late)));
    }
    let audit = programme
        .iter()
        .find(|audit| audit.month == month.month() && audit.state != State::Finished);
    let Some(audit) = audit else {
        return Ok(None);
    };
    let people = People(sql!(conn, people::list_people(workspace.id))?);
    Ok(Some(card::reminder(audit, &programme, &people, late)))
}
