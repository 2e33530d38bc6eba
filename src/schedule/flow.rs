//! Finds what is due and puts it into the outbox, each occurrence once.
//!
//! An occurrence is the nominal local time of a schedule. Its row and its outbox rows are inserted
//! in one transaction, and only one process can insert it. A schedule that was never seen before
//! begins to count at that moment, so nothing of the past is posted when a workspace is new.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde_json::json;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::card;
use super::catch_up::{Firing, Plan};
use super::escalation;
use super::ladder::Span;
use super::owed::with_absent;
use super::rules::nominal_of;
use super::schedules::{Schedule, What, schedules};
use crate::app::{App, Result};
use crate::chat::Card;
use crate::outbox::{self, Job, Subject, To};
use crate::people::{Person, Workspace};
use crate::record::{self, Happening};
use crate::report::flow::Publisher;
use crate::report::performance::flow::Drawn;
use crate::sql;
use crate::store::{Conn, Tx};
use crate::{audit, kpi, presence, report, review, status};

/// The longest nap: people and zones change, and a suspended machine wakes up late.
const NAP: Duration = Duration::from_secs(300);

/// How far a schedule has come.
#[derive(Debug, Clone)]
pub struct Progress {
    pub schedule: String,
    /// The newest occurrence, whatever became of it.
    pub last: NaiveDateTime,
    /// The newest occurrence that was not missed.
    pub last_kept: Option<NaiveDateTime>,
}

/// What became of an occurrence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display, strum::EnumString)]
#[strum(serialize_all = "kebab-case")]
pub enum Outcome {
    /// Not an occurrence of the rule: the moment from which the schedule counts.
    Started,
    Posted,
    /// Posted, and says that it is late.
    Late,
    /// There was nothing to say.
    Quiet,
    Missed,
}

/// One grouped reminder: its occurrence, and the day the person was last asked.
#[derive(Debug, Clone, Copy)]
pub struct Asking {
    pub nominal: NaiveDateTime,
    pub since: NaiveDate,
    pub late: bool,
}

/// What is to be posted, and what was drawn for it.
struct Ready {
    plan: Plan,
    report: Option<Drawn>,
}

/// Posts what is due, until shut down.
pub async fn run(app: App, shutdown: CancellationToken) {
    loop {
        let next = run_due(&app).await.unwrap_or_else(|error| {
            tracing::error!(error = %error, "the schedules could not be worked");
            None
        });
        let nap = next.map_or(NAP, |next| {
            (next - app.clock.now()).to_std().unwrap_or_default()
        });
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(nap.clamp(Duration::from_millis(100), NAP)) => {}
        }
    }
}

/// Posts what is due now, in every workspace whose platform is connected here. Says when something
/// is due next.
pub async fn run_due(app: &App) -> Result<Option<DateTime<Utc>>> {
    let mut conn = app.store.read().await?;
    let workspaces = sql!(conn, people::list_workspaces())?;
    drop(conn);
    let mut next = None;
    for workspace in workspaces {
        if app.chat(workspace.platform).is_none() {
            continue;
        }
        match run_workspace(app, &workspace).await {
            Ok(due) => next = [next, due].into_iter().flatten().min(),
            // The others are not kept waiting.
            Err(error) => {
                tracing::error!(workspace = %workspace.id, error = %error, "schedules failed");
            }
        }
    }
    Ok(next)
}

async fn run_workspace(app: &App, workspace: &Workspace) -> Result<Option<DateTime<Utc>>> {
    let now = app.clock.now();
    // Before anybody is asked for a value.
    if let Err(error) = kpi::alerts::flow::settle_due(app, workspace).await {
        tracing::error!(workspace = %workspace.id, error = %error, "counts could not be kept");
    }
    let mut conn = app.store.read().await?;
    let people = sql!(conn, people::list_people(workspace.id))?;
    let progress: HashMap<String, Progress> = sql!(conn, schedule::list_progress(workspace.id))?
        .into_iter()
        .map(|progress| (progress.schedule.clone(), progress))
        .collect();
    drop(conn);
    let mut next = None;
    for schedule in schedules(&app.rules, workspace, &people) {
        let progress = progress.get(&schedule.key);
        // One that fails does not keep the others waiting.
        if let Err(error) = run_schedule(app, workspace, &schedule, progress).await {
            let (workspace, schedule) = (workspace.id, &schedule.key);
            tracing::error!(%workspace, schedule, error = %error, "a schedule failed");
        }
        let local = nominal_of(now, schedule.timetable.zone);
        let last = progress.map_or(local, |progress| progress.last.max(local));
        let due = schedule.timetable.next(last).map(|(_, instant)| instant);
        next = [next, due].into_iter().flatten().min();
    }
    Ok(next)
}

