//! Clock changes, calendars and the property that nothing is lost or doubled.

use chrono_tz::{Africa, America, Asia, Europe, Pacific};
use proptest::prelude::*;

use super::*;

fn at(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

fn utc(text: &str) -> DateTime<Utc> {
    at(text).and_utc()
}

fn timetable(rule: &str, zone: Tz) -> Timetable {
    Timetable {
        rule: rule.parse().unwrap(),
        zone,
        working: MONDAY_TO_FRIDAY,
    }
}

/// The next `count` nominal times and their instants.
fn upcoming(rule: &str, zone: Tz, after: &str, count: usize) -> Vec<(String, String)> {
    let timetable = timetable(rule, zone);
    let mut last = at(after);
    let mut found = Vec::new();
    for _ in 0..count {
        let (nominal, instant) = timetable.next(last).unwrap();
        found.push((
            nominal.format("%F %R").to_string(),
            instant.format("%F %R").to_string(),
        ));
        last = nominal;
    }
    found
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(nominal, instant): &(&str, &str)| (nominal.to_string(), instant.to_string());
    expected.iter().map(owned).collect()
}

#[test]
fn nine_in_berlin_stays_nine_when_clocks_change() {
    assert_eq!(
        upcoming("0 9 * * MON", Europe::Berlin, "2027-03-22T00:00:00", 2),
        pairs(&[
            ("2027-03-22 09:00", "2027-03-22 08:00"),
            ("2027-03-29 09:00", "2027-03-29 07:00"),
        ])
    );
    assert_eq!(
        upcoming("0 9 * * MON", Europe::Berlin, "2026-10-19T00:00:00", 2),
        pairs(&[
            ("2026-10-19 09:00", "2026-10-19 07:00"),
            ("2026-10-26 09:00", "2026-10-26 08:00"),
        ])
    );
}

#[test]
fn a_time_that_the_clock_skips_happens_just_after_the_gap() {
    // New York, 14 March 2027: 02:00 becomes 03:00, at 07:00 UTC.
    assert_eq!(
        upcoming("30 2 * * *", America::New_York, "2027-03-13T12:00:00", 2),
        pairs(&[
            ("2027-03-14 02:30", "2027-03-14 07:00"),
            ("2027-03-15 02:30", "2027-03-15 06:30"),
        ])
    );
}

#[test]
fn a_time_that_the_clock_shows_twice_happens_the_first_time_only() {
    // New York, 1 November 2026: 02:00 becomes 01:00, so 01:30 is at 05:30 and at 06:30 UTC.
    let daily = timetable("30 1 * * *", America::New_York);
    let first = daily.due_between(at("2026-10-31T12:00:00"), utc("2026-11-01T05:30:00"));
    assert_eq!(first, [at("2026-11-01T01:30:00")]);
    let again = daily.due_between(first[0], utc("2026-11-01T06:45:00"));
    assert!(again.is_empty());
}

#[test]
fn sunday_midnight_is_not_lost_where_the_gap_falls_on_it() {
    // São Paulo, Sunday 4 November 2018: 00:00 became 01:00, at 03:00 UTC.
    assert_eq!(
        upcoming("0 0 * * SUN", America::Sao_Paulo, "2018-10-29T00:00:00", 2),
        pairs(&[
            ("2018-11-04 00:00", "2018-11-04 03:00"),
            ("2018-11-11 00:00", "2018-11-11 02:00"),
        ])
    );
    // Beirut, Sunday 28 March 2027: 00:00 becomes 01:00, at 22:00 UTC the day before.
    assert_eq!(
        upcoming("0 0 * * SUN", Asia::Beirut, "2027-03-22T00:00:00", 2),
        pairs(&[
            ("2027-03-28 00:00", "2027-03-27 22:00"),
            ("2027-04-04 00:00", "2027-04-03 21:00"),
        ])
    );
    // Cairo, Friday 30 April 2027.
    assert_eq!(
        upcoming("0 0 * * FRI", Africa::Cairo, "2027-04-24T00:00:00", 2),
        pairs(&[
            ("2027-04-30 00:00", "2027-04-29 22:00"),
            ("2027-05-07 00:00", "2027-05-06 21:00"),
        ])
    );
}

#[test]
fn a_day_that_a_zone_skipped_whole_is_made_up_for_at_its_end() {
    // Samoa had no 30 December 2011.
    assert_eq!(
        upcoming("0 9 * * *", Pacific::Apia, "2011-12-29T00:00:00", 3),
        pairs(&[
            ("2011-12-29 09:00", "2011-12-29 19:00"),
            ("2011-12-30 09:00", "2011-12-30 10:00"),
            ("2011-12-31 09:00", "2011-12-30 19:00"),
        ])
    );
}

#[test]
fn weeks_run_on_across_the_new_year() {
    assert_eq!(
        upcoming("0 9 * * MON", Europe::Berlin, "2026-12-21T09:00:00", 2),
        pairs(&[
            ("2026-12-28 09:00", "2026-12-28 08:00"),
            ("2027-01-04 09:00", "2027-01-04 08:00"),
        ])
    );
    assert_eq!(
        upcoming(
            "first working day 09:00",
            Europe::Berlin,
            "2026-12-01T09:00:00",
            2
        ),
        pairs(&[
            ("2027-01-01 09:00", "2027-01-01 08:00"),
            ("2027-02-01 09:00", "2027-02-01 08:00"),
        ])
    );
}

#[test]
fn a_leap_day_is_waited_for() {
    let found = upcoming("0 9 29 2 *", Europe::Berlin, "2026-01-01T00:00:00", 2);
    assert_eq!(found[0].0, "2028-02-29 09:00");
    assert_eq!(found[1].0, "2032-02-29 09:00");
}

#[test]
fn the_first_working_day_is_the_persons_own() {
    let rule: Rule = "first working day 09:00".parse().unwrap();
    // 1 August 2027 is a Sunday.
    let after = at("2027-07-20T00:00:00");
    let berlin = rule.next_after(after, MONDAY_TO_FRIDAY).unwrap();
    assert_eq!(berlin, at("2027-08-02T09:00:00"));
    let sunday_to_thursday = WeekdaySet::from_array([
        Weekday::Sun,
        Weekday::Mon,
        Weekday::Tue,
        Weekday::Wed,
        Weekday::Thu,
    ]);
    let cairo = rule.next_after(after, sunday_to_thursday).unwrap();
    assert_eq!(cairo, at("2027-08-01T09:00:00"));
    assert_eq!(rule.next_after(after, WeekdaySet::EMPTY), None);
}

#[test]
fn working_days_leave_out_the_weekend() {
    let found = upcoming(
        "working days 09:00",
        Europe::Berlin,
        "2026-11-26T09:00:00",
        3,
    );
    let days: Vec<_> = found.iter().map(|(nominal, _)| nominal.as_str()).collect();
    assert_eq!(
        days,
        ["2026-11-27 09:00", "2026-11-30 09:00", "2026-12-01 09:00"]
    );
}

#[test]
fn day_of_month_and_weekday_must_both_hold() {
    let found = upcoming("0 9 1-7 * MON", Europe::Berlin, "2026-11-23T00:00:00", 2);
    assert_eq!(found[0].0, "2026-12-07 09:00");
    assert_eq!(found[1].0, "2027-01-04 09:00");
}

#[test]
fn weekday_names_mean_what_they_say() {
    for (name, day) in [
        ("MON", 23),
        ("tue", 24),
        ("Wed", 25),
        ("SAT", 28),
        ("SUN", 29),
    ] {
        let rule: Rule = format!("0 9 * * {name}").parse().unwrap();
        let next = rule
            .next_after(at("2026-11-23T00:00:00"), MONDAY_TO_FRIDAY)
            .unwrap();
        assert_eq!(next, at(&format!("2026-11-{day}T09:00:00")), "{name}");
    }
}

#[test]
fn what_is_no_rule_is_refused_with_the_reason() {
    use RuleError::*;
    type Refusal = fn(String) -> RuleError;
    let cases: [(&str, Refusal); 14] = [
        ("0 0 9 * * MON", Seconds),
        ("0 0 9 * * MON 2027", Seconds),
        ("", Shape),
        ("every monday", Shape),
        ("@daily", Shape),
        ("0 25 * * *", Shape),
        ("0 9 * * FUNDAY", Shape),
        ("* 9 * * MON", Minute),
        ("*/30 9 * * MON", Minute),
        ("0,30 9 * * MON", Minute),
        ("60 9 * * MON", Minute),
        ("0 9 * * 1", Weekday),
        ("0 9 30 2 *", Never),
        ("working days 25:00", Time),
    ];
    for (text, why) in cases {
        let error = text.parse::<Rule>().unwrap_err();
        let same = std::mem::discriminant(&error) == std::mem::discriminant(&why(String::new()));
        assert!(same, "{text}: {error:?}");
    }
}

#[test]
fn a_rule_is_shown_as_it_was_written() {
    let rule: Rule = "  0 9   * * MON ".parse().unwrap();
    assert_eq!(rule.to_string(), "0 9 * * MON");
}

/// Zones with all that is unusual: gaps at midnight, half hours, skipped days, no changes at all.
fn zones() -> impl Strategy<Value = Tz> {
    proptest::sample::select(vec![
        Europe::Berlin,
        America::New_York,
        America::Sao_Paulo,
        Africa::Cairo,
        Asia::Beirut,
        Asia::Kolkata,
        chrono_tz::Australia::Lord_Howe,
        Pacific::Apia,
        chrono_tz::UTC,
    ])
}

fn rules() -> impl Strategy<Value = String> {
    let weekday = proptest::sample::select(vec!["MON", "SAT", "SUN", "*"]);
    let cron = (0..60u32, 0..24u32, weekday).prop_map(|(m, h, day)| format!("{m} {h} * * {day}"));
    prop_oneof![
        cron,
        (0..24u32).prop_map(|h| format!("working days {h:02}:30")),
        (0..24u32).prop_map(|h| format!("first working day {h:02}:00")),
    ]
}

/// Any minute from 2005 to 2035.
fn times() -> impl Strategy<Value = NaiveDateTime> {
    (0..30 * 365 * 24 * 60i64)
        .prop_map(|minutes| at("2005-01-01T00:00:00") + chrono::TimeDelta::minutes(minutes))
}

proptest! {
    #[test]
    fn nominal_times_rise_and_their_instants_never_fall(
        rule in rules(), zone in zones(), start in times()
    ) {
        let timetable = timetable(&rule, zone);
        let mut last = (start, instant_of(start, zone));
        for _ in 0..60 {
            let next = timetable.next(last.0).unwrap();
            prop_assert!(next.0 > last.0);
            prop_assert!(next.1 >= last.1);
            last = next;
        }
    }

    #[test]
    fn looking_often_or_seldom_finds_the_same_each_once(
        rule in rules(), zone in zones(), start in times(), steps in proptest::collection::vec(1..40_000i64, 1..20)
    ) {
        let timetable = timetable(&rule, zone);
        let mut now = instant_of(start, zone);
        let mut last = start;
        let mut often = Vec::new();
        for minutes in steps {
            now += chrono::TimeDelta::minutes(minutes);
            let due = timetable.due_between(last, now);
            last = due.last().copied().unwrap_or(last);
            often.extend(due);
        }
        prop_assert_eq!(often, timetable.due_between(start, now));
    }

    #[test]
    fn a_weekly_rule_never_skips_a_week(
        hour in 0..24u32, zone in zones(), start in times()
    ) {
        let weekly = timetable(&format!("0 {hour} * * SUN"), zone);
        let (mut last, mut instant) = weekly.next(start).unwrap();
        for _ in 0..120 {
            let next = weekly.next(last).unwrap();
            prop_assert_eq!(next.0 - last, chrono::TimeDelta::weeks(1));
            // Clocks move by two hours at most, save where a whole day was skipped.
            let off = (next.1 - instant - chrono::TimeDelta::weeks(1)).abs();
            prop_assert!(off <= chrono::TimeDelta::hours(2) || zone == Pacific::Apia);
            (last, instant) = next;
        }
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,40}") {
        let _ = text.parse::<Rule>();
    }

    #[test]
    fn no_five_words_panic(words in proptest::collection::vec("[0-9*/,?a-zA-Z-]{1,6}", 5)) {
        if let Ok(rule) = words.join(" ").parse::<Rule>() {
            let _ = rule.next_after(at("2026-11-23T00:00:00"), MONDAY_TO_FRIDAY);
        }
    }
}
