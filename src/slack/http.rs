//! Slack calls us: `POST /slack/events`, one address for events, commands, clicks and forms.
//!
//! What arrives is believed if it is signed with the app's signing secret and not older than five
//! minutes. A signature is good for once. Bodies are small; a longer one is refused before it is read.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::post;
use chrono::{DateTime, TimeDelta, Utc};
use ring::hmac;
use serde_json::{Value, json};
use slack_morphism::prelude::SlackInteractionResponse;

use super::answer::Desk;
use super::intake::Kind;
use crate::clock::Clock;
use crate::config::Secret;

/// The address that the app's settings name, three times.
const PATH: &str = "/slack/events";
/// Slack's views are 250 KB at most, and a click brings its message along.
const LONGEST: usize = 1024 * 1024;
/// Slack's own advice.
const OLDEST: TimeDelta = TimeDelta::minutes(5);
/// Signatures remembered at most; they are forgotten when they are too old anyway.
const REMEMBERED: usize = 100_000;

struct Door {
    desk: Arc<Desk>,
    key: hmac::Key,
    clock: Clock,
    used: Mutex<HashMap<String, DateTime<Utc>>>,
}

/// What serves Slack's requests. `secret` is the app's signing secret.
pub fn router(desk: Arc<Desk>, secret: &Secret) -> Router {
    let clock = desk.slack().clock.clone();
    let door = Door {
        key: hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes()),
        clock,
        used: Mutex::default(),
        desk,
    };
    Router::new()
        .route(PATH, post(receive).fallback(wrong_method))
        .with_state(Arc::new(door))
}

async fn wrong_method() -> Response {
    let allow = [(header::ALLOW, "POST")];
    let words = "Slack posts its events here; there is nothing to see.\n";
    (StatusCode::METHOD_NOT_ALLOWED, allow, words).into_response()
}

