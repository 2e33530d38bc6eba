use super::*;
use crate::people::RoleFrom;

const ANN: Uuid = Uuid::from_u128(1);
const BOB: Uuid = Uuid::from_u128(2);
const MIA: Uuid = Uuid::from_u128(3);
const LEA: Uuid = Uuid::from_u128(4);

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn people() -> People {
    let roles = [
        (ANN, Role::Member),
        (BOB, Role::Member),
        (MIA, Role::Manager),
        (LEA, Role::Leader),
    ];
    let person = |(id, role): (Uuid, Role)| Person {
        id,
        external: id.to_string(),
        name: id.to_string(),
        zone: None,
        role,
        role_from: RoleFrom::Grant,
        present: true,
    };
    People(roles.map(person).to_vec())
}

fn away(person: Uuid, deputy: Option<Uuid>) -> Absence {
    Absence {
        person,
        from: day("2026-11-23"),
        until: day("2026-11-27"),
        deputy,
        reason: None,
    }
}

#[test]
fn an_absence_ends_on_the_day_of_return() {
    let absence = away(ANN, Some(BOB));
    let days = ["2026-11-22", "2026-11-23", "2026-11-26", "2026-11-27"];
    assert_eq!(
        days.map(|text| absence.holds(day(text))),
        [false, true, true, false]
    );
}

#[test]
fn the_deputy_is_asked_and_then_the_managers_and_then_the_leaders_but_never_the_absent() {
    let today = day("2026-11-24");
    let mut people = people();
    let mut absences = Absences(vec![away(ANN, Some(BOB))]);
    assert_eq!(absences.receivers(BOB, today, &people), [BOB]);
    assert_eq!(absences.receivers(ANN, today, &people), [BOB]);
    assert_eq!(absences.instead(BOB, today, &people)[0].person, ANN);
    absences.0.push(away(BOB, Some(ANN)));
    assert_eq!(absences.receivers(ANN, today, &people), [MIA]);
    assert_eq!(absences.instead(MIA, today, &people).len(), 2);
    absences.0.push(away(MIA, None));
    assert_eq!(absences.receivers(ANN, today, &people), [LEA]);
    people.0[3].present = false;
    assert!(absences.receivers(ANN, today, &people).is_empty());
    assert_eq!(absences.receivers(ANN, day("2026-11-27"), &people), [ANN]);
}

#[test]
fn a_deputy_who_left_is_not_asked() {
    let mut people = people();
    people.0[1].present = false;
    let absences = Absences(vec![away(ANN, Some(BOB))]);
    assert_eq!(absences.receivers(ANN, day("2026-11-24"), &people), [MIA]);
}

#[test]
fn whom_a_trouble_is_about_is_not_told_of_it() {
    let people = people();
    assert_eq!(in_charge(&people, None), [MIA]);
    assert!(in_charge(&people, Some(MIA)).is_empty());
}

#[test]
fn a_trouble_is_told_once_until_it_is_mended_and_a_refusal_once_in_thirty_days() {
    let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().to_utc();
    let archived = || Trouble::Channel {
        channel: "C1".into(),
        why: "channel-archived".into(),
    };
    let mut kept = Kept::after(None, archived(), at("2026-11-23T09:00:00Z"));
    assert!(kept.is_to_be_told());
    kept.told = Some(kept.first);
    let mut again = Kept::after(Some(kept), archived(), at("2027-03-23T09:00:00Z"));
    assert!(!again.is_to_be_told());
    assert_eq!(again.times, 2);
    again.cleared = Some(again.last);
    let anew = Kept::after(Some(again), archived(), at("2027-03-24T09:00:00Z"));
    assert!(anew.is_to_be_told());

    let denied = || Trouble::Denied {
        person: ANN,
        command: "audit plan".into(),
    };
    let mut kept = Kept::after(None, denied(), at("2026-11-01T09:00:00Z"));
    kept.told = Some(kept.first);
    let soon = Kept::after(Some(kept.clone()), denied(), at("2026-11-30T09:00:00Z"));
    assert!(!soon.is_to_be_told());
    let later = Kept::after(Some(kept), denied(), at("2026-12-01T09:00:00Z"));
    assert!(later.is_to_be_told());
}

#[test]
fn a_refused_token_is_told_when_it_works_again() {
    let mut kept = Kept::after(None, Trouble::Token, DateTime::UNIX_EPOCH);
    assert!(!kept.is_to_be_told());
    kept.cleared = Some(DateTime::UNIX_EPOCH);
    assert!(kept.is_to_be_told());
}

#[test]
fn a_code_is_made_of_letters_that_are_not_mistaken_for_one_another() {
    let code = code_of(0..=255).unwrap();
    assert_eq!(code, "ABCDEFGHJK");
    assert_eq!(
        code_of([255; 64]),
        None,
        "each letter is as likely as another"
    );
    assert_eq!(code_shown(&code), "ABCDE-FGHJK");
    assert_eq!(code_typed(" abcde-fghjk "), code);
    assert!(!LETTERS.iter().any(|letter| b"ILOU01".contains(letter)));
}
