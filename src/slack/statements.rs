use chrono::{DateTime, Utc};
use sqlx::Row as _;

use super::Db;
use crate::seal::Sealed;
use crate::slack::InstallRow;

type Connection = <Db as sqlx::Database>::Connection;
type Row = <Db as sqlx::Database>::Row;

fn read_install(row: &Row) -> sqlx::Result<InstallRow> {
    Ok(InstallRow {
        team: row.try_get("team")?,
        name: row.try_get("name")?,
        bot_user: row.try_get("bot_user")?,
        scopes: row.try_get("scopes")?,
        sealed: Sealed {
            key: row.try_get("sealed_by")?,
            words: row.try_get("sealed")?,
        },
        installed_by: row.try_get("installed_by")?,
        at: row.try_get("at")?,
        expires_at: row.try_get("expires_at")?,
        revoked_at: row.try_get("revoked_at")?,
    })
}

/// Keeps what a workspace installed, in the place of what it installed before.
pub async fn save_install(db: &mut Connection, new: &InstallRow) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO slack_install
           (team, name, bot_user, scopes, sealed, sealed_by, installed_by, at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (team) DO UPDATE
         SET name = excluded.name, bot_user = excluded.bot_user, scopes = excluded.scopes,
             sealed = excluded.sealed, sealed_by = excluded.sealed_by,
             installed_by = excluded.installed_by, at = excluded.at,
             expires_at = excluded.expires_at, refreshing = NULL, revoked_at = NULL",
    )
    .bind(&new.team)
    .bind(&new.name)
    .bind(&new.bot_user)
    .bind(&new.scopes)
    .bind(&new.sealed.words)
    .bind(&new.sealed.key)
    .bind(&new.installed_by)
    .bind(new.at)
    .bind(new.expires_at)
    .execute(db)
    .await
    .map(drop)
}

pub async fn find_install(db: &mut Connection, team: &str) -> sqlx::Result<Option<InstallRow>> {
    sqlx::query("SELECT * FROM slack_install WHERE team = $1")
        .bind(team)
        .try_map(|row: Row| read_install(&row))
        .fetch_optional(db)
        .await
}

/// Every workspace whose token is good.
pub async fn list_installs(db: &mut Connection) -> sqlx::Result<Vec<InstallRow>> {
    sqlx::query("SELECT * FROM slack_install WHERE revoked_at IS NULL ORDER BY team")
        .try_map(|row: Row| read_install(&row))
        .fetch_all(db)
        .await
}

/// Puts other sealed words in the place of these; nothing if someone else was quicker.
pub async fn reseal(
    db: &mut Connection,
    team: &str,
    (before, now): (&Sealed, &Sealed),
    expires_at: Option<DateTime<Utc>>,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE slack_install SET sealed = $3, sealed_by = $4, expires_at = $5, refreshing = NULL
         WHERE team = $1 AND sealed = $2 AND revoked_at IS NULL",
    )
    .bind(team)
    .bind(&before.words)
    .bind(&now.words)
    .bind(&now.key)
    .bind(expires_at)
    .execute(db)
    .await
    .map(drop)
}

/// Whether this process may ask for the next token: one at a time does.
pub async fn claim_refresh(
    db: &mut Connection,
    team: &str,
    (now, until): (DateTime<Utc>, DateTime<Utc>),
) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE slack_install SET refreshing = $3
         WHERE team = $1 AND revoked_at IS NULL AND (refreshing IS NULL OR refreshing <= $2)",
    )
    .bind(team)
    .bind(now)
    .bind(until)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends an install and wipes its token. False if it was over already.
pub async fn end_install(db: &mut Connection, team: &str, at: DateTime<Utc>) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE slack_install SET sealed = '', sealed_by = '', expires_at = NULL, revoked_at = $2
         WHERE team = $1 AND revoked_at IS NULL",
    )
    .bind(team)
    .bind(at)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Keeps a state, and forgets those whose time is over.
pub async fn save_state(
    db: &mut Connection,
    state: &str,
    (now, until): (DateTime<Utc>, DateTime<Utc>),
) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM slack_state WHERE until <= $1")
        .bind(now)
        .execute(&mut *db)
        .await?;
    sqlx::query("INSERT INTO slack_state (state, until) VALUES ($1, $2)")
        .bind(state)
        .bind(until)
        .execute(db)
        .await
        .map(drop)
}

/// Takes a state out. False if there is none, or its time is over.
pub async fn take_state(
    db: &mut Connection,
    state: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query("DELETE FROM slack_state WHERE state = $1 AND until > $2")
        .bind(state)
        .bind(now)
        .execute(db)
        .await?;
    Ok(done.rows_affected() == 1)
}
