//! Rare events: what is judged is not how many there were in a period, for that is nearly always none,
//! but how long it was from one to the next.
//!
//! A value is how many events there were in a period. On which day each was is not known, so they are
//! taken to be spread evenly over it. So a gap is known to within one period, and its limits are never
//! nearer to the mean than that ([`widened`]). A period without a value may have had events; no gap is
//! measured across it. The days since the last event are no gap
//! yet, but once they are more than the upper limit they are news already, and good.

use chrono::{Days, NaiveDate};

use super::period::Period;
use super::process::{Limits, Signal};
use super::rules::{Frequency, Value};

/// More events than this in one period are not rare.
pub const MOST: f64 = 366.0;
const ROUNDING: f64 = 1e-6;

/// How long it was from one event to the next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gap {
    /// Of the event that ended it.
    pub period: Period,
    /// The day of that event, as far as it is known.
    pub on: NaiveDate,
    pub days: f64,
}

/// An event, and where it lies: in periods, counted from the first one.
struct Event {
    period: Period,
    at: f64,
}

/// How many days periods are long, all taken to be equally long: events that come once a month are
/// equally far apart, though February is short.
pub fn length(frequency: Frequency) -> f64 {
    match frequency {
        Frequency::Weekly => 7.0,
        Frequency::Monthly => 365.25 / 12.0,
        Frequency::Quarterly => 365.25 / 4.0,
    }
}

/// Where the events of a value lie in its period.
fn places(value: f64) -> impl DoubleEndedIterator<Item = f64> {
    let count = value.clamp(0.0, MOST).round() as usize;
    (0..count).map(move |i| (i as f64 + 0.5) / count as f64)
}

/// The values of each stretch of periods that are all known.
fn stretches(values: &[Value]) -> impl Iterator<Item = &[Value]> {
    values.chunk_by(|a, b| a.period.next() == b.period)
}

/// The gaps between the events, oldest first.
pub fn gaps(values: &[Value]) -> Vec<Gap> {
    let mut gaps = Vec::new();
    for stretch in stretches(values) {
        let events = stretch.iter().enumerate().flat_map(|(index, value)| {
            let period = value.period;
            places(value.value).map(move |at| Event {
                period,
                at: index as f64 + at,
            })
        });
        let events: Vec<Event> = events.collect();
        gaps.extend(events.windows(2).map(|pair| {
            let to = &pair[1];
            Gap {
                period: to.period,
                on: day_in(to.period, to.at.fract()),
                days: (to.at - pair[0].at) * length(to.period.frequency()),
            }
        }));
    }
    gaps
}

fn day_in(period: Period, part: f64) -> NaiveDate {
    let days = (period.due() - period.first_day()).num_days() as f64;
    let day = period
        .first_day()
        .checked_add_days(Days::new((days * part) as u64));
    day.unwrap_or(period.first_day())
}

/// For each value the days from the last event before its end to its end, if that is known.
fn quiet(values: &[Value]) -> Vec<Option<f64>> {
    let mut all = Vec::with_capacity(values.len());
    for stretch in stretches(values) {
        let mut last = None;
        all.extend(stretch.iter().enumerate().map(|(index, value)| {
            if let Some(at) = places(value.value).next_back() {
                last = Some(index as f64 + at);
            }
            last.map(|last| (index as f64 + 1.0 - last) * length(value.period.frequency()))
        }));
    }
    all
}

/// The days since the last event, at the end of the last period, if no event was in it.
pub fn goes_on(values: &[Value]) -> Option<f64> {
    values.last().filter(|last| last.value == 0.0)?;
    quiet(values).pop()?
}

/// Limits of gaps: an event lies at most half a period from where it is taken to be, so a gap is at
/// most one period longer or shorter than it seems, and less than that from the mean is no news.
pub fn widened(limits: Limits, frequency: Frequency) -> Limits {
    let (mean, unsure) = (limits.mean, length(frequency));
    Limits {
        mean,
        upper: limits.upper.map(|upper| upper.max(mean + unsure)),
        lower: limits
            .lower
            .map(|lower| lower.min(mean - unsure))
            .filter(|lower| *lower > ROUNDING),
    }
}

/// What each value signals, where these gaps signal so and these limits hold at the end of each value's
/// period: a gap that ended in it, or that there was no end to it for long.
pub fn signals(
    values: &[Value],
    (gaps, of_gaps): (&[Gap], &[Option<Signal>]),
    limits_at: impl Fn(NaiveDate) -> Option<Limits>,
) -> Vec<Option<Signal>> {
    let quiet = quiet(values);
    let signal = |(value, quiet): (&Value, &Option<f64>)| {
        let ended = gaps
            .iter()
            .zip(of_gaps)
            .filter(|(gap, _)| gap.period == value.period);
        let ended: Vec<Signal> = ended.filter_map(|(_, signal)| *signal).collect();
        let outside = ended.iter().rev().find(|signal| signal.is_outside());
        if let Some(signal) = outside.or(ended.last()) {
            return Some(*signal);
        }
        let limits = limits_at(value.period.last_day())?;
        let outside = limits.outside((*quiet)?).map(Signal::of_gap);
        outside.filter(|signal| *signal == Signal::FurtherApart)
    };
    values.iter().zip(&quiet).map(signal).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kpi::period::tests::period;

    fn counted(from: &str, counts: &[Option<f64>]) -> Vec<Value> {
        let mut at = period(from);
        let mut values = Vec::new();
        for count in counts {
            values.extend(count.map(|value| Value { period: at, value }));
            at = at.next();
        }
        values
    }

    fn days(values: &[Value]) -> Vec<f64> {
        gaps(values).iter().map(|gap| gap.days).collect()
    }

    #[test]
    fn one_event_lies_in_the_middle_of_its_period_and_several_are_spread_over_it() {
        let weeks = counted("2026-W01", &[Some(1.0), Some(0.0), Some(1.0), Some(2.0)]);
        // Thursday noon to Thursday noon two weeks later, then to a quarter and three quarters of
        // a week.
        assert_eq!(days(&weeks), [14.0, 5.25, 3.5]);
        let on: Vec<String> = gaps(&weeks).iter().map(|gap| gap.on.to_string()).collect();
        assert_eq!(on, ["2026-01-15", "2026-01-20", "2026-01-24"]);
    }

    #[test]
    fn no_gap_is_measured_across_a_period_without_a_value() {
        let weeks = counted("2026-W01", &[Some(1.0), None, Some(1.0), Some(1.0)]);
        assert_eq!(days(&weeks), [7.0]);
    }

    #[test]
    fn what_is_no_count_does_no_harm() {
        let weeks = counted("2026-W01", &[Some(f64::NAN), Some(-3.0), Some(1e300)]);
        assert_eq!(gaps(&weeks).len(), MOST as usize - 1);
    }

    #[test]
    fn a_long_time_without_an_event_is_news_before_the_next_one_comes() {
        let limits = Limits {
            mean: 10.0,
            upper: Some(20.0),
            lower: None,
        };
        let mut counts = vec![Some(1.0)];
        counts.extend([Some(0.0); 4]);
        let weeks = counted("2026-W01", &counts);
        // Three and a half days are left of the first week; then a week more each.
        let signals = signals(&weeks, (&[], &[]), |_| Some(limits));
        assert_eq!(signals[..3], [None, None, None]);
        assert_eq!(signals[3..], [Some(Signal::FurtherApart); 2]);
    }
}
