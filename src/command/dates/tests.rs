use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;

/// A Monday.
fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let read = match read_date(text, today()) {
        Ok(date) => date.to_string(),
        Err(error) => error,
    };
    assert_eq!(read, expected, "{text}");
}

#[test]
fn dates_are_read_as_people_say_them() {
    for (text, expected) in [
        ("2026-12-31", "2026-12-31"),
        ("2026–12–31", "2026-12-31"),
        ("2026/12/31", "2026-12-31"),
        ("31.12.2026", "2026-12-31"),
        ("12/31/2026", "2026-12-31"),
        ("04/04/2027", "2027-04-04"),
        ("today", "2026-11-23"),
        ("Tomorrow", "2026-11-24"),
        ("the day after tomorrow", "2026-11-25"),
        ("friday", "2026-11-27"),
        ("by Fri", "2026-11-27"),
        ("monday", "2026-11-30"),
        ("this monday", "2026-11-23"),
        ("this friday", "2026-11-27"),
        ("next monday", "2026-11-30"),
        ("next friday", "2026-12-04"),
        ("next sunday", "2026-12-06"),
        ("last friday", "2026-11-20"),
        ("last monday", "2026-11-16"),
        ("in 2 weeks", "2026-12-07"),
        ("in two weeks", "2026-12-07"),
        ("2 weeks", "2026-12-07"),
        ("2w", "2026-12-07"),
        ("10d", "2026-12-03"),
        ("in 3 days", "2026-11-26"),
        ("in a month", "2026-12-23"),
        ("in 1 quarter", "2027-02-23"),
        ("in a fortnight", "2026-12-07"),
        ("in 10 working days", "2026-12-07"),
        ("next week", "2026-11-30"),
        ("next month", "2026-12-23"),
        ("next quarter", "2027-02-23"),
        ("next year", "2027-11-23"),
        ("end of week", "2026-11-27"),
        ("end of next week", "2026-12-04"),
        ("end of month", "2026-11-30"),
        ("end of the month", "2026-11-30"),
        ("eom", "2026-11-30"),
        ("end of next month", "2026-12-31"),
        ("end of quarter", "2026-12-31"),
        ("end of next quarter", "2027-03-31"),
        ("end of year", "2026-12-31"),
        ("end of q1", "2027-03-31"),
        ("end of q4 2026", "2026-12-31"),
        ("end of december", "2026-12-31"),
        ("end of february", "2027-02-28"),
        ("end of feb 2028", "2028-02-29"),
        ("beginning of next month", "2026-12-01"),
        ("start of next week", "2026-11-30"),
        ("31 december", "2026-12-31"),
        ("dec 31", "2026-12-31"),
        ("Dec. 31st, 2027", "2027-12-31"),
        ("the 31st of December", "2026-12-31"),
        ("31-Dec-2026", "2026-12-31"),
        ("3 sept", "2027-09-03"),
        ("1 november", "2027-11-01"),
        ("29 february", "2028-02-29"),
        ("the 25th", "2026-11-25"),
        ("the 3rd", "2026-12-03"),
        ("the 31st", "2026-12-31"),
        ("friday 27 november", "2026-11-27"),
        ("friday 2026-11-27", "2026-11-27"),
    ] {
        check(text, expected);
    }
}

#[test]
fn a_date_that_can_be_read_in_two_ways_is_refused_with_both() {
    check(
        "03/04/2026",
        "“03/04/2026” can be 3 April or 4 March. Write 2026-04-03 or 2026-03-04.",
    );
    check(
        "03.04.2026",
        "“03.04.2026” can be 3 April or 4 March. Write 2026-04-03 or 2026-03-04.",
    );
    check(
        "31/12/26",
        "“31/12/26” can be read in several ways. Write the year first, in full: 2026-12-31.",
    );
}

