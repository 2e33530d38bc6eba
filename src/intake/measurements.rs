//! `POST /v1/measurements`: values of KPIs, all of them or none.

use std::collections::BTreeSet;
use std::fmt;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::de::{Deserializer, Error as _, Unexpected, Visitor};
use serde::{Deserialize, Serialize};

use super::answer::{FieldError, Problem};
use super::door::{Begun, Door, Received};
use crate::app::Error;
use crate::command::value::{KpiKey, PeriodName};
use crate::kpi::batch;
use crate::kpi::batch::flow::Counts;
use crate::kpi::batch::rules::{Entry, Intake, Verdict, Wrong};
use crate::kpi::rules::{Kpi, Source};
use crate::sql;
use crate::store::Tx;

/// As many values as one request may have.
pub const MOST: usize = 10_000;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    measurements: Vec<Sent>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    kpi: KpiKey,
    period: Stretch,
    value: Number,
    note: Option<String>,
    reason: Option<String>,
}

#[derive(Debug, Serialize)]
struct Answer {
    recorded: usize,
    corrected: usize,
    unchanged: usize,
}

/// A number, and nothing that looks like one.
#[derive(Debug)]
struct Number(f64);

/// A period by its name.
#[derive(Debug)]
struct Stretch(PeriodName);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Number, D::Error> {
        struct Reading;
        impl Visitor<'_> for Reading {
            type Value = Number;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number")
            }

            fn visit_f64<E>(self, number: f64) -> Result<Number, E> {
                Ok(Number(number))
            }

            // Whole numbers of JSON; beyond 2^53 they are no values anyhow.
            fn visit_i64<E>(self, number: i64) -> Result<Number, E> {
                Ok(Number(number as f64))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Number, E> {
                Ok(Number(number as f64))
            }
        }
        from.deserialize_any(Reading)
    }
}

impl<'de> Deserialize<'de> for Stretch {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Stretch, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map(Stretch).map_err(|_| {
            let example = "a period like 2026-10, 2026-W47, 2026-Q3 or a day in it";
            D::Error::invalid_value(Unexpected::Str(&text), &example)
        })
    }
}

/// Takes values in.
pub async fn take(State(door): State<Door>, request: Request) -> Result<Response, Problem> {
    let received = door.receive(request).await?;
    let entries = entries(&received)?;
    let mut tx = match door.begin(&received).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(tx) => tx,
    };
    let counts = keep(&mut tx, &received, entries).await?;
    let answer = Answer {
        recorded: counts.recorded,
        corrected: counts.corrected,
        unchanged: counts.unchanged,
    };
    let answer = serde_json::to_value(answer).map_err(Error::from)?;
    door.finish(tx, &received, answer).await
}

/// The values of a request that this token may send.
fn entries(received: &Received) -> Result<Vec<Entry>, Problem> {
    let Body { measurements } = received.read()?;
    if measurements.is_empty() || measurements.len() > MOST {
        let message = format!(
            "Send 1 to {MOST} values in one request; these are {}.",
            measurements.len()
        );
        return Err(Problem::field(
            StatusCode::UNPROCESSABLE_ENTITY,
            "measurements",
            message,
        ));
    }
    let closed = |(index, sent): (usize, &Sent)| {
        (!received.token.covers(&sent.kpi)).then(|| FieldError {
            field: format!("measurements[{index}].kpi"),
            message: format!("This token is not good for {}.", sent.kpi),
        })
    };
    let closed: Vec<FieldError> = measurements.iter().enumerate().filter_map(closed).collect();
    if !closed.is_empty() {
        return Err(Problem::fields(StatusCode::FORBIDDEN, closed));
    }
    let entry = |sent: Sent| Entry {
        kpi: sent.kpi,
        period: sent.period.0,
        value: sent.value.0,
        note: sent.note,
        reason: sent.reason,
    };
    Ok(measurements.into_iter().map(entry).collect())
}

/// Keeps all of them, or says what is wrong with each that is.
async fn keep(tx: &mut Tx, received: &Received, entries: Vec<Entry>) -> Result<Counts, Problem> {
    let workspace = received.workspace.id;
    let keys: Vec<KpiKey> = entries.iter().map(|entry| entry.kpi.clone()).collect();
    let named: BTreeSet<KpiKey> = keys.iter().cloned().collect();
    let mut ledger = batch::flow::ledger(tx, workspace, &named).await?;
    let intake = Intake {
        today: received.today(),
        may: &is_pushed,
        place: &|index| format!("measurements[{index}]"),
    };
    let verdicts = batch::rules::judge(entries, &ledger, intake);
    let mut wrong = Vec::new();
    let mut judged: Vec<(KpiKey, Verdict)> = Vec::with_capacity(keys.len());
    for (index, (key, verdict)) in keys.into_iter().zip(verdicts).enumerate() {
        match verdict {
            Ok(verdict) => judged.push((key, verdict)),
            Err(Wrong { field, why }) => wrong.push(FieldError {
                field: format!("measurements[{index}].{field}"),
                message: why,
            }),
        }
    }
    if !wrong.is_empty() {
        return Err(Problem::fields(StatusCode::UNPROCESSABLE_ENTITY, wrong));
    }
    let via = received.via("push");
    let giver = received.giver(&via);
    let counts = batch::flow::keep_all(tx, giver, &mut ledger, judged, None).await?;
    for key in &named {
        let worked = sql!(tx, source::source_worked(workspace, key, received.at));
        worked.map_err(Error::from)?;
    }
    Ok(counts)
}

fn is_pushed(kpi: &Kpi) -> Result<(), String> {
    match kpi.source {
        Source::Push => Ok(()),
        other => Err(format!(
            "The values of {} come from elsewhere ({}). A manager changes that with /isms source \
             push {}.",
            kpi.key,
            other.words(),
            kpi.key
        )),
    }
}
