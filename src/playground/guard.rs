//! Keeps other web sites out. Any page a person has open can make their browser send requests to
//! 127.0.0.1, so being on the loopback is not enough.
//!
//! - Only loopback host names are answered: a foreign name that resolves to 127.0.0.1 (DNS
//!   rebinding) is refused.
//! - What changes something must come from a page of this very address (`Origin`).
//! - The browser is told to load nothing from elsewhere and to show the pages in no frame.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use url::{Host, Url};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                      connect-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

pub async fn guard(request: Request, next: Next) -> Response {
    let mut response = match refusal(request.method(), request.headers()) {
        Some(why) => (StatusCode::FORBIDDEN, why).into_response(),
        None => next.run(request).await,
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let same = HeaderValue::from_static("same-origin");
    headers.insert("cross-origin-opener-policy", same.clone());
    headers.insert("cross-origin-resource-policy", same);
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Why a request is not answered.
fn refusal(method: &Method, headers: &HeaderMap) -> Option<&'static str> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(host) = text(header::HOST).filter(|host| is_loopback(host)) else {
        return Some("The playground answers to 127.0.0.1 and localhost only.\n");
    };
    if matches!(*method, Method::GET | Method::HEAD) {
        return None;
    }
    let own = match text(header::ORIGIN) {
        Some(origin) => origin == format!("http://{host}"),
        None => headers
            .get("sec-fetch-site")
            .is_some_and(|site| site == "same-origin"),
    };
    (!own).then_some("The playground takes what its own pages send only.\n")
}

fn is_loopback(host: &str) -> bool {
    let Ok(url) = Url::parse(&format!("http://{host}/")) else {
        return false;
    };
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn only_loopback_names_are_answered() {
        for host in ["127.0.0.1:8080", "localhost", "localhost:1", "[::1]:8080"] {
            assert_eq!(
                refusal(&Method::GET, &headers(&[("host", host)])),
                None,
                "{host}"
            );
        }
        for host in [
            "evil.example",
            "127.0.0.1.evil.example",
            "192.168.0.4:8080",
            "a@b/c",
            "",
        ] {
            assert!(
                refusal(&Method::GET, &headers(&[("host", host)])).is_some(),
                "{host}"
            );
        }
        assert!(refusal(&Method::GET, &headers(&[])).is_some());
    }

    #[test]
    fn a_post_must_come_from_an_own_page() {
        let post = |pairs: &[_]| {
            let host = [("host", "127.0.0.1:8080")];
            refusal(&Method::POST, &headers(&[&host, pairs].concat()))
        };
        assert_eq!(post(&[("origin", "http://127.0.0.1:8080")]), None);
        assert_eq!(post(&[("sec-fetch-site", "same-origin")]), None);
        assert!(post(&[]).is_some());
        assert!(post(&[("origin", "null")]).is_some());
        assert!(post(&[("origin", "http://127.0.0.1:9999")]).is_some());
        assert!(post(&[("origin", "https://evil.example")]).is_some());
        assert!(post(&[("sec-fetch-site", "cross-site")]).is_some());
    }
}
