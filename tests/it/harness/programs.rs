//! Programs that send values: the intake on a real port, spoken to by an ordinary HTTP client.

use std::net::SocketAddr;
use std::num::NonZeroU32;

use isms_bot::app::App;
use isms_bot::http;
use isms_bot::intake::{self, Limits};
use reqwest::header::HeaderMap;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// The port of one process. It is gone when this is dropped.
pub struct Port {
    pub address: SocketAddr,
    client: reqwest::Client,
    stop: CancellationToken,
}

/// What a program heard.
#[derive(Debug)]
pub struct Heard {
    pub status: u16,
    pub headers: HeaderMap,
    pub json: Value,
}

/// As much as any scenario needs.
pub const GENEROUS: Limits = Limits {
    body: 2 * 1024 * 1024,
    per_minute: NonZeroU32::new(100_000).expect("a number"),
};

impl Port {
    pub async fn open(app: &App) -> Port {
        Port::open_with(app, GENEROUS).await
    }

    pub async fn open_with(app: &App, limits: Limits) -> Port {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let router = intake::router(app.clone(), limits);
        tokio::spawn(http::serve(listener, router, stop.clone()));
        Port {
            address,
            client: reqwest::Client::new(),
            stop,
        }
    }

    pub fn request(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        let url = format!("http://{}{path}", self.address);
        self.client.request(method, url)
    }

    /// Sends JSON with a token.
    pub async fn posts(&self, token: &str, path: &str, body: &Value) -> Heard {
        let request = self.request(reqwest::Method::POST, path);
        heard(request.bearer_auth(token).json(body)).await
    }

    /// Sends values, each as key, period and value.
    pub async fn sends(&self, token: &str, values: &[(&str, &str, f64)]) -> Heard {
        let value = |(kpi, period, value): &(&str, &str, f64)| serde_json::json!({ "kpi": kpi, "period": period, "value": value });
        let values: Vec<Value> = values.iter().map(value).collect();
        let body = serde_json::json!({ "measurements": values });
        self.posts(token, "/v1/measurements", &body).await
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

pub async fn heard(request: reqwest::RequestBuilder) -> Heard {
    let response = request.send().await.expect("an answer");
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Heard {
        status,
        headers,
        json: response.json().await.expect("JSON"),
    }
}

impl Heard {
    /// The fields that are wrong, each with why.
    pub fn wrong(&self) -> Vec<(String, String)> {
        let errors = self.json["errors"].as_array().cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let pair = |error: &Value| (text(&error["field"]), text(&error["message"]));
        errors.iter().map(pair).collect()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// The token in what somebody was shown.
pub fn token_in(words: &str) -> String {
    let start = words.find("isms_").expect("a token is shown");
    let token = words[start..].chars();
    let token: String = token
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect();
    assert_eq!(token.len(), 85, "{words}");
    token
}
