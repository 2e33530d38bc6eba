//! Loads what coverage is worked out from.

use chrono::Datelike;
use uuid::Uuid;

use super::card;
use super::rules::{Coverage, Known};
use crate::app::{Ctx, Result};
use crate::audit;
use crate::audit::programme;
use crate::chat::Reply;
use crate::sql;
use crate::store::Conn;

/// Says what of a year and its cycle is audited, and what is not.
pub async fn show(ctx: &Ctx, year: Option<i32>) -> Result<Reply> {
    let year = year.unwrap_or_else(|| ctx.today().year());
    let mut conn = ctx.read().await?;
    let coverage = of_year(&mut conn, ctx.workspace.id, (year, ctx.today())).await?;
    Ok(match coverage {
        Some(coverage) => card::shown(&coverage).into(),
        None => audit::card::nothing_planned(year).into(),
    })
}

/// The coverage of the cycle that a year belongs to; none where the year is not planned.
pub async fn of_year(
    conn: &mut Conn,
    workspace: Uuid,
    (year, today): (i32, chrono::NaiveDate),
) -> Result<Option<Coverage>> {
    let Some(plan) = programme::flow::find(conn, workspace, year).await? else {
        return Ok(None);
    };
    let said = sql!(conn, applicability::list_applicability(workspace))?;
    let excluded: Vec<(String, String)> = said
        .into_iter()
        .filter(|said| !said.applies)
        .map(|said| (said.control.to_string(), said.reason.unwrap_or_default()))
        .collect();
    Ok(Some(Coverage::of(Known {
        programme: &plan.programme,
        audits: &programme::ground::every_audit(conn, workspace).await?,
        items: &sql!(conn, checklist::list_all_items(workspace))?,
        findings: &sql!(conn, finding::list_findings(workspace))?,
        excluded: &excluded,
        today,
    })))
}
