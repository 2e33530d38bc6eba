//! Where something was said: the address of a page, and the message that a command was made of.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::Url;

/// The address of a page: `https://…`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WebLink(String);

/// As long as an address may be.
const LONGEST: usize = 1000;

impl WebLink {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for WebLink {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        // As chat programs write a link: `<https://…>`, `<https://…|label>`.
        let inner = text
            .strip_prefix('<')
            .and_then(|rest| rest.strip_suffix('>'));
        let text = inner.map_or(text, |inner| inner.split('|').next().unwrap_or(inner));
        if text.chars().count() > LONGEST {
            return Err(format!(
                "This address is too long; at most {LONGEST} characters fit."
            ));
        }
        let url = Url::parse(text).ok();
        let url = url.filter(|url| matches!(url.scheme(), "https" | "http") && url.has_host());
        // Whoever clicks should see where it leads.
        match url.filter(|url| url.username().is_empty() && url.password().is_none()) {
            Some(url) => Ok(WebLink(url.into())),
            None => Err(format!(
                "“{text}” is not an address like https://example.com/page."
            )),
        }
    }
}

impl fmt::Display for WebLink {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A message, by the platform's ids: `channel/message`. Faces write it, not people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    pub channel: String,
    pub message: String,
}

impl FromStr for Origin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let id = |part: &str| {
            let known = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-' || c == '_';
            (1..=64).contains(&part.len()) && part.chars().all(known)
        };
        match text.trim().split_once('/') {
            Some((channel, message)) if id(channel) && id(message) => Ok(Origin {
                channel: channel.to_owned(),
                message: message.to_owned(),
            }),
            _ => Err(format!(
                "“{text}” is not a message. Leave it out: it is set by the shortcut."
            )),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}/{}", self.channel, self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_web_pages_and_show_where_they_lead() {
        let read = |text: &str| text.parse::<WebLink>().map(|link| link.to_string());
        assert_eq!(
            read("https://a.example/x?y=1").as_deref(),
            Ok("https://a.example/x?y=1")
        );
        assert_eq!(
            read("<https://a.example/x|here>").as_deref(),
            Ok("https://a.example/x")
        );
        for wrong in [
            "a.example",
            "javascript:alert(1)",
            "https://bank@evil.example",
            "https://",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        assert!(read(&format!("https://a.example/{}", "x".repeat(1000))).is_err());
    }

    #[test]
    fn an_origin_reads_back_what_it_shows() {
        let origin: Origin = "C0ISMS/1800000001.000001".parse().unwrap();
        assert_eq!(origin.to_string(), "C0ISMS/1800000001.000001");
        for wrong in ["C0ISMS", "C0ISMS/", "/1", "C 1/2", "a/b/c"] {
            assert!(wrong.parse::<Origin>().is_err(), "{wrong}");
        }
    }
}
