//! The life of a corrective action, pure:
//! `raised` → `planned` → `done` → `effective` or `reopened`; `cancelled` needs a reason.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc, WeekdaySet};
use uuid::Uuid;

use super::command::{Effectiveness, Severity, Source};
use crate::app::UserError;
use crate::chat::day;
use crate::command::value::{ActionName, Prose};
use crate::schedule::rules::working_day_from;

/// Days from the end of an action to the check that it worked, unless said otherwise.
const CHECK_AFTER: i64 = 60;

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
    pub cause: Option<String>,
    pub plan: Option<String>,
    pub evidence: Option<String>,
    pub raised_by: Uuid,
    pub raised_at: DateTime<Utc>,
    pub done_by: Option<Uuid>,
    pub done_at: Option<DateTime<Utc>>,
    /// The day from which it may be found effective.
    pub check_on: Option<NaiveDate>,
    pub verified_by: Option<Uuid>,
    pub verified_at: Option<DateTime<Utc>>,
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
    /// Still to be worked on.
    pub fn is_open(self) -> bool {
        matches!(self, State::Raised | State::Planned | State::Reopened)
    }
}

/// Who acts, and when.
#[derive(Debug, Clone, Copy)]
pub struct Act {
    pub by: Uuid,
    pub at: DateTime<Utc>,
    /// The day it is where the person is.
    pub today: NaiveDate,
}

