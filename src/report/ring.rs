//! The ring: a cycle of four parts, each an arrow that is filled as far as it is done.
//!
//! Like the charts it must be readable in a grey print and by people who cannot tell colours apart: what
//! is done is dark and what is not is pale, each part is named beside it with its figures, and what is
//! late has a diamond before it.

use std::f64::consts::FRAC_PI_2;

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::chart::{Area, Drawn, INK, SIGNAL, SIZE, SOFT, TARGET, VALUE, darker, text_in};
use super::picture::rendered;
use crate::chat::{Ring, RingPart};

/// plotters knows whole pixels only: it is drawn so many times as large, so that arcs are round.
const FINE: i32 = 4;
const CENTRE: (f64, f64) = (600.0, 316.0);
const OUTER: f64 = 222.0;
const INNER: f64 = 150.0;
/// Between two parts, in radians; and how far the tip of an arrow goes before its edge.
const GAP: f64 = 0.05;
const TIP: f64 = 0.13;
/// How far the words stand from the ring's middle.
const ASIDE: i32 = 248;
// Dark enough on white for letters, each of another lightness; after Okabe and Ito.
const REVIEW: RGBColor = RGBColor(0x8a, 0x45, 0x75);
const CORRECT: RGBColor = RGBColor(0x94, 0x57, 0x00);
const COLOURS: [RGBColor; 4] = [VALUE, TARGET, REVIEW, CORRECT];

/// The ring as an SVG document, larger than its picture. Its texts want the font DejaVu Sans.
pub fn svg(ring: &Ring) -> String {
    let mut out = String::new();
    let size = (SIZE.0 * FINE as u32, SIZE.1 * FINE as u32);
    let drawn = {
        let area = SVGBackend::with_string(&mut out, size).into_drawing_area();
        draw(ring, &area)
    };
    drawn.expect("drawing into a string does not fail");
    out
}

/// The ring as a PNG of [`SIZE`] pixels.
pub fn render_png(ring: &Ring) -> Vec<u8> {
    rendered(&svg(ring), SIZE)
}

fn draw(ring: &Ring, area: &Area) -> Drawn {
    area.fill(&WHITE)?;
    let centre = (CENTRE.0 as i32, CENTRE.1 as i32);
    words(
        area,
        &ring.title,
        (30.0, INK, true),
        (centre.0, 40),
        HPos::Center,
    )?;
    let large = if ring.middle.chars().count() > 8 {
        34.0
    } else {
        46.0
    };
    let at = (centre.0, centre.1 - 18);
    words(area, &ring.middle, (large, INK, true), at, HPos::Center)?;
    let at = (centre.0, centre.1 + 26);
    words(area, &ring.below, (22.0, SOFT, false), at, HPos::Center)?;
    for (index, (part, colour)) in ring.parts.iter().zip(COLOURS).enumerate() {
        arrow(area, (index, 1.0), pale(colour))?;
        if part.share() > 0.0 {
            arrow(area, (index, part.share()), colour)?;
        }
        told(area, (index, part), colour)?;
    }
    area.present()?;
    Ok(())
}

/// A part of the ring up to a share of it: an arrow bent clockwise, notched where the one before
/// points into it.
fn arrow(area: &Area, (index, share): (usize, f64), colour: RGBColor) -> Drawn {
    let begin = -FRAC_PI_2 + index as f64 * FRAC_PI_2 + GAP / 2.0;
    let end = begin + (FRAC_PI_2 - GAP) * share;
    let steps = 1 + (60.0 * share) as usize;
    let along = |radius: f64| {
        (0..=steps).map(move |step| {
            let angle = begin + (end - begin) * step as f64 / steps as f64;
            at(radius, angle)
        })
    };
    let middle = (OUTER + INNER) / 2.0;
    let mut points: Vec<(i32, i32)> = along(OUTER).collect();
    points.push(at(middle, end + TIP));
    points.extend(along(INNER).collect::<Vec<_>>().into_iter().rev());
    points.push(at(middle, begin + TIP));
    area.draw(&Polygon::new(points, colour.filled()))?;
    Ok(())
}

/// A point of the ring, clockwise from the right.
fn at(radius: f64, angle: f64) -> (i32, i32) {
    let fine = f64::from(FINE);
    (
        ((CENTRE.0 + radius * angle.cos()) * fine).round() as i32,
        ((CENTRE.1 + radius * angle.sin()) * fine).round() as i32,
    )
}