async fn run_schedule(
    app: &App,
    workspace: &Workspace,
    schedule: &Schedule<'_>,
    progress: Option<&Progress>,
) -> Result<()> {
    let now = app.clock.now();
    let timetable = &schedule.timetable;
    let Some(progress) = progress else {
        return begin(app, workspace, schedule, nominal_of(now, timetable.zone)).await;
    };
    let due = timetable.due_between(progress.last, now);
    if due.is_empty() {
        return Ok(());
    }
    let plan = schedule.catch_up.plan(&due, timetable.zone, now);
    if !plan.fire.is_empty() {
        // Looked at twice is looked at once; so it comes before the occurrence is kept.
        match schedule.what {
            What::Presence => {
                presence::gone::look_around(app, workspace).await?;
                escalation::look_around(app, workspace).await?;
                review::plan::series::look(app, workspace).await?;
            }
            What::Overview => status::pinned::begin_day(app, workspace).await?,
            What::Surveys => {
                kpi::survey::round::look(app, workspace).await?;
                review::pack::flow::look(app, workspace).await?;
                app.outbox_rung.notify_one();
            }
            _ => {}
        }
    }
    let mut ready = Ready { plan, report: None };
    if let (What::Report, Some(firing)) = (&schedule.what, ready.plan.fire.last()) {
        // Drawing takes a while; nobody waits for a transaction meanwhile.
        ready.report = report::flow::prepare(app, workspace, firing.nominal.date()).await?;
    }
    post(app, workspace, schedule, (progress, ready)).await
}

/// Remembers from when a schedule counts.
async fn begin(
    app: &App,
    workspace: &Workspace,
    schedule: &Schedule<'_>,
    local: NaiveDateTime,
) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.store.write(workspace.id).await?;
    sql!(
        tx,
        schedule::insert_occurrence(workspace.id, &schedule.key, local, Outcome::Started, now)
    )?;
    tx.commit().await
}

/// Inserts occurrences and their messages, in one transaction. What another process has inserted
/// in the meantime is left to it.
async fn post(
    app: &App,
    workspace: &Workspace,
    schedule: &Schedule<'_>,
    (progress, ready): (&Progress, Ready),
) -> Result<()> {
    let now = app.clock.now();
    let Ready { plan, mut report } = ready;
    let since = progress.last_kept.unwrap_or(progress.last).date();
    let mut tx = app.store.write(workspace.id).await?;
    let mut missed = Vec::new();
    for nominal in plan.missed {
        let key = &schedule.key;
        let outcome = Outcome::Missed;
        if sql!(
            tx,
            schedule::insert_occurrence(workspace.id, key, nominal, outcome, now)
        )? {
            missed.push(nominal);
        }
    }
    if let [first, ..] = missed[..] {
        let data = json!({ "count": missed.len(), "first": first, "last": missed.last() });
        log(
            &mut tx,
            workspace,
            schedule,
            (now, "occurrences-missed", data),
        )
        .await?;
    }
    let mut posted = 0_u64;
    for firing in plan.fire {
        let fired = match schedule.what {
            What::Report => {
                publish(&mut tx, workspace, schedule, (firing, report.take()), now).await?
            }
            _ => fire(&mut tx, workspace, schedule, (firing, since), now).await?,
        };
        posted += u64::from(fired);
    }
    tx.commit().await?;
    let kind = schedule.what.kind();
    metrics::counter!("isms_occurrences_missed_total", "schedule" => kind)
        .increment(missed.len() as u64);
    metrics::counter!("isms_occurrences_posted_total", "schedule" => kind).increment(posted);
    if posted > 0 {
        app.outbox_rung.notify_one();
    }
    Ok(())
}

/// Inserts one occurrence with its message. False if there was nothing to say, or it had happened.
async fn fire(
    tx: &mut Tx,
    workspace: &Workspace,
    schedule: &Schedule<'_>,
    (firing, since): (Firing, NaiveDate),
    now: DateTime<Utc>,
) -> Result<bool> {
    let Firing { nominal, late, .. } = firing;
    let asking = Asking {
        nominal,
        since,
        late,
    };
    let job = job(tx, workspace, schedule, (asking, now)).await?;
    let outcome = match &job {
        None => Outcome::Quiet,
        Some(_) if late => Outcome::Late,
        Some(_) => Outcome::Posted,
    };
    let key = &schedule.key;
    let first = sql!(
        tx,
        schedule::insert_occurrence(workspace.id, key, nominal, outcome, now)
    )?;
    let (true, Some(job)) = (first, job) else {
        return Ok(false);
    };
    let detail = kpi::digest::flow::detail_of(&job);
    outbox::enqueue(tx, job).await?;
    if let Some(detail) = detail {
        outbox::enqueue(tx, detail).await?;
    }
    let data = json!({ "nominal": nominal, "late": late });
    log(tx, workspace, schedule, (now, "occurrence-posted", data)).await?;
    Ok(true)
}

