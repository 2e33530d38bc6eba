//! Rows as CSV (RFC 4180, UTF-8): for spreadsheets and for programs.
//!
//! It begins with a byte order mark, without which spreadsheets take it for an older encoding. What
//! people typed cannot become a formula there: a text that begins like one gets an apostrophe before
//! it. Numbers and dates are written the way programs read them, `1234.5` and `2026-10-31`.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Empty,
    Text(String),
    Number(f64),
    Whole(i64),
    Day(NaiveDate),
    At(DateTime<Utc>),
}

/// Rows below the names of their columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    pub head: Vec<&'static str>,
    /// As many cells as there are names.
    pub rows: Vec<Vec<Cell>>,
}

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

impl Rows {
    pub fn csv(&self) -> anyhow::Result<Vec<u8>> {
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(BYTE_ORDER_MARK.to_vec());
        writer.write_record(&self.head)?;
        for row in &self.rows {
            writer.write_record(row.iter().map(Cell::written))?;
        }
        Ok(writer.into_inner()?)
    }
}

impl Cell {
    /// A text, or nothing where there is none.
    pub fn text(words: impl Into<Option<String>>) -> Cell {
        words.into().map_or(Cell::Empty, Cell::Text)
    }

    fn written(&self) -> String {
        match self {
            Cell::Empty => String::new(),
            Cell::Text(words) => harmless(words),
            Cell::Number(number) => number.to_string(),
            Cell::Whole(number) => number.to_string(),
            Cell::Day(day) => day.to_string(),
            Cell::At(at) => at.to_rfc3339_opts(SecondsFormat::Secs, true),
        }
    }
}

impl From<&str> for Cell {
    fn from(words: &str) -> Cell {
        Cell::Text(words.to_owned())
    }
}

impl From<Option<NaiveDate>> for Cell {
    fn from(day: Option<NaiveDate>) -> Cell {
        day.map_or(Cell::Empty, Cell::Day)
    }
}

impl From<Option<DateTime<Utc>>> for Cell {
    fn from(at: Option<DateTime<Utc>>) -> Cell {
        at.map_or(Cell::Empty, Cell::At)
    }
}

/// Spreadsheets carry out what begins with one of these, also after spaces.
fn harmless(words: &str) -> String {
    let words: String = words.chars().filter(|c| *c != '\0').collect();
    let first = words.trim_start().chars().next();
    let begins = words.starts_with(['\t', '\r'])
        || matches!(
            first,
            Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠')
        );
    match begins {
        true => format!("'{words}"),
        false => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(rows: &Rows) -> Vec<String> {
        let bytes = rows.csv().unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let text = text.strip_prefix('\u{feff}').unwrap();
        text.split_terminator("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn a_text_is_no_formula_and_a_number_is_a_number() {
        let row = |cell: Cell| vec![cell];
        let rows = Rows {
            head: vec!["value"],
            rows: [
                Cell::from("=HYPERLINK(\"http://x\")"),
                Cell::from("@SUM(A1)"),
                Cell::from(" +1"),
                Cell::from("-3"),
                Cell::Number(-3.5),
                Cell::Whole(12_000),
                Cell::from("a, \"b\"\nc"),
                Cell::Empty,
                Cell::Day("2026-10-31".parse().unwrap()),
                Cell::At("2026-10-31T08:00:00Z".parse().unwrap()),
            ]
            .map(row)
            .to_vec(),
        };
        assert_eq!(
            lines(&rows),
            [
                "value",
                "\"'=HYPERLINK(\"\"http://x\"\")\"",
                "'@SUM(A1)",
                "' +1",
                "'-3",
                "-3.5",
                "12000",
                "\"a, \"\"b\"\"\nc\"",
                "\"\"",
                "2026-10-31",
                "2026-10-31T08:00:00Z",
            ]
        );
    }
}
