//! Where things go: round steps for the axis, room for names, labels of periods.

use chrono::{Datelike, NaiveDate};

use super::{BOTTOM, LABEL_HEIGHT, SIZE};
use crate::chat::Chart;

/// A range that holds both ends with air around them, cut at round steps, and the step. Stands on
/// zero when the values are not far from it, so that a chart does not make much of little.
pub(super) fn scale(low: f64, high: f64) -> (f64, f64, f64) {
    // Sums of the largest floats must stay finite.
    let (low, mut high) = (low.clamp(-1e300, 1e300), high.clamp(-1e300, 1e300));
    if low == 0.0 && high == 0.0 {
        high = 1.0;
    }
    // A flat line gets a range around it.
    let spread = if high > low { high - low } else { low.abs() };
    let mut from = low - spread * 0.06;
    let mut to = high + spread * 0.06;
    if low >= 0.0 && (from < 0.0 || low < high * 0.5) {
        from = 0.0;
    }
    if low < 0.0 && high <= 0.0 && (to > 0.0 || high > low * 0.5) {
        to = 0.0;
    }
    let step = round_step((to - from) / 6.0);
    from = (from / step).floor() * step;
    to = (to / step).ceil() * step;
    (from, to, step)
}

/// The next larger of 1, 2, 2.5, 5 times a power of ten.
fn round_step(least: f64) -> f64 {
    let power = 10f64.powf(least.log10().floor());
    let factor = [1.0, 2.0, 2.5, 5.0]
        .into_iter()
        .find(|factor| factor * power >= least * 0.999)
        .unwrap_or(10.0);
    factor * power
}

/// Moves labels apart that want to stand on one another: down from the top, then up again where
/// they would leave the picture. `wanted` is sorted.
pub(super) fn spread(wanted: &[i32]) -> Vec<i32> {
    let mut placed: Vec<i32> = Vec::with_capacity(wanted.len());
    for y in wanted {
        let free = placed.last().map_or(*y, |last| last + LABEL_HEIGHT);
        placed.push((*y).max(free));
    }
    let mut floor = SIZE.1 as i32 - BOTTOM + LABEL_HEIGHT / 2;
    for y in placed.iter_mut().rev() {
        *y = (*y).min(floor);
        floor = *y - LABEL_HEIGHT;
    }
    placed
}

/// How long a period is, read off the distance between two of them.
#[derive(Clone, Copy)]
pub(super) enum PeriodLength {
    /// No period: a day.
    Day,
    Week,
    Month,
    Quarter,
}

impl PeriodLength {
    pub(super) fn of(chart: &Chart) -> PeriodLength {
        if chart.by_event {
            return PeriodLength::Day;
        }
        let days = chart
            .points
            .windows(2)
            .map(|pair| (pair[1].period - pair[0].period).num_days())
            .min();
        match days {
            Some(..=20) => PeriodLength::Week,
            Some(80..) => PeriodLength::Quarter,
            _ => PeriodLength::Month,
        }
    }

    pub(super) fn label(self, period: NaiveDate) -> String {
        match self {
            PeriodLength::Day => period.format("%-d %b").to_string(),
            PeriodLength::Week => format!("W{:02}", period.iso_week().week()),
            PeriodLength::Month => period.format("%b").to_string(),
            PeriodLength::Quarter => format!("Q{}", period.month0() / 3 + 1),
        }
    }

    pub(super) fn year(self, period: NaiveDate) -> i32 {
        match self {
            PeriodLength::Week => period.iso_week().year(),
            PeriodLength::Day | PeriodLength::Month | PeriodLength::Quarter => period.year(),
        }
    }
}
