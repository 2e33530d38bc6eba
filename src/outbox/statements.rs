use chrono::{DateTime, Utc};
use sqlx::Row as _;
use sqlx::types::Json;
use uuid::Uuid;

use super::Db;
use crate::chat::{MessageRef, Platform};
use crate::outbox::{Job, State};
use crate::store::word;

type Connection = <Db as sqlx::Database>::Connection;
type Row = <Db as sqlx::Database>::Row;

/// Adds nothing if a job with the same key is waiting.
pub async fn insert_job(db: &mut Connection, job: &Job) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO outbox (workspace, job, subject, key, target, thread_of, due, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'queued')
         ON CONFLICT (workspace, key) WHERE state = 'queued' DO NOTHING",
    )
    .bind(job.workspace.to_string())
    .bind(job.id.to_string())
    .bind(Json(&job.subject))
    .bind(&job.key)
    .bind(Json(&job.to))
    .bind(&job.thread_of)
    .bind(job.due)
    .execute(db)
    .await
    .map(drop)
}

pub(super) fn read_job(row: &Row) -> sqlx::Result<Job> {
    Ok(Job {
        workspace: word("workspace", row.try_get("workspace")?)?,
        id: word("job", row.try_get("job")?)?,
        subject: row.try_get::<Json<_>, _>("subject")?.0,
        key: row.try_get("key")?,
        to: row.try_get::<Json<_>, _>("target")?.0,
        thread_of: row.try_get("thread_of")?,
        due: row.try_get("due")?,
        state: word("state", row.try_get("state")?)?,
        attempts: row.try_get("attempts")?,
    })
}

/// Platforms as the statements take them: `,playground,slack,`.
fn listed(platforms: &[Platform]) -> String {
    let words: Vec<_> = platforms.iter().map(ToString::to_string).collect();
    format!(",{},", words.join(","))
}

/// The jobs of all workspaces on these platforms that are due, oldest first: not those whose key is
/// being sent, nor those whose thread has not begun. A claim that ran out is due again.
pub async fn list_due(
    db: &mut Connection,
    platforms: &[Platform],
    now: DateTime<Utc>,
    limit: i64,
) -> sqlx::Result<Vec<Job>> {
    sqlx::query(super::DUE)
        .bind(now)
        .bind(limit)
        .bind(listed(platforms))
        .try_map(|row: Row| read_job(&row))
        .fetch_all(db)
        .await
}

/// Gives jobs that were listed in this transaction to this worker until `until`.
pub async fn claim(
    db: &mut Connection,
    workspace: Uuid,
    job: Uuid,
    until: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE outbox SET state = 'claimed', due = $3, attempts = attempts + 1
         WHERE workspace = $1 AND job = $2",
    )
    .bind(workspace.to_string())
    .bind(job.to_string())
    .bind(until)
    .execute(db)
    .await
    .map(drop)
}

/// Whether the claim under which the job was taken still holds; if so nobody else takes it until
/// the end of this transaction.
pub async fn hold(db: &mut Connection, job: &Job) -> sqlx::Result<bool> {
    sqlx::query(
        "UPDATE outbox SET attempts = attempts
         WHERE workspace = $1 AND job = $2 AND state = 'claimed' AND attempts = $3",
    )
    .bind(job.workspace.to_string())
    .bind(job.id.to_string())
    .bind(job.attempts + 1)
    .execute(db)
    .await
    .map(|done| done.rows_affected() == 1)
}

/// Ends a claim: sent, dropped or failed.
pub async fn mark_ended(
    db: &mut Connection,
    job: &Job,
    state: State,
    failure: Option<&str>,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE outbox SET state = $3, failure = $4, sent_at = $5
         WHERE workspace = $1 AND job = $2",
    )
    .bind(job.workspace.to_string())
    .bind(job.id.to_string())
    .bind(state.to_string())
    .bind(failure)
    .bind(at)
    .execute(db)
    .await
    .map(drop)
}

/// Ends a claim without an end: to be tried again, or looked for, at `due`.
pub async fn mark_later(
    db: &mut Connection,
    job: &Job,
    state: State,
    why: &str,
    due: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE outbox SET state = $3, failure = $4, due = $5
         WHERE workspace = $1 AND job = $2",
    )
    .bind(job.workspace.to_string())
    .bind(job.id.to_string())
    .bind(state.to_string())
    .bind(why)
    .bind(due)
    .execute(db)
    .await
    .map(drop)
}

/// Whether another job of this key waits: it will tell what this one would have told.
pub async fn is_superseded(db: &mut Connection, job: &Job) -> sqlx::Result<bool> {
    sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM outbox WHERE workspace = $1 AND key = $2
           AND state = 'queued' AND job <> $3)",
    )
    .bind(job.workspace.to_string())
    .bind(&job.key)
    .bind(job.id.to_string())
    .fetch_one(db)
    .await
}

