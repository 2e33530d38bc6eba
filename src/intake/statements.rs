use chrono::{DateTime, Utc};
use sqlx::Row as _;
use sqlx::types::Json;
use uuid::Uuid;

use super::Db;
use crate::intake::{Answered, Before};

type Connection = <Db as sqlx::Database>::Connection;
type Row = <Db as sqlx::Database>::Row;

/// What a key was answered with.
pub async fn find_answer(
    db: &mut Connection,
    workspace: Uuid,
    token: Uuid,
    key: &str,
) -> sqlx::Result<Option<Before>> {
    sqlx::query("SELECT * FROM intake_answer WHERE workspace = $1 AND token = $2 AND key = $3")
        .bind(workspace.to_string())
        .bind(token.to_string())
        .bind(key)
        .try_map(|row: Row| {
            let Json(answer) = row.try_get("answer")?;
            let asked = row.try_get("asked")?;
            Ok(Before {
                answered: Answered { asked, answer },
                answered_at: row.try_get("answered_at")?,
            })
        })
        .fetch_optional(db)
        .await
}

/// Keeps an answer, instead of one that is too old to count.
pub async fn keep_answer(
    db: &mut Connection,
    workspace: Uuid,
    (token, key): (Uuid, &str),
    answered: &Answered,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO intake_answer (workspace, token, key, asked, answer, answered_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (workspace, token, key) DO UPDATE SET asked = excluded.asked,
           answer = excluded.answer, answered_at = excluded.answered_at",
    )
    .bind(workspace.to_string())
    .bind(token.to_string())
    .bind(key)
    .bind(&answered.asked)
    .bind(Json(&answered.answer))
    .bind(at)
    .execute(db)
    .await
    .map(drop)
}

/// Forgets what was answered before an instant.
pub async fn forget_answers(
    db: &mut Connection,
    workspace: Uuid,
    before: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM intake_answer WHERE workspace = $1 AND answered_at < $2")
        .bind(workspace.to_string())
        .bind(before)
        .execute(db)
        .await
        .map(drop)
}
