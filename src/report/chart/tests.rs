use chrono::{Days, Months, NaiveDate};
use proptest::prelude::*;
use resvg::usvg;

use super::*;
use crate::chat::{ChartPoint, ChartStep};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn months(values: &[Option<f64>], signals: &[usize]) -> Vec<ChartPoint> {
    let points = values.iter().enumerate().map(|(i, value)| ChartPoint {
        period: day("2025-12-01") + Months::new(i as u32),
        value: *value,
        signal: signals.contains(&i),
    });
    points.collect()
}

fn click_rate() -> Chart {
    let values = [
        Some(6.2),
        Some(5.1),
        Some(5.8),
        Some(6.9),
        Some(5.5),
        None,
        Some(6.1),
        Some(5.2),
        Some(5.9),
        Some(5.4),
        Some(6.3),
        Some(13.1),
    ];
    Chart {
        title: "Phishing click rate".into(),
        unit: "%".into(),
        points: months(&values, &[11]),
        target: Some(5.0),
        warning: Some(8.0),
        mean: Some(5.84),
        upper: Some(8.12),
        lower: Some(3.56),
        earlier: Vec::new(),
        by_event: false,
    }
}

fn weeks() -> Chart {
    let points = (0..52u64).map(|i| ChartPoint {
        period: day("2025-12-01") + Days::new(7 * i),
        value: (i % 17 != 9)
            .then(|| 14.0 + ((i * 37) % 11) as f64 - if i > 40 { 6.0 } else { 0.0 }),
        signal: i > 47,
    });
    Chart {
        title: "Time to answer a report of something suspicious, from all offices".into(),
        unit: "minutes".into(),
        points: points.collect(),
        target: Some(15.0),
        warning: Some(15.4),
        mean: Some(15.2),
        upper: Some(25.0),
        lower: None,
        earlier: Vec::new(),
        by_event: false,
    }
}

fn quarters() -> Chart {
    let values = [
        Some(12_500.0),
        Some(13_200.0),
        Some(12_900.0),
        Some(13_900.0),
        Some(14_100.0),
    ];
    let points = values.iter().enumerate().map(|(i, value)| ChartPoint {
        period: day("2025-10-01") + Months::new(3 * i as u32),
        value: *value,
        signal: false,
    });
    Chart {
        title: "Training <hours> & \"more\"".into(),
        unit: "hours".into(),
        points: points.collect(),
        target: Some(15_000.0),
        ..blank()
    }
}

fn blank() -> Chart {
    Chart {
        title: "Nothing yet".into(),
        unit: String::new(),
        points: vec![],
        target: None,
        warning: None,
        mean: None,
        upper: None,
        lower: None,
        earlier: Vec::new(),
        by_event: false,
    }
}

/// Width and height as the PNG's first chunk says them.
fn size_of(png: &[u8]) -> (u32, u32) {
    assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    (number(16), number(20))
}

#[test]
fn a_chart_is_a_png_of_its_size() {
    for (name, chart) in [
        ("months", click_rate()),
        ("weeks", weeks()),
        ("quarters", quarters()),
        ("blank", blank()),
        ("stepped", stepped()),
        (
            "first",
            Chart {
                points: months(&[Some(1_234_567.0)], &[]),
                ..blank()
            },
        ),
    ] {
        let png = render_png(&chart);
        assert_eq!(size_of(&png), SIZE);
        if let Ok(folder) = std::env::var("KEEP_CHARTS") {
            std::fs::write(format!("{folder}/{name}.png"), &png).unwrap();
            std::fs::write(format!("{folder}/{name}.svg"), svg(&chart)).unwrap();
        }
    }
}

#[test]
fn every_line_is_named_and_a_signal_has_its_own_shape() {
    let svg = svg(&click_rate());
    for words in [
        "Target 5",
        "Warning 8",
        "Mean 5.84",
        "Upper limit 8.12",
        "Lower limit 3.56",
    ] {
        assert!(svg.contains(words), "{words}");
    }
    assert!(svg.contains("Phishing click rate (%)"));
    assert!(svg.contains("signal") && svg.contains("<polygon"));
    let calm = Chart {
        points: months(&[Some(1.0), Some(2.0)], &[]),
        ..click_rate()
    };
    assert!(!super::svg(&calm).contains("<polygon"));
}

#[test]
fn text_is_drawn_with_the_embedded_font() {
    // Without a font the words would be left out and both pictures would be the same.
    let other = Chart {
        title: "Patches in time".into(),
        ..click_rate()
    };
    assert_ne!(render_png(&click_rate()), render_png(&other));
}

#[test]
fn a_missing_value_is_a_gap_and_not_a_zero() {
    let line = format!("stroke=\"#{:02X}{:02X}{:02X}\"", VALUE.0, VALUE.1, VALUE.2);
    let whole = Chart {
        points: months(&[Some(4.0), Some(5.0), Some(6.0)], &[]),
        ..click_rate()
    };
    let broken = Chart {
        points: months(&[Some(4.0), None, Some(6.0)], &[]),
        ..click_rate()
    };
    assert_eq!(svg(&whole).matches(&line).count(), 2);
    assert_eq!(svg(&broken).matches(&line).count(), 0);
    assert!(svg(&broken).contains("no value"));
}

