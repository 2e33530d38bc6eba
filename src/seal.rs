//! Sealing: secrets that have to be kept in the database are kept under a key that is not.
//!
//! AES-256-GCM, a fresh nonce each time, and as associated data whose secret it is, so that a sealed
//! token cannot be moved to another row. A key has an id (the beginning of its SHA-256), kept beside
//! what it sealed, so that keys can be changed: the newest seals, older ones still open.

use std::fmt;

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};
use sha2::{Digest, Sha256};

use crate::config::Secret;

/// The length of a key.
const BYTES: usize = 32;

/// What a key has to look like.
pub const KEY_FORM: &str = "32 random bytes in hex or base64, as `openssl rand -hex 32` makes them";

/// The key that seals, and those that only open.
pub struct Keys {
    newest: Key,
    older: Vec<Key>,
}

struct Key {
    id: String,
    key: LessSafeKey,
}

/// Sealed words, and under which key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    pub key: String,
    /// Nonce, ciphertext and tag, in hex.
    pub words: String,
}

/// Why sealed words cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    #[error("sealed under the key {0}, which is neither tokens.key nor among tokens.old_keys")]
    NoKey(String),
    #[error("damaged, or of another workspace")]
    Damaged,
    #[error("this machine gives no random numbers")]
    NoRandom,
}

impl Keys {
    /// `None` if a key is not [`KEY_FORM`].
    pub fn new(newest: &Secret, older: &[Secret]) -> Option<Keys> {
        let older: Option<Vec<Key>> = older.iter().map(Key::read).collect();
        Some(Keys {
            newest: Key::read(newest)?,
            older: older?,
        })
    }

    /// Seals words of `whose`.
    pub fn seal(&self, whose: &str, words: &str) -> Result<Sealed, SealError> {
        let mut nonce = [0; NONCE_LEN];
        let random = SystemRandom::new();
        random.fill(&mut nonce).map_err(|_| SealError::NoRandom)?;
        let mut bytes = words.as_bytes().to_vec();
        let Key { id, key } = &self.newest;
        let aad = Aad::from(whose.as_bytes());
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut bytes)
            .map_err(|_| SealError::Damaged)?;
        Ok(Sealed {
            key: id.clone(),
            words: hex::encode(nonce) + &hex::encode(bytes),
        })
    }

    pub fn open(&self, whose: &str, sealed: &Sealed) -> Result<Secret, SealError> {
        let mut all = std::iter::once(&self.newest).chain(&self.older);
        let key = all.find(|key| key.id == sealed.key);
        let key = key.ok_or_else(|| SealError::NoKey(sealed.key.clone()))?;
        let bytes = hex::decode(&sealed.words).map_err(|_| SealError::Damaged)?;
        let (nonce, words) = bytes
            .split_at_checked(NONCE_LEN)
            .ok_or(SealError::Damaged)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SealError::Damaged)?;
        let mut words = words.to_vec();
        let aad = Aad::from(whose.as_bytes());
        let opened = key.key.open_in_place(nonce, aad, &mut words);
        let opened = opened.map_err(|_| SealError::Damaged)?;
        let words = std::str::from_utf8(opened).map_err(|_| SealError::Damaged)?;
        Ok(Secret::new(words))
    }

    /// Whether the newest key sealed it.
    pub fn is_newest(&self, sealed: &Sealed) -> bool {
        self.newest.id == sealed.key
    }
}

impl Key {
    fn read(secret: &Secret) -> Option<Key> {
        let bytes = bytes_of(secret.expose())?;
        let key = UnboundKey::new(&AES_256_GCM, &bytes).ok()?;
        Some(Key {
            id: hex::encode(&Sha256::digest(&bytes)[..4]),
            key: LessSafeKey::new(key),
        })
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keys({}, {} older)", self.newest.id, self.older.len())
    }
}

/// Hex, or base64 of either alphabet, with padding or without.
fn bytes_of(words: &str) -> Option<Vec<u8>> {
    let words = words.trim();
    if words.len() == 2 * BYTES {
        return hex::decode(words).ok();
    }
    let mut bytes = Vec::new();
    let (mut bits, mut held) = (0_u32, 0);
    for c in words.trim_end_matches('=').bytes() {
        let value = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).ok()?);
        }
    }
    (bytes.len() == BYTES).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    const BASE64: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    const OTHER: &str = "ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    fn keys(newest: &str, older: &[&str]) -> Keys {
        let older: Vec<Secret> = older.iter().map(|key| Secret::new(*key)).collect();
        Keys::new(&Secret::new(newest), &older).unwrap()
    }

    #[test]
    fn what_is_sealed_is_read_under_either_spelling_of_the_key() {
        let sealed = keys(HEX, &[]).seal("T1", "xoxb-1").unwrap();
        assert!(!format!("{sealed:?}").contains("xoxb"));
        let opened = keys(BASE64, &[]).open("T1", &sealed).unwrap();
        assert_eq!(opened.expose(), "xoxb-1");
    }

    #[test]
    fn the_same_words_are_never_sealed_alike() {
        let keys = keys(HEX, &[]);
        let seal = || keys.seal("T1", "xoxb-1").unwrap();
        assert_ne!(seal(), seal());
    }

    #[test]
    fn a_sealed_token_is_of_no_use_in_another_row_or_when_it_was_touched() {
        let keys = keys(HEX, &[]);
        let mut sealed = keys.seal("T1", "xoxb-1").unwrap();
        assert_eq!(keys.open("T2", &sealed), Err(SealError::Damaged));
        let last = if sealed.words.ends_with('0') {
            "1"
        } else {
            "0"
        };
        sealed.words.pop();
        sealed.words.push_str(last);
        assert_eq!(keys.open("T1", &sealed), Err(SealError::Damaged));
        sealed.words = "00".into();
        assert_eq!(keys.open("T1", &sealed), Err(SealError::Damaged));
    }

    #[test]
    fn a_key_that_was_changed_still_opens_and_a_forgotten_one_is_named() {
        let sealed = keys(HEX, &[]).seal("T1", "xoxb-1").unwrap();
        let changed = keys(OTHER, &[HEX]);
        assert_eq!(changed.open("T1", &sealed).unwrap().expose(), "xoxb-1");
        assert!(!changed.is_newest(&sealed));
        let error = keys(OTHER, &[]).open("T1", &sealed).unwrap_err();
        assert_eq!(error, SealError::NoKey(sealed.key));
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for wrong in [
            "",
            "hunter2",
            &HEX[2..],
            &BASE64[4..],
            "zz".repeat(32).as_str(),
        ] {
            assert!(Keys::new(&Secret::new(wrong), &[]).is_none(), "{wrong}");
        }
    }
}
