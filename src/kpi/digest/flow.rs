//! Gathers what the digest tells, when it is sent.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::{Digest, LastReport, NextAudit, OverdueAction, card, detail};
use crate::app::{Ctx, Result, UserError};
use crate::audit::rules::State;
use crate::chat::{Card, Reply};
use crate::kpi::command::DigestCommand;
use crate::kpi::flow::overviews;
use crate::outbox::{self, Job, Subject, To};
use crate::people::{People, Workspace};
use crate::sql;
use crate::store::Conn;

/// Carries out what was said about the digest.
pub async fn run(ctx: &Ctx, command: DigestCommand) -> Result<Reply> {
    match command {
        DigestCommand::Preview => {
            let mut conn = ctx.read().await?;
            let digest = gather(&mut conn, &ctx.workspace, ctx.now).await?;
            Ok(card(&digest).into())
        }
        DigestCommand::Now => {
            let mut tx = ctx.write().await?;
            if gather(&mut tx, &ctx.workspace, ctx.now).await?.is_empty() {
                let text = "A digest would be empty: no KPI is set up, no action is overdue and no \
                            audit is planned.";
                return Err(UserError::new(text)
                    .button("Set up a KPI", "kpi new")
                    .into());
            }
            let to = match &ctx.workspace.channel {
                Some(_) => To::WorkspaceChannel,
                None => To::Channel(ctx.channel.clone()),
            };
            let subject = Subject::Digest {
                nominal: ctx.now.with_timezone(&ctx.workspace.zone).naive_local(),
                late: false,
            };
            let key = format!("digest {}", Uuid::now_v7());
            let job = Job::new(ctx.workspace.id, subject, key, to);
            ctx.log(&mut tx, "digest-asked-for", "digest", json!({}))
                .await?;
            let detail = detail_of(&job);
            outbox::enqueue(&mut tx, job).await?;
            if let Some(detail) = detail {
                outbox::enqueue(&mut tx, detail).await?;
            }
            tx.commit().await?;
            Ok(Card::say("The digest is on its way to the channel.").into())
        }
    }
}

/// What follows a digest into its thread.
pub fn detail_of(digest: &Job) -> Option<Job> {
    let Subject::Digest { .. } = digest.subject else {
        return None;
    };
    let key = format!("{} detail", digest.key);
    let detail = Job::new(
        digest.workspace,
        Subject::DigestDetail,
        key,
        digest.to.clone(),
    );
    Some(detail.in_thread_of(&digest.key))
}

/// The digest, as things stand when it is sent; nothing where nothing is set up yet.
pub async fn posted(
    conn: &mut Conn,
    workspace: &Workspace,
    now: DateTime<Utc>,
    late: Option<NaiveDateTime>,
) -> Result<Option<Card>> {
    let digest = Digest {
        late,
        ..gather(conn, workspace, now).await?
    };
    Ok((!digest.is_empty()).then(|| card(&digest)))
}

/// What goes into the digest's thread.
pub async fn in_thread(
    conn: &mut Conn,
    workspace: &Workspace,
    now: DateTime<Utc>,
) -> Result<Option<Card>> {
    Ok(detail(&gather(conn, workspace, now).await?))
}

pub async fn gather(conn: &mut Conn, workspace: &Workspace, now: DateTime<Utc>) -> Result<Digest> {
    let today = crate::people::rules::today(now, workspace.zone);
    let people = People(sql!(conn, people::list_people(workspace.id))?);
    let overdue = sql!(conn, action::list_overdue(workspace.id, today))?;
    let overdue = overdue.into_iter().map(|action| OverdueAction {
        name: action.name().to_string(),
        owner: people.name(action.owner).to_owned(),
        title: action.title,
        due: action.due,
    });
    Ok(Digest {
        views: overviews(conn, workspace.id, today).await?,
        overdue: overdue.collect(),
        next_audit: next_audit(conn, workspace.id, (&people, today)).await?,
        last_report: last_report(conn, workspace.id, &people).await?,
        head: sql!(conn, record::log_head(workspace.id))?,
        now,
        zone: workspace.zone,
        late: None,
    })
}

async fn last_report(
    conn: &mut Conn,
    workspace: Uuid,
    people: &People,
) -> Result<Option<LastReport>> {
    let Some(edition) = sql!(conn, report::find_last(workspace))? else {
        return Ok(None);
    };
    let evaluations = sql!(conn, report::list_evaluations(workspace, &edition))?;
    let mut reviewed_by: Vec<String> = Vec::new();
    for evaluation in evaluations {
        let name = people.name(Some(evaluation.person)).to_owned();
        if !reviewed_by.contains(&name) {
            reviewed_by.push(name);
        }
    }
    Ok(Some(LastReport {
        span: edition.span,
        published: edition.at,
        reviewed_by,
    }))
}

/// The next audit that is not finished: this month's or a later one, and without such the oldest of
/// those whose month is over. Last year's do not vanish with their year.
async fn next_audit(
    conn: &mut Conn,
    workspace: Uuid,
    (people, today): (&People, NaiveDate),
) -> Result<Option<NextAudit>> {
    let mut audits = Vec::new();
    for year in today.year() - 1..=today.year() + 1 {
        audits.extend(sql!(conn, audit::list_audits(workspace, year))?);
    }
    audits.retain(|audit| audit.state != State::Finished);
    let late = audits.iter().filter(|audit| audit.overdue(today)).count();
    let ahead = audits.iter().position(|audit| !audit.overdue(today));
    let next = match ahead {
        Some(position) => audits.swap_remove(position),
        None if audits.is_empty() => return Ok(None),
        None => audits.swap_remove(0),
    };
    Ok(Some(NextAudit {
        name: next.name().to_string(),
        auditor: next.auditor.map(|id| people.name(Some(id)).to_owned()),
        late: ahead.is_none(),
        behind: late - usize::from(ahead.is_none()),
        topic: next.topic,
    }))
}
