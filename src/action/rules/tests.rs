use proptest::prelude::*;

use super::*;
use crate::action::cause::{Analysis, Words};
use crate::action::check::{Finish, Outcome};
use crate::action::choice::Effectiveness;
use crate::action::steps::Planned;
use crate::command::value::Prose;

pub const OWNER: Uuid = Uuid::from_u128(1);
pub const OTHER: Uuid = Uuid::from_u128(2);

pub fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn act(by: Uuid, today: &str) -> Act {
    on(by, date(today))
}

fn on(by: Uuid, today: NaiveDate) -> Act {
    let at = today.and_hms_opt(9, 0, 0).unwrap().and_utc();
    Act { by, at, today }
}

/// CA-12 of the owner, due on 30 November 2026.
pub fn raised(severity: Severity) -> Action {
    Action {
        number: 12,
        title: "Patch the VPN".to_owned(),
        source: Source::ByHand,
        severity,
        state: State::Raised,
        control: None,
        link: None,
        owner: Some(OWNER),
        due: date("2026-11-30"),
        extensions: 0,
        whys: Vec::new(),
        cause: None,
        similar: None,
        similar_where: None,
        plan: None,
        criterion: None,
        evidence: None,
        evidence_file: None,
        raised_by: OTHER,
        raised_at: act(OTHER, "2026-11-01").at,
        done_by: None,
        done_at: None,
        check_on: None,
        verifier: None,
        verified_by: None,
        verified_at: None,
        repeats: None,
        round: 1,
    }
}

pub fn case(severity: Severity) -> Case {
    Case {
        action: raised(severity),
        steps: Vec::new(),
        rounds: Vec::new(),
    }
}

fn finish() -> Finish {
    Finish {
        evidence: "seen".to_owned(),
        file: None,
        check_on: None,
        verifier: None,
    }
}

/// A minor nonconformity that its owner finished on 20 November 2026.
pub fn finished() -> Case {
    let mut case = case(Severity::Minor);
    case.action.cause = Some("nobody owned it".to_owned());
    case.action.plan = Some("an owner".to_owned());
    case.action.criterion = Some("three clean scans".to_owned());
    case.finish(act(OWNER, "2026-11-20"), finish()).unwrap();
    case
}

#[test]
fn a_nonconformity_is_not_done_without_cause_plan_criterion_and_its_steps() {
    let mut case = case(Severity::Minor);
    let lacks = |case: &mut Case| {
        let error = case.finish(act(OWNER, "2026-11-20"), finish());
        error.unwrap_err()
    };
    assert_eq!(lacks(&mut case).field, Some("cause"));
    case.action.cause = Some("nobody owned it".to_owned());
    assert_eq!(lacks(&mut case).field, Some("plan"));
    case.action.plan = Some("an owner".to_owned());
    assert_eq!(lacks(&mut case).field, Some("criterion"));
    case.action.criterion = Some("three clean scans".to_owned());
    let step = Planned {
        what: "name an owner".to_owned(),
        owner: None,
        due: None,
    };
    case.plan_step(act(OWNER, "2026-11-02"), step).unwrap();
    let error = lacks(&mut case);
    assert!(
        error
            .text
            .starts_with("Step 1 of CA-12 is not done yet: name an owner.")
    );
    assert_eq!(error.buttons[0].command, "action step-done CA-12 1");
    case.finish_step(act(OWNER, "2026-11-03"), 1, None).unwrap();
    case.finish(act(OWNER, "2026-11-20"), finish()).unwrap();
}

#[test]
fn an_opportunity_may_skip_the_cause() {
    let mut case = case(Severity::Opportunity);
    case.finish(act(OWNER, "2026-11-20"), finish()).unwrap();
    let action = &case.action;
    assert_eq!(
        (action.state, action.check_on),
        (State::Done, Some(date("2026-11-20")))
    );
}

#[test]
fn one_step_is_the_right_one_next() {
    let mut case = case(Severity::Minor);
    assert_eq!(case.next(), Next::Analyse);
    case.action.cause = Some("nobody owned it".to_owned());
    assert_eq!(case.next(), Next::Plan);
    case.action.plan = Some("an owner".to_owned());
    case.action.criterion = Some("three clean scans".to_owned());
    assert_eq!(case.next(), Next::Finish);
    case.action.owner = None;
    assert_eq!(case.next(), Next::Assign);
    assert_eq!(finished().next(), Next::Verify);
}

