//! The page by which a workspace installs the bot: `GET /slack/install` leads to Slack, Slack leads
//! back to `GET /slack/oauth` with a code, and the code becomes a token, which is kept sealed.
//!
//! The way there and back is held together by a state: random, kept (as its hash) for ten minutes,
//! good for once, and bound by a cookie to the browser in which it began.

use std::num::NonZeroU32;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use chrono::TimeDelta;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use maud::{DOCTYPE, Markup, html};
use ring::rand::{SecureRandom, SystemRandom};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::Slack;
use super::check::SCOPES;
use super::fault::Fault;
use super::installs::Installs;
use super::oauth::{self, Granted};
use crate::config::Secret;
use crate::sql;

const COOKIE: &str = "isms_install";
/// So long a person may take to agree.
const STATE: TimeDelta = TimeDelta::minutes(10);

struct Page {
    slack: Arc<Slack>,
    /// Everybody may open the page, and each opening keeps a state.
    pace: DefaultDirectRateLimiter,
}

/// The install page. Nothing if no workspace may install.
pub fn router(slack: Arc<Slack>) -> Router {
    const BURST: NonZeroU32 = NonZeroU32::new(60).expect("sixty");
    let page = Page {
        slack,
        pace: RateLimiter::direct(Quota::per_second(NonZeroU32::MIN).allow_burst(BURST)),
    };
    Router::new()
        .route("/slack/install", get(begin))
        .route("/slack/oauth", get(end))
        .with_state(Arc::new(page))
}

/// What became of it, as a page.
struct Told {
    status: StatusCode,
    heading: &'static str,
    words: String,
    /// Whether beginning again may help.
    again: bool,
}

impl Told {
    fn bad(heading: &'static str, words: impl Into<String>) -> Self {
        Told {
            status: StatusCode::BAD_REQUEST,
            heading,
            words: words.into(),
            again: true,
        }
    }

    fn with(self, status: StatusCode) -> Self {
        Told { status, ..self }
    }

    fn operator(words: impl Into<String>) -> Self {
        let words = words.into();
        tracing::error!(words, "slack: a workspace could not install the bot");
        let told = Told::bad("This cannot be installed at the moment", words);
        Told {
            again: false,
            ..told.with(StatusCode::BAD_GATEWAY)
        }
    }
}

impl IntoResponse for Told {
    fn into_response(self) -> Response {
        let body = html! {
            p { (self.words) }
            @if self.again {
                p { a href="/slack/install" { "Begin again" } }
            }
        };
        shown(self.status, self.heading, &body)
    }
}

fn shown(status: StatusCode, heading: &str, body: &Markup) -> Response {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (heading) " · isms-bot" }
            }
            body {
                h1 { (heading) }
                (body)
            }
        }
    };
    let headers = [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'",
        ),
        // The address of this page holds a code.
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, page).into_response()
}

