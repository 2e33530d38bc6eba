//! A CSV file that somebody hands in, as spreadsheets of many countries write it: its columns, and the
//! lines in which something stands. Pure.

use crate::command::nearest;

/// A file whose heading is read.
pub struct Sheet<'t> {
    text: &'t str,
    csv: csv::Reader<&'t [u8]>,
    pub heading: csv::StringRecord,
}

/// A line in which something stands.
pub struct Row {
    /// As editors and spreadsheets count, from 1 with the heading.
    pub number: u64,
    pub cells: csv::StringRecord,
}

impl<'t> Sheet<'t> {
    /// An error is about the file as a whole, and says what would be right.
    pub fn of(bytes: &'t [u8]) -> Result<Sheet<'t>, String> {
        let text = std::str::from_utf8(bytes).map_err(|_| {
            "The file is not UTF-8. Save it as “CSV UTF-8 (comma delimited)” and try again."
                .to_owned()
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut csv = csv::ReaderBuilder::new()
            .delimiter(delimiter(text))
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let heading = csv.headers().map_err(|error| error.to_string())?.clone();
        Ok(Sheet { text, csv, heading })
    }

    /// Where each of these columns stands: no other may be there, and the first three have to be.
    pub fn columns<const N: usize>(
        &self,
        columns: [&'static str; N],
    ) -> Result<[Option<usize>; N], String> {
        let mut places = [None; N];
        for (at, name) in self.heading.iter().enumerate() {
            let word = name.to_lowercase();
            let Some(column) = columns.iter().position(|column| *column == word) else {
                let meant = match nearest(&word, columns) {
                    Some(near) => format!(" Is it {near}?"),
                    None => String::new(),
                };
                return Err(format!(
                    "“{name}” is not a column here.{meant} The first line names them: {}.",
                    columns.join(", ")
                ));
            };
            if places[column].replace(at).is_some() {
                return Err(format!("The column {word} is there twice."));
            }
        }
        let mut needed = columns.iter().zip(places).take(3);
        match needed.find(|(_, place)| place.is_none()) {
            Some((column, _)) => Err(format!(
                "The column {column} is missing. The first line names the columns: {}; the first \
                 three have to be there.",
                columns.join(", ")
            )),
            None => Ok(places),
        }
    }

    pub fn rows(&mut self) -> impl Iterator<Item = Result<Row, String>> {
        let text = self.text;
        self.csv.records().filter_map(move |record| match record {
            Err(error) => Some(Err(format!("The file cannot be read: {error}."))),
            Ok(cells) if cells.iter().all(str::is_empty) => None,
            Ok(cells) => Some(Ok(Row {
                number: cells.position().map_or(0, |at| number(text, at)),
                cells,
            })),
        })
    }
}

/// The line a record begins in. The reader's position lies before the empty lines that it skips.
fn number(text: &str, at: &csv::Position) -> u64 {
    let rest = text.as_bytes().get(at.byte() as usize..);
    let skipped = rest.unwrap_or_default().iter();
    let skipped = skipped.take_while(|byte| matches!(byte, b'\r' | b'\n'));
    at.line() + skipped.filter(|byte| **byte == b'\n').count() as u64
}

/// What stands between the columns: spreadsheets of many countries write semicolons.
fn delimiter(text: &str) -> u8 {
    let heading = text.lines().find(|line| !line.trim().is_empty());
    let heading = heading.unwrap_or_default();
    let count = |mark: &u8| heading.bytes().filter(|byte| byte == mark).count();
    // The first of those that are as frequent wins.
    let mut best = b',';
    for mark in [b';', b'\t'] {
        if count(&mark) > count(&best) {
            best = mark;
        }
    }
    best
}
