//! What lets an audit end, walked by chance.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate};
use proptest::prelude::*;
use strum::IntoEnumIterator as _;
use uuid::Uuid;

use super::rules::*;
use crate::action::choice::Severity;
use crate::action::rules::Action;
use crate::action::rules::tests::raised;
use crate::audit::checklist::rules::{Item, ItemResult, Sample};
use crate::audit::finding::rules::{Finding, Grade, State};
use crate::audit::rules::{Audit, plan_year};
use crate::command::value::AuditName;

const AUDIT: AuditName = AuditName {
    year: 2027,
    month: 3,
    nth: 1,
};

fn item(reference: &str, result: ItemResult, note: Option<&str>) -> Item {
    Item {
        audit: AUDIT,
        requirement: reference.parse().unwrap(),
        result,
        methods: Vec::new(),
        sample: Sample::default(),
        evidence: None,
        evidence_file: None,
        note: note.map(str::to_owned),
        by: Uuid::nil(),
        at: DateTime::UNIX_EPOCH,
        version: 1,
    }
}

fn finding(number: i64, grade: Grade, state: State) -> Finding {
    Finding {
        number,
        audit: AUDIT,
        requirement: "7.2".parse().unwrap(),
        grade,
        statement: "It is not so".into(),
        evidence: None,
        evidence_file: None,
        state,
        action: None,
        by: Uuid::nil(),
        at: DateTime::UNIX_EPOCH,
        answer_by: None,
        answer: None,
        decision: None,
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// What may be put down for a requirement: nothing, or a result with or without a word.
fn put_down() -> impl Strategy<Value = Option<(ItemResult, Option<&'static str>)>> {
    let results: Vec<ItemResult> = ItemResult::iter().collect();
    let notes = prop::sample::select(vec![None, Some(""), Some("  "), Some("Moved to June")]);
    prop::option::weighted(0.8, (prop::sample::select(results), notes))
}

proptest! {
    /// An audit ends when all of its scope was looked at or it is said why not, and all findings are
    /// decided; and what is missing is named, and nothing else.
    #[test]
    fn an_audit_ends_when_nothing_is_missing(
        downs in prop::collection::vec(put_down(), 3),
        states in prop::collection::vec(
            prop::sample::select(vec![State::Draft, State::Disputed, State::Final, State::Withdrawn]),
            0..4,
        ),
    ) {
        let scope: Vec<String> = ["7.1", "7.2", "7.3"].map(str::to_owned).to_vec();
        let items: Vec<Item> = scope.iter().zip(&downs)
            .filter_map(|(one, down)| down.map(|(result, note)| item(one, result, note)))
            .collect();
        let findings: Vec<Finding> = (1..).zip(&states)
            .map(|(number, state)| finding(number, Grade::Minor, *state))
            .collect();
        let gaps = Gaps::of(&scope, &items, &findings);
        let looked = |down: &Option<(ItemResult, Option<&str>)>| match down {
            None => false,
            Some((ItemResult::Conforms | ItemResult::DoesNotConform, _)) => true,
            Some((_, note)) => note.is_some_and(|note| !note.trim().is_empty()),
        };
        let decided = |state: &State| !matches!(state, State::Draft | State::Disputed);
        let ends = downs.iter().all(looked) && states.iter().all(decided);
        prop_assert_eq!(gaps.is_empty(), ends);
        let missing = downs.iter().filter(|down| !looked(down)).count();
        prop_assert_eq!(gaps.open.len() + gaps.unexplained.len(), missing);
        prop_assert_eq!(gaps.undecided.len(), states.iter().filter(|state| !decided(state)).count());
    }

    /// Each major nonconformity that stands is looked at again, later, by an audit of its own that is
    /// none of the year's twelve.
    #[test]
    fn each_major_nonconformity_is_looked_at_again(
        found in prop::collection::vec((0usize..4, 0usize..4), 0..6), month in 1u32..13,
    ) {
        let grades: Vec<Grade> = Grade::iter().collect();
        let states = [State::Draft, State::Disputed, State::Final, State::Withdrawn];
        let findings: Vec<Finding> = (1..).zip(&found)
            .map(|(number, (grade, state))| finding(number, grades[*grade], states[*state]))
            .collect();
        let today = NaiveDate::from_ymd_opt(2027, month, 15).unwrap();
        let mut planned = plan_year(2027);
        let planned_again = follow_ups(&findings, &BTreeMap::new(), &planned, today);
        let of: Vec<i64> = planned_again.iter().map(|one| one.finding).collect();
        let expected: Vec<i64> = findings.iter()
            .filter(|one| one.grade == Grade::Major && one.state == State::Final)
            .map(|one| one.number)
            .collect();
        prop_assert_eq!(of, expected);
        for one in planned_again {
            prop_assert!(one.audit.nth > 1);
            prop_assert!(one.audit.last_day().unwrap() > today);
            prop_assert!(planned.iter().all(|other| other.name() != one.audit.name()));
            prop_assert_eq!(&one.audit.scope, &["7.2".to_owned()]);
            planned.push(one.audit);
        }
    }
}

#[test]
fn a_follow_up_is_in_the_month_after_its_action_is_due_even_in_the_next_year() {
    let mut major = finding(7, Grade::Major, State::Final);
    major.action = Some(3);
    let names = |due: &str, planned: &[Audit]| {
        let action = Action {
            due: day(due),
            ..raised(Severity::Minor)
        };
        let actions = BTreeMap::from([(3, action)]);
        let found = follow_ups(
            std::slice::from_ref(&major),
            &actions,
            planned,
            day("2027-03-15"),
        );
        found[0].audit.name().to_string()
    };
    assert_eq!(names("2027-04-30", &plan_year(2027)), "AUD-2027-05-2");
    // Next year is not planned yet: its own audit of January is to come.
    assert_eq!(names("2027-12-05", &plan_year(2027)), "AUD-2028-01-2");
    // An action that is overdue already is looked at next month.
    assert_eq!(names("2027-01-31", &plan_year(2027)), "AUD-2027-04-2");
}
