use sqlx::Row as _;
use uuid::Uuid;

use super::Db;
use crate::audit::scope::rules::Applicability;
use crate::store::word;

type Connection = <Db as sqlx::Database>::Connection;
type Row = <Db as sqlx::Database>::Row;

/// Inserts what was said of a control, or replaces what was said before.
pub async fn save_applicability(
    db: &mut Connection,
    workspace: Uuid,
    said: &Applicability,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO applicability (workspace, control, applies, reason, set_by, set_at, file)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (workspace, control) DO UPDATE SET
            applies = excluded.applies, reason = excluded.reason, set_by = excluded.set_by,
            set_at = excluded.set_at, file = excluded.file",
    )
    .bind(workspace.to_string())
    .bind(said.control.as_str())
    .bind(said.applies)
    .bind(&said.reason)
    .bind(said.by.to_string())
    .bind(said.at)
    .bind(said.file.as_ref().map(ToString::to_string))
    .execute(db)
    .await
    .map(drop)
}

/// All that was said.
pub async fn list_applicability(
    db: &mut Connection,
    workspace: Uuid,
) -> sqlx::Result<Vec<Applicability>> {
    sqlx::query("SELECT * FROM applicability WHERE workspace = $1 ORDER BY control")
        .bind(workspace.to_string())
        .try_map(|row: Row| {
            let file: Option<&str> = row.try_get("file")?;
            Ok(Applicability {
                control: word("control", row.try_get("control")?)?,
                applies: row.try_get("applies")?,
                reason: row.try_get("reason")?,
                by: word("set_by", row.try_get("set_by")?)?,
                at: row.try_get("set_at")?,
                file: file.map(|file| word("file", file)).transpose()?,
            })
        })
        .fetch_all(db)
        .await
}
