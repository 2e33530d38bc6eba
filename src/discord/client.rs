//! Calls to Discord: one connection pool, one token, a time-out on every call.
//!
//! The library knows no time-out, and its own limiter and its proxy setting shut each other out; so
//! its routes and types are used here, and its HTTP client only where the gateway needs one.

use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderMap, RETRY_AFTER, USER_AGENT};
use reqwest::multipart::{Form, Part};
use reqwest::{Method, Response, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serenity::all::{ApplicationId, ChannelId, GuildId, InteractionId};
use serenity::http::{HttpBuilder, LightMethod, Route};

use super::fault::Fault;
use super::pace::{Pace, Place};
use super::render::File;
use crate::clock::Clock;
use crate::config::Secret;

/// What has to be known to work on Discord.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `https://discord.com`; another for a REST proxy. Plain `http://` is taken as written.
    pub api_url: String,
    /// The bot's token, without `Bot ` before it.
    pub token: Secret,
}

/// Why no client can be built.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    #[error("discord.api_url {0:?} is not an http:// or https:// address")]
    Url(String),
    #[error(
        "discord.token does not look like a bot token: copy it under Bot of the application, \
         without \"Bot \" before it"
    )]
    Token,
    #[error("no connections can be made: {0}")]
    Http(reqwest::Error),
}

/// Longest wait for an answer. Discord answers a post in well under a second.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
const DISCORD: &str = "https://discord.com";
const NAME: &str = concat!(
    "DiscordBot (https://github.com/serenity-rs/serenity, 0.12) isms-bot/",
    env!("CARGO_PKG_VERSION")
);

/// The bot's own answer to "who am I?".
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Identity {
    pub id: String,
    pub username: String,
}

/// Discord's REST API.
pub struct Client {
    pub(super) http: reqwest::Client,
    pub(super) settings: Settings,
    pub(super) pace: Pace,
}

/// What a call is about, in words.
pub(super) struct About(String);

impl From<&str> for About {
    fn from(words: &str) -> Self {
        About(words.to_owned())
    }
}

macro_rules! about_an_id {
    ($($id:ty),*) => {
        $(impl From<$id> for About {
            fn from(id: $id) -> Self {
                About(id.to_string())
            }
        })*
    };
}

about_an_id!(ApplicationId, ChannelId, GuildId, InteractionId);

/// One call.
pub(super) struct Call<'a> {
    route: Route<'a>,
    method: LightMethod,
    /// Which limit it counts against.
    place: Place,
    query: Vec<(&'static str, String)>,
    body: Option<Value>,
    files: &'a [File],
    exempt: bool,
}

impl<'a> Call<'a> {
    /// `kind` names the call in the log; `about` is the channel, server or webhook it is about.
    pub fn new(
        kind: &'static str,
        about: impl Into<About>,
        method: LightMethod,
        route: Route<'a>,
    ) -> Self {
        Call {
            route,
            method,
            place: Place {
                kind,
                about: about.into().0,
            },
            query: Vec::new(),
            body: None,
            files: &[],
            exempt: false,
        }
    }

    pub fn query(mut self, name: &'static str, value: String) -> Self {
        self.query.push((name, value));
        self
    }

    pub fn body(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    pub fn files(mut self, files: &'a [File]) -> Self {
        self.files = files;
        self
    }

    /// An answer to an interaction.
    pub fn exempt(mut self) -> Self {
        self.exempt = true;
        self
    }
}

impl Client {
    pub fn new(settings: Settings, patience: Duration, clock: Clock) -> Result<Self, SetupError> {
        check_shape(&settings)?;
        Ok(Client {
            http: http(patience).map_err(SetupError::Http)?,
            settings,
            pace: Pace::new(clock),
        })
    }

    /// Calls and reads the answer.
    pub(super) async fn call<A: DeserializeOwned>(&self, call: Call<'_>) -> Result<A, Fault> {
        let answer = self.answer(call).await?;
        let bytes = answer.bytes().await.map_err(|error| unclear(&error))?;
        serde_json::from_slice(&bytes)
            // Its words may quote the body.
            .map_err(|_| Fault::Unclear("the answer could not be read".to_owned()))
    }

    /// Calls, and cares only whether it was done.
    pub(super) async fn done(&self, call: Call<'_>) -> Result<(), Fault> {
        self.answer(call).await.map(drop)
    }

    async fn answer(&self, call: Call<'_>) -> Result<Response, Fault> {
        let place = call.place.clone();
        self.pace.turn(&place, call.exempt).await?;
        let answer = self.send(call).await?;
        let status = answer.status();
        // What a 429 tells is held by the clock instead.
        if status != StatusCode::TOO_MANY_REQUESTS {
            self.pace.learn(&place, answer.headers());
        }
        if status.is_success() {
            return Ok(answer);
        }
        let fault = self.failed(answer, &place).await;
        tracing::debug!(call = place.kind, %fault, "discord: a call failed");
        Err(fault)
    }

    async fn send(&self, call: Call<'_>) -> Result<Response, Fault> {
        let path = call.route.path();
        let base = self.settings.api_url.trim_end_matches('/');
        let url = path.replacen(DISCORD, base, 1);
        let mut request = self
            .http
            .request(method(call.method), url)
            .header(USER_AGENT, NAME)
            .header(
                AUTHORIZATION,
                format!("Bot {}", self.settings.token.expose()),
            )
            .query(&call.query);
        request = match (call.body, call.files) {
            (None, _) => request,
            (Some(body), []) => request.json(&body),
            (Some(body), files) => request.multipart(multipart(&body, files)?),
        };
        request
            .send()
            .await
            .map_err(|error| match error.is_connect() {
                true => Fault::NotSent(root_of(&error)),
                false => unclear(&error),
            })
    }

