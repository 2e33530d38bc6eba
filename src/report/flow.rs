//! Reports are drawn before the transaction, and kept, sent and published in one.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::card::{self, Published};
use super::command::{Format, PerformanceReport, Place, ReportCommand};
use super::performance::flow::{Drawn, draw, gather};
use super::register;
use super::rules::{Edition, Evaluation, record as record_of, reviewers};
use crate::app::{App, Ctx, Result, UserError, log};
use crate::chat::{Card, Reply};
use crate::command::value::{FileRef, Prose, ReportSpan};
use crate::outbox::{self, Job, Subject, To, reword};
use crate::people::rules::today;
use crate::people::{People, Role, Workspace};
use crate::record::Happening;
use crate::record::files::{self, Keeper};
use crate::sql;
use crate::store::{Conn, Tx};

/// Carries out what was said about reports.
pub async fn run(ctx: &Ctx, command: ReportCommand) -> Result<Reply> {
    match command {
        ReportCommand::Performance(asked) => performance(ctx, asked).await,
        ReportCommand::Actions(asked) => register::flow::run(ctx, asked).await,
        ReportCommand::Audit { audit } => crate::audit::closing::flow::again(ctx, audit).await,
        ReportCommand::Get { period } => get(ctx, period).await,
        ReportCommand::Reviewed { period, conclusion } => reviewed(ctx, period, conclusion).await,
    }
}

async fn performance(ctx: &Ctx, asked: PerformanceReport) -> Result<Reply> {
    let workspace = &ctx.workspace;
    let day = today(ctx.now, workspace.zone);
    let span = match asked.period {
        Some(span) => span,
        None => workspace.reports.span_before(day),
    };
    let format = match asked.to {
        Place::Me => asked.format,
        Place::Channel => {
            may_publish(ctx, span, day)?;
            Format::All
        }
    };
    let mut conn = ctx.read().await?;
    let told = gather(&mut conn, workspace, span, ctx.now).await?;
    drop(conn);
    if told.parts.is_empty() && told.is_empty() {
        let text = format!("There is nothing to report on of {span}: no KPI was set up by then.");
        return Err(UserError::at("period", text)
            .button("List KPIs", "kpi list")
            .into());
    }
    let drawn = draw(told, format).await?;
    let mut tx = ctx.write().await?;
    let reply = match asked.to {
        Place::Me => {
            let what = format!("The performance report {span}");
            let files = drawn.into_files(1);
            let count = files.len();
            for (name, bytes) in files {
                send_own(ctx, &mut tx, (&what, &name), bytes).await?;
            }
            card::on_its_way(&what, count)
        }
        Place::Channel => {
            let publisher = Publisher {
                workspace,
                by: Some(ctx.person.id),
                at: ctx.now,
                late: None,
            };
            let edition = publish(&mut tx, publisher, drawn).await?;
            let people = ctx.people(&mut tx).await?;
            card::published(&edition, &reviewers(&people))
        }
    };
    tx.commit().await?;
    Ok(reply.into())
}

fn may_publish(ctx: &Ctx, span: ReportSpan, day: NaiveDate) -> Result<(), UserError> {
    let own = format!("report performance {span}");
    if ctx.person.role != Role::Manager {
        let text = "Reports are published by an ISMS manager. You can have it for yourself.";
        return Err(UserError::at("to", text).button("Send it to me", own));
    }
    if ctx.workspace.channel.is_none() {
        let text = "There is no channel to publish it in yet.";
        return Err(UserError::at("to", text).button("Choose one", "settings set"));
    }
    if day < span.day_after() {
        let text = format!(
            "{span} is not over: it can be published from {} on. You can have it for yourself, as \
             it stands.",
            crate::chat::day(span.day_after())
        );
        return Err(UserError::at("period", text).button("Send it to me", own));
    }
    Ok(())
}

/// Keeps a file and sends it to who asked for it.
pub(super) async fn send_own(
    ctx: &Ctx,
    tx: &mut Tx,
    (what, name): (&str, &str),
    bytes: Vec<u8>,
) -> Result<()> {
    let keeper = Keeper {
        workspace: ctx.workspace.id,
        by: Some(ctx.person.id),
        at: ctx.now,
    };
    let file = files::keep(tx, keeper, name, bytes).await?;
    outbox::enqueue(tx, own_job(ctx, what, file)).await
}

