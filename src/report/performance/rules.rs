//! What a performance report tells. Pure.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use crate::action::command::Source;
use crate::action::rules::{Action, State};
use crate::command::value::{PeriodName, ReportSpan};
use crate::kpi::analysis::rules::Analysis;
use crate::kpi::period::Period;
use crate::kpi::process::Signal;
use crate::kpi::rules::{Kpi, Measurement, Overview, Point, Status};
use crate::people::People;
use crate::record::Head;
use crate::review::plan::rules::Lapse;

/// Everything a report tells, gathered when it is made.
#[derive(Debug, Clone)]
pub struct Performance {
    pub workspace: String,
    pub span: ReportSpan,
    pub parts: Vec<Part>,
    /// The actions that were raised, done or found effective since the span began, or are overdue.
    pub actions: Vec<Action>,
    /// What was found where values crossed.
    pub analyses: Vec<Analysis>,
    /// Management reviews that were not held as planned.
    pub lapses: Vec<Lapse>,
    pub people: People,
    pub now: DateTime<Utc>,
    pub zone: Tz,
    pub head: Head,
}

/// One KPI as it stood at the end of the span.
#[derive(Debug, Clone)]
pub struct Part {
    pub view: Overview,
    /// The values of periods that ended in the span, and their corrections; oldest first.
    pub given: Vec<Measurement>,
    /// The value that is the latest at the end of the span, as it stands.
    pub latest: Option<Measurement>,
}

/// Values in a row that were news, for one reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Deviation {
    pub first: Period,
    pub last: Period,
    pub values: Vec<f64>,
    pub off_target: bool,
    pub signal: Option<Signal>,
}

impl Part {
    /// A KPI at the end of a span, if there was one: it was set up by then, or has values of then.
    pub fn of(
        kpi: Kpi,
        measurements: Vec<Measurement>,
        span: ReportSpan,
        today: NaiveDate,
    ) -> Option<Part> {
        let end = span.last_day();
        let ends = |m: &Measurement| kpi.period(m.period).last_day();
        let known: Vec<Measurement> = measurements
            .into_iter()
            .filter(|m| ends(m) <= end)
            .collect();
        if known.is_empty() && kpi.since > end {
            return None;
        }
        // The last period that the span saw the end of is late some days after it.
        let last = Period::last_ended(kpi.frequency, span.day_after());
        let as_of = today.min(last.missing_from());
        let given = known.iter().filter(|m| ends(m) >= span.first_day());
        let given = given.cloned().collect();
        let view = Overview::of(kpi, &known, as_of);
        let latest = view.reading.latest.and_then(|latest| {
            let of_latest = known
                .into_iter()
                .filter(|m| m.period == latest.period.first_day());
            of_latest.max_by_key(|m| m.revision)
        });
        Some(Part {
            view,
            given,
            latest,
        })
    }

    /// The periods that ended in the span, with their values.
    pub fn points(&self, span: ReportSpan) -> impl Iterator<Item = &Point> {
        let days = span.first_day()..=span.last_day();
        let points = self.view.points.iter();
        points.filter(move |point| days.contains(&point.period.last_day()))
    }

    /// How many of the periods that ended in the span, and were asked for, have a value; and how many
    /// there were.
    pub fn covered(&self, span: ReportSpan) -> (usize, usize) {
        let kpi = &self.view.kpi;
        let (first, end) = (span.first_day(), span.last_day());
        let mut period = Period::of(kpi.frequency, first);
        let mut asked: BTreeSet<Period> = BTreeSet::new();
        while period.last_day() <= end {
            if period.last_day() >= first && period >= kpi.period(kpi.since) {
                asked.insert(period);
            }
            if period.next() == period {
                break;
            }
            period = period.next();
        }
        let valued: BTreeSet<Period> = self.given.iter().map(|m| kpi.period(m.period)).collect();
        asked.extend(&valued);
        (valued.len(), asked.len())
    }

    /// How many values of the span were corrected.
    pub fn corrections(&self) -> usize {
        self.given.iter().filter(|m| m.revision > 1).count()
    }

