use sqlx::Row as _;
use sqlx::types::Json;
use uuid::Uuid;

use super::Db;
use crate::audit::rules::Audit;
use crate::command::value::AuditName;
use crate::store::word;

type Connection = <Db as sqlx::Database>::Connection;
type Row = <Db as sqlx::Database>::Row;

fn number<T: TryFrom<i64>>(row: &Row, column: &'static str) -> sqlx::Result<T> {
    let number: i64 = row.try_get(column)?;
    T::try_from(number).map_err(|_| sqlx::Error::ColumnDecode {
        index: column.to_owned(),
        source: format!("{number} is out of range").into(),
    })
}

fn read_audit(row: &Row) -> sqlx::Result<Audit> {
    let auditor: Option<&str> = row.try_get("auditor")?;
    Ok(Audit {
        year: number(row, "year")?,
        month: number(row, "month")?,
        nth: number(row, "nth")?,
        topic: row.try_get("topic")?,
        scope: row.try_get::<Json<_>, _>("scope")?.0,
        auditor: auditor.map(|id| word("auditor", id)).transpose()?,
        state: word("state", row.try_get("state")?)?,
        started_on: row.try_get("started_on")?,
        finished_on: row.try_get("finished_on")?,
        conclusion: row.try_get("conclusion")?,
    })
}

/// Inserts the audit, or replaces the row of the one with its name.
pub async fn save_audit(db: &mut Connection, workspace: Uuid, audit: &Audit) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO audit
           (workspace, year, month, nth, topic, scope, auditor, state, started_on, finished_on,
            conclusion)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (workspace, year, month, nth) DO UPDATE SET
            topic = excluded.topic, scope = excluded.scope, auditor = excluded.auditor,
            state = excluded.state, started_on = excluded.started_on,
            finished_on = excluded.finished_on, conclusion = excluded.conclusion",
    )
    .bind(workspace.to_string())
    .bind(i64::from(audit.year))
    .bind(i64::from(audit.month))
    .bind(i64::from(audit.nth))
    .bind(&audit.topic)
    .bind(Json(&audit.scope))
    .bind(audit.auditor.map(|id| id.to_string()))
    .bind(audit.state.to_string())
    .bind(audit.started_on)
    .bind(audit.finished_on)
    .bind(&audit.conclusion)
    .execute(db)
    .await
    .map(drop)
}

/// The audits of a year, in the order of their months.
pub async fn list_audits(
    db: &mut Connection,
    workspace: Uuid,
    year: i32,
) -> sqlx::Result<Vec<Audit>> {
    sqlx::query("SELECT * FROM audit WHERE workspace = $1 AND year = $2 ORDER BY month, nth")
        .bind(workspace.to_string())
        .bind(i64::from(year))
        .try_map(|row: Row| read_audit(&row))
        .fetch_all(db)
        .await
}

/// The audits that are not finished, in the order of their months.
pub async fn list_unfinished(db: &mut Connection, workspace: Uuid) -> sqlx::Result<Vec<Audit>> {
    sqlx::query(
        "SELECT * FROM audit WHERE workspace = $1 AND state <> 'finished'
         ORDER BY year, month, nth",
    )
    .bind(workspace.to_string())
    .try_map(|row: Row| read_audit(&row))
    .fetch_all(db)
    .await
}

pub async fn find_audit(
    db: &mut Connection,
    workspace: Uuid,
    name: AuditName,
) -> sqlx::Result<Option<Audit>> {
    sqlx::query(
        "SELECT * FROM audit WHERE workspace = $1 AND year = $2 AND month = $3 AND nth = $4",
    )
    .bind(workspace.to_string())
    .bind(i64::from(name.year))
    .bind(i64::from(name.month))
    .bind(i64::from(name.nth))
    .try_map(|row: Row| read_audit(&row))
    .fetch_optional(db)
    .await
}

/// The years that have a programme, the newest first.
pub async fn list_years(db: &mut Connection, workspace: Uuid) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar("SELECT DISTINCT year FROM audit WHERE workspace = $1 ORDER BY year DESC")
        .bind(workspace.to_string())
        .fetch_all(db)
        .await
}
