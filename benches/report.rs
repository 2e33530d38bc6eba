//! How long the digest and the reports of a large ISMS take: 50 KPIs × 260 weekly values (five years)
//! in SQLite. `cargo bench --bench report`.
//!
//! - the digest: read, judged and worded, as it is posted
//! - the performance report of a quarter and of a year: read and judged; its PDF with a chart of each
//!   KPI; as Markdown; as rows
//!
//! Each is done [`TIMES`] times; the middle and the slowest are told.

#![expect(clippy::unwrap_used, reason = "a measurement may stop where it stands")]

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use isms_bot::chat::Platform;
use isms_bot::command::value::ReportSpan;
use isms_bot::kpi::digest;
use isms_bot::kpi::period::Period;
use isms_bot::kpi::rules::{Direction, Frequency, Kpi, Measurement, Scale, Source};
use isms_bot::people::{Person, Role, RoleFrom, Workspace};
use isms_bot::report::performance::{document, flow, values};
use isms_bot::report::{markdown, pdf};
use isms_bot::schedule::rules::MONDAY_TO_FRIDAY;
use isms_bot::sql;
use isms_bot::store::Store;
use uuid::Uuid;

const KPIS: usize = 50;
const WEEKS: usize = 260;
const TIMES: usize = 7;

fn now() -> DateTime<Utc> {
    "2026-10-01T07:00:00Z".parse().unwrap()
}

/// The workspace with all its values.
async fn filled(store: &Store) -> Workspace {
    let zone = chrono_tz::Europe::Berlin;
    let workspace = Workspace {
        name: "Alder Logistics".to_owned(),
        ..Workspace::new(Platform::Slack, "T1", (zone, MONDAY_TO_FRIDAY))
    };
    let mut tx = store.write(workspace.id).await.unwrap();
    sql!(tx, people::insert_workspace(&workspace)).unwrap();
    let person = Person {
        id: Uuid::now_v7(),
        external: "U1".to_owned(),
        name: "Ann O'Neill".to_owned(),
        zone: None,
        role: Role::Manager,
        role_from: RoleFrom::Grant,
        present: true,
    };
    sql!(tx, people::save_person(workspace.id, &person)).unwrap();
    let mut last = Period::of(Frequency::Weekly, "2026-09-27".parse().unwrap());
    let mut periods = Vec::new();
    for _ in 0..WEEKS {
        periods.push(last);
        last = last.previous();
    }
    periods.reverse();
    for number in 0..KPIS {
        let kpi = Kpi {
            key: format!("kpi-{number:02}").parse().unwrap(),
            name: format!("Measure {number:02} of the management system"),
            purpose: Some("What it tells, and how it is measured, in a sentence.".to_owned()),
            unit: "%".to_owned(),
            direction: Direction::Lower,
            target: 5.0,
            warning: Some(8.0),
            frequency: Frequency::Weekly,
            measurer: person.id,
            analyst: person.id,
            source: Source::Manual,
            scale: Scale::Linear,
            paused: None,
            since: "2021-10-01".parse().unwrap(),
            limits: Vec::new(),
        };
        sql!(tx, kpi::insert_kpi(workspace.id, &kpi)).unwrap();
        let value = |(week, period): (usize, &Period)| {
            // Calm values, with a week now and then that is far off.
            let wave = ((week * 7 + number * 13) % 11) as f64 / 4.0;
            let far = if (week + number) % 37 == 0 { 7.0 } else { 0.0 };
            Measurement {
                period: period.first_day(),
                revision: 1,
                value: 2.5 + wave + far,
                note: None,
                file: None,
                by: Some(person.id),
                via: None,
                at: now(),
            }
        };
        let values: Vec<Measurement> = periods.iter().enumerate().map(value).collect();
        sql!(
            tx,
            kpi::insert_measurements(workspace.id, &kpi.key, &values)
        )
        .unwrap();
    }
    tx.commit().await.unwrap();
    workspace
}

/// The middle and the slowest.
fn told(what: &str, mut took: Vec<Duration>) {
    took.sort_unstable();
    let (middle, slowest) = (took[took.len() / 2], took[took.len() - 1]);
    println!("{what}: {middle:.1?} (slowest {slowest:.1?})");
}

fn timed<T>(what: &str, mut work: impl FnMut() -> T) -> T {
    let mut took = Vec::new();
    let mut last = None;
    for _ in 0..TIMES {
        let begun = Instant::now();
        last = Some(work());
        took.push(begun.elapsed());
    }
    told(what, took);
    last.unwrap()
}

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bench.sqlite");
    let store = Store::open(&format!("sqlite:{}", file.display()))
        .await
        .unwrap();
    let workspace = filled(&store).await;
    println!("{KPIS} KPIs × {WEEKS} weekly values");

    let mut took = Vec::new();
    for _ in 0..TIMES {
        let begun = Instant::now();
        let mut conn = store.read().await.unwrap();
        let digest = digest::flow::gather(&mut conn, &workspace, now())
            .await
            .unwrap();
        assert!(digest::card(&digest).plain().contains("KPIs"));
        took.push(begun.elapsed());
    }
    told("digest", took);

    for span in ["2026-Q3", "2025"] {
        let span: ReportSpan = span.parse().unwrap();
        let mut took = Vec::new();
        let mut gathered = None;
        for _ in 0..TIMES {
            let begun = Instant::now();
            let mut conn = store.read().await.unwrap();
            gathered = Some(
                flow::gather(&mut conn, &workspace, span, now())
                    .await
                    .unwrap(),
            );
            took.push(begun.elapsed());
        }
        told(&format!("report {span}, read and judged"), took);
        let gathered = gathered.unwrap();
        let paper = document::document(&gathered);
        let bytes = timed(&format!("report {span} as PDF"), || {
            pdf::render(&paper).unwrap()
        });
        println!("  {} KiB, {KPIS} charts", bytes.len() / 1024);
        timed(&format!("report {span} as Markdown"), || {
            markdown::render(&paper)
        });
        timed(&format!("report {span} as rows"), || {
            values::rows(&gathered).csv().unwrap()
        });
        if let Ok(folder) = std::env::var("SHOW_PDF") {
            std::fs::write(format!("{folder}/large-{span}.pdf"), bytes).unwrap();
        }
    }
}
