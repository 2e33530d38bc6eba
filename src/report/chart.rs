//! The run chart of one KPI, as SVG and as PNG.
//!
//! It must be readable in a grey print and by people who cannot tell red from green. So nothing is
//! said by colour alone: a signal is a diamond among dots, the target is dashed, the warning level
//! dotted, the mean and the process limits thin and solid, and each line is named at its right end.
//! A missing value is a gap with a grey band, never a zero. Where limits were recalculated, their lines
//! make a step at a dotted upright line.
//!
//! Texts are set in DejaVu Sans, which is inside the binary; nothing is read from the system.

mod layout;
mod steps;
mod title;

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use layout::{PeriodLength, scale, spread};
use title::title;

use super::picture::rendered;
use super::{number, rounded};
use crate::chat::Chart;

/// Pixels of the picture. Twice as wide as high: a chat shows it at full column width.
pub const SIZE: (u32, u32) = (1200, 600);

pub(super) const FONT: &str = "DejaVu Sans";
/// What stays around the plot for title, axis labels and the names of the lines. The left side is
/// as wide as the numbers there need.
const RIGHT: i32 = 226;
const TOP: i32 = 84;
const BOTTOM: i32 = 84;
/// Least distance between two period labels, and between the names of two lines.
const LABEL_WIDTH: i32 = 62;
const LABEL_HEIGHT: i32 = 28;
pub(super) const INK: RGBColor = RGBColor(0x1f, 0x29, 0x33);
pub(super) const SOFT: RGBColor = RGBColor(0x5b, 0x66, 0x70);
const FAINT: RGBColor = RGBColor(0xe3, 0xe7, 0xeb);
const BAND: RGBColor = RGBColor(0xec, 0xee, 0xf1);
const WITHIN: RGBColor = RGBColor(0xf6, 0xf8, 0xfa);
const LIMIT: RGBColor = RGBColor(0x8a, 0x94, 0x9e);
// From the Okabe–Ito palette, darkened where a text of that colour needs contrast.
pub(super) const VALUE: RGBColor = RGBColor(0x00, 0x5a, 0x9c);
pub(super) const TARGET: RGBColor = RGBColor(0x00, 0x70, 0x52);
pub(super) const WARNING: RGBColor = RGBColor(0x8f, 0x5b, 0x00);
pub(super) const SIGNAL: RGBColor = RGBColor(0xd5, 0x5e, 0x00);

pub(super) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
pub(super) type Drawn = Result<(), Box<dyn std::error::Error>>;

/// The chart as an SVG document. Its texts want the font DejaVu Sans.
pub fn svg(chart: &Chart) -> String {
    let mut out = String::new();
    let drawn = {
        let area = SVGBackend::with_string(&mut out, SIZE).into_drawing_area();
        draw(chart, &area)
    };
    drawn.expect("drawing into a string does not fail");
    out
}

/// The chart as a PNG of [`SIZE`] pixels.
pub fn render_png(chart: &Chart) -> Vec<u8> {
    rendered(&svg(chart), SIZE)
}

fn draw(chart: &Chart, area: &Area) -> Drawn {
    area.fill(&WHITE)?;
    title(chart, area)?;
    if chart.points.iter().all(|point| point.value.is_none()) {
        let style = text(24.0, SOFT, HPos::Center);
        let middle = (SIZE.0 as i32 / 2, SIZE.1 as i32 / 2);
        area.draw_text("No values yet", &style, middle)?;
        area.present()?;
        return Ok(());
    }
    let plot = Plot::of(chart);
    plot.background(chart, area)?;
    plot.value_axis(area)?;
    plot.period_axis(chart, area)?;
    plot.levels(chart, area)?;
    plot.values(chart, area)?;
    area.present()?;
    Ok(())
}

/// Where things are: maps periods and values to pixels.
struct Plot {
    count: usize,
    left: i32,
    low: f64,
    high: f64,
    step: f64,
}

impl Plot {
    fn of(chart: &Chart) -> Plot {
        let levels = [
            chart.target,
            chart.warning,
            chart.mean,
            chart.upper,
            chart.lower,
        ];
        let before = chart.earlier.iter();
        let before = before.flat_map(|step| [Some(step.mean), step.upper, step.lower]);
        let shown = chart.points.iter().map(|point| point.value).chain(levels);
        let shown = shown.chain(before);
        let (low, high) = shown
            .flatten()
            .filter(|value| value.is_finite())
            .fold(None, |range: Option<(f64, f64)>, value| {
                let (low, high) = range.unwrap_or((value, value));
                Some((low.min(value), high.max(value)))
            })
            .unwrap_or((0.0, 1.0));
        let whole = chart.unit == "%" && high <= 100.0;
        let (low, mut high, step) = scale(low, high);
        if whole {
            // There is nothing above everything; 100 is a multiple of every round step.
            high = high.min(100.0);
        }
        let mut plot = Plot {
            count: chart.points.len().max(1),
            left: 0,
            low,
            high,
            step,
        };
        let widest = plot.ticks().map(|tick| plot.tick(tick).chars().count());
        plot.left = 44 + 14 * widest.max().unwrap_or(0).clamp(2, 16) as i32;
        plot
    }

