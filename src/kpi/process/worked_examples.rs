//! Examples that others have published, and their sums, so that every limit can be recomputed by hand.

use super::*;

const FREE: Bounds = Bounds {
    least: None,
    most: None,
};

fn near(a: f64, b: f64) {
    assert!((a - b).abs() < 5e-3, "{a} is not {b}");
}

/// Mean, lower and upper limit of all values.
fn of_all(values: &[f64], scale: Scale) -> (f64, Option<f64>, Option<f64>) {
    let limits = Limits::natural(values, scale, FREE).unwrap();
    (limits.mean, limits.lower, limits.upper)
}

/// Donald J. Wheeler, Understanding Variation, 1993: monthly US trade deficits in billions of dollars.
/// The limits of 1987 are made of its twelve values: sum 153.0, ranges sum 18.3.
const TRADE_1987: [f64; 12] = [
    10.7, 13.0, 11.4, 11.5, 12.5, 14.1, 14.8, 14.1, 12.6, 16.0, 11.7, 10.6,
];
const TRADE_1988: [f64; 12] = [
    10.0, 11.4, 7.9, 9.5, 8.0, 11.8, 10.5, 11.2, 9.2, 10.1, 10.4, 10.5,
];

#[test]
fn wheelers_trade_deficits_of_1988_lie_below_the_limits_of_1987() {
    let both = [TRADE_1987, TRADE_1988].concat();
    let limits = Limits::of(&both, Scale::Linear, FREE).unwrap();
    near(limits.mean, 153.0 / 12.0);
    near(limits.upper.unwrap(), 12.75 + 2.66 * 18.3 / 11.0);
    near(limits.upper.unwrap(), 17.18);
    near(limits.lower.unwrap(), 8.32);
    let signals = limits.signals(&both);
    assert!(signals[..10].iter().all(Option::is_none));
    // March and May 1988 are below the limit; and all of 1988 is below the mean, with the last two
    // months of 1987 before it (11.7 and 10.6).
    assert_eq!(signals[14], Some(Signal::BelowLimit));
    assert_eq!(signals[16], Some(Signal::BelowLimit));
    assert_eq!(signals[17], Some(Signal::RowBelow(8)));
    assert_eq!(signals[23], Some(Signal::RowBelow(14)));
}

/// NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2, individuals control charts: flow rates of
/// ten batches. Published: mean 50.81, mean moving range 1.8778, limits 45.8159 and 55.8041 (with
/// 3 / 1.128 instead of 2.66).
#[test]
fn the_flow_rates_of_the_nist_handbook() {
    let values = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1];
    let (mean, lower, upper) = of_all(&values, Scale::Linear);
    near(mean, 50.81);
    near(lower.unwrap(), 45.8159);
    near(upper.unwrap(), 55.8041);
}

/// NHS-R community, NHSRplotthedots, vignette “Deviations from Excel defaults”: where it does as the
/// NHS England “Making data count” tool does and leaves no outlier out. Sum 35, ranges sum 32.
#[test]
fn one_outlier_of_making_data_count_is_a_signal_with_its_own_range_counted_in() {
    let mut values = [1.0, 2.0].repeat(9);
    values.splice(4..5, [10.0]);
    values[5..].copy_from_slice(&[
        1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0,
    ]);
    assert_eq!(values.iter().sum::<f64>(), 35.0);
    let (mean, lower, upper) = of_all(&values, Scale::Linear);
    near(mean, 35.0 / 18.0);
    near(upper.unwrap(), 35.0 / 18.0 + 2.66 * 32.0 / 17.0);
    near(upper.unwrap(), 6.95);
    near(lower.unwrap(), -3.06);
}

/// NHS-R community, NHSRplotthedots, the “Making data count” sample data set: clients seen in a month,
/// May 2021 to May 2023, with the limits recalculated from February 2022, when the system was
/// remodelled. Nine values before: sum 143, ranges sum 46. Sixteen from then on: sum 630, ranges sum
/// 113.
const CLIENTS: [f64; 25] = [
    14.0, 12.0, 16.0, 17.0, 12.0, 27.0, 13.0, 14.0, 18.0, 25.0, 32.0, 44.0, 37.0, 39.0, 41.0, 45.0,
    42.0, 12.0, 31.0, 32.0, 39.0, 49.0, 51.0, 53.0, 58.0,
];

