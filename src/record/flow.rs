//! Keeping files that people give, and giving them back.

use serde_json::json;
use uuid::Uuid;

use super::command::FileCommand;
use super::{card, files};
use crate::app::{Ctx, Result};
use crate::chat::Reply;
use crate::command::value::{FileRef, Fingerprint};
use crate::outbox::{self, Job, Subject, To};
use crate::sql;

pub async fn run(ctx: &Ctx, command: FileCommand) -> Result<Reply> {
    match command {
        FileCommand::Keep { shows, file } => keep(ctx, &file, &shows).await,
        FileCommand::Get { fingerprint } => get(ctx, &fingerprint).await,
    }
}

/// It was taken in before the command was read; the log says what it shows.
async fn keep(ctx: &Ctx, file: &FileRef, shows: &str) -> Result<Reply> {
    let mut tx = ctx.write().await?;
    let about = files::about(&mut tx, ctx.workspace.id, file).await?;
    let data = json!({ "sha256": file, "shows": shows });
    let record = format!("file {}", file.fingerprint());
    ctx.log(&mut tx, "file-described", record, data).await?;
    tx.commit().await?;
    Ok(card::kept(&about, shows).into())
}

/// To the person alone, for a file may be meant for few.
async fn get(ctx: &Ctx, fingerprint: &Fingerprint) -> Result<Reply> {
    let mut tx = ctx.write().await?;
    let about = files::find(&mut tx, ctx.workspace.id, fingerprint).await?;
    let by = match about.by {
        Some(by) => sql!(tx, people::find_person(ctx.workspace.id, by))?,
        None => None,
    };
    let subject = Subject::File {
        comment: card::handed_out(&about, &ctx.workspace, by.as_ref()),
        file: about.file.clone(),
    };
    // Asked for again it is sent again.
    let key = format!("file {} {}", about.file.fingerprint(), Uuid::now_v7());
    let job = Job::new(ctx.workspace.id, subject, key, To::Asker(ctx.person.id));
    outbox::enqueue(&mut tx, job).await?;
    tx.commit().await?;
    Ok(card::on_its_way(&about).into())
}
