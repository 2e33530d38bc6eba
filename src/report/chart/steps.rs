//! Mean and limits over time: where they were recalculated, the chart shows a step.

use plotters::prelude::*;

use super::{Area, Drawn, LIMIT, Plot, RIGHT, SIZE, SOFT, WITHIN, line};
use crate::chat::Chart;

/// A part of the chart that one mean and its limits hold for, in pixels.
struct Stretch {
    left: i32,
    right: i32,
    mean: f64,
    upper: Option<f64>,
    lower: Option<f64>,
}

impl Plot {
    /// Where what holds now begins: the left side, unless there was something before.
    pub(super) fn begins(&self, chart: &Chart) -> i32 {
        let last = chart.earlier.last();
        last.map_or(self.left, |step| self.until(chart, step.until))
    }

    /// Between the last point before a day and the first one from it on.
    fn until(&self, chart: &Chart, day: chrono::NaiveDate) -> i32 {
        let before = chart.points.iter().filter(|point| point.period < day);
        let width = f64::from(SIZE.0 as i32 - self.left - RIGHT);
        self.left + (width * before.count() as f64 / self.count as f64).round() as i32
    }

    /// What held before, each part from the end of the one before it.
    fn earlier(&self, chart: &Chart) -> Vec<Stretch> {
        let mut left = self.left;
        let stretch = |step: &crate::chat::ChartStep| {
            let right = self.until(chart, step.until);
            let stretch = Stretch {
                left,
                right,
                mean: step.mean,
                upper: step.upper,
                lower: step.lower,
            };
            left = right;
            stretch
        };
        let mut stretches: Vec<Stretch> = chart.earlier.iter().map(stretch).collect();
        stretches.retain(|stretch| stretch.left < stretch.right);
        stretches
    }

    /// The room between limits, of each part.
    pub(super) fn rooms(&self, chart: &Chart, area: &Area) -> Drawn {
        let right = SIZE.0 as i32 - RIGHT;
        let now = chart.mean.map(|mean| Stretch {
            left: self.begins(chart),
            right,
            mean,
            upper: chart.upper,
            lower: chart.lower,
        });
        for stretch in self.earlier(chart).into_iter().chain(now) {
            let Some(upper) = stretch.upper else { continue };
            let bottom = self.y(stretch.lower.unwrap_or(self.low));
            let corners = [(stretch.left, self.y(upper)), (stretch.right, bottom)];
            area.draw(&Rectangle::new(corners, WITHIN.filled()))?;
        }
        Ok(())
    }

    /// The lines that held before, and a mark where they ended. The names at the right are of those
    /// that hold now.
    pub(super) fn steps(&self, chart: &Chart, area: &Area) -> Drawn {
        for stretch in self.earlier(chart) {
            let levels = [
                (stretch.upper, LIMIT),
                (Some(stretch.mean), SOFT),
                (stretch.lower, LIMIT),
            ];
            for (value, colour) in levels {
                if let Some(value) = value.filter(|value| value.is_finite()) {
                    let y = self.y(value);
                    line(area, [(stretch.left, y), (stretch.right, y)], colour, 2)?;
                }
            }
            let (top, bottom) = (self.y(self.high), self.y(self.low));
            for y in (top..bottom).step_by(12) {
                let ends = [(stretch.right, y), (stretch.right, (y + 4).min(bottom))];
                line(area, ends, LIMIT, 2)?;
            }
        }
        Ok(())
    }
}
