//! Delivery: nothing is posted except from here, save the direct reply to a person's own act.
//!
//! A flow puts a [`Job`] into the outbox in the transaction of the change it tells of. Then:
//!
//! - *claim*: a worker takes jobs that are due, each for a while ([`LEASE`]). Several processes may
//!   work on one PostgreSQL; a job is claimed by one.
//! - *send*: the subject is worded as things stand, and posted; a living message that stands already
//!   is edited instead ([`reword`]).
//! - *mark*: sent, dropped, failed (with the platform's reason), queued again after a backoff, or
//!   unknown. A job whose outcome is unknown, or whose worker died between claim and mark, is looked
//!   for on the platform before it is sent again.
//!
//! Jobs with the same key are one message: while one waits, another adds nothing; while one is being
//! sent, the next waits.

mod addressee;
pub mod reword;
pub mod subject;
pub mod worker;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use subject::Subject;

use crate::app::Result;
use crate::sql;
use crate::store::Tx;

/// How long a claimed job belongs to its worker.
pub const LEASE: TimeDelta = TimeDelta::seconds(90);

/// Where a message goes, in our own ids; looked up when it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum To {
    /// The channel the workspace chose for the ISMS.
    WorkspaceChannel,
    /// The one for audits, or that one.
    AuditChannel,
    /// The one for alerts and troubles, or that one.
    AlertChannel,
    /// A channel, by the platform's id of it.
    Channel(String),
    /// Who stands in gets it while they are away.
    Person(Uuid),
    /// Who asked for it, wherever they are, and nobody else.
    Asker(Uuid),
}

/// One message to send.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    pub workspace: Uuid,
    pub id: Uuid,
    pub subject: Subject,
    /// Names the message: a second job with the same key is the same message.
    pub key: String,
    pub to: To,
    /// The key of the message whose thread it goes into.
    pub thread_of: Option<String>,
    pub due: DateTime<Utc>,
    pub state: State,
    pub attempts: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display, strum::EnumString)]
#[strum(serialize_all = "kebab-case")]
pub enum State {
    Queued,
    Claimed,
    /// It may have gone out.
    Unknown,
    Sent,
    /// There was nothing left to say.
    Dropped,
    Failed,
}

impl Job {
    pub fn new(workspace: Uuid, subject: Subject, key: impl Into<String>, to: To) -> Job {
        Job {
            workspace,
            id: Uuid::now_v7(),
            subject,
            key: key.into(),
            to,
            thread_of: None,
            due: DateTime::UNIX_EPOCH,
            state: State::Queued,
            attempts: 0,
        }
    }

    /// Into the thread of the message with this key, after that one is sent.
    pub fn in_thread_of(mut self, key: impl Into<String>) -> Job {
        self.thread_of = Some(key.into());
        self
    }
}

/// Puts a message into the outbox, in the transaction of what it tells of.
pub async fn enqueue(tx: &mut Tx, job: Job) -> Result<()> {
    sql!(tx, outbox::insert_job(&job))?;
    Ok(())
}
