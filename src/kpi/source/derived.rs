//! Figures from the bot's own records, as they stood when a period ended. Pure.
//!
//! Actions are told by the log, event by event, so that a figure of last year is what it was then.
//! A share of nothing is no value: where no action was closed, none was closed on time.

use std::collections::BTreeMap;

use chrono::{DateTime, Months, NaiveDate, Utc, WeekdaySet};
use chrono_tz::Tz;
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ask::Window;
use crate::action::command::Severity;
use crate::action::rules::default_due;
use crate::audit::rules::{Audit, State, coverage};
use crate::kpi::rules::{Kpi, Measurement, Source};
use crate::review::rules::{Input, Review};

/// What can be derived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize, strum::Display)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Figure {
    /// Actions open
    ActionsOpen,
    /// Actions overdue
    ActionsOverdue,
    /// Median days to close
    DaysToClose,
    /// Closed on time %
    ClosedOnTime,
    /// Mean age of open
    MeanAge,
    /// Age of oldest open
    OldestAge,
    /// Found effective %
    EffectivenessRate,
    /// Audit coverage %
    AuditCoverage,
    /// Audits on time %
    AuditsOnTime,
    /// Inputs on time %
    InputsOnTime,
    /// Values on time %
    MeasurementsOnTime,
}

impl Figure {
    /// Whether it is about corrective actions.
    pub fn is_of_actions(self) -> bool {
        matches!(
            self,
            Figure::ActionsOpen
                | Figure::ActionsOverdue
                | Figure::DaysToClose
                | Figure::ClosedOnTime
                | Figure::MeanAge
                | Figure::OldestAge
                | Figure::EffectivenessRate
        )
    }
}

/// One entry of the log about an action.
#[derive(Debug, Clone)]
pub struct Told {
    pub record: String,
    pub at: DateTime<Utc>,
    pub kind: String,
    pub data: Value,
}

/// An action as the log tells it, up to an instant.
#[derive(Debug, Clone, PartialEq)]
struct Life {
    raised: DateTime<Utc>,
    severity: Severity,
    due: NaiveDate,
    open: bool,
    closings: Vec<Closing>,
    /// Checks that it worked, and whether it had.
    checks: Vec<(DateTime<Utc>, bool)>,
}

#[derive(Debug, Clone, PartialEq)]
struct Closing {
    at: DateTime<Utc>,
    days: f64,
    on_time: bool,
}

impl Life {
    fn begin(told: &Told, day: NaiveDate) -> Life {
        let read = |name: &str| told.data[name].clone();
        let severity = serde_json::from_value(read("severity")).unwrap_or_default();
        Life {
            raised: told.at,
            severity,
            due: serde_json::from_value(read("due"))
                .unwrap_or_else(|_| default_due(severity, day, WeekdaySet::ALL)),
            open: true,
            closings: Vec::new(),
            checks: Vec::new(),
        }
    }

    fn goes_on(&mut self, told: &Told, day: NaiveDate) {
        match told.kind.as_str() {
            "action-extended" => {
                if let Ok(due) = serde_json::from_value(told.data["due"].clone()) {
                    self.due = due;
                }
            }
            "action-done" => {
                self.open = false;
                self.closings.push(Closing {
                    at: told.at,
                    days: days_between(self.raised, told.at),
                    on_time: day <= self.due,
                });
            }
            "action-verified" => {
                let effective = told.data["result"] == "effective";
                self.checks.push((told.at, effective));
                if !effective {
                    self.reopen(day);
                }
            }
            "action-reopened" => self.reopen(day),
            "action-cancelled" => self.open = false,
            _ => {}
        }
    }

    fn reopen(&mut self, day: NaiveDate) {
        self.open = true;
        if self.due < day {
            self.due = default_due(self.severity, day, WeekdaySet::ALL);
        }
    }
}

fn days_between(from: DateTime<Utc>, to: DateTime<Utc>) -> f64 {
    (to - from).num_seconds() as f64 / 86_400.0
}

