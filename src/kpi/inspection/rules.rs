//! Checklists, what was found at their lines, and the share that passed. Pure.

use chrono::NaiveDate;
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::command::value::FileRef;

/// As many lines as one card shows.
pub const MOST_LINES: usize = 60;
const LONGEST_LINE: usize = 200;

/// What is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checklist {
    pub lines: Vec<String>,
}

/// What was found at a line.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    ValueEnum,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Outcome {
    /// Pass: it is as it should be
    #[value(aliases = ["ok", "passed", "yes"])]
    Pass,
    /// Fail: it is not
    #[value(aliases = ["failed", "no"])]
    Fail,
    /// Not applicable here
    #[value(aliases = ["n/a", "na"])]
    NotApplicable,
}

/// One inspection of a period.
#[derive(Debug, Clone, PartialEq)]
pub struct Inspection {
    /// The first day of the period.
    pub period: NaiveDate,
    /// As it was when it began.
    pub checklist: Checklist,
    pub begun_by: Uuid,
    pub begun: NaiveDate,
    pub ended: Option<(Uuid, NaiveDate)>,
}

/// What is kept of one line.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// From 1.
    pub line: u32,
    pub result: Outcome,
    pub note: Option<String>,
    pub evidence: Option<String>,
    pub file: Option<FileRef>,
    pub by: Uuid,
}

/// How many lines were found how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    pub passed: usize,
    pub failed: usize,
    pub not_applicable: usize,
}

impl Checklist {
    /// One on each line, or between semicolons if there is only one line. Bullets and numbers before
    /// them are left out.
    pub fn read(text: &str) -> Result<Checklist, String> {
        let text = text.trim();
        let between = if text.contains('\n') { '\n' } else { ';' };
        let lines = text.split(between).map(|line| {
            let line = line.trim_start_matches(|c: char| "-*•– \t☐".contains(c));
            let digits = line.chars().take_while(char::is_ascii_digit).count();
            let line = match line[digits..].strip_prefix(['.', ')']) {
                Some(rest) if digits > 0 => rest,
                _ => line,
            };
            line.split_whitespace().collect::<Vec<_>>().join(" ")
        });
        let lines: Vec<String> = lines.filter(|line| !line.is_empty()).collect();
        if lines.is_empty() {
            return Err("Write at least one line.".to_owned());
        }
        if lines.len() > MOST_LINES {
            return Err(format!(
                "These are {} lines; at most {MOST_LINES} are gone through at a time. Make two KPIs \
                 of it.",
                lines.len()
            ));
        }
        let long = lines.iter().position(|l| l.chars().count() > LONGEST_LINE);
        match long {
            Some(at) => Err(format!(
                "Line {} is longer than {LONGEST_LINE} characters.",
                at + 1
            )),
            None => Ok(Checklist { lines }),
        }
    }

    /// A line by its number from 1.
    pub fn line(&self, number: u32) -> Option<&str> {
        let at = usize::try_from(number).ok()?.checked_sub(1)?;
        self.lines.get(at).map(String::as_str)
    }

    /// The numbers of the lines at which nothing was found yet.
    pub fn missing(&self, checks: &[Check]) -> Vec<u32> {
        let numbers = (1u32..).take(self.lines.len());
        let is_there = |number: &u32| checks.iter().any(|check| check.line == *number);
        numbers.filter(|number| !is_there(number)).collect()
    }
}

impl Count {
    pub fn of(checks: &[Check]) -> Count {
        let count = |result| checks.iter().filter(|check| check.result == result).count();
        Count {
            passed: count(Outcome::Pass),
            failed: count(Outcome::Fail),
            not_applicable: count(Outcome::NotApplicable),
        }
    }

    /// How much passed of what applied, in percent, in hundredths. Nothing, if nothing applied.
    pub fn rate(&self) -> Option<f64> {
        let applied = self.passed + self.failed;
        let exact = 100.0 * self.passed as f64 / applied as f64;
        (applied > 0).then(|| (exact * 100.0).round() / 100.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: u32, result: Outcome) -> Check {
        Check {
            line,
            result,
            note: None,
            evidence: None,
            file: None,
            by: Uuid::nil(),
        }
    }

    #[test]
    fn a_checklist_is_pasted_as_it_is() {
        let pasted = "1. Screens are locked\n - Nothing lies about\n\n☐ The shredder works\n2 keys \
                      are in the safe";
        let lines = Checklist::read(pasted).unwrap().lines;
        assert_eq!(
            lines,
            [
                "Screens are locked",
                "Nothing lies about",
                "The shredder works",
                "2 keys are in the safe"
            ]
        );
        assert_eq!(Checklist::read("A; B").unwrap().lines, ["A", "B"]);
        assert!(Checklist::read(" ; ").is_err());
        assert!(
            Checklist::read(&"x\n".repeat(61))
                .unwrap_err()
                .contains("61")
        );
        let long = format!("A\n{}", "x".repeat(201));
        assert!(Checklist::read(&long).unwrap_err().contains("Line 2"));
    }

    #[test]
    fn what_does_not_apply_is_left_out_of_the_rate() {
        use Outcome::{Fail, NotApplicable, Pass};
        let rate = |results: &[Outcome]| {
            let checks = (1..).zip(results).map(|(n, result)| check(n, *result));
            Count::of(&checks.collect::<Vec<_>>()).rate()
        };
        assert_eq!(rate(&[Pass, Pass, Fail, NotApplicable]), Some(66.67));
        assert_eq!(rate(&[Fail]), Some(0.0));
        assert_eq!(rate(&[Pass, NotApplicable]), Some(100.0));
        assert_eq!(rate(&[NotApplicable]), None);
        assert_eq!(rate(&[]), None);
    }

    #[test]
    fn lines_without_a_result_are_missing() {
        let list = Checklist::read("A\nB\nC").unwrap();
        assert_eq!(list.missing(&[check(2, Outcome::Pass)]), [1, 3]);
        assert_eq!(list.line(3), Some("C"));
        assert_eq!((list.line(0), list.line(4)), (None, None));
    }
}