#[test]
fn it_is_not_effective_before_its_check_date_nor_by_its_owner() {
    let mut case = finished();
    assert_eq!(case.action.check_on, Some(date("2027-01-19")));
    let effective = (Effectiveness::Effective, "five sampled");
    let early = case
        .verify(act(OTHER, "2027-01-18"), effective)
        .unwrap_err();
    assert_eq!(early.field, Some("result"));
    let own = case
        .verify(act(OWNER, "2027-01-19"), effective)
        .unwrap_err();
    assert_eq!(own.buttons[0].command, "action verifier CA-12");
    case.verify(act(OTHER, "2027-01-19"), effective).unwrap();
    assert_eq!(
        (case.action.state, case.action.verified_by),
        (State::Effective, Some(OTHER))
    );
}

#[test]
fn the_owner_is_not_named_to_look_whether_it_worked() {
    let mut case = finished();
    let own = case.name_verifier(act(OTHER, "2026-11-21"), (OWNER, None));
    assert_eq!(own.unwrap_err().field, Some("verifier"));
    let later = Some(date("2026-12-24"));
    case.name_verifier(act(OTHER, "2026-11-21"), (OTHER, later))
        .unwrap();
    assert_eq!(
        (case.action.verifier, case.action.check_on),
        (Some(OTHER), later)
    );
}

#[test]
fn what_did_not_work_is_opened_again_without_its_cause_and_what_was_tried_is_kept() {
    let mut case = finished();
    let ineffective = (Effectiveness::Ineffective, "two still old");
    case.verify(act(OTHER, "2026-12-01"), ineffective).unwrap();
    let action = &case.action;
    assert_eq!((action.state, action.round), (State::Reopened, 2));
    assert_eq!(
        (&action.cause, &action.plan, &action.evidence),
        (&None, &None, &None)
    );
    assert!(action.criterion.is_some(), "it is still seen by the same");
    assert!(action.due >= date("2026-12-01"));
    let [round] = &case.rounds[..] else {
        panic!("one round");
    };
    assert_eq!(round.cause.as_deref(), Some("nobody owned it"));
    assert_eq!((round.number, round.outcome), (1, Outcome::Ineffective));
    assert_eq!(case.next(), Next::Analyse);
}

#[test]
fn what_is_opened_again_by_hand_keeps_its_cause_and_needs_new_evidence() {
    let mut case = finished();
    case.reopen(act(OTHER, "2026-11-21"), "said too early")
        .unwrap();
    assert!(case.action.cause.is_some() && case.action.evidence.is_none());
    assert_eq!(case.rounds[0].outcome, Outcome::Reopened);
    let twice = case.reopen(act(OTHER, "2026-11-21"), "again").unwrap_err();
    assert_eq!(twice.field, None);
}

#[test]
fn an_extension_is_later_and_counted() {
    let mut action = raised(Severity::Minor);
    assert_eq!(
        action.extend(date("2026-11-30")).unwrap_err().field,
        Some("due")
    );
    action.extend(date("2026-12-01")).unwrap();
    assert_eq!((action.due, action.extensions), (date("2026-12-01"), 1));
}

#[test]
fn what_is_closed_changes_only_by_being_reopened() {
    let mut action = finished().action;
    let changes = [
        action.update(Words::default()),
        action.assign(OTHER),
        action.cancel(),
    ];
    for error in changes {
        assert_eq!(error.unwrap_err().buttons[0].command, "action reopen CA-12");
    }
}

/// All that can be done to an action.
#[derive(Debug, Clone)]
enum Deed {
    Analyse,
    Explain(bool, bool, bool),
    Assign(u8),
    Extend(u8),
    Step,
    FinishStep(i64),
    Finish(Option<u8>, Option<u8>),
    Verifier(u8, Option<u8>),
    Verify(Effectiveness),
    Reopen,
    Cancel,
}

