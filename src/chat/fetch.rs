//! Fetching a file that somebody gave to a platform: from that platform and from nowhere else, and no
//! more of it than is kept.

use reqwest::{RequestBuilder, Response, StatusCode};
use url::Url;

pub use crate::record::files::LARGEST;

const MEBIBYTE: usize = 1024 * 1024;

/// A file as a platform tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The argument it is for.
    pub field: String,
    /// The platform's id of it.
    pub id: String,
    pub name: String,
    /// In bytes, as the platform says.
    pub size: usize,
    pub url: String,
}

/// Why there is no file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missed {
    TooLarge(usize),
    /// The address is not one of the platform's.
    Elsewhere,
    Refused(StatusCode),
    /// No answer, half an answer, or something else than the file.
    Broken,
}

impl Missed {
    /// For the person who gave the file of this name.
    pub fn words(self, name: &str) -> String {
        match self {
            Missed::TooLarge(size) => format!(
                "“{name}” has {} MiB; at most {} fit. Give its address instead.",
                size.div_ceil(MEBIBYTE),
                LARGEST / MEBIBYTE
            ),
            _ => format!("I could not fetch “{name}”. Attach it again."),
        }
    }
}

/// Whether an address is one of these hosts or below one, or stands where the platform's own API does
/// (a proxy, a test).
pub fn is_among(url: &Url, hosts: &[&str], api: &str) -> bool {
    let below = |host: &str| {
        hosts.iter().any(|known| {
            host == *known
                || host
                    .strip_suffix(known)
                    .is_some_and(|rest| rest.ends_with('.'))
        })
    };
    let is_known = url.scheme() == "https" && url.host_str().is_some_and(below);
    is_known || Url::parse(api).is_ok_and(|api| api.origin() == url.origin())
}

/// The bytes, if they are as many as were told.
pub async fn fetch(request: RequestBuilder, size: usize) -> Result<Vec<u8>, Missed> {
    if size > LARGEST {
        return Err(Missed::TooLarge(size));
    }
    let mut answer = request.send().await.map_err(|_| Missed::Broken)?;
    if answer.status() != StatusCode::OK {
        return Err(Missed::Refused(answer.status()));
    }
    let bytes = read(&mut answer, size).await?;
    // A page that asks to sign in, say, has another length.
    match bytes.len() == size {
        true => Ok(bytes),
        false => Err(Missed::Broken),
    }
}

async fn read(answer: &mut Response, size: usize) -> Result<Vec<u8>, Missed> {
    let mut bytes = Vec::with_capacity(size);
    while let Some(piece) = answer.chunk().await.map_err(|_| Missed::Broken)? {
        if bytes.len() + piece.len() > size {
            return Err(Missed::Broken);
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_fetched_from_the_platform_and_from_nowhere_else() {
        let is_slacks = |url: &str, api: &str| is_among(&url.parse().unwrap(), &["slack.com"], api);
        let slack = "https://slack.com/api";
        for (url, api, good) in [
            ("https://files.slack.com/files-pri/T1-F1/a.pdf", slack, true),
            ("https://slack.com/files/a.pdf", slack, true),
            ("http://files.slack.com/a.pdf", slack, false),
            ("https://evilslack.com/a.pdf", slack, false),
            ("https://slack.com.evil.example/a.pdf", slack, false),
            ("https://slack.com@evil.example/a.pdf", slack, false),
            ("http://127.0.0.1:4000/a.pdf", slack, false),
            (
                "http://127.0.0.1:4000/a.pdf",
                "http://127.0.0.1:4000/api",
                true,
            ),
            (
                "http://127.0.0.1:4001/a.pdf",
                "http://127.0.0.1:4000/api",
                false,
            ),
        ] {
            assert_eq!(is_slacks(url, api), good, "{url} {api}");
        }
    }

    #[test]
    fn a_file_that_is_too_large_is_refused_with_both_sizes() {
        let words = Missed::TooLarge(LARGEST + 1).words("scan.pdf");
        assert_eq!(
            words,
            "“scan.pdf” has 11 MiB; at most 10 fit. Give its address instead."
        );
    }
}