async fn begin(State(page): State<Arc<Page>>) -> Response {
    let Some(installs) = &page.slack.installs else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if page.pace.check().is_err() {
        let words = "Many are installing just now. Wait a minute, then begin again.";
        let told = Told::bad("One moment", words).with(StatusCode::TOO_MANY_REQUESTS);
        return told.into_response();
    }
    let state = match new_state(installs).await {
        Ok(state) => state,
        Err(error) => {
            let fault = crate::fault::Fault::log("beginning to install", &error);
            let words = format!("Something broke on our side. Tell whoever runs the bot: {fault}.");
            return Told::operator(words).into_response();
        }
    };
    let scopes: Vec<&str> = SCOPES.iter().map(|(scope, _)| *scope).collect();
    let app = &installs.app;
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("client_id", &app.client_id)
        .append_pair("scope", &scopes.join(","))
        .append_pair("redirect_uri", &app.redirect())
        .append_pair("state", &state)
        .finish();
    let api = page.slack.line.settings.api_url.trim_end_matches('/');
    let site = api.strip_suffix("/api").unwrap_or(api);
    let headers = [
        (
            header::LOCATION,
            format!("{site}/oauth/v2/authorize?{query}"),
        ),
        (
            header::SET_COOKIE,
            cookie(installs, &state, STATE.num_seconds()),
        ),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (StatusCode::SEE_OTHER, headers).into_response()
}

/// `Lax`: Slack's redirect back must bring it along.
fn cookie(installs: &Installs, state: &str, seconds: i64) -> String {
    let secure = match installs.app.public_url.starts_with("https://") {
        true => "; Secure",
        false => "",
    };
    format!("{COOKIE}={state}; Path=/slack; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")
}

async fn new_state(installs: &Installs) -> anyhow::Result<String> {
    let mut bytes = [0; 32];
    let random = SystemRandom::new().fill(&mut bytes);
    random.map_err(|_| anyhow::anyhow!("this machine gives no random numbers"))?;
    let state = hex::encode(bytes);
    let now = installs.clock.now();
    let mut tx = installs.store.write_unlocked().await?;
    sql!(tx, slack::save_state(&kept(&state), (now, now + STATE)))?;
    tx.commit().await?;
    Ok(state)
}

/// A state as it is kept: whoever reads the database cannot use it.
fn kept(state: &str) -> String {
    hex::encode(Sha256::digest(state))
}

#[derive(Deserialize)]
struct Back {
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    state: Option<String>,
    #[serde(default)]
    error: Option<String>,
}

async fn end(
    State(page): State<Arc<Page>>,
    headers: HeaderMap,
    Query(back): Query<Back>,
) -> Response {
    let Some(installs) = &page.slack.installs else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut answer = match finish(&page.slack, installs, (&headers, back)).await {
        Ok(granted) => welcome(&granted),
        Err(told) => told.into_response(),
    };
    // The state is spent, whatever came of it.
    if let Ok(forget) = cookie(installs, "", 0).parse() {
        answer.headers_mut().insert(header::SET_COOKIE, forget);
    }
    answer
}

async fn finish(
    slack: &Slack,
    installs: &Installs,
    (headers, back): (&HeaderMap, Back),
) -> Result<Granted, Told> {
    let broken = |error: crate::app::Error| {
        let fault = crate::fault::Fault::log("installing", &anyhow::Error::from(error));
        Told::operator(format!(
            "Something broke on our side. Tell whoever runs the bot: {fault}."
        ))
    };
    let heading = "This page was not reached from the install page";
    let state = back.state.unwrap_or_default();
    if state.is_empty() || !has_cookie(headers, &state) {
        let words = "Nothing was installed. Begin in this browser, and allow its cookie.";
        return Err(Told::bad(heading, words));
    }
    let taken = async {
        let mut tx = installs.store.write_unlocked().await?;
        let taken = sql!(tx, slack::take_state(&kept(&state), installs.clock.now()))?;
        tx.commit().await?;
        Ok(taken)
    };
    if !taken.await.map_err(broken)? {
        let words =
            "Nothing was installed: this was used already, or took longer than ten minutes.";
        return Err(Told::bad("That was too late", words));
    }
    match back.error.as_deref() {
        None => {}
        Some("access_denied") => {
            let words = "You did not agree, so nothing was installed. Ask a workspace administrator \
                         if you may not install apps yourself.";
            return Err(Told::bad("Nothing was installed", words).with(StatusCode::OK));
        }
        Some(_) => {
            let words = "Slack ended it without installing anything.";
            return Err(Told::bad("Nothing was installed", words));
        }
    }
    let code = back.code.filter(|code| !code.is_empty());
    let code = code.ok_or_else(|| Told::bad(heading, "Slack sent no code along."))?;
    let redirect = installs.app.redirect();
    let asked = [("code", code.as_str()), ("redirect_uri", &redirect)];
    let granted = oauth::ask(&slack.line, &installs.app, &asked).await;
    let granted = granted.map_err(|fault| in_words(&fault))?;
    suits(slack, &granted)?;
    installs.keep(&granted).await.map_err(broken)?;
    slack.adopt(&granted.team.id, &Secret::new(granted.access_token.clone()));
    tracing::info!(workspace = %granted.team.id, "slack: a workspace installed the bot");
    metrics::counter!("isms_slack_installs_total").increment(1);
    Ok(granted)
}

fn has_cookie(headers: &HeaderMap, state: &str) -> bool {
    let cookies = headers.get_all(header::COOKIE).iter();
    let mut pairs = cookies
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    // Hashes are compared, so that the time it takes tells nothing.
    pairs.any(|(name, value)| name == COOKIE && kept(value) == kept(state))
}

/// What Slack said to the code.
fn in_words(fault: &Fault) -> Told {
    match fault.word() {
        Some("invalid_code" | "code_already_used" | "code_expired") => Told::bad(
            "That was too late",
            "Slack takes a code once and for ten minutes only. Nothing was installed.",
        ),
        Some("bad_client_secret" | "invalid_client_id" | "bad_redirect_uri") => Told::operator(
            "Slack does not know this bot. Whoever runs it has to compare slack.client_id, \
             slack.client_secret and slack.public_url with the app's settings.",
        ),
        _ => Told::operator(format!("{fault}. Try again in a few minutes.")),
    }
}

/// Whether what was granted is what is needed.
fn suits(slack: &Slack, granted: &Granted) -> Result<(), Told> {
    if granted.is_enterprise_install || granted.team.id.is_empty() {
        let words = "The bot is installed into one workspace at a time, not into a whole \
                     organisation. Choose a workspace.";
        return Err(Told::bad("Choose one workspace", words));
    }
    let mut given = granted.scope.split(',').map(str::trim);
    let lacking: Vec<&str> = SCOPES
        .iter()
        .map(|(scope, _)| *scope)
        .filter(|scope| !given.clone().any(|given| given == *scope))
        .collect();
    if !lacking.is_empty() || given.next().is_none() {
        let words = format!("The bot needs what was left out: {}.", lacking.join(", "));
        return Err(Told::bad("Something is missing", words));
    }
    if slack.workspace() == Some(granted.team.id.as_str()) {
        let words = "The bot is in this workspace already, by the token it was started with. \
                     Nothing was changed.";
        let told = Told::bad("Nothing to install", words).with(StatusCode::OK);
        return Err(Told {
            again: false,
            ..told
        });
    }
    Ok(())
}

fn welcome(granted: &Granted) -> Response {
    let name = granted.team.name.as_deref().unwrap_or("your workspace");
    let body = html! {
        p { "The bot is in " b { (name) } ". What to do next, in Slack:" }
        ol {
            li { "Invite it to the channel for your ISMS: " code { "/invite @isms" } }
            li { "Type there: " code { "/isms settings set channel:here" } }
            li { "See what it can do: " code { "/isms help" } }
        }
    };
    shown(StatusCode::OK, "Installed", &body)
}
