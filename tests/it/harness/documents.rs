//! Programs that hold values, as strict fakes on loopback: Elasticsearch, Wazuh, Jira and Microsoft
//! Sentinel answer in the shapes of their documentation and refuse what these would refuse; a plain
//! document answers what it is told, well or badly.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tokio::net::TcpListener;

#[derive(Clone)]
pub struct Documents {
    pub address: SocketAddr,
    inner: Arc<Inner>,
}

struct Inner {
    plain: Mutex<Plain>,
    heard: Mutex<Vec<Heard>>,
    /// When the documents of the index, the tickets and the incidents were made.
    made: Vec<DateTime<Utc>>,
}

/// What the plain document does.
#[derive(Debug, Clone)]
pub enum Plain {
    Says(Value),
    Refuses(u16),
    SaysNothing,
    TooMuch,
    SendsTo(String),
}

#[derive(Debug, Clone)]
pub struct Heard {
    pub path: String,
    pub authorization: Option<String>,
}

pub const ELASTIC: &str = "ApiKey ZWxhc3RpYw==";
pub const WAZUH: &str = "Bearer wazuh.jwt.token";
pub const JIRA: &str = "Basic aXNtczpqaXJh";
pub const SENTINEL: &str = "Bearer entra.access.token";

type Answer = Result<Json<Value>, (StatusCode, Json<Value>)>;

