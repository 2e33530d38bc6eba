//! Which controls apply, and what stands in a statement of applicability. Pure.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::command::nearest;
use crate::command::value::{ControlName, FileRef};
use crate::kpi::batch::rules::Wrong;
use crate::sheet::Sheet;

/// What was said of one control. One of which nothing was said applies.
#[derive(Debug, Clone, PartialEq)]
pub struct Applicability {
    pub control: ControlName,
    pub applies: bool,
    /// Always there where it does not apply.
    pub reason: Option<String>,
    pub by: Uuid,
    pub at: DateTime<Utc>,
    /// The file it was imported from.
    pub file: Option<FileRef>,
}

/// What is said of one control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub control: ControlName,
    pub applies: bool,
    pub reason: Option<String>,
}

/// A line of the file, as far as it can be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// As editors and spreadsheets count, from 1 with the heading.
    pub number: u64,
    pub said: Result<Said, Wrong>,
}

/// As many lines as one file may have: more than there are controls.
const MOST: usize = 500;
const COLUMNS: [&str; 3] = ["control", "applicable", "reason"];
/// What spreadsheets in use call them, too.
const ALSO: [(&str, &str); 5] = [
    ("applies", "applicable"),
    ("applicability", "applicable"),
    ("justification", "reason"),
    ("reference", "control"),
    ("id", "control"),
];

impl Said {
    /// Only controls can be left out, and not without a reason.
    pub fn check(&self) -> Result<(), Wrong> {
        if !self.control.is_control() {
            let why = format!(
                "{} is a clause: all of them apply. Only Annex A controls can be left out.",
                self.control
            );
            return Err(Wrong::at("control", why));
        }
        if !self.applies && self.reason.is_none() {
            let why = format!("Say why {} does not apply.", self.control);
            return Err(Wrong::at("reason", why));
        }
        Ok(())
    }

    /// Whether it says anything else than what is known.
    pub fn changes(&self, known: &[Applicability]) -> bool {
        match known.iter().find(|known| known.control == self.control) {
            Some(known) => known.applies != self.applies || known.reason != self.reason,
            None => !self.applies || self.reason.is_some(),
        }
    }
}

/// Reads a file. An error is about the file as a whole, and says what would be right.
pub fn read(bytes: &[u8]) -> Result<Vec<Line>, String> {
    let mut sheet = Sheet::of(bytes)?;
    let places = columns(&sheet.heading)?;
    let mut lines: Vec<Line> = Vec::new();
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    for row in sheet.rows() {
        let row = row?;
        if lines.len() == MOST {
            return Err(format!(
                "The file has more than {MOST} lines; there are 93 controls."
            ));
        }
        let number = row.number;
        let said = said(&row.cells, places).and_then(|said| {
            match seen.insert(said.control.to_string(), number) {
                Some(before) => {
                    let why = format!("{} stands in line {before} already.", said.control);
                    Err(Wrong::at("control", why))
                }
                None => Ok(said),
            }
        });
        lines.push(Line { number, said });
    }
    match lines.is_empty() {
        true => Err("There is no line with a control in the file.".to_owned()),
        false => Ok(lines),
    }
}

/// Where each column stands.
type Places = [Option<usize>; COLUMNS.len()];

/// Other columns may be there: a statement of applicability says more than is asked here.
fn columns(heading: &csv::StringRecord) -> Result<Places, String> {
    let mut places: Places = [None; COLUMNS.len()];
    for (at, name) in heading.iter().enumerate() {
        let word = name.to_lowercase();
        let also = ALSO.iter().find(|(also, _)| *also == word);
        let word = also.map_or(word.as_str(), |(_, column)| column);
        let Some(column) = COLUMNS.iter().position(|column| *column == word) else {
            continue;
        };
        if places[column].replace(at).is_some() {
            return Err(format!("The column {word} is there twice."));
        }
    }
    let missing = COLUMNS
        .iter()
        .zip(places)
        .find(|(_, place)| place.is_none());
    let Some((column, _)) = missing else {
        return Ok(places);
    };
    let meant = match nearest(column, heading.iter()) {
        Some(near) => format!(" Is it “{near}”?"),
        None => String::new(),
    };
    Err(format!(
        "The column {column} is missing.{meant} The first line names the columns: {}.",
        COLUMNS.join(", ")
    ))
}

