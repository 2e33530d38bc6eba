use sqlx::Row as _;
use uuid::Uuid;

use super::Db;
use crate::audit::question::rules::Question;
use crate::store::word;

type Connection = <Db as sqlx::Database>::Connection;
type Row = <Db as sqlx::Database>::Row;

/// The workspace's own questions, in their order.
pub async fn list_questions(db: &mut Connection, workspace: Uuid) -> sqlx::Result<Vec<Question>> {
    sqlx::query(
        "SELECT requirement, question FROM audit_question WHERE workspace = $1 ORDER BY nth",
    )
    .bind(workspace.to_string())
    .try_map(|row: Row| {
        Ok(Question {
            requirement: word("requirement", row.try_get("requirement")?)?,
            question: row.try_get("question")?,
        })
    })
    .fetch_all(db)
    .await
}

/// Puts these in their place.
pub async fn replace_questions(
    db: &mut Connection,
    workspace: Uuid,
    questions: &[Question],
) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM audit_question WHERE workspace = $1")
        .bind(workspace.to_string())
        .execute(&mut *db)
        .await?;
    for (nth, question) in (1_i64..).zip(questions) {
        sqlx::query(
            "INSERT INTO audit_question (workspace, nth, requirement, question)
             VALUES ($1, $2, $3, $4)",
        )
        .bind(workspace.to_string())
        .bind(nth)
        .bind(question.requirement.as_str())
        .bind(&question.question)
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}
