//! What stands in a CSV file.

use crate::command::value::{Amount, KpiKey, PeriodName};
use crate::kpi::batch::rules::{Entry, Wrong};
use crate::sheet::Sheet;

/// As many lines as one file may have.
pub const MOST: usize = 10_000;

const COLUMNS: [&str; 5] = ["kpi", "period", "value", "note", "reason"];

/// A line of the file, as far as it can be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// As editors and spreadsheets count, from 1 with the heading.
    pub number: u64,
    pub entry: Result<Entry, Wrong>,
}

/// Reads a file. An error is about the file as a whole, and says what would be right.
pub fn read(bytes: &[u8]) -> Result<Vec<Line>, String> {
    let mut sheet = Sheet::of(bytes)?;
    let (places, width) = (sheet.columns(COLUMNS)?, sheet.heading.len());
    let mut lines = Vec::new();
    for row in sheet.rows() {
        let row = row?;
        if lines.len() == MOST {
            return Err(format!(
                "The file has more than {MOST} lines. Divide it into several."
            ));
        }
        let entry = match row.cells.len() > width {
            true => Err(Wrong::at(
                "value",
                "There is more in this line than in the heading. Put texts with a comma into \
                 quotes.",
            )),
            false => entry(&row.cells, places),
        };
        lines.push(Line {
            number: row.number,
            entry,
        });
    }
    match lines.is_empty() {
        true => Err("There is no line with a value in the file.".to_owned()),
        false => Ok(lines),
    }
}

/// Where each column stands.
type Places = [Option<usize>; COLUMNS.len()];

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
