//! A file that was given with a command.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A file that is kept ([`crate::record::files`]), by the SHA-256 of its bytes. Faces write it, when
/// they have taken a file in; people attach files.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct FileRef(String);

impl FileRef {
    /// Of these bytes.
    pub fn of(bytes: &[u8]) -> FileRef {
        use sha2::Digest;
        FileRef(hex::encode(sha2::Sha256::digest(bytes)))
    }

    /// Sixty-four hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first twelve digits, as people compare them.
    pub fn fingerprint(&self) -> &str {
        &self.0[..12]
    }
}

impl FromStr for FileRef {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digest = text.trim().to_ascii_lowercase();
        let whole = digest.len() == 64 && digest.chars().all(|c| c.is_ascii_hexdigit());
        match whole {
            true => Ok(FileRef(digest)),
            false => Err(format!(
                "“{text}” is not a file. Attach the file itself, or give its address in the text."
            )),
        }
    }
}

/// The first digits of a file's SHA-256, as people read them off a card or a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint(String);

/// Fewer digits would soon mean several files.
const FEWEST_DIGITS: usize = 8;

impl Fingerprint {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Fingerprint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text.trim().to_ascii_lowercase();
        let fits = (FEWEST_DIGITS..=64).contains(&digits.len());
        match fits && digits.chars().all(|c| c.is_ascii_hexdigit()) {
            true => Ok(Fingerprint(digits)),
            false => Err(format!(
                "“{text}” is no fingerprint of a file. It is twelve digits like 3f1a09bc42de, as they \
                 stand beside the file's name."
            )),
        }
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for FileRef {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<FileRef> for String {
    fn from(file: FileRef) -> String {
        file.0
    }
}

impl TryFrom<String> for FileRef {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}
