use sqlx::Row as _;
use sqlx::types::Json;
use uuid::Uuid;

use super::Db;
use crate::command::value::KpiKey;
use crate::kpi::analysis::rules::Analysis;
use crate::store::word;

type Connection = <Db as sqlx::Database>::Connection;
type Row = <Db as sqlx::Database>::Row;

fn read_word<T: std::str::FromStr>(row: &Row, column: &'static str) -> sqlx::Result<Option<T>> {
    let text: Option<&str> = row.try_get(column)?;
    text.map(|text| word(column, text)).transpose()
}

fn read_analysis(row: &Row) -> sqlx::Result<Analysis> {
    let Json(crossing) = row.try_get("crossing")?;
    Ok(Analysis {
        number: row.try_get("number")?,
        kpi: word("kpi", row.try_get("kpi")?)?,
        period: row.try_get("period")?,
        latest: row.try_get("latest")?,
        value: row.try_get("value")?,
        crossing,
        opened_at: row.try_get("opened_at")?,
        due: row.try_get("due")?,
        found: read_word(row, "found")?,
        cause: row.try_get("cause")?,
        action: row.try_get("action")?,
        no_action: row.try_get("no_action")?,
        by: read_word(row, "found_by")?,
        closed_at: row.try_get("closed_at")?,
        dropped: row.try_get("dropped")?,
    })
}

/// Adds an analysis, or saves what became of it.
pub async fn save_analysis(
    db: &mut Connection,
    workspace: Uuid,
    analysis: &Analysis,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO analysis
           (workspace, number, kpi, period, latest, value, crossing, opened_at, due, found, cause,
            action, no_action, found_by, closed_at, dropped)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
         ON CONFLICT (workspace, number) DO UPDATE SET latest = excluded.latest,
           value = excluded.value, crossing = excluded.crossing, due = excluded.due,
           found = excluded.found, cause = excluded.cause, action = excluded.action,
           no_action = excluded.no_action, found_by = excluded.found_by,
           closed_at = excluded.closed_at, dropped = excluded.dropped",
    )
    .bind(workspace.to_string())
    .bind(analysis.number)
    .bind(analysis.kpi.as_str())
    .bind(analysis.period)
    .bind(analysis.latest)
    .bind(analysis.value)
    .bind(Json(analysis.crossing))
    .bind(analysis.opened_at)
    .bind(analysis.due)
    .bind(analysis.found.map(|found| found.to_string()))
    .bind(&analysis.cause)
    .bind(analysis.action)
    .bind(&analysis.no_action)
    .bind(analysis.by.map(|id| id.to_string()))
    .bind(analysis.closed_at)
    .bind(&analysis.dropped)
    .execute(db)
    .await
    .map(drop)
}

/// The analysis of a KPI that is open; there is at most one.
pub async fn find_open(
    db: &mut Connection,
    workspace: Uuid,
    key: &KpiKey,
) -> sqlx::Result<Option<Analysis>> {
    sqlx::query("SELECT * FROM analysis WHERE workspace = $1 AND kpi = $2 AND closed_at IS NULL")
        .bind(workspace.to_string())
        .bind(key.as_str())
        .try_map(|row: Row| read_analysis(&row))
        .fetch_optional(db)
        .await
}

/// All of a KPI, newest first.
pub async fn list_of_kpi(
    db: &mut Connection,
    workspace: Uuid,
    key: &KpiKey,
) -> sqlx::Result<Vec<Analysis>> {
    sqlx::query("SELECT * FROM analysis WHERE workspace = $1 AND kpi = $2 ORDER BY number DESC")
        .bind(workspace.to_string())
        .bind(key.as_str())
        .try_map(|row: Row| read_analysis(&row))
        .fetch_all(db)
        .await
}

/// Those that are open, the oldest first.
pub async fn list_open(db: &mut Connection, workspace: Uuid) -> sqlx::Result<Vec<Analysis>> {
    sqlx::query("SELECT * FROM analysis WHERE workspace = $1 AND closed_at IS NULL ORDER BY number")
        .bind(workspace.to_string())
        .try_map(|row: Row| read_analysis(&row))
        .fetch_all(db)
        .await
}

/// Every analysis of the workspace, the oldest first.
pub async fn list_analyses(db: &mut Connection, workspace: Uuid) -> sqlx::Result<Vec<Analysis>> {
    sqlx::query("SELECT * FROM analysis WHERE workspace = $1 ORDER BY number")
        .bind(workspace.to_string())
        .try_map(|row: Row| read_analysis(&row))
        .fetch_all(db)
        .await
}