/// When the next job of any workspace on these platforms is due.
pub async fn next_due(
    db: &mut Connection,
    platforms: &[Platform],
) -> sqlx::Result<Option<DateTime<Utc>>> {
    sqlx::query_scalar(
        "SELECT MIN(due) FROM outbox AS mine
         WHERE state IN ('queued', 'claimed', 'unknown')
           AND EXISTS (SELECT 1 FROM workspace AS home
             WHERE home.workspace = mine.workspace AND $1 LIKE '%,' || home.platform || ',%')",
    )
    .bind(listed(platforms))
    .fetch_one(db)
    .await
}

/// How many jobs of all workspaces wait, for the operator.
pub async fn depth(db: &mut Connection) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "SELECT COUNT(*) FROM outbox WHERE state IN ('queued', 'claimed', 'unknown')",
    )
    .fetch_one(db)
    .await
}

pub async fn save_post(
    db: &mut Connection,
    workspace: Uuid,
    key: &str,
    at: &MessageRef,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO post (workspace, key, channel, message, at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (workspace, key) DO UPDATE
         SET channel = excluded.channel, message = excluded.message, at = excluded.at",
    )
    .bind(workspace.to_string())
    .bind(key)
    .bind(&at.channel)
    .bind(&at.message)
    .bind(now)
    .execute(db)
    .await
    .map(drop)
}

/// Keeps a fingerprint of what a message says.
pub async fn save_shown(
    db: &mut Connection,
    workspace: Uuid,
    key: &str,
    shown: &str,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE post SET shown = $3 WHERE workspace = $1 AND key = $2")
        .bind(workspace.to_string())
        .bind(key)
        .bind(shown)
        .execute(db)
        .await
        .map(drop)
}

/// The fingerprint that was kept last.
pub async fn find_shown(
    db: &mut Connection,
    workspace: Uuid,
    key: &str,
) -> sqlx::Result<Option<String>> {
    let shown: Option<Option<String>> =
        sqlx::query_scalar("SELECT shown FROM post WHERE workspace = $1 AND key = $2")
            .bind(workspace.to_string())
            .bind(key)
            .fetch_optional(db)
            .await?;
    Ok(shown.flatten())
}

pub async fn find_post(
    db: &mut Connection,
    workspace: Uuid,
    key: &str,
) -> sqlx::Result<Option<MessageRef>> {
    sqlx::query("SELECT channel, message FROM post WHERE workspace = $1 AND key = $2")
        .bind(workspace.to_string())
        .bind(key)
        .try_map(|row: Row| {
            Ok(MessageRef {
                channel: row.try_get("channel")?,
                message: row.try_get("message")?,
            })
        })
        .fetch_optional(db)
        .await
}

/// The newest job of a key.
pub async fn find_last_job(
    db: &mut Connection,
    workspace: Uuid,
    key: &str,
) -> sqlx::Result<Option<Job>> {
    sqlx::query("SELECT * FROM outbox WHERE workspace = $1 AND key = $2 ORDER BY job DESC LIMIT 1")
        .bind(workspace.to_string())
        .bind(key)
        .try_map(|row: Row| read_job(&row))
        .fetch_optional(db)
        .await
}

/// The key of the message that stands at a place.
pub async fn find_key(
    db: &mut Connection,
    workspace: Uuid,
    at: &MessageRef,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar(
        "SELECT key FROM post WHERE workspace = $1 AND channel = $2 AND message = $3",
    )
    .bind(workspace.to_string())
    .bind(&at.channel)
    .bind(&at.message)
    .fetch_optional(db)
    .await
}

/// The keys that begin like this, of messages that stand or wait.
pub async fn list_standing(
    db: &mut Connection,
    workspace: Uuid,
    prefix: &str,
) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(
        "SELECT key FROM post WHERE workspace = $1 AND substr(key, 1, length($2)) = $2 ORDER BY key",
    )
    .bind(workspace.to_string())
    .bind(prefix)
    .fetch_all(db)
    .await
}

/// The keys of the messages that ask for something about a record.
pub async fn list_asking(
    db: &mut Connection,
    workspace: Uuid,
    record: &str,
) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar("SELECT key FROM asks WHERE workspace = $1 AND record = $2 ORDER BY key")
        .bind(workspace.to_string())
        .bind(record)
        .fetch_all(db)
        .await
}

/// Forgets what a message asked for.
pub async fn forget_asks(db: &mut Connection, workspace: Uuid, key: &str) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM asks WHERE workspace = $1 AND key = $2")
        .bind(workspace.to_string())
        .bind(key)
        .execute(db)
        .await
        .map(drop)
}

/// Keeps that a message asks for something about a record.
pub async fn insert_ask(
    db: &mut Connection,
    workspace: Uuid,
    key: &str,
    record: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO asks (workspace, key, record) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    )
    .bind(workspace.to_string())
    .bind(key)
    .bind(record)
    .execute(db)
    .await
    .map(drop)
}
