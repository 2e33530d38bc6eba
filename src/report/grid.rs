//! The grid: a cell for each of many things, in groups.
//!
//! Like the charts it must be readable in a grey print and by people who cannot tell colours apart: each
//! mark has a letter, a lightness and an edge of its own, a gap is hatched, and the key names them all.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::chart::{Area, Drawn, INK, SIZE, SOFT, TARGET, text_in};
use super::picture::rendered;
use crate::chat::{Grid, Mark};

/// Where cells begin, their size, and what is between two of them.
const LEFT: i32 = 118;
const TOP: i32 = 76;
const CELL: (i32, i32) = (54, 40);
const BETWEEN: i32 = 4;
/// Between two groups.
const APART: i32 = 12;
const IN_LINE: usize = 18;
/// Between two lines of a gap's hatching.
const HATCH: i32 = 9;

// Each of another lightness; after Okabe and Ito.
const BAD: RGBColor = RGBColor(0xf0, 0xa0, 0x3c);
const AHEAD: RGBColor = RGBColor(0xcf, 0xe3, 0xf4);
const OUT: RGBColor = RGBColor(0xe3, 0xe7, 0xeb);

/// The look of a mark.
struct Look {
    letter: &'static str,
    ground: RGBColor,
    ink: RGBColor,
    edge: u32,
}

fn look(mark: Mark) -> Look {
    let (letter, ground, ink, edge) = match mark {
        Mark::Good => ("C", TARGET, WHITE, 1),
        Mark::Bad => ("N", BAD, INK, 4),
        Mark::Ahead => ("P", AHEAD, INK, 1),
        Mark::Later => ("L", WHITE, SOFT, 1),
        Mark::Gap => ("G", WHITE, INK, 4),
        Mark::Out => ("–", OUT, SOFT, 0),
    };
    Look {
        letter,
        ground,
        ink,
        edge,
    }
}

/// The grid as an SVG document. Its texts want the font DejaVu Sans.
pub fn svg(grid: &Grid) -> String {
    let mut out = String::new();
    let drawn = {
        let area = SVGBackend::with_string(&mut out, SIZE).into_drawing_area();
        draw(grid, &area)
    };
    drawn.expect("drawing into a string does not fail");
    out
}

/// The grid as a PNG of [`SIZE`] pixels.
pub fn render_png(grid: &Grid) -> Vec<u8> {
    rendered(&svg(grid), SIZE)
}

fn draw(grid: &Grid, area: &Area) -> Drawn {
    area.fill(&WHITE)?;
    let title = text_in(30.0, INK, HPos::Left, FontStyle::Bold);
    area.draw_text(&grid.title, &title, (24, 38))?;
    let mut top = TOP;
    for group in &grid.groups {
        let name = text_in(20.0, INK, HPos::Left, FontStyle::Bold);
        area.draw_text(&group.name, &name, (24, top + CELL.1 / 2))?;
        for (index, cell) in group.cells.iter().enumerate() {
            let (line, column) = (index / IN_LINE, index % IN_LINE);
            let x = LEFT + column as i32 * (CELL.0 + BETWEEN);
            let y = top + line as i32 * (CELL.1 + BETWEEN);
            draw_cell(area, (x, y), (cell.mark, &cell.label))?;
        }
        let lines = group.cells.len().div_ceil(IN_LINE) as i32;
        top += lines * (CELL.1 + BETWEEN) + APART;
    }
    key(grid, area, SIZE.1 as i32 - 44)?;
    area.present()?;
    Ok(())
}

fn draw_cell(area: &Area, (x, y): (i32, i32), (mark, label): (Mark, &str)) -> Drawn {
    let Look {
        letter,
        ground,
        ink,
        edge,
    } = look(mark);
    let (right, bottom) = (x + CELL.0, y + CELL.1);
    area.draw(&Rectangle::new([(x, y), (right, bottom)], ground.filled()))?;
    if mark == Mark::Gap {
        hatch(area, (x, y))?;
    }
    if edge > 0 {
        let half = edge as i32 / 2;
        let corners = [(x + half, y + half), (right - half, bottom - half)];
        area.draw(&Rectangle::new(corners, INK.stroke_width(edge)))?;
    }
    let middle = x + CELL.0 / 2;
    let style = text_in(15.0, ink, HPos::Center, FontStyle::Normal);
    area.draw_text(label, &style, (middle, y + 12))?;
    let style = text_in(16.0, ink, HPos::Center, FontStyle::Bold);
    area.draw_text(letter, &style, (middle, y + 28))?;
    Ok(())
}

