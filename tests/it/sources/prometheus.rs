//! Values of a real Prometheus.

use std::fmt::Write as _;

use chrono::{DateTime, TimeDelta, Utc};

use super::{hosts, said, stage, told};
use crate::harness::prometheus::Prometheus;
use crate::harness::stage::instant;
use crate::on_both_databases;

/// The week 2025-W45 in Berlin.
const MONDAY: &str = "2025-11-03T00:00:00+01:00";
const NEXT: &str = "2025-11-10T00:00:00+01:00";

/// A sample every five minutes, from a day before the week to a day after it.
fn samples(out: &mut String, series: &str, value: impl Fn(DateTime<Utc>) -> f64) {
    let mut at = instant(MONDAY) - TimeDelta::days(1);
    while at <= instant(NEXT) + TimeDelta::days(1) {
        writeln!(out, "{series} {} {}", value(at), at.timestamp()).unwrap();
        at += TimeDelta::minutes(5);
    }
}

/// A shop that is down on the Monday, tickets that are seven when the week ends and many more five
/// minutes later, and two hosts at each of which a log-in fails every five minutes.
fn metrics() -> String {
    let mut out = String::new();
    let (from, to) = (instant(MONDAY), instant(NEXT));
    writeln!(out, "# TYPE probe_success gauge").unwrap();
    samples(&mut out, "probe_success{job=\"shop\"}", |at| {
        f64::from(!(at > from && at <= from + TimeDelta::days(1)))
    });
    writeln!(out, "# TYPE open_tickets gauge").unwrap();
    samples(
        &mut out,
        "open_tickets",
        |at| if at <= to { 7.0 } else { 99.0 },
    );
    writeln!(out, "# TYPE login_failures counter").unwrap();
    for host in ["a", "b"] {
        let series = format!("login_failures_total{{host=\"{host}\"}}");
        samples(&mut out, &series, |at| {
            (at.timestamp() / 300 - 5_800_000) as f64
        });
    }
    out + "# EOF\n"
}

on_both_databases! {
    async fn a_real_prometheus_is_asked_at_the_end_of_a_week_and_over_it(db: TestDatabase) {
        let prometheus = Prometheus::with(&metrics()).await;
        let stage = stage(&db, hosts(std::slice::from_ref(&prometheus.host))).await;
        stage.app.clock.move_to(instant("2025-11-05T10:00:00+01:00"));
        let url = prometheus.url();
        let asked = [
            ("tickets", "open_tickets", "", "7 in 2025-W45"),
            ("availability", "probe_success{job=\\\"shop\\\"}", "range:avg factor:100", "85.71"),
            ("hours-up", "probe_success", "range:sum", "144 in 2025-W45"),
            ("worst", "min(probe_success)", "range:min", "0 in 2025-W45"),
            ("best", "probe_success", "range:max", "1 in 2025-W45"),
            ("at-last", "open_tickets", "range:last factor:0.001", "0.007"),
            ("failed", "sum(increase(login_failures_total[{seconds}s]))", "", "4,032 in 2025-W45"),
        ];
        for (key, query, more, _) in asked {
            let new = format!("kpi new {key} Asked unit:x direction:lower target:10 frequency:weekly measurer:@tom");
            said(&stage, "maya", &new, "is set up").await;
            let line = format!("source prometheus {key} url:{url}/ query:\"{query}\" {more}");
            said(&stage, "maya", &line, "Prometheus").await;
        }
        stage.sleep_until("2025-11-10T00:20:00+01:00").await;
        for (key, _, _, value) in asked {
            let show = said(&stage, "tom", &format!("kpi show {key}"), "last worked").await;
            let value = value.replace(" in", " x in").replace("4,032", "4032");
            assert!(show.replace(',', "").contains(&value), "{key}: {show}");
        }
    }

    async fn what_prometheus_cannot_answer_is_told_with_what_would_be_right(db: TestDatabase) {
        let prometheus = Prometheus::with(&metrics()).await;
        let stage = stage(&db, hosts(std::slice::from_ref(&prometheus.host))).await;
        stage.app.clock.move_to(instant("2025-11-10T10:00:00+01:00"));
        let new = "kpi new k Asked unit:x direction:lower target:10 frequency:weekly measurer:@tom";
        said(&stage, "maya", new, "is set up").await;
        for (query, answer) in [
            ("login_failures_total", "2 series ({__name__=login_failures_total, host=a}"),
            ("no_such_metric", "finds nothing for this period"),
            ("open_tickets[1h]", "avg_over_time(…)"),
            ("sum(open_tickets", "it answers 400 Bad Request: invalid parameter"),
            ("open_tickets / 0", "which is no number"),
            ("no_such_metric or vector(0)", "0 x in 2025-W45"),
        ] {
            let line = format!("source prometheus k url:{} query:\"{query}\"", prometheus.url());
            said(&stage, "maya", &line, "Prometheus").await;
            said(&stage, "maya", "source try k", answer).await;
        }
        // What answers, and is no Prometheus.
        let line = format!("source prometheus k url:{}/nowhere query:up", prometheus.url());
        said(&stage, "maya", &line, "Prometheus").await;
        said(&stage, "maya", "source try k", "404 Not Found: is the address right?").await;
        // It goes away in the week, comes to the measurer's ears, and the value is missing.
        let line = format!("source prometheus k url:{} query:open_tickets", prometheus.url());
        said(&stage, "maya", &line, "Prometheus").await;
        drop(prometheus);
        stage.move_to("2025-11-17T10:00:00+01:00").await;
        let cards = told(&stage, "tom", "cannot be reached");
        assert_eq!(cards.len(), 1, "{cards:#?}");
    }
}
