use chrono::{DateTime, NaiveDate, Utc};
use sqlx::types::Json;
use sqlx::{QueryBuilder, Row as _};
use uuid::Uuid;

use super::Db;
use crate::action::check::Round;
use crate::action::choice::Source;
use crate::action::rules::Action;
use crate::action::steps::Step;
use crate::command::value::FileRef;
use crate::store::word;

type Connection = <Db as sqlx::Database>::Connection;
type Row = <Db as sqlx::Database>::Row;

/// A column that holds a word, or nothing.
fn word_of<T: std::str::FromStr>(row: &Row, column: &'static str) -> sqlx::Result<Option<T>> {
    let text: Option<&str> = row.try_get(column)?;
    text.map(|text| word(column, text)).transpose()
}

pub(super) fn read_action(row: &Row) -> sqlx::Result<Action> {
    Ok(Action {
        number: row.try_get("number")?,
        title: row.try_get("title")?,
        source: word("source", row.try_get("source")?)?,
        severity: word("severity", row.try_get("severity")?)?,
        state: word("state", row.try_get("state")?)?,
        control: row.try_get("control")?,
        link: row.try_get("link")?,
        owner: word_of(row, "owner")?,
        due: row.try_get("due")?,
        extensions: row.try_get("extensions")?,
        whys: row.try_get::<Json<_>, _>("whys")?.0,
        cause: row.try_get("cause")?,
        similar: word_of(row, "similar_found")?,
        similar_where: row.try_get("similar_where")?,
        plan: row.try_get("plan")?,
        criterion: row.try_get("criterion")?,
        evidence: row.try_get("evidence")?,
        evidence_file: word_of(row, "evidence_file")?,
        raised_by: word("raised_by", row.try_get("raised_by")?)?,
        raised_at: row.try_get("raised_at")?,
        done_by: word_of(row, "done_by")?,
        done_at: row.try_get("done_at")?,
        check_on: row.try_get("check_on")?,
        verifier: word_of(row, "verifier")?,
        verified_by: word_of(row, "verified_by")?,
        verified_at: row.try_get("verified_at")?,
        repeats: row.try_get("repeats")?,
        round: row.try_get("round")?,
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
            verified_at, link, whys, similar_found, similar_where, criterion, evidence_file,
            verifier, repeats, round, rank)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
                 $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30)
         ON CONFLICT (workspace, number) DO UPDATE SET
            title = excluded.title, severity = excluded.severity, state = excluded.state,
            control = excluded.control, owner = excluded.owner, due = excluded.due,
            extensions = excluded.extensions, cause = excluded.cause, plan = excluded.plan,
            evidence = excluded.evidence, done_by = excluded.done_by, done_at = excluded.done_at,
            check_on = excluded.check_on, verified_by = excluded.verified_by,
            verified_at = excluded.verified_at, whys = excluded.whys,
            similar_found = excluded.similar_found, similar_where = excluded.similar_where,
            criterion = excluded.criterion, evidence_file = excluded.evidence_file,
            verifier = excluded.verifier, round = excluded.round, rank = excluded.rank",
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
    .bind(Json(&action.whys))
    .bind(action.similar.map(|similar| similar.to_string()))
    .bind(&action.similar_where)
    .bind(&action.criterion)
    .bind(action.evidence_file.as_ref().map(FileRef::as_str))
    .bind(action.verifier.map(|id| id.to_string()))
    .bind(action.repeats)
    .bind(action.round)
    .bind(action.state.rank())
    .execute(db)
    .await
    .map(drop)
}

/// The words by which a title is found; those of an earlier title are forgotten.
pub async fn save_words(
    db: &mut Connection,
    workspace: Uuid,
    number: i64,
    (before, after): (&[String], &[String]),
) -> sqlx::Result<()> {
    for word in before {
        if after.contains(word) {
            continue;
        }
        sqlx::query("DELETE FROM action_word WHERE workspace = $1 AND word = $2 AND number = $3")
            .bind(workspace.to_string())
            .bind(word)
            .bind(number)
            .execute(&mut *db)
            .await?;
    }
    let new: Vec<&String> = after.iter().filter(|word| !before.contains(word)).collect();
    if new.is_empty() {
        return Ok(());
    }
    QueryBuilder::<Db>::new("INSERT INTO action_word (workspace, word, number) ")
        .push_values(new, |mut row, word| {
            row.push_bind(workspace.to_string());
            row.push_bind(word);
            row.push_bind(number);
        })
        .push(" ON CONFLICT DO NOTHING")
        .build()
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

/// The newest action on a control that was found effective at an instant or later.
pub async fn find_effective_since(
    db: &mut Connection,
    workspace: Uuid,
    control: &str,
    since: DateTime<Utc>,
) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar(
        "SELECT number FROM action
         WHERE workspace = $1 AND control = $2 AND rank = 2 AND state = 'effective'
           AND verified_at >= $3
         ORDER BY verified_at DESC, number DESC LIMIT 1",
    )
    .bind(workspace.to_string())
    .bind(control)
    .bind(since)
    .fetch_optional(db)
    .await
}

