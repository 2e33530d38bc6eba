use sqlx::Row as _;
use uuid::Uuid;

use super::Db;
use crate::audit::finding::rules::{Answer, Decision, Finding};
use crate::command::value::AuditName;
use crate::store::word;

type Connection = <Db as sqlx::Database>::Connection;
type Row = <Db as sqlx::Database>::Row;

fn read_finding(row: &Row) -> sqlx::Result<Finding> {
    let file: Option<&str> = row.try_get("evidence_file")?;
    let by: Option<&str> = row.try_get("answered_by")?;
    let answer = match (by, row.try_get("answered_at")?) {
        (Some(by), Some(at)) => Some(Answer {
            by: word("answered_by", by)?,
            at,
            reason: row.try_get("answer")?,
        }),
        _ => None,
    };
    let decided: Option<&str> = row.try_get("decided_by")?;
    let decision = match (
        decided,
        row.try_get("decided_at")?,
        row.try_get("decision")?,
    ) {
        (Some(by), Some(at), Some(reason)) => Some(Decision {
            by: word("decided_by", by)?,
            at,
            reason,
        }),
        _ => None,
    };
    Ok(Finding {
        number: row.try_get("number")?,
        audit: word("audit", row.try_get("audit")?)?,
        requirement: word("requirement", row.try_get("requirement")?)?,
        grade: word("grade", row.try_get("grade")?)?,
        statement: row.try_get("statement")?,
        evidence: row.try_get("evidence")?,
        evidence_file: file.map(|file| word("evidence_file", file)).transpose()?,
        state: word("state", row.try_get("state")?)?,
        action: row.try_get("action")?,
        by: word("found_by", row.try_get("found_by")?)?,
        at: row.try_get("found_at")?,
        answer_by: row.try_get("answer_by")?,
        answer,
        decision,
    })
}

/// Inserts the finding, or replaces the row of the one with its number.
pub async fn save_finding(
    db: &mut Connection,
    workspace: Uuid,
    finding: &Finding,
) -> sqlx::Result<()> {
    let answer = finding.answer.as_ref();
    let decision = finding.decision.as_ref();
    sqlx::query(
        "INSERT INTO finding
           (workspace, number, audit, requirement, grade, statement, evidence, evidence_file,
            state, action, found_by, found_at, answered_by, answered_at, answer, answer_by,
            decided_by, decided_at, decision)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
            $19)
         ON CONFLICT (workspace, number) DO UPDATE SET
            requirement = excluded.requirement, grade = excluded.grade,
            statement = excluded.statement, evidence = excluded.evidence,
            evidence_file = excluded.evidence_file, state = excluded.state,
            action = excluded.action, answered_by = excluded.answered_by,
            answered_at = excluded.answered_at, answer = excluded.answer,
            answer_by = excluded.answer_by, decided_by = excluded.decided_by,
            decided_at = excluded.decided_at, decision = excluded.decision",
    )
    .bind(workspace.to_string())
    .bind(finding.number)
    .bind(finding.audit.to_string())
    .bind(finding.requirement.as_str())
    .bind(finding.grade.to_string())
    .bind(&finding.statement)
    .bind(&finding.evidence)
    .bind(finding.evidence_file.as_ref().map(ToString::to_string))
    .bind(finding.state.to_string())
    .bind(finding.action)
    .bind(finding.by.to_string())
    .bind(finding.at)
    .bind(answer.map(|answer| answer.by.to_string()))
    .bind(answer.map(|answer| answer.at))
    .bind(answer.and_then(|answer| answer.reason.clone()))
    .bind(finding.answer_by)
    .bind(decision.map(|decision| decision.by.to_string()))
    .bind(decision.map(|decision| decision.at))
    .bind(decision.map(|decision| decision.reason.clone()))
    .execute(db)
    .await
    .map(drop)
}

/// The number of the next finding.
pub async fn next_number(db: &mut Connection, workspace: Uuid) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT COALESCE(MAX(number), 0) + 1 FROM finding WHERE workspace = $1")
        .bind(workspace.to_string())
        .fetch_one(db)
        .await
}

pub async fn find_finding(
    db: &mut Connection,
    workspace: Uuid,
    number: i64,
) -> sqlx::Result<Option<Finding>> {
    sqlx::query("SELECT * FROM finding WHERE workspace = $1 AND number = $2")
        .bind(workspace.to_string())
        .bind(number)
        .try_map(|row: Row| read_finding(&row))
        .fetch_optional(db)
        .await
}

/// All findings, the oldest first.
pub async fn list_findings(db: &mut Connection, workspace: Uuid) -> sqlx::Result<Vec<Finding>> {
    sqlx::query("SELECT * FROM finding WHERE workspace = $1 ORDER BY number")
        .bind(workspace.to_string())
        .try_map(|row: Row| read_finding(&row))
        .fetch_all(db)
        .await
}

/// The findings of one audit, the oldest first.
pub async fn list_of_audit(
    db: &mut Connection,
    workspace: Uuid,
    audit: AuditName,
) -> sqlx::Result<Vec<Finding>> {
    sqlx::query("SELECT * FROM finding WHERE workspace = $1 AND audit = $2 ORDER BY number")
        .bind(workspace.to_string())
        .bind(audit.to_string())
        .try_map(|row: Row| read_finding(&row))
        .fetch_all(db)
        .await
}
