use sqlx::Row as _;
use sqlx::types::Json;
use uuid::Uuid;

use super::Db;
use crate::review::risk::rules::{Intake, Risk};
use crate::store::word;

type Connection = <Db as sqlx::Database>::Connection;
type Row = <Db as sqlx::Database>::Row;

/// The register makes place for another; what it came to stays.
pub async fn forget_risks(db: &mut Connection, workspace: Uuid) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM risk WHERE workspace = $1")
        .bind(workspace.to_string())
        .execute(db)
        .await
        .map(drop)
}

pub async fn insert_risk(db: &mut Connection, workspace: Uuid, risk: &Risk) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO risk (workspace, risk, title, level, treatment, owner, due, status)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(workspace.to_string())
    .bind(&risk.id)
    .bind(&risk.title)
    .bind(risk.level.to_string())
    .bind(risk.treatment.as_deref().unwrap_or_default())
    .bind(&risk.owner)
    .bind(risk.due)
    .bind(risk.status.to_string())
    .execute(db)
    .await
    .map(drop)
}

pub async fn list_risks(db: &mut Connection, workspace: Uuid) -> sqlx::Result<Vec<Risk>> {
    sqlx::query("SELECT * FROM risk WHERE workspace = $1 ORDER BY risk")
        .bind(workspace.to_string())
        .try_map(|row: Row| {
            let treatment: String = row.try_get("treatment")?;
            Ok(Risk {
                id: row.try_get("risk")?,
                title: row.try_get("title")?,
                level: word("level", row.try_get("level")?)?,
                treatment: (!treatment.is_empty()).then_some(treatment),
                owner: row.try_get("owner")?,
                due: row.try_get("due")?,
                status: word("status", row.try_get("status")?)?,
            })
        })
        .fetch_all(db)
        .await
}

pub async fn insert_intake(
    db: &mut Connection,
    workspace: Uuid,
    number: i64,
    intake: &Intake,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO risk_intake (workspace, number, taken_at, taken_by, via, file, counts)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(workspace.to_string())
    .bind(number)
    .bind(intake.at)
    .bind(intake.by.map(|id| id.to_string()))
    .bind(&intake.via)
    .bind(intake.file.as_ref().map(|file| file.as_str()))
    .bind(Json(&intake.counts))
    .execute(db)
    .await
    .map(drop)
}

/// Each time the register was taken in, oldest first.
pub async fn list_intakes(db: &mut Connection, workspace: Uuid) -> sqlx::Result<Vec<Intake>> {
    sqlx::query("SELECT * FROM risk_intake WHERE workspace = $1 ORDER BY number")
        .bind(workspace.to_string())
        .try_map(|row: Row| {
            let by: Option<&str> = row.try_get("taken_by")?;
            let file: Option<&str> = row.try_get("file")?;
            Ok(Intake {
                at: row.try_get("taken_at")?,
                by: by.map(|id| word("taken_by", id)).transpose()?,
                via: row.try_get("via")?,
                file: file.map(|file| word("file", file)).transpose()?,
                counts: row.try_get::<Json<_>, _>("counts")?.0,
            })
        })
        .fetch_all(db)
        .await
}
