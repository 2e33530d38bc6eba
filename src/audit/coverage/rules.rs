//! What was audited in a cycle, what is still ahead, and what is left out. Pure.

use chrono::NaiveDate;

use crate::audit::checklist::rules::{Item, ItemResult};
use crate::audit::finding::rules::{self, Finding};
use crate::audit::programme::choice::{Cycle, Why};
use crate::audit::programme::rules::Programme;
use crate::audit::rules::{Audit, STANDARD, State};
use crate::command::value::AuditName;

/// A clause or control that an audit looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    pub reference: String,
    /// No nonconformity was found.
    pub conforms: bool,
}

/// What an audit looked at: what was put down in its checklist; its scope, if it was finished without
/// one.
pub fn looked_at(audit: &Audit, items: &[Item], findings: &[Finding]) -> Vec<Looked> {
    let name = audit.name();
    let items: Vec<&Item> = items.iter().filter(|item| item.audit == name).collect();
    let tested: Vec<&str> = match (items.is_empty(), audit.state) {
        (true, State::Finished) => audit.scope.iter().map(String::as_str).collect(),
        _ => {
            let tested = items
                .iter()
                .filter(|item| item.result != ItemResult::NotTested);
            tested.map(|item| item.requirement.as_str()).collect()
        }
    };
    let failed = |reference: &str| {
        let item = items
            .iter()
            .find(|item| item.requirement.as_str() == reference);
        item.is_some_and(|item| item.result == ItemResult::DoesNotConform)
            || findings.iter().any(|finding| {
                finding.audit == name
                    && finding.requirement.as_str() == reference
                    && finding.grade.is_nonconformity()
                    && finding.state != rules::State::Withdrawn
            })
    };
    let looked = tested.into_iter().map(|reference| Looked {
        reference: reference.to_owned(),
        conforms: !failed(reference),
    });
    looked.collect()
}

/// How a clause or control stands in the cycle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Audited last in this audit, and it conforms.
    Conforms(AuditName),
    /// Audited last in this audit, and it does not conform.
    Found(AuditName),
    /// It is to be audited in this one, or being audited.
    Ahead(AuditName),
    /// Its turn comes in a year of the cycle that is not planned yet.
    Later,
    Gap(Gap),
    /// It does not apply, for this reason.
    Excluded(String),
}

/// Why a clause or control is not audited as it should be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    /// Its audit is overdue.
    Late(AuditName),
    /// Its audit is finished and did not test it.
    NotTested(AuditName),
    /// It was taken out of the programme, for this reason.
    TakenOut(String),
    /// No audit has it.
    Unplanned,
}

/// What coverage is worked out from.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The year whose programme it is.
    pub programme: &'a Programme,
    /// Of all years.
    pub audits: &'a [Audit],
    pub items: &'a [Item],
    pub findings: &'a [Finding],
    /// Controls that do not apply, with the reason.
    pub excluded: &'a [(String, String)],
    pub today: NaiveDate,
}

/// How each clause and control stands, in the standard's order: clauses in the year, which is how often
/// they are audited, and controls in the cycle.
#[derive(Debug, Clone, PartialEq)]
pub struct Coverage {
    pub year: i32,
    pub cycle: Cycle,
    pub lines: Vec<(String, Standing)>,
}

/// How many stand how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    pub conforms: usize,
    pub found: usize,
    pub ahead: usize,
    pub later: usize,
    pub gaps: usize,
    pub excluded: usize,
}

impl Count {
    pub fn audited(self) -> usize {
        self.conforms + self.found
    }

    /// All but what does not apply.
    pub fn all(self) -> usize {
        self.audited() + self.ahead + self.later + self.gaps
    }
}

