//! Who is let in, how often, with how much; and what was answered before.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use chrono::{DateTime, TimeDelta, Utc};
use futures::StreamExt;
use governor::clock::Clock as _;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::Limits;
use super::answer::Problem;
use crate::app::{App, Error, Result};
use crate::kpi::keep::Giver;
use crate::kpi::token::flow as tokens;
use crate::kpi::token::rules::{Shown, Token};
use crate::people::Workspace;
use crate::people::rules::today;
use crate::sql;
use crate::store::Tx;

/// So long an idempotency key is kept with its answer.
pub const KEPT: TimeDelta = TimeDelta::hours(48);
/// So often old ones are forgotten.
const TIDY: TimeDelta = TimeDelta::hours(1);
/// A body that takes longer to come in is given up.
const PATIENCE: Duration = Duration::from_secs(30);
const LONGEST_KEY: usize = 200;
/// So many paces are kept before those that have run out are forgotten.
const PACES: usize = 10_000;

/// The one way in. Cheap to clone.
#[derive(Clone)]
pub struct Door {
    pub app: App,
    limits: Limits,
    pace: Arc<DefaultKeyedRateLimiter<Uuid>>,
    /// When old answers of a workspace were last forgotten.
    tidied: Arc<Mutex<HashMap<Uuid, DateTime<Utc>>>>,
}

/// A request of a program that may make it.
pub struct Received {
    pub workspace: Workspace,
    pub token: Token,
    /// What a repeat would carry again.
    key: Option<String>,
    pub body: Vec<u8>,
    path: String,
    pub at: DateTime<Utc>,
}

/// What an idempotency key was answered with, and the hash of what was asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    pub asked: String,
    pub answer: Value,
}

/// The same, with when that was.
#[derive(Debug, Clone, PartialEq)]
pub struct Before {
    pub answered: Answered,
    pub answered_at: DateTime<Utc>,
}

/// How far a request has come.
pub enum Begun {
    /// It was carried out before: this was the answer.
    Before(Response),
    /// In this transaction it is to be carried out.
    Now(Tx),
}

impl Received {
    /// What the values of this program are kept under.
    pub fn via(&self, how: &str) -> String {
        format!("{how}: {}", self.token.name)
    }

    pub fn giver<'a>(&'a self, via: &'a str) -> Giver<'a> {
        Giver {
            workspace: &self.workspace,
            by: None,
            via: Some(via),
            at: self.at,
        }
    }

    /// The day it is in the workspace.
    pub fn today(&self) -> chrono::NaiveDate {
        today(self.at, self.workspace.zone)
    }

    /// Reads the body, or says where it is not what it should be.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let mut json = serde_json::Deserializer::from_slice(&self.body);
        let read = serde_path_to_error::deserialize(&mut json);
        let read = read.map_err(|error| misread(error.path().to_string(), error.inner()))?;
        json.end().map_err(|error| misread(".".into(), &error))?;
        Ok(read)
    }

    /// A repeat asks for the same thing in the same words.
    fn asked(&self) -> String {
        let mut sha = Sha256::new();
        sha.update(&self.path);
        sha.update([0]);
        sha.update(&self.body);
        hex::encode(sha.finalize())
    }
}

/// What serde says, said of a field.
fn misread(path: String, error: &serde_json::Error) -> Problem {
    let said = error.to_string();
    if !error.is_data() {
        let detail = format!("The body is not JSON: {said}.");
        return Problem::new(StatusCode::BAD_REQUEST, detail);
    }
    let path = if path == "." { String::new() } else { path };
    let said = said
        .rsplit_once(" at line ")
        .map_or(said.as_str(), |(said, _)| said);
    let missing = said
        .strip_prefix("missing field `")
        .and_then(|rest| rest.strip_suffix('`'));
    let (field, message) = match missing {
        Some(name) if path.is_empty() => (name.to_owned(), "This is missing.".to_owned()),
        Some(name) => (format!("{path}.{name}"), "This is missing.".to_owned()),
        None => (path, said.to_owned()),
    };
    Problem::field(StatusCode::BAD_REQUEST, field, message)
}

impl Door {
    pub fn new(app: App, limits: Limits) -> Door {
        let pace = RateLimiter::keyed(Quota::per_minute(limits.per_minute));
        Door {
            app,
            limits,
            pace: Arc::new(pace),
            tidied: Arc::default(),
        }
    }

    /// Lets a request in: its token first, so that nobody else's body is read.
    pub async fn receive(&self, request: Request) -> Result<Received, Problem> {
        let (parts, body) = request.into_parts();
        let (workspace, token) = self.caller(&parts.headers).await?;
        self.in_pace(token.id)?;
        is_json(&parts.headers)?;
        Ok(Received {
            key: key(&parts.headers)?,
            body: self.body(&parts.headers, body).await?,
            path: parts.uri.path().to_owned(),
            at: self.app.clock.now(),
            workspace,
            token,
        })
    }

    async fn caller(&self, headers: &HeaderMap) -> Result<(Workspace, Token), Problem> {
        let shown = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .and_then(|(_, shown)| Shown::read(shown.trim()));
        let found = match shown {
            Some(shown) => tokens::find(&self.app, &shown).await?,
            None => None,
        };
        found.ok_or_else(unknown)
    }

