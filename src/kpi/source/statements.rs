use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::Row as _;
use sqlx::types::Json;
use uuid::Uuid;

use super::Db;
use crate::command::value::KpiKey;
use crate::kpi::rules::Source;
use crate::kpi::source::rules::Feed;
use crate::store::word;

type Connection = <Db as sqlx::Database>::Connection;
type Row = <Db as sqlx::Database>::Row;

/// Says where the values of a KPI come from, and what that is asked. How the one before went is
/// forgotten.
pub async fn set_source(
    db: &mut Connection,
    workspace: Uuid,
    key: &KpiKey,
    (source, setting): (Source, &Value),
) -> sqlx::Result<()> {
    sqlx::query("UPDATE kpi SET source = $3 WHERE workspace = $1 AND key = $2")
        .bind(workspace.to_string())
        .bind(key.as_str())
        .bind(source.to_string())
        .execute(&mut *db)
        .await?;
    sqlx::query(
        "INSERT INTO kpi_source (workspace, kpi, setting) VALUES ($1, $2, $3)
         ON CONFLICT (workspace, kpi) DO UPDATE SET setting = excluded.setting,
           tried_at = NULL, worked_at = NULL, fault = NULL, told_at = NULL,
           failing_since = NULL, attempts = 0",
    )
    .bind(workspace.to_string())
    .bind(key.as_str())
    .bind(Json(setting))
    .execute(db)
    .await
    .map(drop)
}

fn read_feed(row: &Row) -> sqlx::Result<Feed> {
    let Json(setting) = row.try_get("setting")?;
    Ok(Feed {
        kpi: word("kpi", row.try_get("kpi")?)?,
        setting,
        tried_at: row.try_get("tried_at")?,
        worked_at: row.try_get("worked_at")?,
        fault: row.try_get("fault")?,
        failing_since: row.try_get("failing_since")?,
        attempts: row.try_get("attempts")?,
        told_at: row.try_get("told_at")?,
    })
}

pub async fn find_feed(
    db: &mut Connection,
    workspace: Uuid,
    key: &KpiKey,
) -> sqlx::Result<Option<Feed>> {
    sqlx::query("SELECT * FROM kpi_source WHERE workspace = $1 AND kpi = $2")
        .bind(workspace.to_string())
        .bind(key.as_str())
        .try_map(|row: Row| read_feed(&row))
        .fetch_optional(db)
        .await
}

/// By key.
pub async fn list_feeds(db: &mut Connection, workspace: Uuid) -> sqlx::Result<Vec<Feed>> {
    sqlx::query("SELECT * FROM kpi_source WHERE workspace = $1 ORDER BY kpi")
        .bind(workspace.to_string())
        .try_map(|row: Row| read_feed(&row))
        .fetch_all(db)
        .await
}

/// A source gave values.
pub async fn source_worked(
    db: &mut Connection,
    workspace: Uuid,
    key: &KpiKey,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE kpi_source SET tried_at = $3, worked_at = $3, fault = NULL, told_at = NULL,
           failing_since = NULL, attempts = 0
         WHERE workspace = $1 AND kpi = $2",
    )
    .bind(workspace.to_string())
    .bind(key.as_str())
    .bind(at)
    .execute(db)
    .await
    .map(drop)
}

/// A source is about to be asked. False if another process has asked it since that try.
pub async fn claim_try(
    db: &mut Connection,
    workspace: Uuid,
    feed: &Feed,
    at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE kpi_source SET tried_at = $3
         WHERE workspace = $1 AND kpi = $2
           AND (tried_at = $4 OR tried_at IS NULL AND $5)",
    )
    .bind(workspace.to_string())
    .bind(feed.kpi.as_str())
    .bind(at)
    .bind(feed.tried_at)
    .bind(feed.tried_at.is_none())
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// How a source goes, after a try or when it rests.
pub async fn save_health(db: &mut Connection, workspace: Uuid, feed: &Feed) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE kpi_source SET tried_at = $3, worked_at = $4, fault = $5, failing_since = $6,
           attempts = $7, told_at = $8
         WHERE workspace = $1 AND kpi = $2",
    )
    .bind(workspace.to_string())
    .bind(feed.kpi.as_str())
    .bind(feed.tried_at)
    .bind(feed.worked_at)
    .bind(&feed.fault)
    .bind(feed.failing_since)
    .bind(feed.attempts)
    .bind(feed.told_at)
    .execute(db)
    .await
    .map(drop)
}