impl Coverage {
    pub fn of(known: Known) -> Coverage {
        let looked: Vec<(&Audit, Vec<Looked>)> = known
            .audits
            .iter()
            .map(|audit| (audit, looked_at(audit, known.items, known.findings)))
            .collect();
        let references = STANDARD.requirements.iter().map(|r| r.reference.clone());
        let lines = references.map(|reference| {
            let standing = known.standing(&reference, &looked);
            (reference, standing)
        });
        Coverage {
            year: known.programme.year,
            cycle: known.programme.cycle,
            lines: lines.collect(),
        }
    }

    /// How those stand that this covers.
    pub fn count(&self, covers: impl Fn(&str) -> bool) -> Count {
        let mut count = Count::default();
        for (_, standing) in self.lines.iter().filter(|(reference, _)| covers(reference)) {
            *match standing {
                Standing::Conforms(_) => &mut count.conforms,
                Standing::Found(_) => &mut count.found,
                Standing::Ahead(_) => &mut count.ahead,
                Standing::Later => &mut count.later,
                Standing::Gap(_) => &mut count.gaps,
                Standing::Excluded(_) => &mut count.excluded,
            } += 1;
        }
        count
    }

    pub fn gaps(&self) -> impl Iterator<Item = (&str, &Gap)> {
        self.lines
            .iter()
            .filter_map(|(reference, standing)| match standing {
                Standing::Gap(gap) => Some((reference.as_str(), gap)),
                _ => None,
            })
    }
}

