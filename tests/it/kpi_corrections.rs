//! Whatever is recorded and corrected, in whatever order, by people or in bulk: nothing is overwritten,
//! the last word on a period stands, every correction has its reason, and the log tells the same as the
//! rows.

use std::collections::BTreeMap;

use isms_bot::chat::Reply;
use isms_bot::command::value::KpiKey;
use isms_bot::kpi::keep::{self, Given, Giver};
use isms_bot::kpi::period::Period;
use isms_bot::kpi::rules::{Frequency, Kpi, Measurement};
use isms_bot::people::Role::Manager;
use isms_bot::record::Past;
use isms_bot::sql;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::harness::stage::Stage;
use crate::on_both_databases;

/// Something that is done to the values of the months January to April.
#[derive(Debug, Clone)]
enum Act {
    Record(u32, i32),
    Correct(u32, i32),
    /// Somebody leaves the reason out.
    CorrectSilently(u32, i32),
    /// A program gives several at once.
    Bulk(Vec<(u32, i32)>),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let month = 1u32..=4;
    let value = 0i32..=3;
    let one = (month, value);
    let act = prop_oneof![
        3 => one.clone().prop_map(|(m, v)| Act::Record(m, v)),
        4 => one.clone().prop_map(|(m, v)| Act::Correct(m, v)),
        1 => one.clone().prop_map(|(m, v)| Act::CorrectSilently(m, v)),
        1 => prop::collection::vec(one, 1..4).prop_map(Act::Bulk),
    ];
    prop::collection::vec(act, 8..24)
}

/// What should stand: for each month every value that was ever given, oldest first.
type Model = BTreeMap<u32, Vec<f64>>;

/// Does it, and says whether it should have had an effect.
async fn does(stage: &Stage, kpi: &Kpi, model: &mut Model, act: &Act) {
    let given = |model: &Model, month: u32| model.get(&month).and_then(|v| v.last().copied());
    match act {
        Act::Record(month, value) => {
            let line = format!("kpi record {} {value} period:2026-{month:02}", kpi.key);
            let reply = stage.says("maya", &line).await;
            let is_new = given(model, *month).is_none();
            assert_eq!(has_effect(&reply, "recorded"), is_new, "{line}: {reply:?}");
            if is_new {
                model.entry(*month).or_default().push(f64::from(*value));
            }
        }
        Act::Correct(month, value) => {
            let line = format!(
                "kpi correct {} 2026-{month:02} {value} Counted anew",
                kpi.key
            );
            let reply = stage.says("maya", &line).await;
            let was = given(model, *month);
            let changes = was.is_some_and(|was| was != f64::from(*value));
            assert_eq!(
                has_effect(&reply, "corrected from"),
                changes,
                "{line}: {reply:?}"
            );
            if changes {
                model.entry(*month).or_default().push(f64::from(*value));
            }
        }
        Act::CorrectSilently(month, value) => {
            let line = format!("kpi correct {} 2026-{month:02} {value}", kpi.key);
            let reply = stage.says("maya", &line).await;
            assert!(matches!(reply, Reply::Form(_)), "{line}: {reply:?}");
        }
        Act::Bulk(values) => {
            let given = values.iter().map(|(month, value)| Given {
                period: period(*month),
                value: f64::from(*value),
                note: Some("Counted by a program".to_owned()),
                file: None,
            });
            let giver = Giver {
                workspace: &stage.workspace,
                by: None,
                via: Some("csv"),
                at: stage.app.clock.now(),
            };
            let mut tx = stage.app.store.write(stage.workspace.id).await.unwrap();
            let mut history = keep::history(&mut tx, stage.workspace.id, kpi)
                .await
                .unwrap();
            keep::keep(&mut tx, giver, (kpi, &mut history), given.collect())
                .await
                .unwrap();
            tx.commit().await.unwrap();
            for (month, value) in values {
                model.entry(*month).or_default().push(f64::from(*value));
            }
        }
    }
}

fn has_effect(reply: &Reply, words: &str) -> bool {
    reply
        .card()
        .is_some_and(|card| card.plain().contains(words))
}

