//! Calls to Slack: one connection pool for all workspaces, a token for each, a time-out on every call.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, RwLock};
use std::time::{Duration, Instant};

use chrono_tz::Tz;
use hyper_util::client::legacy::connect::HttpConnector;
use serde::Deserialize;
use slack_morphism::prelude::*;
use tokio::sync::Notify;

use super::fault::Fault;
use crate::config::Secret;

/// What has to be known to speak with Slack.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `https://slack.com/api`; another for GovSlack or a proxy. Plain `http://` is taken as
    /// written.
    pub api_url: String,
    /// `xoxb-…`: acts as the bot in its own workspace. Others come by installing.
    pub bot_token: Option<Secret>,
    /// `xapp-…` with `connections:write`: opens the socket. Not needed when Slack calls us.
    pub app_token: Option<Secret>,
}

/// Why no client can be built.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    #[error("slack.api_url {0:?} is not an http:// or https:// address")]
    Url(String),
    #[error("the certificates of this system could not be read: {0}")]
    Certificates(std::io::Error),
    #[error("no connections can be made: {0}")]
    Http(reqwest::Error),
    #[error("slack.{setting} must start with {prefix:?}; find it {place}")]
    Token {
        setting: &'static str,
        prefix: &'static str,
        place: &'static str,
    },
}

/// Longest wait for an answer. Slack answers a post in well under a second.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
/// How long what Slack told about a person is believed.
const PERSON_KEPT: Duration = Duration::from_secs(600);
/// People kept in memory at most.
const PEOPLE: usize = 10_000;

/// The tokens' own answer to "who am I?".
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Identity {
    pub team_id: String,
    pub team: String,
    /// The bot's own person id.
    pub user_id: String,
    #[serde(default)]
    pub bot_id: Option<String>,
    pub url: String,
}

/// What Slack tells about a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    pub name: Option<String>,
    pub zone: Option<Tz>,
    pub admin: Option<bool>,
    /// Deactivated, or nobody here.
    pub gone: bool,
}

pub(super) type Https = hyper_rustls::HttpsConnector<HttpConnector>;

/// The way to Slack that all workspaces share.
pub(super) struct Line {
    pub library: Arc<SlackHyperClient>,
    pub settings: Settings,
    pub app_token: Option<SlackApiToken>,
    /// Rung when Slack refuses a bot token.
    pub refused: Notify,
    /// For the files that people attach: the library has no call for them.
    pub files: reqwest::Client,
    patience: Duration,
}

impl Line {
    pub fn new(settings: Settings, patience: Duration) -> Result<Self, SetupError> {
        check_shape(&settings)?;
        let url = settings.api_url.trim_end_matches('/');
        let connector =
            SlackClientHyperHttpsConnector::with_connector(connector(url)?).with_slack_api_url(url);
        Ok(Line {
            library: Arc::new(SlackClient::new(connector)),
            app_token: settings.app_token.as_ref().map(token),
            refused: Notify::new(),
            files: downloads(patience).map_err(SetupError::Http)?,
            patience,
            settings,
        })
    }

    /// The answer, or a fault when none came in time. The library knows no time-outs.
    async fn in_time<A>(&self, call: impl Future<Output = ClientResult<A>>) -> Result<A, Fault> {
        match tokio::time::timeout(self.patience, call).await {
            Ok(answer) => answer.map_err(Fault::from),
            Err(_) => Err(Fault::Unclear(format!(
                "no answer within {:?}",
                self.patience
            ))),
        }
    }

    /// Answers an act by the address that came with it. Always ephemeral; no token is needed.
    pub async fn respond(&self, url: &url::Url, content: SlackMessageContent) -> Result<(), Fault> {
        let request = SlackApiPostWebhookMessageRequest::new(content).with_replace_original(false);
        self.in_time(self.library.post_webhook_message(url, &request))
            .await
            .map(|_| ())
    }

