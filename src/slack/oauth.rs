//! `oauth.v2.access`: a code, or a refresh token, becomes a token. The library's call knows nothing
//! of tokens that are rotated and puts what it sends into the address, so this asks by itself.

use axum::http::{Request, header};
use hyper_util::client::legacy::Client as Http;
use hyper_util::rt::TokioExecutor;
use serde::Deserialize;

use super::client::{Line, PATIENCE, connector};
use super::fault::Fault;
use crate::config::Secret;

/// More is no answer to this.
const LONGEST: usize = 64 * 1024;

/// The app, as Slack knows it.
#[derive(Debug, Clone)]
pub struct Credentials {
    pub client_id: String,
    pub client_secret: Secret,
    /// Where people reach the install page: `https://isms.example`, without a slash at the end.
    pub public_url: String,
}

impl Credentials {
    pub(super) fn redirect(&self) -> String {
        format!("{}/slack/oauth", self.public_url)
    }
}

/// What Slack granted. Never printed: it holds tokens.
#[derive(Deserialize)]
pub(super) struct Granted {
    pub access_token: String,
    #[serde(default)]
    pub refresh_token: Option<String>,
    #[serde(default)]
    pub expires_in: Option<i64>,
    #[serde(default)]
    pub scope: String,
    #[serde(default)]
    pub bot_user_id: Option<String>,
    #[serde(default)]
    pub team: TeamName,
    #[serde(default)]
    pub authed_user: User,
    #[serde(default)]
    pub is_enterprise_install: bool,
}

#[derive(Default, Deserialize)]
pub(super) struct TeamName {
    #[serde(default)]
    pub id: String,
    #[serde(default)]
    pub name: Option<String>,
}

#[derive(Default, Deserialize)]
pub(super) struct User {
    #[serde(default)]
    pub id: String,
}

/// Asks Slack for a token.
pub(super) async fn ask(
    line: &Line,
    app: &Credentials,
    what: &[(&str, &str)],
) -> Result<Granted, Fault> {
    let url = line.settings.api_url.trim_end_matches('/');
    let body = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("client_id", &app.client_id)
        .append_pair("client_secret", app.client_secret.expose())
        .extend_pairs(what)
        .finish();
    let unsent = |error: &dyn std::error::Error| Fault::NotSent(error.to_string());
    let connector = connector(url).map_err(|error| unsent(&error))?;
    let http: Http<_, String> = Http::builder(TokioExecutor::new()).build(connector);
    let request = Request::post(format!("{url}/oauth.v2.access"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(body)
        .map_err(|error| unsent(&error))?;
    let asked = async {
        let answer = http.request(request).await;
        let answer = answer.map_err(|error| match error.is_connect() {
            true => Fault::NotSent("no connection".to_owned()),
            false => Fault::Unclear("the HTTP exchange broke".to_owned()),
        })?;
        let status = answer.status();
        let body = axum::body::Body::new(answer.into_body());
        let bytes = axum::body::to_bytes(body, LONGEST).await;
        let bytes = bytes.map_err(|_| Fault::Unclear(format!("HTTP {status}")))?;
        read(&bytes).unwrap_or_else(|| Err(Fault::Unclear(format!("HTTP {status}"))))
    };
    let late = |_| Fault::Unclear(format!("no answer within {PATIENCE:?}"));
    tokio::time::timeout(PATIENCE, asked).await.map_err(late)?
}

/// `None` if it is no answer of Slack's.
fn read(bytes: &[u8]) -> Option<Result<Granted, Fault>> {
    #[derive(Deserialize)]
    struct Answer {
        ok: bool,
        #[serde(default)]
        error: Option<String>,
    }
    let answer: Answer = serde_json::from_slice(bytes).ok()?;
    if !answer.ok {
        return Some(Err(Fault::Api(answer.error.unwrap_or_default())));
    }
    Some(Ok(serde_json::from_slice(bytes).ok()?))
}
