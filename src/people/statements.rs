use sqlx::Row as _;
use uuid::Uuid;

use super::Db;
use crate::chat::Platform;
use crate::command::value::WorkingDays;
use crate::people::{Person, Workspace};
use crate::record::GENESIS;
use crate::store::word;

type Connection = <Db as sqlx::Database>::Connection;
type Row = <Db as sqlx::Database>::Row;

fn read_workspace(row: &Row) -> sqlx::Result<Workspace> {
    let set_up_by: Option<&str> = row.try_get("set_up_by")?;
    Ok(Workspace {
        id: word("workspace", row.try_get("workspace")?)?,
        platform: word("platform", row.try_get("platform")?)?,
        external: row.try_get("external")?,
        name: row.try_get("name")?,
        zone: word("zone", row.try_get("zone")?)?,
        working_days: word::<WorkingDays>("working_days", row.try_get("working_days")?)?.set(),
        channel: row.try_get("channel")?,
        audit_channel: row.try_get("audit_channel")?,
        alert_channel: row.try_get("alert_channel")?,
        reviews: word("reviews", row.try_get("reviews")?)?,
        reports: word("reports", row.try_get("reports")?)?,
        pinned: row.try_get("pinned")?,
        set_up_at: row.try_get("set_up_at")?,
        set_up_by: set_up_by.map(|by| word("set_up_by", by)).transpose()?,
    })
}

pub async fn find_workspace(
    db: &mut Connection,
    platform: Platform,
    external: &str,
) -> sqlx::Result<Option<Workspace>> {
    sqlx::query("SELECT * FROM workspace WHERE platform = $1 AND external = $2")
        .bind(platform.to_string())
        .bind(external)
        .try_map(|row: Row| read_workspace(&row))
        .fetch_optional(db)
        .await
}

pub async fn load_workspace(db: &mut Connection, workspace: Uuid) -> sqlx::Result<Workspace> {
    sqlx::query("SELECT * FROM workspace WHERE workspace = $1")
        .bind(workspace.to_string())
        .try_map(|row: Row| read_workspace(&row))
        .fetch_one(db)
        .await
}

/// The workspaces of a platform in which a person is known and present.
pub async fn list_homes(
    db: &mut Connection,
    platform: Platform,
    person: &str,
) -> sqlx::Result<Vec<Workspace>> {
    sqlx::query(
        "SELECT home.* FROM workspace AS home
         JOIN person ON person.workspace = home.workspace
         WHERE home.platform = $1 AND person.external = $2 AND person.present
         ORDER BY home.name, home.workspace",
    )
    .bind(platform.to_string())
    .bind(person)
    .try_map(|row: Row| read_workspace(&row))
    .fetch_all(db)
    .await
}

/// Every workspace, for the scheduler and for `verify`, which serve them all.
pub async fn list_workspaces(db: &mut Connection) -> sqlx::Result<Vec<Workspace>> {
    sqlx::query("SELECT * FROM workspace ORDER BY workspace")
        .try_map(|row: Row| read_workspace(&row))
        .fetch_all(db)
        .await
}

/// False if another process was quicker.
pub async fn insert_workspace(db: &mut Connection, new: &Workspace) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "INSERT INTO workspace
           (workspace, platform, external, name, zone, working_days, channel, log_hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
    )
    .bind(new.id.to_string())
    .bind(new.platform.to_string())
    .bind(&new.external)
    .bind(&new.name)
    .bind(new.zone.name())
    .bind(WorkingDays::of(new.working_days).to_string())
    .bind(&new.channel)
    .bind(GENESIS)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn update_workspace(db: &mut Connection, changed: &Workspace) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE workspace SET name = $2, zone = $3, working_days = $4, channel = $5,
            audit_channel = $6, alert_channel = $7, reviews = $8, set_up_at = $9, set_up_by = $10,
            reports = $11, pinned = $12
         WHERE workspace = $1",
    )
    .bind(changed.id.to_string())
    .bind(&changed.name)
    .bind(changed.zone.name())
    .bind(WorkingDays::of(changed.working_days).to_string())
    .bind(&changed.channel)
    .bind(&changed.audit_channel)
    .bind(&changed.alert_channel)
    .bind(changed.reviews.to_string())
    .bind(changed.set_up_at)
    .bind(changed.set_up_by.map(|id| id.to_string()))
    .bind(changed.reports.to_string())
    .bind(changed.pinned)
    .execute(db)
    .await
    .map(drop)
}

fn read_person(row: &Row) -> sqlx::Result<Person> {
    let zone: Option<&str> = row.try_get("zone")?;
    Ok(Person {
        id: word("person", row.try_get("person")?)?,
        external: row.try_get("external")?,
        name: row.try_get("name")?,
        zone: zone.map(|zone| word("zone", zone)).transpose()?,
        role: word("role", row.try_get("role")?)?,
        role_from: word("role_from", row.try_get("role_from")?)?,
        present: row.try_get("present")?,
    })
}

pub async fn list_people(db: &mut Connection, workspace: Uuid) -> sqlx::Result<Vec<Person>> {
    sqlx::query("SELECT * FROM person WHERE workspace = $1 ORDER BY name, person")
        .bind(workspace.to_string())
        .try_map(|row: Row| read_person(&row))
        .fetch_all(db)
        .await
}

pub async fn find_person(
    db: &mut Connection,
    workspace: Uuid,
    person: Uuid,
) -> sqlx::Result<Option<Person>> {
    sqlx::query("SELECT * FROM person WHERE workspace = $1 AND person = $2")
        .bind(workspace.to_string())
        .bind(person.to_string())
        .try_map(|row: Row| read_person(&row))
        .fetch_optional(db)
        .await
}

/// Inserts the person, or brings the one with this platform id up to date; the id stays.
pub async fn save_person(
    db: &mut Connection,
    workspace: Uuid,
    person: &Person,
) -> sqlx::Result<Person> {
    sqlx::query(
        "INSERT INTO person (workspace, person, external, name, zone, role, role_from, present)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (workspace, external) DO UPDATE
         SET name = excluded.name, zone = excluded.zone, role = excluded.role,
             role_from = excluded.role_from, present = excluded.present
         RETURNING *",
    )
    .bind(workspace.to_string())
    .bind(person.id.to_string())
    .bind(&person.external)
    .bind(&person.name)
    .bind(person.zone.map(|zone| zone.name()))
    .bind(person.role.to_string())
    .bind(person.role_from.to_string())
    .bind(person.present)
    .try_map(|row: Row| read_person(&row))
    .fetch_one(db)
    .await
}

/// Remembers an act by the platform's id of it. False if it was already carried out.
pub async fn remember_act(
    db: &mut Connection,
    workspace: Uuid,
    event: &str,
    at: chrono::DateTime<chrono::Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "INSERT INTO inbound (workspace, event, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    )
    .bind(workspace.to_string())
    .bind(event)
    .bind(at)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The next number of a kind of record, from 1.
pub async fn next_number(db: &mut Connection, workspace: Uuid, kind: &str) -> sqlx::Result<i64> {
    sqlx::query_scalar(
        "INSERT INTO counter (workspace, kind, last) VALUES ($1, $2, 1)
         ON CONFLICT (workspace, kind) DO UPDATE SET last = counter.last + 1
         RETURNING last",
    )
    .bind(workspace.to_string())
    .bind(kind)
    .fetch_one(db)
    .await
}
