//! The name of a token that programs show.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::plain_dashes;

/// What people call a token: `scanner`, `siem-2`. Small letters, digits and hyphens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct TokenName(String);

impl TokenName {
    const LONGEST: usize = 30;

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for TokenName {
    type Err = String;

    /// Capitals, spaces and underscores are forgiven.
    fn from_str(text: &str) -> Result<Self, String> {
        let name: String = plain_dashes(text.trim())
            .to_lowercase()
            .chars()
            .map(|c| if c == ' ' || c == '_' { '-' } else { c })
            .collect();
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let whole = name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(fits);
        match whole && name.len() <= TokenName::LONGEST {
            true => Ok(TokenName(name)),
            false => Err(format!(
                "“{text}” is not a name for a token. Use up to {} small letters, digits and \
                 hyphens, as in scanner.",
                TokenName::LONGEST
            )),
        }
    }
}

impl fmt::Display for TokenName {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<TokenName> for String {
    fn from(name: TokenName) -> String {
        name.0
    }
}

impl TryFrom<String> for TokenName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}
