//! The one place where values are fetched over the network.
//!
//! Only hosts that the operator allows are asked, also after a redirect, which may not leave the host.
//! A secret goes to its own host and nowhere else; it is read for the request and never shown. An
//! answer has to come in time and be of a sensible size.

use std::path::PathBuf;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, redirect};
use url::Url;

use super::answer::Answer;
use super::ask::Request;
use crate::config::Secret;

/// How long an answer may take, all in all.
const TIME_OUT: Duration = Duration::from_secs(10);
const CONNECT: Duration = Duration::from_secs(5);
/// Bytes of an answer.
const LARGEST: usize = 1 << 20;
/// Redirects on one host.
const REDIRECTS: usize = 3;

/// What may be asked over the network, and with what.
#[derive(Debug, Clone)]
pub struct Sources {
    hosts: Vec<String>,
    secrets: Vec<HostSecret>,
    client: Client,
    time_out: Duration,
}

/// Headers that prove to one host who asks.
#[derive(Debug, Clone)]
pub struct HostSecret {
    pub name: String,
    /// `host` or `host:port`, as in the list of hosts.
    pub host: String,
    pub header: Header,
}

/// One header a line: `Authorization: Bearer …`.
#[derive(Debug, Clone)]
pub enum Header {
    Words(Secret),
    /// Read for every request, so that what renews it needs no restart.
    File(PathBuf),
}

impl Default for Sources {
    fn default() -> Self {
        Sources::new(Vec::new(), Vec::new())
    }
}

impl Sources {
    pub fn new(hosts: Vec<String>, secrets: Vec<HostSecret>) -> Sources {
        Sources {
            hosts,
            secrets,
            client: client(),
            time_out: TIME_OUT,
        }
    }

    /// With another patience, for tests.
    pub fn within(self, time_out: Duration) -> Sources {
        Sources { time_out, ..self }
    }

    /// Whether a request may be made at all: by its host, and by the secret that it names.
    pub fn permit(&self, url: &Url, secret: Option<&str>) -> Result<(), Refused> {
        let place = place(url);
        if !self.hosts.iter().any(|host| is_at(host, url)) {
            return Err(Refused::Host(place));
        }
        let Some(name) = secret else {
            return Ok(());
        };
        match self.secrets.iter().find(|secret| secret.name == name) {
            Some(secret) if is_at(&secret.host, url) => Ok(()),
            Some(_) => Err(Refused::SecretOfAnother(name.to_owned(), place)),
            None => Err(Refused::NoSecret(name.to_owned())),
        }
    }

    /// Asks, and says in words what went wrong: words without secrets and without the whole address.
    pub async fn fetch(&self, request: &Request) -> Result<Answer, String> {
        let Request { url, body, secret } = request;
        self.permit(url, secret.as_deref())
            .map_err(|refused| refused.to_string())?;
        let headers = self.headers(secret.as_deref()).await?;
        let ask = match body {
            Some(body) => self
                .client
                .post(url.clone())
                .header(reqwest::header::CONTENT_TYPE, "application/json")
                .body(body.clone()),
            None => self.client.get(url.clone()),
        };
        let ask = ask
            .header(reqwest::header::ACCEPT, "application/json")
            .headers(headers)
            .timeout(self.time_out);
        let place = place(url);
        let mut response = ask
            .send()
            .await
            .map_err(|error| self.words(&place, &error))?;
        let status = response.status();
        let mut body = Vec::new();
        while let Some(bytes) = response
            .chunk()
            .await
            .map_err(|error| self.words(&place, &error))?
        {
            if body.len() + bytes.len() > LARGEST {
                return Err(format!(
                    "{place} answers with more than {} KiB: ask for less",
                    LARGEST / 1024
                ));
            }
            body.extend_from_slice(&bytes);
        }
        Ok(Answer {
            status: status.to_string(),
            ok: status.is_success(),
            body,
        })
    }

    async fn headers(&self, name: Option<&str>) -> Result<HeaderMap, String> {
        let secret = name.and_then(|name| self.secrets.iter().find(|secret| secret.name == name));
        let Some(secret) = secret else {
            return Ok(HeaderMap::new());
        };
        let words = match &secret.header {
            Header::Words(words) => words.clone(),
            Header::File(path) => {
                let read = tokio::fs::read_to_string(path).await;
                let why = |error: std::io::Error| {
                    format!(
                        "the secret {} cannot be read: {}",
                        secret.name,
                        error.kind()
                    )
                };
                Secret::new(read.map_err(why)?)
            }
        };
        headers_of(&words).ok_or_else(|| format!("the secret {} is no header", secret.name))
    }

