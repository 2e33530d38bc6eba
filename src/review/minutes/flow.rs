//! Minutes are shown, edited and approved. A document is drawn before the transaction that keeps it.

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::card;
use super::command::{EditMinutes, MinutesCommand};
use super::document::{Stage, Told, document};
use super::rules::Approval;
use super::signed;
use crate::app::{Ctx, Result, UserError};
use crate::chat::{Card, Reply};
use crate::command::value::{FileRef, ReviewName};
use crate::outbox::{self, Job, Subject, To, reword};
use crate::people::roles::flow::able;
use crate::people::rules::today;
use crate::people::{People, Workspace};
use crate::record::files::{self, Keeper};
use crate::report::command::Format;
use crate::report::document::{Document, Imprint};
use crate::report::{markdown, pdf};
use crate::review::form;
use crate::review::meeting::flow::{again, make};
use crate::review::meeting::rules::{House, Session};
use crate::review::meeting::session::{Around, act_of, find_session, load_session, save};
use crate::review::rules::State;
use crate::sql;
use crate::store::{Conn, Tx};

/// Carries out what was said about minutes.
pub async fn run(ctx: &Ctx, command: MinutesCommand) -> Result<Reply> {
    match command {
        MinutesCommand::Minutes { review } => show(ctx, review).await,
        MinutesCommand::Edit(said) => edit(ctx, *said).await,
        MinutesCommand::Approve { review, copy } => {
            approve(ctx, review, copy.unwrap_or_default().0).await
        }
        MinutesCommand::Sign { review, version } => signed::sign(ctx, review, version).await,
    }
}

async fn show(ctx: &Ctx, name: ReviewName) -> Result<Reply> {
    let mut conn = ctx.read().await?;
    let session = load_session(&mut conn, ctx, name).await?;
    session.version()?;
    let around = Around::read(&mut conn, &ctx.workspace, ctx.today()).await?;
    Ok(card::shown(&session, around.house()).into())
}

async fn edit(ctx: &Ctx, said: EditMinutes) -> Result<Reply> {
    let (name, seen) = (said.review, said.seen);
    let edited = said.edited();
    let typed = form::values(&edited);
    let mut had = None;
    let made = make(ctx, name, |session, act, _| {
        had = session.minutes.approval.as_ref().map(|a| a.version);
        session.edit(act, (edited, seen))?;
        let version = session.version()?;
        let data = json!({ "version": version.number, "sections": version.sections });
        Ok(("review-minutes-edited", data))
    });
    match made.await {
        Ok((session, around)) => Ok(card::edited(&session, around.house(), had).into()),
        Err(crate::app::Error::User(error)) if seen.is_some() && error.field == Some("opening") => {
            let mut conn = ctx.read().await?;
            let session = load_session(&mut conn, ctx, name).await?;
            drop(conn);
            let words = format!("review edit {name} seen:{}", session.version()?.number);
            again(ctx, (&words, &typed), *error).await
        }
        Err(error) => Err(error),
    }
}

/// A moment for a document, and where the log stands.
pub async fn imprint(
    conn: &mut Conn,
    workspace: &Workspace,
    (name, at): (ReviewName, DateTime<Utc>),
) -> Result<Imprint> {
    Ok(Imprint {
        workspace: workspace.name.clone(),
        about: name.to_string(),
        made: at.with_timezone(&workspace.zone),
        head: sql!(conn, record::log_head(workspace.id))?,
    })
}

/// The minutes as a document, as they stand in this session.
pub async fn told(
    conn: &mut Conn,
    ctx: &Ctx,
    (session, people): (&Session, &People),
    stage: Stage<'_>,
) -> Result<Document> {
    let name = session.review.name;
    let inputs = sql!(conn, review::list_inputs(ctx.workspace.id, name))?;
    Ok(document(&Told {
        session,
        inputs: &inputs,
        people,
        imprint: imprint(conn, &ctx.workspace, (name, ctx.now)).await?,
        stage,
    }))
}

/// Somebody changed the review while its document was drawn.
pub fn moved_on(name: ReviewName) -> UserError {
    let text = format!("{name} was changed at this moment. Look at it again before you go on.");
    UserError::at("review", text).button("Show the minutes", format!("review minutes {name}"))
}

