use chrono_tz::Europe::Berlin;
use serde_json::json;

use super::*;
use crate::audit::rules::plan_year;
use crate::kpi::period::tests::period;
use crate::kpi::rules::tests::click_rate;

fn told(at: &str, record: &str, kind: &str, data: Value) -> Told {
    Told {
        record: record.to_owned(),
        at: format!("{at}:00:00+01:00").parse().unwrap(),
        kind: format!("action-{kind}"),
        data,
    }
}

fn november() -> Window {
    Window::of(period("2026-11"), Berlin)
}

fn figure(of: Figure, log: &[Told]) -> Option<f64> {
    of_actions(of, log, (&november(), Berlin))
}

/// CA-1 is closed in time after ten days and found ineffective; CA-2 is closed late after thirty;
/// CA-3 is open and late; CA-4 is open and extended; CA-5 is cancelled; CA-6 comes in December.
fn log() -> Vec<Told> {
    let raised = |due: &str| json!({ "due": due, "severity": "minor" });
    vec![
        told("2026-10-20T10", "CA-2", "raised", raised("2026-11-10")),
        told("2026-11-01T10", "CA-1", "raised", raised("2026-11-20")),
        told("2026-11-02T00", "CA-3", "raised", raised("2026-11-30")),
        told("2026-11-03T10", "CA-4", "raised", raised("2026-11-15")),
        told("2026-11-04T10", "CA-5", "raised", raised("2026-11-15")),
        told("2026-11-05T10", "CA-5", "cancelled", json!({})),
        told("2026-11-11T10", "CA-1", "done", json!({})),
        told(
            "2026-11-12T10",
            "CA-4",
            "extended",
            json!({ "due": "2026-12-15" }),
        ),
        told("2026-11-19T10", "CA-2", "done", json!({})),
        told(
            "2026-11-20T10",
            "CA-1",
            "verified",
            json!({ "result": "ineffective" }),
        ),
        told(
            "2026-11-21T10",
            "CA-2",
            "verified",
            json!({ "result": "effective" }),
        ),
        told("2026-12-01T00", "CA-6", "raised", raised("2026-11-15")),
        told("2026-12-01T00", "CA-3", "done", json!({})),
    ]
}

#[test]
fn actions_are_counted_as_they_stood_when_the_period_ended() {
    let log = log();
    let expected = [
        (Figure::ActionsOpen, Some(3.0)),
        // CA-3 was due on the last day; CA-1 was reopened on its due date, CA-4 has more time.
        (Figure::ActionsOverdue, Some(2.0)),
        (Figure::DaysToClose, Some(20.0)),
        (Figure::ClosedOnTime, Some(50.0)),
        (Figure::OldestAge, Some(29.0 + 14.0 / 24.0)),
        (Figure::EffectivenessRate, Some(50.0)),
    ];
    for (of, value) in expected {
        assert_eq!(figure(of, &log), value, "{of}");
    }
    let mean = figure(Figure::MeanAge, &log).unwrap();
    assert!(
        (mean - (29.583 + 29.0 + 27.583) / 3.0).abs() < 0.01,
        "{mean}"
    );
}

#[test]
fn a_share_of_nothing_is_no_value_but_a_count_of_nothing_is_zero() {
    for of in [Figure::ActionsOpen, Figure::ActionsOverdue] {
        assert_eq!(figure(of, &[]), Some(0.0), "{of}");
    }
    for of in [
        Figure::DaysToClose,
        Figure::ClosedOnTime,
        Figure::MeanAge,
        Figure::OldestAge,
        Figure::EffectivenessRate,
    ] {
        assert_eq!(figure(of, &[]), None, "{of}");
    }
}

#[test]
fn audits_are_covered_and_on_time_as_of_the_end() {
    let mut audits = plan_year(2026);
    let on = |text: &str| Some(text.parse().unwrap());
    audits[0].finished_on = on("2026-01-31");
    audits[1].finished_on = on("2026-03-01");
    audits[11].finished_on = on("2026-12-01");
    let at = (&november(), Berlin);
    let done = (audits[0].scope.len() + audits[1].scope.len()) as f64;
    let coverage = of_audits(Figure::AuditCoverage, &audits, at).unwrap();
    assert!((coverage - done * 100.0 / 121.0).abs() < 1e-9, "{coverage}");
    // Eleven months have ended, and one audit was finished in its own.
    let on_time = of_audits(Figure::AuditsOnTime, &audits, at).unwrap();
    assert!((on_time - 100.0 / 11.0).abs() < 1e-9, "{on_time}");
    assert_eq!(of_audits(Figure::AuditCoverage, &[], at), None);
}

#[test]
fn values_are_on_time_before_they_count_as_missing() {
    let kpi = Kpi {
        since: "2026-08-15".parse().unwrap(),
        ..click_rate()
    };
    let value = |of: &str, on: &str| Measurement {
        period: of.parse().unwrap(),
        revision: 1,
        value: 1.0,
        note: None,
        file: None,
        by: None,
        via: Some("csv".to_owned()),
        at: format!("{on}T10:00:00Z").parse().unwrap(),
    };
    let rate = |values: &[Measurement], of: &str| {
        let window = Window::of(period(of), Berlin);
        measurements_on_time(&[(kpi.clone(), values.to_vec())], (&window, Berlin))
    };
    // October's value counts as missing from 8 November on.
    assert_eq!(
        rate(&[value("2026-10-01", "2026-11-07")], "2026-11"),
        Some(100.0)
    );
    assert_eq!(
        rate(&[value("2026-10-01", "2026-11-08")], "2026-11"),
        Some(0.0)
    );
    assert_eq!(rate(&[], "2026-11"), Some(0.0));
    // Before it was set up nothing was to be there.
    assert_eq!(rate(&[], "2026-08"), None);
}