/// Inserts an occurrence of the performance report, and publishes it. False if there was nothing to
/// report on, or it had happened.
async fn publish(
    tx: &mut Tx,
    workspace: &Workspace,
    schedule: &Schedule<'_>,
    (firing, report): (Firing, Option<Drawn>),
    now: DateTime<Utc>,
) -> Result<bool> {
    let Firing { nominal, late, .. } = firing;
    let outcome = match &report {
        None => Outcome::Quiet,
        Some(_) if late => Outcome::Late,
        Some(_) => Outcome::Posted,
    };
    let key = &schedule.key;
    let first = sql!(
        tx,
        schedule::insert_occurrence(workspace.id, key, nominal, outcome, now)
    )?;
    let (true, Some(drawn)) = (first, report) else {
        return Ok(false);
    };
    let publisher = Publisher {
        workspace,
        by: None,
        at: now,
        late: late.then_some(nominal),
    };
    report::flow::publish(tx, publisher, drawn).await?;
    let data = json!({ "nominal": nominal, "late": late });
    log(tx, workspace, schedule, (now, "occurrence-posted", data)).await?;
    Ok(true)
}

async fn log(
    tx: &mut Tx,
    workspace: &Workspace,
    schedule: &Schedule<'_>,
    (at, kind, data): (DateTime<Utc>, &'static str, serde_json::Value),
) -> Result<()> {
    let happening = Happening {
        workspace: workspace.id,
        at,
        actor: None,
        kind,
        record: schedule.key.clone(),
        data,
    };
    record::append(tx, happening).await
}

/// The message of an occurrence, if there is something to say.
async fn job(
    conn: &mut Conn,
    workspace: &Workspace,
    schedule: &Schedule<'_>,
    (asking, now): (Asking, DateTime<Utc>),
) -> Result<Option<Job>> {
    let Asking {
        nominal,
        since,
        late,
    } = asking;
    let day = nominal.date();
    let (subject, to) = match schedule.what {
        // Posts nothing, or in a way of its own.
        What::Presence | What::Surveys | What::Overview | What::Report => return Ok(None),
        // Without a channel there is nowhere to post.
        What::Digest | What::Review if workspace.channel.is_none() => return Ok(None),
        What::Audit if workspace.for_audits().is_none() => return Ok(None),
        What::Digest => match kpi::digest::flow::posted(conn, workspace, now, None).await? {
            None => return Ok(None),
            Some(_) => (Subject::Digest { nominal, late }, To::WorkspaceChannel),
        },
        What::Audit => match audit::flow::reminder(conn, workspace, day, None).await? {
            None => return Ok(None),
            Some(_) => (Subject::AuditReminder { nominal, late }, To::AuditChannel),
        },
        What::Review if !workspace.reviews.ends_in_month_of(day) => return Ok(None),
        What::Review => match review::flow::due(conn, workspace, day, None).await? {
            None => return Ok(None),
            Some(_) => (Subject::ReviewDue { nominal, late }, To::WorkspaceChannel),
        },
        What::Reminders(person) => match asked(conn, workspace, person, asking).await? {
            None => return Ok(None),
            Some(_) => (
                Subject::Reminder {
                    person: person.id,
                    nominal,
                    since,
                    late,
                },
                To::Person(person.id),
            ),
        },
    };
    let key = format!("{} {nominal}", schedule.key);
    Ok(Some(Job::new(workspace.id, subject, key, to)))
}

/// What a person is asked for, as things stand.
async fn asked(
    conn: &mut Conn,
    workspace: &Workspace,
    person: &Person,
    asking: Asking,
) -> Result<Option<Card>> {
    let span = Span {
        since: asking.since,
        today: asking.nominal.date(),
        working: workspace.working_days,
    };
    let absences = presence::absence::from_day(conn, workspace.id, span.today).await?;
    if absences.of(person.id, span.today).is_some() {
        return Ok(None);
    }
    let mut owed = with_absent(conn, workspace, person, span.today).await?;
    owed.retain(|obligation| obligation.asked(span));
    owed.escalated.retain(|escalated| span.holds(escalated.on));
    let late = asking.late.then_some(asking.nominal);
    Ok(card::reminder(&owed, span.today, late))
}

/// The grouped reminder of a person, worded when it is sent.
pub async fn reminder(
    conn: &mut Conn,
    workspace: &Workspace,
    person: Uuid,
    asking: Asking,
) -> Result<Option<Card>> {
    match sql!(conn, people::find_person(workspace.id, person))? {
        Some(person) => asked(conn, workspace, &person, asking).await,
        None => Ok(None),
    }
}
