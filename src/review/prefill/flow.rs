//! The records that inputs are filled in from, read.

use chrono::{Datelike, NaiveDate, NaiveTime};

use super::card::{self, Performance};
use super::rules::Since;
use crate::action::command::Source;
use crate::app::Result;
use crate::chat::Text;
use crate::kpi;
use crate::people::{People, Workspace};
use crate::review::command::InputItem;
use crate::review::risk;
use crate::schedule::rules::instant_of;
use crate::sql;
use crate::store::Conn;

/// What the records say today, by input.
pub async fn prefilled(
    conn: &mut Conn,
    workspace: &Workspace,
    today: NaiveDate,
) -> Result<Vec<(InputItem, Vec<Text>)>> {
    let mut prefilled = vec![
        (
            InputItem::A,
            previous_actions(conn, workspace, today).await?,
        ),
        (InputItem::D, performance(conn, workspace, today).await?),
    ];
    if let Some(register) = risk::flow::register(conn, workspace.id).await? {
        let lines = risk::card::words(&register, workspace.zone, today);
        prefilled.push((InputItem::F, lines.into_iter().map(Text::from).collect()));
    }
    Ok(prefilled)
}

/// What the risk register says to input (f), to begin an answer with.
pub async fn of_risks(
    conn: &mut Conn,
    workspace: &Workspace,
    today: NaiveDate,
) -> Result<Option<String>> {
    let register = risk::flow::register(conn, workspace.id).await?;
    Ok(register.map(|register| {
        let lines = risk::card::words(&register, workspace.zone, today);
        lines.join("\n")
    }))
}

/// Input (a): the actions that earlier reviews decided on.
async fn previous_actions(
    conn: &mut Conn,
    workspace: &Workspace,
    today: NaiveDate,
) -> Result<Vec<Text>> {
    let actions = sql!(conn, action::list_by_source(workspace.id, Source::Review))?;
    let people = People(sql!(conn, people::list_people(workspace.id))?);
    let acted_on = sql!(conn, meeting::list_acted_on(workspace.id))?;
    let decided = acted_on.into_iter().filter_map(|(review, decision)| {
        let words = format!("{} of {review}", decision.name());
        Some((decision.action?, words))
    });
    let decided = decided.collect();
    Ok(card::previous_actions(&actions, &decided, (&people, today)))
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
        open: sql!(conn, action::list_owed(workspace.id))?
            .into_iter()
            .filter(|action| action.state.is_open())
            .collect(),
        findings: sql!(conn, finding::list_findings(workspace.id))?,
        since: since(conn, workspace).await?,
        today,
    };
    Ok(card::performance(&records))
}

/// The last review that was held, with what changed since.
async fn since(conn: &mut Conn, workspace: &Workspace) -> Result<Option<Since>> {
    let reviews = sql!(conn, review::list_reviews(workspace.id))?;
    // The newest first.
    let Some(last) = reviews.iter().find(|review| review.was_held()) else {
        return Ok(None);
    };
    let inputs = sql!(conn, review::list_inputs(workspace.id, last.name))?;
    let begin = instant_of(last.on.and_time(NaiveTime::MIN), workspace.zone);
    let moved = sql!(conn, action::list_moved_since(workspace.id, begin))?;
    Ok(Some(Since::of(last, &inputs, &moved)))
}