/// A figure of the actions when the window ended.
pub fn of_actions(of: Figure, log: &[Told], (window, zone): (&Window, Tz)) -> Option<f64> {
    let mut lives: BTreeMap<&str, Life> = BTreeMap::new();
    for told in log.iter().filter(|told| told.at < window.to) {
        let day = told.at.with_timezone(&zone).date_naive();
        match lives.get_mut(told.record.as_str()) {
            Some(life) => life.goes_on(told, day),
            None if told.kind == "action-raised" => {
                lives.insert(&told.record, Life::begin(told, day));
            }
            None => {}
        }
    }
    let within = |at: DateTime<Utc>| at >= window.from;
    let open = || lives.values().filter(|life| life.open);
    let closings = || {
        let all = lives.values().flat_map(|life| &life.closings);
        all.filter(|closing| within(closing.at))
    };
    let ages = || open().map(|life| days_between(life.raised, window.to));
    match of {
        Figure::ActionsOpen => Some(open().count() as f64),
        Figure::ActionsOverdue => {
            let end = window.period.last_day();
            // Due on the last day and open at its end is overdue.
            Some(open().filter(|life| life.due <= end).count() as f64)
        }
        Figure::DaysToClose => median(closings().map(|closing| closing.days).collect()),
        Figure::ClosedOnTime => share(closings().map(|closing| closing.on_time)),
        Figure::MeanAge => match open().count() {
            0 => None,
            n => Some(ages().sum::<f64>() / n as f64),
        },
        Figure::OldestAge => ages().reduce(f64::max),
        Figure::EffectivenessRate => {
            let checks = lives.values().flat_map(|life| &life.checks);
            share(
                checks
                    .filter(|(at, _)| within(*at))
                    .map(|(_, worked)| *worked),
            )
        }
        _ => None,
    }
}

/// How many in a hundred hold.
fn share(all: impl Iterator<Item = bool>) -> Option<f64> {
    let (held, count) = all.fold((0u32, 0u32), |(held, count), holds| {
        (held + u32::from(holds), count + 1)
    });
    (count > 0).then(|| f64::from(held) * 100.0 / f64::from(count))
}

fn median(mut all: Vec<f64>) -> Option<f64> {
    all.sort_by(f64::total_cmp);
    let middle = all.len() / 2;
    match all.len() {
        0 => None,
        n if n % 2 == 1 => Some(all[middle]),
        _ => Some(f64::midpoint(all[middle - 1], all[middle])),
    }
}

/// The first day of the twelve months that end with the period.
fn a_year_before(window: &Window) -> NaiveDate {
    let due = window.period.due();
    due.checked_sub_months(Months::new(12)).unwrap_or(due)
}

/// A figure of the audits of this year and the last.
pub fn of_audits(of: Figure, audits: &[Audit], (window, _): (&Window, Tz)) -> Option<f64> {
    let end = window.period.last_day();
    // As they stood then.
    let then = |audit: &Audit| Audit {
        state: match audit.finished_on {
            Some(on) if on <= end => State::Finished,
            _ => State::Planned,
        },
        ..audit.clone()
    };
    match of {
        Figure::AuditCoverage => {
            use chrono::Datelike;
            let of_year = audits.iter().filter(|audit| audit.year == end.year());
            let covered = coverage(&of_year.map(then).collect::<Vec<_>>());
            let (done, all) = (covered.requirements_covered, covered.requirements);
            (all > 0).then(|| done as f64 * 100.0 / all as f64)
        }
        Figure::AuditsOnTime => {
            let first = a_year_before(window);
            share(audits.iter().filter_map(|audit| {
                let last = audit.last_day()?;
                let ended = first <= last && last <= end;
                ended.then(|| audit.finished_on.is_some_and(|on| on <= last))
            }))
        }
        _ => None,
    }
}

/// The share of review inputs that were in by the day of their meeting, of the meetings of twelve
/// months.
pub fn inputs_on_time(
    reviews: &[(Review, Vec<Input>)],
    (window, zone): (&Window, Tz),
) -> Option<f64> {
    let (first, end) = (a_year_before(window), window.period.last_day());
    let held = reviews
        .iter()
        .filter(|(review, _)| first <= review.on && review.on <= end);
    share(held.flat_map(|(review, inputs)| {
        inputs.iter().map(|input| {
            let answered = input.answer.as_ref().map(|answer| answer.at);
            answered.is_some_and(|at| at.with_timezone(&zone).date_naive() <= review.on)
        })
    }))
}

/// The share of values that were there before they counted as missing, of those that were to be there
/// within the window. What the bot works out itself does not count.
pub fn measurements_on_time(
    kpis: &[(Kpi, Vec<Measurement>)],
    (window, zone): (&Window, Tz),
) -> Option<f64> {
    let counted = kpis
        .iter()
        .filter(|(kpi, _)| kpi.source != Source::Derived && kpi.paused.is_none());
    let (first, end) = (window.period.first_day(), window.period.last_day());
    share(counted.flat_map(|(kpi, values)| {
        let mut period = kpi.period(end);
        let mut held = Vec::new();
        while period >= kpi.period(kpi.since) && period.missing_from() > first {
            if period.missing_from() <= end {
                let given = values
                    .iter()
                    .filter(|value| kpi.period(value.period) == period)
                    .map(|value| value.at.with_timezone(&zone).date_naive())
                    .min();
                held.push(given.is_some_and(|day| day < period.missing_from()));
            }
            if period.previous() == period {
                break;
            }
            period = period.previous();
        }
        held
    }))
}

#[cfg(test)]
#[path = "derived_tests.rs"]
mod tests;
