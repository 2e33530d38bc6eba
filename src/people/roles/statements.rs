use sqlx::Row as _;
use uuid::Uuid;

use super::Db;
use crate::command::value::FileRef;
use crate::people::roles::rules::{Competence, RoleChange, Training};
use crate::people::{Role, RoleFrom};
use crate::store::word;

type Connection = <Db as sqlx::Database>::Connection;
type Row = <Db as sqlx::Database>::Row;

pub async fn set_role(
    db: &mut Connection,
    workspace: Uuid,
    person: Uuid,
    role: Role,
    from: RoleFrom,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE person SET role = $3, role_from = $4 WHERE workspace = $1 AND person = $2")
        .bind(workspace.to_string())
        .bind(person.to_string())
        .bind(role.to_string())
        .bind(from.to_string())
        .execute(db)
        .await
        .map(drop)
}

pub async fn insert_change(
    db: &mut Connection,
    workspace: Uuid,
    change: &RoleChange,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO role_change
           (workspace, person, number, role, was, reason, given_by, given_at)
         VALUES ($1, $2,
           (SELECT COALESCE(MAX(number), 0) + 1 FROM role_change
            WHERE workspace = $1 AND person = $2),
           $3, $4, $5, $6, $7)",
    )
    .bind(workspace.to_string())
    .bind(change.person.to_string())
    .bind(change.role.to_string())
    .bind(change.was.to_string())
    .bind(&change.reason)
    .bind(change.by.to_string())
    .bind(change.at)
    .execute(db)
    .await
    .map(drop)
}

/// The last change of each person's role.
pub async fn list_changes(db: &mut Connection, workspace: Uuid) -> sqlx::Result<Vec<RoleChange>> {
    sqlx::query(
        "SELECT * FROM role_change AS mine WHERE workspace = $1
           AND number = (SELECT MAX(number) FROM role_change AS other
             WHERE other.workspace = mine.workspace AND other.person = mine.person)
         ORDER BY person",
    )
    .bind(workspace.to_string())
    .try_map(|row: Row| {
        Ok(RoleChange {
            person: word("person", row.try_get("person")?)?,
            role: word("role", row.try_get("role")?)?,
            was: word("was", row.try_get("was")?)?,
            reason: row.try_get("reason")?,
            by: word("given_by", row.try_get("given_by")?)?,
            at: row.try_get("given_at")?,
        })
    })
    .fetch_all(db)
    .await
}

/// Records a training. Says which number it has among the person's.
pub async fn insert_competence(
    db: &mut Connection,
    workspace: Uuid,
    record: &Competence,
    withdraws: Option<i64>,
) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "INSERT INTO competence
           (workspace, person, number, training, held_on, valid_until, evidence, withdraws,
            recorded_by, recorded_at, file)
         VALUES ($1, $2,
           (SELECT COALESCE(MAX(number), 0) + 1 FROM competence
            WHERE workspace = $1 AND person = $2),
           $3, $4, $5, $6, $7, $8, $9, $10)
         RETURNING number",
    )
    .bind(workspace.to_string())
    .bind(record.person.to_string())
    .bind(&record.training.training)
    .bind(record.training.on)
    .bind(record.training.until)
    .bind(&record.training.evidence)
    .bind(withdraws)
    .bind(record.by.to_string())
    .bind(record.at)
    .bind(record.training.file.as_ref().map(FileRef::as_str))
    .fetch_one(db)
    .await
}

/// What is recorded and was not taken back.
pub async fn list_competence(
    db: &mut Connection,
    workspace: Uuid,
) -> sqlx::Result<Vec<Competence>> {
    sqlx::query(
        "SELECT * FROM competence AS mine WHERE workspace = $1 AND withdraws IS NULL
           AND NOT EXISTS (SELECT 1 FROM competence AS other
             WHERE other.workspace = mine.workspace AND other.person = mine.person
               AND other.withdraws = mine.number)
         ORDER BY person, number",
    )
    .bind(workspace.to_string())
    .try_map(|row: Row| {
        let file: Option<&str> = row.try_get("file")?;
        Ok(Competence {
            person: word("person", row.try_get("person")?)?,
            number: row.try_get("number")?,
            training: Training {
                training: row.try_get("training")?,
                on: row.try_get("held_on")?,
                until: row.try_get("valid_until")?,
                evidence: row.try_get("evidence")?,
                file: file.map(|file| word("file", file)).transpose()?,
            },
            by: word("recorded_by", row.try_get("recorded_by")?)?,
            at: row.try_get("recorded_at")?,
        })
    })
    .fetch_all(db)
    .await
}
