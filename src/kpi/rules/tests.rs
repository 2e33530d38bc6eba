use proptest::prelude::*;

use super::*;
use crate::kpi::period::tests::period;

pub(in crate::kpi) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(in crate::kpi) fn click_rate() -> Kpi {
    Kpi {
        key: "phishing-click-rate".parse().unwrap(),
        name: "Phishing click rate".into(),
        purpose: Some("How many people click on a test mail".into()),
        unit: "%".into(),
        direction: Direction::Lower,
        target: 5.0,
        warning: Some(8.0),
        frequency: Frequency::Monthly,
        measurer: Uuid::from_u128(1),
        analyst: Uuid::from_u128(2),
        source: Source::Manual,
        scale: Scale::Linear,
        paused: None,
        since: day("2026-01-05"),
        limits: Vec::new(),
    }
}

/// Monthly values from January 2026 on; `None` leaves a month out.
pub(in crate::kpi) fn months(values: &[Option<f64>]) -> Vec<Value> {
    let mut at = period("2026-01");
    let mut out = Vec::new();
    for value in values {
        out.extend(value.map(|value| Value { period: at, value }));
        at = at.next();
    }
    out
}

fn measured(period: &str, revision: i64, value: f64) -> Measurement {
    Measurement {
        period: day(period),
        revision,
        value,
        note: None,
        file: None,
        by: Some(Uuid::from_u128(1)),
        via: None,
        at: DateTime::UNIX_EPOCH,
    }
}

#[test]
fn a_value_is_judged_by_target_and_warning_level() {
    let lower = click_rate();
    let higher = Kpi {
        direction: Direction::Higher,
        target: 95.0,
        warning: Some(90.0),
        ..click_rate()
    };
    let strict = Kpi {
        warning: None,
        ..click_rate()
    };
    let cases = [
        (&lower, 5.0, Status::OnTarget),
        (&lower, 0.0, Status::OnTarget),
        (&lower, 5.01, Status::Warning),
        (&lower, 8.0, Status::Warning),
        (&lower, 8.01, Status::OffTarget),
        (&higher, 95.0, Status::OnTarget),
        (&higher, 94.9, Status::Warning),
        (&higher, 90.0, Status::Warning),
        (&higher, 89.9, Status::OffTarget),
        (&strict, 5.01, Status::OffTarget),
    ];
    for (kpi, value, status) in cases {
        assert_eq!(kpi.judge(value), status, "{value} {}", kpi.direction);
    }
}

#[test]
fn the_latest_correction_stands_and_the_history_stays() {
    let measurements = [
        measured("2026-02-01", 1, 6.0),
        measured("2026-01-01", 2, 4.0),
        measured("2026-01-01", 1, 40.0),
        measured("2026-01-01", 3, 4.5),
    ];
    assert_eq!(
        click_rate().values(&measurements),
        months(&[Some(4.5), Some(6.0)])
    );
}

#[test]
fn a_missing_value_is_not_zero() {
    let kpi = click_rate();
    // Zero clicks would be on target; no value in March is not.
    let values = months(&[Some(4.0), Some(4.0)]);
    assert_eq!(kpi.read(&values, day("2026-04-09")).status, Status::Missing);
    let zero = months(&[Some(4.0), Some(4.0), Some(0.0)]);
    assert_eq!(kpi.read(&zero, day("2026-04-09")).status, Status::OnTarget);
    let gap = kpi.points(&months(&[Some(4.0), None, Some(4.0)]), day("2026-04-09"));
    assert_eq!(
        gap.iter().map(|p| p.value).collect::<Vec<_>>(),
        [Some(4.0), None, Some(4.0)]
    );
}

