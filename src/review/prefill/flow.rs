//! The records that inputs are filled in from, read.

use chrono::{Datelike, NaiveDate};

use super::card::{self, Performance};
use crate::action::command::Source;
use crate::app::Result;
use crate::chat::Text;
use crate::kpi;
use crate::people::{People, Workspace};
use crate::review::command::InputItem;
use crate::sql;
use crate::store::Conn;

/// What the records say today, by input.
pub async fn prefilled(
    conn: &mut Conn,
    workspace: &Workspace,
    today: NaiveDate,
) -> Result<Vec<(InputItem, Vec<Text>)>> {
    Ok(vec![
        (
            InputItem::A,
            previous_actions(conn, workspace, today).await?,
        ),
        (InputItem::D, performance(conn, workspace, today).await?),
    ])
}

/// Input (a): the actions that earlier reviews decided on.
async fn previous_actions(
    conn: &mut Conn,
    workspace: &Workspace,
    today: NaiveDate,
) -> Result<Vec<Text>> {
    let actions = sql!(conn, action::list_by_source(workspace.id, Source::Review))?;
    let people = People(sql!(conn, people::list_people(workspace.id))?);
    Ok(card::previous_actions(&actions, &people, today))
}

/// Input (d): what the records say of actions, audits and KPIs.
async fn performance(
    conn: &mut Conn,
    workspace: &Workspace,
    today: NaiveDate,
) -> Result<Vec<Text>> {
    let year = today.year();
    let records = Performance {
        states: sql!(conn, action::count_by_state(workspace.id))?,
        overdue: sql!(conn, action::list_overdue(workspace.id, today))?.len(),
        year,
        audits: sql!(conn, audit::list_audits(workspace.id, year))?,
        kpis: kpi::flow::overviews(conn, workspace.id, today).await?,
        analyses: sql!(conn, analysis::list_analyses(workspace.id))?,
        today,
    };
    Ok(card::performance(&records))
}