impl Documents {
    /// With things that were made at these instants.
    pub async fn start(made: &[&str]) -> Documents {
        let made = made.iter().map(|at| super::stage::instant(at)).collect();
        let inner = Arc::new(Inner {
            plain: Mutex::new(Plain::Says(json!({ "data": { "open": 7 } }))),
            heard: Mutex::default(),
            made,
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new()
            .route("/plain", get(plain).post(plain))
            .route(
                "/moved",
                get(|| async { axum::response::Redirect::temporary("/plain") }),
            )
            .route("/{index}/_count", post(elastic))
            .route("/agents/summary/status", get(wazuh))
            .route("/rest/api/2/search", get(jira))
            .route("/v1/workspaces/{id}/query", post(sentinel))
            .with_state(inner.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Documents { address, inner }
    }

    pub fn host(&self) -> String {
        self.address.to_string()
    }

    pub fn at(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// What the plain document does from here on.
    pub fn plain(&self, plain: Plain) {
        *self.inner.plain.lock().unwrap() = plain;
    }

    /// Every request so far.
    pub fn heard(&self) -> Vec<Heard> {
        self.inner.heard.lock().unwrap().clone()
    }
}

impl Inner {
    fn hears(&self, uri: &Uri, headers: &HeaderMap) {
        let authorization = headers.get(header::AUTHORIZATION);
        self.heard.lock().unwrap().push(Heard {
            path: uri.to_string(),
            authorization: authorization.map(|words| words.to_str().unwrap().to_owned()),
        });
    }

    fn made_between(&self, from: &str, to: &str) -> Result<usize, (StatusCode, Json<Value>)> {
        let read = |text: &str| {
            DateTime::parse_from_rfc3339(text).map_err(|_| {
                refuse(
                    400,
                    json!({ "error": { "reason": format!("no date: {text}") } }),
                )
            })
        };
        let (from, to) = (read(from)?, read(to)?);
        Ok(self
            .made
            .iter()
            .filter(|at| **at >= from && **at < to)
            .count())
    }
}

fn refuse(status: u16, body: Value) -> (StatusCode, Json<Value>) {
    (StatusCode::from_u16(status).unwrap(), Json(body))
}

fn has(headers: &HeaderMap, name: header::HeaderName, words: &str) -> bool {
    headers.get(name).is_some_and(|value| value == words)
}

async fn plain(State(inner): State<Arc<Inner>>, uri: Uri, headers: HeaderMap) -> Response {
    inner.hears(&uri, &headers);
    let plain = inner.plain.lock().unwrap().clone();
    match plain {
        Plain::Says(value) => Json(value).into_response(),
        Plain::Refuses(status) => StatusCode::from_u16(status).unwrap().into_response(),
        Plain::SaysNothing => {
            tokio::time::sleep(Duration::from_secs(600)).await;
            StatusCode::OK.into_response()
        }
        Plain::TooMuch => Body::from("[".repeat(3 << 20)).into_response(),
        Plain::SendsTo(url) => axum::response::Redirect::temporary(&url).into_response(),
    }
}

/// Count API: a query in the body, a count out.
async fn elastic(
    State(inner): State<Arc<Inner>>,
    Path(index): Path<String>,
    (uri, headers): (Uri, HeaderMap),
    body: String,
) -> Answer {
    inner.hears(&uri, &headers);
    if !has(&headers, header::AUTHORIZATION, ELASTIC) {
        return Err(refuse(
            401,
            json!({ "error": { "reason": "missing authentication" } }),
        ));
    }
    if !has(&headers, header::CONTENT_TYPE, "application/json") {
        return Err(refuse(
            406,
            json!({ "error": "Content-Type header is not supported" }),
        ));
    }
    assert_eq!(index, "siem-alerts-*");
    let body: Value = serde_json::from_str(&body).map_err(|_| {
        refuse(
            400,
            json!({ "error": { "reason": "request body is no JSON" } }),
        )
    })?;
    let range = &body["query"]["bool"]["filter"][0]["range"]["@timestamp"];
    let (Some(from), Some(to)) = (range["gte"].as_str(), range["lt"].as_str()) else {
        return Err(refuse(
            400,
            json!({ "error": { "reason": "no range on @timestamp" } }),
        ));
    };
    let count = inner.made_between(from, to)?;
    let shards = json!({ "total": 1, "successful": 1, "skipped": 0, "failed": 0 });
    Ok(Json(json!({ "count": count, "_shards": shards })))
}

/// The server's API: how many agents are connected, for a bearer of a token.
async fn wazuh(State(inner): State<Arc<Inner>>, uri: Uri, headers: HeaderMap) -> Answer {
    inner.hears(&uri, &headers);
    if !has(&headers, header::AUTHORIZATION, WAZUH) {
        let body = json!({ "title": "Unauthorized", "detail": "No authorization token provided" });
        return Err(refuse(401, body));
    }
    let connection = json!({
        "active": 96, "disconnected": 3, "never_connected": 1, "pending": 0, "total": 100
    });
    let configuration = json!({ "synced": 95, "not_synced": 5, "total": 100 });
    let data = json!({ "connection": connection, "configuration": configuration });
    Ok(Json(json!({ "data": data, "error": 0 })))
}

/// Search with JQL, of which only the total is wanted.
async fn jira(
    State(inner): State<Arc<Inner>>,
    Query(asked): Query<Vec<(String, String)>>,
    uri: Uri,
    headers: HeaderMap,
) -> Answer {
    inner.hears(&uri, &headers);
    if !has(&headers, header::AUTHORIZATION, JIRA) {
        return Err(refuse(
            401,
            json!({ "message": "Client must be authenticated" }),
        ));
    }
    let of = |name: &str| {
        asked
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value)
    };
    assert_eq!(of("maxResults").map(String::as_str), Some("0"));
    let days = of("jql").and_then(|jql| {
        let (from, to) = jql
            .strip_prefix("project = SEC AND created >= \"")?
            .split_once("\" AND created <= \"")?;
        Some((from.to_owned(), to.strip_suffix(" 23:59\"")?.to_owned()))
    });
    let Some((first, last)) = days else {
        return Err(refuse(
            400,
            json!({ "errorMessages": ["Error in the JQL Query"] }),
        ));
    };
    let total = inner.made_between(&format!("{first}T00:00:00Z"), &format!("{last}T23:59:59Z"))?;
    Ok(Json(
        json!({ "startAt": 0, "maxResults": 0, "total": total, "issues": [] }),
    ))
}

/// The query API of Log Analytics, in which Sentinel keeps its incidents.
async fn sentinel(
    State(inner): State<Arc<Inner>>,
    uri: Uri,
    headers: HeaderMap,
    body: String,
) -> Answer {
    inner.hears(&uri, &headers);
    let wrong = |status, code: &str| {
        Err(refuse(
            status,
            json!({ "error": { "code": code, "message": code } }),
        ))
    };
    if !has(&headers, header::AUTHORIZATION, SENTINEL) {
        return wrong(401, "InvalidAuthenticationToken");
    }
    let Ok(body) = serde_json::from_str::<Value>(&body) else {
        return wrong(400, "BadArgumentError");
    };
    if body["query"] != "SecurityIncident | where Severity == 'High' | count" {
        return wrong(400, "SyntaxError");
    }
    let span = body["timespan"]
        .as_str()
        .and_then(|span| span.split_once('/'));
    let Some((from, to)) = span else {
        return wrong(400, "InvalidTimespan");
    };
    let rows = json!([[inner.made_between(from, to)?]]);
    let columns = json!([{ "name": "Count", "type": "long" }]);
    let table = json!({ "name": "PrimaryResult", "columns": columns, "rows": rows });
    Ok(Json(json!({ "tables": [table] })))
}
