//! Load, decide, save and enqueue, in one transaction.

use serde_json::json;
use uuid::Uuid;

use super::command::{AuditQuestions, QuestionCommand};
use super::{card, rules};
use crate::app::{Ctx, Result, UserError};
use crate::audit::rules::STANDARD;
use crate::chat::Reply;
use crate::command::value::FileRef;
use crate::command::{self, Known};
use crate::outbox::{self, Job, Subject, To};
use crate::record::files::{self, Keeper};
use crate::sql;
use crate::store::Conn;

/// What the log calls them.
const RECORD: &str = "audit questions";

/// Carries out what was said about questions.
pub async fn run(ctx: &Ctx, command: QuestionCommand) -> Result<Reply> {
    let QuestionCommand::Questions(said) = command;
    match &said.file {
        Some(file) => replace(ctx, file, said.commit).await,
        None if said.csv => give(ctx).await,
        None => show(ctx, &said).await,
    }
}

/// What is asked for one requirement.
pub async fn of(conn: &mut Conn, workspace: Uuid, reference: &str) -> Result<Vec<String>> {
    let own = sql!(conn, question::list_questions(workspace))?;
    let asked = rules::of(&own, reference);
    Ok(asked.into_iter().map(str::to_owned).collect())
}

/// Whether words lead to the form of questions.
pub fn is_about(words: &str) -> bool {
    command::leads_to(words, &Known::default()).as_deref() == Some("audit questions")
}

async fn show(ctx: &Ctx, said: &AuditQuestions) -> Result<Reply> {
    let mut conn = ctx.read().await?;
    let own = sql!(conn, question::list_questions(ctx.workspace.id))?;
    let Some(requirement) = &said.requirement else {
        return Ok(card::overview(&own).into());
    };
    let reference = requirement.0.as_str();
    if STANDARD.title(reference).is_empty() {
        let text = format!("The standard has no {reference}.");
        return Err(UserError::at("requirement", text).into());
    }
    Ok(card::of_one(reference, &rules::of(&own, reference)).into())
}

/// As a file, to who asks for it.
async fn give(ctx: &Ctx) -> Result<Reply> {
    let workspace = ctx.workspace.id;
    let mut tx = ctx.write().await?;
    let own = sql!(tx, question::list_questions(workspace))?;
    let all = rules::all(&own);
    let bytes = rules::csv_of(&all).map_err(anyhow::Error::from)?;
    let keeper = Keeper {
        workspace,
        by: None,
        at: ctx.now,
    };
    let file = files::keep(&mut tx, keeper, "audit-questions.csv", bytes).await?;
    let subject = Subject::File {
        comment: card::comment(all.len()),
        file,
    };
    let key = format!("{RECORD} {}", Uuid::now_v7());
    let job = Job::new(workspace, subject, key, To::Asker(ctx.person.id));
    outbox::enqueue(&mut tx, job).await?;
    tx.commit().await?;
    Ok(card::on_its_way().into())
}

/// Says what a file would replace, and does it.
async fn replace(ctx: &Ctx, file: &FileRef, commit: bool) -> Result<Reply> {
    let workspace = ctx.workspace.id;
    let mut tx = ctx.write().await?;
    let kept = files::load(&mut tx, workspace, file).await?;
    let read = rules::read(&kept.bytes).map_err(|wrong| UserError::at("file", wrong))?;
    if !commit || !read.wrong.is_empty() {
        return Ok(card::proposed(&kept, &read).into());
    }
    sql!(tx, question::replace_questions(workspace, &read.questions))?;
    let data = json!({
        "file": file, "name": kept.name, "questions": read.questions.len(),
        "requirements": read.requirements(),
    });
    ctx.log(&mut tx, "audit-questions-replaced", RECORD, data)
        .await?;
    tx.commit().await?;
    Ok(card::replaced(&read).into())
}
