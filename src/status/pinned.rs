//! The overview that a channel has pinned: one message, posted once and kept up to date.
//!
//! It is worded anew each morning, and a while after something changed, together with what else changed
//! in that while. Where that makes no difference to what it says, nothing is sent.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::card;
use super::flow::gather;
use crate::app::{App, Result};
use crate::chat::Card;
use crate::outbox::{self, Job, Subject, To};
use crate::people::Workspace;
use crate::sql;
use crate::store::{Conn, Tx};

/// So long changes are gathered.
const WHILE: TimeDelta = TimeDelta::seconds(60);

/// Where a workspace has its overview, if it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a>(pub Option<&'a str>);

impl<'a> Place<'a> {
    pub fn of(workspace: &'a Workspace) -> Place<'a> {
        let channel = workspace.channel.as_deref();
        Place(channel.filter(|_| workspace.pinned))
    }
}

/// Names the message of a channel.
pub fn key(channel: &str) -> String {
    format!("overview {channel}")
}

fn overview(workspace: Uuid, channel: &str) -> Job {
    let channel = channel.to_owned();
    let subject = Subject::Overview {
        channel: channel.clone(),
    };
    Job::new(workspace, subject, key(&channel), To::Channel(channel))
}

fn pin(workspace: Uuid, channel: &str) -> Job {
    let channel = channel.to_owned();
    let subject = Subject::Pin {
        channel: channel.clone(),
    };
    let key = format!("pin {}", key(&channel));
    Job::new(workspace, subject, key, To::Channel(channel))
}

/// Something changed that it may tell.
pub async fn changed(tx: &mut Tx, workspace: Uuid, at: DateTime<Utc>) -> Result<()> {
    let Some(channel) = sql!(tx, status::find_pinned_channel(workspace))? else {
        return Ok(());
    };
    let job = Job {
        due: at + WHILE,
        ..overview(workspace, &channel)
    };
    outbox::enqueue(tx, job).await
}

/// A day begins: what is late and what comes next may be something else.
pub async fn begin_day(app: &App, workspace: &Workspace) -> Result<()> {
    let Place(Some(channel)) = Place::of(workspace) else {
        return Ok(());
    };
    let mut tx = app.store.write(workspace.id).await?;
    outbox::enqueue(&mut tx, overview(workspace.id, channel)).await?;
    tx.commit().await?;
    app.outbox_rung.notify_one();
    Ok(())
}

/// It was switched on or off, or is to stand in another channel. Said again, it is pinned again.
pub async fn follow(
    tx: &mut Tx,
    workspace: Uuid,
    (Place(before), Place(after)): (Place<'_>, Place<'_>),
) -> Result<()> {
    let left = before.filter(|channel| Some(*channel) != after);
    for channel in left.into_iter().chain(after) {
        outbox::enqueue(tx, overview(workspace, channel)).await?;
        if sql!(tx, outbox::find_post(workspace, &key(channel)))?.is_some() {
            outbox::enqueue(tx, pin(workspace, channel)).await?;
        }
    }
    Ok(())
}

/// It was posted: now it is to be pinned.
pub async fn posted(tx: &mut Tx, workspace: Uuid, subject: &Subject) -> Result<()> {
    match subject {
        Subject::Overview { channel } => outbox::enqueue(tx, pin(workspace, channel)).await,
        _ => Ok(()),
    }
}

/// Its words now: how the cycle stands, or where it went.
pub async fn word(
    conn: &mut Conn,
    workspace: &Workspace,
    channel: &str,
    now: DateTime<Utc>,
) -> Result<Option<Card>> {
    let Place(place) = Place::of(workspace);
    if place == Some(channel) {
        let (_, cycle) = gather(conn, workspace, now).await?;
        return Ok(Some(card::overview(&cycle)));
    }
    let standing = sql!(conn, outbox::find_post(workspace.id, &key(channel)))?;
    Ok(standing.map(|_| card::overview_ended(place)))
}