async fn approve(ctx: &Ctx, name: ReviewName, copies: Vec<Uuid>) -> Result<Reply> {
    let workspace = ctx.workspace.id;
    let mut conn = ctx.read().await?;
    let before = load_session(&mut conn, ctx, name).await?;
    let around = Around::read(&mut conn, &ctx.workspace, ctx.today()).await?;
    for copy in &copies {
        able_to_read(&around.people, *copy)?;
    }
    // Whether they may be approved is known before they are drawn; what is approved is known after.
    let mut session = before.clone();
    let approval = session
        .approve(act_of(ctx), FileRef::of(b""), around.house())?
        .clone();
    let drawn = told(
        &mut conn,
        ctx,
        (&session, &around.people),
        Stage::Approved(&approval),
    )
    .await?;
    drop(conn);
    let bytes = pdf::draw(drawn).await?;

    let mut tx = ctx.write().await?;
    if load_session(&mut tx, ctx, name).await? != before {
        return Err(moved_on(name).into());
    }
    let file_name = format!("{name}-minutes-v{}.pdf", approval.version);
    let file = files::keep(&mut tx, keeper(ctx), &file_name, bytes).await?;
    let mut session = before.clone();
    session.approve(act_of(ctx), file.clone(), around.house())?;
    save(&mut tx, workspace, (Some(&before), &session)).await?;
    for copy in &copies {
        sql!(tx, minutes::insert_copy(workspace, name, *copy))?;
    }
    let data = json!({
        "version": approval.version, "file": file, "in_place_of": approval.in_place_of,
        "copies": copies,
    });
    ctx.log(&mut tx, "review-minutes-approved", name, data)
        .await?;
    tell(ctx, &mut tx, (&before, &session), around.house()).await?;
    tx.commit().await?;
    Ok(card::approved(&session, around.house()).into())
}

/// A reader may read them too.
fn able_to_read(people: &People, person: Uuid) -> Result<(), UserError> {
    let reader = people.find(person).filter(|person| person.present);
    match reader {
        Some(_) => Ok(()),
        None => able(people, person)
            .map(drop)
            .map_err(|error| error.beside(Some("copy"))),
    }
}

pub fn keeper(ctx: &Ctx) -> Keeper {
    Keeper {
        workspace: ctx.workspace.id,
        by: Some(ctx.person.id),
        at: ctx.now,
    }
}

/// Those the minutes wait for hear of it: who is to approve a version, who is to sign one. What asked for
/// another version asks for nothing any more.
pub async fn tell(
    ctx: &Ctx,
    tx: &mut Tx,
    (before, after): (&Session, &Session),
    house: House<'_>,
) -> Result<()> {
    let (workspace, name) = (ctx.workspace.id, after.review.name);
    if before.minutes == after.minutes && before.review.state == after.review.state {
        return Ok(());
    }
    for about in ["approve", "sign"] {
        reword::beginning(tx, workspace, &format!("{name} {about} ")).await?;
    }
    let Some(newest) = &after.minutes.newest else {
        return Ok(());
    };
    let version = newest.number;
    if after.review.state != State::Held {
        return Ok(());
    }
    let lost = before.minutes.approval.is_some() && after.minutes.approval.is_none();
    match &after.minutes.approval {
        None if before.review.state != State::Held || lost => {
            for person in after.approvers(house) {
                if person == ctx.person.id {
                    continue;
                }
                let subject = Subject::MinutesToApprove {
                    review: name,
                    version,
                    person,
                };
                let key = format!("{name} approve {version} {person}");
                let job = Job::new(workspace, subject, key, To::Person(person));
                outbox::enqueue(tx, job).await?;
            }
        }
        Some(approval) if before.minutes.approval.is_none() => {
            ask_to_sign(ctx, tx, (name, approval), after.signers(house).people()).await?;
        }
        _ => {}
    }
    Ok(())
}

/// The question, and the file in its thread.
async fn ask_to_sign(
    ctx: &Ctx,
    tx: &mut Tx,
    (name, approval): (ReviewName, &Approval),
    signers: &[Uuid],
) -> Result<()> {
    let workspace = ctx.workspace.id;
    for person in signers.iter().copied().filter(|id| *id != ctx.person.id) {
        let subject = Subject::MinutesToSign {
            review: name,
            version: approval.version,
            person,
        };
        let key = format!("{name} sign {} {person}", approval.version);
        let to = || To::Person(person);
        outbox::enqueue(tx, Job::new(workspace, subject, key.clone(), to())).await?;
        let file = Subject::File {
            file: approval.file.clone(),
            comment: format!(
                "The minutes of {name}, version {}, fingerprint {}",
                approval.version,
                approval.file.fingerprint()
            ),
        };
        let job = Job::new(workspace, file, format!("{key} file"), to());
        outbox::enqueue(tx, job.in_thread_of(key)).await?;
    }
    Ok(())
}

