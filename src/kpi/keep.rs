//! How values are kept, wherever they come from: said in chat, sent by a program, fetched, imported.
//!
//! Everything that gives a value ends in [`keep`]: it appends the values with their event, keeps limits
//! once there are values enough, and opens an analysis when one crosses. Whether a value may be given is decided before, by who takes it in.

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::period::Period;
use super::rules::{Kpi, Measurement};
use super::{analysis, limits};
use crate::app::{Result, log};
use crate::command::value::FileRef;
use crate::people::Workspace;
use crate::record::Happening;
use crate::sql;
use crate::store::{Conn, Tx};

/// A value for a period, and what explains it: a note, or the reason of a correction.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    pub period: Period,
    pub value: f64,
    pub note: Option<String>,
    pub file: Option<FileRef>,
}

/// Who or what gives values.
#[derive(Debug, Clone, Copy)]
pub struct Giver<'a> {
    pub workspace: &'a Workspace,
    /// Nobody, if a machine does.
    pub by: Option<Uuid>,
    /// What they come through, if they are not said in chat: `push: scanner`, `prometheus`, `csv`.
    pub via: Option<&'a str>,
    pub at: DateTime<Utc>,
}

/// The value that stood for a period before.
pub type Was = Option<f64>;

/// Appends values of one KPI, oldest period first, with one event. What stands for a period already
/// is corrected by a new revision. Says what stood before each, and adds to the history.
pub async fn keep(
    tx: &mut Tx,
    giver: Giver<'_>,
    (kpi, history): (&Kpi, &mut Vec<Measurement>),
    given: Vec<Given>,
) -> Result<Vec<Was>> {
    let workspace = giver.workspace.id;
    let before = kpi.values(history);
    let mut told = Vec::new();
    for given in given {
        let period = given.period;
        let of_period = history.iter().filter(|m| kpi.period(m.period) == period);
        let stands = of_period.max_by_key(|m| m.revision);
        let (was, revision) = (
            stands.map(|m| m.value),
            stands.map_or(0, |m| m.revision) + 1,
        );
        let measurement = Measurement {
            period: period.first_day(),
            revision,
            value: given.value,
            note: given.note,
            file: given.file,
            by: giver.by,
            via: giver.via.map(str::to_owned),
            at: giver.at,
        };
        told.push((period, was, measurement.clone()));
        history.push(measurement);
    }
    if told.is_empty() {
        return Ok(Vec::new());
    }
    let new = &history[history.len() - told.len()..];
    sql!(tx, kpi::insert_measurements(workspace, &kpi.key, new))?;
    let entry = |(period, was, m): &(Period, Was, Measurement)| {
        let said = match was {
            Some(_) => "reason",
            None => "note",
        };
        let mut entry = json!({
            "period": period.to_string(), "value": m.value, "was": was, "revision": m.revision,
            said: m.note,
        });
        for (key, word) in [
            ("via", m.via.as_deref()),
            ("file", m.file.as_ref().map(FileRef::as_str)),
        ] {
            if let Some(word) = word {
                entry[key] = word.into();
            }
        }
        entry
    };
    let (kind, data) = match &told[..] {
        [one @ (_, None, _)] => ("value-recorded", entry(one)),
        [one] => ("value-corrected", entry(one)),
        many => {
            let values: Vec<_> = many.iter().map(entry).collect();
            ("values-recorded", json!({ "values": values }))
        }
    };
    let happening = Happening {
        workspace,
        at: giver.at,
        actor: giver.by,
        kind,
        record: kpi.key.to_string(),
        data,
    };
    log(tx, happening).await?;
    // Whoever corrects says why; that is why a crossing may be gone.
    let reason = told.iter().rev().find(|(_, was, _)| was.is_some());
    let reason = reason.and_then(|(.., m)| m.note.as_deref());
    limits::flow::freeze(tx, giver, (kpi, history)).await?;
    analysis::flow::after_values(tx, giver, (kpi, history), (&before, reason)).await?;
    Ok(told.into_iter().map(|(_, was, _)| was).collect())
}

/// Every value of a KPI and every correction.
pub async fn history(conn: &mut Conn, workspace: Uuid, kpi: &Kpi) -> Result<Vec<Measurement>> {
    Ok(sql!(conn, kpi::list_measurements(workspace, &kpi.key))?)
}
