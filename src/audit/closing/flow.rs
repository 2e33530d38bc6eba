//! The report is drawn before the transaction; the audit ends, and the report is kept and sent, in one.

use std::collections::BTreeSet;

use serde_json::json;
use uuid::Uuid;

use super::card::{self, Sent};
use super::document::{Made, document};
use super::gather::gather;
use super::rules::{Gaps, Report, Told};
use crate::app::{Ctx, Result};
use crate::audit::auditor::flow::{must_be_fit, with_team};
use crate::audit::finding::rules::State as FindingState;
use crate::audit::flow::load;
use crate::audit::rules::Audit;
use crate::audit::{card as audit_card, programme};
use crate::chat::{Card, Reply};
use crate::command::value::{AuditName, FileRef};
use crate::outbox::{self, Job, Subject, To};
use crate::people::area::rules::owner_of;
use crate::people::{People, Workspace};
use crate::record::files::{self, Keeper};
use crate::report::rules::reviewers;
use crate::report::{markdown, pdf};
use crate::sql;
use crate::store::{Conn, Tx};

/// Ends an audit with what it came to.
pub async fn finish(ctx: &Ctx, name: AuditName, conclusion: String) -> Result<Reply> {
    let mut conn = ctx.read().await?;
    let told = ending(&mut conn, ctx, name, &conclusion).await?;
    let people = ctx.people(&mut conn).await?;
    let made = Made {
        workspace: ctx.workspace.name.clone(),
        people: people.clone(),
        now: ctx.now,
        zone: ctx.workspace.zone,
        head: sql!(conn, record::log_head(ctx.workspace.id))?,
    };
    drop(conn);
    let paper = document(&told, &made);
    let as_markdown = markdown::render(&paper).into_bytes();
    let as_pdf = pdf::draw(paper).await?;
    let mut tx = ctx.write().await?;
    // What the report tells is what is so when it is kept.
    if ending(&mut tx, ctx, name, &conclusion).await? != told {
        return Err(card::moved_on(name).into());
    }
    let report = keep(ctx, &mut tx, &told, (as_pdf, as_markdown)).await?;
    plan_again(ctx, &mut tx, &told).await?;
    let readers = tell(ctx, &mut tx, (&told, &report), &people).await?;
    let shown = audit_card::shown(&told.audit, &people, ctx.today());
    let shown = with_team(&mut tx, ctx, &told.audit, shown).await?;
    tx.commit().await?;
    let readers: Vec<String> = readers
        .into_iter()
        .map(|person| people.name(Some(person)).to_owned())
        .collect();
    Ok(card::ended(shown, &told, &readers).into())
}

/// What the report tells, if the audit can end.
async fn ending(conn: &mut Conn, ctx: &Ctx, name: AuditName, conclusion: &str) -> Result<Told> {
    let mut audit = load(conn, ctx.workspace.id, name).await?;
    audit.finish(&ctx.person, ctx.today(), conclusion.to_owned())?;
    must_be_fit(conn, ctx, &audit).await?;
    let told = gather(conn, ctx, audit).await?;
    let gaps = Gaps::of(&told.audit.scope, &told.items, &told.findings);
    if !gaps.is_empty() {
        return Err(card::gaps(name, &gaps).into());
    }
    Ok(told)
}

/// Keeps that the audit ended, and its report.
async fn keep(
    ctx: &Ctx,
    tx: &mut Tx,
    told: &Told,
    (as_pdf, as_markdown): (Vec<u8>, Vec<u8>),
) -> Result<Report> {
    let (workspace, name) = (ctx.workspace.id, told.audit.name());
    let keeper = Keeper {
        workspace,
        by: Some(ctx.person.id),
        at: ctx.now,
    };
    let file = |extension: &str| format!("audit-report-{name}.{extension}");
    let report = Report {
        audit: name,
        summary: told.summary(),
        pdf: files::keep(tx, keeper, &file("pdf"), as_pdf).await?,
        markdown: files::keep(tx, keeper, &file("md"), as_markdown).await?,
        by: ctx.person.id,
        at: ctx.now,
    };
    sql!(tx, audit::save_audit(workspace, &told.audit))?;
    sql!(tx, closing::insert_report(workspace, &report))?;
    let data = json!({
        "on": told.audit.finished_on, "conclusion": told.audit.conclusion,
        "summary": report.summary, "pdf": report.pdf, "markdown": report.markdown,
    });
    ctx.log(tx, "audit-finished", name, data).await?;
    Ok(report)
}

/// Puts the audits into the plan that look at major nonconformities again.
async fn plan_again(ctx: &Ctx, tx: &mut Tx, told: &Told) -> Result<()> {
    let workspace = ctx.workspace.id;
    for one in &told.follow_ups {
        let (audit, finding) = (&one.audit, one.finding);
        sql!(tx, audit::save_audit(workspace, audit))?;
        sql!(
            tx,
            closing::insert_follow_up(workspace, audit.name(), finding)
        )?;
        let data = json!({
            "topic": audit.topic, "scope": audit.scope, "finding": finding,
            "after": told.audit.name(),
        });
        ctx.log(tx, "audit-follow-up-planned", audit.name(), data)
            .await?;
        let reason = format!("{} looks again at F-{finding}", audit.name());
        programme::flow::changed(ctx, tx, audit.year, &reason).await?;
    }
    Ok(())
}