#[test]
fn a_value_is_asked_for_then_missing_then_stale() {
    let kpi = click_rate();
    let values = months(&[Some(4.0), Some(6.0)]);
    let on = |date: &str| {
        let reading = kpi.read(&values, day(date));
        (
            reading.status,
            reading.wanted.map(|period| period.to_string()),
        )
    };
    // March is not over, then asked for, then late; after April is late too, February is old.
    assert_eq!(on("2026-03-31"), (Status::Warning, None));
    assert_eq!(on("2026-04-01"), (Status::Warning, Some("2026-03".into())));
    assert_eq!(on("2026-04-07"), (Status::Warning, Some("2026-03".into())));
    assert_eq!(on("2026-04-08"), (Status::Missing, Some("2026-03".into())));
    assert_eq!(on("2026-05-07"), (Status::Missing, Some("2026-04".into())));
    assert_eq!(on("2026-05-08"), (Status::Stale, Some("2026-04".into())));
}

#[test]
fn a_new_kpi_waits_for_its_first_period() {
    let kpi = click_rate();
    let on = |date: &str| {
        let reading = kpi.read(&[], day(date));
        (reading.status, reading.wanted.is_some())
    };
    assert_eq!(on("2026-01-05"), (Status::Waiting, false));
    assert_eq!(on("2026-01-31"), (Status::Waiting, false));
    assert_eq!(on("2026-02-01"), (Status::Waiting, true));
    assert_eq!(on("2026-02-08"), (Status::Missing, true));
    assert_eq!(on("2026-09-01"), (Status::Missing, true));
}

#[test]
fn nobody_is_asked_while_a_kpi_is_paused() {
    let kpi = Kpi {
        paused: Some("No tests in summer".into()),
        ..click_rate()
    };
    let reading = kpi.read(&[], day("2026-09-01"));
    assert_eq!((reading.status, reading.wanted), (Status::Paused, None));
}

#[test]
fn a_trend_is_better_or_worse_by_the_direction() {
    let lower = click_rate();
    let higher = Kpi {
        direction: Direction::Higher,
        ..click_rate()
    };
    let trend =
        |kpi: &Kpi, values: &[Option<f64>]| kpi.read(&months(values), day("2026-03-09")).trend;
    assert_eq!(
        trend(&lower, &[Some(4.0), Some(3.0)]),
        Some(Trend::Down { better: true })
    );
    assert_eq!(
        trend(&lower, &[Some(4.0), Some(5.0)]),
        Some(Trend::Up { better: false })
    );
    assert_eq!(
        trend(&higher, &[Some(4.0), Some(5.0)]),
        Some(Trend::Up { better: true })
    );
    assert_eq!(trend(&lower, &[Some(4.0), Some(4.001)]), Some(Trend::Same));
    assert_eq!(trend(&lower, &[Some(4.0)]), None);
}

/// Twelve values around 4, mean 4, moving range 1 each: limits 1.34 and 6.66.
fn calm() -> Vec<Option<f64>> {
    [3.5, 4.5].repeat(6).into_iter().map(Some).collect()
}

#[test]
fn limits_come_with_the_twelfth_value() {
    let kpi = click_rate();
    let read = |n: usize| kpi.read(&months(&calm()[..n]), day("2027-01-10")).process;
    assert_eq!(read(11), Process::TooFew(11));
    assert_eq!(too_few(7), "too few values (7 of 12)");
    let Process::Within(limits) = read(12) else {
        panic!("no limits")
    };
    assert!((limits.mean - 4.0).abs() < 1e-9);
    assert!((limits.upper.unwrap() - 6.66).abs() < 1e-9);
    assert!((limits.lower.unwrap() - 1.34).abs() < 1e-9);
}

#[test]
fn status_and_signal_are_two_judgements() {
    let kpi = click_rate();
    let with = |value: f64| {
        let mut values = calm();
        values.push(Some(value));
        kpi.read(&months(&values), day("2027-02-10"))
    };
    // Off its usual range, and yet not off target, and the other way round.
    let warning = with(7.0);
    assert_eq!(
        (warning.status, warning.signal),
        (Status::Warning, Some(Signal::AboveLimit))
    );
    let good = with(1.0);
    assert_eq!(
        (good.status, good.signal),
        (Status::OnTarget, Some(Signal::BelowLimit))
    );
    let strict = Kpi {
        target: 3.0,
        warning: Some(4.0),
        ..click_rate()
    };
    let reading = strict.read(&months(&calm()), day("2027-01-10"));
    assert_eq!((reading.status, reading.signal), (Status::OffTarget, None));
}