    /// The lines across, counted in steps from zero.
    fn ticks(&self) -> std::ops::RangeInclusive<i64> {
        (self.low / self.step).round() as i64..=(self.high / self.step).round() as i64
    }

    fn tick(&self, tick: i64) -> String {
        // One digit more than the step's first, for steps of 2.5.
        let decimals = (1.0 - self.step.log10().floor()).clamp(0.0, 9.0) as usize;
        rounded(tick as f64 * self.step, decimals)
    }

    fn x(&self, index: usize) -> i32 {
        let width = f64::from(SIZE.0 as i32 - self.left - RIGHT);
        self.left + (width * (index as f64 + 0.5) / self.count as f64).round() as i32
    }

    fn y(&self, value: f64) -> i32 {
        let height = f64::from(SIZE.1 as i32 - TOP - BOTTOM);
        let part = ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        SIZE.1 as i32 - BOTTOM - (height * part).round() as i32
    }

    /// The room between the process limits, and a grey band where a value is missing.
    fn background(&self, chart: &Chart, area: &Area) -> Drawn {
        let (left, right) = (self.left, SIZE.0 as i32 - RIGHT);
        self.rooms(chart, area)?;
        let half = ((right - left) as f64 / self.count as f64 / 2.0).min(16.0) as i32;
        for (index, point) in chart.points.iter().enumerate() {
            if point.value.is_none() {
                let (x, bottom) = (self.x(index), SIZE.1 as i32 - BOTTOM);
                let band = Rectangle::new([(x - half, TOP), (x + half, bottom)], BAND.filled());
                area.draw(&band)?;
            }
        }
        Ok(())
    }

    fn value_axis(&self, area: &Area) -> Drawn {
        let (left, right) = (self.left, SIZE.0 as i32 - RIGHT);
        for tick in self.ticks() {
            let y = self.y(tick as f64 * self.step);
            let colour = if tick == *self.ticks().start() {
                LIMIT
            } else {
                FAINT
            };
            line(area, [(left, y), (right, y)], colour, 2)?;
            let style = text(22.0, SOFT, HPos::Right);
            area.draw_text(&self.tick(tick), &style, (left - 14, y))?;
        }
        Ok(())
    }

    fn period_axis(&self, chart: &Chart, area: &Area) -> Drawn {
        let length = PeriodLength::of(chart);
        let bottom = SIZE.1 as i32 - BOTTOM;
        let every = self.label_every(length);
        let mut year = None;
        for (index, point) in chart.points.iter().enumerate() {
            let x = self.x(index);
            let labelled = (self.count - 1 - index).is_multiple_of(every);
            let tick = if labelled { 9 } else { 5 };
            line(area, [(x, bottom), (x, bottom + tick)], LIMIT, 2)?;
            if !labelled {
                continue;
            }
            let style = text(22.0, INK, HPos::Center);
            area.draw_text(&length.label(point.period), &style, (x, bottom + 24))?;
            let of = length.year(point.period);
            if year != Some(of) {
                let style = text(20.0, SOFT, HPos::Center);
                area.draw_text(&of.to_string(), &style, (x, bottom + 54))?;
                year = Some(of);
            }
        }
        Ok(())
    }

    /// Every how many periods there is room for a label.
    fn label_every(&self, length: PeriodLength) -> usize {
        let width = f64::from(SIZE.0 as i32 - self.left - RIGHT) / self.count as f64;
        let fits = |every: &usize| width * *every as f64 >= f64::from(LABEL_WIDTH);
        let natural: &[usize] = match length {
            PeriodLength::Week => &[1, 2, 4, 8, 13, 26, 52],
            PeriodLength::Month => &[1, 2, 3, 6, 12, 24, 60],
            PeriodLength::Quarter => &[1, 2, 4, 8, 20],
            PeriodLength::Day => &[2, 3, 4, 6, 8, 12, 20],
        };
        natural.iter().copied().find(fits).unwrap_or(self.count)
    }

