//! The standard's clauses and controls, a year of audits over them, and what is covered. Pure.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use crate::app::UserError;
use crate::command::value::AuditName;
use crate::people::{Person, Role};

/// A year is cut into this many audits, one a month.
pub const MONTHS: usize = 12;

/// A clause (`9.2.1`) or an Annex A control (`A.5.15`) of ISO/IEC 27001:2022.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Requirement {
    #[serde(alias = "clause", alias = "control")]
    pub reference: String,
    pub title: String,
}

/// A month's part of the standard: requirements that are looked at together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice {
    pub month: u32,
    pub topic: String,
    /// References, clauses first.
    pub scope: Vec<String>,
}

/// The requirements and how they are cut, from `config/`.
pub struct Standard {
    /// Clauses 4 to 10 and then the 93 controls, in the standard's order.
    pub requirements: Vec<Requirement>,
    pub slices: Vec<Slice>,
}

#[derive(Deserialize)]
struct SliceRow {
    month: u32,
    topic: String,
    scope: String,
}

/// The standard as it is built in.
pub static STANDARD: LazyLock<Standard> = LazyLock::new(|| Standard {
    requirements: [
        rows(include_str!("../../config/clauses.csv")),
        rows(include_str!("../../config/controls.csv")),
    ]
    .concat(),
    slices: rows::<SliceRow>(include_str!("../../config/audit-slices.csv"))
        .into_iter()
        .map(|row| Slice {
            month: row.month,
            topic: row.topic,
            scope: row.scope.split_whitespace().map(str::to_owned).collect(),
        })
        .collect(),
});

/// Reads a table that is built in; a test reads all three, so none of them fails at work.
fn rows<T: for<'de> Deserialize<'de>>(table: &str) -> Vec<T> {
    csv::Reader::from_reader(table.as_bytes())
        .into_deserialize()
        .collect::<Result<_, _>>()
        .expect("the built-in table is well formed")
}

impl Standard {
    pub fn title(&self, reference: &str) -> &str {
        self.requirements
            .iter()
            .find(|requirement| requirement.reference == reference)
            .map_or("", |requirement| &requirement.title)
    }
}

/// How far an audit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display, strum::EnumString)]
#[strum(serialize_all = "kebab-case")]
pub enum State {
    Planned,
    InProgress,
    Finished,
}

/// One audit of the programme: a month's slice of the standard.
#[derive(Debug, Clone, PartialEq)]
pub struct Audit {
    pub year: i32,
    /// 1 to 12.
    pub month: u32,
    /// 1 for the audit of the month that was planned with the year; more came later.
    pub nth: u32,
    pub topic: String,
    pub scope: Vec<String>,
    pub auditor: Option<Uuid>,
    pub state: State,
    pub started_on: Option<NaiveDate>,
    pub finished_on: Option<NaiveDate>,
    /// What it came to, in short.
    pub conclusion: Option<String>,
}

impl Audit {
    /// `AUD-2027-03`.
    pub fn name(&self) -> AuditName {
        AuditName {
            year: self.year,
            month: self.month,
            nth: self.nth,
        }
    }

    /// Its auditor begins, or a manager for them.
    pub fn start(&mut self, by: &Person, today: NaiveDate) -> Result<(), UserError> {
        let name = self.name();
        self.must_be_theirs(by)?;
        match self.state {
            State::Planned => {}
            State::InProgress => {
                return Err(
                    UserError::at("audit", format!("{name} has been started already."))
                        .button("Next item", format!("audit check {name}")),
                );
            }
            State::Finished => return Err(self.is_over()),
        }
        self.state = State::InProgress;
        self.started_on = Some(today);
        Ok(())
    }

    /// Over, with what it came to.
    pub fn finish(
        &mut self,
        by: &Person,
        today: NaiveDate,
        conclusion: String,
    ) -> Result<(), UserError> {
        self.must_be_theirs(by)?;
        self.must_be_under_way()?;
        self.state = State::Finished;
        self.finished_on = Some(today);
        self.conclusion = Some(conclusion);
        Ok(())
    }

    /// Refuses one that has not been started, or is finished.
    pub fn must_be_under_way(&self) -> Result<(), UserError> {
        let name = self.name();
        match self.state {
            State::InProgress => Ok(()),
            State::Planned => {
                let text = format!("{name} has not been started.");
                Err(UserError::at("audit", text).button("Start", format!("audit start {name}")))
            }
            State::Finished => Err(self.is_over()),
        }
    }

    fn is_over(&self) -> UserError {
        let name = self.name();
        UserError::at("audit", format!("{name} is finished."))
            .button("Show", format!("audit show {name}"))
    }

