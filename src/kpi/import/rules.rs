//! What stands in a CSV file.

use crate::command::nearest;
use crate::command::value::{Amount, KpiKey, PeriodName};
use crate::kpi::batch::rules::{Entry, Wrong};

/// As many lines as one file may have.
pub const MOST: usize = 10_000;

const COLUMNS: [&str; 5] = ["kpi", "period", "value", "note", "reason"];
/// The first so many of them have to be there.
const NEEDED: usize = 3;

/// A line of the file, as far as it can be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// As editors and spreadsheets count, from 1 with the heading.
    pub number: u64,
    pub entry: Result<Entry, Wrong>,
}

/// Reads a file. An error is about the file as a whole, and says what would be right.
pub fn read(bytes: &[u8]) -> Result<Vec<Line>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| {
        "The file is not UTF-8. Save it as “CSV UTF-8 (comma delimited)” and try again.".to_owned()
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut csv = csv::ReaderBuilder::new()
        .delimiter(delimiter(text))
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let heading = csv.headers().map_err(|error| error.to_string())?.clone();
    let places = columns(&heading)?;
    let mut lines = Vec::new();
    for record in csv.records() {
        let record = record.map_err(|error| format!("The file cannot be read: {error}."))?;
        if record.iter().all(str::is_empty) {
            continue;
        }
        if lines.len() == MOST {
            return Err(format!(
                "The file has more than {MOST} lines. Divide it into several."
            ));
        }
        let number = record.position().map_or(0, |at| number(text, at));
        let entry = match record.len() > heading.len() {
            true => Err(Wrong::at(
                "value",
                "There is more in this line than in the heading. Put texts with a comma into \
                 quotes.",
            )),
            false => entry(&record, places),
        };
        lines.push(Line { number, entry });
    }
    match lines.is_empty() {
        true => Err("There is no line with a value in the file.".to_owned()),
        false => Ok(lines),
    }
}

/// The line a record begins in. The reader's position lies before the empty lines that it skips.
pub fn number(text: &str, at: &csv::Position) -> u64 {
    let rest = text.as_bytes().get(at.byte() as usize..);
    let skipped = rest.unwrap_or_default().iter();
    let skipped = skipped.take_while(|byte| matches!(byte, b'\r' | b'\n'));
    at.line() + skipped.filter(|byte| **byte == b'\n').count() as u64
}