fn own_job(ctx: &Ctx, what: &str, file: FileRef) -> Job {
    let key = format!("file {} {}", file.fingerprint(), Uuid::now_v7());
    let to = To::Person(ctx.person.id);
    Job::new(ctx.workspace.id, file_subject(what, file), key, to)
}

fn file_subject(what: &str, file: FileRef) -> Subject {
    Subject::File {
        comment: format!("{what}, fingerprint {}", file.fingerprint()),
        file,
    }
}

/// Who publishes a report, where and when.
#[derive(Debug, Clone, Copy)]
pub struct Publisher<'a> {
    pub workspace: &'a Workspace,
    /// Nobody, when it comes by itself.
    pub by: Option<Uuid>,
    pub at: DateTime<Utc>,
    /// When it should have come, if that was a while ago.
    pub late: Option<NaiveDateTime>,
}

/// What is published by itself on a day, drawn: nothing, if nothing was measured.
pub async fn prepare(app: &App, workspace: &Workspace, on: NaiveDate) -> Result<Option<Drawn>> {
    let span = workspace.reports.span_before(on);
    let mut conn = app.store.read().await?;
    let told = gather(&mut conn, workspace, span, app.clock.now()).await?;
    drop(conn);
    match told.is_empty() {
        true => Ok(None),
        false => draw(told, Format::All).await.map(Some),
    }
}

/// Keeps a report as an edition, posts it with its files in the thread, and asks those to review it
/// who are to.
pub async fn publish(tx: &mut Tx, publisher: Publisher<'_>, drawn: Drawn) -> Result<Edition> {
    let workspace = publisher.workspace.id;
    let span = drawn.span;
    let before = sql!(tx, report::find_edition(workspace, span))?;
    let number = before.map_or(0, |edition| edition.number) + 1;
    let keeper = Keeper {
        workspace,
        by: publisher.by,
        at: publisher.at,
    };
    let summary = drawn.summary.clone();
    let mut kept = Vec::new();
    for (name, bytes) in drawn.into_files(number) {
        kept.push(files::keep(tx, keeper, &name, bytes).await?);
    }
    let [pdf, markdown, csv] = <[FileRef; 3]>::try_from(kept)
        .map_err(|kept| anyhow::anyhow!("a report has three files, not {}", kept.len()))?;
    let edition = Edition {
        span,
        number,
        at: publisher.at,
        by: publisher.by,
        summary,
        pdf,
        markdown,
        csv,
    };
    sql!(tx, report::insert_edition(workspace, &edition))?;
    let happening = Happening {
        workspace,
        at: publisher.at,
        actor: publisher.by,
        kind: "report-published",
        record: edition.record(),
        data: json!({
            "edition": number, "summary": edition.summary, "pdf": edition.pdf,
            "markdown": edition.markdown, "csv": edition.csv,
        }),
    };
    log(tx, happening).await?;
    // What the messages of an earlier edition ask for is asked no more.
    reword::beginning(tx, workspace, &format!("{} ", edition.record())).await?;
    tell(tx, publisher, &edition).await?;
    Ok(edition)
}

async fn tell(tx: &mut Tx, publisher: Publisher<'_>, edition: &Edition) -> Result<()> {
    let workspace = publisher.workspace.id;
    let Edition { span, number, .. } = *edition;
    let what = format!("The performance report {span}");
    if publisher.workspace.channel.is_some() {
        let subject = Subject::Report {
            span,
            edition: number,
            late: publisher.late,
        };
        let channel = || To::WorkspaceChannel;
        outbox::enqueue(tx, Job::new(workspace, subject, edition.key(), channel())).await?;
        for file in [&edition.pdf, &edition.csv, &edition.markdown] {
            let key = format!("{} file {}", edition.key(), file.fingerprint());
            let job = Job::new(workspace, file_subject(&what, file.clone()), key, channel());
            outbox::enqueue(tx, job.in_thread_of(edition.key())).await?;
        }
    }
    let people = People(sql!(tx, people::list_people(workspace))?);
    for person in reviewers(&people) {
        let subject = Subject::ReportToReview {
            span,
            edition: number,
            person: person.id,
        };
        let (key, to) = (edition.key_for(person.id), To::Person(person.id));
        outbox::enqueue(tx, Job::new(workspace, subject, key.clone(), to.clone())).await?;
        let subject = file_subject(&what, edition.pdf.clone());
        let job = Job::new(workspace, subject, format!("{key} file"), to);
        outbox::enqueue(tx, job.in_thread_of(key)).await?;
    }
    Ok(())
}

