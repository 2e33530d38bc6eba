//! The steps of a plan, each with an owner and a date. Pure.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::rules::{Act, Case};
use crate::app::UserError;
use crate::chat::day;

/// As many as a card can show.
const MOST: usize = 20;

#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// From 1, over all rounds.
    pub number: i64,
    /// Of which round's plan it is.
    pub round: i64,
    pub what: String,
    pub owner: Uuid,
    pub due: NaiveDate,
    pub done_by: Option<Uuid>,
    pub done_at: Option<DateTime<Utc>>,
    pub note: Option<String>,
}

/// A step that is still to be done.
#[derive(Debug, Clone, PartialEq)]
pub struct Owed {
    pub action: i64,
    /// Of the action.
    pub title: String,
    pub step: Step,
}

/// A step as somebody plans it.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    pub what: String,
    pub owner: Option<Uuid>,
    pub due: Option<NaiveDate>,
}

impl Step {
    pub fn is_open(&self) -> bool {
        self.done_at.is_none()
    }
}

impl Case {
    /// The steps of the plan that counts now.
    pub fn own_steps(&self) -> impl Iterator<Item = &Step> {
        let round = self.action.round;
        self.steps.iter().filter(move |step| step.round == round)
    }

    pub fn open_steps(&self) -> impl Iterator<Item = &Step> {
        self.own_steps().filter(|step| step.is_open())
    }

    /// Adds a step to the plan; says its number.
    pub fn plan_step(&mut self, act: Act, planned: Planned) -> Result<i64, UserError> {
        self.action.must_be_open("plan a step of")?;
        if self.own_steps().count() >= MOST {
            let text = format!(
                "{} has {MOST} steps already, as many as anybody can look over. Raise a second \
                 action for the rest.",
                self.action.name()
            );
            return Err(UserError::new(text));
        }
        let due = self.fitting(planned.due)?.unwrap_or(self.action.due);
        let number = self.steps.last().map_or(1, |step| step.number + 1);
        self.steps.push(Step {
            number,
            round: self.action.round,
            what: planned.what,
            owner: planned.owner.or(self.action.owner).unwrap_or(act.by),
            due,
            done_by: None,
            done_at: None,
            note: None,
        });
        Ok(number)
    }

    /// Changes what a step says; what was not said stays.
    pub fn change_step(&mut self, number: i64, planned: Planned) -> Result<(), UserError> {
        self.action.must_be_open("change a step of")?;
        let due = self.fitting(planned.due)?;
        let step = self.open_step(number)?;
        step.what = planned.what;
        step.owner = planned.owner.unwrap_or(step.owner);
        step.due = due.unwrap_or(step.due);
        Ok(())
    }

    pub fn finish_step(
        &mut self,
        act: Act,
        number: i64,
        note: Option<String>,
    ) -> Result<(), UserError> {
        self.action.must_be_open("finish a step of")?;
        let step = self.open_step(number)?;
        step.done_by = Some(act.by);
        step.done_at = Some(act.at);
        step.note = note;
        Ok(())
    }

    /// A due date that is not after the action's.
    fn fitting(&self, due: Option<NaiveDate>) -> Result<Option<NaiveDate>, UserError> {
        match due {
            Some(due) if due > self.action.due => {
                let text = format!(
                    "{} as a whole is due on {}, so a step ends by then. If it needs longer, extend \
                     the action first.",
                    self.action.name(),
                    day(self.action.due)
                );
                Err(UserError::at("due", text))
            }
            due => Ok(due),
        }
    }

    fn open_step(&mut self, number: i64) -> Result<&mut Step, UserError> {
        let (name, round) = (self.action.name(), self.action.round);
        let open: Vec<String> = self
            .open_steps()
            .map(|step| step.number.to_string())
            .collect();
        let mut steps = self.steps.iter_mut();
        match steps.find(|step| step.number == number && step.round == round) {
            Some(step) if step.is_open() => Ok(step),
            Some(_) => Err(UserError::at(
                "step",
                format!("Step {number} is done already."),
            )),
            None => {
                let which = match open.as_slice() {
                    [] => "It has no open steps.".to_owned(),
                    [one] => format!("Its one open step is {one}."),
                    more => format!("Its open steps are {}.", more.join(", ")),
                };
                let text = format!("{name} has no step {number}. {which}");
                Err(UserError::at("step", text))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::choice::Severity;
    use crate::action::rules::tests::{OTHER, OWNER, act, case, date};

    fn planned(what: &str) -> Planned {
        Planned {
            what: what.to_owned(),
            owner: None,
            due: None,
        }
    }

    #[test]
    fn a_step_is_the_owners_and_due_with_the_action_unless_it_is_said() {
        let mut case = case(Severity::Minor);
        let first = case.plan_step(act(OTHER, "2026-11-02"), planned("name an owner"));
        assert_eq!(first, Ok(1));
        assert_eq!(
            (case.steps[0].owner, case.steps[0].due),
            (OWNER, case.action.due)
        );
        let second = Planned {
            owner: Some(OTHER),
            due: Some(date("2026-11-10")),
            ..planned("patch")
        };
        assert_eq!(case.plan_step(act(OTHER, "2026-11-02"), second), Ok(2));
        assert_eq!(case.steps[1].owner, OTHER);
    }

    #[test]
    fn a_step_ends_with_its_action_at_the_latest() {
        let mut case = case(Severity::Minor);
        let late = Planned {
            due: Some(date("2026-12-01")),
            ..planned("patch")
        };
        let error = case.plan_step(act(OWNER, "2026-11-02"), late).unwrap_err();
        assert_eq!(error.field, Some("due"));
    }

    #[test]
    fn a_step_is_done_once_and_what_is_none_is_told_apart() {
        let mut case = case(Severity::Minor);
        case.plan_step(act(OWNER, "2026-11-02"), planned("patch"))
            .unwrap();
        let none = case
            .finish_step(act(OWNER, "2026-11-03"), 7, None)
            .unwrap_err();
        assert!(
            none.text.contains("Its one open step is 1."),
            "{}",
            none.text
        );
        case.finish_step(act(OWNER, "2026-11-03"), 1, None).unwrap();
        let twice = case
            .finish_step(act(OWNER, "2026-11-03"), 1, None)
            .unwrap_err();
        assert!(twice.text.contains("done already"), "{}", twice.text);
    }
}
