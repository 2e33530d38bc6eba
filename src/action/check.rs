//! Done, and later looked at by someone else; and what becomes of what did not work. Pure.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc, WeekdaySet};
use uuid::Uuid;

use super::choice::Effectiveness;
use super::rules::{Act, Action, Case, State, default_due};
use crate::app::UserError;
use crate::chat::day;
use crate::command::value::FileRef;
use crate::people::{People, Person, Role};

/// Days from the end of an action to the check that it worked, unless said otherwise.
const CHECK_AFTER: i64 = 60;

/// What shows that an action was carried out, and who looks when whether it worked.
#[derive(Debug, Clone, PartialEq)]
pub struct Finish {
    pub evidence: String,
    pub file: Option<FileRef>,
    pub check_on: Option<NaiveDate>,
    pub verifier: Option<Uuid>,
}

/// What was done before an action was opened again.
#[derive(Debug, Clone, PartialEq)]
pub struct Round {
    /// From 1.
    pub number: i64,
    pub cause: Option<String>,
    pub plan: Option<String>,
    pub criterion: Option<String>,
    pub evidence: Option<String>,
    pub evidence_file: Option<FileRef>,
    pub done_by: Option<Uuid>,
    pub done_at: Option<DateTime<Utc>>,
    pub outcome: Outcome,
    /// What who ended it saw, or why they opened it again.
    pub said: String,
    pub ended_by: Uuid,
    pub ended_at: DateTime<Utc>,
}

/// Why a round ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display, strum::EnumString)]
#[strum(serialize_all = "kebab-case")]
pub enum Outcome {
    /// Someone looked, and it had not worked.
    Ineffective,
    /// It was opened again for another reason.
    Reopened,
}

impl Action {
    /// Whether somebody may say that it worked: neither its owner nor who did it.
    pub fn is_others_than(&self, person: Uuid) -> bool {
        Some(person) != self.owner && Some(person) != self.done_by
    }

    /// Who is asked to look whether it worked, where nobody was named: who raised it, or a manager,
    /// an auditor, a leader.
    pub fn someone_else(&self, doer: Uuid, people: &People) -> Option<Uuid> {
        let fits = |person: &&Person| {
            let works = self.is_others_than(person.id) && person.id != doer;
            works && person.present && person.role != Role::Reader
        };
        let raiser = people.find(self.raised_by).filter(fits);
        let with = |role: Role| {
            let mut all = people.0.iter();
            all.find(|person| person.role == role && fits(person))
        };
        let by_role = || {
            let roles = [Role::Manager, Role::Auditor, Role::Leader];
            roles.into_iter().find_map(with)
        };
        raiser.or_else(by_role).map(|person| person.id)
    }
}

impl Case {
    /// Carried out: with evidence, and for a nonconformity with cause, plan and criterion.
    pub fn finish(&mut self, act: Act, finish: Finish) -> Result<(), UserError> {
        self.action.must_be_open("finish")?;
        if let Some((field, text)) = self.action.lacks() {
            return Err(UserError::at(field, text));
        }
        let name = self.action.name();
        if let Some(step) = self.open_steps().next() {
            let more = match self.open_steps().count() - 1 {
                0 => String::new(),
                1 => ", and one more".to_owned(),
                more => format!(", and {more} more"),
            };
            let number = step.number;
            let text = format!(
                "Step {number} of {name} is not done yet: {}{more}. Say that it is, or with a note \
                 why it is not needed.",
                step.what
            );
            let done = format!("action step-done {name} {number}");
            return Err(UserError::new(text).button(format!("Step {number} is done"), done));
        }
        if finish.check_on.is_some_and(|day| day < act.today) {
            let text = "This day has passed; the check is today or later.";
            return Err(UserError::at("check", text));
        }
        let action = &mut self.action;
        if let Some(verifier) = finish.verifier
            && (Some(verifier) == action.owner || verifier == act.by)
        {
            return Err(UserError::at("verifier", NOT_THE_OWNER));
        }
        let default = match action.severity.is_nonconformity() {
            true => act.today + TimeDelta::days(CHECK_AFTER),
            false => act.today,
        };
        action.state = State::Done;
        action.evidence = Some(finish.evidence);
        action.evidence_file = finish.file;
        action.done_by = Some(act.by);
        action.done_at = Some(act.at);
        action.check_on = Some(finish.check_on.unwrap_or(default));
        action.verifier = finish.verifier;
        Ok(())
    }

