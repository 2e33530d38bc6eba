//! What a token is, how it is written, and what it is good for.

use std::fmt;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::command::value::{KpiKey, TokenName};

/// A program that may send values.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    pub id: Uuid,
    pub name: TokenName,
    pub scope: Scope,
    /// The KPIs it is good for; empty means every one that programs send.
    pub kpis: Vec<KpiKey>,
    pub made_by: Uuid,
    pub made_at: DateTime<Utc>,
    /// When something was last taken with it.
    pub used_at: Option<DateTime<Utc>>,
    pub revoked_at: Option<DateTime<Utc>>,
}

/// What a program may send with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display, strum::EnumString)]
#[strum(serialize_all = "kebab-case")]
pub enum Scope {
    /// Values of KPIs, and alerts that are counted into them.
    Kpis,
    /// The risk register.
    Risks,
}

impl Token {
    /// Whether it is good for this KPI.
    pub fn covers(&self, kpi: &KpiKey) -> bool {
        self.scope == Scope::Kpis && (self.kpis.is_empty() || self.kpis.contains(kpi))
    }
}

/// The token as it is shown once: `isms_` and hexadecimal digits, which are the workspace's id and
/// 24 random bytes. So it can be looked up within its workspace, and secret scanners can find it by
/// its beginning.
#[derive(Clone, PartialEq, Eq)]
pub struct Shown(String);

const MARK: &str = "isms_";
/// Random bytes in it: as good as a key of 192 bits.
pub const RANDOM: usize = 24;

impl Shown {
    pub fn new(workspace: Uuid, random: [u8; RANDOM]) -> Shown {
        let (id, random) = (hex::encode(workspace.as_bytes()), hex::encode(random));
        Shown(format!("{MARK}{id}{random}"))
    }

    /// Reads what a program shows; `None` if it cannot be one of our tokens.
    pub fn read(text: &str) -> Option<Shown> {
        let digits = text.strip_prefix(MARK)?;
        let fits = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
        let whole = digits.len() == 2 * (16 + RANDOM) && digits.chars().all(fits);
        whole.then(|| Shown(text.to_owned()))
    }

    /// Whose it says it is.
    pub fn workspace(&self) -> Option<Uuid> {
        let bytes = hex::decode(&self.0[MARK.len()..][..32]).ok()?;
        Uuid::from_slice(&bytes).ok()
    }

    /// What is kept of it. It is random enough to need no salt and no slow hash.
    pub fn hash(&self) -> String {
        hex::encode(Sha256::digest(&self.0))
    }

    /// The whole token, for who made it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{MARK}…")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_says_whose_it_is_and_is_read_as_it_is_shown() {
        let workspace = Uuid::now_v7();
        let shown = Shown::new(workspace, [7; RANDOM]);
        assert_eq!(Shown::read(shown.expose()), Some(shown.clone()));
        assert_eq!(shown.workspace(), Some(workspace));
        assert_eq!(shown.expose().len(), 85);
        assert_ne!(shown.hash(), Shown::new(workspace, [8; RANDOM]).hash());
        assert_eq!(format!("{shown:?}"), "isms_…");
        for wrong in ["", "isms_", "isms_zz", &shown.expose()[1..], "xoxb-1"] {
            assert_eq!(Shown::read(wrong), None, "{wrong}");
        }
        assert_eq!(Shown::read(&shown.expose().to_uppercase()), None);
    }
}
