use chrono::{DateTime, NaiveDate, Utc};
use sqlx::Row as _;
use sqlx::types::Json;
use uuid::Uuid;

use super::Db;
use crate::presence::link::{Code, Linked};
use crate::presence::rules::{Absence, Kept};
use crate::store::word;

type Connection = <Db as sqlx::Database>::Connection;
type Row = <Db as sqlx::Database>::Row;

/// A person's absence; a new one takes the place of the one before.
pub async fn save_absence(
    db: &mut Connection,
    workspace: Uuid,
    absence: &Absence,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO absence (workspace, person, from_day, until_day, deputy, reason, said_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (workspace, person) DO UPDATE SET
            from_day = excluded.from_day, until_day = excluded.until_day,
            deputy = excluded.deputy, reason = excluded.reason, said_at = excluded.said_at",
    )
    .bind(workspace.to_string())
    .bind(absence.person.to_string())
    .bind(absence.from)
    .bind(absence.until)
    .bind(absence.deputy.map(|deputy| deputy.to_string()))
    .bind(&absence.reason)
    .bind(now)
    .execute(db)
    .await
    .map(drop)
}

/// The absences that are not over on a day, the first to begin first.
pub async fn list_absences(
    db: &mut Connection,
    workspace: Uuid,
    day: NaiveDate,
) -> sqlx::Result<Vec<Absence>> {
    sqlx::query(
        "SELECT person, from_day, until_day, deputy, reason FROM absence
         WHERE workspace = $1 AND until_day > $2 ORDER BY from_day, person",
    )
    .bind(workspace.to_string())
    .bind(day)
    .try_map(|row: Row| {
        let deputy: Option<&str> = row.try_get("deputy")?;
        Ok(Absence {
            person: word("person", row.try_get("person")?)?,
            from: row.try_get("from_day")?,
            until: row.try_get("until_day")?,
            deputy: deputy.map(|deputy| word("deputy", deputy)).transpose()?,
            reason: row.try_get("reason")?,
        })
    })
    .fetch_all(db)
    .await
}

/// A person's one code; a new one takes the place of the one before.
pub async fn save_code(db: &mut Connection, code: &Code) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO link_code (workspace, person, hash, expires, used_at)
         VALUES ($1, $2, $3, $4, NULL)
         ON CONFLICT (workspace, person) DO UPDATE SET
            hash = excluded.hash, expires = excluded.expires, used_at = NULL",
    )
    .bind(code.workspace.to_string())
    .bind(code.person.to_string())
    .bind(&code.hash)
    .bind(code.expires)
    .execute(db)
    .await
    .map(drop)
}

/// Who was given a code, in whichever workspace: it is what crosses.
pub async fn find_code(db: &mut Connection, hash: &str) -> sqlx::Result<Option<Code>> {
    sqlx::query("SELECT workspace, person, hash, expires, used_at FROM link_code WHERE hash = $1")
        .bind(hash)
        .try_map(|row: Row| {
            let used: Option<DateTime<Utc>> = row.try_get("used_at")?;
            Ok(Code {
                workspace: word("workspace", row.try_get("workspace")?)?,
                person: word("person", row.try_get("person")?)?,
                hash: row.try_get("hash")?,
                expires: row.try_get("expires")?,
                used: used.is_some(),
            })
        })
        .fetch_optional(db)
        .await
}

/// False if it was used before.
pub async fn use_code(db: &mut Connection, code: &Code, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE link_code SET used_at = $3
         WHERE workspace = $1 AND hash = $2 AND used_at IS NULL",
    )
    .bind(code.workspace.to_string())
    .bind(&code.hash)
    .bind(now)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Since when a person says wrong codes, and how many.
pub async fn find_guesses(
    db: &mut Connection,
    workspace: Uuid,
    person: Uuid,
) -> sqlx::Result<Option<(DateTime<Utc>, i64)>> {
    sqlx::query("SELECT since, wrong FROM link_guess WHERE workspace = $1 AND person = $2")
        .bind(workspace.to_string())
        .bind(person.to_string())
        .try_map(|row: Row| Ok((row.try_get("since")?, row.try_get("wrong")?)))
        .fetch_optional(db)
        .await
}

pub async fn save_guesses(
    db: &mut Connection,
    workspace: Uuid,
    person: Uuid,
    since: DateTime<Utc>,
    wrong: i64,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO link_guess (workspace, person, since, wrong) VALUES ($1, $2, $3, $4)
         ON CONFLICT (workspace, person) DO UPDATE SET
            since = excluded.since, wrong = excluded.wrong",
    )
    .bind(workspace.to_string())
    .bind(person.to_string())
    .bind(since)
    .bind(wrong)
    .execute(db)
    .await
    .map(drop)
}

/// One side of a link. False if it is there already.
pub async fn insert_link(
    db: &mut Connection,
    (workspace, person): (Uuid, Uuid),
    (other_workspace, other_person): (Uuid, Uuid),
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "INSERT INTO link (workspace, person, other_workspace, other_person, at)
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
    )
    .bind(workspace.to_string())
    .bind(person.to_string())
    .bind(other_workspace.to_string())
    .bind(other_person.to_string())
    .bind(now)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Who a person is elsewhere.
