use chrono::NaiveDate;
use sqlx::Row as _;
use sqlx::types::Json;
use uuid::Uuid;

use super::Db;
use crate::command::value::KpiKey;
use crate::kpi::inspection::rules::{Check, Inspection};
use crate::store::word;

type Connection = <Db as sqlx::Database>::Connection;
type Row = <Db as sqlx::Database>::Row;

fn read_inspection(row: &Row) -> sqlx::Result<Inspection> {
    let by: Option<&str> = row.try_get("ended_by")?;
    let ended = match (by, row.try_get("ended_on")?) {
        (Some(by), Some(on)) => Some((word("ended_by", by)?, on)),
        _ => None,
    };
    Ok(Inspection {
        period: row.try_get("period")?,
        checklist: row.try_get::<Json<_>, _>("checklist")?.0,
        begun_by: word("begun_by", row.try_get("begun_by")?)?,
        begun: row.try_get("begun_on")?,
        ended,
    })
}

fn read_check(row: &Row) -> sqlx::Result<Check> {
    let file: Option<&str> = row.try_get("file")?;
    let line: i64 = row.try_get("line")?;
    Ok(Check {
        line: word("line", &line.to_string())?,
        result: word("result", row.try_get("result")?)?,
        note: row.try_get("note")?,
        evidence: row.try_get("evidence")?,
        file: file.map(|file| word("file", file)).transpose()?,
        by: word("checked_by", row.try_get("checked_by")?)?,
    })
}

/// Inserts the inspection, or says of the one of its period that it ended.
pub async fn save_inspection(
    db: &mut Connection,
    workspace: Uuid,
    key: &KpiKey,
    inspection: &Inspection,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO inspection
           (workspace, kpi, period, checklist, begun_by, begun_on, ended_by, ended_on)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (workspace, kpi, period) DO UPDATE SET
            ended_by = excluded.ended_by, ended_on = excluded.ended_on",
    )
    .bind(workspace.to_string())
    .bind(key.as_str())
    .bind(inspection.period)
    .bind(Json(&inspection.checklist))
    .bind(inspection.begun_by.to_string())
    .bind(inspection.begun)
    .bind(inspection.ended.map(|(by, _)| by.to_string()))
    .bind(inspection.ended.map(|(_, on)| on))
    .execute(db)
    .await
    .map(drop)
}

/// The inspections of a KPI, the newest first.
pub async fn list_inspections(
    db: &mut Connection,
    workspace: Uuid,
    key: &KpiKey,
) -> sqlx::Result<Vec<Inspection>> {
    sqlx::query("SELECT * FROM inspection WHERE workspace = $1 AND kpi = $2 ORDER BY period DESC")
        .bind(workspace.to_string())
        .bind(key.as_str())
        .try_map(|row: Row| read_inspection(&row))
        .fetch_all(db)
        .await
}

/// Inserts what was found at a line, or replaces what was found there before.
pub async fn save_check(
    db: &mut Connection,
    workspace: Uuid,
    (key, period): (&KpiKey, NaiveDate),
    check: &Check,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO inspection_check
           (workspace, kpi, period, line, result, note, evidence, file, checked_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (workspace, kpi, period, line) DO UPDATE SET
            result = excluded.result, note = excluded.note, evidence = excluded.evidence,
            file = excluded.file, checked_by = excluded.checked_by",
    )
    .bind(workspace.to_string())
    .bind(key.as_str())
    .bind(period)
    .bind(i64::from(check.line))
    .bind(check.result.to_string())
    .bind(&check.note)
    .bind(&check.evidence)
    .bind(check.file.as_ref().map(|file| file.as_str()))
    .bind(check.by.to_string())
    .execute(db)
    .await
    .map(drop)
}

/// What was found in an inspection so far, line by line.
pub async fn list_checks(
    db: &mut Connection,
    workspace: Uuid,
    (key, period): (&KpiKey, NaiveDate),
) -> sqlx::Result<Vec<Check>> {
    sqlx::query(
        "SELECT * FROM inspection_check WHERE workspace = $1 AND kpi = $2 AND period = $3
         ORDER BY line",
    )
    .bind(workspace.to_string())
    .bind(key.as_str())
    .bind(period)
    .try_map(|row: Row| read_check(&row))
    .fetch_all(db)
    .await
}
