//! On which days reviews are planned, and what was not held when it should have been. Pure.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, TimeDelta, Utc, WeekdaySet};
use chrono_tz::Tz;
use uuid::Uuid;

use crate::app::UserError;
use crate::command::value::ReviewName;
use crate::people::rhythm::Rhythm;
use crate::review::rules::{Review, State};
use crate::schedule::rules::instant_of;

/// Inputs are first asked for so long before the meeting; a first review is not planned sooner.
const LEAD: Days = Days::new(21);
/// The day of a stretch's last month for which a review is planned, where nobody said another.
const LATE_IN_MONTH: u32 = 15;

/// So long it is told that something was not held as planned.
const TOLD: Days = Days::new(366);

/// That a review was moved or cancelled.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Counts those of a review from 1.
    pub number: i64,
    /// The day it was planned for before.
    pub was_on: NaiveDate,
    /// The day it was moved to; none if it was cancelled.
    pub now_on: Option<NaiveDate>,
    pub reason: String,
    pub by: Uuid,
    pub at: DateTime<Utc>,
}

/// What is planned around a review.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Meeting {
    /// Whose clocks its time is told by.
    pub zone: Tz,
    pub participants: Vec<Uuid>,
    /// Oldest first.
    pub changes: Vec<Change>,
}

/// Something that was not held when it should have been.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lapse {
    /// Its day is behind, and it has not begun.
    Late { review: ReviewName, on: NaiveDate },
    /// It was moved out of the stretch of the year that it was for.
    Postponed {
        review: ReviewName,
        planned: NaiveDate,
        on: NaiveDate,
    },
    /// A stretch is over and had no review.
    Skipped {
        /// Its last day.
        end: NaiveDate,
        /// `2026-Q3`
        stretch: String,
        /// The one that was cancelled.
        cancelled: Option<ReviewName>,
    },
}

impl Review {
    /// When the meeting begins and ends; `None`: the whole day is held for it. Where clocks are put
    /// forward over its time it begins right after.
    pub fn instants(&self, zone: Tz) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let begins = instant_of(self.on.and_time(self.starts?), zone);
        Some((begins, begins + TimeDelta::minutes(self.minutes)))
    }

    /// To another day, or another time of it. The invitation changes with it.
    pub fn move_to(&mut self, on: NaiveDate, at: Option<NaiveTime>) -> Result<(), UserError> {
        self.must_be_planned("move")?;
        if on == self.on && (at.is_none() || at == self.starts) {
            let day = crate::chat::day(on);
            let text = format!("{} is on {day} already.", self.name);
            return Err(UserError::at("on", text));
        }
        self.on = on;
        self.starts = at.or(self.starts);
        self.sequence += 1;
        Ok(())
    }

    /// It will not be held.
    pub fn cancel(&mut self) -> Result<(), UserError> {
        self.must_be_planned("cancel")?;
        self.state = State::Cancelled;
        self.sequence += 1;
        Ok(())
    }

    /// Only what was not begun can be planned otherwise.
    pub fn must_be_planned(&self, what: &str) -> Result<(), UserError> {
        let name = self.name;
        let text = match self.state {
            State::Scheduled => return Ok(()),
            State::Started => format!("{name} has begun; there is nothing left to {what}."),
            State::Held | State::Finished => {
                format!("{name} was held; there is nothing left to {what}.")
            }
            State::Cancelled => format!("{name} was cancelled; there is nothing left to {what}."),
        };
        Err(UserError::at("review", text).button("Show", format!("review show {name}")))
    }

    /// Whether it was held, or is being.
    pub fn was_held(&self) -> bool {
        matches!(self.state, State::Started | State::Held | State::Finished)
    }
}

/// The working day nearest to a day; of two, the later.
fn near(day: NaiveDate, working: WeekdaySet) -> NaiveDate {
    let works = |day: &NaiveDate| working.contains(day.weekday());
    (0..7)
        .flat_map(|off| [day + Days::new(off), day - Days::new(off)])
        .find(works)
        .unwrap_or(day)
}

/// The day of the first review of a rhythm: late in a stretch of the year, with time for the inputs.
pub fn first_day(rhythm: Rhythm, today: NaiveDate, working: WeekdaySet) -> NaiveDate {
    let late_in = |month: NaiveDate| {
        let day = month.with_day(LATE_IN_MONTH).unwrap_or(month);
        near(day, working)
    };
    let first = today.with_day(1).unwrap_or(today);
    (0..24)
        .filter_map(|months| first.checked_add_months(Months::new(months)))
        .filter(|month| rhythm.ends_in_month_of(*month))
        .map(late_in)
        .find(|day| *day >= today + LEAD)
        .unwrap_or(today + LEAD)
}

/// The day of the review after one that was planned for `last`: a stretch later, and not in the past.
pub fn day_after(
    rhythm: Rhythm,
    last: NaiveDate,
    (today, working): (NaiveDate, WeekdaySet),
) -> NaiveDate {
    (1..=400)
        .filter_map(|nth| last.checked_add_months(Months::new(nth * rhythm.months())))
        .map(|day| near(day, working))
        .find(|day| *day > today)
        .unwrap_or(today + LEAD)
}

/// The day a review was planned for at first.
pub fn first_planned(review: &Review, changes: &[Change]) -> NaiveDate {
    changes.first().map_or(review.on, |change| change.was_on)
}

/// What was not held when it should have been, oldest first. The first stretch that counts is that of
/// the first review there ever was.
pub fn lapses(
    reviews: &[Review],
    changes: &BTreeMap<ReviewName, Vec<Change>>,
    (rhythm, today): (Rhythm, NaiveDate),
) -> Vec<Lapse> {
    let planned = |review: &Review| {
        first_planned(review, changes.get(&review.name).map_or(&[], Vec::as_slice))
    };
    let mut found: Vec<(NaiveDate, Lapse)> = Vec::new();
    for review in reviews.iter().filter(|r| r.state != State::Cancelled) {
        let (name, on, planned) = (review.name, review.on, planned(review));
        if review.state == State::Scheduled && on < today {
            found.push((on, Lapse::Late { review: name, on }));
        }
        if rhythm.stretch_of(planned) < rhythm.stretch_of(on) {
            let lapse = Lapse::Postponed {
                review: name,
                planned,
                on,
            };
            found.push((planned, lapse));
        }
    }
    let Some(first) = reviews.iter().map(planned).min() else {
        return Vec::new();
    };
    let ends = first.iter_days().take_while(|day| *day < today);
    let ends = ends.filter(|day| {
        let next = day.succ_opt().unwrap_or(*day);
        rhythm.stretch_of(*day) != rhythm.stretch_of(next)
    });
    for end in ends {
        let stretch = rhythm.stretch_of(end);
        let in_it = |day: NaiveDate| rhythm.stretch_of(day) == stretch;
        let held = reviews.iter().any(|r| r.was_held() && in_it(r.on));
        let told = reviews
            .iter()
            .any(|r| r.state != State::Cancelled && (in_it(planned(r)) || in_it(r.on)));
        if held || told {
            continue;
        }
        let cancelled = reviews.iter().find(|r| in_it(planned(r)));
        let lapse = Lapse::Skipped {
            end,
            stretch: rhythm.stretch_words(end),
            cancelled: cancelled.map(|review| review.name),
        };
        found.push((end, lapse));
    }
    // What a later review has dealt with is told no more after a year.
    let told = today - TOLD;
    found.retain(|(day, lapse)| *day >= told || matches!(lapse, Lapse::Late { .. }));
    found.sort_by_key(|(day, _)| *day);
    found.into_iter().map(|(_, lapse)| lapse).collect()
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