/// To who is to approve a version, while they are.
pub async fn to_approve(
    conn: &mut Conn,
    workspace: &Workspace,
    (name, version): (ReviewName, i64),
    (person, now): (Uuid, DateTime<Utc>),
) -> Result<Option<Card>> {
    let Some(session) = find_session(conn, workspace.id, name).await? else {
        return Ok(None);
    };
    let around = Around::read(conn, workspace, today(now, workspace.zone)).await?;
    let house = around.house();
    let waits = session.review.state == State::Held
        && session.minutes.approval.is_none()
        // A new word in it does not ask again.
        && session.minutes.newest.as_ref().is_some_and(|newest| newest.number >= version)
        && session.approvers(house).contains(&person);
    Ok(waits.then(|| card::to_approve(&session, house)))
}

/// To who is to sign a version, while it stands and they have not.
pub async fn to_sign(
    conn: &mut Conn,
    workspace: &Workspace,
    (name, version): (ReviewName, i64),
    (person, now): (Uuid, DateTime<Utc>),
) -> Result<Option<Card>> {
    let Some(session) = find_session(conn, workspace.id, name).await? else {
        return Ok(None);
    };
    let around = Around::read(conn, workspace, today(now, workspace.zone)).await?;
    let house = around.house();
    let approval = session.minutes.approval.as_ref();
    let waits = session.review.state == State::Held
        && approval.is_some_and(|approval| approval.version == version)
        && session.signers(house).people().contains(&person);
    Ok(waits.then(|| card::to_sign(&session, house)).flatten())
}

/// The minutes as a file, to who asks for them: the signed or the approved one as it is kept, a draft as it
/// stands.
pub async fn report(ctx: &Ctx, name: ReviewName, format: Format) -> Result<Reply> {
    if format == Format::Csv {
        let text = "Minutes are words: as PDF or Markdown.";
        return Err(UserError::at("format", text).into());
    }
    let mut conn = ctx.read().await?;
    let session = load_session(&mut conn, ctx, name).await?;
    session.version()?;
    let around = Around::read(&mut conn, &ctx.workspace, ctx.today()).await?;
    let minutes = &session.minutes;
    let (stage, kept) = match (&minutes.approval, &session.meeting.archived) {
        (Some(approval), Some(file)) => {
            let signed = Stage::Signed(approval, &minutes.signatures);
            (signed, Some(file))
        }
        (Some(approval), None) => (Stage::Approved(approval), Some(&approval.file)),
        (None, _) => (Stage::Draft, None),
    };
    let drawn = told(&mut conn, ctx, (&session, &around.people), stage).await?;
    drop(conn);
    let version = minutes.newest.as_ref().map_or(0, |newest| newest.number);
    let base = match stage {
        Stage::Draft => format!("{name}-minutes-draft-{version}"),
        Stage::Approved(_) => format!("{name}-minutes-v{version}"),
        Stage::Signed(..) => format!("{name}-minutes-v{version}-signed"),
    };
    let mut made = Vec::new();
    if format.is_markdown() {
        made.push((format!("{base}.md"), markdown::render(&drawn).into_bytes()));
    }
    if format.is_pdf() && kept.is_none() {
        made.push((format!("{base}.pdf"), pdf::draw(drawn).await?));
    }
    let mut tx = ctx.write().await?;
    let mut files: Vec<FileRef> = kept
        .filter(|_| format.is_pdf())
        .cloned()
        .into_iter()
        .collect();
    for (name, bytes) in made {
        files.push(files::keep(&mut tx, keeper(ctx), &name, bytes).await?);
    }
    let what = format!("The minutes of {name}");
    let count = files.len();
    for file in files {
        let key = format!("file {} {}", file.fingerprint(), Uuid::now_v7());
        let subject = Subject::File {
            comment: format!("{what}, fingerprint {}", file.fingerprint()),
            file,
        };
        let job = Job::new(ctx.workspace.id, subject, key, To::Asker(ctx.person.id));
        outbox::enqueue(&mut tx, job).await?;
    }
    tx.commit().await?;
    Ok(crate::report::card::on_its_way(&what, count).into())
}