/// The edition that stands, or an error that says how to get there.
async fn load(conn: &mut Conn, ctx: &Ctx, span: Option<ReportSpan>) -> Result<Edition> {
    let workspace = ctx.workspace.id;
    let found = match span {
        Some(span) => sql!(conn, report::find_edition(workspace, span))?,
        None => sql!(conn, report::find_last(workspace))?,
    };
    if let Some(edition) = found {
        return Ok(edition);
    }
    let last = sql!(conn, report::find_last(workspace))?;
    Err(match (span, last) {
        (Some(span), Some(last)) => {
            let text = format!(
                "No report of {span} was published. The last one is of {}.",
                last.span
            );
            UserError::at("period", text)
                .button(
                    format!("Get {}", last.span),
                    format!("report get {}", last.span),
                )
                .button("Draw it for me", format!("report performance {span}"))
        }
        (span, _) => {
            let error = UserError::at("period", "No report has been published yet.");
            let draw = span.map_or_else(String::new, |span| format!(" {span}"));
            error.button("Draw one for me", format!("report performance{draw}"))
        }
    }
    .into())
}

async fn get(ctx: &Ctx, span: Option<ReportSpan>) -> Result<Reply> {
    let mut tx = ctx.write().await?;
    let edition = load(&mut tx, ctx, span).await?;
    let what = format!("The performance report {}", edition.span);
    for file in [&edition.pdf, &edition.markdown, &edition.csv] {
        outbox::enqueue(&mut tx, own_job(ctx, &what, file.clone())).await?;
    }
    let evaluations = sql!(tx, report::list_evaluations(ctx.workspace.id, &edition))?;
    let people = ctx.people(&mut tx).await?;
    tx.commit().await?;
    let told = Published {
        edition: &edition,
        evaluations: &evaluations,
        replaced: false,
        people: &people,
        zone: ctx.workspace.zone,
        late: None,
    };
    Ok(card::again(&told).into())
}

async fn reviewed(ctx: &Ctx, span: ReportSpan, conclusion: Option<Prose>) -> Result<Reply> {
    let workspace = ctx.workspace.id;
    let mut tx = ctx.write().await?;
    let edition = load(&mut tx, ctx, Some(span)).await?;
    let before = sql!(tx, report::list_evaluations(workspace, &edition))?;
    let conclusion = conclusion.map(|conclusion| conclusion.0);
    let own = before.iter().find(|e| e.person == ctx.person.id);
    if let (Some(own), None) = (own, &conclusion) {
        let text = format!(
            "You reviewed the report {span} on {}. You can add what you conclude.",
            crate::chat::day(today(own.at, ctx.zone()))
        );
        return Err(UserError::at("conclusion", text).into());
    }
    let evaluation = Evaluation {
        person: ctx.person.id,
        at: ctx.now,
        conclusion,
    };
    let number = i64::try_from(before.len()).unwrap_or(i64::MAX - 1) + 1;
    sql!(
        tx,
        report::insert_evaluation(workspace, &edition, (number, &evaluation))
    )?;
    let data = json!({
        "edition": edition.number, "pdf": edition.pdf, "conclusion": evaluation.conclusion,
    });
    ctx.log(&mut tx, "report-reviewed", record_of(span), data)
        .await?;
    reword::beginning(&mut tx, workspace, &format!("{} ", edition.record())).await?;
    tx.commit().await?;
    Ok(card::evaluated(&edition, &evaluation).into())
}

/// The message of an edition: in the channel, or to one who is to review it.
pub async fn word(
    conn: &mut Conn,
    workspace: &Workspace,
    (span, number): (ReportSpan, i64),
    (person, late): (Option<Uuid>, Option<NaiveDateTime>),
) -> Result<Option<Card>> {
    let Some(edition) = sql!(conn, report::find_nth(workspace.id, span, number))? else {
        return Ok(None);
    };
    let newest = sql!(conn, report::find_edition(workspace.id, span))?;
    let evaluations = sql!(conn, report::list_evaluations(workspace.id, &edition))?;
    let people = People(sql!(conn, people::list_people(workspace.id))?);
    let told = Published {
        edition: &edition,
        evaluations: &evaluations,
        replaced: newest.is_some_and(|newest| newest.number > number),
        people: &people,
        zone: workspace.zone,
        late,
    };
    let Some(person) = person else {
        return Ok(Some(card::posted(&told)));
    };
    let person = people.find(person);
    Ok(person.map(|person| card::to_review(&told, person)))
}
