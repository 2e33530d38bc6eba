use proptest::prelude::*;

use super::*;

const FREE: Bounds = Bounds {
    least: None,
    most: None,
};

/// Worked by hand. Sum 72, mean 6. Ranges 2 1 3 2 0 4 2 2 3 1 2: sum 22, mean 2. Reach
/// 2.66 × 2 = 5.32, so the limits are 0.68 and 11.32.
const WORKED: [f64; 12] = [5.0, 7.0, 6.0, 9.0, 7.0, 7.0, 3.0, 5.0, 7.0, 4.0, 5.0, 7.0];

fn worked() -> Limits {
    Limits::of(&WORKED, Scale::Linear, FREE).unwrap()
}

/// The signals of these values after the worked twelve.
fn after_worked(values: &[f64]) -> Vec<Option<Signal>> {
    let all = [&WORKED[..], values].concat();
    worked().signals(&all)[12..].to_vec()
}

#[test]
fn limits_are_the_mean_and_2_66_mean_moving_ranges_either_side() {
    let limits = worked();
    assert!((limits.mean - 6.0).abs() < 1e-9);
    assert!((limits.upper.unwrap() - 11.32).abs() < 1e-9);
    assert!((limits.lower.unwrap() - 0.68).abs() < 1e-9);
    assert!(limits.signals(&WORKED).iter().all(Option::is_none));
}

#[test]
fn eleven_values_are_too_few() {
    assert_eq!(Limits::of(&WORKED[..11], Scale::Linear, FREE), None);
}

#[test]
fn later_values_do_not_move_the_limits() {
    let drifted = [&WORKED[..], &[90.0, 95.0, 99.0]].concat();
    assert_eq!(Limits::of(&drifted, Scale::Linear, FREE), Some(worked()));
}

#[test]
fn a_limit_beyond_what_the_values_can_reach_is_left_out() {
    let bounds = Bounds {
        least: Some(1.0),
        most: Some(11.0),
    };
    let limits = Limits::of(&WORKED, Scale::Linear, bounds).unwrap();
    assert_eq!((limits.lower, limits.upper), (None, None));
    assert_eq!(limits.signals(&[0.0, 20.0]), [None, None]);
}

#[test]
fn a_value_outside_the_limits_signals_and_one_on_the_limit_does_not() {
    let limits = worked();
    let (upper, lower) = (limits.upper.unwrap(), limits.lower.unwrap());
    assert_eq!(
        after_worked(&[upper, 11.4, lower, 0.6]),
        [
            None,
            Some(Signal::AboveLimit),
            None,
            Some(Signal::BelowLimit)
        ]
    );
}

#[test]
fn seven_on_one_side_are_a_row_of_luck_and_eight_are_a_signal() {
    // 5 is below the mean, so that the twelve's last 7 does not count with these.
    let seven = [&[5.0][..], &[6.5; 7]].concat();
    assert!(after_worked(&seven).iter().all(Option::is_none));
    let eight = [&[5.0][..], &[6.5; 9]].concat();
    let signals = after_worked(&eight);
    assert_eq!(signals[0], None);
    assert_eq!(signals[1], Some(Signal::RowAbove(8)));
    assert_eq!(signals[8], Some(Signal::RowAbove(8)));
    assert_eq!(signals[9], Some(Signal::RowAbove(9)));
    assert_eq!(after_worked(&[5.5; 8])[7], Some(Signal::RowBelow(8)));
}

#[test]
fn a_value_on_the_mean_ends_a_row() {
    let values = [&[5.0; 7][..], &[6.0], &[5.0; 7]].concat();
    assert!(after_worked(&values).iter().all(Option::is_none));
    assert!(after_worked(&[6.0; 20]).iter().all(Option::is_none));
}

#[test]
fn after_twelve_equal_values_any_other_value_signals() {
    let limits = Limits::of(&[0.0; 12], Scale::Linear, FREE).unwrap();
    assert_eq!(
        limits.signals(&[0.0, 1.0]),
        [None, Some(Signal::AboveLimit)]
    );
}

#[test]
fn equal_values_are_on_their_mean_on_every_scale_however_floats_are_rounded() {
    for value in [0.1, 0.7, 1.1, 30.4375, 99.9, 1e-3, 123_456.7] {
        for scale in [Scale::Linear, Scale::Log, Scale::DaysBetween] {
            let values = [value; 20];
            let limits = Limits::of(&values, scale, FREE).unwrap();
            let signals = limits.signals(&values);
            assert!(signals.iter().all(Option::is_none), "{value} {scale}");
        }
    }
}

proptest! {
    #[test]
    fn moving_all_values_moves_the_limits_and_no_signal(
        values in prop::collection::vec(-100i32..100, 12..40), by in -50i32..50,
    ) {
        // Whole multiples of twelve keep the arithmetic exact.
        let values: Vec<f64> = values.iter().map(|v| f64::from(*v) * 12.0).collect();
        let moved: Vec<f64> = values.iter().map(|v| v + f64::from(by) * 12.0).collect();
        let (a, b) = (Limits::of(&values, Scale::Linear, FREE).unwrap(), Limits::of(&moved, Scale::Linear, FREE).unwrap());
        prop_assert!((b.mean - a.mean - f64::from(by) * 12.0).abs() < 1e-6);
        let sides = |l: &Limits, values: &[f64]| -> Vec<bool> {
            l.signals(values).iter().map(Option::is_some).collect()
        };
        // A value that lies within rounding of a limit may fall on either side of it.
        let edge = |value: &f64| [a.upper, a.lower].iter().flatten()
            .any(|limit| (limit - value).abs() < 1e-6);
        if !values.iter().any(edge) {
            prop_assert_eq!(sides(&a, &values), sides(&b, &moved));
        }
    }

    #[test]
    fn mirrored_values_signal_on_the_other_side(
        values in prop::collection::vec(-100i32..100, 12..40),
    ) {
        let values: Vec<f64> = values.iter().map(|v| f64::from(*v)).collect();
        let mirrored: Vec<f64> = values.iter().map(|v| -v).collect();
        let signals = |values: &[f64]| Limits::of(values, Scale::Linear, FREE).unwrap().signals(values);
        let other: Vec<_> = signals(&values).into_iter().map(|signal| signal.map(|s| match s {
            Signal::AboveLimit => Signal::BelowLimit,
            Signal::BelowLimit => Signal::AboveLimit,
            Signal::RowAbove(n) => Signal::RowBelow(n),
            Signal::RowBelow(n) => Signal::RowAbove(n),
                between => between,
        })).collect();
        prop_assert_eq!(signals(&mirrored), other);
    }
}