    /// Whether the app token may open a socket. Asking costs Slack's rarest allowance (one a
    /// minute), so it is asked at start and when there is trouble.
    pub async fn try_app_token(&self) -> Result<(), Fault> {
        #[derive(Deserialize)]
        struct Opened {}
        let Some(token) = &self.app_token else {
            return Err(Fault::Api("not_authed".to_owned()));
        };
        let session = self.library.open_session(token);
        let request = SlackApiAppsConnectionOpenRequest::new();
        let call = session
            .http_session_api
            .http_post("apps.connections.open", &request, None);
        self.in_time::<Opened>(call).await.map(|_| ())
    }
}

fn token(secret: &Secret) -> SlackApiToken {
    SlackApiToken::new(secret.expose().to_owned().into())
}

/// Slack's Web API, in one workspace.
pub struct Client {
    pub(super) line: Arc<Line>,
    token: RwLock<SlackApiToken>,
    /// Slack's word, once it has refused the token.
    refusal: Mutex<Option<String>>,
    people: Mutex<HashMap<String, (Instant, Profile)>>,
}

impl Client {
    pub(super) fn new(line: Arc<Line>, bot_token: &Secret) -> Self {
        Client {
            line,
            token: RwLock::new(token(bot_token)),
            refusal: Mutex::default(),
            people: Mutex::default(),
        }
    }

    /// Goes on with another token of the same workspace.
    pub(super) fn renew(&self, bot_token: &Secret) {
        if let Ok(mut held) = self.token.write() {
            *held = token(bot_token);
        }
        self.trust();
    }

    /// The refusal was a slip of Slack's.
    pub(super) fn trust(&self) {
        if let Ok(mut refusal) = self.refusal.lock() {
            *refusal = None;
        }
    }

    /// Slack's word, if it has refused the token.
    pub(super) fn refusal(&self) -> Option<String> {
        self.refusal.lock().ok()?.clone()
    }

    pub(super) fn token(&self) -> SlackApiToken {
        match self.token.read() {
            Ok(token) => token.clone(),
            Err(broken) => broken.into_inner().clone(),
        }
    }

    async fn in_time<A>(
        &self,
        token: &SlackApiToken,
        call: impl Future<Output = ClientResult<A>>,
    ) -> Result<A, Fault> {
        let answer = self.line.in_time(call).await;
        if let Err(fault) = &answer
            && fault.is_about_the_token()
            // One that was replaced meanwhile is allowed to be refused.
            && self.token().token_value == token.token_value
            && let Ok(mut refusal) = self.refusal.lock()
        {
            *refusal = fault.word().map(str::to_owned);
            self.line.refused.notify_one();
        }
        answer
    }

    /// A `POST` of a method as the bot. Only the wanted fields of the answer are asked for: one that
    /// is missing would make an error of a call that succeeded.
    pub(super) async fn post<Q, A>(&self, method: &str, request: &Q) -> Result<A, Fault>
    where
        Q: serde::Serialize + Send + Sync,
        A: for<'de> Deserialize<'de> + Send,
    {
        let token = self.token();
        let session = self.line.library.open_session(&token);
        self.in_time(
            &token,
            session.http_session_api.http_post(method, request, None),
        )
        .await
    }

    /// A `GET` of a method as the bot.
    pub(super) async fn get<A>(
        &self,
        method: &str,
        params: &[(&str, Option<&str>)],
    ) -> Result<A, Fault>
    where
        A: for<'de> Deserialize<'de> + Send,
    {
        let token = self.token();
        let session = self.line.library.open_session(&token);
        let params = params.to_vec();
        self.in_time(
            &token,
            session.http_session_api.http_get(method, &params, None),
        )
        .await
    }

    /// Puts a file's bytes where Slack said they should go.
    pub(super) async fn upload(
        &self,
        request: &SlackApiFilesUploadViaUrlRequest,
    ) -> Result<(), Fault> {
        let token = self.token();
        let session = self.line.library.open_session(&token);
        self.in_time(&token, session.files_upload_via_url(request))
            .await
            .map(|_| ())
    }

    /// Who the bot token belongs to.
    pub async fn identity(&self) -> Result<Identity, Fault> {
        self.get("auth.test", &[]).await
    }

