use sqlx::Row as _;
use uuid::Uuid;

use super::Db;
use crate::command::value::ReportSpan;
use crate::report::rules::{Edition, Evaluation};
use crate::store::word;

type Connection = <Db as sqlx::Database>::Connection;
type Row = <Db as sqlx::Database>::Row;

fn read_edition(row: &Row) -> sqlx::Result<Edition> {
    let by: Option<&str> = row.try_get("published_by")?;
    Ok(Edition {
        span: word("period", row.try_get("period")?)?,
        number: row.try_get("edition")?,
        at: row.try_get("published_at")?,
        by: by.map(|by| word("published_by", by)).transpose()?,
        summary: row.try_get("summary")?,
        pdf: word("pdf", row.try_get("pdf")?)?,
        markdown: word("markdown", row.try_get("markdown")?)?,
        csv: word("csv", row.try_get("csv")?)?,
    })
}

pub async fn insert_edition(
    db: &mut Connection,
    workspace: Uuid,
    edition: &Edition,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO report
           (workspace, period, edition, summary, pdf, markdown, csv, published_by, published_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(workspace.to_string())
    .bind(edition.span.to_string())
    .bind(edition.number)
    .bind(&edition.summary)
    .bind(edition.pdf.as_str())
    .bind(edition.markdown.as_str())
    .bind(edition.csv.as_str())
    .bind(edition.by.map(|by| by.to_string()))
    .bind(edition.at)
    .execute(db)
    .await
    .map(drop)
}

/// The edition of a span that stands.
pub async fn find_edition(
    db: &mut Connection,
    workspace: Uuid,
    span: ReportSpan,
) -> sqlx::Result<Option<Edition>> {
    sqlx::query(
        "SELECT * FROM report WHERE workspace = $1 AND period = $2 ORDER BY edition DESC LIMIT 1",
    )
    .bind(workspace.to_string())
    .bind(span.to_string())
    .try_map(|row: Row| read_edition(&row))
    .fetch_optional(db)
    .await
}

/// The edition with this number.
pub async fn find_nth(
    db: &mut Connection,
    workspace: Uuid,
    span: ReportSpan,
    number: i64,
) -> sqlx::Result<Option<Edition>> {
    sqlx::query("SELECT * FROM report WHERE workspace = $1 AND period = $2 AND edition = $3")
        .bind(workspace.to_string())
        .bind(span.to_string())
        .bind(number)
        .try_map(|row: Row| read_edition(&row))
        .fetch_optional(db)
        .await
}

/// What was published last.
pub async fn find_last(db: &mut Connection, workspace: Uuid) -> sqlx::Result<Option<Edition>> {
    sqlx::query(
        "SELECT * FROM report WHERE workspace = $1
         ORDER BY published_at DESC, period DESC, edition DESC LIMIT 1",
    )
    .bind(workspace.to_string())
    .try_map(|row: Row| read_edition(&row))
    .fetch_optional(db)
    .await
}

pub async fn insert_evaluation(
    db: &mut Connection,
    workspace: Uuid,
    edition: &Edition,
    (number, evaluation): (i64, &Evaluation),
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO report_evaluation
           (workspace, period, edition, number, person, conclusion, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(workspace.to_string())
    .bind(edition.span.to_string())
    .bind(edition.number)
    .bind(number)
    .bind(evaluation.person.to_string())
    .bind(&evaluation.conclusion)
    .bind(evaluation.at)
    .execute(db)
    .await
    .map(drop)
}

/// Who has evaluated an edition, in order.
pub async fn list_evaluations(
    db: &mut Connection,
    workspace: Uuid,
    edition: &Edition,
) -> sqlx::Result<Vec<Evaluation>> {
    sqlx::query(
        "SELECT * FROM report_evaluation
         WHERE workspace = $1 AND period = $2 AND edition = $3 ORDER BY number",
    )
    .bind(workspace.to_string())
    .bind(edition.span.to_string())
    .bind(edition.number)
    .try_map(|row: Row| {
        Ok(Evaluation {
            person: word("person", row.try_get("person")?)?,
            at: row.try_get("at")?,
            conclusion: row.try_get("conclusion")?,
        })
    })
    .fetch_all(db)
    .await
}
