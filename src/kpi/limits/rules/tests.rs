use super::*;
use crate::kpi::period::tests::period;
use crate::kpi::rules::Frequency;
use crate::kpi::rules::tests::{click_rate, day, months};

fn at() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH
}

fn some(values: &[f64]) -> Vec<Value> {
    months(&values.iter().copied().map(Some).collect::<Vec<_>>())
}

/// Mean 4, ranges 1: limits 1.34 and 6.66.
fn calm() -> Vec<f64> {
    [3.5, 4.5].repeat(6)
}

/// The same around 14: mean 14, limits 11.34 and 16.66.
fn higher() -> Vec<f64> {
    [13.5, 14.5].repeat(6)
}

fn frozen(kpi: &Kpi, values: &[Value], since: &str) -> Kpi {
    let mut kpi = kpi.clone();
    let limits = kpi.limits_from(values, Some(day(since)), at()).unwrap();
    kpi.limits.push(limits);
    kpi
}

fn upper(kpi: &Kpi, values: &[Value]) -> f64 {
    match kpi.judged(values).process {
        Process::Within(limits) => limits.upper.unwrap(),
        Process::TooFew(n) => panic!("{n} are too few"),
    }
}

#[test]
fn limits_that_were_set_stand_whatever_comes_late_or_is_corrected() {
    let values = some(&calm());
    let kpi = frozen(&click_rate(), &values, "2026-01-01");
    assert_eq!(kpi.limits[0].made_of.len(), 12);
    assert!((upper(&kpi, &values) - 6.66).abs() < 1e-9);
    let mut corrected = values.clone();
    corrected[3].value = 40.0;
    assert!((upper(&kpi, &corrected) - 6.66).abs() < 1e-9);
    assert_eq!(kpi.outdated(&kpi.limits[0], &corrected), 1);
    assert_eq!(kpi.outdated(&kpi.limits[0], &values), 0);
    // The corrected value itself is news.
    assert_eq!(kpi.judged(&corrected).signals[3], Some(Signal::AboveLimit));
    let early = Value {
        period: period("2025-12"),
        value: 30.0,
    };
    let late = [vec![early], values.clone()].concat();
    assert!((upper(&kpi, &late) - 6.66).abs() < 1e-9);
    assert_eq!(kpi.judged(&late).signals[0], Some(Signal::AboveLimit));
    // Without limits that were set, both would move them.
    assert!((upper(&click_rate(), &late) - 6.66).abs() > 1.0);
}

#[test]
fn recalculated_limits_hold_from_their_period_on_and_what_was_before_keeps_its_own() {
    let values = some(&[calm(), higher()].concat());
    let kpi = frozen(&click_rate(), &values, "2026-01-01");
    let judged = kpi.judged(&values);
    assert!(judged.signals[12..].iter().all(Option::is_some));
    assert_eq!(judged.steps.len(), 1);
    let kpi = frozen(&kpi, &values, "2027-01-01");
    let judged = kpi.judged(&values);
    assert!(judged.signals.iter().all(Option::is_none));
    let since: Vec<_> = judged.steps.iter().map(|step| step.since).collect();
    assert_eq!(since, [day("2026-01-01"), day("2027-01-01")]);
    assert!((upper(&kpi, &values) - 16.66).abs() < 1e-9);
    assert_eq!(kpi.limits[1].number, 2);
}

#[test]
fn limits_from_an_earlier_period_take_the_place_of_those_after_it() {
    let values = some(&[calm(), higher()].concat());
    let kpi = frozen(&click_rate(), &values, "2026-01-01");
    let kpi = frozen(&kpi, &values, "2027-01-01");
    let kpi = frozen(&kpi, &values, "2026-10-01");
    let since: Vec<_> = kpi
        .judged(&values)
        .steps
        .iter()
        .map(|step| step.since)
        .collect();
    assert_eq!(since, [day("2026-01-01"), day("2026-10-01")]);
}