    /// What a bad answer means; counts it, and holds what Discord said to hold.
    async fn failed(&self, answer: Response, place: &Place) -> Fault {
        #[derive(Deserialize, Default)]
        #[serde(default)]
        struct Told {
            code: u64,
            message: String,
            retry_after: Option<f64>,
            global: bool,
        }
        let status = answer.status();
        let headers = answer.headers().clone();
        let told: Told = answer.json().await.unwrap_or_default();
        if matches!(status.as_u16(), 401 | 403) || (status == 429 && !is_shared(&headers)) {
            self.pace.refused();
        }
        if status == StatusCode::TOO_MANY_REQUESTS {
            let seconds = headers
                .get(RETRY_AFTER)
                .and_then(|value| value.to_str().ok());
            let seconds = seconds
                .and_then(|value| value.parse().ok())
                .or(told.retry_after);
            let after = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
            let everywhere = told.global || headers.contains_key("x-ratelimit-global");
            tracing::warn!(
                call = place.kind,
                ?after,
                everywhere,
                "discord: asked to slow down"
            );
            return Fault::Limited(Some(self.pace.hold(place, after, everywhere)));
        }
        if status.is_server_error() || !status.is_client_error() {
            return Fault::Unclear(format!("HTTP {}", status.as_u16()));
        }
        Fault::Api {
            status: status.as_u16(),
            code: told.code,
            message: super::words::cut(&told.message, 200),
        }
    }

    /// Who the token belongs to.
    pub async fn identity(&self) -> Result<Identity, Fault> {
        self.call(Call::new("who am I", "", LightMethod::Get, Route::UserMe))
            .await
    }

    /// Where the gateway is.
    pub(super) async fn gateway(&self) -> Result<String, Fault> {
        #[derive(Deserialize)]
        struct Told {
            url: String,
        }
        let call = Call::new("gateway", "", LightMethod::Get, Route::Gateway);
        self.call::<Told>(call).await.map(|told| told.url)
    }

    /// The HTTP client that the library wants for itself. Its limiter has to be off, or it would
    /// ignore the address and send the token to the real one.
    pub(super) fn library(&self) -> serenity::http::Http {
        HttpBuilder::new(self.settings.token.expose())
            .client(self.http.clone())
            .proxy(self.settings.api_url.trim_end_matches('/'))
            .ratelimiter_disabled(true)
            .build()
    }
}

/// The limit of what many bots share (a webhook, say) does not count against this one.
fn is_shared(headers: &HeaderMap) -> bool {
    headers
        .get("x-ratelimit-scope")
        .is_some_and(|scope| scope.as_bytes() == b"shared")
}

fn http(patience: Duration) -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
        .timeout(patience)
        .connect_timeout(patience / 2)
        .tcp_nodelay(true)
        .redirect(reqwest::redirect::Policy::none())
        .build()
}

fn method(method: LightMethod) -> Method {
    method.reqwest_method()
}

fn multipart(body: &Value, files: &[File]) -> Result<Form, Fault> {
    let mut form = Form::new().text("payload_json", body.to_string());
    for (id, file) in files.iter().enumerate() {
        let part = Part::bytes(file.bytes.clone()).file_name(file.name.clone());
        let part = part
            .mime_str(mime(&file.name))
            .map_err(|error| Fault::NotSent(error.to_string()))?;
        form = form.part(format!("files[{id}]"), part);
    }
    Ok(form)
}

fn mime(name: &str) -> &'static str {
    match name.rsplit_once('.') {
        Some((_, "png")) => "image/png",
        Some((_, "pdf")) => "application/pdf",
        Some((_, "csv")) => "text/csv",
        Some((_, "md")) => "text/markdown",
        Some((_, "ics")) => "text/calendar",
        _ => "application/octet-stream",
    }
}

fn unclear(error: &reqwest::Error) -> Fault {
    Fault::Unclear(match error.is_timeout() {
        true => "no answer in time".to_owned(),
        false => root_of(error),
    })
}

/// The innermost reason: "connection refused" instead of the address with its token.
fn root_of(error: &reqwest::Error) -> String {
    let mut root = std::error::Error::source(error);
    while let Some(source) = root.and_then(std::error::Error::source) {
        root = Some(source);
    }
    root.map_or_else(|| "the exchange broke".to_owned(), ToString::to_string)
}

/// A client secret, a public key or `Bot …` in the wrong place are the usual mistakes.
fn check_shape(settings: &Settings) -> Result<(), SetupError> {
    if !is_token(settings.token.expose()) {
        return Err(SetupError::Token);
    }
    match url::Url::parse(&settings.api_url) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(()),
        _ => Err(SetupError::Url(settings.api_url.clone())),
    }
}

/// Three parts of letters, digits, hyphens and underscores with dots between them.
pub fn is_token(token: &str) -> bool {
    let parts: Vec<&str> = token.split('.').collect();
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    parts.len() == 3
        && parts
            .iter()
            .all(|part| !part.is_empty() && part.chars().all(plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_told_from_what_stands_beside_it() {
        assert!(is_token("MTIz.abc-D_.efg"));
        assert!(!is_token("Bot MTIz.abc.efg"));
        assert!(!is_token("1f3870be274f6c49b3e31a0c6728957f"));
        assert!(!is_token("a..b"));
    }
}
