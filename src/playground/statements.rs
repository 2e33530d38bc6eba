use chrono::{DateTime, Utc};
use sqlx::Row as _;
use sqlx::types::Json;
use uuid::Uuid;

use super::Db;
use crate::playground::{Body, Message, NewMessage};

type Connection = <Db as sqlx::Database>::Connection;
type Row = <Db as sqlx::Database>::Row;

fn read_message(row: &Row) -> sqlx::Result<Message> {
    let Json(body): Json<Body> = row.try_get("body")?;
    Ok(Message {
        number: row.try_get("number")?,
        conversation: row.try_get("conversation")?,
        thread: row.try_get("thread")?,
        author: row.try_get("author")?,
        posted: row.try_get("posted")?,
        edited: row.try_get("edited")?,
        body,
        pinned: row.try_get("pinned")?,
        replies: row.try_get("replies")?,
        last_reply: row.try_get("last_reply")?,
    })
}

pub async fn insert_message(
    db: &mut Connection,
    workspace: Uuid,
    number: i64,
    new: &NewMessage,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO playground_message
           (workspace, number, conversation, thread, author, posted, delivery, body)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(workspace.to_string())
    .bind(number)
    .bind(&new.conversation)
    .bind(new.thread)
    .bind(&new.author)
    .bind(new.posted)
    .bind(&new.delivery)
    .bind(Json(&new.body))
    .execute(&mut *db)
    .await?;
    if let Some(bytes) = &new.bytes {
        sqlx::query("INSERT INTO playground_file (workspace, number, bytes) VALUES ($1, $2, $3)")
            .bind(workspace.to_string())
            .bind(number)
            .bind(bytes)
            .execute(db)
            .await?;
    }
    Ok(())
}

/// False if there is no such message.
pub async fn edit_message(
    db: &mut Connection,
    workspace: Uuid,
    at: (&str, i64),
    to: (&Body, DateTime<Utc>),
) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE playground_message SET body = $4, edited = $5
         WHERE workspace = $1 AND conversation = $2 AND number = $3",
    )
    .bind(workspace.to_string())
    .bind(at.0)
    .bind(at.1)
    .bind(Json(to.0))
    .bind(to.1)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// False if there is no such message.
pub async fn set_pinned(
    db: &mut Connection,
    workspace: Uuid,
    at: (&str, i64),
    pinned: bool,
) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE playground_message SET pinned = $4
         WHERE workspace = $1 AND conversation = $2 AND number = $3",
    )
    .bind(workspace.to_string())
    .bind(at.0)
    .bind(at.1)
    .bind(pinned)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// What is pinned in a conversation, the latest first.
pub async fn list_pinned(
    db: &mut Connection,
    workspace: Uuid,
    conversation: &str,
) -> sqlx::Result<Vec<Message>> {
    sqlx::query(
        "SELECT *, CAST(0 AS BIGINT) AS replies, NULL AS last_reply FROM playground_message
         WHERE workspace = $1 AND conversation = $2 AND pinned ORDER BY number DESC",
    )
    .bind(workspace.to_string())
    .bind(conversation)
    .try_map(|row: Row| read_message(&row))
    .fetch_all(db)
    .await
}

/// Where the message of a delivery stands.
pub async fn find_delivery(
    db: &mut Connection,
    workspace: Uuid,
    delivery: &str,
) -> sqlx::Result<Option<(String, i64)>> {
    sqlx::query_as(
        "SELECT conversation, number FROM playground_message
         WHERE workspace = $1 AND delivery = $2",
    )
    .bind(workspace.to_string())
    .bind(delivery)
    .fetch_optional(db)
    .await
}

pub async fn find_message(
    db: &mut Connection,
    workspace: Uuid,
    number: i64,
) -> sqlx::Result<Option<Message>> {
    sqlx::query(
        "SELECT *,
           (SELECT count(*) FROM playground_message AS answer
            WHERE answer.workspace = $1 AND answer.thread = mine.number) AS replies,
           (SELECT max(posted) FROM playground_message AS answer
            WHERE answer.workspace = $1 AND answer.thread = mine.number) AS last_reply
         FROM playground_message AS mine WHERE workspace = $1 AND number = $2",
    )
    .bind(workspace.to_string())
    .bind(number)
    .try_map(|row: Row| read_message(&row))
    .fetch_optional(db)
    .await
}

/// Messages that stand in no thread, the latest first.
pub async fn list_latest(
    db: &mut Connection,
    workspace: Uuid,
    conversation: &str,
    (before, limit): (i64, i64),
) -> sqlx::Result<Vec<Message>> {
    sqlx::query(
        "SELECT *,
           (SELECT count(*) FROM playground_message AS answer
            WHERE answer.workspace = $1 AND answer.thread = mine.number) AS replies,
           (SELECT max(posted) FROM playground_message AS answer
            WHERE answer.workspace = $1 AND answer.thread = mine.number) AS last_reply
         FROM playground_message AS mine
         WHERE workspace = $1 AND conversation = $2 AND thread IS NULL AND number < $3
         ORDER BY number DESC LIMIT $4",
    )
    .bind(workspace.to_string())
    .bind(conversation)
    .bind(before)
    .bind(limit)
    .try_map(|row: Row| read_message(&row))
    .fetch_all(db)
    .await
}

/// The answers to a message, oldest first.
pub async fn list_thread(
    db: &mut Connection,
    workspace: Uuid,
    thread: i64,
) -> sqlx::Result<Vec<Message>> {
    sqlx::query(
        "SELECT *, CAST(0 AS BIGINT) AS replies, NULL AS last_reply FROM playground_message
         WHERE workspace = $1 AND thread = $2 ORDER BY number",
    )
    .bind(workspace.to_string())
    .bind(thread)
    .try_map(|row: Row| read_message(&row))
    .fetch_all(db)
    .await
}

pub async fn find_file(
    db: &mut Connection,
    workspace: Uuid,
    number: i64,
) -> sqlx::Result<Option<Vec<u8>>> {
    sqlx::query_scalar("SELECT bytes FROM playground_file WHERE workspace = $1 AND number = $2")
        .bind(workspace.to_string())
        .bind(number)
        .fetch_optional(db)
        .await
}

/// How many messages of others a person has not seen, per conversation.
pub async fn count_unseen(
    db: &mut Connection,
    workspace: Uuid,
    person: &str,
) -> sqlx::Result<Vec<(String, i64)>> {
    sqlx::query_as(
        "SELECT message.conversation, count(*) FROM playground_message AS message
         LEFT JOIN playground_seen AS seen
           ON seen.workspace = $1 AND seen.person = $2
          AND seen.conversation = message.conversation
         WHERE message.workspace = $1 AND message.number > coalesce(seen.number, 0)
           AND (message.author IS NULL OR message.author <> $2)
         GROUP BY message.conversation ORDER BY message.conversation",
    )
    .bind(workspace.to_string())
    .bind(person)
    .fetch_all(db)
    .await
}

/// Notes that a person has seen everything of a conversation.
pub async fn mark_seen(
    db: &mut Connection,
    workspace: Uuid,
    person: &str,
    conversation: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO playground_seen (workspace, person, conversation, number)
         VALUES ($1, $2, $3, (SELECT coalesce(max(number), 0) FROM playground_message
                              WHERE workspace = $1 AND conversation = $3))
         ON CONFLICT (workspace, person, conversation) DO UPDATE SET number = excluded.number",
    )
    .bind(workspace.to_string())
    .bind(person)
    .bind(conversation)
    .execute(db)
    .await
    .map(drop)
}
