//! `POST /v1/alerts/…`: alerts of monitoring systems, counted into KPIs.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::answer::Problem;
use super::door::{Begun, Door};
use crate::kpi::alerts::flow::{Counted, take};
use crate::kpi::alerts::rules::Format;

/// Alertmanager's webhook.
pub async fn of_alertmanager(state: State<Door>, request: Request) -> Result<Response, Problem> {
    count(state, request, Format::Alertmanager).await
}

/// Any other JSON.
pub async fn of_others(state: State<Door>, request: Request) -> Result<Response, Problem> {
    count(state, request, Format::Generic).await
}

async fn count(
    State(door): State<Door>,
    request: Request,
    format: Format,
) -> Result<Response, Problem> {
    let received = door.receive(request).await?;
    let body: Value = received.read()?;
    let mut tx = match door.begin(&received).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(tx) => tx,
    };
    let via = received.via("webhook");
    let giver = received.giver(&via);
    let counted = take(&mut tx, giver, (format, &body), |kpi| {
        received.token.covers(kpi)
    });
    let counted = counted.await?.map_err(|misfit| {
        Problem::field(StatusCode::UNPROCESSABLE_ENTITY, misfit.at, misfit.why)
    })?;
    if counted.is_empty() {
        let detail = format!(
            "No KPI that this token is good for counts these alerts. A manager says so with /isms \
             source webhook <kpi> format:{format}."
        );
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail));
    }
    let one = |counted: &Counted| {
        json!({
            "kpi": counted.kpi,
            "counted": counted.counted,
            "known": counted.known,
            "ignored": counted.ignored,
        })
    };
    let kpis: Vec<Value> = counted.iter().map(one).collect();
    door.finish(tx, &received, json!({ "kpis": kpis })).await
}
