use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::*;
use crate::kpi::period::tests::period;
use crate::kpi::picture::chart;
use crate::kpi::rules::Crossing;
use crate::kpi::rules::tests::click_rate;
use crate::people::{Person, Role, RoleFrom};

fn at(days: i64) -> DateTime<Utc> {
    "2026-11-02T09:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::days(days)
}

fn people() -> People {
    let person = |n: u128, name: &str| Person {
        id: Uuid::from_u128(n),
        external: format!("U{n}"),
        name: name.into(),
        zone: None,
        role: Role::Member,
        role_from: RoleFrom::Grant,
        present: true,
    };
    People(vec![person(1, "Mia"), person(2, "Ann")])
}

fn measured(period: &str, revision: i64, value: f64, note: Option<&str>) -> Measurement {
    Measurement {
        period: format!("{period}-01").parse().unwrap(),
        revision,
        value,
        note: note.map(str::to_owned),
        file: None,
        by: Some(Uuid::from_u128(1)),
        via: None,
        at: at(revision),
    }
}

/// A calm year and a jump in October 2026, with August missing.
fn year() -> Vec<Measurement> {
    let mut all = Vec::new();
    let mut at = period("2025-09");
    for i in 0..14 {
        if at != period("2026-08") {
            let value = if i == 13 { 13.1 } else { [3.5, 4.5][i % 2] };
            all.push(measured(&at.to_string(), 1, value, None));
        }
        at = at.next();
    }
    all
}

fn overview(measurements: &[Measurement]) -> Overview {
    Overview::of(click_rate(), measurements, "2026-11-23".parse().unwrap())
}

#[test]
fn a_kpi_shows_how_it_stands_and_every_correction() {
    let history = [
        measured("2026-09", 1, 40.0, None),
        measured("2026-09", 2, 4.0, Some("Slipped a digit")),
        measured("2026-10", 1, 5.5, Some("New test mail")),
    ];
    insta::assert_snapshot!(shown(&overview(&history), (&history, &[]), &people()).plain());
}

#[test]
fn a_chart_says_in_words_what_it_shows() {
    let view = overview(&year());
    insta::assert_snapshot!(charted(&view).plain());
    let chart = chart(&view);
    assert_eq!(chart.points.len(), 14);
    assert!(chart.points[13].signal);
    assert_eq!(chart.points[11].value, None);
    assert_eq!((chart.target, chart.warning), (Some(5.0), Some(8.0)));
    assert!(chart.mean.is_some() && chart.upper.is_some() && chart.lower.is_some());
}

#[test]
fn an_alert_carries_the_chart_and_the_way_to_act() {
    let view = overview(&year());
    let crossing = Crossing {
        off_target: true,
        signal: view.reading.signal,
    };
    let latest = view.reading.latest.unwrap();
    let day = "2026-11-02".parse().unwrap();
    let analysis = Analysis::of(&view.kpi, 1, (latest, crossing), (at(0), day));
    let card = analysis::card::alert(&view, &analysis, crossing);
    insta::assert_snapshot!(card.plain());
    assert_eq!(card.pictures().count(), 1);
}

#[test]
fn a_receipt_says_what_the_value_means() {
    let view = overview(&year());
    let october = Value {
        period: period("2026-10"),
        value: 13.1,
    };
    insta::assert_snapshot!(recorded(&view, october, None).plain());
    let older = Value {
        period: period("2025-12"),
        value: 4.5,
    };
    insta::assert_snapshot!(recorded(&view, older, Some(45.0)).plain());
}

#[test]
fn a_list_has_one_row_for_each_kpi() {
    insta::assert_snapshot!(listed(&[overview(&year()), overview(&[])]).plain());
    assert!(listed(&[]).plain().contains("/isms kpi new"));
}

#[test]
fn a_quotation_mark_in_a_name_does_not_end_the_title_of_an_action() {
    let kpi = Kpi {
        name: "The \"big\" one \\".into(),
        ..click_rate()
    };
    let button = raise_button(
        &kpi,
        Value {
            period: period("2026-10"),
            value: 9.0,
        },
    );
    assert_eq!(
        button.command,
        "action new \"The 'big' one /: 9% in 2026-10\" source:kpi control:9.1 kpi:phishing-click-rate"
    );
}

#[test]
fn a_long_note_is_cut_to_one_line_in_a_table() {
    assert_eq!(excerpt("two\nlines"), "two lines");
    let long = excerpt(&"é".repeat(500));
    assert_eq!(long.chars().count(), NOTE + 1);
    assert!(long.ends_with('…'));
}
