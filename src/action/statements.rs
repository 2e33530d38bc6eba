use chrono::{DateTime, NaiveDate, Utc};
use sqlx::Row as _;
use uuid::Uuid;

use super::Db;
use crate::action::command::Source;
use crate::action::rules::Action;
use crate::action::{Filter, PAGE};
use crate::store::word;

type Connection = <Db as sqlx::Database>::Connection;
type Row = <Db as sqlx::Database>::Row;

fn id(row: &Row, column: &'static str) -> sqlx::Result<Option<Uuid>> {
    let text: Option<&str> = row.try_get(column)?;
    text.map(|text| word(column, text)).transpose()
}

fn read_action(row: &Row) -> sqlx::Result<Action> {
    Ok(Action {
        number: row.try_get("number")?,
        title: row.try_get("title")?,
        source: word("source", row.try_get("source")?)?,
        severity: word("severity", row.try_get("severity")?)?,
        state: word("state", row.try_get("state")?)?,
        control: row.try_get("control")?,
        link: row.try_get("link")?,
        owner: id(row, "owner")?,
        due: row.try_get("due")?,
        extensions: row.try_get("extensions")?,
        cause: row.try_get("cause")?,
        plan: row.try_get("plan")?,
        evidence: row.try_get("evidence")?,
        raised_by: word("raised_by", row.try_get("raised_by")?)?,
        raised_at: row.try_get("raised_at")?,
        done_by: id(row, "done_by")?,
        done_at: row.try_get("done_at")?,
        check_on: row.try_get("check_on")?,
        verified_by: id(row, "verified_by")?,
        verified_at: row.try_get("verified_at")?,
    })
}

/// Inserts the action, or replaces the row of the one with its number.
pub async fn save_action(
    db: &mut Connection,
    workspace: Uuid,
    action: &Action,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO action
           (workspace, number, title, source, severity, state, control, owner, due, extensions,
            cause, plan, evidence, raised_by, raised_at, done_by, done_at, check_on, verified_by,
            verified_at, link)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
                 $19, $20, $21)
         ON CONFLICT (workspace, number) DO UPDATE SET
            title = excluded.title, severity = excluded.severity, state = excluded.state,
            control = excluded.control, owner = excluded.owner, due = excluded.due,
            extensions = excluded.extensions, cause = excluded.cause, plan = excluded.plan,
            evidence = excluded.evidence, done_by = excluded.done_by, done_at = excluded.done_at,
            check_on = excluded.check_on, verified_by = excluded.verified_by,
            verified_at = excluded.verified_at",
    )
    .bind(workspace.to_string())
    .bind(action.number)
    .bind(&action.title)
    .bind(action.source.to_string())
    .bind(action.severity.to_string())
    .bind(action.state.to_string())
    .bind(&action.control)
    .bind(action.owner.map(|id| id.to_string()))
    .bind(action.due)
    .bind(action.extensions)
    .bind(&action.cause)
    .bind(&action.plan)
    .bind(&action.evidence)
    .bind(action.raised_by.to_string())
    .bind(action.raised_at)
    .bind(action.done_by.map(|id| id.to_string()))
    .bind(action.done_at)
    .bind(action.check_on)
    .bind(action.verified_by.map(|id| id.to_string()))
    .bind(action.verified_at)
    .bind(&action.link)
    .execute(db)
    .await
    .map(drop)
}

pub async fn find_action(
    db: &mut Connection,
    workspace: Uuid,
    number: i64,
) -> sqlx::Result<Option<Action>> {
    sqlx::query("SELECT * FROM action WHERE workspace = $1 AND number = $2")
        .bind(workspace.to_string())
        .bind(number)
        .try_map(|row: Row| read_action(&row))
        .fetch_optional(db)
        .await
}

