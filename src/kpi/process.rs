//! The process behaviour chart (XmR): which values are news and which are noise.
//!
//! From the first twelve values: the mean, and around it the natural process limits, mean ± 2.66 ×
//! the mean of the moving ranges (the distances between one value and the next). 2.66 is 3 / 1.128:
//! three standard deviations, with the deviation estimated from ranges of two. Later values do not
//! move the limits, so that a process that drifts shows it; see [`limits`](super::limits).
//!
//! A value signals when it lies outside the limits, or when it stands in a row of eight or more on
//! one side of the mean. A value on the mean is on neither side and ends a row. A missing value
//! says nothing: the row goes on over the gap.
//!
//! Mean and ranges want values that scatter evenly to both sides. Durations do not, and neither do
//! the days between rare events; so these are laid on a [`Scale`] where they do, and mean and limits
//! are taken back to their own unit. What lies outside there lies outside here.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// How many values the limits are made of.
pub const BASELINE: usize = 12;
/// How many on one side make a signal.
pub const ROW: usize = 8;
const RANGE_FACTOR: f64 = 2.66;
/// Sums and powers of floats are off by a little; what differs by less than this part is the same.
const ROUNDING: f64 = 1e-9;
/// Times between events that come by chance, to the power of 1 / 3.6, scatter nearly like a normal
/// distribution (Nelson, “A control chart for parts-per-million nonconforming items”, Journal of
/// Quality Technology 26, 1994).
const BETWEEN: f64 = 3.6;

/// How the values of a KPI are held against its process.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    Hash,
    ValueEnum,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Scale {
    /// As they are
    #[default]
    Linear,
    /// By their logarithm, for durations
    Log,
    /// By the days between rare events
    DaysBetween,
}

impl Scale {
    fn there(self, value: f64) -> f64 {
        match self {
            Scale::Linear => value,
            Scale::Log => value.ln(),
            Scale::DaysBetween => value.powf(BETWEEN.recip()),
        }
    }

    /// `None` if no value lies there.
    fn back(self, at: f64) -> Option<f64> {
        let value = match self {
            Scale::Linear => at,
            Scale::Log => at.exp(),
            Scale::DaysBetween if at <= 0.0 => return None,
            Scale::DaysBetween => at.powf(BETWEEN),
        };
        Some(value).filter(|value| value.is_finite())
    }
}

/// Mean and limits, in the unit of the values; on a scale that is not linear the mean is what its mean
/// is taken back to. A limit that the values cannot reach (below zero for a count, above 100%) is left
/// out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    pub mean: f64,
    pub upper: Option<f64>,
    pub lower: Option<f64>,
}

/// Why a value is news.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Signal {
    AboveLimit,
    BelowLimit,
    /// So many in a row above the mean, this one with them.
    RowAbove(usize),
    RowBelow(usize),
    /// Rare events are longer apart than usual, or nearer to one another.
    FurtherApart,
    CloserTogether,
    /// So many gaps in a row that are longer than their mean.
    RowApart(usize),
    RowTogether(usize),
}

impl Signal {
    /// The same of a gap between events.
    pub fn of_gap(self) -> Signal {
        match self {
            Signal::AboveLimit => Signal::FurtherApart,
            Signal::BelowLimit => Signal::CloserTogether,
            Signal::RowAbove(n) => Signal::RowApart(n),
            Signal::RowBelow(n) => Signal::RowTogether(n),
            between => between,
        }
    }

    /// Outside the limits, not only in a row.
    pub fn is_outside(self) -> bool {
        use Signal::{AboveLimit, BelowLimit, CloserTogether, FurtherApart};
        matches!(
            self,
            AboveLimit | BelowLimit | FurtherApart | CloserTogether
        )
    }
}

/// What values of this kind can be at all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    pub least: Option<f64>,
    pub most: Option<f64>,
}

impl Limits {
    /// Of the first twelve values; `None` while there are fewer.
    pub fn of(values: &[f64], scale: Scale, bounds: Bounds) -> Option<Limits> {
        Limits::natural(values.get(..BASELINE)?, scale, bounds)
    }

    /// Of all of these values. `None` if they are fewer than two, or cannot lie on the scale.
    fn natural(values: &[f64], scale: Scale, bounds: Bounds) -> Option<Limits> {
        let laid: Vec<f64> = values.iter().map(|value| scale.there(*value)).collect();
        if laid.len() < 2 || laid.iter().any(|at| !at.is_finite()) {
            return None;
        }
        let mean = laid.iter().sum::<f64>() / laid.len() as f64;
        let ranges = laid.windows(2).map(|pair| (pair[1] - pair[0]).abs());
        let reach = RANGE_FACTOR * ranges.sum::<f64>() / (laid.len() - 1) as f64;
        let reachable = |limit: &f64| {
            bounds.most.is_none_or(|most| *limit <= most)
                && bounds.least.is_none_or(|least| *limit >= least)
        };
        Some(Limits {
            mean: scale.back(mean).unwrap_or(0.0),
            upper: scale.back(mean + reach).filter(reachable),
            lower: scale.back(mean - reach).filter(reachable),
        })
    }

    /// For each value, whether and why it signals. Values within a row of eight are all marked, also
    /// the first ones, which were no news yet when they came.
    pub fn signals(&self, values: &[f64]) -> Vec<Option<Signal>> {
        let mut signals = vec![None; values.len()];
        let mut start = 0;
        while start < values.len() {
            let side = self.side(values[start]);
            let row = values[start..]
                .iter()
                .take_while(|v| self.side(**v) == side);
            let length = row.count();
            if length >= ROW && side != 0 {
                let (above, marked) = (side > 0, &mut signals[start..start + length]);
                for (i, signal) in marked.iter_mut().enumerate() {
                    let so_far = (i + 1).max(ROW);
                    *signal = Some(match above {
                        true => Signal::RowAbove(so_far),
                        false => Signal::RowBelow(so_far),
                    });
                }
            }
            start += length;
        }
        for (value, signal) in values.iter().zip(&mut signals) {
            *signal = self.outside(*value).or(*signal);
        }
        signals
    }

    /// Whether a value lies outside, whatever stands beside it.
    pub fn outside(&self, value: f64) -> Option<Signal> {
        if self.upper.is_some_and(|upper| exceeds(value, upper)) {
            Some(Signal::AboveLimit)
        } else if self.lower.is_some_and(|lower| exceeds(lower, value)) {
            Some(Signal::BelowLimit)
        } else {
            None
        }
    }

    fn side(&self, value: f64) -> i8 {
        i8::from(exceeds(value, self.mean)) - i8::from(exceeds(self.mean, value))
    }
}

fn exceeds(a: f64, b: f64) -> bool {
    a - b > ROUNDING * a.abs().max(b.abs())
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod worked_examples;
