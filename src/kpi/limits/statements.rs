use chrono::NaiveDate;
use sqlx::Row as _;
use sqlx::types::Json;
use uuid::Uuid;

use super::Db;
use crate::command::value::KpiKey;
use crate::kpi::limits::rules::Frozen;
use crate::kpi::process::Limits;
use crate::store::word;

type Connection = <Db as sqlx::Database>::Connection;
type Row = <Db as sqlx::Database>::Row;

fn read_limits(row: &Row) -> sqlx::Result<(KpiKey, Frozen)> {
    let Json(made_of): Json<Vec<(NaiveDate, f64)>> = row.try_get("made_of")?;
    let by: Option<&str> = row.try_get("set_by")?;
    let frozen = Frozen {
        number: row.try_get("number")?,
        since: row.try_get("since")?,
        limits: Limits {
            mean: row.try_get("mean")?,
            upper: row.try_get("upper")?,
            lower: row.try_get("lower")?,
        },
        made_of,
        reason: row.try_get("reason")?,
        by: by.map(|by| word("set_by", by)).transpose()?,
        at: row.try_get("set_at")?,
    };
    Ok((word("kpi", row.try_get("kpi")?)?, frozen))
}

/// False if there are limits of this number already.
pub async fn insert_limits(
    db: &mut Connection,
    workspace: Uuid,
    key: &KpiKey,
    frozen: &Frozen,
) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "INSERT INTO kpi_limits
           (workspace, kpi, number, since, mean, upper, lower, made_of, reason, set_by, set_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT DO NOTHING",
    )
    .bind(workspace.to_string())
    .bind(key.as_str())
    .bind(frozen.number)
    .bind(frozen.since)
    .bind(frozen.limits.mean)
    .bind(frozen.limits.upper)
    .bind(frozen.limits.lower)
    .bind(Json(&frozen.made_of))
    .bind(&frozen.reason)
    .bind(frozen.by.map(|id| id.to_string()))
    .bind(frozen.at)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// All limits that a KPI had, oldest first.
pub async fn list_limits(
    db: &mut Connection,
    workspace: Uuid,
    key: &KpiKey,
) -> sqlx::Result<Vec<Frozen>> {
    sqlx::query("SELECT * FROM kpi_limits WHERE workspace = $1 AND kpi = $2 ORDER BY number")
        .bind(workspace.to_string())
        .bind(key.as_str())
        .try_map(|row: Row| Ok(read_limits(&row)?.1))
        .fetch_all(db)
        .await
}

/// Those of every KPI of the workspace.
pub async fn list_all_limits(
    db: &mut Connection,
    workspace: Uuid,
) -> sqlx::Result<Vec<(KpiKey, Frozen)>> {
    sqlx::query("SELECT * FROM kpi_limits WHERE workspace = $1 ORDER BY kpi, number")
        .bind(workspace.to_string())
        .try_map(|row: Row| read_limits(&row))
        .fetch_all(db)
        .await
}