/// A refusal, with what would be right. Whoever signs nothing learns nothing else.
fn refused(status: StatusCode, words: &'static str) -> Response {
    metrics::counter!("isms_slack_http_refused_total", "status" => status.as_str().to_owned())
        .increment(1);
    (status, format!("{words}\n")).into_response()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Written {
    Json,
    Form,
}

async fn receive(State(door): State<Arc<Door>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Some(written) = written(&parts.headers) else {
        let words = "Send application/json or application/x-www-form-urlencoded.";
        return refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, words);
    };
    let body = match read(&parts.headers, body).await {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    let signature = match door.signed(&parts.headers, &body) {
        Ok(signature) => signature,
        Err(words) => return refused(StatusCode::UNAUTHORIZED, words),
    };
    if door.was_used(signature) {
        tracing::info!("slack: a request that came before");
        return StatusCode::OK.into_response();
    }
    if let Some(number) = word(&parts.headers, "x-slack-retry-num") {
        let reason = word(&parts.headers, "x-slack-retry-reason").unwrap_or_default();
        tracing::warn!(number, reason, "slack: an event is delivered again");
        metrics::counter!("isms_slack_http_retries_total").increment(1);
    }
    door.take(written, &body).await
}

fn word<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

fn written(headers: &HeaderMap) -> Option<Written> {
    let kind = word(headers, header::CONTENT_TYPE.as_str())?;
    match kind.split(';').next()?.trim() {
        "application/json" => Some(Written::Json),
        "application/x-www-form-urlencoded" => Some(Written::Form),
        _ => None,
    }
}

async fn read(headers: &HeaderMap, body: Body) -> Result<Vec<u8>, Response> {
    let too_long = || refused(StatusCode::PAYLOAD_TOO_LARGE, "At most 1 MiB is read here.");
    let said = word(headers, header::CONTENT_LENGTH.as_str());
    let said = said.and_then(|length| length.parse::<usize>().ok());
    if said.is_some_and(|length| length > LONGEST) {
        return Err(too_long());
    }
    // A body that says no length, or a wrong one, is cut off at the same place.
    match to_bytes(body, LONGEST).await {
        Ok(bytes) => Ok(bytes.to_vec()),
        Err(error) if is_limit(&error) => Err(too_long()),
        Err(_) => Err(refused(StatusCode::BAD_REQUEST, "The body broke off.")),
    }
}

fn is_limit(error: &axum::Error) -> bool {
    std::error::Error::source(error).is_some_and(|cause| cause.to_string().contains("limit"))
}

impl Door {
    /// The signature, if it is good: age first, then the code over `v0:time:body` in constant time.
    /// (The library's verifier asks the machine for the time; here only the clock is asked.)
    fn signed<'h>(&self, headers: &'h HeaderMap, body: &[u8]) -> Result<&'h str, &'static str> {
        let time = word(headers, "x-slack-request-timestamp");
        let signature = word(headers, "x-slack-signature");
        let (Some(time), Some(signature)) = (time, signature) else {
            return Err("Only requests signed by Slack are read here.");
        };
        let sent = time.parse().ok();
        let sent = sent.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        let age = sent.map(|sent| (self.clock.now() - sent).abs());
        if age.is_none_or(|age| age > OLDEST) {
            return Err("This request is older than five minutes, or the clocks differ.");
        }
        let wrong = "The signature does not fit: is slack.signing_secret the app's?";
        let tag = signature.strip_prefix("v0=").map(hex::decode);
        let Some(Ok(tag)) = tag else {
            return Err(wrong);
        };
        let signed = [b"v0:", time.as_bytes(), b":", body].concat();
        match hmac::verify(&self.key, &signed, &tag) {
            Ok(()) => Ok(signature),
            Err(_) => Err(wrong),
        }
    }

    /// Remembers a good signature for as long as it would be good; true if it came before.
    fn was_used(&self, signature: &str) -> bool {
        let now = self.clock.now();
        let Ok(mut used) = self.used.lock() else {
            return true;
        };
        if used.len() >= REMEMBERED {
            used.retain(|_, until| *until > now);
        }
        // The window reaches as far into the future as into the past.
        let until = now + OLDEST + OLDEST;
        match used.insert(signature.to_ascii_lowercase(), until) {
            Some(until) => until > now,
            None => false,
        }
    }

    async fn take(&self, written: Written, body: &[u8]) -> Response {
        match written {
            Written::Json => match serde_json::from_slice::<Value>(body) {
                Ok(event) => self.event(event).await,
                Err(_) => refused(StatusCode::BAD_REQUEST, "This is not JSON."),
            },
            Written::Form => self.form(body).await,
        }
    }

    async fn event(&self, event: Value) -> Response {
        if event["type"] == "url_verification" {
            // Slack tries the address when it is entered, maybe before the tokens are known.
            return Json(json!({ "challenge": event["challenge"] })).into_response();
        }
        self.hand_over(Kind::Event, event).await
    }

    /// A command is a form; everything else is JSON in its one field.
    async fn form(&self, body: &[u8]) -> Response {
        let fields: HashMap<String, String> =
            url::form_urlencoded::parse(body).into_owned().collect();
        if fields.contains_key("ssl_check") {
            return StatusCode::OK.into_response();
        }
        match fields
            .get("payload")
            .map(|payload| serde_json::from_str(payload))
        {
            Some(Ok(payload)) => self.hand_over(Kind::Interaction, payload).await,
            Some(Err(_)) => refused(StatusCode::BAD_REQUEST, "The payload is not JSON."),
            None if fields.contains_key("command") => {
                self.hand_over(Kind::Command, json!(fields)).await
            }
            None => refused(
                StatusCode::BAD_REQUEST,
                "There is neither a command nor a payload in this form.",
            ),
        }
    }

    async fn hand_over(&self, kind: Kind, payload: Value) -> Response {
        if !self.desk.is_open().await {
            let words = "The bot is starting. Try again in a moment.";
            return refused(StatusCode::SERVICE_UNAVAILABLE, words);
        }
        let _in_hand = self.desk.token();
        // A repeat under a new signature: Slack tries an event again, others come once per trigger.
        let repeated = match payload["trigger_id"].as_str() {
            Some(trigger) => self.desk.saw_before(trigger),
            None => false,
        };
        match self.desk.take(kind, payload, repeated).await {
            SlackInteractionResponse::Empty => StatusCode::OK.into_response(),
            answer => Json(answer).into_response(),
        }
    }
}