/// What a part says, beside its quarter of the ring.
fn told(area: &Area, (index, part): (usize, &RingPart), colour: RGBColor) -> Drawn {
    let right = index < 2;
    let (x, side) = match right {
        true => (CENTRE.0 as i32 + ASIDE, HPos::Left),
        false => (CENTRE.0 as i32 - ASIDE, HPos::Right),
    };
    let top = if matches!(index, 0 | 3) { 100 } else { 356 };
    let outward = |by: i32| if right { x + by } else { x - by };
    let head = match right {
        true => format!("{} · {}", part.name, part.clause),
        false => format!("{} · {}", part.clause, part.name),
    };
    words(area, &head, (26.0, INK, true), (x, top), side)?;
    let mut y = top + 46;
    if part.of > 0 {
        let figures = format!("{} of {}", part.done, part.of);
        words(area, &figures, (42.0, colour, true), (x, y), side)?;
        y += 42;
    }
    words(area, &part.what, (23.0, INK, false), (x, y), side)?;
    y += 37;
    match (part.late, part.of) {
        (0, 0) => {}
        (0, _) => {
            words(area, "nothing late", (23.0, SOFT, false), (x, y), side)?;
            y += 35;
        }
        (late, _) => {
            mark(area, (outward(11), y))?;
            let style = (23.0, darker(SIGNAL), true);
            words(area, &format!("{late} late"), style, (outward(30), y), side)?;
            y += 35;
        }
    }
    if let Some(next) = &part.next {
        words(area, next, (23.0, SOFT, false), (x, y), side)?;
    }
    Ok(())
}

/// The diamond of the charts.
fn mark(area: &Area, (x, y): (i32, i32)) -> Drawn {
    let corners = |r: i32| {
        let points = [(x, y - r), (x + r, y), (x, y + r), (x - r, y)];
        points.map(|(x, y)| (x * FINE, y * FINE)).to_vec()
    };
    area.draw(&Polygon::new(corners(11), INK.filled()))?;
    area.draw(&Polygon::new(corners(8), SIGNAL.filled()))?;
    Ok(())
}

fn words(
    area: &Area,
    text: &str,
    (size, colour, bold): (f64, RGBColor, bool),
    (x, y): (i32, i32),
    side: HPos,
) -> Drawn {
    let printable: String = text.chars().filter(|c| !c.is_control()).collect();
    let weight = if bold {
        FontStyle::Bold
    } else {
        FontStyle::Normal
    };
    let style = text_in(size * f64::from(FINE), colour, side, weight);
    area.draw_text(&printable, &style, (x * FINE, y * FINE))?;
    Ok(())
}

/// The same colour, where nothing is done yet.
fn pale(RGBColor(r, g, b): RGBColor) -> RGBColor {
    let light = |part: u8| (f32::from(part) * 0.16 + 255.0 * 0.84) as u8;
    RGBColor(light(r), light(g), light(b))
}

#[cfg(test)]
mod tests {
    use super::super::chart::FONT;
    use super::*;

    fn part(name: &str, clause: &str, (done, of, late): (usize, usize, usize)) -> RingPart {
        RingPart {
            name: name.into(),
            clause: clause.into(),
            done,
            of,
            what: "audits are finished".into(),
            late,
            next: Some("next by Thu 31 Dec".into()),
        }
    }

    fn ring(figures: [(usize, usize, usize); 4]) -> Ring {
        let [measure, audit, review, correct] = figures;
        Ring {
            title: "The ISMS cycle 2026".into(),
            middle: "4 late".into(),
            below: "Mon 30 Nov".into(),
            parts: [
                part("Measure", "9.1", measure),
                part("Audit", "9.2", audit),
                part("Review", "9.3", review),
                part("Correct", "10.2", correct),
            ],
        }
    }

    /// Where a PNG is written for whoever wants to look at it.
    fn shown(name: &str, png: &[u8]) {
        if let Ok(folder) = std::env::var("RINGS") {
            std::fs::write(format!("{folder}/{name}.png"), png).unwrap();
        }
    }

    #[test]
    fn the_ring_is_drawn_in_the_size_of_the_charts() {
        for (name, figures) in [
            ("some", [(4, 5, 1), (11, 12, 0), (3, 4, 0), (9, 14, 3)]),
            ("none", [(0, 0, 0); 4]),
            ("all", [(5, 5, 0), (12, 12, 0), (4, 4, 0), (14, 14, 0)]),
            (
                "little",
                [(1, 100, 99), (0, 12, 11), (1, 4, 2), (1, 250, 120)],
            ),
        ] {
            let png = render_png(&ring(figures));
            shown(name, &png);
            let size = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
            assert_eq!((size(16), size(20)), SIZE, "{name}");
        }
    }

    #[test]
    fn what_is_done_covers_more_of_the_ring_the_more_it_is() {
        let dark = |done: usize| {
            let png = render_png(&ring([(done, 12, 0), (0, 1, 0), (0, 1, 0), (0, 1, 0)]));
            let drawn = resvg::tiny_skia::Pixmap::decode_png(&png).unwrap();
            let RGBColor(r, g, b) = VALUE;
            let is_it = |p: &&resvg::tiny_skia::PremultipliedColorU8| {
                (p.red(), p.green(), p.blue()) == (r, g, b)
            };
            drawn.pixels().iter().filter(is_it).count()
        };
        let covered: Vec<usize> = (0..=12).map(dark).collect();
        assert!(covered.is_sorted_by(|a, b| a < b), "{covered:?}");
    }

    #[test]
    fn words_from_outside_are_no_markup_and_fonts_are_our_own() {
        let mut wild = ring([(1, 2, 0); 4]);
        wild.title = "<script>&\u{0}\u{1b}".into();
        let svg = svg(&wild);
        assert!(
            !svg.contains("<script>") && svg.contains("&lt;script&gt;"),
            "{svg}"
        );
        assert!(svg.contains(FONT));
        assert!(!render_png(&wild).is_empty());
    }
}
