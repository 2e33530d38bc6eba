use chrono::{DateTime, Utc};
use sqlx::Row as _;
use sqlx::types::Json;
use uuid::Uuid;

use super::Db;
use crate::people::setup::rules::Taken;
use crate::store::word;

type Connection = <Db as sqlx::Database>::Connection;
type Row = <Db as sqlx::Database>::Row;

/// Keeps that a step was taken; it gets the next number.
pub async fn insert_step(db: &mut Connection, workspace: Uuid, taken: &Taken) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO setup_step (workspace, number, step, state, put_back, taken_by, taken_at)
         VALUES ($1,
           (SELECT COALESCE(MAX(number), 0) + 1 FROM setup_step WHERE workspace = $1),
           $2, $3, $4, $5, $6)",
    )
    .bind(workspace.to_string())
    .bind(taken.step.to_string())
    .bind(taken.state.to_string())
    .bind(Json(&taken.put_back))
    .bind(taken.by.to_string())
    .bind(taken.at)
    .execute(db)
    .await
    .map(drop)
}

/// What was taken and not undone, oldest first.
pub async fn list_steps(db: &mut Connection, workspace: Uuid) -> sqlx::Result<Vec<Taken>> {
    sqlx::query(
        "SELECT * FROM setup_step WHERE workspace = $1 AND undone_at IS NULL ORDER BY number",
    )
    .bind(workspace.to_string())
    .try_map(|row: Row| {
        Ok(Taken {
            number: row.try_get("number")?,
            step: word("step", row.try_get("step")?)?,
            state: word("state", row.try_get("state")?)?,
            put_back: row.try_get::<Json<_>, _>("put_back")?.0,
            by: word("taken_by", row.try_get("taken_by")?)?,
            at: row.try_get("taken_at")?,
        })
    })
    .fetch_all(db)
    .await
}

pub async fn mark_undone(
    db: &mut Connection,
    workspace: Uuid,
    number: i64,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE setup_step SET undone_at = $3 WHERE workspace = $1 AND number = $2")
        .bind(workspace.to_string())
        .bind(number)
        .bind(at)
        .execute(db)
        .await
        .map(drop)
}
