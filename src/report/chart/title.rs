//! The title with its unit, and the key to what is not named at a line.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::{Area, BAND, Drawn, INK, LIMIT, SIZE, SOFT, diamond, text, text_in};
use crate::chat::Chart;

/// Sizes a title is set in, the first that fits; beyond the last it is cut.
const TITLE_SIZES: [f64; 2] = [31.0, 25.0];
/// How wide a bold letter is on average, in parts of its size.
const LETTER: f64 = 0.63;
const UNIT_CHARS: usize = 24;

pub(super) fn title(chart: &Chart, area: &Area) -> Drawn {
    let unit = match chart.unit.as_str() {
        "" => String::new(),
        unit => format!(" ({})", shortened(unit, UNIT_CHARS)),
    };
    let width = f64::from(key(chart, area)? - 24 - 24);
    let letters = |size: f64| (width / (size * LETTER)) as usize;
    let wanted = printable(&chart.title).chars().count() + unit.chars().count();
    let [.., smallest] = TITLE_SIZES;
    let size = TITLE_SIZES
        .into_iter()
        .find(|size| wanted <= letters(*size));
    let size = size.unwrap_or(smallest);
    let room = letters(size).saturating_sub(unit.chars().count()).max(1);
    let words = shortened(&chart.title, room) + &unit;
    let style = text_in(size, INK, HPos::Left, FontStyle::Bold);
    area.draw_text(&words, &style, (24, 38))?;
    Ok(())
}

/// The key to what is in this chart and not named at a line, and where it begins.
fn key(chart: &Chart, area: &Area) -> Result<i32, Box<dyn std::error::Error>> {
    let mut x = SIZE.0 as i32 - 24;
    let style = text(20.0, SOFT, HPos::Right);
    if chart.points.iter().any(|point| point.value.is_none()) {
        area.draw_text("no value", &style, (x, 38))?;
        x -= 100;
        area.draw(&Rectangle::new([(x - 14, 26), (x, 50)], BAND.filled()))?;
        area.draw(&Rectangle::new([(x - 14, 26), (x, 50)], LIMIT))?;
        x -= 36;
    }
    if chart.points.iter().any(|point| point.signal) {
        area.draw_text("signal", &style, (x, 38))?;
        diamond(area, (x - 84, 38), 11)?;
        x -= 110;
    }
    Ok(x)
}

/// Without the control characters that no XML document may hold.
fn printable(words: &str) -> String {
    let kept = words
        .chars()
        .filter(|c| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}'));
    kept.collect()
}

/// At most so many characters, printable ones.
fn shortened(words: &str, most: usize) -> String {
    let words = printable(words);
    if words.chars().count() <= most {
        return words;
    }
    words.chars().take(most - 1).collect::<String>() + "…"
}
