use proptest::prelude::*;

use super::*;
use crate::schedule::rules::MONDAY_TO_FRIDAY;

const AUDITOR: Uuid = Uuid::from_u128(1);
const OWNER: Uuid = Uuid::from_u128(2);

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn finding(grade: Grade) -> Finding {
    let mut finding = Finding {
        number: 7,
        audit: "AUD-2027-03".parse().unwrap(),
        requirement: "A.6.5".parse().unwrap(),
        grade,
        statement: "Two of ten leavers kept their badge".into(),
        evidence: Some("Badge list of 1 March".into()),
        evidence_file: None,
        state: State::Draft,
        action: None,
        by: AUDITOR,
        at: DateTime::UNIX_EPOCH,
        answer_by: None,
        answer: None,
        decision: None,
    };
    finding.show(date("2027-03-16"));
    finding
}

fn answer(by: Uuid) -> Answer {
    Answer {
        by,
        at: DateTime::UNIX_EPOCH,
        reason: Some("They have returned them".into()),
    }
}

fn decision(by: Uuid) -> Decision {
    Decision {
        by,
        at: DateTime::UNIX_EPOCH,
        reason: "Seen again".into(),
    }
}

#[test]
fn ten_working_days_are_two_weeks() {
    let day = answer_day(date("2027-03-02"), MONDAY_TO_FRIDAY);
    assert_eq!(day, date("2027-03-16"));
    // From a Saturday on the Monday is the first of them.
    let day = answer_day(date("2027-03-06"), MONDAY_TO_FRIDAY);
    assert_eq!(day, date("2027-03-19"));
}

#[test]
fn a_draft_is_upheld_when_it_is_disputed_or_its_time_is_over_or_nobody_is_asked() {
    let uphold = |today: &str, is_asked, disputed: bool| {
        let mut finding = finding(Grade::Minor);
        if disputed {
            finding.dispute(answer(OWNER)).unwrap();
        }
        finding
            .uphold(decision(AUDITOR), (date(today), is_asked))
            .is_ok()
    };
    assert!(!uphold("2027-03-16", true, false));
    assert!(uphold("2027-03-17", true, false));
    assert!(uphold("2027-03-02", true, true));
    assert!(uphold("2027-03-02", false, false));
}

#[test]
fn nobody_answers_their_own_finding_nor_decides_about_their_own_dispute() {
    let mut own = finding(Grade::Minor);
    assert!(own.accept(&answer(AUDITOR)).is_err());
    assert!(own.dispute(answer(AUDITOR)).is_err());
    own.dispute(answer(OWNER)).unwrap();
    let today = date("2027-04-01");
    assert!(own.uphold(decision(OWNER), (today, true)).is_err());
    assert!(own.withdraw(decision(OWNER), true).is_err());
    assert!(own.withdraw(decision(AUDITOR), true).is_ok());
}

#[test]
fn a_nonconformity_needs_evidence_and_what_conforms_needs_no_answer() {
    let mut bare = finding(Grade::Major);
    bare.evidence = None;
    assert_eq!(bare.must_be_shown().unwrap_err().field, Some("evidence"));
    bare.grade = Grade::Opportunity;
    assert!(bare.must_be_shown().is_ok());
    let note = finding(Grade::Conforming);
    assert_eq!((note.state, note.answer_by), (State::Final, None));
}

#[test]
fn what_is_amended_is_asked_about_anew() {
    let mut finding = finding(Grade::Major);
    finding.dispute(answer(OWNER)).unwrap();
    let same = Amended::default();
    assert!(
        finding
            .clone()
            .amend(same, decision(AUDITOR), date("2027-04-01"))
            .is_err()
    );
    let words = Amended {
        grade: Some(Grade::Minor),
        ..Amended::default()
    };
    finding
        .amend(words, decision(AUDITOR), date("2027-04-01"))
        .unwrap();
    assert_eq!(finding.state, State::Draft);
    assert_eq!(finding.answer_by, Some(date("2027-04-01")));
    assert_eq!(finding.answer, None);
}

proptest! {
    /// Whatever is tried in whichever order: what is withdrawn stays so, and a final nonconformity was
    /// accepted by another than its auditor or upheld with a reason.
    #[test]
    fn no_order_of_acts_makes_a_finding_final_by_its_auditor_alone(
        acts in proptest::collection::vec((0..5usize, any::<bool>(), 0..30i64), 1..12),
    ) {
        let mut finding = finding(Grade::Minor);
        for (act, by_owner, days) in acts {
            let before = finding.clone();
            let by = if by_owner { OWNER } else { AUDITOR };
            let today = date("2027-03-02") + chrono::TimeDelta::days(days);
            let done = match act {
                0 => finding.accept(&answer(by)),
                1 => finding.dispute(answer(by)),
                2 => finding.uphold(decision(by), (today, true)),
                3 => {
                    let words = Amended { statement: Some(format!("{days}")), ..Amended::default() };
                    finding.amend(words, decision(by), today)
                }
                _ => finding.withdraw(decision(by), true),
            };
            if done.is_err() {
                prop_assert_eq!(&finding, &before, "a refusal changes nothing");
            }
            if before.state == State::Withdrawn {
                prop_assert!(done.is_err());
            }
            if finding.state == State::Final {
                let accepted = finding.answer.as_ref().is_some_and(|a| a.by != AUDITOR && a.reason.is_none());
                prop_assert!(accepted || finding.decision.is_some());
            }
            if finding.state == State::Draft {
                prop_assert!(finding.answer_by.is_some());
            }
        }
    }
}