impl Action {
    pub fn name(&self) -> ActionName {
        ActionName(self.number)
    }

    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.state.is_open() && self.due < today
    }

    /// Takes in what was said of its cause and plan; what was not said stays.
    pub fn explain(&mut self, cause: Option<Prose>, plan: Option<Prose>) {
        self.cause = cause.map(|cause| cause.0).or_else(|| self.cause.take());
        self.plan = plan.map(|plan| plan.0).or_else(|| self.plan.take());
    }

    /// `planned` follows from what is given: the plan, and for a nonconformity the cause.
    pub fn settle(&mut self) {
        let planned =
            self.plan.is_some() && (self.cause.is_some() || !self.severity.is_nonconformity());
        if self.state == State::Raised && planned {
            self.state = State::Planned;
        }
    }

    fn must_be_open(&self, to: &str) -> Result<(), UserError> {
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

    pub fn update(&mut self) -> Result<(), UserError> {
        self.must_be_open("change")?;
        self.settle();
        Ok(())
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

    /// Carried out: with evidence, and for a nonconformity with cause and plan.
    pub fn finish(
        &mut self,
        act: Act,
        evidence: String,
        check_on: Option<NaiveDate>,
    ) -> Result<(), UserError> {
        self.must_be_open("finish")?;
        if self.severity.is_nonconformity() {
            if self.cause.is_none() {
                let text = "A nonconformity is not done before its cause is known: \
                            say why it could happen.";
                return Err(UserError::at("cause", text));
            }
            if self.plan.is_none() {
                let text = "A nonconformity is not done without a plan: say what was changed, \
                            and how it will be seen that it worked.";
                return Err(UserError::at("plan", text));
            }
        }
        let default = match self.severity.is_nonconformity() {
            true => act.today + TimeDelta::days(CHECK_AFTER),
            false => act.today,
        };
        self.state = State::Done;
        self.evidence = Some(evidence);
        self.done_by = Some(act.by);
        self.done_at = Some(act.at);
        self.check_on = Some(check_on.unwrap_or(default));
        self.verified_by = None;
        self.verified_at = None;
        Ok(())
    }

    /// Whether it worked: said later, by someone other than the owner.
    pub fn verify(&mut self, act: Act, result: Effectiveness) -> Result<(), UserError> {
        let name = self.name();
        if self.state == State::Effective {
            return Err(UserError::new(format!(
                "{name} has already been found effective."
            )));
        }
        if self.state != State::Done {
            return Err(UserError::new(format!(
                "{name} is {}; it can be verified once it is done.",
                self.state
            ))
            .button("It is done", format!("action done {name}")));
        }
        if Some(act.by) == self.owner || Some(act.by) == self.done_by {
            return Err(UserError::new(format!(
                "{name} was yours to do, so someone else has to say whether it worked. \
                 Ask your ISMS manager or a colleague to verify it."
            )));
        }
        if result == Effectiveness::Ineffective {
            self.reopen_from(act.today);
            return Ok(());
        }
        if let Some(day) = self.check_on.filter(|day| act.today < *day) {
            let text = format!(
                "{name} is to be checked on {} or later, so that there is something to see. \
                 If it plainly did not work, say so now: result:ineffective.",
                crate::chat::day(day)
            );
            return Err(UserError::at("result", text));
        }
        self.state = State::Effective;
        self.verified_by = Some(act.by);
        self.verified_at = Some(act.at);
        Ok(())
    }

    pub fn reopen(&mut self, act: Act) -> Result<(), UserError> {
        if self.state.is_open() {
            return Err(UserError::new(format!(
                "{} is {}, so it is open.",
                self.name(),
                self.state
            )));
        }
        self.reopen_from(act.today);
        Ok(())
    }

    /// Open again, with the time its severity allows from today.
    fn reopen_from(&mut self, today: NaiveDate) {
        self.state = State::Reopened;
        self.evidence = None;
        self.done_by = None;
        self.done_at = None;
        self.check_on = None;
        self.verified_by = None;
        self.verified_at = None;
        if self.due < today {
            self.due = default_due(self.severity, today, WeekdaySet::ALL);
        }
    }

    pub fn cancel(&mut self) -> Result<(), UserError> {
        self.must_be_open("cancel")?;
        self.state = State::Cancelled;
        Ok(())
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
mod tests {
    use super::*;

    const OWNER: Uuid = Uuid::from_u128(1);
    const OTHER: Uuid = Uuid::from_u128(2);

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn act(by: Uuid, today: &str) -> Act {
        let at = day(today).and_hms_opt(9, 0, 0).unwrap().and_utc();
        Act {
            by,
            at,
            today: day(today),
        }
    }

    fn raised(severity: Severity) -> Action {
        Action {
            number: 12,
            title: "Patch the VPN".to_owned(),
            source: Source::ByHand,
            severity,
            state: State::Raised,
            control: None,
            link: None,
            owner: Some(OWNER),
            due: day("2026-11-30"),
            extensions: 0,
            cause: None,
            plan: None,
            evidence: None,
            raised_by: OTHER,
            raised_at: act(OTHER, "2026-11-01").at,
            done_by: None,
            done_at: None,
            check_on: None,
            verified_by: None,
            verified_at: None,
        }
    }

    fn finished() -> Action {
        let mut action = raised(Severity::Minor);
        action.cause = Some("nobody owned it".to_owned());
        action.plan = Some("an owner".to_owned());
        action
            .finish(act(OWNER, "2026-11-20"), "seen".to_owned(), None)
            .unwrap();
        action
    }

    #[test]
    fn a_nonconformity_is_not_done_without_cause_and_plan() {
        let mut action = raised(Severity::Minor);
        let evidence = || "seen".to_owned();
        let error = action
            .finish(act(OWNER, "2026-11-20"), evidence(), None)
            .unwrap_err();
        assert_eq!(error.field, Some("cause"));
        action.cause = Some("nobody owned it".to_owned());
        let error = action
            .finish(act(OWNER, "2026-11-20"), evidence(), None)
            .unwrap_err();
        assert_eq!(error.field, Some("plan"));
        assert_eq!(action.state, State::Raised);
    }

    #[test]
    fn an_opportunity_may_skip_the_cause() {
        let mut action = raised(Severity::Opportunity);
        action
            .finish(act(OWNER, "2026-11-20"), "seen".to_owned(), None)
            .unwrap();
        assert_eq!(
            (action.state, action.check_on),
            (State::Done, Some(day("2026-11-20")))
        );
    }

    #[test]
    fn it_is_planned_once_cause_and_plan_are_given() {
        let mut action = raised(Severity::Major);
        action.plan = Some("an owner".to_owned());
        action.update().unwrap();
        assert_eq!(action.state, State::Raised);
        action.cause = Some("nobody owned it".to_owned());
        action.update().unwrap();
        assert_eq!(action.state, State::Planned);
    }

    #[test]
    fn it_is_not_effective_before_its_check_date_nor_by_its_owner() {
        let mut action = finished();
        assert_eq!(action.check_on, Some(day("2027-01-19")));
        let early = action
            .verify(act(OTHER, "2027-01-18"), Effectiveness::Effective)
            .unwrap_err();
        assert_eq!(early.field, Some("result"));
        assert!(
            action
                .verify(act(OWNER, "2027-01-19"), Effectiveness::Effective)
                .is_err()
        );
        action
            .verify(act(OTHER, "2027-01-19"), Effectiveness::Effective)
            .unwrap();
        assert_eq!(
            (action.state, action.verified_by),
            (State::Effective, Some(OTHER))
        );
    }

    #[test]
    fn what_plainly_did_not_work_is_reopened_at_any_time_and_needs_new_evidence() {
        let mut action = finished();
        action
            .verify(act(OTHER, "2026-12-01"), Effectiveness::Ineffective)
            .unwrap();
        assert_eq!(
            (action.state, action.evidence.as_ref()),
            (State::Reopened, None)
        );
        assert!(action.due >= day("2026-12-01"));
    }

    #[test]
    fn an_extension_is_later_and_counted() {
        let mut action = raised(Severity::Minor);
        assert_eq!(
            action.extend(day("2026-11-30")).unwrap_err().field,
            Some("due")
        );
        action.extend(day("2026-12-01")).unwrap();
        assert_eq!((action.due, action.extensions), (day("2026-12-01"), 1));
    }

    #[test]
    fn what_is_closed_changes_only_by_being_reopened() {
        let mut action = finished();
        for error in [action.update(), action.assign(OTHER), action.cancel()] {
            assert_eq!(error.unwrap_err().buttons[0].command, "action reopen CA-12");
        }
        action.reopen(act(OTHER, "2026-11-21")).unwrap();
        assert_eq!(
            action.reopen(act(OTHER, "2026-11-21")).unwrap_err().field,
            None
        );
        action.cancel().unwrap();
        assert_eq!(action.state, State::Cancelled);
    }
}