/// Lines from the lower left to the upper right, with room for the words in the middle.
fn hatch(area: &Area, (x, y): (i32, i32)) -> Drawn {
    let (width, height) = CELL;
    for from in (0..width + height).step_by(HATCH as usize) {
        let low = (x + (from - height).max(0), y + from.min(height));
        let high = (x + from.min(width), y + (from - width).max(0));
        area.draw(&PathElement::new(
            [low, high],
            SOFT.mix(0.45).stroke_width(2),
        ))?;
    }
    let words = [(x + 9, y + 4), (x + width - 9, y + height - 4)];
    area.draw(&Rectangle::new(words, WHITE.mix(0.85).filled()))?;
    Ok(())
}

fn key(grid: &Grid, area: &Area, y: i32) -> Drawn {
    let mut x = 24;
    for (mark, words) in &grid.key {
        draw_key(area, (x, y), *mark)?;
        let style = text_in(18.0, INK, HPos::Left, FontStyle::Normal);
        area.draw_text(words, &style, (x + 36, y + 13))?;
        x += 36 + words.chars().count() as i32 * 10 + 26;
    }
    Ok(())
}

fn draw_key(area: &Area, (x, y): (i32, i32), mark: Mark) -> Drawn {
    let look = look(mark);
    let corners = [(x, y), (x + 28, y + 26)];
    area.draw(&Rectangle::new(corners, look.ground.filled()))?;
    if look.edge > 0 {
        area.draw(&Rectangle::new(corners, INK.stroke_width(look.edge.min(3))))?;
    }
    let style = text_in(16.0, look.ink, HPos::Center, FontStyle::Bold);
    area.draw_text(look.letter, &style, (x + 14, y + 13))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::{GridCell, GridGroup};

    const MARKS: [Mark; 6] = [
        Mark::Good,
        Mark::Bad,
        Mark::Ahead,
        Mark::Later,
        Mark::Gap,
        Mark::Out,
    ];

    fn grid() -> Grid {
        let cells = |group: i32, count: i32| {
            let cell = |nth: i32| GridCell {
                label: format!("{group}.{nth}"),
                mark: MARKS[nth as usize % MARKS.len()],
            };
            (1..=count).map(cell).collect()
        };
        let groups = [
            ("Clauses", 4, 28),
            ("A.5", 5, 37),
            ("A.6", 6, 8),
            ("A.7", 7, 14),
            ("A.8", 8, 34),
        ];
        Grid {
            title: "Audit coverage 2027, cycle 2027–2029".into(),
            groups: groups
                .map(|(name, group, count)| GridGroup {
                    name: name.into(),
                    cells: cells(group, count),
                })
                .to_vec(),
            key: MARKS.map(|mark| (mark, format!("{mark:?} 12"))).to_vec(),
        }
    }

    #[test]
    fn each_mark_has_a_letter_of_its_own_and_every_cell_its_name() {
        let mut letters = MARKS.map(|mark| look(mark).letter).to_vec();
        letters.sort_unstable();
        letters.dedup();
        assert_eq!(letters.len(), MARKS.len());
        let svg = svg(&grid());
        for words in ["4.28", "5.37", "8.34", "Audit coverage 2027", "Gap 12"] {
            assert!(svg.contains(words), "{words}");
        }
    }

    #[test]
    fn the_whole_standard_fits_above_the_key_and_is_a_png() {
        let lines: usize = grid()
            .groups
            .iter()
            .map(|group| group.cells.len().div_ceil(IN_LINE))
            .sum();
        let high = TOP + lines as i32 * (CELL.1 + BETWEEN) + 5 * APART;
        assert!(high <= SIZE.1 as i32 - 48, "{high}");
        let png = render_png(&grid());
        assert_eq!(&png[1..4], b"PNG");
        if let Ok(folder) = std::env::var("KEEP_CHARTS") {
            std::fs::write(format!("{folder}/grid.png"), &png).unwrap();
        }
    }
}