impl Known<'_> {
    fn standing(&self, reference: &str, looked: &[(&Audit, Vec<Looked>)]) -> Standing {
        let Programme { year, cycle, .. } = *self.programme;
        let excluded = self
            .excluded
            .iter()
            .find(|(control, _)| control == reference);
        if let Some((_, reason)) = excluded {
            return Standing::Excluded(reason.clone());
        }
        let is_control = reference.starts_with("A.");
        let counts = |audit: &Audit| match is_control {
            true => cycle.holds(audit.year),
            false => audit.year == year,
        };
        let mut last: Option<(AuditName, bool)> = None;
        for (audit, looked) in looked.iter().filter(|(audit, _)| counts(audit)) {
            let seen = looked.iter().find(|looked| looked.reference == reference);
            if let Some(seen) = seen {
                last = last.max(Some((audit.name(), seen.conforms)));
            }
        }
        match last {
            Some((name, true)) => return Standing::Conforms(name),
            Some((name, false)) => return Standing::Found(name),
            None => {}
        }
        let mut gap = None;
        let own = self.audits.iter().filter(|audit| counts(audit));
        for audit in own.filter(|audit| audit.scope.iter().any(|own| own == reference)) {
            match audit.state {
                State::Finished => gap = Some(Gap::NotTested(audit.name())),
                _ if audit.overdue(self.today) => gap = Some(Gap::Late(audit.name())),
                _ => return Standing::Ahead(audit.name()),
            }
        }
        let planned = self.audits.iter().map(|audit| audit.year);
        let planned = planned.filter(|year| cycle.holds(*year)).max();
        match gap {
            Some(gap) => Standing::Gap(gap),
            // The rest of the cycle is not planned yet.
            None if is_control && planned.is_none_or(|last| last < cycle.last()) => Standing::Later,
            None => Standing::Gap(self.left_out(reference)),
        }
    }

    fn left_out(&self, reference: &str) -> Gap {
        let why = self.programme.why(reference).iter();
        let mut reasons = why.filter_map(|why| match why {
            Why::Removed(reason) => Some(Gap::TakenOut(reason.clone())),
            _ => None,
        });
        reasons.next().unwrap_or(Gap::Unplanned)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::audit::programme::choice::{Ground, choose};
    use crate::audit::programme::rules::cut;

    fn programme(years: i32) -> (Programme, Vec<Audit>) {
        let mut programme = Programme::of_before(2027, "2027-01-01".parse().unwrap());
        programme.cycle = Cycle { from: 2027, years };
        programme.choices = choose(2027, programme.cycle, &Ground::default());
        let audits = cut(2027, &programme.choices);
        (programme, audits)
    }

    fn item(audit: &Audit, reference: &str, result: ItemResult) -> Item {
        Item {
            audit: audit.name(),
            requirement: reference.parse().unwrap(),
            result,
            methods: Vec::new(),
            sample: Default::default(),
            evidence: None,
            evidence_file: None,
            note: None,
            by: Uuid::nil(),
            at: chrono::DateTime::UNIX_EPOCH,
            version: 1,
        }
    }

    #[test]
    fn what_was_tested_counts_and_what_was_not_is_a_gap() {
        let (programme, mut audits) = programme(1);
        audits[2].state = State::Finished;
        let items = [
            item(&audits[2], "7.1", ItemResult::Conforms),
            item(&audits[2], "7.2", ItemResult::DoesNotConform),
            item(&audits[2], "7.3", ItemResult::NotTested),
        ];
        // Finished before there were checklists.
        audits[0].state = State::Finished;
        let excluded = [("A.8.30".to_owned(), "Nothing is outsourced".to_owned())];
        let coverage = Coverage::of(Known {
            programme: &programme,
            audits: &audits,
            items: &items,
            findings: &[],
            excluded: &excluded,
            today: "2027-04-02".parse().unwrap(),
        });
        let of = |reference: &str| {
            let line = coverage.lines.iter().find(|(known, _)| known == reference);
            line.unwrap().1.clone()
        };
        assert_eq!(of("4.1"), Standing::Conforms(audits[0].name()));
        assert_eq!(of("7.1"), Standing::Conforms(audits[2].name()));
        assert_eq!(of("7.2"), Standing::Found(audits[2].name()));
        assert_eq!(of("7.3"), Standing::Gap(Gap::NotTested(audits[2].name())));
        assert_eq!(of("6.1.1"), Standing::Gap(Gap::Late(audits[1].name())));
        assert_eq!(of("A.5.9"), Standing::Ahead(audits[3].name()));
        assert_eq!(
            of("A.8.30"),
            Standing::Excluded("Nothing is outsourced".into())
        );
        let count = coverage.count(|_| true);
        assert_eq!(count.audited(), 13);
        assert_eq!(count.all() + count.excluded, 121);
    }

    #[test]
    fn controls_of_later_years_are_no_gap_until_the_last_year_is_planned() {
        let (programme, mut audits) = programme(3);
        let known = |audits: &[Audit]| {
            Coverage::of(Known {
                programme: &programme,
                audits,
                items: &[],
                findings: &[],
                excluded: &[],
                today: "2027-01-02".parse().unwrap(),
            })
            .count(|_| true)
        };
        let count = known(&audits);
        assert_eq!((count.ahead, count.later, count.gaps), (28 + 31, 62, 0));
        let mut last = audits[0].clone();
        last.year = 2029;
        audits.push(last);
        let count = known(&audits);
        assert_eq!((count.later, count.gaps), (0, 62));
    }

    proptest! {
        /// Whatever state the audits are in, each clause and control stands in exactly one way, and
        /// what was looked at is never called a gap.
        #[test]
        fn everything_stands_somehow(states in prop::collection::vec(0..3usize, 12), day in 0..600u64) {
            let (programme, mut audits) = programme(1);
            for (audit, state) in audits.iter_mut().zip(states) {
                audit.state = [State::Planned, State::InProgress, State::Finished][state];
            }
            let today: NaiveDate = "2026-11-01".parse().unwrap();
            let coverage = Coverage::of(Known {
                programme: &programme,
                audits: &audits,
                items: &[],
                findings: &[],
                excluded: &[],
                today: today + chrono::Days::new(day),
            });
            prop_assert_eq!(coverage.lines.len(), 121);
            let finished: usize = audits
                .iter()
                .filter(|audit| audit.state == State::Finished)
                .map(|audit| audit.scope.len())
                .sum();
            prop_assert_eq!(coverage.count(|_| true).audited(), finished);
            prop_assert_eq!(coverage.count(|_| true).all(), 121);
        }
    }
}
