use chrono::{DateTime, Utc};
use sqlx::types::Json;
use uuid::Uuid;

use super::Db;

type Connection = <Db as sqlx::Database>::Connection;

/// The newest draft of a command that is not older than `since`, with the command of its form: of this one,
/// or of it about a version of a text.
pub async fn find_draft(
    db: &mut Connection,
    (workspace, person): (Uuid, Uuid),
    command: &str,
    since: DateTime<Utc>,
) -> sqlx::Result<Option<(String, Vec<(String, String)>)>> {
    let found: Option<(String, Json<_>)> = sqlx::query_as(
        "SELECT command, filled FROM draft
         WHERE workspace = $1 AND person = $2 AND at >= $4
           AND (command = $3 OR substr(command, 1, length($3) + 6) = $3 || ' seen:')
         ORDER BY at DESC LIMIT 1",
    )
    .bind(workspace.to_string())
    .bind(person.to_string())
    .bind(command)
    .bind(since)
    .fetch_optional(db)
    .await?;
    Ok(found.map(|(command, filled)| (command, filled.0)))
}

pub async fn save_draft(
    db: &mut Connection,
    (workspace, person): (Uuid, Uuid),
    command: &str,
    filled: &[(String, String)],
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO draft (workspace, person, command, filled, at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (workspace, person, command) DO UPDATE
         SET filled = excluded.filled, at = excluded.at",
    )
    .bind(workspace.to_string())
    .bind(person.to_string())
    .bind(command)
    .bind(Json(filled))
    .bind(at)
    .execute(db)
    .await
    .map(drop)
}

/// Forgets a person's draft of a command, and all of theirs that are older than `since`.
pub async fn forget_draft(
    db: &mut Connection,
    (workspace, person): (Uuid, Uuid),
    command: &str,
    since: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query(
        "DELETE FROM draft WHERE workspace = $1 AND person = $2
           AND (command = $3 OR at < $4
                OR substr(command, 1, length($3) + 6) = $3 || ' seen:')",
    )
    .bind(workspace.to_string())
    .bind(person.to_string())
    .bind(command)
    .bind(since)
    .execute(db)
    .await
    .map(drop)
}
