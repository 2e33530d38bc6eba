use sqlx::Row as _;
use uuid::Uuid;

use super::Db;
use crate::audit::closing::rules::Report;
use crate::command::value::AuditName;
use crate::store::word;

type Connection = <Db as sqlx::Database>::Connection;
type Row = <Db as sqlx::Database>::Row;

pub async fn insert_report(
    db: &mut Connection,
    workspace: Uuid,
    report: &Report,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO audit_report (workspace, audit, summary, pdf, markdown, made_by, made_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(workspace.to_string())
    .bind(report.audit.to_string())
    .bind(&report.summary)
    .bind(report.pdf.as_str())
    .bind(report.markdown.as_str())
    .bind(report.by.to_string())
    .bind(report.at)
    .execute(db)
    .await
    .map(drop)
}

pub async fn find_report(
    db: &mut Connection,
    workspace: Uuid,
    audit: AuditName,
) -> sqlx::Result<Option<Report>> {
    sqlx::query("SELECT * FROM audit_report WHERE workspace = $1 AND audit = $2")
        .bind(workspace.to_string())
        .bind(audit.to_string())
        .try_map(|row: Row| {
            Ok(Report {
                audit: word("audit", row.try_get("audit")?)?,
                summary: row.try_get("summary")?,
                pdf: word("pdf", row.try_get("pdf")?)?,
                markdown: word("markdown", row.try_get("markdown")?)?,
                by: word("made_by", row.try_get("made_by")?)?,
                at: row.try_get("made_at")?,
            })
        })
        .fetch_optional(db)
        .await
}

/// Keeps that an audit was planned to look at a finding again.
pub async fn insert_follow_up(
    db: &mut Connection,
    workspace: Uuid,
    audit: AuditName,
    finding: i64,
) -> sqlx::Result<()> {
    sqlx::query("INSERT INTO audit_follow_up (workspace, audit, finding) VALUES ($1, $2, $3)")
        .bind(workspace.to_string())
        .bind(audit.to_string())
        .bind(finding)
        .execute(db)
        .await
        .map(drop)
}

/// Which audits were planned to look at which findings again.
pub async fn list_follow_ups(
    db: &mut Connection,
    workspace: Uuid,
) -> sqlx::Result<Vec<(AuditName, i64)>> {
    sqlx::query(
        "SELECT audit, finding FROM audit_follow_up WHERE workspace = $1 ORDER BY audit, finding",
    )
    .bind(workspace.to_string())
    .try_map(|row: Row| {
        Ok((
            word("audit", row.try_get("audit")?)?,
            row.try_get("finding")?,
        ))
    })
    .fetch_all(db)
    .await
}
