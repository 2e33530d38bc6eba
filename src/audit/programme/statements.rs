use sqlx::Row as _;
use sqlx::types::Json;
use uuid::Uuid;

use super::Db;
use crate::audit::programme::choice::Cycle;
use crate::audit::programme::rules::{Aims, Approval, Programme};
use crate::command::value::AuditName;
use crate::store::word;

type Connection = <Db as sqlx::Database>::Connection;
type Row = <Db as sqlx::Database>::Row;

fn year(row: &Row, column: &'static str) -> sqlx::Result<i32> {
    let number: i64 = row.try_get(column)?;
    i32::try_from(number).map_err(|_| sqlx::Error::ColumnDecode {
        index: column.to_owned(),
        source: format!("{number} is no year").into(),
    })
}

fn read_programme(row: &Row) -> sqlx::Result<Programme> {
    let planned_by: Option<&str> = row.try_get("planned_by")?;
    Ok(Programme {
        year: year(row, "year")?,
        aims: Aims {
            objectives: row.try_get("objectives")?,
            criteria: row.try_get("criteria")?,
            method: row.try_get("method")?,
        },
        cycle: Cycle {
            from: year(row, "cycle_from")?,
            years: year(row, "cycle_years")?,
        },
        choices: row.try_get::<Json<_>, _>("choices")?.0,
        planned_by: planned_by.map(|id| word("planned_by", id)).transpose()?,
        planned_on: row.try_get("planned_on")?,
        asked_on: row.try_get("asked_on")?,
        reason: row.try_get("reason")?,
    })
}

/// Inserts the programme, or replaces the row of its year.
pub async fn save_programme(
    db: &mut Connection,
    workspace: Uuid,
    programme: &Programme,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO programme
           (workspace, year, objectives, criteria, method, cycle_from, cycle_years, choices,
            planned_by, planned_on, asked_on, reason)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (workspace, year) DO UPDATE SET
            objectives = excluded.objectives, criteria = excluded.criteria,
            method = excluded.method, cycle_from = excluded.cycle_from,
            cycle_years = excluded.cycle_years, choices = excluded.choices,
            planned_by = excluded.planned_by, planned_on = excluded.planned_on,
            asked_on = excluded.asked_on, reason = excluded.reason",
    )
    .bind(workspace.to_string())
    .bind(i64::from(programme.year))
    .bind(&programme.aims.objectives)
    .bind(&programme.aims.criteria)
    .bind(&programme.aims.method)
    .bind(i64::from(programme.cycle.from))
    .bind(i64::from(programme.cycle.years))
    .bind(Json(&programme.choices))
    .bind(programme.planned_by.map(|id| id.to_string()))
    .bind(programme.planned_on)
    .bind(programme.asked_on)
    .bind(&programme.reason)
    .execute(db)
    .await
    .map(drop)
}

pub async fn find_programme(
    db: &mut Connection,
    workspace: Uuid,
    year: i32,
) -> sqlx::Result<Option<Programme>> {
    sqlx::query("SELECT * FROM programme WHERE workspace = $1 AND year = $2")
        .bind(workspace.to_string())
        .bind(i64::from(year))
        .try_map(|row: Row| read_programme(&row))
        .fetch_optional(db)
        .await
}

/// All programmes, the oldest year first.
pub async fn list_programmes(db: &mut Connection, workspace: Uuid) -> sqlx::Result<Vec<Programme>> {
    sqlx::query("SELECT * FROM programme WHERE workspace = $1 ORDER BY year")
        .bind(workspace.to_string())
        .try_map(|row: Row| read_programme(&row))
        .fetch_all(db)
        .await
}

pub async fn insert_approval(
    db: &mut Connection,
    workspace: Uuid,
    year: i32,
    approval: &Approval,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO programme_approval (workspace, year, nth, approved_by, approved_at, fingerprint)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(workspace.to_string())
    .bind(i64::from(year))
    .bind(approval.nth)
    .bind(approval.by.to_string())
    .bind(approval.at)
    .bind(&approval.fingerprint)
    .execute(db)
    .await
    .map(drop)
}

/// Who approved the programme of a year, the oldest first.
pub async fn list_approvals(
    db: &mut Connection,
    workspace: Uuid,
    year: i32,
) -> sqlx::Result<Vec<Approval>> {
    sqlx::query(
        "SELECT nth, approved_by, approved_at, fingerprint FROM programme_approval
         WHERE workspace = $1 AND year = $2 ORDER BY nth",
    )
    .bind(workspace.to_string())
    .bind(i64::from(year))
    .try_map(|row: Row| {
        Ok(Approval {
            nth: row.try_get("nth")?,
            by: word("approved_by", row.try_get("approved_by")?)?,
            at: row.try_get("approved_at")?,
            fingerprint: row.try_get("fingerprint")?,
        })
    })
    .fetch_all(db)
    .await
}

/// Gives an audit that is planned another name, wherever it is named. Nothing else is kept about one
/// that has not begun.
pub async fn rename_audit(
    db: &mut Connection,
    workspace: Uuid,
    from: AuditName,
    to: AuditName,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE audit SET month = $5, nth = $6
         WHERE workspace = $1 AND year = $2 AND month = $3 AND nth = $4",
    )
    .bind(workspace.to_string())
    .bind(i64::from(from.year))
    .bind(i64::from(from.month))
    .bind(i64::from(from.nth))
    .bind(i64::from(to.month))
    .bind(i64::from(to.nth))
    .execute(&mut *db)
    .await?;
    // What was decided stays as it was decided, and holds for the new name too.
    for also in [
        "UPDATE audit_member SET audit = $3 WHERE workspace = $1 AND audit = $2",
        "UPDATE audit_guest SET audit = $3 WHERE workspace = $1 AND audit = $2",
        "UPDATE audit_follow_up SET audit = $3 WHERE workspace = $1 AND audit = $2",
        "INSERT INTO audit_override
           (workspace, audit, number, person, doubts, reason, decided_by, decided_at)
         SELECT workspace, $3, number, person, doubts, reason, decided_by, decided_at
         FROM audit_override AS before WHERE workspace = $1 AND audit = $2
           AND NOT EXISTS (SELECT 1 FROM audit_override AS there
             WHERE there.workspace = $1 AND there.audit = $3 AND there.number = before.number)",
    ] {
        sqlx::query(also)
            .bind(workspace.to_string())
            .bind(from.to_string())
            .bind(to.to_string())
            .execute(&mut *db)
            .await?;
    }
    Ok(())
}