/// A page of the actions that fit, the most pressing first; one more than a page holds, if there
/// are more.
pub async fn list_actions(
    db: &mut Connection,
    workspace: Uuid,
    filter: &Filter,
) -> sqlx::Result<Vec<Action>> {
    sqlx::query(
        "SELECT * FROM action
         WHERE workspace = $1
           AND ($2 IS NULL OR owner = $2)
           AND ($3 = 'all' OR state = $3
                OR $3 = 'open' AND state IN ('raised', 'planned', 'reopened', 'done'))
           AND ($4 IS NULL OR due < $4 AND state IN ('raised', 'planned', 'reopened'))
           AND ($5 IS NULL OR LOWER(title) LIKE $5)
         ORDER BY CASE WHEN state IN ('raised', 'planned', 'reopened') THEN 0
                       WHEN state = 'done' THEN 1 ELSE 2 END, due, number
         LIMIT $6 OFFSET $7",
    )
    .bind(workspace.to_string())
    .bind(filter.owner.map(|owner| owner.to_string()))
    .bind(filter.state.to_string())
    .bind(filter.overdue_on)
    .bind(
        filter
            .text
            .as_ref()
            .map(|text| format!("%{}%", text.to_lowercase())),
    )
    .bind(PAGE + 1)
    .bind(filter.page * PAGE)
    .try_map(|row: Row| read_action(&row))
    .fetch_all(db)
    .await
}

/// Every action that is open, or done and to be checked: what somebody still owes.
pub async fn list_owed(db: &mut Connection, workspace: Uuid) -> sqlx::Result<Vec<Action>> {
    sqlx::query(
        "SELECT * FROM action
         WHERE workspace = $1 AND state IN ('raised', 'planned', 'reopened', 'done')
         ORDER BY due, number",
    )
    .bind(workspace.to_string())
    .try_map(|row: Row| read_action(&row))
    .fetch_all(db)
    .await
}

/// Actions whose due date has passed, the oldest first.
pub async fn list_overdue(
    db: &mut Connection,
    workspace: Uuid,
    today: NaiveDate,
) -> sqlx::Result<Vec<Action>> {
    sqlx::query(
        "SELECT * FROM action
         WHERE workspace = $1 AND state IN ('raised', 'planned', 'reopened') AND due < $2
         ORDER BY due, number",
    )
    .bind(workspace.to_string())
    .bind(today)
    .try_map(|row: Row| read_action(&row))
    .fetch_all(db)
    .await
}

/// How many actions there are per state.
pub async fn count_by_state(
    db: &mut Connection,
    workspace: Uuid,
) -> sqlx::Result<Vec<(String, i64)>> {
    sqlx::query_as("SELECT state, COUNT(*) FROM action WHERE workspace = $1 GROUP BY state")
        .bind(workspace.to_string())
        .fetch_all(db)
        .await
}

/// The actions that came from one kind of source, by due date.
pub async fn list_by_source(
    db: &mut Connection,
    workspace: Uuid,
    source: Source,
) -> sqlx::Result<Vec<Action>> {
    sqlx::query("SELECT * FROM action WHERE workspace = $1 AND source = $2 ORDER BY due, number")
        .bind(workspace.to_string())
        .bind(source.to_string())
        .try_map(|row: Row| read_action(&row))
        .fetch_all(db)
        .await
}

/// The actions that were raised, done or verified since then, in the order they were raised.
pub async fn list_moved_since(
    db: &mut Connection,
    workspace: Uuid,
    since: DateTime<Utc>,
) -> sqlx::Result<Vec<Action>> {
    sqlx::query(
        "SELECT * FROM action
         WHERE workspace = $1 AND (raised_at >= $2 OR done_at >= $2 OR verified_at >= $2)
         ORDER BY number",
    )
    .bind(workspace.to_string())
    .bind(since)
    .try_map(|row: Row| read_action(&row))
    .fetch_all(db)
    .await
}

/// A stretch of all actions, in the order they were raised: those after a number.
pub async fn list_after(
    db: &mut Connection,
    workspace: Uuid,
    number: i64,
    limit: i64,
) -> sqlx::Result<Vec<Action>> {
    sqlx::query(
        "SELECT * FROM action WHERE workspace = $1 AND number > $2 ORDER BY number LIMIT $3",
    )
    .bind(workspace.to_string())
    .bind(number)
    .bind(limit)
    .try_map(|row: Row| read_action(&row))
    .fetch_all(db)
    .await
}
