//! What the KPI statements keep, on both databases.

use chrono::{DateTime, Utc};
use isms_bot::chat::Platform;
use isms_bot::kpi::analysis::rules::{Analysis, Finding, Found};
use isms_bot::kpi::limits::rules::Frozen;
use isms_bot::kpi::process::{Limits, Signal};
use isms_bot::kpi::rules::{
    Crossing, Direction, Frequency, Kpi, Measurement, Scale, Source, Value,
};
use isms_bot::people::Workspace;
use isms_bot::schedule::rules::MONDAY_TO_FRIDAY;
use isms_bot::sql;
use isms_bot::store::Store;
use uuid::Uuid;

use crate::on_both_databases;

async fn workspace(store: &Store) -> Uuid {
    let workspace = Workspace {
        name: "Acme".to_owned(),
        ..Workspace::new(
            Platform::Slack,
            &Uuid::now_v7().to_string(),
            (chrono_tz::Europe::Berlin, MONDAY_TO_FRIDAY),
        )
    };
    let mut tx = store.write(workspace.id).await.unwrap();
    assert!(sql!(tx, people::insert_workspace(&workspace)).unwrap());
    tx.commit().await.unwrap();
    workspace.id
}

fn full(key: &str) -> Kpi {
    Kpi {
        key: key.parse().unwrap(),
        name: "Zeit bis zur “Antwort” 🐟".to_owned(),
        purpose: Some("Line one\nline two".to_owned()),
        unit: "hours".to_owned(),
        direction: Direction::Lower,
        target: 0.1,
        warning: Some(-0.30000000000000004),
        frequency: Frequency::Quarterly,
        measurer: Uuid::now_v7(),
        analyst: Uuid::now_v7(),
        source: Source::Manual,
        scale: Scale::Linear,
        paused: Some("moving".to_owned()),
        since: "2026-02-28".parse().unwrap(),
        limits: Vec::new(),
    }
}

fn bare(key: &str) -> Kpi {
    Kpi {
        purpose: None,
        unit: String::new(),
        direction: Direction::Higher,
        target: 5.0,
        warning: None,
        frequency: Frequency::Weekly,
        paused: None,
        ..full(key)
    }
}

fn measured(period: &str, revision: i64, value: f64) -> Measurement {
    Measurement {
        period: period.parse().unwrap(),
        revision,
        value,
        note: (revision > 1).then(|| "Slipped a digit".to_owned()),
        file: None,
        by: Some(Uuid::from_u128(7)),
        via: None,
        at: "2026-03-01T12:00:00.123456Z"
            .parse::<DateTime<Utc>>()
            .unwrap(),
    }
}