#[test]
fn the_clients_of_making_data_count_have_other_limits_once_the_system_was_remodelled() {
    let (before, after) = CLIENTS.split_at(9);
    let (mean, lower, upper) = of_all(before, Scale::Linear);
    near(mean, 143.0 / 9.0);
    near(upper.unwrap(), 143.0 / 9.0 + 2.66 * 46.0 / 8.0);
    near(lower.unwrap(), 0.59);
    let limits = Limits::natural(after, Scale::Linear, FREE).unwrap();
    near(limits.mean, 39.375);
    near(limits.upper.unwrap(), 39.375 + 2.66 * 113.0 / 15.0);
    near(limits.lower.unwrap(), 19.34);
    // October 2022, 12 clients, is the one month that stands out.
    let signals = limits.signals(after);
    let marked: Vec<usize> = (0..after.len()).filter(|i| signals[*i].is_some()).collect();
    assert_eq!(marked, [8]);
    assert_eq!(signals[8], Some(Signal::BelowLimit));
    // By the old limits nearly all of it would be news.
    let old = Limits::natural(before, Scale::Linear, FREE).unwrap();
    assert!(old.signals(after)[1..8].iter().all(Option::is_some));
}

/// Douglas C. Montgomery, Introduction to Statistical Quality Control, on low defect levels: hours
/// between failures of a valve, and what he transforms them to (to the power of 0.2777).
const FAILURES: [(f64, f64); 20] = [
    (286.0, 4.80986),
    (948.0, 6.70903),
    (536.0, 5.72650),
    (124.0, 3.81367),
    (816.0, 6.43541),
    (729.0, 6.23705),
    (4.0, 1.46958),
    (143.0, 3.96768),
    (431.0, 5.39007),
    (8.0, 1.78151),
    (2837.0, 9.09619),
    (596.0, 5.89774),
    (81.0, 3.38833),
    (227.0, 4.51095),
    (603.0, 5.91690),
    (492.0, 5.59189),
    (1199.0, 7.16124),
    (1214.0, 7.18601),
    (2831.0, 9.09083),
    (96.0, 3.55203),
];

#[test]
fn montgomerys_times_between_failures_are_in_control_though_they_are_skewed() {
    let times = FAILURES.map(|(time, _)| time);
    let sum: f64 = FAILURES.iter().map(|(_, transformed)| transformed).sum();
    let ranges: f64 = FAILURES
        .windows(2)
        .map(|pair| (pair[1].1 - pair[0].1).abs())
        .sum();
    let (mean, reach) = (sum / 20.0, 2.66 * ranges / 19.0);
    near(mean, 5.38662);
    for (time, transformed) in FAILURES {
        // 1 / 3.6 is a little more than 0.2777.
        assert!((Scale::DaysBetween.there(time) / transformed - 1.0).abs() < 1e-3);
    }
    let limits = Limits::natural(&times, Scale::DaysBetween, FREE).unwrap();
    let like = |a: f64, b: f64| assert!((a / b - 1.0).abs() < 1e-3, "{a} is not {b}");
    like(limits.mean, mean.powf(1.0 / 0.2777));
    like(limits.upper.unwrap(), (mean + reach).powf(1.0 / 0.2777));
    assert!(mean - reach < 0.0);
    assert_eq!(
        limits.lower, None,
        "no time is so short that it says something"
    );
    assert!(limits.signals(&times).iter().all(Option::is_none));
    // As they are, the two longest would be signals, and no time would be too short either.
    let linear = Limits::natural(&times, Scale::Linear, FREE).unwrap();
    let outside = linear
        .signals(&times)
        .iter()
        .flatten()
        .filter(|s| s.is_outside())
        .count();
    assert_eq!(outside, 2);
}

/// Worked by hand: two and eight hours in turn. Their logarithms are 1 and 3 times that of 2: mean 2,
/// ranges 2 each, so the limits lie at the powers of two of 2 ± 5.32.
#[test]
fn durations_are_judged_by_their_ratios() {
    let values = [2.0, 8.0].repeat(6);
    let limits = Limits::of(&values, Scale::Log, FREE).unwrap();
    near(limits.mean, 4.0);
    near(limits.upper.unwrap(), 2f64.powf(7.32));
    near(limits.lower.unwrap(), 2f64.powf(-3.32));
    assert_eq!(limits.outside(150.0), None);
    assert_eq!(limits.outside(160.0), Some(Signal::AboveLimit));
    // As they are, the mean would be 5, the ranges 6, and a hundred hours would be news.
    let linear = Limits::of(&values, Scale::Linear, FREE).unwrap();
    near(linear.upper.unwrap(), 5.0 + 2.66 * 6.0);
}

#[test]
fn what_cannot_lie_on_a_scale_has_no_limits() {
    let zero = [vec![0.0], vec![1.0; 11]].concat();
    assert_eq!(Limits::of(&zero, Scale::Log, FREE), None);
    assert_eq!(Limits::of(&[-1.0; 12], Scale::DaysBetween, FREE), None);
}