pub(super) fn read_step(row: &Row) -> sqlx::Result<Step> {
    Ok(Step {
        number: row.try_get("number")?,
        round: row.try_get("round")?,
        what: row.try_get("what")?,
        owner: word("owner", row.try_get("owner")?)?,
        due: row.try_get("due")?,
        done_by: word_of(row, "done_by")?,
        done_at: row.try_get("done_at")?,
        note: row.try_get("note")?,
    })
}

/// The steps of an action, in their order.
pub async fn list_steps(
    db: &mut Connection,
    workspace: Uuid,
    action: i64,
) -> sqlx::Result<Vec<Step>> {
    sqlx::query("SELECT * FROM action_step WHERE workspace = $1 AND action = $2 ORDER BY number")
        .bind(workspace.to_string())
        .bind(action)
        .try_map(|row: Row| read_step(&row))
        .fetch_all(db)
        .await
}

/// Inserts the step, or replaces the row of the one with its number.
pub async fn save_step(
    db: &mut Connection,
    workspace: Uuid,
    action: i64,
    step: &Step,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO action_step
           (workspace, action, number, round, what, owner, due, done_by, done_at, note)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (workspace, action, number) DO UPDATE SET
            what = excluded.what, owner = excluded.owner, due = excluded.due,
            done_by = excluded.done_by, done_at = excluded.done_at, note = excluded.note",
    )
    .bind(workspace.to_string())
    .bind(action)
    .bind(step.number)
    .bind(step.round)
    .bind(&step.what)
    .bind(step.owner.to_string())
    .bind(step.due)
    .bind(step.done_by.map(|id| id.to_string()))
    .bind(step.done_at)
    .bind(&step.note)
    .execute(db)
    .await
    .map(drop)
}

/// What was tried before, the oldest first.
pub async fn list_rounds(
    db: &mut Connection,
    workspace: Uuid,
    action: i64,
) -> sqlx::Result<Vec<Round>> {
    sqlx::query("SELECT * FROM action_round WHERE workspace = $1 AND action = $2 ORDER BY round")
        .bind(workspace.to_string())
        .bind(action)
        .try_map(|row: Row| {
            Ok(Round {
                number: row.try_get("round")?,
                cause: row.try_get("cause")?,
                plan: row.try_get("plan")?,
                criterion: row.try_get("criterion")?,
                evidence: row.try_get("evidence")?,
                evidence_file: word_of(&row, "evidence_file")?,
                done_by: word_of(&row, "done_by")?,
                done_at: row.try_get("done_at")?,
                outcome: word("outcome", row.try_get("outcome")?)?,
                said: row.try_get("said")?,
                ended_by: word("ended_by", row.try_get("ended_by")?)?,
                ended_at: row.try_get("ended_at")?,
            })
        })
        .fetch_all(db)
        .await
}

pub async fn insert_round(
    db: &mut Connection,
    workspace: Uuid,
    action: i64,
    round: &Round,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO action_round
           (workspace, action, round, cause, plan, criterion, evidence, evidence_file, done_by,
            done_at, outcome, said, ended_by, ended_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(workspace.to_string())
    .bind(action)
    .bind(round.number)
    .bind(&round.cause)
    .bind(&round.plan)
    .bind(&round.criterion)
    .bind(&round.evidence)
    .bind(round.evidence_file.as_ref().map(FileRef::as_str))
    .bind(round.done_by.map(|id| id.to_string()))
    .bind(round.done_at)
    .bind(round.outcome.to_string())
    .bind(&round.said)
    .bind(round.ended_by.to_string())
    .bind(round.ended_at)
    .execute(db)
    .await
    .map(drop)
}

/// Every action that is open, or done and to be checked: what somebody still owes.
pub async fn list_owed(db: &mut Connection, workspace: Uuid) -> sqlx::Result<Vec<Action>> {
    sqlx::query("SELECT * FROM action WHERE workspace = $1 AND rank <= 1 ORDER BY due, number")
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
         WHERE workspace = $1 AND rank = 0 AND due < $2
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
    sqlx::query_as(
        "SELECT state, COUNT(*) FROM action WHERE workspace = $1 GROUP BY state ORDER BY state",
    )
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
