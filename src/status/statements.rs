use chrono::NaiveDate;
use sqlx::Row as _;
use uuid::Uuid;

use super::Db;
use crate::status::rules::Corrected;

type Connection = <Db as sqlx::Database>::Connection;
type Row = <Db as sqlx::Database>::Row;

/// The channel in which a workspace has its overview pinned.
pub async fn find_pinned_channel(
    db: &mut Connection,
    workspace: Uuid,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar(
        "SELECT channel FROM workspace WHERE workspace = $1 AND pinned AND channel IS NOT NULL",
    )
    .bind(workspace.to_string())
    .fetch_optional(db)
    .await
}

/// What is corrected of what was due from one day to before another, and what is open on a third.
pub async fn corrected(
    db: &mut Connection,
    workspace: Uuid,
    (first, end, today): (NaiveDate, NaiveDate, NaiveDate),
) -> sqlx::Result<Corrected> {
    let count = |row: &Row, column: &str| -> sqlx::Result<usize> {
        let count: i64 = row.try_get(column)?;
        Ok(usize::try_from(count).unwrap_or_default())
    };
    sqlx::query(
        "SELECT
           COUNT(CASE WHEN due >= $2 AND due < $3 AND state IN ('done', 'effective') THEN 1 END)
             AS done,
           COUNT(CASE WHEN due >= $2 AND due < $3 THEN 1 END) AS due_then,
           COUNT(CASE WHEN rank = 0 AND due < $4 THEN 1 END) AS late,
           COUNT(CASE WHEN state = 'done' AND check_on <= $4 THEN 1 END) AS to_check,
           MIN(CASE WHEN rank = 0 AND due >= $4 THEN due END) AS next_due
         FROM action WHERE workspace = $1 AND state <> 'cancelled'",
    )
    .bind(workspace.to_string())
    .bind(first)
    .bind(end)
    .bind(today)
    .try_map(|row: Row| {
        Ok(Corrected {
            done: count(&row, "done")?,
            due: count(&row, "due_then")?,
            late: count(&row, "late")?,
            to_check: count(&row, "to_check")?,
            next: row.try_get("next_due")?,
        })
    })
    .fetch_one(db)
    .await
}
