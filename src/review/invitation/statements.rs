use chrono::{DateTime, Utc};
use sqlx::Row as _;
use uuid::Uuid;

use super::Db;
use crate::store::word;

type Connection = <Db as sqlx::Database>::Connection;
type Row = <Db as sqlx::Database>::Row;

/// The one link of the workspace; another one is good no more.
pub async fn save_link(
    db: &mut Connection,
    workspace: Uuid,
    hash: &str,
    (by, at): (Uuid, DateTime<Utc>),
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO calendar_link (workspace, hash, made_by, made_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (workspace) DO UPDATE SET
            hash = excluded.hash, made_by = excluded.made_by, made_at = excluded.made_at",
    )
    .bind(workspace.to_string())
    .bind(hash)
    .bind(by.to_string())
    .bind(at)
    .execute(db)
    .await
    .map(drop)
}

/// The hash of the link, who made it and when.
pub async fn find_link(
    db: &mut Connection,
    workspace: Uuid,
) -> sqlx::Result<Option<(String, Uuid, DateTime<Utc>)>> {
    sqlx::query("SELECT * FROM calendar_link WHERE workspace = $1")
        .bind(workspace.to_string())
        .try_map(|row: Row| {
            Ok((
                row.try_get("hash")?,
                word("made_by", row.try_get("made_by")?)?,
                row.try_get("made_at")?,
            ))
        })
        .fetch_optional(db)
        .await
}