on_both_databases! {
    async fn a_kpi_is_read_as_it_was_kept(db: TestDatabase) {
        let store = db.store().await;
        let workspace = workspace(&store).await;
        let (second, first) = (full("b-full"), bare("a-bare"));
        let mut tx = store.write(workspace).await.unwrap();
        for kpi in [&second, &first] {
            assert!(sql!(tx, kpi::insert_kpi(workspace, kpi)).unwrap());
        }
        let taken = Kpi { name: "Another".to_owned(), ..full("b-full") };
        assert!(!sql!(tx, kpi::insert_kpi(workspace, &taken)).unwrap());
        tx.commit().await.unwrap();
        let mut conn = store.read().await.unwrap();
        let found = sql!(conn, kpi::find_kpi(workspace, &second.key)).unwrap();
        assert_eq!(found.as_ref(), Some(&second));
        let all = sql!(conn, kpi::list_kpis(workspace)).unwrap();
        assert_eq!(all, [first, second]);
    }

    async fn a_pause_is_kept_and_taken_back(db: TestDatabase) {
        let store = db.store().await;
        let workspace = workspace(&store).await;
        let kpi = bare("a");
        let mut tx = store.write(workspace).await.unwrap();
        sql!(tx, kpi::insert_kpi(workspace, &kpi)).unwrap();
        for reason in [Some("moving"), None] {
            sql!(tx, kpi::set_paused(workspace, &kpi.key, reason)).unwrap();
            let found = sql!(tx, kpi::find_kpi(workspace, &kpi.key)).unwrap().unwrap();
            assert_eq!(found.paused.as_deref(), reason);
        }
    }

    async fn values_and_their_corrections_are_kept_in_order(db: TestDatabase) {
        let store = db.store().await;
        let workspace = workspace(&store).await;
        let (a, b) = (bare("a"), full("b"));
        let mut tx = store.write(workspace).await.unwrap();
        sql!(tx, kpi::insert_kpi(workspace, &a)).unwrap();
        sql!(tx, kpi::insert_kpi(workspace, &b)).unwrap();
        let (first, wrong, right) = (
            measured("2025-12-29", 1, 0.1 + 0.2),
            measured("2026-01-05", 1, 1e12),
            measured("2026-01-05", 2, -1.5),
        );
        // Given out of order, and two of another KPI.
        for (kpi, given) in [(&b, &wrong), (&a, &wrong), (&a, &first), (&a, &right), (&b, &first)] {
            sql!(tx, kpi::insert_measurements(workspace, &kpi.key, std::slice::from_ref(given))).unwrap();
        }
        tx.commit().await.unwrap();
        let mut conn = store.read().await.unwrap();
        let of_a = sql!(conn, kpi::list_measurements(workspace, &a.key)).unwrap();
        assert_eq!(of_a, [first.clone(), wrong.clone(), right.clone()]);
        let all = sql!(conn, kpi::list_all_measurements(workspace)).unwrap();
        let (a, b) = (a.key, b.key);
        assert_eq!(all, [
            (a.clone(), first.clone()),
            (a.clone(), wrong.clone()),
            (a, right),
            (b.clone(), first),
            (b, wrong),
        ]);
    }

    async fn limits_are_kept_with_what_they_were_made_of_and_are_read_with_their_kpi(db: TestDatabase) {
        let store = db.store().await;
        let workspace = workspace(&store).await;
        let (a, b) = (bare("a"), full("b"));
        let mut tx = store.write(workspace).await.unwrap();
        sql!(tx, kpi::insert_kpi(workspace, &a)).unwrap();
        sql!(tx, kpi::insert_kpi(workspace, &b)).unwrap();
        let first = Frozen {
            number: 1,
            since: "2025-12-29".parse().unwrap(),
            limits: Limits { mean: 0.1 + 0.2, upper: Some(1.5), lower: None },
            made_of: vec![("2025-12-29".parse().unwrap(), 0.1 + 0.2), ("2026-01-05".parse().unwrap(), -1e12)],
            reason: None,
            by: None,
            at: measured("2026-01-05", 1, 1.0).at,
        };
        let second = Frozen {
            number: 2,
            reason: Some("New scanner".to_owned()),
            by: Some(Uuid::from_u128(7)),
            ..first.clone()
        };
        for (frozen, new) in [(&first, true), (&second, true), (&first, false)] {
            assert_eq!(sql!(tx, limits::insert_limits(workspace, &b.key, frozen)).unwrap(), new);
        }
        let found = sql!(tx, kpi::find_kpi(workspace, &b.key)).unwrap().unwrap();
        assert_eq!(found.limits, [first, second]);
        let all = sql!(tx, kpi::list_kpis(workspace)).unwrap();
        assert_eq!(all[0].limits, []);
        assert_eq!(all[1], found);
    }

    async fn analyses_are_kept_and_one_is_open_per_kpi(db: TestDatabase) {
        let store = db.store().await;
        let workspace = workspace(&store).await;
        let kpi = bare("a");
        let mut tx = store.write(workspace).await.unwrap();
        sql!(tx, kpi::insert_kpi(workspace, &kpi)).unwrap();
        let at = measured("2026-01-05", 1, 1.0).at;
        let crossing = Crossing { off_target: true, signal: Some(Signal::RowBelow(8)) };
        let value = Value { period: kpi.period(at.date_naive()), value: 0.1 + 0.2 };
        let mut first = Analysis::of(&kpi, 1, (value, crossing), (at, at.date_naive()));
        sql!(tx, analysis::save_analysis(workspace, &first)).unwrap();
        assert_eq!(sql!(tx, analysis::find_open(workspace, &kpi.key)).unwrap().as_ref(), Some(&first));
        let finding = Finding {
            found: Some(Found::SpecialCause),
            cause: Some("A new filter".to_owned()),
            no_action: Some("It is gone".to_owned()),
            ..Finding::default()
        };
        first.record(finding, (Uuid::from_u128(7), at)).unwrap();
        sql!(tx, analysis::save_analysis(workspace, &first)).unwrap();
        assert_eq!(sql!(tx, analysis::find_open(workspace, &kpi.key)).unwrap(), None);
        let second = Analysis { number: 2, ..Analysis::of(&kpi, 2, (value, crossing), (at, at.date_naive())) };
        sql!(tx, analysis::save_analysis(workspace, &second)).unwrap();
        assert_eq!(sql!(tx, analysis::list_open(workspace)).unwrap(), std::slice::from_ref(&second));
        assert_eq!(sql!(tx, analysis::list_of_kpi(workspace, &kpi.key)).unwrap(), [second.clone(), first.clone()]);
        assert_eq!(sql!(tx, analysis::list_analyses(workspace)).unwrap(), [first, second.clone()]);
        let third = Analysis { number: 3, ..second };
        assert!(sql!(tx, analysis::save_analysis(workspace, &third)).is_err());
    }

    async fn two_values_cannot_be_the_same_revision(db: TestDatabase) {
        let store = db.store().await;
        let workspace = workspace(&store).await;
        let kpi = bare("a");
        let mut tx = store.write(workspace).await.unwrap();
        sql!(tx, kpi::insert_kpi(workspace, &kpi)).unwrap();
        let value = measured("2026-01-05", 1, 1.0);
        sql!(tx, kpi::insert_measurements(workspace, &kpi.key, std::slice::from_ref(&value))).unwrap();
        let again = sql!(tx, kpi::insert_measurements(workspace, &kpi.key, std::slice::from_ref(&value)));
        assert!(again.is_err());
    }

    async fn another_workspace_has_its_own_keys(db: TestDatabase) {
        let store = db.store().await;
        let (one, other) = (workspace(&store).await, workspace(&store).await);
        let kpi = bare("a");
        let mut tx = store.write(one).await.unwrap();
        sql!(tx, kpi::insert_kpi(one, &kpi)).unwrap();
        let value = measured("2026-01-05", 1, 1.0);
        sql!(tx, kpi::insert_measurements(one, &kpi.key, std::slice::from_ref(&value))).unwrap();
        tx.commit().await.unwrap();
        let mut tx = store.write(other).await.unwrap();
        assert_eq!(sql!(tx, kpi::find_kpi(other, &kpi.key)).unwrap(), None);
        assert!(sql!(tx, kpi::list_all_measurements(other)).unwrap().is_empty());
        assert!(sql!(tx, kpi::insert_kpi(other, &full("a"))).unwrap());
    }
}