fn deeds() -> impl Strategy<Value = Deed> {
    let result = prop_oneof![
        Just(Effectiveness::Effective),
        Just(Effectiveness::Ineffective)
    ];
    prop_oneof![
        2 => Just(Deed::Analyse),
        2 => any::<(bool, bool, bool)>().prop_map(|(c, p, s)| Deed::Explain(c, p, s)),
        1 => (0..3u8).prop_map(Deed::Assign),
        1 => (0..90u8).prop_map(Deed::Extend),
        1 => Just(Deed::Step),
        2 => (1..4i64).prop_map(Deed::FinishStep),
        4 => any::<(Option<u8>, Option<u8>)>().prop_map(|(c, v)| Deed::Finish(c, v)),
        1 => any::<(u8, Option<u8>)>().prop_map(|(v, c)| Deed::Verifier(v % 3, c)),
        6 => result.prop_map(Deed::Verify),
        1 => Just(Deed::Reopen),
        1 => Just(Deed::Cancel),
    ]
}

fn person(number: u8) -> Uuid {
    Uuid::from_u128(u128::from(number % 3) + 1)
}

impl Deed {
    fn done_to(&self, case: &mut Case, act: Act) -> Result<(), UserError> {
        let said = |yes: bool| yes.then(|| Prose("said".to_owned()));
        let later = |days: &u8| act.today + TimeDelta::days(i64::from(*days));
        match self {
            Deed::Analyse => case.action.analyse(Analysis {
                whys: vec!["nobody owned it".to_owned()],
                cause: "nobody owned it".to_owned(),
                similar: Similar::No,
                similar_where: None,
            }),
            Deed::Explain(cause, plan, criterion) => case.action.update(Words {
                cause: said(*cause),
                plan: said(*plan),
                criterion: said(*criterion),
            }),
            Deed::Assign(who) => case.action.assign(person(*who)),
            Deed::Extend(days) => case.action.extend(later(days)),
            Deed::Step => {
                let planned = Planned {
                    what: "patch".to_owned(),
                    owner: None,
                    due: None,
                };
                case.plan_step(act, planned).map(drop)
            }
            Deed::FinishStep(number) => case.finish_step(act, *number, None),
            Deed::Finish(check, verifier) => case.finish(
                act,
                Finish {
                    check_on: check.as_ref().map(later),
                    verifier: verifier.map(person),
                    ..finish()
                },
            ),
            Deed::Verifier(who, check) => {
                case.name_verifier(act, (person(*who), check.as_ref().map(later)))
            }
            Deed::Verify(result) => case.verify(act, (*result, "seen")),
            Deed::Reopen => case.reopen(act, "again"),
            Deed::Cancel => case.action.cancel(),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn nothing_becomes_effective_without_cause_evidence_another_person_and_the_date(
        severity in prop_oneof![
            Just(Severity::Major), Just(Severity::Minor), Just(Severity::Opportunity)
        ],
        said in prop::collection::vec((deeds(), 0..3u8, 0..40i64), 1..60),
    ) {
        let mut case = case(severity);
        let mut today = date("2026-11-01");
        for (deed, who, days) in said {
            today += TimeDelta::days(days);
            let act = on(person(who), today);
            let before = case.clone();
            if deed.done_to(&mut case, act).is_err() {
                prop_assert_eq!(&case, &before, "a refusal changes nothing");
            }
            let action = &case.action;
            if action.state != State::Effective || before.action.state == State::Effective {
                continue;
            }
            prop_assert!(action.evidence.is_some());
            if severity.is_nonconformity() {
                prop_assert!(action.cause.is_some() && action.plan.is_some());
                prop_assert!(action.criterion.is_some());
            }
            prop_assert!(case.open_steps().next().is_none());
            prop_assert_eq!(action.verified_by, Some(act.by));
            prop_assert_ne!(action.verified_by, action.owner);
            prop_assert_ne!(action.verified_by, action.done_by);
            prop_assert!(action.check_on.is_some_and(|on| on <= today));
            prop_assert!(action.done_at.is_some_and(|done| done <= act.at));
            prop_assert_eq!(case.rounds.len() as i64 + 1, action.round);
        }
    }
}
