use sqlx::{QueryBuilder, Row as _};
use uuid::Uuid;

use super::Db;
use super::action::{read_action, read_step};
use crate::action::choice::StateFilter;
use crate::action::list::Filter;
use crate::action::rules::Action;
use crate::action::steps::Owed;

type Connection = <Db as sqlx::Database>::Connection;
type Row = <Db as sqlx::Database>::Row;

/// How many actions hold a word that begins so, counted up to this many.
pub async fn count_with_word(
    db: &mut Connection,
    workspace: Uuid,
    word: &str,
    most: i64,
) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "SELECT COUNT(*) FROM (SELECT 1 AS one FROM action_word
         WHERE workspace = $1 AND word >= $2 AND word < $3 LIMIT $4) AS found",
    )
    .bind(workspace.to_string())
    .bind(word)
    .bind(after(word))
    .bind(most)
    .fetch_one(db)
    .await
}

/// Follows every word that begins so.
fn after(word: &str) -> String {
    format!("{word}\u{10ffff}")
}

/// Asks for the actions that fit. What narrows most leads, and finds its rows in the order of the list;
/// the other conditions only look at what it finds, and are kept from the index (`+` on SQLite, which
/// has no figures to choose by).
fn fitting(head: &'static str, workspace: Uuid, filter: &Filter) -> QueryBuilder<Db> {
    let plus = super::NO_INDEX;
    let mut query = QueryBuilder::<Db>::new(head);
    query.push_bind(workspace.to_string());
    let mut free = filter.rare_word.is_none();
    let mut lead = || if std::mem::take(&mut free) { "" } else { plus };
    if let Some(owner) = filter.owner {
        query.push(format!(" AND {}a.owner = ", lead()));
        query.push_bind(owner.to_string());
    }
    if let Some(control) = filter.control.as_ref().filter(|area| area.is_single()) {
        query.push(format!(" AND {}a.control = ", lead()));
        query.push_bind(control.as_str().to_owned());
    }
    if let Some(source) = filter.source {
        query.push(format!(" AND {}a.source = ", lead()));
        query.push_bind(source.to_string());
    }
    if let Some(area) = filter.control.as_ref().filter(|area| !area.is_single()) {
        query.push(format!(" AND ({plus}a.control = "));
        query.push_bind(area.as_str().to_owned());
        query.push(format!(" OR {plus}a.control LIKE "));
        query.push_bind(format!("{}.%", area.as_str()));
        query.push(")");
    }
    if let Some(severity) = filter.severity {
        query.push(format!(" AND {plus}a.severity = "));
        query.push_bind(severity.to_string());
    }
    let mut leads = false;
    if let Some(state) = filter.state.one() {
        let by_state = lead();
        leads = by_state.is_empty();
        query.push(format!(" AND {by_state}a.state = "));
        query.push_bind(state.to_string());
    }
    // The index of states has no ranks, and that of words none either.
    let rank = match leads || filter.rare_word.is_some() {
        true => format!("{plus}a.rank"),
        false => "a.rank".to_owned(),
    };
    match (filter.rank(), filter.state) {
        (Some(one), _) => drop(query.push(format!(" AND {rank} = {one}"))),
        (None, StateFilter::Open) => drop(query.push(format!(" AND {rank} <= 1"))),
        (None, _) => {}
    }
    if let Some(today) = filter.overdue_on {
        query.push(" AND a.due < ");
        query.push_bind(today);
    }
    for word in &filter.words {
        query.push(match filter.rare_word.as_ref() == Some(word) {
            true => " AND a.number IN (SELECT w.number FROM action_word AS w WHERE w.workspace = ",
            false => {
                " AND EXISTS (SELECT 1 FROM action_word AS w WHERE w.number = a.number \
                  AND w.workspace = "
            }
        });
        query.push_bind(workspace.to_string());
        query.push(" AND w.word >= ");
        query.push_bind(word.clone());
        query.push(" AND w.word < ");
        query.push_bind(after(word));
        query.push(")");
    }
    query
}

