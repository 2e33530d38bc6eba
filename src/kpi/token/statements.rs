use chrono::{DateTime, Utc};
use sqlx::Row as _;
use uuid::Uuid;

use super::Db;
use crate::command::value::{KpiKey, TokenName};
use crate::kpi::token::rules::Token;
use crate::store::word;

type Connection = <Db as sqlx::Database>::Connection;
type Row = <Db as sqlx::Database>::Row;

fn read_token(row: &Row) -> sqlx::Result<Token> {
    let kpis: &str = row.try_get("kpis")?;
    let kpis: sqlx::Result<Vec<KpiKey>> = kpis
        .split_whitespace()
        .map(|key| word("kpis", key))
        .collect();
    Ok(Token {
        id: word("token", row.try_get("token")?)?,
        name: word("name", row.try_get("name")?)?,
        scope: word("scope", row.try_get("scope")?)?,
        kpis: kpis?,
        made_by: word("made_by", row.try_get("made_by")?)?,
        made_at: row.try_get("made_at")?,
        used_at: row.try_get("used_at")?,
        revoked_at: row.try_get("revoked_at")?,
    })
}

pub async fn insert_token(
    db: &mut Connection,
    workspace: Uuid,
    token: &Token,
    hash: &str,
) -> sqlx::Result<()> {
    let kpis: Vec<&str> = token.kpis.iter().map(KpiKey::as_str).collect();
    sqlx::query(
        "INSERT INTO kpi_token (workspace, token, name, hash, kpis, made_by, made_at, scope)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(workspace.to_string())
    .bind(token.id.to_string())
    .bind(token.name.as_str())
    .bind(hash)
    .bind(kpis.join(" "))
    .bind(token.made_by.to_string())
    .bind(token.made_at)
    .bind(token.scope.to_string())
    .execute(db)
    .await
    .map(drop)
}

/// By the hash of what was shown, if it is in use.
pub async fn find_token(
    db: &mut Connection,
    workspace: Uuid,
    hash: &str,
) -> sqlx::Result<Option<Token>> {
    sqlx::query("SELECT * FROM kpi_token WHERE workspace = $1 AND hash = $2 AND revoked_at IS NULL")
        .bind(workspace.to_string())
        .bind(hash)
        .try_map(|row: Row| read_token(&row))
        .fetch_optional(db)
        .await
}

/// Those in use, by name.
pub async fn list_tokens(db: &mut Connection, workspace: Uuid) -> sqlx::Result<Vec<Token>> {
    sqlx::query("SELECT * FROM kpi_token WHERE workspace = $1 AND revoked_at IS NULL ORDER BY name")
        .bind(workspace.to_string())
        .try_map(|row: Row| read_token(&row))
        .fetch_all(db)
        .await
}

/// False if it is not in use.
pub async fn revoke_token(
    db: &mut Connection,
    workspace: Uuid,
    name: &TokenName,
    at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE kpi_token SET revoked_at = $3
         WHERE workspace = $1 AND name = $2 AND revoked_at IS NULL",
    )
    .bind(workspace.to_string())
    .bind(name.as_str())
    .bind(at)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// False if it is not in use any more.
pub async fn token_used(
    db: &mut Connection,
    workspace: Uuid,
    token: Uuid,
    at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE kpi_token SET used_at = $3
         WHERE workspace = $1 AND token = $2 AND revoked_at IS NULL",
    )
    .bind(workspace.to_string())
    .bind(token.to_string())
    .bind(at)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}
