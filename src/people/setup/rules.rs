//! The steps of the set-up, the starter KPIs, and how far a workspace is. Pure.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use strum::IntoEnumIterator;
use uuid::Uuid;

use super::command::Step;
use crate::app::UserError;
use crate::command::value::{AreaName, KpiKey, ReviewName};
use crate::kpi::rules::{Direction, Frequency, Kpi, Scale, Source};
use crate::kpi::source::derived::Figure;
use crate::people::settings::Settings;
use crate::people::{Role, RoleFrom};

#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display, strum::EnumString)]
#[strum(serialize_all = "kebab-case")]
pub enum State {
    Done,
    Skipped,
}

/// One time a step was done or skipped.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    /// Counts a workspace's rows from 1.
    pub number: i64,
    pub step: Step,
    pub state: State,
    pub put_back: PutBack,
    pub by: Uuid,
    pub at: DateTime<Utc>,
}

/// What undoing a step has to put back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum PutBack {
    Nothing,
    Settings {
        was: Settings,
    },
    Kpis {
        begun: Vec<KpiKey>,
    },
    Owners {
        were: Vec<(AreaName, Option<Uuid>)>,
    },
    Auditor {
        person: Uuid,
        /// The role before, if the step changed it.
        was: Option<(Role, RoleFrom)>,
        /// The number of the training that was recorded.
        competence: Option<i64>,
    },
    Reviews {
        was: Settings,
        first: Option<ReviewName>,
    },
}

/// How far a workspace is: what was taken and not undone, oldest first.
#[derive(Debug, Clone, Default)]
pub struct Progress(pub Vec<Taken>);

impl Progress {
    /// The last time a step was taken.
    pub fn of(&self, step: Step) -> Option<&Taken> {
        self.0.iter().rev().find(|taken| taken.step == step)
    }

    /// How many steps are behind.
    pub fn behind(&self) -> usize {
        Step::iter().filter(|step| self.of(*step).is_some()).count()
    }

    /// The first step that is open.
    pub fn next(&self) -> Option<Step> {
        Step::iter().find(|step| self.of(*step).is_none())
    }

    /// What an undo takes back: the last step, and that one only if it is the one that is meant.
    pub fn last(&self, meant: Option<Step>) -> Result<&Taken, UserError> {
        let Some(last) = self.0.last() else {
            let text = "No step has been taken, so there is nothing to undo.";
            return Err(UserError::new(text).button("Set-up", "setup"));
        };
        match meant {
            Some(step) if step != last.step => {
                let text = format!(
                    "The last step was {}, not {step}. Steps are undone one after the other, the \
                     last one first.",
                    last.step
                );
                Err(UserError::at("step", text).button("Set-up", "setup"))
            }
            _ => Ok(last),
        }
    }
}

/// Why the KPIs of an undone step rest.
pub const UNDONE: &str = "set-up undone";

/// A KPI to begin with.
#[derive(Debug, Clone, Deserialize)]
pub struct Starter {
    pub key: KpiKey,
    pub name: String,
    pub purpose: String,
    pub unit: String,
    pub direction: Direction,
    pub target: f64,
    pub warning: Option<f64>,
    pub frequency: Frequency,
    /// What I count myself; nobody has to say it then.
    pub derived: Option<Figure>,
}

const STARTERS: &str = include_str!("../../../config/starter-kpis.csv");

/// The starter set, as it is built in; a test reads it.
pub fn starters() -> Vec<Starter> {
    csv::Reader::from_reader(STARTERS.as_bytes())
        .into_deserialize()
        .collect::<Result<_, _>>()
        .expect("the built-in table is well formed")
}

impl Starter {
    pub fn kpi(self, (measurer, analyst): (Uuid, Uuid), since: NaiveDate) -> Kpi {
        Kpi {
            key: self.key,
            name: self.name,
            purpose: Some(self.purpose),
            unit: self.unit,
            direction: self.direction,
            target: self.target,
            warning: self.warning,
            frequency: self.frequency,
            measurer,
            analyst,
            source: Source::Manual,
            scale: Scale::Linear,
            paused: None,
            since,
            limits: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::setup::command::StartKpis;

    fn progress(steps: &[(Step, State)]) -> Progress {
        let taken = steps.iter().zip(1..).map(|((step, state), number)| Taken {
            number,
            step: *step,
            state: *state,
            put_back: PutBack::Nothing,
            by: Uuid::nil(),
            at: DateTime::UNIX_EPOCH,
        });
        Progress(taken.collect())
    }

    #[test]
    fn the_starter_set_is_sound_and_is_what_the_form_asks_for() {
        let nobody = (Uuid::nil(), Uuid::nil());
        let kpis = starters().into_iter();
        let kpis: Vec<Kpi> = kpis.map(|kpi| kpi.kpi(nobody, NaiveDate::MIN)).collect();
        for kpi in &kpis {
            assert_eq!(kpi.faults(), [], "{}", kpi.key);
        }
        let asked = StartKpis::default().measurers().map(|(key, _)| key);
        let keys: Vec<_> = kpis.iter().map(|kpi| kpi.key.as_str()).collect();
        assert_eq!(keys, asked);
    }

    #[test]
    fn the_next_step_is_the_first_that_was_neither_done_nor_skipped() {
        assert_eq!(progress(&[]).next(), Some(Step::Zone));
        let some = progress(&[
            (Step::Zone, State::Done),
            (Step::Kpis, State::Done),
            (Step::Channels, State::Skipped),
            (Step::Kpis, State::Done),
        ]);
        assert_eq!((some.next(), some.behind()), (Some(Step::Clauses), 3));
        let all: Vec<_> = Step::iter().map(|step| (step, State::Skipped)).collect();
        assert_eq!(progress(&all).next(), None);
    }

    #[test]
    fn only_the_last_step_is_undone() {
        let some = progress(&[(Step::Zone, State::Done), (Step::Kpis, State::Done)]);
        assert_eq!(some.last(None).unwrap().step, Step::Kpis);
        assert_eq!(some.last(Some(Step::Kpis)).unwrap().number, 2);
        assert!(some.last(Some(Step::Zone)).is_err());
        assert!(progress(&[]).last(None).is_err());
    }
}
