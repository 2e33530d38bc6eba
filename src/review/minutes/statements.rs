use sqlx::Row as _;
use sqlx::types::Json;
use uuid::Uuid;

use super::Db;
use crate::command::value::ReviewName;
use crate::review::minutes::rules::{Approval, Signature, Version};
use crate::store::word;

type Connection = <Db as sqlx::Database>::Connection;
type Row = <Db as sqlx::Database>::Row;

fn read_version(row: &Row) -> sqlx::Result<Version> {
    Ok(Version {
        number: row.try_get("version")?,
        sections: row.try_get::<Json<_>, _>("sections")?.0,
        by: word("written_by", row.try_get("written_by")?)?,
        at: row.try_get("written_at")?,
    })
}

/// Keeps a version of minutes.
pub async fn insert_version(
    db: &mut Connection,
    workspace: Uuid,
    review: ReviewName,
    version: &Version,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO review_minutes (workspace, review, version, sections, written_by, written_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(workspace.to_string())
    .bind(review.to_string())
    .bind(version.number)
    .bind(Json(&version.sections))
    .bind(version.by.to_string())
    .bind(version.at)
    .execute(db)
    .await
    .map(drop)
}

/// The newest version of the minutes of a review.
pub async fn find_newest(
    db: &mut Connection,
    workspace: Uuid,
    review: ReviewName,
) -> sqlx::Result<Option<Version>> {
    sqlx::query(
        "SELECT * FROM review_minutes WHERE workspace = $1 AND review = $2
         ORDER BY version DESC LIMIT 1",
    )
    .bind(workspace.to_string())
    .bind(review.to_string())
    .try_map(|row: Row| read_version(&row))
    .fetch_optional(db)
    .await
}

pub async fn insert_approval(
    db: &mut Connection,
    workspace: Uuid,
    review: ReviewName,
    approval: &Approval,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO review_approval
           (workspace, review, version, approved_by, in_place_of, approved_at, file)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(workspace.to_string())
    .bind(review.to_string())
    .bind(approval.version)
    .bind(approval.by.to_string())
    .bind(approval.in_place_of.map(|chair| chair.to_string()))
    .bind(approval.at)
    .bind(approval.file.as_str())
    .execute(db)
    .await
    .map(drop)
}

/// The approval of a version of minutes.
pub async fn find_approval(
    db: &mut Connection,
    workspace: Uuid,
    review: ReviewName,
    version: i64,
) -> sqlx::Result<Option<Approval>> {
    sqlx::query(
        "SELECT * FROM review_approval WHERE workspace = $1 AND review = $2 AND version = $3",
    )
    .bind(workspace.to_string())
    .bind(review.to_string())
    .bind(version)
    .try_map(|row: Row| {
        let chair: Option<&str> = row.try_get("in_place_of")?;
        Ok(Approval {
            version: row.try_get("version")?,
            by: word("approved_by", row.try_get("approved_by")?)?,
            in_place_of: chair.map(|chair| word("in_place_of", chair)).transpose()?,
            at: row.try_get("approved_at")?,
            file: word("file", row.try_get("file")?)?,
        })
    })
    .fetch_optional(db)
    .await
}

pub async fn insert_signature(
    db: &mut Connection,
    workspace: Uuid,
    review: ReviewName,
    signature: &Signature,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO review_signature (workspace, review, version, signer, file, signed_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(workspace.to_string())
    .bind(review.to_string())
    .bind(signature.version)
    .bind(signature.by.to_string())
    .bind(signature.file.as_str())
    .bind(signature.at)
    .execute(db)
    .await
    .map(drop)
}

/// The signatures under a version of minutes, in order.
pub async fn list_signatures(
    db: &mut Connection,
    workspace: Uuid,
    review: ReviewName,
    version: i64,
) -> sqlx::Result<Vec<Signature>> {
    sqlx::query(
        "SELECT * FROM review_signature WHERE workspace = $1 AND review = $2 AND version = $3
         ORDER BY signed_at, signer",
    )
    .bind(workspace.to_string())
    .bind(review.to_string())
    .bind(version)
    .try_map(|row: Row| {
        Ok(Signature {
            version: row.try_get("version")?,
            by: word("signer", row.try_get("signer")?)?,
            at: row.try_get("signed_at")?,
            file: word("file", row.try_get("file")?)?,
        })
    })
    .fetch_all(db)
    .await
}

/// Adds somebody who gets the minutes without taking part.
pub async fn insert_copy(
    db: &mut Connection,
    workspace: Uuid,
    review: ReviewName,
    person: Uuid,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO review_copy (workspace, review, person) VALUES ($1, $2, $3)
         ON CONFLICT DO NOTHING",
    )
    .bind(workspace.to_string())
    .bind(review.to_string())
    .bind(person.to_string())
    .execute(db)
    .await
    .map(drop)
}

/// Who gets the minutes without taking part.
pub async fn list_copies(
    db: &mut Connection,
    workspace: Uuid,
    review: ReviewName,
) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query(
        "SELECT person FROM review_copy WHERE workspace = $1 AND review = $2 ORDER BY person",
    )
    .bind(workspace.to_string())
    .bind(review.to_string())
    .try_map(|row: Row| word("person", row.try_get("person")?))
    .fetch_all(db)
    .await
}
