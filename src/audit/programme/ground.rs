//! What is known of each clause and control when a year is planned: its last audits, what did not
//! conform, and what happened to it since.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate};
use uuid::Uuid;

use super::choice::{Ground, Signals};
use crate::action::choice::Source;
use crate::app::Result;
use crate::audit::coverage::rules::{Looked, looked_at};
use crate::audit::rules::{Audit, STANDARD, State};
use crate::command::value::AreaName;
use crate::record;
use crate::sql;
use crate::store::Conn;

/// What happened longer ago says nothing of a year any more.
const YEAR: Days = Days::new(365);
/// More actions than any workspace has.
const ALL: i64 = 1_000_000;

/// Gathers it for the programme of a year, on a day; `changed` are said to be touched by a change.
pub(super) async fn gather(
    conn: &mut Conn,
    workspace: Uuid,
    (year, today): (i32, NaiveDate),
    changed: &[AreaName],
) -> Result<Ground> {
    let mut gathered = Gathered {
        year,
        since: today - YEAR,
        signals: BTreeMap::new(),
        failed: BTreeMap::new(),
    };
    gathered.of_audits(conn, workspace, today).await?;
    gathered.of_actions(conn, workspace).await?;
    gathered.of_areas(conn, workspace, changed).await?;
    let said = sql!(conn, applicability::list_applicability(workspace))?;
    let excluded = said.into_iter().filter(|said| !said.applies);
    let excluded = excluded.map(|said| (said.control.to_string(), said.reason.unwrap_or_default()));
    Ok(Ground {
        excluded: excluded.collect(),
        signals: gathered.finished(),
    })
}

struct Gathered {
    year: i32,
    since: NaiveDate,
    signals: BTreeMap<String, Signals>,
    /// The year in which a clause or control last did not conform.
    failed: BTreeMap<String, i32>,
}

impl Gathered {
    fn of(&mut self, reference: &str) -> &mut Signals {
        self.signals.entry(reference.to_owned()).or_default()
    }

    fn did_not_conform(&mut self, reference: &str, year: i32) {
        let last = self.failed.entry(reference.to_owned()).or_insert(year);
        *last = year.max(*last);
    }

    async fn of_audits(
        &mut self,
        conn: &mut Conn,
        workspace: Uuid,
        today: NaiveDate,
    ) -> Result<()> {
        let items = sql!(conn, checklist::list_all_items(workspace))?;
        let findings = sql!(conn, finding::list_findings(workspace))?;
        for audit in every_audit(conn, workspace).await? {
            for Looked {
                reference,
                conforms,
            } in looked_at(&audit, &items, &findings)
            {
                let last = &mut self.of(&reference).last;
                *last = (*last).max(Some(audit.year));
                if !conforms {
                    self.did_not_conform(&reference, audit.year);
                }
            }
            let is_ahead = audit.state != State::Finished && !audit.overdue(today);
            if is_ahead && audit.year < self.year {
                for reference in &audit.scope {
                    self.of(reference).planned = Some(audit.year);
                }
            }
        }
        Ok(())
    }

    async fn of_actions(&mut self, conn: &mut Conn, workspace: Uuid) -> Result<()> {
        for action in sql!(conn, action::list_after(workspace, 0, ALL))? {
            let Some(control) = &action.control else {
                continue;
            };
            let raised = action.raised_at.date_naive();
            let lately = raised >= self.since;
            if action.source == Source::Finding && action.severity.is_nonconformity() {
                self.did_not_conform(control, raised.year());
            }
            let signals = self.of(control);
            signals.open_actions += u32::from(action.state.is_open());
            signals.incidents += u32::from(lately && action.source == Source::Incident);
            signals.crossings += u32::from(lately && action.source == Source::Kpi);
        }
        Ok(())
    }

    /// What is said to have changed, and areas that went to another owner.
    async fn of_areas(
        &mut self,
        conn: &mut Conn,
        workspace: Uuid,
        changed: &[AreaName],
    ) -> Result<()> {
        let mut areas: BTreeSet<String> = changed.iter().map(ToString::to_string).collect();
        for (record, past) in record::histories(conn, workspace, "area-assigned").await? {
            let (before, owner) = (&past.data["before"], &past.data["owner"]);
            let other = before.is_string() && owner.is_string() && before != owner;
            if other && past.at.date_naive() >= self.since {
                areas.extend(record.strip_prefix("area ").map(str::to_owned));
            }
        }
        let areas: Vec<AreaName> = areas.iter().filter_map(|name| name.parse().ok()).collect();
        for requirement in &STANDARD.requirements {
            if areas.iter().any(|area| area.covers(&requirement.reference)) {
                self.of(&requirement.reference).changed = true;
            }
        }
        Ok(())
    }

    /// A nonconformity counts until it was audited in a later year.
    fn finished(mut self) -> BTreeMap<String, Signals> {
        for (reference, year) in std::mem::take(&mut self.failed) {
            let signals = self.of(&reference);
            signals.failed = signals.last.is_none_or(|last| last <= year);
        }
        self.signals
    }
}

/// The audits of all years, the oldest first.
pub(crate) async fn every_audit(conn: &mut Conn, workspace: Uuid) -> Result<Vec<Audit>> {
    let mut audits = Vec::new();
    for year in sql!(conn, audit::list_years(workspace))?.into_iter().rev() {
        let Ok(year) = i32::try_from(year) else {
            continue;
        };
        audits.extend(sql!(conn, audit::list_audits(workspace, year))?);
    }
    Ok(audits)
}