fn said(record: &csv::StringRecord, places: Places) -> Result<Said, Wrong> {
    let cell = |column: usize| {
        let place = places[column]?;
        record.get(place).filter(|text| !text.is_empty())
    };
    let needed = |column: usize| {
        let name = COLUMNS[column];
        cell(column).ok_or_else(|| Wrong::at(name, "There is nothing in this column."))
    };
    let control: Result<ControlName, String> = needed(0)?.parse();
    let word = needed(1)?;
    let applies = match word.to_lowercase().as_str() {
        "yes" | "y" | "true" | "1" | "x" | "applicable" | "applies" => true,
        "no" | "n" | "false" | "0" | "not applicable" | "excluded" | "n/a" => false,
        _ => {
            let why = format!("“{word}” is neither yes nor no.");
            return Err(Wrong::at("applicable", why));
        }
    };
    let said = Said {
        control: control.map_err(|why| Wrong::at("control", why))?,
        applies,
        reason: cell(2).map(str::to_owned),
    };
    said.check()?;
    Ok(said)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(text: &str) -> Vec<String> {
        let lines = match read(text.as_bytes()) {
            Ok(lines) => lines,
            Err(why) => return vec![why],
        };
        let told = |line: Line| match line.said {
            Ok(said) => format!(
                "{}: {} {} {:?}",
                line.number, said.control, said.applies, said.reason
            ),
            Err(wrong) => format!("{}: {}: {}", line.number, wrong.field, wrong.why),
        };
        lines.into_iter().map(told).collect()
    }

    #[test]
    fn a_statement_is_read_as_spreadsheets_write_it() {
        let expected = [
            "2: A.5.1 true None",
            "3: A.8.30 false Some(\"Nothing, ever\")",
        ];
        assert_eq!(
            told("control,applicable,reason\nA.5.1,yes,\nA.8.30,no,\"Nothing, ever\"\n"),
            expected
        );
        let other = "\u{feff}ID;Title;Applicability;Justification\r\na5.1;Policies;X;\r\n8.30;Outsourced;n/a;Nothing, ever\r\n";
        assert_eq!(
            told(&other.replace("8.30;O", "A.8.30;O")),
            [
                "2: A.5.1 true None",
                "3: A.8.30 false Some(\"Nothing, ever\")"
            ]
        );
    }

    #[test]
    fn each_wrong_line_says_what_would_be_right() {
        assert_eq!(
            told(
                "control,applicable,reason\nA.8.30,no,\n9.2,no,Not here\nA.5.40,yes,\nA.5.2,perhaps,\nA.5.3,yes,\nA.5.3,no,Too small\n"
            ),
            [
                "2: reason: Say why A.8.30 does not apply.",
                "3: control: 9.2 is a clause: all of them apply. Only Annex A controls can be left out.",
                "4: control: The controls of A.5 run from A.5.1 to A.5.37.",
                "5: applicable: “perhaps” is neither yes nor no.",
                "6: A.5.3 true None",
                "7: control: A.5.3 stands in line 6 already.",
            ]
        );
        assert_eq!(
            told("control,aplicable,reason\nA.5.1,yes,\n"),
            [
                "The column applicable is missing. Is it “aplicable”? The first line names the columns: control, applicable, reason."
            ]
        );
        assert_eq!(
            told("control,applicable,reason\n"),
            ["There is no line with a control in the file."]
        );
    }

    proptest! {
        #[test]
        fn no_file_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&bytes);
        }
    }
}
