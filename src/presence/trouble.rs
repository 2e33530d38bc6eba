//! Troubles reach the managers once, until they are mended.

use uuid::Uuid;

use super::rules::{Kept, REMOVED, Trouble, in_charge};
use super::told;
use crate::app::{App, Ctx, Result};
use crate::chat::{Card, Platform};
use crate::outbox::{self, Job, Subject, To, reword};
use crate::people::{People, Workspace};
use crate::sql;
use crate::store::{Conn, Tx};

/// Keeps that a trouble happened, and tells those in charge if they have not heard of it.
pub async fn happened(app: &App, tx: &mut Tx, workspace: Uuid, what: Trouble) -> Result<()> {
    let before = sql!(tx, presence::find_trouble(workspace, &what.key()))?;
    match what {
        Trouble::Token => {
            tracing::error!(%workspace, "the platform refuses the bot's token");
            metrics::counter!("isms_token_refused_total").increment(1);
        }
        Trouble::Removed => {
            tracing::error!(%workspace, "the bot was removed from a workspace");
            metrics::counter!("isms_removed_total").increment(1);
        }
        _ => {}
    }
    let kept = Kept::after(before, what, app.clock.now());
    keep(app, tx, workspace, kept).await
}

/// A message went out to a place: the trouble that was there is over, and so is one with the token.
pub async fn mended(app: &App, tx: &mut Tx, workspace: Uuid, place: &str) -> Result<()> {
    let now = app.clock.now();
    for kept in sql!(tx, presence::clear_troubles(workspace, place, now))? {
        if kept.is_to_be_told() {
            keep(app, tx, workspace, kept).await?;
        } else {
            reword::beginning(tx, workspace, &prefix(&kept)).await?;
        }
    }
    Ok(())
}

/// One trouble is over: what was said of it says so.
pub async fn over(app: &App, tx: &mut Tx, workspace: Uuid, key: &str) -> Result<()> {
    let now = app.clock.now();
    if let Some(kept) = sql!(tx, presence::clear_trouble(workspace, key, now))? {
        reword::beginning(tx, workspace, &prefix(&kept)).await?;
    }
    Ok(())
}

/// The bot was removed from a workspace, by the platform's id of it. One in which nobody spoke is not
/// known, and misses nothing.
pub async fn removed(app: &App, platform: Platform, external: &str) -> Result<()> {
    let mut conn = app.store.read().await?;
    let found = sql!(conn, people::find_workspace(platform, external))?;
    drop(conn);
    let Some(workspace) = found else {
        return Ok(());
    };
    let mut tx = app.store.write(workspace.id).await?;
    happened(app, &mut tx, workspace.id, Trouble::Removed).await?;
    tx.commit().await
}

/// The bot is in a workspace: if it was removed before, managers hear of it now.
pub async fn is_there(app: &App, platform: Platform, external: &str) -> Result<()> {
    let mut conn = app.store.read().await?;
    let Some(workspace) = sql!(conn, people::find_workspace(platform, external))? else {
        return Ok(());
    };
    let kept = sql!(conn, presence::find_trouble(workspace.id, REMOVED))?;
    drop(conn);
    if kept.is_none_or(|kept| kept.cleared.is_some()) {
        return Ok(());
    }
    let mut tx = app.store.write(workspace.id).await?;
    mended(app, &mut tx, workspace.id, REMOVED).await?;
    tx.commit().await?;
    app.outbox_rung.notify_one();
    Ok(())
}

/// Tells what could not be told when it happened: nobody was in charge.
pub async fn tell_untold(app: &App, workspace: Uuid) -> Result<()> {
    let mut tx = app.store.write(workspace).await?;
    for kept in sql!(tx, presence::list_untold(workspace))? {
        if kept.is_to_be_told() {
            keep(app, &mut tx, workspace, kept).await?;
        }
    }
    tx.commit().await
}

/// Someone lacks the role for a command: an event, and managers hear of it.
pub async fn denied(ctx: &Ctx, command: &str) -> Result<()> {
    let mut tx = ctx.write().await?;
    let data = serde_json::json!({ "command": command, "role": ctx.person.role });
    ctx.log(&mut tx, "denied", ctx.person.id, data).await?;
    let what = Trouble::Denied {
        person: ctx.person.id,
        command: command.to_owned(),
    };
    happened(&ctx.app, &mut tx, ctx.workspace.id, what).await?;
    tx.commit().await
}

/// What a person was refused may be theirs now.
pub async fn role_changed(tx: &mut Tx, workspace: Uuid, person: Uuid) -> Result<()> {
    reword::beginning(tx, workspace, &format!("trouble denied {person} ")).await
}

/// Begins the keys of the messages that tell of a trouble.
fn prefix(kept: &Kept) -> String {
    format!("trouble {} since ", kept.what.key())
}

async fn keep(app: &App, tx: &mut Tx, workspace: Uuid, mut kept: Kept) -> Result<()> {
    if kept.is_to_be_told() {
        let people = People(sql!(tx, people::list_people(workspace))?);
        let told = in_charge(&people, kept.what.about());
        for manager in &told {
            let key = format!(
                "{}{} to {manager}",
                prefix(&kept),
                kept.first.timestamp_micros()
            );
            let subject = Subject::Trouble {
                key: kept.what.key(),
            };
            outbox::enqueue(tx, Job::new(workspace, subject, key, To::Person(*manager))).await?;
        }
        if !told.is_empty() {
            kept.told = Some(app.clock.now());
        }
    }
    sql!(tx, presence::save_trouble(workspace, &kept))?;
    Ok(())
}

/// To those in charge, as long as it lasts; a refusal until the role is there.
pub async fn word(conn: &mut Conn, workspace: &Workspace, key: &str) -> Result<Option<Card>> {
    let Some(kept) = sql!(conn, presence::find_trouble(workspace.id, key))? else {
        return Ok(None);
    };
    let people = People(sql!(conn, people::list_people(workspace.id))?);
    Ok(told::trouble(&kept, workspace, &people))
}