    fn must_be_theirs(&self, by: &Person) -> Result<(), UserError> {
        let name = self.name();
        if self.auditor.is_none() {
            let text = format!("{name} has no auditor yet; name one first.");
            return Err(UserError::at("audit", text)
                .button("Assign auditor", format!("audit assign {name}")));
        }
        if self.auditor != Some(by.id) && by.role != Role::Manager {
            let text =
                format!("{name} is somebody else's audit; its auditor or a manager does this.");
            return Err(UserError::at("audit", text).button("Show", format!("audit show {name}")));
        }
        Ok(())
    }

    /// Not finished by the end of its month.
    pub fn overdue(&self, today: NaiveDate) -> bool {
        self.state != State::Finished && self.last_day().is_some_and(|last| last < today)
    }

    /// The last day of its month, by which it is to be finished.
    pub fn last_day(&self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.year, self.month, 1)?
            .checked_add_months(chrono::Months::new(1))?
            .pred_opt()
    }
}

/// A year of audits: one a month, each requirement in exactly one of them.
pub fn plan_year(year: i32) -> Vec<Audit> {
    STANDARD
        .slices
        .iter()
        .map(|slice| Audit {
            year,
            month: slice.month,
            nth: 1,
            topic: slice.topic.clone(),
            scope: slice.scope.clone(),
            auditor: None,
            state: State::Planned,
            started_on: None,
            finished_on: None,
            conclusion: None,
        })
        .collect()
}

/// How much of a year's programme is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coverage {
    pub audits_finished: usize,
    pub audits: usize,
    pub requirements_covered: usize,
    pub requirements: usize,
}

pub fn coverage(audits: &[Audit]) -> Coverage {
    let finished = || audits.iter().filter(|audit| audit.state == State::Finished);
    Coverage {
        audits_finished: finished().count(),
        audits: audits.len(),
        requirements_covered: requirements_of(finished()),
        requirements: requirements_of(audits.iter()),
    }
}

/// How many requirements audits look at, each counted once: a follow-up looks at one again.
pub fn requirements_of<'a>(audits: impl Iterator<Item = &'a Audit>) -> usize {
    let all = audits.flat_map(|audit| &audit.scope);
    all.collect::<BTreeSet<_>>().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_has_its_clauses_and_ninety_three_controls() {
        let (controls, clauses): (Vec<_>, Vec<_>) = STANDARD
            .requirements
            .iter()
            .partition(|requirement| requirement.reference.starts_with("A."));
        assert_eq!(controls.len(), 93);
        assert_eq!(clauses.len(), 28);
        assert_eq!(STANDARD.title("A.5.15"), "Access control");
        assert_eq!(STANDARD.title("9.2.2"), "Internal audit programme");
    }

    #[test]
    fn a_year_covers_every_requirement_exactly_once() {
        let mut planned: Vec<_> = plan_year(2027)
            .into_iter()
            .flat_map(|audit| audit.scope)
            .collect();
        let mut wanted: Vec<_> = STANDARD
            .requirements
            .iter()
            .map(|requirement| requirement.reference.clone())
            .collect();
        planned.sort();
        wanted.sort();
        assert_eq!(planned, wanted);
    }

    #[test]
    fn the_months_are_balanced_and_in_order() {
        let year = plan_year(2027);
        assert_eq!(year.len(), MONTHS);
        for (audit, month) in year.iter().zip(1..) {
            assert_eq!(audit.month, month);
            assert!((8..=12).contains(&audit.scope.len()), "{}", audit.name());
        }
        assert_eq!(year[2].name().to_string(), "AUD-2027-03");
    }

    #[test]
    fn coverage_counts_what_is_finished() {
        let mut year = plan_year(2027);
        assert_eq!(coverage(&year).requirements_covered, 0);
        year[0].state = State::Finished;
        year[1].state = State::InProgress;
        let covered = coverage(&year);
        assert_eq!(covered.requirements_covered, year[0].scope.len());
        assert_eq!(
            (
                covered.audits_finished,
                covered.audits,
                covered.requirements
            ),
            (1, 12, 121)
        );
        // A follow-up looks at one of them again.
        let mut again = year[0].clone();
        again.scope.truncate(1);
        year.push(again);
        let (once, twice) = (covered, coverage(&year));
        assert_eq!(twice.requirements_covered, once.requirements_covered);
        assert_eq!(twice.requirements, 121);
    }

    #[test]
    fn an_audit_is_overdue_when_its_month_is_over() {
        let day = |text: &str| text.parse().unwrap();
        let mut february = plan_year(2028).remove(1);
        assert!(!february.overdue(day("2028-02-29")));
        assert!(february.overdue(day("2028-03-01")));
        february.state = State::Finished;
        assert!(!february.overdue(day("2028-03-01")));
    }
}
