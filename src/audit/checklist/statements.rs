use sqlx::Row as _;
use sqlx::types::Json;
use uuid::Uuid;

use super::Db;
use crate::audit::checklist::rules::{Item, Sample};
use crate::command::value::AuditName;
use crate::store::word;

type Connection = <Db as sqlx::Database>::Connection;
type Row = <Db as sqlx::Database>::Row;

fn read_item(row: &Row) -> sqlx::Result<Item> {
    let file: Option<&str> = row.try_get("evidence_file")?;
    Ok(Item {
        audit: word("audit", row.try_get("audit")?)?,
        requirement: word("requirement", row.try_get("requirement")?)?,
        result: word("result", row.try_get("result")?)?,
        methods: row.try_get::<Json<_>, _>("methods")?.0,
        sample: Sample {
            population: row.try_get("population")?,
            size: row.try_get("sample")?,
            chosen: row.try_get("chosen")?,
        },
        evidence: row.try_get("evidence")?,
        evidence_file: file.map(|file| word("evidence_file", file)).transpose()?,
        note: row.try_get("note")?,
        by: word("checked_by", row.try_get("checked_by")?)?,
        at: row.try_get("checked_at")?,
        version: row.try_get("version")?,
    })
}

/// Inserts the item, or replaces the row of the one with its requirement.
pub async fn save_item(db: &mut Connection, workspace: Uuid, item: &Item) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO audit_item
           (workspace, audit, requirement, result, methods, population, sample, chosen, evidence,
            evidence_file, note, checked_by, checked_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
         ON CONFLICT (workspace, audit, requirement) DO UPDATE SET
            result = excluded.result, methods = excluded.methods,
            population = excluded.population, sample = excluded.sample, chosen = excluded.chosen,
            evidence = excluded.evidence, evidence_file = excluded.evidence_file,
            note = excluded.note, checked_by = excluded.checked_by,
            checked_at = excluded.checked_at, version = excluded.version",
    )
    .bind(workspace.to_string())
    .bind(item.audit.to_string())
    .bind(item.requirement.as_str())
    .bind(item.result.to_string())
    .bind(Json(&item.methods))
    .bind(&item.sample.population)
    .bind(&item.sample.size)
    .bind(&item.sample.chosen)
    .bind(&item.evidence)
    .bind(item.evidence_file.as_ref().map(ToString::to_string))
    .bind(&item.note)
    .bind(item.by.to_string())
    .bind(item.at)
    .bind(item.version)
    .execute(db)
    .await
    .map(drop)
}

/// What was put down in one audit.
pub async fn list_items(
    db: &mut Connection,
    workspace: Uuid,
    audit: AuditName,
) -> sqlx::Result<Vec<Item>> {
    sqlx::query("SELECT * FROM audit_item WHERE workspace = $1 AND audit = $2 ORDER BY requirement")
        .bind(workspace.to_string())
        .bind(audit.to_string())
        .try_map(|row: Row| read_item(&row))
        .fetch_all(db)
        .await
}

/// What was put down in all audits.
pub async fn list_all_items(db: &mut Connection, workspace: Uuid) -> sqlx::Result<Vec<Item>> {
    sqlx::query("SELECT * FROM audit_item WHERE workspace = $1 ORDER BY audit, requirement")
        .bind(workspace.to_string())
        .try_map(|row: Row| read_item(&row))
        .fetch_all(db)
        .await
}