    /// Target, warning level, mean and limits, each named at its right end.
    fn levels(&self, chart: &Chart, area: &Area) -> Drawn {
        self.steps(chart, area)?;
        let levels = [
            (chart.upper, "Upper limit", LIMIT, SOFT),
            (chart.mean, "Mean", SOFT, SOFT),
            (chart.lower, "Lower limit", LIMIT, SOFT),
            (chart.warning, "Warning", WARNING, WARNING),
            (chart.target, "Target", TARGET, TARGET),
        ];
        let (left, right) = (self.left, SIZE.0 as i32 - RIGHT);
        let mut names = Vec::new();
        for (value, name, colour, name_colour) in levels {
            let Some(value) = value.filter(|value| value.is_finite()) else {
                continue;
            };
            let y = self.y(value);
            match name {
                "Target" => {
                    for x in (left..right).step_by(22) {
                        line(area, [(x, y), ((x + 14).min(right), y)], colour, 3)?;
                    }
                }
                "Warning" => {
                    for x in (left + 3..right).step_by(10) {
                        area.draw(&Circle::new((x, y), 2, colour.filled()))?;
                    }
                }
                _ => line(area, [(self.begins(chart), y), (right, y)], colour, 2)?,
            }
            names.push((y, format!("{name} {}", number(value)), name_colour));
        }
        names.sort_by_key(|(y, _, _)| *y);
        let wanted: Vec<i32> = names.iter().map(|(y, _, _)| *y).collect();
        for ((y, name, colour), at) in names.iter().zip(spread(&wanted)) {
            line(
                area,
                [(right + 2, *y), (right + 14, at)],
                if *colour == SOFT { LIMIT } else { *colour },
                2,
            )?;
            let weight = if *colour == SOFT {
                FontStyle::Normal
            } else {
                FontStyle::Bold
            };
            let style = text_in(20.0, *colour, HPos::Left, weight);
            area.draw_text(name, &style, (right + 20, at))?;
        }
        Ok(())
    }

    fn values(&self, chart: &Chart, area: &Area) -> Drawn {
        let at = |index: usize| {
            let value = chart.points[index]
                .value
                .filter(|value| value.is_finite())?;
            Some((self.x(index), self.y(value)))
        };
        for index in 1..chart.points.len() {
            if let (Some(from), Some(to)) = (at(index - 1), at(index)) {
                line(area, [from, to], VALUE, 4)?;
            }
        }
        let dot = if self.count > 40 { 5 } else { 7 };
        for (index, point) in chart.points.iter().enumerate() {
            let Some((x, y)) = at(index) else { continue };
            if point.signal {
                diamond(area, (x, y), dot + 7)?;
            } else {
                area.draw(&Circle::new((x, y), dot + 2, WHITE.filled()))?;
                area.draw(&Circle::new((x, y), dot, VALUE.filled()))?;
            }
        }
        self.latest(chart, area)
    }

    /// The latest value, in numbers beside its mark.
    fn latest(&self, chart: &Chart, area: &Area) -> Drawn {
        let latest = chart.points.iter().enumerate().rev();
        let mut valued = latest.filter_map(|(index, point)| Some((index, point.value?, point)));
        let Some((index, value, point)) = valued.next() else {
            return Ok(());
        };
        let (x, y) = (self.x(index), self.y(value));
        let falling = valued.next().is_some_and(|(_, earlier, _)| earlier > value);
        // Away from the line that arrives: below when it falls, unless the axis is there.
        let below = falling && y + 44 < SIZE.1 as i32 - BOTTOM;
        let y = if below { y + 30 } else { (y - 32).max(TOP - 4) };
        let colour = if point.signal { SIGNAL } else { VALUE };
        let words = number(value);
        let half = words.chars().count() as i32 * 8 + 5;
        let ground = Rectangle::new(
            [(x - half, y - 14), (x + half, y + 13)],
            WHITE.mix(0.85).filled(),
        );
        area.draw(&ground)?;
        let style = text_in(24.0, darker(colour), HPos::Center, FontStyle::Bold);
        area.draw_text(&words, &style, (x, y))?;
        Ok(())
    }
}

/// The mark of a signal: a filled diamond with a dark edge.
fn diamond(area: &Area, (x, y): (i32, i32), r: i32) -> Drawn {
    let corners = |r: i32| vec![(x, y - r), (x + r, y), (x, y + r), (x - r, y)];
    area.draw(&Polygon::new(corners(r + 3), WHITE.filled()))?;
    area.draw(&Polygon::new(corners(r), INK.filled()))?;
    area.draw(&Polygon::new(corners(r - 3), SIGNAL.filled()))?;
    Ok(())
}

fn line(area: &Area, ends: [(i32, i32); 2], colour: RGBColor, width: u32) -> Drawn {
    area.draw(&PathElement::new(ends, colour.stroke_width(width)))?;
    Ok(())
}

fn text(size: f64, colour: RGBColor, side: HPos) -> TextStyle<'static> {
    text_in(size, colour, side, FontStyle::Normal)
}

/// `size` is the height of the letters' em in pixels (plotters wants its own measure of it).
pub(super) fn text_in(
    size: f64,
    colour: RGBColor,
    side: HPos,
    weight: FontStyle,
) -> TextStyle<'static> {
    FontDesc::new(FontFamily::Name(FONT), size * 1.24, weight)
        .color(&colour)
        .pos(Pos::new(side, VPos::Center))
}

pub(super) fn darker(RGBColor(r, g, b): RGBColor) -> RGBColor {
    let shade = |part: u8| (f32::from(part) * 0.8) as u8;
    RGBColor(shade(r), shade(g), shade(b))
}

#[cfg(test)]
mod tests;