#[test]
fn a_row_ends_where_the_limits_change() {
    // Twelve around 4, then around 14: five above the old mean, and, by the new limits, five more
    // above the new one.
    let values = some(&[calm(), vec![15.0; 5], vec![15.0; 5], higher()].concat());
    let kpi = frozen(&click_rate(), &values, "2026-01-01");
    let long = kpi.judged(&values).signals;
    assert!(long[12..22].iter().all(Option::is_some));
    let mut kpi = kpi;
    kpi.limits.push(Frozen {
        number: 2,
        since: values[17].period.first_day(),
        limits: Limits {
            mean: 14.0,
            upper: Some(16.66),
            lower: None,
        },
        made_of: Vec::new(),
        reason: Some("New tool".into()),
        by: None,
        at: at(),
    });
    let judged = kpi.judged(&values).signals;
    assert!(judged[17..22].iter().all(Option::is_none));
}

#[test]
fn too_few_values_say_how_many_there_are() {
    let kpi = click_rate();
    let values = some(&calm());
    assert_eq!(
        kpi.limits_from(&values, Some(day("2026-06-01")), at()),
        Err(7)
    );
    assert_eq!(kpi.first_limits(&values[..11], at()), None);
    assert!(kpi.first_limits(&values, at()).is_some());
    let kpi = frozen(&kpi, &values, "2026-01-01");
    assert_eq!(kpi.first_limits(&values, at()), None, "the first come once");
}

/// Values of weeks from the first of 2026 on.
fn weeks(counts: &[f64]) -> Vec<Value> {
    let mut at = period("2026-W01");
    let mut values = Vec::new();
    for value in counts {
        let value = *value;
        values.push(Value { period: at, value });
        at = at.next();
    }
    values
}

#[test]
fn rare_events_are_judged_by_the_days_between_them() {
    let kpi = Kpi {
        unit: "incidents".into(),
        frequency: Frequency::Weekly,
        scale: Scale::DaysBetween,
        ..click_rate()
    };
    // One every four weeks: thirteen events are twelve gaps of 28 days, known to within a week.
    let mut counts = [1.0, 0.0, 0.0, 0.0].repeat(12);
    assert_eq!(kpi.judged(&weeks(&counts)).process, Process::TooFew(11));
    counts.push(1.0);
    let judged = kpi.judged(&weeks(&counts));
    assert_eq!(judged.gaps.len(), 12);
    let Process::Within(limits) = judged.process else {
        panic!("no limits")
    };
    let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-6, "{a} is not {b}");
    near(limits.mean, 28.0);
    near(limits.upper.unwrap(), 35.0);
    near(limits.lower.unwrap(), 21.0);
    assert!(judged.signals.iter().all(Option::is_none), "{judged:?}");
    // Another in the week after is too near.
    let near_one = weeks(&[&counts[..], &[1.0]].concat());
    assert_eq!(
        kpi.judged(&near_one).signals[49],
        Some(Signal::CloserTogether)
    );
    // Five weeks without any are good news, said when they are over and before the next one comes.
    let calm = weeks(&[&counts[..], &[0.0; 5]].concat());
    let signals = kpi.judged(&calm).signals;
    assert_eq!(signals[52], None);
    assert_eq!(signals[53], Some(Signal::FurtherApart));
    assert_eq!(kpi.read(&calm, day("2027-02-01")).signal, signals[53]);
    assert_eq!(rare::goes_on(&calm), Some(38.5));
}

#[test]
fn eight_short_gaps_in_a_row_are_a_signal_of_rare_events() {
    let kpi = Kpi {
        frequency: Frequency::Weekly,
        scale: Scale::DaysBetween,
        ..click_rate()
    };
    // Gaps of three and five weeks in turn, then of three.
    let long = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0].repeat(6);
    let counts = [long, [1.0, 0.0, 0.0].repeat(9)].concat();
    let judged = kpi.judged(&weeks(&counts));
    let last = judged.gaps.last().unwrap();
    assert_eq!(last.1, Some(Signal::RowTogether(8)));
    assert_eq!(
        judged.signals[counts.len() - 3],
        Some(Signal::RowTogether(8))
    );
}
