use chrono::{DateTime, Utc};
use sqlx::Row as _;
use sqlx::types::Json;
use uuid::Uuid;

use super::Db;
use crate::audit::auditor::rules::{Guest, Involved, Override};
use crate::command::value::AuditName;
use crate::store::word;

type Connection = <Db as sqlx::Database>::Connection;
type Row = <Db as sqlx::Database>::Row;

/// Puts a person beside the auditor who leads.
pub async fn insert_member(
    db: &mut Connection,
    workspace: Uuid,
    audit: AuditName,
    person: Uuid,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO audit_member (workspace, audit, person) VALUES ($1, $2, $3)
         ON CONFLICT (workspace, audit, person) DO NOTHING",
    )
    .bind(workspace.to_string())
    .bind(audit.to_string())
    .bind(person.to_string())
    .execute(db)
    .await
    .map(drop)
}

pub async fn delete_member(
    db: &mut Connection,
    workspace: Uuid,
    audit: AuditName,
    person: Uuid,
) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM audit_member WHERE workspace = $1 AND audit = $2 AND person = $3")
        .bind(workspace.to_string())
        .bind(audit.to_string())
        .bind(person.to_string())
        .execute(db)
        .await
        .map(drop)
}

/// The persons beside the auditors who lead, with their audits.
pub async fn list_members(
    db: &mut Connection,
    workspace: Uuid,
) -> sqlx::Result<Vec<(AuditName, Uuid)>> {
    sqlx::query(
        "SELECT audit, person FROM audit_member WHERE workspace = $1 ORDER BY audit, person",
    )
    .bind(workspace.to_string())
    .try_map(|row: Row| {
        let audit = word("audit", row.try_get("audit")?)?;
        Ok((audit, word("person", row.try_get("person")?)?))
    })
    .fetch_all(db)
    .await
}

/// Names a guest, or says anew what they can.
pub async fn save_guest(
    db: &mut Connection,
    workspace: Uuid,
    audit: AuditName,
    guest: &Guest,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO audit_guest (workspace, audit, name, competence) VALUES ($1, $2, $3, $4)
         ON CONFLICT (workspace, audit, name) DO UPDATE SET competence = excluded.competence",
    )
    .bind(workspace.to_string())
    .bind(audit.to_string())
    .bind(&guest.name)
    .bind(&guest.competence)
    .execute(db)
    .await
    .map(drop)
}

pub async fn delete_guest(
    db: &mut Connection,
    workspace: Uuid,
    audit: AuditName,
    name: &str,
) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM audit_guest WHERE workspace = $1 AND audit = $2 AND name = $3")
        .bind(workspace.to_string())
        .bind(audit.to_string())
        .bind(name)
        .execute(db)
        .await
        .map(drop)
}

/// The guests of one audit.
pub async fn list_guests(
    db: &mut Connection,
    workspace: Uuid,
    audit: AuditName,
) -> sqlx::Result<Vec<Guest>> {
    sqlx::query(
        "SELECT name, competence FROM audit_guest WHERE workspace = $1 AND audit = $2 ORDER BY name",
    )
    .bind(workspace.to_string())
    .bind(audit.to_string())
    .try_map(|row: Row| {
        Ok(Guest {
            name: row.try_get("name")?,
            competence: row.try_get("competence")?,
        })
    })
    .fetch_all(db)
    .await
}

/// Keeps that somebody may audit, though something speaks against it.
pub async fn insert_override(
    db: &mut Connection,
    workspace: Uuid,
    audit: AuditName,
    decided: &Override,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO audit_override
           (workspace, audit, number, person, doubts, reason, decided_by, decided_at)
         VALUES ($1, $2,
           (SELECT COALESCE(MAX(number), 0) + 1 FROM audit_override
            WHERE workspace = $1 AND audit = $2),
           $3, $4, $5, $6, $7)",
    )
    .bind(workspace.to_string())
    .bind(audit.to_string())
    .bind(decided.person.to_string())
    .bind(Json(&decided.doubts))
    .bind(&decided.reason)
    .bind(decided.by.to_string())
    .bind(decided.at)
    .execute(db)
    .await
    .map(drop)
}

/// The overrides of one audit, in the order they were decided.
pub async fn list_overrides(
    db: &mut Connection,
    workspace: Uuid,
    audit: AuditName,
) -> sqlx::Result<Vec<Override>> {
    sqlx::query("SELECT * FROM audit_override WHERE workspace = $1 AND audit = $2 ORDER BY number")
        .bind(workspace.to_string())
        .bind(audit.to_string())
        .try_map(|row: Row| {
            Ok(Override {
                person: word("person", row.try_get("person")?)?,
                doubts: row.try_get::<Json<_>, _>("doubts")?.0,
                reason: row.try_get("reason")?,
                by: word("decided_by", row.try_get("decided_by")?)?,
                at: row.try_get("decided_at")?,
            })
        })
        .fetch_all(db)
        .await
}

/// Who has a part in actions about requirements: owners, those with a step of the plan, and who looked
/// whether they worked. What was settled before an instant is left out.
pub async fn list_involved(
    db: &mut Connection,
    workspace: Uuid,
    since: DateTime<Utc>,
) -> sqlx::Result<Vec<Involved>> {
    sqlx::query(
        "SELECT number, control, owner AS person, 'owner' AS part FROM action
           WHERE workspace = $1 AND control IS NOT NULL AND owner IS NOT NULL
             AND state <> 'cancelled' AND (verified_at IS NULL OR verified_at >= $2)
         UNION
         SELECT action.number, action.control, step.owner AS person, 'step' AS part
           FROM action JOIN action_step AS step
             ON step.workspace = action.workspace AND step.action = action.number
               AND step.round = action.round
           WHERE action.workspace = $1 AND action.control IS NOT NULL
             AND (action.owner IS NULL OR action.owner <> step.owner)
             AND action.state <> 'cancelled'
             AND (action.verified_at IS NULL OR action.verified_at >= $2)
         UNION
         SELECT number, control, verified_by AS person, 'verifier' AS part FROM action
           WHERE workspace = $1 AND control IS NOT NULL AND verified_by IS NOT NULL
             AND verified_at >= $2
         ORDER BY 1, 4, 3",
    )
    .bind(workspace.to_string())
    .bind(since)
    .try_map(|row: Row| {
        Ok(Involved {
            action: row.try_get("number")?,
            control: row.try_get("control")?,
            person: word("person", row.try_get("person")?)?,
            part: word("part", row.try_get("part")?)?,
        })
    })
    .fetch_all(db)
    .await
}