#[test]
fn what_is_no_date_is_answered_with_one_that_is() {
    let general = |text: &str| {
        format!("“{text}” is no date. Write friday, in 2 weeks, end of month or 2026-12-31.")
    };
    for text in [
        "",
        "asap",
        "10:30",
        "friday 10:30",
        "in",
        "in 2",
        "12",
        "by",
        "friday by",
    ] {
        check(text, &general(text));
    }
    check("in 99999999999 days", &general("in 99999999999 days"));
    check("frydai", "“frydai” is no date. Did you mean “friday”?");
    check(
        "in 2 wekks",
        "“in 2 wekks” is no date. Did you mean “in 2 weeks”?",
    );
    check(
        "december",
        "Which day of December? Write 15 december, or end of december.",
    );
    check(
        "in 2 hours",
        "Give a day, not an hour: today, tomorrow, friday.",
    );
    check(
        "2026-02-30",
        "There is no 30 February 2026; February ends on the 28th.",
    );
    check(
        "31 june",
        "There is no 31 June 2026; June ends on the 30th.",
    );
    check(
        "2026-13-01",
        "There is no month 13. Write a date like 2026-12-31.",
    );
    check(
        "monday 27 november",
        "Friday 27 November 2026 is not the day you named with it.",
    );
    check("9999-01-01", "The year 9999 is too far away.");
    check("in 300 years", "“in 300 years” is too far away.");
}

#[test]
fn a_due_date_in_the_past_is_refused() {
    assert_eq!(read_due("today", today()), Ok(today()));
    assert_eq!(
        read_due("2026-11-01", today()),
        Err(
            "Sunday 1 November 2026 is past; today is Monday 23 November 2026. \
             Give a day from today on."
                .into()
        )
    );
    assert!(read_due("yesterday", today()).is_err());
}

#[test]
fn periods_are_read_backwards_from_today() {
    for (text, expected) in [
        ("2026-10", "2026-10"),
        ("10/2026", "2026-10"),
        ("october", "2026-10"),
        ("Oct 2025", "2025-10"),
        ("2025 oct", "2025-10"),
        ("november", "2026-11"),
        ("december", "2025-12"),
        ("last month", "2026-10"),
        ("this month", "2026-11"),
        ("q3", "2026-Q3"),
        ("Q4", "2026-Q4"),
        ("q3 2025", "2025-Q3"),
        ("2026-q3", "2026-Q3"),
        ("last quarter", "2026-Q3"),
        ("w47", "2026-W47"),
        ("week 47", "2026-W47"),
        ("week 50", "2025-W50"),
        ("2026-W07", "2026-W07"),
        ("last week", "2026-W47"),
        ("2026-10-05", "2026-10-05"),
        ("yesterday", "2026-11-22"),
        (
            "2026-12",
            "2026-12 has not begun yet; today is Monday 23 November 2026.",
        ),
        (
            "whenever",
            "“whenever” is not a period like 2026-10, october, last month, 2026-Q3 or 2026-W47.",
        ),
    ] {
        let read = match read_period(text, today()) {
            Ok(period) => period.to_string(),
            Err(error) => error,
        };
        assert_eq!(read, expected, "{text}");
    }
}

/// Pieces of which dates are made, so that chance finds the deep branches.
fn datelike() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("in"),
        Just("next"),
        Just("last"),
        Just("end"),
        Just("of"),
        Just("the"),
        Just("friday"),
        Just("december"),
        Just("feb"),
        Just("weeks"),
        Just("months"),
        Just("quarter"),
        Just("q4"),
        Just("week"),
        Just("year"),
        Just("2w"),
        Just("working"),
        Just("days"),
        Just("29"),
        Just("31"),
        Just("2026"),
        Just("99999999"),
        Just("2147483647"),
        Just("30th"),
        Just("0/0/0000"),
        Just("13-13-2026"),
        Just("a"),
        Just("start"),
    ];
    prop::collection::vec(word, 0..5).prop_map(|words| words.join(" "))
}

fn any_day() -> impl Strategy<Value = NaiveDate> {
    (730_120i32..803_100).prop_map(|days| NaiveDate::from_num_days_from_ce_opt(days).unwrap())
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC*", today in any_day()) {
        let _ = read_due(&text, today);
        let _ = read_period(&text, today);
        let _ = read_span(&text, today);
    }

    #[test]
    fn no_datelike_text_panics(text in datelike(), today in any_day()) {
        let _ = read_due(&text, today);
        let _ = read_period(&text, today);
    }

    #[test]
    fn a_due_date_is_never_past(text in datelike(), today in any_day()) {
        if let Ok(date) = read_due(&text, today) {
            prop_assert!(date >= today);
        }
    }

    #[test]
    fn a_date_written_in_full_is_that_date(today in any_day(), date in any_day()) {
        prop_assert_eq!(read_date(&date.to_string(), today), Ok(date));
        prop_assert_eq!(read_date(&in_full(date), today), Ok(date));
    }
}
