use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use sqlx::Row as _;
use uuid::Uuid;

use super::Db;
use crate::command::value::RecordName;
use crate::schedule::escalation::{Kept, Key};
use crate::schedule::flow::{Outcome, Progress};
use crate::store::word;

type Connection = <Db as sqlx::Database>::Connection;
type Row = <Db as sqlx::Database>::Row;

/// How far each schedule of a workspace has come.
pub async fn list_progress(db: &mut Connection, workspace: Uuid) -> sqlx::Result<Vec<Progress>> {
    sqlx::query(
        "SELECT schedule, MAX(nominal) AS last,
                MAX(CASE outcome WHEN 'missed' THEN NULL ELSE nominal END) AS last_kept
         FROM occurrence WHERE workspace = $1 GROUP BY schedule ORDER BY schedule",
    )
    .bind(workspace.to_string())
    .try_map(|row: Row| {
        Ok(Progress {
            schedule: row.try_get("schedule")?,
            last: row.try_get("last")?,
            last_kept: row.try_get("last_kept")?,
        })
    })
    .fetch_all(db)
    .await
}

/// Keeps what became of an occurrence. False if that is already kept: it happens at most once.
pub async fn insert_occurrence(
    db: &mut Connection,
    workspace: Uuid,
    schedule: &str,
    nominal: NaiveDateTime,
    outcome: Outcome,
    at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "INSERT INTO occurrence (workspace, schedule, nominal, outcome, at)
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
    )
    .bind(workspace.to_string())
    .bind(schedule)
    .bind(nominal)
    .bind(outcome.to_string())
    .bind(at)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Puts off the reminders of one record for one person.
pub async fn save_snooze(
    db: &mut Connection,
    workspace: Uuid,
    person: Uuid,
    record: &RecordName,
    until: NaiveDate,
    reason: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO snooze (workspace, person, record, until_day, reason)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (workspace, person, record) DO UPDATE SET
            until_day = excluded.until_day, reason = excluded.reason",
    )
    .bind(workspace.to_string())
    .bind(person.to_string())
    .bind(record.to_string())
    .bind(until)
    .bind(reason)
    .execute(db)
    .await
    .map(drop)
}

/// What a person put off, and until when.
pub async fn list_snoozes(
    db: &mut Connection,
    workspace: Uuid,
    person: Uuid,
) -> sqlx::Result<Vec<(RecordName, NaiveDate)>> {
    sqlx::query(
        "SELECT record, until_day FROM snooze WHERE workspace = $1 AND person = $2 ORDER BY record",
    )
    .bind(workspace.to_string())
    .bind(person.to_string())
    .try_map(|row: Row| {
        Ok((
            word("record", row.try_get("record")?)?,
            row.try_get("until_day")?,
        ))
    })
    .fetch_all(db)
    .await
}

/// What is told further up in a workspace.
pub async fn list_escalations(db: &mut Connection, workspace: Uuid) -> sqlx::Result<Vec<Kept>> {
    sqlx::query("SELECT * FROM escalation WHERE workspace = $1 ORDER BY due, record, receiver")
        .bind(workspace.to_string())
        .try_map(|row: Row| {
            Ok(Kept {
                key: Key {
                    receiver: word("receiver", row.try_get("receiver")?)?,
                    record: row.try_get("record")?,
                    due: row.try_get("due")?,
                },
                owner: word("owner", row.try_get("owner")?)?,
                on: row.try_get("on_day")?,
            })
        })
        .fetch_all(db)
        .await
}

/// Keeps that someone is to be told. False if they were before: then only who owes it is new.
pub async fn save_escalation(
    db: &mut Connection,
    workspace: Uuid,
    kept: &Kept,
    at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let told: Option<DateTime<Utc>> = sqlx::query_scalar(
        "INSERT INTO escalation (workspace, receiver, record, due, owner, on_day, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (workspace, receiver, record, due) DO UPDATE SET owner = excluded.owner
         RETURNING at",
    )
    .bind(workspace.to_string())
    .bind(kept.key.receiver.to_string())
    .bind(&kept.key.record)
    .bind(kept.key.due)
    .bind(kept.owner.to_string())
    .bind(kept.on)
    .bind(at)
    .fetch_optional(db)
    .await?;
    Ok(told == Some(at))
}

pub async fn delete_escalation(
    db: &mut Connection,
    workspace: Uuid,
    key: &Key,
) -> sqlx::Result<()> {
    sqlx::query(
        "DELETE FROM escalation
         WHERE workspace = $1 AND receiver = $2 AND record = $3 AND due = $4",
    )
    .bind(workspace.to_string())
    .bind(key.receiver.to_string())
    .bind(&key.record)
    .bind(key.due)
    .execute(db)
    .await
    .map(drop)
}
