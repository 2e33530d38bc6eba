//! What changed since the last review. Pure.

use chrono::NaiveDate;

use crate::action::rules::{Action, State as ActionState};
use crate::command::value::ReviewName;
use crate::kpi::rules::{Direction, Overview};
use crate::review::rules::{Input, Review};

/// The last review that was held, and what changed since.
#[derive(Debug, Clone, PartialEq)]
pub struct Since {
    pub review: ReviewName,
    pub on: NaiveDate,
    /// Actions that were raised since, and found effective.
    pub raised: usize,
    pub effective: usize,
    /// How many of its inputs that people give came in time, of how many.
    pub on_time: (usize, usize),
}

/// Where a KPI went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    Better,
    Worse,
    Same,
}

/// A value at the last review and now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Turned {
    pub was: f64,
    pub is: f64,
    pub turn: Turn,
}

impl Since {
    /// `moved` are the actions that were raised or verified since.
    pub fn of(review: &Review, inputs: &[Input], moved: &[Action]) -> Since {
        let after = |at: chrono::DateTime<chrono::Utc>| at.date_naive() >= review.on;
        let raised = moved.iter().filter(|action| after(action.raised_at));
        let effective = moved.iter().filter(|action| {
            action.state == ActionState::Effective && action.verified_at.is_some_and(after)
        });
        let asked = inputs.iter().filter(|input| !input.item.is_prefilled());
        let in_time = |input: &&Input| {
            let answer = input.answer.as_ref();
            answer.is_some_and(|answer| answer.at.date_naive() <= review.on)
        };
        Since {
            review: review.name,
            on: review.on,
            raised: raised.count(),
            effective: effective.count(),
            on_time: (asked.clone().filter(in_time).count(), asked.count()),
        }
    }
}

/// How a KPI stood on a day, and stands now; `None` if no value has come since, or none was there then.
pub fn turned(view: &Overview, on: NaiveDate) -> Option<Turned> {
    let latest = view.reading.latest?;
    let before = view
        .points
        .iter()
        .rev()
        .find(|point| point.period.last_day() < on && point.value.is_some())?;
    let (was, is) = (before.value?, latest.value);
    if before.period == latest.period {
        return None;
    }
    let turn = match (
        is == was,
        (is > was) == (view.kpi.direction == Direction::Higher),
    ) {
        (true, _) => Turn::Same,
        (_, true) => Turn::Better,
        (_, false) => Turn::Worse,
    };
    Some(Turned { was, is, turn })
}

/// The action that has been open for longest, with how many days.
pub fn oldest(open: &[Action], today: NaiveDate) -> Option<(&Action, i64)> {
    let oldest = open.iter().min_by_key(|action| action.raised_at)?;
    Some((oldest, (today - oldest.raised_at.date_naive()).num_days()))
}