/// A page of the actions that fit, the most pressing first. Their places are found in the index
/// first, and only then the rows.
pub async fn list_actions(
    db: &mut Connection,
    workspace: Uuid,
    filter: &Filter,
    (limit, offset): (i64, i64),
) -> sqlx::Result<Vec<Action>> {
    let head = "SELECT a.number FROM action AS a WHERE a.workspace = ";
    let mut query = fitting(head, workspace, filter);
    query.push(match (&filter.rare_word, filter.rank()) {
        // In the order of an index it would be looked for through all of it.
        (Some(_), _) => format!(" ORDER BY {}a.rank, a.due, a.number", super::NO_INDEX),
        (None, Some(_)) => " ORDER BY a.due, a.number".to_owned(),
        (None, None) => " ORDER BY a.rank, a.due, a.number".to_owned(),
    });
    query.push(" LIMIT ");
    query.push_bind(limit);
    query.push(" OFFSET ");
    query.push_bind(offset);
    let numbers: Vec<i64> = query.build_query_scalar().fetch_all(&mut *db).await?;
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows = QueryBuilder::<Db>::new("SELECT * FROM action WHERE workspace = ");
    rows.push_bind(workspace.to_string());
    rows.push(" AND number IN (");
    let mut listed = rows.separated(", ");
    for number in &numbers {
        listed.push_bind(*number);
    }
    rows.push(format!(") ORDER BY {}rank, due, number", super::NO_INDEX));
    let rows = rows.build().try_map(|row: Row| read_action(&row));
    rows.fetch_all(db).await
}

/// How many actions fit.
pub async fn count_actions(
    db: &mut Connection,
    workspace: Uuid,
    filter: &Filter,
) -> sqlx::Result<i64> {
    fitting(
        "SELECT COUNT(*) FROM action AS a WHERE a.workspace = ",
        workspace,
        filter,
    )
    .build_query_scalar()
    .fetch_one(db)
    .await
}

/// The open actions of an owner.
pub async fn list_open_of(
    db: &mut Connection,
    workspace: Uuid,
    owner: Uuid,
) -> sqlx::Result<Vec<Action>> {
    sqlx::query(
        "SELECT * FROM action WHERE workspace = $1 AND owner = $2 AND rank = 0
         ORDER BY due, number",
    )
    .bind(workspace.to_string())
    .bind(owner.to_string())
    .try_map(|row: Row| read_action(&row))
    .fetch_all(db)
    .await
}

/// The open actions that nobody owns.
pub async fn list_ownerless(db: &mut Connection, workspace: Uuid) -> sqlx::Result<Vec<Action>> {
    sqlx::query(
        "SELECT * FROM action WHERE workspace = $1 AND owner IS NULL AND rank = 0
         ORDER BY due, number",
    )
    .bind(workspace.to_string())
    .try_map(|row: Row| read_action(&row))
    .fetch_all(db)
    .await
}

/// The done actions that a person was named to check.
pub async fn list_to_check(
    db: &mut Connection,
    workspace: Uuid,
    verifier: Uuid,
) -> sqlx::Result<Vec<Action>> {
    sqlx::query(
        "SELECT * FROM action WHERE workspace = $1 AND verifier = $2 AND rank = 1
         ORDER BY due, number",
    )
    .bind(workspace.to_string())
    .bind(verifier.to_string())
    .try_map(|row: Row| read_action(&row))
    .fetch_all(db)
    .await
}

/// The done actions that nobody was named to check, or somebody who is not here any more.
pub async fn list_unchecked(db: &mut Connection, workspace: Uuid) -> sqlx::Result<Vec<Action>> {
    sqlx::query(
        "SELECT * FROM action AS a WHERE a.workspace = $1 AND a.rank = 1
           AND (a.verifier IS NULL OR EXISTS (SELECT 1 FROM person AS p
             WHERE p.workspace = a.workspace AND p.person = a.verifier AND NOT p.present))
         ORDER BY a.due, a.number",
    )
    .bind(workspace.to_string())
    .try_map(|row: Row| read_action(&row))
    .fetch_all(db)
    .await
}

/// The steps that are still to be done, with the number and the title of their action: those of one
/// person, or of everybody.
pub async fn list_steps_of(
    db: &mut Connection,
    workspace: Uuid,
    owner: Option<Uuid>,
) -> sqlx::Result<Vec<Owed>> {
    sqlx::query(
        "SELECT s.*, a.title FROM action_step AS s
         JOIN action AS a ON a.workspace = s.workspace AND a.number = s.action
         WHERE s.workspace = $1 AND s.done_at IS NULL AND ($2 IS NULL OR s.owner = $2)
           AND a.rank = 0 AND a.round = s.round
         ORDER BY s.due, s.action, s.number",
    )
    .bind(workspace.to_string())
    .bind(owner.map(|owner| owner.to_string()))
    .try_map(|row: Row| {
        Ok(Owed {
            action: row.try_get("action")?,
            title: row.try_get("title")?,
            step: read_step(&row)?,
        })
    })
    .fetch_all(db)
    .await
}

/// The most pressing actions, by number and title: for suggestions.
pub async fn list_titles(
    db: &mut Connection,
    workspace: Uuid,
    most: i64,
) -> sqlx::Result<Vec<(i64, String)>> {
    sqlx::query_as(
        "SELECT number, title FROM action WHERE workspace = $1 AND rank <= 1
         ORDER BY rank, due, number LIMIT $2",
    )
    .bind(workspace.to_string())
    .bind(most)
    .fetch_all(db)
    .await
}
