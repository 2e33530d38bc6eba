//! Calls to Slack: one connection pool, two tokens, a time-out on every call.

use std::collections::HashMap;
use std::future::Future;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use chrono_tz::Tz;
use hyper_util::client::legacy::connect::HttpConnector;
use serde::Deserialize;
use slack_morphism::prelude::*;

use super::fault::Fault;
use crate::config::Secret;

/// What has to be known to work in a Slack workspace.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `https://slack.com/api`; another for GovSlack or a proxy. Plain `http://` is taken as
    /// written.
    pub api_url: String,
    /// `xoxb-…`: acts as the bot.
    pub bot_token: Secret,
    /// `xapp-…` with `connections:write`: opens the socket.
    pub app_token: Secret,
}

/// Why no client can be built.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    #[error("slack.api_url {0:?} is not an http:// or https:// address")]
    Url(String),
    #[error("the certificates of this system could not be read: {0}")]
    Certificates(std::io::Error),
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
}

pub(super) type Https = hyper_rustls::HttpsConnector<HttpConnector>;

/// Slack's Web API, for one workspace.
pub struct Client {
    pub(super) library: std::sync::Arc<SlackHyperClient>,
    pub(super) settings: Settings,
    pub(super) app_token: SlackApiToken,
    bot_token: SlackApiToken,
    patience: Duration,
    people: Mutex<HashMap<String, (Instant, Profile)>>,
}

impl Client {
    pub fn new(settings: Settings, patience: Duration) -> Result<Self, SetupError> {
        check_shape(&settings)?;
        let url = settings.api_url.trim_end_matches('/');
        let connector =
            SlackClientHyperHttpsConnector::with_connector(connector(url)?).with_slack_api_url(url);
        let token = |secret: &Secret| SlackApiToken::new(secret.expose().to_owned().into());
        Ok(Client {
            library: std::sync::Arc::new(SlackClient::new(connector)),
            app_token: token(&settings.app_token),
            bot_token: token(&settings.bot_token),
            patience,
            people: Mutex::default(),
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

    /// A `POST` of a method as the bot. Only the wanted fields of the answer are asked for: one that
    /// is missing would make an error of a call that succeeded.
    pub(super) async fn post<Q, A>(&self, method: &str, request: &Q) -> Result<A, Fault>
    where
        Q: serde::Serialize + Send + Sync,
        A: for<'de> Deserialize<'de> + Send,
    {
        let session = self.library.open_session(&self.bot_token);
        self.in_time(session.http_session_api.http_post(method, request, None))
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
        let session = self.library.open_session(&self.bot_token);
        let params = params.to_vec();
        self.in_time(session.http_session_api.http_get(method, &params, None))
            .await
    }

    /// Puts a file's bytes where Slack said they should go.
    pub(super) async fn upload(
        &self,
        request: &SlackApiFilesUploadViaUrlRequest,
    ) -> Result<(), Fault> {
        let session = self.library.open_session(&self.bot_token);
        self.in_time(session.files_upload_via_url(request))
            .await
            .map(|_| ())
    }

    /// Answers an act by the address that came with it. Always ephemeral.
    pub(super) async fn respond(
        &self,
        url: &url::Url,
        content: SlackMessageContent,
    ) -> Result<(), Fault> {
        let request = SlackApiPostWebhookMessageRequest::new(content).with_replace_original(false);
        self.in_time(self.library.post_webhook_message(url, &request))
            .await
            .map(|_| ())
    }

    /// Who the bot token belongs to.
    pub async fn identity(&self) -> Result<Identity, Fault> {
        self.get("auth.test", &[]).await
    }

    /// Whether the app token may open a socket. Asking costs Slack's rarest allowance (one a
    /// minute), so it is asked at start and when there is trouble.
    pub async fn try_app_token(&self) -> Result<(), Fault> {
        #[derive(Deserialize)]
        struct Opened {}
        let session = self.library.open_session(&self.app_token);
        let request = SlackApiAppsConnectionOpenRequest::new();
        let call = session
            .http_session_api
            .http_post("apps.connections.open", &request, None);
        self.in_time::<Opened>(call).await.map(|_| ())
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
                };
                self.keep(person, &profile);
                profile
            }
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

    fn keep(&self, person: &str, profile: &Profile) {
        if let Ok(mut people) = self.people.lock() {
            if people.len() >= PEOPLE {
                people.clear();
            }
            people.insert(person.to_owned(), (Instant::now(), profile.clone()));
        }
    }
}

/// The wrong token in the wrong place is the usual mistake, and Slack's own answer to it is terse.
fn check_shape(settings: &Settings) -> Result<(), SetupError> {
    if !settings.bot_token.expose().starts_with("xoxb-") {
        return Err(SetupError::Token {
            setting: "bot_token",
            prefix: "xoxb-",
            place: "under OAuth & Permissions of the app",
        });
    }
    if !settings.app_token.expose().starts_with("xapp-") {
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
            bot_token: Secret::new("xapp-1"),
            app_token: Secret::new("xoxb-1"),
        };
        let error = check_shape(&settings).unwrap_err().to_string();
        assert_eq!(
            error,
            "slack.bot_token must start with \"xoxb-\"; find it under OAuth & Permissions of the app"
        );
    }
}
