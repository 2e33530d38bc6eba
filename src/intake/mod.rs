//! The face for programs: values and alerts come in over HTTP, on a port of its own.
//!
//! | request | does |
//! |---|---|
//! | `POST /v1/measurements` | takes values of KPIs whose source is `push`, all of them or none |
//! | `POST /v1/alerts/alertmanager`, `…/generic` | counts alerts into KPIs whose source is `webhook` |
//! | `POST /v1/risks` | takes the risk register, as a whole |
//! | `GET /calendar/….ics` | gives the reviews to a calendar; its address is its secret |
//! | `GET /v1/openapi.json` | says all this to programs |
//!
//! A program shows its token ([`kpi::token`](crate::kpi::token)) as `Authorization: Bearer …`. In this
//! order a request is refused for its token (401), its pace (429), its form (415, 413, 408, 400), what
//! the token is not good for (403), and what is wrong with what it says (422); each as
//! `application/problem+json` that names the fields. An `Idempotency-Key` is kept with its answer for
//! [`KEPT`], in the transaction of what was done, so a repeat has no second effect.
//!
//! TLS is the business of whatever stands before it.

mod alerts;
mod answer;
mod calendar;
mod door;
mod measurements;
mod risks;

use std::num::NonZeroU32;

use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use crate::app::App;
use answer::Problem;
use door::Door;
pub use door::{Answered, Before, KEPT};

/// How much is taken.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// As long as a body may be, in bytes.
    pub body: usize,
    /// As many requests as one token may make in a minute.
    pub per_minute: NonZeroU32,
}

/// What all this is, in OpenAPI's words.
pub const OPENAPI: &str = include_str!("openapi.json");

pub fn router(app: App, limits: Limits) -> Router {
    Router::new()
        .route("/v1/measurements", post(measurements::take))
        .route("/v1/alerts/alertmanager", post(alerts::of_alertmanager))
        .route("/v1/alerts/generic", post(alerts::of_others))
        .route("/v1/risks", post(risks::take))
        .route("/calendar/{file}", get(calendar::give))
        .route("/v1/openapi.json", get(openapi))
        .fallback(nowhere)
        .method_not_allowed_fallback(not_so)
        .with_state(Door::new(app, limits))
}

async fn openapi() -> Response {
    let kind = (axum::http::header::CONTENT_TYPE, "application/json");
    ([kind], OPENAPI).into_response()
}

async fn nowhere() -> Problem {
    let detail = "What there is stands in /v1/openapi.json.";
    Problem::new(StatusCode::NOT_FOUND, detail)
}

async fn not_so() -> Problem {
    let detail = "This address takes another method; see /v1/openapi.json.";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, detail)
}