    /// What Slack knows about a person; nothing if it cannot be learnt in time, for an answer must
    /// not wait for it.
    pub async fn profile(&self, person: &str) -> Profile {
        if let Some(known) = self.known(person) {
            return known;
        }
        #[derive(Deserialize)]
        struct Found {
            user: User,
        }
        #[derive(Deserialize)]
        struct User {
            name: Option<String>,
            real_name: Option<String>,
            tz: Option<String>,
            is_admin: Option<bool>,
            #[serde(default)]
            deleted: bool,
        }
        let params = [("user", Some(person))];
        let asked = self.get::<Found>("users.info", &params);
        match tokio::time::timeout(Duration::from_millis(1200), asked).await {
            Ok(Ok(Found { user })) => {
                let name = user
                    .real_name
                    .filter(|name| !name.trim().is_empty())
                    .or(user.name);
                let zone = user.tz.and_then(|zone| zone.parse().ok());
                let profile = Profile {
                    name,
                    zone,
                    admin: user.is_admin,
                    gone: user.deleted,
                };
                self.keep(person, &profile);
                profile
            }
            Ok(Err(Fault::Api(word))) if word == "user_not_found" => Profile {
                gone: true,
                ..Profile::default()
            },
            Ok(Err(fault)) => {
                tracing::warn!(%fault, "users.info: the person's name and zone are not known");
                Profile::default()
            }
            Err(_) => {
                tracing::warn!("users.info: no answer in time");
                Profile::default()
            }
        }
    }

    fn known(&self, person: &str) -> Option<Profile> {
        let people = self.people.lock().ok()?;
        let (at, profile) = people.get(person)?;
        (at.elapsed() < PERSON_KEPT).then(|| profile.clone())
    }

    /// Something about the person changed: it is asked anew.
    pub(super) fn forget(&self, person: &str) {
        if let Ok(mut people) = self.people.lock() {
            people.remove(person);
        }
    }

    fn keep(&self, person: &str, profile: &Profile) {
        if let Ok(mut people) = self.people.lock() {
            if people.len() >= PEOPLE {
                people.clear();
            }
            people.insert(person.to_owned(), (Instant::now(), profile.clone()));
        }
    }
}

/// It follows nobody elsewhere: the token goes along.
fn downloads(patience: Duration) -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
        .timeout(patience)
        .redirect(reqwest::redirect::Policy::none())
        .build()
}

/// The wrong token in the wrong place is the usual mistake, and Slack's own answer to it is terse.
fn check_shape(settings: &Settings) -> Result<(), SetupError> {
    let begins = |token: &Option<Secret>, prefix: &str| {
        let token = token.as_ref();
        token.is_none_or(|token| token.expose().starts_with(prefix))
    };
    if !begins(&settings.bot_token, "xoxb-") {
        return Err(SetupError::Token {
            setting: "bot_token",
            prefix: "xoxb-",
            place: "under OAuth & Permissions of the app",
        });
    }
    if !begins(&settings.app_token, "xapp-") {
        return Err(SetupError::Token {
            setting: "app_token",
            prefix: "xapp-",
            place: "under Basic Information, App-Level Tokens, of the app",
        });
    }
    match url::Url::parse(&settings.api_url) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(()),
        _ => Err(SetupError::Url(settings.api_url.clone())),
    }
}

/// HTTP/1.1 and HTTP/2, because proxies speak the first; plain HTTP only if the address says so.
pub(super) fn connector(api_url: &str) -> Result<Https, SetupError> {
    // Two rustls providers in the graph panic unless one is chosen; the first choice stays.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(PATIENCE / 2));
    let builder = hyper_rustls::HttpsConnectorBuilder::new()
        .with_native_roots()
        .map_err(SetupError::Certificates)?;
    let builder = if api_url.starts_with("http://") {
        builder.https_or_http()
    } else {
        builder.https_only()
    };
    Ok(builder.enable_http1().enable_http2().wrap_connector(tcp))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_in_the_wrong_place_is_told() {
        let settings = Settings {
            api_url: "https://slack.com/api".into(),
            bot_token: Some(Secret::new("xapp-1")),
            app_token: Some(Secret::new("xoxb-1")),
        };
        let error = check_shape(&settings).unwrap_err().to_string();
        assert_eq!(
            error,
            "slack.bot_token must start with \"xoxb-\"; find it under OAuth & Permissions of the app"
        );
    }
}
