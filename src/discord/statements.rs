use chrono::{DateTime, Utc};

use super::Db;

type Connection = <Db as sqlx::Database>::Connection;

/// Keeps a command that is too long for a button, for the server with this id.
pub async fn keep_command(
    db: &mut Connection,
    server: &str,
    (hash, command): (&str, &str),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO discord_command (workspace, hash, command, at)
         SELECT workspace, $2, $3, $4 FROM workspace WHERE platform = 'discord' AND external = $1
         ON CONFLICT (workspace, hash) DO NOTHING",
    )
    .bind(server)
    .bind(hash)
    .bind(command)
    .bind(now)
    .execute(db)
    .await
    .map(drop)
}

pub async fn find_command(
    db: &mut Connection,
    server: &str,
    hash: &str,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar(
        "SELECT command FROM discord_command AS kept
         JOIN workspace ON workspace.workspace = kept.workspace
         WHERE platform = 'discord' AND external = $1 AND hash = $2",
    )
    .bind(server)
    .bind(hash)
    .fetch_optional(db)
    .await
}

/// Takes or keeps the lead of an application until an instant; false while another holds it.
pub async fn lead(
    db: &mut Connection,
    (application, holder): (&str, &str),
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "INSERT INTO discord_leader (application, holder, until) VALUES ($1, $2, $3)
         ON CONFLICT (application) DO UPDATE SET holder = excluded.holder, until = excluded.until
         WHERE discord_leader.holder = excluded.holder OR discord_leader.until <= $4",
    )
    .bind(application)
    .bind(holder)
    .bind(until)
    .bind(now)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives the lead up, if it is this one's.
pub async fn follow(
    db: &mut Connection,
    (application, holder): (&str, &str),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE discord_leader SET until = $3 WHERE application = $1 AND holder = $2")
        .bind(application)
        .bind(holder)
        .bind(now)
        .execute(db)
        .await
        .map(drop)
}

/// The fingerprint of what is registered.
pub async fn find_registration(
    db: &mut Connection,
    application: &str,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("SELECT fingerprint FROM discord_registration WHERE application = $1")
        .bind(application)
        .fetch_optional(db)
        .await
}

pub async fn save_registration(
    db: &mut Connection,
    application: &str,
    fingerprint: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO discord_registration (application, fingerprint, at) VALUES ($1, $2, $3)
         ON CONFLICT (application) DO UPDATE
         SET fingerprint = excluded.fingerprint, at = excluded.at",
    )
    .bind(application)
    .bind(fingerprint)
    .bind(now)
    .execute(db)
    .await
    .map(drop)
}