    /// What was off target or signalled in the span, oldest first: values in a row for the same
    /// reason are told together.
    pub fn deviations(&self, span: ReportSpan) -> Vec<Deviation> {
        let kpi = &self.view.kpi;
        let mut deviations: Vec<Deviation> = Vec::new();
        for point in self.points(span) {
            let Some(value) = point.value else { continue };
            let off_target = kpi.judge(value) == Status::OffTarget;
            if !off_target && point.signal.is_none() {
                continue;
            }
            let same = |deviation: &&mut Deviation| {
                deviation.last.next() == point.period
                    && deviation.off_target == off_target
                    && kind(deviation.signal) == kind(point.signal)
            };
            match deviations.last_mut().filter(same) {
                Some(deviation) => {
                    deviation.last = point.period;
                    deviation.values.push(value);
                    deviation.signal = point.signal;
                }
                None => deviations.push(Deviation {
                    first: point.period,
                    last: point.period,
                    values: vec![value],
                    off_target,
                    signal: point.signal,
                }),
            }
        }
        deviations
    }
}

/// Signals of one kind, however long a row has become.
fn kind(signal: Option<Signal>) -> Option<std::mem::Discriminant<Signal>> {
    signal.map(|signal| std::mem::discriminant(&signal))
}

impl Performance {
    /// There is nothing to report on: no KPI has a value of the span, and no action moved.
    pub fn is_empty(&self) -> bool {
        let told = |part: &Part| !part.given.is_empty();
        !self.parts.iter().any(told) && self.raised().next().is_none()
    }

    fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }

    fn within(&self, at: Option<DateTime<Utc>>) -> bool {
        at.is_some_and(|at| {
            let day = self.day(at);
            self.span.first_day() <= day && day <= self.span.last_day()
        })
    }

    pub fn raised(&self) -> impl Iterator<Item = &Action> {
        let actions = self.actions.iter();
        actions.filter(|action| self.within(Some(action.raised_at)))
    }

    /// Done in the span; whether they worked is seen later.
    pub fn done(&self) -> impl Iterator<Item = &Action> {
        let actions = self.actions.iter();
        actions.filter(|action| self.within(action.done_at))
    }

    /// Found effective in the span.
    pub fn closed(&self) -> impl Iterator<Item = &Action> {
        let actions = self.actions.iter();
        actions.filter(|action| action.state == State::Effective && self.within(action.verified_at))
    }

    /// Overdue when the report was made.
    pub fn overdue(&self) -> impl Iterator<Item = &Action> {
        let today = self.day(self.now);
        let actions = self.actions.iter();
        actions.filter(move |action| action.is_overdue(today))
    }

    /// The KPIs that somebody looks at.
    pub fn measured(&self) -> impl Iterator<Item = &Part> {
        let parts = self.parts.iter();
        parts.filter(|part| part.view.kpi.paused.is_none())
    }

    /// What was looked into of a deviation, and did not come to nothing.
    pub fn analyses_of(&self, part: &Part, deviation: &Deviation) -> Vec<&Analysis> {
        let (first, last) = (deviation.first.first_day(), deviation.last.first_day());
        let about = |analysis: &&Analysis| {
            analysis.kpi == part.view.kpi.key
                && analysis.dropped.is_none()
                && analysis.period <= last
                && analysis.latest >= first
        };
        self.analyses.iter().filter(about).collect()
    }

    /// The actions that were raised for a deviation: those of its analyses, and those that say KPI and
    /// period in their title, as the button on an alert does.
    pub fn actions_from(&self, part: &Part, deviation: &Deviation) -> Vec<&Action> {
        let of_analyses = self.analyses_of(part, deviation).into_iter();
        let of_analyses: Vec<i64> = of_analyses.filter_map(|analysis| analysis.action).collect();
        let name = format!("{}: ", part.view.kpi.name);
        let titled = |action: &Action| {
            let value = action.title.strip_prefix(&name);
            let period = value.and_then(|value| value.rsplit_once(" in "));
            let name = period.and_then(|(_, period)| period.parse::<PeriodName>().ok());
            let period = name.and_then(|name| Period::try_from(name).ok());
            period.is_some_and(|period| {
                period.frequency() == deviation.first.frequency()
                    && deviation.first <= period
                    && period <= deviation.last
            })
        };
        let about = |action: &&Action| {
            of_analyses.contains(&action.number) || (action.source == Source::Kpi && titled(action))
        };
        self.actions.iter().filter(about).collect()
    }

    pub fn name(&self, person: Option<Uuid>) -> String {
        self.people.name(person).to_owned()
    }
}