    pub fn in_pace(&self, token: Uuid) -> Result<(), Problem> {
        if self.pace.len() > PACES {
            self.pace.retain_recent();
        }
        self.pace.check_key(&token).map_err(|not_until| {
            let wait = not_until.wait_time_from(self.pace.clock().now());
            let seconds = wait.as_secs() + 1;
            let detail = format!(
                "A token may make {} requests in a minute. Try again in {seconds} seconds, and \
                 send many values in one request.",
                self.limits.per_minute
            );
            Problem::new(StatusCode::TOO_MANY_REQUESTS, detail).retry_after(seconds)
        })
    }

    async fn body(&self, headers: &HeaderMap, body: Body) -> Result<Vec<u8>, Problem> {
        let most = self.limits.body;
        let too_long = || {
            let detail = format!("A body has at most {most} bytes. Send it in several requests.");
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
        };
        let announced = headers
            .get(header::CONTENT_LENGTH)
            .and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
        if announced.is_some_and(|length| length > most) {
            return Err(too_long());
        }
        let all = async {
            let mut whole = Vec::with_capacity(announced.unwrap_or_default());
            let mut pieces = body.into_data_stream();
            while let Some(piece) = pieces.next().await {
                let piece = piece
                    .map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "The body broke off."))?;
                if whole.len() + piece.len() > most {
                    return Err(too_long());
                }
                whole.extend_from_slice(&piece);
            }
            Ok(whole)
        };
        tokio::time::timeout(PATIENCE, all).await.map_err(|_| {
            Problem::new(
                StatusCode::REQUEST_TIMEOUT,
                "The body took too long to come in.",
            )
        })?
    }

    /// Opens the transaction of a request, unless it was carried out before.
    pub async fn begin(&self, received: &Received) -> Result<Begun, Problem> {
        let workspace = received.workspace.id;
        let mut tx = self.app.store.write(workspace).await?;
        if !tokens::is_used(&mut tx, workspace, &received.token, received.at).await? {
            return Err(unknown());
        }
        let Some(key) = &received.key else {
            return Ok(Begun::Now(tx));
        };
        let token = received.token.id;
        let answered = sql!(tx, intake::find_answer(workspace, token, key));
        match answered.map_err(Error::from)? {
            Some(before) if before.answered_at + KEPT < received.at => Ok(Begun::Now(tx)),
            Some(before) if before.answered.asked == received.asked() => {
                let again = [("idempotent-replayed", "true")];
                let answer = (again, Json(before.answered.answer)).into_response();
                Ok(Begun::Before(answer))
            }
            Some(_) => {
                let detail = "This Idempotency-Key was used for another request. Take a new one.";
                Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail))
            }
            None => Ok(Begun::Now(tx)),
        }
    }

    /// Once an hour it is time to forget old answers.
    fn is_untidy(&self, workspace: Uuid, now: DateTime<Utc>) -> bool {
        let mut tidied = self.tidied.lock().expect("no panic while held");
        let last = tidied.entry(workspace).or_default();
        let untidy = *last + TIDY < now;
        if untidy {
            *last = now;
        }
        untidy
    }

    /// Keeps the answer with what was done, and gives it.
    pub async fn finish(
        &self,
        mut tx: Tx,
        received: &Received,
        answer: Value,
    ) -> Result<Response, Problem> {
        if let Some(key) = &received.key {
            let (workspace, token) = (received.workspace.id, received.token.id);
            let answered = Answered {
                asked: received.asked(),
                answer: answer.clone(),
            };
            if self.is_untidy(workspace, received.at) {
                let forgotten = sql!(tx, intake::forget_answers(workspace, received.at - KEPT));
                forgotten.map_err(Error::from)?;
            }
            let kept = sql!(
                tx,
                intake::keep_answer(workspace, (token, key), &answered, received.at)
            );
            kept.map_err(Error::from)?;
        }
        tx.commit().await?;
        self.app.outbox_rung.notify_one();
        metrics::counter!("isms_intake_taken_total").increment(1);
        Ok(Json(answer).into_response())
    }
}

fn unknown() -> Problem {
    let detail = "Show a token that is in use, as in “Authorization: Bearer isms_…”. A manager \
                  makes one with /isms token new.";
    Problem::new(StatusCode::UNAUTHORIZED, detail)
}

fn is_json(headers: &HeaderMap) -> Result<(), Problem> {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    match kind.eq_ignore_ascii_case("application/json") {
        true => Ok(()),
        false => Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "Send JSON, with Content-Type: application/json.",
        )),
    }
}

fn key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(key) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    let key = key.to_str().ok().map(str::trim);
    match key.filter(|key| (1..=LONGEST_KEY).contains(&key.len())) {
        Some(key) => Ok(Some(key.to_owned())),
        None => {
            let detail =
                format!("An Idempotency-Key has 1 to {LONGEST_KEY} visible ASCII characters.");
            Err(Problem::new(StatusCode::BAD_REQUEST, detail))
        }
    }
}
