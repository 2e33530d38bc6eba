use chrono::{DateTime, NaiveDate, Utc};
use sqlx::Row as _;
use uuid::Uuid;

use super::Db;
use crate::command::value::KpiKey;
use crate::kpi::alerts::rules::Alert;
use crate::store::word;

type Connection = <Db as sqlx::Database>::Connection;
type Row = <Db as sqlx::Database>::Row;

/// False if it is counted already.
pub async fn insert_alert(
    db: &mut Connection,
    workspace: Uuid,
    key: &KpiKey,
    (alert, period): (&Alert, NaiveDate),
    at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "INSERT INTO alert (workspace, kpi, alert, period, name, started_at, heard_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
    )
    .bind(workspace.to_string())
    .bind(key.as_str())
    .bind(&alert.id)
    .bind(period)
    .bind(&alert.name)
    .bind(alert.started)
    .bind(at)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// How many alerts of a period are counted.
pub async fn count_alerts(
    db: &mut Connection,
    workspace: Uuid,
    key: &KpiKey,
    period: NaiveDate,
) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "SELECT COUNT(*) FROM alert WHERE workspace = $1 AND kpi = $2 AND period = $3",
    )
    .bind(workspace.to_string())
    .bind(key.as_str())
    .bind(period)
    .fetch_one(db)
    .await
}

/// The sender was heard in a period.
pub async fn mark_heard(
    db: &mut Connection,
    workspace: Uuid,
    key: &KpiKey,
    period: NaiveDate,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO alert_heard (workspace, kpi, period) VALUES ($1, $2, $3)
         ON CONFLICT DO NOTHING",
    )
    .bind(workspace.to_string())
    .bind(key.as_str())
    .bind(period)
    .execute(db)
    .await
    .map(drop)
}

/// The periods in which the sender was heard and that have no value, of KPIs that count alerts.
pub async fn list_unsettled(
    db: &mut Connection,
    workspace: Uuid,
) -> sqlx::Result<Vec<(KpiKey, NaiveDate)>> {
    sqlx::query(
        "SELECT heard.kpi, heard.period FROM alert_heard AS heard
         JOIN kpi ON kpi.workspace = heard.workspace AND kpi.key = heard.kpi
         WHERE heard.workspace = $1 AND kpi.source = 'webhook'
           AND NOT EXISTS (SELECT 1 FROM measurement
             WHERE measurement.workspace = heard.workspace AND measurement.kpi = heard.kpi
               AND measurement.period = heard.period)
         ORDER BY heard.kpi, heard.period",
    )
    .bind(workspace.to_string())
    .try_map(|row: Row| Ok((word("kpi", row.try_get("kpi")?)?, row.try_get("period")?)))
    .fetch_all(db)
    .await
}
