//! What is drawn and written out: charts, documents, rows, how numbers look in words; and the reports
//! made of them (clause 9.1 e, f and 10.2).
//!
//! - [`chart::svg`] and [`chart::render_png`]: the run chart of one KPI. [`ring`]: the cycle as a whole.
//!   [`picture`]: either as a face sends it.
//! - [`document::Document`]: a report, a register, minutes, before it has a look; [`pdf`] and
//!   [`markdown`] give it one. [`table`]: rows as CSV.
//! - [`performance`]: how the KPIs did in a month, a quarter or a year. [`register`]: the actions.
//! - [`rules`], [`flow`], [`card`]: a performance report is published as an edition, by itself or by a
//!   manager, and evaluated by top management.
//! - [`number`]: a value as people read it, the same in a chart, a card and a table.

pub mod card;
pub mod chart;
pub mod command;
pub mod document;
pub mod flow;
pub mod markdown;
pub mod pdf;
pub mod performance;
pub mod picture;
pub mod register;
pub mod ring;
pub mod rules;
pub mod table;

/// At most this many digits stand after the point, so that a mean does not look exact.
const DECIMALS: usize = 2;
/// From here on thousands are set apart.
const GROUPED_FROM: f64 = 10_000.0;
/// Narrow no-break space: groups thousands without looking like a decimal sign in any country.
const GROUP: char = '\u{202f}';

/// A value as people read it: `4`, `4.25`, `12 500`. Rounded to two decimals, or to two
/// significant digits when it is smaller than that can show.
pub fn number(value: f64) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let magnitude = value.abs();
    let decimals = if magnitude > 0.0 && magnitude < 0.1 {
        // 0.0034 keeps its two digits; anything below 1e-9 is nothing here.
        (1.0 - magnitude.log10().floor()).clamp(0.0, 9.0) as usize
    } else {
        DECIMALS
    };
    rounded(value, decimals)
}

/// A value with at most so many digits after the point, thousands set apart.
pub(crate) fn rounded(value: f64, decimals: usize) -> String {
    let mut text = format!("{value:.decimals$}");
    if text.contains('.') {
        text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    }
    if text == "-0" {
        text = "0".to_owned();
    }
    if value.abs() >= GROUPED_FROM {
        group(&text)
    } else {
        text
    }
}

fn group(text: &str) -> String {
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let (sign, digits) = whole.split_at(usize::from(whole.starts_with('-')));
    let mut out = sign.to_owned();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(GROUP);
        }
        out.push(digit);
    }
    out + rest
}

/// A value with its unit: `4.2%`, `3 incidents`, `1 incident`, `7`.
pub fn quantity(value: f64, unit: &str) -> String {
    match unit {
        "" => number(value),
        "%" => number(value) + "%",
        unit => match number(value) {
            one if one == "1" || one == "-1" => format!("{one} {}", singular(unit)),
            value => format!("{value} {unit}"),
        },
    }
}

/// One of what a unit counts, if its plural is a regular one; any other unit stays as it is.
fn singular(unit: &str) -> String {
    const KEPT: [&str; 4] = ["ss", "us", "is", "series"];
    if KEPT.iter().any(|end| unit.ends_with(end)) {
        return unit.to_owned();
    }
    if let Some(stem) = unit.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        return format!("{stem}y");
    }
    match unit.strip_suffix('s') {
        // `breaches`, `processes`: the `e` belongs to the plural.
        Some(stem)
            if ["sse", "che", "she", "xe"]
                .iter()
                .any(|end| stem.ends_with(end)) =>
        {
            stem[..stem.len() - 1].to_owned()
        }
        Some(stem) if stem.len() > 2 => stem.to_owned(),
        _ => unit.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_a_unit_is_not_many() {
        let cases = [
            (1.0, "incidents", "1 incident"),
            (-1.0, "days", "-1 day"),
            (1.0, "vulnerabilities", "1 vulnerability"),
            (1.0, "breaches", "1 breach"),
            (1.0, "processes", "1 process"),
            (1.0, "cases", "1 case"),
            (1.0, "business", "1 business"),
            (1.0, "ms", "1 ms"),
            (1.0, "€", "1 €"),
            (1.0, "%", "1%"),
            (1.1, "hours", "1.1 hours"),
            (0.0, "incidents", "0 incidents"),
            (21.0, "incidents", "21 incidents"),
        ];
        for (value, unit, words) in cases {
            assert_eq!(quantity(value, unit), words);
        }
    }

    #[test]
    fn numbers_read_well() {
        let cases = [
            (0.0, "0"),
            (-0.0, "0"),
            (-0.001, "-0.001"),
            (4.0, "4"),
            (4.20, "4.2"),
            (4.256, "4.26"),
            (100.0, "100"),
            (9999.0, "9999"),
            (12500.0, "12\u{202f}500"),
            (-1234567.5, "-1\u{202f}234\u{202f}567.5"),
            (0.0034, "0.0034"),
            (f64::NAN, "–"),
        ];
        for (value, text) in cases {
            assert_eq!(number(value), text, "{value}");
        }
        assert_eq!(quantity(4.2, "%"), "4.2%");
        assert_eq!(quantity(3.0, "incidents"), "3 incidents");
        assert_eq!(quantity(3.0, ""), "3");
    }
}
