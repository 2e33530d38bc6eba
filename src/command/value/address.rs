//! Where a value is fetched, and where in a JSON document it stands.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::Url;

/// What an address may be long; more belongs into a query of its own.
const LONGEST: usize = 1000;

/// The address of a program that is asked: `http` or `https`, without a name and password in it. It
/// may hold placeholders for the period (`{from}`), which are filled in when it is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Address(String);

impl Address {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // Slack puts what it takes for a link into angle brackets.
        let text = text.trim();
        let text = text
            .strip_prefix('<')
            .and_then(|text| text.strip_suffix('>'))
            .map_or(text, |link| link.split('|').next().unwrap_or(link));
        if text.len() > LONGEST {
            return Err(format!("An address has at most {LONGEST} characters."));
        }
        let url = Url::parse(text).ok().filter(Url::has_host);
        let Some(url) = url.filter(|url| matches!(url.scheme(), "http" | "https")) else {
            return Err(format!(
                "“{text}” is not an address like https://prometheus.example:9090."
            ));
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(
                "Leave the name and password out: the operator keeps them as a secret, which \
                 secret: names."
                    .to_owned(),
            );
        }
        if url.fragment().is_some() {
            return Err("Leave out what follows the #: it is never sent.".to_owned());
        }
        // As it was typed: what the parser writes has no placeholders any more.
        Ok(Address(text.to_owned()))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Where in a JSON document a value stands (RFC 6901): `/hits/total/value`, `/items/0/count`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JsonPointer(String);

impl JsonPointer {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for JsonPointer {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if !text.starts_with('/') {
            let right = format!("/{}", text.replace('.', "/"));
            return Err(format!(
                "A pointer begins with / and names the way with / between: perhaps {right}."
            ));
        }
        let escapes = text.split('~').skip(1);
        if text.len() > LONGEST
            || !escapes
                .into_iter()
                .all(|after| after.starts_with(['0', '1']))
        {
            return Err(format!(
                "“{text}” is not a JSON pointer: write ~ as ~0, and / inside a name as ~1."
            ));
        }
        Ok(JsonPointer(text.to_owned()))
    }
}

impl fmt::Display for JsonPointer {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> String {
        text.parse::<Address>().unwrap_err()
    }

    #[test]
    fn an_address_is_of_the_web_and_holds_no_password() {
        let kept = |text: &str| text.parse::<Address>().unwrap().to_string();
        assert_eq!(kept(" http://[::1]:9090/p "), "http://[::1]:9090/p");
        assert_eq!(kept("<https://a.example/x|x>"), "https://a.example/x");
        assert_eq!(
            kept("https://a.example/{period}"),
            "https://a.example/{period}"
        );
        for text in [
            "ftp://a.example",
            "a.example:9090",
            "file:///etc/passwd",
            "https://",
        ] {
            assert!(wrong(text).contains("is not an address"), "{text}");
        }
        assert!(wrong("https://ann:pw@a.example").contains("secret"));
    }

    #[test]
    fn a_pointer_that_is_none_is_told_what_would_be_right() {
        let read = |text: &str| text.parse::<JsonPointer>();
        assert_eq!(read("/a~1b/0").unwrap().as_str(), "/a~1b/0");
        assert!(read("hits.total").unwrap_err().contains("/hits/total"));
        assert!(read("/a~b").is_err());
    }
}
