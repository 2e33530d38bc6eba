use chrono::TimeDelta;
use uuid::Uuid;

use super::*;
use crate::kpi::period::Period;
use crate::kpi::rules::tests::{click_rate, day};
use crate::kpi::rules::{Kpi, Measurement};

/// Monday, 09:00 in Berlin.
fn monday() -> DateTime<Utc> {
    "2026-11-23T08:00:00Z".parse().unwrap()
}

/// A KPI with these monthly values, the last one for October 2026.
fn view(key: &str, values: &[f64]) -> Overview {
    let kpi = Kpi {
        key: key.parse().unwrap(),
        name: key.replace('-', " "),
        since: day("2026-09-01"),
        ..click_rate()
    };
    let mut period = Period::of(kpi.frequency, day("2026-10-01"));
    let mut measurements = Vec::new();
    for value in values.iter().rev() {
        measurements.push(Measurement {
            period: period.first_day(),
            revision: 1,
            value: *value,
            note: None,
            file: None,
            by: Some(Uuid::from_u128(1)),
            via: None,
            at: monday() - TimeDelta::days(20),
        });
        period = period.previous();
    }
    Overview::of(kpi, &measurements, day("2026-11-23"))
}

fn overdue(n: i64) -> OverdueAction {
    OverdueAction {
        name: format!("CA-{n}"),
        title: "Patch the VPN".into(),
        owner: "Ann".into(),
        due: day("2026-11-20"),
    }
}

fn digest(views: Vec<Overview>) -> Digest {
    Digest {
        views,
        overdue: vec![],
        next_audit: None,
        last_report: None,
        head: Head {
            entries: 231,
            hash: "ab".repeat(32),
        },
        now: monday(),
        zone: chrono_tz::Europe::Berlin,
        late: None,
    }
}

/// Twelve calm values and then one.
fn after_calm(value: f64) -> Vec<f64> {
    [[3.5, 4.5].repeat(6), vec![value]].concat()
}

#[test]
fn a_digest_tells_how_it_stands_with_what_needs_a_look_first() {
    let paused = Kpi {
        paused: Some("moving".into()),
        ..view("paused-one", &[4.0]).kpi
    };
    let paused = Overview::of(paused, &[], day("2026-11-23"));
    let views = vec![
        view("awareness", &[4.0, 3.0]),
        view("backups", &[4.0, 6.0]),
        view("incidents", &after_calm(9.5)),
        view("never-measured", &[]),
        view("patches", &[4.0, 9.0]),
        view("phishing", &after_calm(7.0)),
        paused,
    ];
    let digest = Digest {
        overdue: vec![overdue(3), overdue(7)],
        next_audit: Some(NextAudit {
            name: "AUD-2026-12".into(),
            topic: "Suppliers".into(),
            auditor: None,
            late: false,
            behind: 2,
        }),
        ..digest(views)
    };
    insta::assert_snapshot!(card(&digest).plain());
    insta::assert_snapshot!(detail(&digest).unwrap().plain());
}

#[test]
fn the_headline_counts_what_it_says() {
    let words = |views: Vec<Overview>| headline(&digest(views));
    assert_eq!(
        words(vec![]),
        "No KPIs are measured yet. No action is overdue."
    );
    assert_eq!(
        words(vec![view("a", &[4.0])]),
        "The one KPI is on target. No action is overdue."
    );
    assert_eq!(
        words(vec![view("a", &[4.0]), view("b", &[5.0])]),
        "All 2 KPIs are on target. No action is overdue."
    );
    assert_eq!(
        words(vec![view("a", &[4.0]), view("b", &[9.0]), view("c", &[])]),
        "1 of 3 KPIs on target, 1 off target, 1 missing. No action is overdue."
    );
    let one = Digest {
        overdue: vec![overdue(1)],
        ..digest(vec![view("b", &after_calm(9.5))])
    };
    assert_eq!(
        headline(&one),
        "The one KPI is off target; it signals a change. 1 action is overdue."
    );
}

#[test]
fn a_late_digest_says_when_it_was_due() {
    let nominal = day("2026-11-23").and_hms_opt(9, 0, 0).unwrap();
    let late = Digest {
        late: Some(nominal),
        now: monday() + TimeDelta::hours(30),
        ..digest(vec![])
    };
    let words = card(&late).plain();
    assert!(
        words.starts_with("KPI digest · Tue 24 Nov 2026\n"),
        "{words}"
    );
    assert!(
        words.contains("This digest is late: it was due Mon 23 Nov 2026 09:00."),
        "{words}"
    );
    assert!(!card(&digest(vec![])).plain().contains("late"));
}

#[test]
fn each_kpi_that_signals_has_its_chart_and_the_sixth_stands_in_the_thread() {
    let views = (0..6).map(|i| view(&format!("k{i}"), &after_calm(9.5)));
    let digest = digest(views.chain([view("calm", &[4.0])]).collect());
    let names = |card: &Card| card.pictures().map(|p| p.name.clone()).collect::<Vec<_>>();
    assert_eq!(
        names(&card(&digest)),
        ["k0.png", "k1.png", "k2.png", "k3.png", "k4.png"]
    );
    assert_eq!(names(&detail(&digest).unwrap()), ["k5.png"]);
    assert!(
        card(&digest)
            .plain()
            .contains("And 2 more KPIs, in the thread.")
    );
}

#[test]
fn a_long_list_of_overdue_actions_says_how_many_more() {
    let digest = Digest {
        overdue: (1..=9).map(overdue).collect(),
        ..digest(vec![])
    };
    let words = card(&digest).plain();
    assert!(
        words.contains("CA-5 Patch the VPN · Ann, 3 days overdue"),
        "{words}"
    );
    assert!(!words.contains("CA-6"), "{words}");
    assert!(
        words.contains("and 4 more: /isms action list --overdue"),
        "{words}"
    );
}

#[test]
fn without_kpis_there_is_no_thread() {
    assert_eq!(detail(&digest(vec![])), None);
}
