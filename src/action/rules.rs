//! The life of a corrective action, pure:
//! `raised` → `planned` → `done` → `effective` or `reopened`; `cancelled` needs a reason.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc, WeekdaySet};
use uuid::Uuid;

use super::check::Round;
use super::choice::{Severity, Similar, Source};
use super::steps::Step;
use crate::app::UserError;
use crate::chat::day;
use crate::command::value::{ActionName, FileRef};
use crate::schedule::rules::working_day_from;

#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    pub number: i64,
    pub title: String,
    pub source: Source,
    pub severity: Severity,
    pub state: State,
    /// The clause or Annex A control it is about.
    pub control: Option<String>,
    /// Where it was said first.
    pub link: Option<String>,
    pub owner: Option<Uuid>,
    pub due: NaiveDate,
    /// How often the due date was moved.
    pub extensions: i64,
    /// Why after why, where the cause was found that way.
    pub whys: Vec<String>,
    pub cause: Option<String>,
    /// Whether there is something like it elsewhere, once somebody has looked.
    pub similar: Option<Similar>,
    pub similar_where: Option<String>,
    pub plan: Option<String>,
    /// By what it will be seen that it worked.
    pub criterion: Option<String>,
    pub evidence: Option<String>,
    pub evidence_file: Option<FileRef>,
    pub raised_by: Uuid,
    pub raised_at: DateTime<Utc>,
    pub done_by: Option<Uuid>,
    pub done_at: Option<DateTime<Utc>>,
    /// The day from which it may be found effective.
    pub check_on: Option<NaiveDate>,
    /// Who was named to look whether it worked.
    pub verifier: Option<Uuid>,
    pub verified_by: Option<Uuid>,
    pub verified_at: Option<DateTime<Utc>>,
    /// The effective action on the same control that this one repeats.
    pub repeats: Option<i64>,
    /// 1, and one more each time it is opened again.
    pub round: i64,
}

#[derive(
    Debug, Clone, Copy, PartialEq, Eq, strum::Display, strum::EnumString, strum::VariantArray,
)]
#[strum(serialize_all = "kebab-case")]
pub enum State {
    Raised,
    /// Its cause and plan are known.
    Planned,
    /// There is evidence that it was carried out.
    Done,
    /// Someone else saw, later, that it worked.
    Effective,
    Reopened,
    Cancelled,
}

impl State {
    /// Its place in a list: first what is to be done, then what is to be checked, then what is over.
    pub fn rank(self) -> i64 {
        match self {
            State::Raised | State::Planned | State::Reopened => 0,
            State::Done => 1,
            State::Effective | State::Cancelled => 2,
        }
    }

    /// Still to be worked on.
    pub fn is_open(self) -> bool {
        matches!(self, State::Raised | State::Planned | State::Reopened)
    }
}

/// An action with all that belongs to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    pub action: Action,
    /// In the order they were planned, those of earlier rounds too.
    pub steps: Vec<Step>,
    /// What was tried before, the oldest first.
    pub rounds: Vec<Round>,
}

/// Who acts, and when.
#[derive(Debug, Clone, Copy)]
pub struct Act {
    pub by: Uuid,
    pub at: DateTime<Utc>,
    /// The day it is where the person is.
    pub today: NaiveDate,
}

/// The one right next step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Somebody has to own it.
    Assign,
    /// The cause is not known.
    Analyse,
    /// The plan, or the criterion, is not known.
    Plan,
    /// This step is the first that is not done.
    Step(i64),
    Finish,
    Verify,
    Nothing,
}

impl Action {
    pub fn name(&self) -> ActionName {
        ActionName(self.number)
    }

    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.state.is_open() && self.due < today
    }

    /// What is to be done next, where the first open step is this one.
    pub fn next(&self, open_step: Option<i64>) -> Next {
        let thorough = self.severity.is_nonconformity();
        match self.state {
            State::Done => Next::Verify,
            State::Effective | State::Cancelled => Next::Nothing,
            _ if self.owner.is_none() => Next::Assign,
            _ if thorough && self.cause.is_none() => Next::Analyse,
            _ if thorough && (self.plan.is_none() || self.criterion.is_none()) => Next::Plan,
            _ => open_step.map_or(Next::Finish, Next::Step),
        }
    }

    pub(super) fn must_be_open(&self, to: &str) -> Result<(), UserError> {
        let name = self.name();
        match self.state {
            state if state.is_open() => Ok(()),
            State::Done => Err(UserError::new(format!(
                "{name} is already done; to {to} it, reopen it first."
            ))
            .button("Reopen", format!("action reopen {name}"))),
            state => Err(UserError::new(format!(
                "{name} is {state}; to {to} it, reopen it first."
            ))
            .button("Reopen", format!("action reopen {name}"))),
        }
    }

    pub fn assign(&mut self, owner: Uuid) -> Result<(), UserError> {
        self.must_be_open("assign")?;
        self.owner = Some(owner);
        Ok(())
    }

    /// Moves the due date on.
    pub fn extend(&mut self, due: NaiveDate) -> Result<(), UserError> {
        self.must_be_open("extend")?;
        if due <= self.due {
            let text = format!(
                "{} is due on {} already; an extension needs a later date.",
                self.name(),
                day(self.due)
            );
            return Err(UserError::at("due", text));
        }
        self.due = due;
        self.extensions += 1;
        Ok(())
    }

    pub fn cancel(&mut self) -> Result<(), UserError> {
        self.must_be_open("cancel")?;
        self.state = State::Cancelled;
        Ok(())
    }
}

impl Case {
    /// What is to be done next.
    pub fn next(&self) -> Next {
        let step = self.open_steps().next();
        self.action.next(step.map(|step| step.number))
    }
}

/// The due date of an action that was raised without one: 30 days for a major nonconformity, 60
/// for a minor one, 90 for an opportunity, on a working day.
pub fn default_due(severity: Severity, today: NaiveDate, working: WeekdaySet) -> NaiveDate {
    let days = match severity {
        Severity::Major => 30,
        Severity::Minor => 60,
        Severity::Opportunity => 90,
    };
    let day = today + TimeDelta::days(days);
    working_day_from(day, working).unwrap_or(day)
}

#[cfg(test)]
pub(crate) mod tests;
