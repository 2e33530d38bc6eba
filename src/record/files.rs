//! Files that are kept: evidence as it was given, documents as they were handed out.
//!
//! A file is kept in the database, so that one transaction holds it together with what it proves, and a
//! backup or several processes need no second place. It goes by the SHA-256 of its bytes; the log says
//! who kept it, so what is handed out later can be held against the log.

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::Happening;
use crate::app::{Result, UserError};
use crate::command::value::{FileRef, Fingerprint};
use crate::sql;
use crate::store::{Conn, Tx};

/// As large as a file may be, in bytes (Discord's limit of one file).
pub const LARGEST: usize = 10 * 1024 * 1024;
const LONGEST_NAME: usize = 120;

/// A file with its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub file: FileRef,
    /// As it was called, with its extension.
    pub name: String,
    pub bytes: Vec<u8>,
}

/// Who keeps a file, where and when.
#[derive(Debug, Clone, Copy)]
pub struct Keeper {
    pub workspace: Uuid,
    /// Nobody for what the bot writes by itself.
    pub by: Option<Uuid>,
    pub at: DateTime<Utc>,
}

/// Keeps a file. The same bytes again are the same file, under its first name.
pub async fn keep(tx: &mut Tx, keeper: Keeper, name: &str, bytes: Vec<u8>) -> Result<FileRef> {
    if bytes.is_empty() {
        return Err(UserError::at("file", "This file is empty.").into());
    }
    if bytes.len() > LARGEST {
        let text = format!(
            "This file has {} MiB; at most {} fit. Give its address instead.",
            bytes.len().div_ceil(1024 * 1024),
            LARGEST / (1024 * 1024)
        );
        return Err(UserError::at("file", text).into());
    }
    let kept = Kept {
        file: FileRef::of(&bytes),
        name: plain_name(name),
        bytes,
    };
    if !sql!(tx, record::insert_file(keeper, &kept))? {
        return Ok(kept.file);
    }
    let happening = Happening {
        workspace: keeper.workspace,
        at: keeper.at,
        actor: keeper.by,
        kind: "file-kept",
        record: format!("file {}", kept.file.fingerprint()),
        data: json!({ "sha256": kept.file, "name": kept.name, "size": kept.bytes.len() }),
    };
    super::append(tx, happening).await?;
    Ok(kept.file)
}

/// What is known of a file without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    pub file: FileRef,
    pub name: String,
    /// In bytes.
    pub size: i64,
    pub by: Option<Uuid>,
    pub at: DateTime<Utc>,
}

/// What is known of a file, or an error that says that it is not here.
pub async fn about(conn: &mut Conn, workspace: Uuid, file: &FileRef) -> Result<About> {
    let mut found = sql!(conn, record::list_files(workspace, file.as_str()))?;
    match found.pop() {
        Some(about) => Ok(about),
        None => Err(not_here(file).into()),
    }
}

/// What a file is called, or an error that says that it is not here.
pub async fn name_of(conn: &mut Conn, workspace: Uuid, file: &FileRef) -> Result<String> {
    Ok(about(conn, workspace, file).await?.name)
}

/// The one file with this fingerprint.
pub async fn find(tx: &mut Tx, workspace: Uuid, fingerprint: &Fingerprint) -> Result<About> {
    let mut found = sql!(tx, record::list_files(workspace, fingerprint.as_str()))?;
    match (found.pop(), found.is_empty()) {
        (Some(about), true) => Ok(about),
        (Some(_), false) => {
            let text = format!("Several files begin with {fingerprint}. Give more digits of it.");
            Err(UserError::at("fingerprint", text).into())
        }
        (None, _) => {
            let text = format!(
                "There is no file {fingerprint} here. Its fingerprint stands beside its name, on the \
                 card of what it proves."
            );
            Err(UserError::at("fingerprint", text).into())
        }
    }
}

/// The file, or an error that says that it is not here.
pub async fn load(conn: &mut Conn, workspace: Uuid, file: &FileRef) -> Result<Kept> {
    match sql!(conn, record::find_file(workspace, file))? {
        Some(kept) => Ok(kept),
        None => Err(not_here(file).into()),
    }
}

fn not_here(file: &FileRef) -> UserError {
    let text = format!(
        "There is no file {} here. Attach the file itself.",
        file.fingerprint()
    );
    UserError::at("file", text)
}

/// A name without a path and without what a file system or a chat would take amiss.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let plain = |c: &char| !c.is_control() && !"<>:\"|?*".contains(*c);
    let name: String = last.chars().filter(plain).take(LONGEST_NAME).collect();
    match name.trim().trim_start_matches('.') {
        "" => "file".to_owned(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_no_path_and_no_marks() {
        let cases = [
            ("scan.pdf", "scan.pdf"),
            ("../../etc/passwd", "passwd"),
            (r"C:\Users\ann\scan 1.pdf", "scan 1.pdf"),
            (".hidden", "hidden"),
            ("<!channel>.txt", "!channel.txt"),
            ("/", "file"),
        ];
        for (given, kept) in cases {
            assert_eq!(plain_name(given), kept);
        }
    }
}
