use sqlx::Row as _;
use uuid::Uuid;

use super::Db;
use crate::command::value::FileRef;
use crate::record::files::{About, Keeper, Kept};
use crate::record::{Entry, Event, Head};
use crate::store::word;

type Connection = <Db as sqlx::Database>::Connection;
type Row = <Db as sqlx::Database>::Row;

pub async fn log_head(db: &mut Connection, workspace: Uuid) -> sqlx::Result<Head> {
    sqlx::query("SELECT log_entries, log_hash FROM workspace WHERE workspace = $1")
        .bind(workspace.to_string())
        .try_map(|row: Row| {
            Ok(Head {
                entries: row.try_get("log_entries")?,
                hash: row.try_get("log_hash")?,
            })
        })
        .fetch_one(db)
        .await
}

pub async fn insert_event(
    db: &mut Connection,
    event: &Event,
    body: &str,
    hash: &str,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO event (workspace, entry, at, actor, kind, record, body, hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(event.workspace.to_string())
    .bind(event.entry)
    .bind(event.at)
    .bind(event.actor.map(|actor| actor.to_string()))
    .bind(&event.kind)
    .bind(&event.record)
    .bind(body)
    .bind(hash)
    .execute(db)
    .await
    .map(drop)
}

pub async fn move_head(
    db: &mut Connection,
    workspace: Uuid,
    entries: i64,
    hash: &str,
) -> sqlx::Result<()> {
    sqlx::query("UPDATE workspace SET log_entries = $2, log_hash = $3 WHERE workspace = $1")
        .bind(workspace.to_string())
        .bind(entries)
        .bind(hash)
        .execute(db)
        .await
        .map(drop)
}

pub async fn list_entries(
    db: &mut Connection,
    workspace: Uuid,
    after: i64,
    limit: i64,
) -> sqlx::Result<Vec<Entry>> {
    sqlx::query(
        "SELECT entry, at, actor, kind, record, body, hash FROM event
         WHERE workspace = $1 AND entry > $2 ORDER BY entry LIMIT $3",
    )
    .bind(workspace.to_string())
    .bind(after)
    .bind(limit)
    .try_map(|row: Row| read_entry(&row))
    .fetch_all(db)
    .await
}

/// The history of one record, oldest first.
pub async fn list_record_entries(
    db: &mut Connection,
    workspace: Uuid,
    record: &str,
) -> sqlx::Result<Vec<Entry>> {
    sqlx::query(
        "SELECT entry, at, actor, kind, record, body, hash FROM event
         WHERE workspace = $1 AND record = $2 ORDER BY entry",
    )
    .bind(workspace.to_string())
    .bind(record)
    .try_map(|row: Row| read_entry(&row))
    .fetch_all(db)
    .await
}

/// Everything of kinds that begin like this, oldest first.
pub async fn list_kind_entries(
    db: &mut Connection,
    workspace: Uuid,
    prefix: &str,
) -> sqlx::Result<Vec<Entry>> {
    sqlx::query(
        "SELECT entry, at, actor, kind, record, body, hash FROM event
         WHERE workspace = $1 AND kind LIKE $2 ORDER BY entry",
    )
    .bind(workspace.to_string())
    .bind(format!("{prefix}%"))
    .try_map(|row: Row| read_entry(&row))
    .fetch_all(db)
    .await
}

fn read_entry(row: &Row) -> sqlx::Result<Entry> {
    Ok(Entry {
        entry: row.try_get("entry")?,
        at: row.try_get("at")?,
        actor: row.try_get("actor")?,
        kind: row.try_get("kind")?,
        record: row.try_get("record")?,
        body: row.try_get("body")?,
        hash: row.try_get("hash")?,
    })
}

/// False if it is kept already.
pub async fn insert_file(db: &mut Connection, keeper: Keeper, kept: &Kept) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "INSERT INTO file (workspace, sha256, name, bytes, kept_by, kept_at)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
    )
    .bind(keeper.workspace.to_string())
    .bind(kept.file.as_str())
    .bind(&kept.name)
    .bind(&kept.bytes)
    .bind(keeper.by.map(|by| by.to_string()))
    .bind(keeper.at)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The files whose digest begins so, two at most, without their bytes.
pub async fn list_files(
    db: &mut Connection,
    workspace: Uuid,
    begins: &str,
) -> sqlx::Result<Vec<About>> {
    sqlx::query(
        "SELECT sha256, name, CAST(length(bytes) AS BIGINT) AS size, kept_by, kept_at FROM file
         WHERE workspace = $1 AND sha256 LIKE $2 ORDER BY sha256 LIMIT 2",
    )
    .bind(workspace.to_string())
    // Hexadecimal digits: nothing in them means more than itself.
    .bind(format!("{begins}%"))
    .try_map(|row: Row| {
        Ok(About {
            file: word("sha256", row.try_get("sha256")?)?,
            name: row.try_get("name")?,
            size: row.try_get("size")?,
            by: {
                let by: Option<String> = row.try_get("kept_by")?;
                by.map(|by| word("kept_by", &by)).transpose()?
            },
            at: row.try_get("kept_at")?,
        })
    })
    .fetch_all(db)
    .await
}

pub async fn find_file(
    db: &mut Connection,
    workspace: Uuid,
    file: &FileRef,
) -> sqlx::Result<Option<Kept>> {
    sqlx::query("SELECT sha256, name, bytes FROM file WHERE workspace = $1 AND sha256 = $2")
        .bind(workspace.to_string())
        .bind(file.as_str())
        .try_map(|row: Row| {
            Ok(Kept {
                file: word("sha256", row.try_get("sha256")?)?,
                name: row.try_get("name")?,
                bytes: row.try_get("bytes")?,
            })
        })
        .fetch_optional(db)
        .await
}
