//! What an audit needs to end, and what follows from it. Pure.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, Months, NaiveDate, Utc};
use uuid::Uuid;

use crate::action::rules::Action;
use crate::audit::auditor::rules::Standing;
use crate::audit::card::conformity;
use crate::audit::checklist::rules::{Item, ItemResult};
use crate::audit::finding::rules::{Finding, Grade, State as FindingState};
use crate::audit::programme::rules::Aims;
use crate::audit::rules::{Audit, State};
use crate::chat::Text;
use crate::command::value::{AuditName, FileRef, FindingName};
use crate::people::area::rules::{Area, owner_of};
use crate::people::roles::rules::Competence;

/// What is missing before an audit can end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gaps {
    /// Requirements of the scope that nobody has looked at.
    pub open: Vec<String>,
    /// Those that were not tested, or do not apply, without a word why.
    pub unexplained: Vec<String>,
    /// Findings of which it is not decided whether they stand.
    pub undecided: Vec<FindingName>,
}

impl Gaps {
    pub fn of(scope: &[String], items: &[Item], findings: &[Finding]) -> Gaps {
        let item = |reference: &String| {
            let mut all = items.iter();
            all.find(|item| item.requirement.as_str() == reference)
        };
        let said =
            |note: &Option<String>| note.as_ref().is_some_and(|note| !note.trim().is_empty());
        let unexplained = |reference: &&String| {
            item(reference).is_some_and(|item| {
                let untested = matches!(
                    item.result,
                    ItemResult::NotTested | ItemResult::NotApplicable
                );
                untested && !said(&item.note)
            })
        };
        let open = |reference: &&String| item(reference).is_none();
        let undecided = findings.iter().filter(|finding| finding.state.is_draft());
        Gaps {
            open: scope.iter().filter(open).cloned().collect(),
            unexplained: scope.iter().filter(unexplained).cloned().collect(),
            undecided: undecided.map(Finding::name).collect(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.open.is_empty() && self.unexplained.is_empty() && self.undecided.is_empty()
    }
}

/// An audit that looks at a finding again.
#[derive(Debug, Clone, PartialEq)]
pub struct FollowUp {
    pub audit: Audit,
    pub finding: i64,
}

/// The audits that look again at the major nonconformities: each in the month after its action is due,
/// as one more of that month. `planned` are those that are there.
pub fn follow_ups(
    findings: &[Finding],
    actions: &BTreeMap<i64, Action>,
    planned: &[Audit],
    today: NaiveDate,
) -> Vec<FollowUp> {
    let mut names: Vec<AuditName> = planned.iter().map(Audit::name).collect();
    let major = findings
        .iter()
        .filter(|finding| finding.grade == Grade::Major && finding.state == FindingState::Final);
    let mut found = Vec::new();
    for finding in major {
        let action = finding.action.and_then(|number| actions.get(&number));
        let due = action.map_or(today, |action| action.due.max(today));
        let month = due + Months::new(1);
        let (year, month) = (month.year(), month.month());
        let same = names
            .iter()
            .filter(|name| (name.year, name.month) == (year, month));
        // The first of a month is the one that is planned with the year.
        let nth = same.map(|name| name.nth).max().unwrap_or(1).max(1) + 1;
        let audit = Audit {
            year,
            month,
            nth,
            topic: format!("Follow-up of {}", finding.name()),
            scope: vec![finding.requirement.to_string()],
            auditor: None,
            state: State::Planned,
            started_on: None,
            finished_on: None,
            conclusion: None,
        };
        names.push(audit.name());
        found.push(FollowUp {
            audit,
            finding: finding.number,
        });
    }
    found
}

/// A report as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    pub audit: AuditName,
    /// How it came out, in a sentence or two.
    pub summary: String,
    pub pdf: FileRef,
    pub markdown: FileRef,
    pub by: Uuid,
    pub at: DateTime<Utc>,
}

/// All that a report tells.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// As it is once it has ended.
    pub audit: Audit,
    pub standing: Standing,
    pub competence: Vec<Competence>,
    pub items: Vec<Item>,
    /// Of this audit, without those that were taken back.
    pub findings: Vec<Finding>,
    /// Nonconformities of other audits, at what was audited here.
    pub earlier: Vec<Finding>,
    /// Those of them for whose sake this audit was planned.
    pub looked_at_again: Vec<i64>,
    /// Of all these findings.
    pub actions: BTreeMap<i64, Action>,
    pub follow_ups: Vec<FollowUp>,
    /// The audits of the year, with this one as it is now.
    pub programme: Vec<Audit>,
    /// What the audits of the year are to reach, and how.
    pub aims: Aims,
    /// Why the year's programme does not stand.
    pub doubt: Option<Text>,
    pub areas: Vec<Area>,
}

impl Told {
    pub fn item(&self, reference: &str) -> Option<&Item> {
        let mut items = self.items.iter();
        items.find(|item| item.requirement.as_str() == reference)
    }

    /// How many requirements of the scope came to this.
    pub fn count(&self, result: ItemResult) -> usize {
        let scope = self.audit.scope.iter();
        let results = scope.filter_map(|reference| self.item(reference));
        results.filter(|item| item.result == result).count()
    }

    pub fn graded(&self, grade: Grade) -> impl Iterator<Item = &Finding> {
        self.findings
            .iter()
            .filter(move |finding| finding.grade == grade)
    }

    pub fn action(&self, finding: &Finding) -> Option<&Action> {
        self.actions.get(&finding.action?)
    }

    /// Who answers for what was audited.
    pub fn auditees(&self) -> BTreeSet<Uuid> {
        let scope = self.audit.scope.iter();
        scope
            .filter_map(|reference| owner_of(&self.areas, reference))
            .collect()
    }

    /// How it came out, in a sentence or two.
    pub fn summary(&self) -> String {
        let looked = self.count(ItemResult::Conforms) + self.count(ItemResult::DoesNotConform);
        let mut results = format!(
            "{looked} of {} clauses and controls were tested: {}",
            self.audit.scope.len(),
            conformity(
                self.count(ItemResult::Conforms),
                self.count(ItemResult::DoesNotConform),
            ),
        );
        for (result, words) in [
            (ItemResult::NotApplicable, "not applicable"),
            (ItemResult::NotTested, "not tested"),
        ] {
            if let count @ 1.. = self.count(result) {
                results.push_str(&format!(", {count} {words}"));
            }
        }
        let count = |grade: Grade, one: &str, many: &str| match self.graded(grade).count() {
            0 => format!("no {one}"),
            1 => format!("1 {one}"),
            n => format!("{n} {many}"),
        };
        let found = [
            count(Grade::Major, "major nonconformity", "major nonconformities"),
            count(Grade::Minor, "minor nonconformity", "minor nonconformities"),
            count(
                Grade::Opportunity,
                "opportunity for improvement",
                "opportunities for improvement",
            ),
        ];
        let [major, minor, opportunity] = found;
        format!("{results}. Found: {major}, {minor} and {opportunity}.")
    }
}
