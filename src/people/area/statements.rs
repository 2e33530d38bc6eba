use sqlx::Row as _;
use uuid::Uuid;

use super::Db;
use crate::command::value::AreaName;
use crate::people::area::rules::Area;
use crate::store::word;

type Connection = <Db as sqlx::Database>::Connection;
type Row = <Db as sqlx::Database>::Row;

/// Every area that has, or once had, an owner.
pub async fn list_areas(db: &mut Connection, workspace: Uuid) -> sqlx::Result<Vec<Area>> {
    sqlx::query("SELECT area, owner FROM area WHERE workspace = $1 ORDER BY area")
        .bind(workspace.to_string())
        .try_map(|row: Row| {
            let owner: Option<&str> = row.try_get("owner")?;
            Ok(Area {
                name: word("area", row.try_get("area")?)?,
                owner: owner.map(|owner| word("owner", owner)).transpose()?,
            })
        })
        .fetch_all(db)
        .await
}

/// Says who is responsible for an area, or that nobody is.
pub async fn set_owner(
    db: &mut Connection,
    workspace: Uuid,
    area: &AreaName,
    owner: Option<Uuid>,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO area (workspace, area, owner) VALUES ($1, $2, $3)
         ON CONFLICT (workspace, area) DO UPDATE SET owner = excluded.owner",
    )
    .bind(workspace.to_string())
    .bind(area.as_str())
    .bind(owner.map(|owner| owner.to_string()))
    .execute(db)
    .await
    .map(drop)
}