/// Sends the report to the channel, and once to each who is to read it: top management, and who
/// answers for what was audited. Says who they are.
async fn tell(
    ctx: &Ctx,
    tx: &mut Tx,
    (told, report): (&Told, &Report),
    people: &People,
) -> Result<BTreeSet<Uuid>> {
    let (workspace, name) = (ctx.workspace.id, told.audit.name());
    let key = format!("{name} report");
    if ctx.workspace.for_audits().is_some() {
        let subject = Subject::AuditReport {
            audit: name,
            person: None,
        };
        let channel = || To::AuditChannel;
        outbox::enqueue(tx, Job::new(workspace, subject, key.clone(), channel())).await?;
        for file in [&report.pdf, &report.markdown] {
            let key_of_file = format!("{key} file {}", file.fingerprint());
            let job = Job::new(workspace, file_subject(name, file), key_of_file, channel());
            outbox::enqueue(tx, job.in_thread_of(key.clone())).await?;
        }
    }
    let leaders = reviewers(people).into_iter().map(|person| person.id);
    let mut readers: BTreeSet<Uuid> = told.auditees();
    readers.extend(leaders);
    // Nobody is told of their own act.
    readers.remove(&ctx.person.id);
    readers.retain(|one| people.find(*one).is_some_and(|person| person.present));
    for person in &readers {
        let subject = Subject::AuditReport {
            audit: name,
            person: Some(*person),
        };
        let (own, to) = (format!("{key} for {person}"), To::Person(*person));
        outbox::enqueue(tx, Job::new(workspace, subject, own.clone(), to.clone())).await?;
        let subject = file_subject(name, &report.pdf);
        let job = Job::new(workspace, subject, format!("{own} file"), to);
        outbox::enqueue(tx, job.in_thread_of(own)).await?;
    }
    Ok(readers)
}

fn file_subject(audit: AuditName, file: &FileRef) -> Subject {
    Subject::File {
        comment: format!("The report of {audit}, fingerprint {}", file.fingerprint()),
        file: file.clone(),
    }
}

/// Sends a report again, to who asked for it.
pub async fn again(ctx: &Ctx, name: AuditName) -> Result<Reply> {
    let mut tx = ctx.write().await?;
    let audit = load(&mut tx, ctx.workspace.id, name).await?;
    let Some(report) = sql!(tx, closing::find_report(ctx.workspace.id, name))? else {
        return Err(card::no_report(&audit).into());
    };
    for file in [&report.pdf, &report.markdown] {
        let key = format!("file {} {}", file.fingerprint(), Uuid::now_v7());
        let to = To::Person(ctx.person.id);
        let job = Job::new(ctx.workspace.id, file_subject(name, file), key, to);
        outbox::enqueue(&mut tx, job).await?;
    }
    let card = worded(&mut tx, &ctx.workspace, (&audit, &report), card::again).await?;
    tx.commit().await?;
    Ok(card.into())
}

/// The message of a report: in the channel, or to one who is to read it.
pub async fn word(
    conn: &mut Conn,
    workspace: &Workspace,
    name: AuditName,
    person: Option<Uuid>,
) -> Result<Option<Card>> {
    let audit = sql!(conn, audit::find_audit(workspace.id, name))?;
    let report = sql!(conn, closing::find_report(workspace.id, name))?;
    let (Some(audit), Some(report)) = (audit, report) else {
        return Ok(None);
    };
    let Some(person) = person else {
        let card = worded(conn, workspace, (&audit, &report), card::posted).await?;
        return Ok(Some(card));
    };
    let areas = sql!(conn, area::list_areas(workspace.id))?;
    let own: Vec<String> = audit
        .scope
        .iter()
        .filter(|reference| owner_of(&areas, reference) == Some(person))
        .cloned()
        .collect();
    let to_reader = |sent: &Sent| card::to_reader(sent, &own);
    let card = worded(conn, workspace, (&audit, &report), to_reader).await?;
    Ok(Some(card))
}

async fn worded(
    conn: &mut Conn,
    workspace: &Workspace,
    (audit, report): (&Audit, &Report),
    card: impl FnOnce(&Sent) -> Card,
) -> Result<Card> {
    let mut findings = sql!(conn, finding::list_of_audit(workspace.id, audit.name()))?;
    findings.retain(|finding| finding.state == FindingState::Final);
    findings.sort_by_key(|finding| finding.grade);
    let people = People(sql!(conn, people::list_people(workspace.id))?);
    Ok(card(&Sent {
        audit,
        report,
        findings: &findings,
        people: &people,
        zone: workspace.zone,
    }))
}
