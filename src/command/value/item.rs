//! What a form about a checklist carries in its command: which item, as it stood when it was opened,
//! and which finding another one may be the same as.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{ControlName, FindingName};

/// The requirement that an item of a checklist or a finding is about: `A.6.1`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ItemName(pub ControlName);

/// How often an item had been put down when somebody looked at it: what was put down since is not
/// overwritten unseen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen(pub i64);

/// Whether a finding is one that is open already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SameAs {
    Finding(FindingName),
    Another,
}

impl FromStr for ItemName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse().map(ItemName)
    }
}

impl fmt::Display for ItemName {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Seen {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = text.trim().parse().ok();
        let number = number.filter(|number| (0..=i64::from(u32::MAX)).contains(number));
        number.map(Seen).ok_or_else(|| {
            format!("“{text}” is set by the form and says what you have seen. Leave it out.")
        })
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for SameAs {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.trim().eq_ignore_ascii_case("another") {
            return Ok(SameAs::Another);
        }
        let finding = text.parse().map(SameAs::Finding);
        finding.map_err(|_| {
            format!("“{text}” is no finding. Write the one it is, like F-7, or: another.")
        })
    }
}

impl fmt::Display for SameAs {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            SameAs::Finding(name) => name.fmt(f),
            SameAs::Another => f.write_str("another"),
        }
    }
}
