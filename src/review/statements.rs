use sqlx::Row as _;
use uuid::Uuid;

use super::Db;
use crate::command::value::ReviewName;
use crate::review::rules::{Answer, Input, Review};
use crate::store::word;

type Connection = <Db as sqlx::Database>::Connection;
type Row = <Db as sqlx::Database>::Row;

fn read_review(row: &Row) -> sqlx::Result<Review> {
    let chair: Option<&str> = row.try_get("chair")?;
    Ok(Review {
        name: word("review", row.try_get("review")?)?,
        title: row.try_get("title")?,
        on: row.try_get("held_on")?,
        starts: row.try_get("starts_at")?,
        minutes: row.try_get("minutes")?,
        place: row.try_get("place")?,
        chair: chair.map(|id| word("chair", id)).transpose()?,
        sequence: row.try_get("sequence")?,
        state: word("state", row.try_get("state")?)?,
        finished_on: row.try_get("finished_on")?,
        conclusion: row.try_get("conclusion")?,
    })
}

fn read_input(row: &Row) -> sqlx::Result<Input> {
    let by: Option<&str> = row.try_get("answered_by")?;
    let answer = match (by, row.try_get("answered_at")?) {
        (Some(by), Some(at)) => Some(Answer {
            text: row.try_get("answer")?,
            climate: row.try_get("climate")?,
            by: word("answered_by", by)?,
            at,
        }),
        _ => None,
    };
    Ok(Input {
        item: word("item", row.try_get("item")?)?,
        owner: word("owner", row.try_get("owner")?)?,
        answer,
    })
}

/// Inserts the review, or replaces the row of the one with its name.
pub async fn save_review(
    db: &mut Connection,
    workspace: Uuid,
    review: &Review,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO review
           (workspace, review, title, held_on, state, finished_on, conclusion, starts_at, minutes,
            place, chair, sequence)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (workspace, review) DO UPDATE SET
            title = excluded.title, held_on = excluded.held_on, state = excluded.state,
            finished_on = excluded.finished_on, conclusion = excluded.conclusion,
            starts_at = excluded.starts_at, minutes = excluded.minutes, place = excluded.place,
            chair = excluded.chair, sequence = excluded.sequence",
    )
    .bind(workspace.to_string())
    .bind(review.name.to_string())
    .bind(&review.title)
    .bind(review.on)
    .bind(review.state.to_string())
    .bind(review.finished_on)
    .bind(&review.conclusion)
    .bind(review.starts)
    .bind(review.minutes)
    .bind(&review.place)
    .bind(review.chair.map(|id| id.to_string()))
    .bind(review.sequence)
    .execute(db)
    .await
    .map(drop)
}

/// All reviews, the newest first.
pub async fn list_reviews(db: &mut Connection, workspace: Uuid) -> sqlx::Result<Vec<Review>> {
    sqlx::query("SELECT * FROM review WHERE workspace = $1 ORDER BY held_on DESC, review DESC")
        .bind(workspace.to_string())
        .try_map(|row: Row| read_review(&row))
        .fetch_all(db)
        .await
}

pub async fn find_review(
    db: &mut Connection,
    workspace: Uuid,
    name: ReviewName,
) -> sqlx::Result<Option<Review>> {
    sqlx::query("SELECT * FROM review WHERE workspace = $1 AND review = $2")
        .bind(workspace.to_string())
        .bind(name.to_string())
        .try_map(|row: Row| read_review(&row))
        .fetch_optional(db)
        .await
}

/// Adds a participant, if they are not one already.
pub async fn insert_participant(
    db: &mut Connection,
    workspace: Uuid,
    review: ReviewName,
    person: Uuid,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO review_participant (workspace, review, person) VALUES ($1, $2, $3)
         ON CONFLICT DO NOTHING",
    )
    .bind(workspace.to_string())
    .bind(review.to_string())
    .bind(person.to_string())
    .execute(db)
    .await
    .map(drop)
}

pub async fn delete_participant(
    db: &mut Connection,
    workspace: Uuid,
    review: ReviewName,
    person: Uuid,
) -> sqlx::Result<()> {
    sqlx::query(
        "DELETE FROM review_participant WHERE workspace = $1 AND review = $2 AND person = $3",
    )
    .bind(workspace.to_string())
    .bind(review.to_string())
    .bind(person.to_string())
    .execute(db)
    .await
    .map(drop)
}

/// Who takes part.
pub async fn list_participants(
    db: &mut Connection,
    workspace: Uuid,
    review: ReviewName,
) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query(
        "SELECT person FROM review_participant WHERE workspace = $1 AND review = $2
         ORDER BY person",
    )
    .bind(workspace.to_string())
    .bind(review.to_string())
    .try_map(|row: Row| word("person", row.try_get("person")?))
    .fetch_all(db)
    .await
}

/// Inserts the input, or replaces the row of the one with its letter.
pub async fn save_input(
    db: &mut Connection,
    workspace: Uuid,
    review: ReviewName,
    input: &Input,
) -> sqlx::Result<()> {
    let answer = input.answer.as_ref();
    sqlx::query(
        "INSERT INTO review_input
           (workspace, review, item, owner, answer, answered_by, answered_at, climate)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (workspace, review, item) DO UPDATE SET
            owner = excluded.owner, answer = excluded.answer,
            answered_by = excluded.answered_by, answered_at = excluded.answered_at,
            climate = excluded.climate",
    )
    .bind(workspace.to_string())
    .bind(review.to_string())
    .bind(input.item.to_string())
    .bind(input.owner.to_string())
    .bind(answer.and_then(|answer| answer.text.clone()))
    .bind(answer.map(|answer| answer.by.to_string()))
    .bind(answer.map(|answer| answer.at))
    .bind(answer.and_then(|answer| answer.climate.clone()))
    .execute(db)
    .await
    .map(drop)
}

/// The inputs of a review, (a) to (g).
pub async fn list_inputs(
    db: &mut Connection,
    workspace: Uuid,
    review: ReviewName,
) -> sqlx::Result<Vec<Input>> {
    sqlx::query("SELECT * FROM review_input WHERE workspace = $1 AND review = $2 ORDER BY item")
        .bind(workspace.to_string())
        .bind(review.to_string())
        .try_map(|row: Row| read_input(&row))
        .fetch_all(db)
        .await
}

/// The unanswered inputs that a person owns in reviews that still take inputs.
pub async fn list_owed_inputs(
    db: &mut Connection,
    workspace: Uuid,
    owner: Uuid,
) -> sqlx::Result<Vec<(Review, Input)>> {
    sqlx::query(
        "SELECT review.*, item, owner, answer, answered_by, answered_at, climate
         FROM review_input JOIN review
           ON review.workspace = review_input.workspace AND review.review = review_input.review
         WHERE review_input.workspace = $1 AND owner = $2 AND answered_at IS NULL
           AND state = 'scheduled'
         ORDER BY held_on, review.review, item",
    )
    .bind(workspace.to_string())
    .bind(owner.to_string())
    .try_map(|row: Row| Ok((read_review(&row)?, read_input(&row)?)))
    .fetch_all(db)
    .await
}
