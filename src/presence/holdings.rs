//! All that persons hold: what has to be handed over when one leaves.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::action::rules::Action;
use crate::action::steps::Owed;
use crate::app::Result;
use crate::audit::rules::{Audit, State};
use crate::kpi::rules::Kpi;
use crate::people::area::rules::Area;
use crate::review::rules::{Input, Review};
use crate::sql;
use crate::store::Conn;

/// What somebody holds, or everybody in a workspace.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Holdings {
    /// Open ones.
    pub actions: Vec<Action>,
    /// Of plans, not done.
    pub steps: Vec<Owed>,
    /// Done ones, whose effect is to be looked at.
    pub checks: Vec<Action>,
    /// Measured or looked into.
    pub kpis: Vec<Kpi>,
    /// Not given yet, of reviews that take inputs.
    pub inputs: Vec<(Review, Input)>,
    /// Not finished.
    pub audits: Vec<Audit>,
    /// Clauses and controls they answer for.
    pub areas: Vec<Area>,
}

impl Holdings {
    /// What everybody in a workspace holds.
    pub async fn load(conn: &mut Conn, workspace: Uuid) -> Result<Holdings> {
        let owed = sql!(conn, action::list_owed(workspace))?;
        let (actions, checks) = owed.into_iter().partition(|action| action.state.is_open());
        let mut inputs = Vec::new();
        for review in sql!(conn, review::list_reviews(workspace))? {
            if review.takes_inputs() {
                let of_it = sql!(conn, review::list_inputs(workspace, review.name))?;
                inputs.extend(of_it.into_iter().map(|input| (review.clone(), input)));
            }
        }
        inputs.retain(|(_, input)| input.answer.is_none());
        let mut audits = Vec::new();
        for year in sql!(conn, audit::list_years(workspace))? {
            let year = i32::try_from(year).unwrap_or_default();
            audits.extend(sql!(conn, audit::list_audits(workspace, year))?);
        }
        audits.retain(|audit| audit.state != State::Finished);
        Ok(Holdings {
            actions,
            steps: sql!(conn, actions::list_steps_of(workspace, None))?,
            checks,
            kpis: sql!(conn, kpi::list_kpis(workspace))?,
            inputs,
            audits,
            areas: sql!(conn, area::list_areas(workspace))?,
        })
    }

    /// What one person holds of it.
    pub fn of(&self, person: Uuid) -> Holdings {
        let mut own = self.clone();
        own.actions.retain(|action| action.owner == Some(person));
        own.steps.retain(|owed| owed.step.owner == person);
        own.checks.retain(|action| action.verifier == Some(person));
        own.kpis
            .retain(|kpi| kpi.measurer == person || kpi.analyst == person);
        own.inputs.retain(|(_, input)| input.owner == person);
        own.audits.retain(|audit| audit.auditor == Some(person));
        own.areas.retain(|area| area.owner == Some(person));
        own
    }

    /// Everybody who holds something.
    pub fn holders(&self) -> BTreeSet<Uuid> {
        let actions = self.actions.iter().filter_map(|action| action.owner);
        let steps = self.steps.iter().map(|owed| owed.step.owner);
        let checks = self.checks.iter().filter_map(|action| action.verifier);
        let actions = actions.chain(steps).chain(checks);
        let kpis = self.kpis.iter().flat_map(|kpi| [kpi.measurer, kpi.analyst]);
        let inputs = self.inputs.iter().map(|(_, input)| input.owner);
        let audits = self.audits.iter().filter_map(|audit| audit.auditor);
        let areas = self.areas.iter().filter_map(|area| area.owner);
        let records = actions.chain(kpis).chain(inputs).chain(audits);
        records.chain(areas).collect()
    }

    pub fn is_empty(&self) -> bool {
        self.actions.is_empty()
            && self.steps.is_empty()
            && self.checks.is_empty()
            && self.kpis.is_empty()
            && self.inputs.is_empty()
            && self.audits.is_empty()
            && self.areas.is_empty()
    }
}
