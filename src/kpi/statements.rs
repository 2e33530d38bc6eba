use sqlx::Row as _;
use uuid::Uuid;

use super::Db;
use crate::command::value::KpiKey;
use crate::kpi::rules::{Kpi, Measurement};
use crate::store::word;

type Connection = <Db as sqlx::Database>::Connection;
type Row = <Db as sqlx::Database>::Row;

fn read_kpi(row: &Row) -> sqlx::Result<Kpi> {
    Ok(Kpi {
        key: word("key", row.try_get("key")?)?,
        name: row.try_get("name")?,
        purpose: row.try_get("purpose")?,
        unit: row.try_get("unit")?,
        direction: word("direction", row.try_get("direction")?)?,
        target: row.try_get("target")?,
        warning: row.try_get("warning")?,
        frequency: word("frequency", row.try_get("frequency")?)?,
        measurer: word("measurer", row.try_get("measurer")?)?,
        analyst: word("analyst", row.try_get("analyst")?)?,
        source: word("source", row.try_get("source")?)?,
        scale: word("scale", row.try_get("scale")?)?,
        paused: row.try_get("paused")?,
        since: row.try_get("since")?,
        limits: Vec::new(),
    })
}

fn known_word<T: std::str::FromStr>(row: &Row, column: &'static str) -> sqlx::Result<Option<T>> {
    let text: Option<&str> = row.try_get(column)?;
    text.map(|text| word(column, text)).transpose()
}

fn read_measurement(row: &Row) -> sqlx::Result<Measurement> {
    Ok(Measurement {
        period: row.try_get("period")?,
        revision: row.try_get("revision")?,
        value: row.try_get("value")?,
        note: row.try_get("note")?,
        file: known_word(row, "file")?,
        by: known_word(row, "recorded_by")?,
        via: row.try_get("via")?,
        at: row.try_get("recorded_at")?,
    })
}

/// False if the key is taken.
pub async fn insert_kpi(db: &mut Connection, workspace: Uuid, kpi: &Kpi) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "INSERT INTO kpi
           (workspace, key, name, purpose, unit, direction, target, warning, frequency, measurer,
            analyst, paused, since, source, scale)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
         ON CONFLICT DO NOTHING",
    )
    .bind(workspace.to_string())
    .bind(kpi.key.as_str())
    .bind(&kpi.name)
    .bind(&kpi.purpose)
    .bind(&kpi.unit)
    .bind(kpi.direction.to_string())
    .bind(kpi.target)
    .bind(kpi.warning)
    .bind(kpi.frequency.to_string())
    .bind(kpi.measurer.to_string())
    .bind(kpi.analyst.to_string())
    .bind(&kpi.paused)
    .bind(kpi.since)
    .bind(kpi.source.to_string())
    .bind(kpi.scale.to_string())
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn find_kpi(
    db: &mut Connection,
    workspace: Uuid,
    key: &KpiKey,
) -> sqlx::Result<Option<Kpi>> {
    let found = sqlx::query("SELECT * FROM kpi WHERE workspace = $1 AND key = $2")
        .bind(workspace.to_string())
        .bind(key.as_str())
        .try_map(|row: Row| read_kpi(&row))
        .fetch_optional(&mut *db)
        .await?;
    let Some(mut kpi) = found else {
        return Ok(None);
    };
    kpi.limits = super::limits::list_limits(db, workspace, key).await?;
    Ok(Some(kpi))
}

pub async fn list_kpis(db: &mut Connection, workspace: Uuid) -> sqlx::Result<Vec<Kpi>> {
    let mut kpis = sqlx::query("SELECT * FROM kpi WHERE workspace = $1 ORDER BY key")
        .bind(workspace.to_string())
        .try_map(|row: Row| read_kpi(&row))
        .fetch_all(&mut *db)
        .await?;
    for (key, limits) in super::limits::list_all_limits(db, workspace).await? {
        if let Some(kpi) = kpis.iter_mut().find(|kpi| kpi.key == key) {
            kpi.limits.push(limits);
        }
    }
    Ok(kpis)
}

