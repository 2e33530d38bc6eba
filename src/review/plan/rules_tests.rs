use proptest::prelude::*;

use super::*;
use crate::schedule::rules::MONDAY_TO_FRIDAY;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn review(name: &str, on: &str, state: State) -> Review {
    Review {
        state,
        ..Review::new(name.parse().unwrap(), "Review".into(), day(on))
    }
}

fn moved(was: &str, now: Option<&str>) -> Change {
    Change {
        number: 1,
        was_on: day(was),
        now_on: now.map(day),
        reason: "The chair is away".into(),
        by: Uuid::nil(),
        at: DateTime::UNIX_EPOCH,
    }
}

fn told(reviews: &[Review], changes: &[(&str, Change)], today: &str) -> Vec<Lapse> {
    let mut all: BTreeMap<ReviewName, Vec<Change>> = BTreeMap::new();
    for (name, change) in changes {
        all.entry(name.parse().unwrap())
            .or_default()
            .push(change.clone());
    }
    lapses(reviews, &all, (Rhythm::Quarterly, day(today)))
}

#[test]
fn the_first_review_is_late_in_its_stretch_and_leaves_time_for_the_inputs() {
    let first = |rhythm, today| first_day(rhythm, day(today), MONDAY_TO_FRIDAY).to_string();
    assert_eq!(first(Rhythm::Quarterly, "2026-11-23"), "2026-12-15");
    // The 15th is less than three weeks away.
    assert_eq!(first(Rhythm::Quarterly, "2026-12-01"), "2027-03-15");
    assert_eq!(first(Rhythm::Yearly, "2026-12-01"), "2027-12-15");
    // A Saturday: the day before. A Sunday: the day after.
    assert_eq!(first(Rhythm::HalfYearly, "2024-04-01"), "2024-06-14");
    assert_eq!(first(Rhythm::Quarterly, "2024-08-01"), "2024-09-16");
}

#[test]
fn the_next_review_is_a_stretch_later_also_from_a_leap_day() {
    let next = |rhythm, last, today| {
        day_after(rhythm, day(last), (day(today), MONDAY_TO_FRIDAY)).to_string()
    };
    assert_eq!(
        next(Rhythm::Quarterly, "2026-12-15", "2026-12-16"),
        "2027-03-15"
    );
    assert_eq!(
        next(Rhythm::Yearly, "2028-02-29", "2028-03-01"),
        "2029-02-28"
    );
    assert_eq!(
        next(Rhythm::Quarterly, "2027-11-29", "2027-11-30"),
        "2028-02-29"
    );
    // After a year in which nothing ran, what is past is not planned any more.
    assert_eq!(
        next(Rhythm::Quarterly, "2026-12-15", "2028-01-10"),
        "2028-03-15"
    );
}

#[test]
fn a_meeting_begins_by_the_clocks_of_its_day_also_where_they_change() {
    let zone = chrono_tz::Europe::Berlin;
    let begins = |on: &str, at: &str| {
        let meeting = Review {
            starts: Some(at.parse().unwrap()),
            minutes: 90,
            ..review("MR-2027-Q1", on, State::Scheduled)
        };
        let (begins, ends) = meeting.instants(zone).unwrap();
        assert_eq!(ends - begins, TimeDelta::minutes(90));
        begins.to_rfc3339()
    };
    assert_eq!(
        begins("2027-03-27", "10:00:00"),
        "2027-03-27T09:00:00+00:00"
    );
    assert_eq!(
        begins("2027-03-28", "10:00:00"),
        "2027-03-28T08:00:00+00:00"
    );
    // No clock shows 02:30 on that day.
    assert_eq!(
        begins("2027-03-28", "02:30:00"),
        "2027-03-28T01:00:00+00:00"
    );
}

#[test]
fn what_was_not_held_on_its_day_is_late_until_it_is() {
    let mut held = review("MR-2026-Q4", "2026-12-15", State::Scheduled);
    assert_eq!(told(&[held.clone()], &[], "2026-12-15"), []);
    let late = Lapse::Late {
        review: held.name,
        on: held.on,
    };
    // Also after its quarter is over: it is told once.
    for today in ["2026-12-16", "2027-01-20"] {
        let told = told(std::slice::from_ref(&held), &[], today);
        assert_eq!(told, std::slice::from_ref(&late));
    }
    held.state = State::Finished;
    assert_eq!(told(&[held], &[], "2026-12-16"), []);
}