/// What stands between the columns: spreadsheets of many countries write semicolons.
pub fn delimiter(text: &str) -> u8 {
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

/// Where each column stands.
type Places = [Option<usize>; COLUMNS.len()];

fn columns(heading: &csv::StringRecord) -> Result<Places, String> {
    let mut places: Places = [None; COLUMNS.len()];
    for (at, name) in heading.iter().enumerate() {
        let word = name.to_lowercase();
        let Some(column) = COLUMNS.iter().position(|column| *column == word) else {
            let meant = match nearest(&word, COLUMNS) {
                Some(near) => format!(" Is it {near}?"),
                None => String::new(),
            };
            return Err(format!(
                "“{name}” is not a column here.{meant} The first line names them: {}.",
                COLUMNS.join(", ")
            ));
        };
        if places[column].replace(at).is_some() {
            return Err(format!("The column {word} is there twice."));
        }
    }
    let mut needed = COLUMNS.iter().zip(places).take(NEEDED);
    match needed.find(|(_, place)| place.is_none()) {
        Some((column, _)) => Err(format!(
            "The column {column} is missing. The first line names the columns: {}; the first three \
             have to be there.",
            COLUMNS.join(", ")
        )),
        None => Ok(places),
    }
}

fn entry(record: &csv::StringRecord, places: Places) -> Result<Entry, Wrong> {
    let cell = |column: usize| {
        let place = places[column]?;
        record.get(place).filter(|text| !text.is_empty())
    };
    let needed = |column: usize| {
        let name = COLUMNS[column];
        cell(column).ok_or_else(|| Wrong::at(name, "There is nothing in this column."))
    };
    let kpi: Result<KpiKey, String> = needed(0)?.parse();
    let period: Result<PeriodName, String> = needed(1)?.parse();
    let value: Result<Amount, String> = needed(2)?.parse();
    Ok(Entry {
        kpi: kpi.map_err(|why| Wrong::at("kpi", why))?,
        period: period.map_err(|_| {
            let why = format!(
                "“{}” is not a period like 2026-10, 2026-Q3, 2026-W47 or 2026-10-31.",
                needed(1).unwrap_or_default()
            );
            Wrong::at("period", why)
        })?,
        value: value.map_err(|why| Wrong::at("value", why))?.0,
        note: cell(3).map(str::to_owned),
        reason: cell(4).map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let lines = match read(text.as_bytes()) {
            Ok(lines) => lines,
            Err(why) => return vec![why],
        };
        let told = |line: Line| match line.entry {
            Ok(entry) => format!(
                "{}: {} {} {} {:?} {:?}",
                line.number, entry.kpi, entry.period, entry.value, entry.note, entry.reason
            ),
            Err(wrong) => format!("{}: {}: {}", line.number, wrong.field, wrong.why),
        };
        lines.into_iter().map(told).collect()
    }

    #[test]
    fn lines_are_read_as_spreadsheets_write_them() {
        let expected = [
            "2: incidents 2026-10 4 Some(\"One, a false alarm\") None",
            "4: patches 2026-Q3 97.5 None None",
        ];
        let comma = "kpi,period,value,note\nincidents,2026-10,4,\"One, a false alarm\"\n\npatches,2026-Q3,97.5\n";
        assert_eq!(told(comma), expected);
        let german = "\u{feff}Value;KPI;Period;Note\r\n4;incidents;2026-10;One, a false alarm\r\n;;;\r\n97,5;patches;2026-Q3;\r\n";
        assert_eq!(told(german), expected);
        let tabs = "kpi\tperiod\tvalue\treason\nincidents\t2026-10-31\t4\tLate\n";
        assert_eq!(
            told(tabs),
            ["2: incidents 2026-10-31 4 None Some(\"Late\")"]
        );
    }

    #[test]
    fn every_line_that_is_wrong_says_why_by_its_number() {
        let lines = told(
            "kpi,period,value\nincidents,2026-10,four\nInzidente ü,2026-10,4\nincidents,Oct 26,4\n\
             incidents,2026-10,\nincidents,2026-10,1,200\nincidents,2026-11,\"a\nb\"\nok,2026-10,1\n",
        );
        let expected = [
            "2: value: “four” is not a number",
            "3: kpi: A KPI's key has small letters",
            "4: period: “Oct 26” is not a period like 2026-10",
            "5: value: There is nothing in this column.",
            "6: value: There is more in this line than in the heading.",
            "7: value: “a\nb” is not a number",
            "9: ok 2026-10 1",
        ];
        assert_eq!(lines.len(), expected.len(), "{lines:#?}");
        for (told, expected) in lines.iter().zip(expected) {
            assert!(told.starts_with(expected), "{told}");
        }
    }

    #[test]
    fn a_file_that_is_no_such_table_is_refused_as_a_whole() {
        for (text, why) in [
            ("", "The column kpi is missing."),
            (
                "kpi,period\nincidents,2026-10\n",
                "The column value is missing.",
            ),
            (
                "kpi,period,valeu\n",
                "“valeu” is not a column here. Is it value?",
            ),
            ("kpi,kpi,period,value\n", "The column kpi is there twice."),
            ("kpi,period,value\n", "There is no line with a value"),
            ("PK\u{3}\u{4}", "is not a column here."),
        ] {
            let told = told(text).remove(0);
            assert!(told.contains(why), "{text:?}: {told}");
        }
        let latin = read(b"kpi,period,value,note\nincidents,2026-10,4,M\xfcll\n");
        assert!(latin.unwrap_err().contains("CSV UTF-8"));
        let long = format!(
            "kpi,period,value\n{}",
            "incidents,2026-10,4\n".repeat(10_001)
        );
        assert!(told(&long)[0].contains("more than 10000 lines"));
    }
}
