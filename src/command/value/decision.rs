//! What a meeting decides, by its number.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::plain_dashes;

/// A decision of a review: `D2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DecisionName(pub i64);

impl FromStr for DecisionName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let plain = plain_dashes(text.trim()).to_ascii_lowercase();
        let digits = plain.strip_prefix('d').unwrap_or(&plain);
        let digits = digits.trim_start_matches(['-', ' ', '#']);
        match digits.parse() {
            Ok(n) if n > 0 && digits.chars().all(|c| c.is_ascii_digit()) => Ok(DecisionName(n)),
            _ => Err(format!("“{text}” is not a decision. Write it like D2.")),
        }
    }
}

impl fmt::Display for DecisionName {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "D{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_is_named_by_its_number() {
        for said in ["D2", "d2", " d-2", "2", "D\u{2011}2"] {
            assert_eq!(said.parse(), Ok(DecisionName(2)), "{said}");
        }
        for said in ["D0", "x", "", "D-", "D1.5"] {
            assert!(said.parse::<DecisionName>().is_err(), "{said}");
        }
        assert_eq!(DecisionName(12).to_string(), "D12");
    }
}