pub async fn list_links(
    db: &mut Connection,
    workspace: Uuid,
    person: Uuid,
) -> sqlx::Result<Vec<Linked>> {
    sqlx::query(
        "SELECT other_workspace, other_person FROM link
         WHERE workspace = $1 AND person = $2 ORDER BY at, other_workspace, other_person",
    )
    .bind(workspace.to_string())
    .bind(person.to_string())
    .try_map(|row: Row| {
        Ok(Linked {
            workspace: word("other_workspace", row.try_get("other_workspace")?)?,
            person: word("other_person", row.try_get("other_person")?)?,
        })
    })
    .fetch_all(db)
    .await
}

/// One side of a link.
pub async fn remove_link(
    db: &mut Connection,
    (workspace, person): (Uuid, Uuid),
    (other_workspace, other_person): (Uuid, Uuid),
) -> sqlx::Result<()> {
    sqlx::query(
        "DELETE FROM link WHERE workspace = $1 AND person = $2
           AND other_workspace = $3 AND other_person = $4",
    )
    .bind(workspace.to_string())
    .bind(person.to_string())
    .bind(other_workspace.to_string())
    .bind(other_person.to_string())
    .execute(db)
    .await
    .map(drop)
}

/// Lets the writers of this workspace wait, in a transaction that began with another.
pub async fn take_turn(db: &mut Connection, workspace: Uuid) -> sqlx::Result<()> {
    sqlx::query("UPDATE workspace SET log_entries = log_entries WHERE workspace = $1")
        .bind(workspace.to_string())
        .execute(db)
        .await
        .map(drop)
}

fn read_trouble(row: &Row) -> sqlx::Result<Kept> {
    Ok(Kept {
        what: row.try_get::<Json<_>, _>("what")?.0,
        first: row.try_get("first_at")?,
        last: row.try_get("last_at")?,
        times: row.try_get("times")?,
        told: row.try_get("told_at")?,
        cleared: row.try_get("cleared_at")?,
    })
}

pub async fn find_trouble(
    db: &mut Connection,
    workspace: Uuid,
    key: &str,
) -> sqlx::Result<Option<Kept>> {
    sqlx::query("SELECT * FROM trouble WHERE workspace = $1 AND key = $2")
        .bind(workspace.to_string())
        .bind(key)
        .try_map(|row: Row| read_trouble(&row))
        .fetch_optional(db)
        .await
}

/// The troubles that last, the oldest first: not refusals, which are nobody's to mend.
pub async fn list_troubles(db: &mut Connection, workspace: Uuid) -> sqlx::Result<Vec<Kept>> {
    sqlx::query(
        "SELECT * FROM trouble WHERE workspace = $1 AND cleared_at IS NULL
           AND key NOT LIKE 'denied %' ORDER BY first_at, key",
    )
    .bind(workspace.to_string())
    .try_map(|row: Row| read_trouble(&row))
    .fetch_all(db)
    .await
}

/// The troubles that nobody was told of yet.
pub async fn list_untold(db: &mut Connection, workspace: Uuid) -> sqlx::Result<Vec<Kept>> {
    sqlx::query("SELECT * FROM trouble WHERE workspace = $1 AND told_at IS NULL ORDER BY key")
        .bind(workspace.to_string())
        .try_map(|row: Row| read_trouble(&row))
        .fetch_all(db)
        .await
}

pub async fn save_trouble(db: &mut Connection, workspace: Uuid, kept: &Kept) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO trouble
           (workspace, key, what, first_at, last_at, times, told_at, cleared_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (workspace, key) DO UPDATE SET
            what = excluded.what, first_at = excluded.first_at, last_at = excluded.last_at,
            times = excluded.times, told_at = excluded.told_at, cleared_at = excluded.cleared_at",
    )
    .bind(workspace.to_string())
    .bind(kept.what.key())
    .bind(Json(&kept.what))
    .bind(kept.first)
    .bind(kept.last)
    .bind(kept.times)
    .bind(kept.told)
    .bind(kept.cleared)
    .execute(db)
    .await
    .map(drop)
}

/// Clears one trouble, if it lasts.
pub async fn clear_trouble(
    db: &mut Connection,
    workspace: Uuid,
    key: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Kept>> {
    sqlx::query(
        "UPDATE trouble SET cleared_at = $3
         WHERE workspace = $1 AND key = $2 AND cleared_at IS NULL RETURNING *",
    )
    .bind(workspace.to_string())
    .bind(key)
    .bind(now)
    .try_map(|row: Row| read_trouble(&row))
    .fetch_optional(db)
    .await
}

/// Clears what a message that went out shows to be mended: its place, and the token. Says which.
pub async fn clear_troubles(
    db: &mut Connection,
    workspace: Uuid,
    place: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Kept>> {
    sqlx::query(
        "UPDATE trouble SET cleared_at = $3
         WHERE workspace = $1 AND key IN ($2, 'token') AND cleared_at IS NULL RETURNING *",
    )
    .bind(workspace.to_string())
    .bind(place)
    .bind(now)
    .try_map(|row: Row| read_trouble(&row))
    .fetch_all(db)
    .await
}