#[test]
fn a_crossing_is_told_once() {
    let kpi = click_rate();
    let crossing = |values: &[f64]| {
        let values: Vec<_> = values.iter().copied().map(Some).collect();
        let (before, after) = (&values[..values.len() - 1], &values[..]);
        kpi.crossing(&months(before), &months(after))
    };
    let off = Some(Crossing {
        off_target: true,
        signal: None,
    });
    assert_eq!(crossing(&[4.0, 9.0]), off);
    assert_eq!(crossing(&[9.0]), off);
    assert_eq!(crossing(&[4.0, 9.0, 10.0]), None);
    assert_eq!(crossing(&[4.0, 9.0, 4.0]), None);
    assert_eq!(crossing(&[4.0, 9.0, 4.0, 9.0]), off);
    assert_eq!(crossing(&[4.0, 7.0]), None);
    // The eighth below the mean is the signal, the ninth is no news.
    let calm: Vec<f64> = calm().into_iter().flatten().collect();
    let row = |n| [&calm[..], &vec![3.0; n]].concat();
    assert_eq!(crossing(&row(7)), None);
    assert_eq!(
        crossing(&row(8)),
        Some(Crossing {
            off_target: false,
            signal: Some(Signal::RowBelow(8))
        })
    );
    assert_eq!(crossing(&row(9)), None);
}

#[test]
fn the_run_chart_ends_with_the_last_late_period() {
    let kpi = click_rate();
    let values = months(&[Some(4.0), None, Some(5.0)]);
    let periods = |date: &str| -> Vec<String> {
        let points = kpi.points(&values, day(date));
        points.iter().map(|p| p.period.to_string()).collect()
    };
    assert_eq!(periods("2026-05-07"), ["2026-01", "2026-02", "2026-03"]);
    assert_eq!(
        periods("2026-05-08"),
        ["2026-01", "2026-02", "2026-03", "2026-04"]
    );
    assert!(kpi.points(&[], day("2026-05-08")).is_empty());
    let years = months(&[Some(4.0); 40]);
    let points = kpi.points(&years, day("2029-05-08"));
    assert_eq!((points.len(), points[23].period), (24, period("2029-04")));
}

proptest! {
    #[test]
    fn reading_and_crossing_never_panic(
        values in prop::collection::vec(prop::option::of(prop::num::f64::ANY), 0..40),
        days in 0u64..3000, higher: bool,
    ) {
        let direction = if higher { Direction::Higher } else { Direction::Lower };
        let kpi = Kpi { direction, ..click_rate() };
        let values = months(&values);
        let today = day("2025-11-01") + chrono::Days::new(days);
        let reading = kpi.read(&values, today);
        prop_assert_eq!(reading.latest.is_some(), !values.is_empty());
        let before = &values[..values.len().saturating_sub(1)];
        let _ = (kpi.crossing(before, &values), kpi.points(&values, today));
    }

    #[test]
    fn a_better_value_is_never_judged_worse(a in -50.0..150.0f64, b in -50.0..150.0f64) {
        let rank = |status| match status {
            Status::OnTarget => 0,
            Status::Warning => 1,
            _ => 2,
        };
        let (low, high) = (a.min(b), a.max(b));
        let kpi = click_rate();
        prop_assert!(rank(kpi.judge(low)) <= rank(kpi.judge(high)));
        let kpi = Kpi { direction: Direction::Higher, target: 90.0, warning: Some(80.0), ..kpi };
        prop_assert!(rank(kpi.judge(high)) <= rank(kpi.judge(low)));
    }
}