#[test]
fn a_quarter_without_a_review_was_skipped_and_says_what_was_cancelled() {
    let held = review("MR-2026-Q2", "2026-06-15", State::Finished);
    let off = review("MR-2026-Q3", "2026-09-15", State::Cancelled);
    let next = review("MR-2027-Q1", "2027-03-15", State::Scheduled);
    let skipped = |end: &str, stretch: &str, cancelled: Option<&str>| Lapse::Skipped {
        end: day(end),
        stretch: stretch.into(),
        cancelled: cancelled.map(|name| name.parse().unwrap()),
    };
    let reviews = [held, off, next];
    assert_eq!(told(&reviews, &[], "2026-09-30"), []);
    assert_eq!(
        told(&reviews, &[], "2026-10-01"),
        [skipped("2026-09-30", "2026-Q3", Some("MR-2026-Q3"))]
    );
    let both = [
        skipped("2026-09-30", "2026-Q3", Some("MR-2026-Q3")),
        skipped("2026-12-31", "2026-Q4", None),
    ];
    assert_eq!(told(&reviews, &[], "2027-01-01"), both);
    assert_eq!(told(&[], &[], "2027-01-01"), []);
}

#[test]
fn a_review_that_was_moved_out_of_its_quarter_is_told_as_postponed_and_not_as_skipped() {
    let held = review("MR-2026-Q4", "2027-01-12", State::Finished);
    let change = ("MR-2026-Q4", moved("2026-12-15", Some("2027-01-12")));
    let postponed = Lapse::Postponed {
        review: held.name,
        planned: day("2026-12-15"),
        on: held.on,
    };
    assert_eq!(
        told(
            std::slice::from_ref(&held),
            std::slice::from_ref(&change),
            "2027-02-01"
        ),
        [postponed]
    );
    // Within its quarter it may be moved.
    let within = review("MR-2026-Q4", "2026-12-20", State::Finished);
    let change = ("MR-2026-Q4", moved("2026-12-15", Some("2026-12-20")));
    assert_eq!(told(&[within], &[change], "2026-12-31"), []);
}

#[test]
fn only_what_is_planned_is_moved_or_cancelled() {
    let name = "MR-2026-Q4";
    let mut planned = review(name, "2026-12-15", State::Scheduled);
    assert!(planned.move_to(day("2026-12-15"), None).is_err());
    planned.move_to(day("2026-12-17"), None).unwrap();
    planned
        .move_to(day("2026-12-17"), NaiveTime::from_hms_opt(9, 0, 0))
        .unwrap();
    planned.cancel().unwrap();
    assert_eq!((planned.sequence, planned.state), (3, State::Cancelled));
    for state in [State::Started, State::Finished, State::Cancelled] {
        let mut other = review(name, "2026-12-15", state);
        assert!(other.move_to(day("2026-12-17"), None).is_err());
        assert!(other.cancel().is_err());
        assert_eq!(other, review(name, "2026-12-15", state));
    }
}

proptest! {
    #[test]
    fn planned_days_are_working_days_to_come(today in 0..4000u64, ago in 0..500u64, which in 0..3usize) {
        let rhythm = [Rhythm::Quarterly, Rhythm::HalfYearly, Rhythm::Yearly][which];
        let today = day("2026-01-01") + Days::new(today);
        let days = [
            first_day(rhythm, today, MONDAY_TO_FRIDAY),
            day_after(rhythm, today - Days::new(ago), (today, MONDAY_TO_FRIDAY)),
        ];
        for planned in days {
            prop_assert!(planned > today);
            prop_assert!(MONDAY_TO_FRIDAY.contains(planned.weekday()));
        }
    }

    #[test]
    fn whoever_holds_a_review_in_each_quarter_never_hears_of_a_lapse(quarters in 1..12u32, off in 0..60u64) {
        let reviews: Vec<Review> = (0..quarters)
            .map(|nth| {
                let on = day("2026-01-05") + Months::new(3 * nth) + Days::new(off);
                let name = crate::review::rules::name_for(on, &[]);
                Review { state: State::Finished, ..Review::new(name, "Review".into(), on) }
            })
            .collect();
        let last = reviews.last().unwrap().on;
        prop_assert_eq!(lapses(&reviews, &BTreeMap::new(), (Rhythm::Quarterly, last)), []);
    }
}