    fn words(&self, place: &str, error: &reqwest::Error) -> String {
        if error.is_timeout() {
            let seconds = self.time_out.as_secs_f32();
            return format!("{place} does not answer within {seconds} seconds");
        }
        if error.is_redirect() {
            return format!("{place} sends on to another host, which is not followed");
        }
        // The innermost cause says it in a few words; the outer ones hold the address.
        let mut cause: &dyn std::error::Error = error;
        while let Some(inner) = cause.source() {
            cause = inner;
        }
        match error.is_connect() {
            true => format!("{place} cannot be reached: {cause}"),
            false => format!("{place} breaks off: {cause}"),
        }
    }
}

/// Why a request is not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("I may not ask {0}: whoever runs me can add it to sources.hosts")]
    Host(String),
    #[error("there is no secret {0}: whoever runs me can add it to sources.secrets")]
    NoSecret(String),
    #[error("the secret {0} is not meant for {1}")]
    SecretOfAnother(String, String),
}

/// The headers in a secret, one a line; none if it holds anything else.
pub fn headers_of(secret: &Secret) -> Option<HeaderMap> {
    let mut headers = HeaderMap::new();
    let lines = secret.expose().lines().map(str::trim);
    for line in lines.filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':')?;
        let mut value = HeaderValue::from_str(value.trim()).ok()?;
        value.set_sensitive(true);
        headers.append(HeaderName::try_from(name.trim()).ok()?, value);
    }
    (!headers.is_empty()).then_some(headers)
}

/// A host as it is told: with its port, unless it is the usual one.
fn place(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// Whether an address is at a host of the list.
fn is_at(host: &str, url: &Url) -> bool {
    place(url).eq_ignore_ascii_case(host)
}

fn client() -> Client {
    let stays = redirect::Policy::custom(|attempt| {
        let here = |url: &Url| (url.scheme().to_owned(), place(url));
        let first = attempt.previous().first();
        if attempt.previous().len() > REDIRECTS {
            return attempt.error("too many redirects");
        }
        match first.is_some_and(|first| here(first) == here(attempt.url())) {
            true => attempt.follow(),
            false => attempt.error("another host"),
        }
    });
    Client::builder()
        .redirect(stays)
        .connect_timeout(CONNECT)
        .user_agent(concat!("isms-bot/", env!("CARGO_PKG_VERSION")))
        .build()
        .expect("a client without settings of its own")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn a_host_is_allowed_with_its_port_and_a_secret_goes_to_its_host_only() {
        let secret = HostSecret {
            name: "elastic".to_owned(),
            host: "e.example:9200".to_owned(),
            header: Header::Words(Secret::new("Authorization: ApiKey abc")),
        };
        let hosts = ["p.example", "E.example:9200"].map(str::to_owned);
        let sources = Sources::new(hosts.to_vec(), vec![secret]);
        let permit = |text: &str, secret| sources.permit(&url(text), secret);
        assert_eq!(permit("https://p.example/x", None), Ok(()));
        assert_eq!(permit("http://p.example:80/x", None), Ok(()));
        assert_eq!(
            permit("https://e.example:9200/_count", Some("elastic")),
            Ok(())
        );
        for text in [
            "https://p.example:9090/x",
            "https://p.example.evil.example/x",
            "https://evil.example/p.example",
            "http://127.0.0.1/x",
        ] {
            assert!(
                matches!(permit(text, None), Err(Refused::Host(_))),
                "{text}"
            );
        }
        assert!(matches!(
            permit("https://p.example", Some("elastic")),
            Err(Refused::SecretOfAnother(..))
        ));
        assert!(matches!(
            permit("https://p.example", Some("jira")),
            Err(Refused::NoSecret(_))
        ));
        assert!(!format!("{sources:?}").contains("abc"));
    }

    #[test]
    fn a_secret_is_headers_one_a_line() {
        let read = |text: &str| headers_of(&Secret::new(text));
        let two = read("Authorization: Bearer x:y\n\nX-Tenant: 7\n").unwrap();
        assert_eq!(two["authorization"], "Bearer x:y");
        assert_eq!(two["x-tenant"], "7");
        for text in ["", "abc", "no name: x", "A: b\nc"] {
            assert!(read(text).is_none(), "{text}");
        }
    }
}
