use sqlx::Row as _;
use uuid::Uuid;

use super::Db;
use crate::command::value::{FileRef, ReviewName};
use crate::review::plan::flow::Sent;
use crate::review::plan::rules::Change;
use crate::store::word;

type Connection = <Db as sqlx::Database>::Connection;
type Row = <Db as sqlx::Database>::Row;

/// Keeps that a review was moved or cancelled.
pub async fn insert_change(
    db: &mut Connection,
    workspace: Uuid,
    review: ReviewName,
    change: &Change,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO review_change
           (workspace, review, number, was_on, now_on, reason, changed_by, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(workspace.to_string())
    .bind(review.to_string())
    .bind(change.number)
    .bind(change.was_on)
    .bind(change.now_on)
    .bind(&change.reason)
    .bind(change.by.to_string())
    .bind(change.at)
    .execute(db)
    .await
    .map(drop)
}

/// What became of the dates of all reviews, oldest first.
pub async fn list_changes(
    db: &mut Connection,
    workspace: Uuid,
) -> sqlx::Result<Vec<(ReviewName, Change)>> {
    sqlx::query("SELECT * FROM review_change WHERE workspace = $1 ORDER BY review, number")
        .bind(workspace.to_string())
        .try_map(|row: Row| {
            let change = Change {
                number: row.try_get("number")?,
                was_on: row.try_get("was_on")?,
                now_on: row.try_get("now_on")?,
                reason: row.try_get("reason")?,
                by: word("changed_by", row.try_get("changed_by")?)?,
                at: row.try_get("changed_at")?,
            };
            Ok((word("review", row.try_get("review")?)?, change))
        })
        .fetch_all(db)
        .await
}

/// From now on the next review is planned by itself.
pub async fn begin_series(
    db: &mut Connection,
    workspace: Uuid,
    (by, at): (Uuid, chrono::DateTime<chrono::Utc>),
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO review_series (workspace, begun_by, begun_at) VALUES ($1, $2, $3)
         ON CONFLICT (workspace) DO NOTHING",
    )
    .bind(workspace.to_string())
    .bind(by.to_string())
    .bind(at)
    .execute(db)
    .await
    .map(drop)
}

/// False if there was none.
pub async fn end_series(db: &mut Connection, workspace: Uuid) -> sqlx::Result<bool> {
    let done = sqlx::query("DELETE FROM review_series WHERE workspace = $1")
        .bind(workspace.to_string())
        .execute(db)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Who began to plan one review after the other, if that is so.
pub async fn find_series(db: &mut Connection, workspace: Uuid) -> sqlx::Result<Option<Uuid>> {
    sqlx::query("SELECT begun_by FROM review_series WHERE workspace = $1")
        .bind(workspace.to_string())
        .try_map(|row: Row| word("begun_by", row.try_get("begun_by")?))
        .fetch_optional(db)
        .await
}

/// Keeps which pack was sent before a review.
pub async fn save_pack(
    db: &mut Connection,
    workspace: Uuid,
    review: ReviewName,
    sent: &Sent,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO review_pack (workspace, review, held_on, pdf, markdown, sent_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(workspace.to_string())
    .bind(review.to_string())
    .bind(sent.on)
    .bind(sent.pdf.as_str())
    .bind(sent.markdown.as_str())
    .bind(sent.at)
    .execute(db)
    .await
    .map(drop)
}

/// The packs that were sent before a review, the newest first.
pub async fn list_packs(
    db: &mut Connection,
    workspace: Uuid,
    review: ReviewName,
) -> sqlx::Result<Vec<Sent>> {
    sqlx::query(
        "SELECT * FROM review_pack WHERE workspace = $1 AND review = $2 ORDER BY sent_at DESC",
    )
    .bind(workspace.to_string())
    .bind(review.to_string())
    .try_map(|row: Row| {
        let file = |name: &'static str| -> sqlx::Result<FileRef> { word(name, row.try_get(name)?) };
        Ok(Sent {
            on: row.try_get("held_on")?,
            pdf: file("pdf")?,
            markdown: file("markdown")?,
            at: row.try_get("sent_at")?,
        })
    })
    .fetch_all(db)
    .await
}