/// Pauses with a reason, or resumes with none.
pub async fn set_paused(
    db: &mut Connection,
    workspace: Uuid,
    key: &KpiKey,
    reason: Option<&str>,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE kpi SET paused = $3 WHERE workspace = $1 AND key = $2")
        .bind(workspace.to_string())
        .bind(key.as_str())
        .bind(reason)
        .execute(db)
        .await
        .map(drop)
}

/// Says who measures a KPI and who looks into it.
pub async fn set_people(
    db: &mut Connection,
    workspace: Uuid,
    key: &KpiKey,
    measurer: Uuid,
    analyst: Uuid,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE kpi SET measurer = $3, analyst = $4 WHERE workspace = $1 AND key = $2")
        .bind(workspace.to_string())
        .bind(key.as_str())
        .bind(measurer.to_string())
        .bind(analyst.to_string())
        .execute(db)
        .await
        .map(drop)
}

/// As many rows as one statement inserts: each has ten values, and SQLite takes 32,766 in all.
const ROWS: usize = 500;

pub async fn insert_measurements(
    db: &mut Connection,
    workspace: Uuid,
    key: &KpiKey,
    measurements: &[Measurement],
) -> sqlx::Result<()> {
    let workspace = workspace.to_string();
    for some in measurements.chunks(ROWS) {
        let mut insert = sqlx::QueryBuilder::<Db>::new(
            "INSERT INTO measurement
               (workspace, kpi, period, revision, value, note, recorded_by, recorded_at, via, file) ",
        );
        insert.push_values(some, |mut row, measurement| {
            row.push_bind(workspace.as_str())
                .push_bind(key.as_str())
                .push_bind(measurement.period)
                .push_bind(measurement.revision)
                .push_bind(measurement.value)
                .push_bind(measurement.note.as_deref())
                .push_bind(measurement.by.map(|id| id.to_string()))
                .push_bind(measurement.at)
                .push_bind(measurement.via.as_deref())
                .push_bind(measurement.file.as_ref().map(|file| file.as_str()));
        });
        insert.build().execute(&mut *db).await?;
    }
    Ok(())
}

/// Every value of a KPI and every correction, oldest period first.
pub async fn list_measurements(
    db: &mut Connection,
    workspace: Uuid,
    key: &KpiKey,
) -> sqlx::Result<Vec<Measurement>> {
    sqlx::query(
        "SELECT * FROM measurement WHERE workspace = $1 AND kpi = $2 ORDER BY period, revision",
    )
    .bind(workspace.to_string())
    .bind(key.as_str())
    .try_map(|row: Row| read_measurement(&row))
    .fetch_all(db)
    .await
}

/// Every value of every KPI of the workspace, by key.
pub async fn list_all_measurements(
    db: &mut Connection,
    workspace: Uuid,
) -> sqlx::Result<Vec<(KpiKey, Measurement)>> {
    sqlx::query("SELECT * FROM measurement WHERE workspace = $1 ORDER BY kpi, period, revision")
        .bind(workspace.to_string())
        .try_map(|row: Row| {
            let key = word("kpi", row.try_get("kpi")?)?;
            Ok((key, read_measurement(&row)?))
        })
        .fetch_all(db)
        .await
}

/// The first days of the periods from a day on that have a value.
pub async fn list_periods(
    db: &mut Connection,
    workspace: Uuid,
    key: &KpiKey,
    from: chrono::NaiveDate,
) -> sqlx::Result<Vec<chrono::NaiveDate>> {
    sqlx::query_scalar(
        "SELECT DISTINCT period FROM measurement
         WHERE workspace = $1 AND kpi = $2 AND period >= $3 ORDER BY period",
    )
    .bind(workspace.to_string())
    .bind(key.as_str())
    .bind(from)
    .fetch_all(db)
    .await
}