/// A year around 4, and another around 14 with the limits recalculated from its first month on.
fn stepped() -> Chart {
    let values: Vec<_> = [3.5, 4.5].repeat(6).into_iter().map(Some).collect();
    let higher: Vec<_> = [13.5, 14.5].repeat(6).into_iter().map(Some).collect();
    Chart {
        points: months(&[values, higher].concat(), &[3]),
        mean: Some(14.0),
        upper: Some(16.66),
        lower: Some(11.34),
        earlier: vec![ChartStep {
            until: day("2026-12-01"),
            mean: 4.0,
            upper: Some(6.66),
            lower: Some(1.34),
        }],
        ..click_rate()
    }
}

#[test]
fn recalculated_limits_make_a_step() {
    let chart = stepped();
    let plot = Plot::of(&chart);
    let begins = plot.begins(&chart);
    assert!(plot.x(11) < begins && begins < plot.x(12), "{begins}");
    let drawn = svg(&chart);
    let mean = |from: i32, to: i32, at: f64| format!("{from},{0} {to},{0}", plot.y(at));
    let right = SIZE.0 as i32 - RIGHT;
    assert!(
        drawn.contains(&mean(begins, right, 14.0)),
        "the mean of now"
    );
    assert!(
        drawn.contains(&mean(plot.left, begins, 4.0)),
        "the mean of before"
    );
    assert!(drawn.contains("Mean 14") && !drawn.contains("Mean 4 "));
    // Without a step, the mean runs all along.
    let same = Chart {
        earlier: Vec::new(),
        ..stepped()
    };
    let plot = Plot::of(&same);
    assert_eq!(plot.begins(&same), plot.left);
    // Limits that ended before the chart begins leave nothing behind.
    let mut old = stepped();
    old.earlier[0].until = day("2020-01-01");
    assert_eq!(Plot::of(&old).begins(&old), plot.left);
}

#[test]
fn events_are_labelled_with_their_days() {
    let points = ["2026-01-14", "2026-03-02", "2026-03-09"].map(|on| ChartPoint {
        period: day(on),
        value: Some(30.0),
        signal: false,
    });
    let svg = svg(&Chart {
        points: points.to_vec(),
        by_event: true,
        ..blank()
    });
    assert!(svg.contains("14 Jan") && svg.contains("9 Mar"), "{svg}");
}

#[test]
fn weeks_are_counted_in_their_own_year() {
    let points = ["2024-12-23", "2024-12-30", "2025-01-06"].map(|monday| ChartPoint {
        period: day(monday),
        value: Some(1.0),
        signal: false,
    });
    let svg = svg(&Chart {
        points: points.to_vec(),
        ..blank()
    });
    let at = |words: &str| {
        svg.find(words)
            .unwrap_or_else(|| panic!("{words} is missing"))
    };
    // The 30th of December 2024 begins week 1 of 2025.
    assert!(at("W52") < at("2024") && at("2024") < at("W01") && at("W01") < at("2025"));
}

#[test]
fn a_percentage_has_nothing_above_100() {
    let full = Chart {
        points: months(&[Some(90.0), Some(100.0)], &[]),
        target: Some(100.0),
        ..blank()
    };
    let ticks = |unit: &str| {
        let chart = Chart {
            unit: unit.into(),
            ..full.clone()
        };
        Plot::of(&chart).ticks().map(|_| ()).count()
    };
    assert_eq!(ticks("%") + 1, ticks("points"));
    assert!(
        !svg(&Chart {
            unit: "%".into(),
            ..full.clone()
        })
        .contains("102")
    );
}

#[test]
fn a_long_title_is_set_smaller_and_then_cut() {
    let titled = |letters: usize| {
        svg(&Chart {
            title: "x".repeat(letters),
            ..blank()
        })
    };
    assert!(titled(50).contains(&"x".repeat(50)));
    assert!(titled(70).contains(&"x".repeat(70)));
    assert!(!titled(90).contains(&"x".repeat(90)) && titled(90).contains("x…"));
}

#[test]
fn names_never_stand_on_one_another() {
    let placed = spread(&[100, 101, 101, 300, 590, 591]);
    assert!(
        placed
            .windows(2)
            .all(|pair| pair[1] - pair[0] >= LABEL_HEIGHT),
        "{placed:?}"
    );
    assert_eq!(placed[0], 100);
    assert!(*placed.last().unwrap() <= SIZE.1 as i32 - BOTTOM + LABEL_HEIGHT / 2);
}

#[test]
fn a_scale_holds_its_values_at_round_steps() {
    let cases = [
        ((5.1, 13.1), (0.0, 15.0, 2.5)),
        ((0.0, 100.0), (0.0, 120.0, 20.0)),
        ((98.0, 99.0), (97.8, 99.2, 0.2)),
        ((-3.0, -1.0), (-4.0, 0.0, 1.0)),
        // A year without incidents.
        ((0.0, 0.0), (0.0, 1.2, 0.2)),
    ];
    for ((low, high), wanted) in cases {
        let (from, to, step) = scale(low, high);
        let off = (from - wanted.0).abs() + (to - wanted.1).abs() + (step - wanted.2).abs();
        assert!(off < 1e-9, "{low}..{high}: {from}..{to} by {step}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_chart_draws(
        title in "\\PC{0,80}|.{0,20}",
        values in prop::collection::vec(prop::option::of(prop::num::f64::ANY), 0..40),
        target in prop::option::of(prop::num::f64::ANY),
    ) {
        let chart = Chart { title, points: months(&values, &[0, 3]), target, ..blank() };
        let tree = usvg::Tree::from_str(&svg(&chart), &usvg::Options::default());
        prop_assert!(tree.is_ok(), "{tree:?}");
    }
}
