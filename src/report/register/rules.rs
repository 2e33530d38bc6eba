//! Which actions a register holds. Pure.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::action::command::{Severity, Source, StateFilter};
use crate::action::rules::{Action, State};

/// What was asked for; what is left out fits everything.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Words in the title, each of them.
    pub text: Option<String>,
    pub state: StateFilter,
    /// Only what is overdue on this day.
    pub overdue_on: Option<NaiveDate>,
    pub owner: Option<Uuid>,
    pub source: Option<Source>,
    pub severity: Option<Severity>,
    pub control: Option<String>,
}

impl Filter {
    pub fn fits(&self, action: &Action) -> bool {
        let wanted = match self.state {
            StateFilter::All => true,
            StateFilter::Open => action.state.is_open() || action.state == State::Done,
            state => state.to_string() == action.state.to_string(),
        };
        let title = action.title.to_lowercase();
        let has = |text: &String| {
            let text = text.to_lowercase();
            text.split_whitespace().all(|word| title.contains(word))
        };
        wanted
            && self.text.as_ref().is_none_or(has)
            && self.overdue_on.is_none_or(|day| action.is_overdue(day))
            && self.owner.is_none_or(|owner| action.owner == Some(owner))
            && self.source.is_none_or(|source| action.source == source)
            && self
                .severity
                .is_none_or(|severity| action.severity == severity)
            && (self.control.is_none() || action.control == self.control)
    }
}