fn period(month: u32) -> Period {
    let day = chrono::NaiveDate::from_ymd_opt(2026, month, 1).unwrap();
    Period::of(Frequency::Monthly, day)
}

/// The rows are the model, and the values that stand are its last ones.
fn compare(kpi: &Kpi, rows: &[Measurement], model: &Model) {
    let in_rows = |month: u32| {
        let of_month = rows
            .iter()
            .filter(|m| kpi.period(m.period) == period(month));
        of_month.map(|m| (m.revision, m.value)).collect::<Vec<_>>()
    };
    for (month, values) in model {
        let expected: Vec<(i64, f64)> = (1..).zip(values.iter().copied()).collect();
        assert_eq!(in_rows(*month), expected, "every value stays, in order");
    }
    let standing = kpi.values(rows);
    let standing: Vec<_> = standing.iter().map(|v| (v.period, v.value)).collect();
    let expected: Vec<_> = model
        .iter()
        .filter_map(|(month, values)| Some((period(*month), *values.last()?)))
        .collect();
    assert_eq!(standing, expected, "the highest revision stands");
    for row in rows.iter().filter(|row| row.revision > 1) {
        let reason = row.note.as_deref().unwrap_or_default();
        assert!(!reason.trim().is_empty(), "a correction without a reason");
    }
}

/// What the log tells of values, one by one: period, revision, value, what was before.
fn told(log: &[Past]) -> Vec<(String, i64, f64, Option<f64>)> {
    let entries = log.iter().flat_map(|event| match event.kind.as_str() {
        "value-recorded" | "value-corrected" => vec![event.data.clone()],
        "values-recorded" => event.data["values"].as_array().cloned().unwrap_or_default(),
        _ => Vec::new(),
    });
    let entry = |data: serde_json::Value| {
        (
            data["period"].as_str().unwrap().to_owned(),
            data["revision"].as_i64().unwrap(),
            data["value"].as_f64().unwrap(),
            data["was"].as_f64(),
        )
    };
    let mut told: Vec<_> = entries.map(entry).collect();
    told.sort_by(|a, b| a.partial_cmp(b).unwrap());
    told
}

on_both_databases! {
    async fn no_sequence_of_corrections_loses_a_value_or_its_reason(db: TestDatabase) {
        let stage = Stage::new(&db, "2026-11-23T08:00:00+01:00").await;
        stage.person("maya", Manager, "Europe/Berlin").await;
        let mut runner = TestRunner::deterministic();
        for round in 1..=5 {
            let key: KpiKey = format!("count-{round}").parse().unwrap();
            let line = format!("kpi new {key} Count unit:pieces direction:lower target:2 frequency:monthly");
            stage.says("maya", &line).await;
            let acts = acts().new_tree(&mut runner).unwrap().current();
            let mut model = Model::new();
            for act in &acts {
                let mut conn = stage.app.store.read().await.unwrap();
                let kpi = sql!(conn, kpi::find_kpi(stage.workspace.id, &key)).unwrap().unwrap();
                let before = sql!(conn, kpi::list_measurements(stage.workspace.id, &key)).unwrap();
                drop(conn);
                does(&stage, &kpi, &mut model, act).await;
                let mut conn = stage.app.store.read().await.unwrap();
                let rows = sql!(conn, kpi::list_measurements(stage.workspace.id, &key)).unwrap();
                compare(&kpi, &rows, &model);
                for row in &before {
                    assert!(rows.contains(row), "{act:?} changed {row:?}");
                }
            }
            let mut conn = stage.app.store.read().await.unwrap();
            let rows = sql!(conn, kpi::list_measurements(stage.workspace.id, &key)).unwrap();
            let was = |row: &Measurement| {
                let of_period = rows.iter().filter(|other| other.period == row.period);
                of_period.filter(|other| other.revision + 1 == row.revision).map(|m| m.value).next()
            };
            let mut expected: Vec<_> = rows.iter().map(|row| {
                let period = Period::of(Frequency::Monthly, row.period).to_string();
                (period, row.revision, row.value, was(row))
            }).collect();
            expected.sort_by(|a, b| a.partial_cmp(b).unwrap());
            assert_eq!(told(&stage.history(key.as_str()).await), expected, "the log tells the same");
        }
    }
}