    /// Says who looks whether it worked, and when.
    pub fn name_verifier(
        &mut self,
        act: Act,
        (verifier, check_on): (Uuid, Option<NaiveDate>),
    ) -> Result<(), UserError> {
        let action = &mut self.action;
        if action.state != State::Done {
            let text = format!(
                "{} is {}; who checks it is said when it is done.",
                action.name(),
                action.state
            );
            return Err(UserError::new(text));
        }
        if !action.is_others_than(verifier) {
            return Err(UserError::at("verifier", NOT_THE_OWNER));
        }
        if let Some(day) = check_on {
            if day < act.today {
                let text = "This day has passed; the check is today or later.";
                return Err(UserError::at("check", text));
            }
            action.check_on = Some(day);
        }
        action.verifier = Some(verifier);
        Ok(())
    }

    /// Whether it worked: said later, by someone other than the owner.
    pub fn verify(
        &mut self,
        act: Act,
        (result, note): (Effectiveness, &str),
    ) -> Result<(), UserError> {
        let action = &mut self.action;
        let name = action.name();
        if action.state == State::Effective {
            return Err(UserError::new(format!(
                "{name} has already been found effective."
            )));
        }
        if action.state != State::Done {
            return Err(UserError::new(format!(
                "{name} is {}; it can be verified once it is done.",
                action.state
            ))
            .button("It is done", format!("action done {name}")));
        }
        if !action.is_others_than(act.by) {
            return Err(UserError::new(format!(
                "{name} was yours to do, so someone else has to say whether it worked. \
                 Ask your ISMS manager or a colleague to verify it."
            ))
            .button("Name someone", format!("action verifier {name}")));
        }
        if result == Effectiveness::Ineffective {
            self.open_again(act, (Outcome::Ineffective, note));
            return Ok(());
        }
        if let Some(on) = action.check_on.filter(|on| act.today < *on) {
            let text = format!(
                "{name} is to be checked on {} or later, so that there is something to see. \
                 If it plainly did not work, say so now: result:ineffective.",
                day(on)
            );
            return Err(UserError::at("result", text));
        }
        action.state = State::Effective;
        action.verified_by = Some(act.by);
        action.verified_at = Some(act.at);
        Ok(())
    }

    pub fn reopen(&mut self, act: Act, reason: &str) -> Result<(), UserError> {
        if self.action.state.is_open() {
            return Err(UserError::new(format!(
                "{} is {}, so it is open.",
                self.action.name(),
                self.action.state
            )));
        }
        self.open_again(act, (Outcome::Reopened, reason));
        Ok(())
    }

    /// Open again, with the time its severity allows from today. What was done is kept as a round;
    /// what did not work is to be thought over from its cause on.
    fn open_again(&mut self, act: Act, (outcome, said): (Outcome, &str)) {
        let action = &mut self.action;
        if action.state != State::Cancelled {
            self.rounds.push(Round {
                number: action.round,
                cause: action.cause.clone(),
                plan: action.plan.clone(),
                criterion: action.criterion.clone(),
                evidence: action.evidence.take(),
                evidence_file: action.evidence_file.take(),
                done_by: action.done_by.take(),
                done_at: action.done_at.take(),
                outcome,
                said: said.to_owned(),
                ended_by: act.by,
                ended_at: act.at,
            });
            action.round += 1;
        }
        if outcome == Outcome::Ineffective {
            action.whys.clear();
            action.cause = None;
            action.plan = None;
        }
        action.state = State::Reopened;
        action.check_on = None;
        action.verifier = None;
        action.verified_by = None;
        action.verified_at = None;
        if action.due < act.today {
            action.due = default_due(action.severity, act.today, WeekdaySet::ALL);
        }
    }
}

const NOT_THE_OWNER: &str =
    "Whoever owns it or did it does not say that it worked. Name someone else.";
