//! Clause 7.5, documented information: the log.
//!
//! Every change of a record appends an [`Event`] in the transaction that makes the change. Each
//! workspace has one log, numbered from 1. An entry's hash is SHA-256 over the previous entry's hash
//! and the entry's canonical JSON (RFC 8785); the first entry follows sixty-four zeros. Nothing in it
//! is changed or deleted: undo is a new event. [`verify`] walks a log and names the first bad entry.
//!
//! [`files`] that people give as evidence are kept here too, and given back (`flow`).

pub mod card;
pub mod command;
pub mod files;
pub mod flow;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::app::Result;
use crate::sql;
use crate::store::{Conn, Tx};

/// The hash before the first entry.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Who did what, when, to which record. Its canonical JSON is what is hashed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    pub workspace: Uuid,
    /// Its number in the workspace's log, from 1.
    pub entry: i64,
    pub at: DateTime<Utc>,
    /// The person, or nobody when the bot did it by schedule.
    pub actor: Option<Uuid>,
    /// What happened, in kebab case: `action-raised`.
    pub kind: String,
    /// The record it happened to: `CA-12`.
    pub record: String,
    /// What changed.
    pub data: serde_json::Value,
}

/// An event as a flow states it; the log adds its number and its link.
#[derive(Debug, Clone)]
pub struct Happening {
    pub workspace: Uuid,
    pub at: DateTime<Utc>,
    pub actor: Option<Uuid>,
    pub kind: &'static str,
    pub record: String,
    pub data: serde_json::Value,
}

/// An entry as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub entry: i64,
    pub at: DateTime<Utc>,
    pub actor: Option<String>,
    pub kind: String,
    pub record: String,
    pub body: String,
    pub hash: String,
}

/// Where a log stands: how many entries, and the last one's hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub entries: i64,
    pub hash: String,
}

impl Head {
    /// The first twelve digits of the last hash, for footers.
    pub fn fingerprint(&self) -> &str {
        &self.hash[..12]
    }
}

/// Appends to the log, in the transaction of the change it tells of.
pub async fn append(tx: &mut Tx, happening: Happening) -> Result<()> {
    let workspace = happening.workspace;
    let head = sql!(tx, record::log_head(workspace))?;
    let event = Event {
        workspace,
        entry: head.entries + 1,
        at: happening.at,
        actor: happening.actor,
        kind: happening.kind.to_owned(),
        record: happening.record,
        data: happening.data,
    };
    let body = serde_json_canonicalizer::to_string(&event)?;
    let hash = link(&head.hash, &body);
    sql!(tx, record::insert_event(&event, &body, &hash))?;
    sql!(tx, record::move_head(workspace, event.entry, &hash))?;
    Ok(())
}

fn link(previous: &str, body: &str) -> String {
    let mut sha = Sha256::new();
    sha.update(previous);
    sha.update(body);
    hex::encode(sha.finalize())
}

/// What [`verify`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// All entries follow from the first.
    Sound(Head),
    /// The first entry that does not, and why.
    Broken { entry: i64, why: String },
}

/// Entries read at a time.
const PAGE: i64 = 1000;

/// Walks a workspace's log from its first entry.
pub async fn verify(conn: &mut Conn, workspace: Uuid) -> Result<Verdict> {
    let mut previous = Head {
        entries: 0,
        hash: GENESIS.to_owned(),
    };
    // Where the log stood when its end was last reached.
    let mut end = None;
    let head = loop {
        let page = sql!(
            conn,
            record::list_entries(workspace, previous.entries, PAGE)
        )?;
        for entry in &page {
            if let Err(why) = check(workspace, &previous, entry) {
                return Ok(Verdict::Broken {
                    entry: previous.entries + 1,
                    why,
                });
            }
            previous = Head {
                entries: entry.entry,
                hash: entry.hash.clone(),
            };
        }
        if page.is_empty() {
            let head = sql!(conn, record::log_head(workspace))?;
            // A head that moved between the two looks has entries that were not read yet.
            if head == previous || end.as_ref() == Some(&head) {
                break head;
            }
            end = Some(head);
        }
    };
    if head != previous {
        let why = format!(
            "the log ends at entry {} but the workspace says {}: entries are missing at the end",
            previous.entries, head.entries
        );
        return Ok(Verdict::Broken {
            entry: previous.entries + 1,
            why,
        });
    }
    Ok(Verdict::Sound(head))
}

/// Whether an entry follows from the one before, and its columns say what its body says.
fn check(workspace: Uuid, previous: &Head, entry: &Entry) -> Result<(), String> {
    if entry.entry != previous.entries + 1 {
        return Err(format!("entry {} is missing", previous.entries + 1));
    }
    if entry.hash != link(&previous.hash, &entry.body) {
        return Err("its hash does not fit its text and the entry before".to_owned());
    }
    let event: Event =
        serde_json::from_str(&entry.body).map_err(|e| format!("its text cannot be read: {e}"))?;
    let same = event.workspace == workspace
        && event.entry == entry.entry
        && event.at == entry.at
        && event.actor.map(|a| a.to_string()) == entry.actor
        && event.kind == entry.kind
        && event.record == entry.record;
    if same {
        Ok(())
    } else {
        Err("its columns differ from its hashed text".to_owned())
    }
}

/// One thing that happened to a record, to be told.
#[derive(Debug, Clone, PartialEq)]
pub struct Past {
    pub at: DateTime<Utc>,
    pub actor: Option<Uuid>,
    pub kind: String,
    pub data: serde_json::Value,
}

impl Past {
    /// What the person gave as reason, note or evidence.
    pub fn said(&self) -> Option<&str> {
        ["reason", "note", "evidence"]
            .iter()
            .find_map(|name| self.data[name].as_str())
    }
}

/// What happened to a record, oldest first.
pub async fn history(conn: &mut Conn, workspace: Uuid, record: &str) -> Result<Vec<Past>> {
    let entries = sql!(conn, record::list_record_entries(workspace, record))?;
    let events = entries
        .iter()
        .map(|entry| serde_json::from_str::<Event>(&entry.body));
    let past = |event: Event| Past {
        at: event.at,
        actor: event.actor,
        kind: event.kind,
        data: event.data,
    };
    Ok(events
        .map(|event| event.map(past))
        .collect::<Result<_, _>>()?)
}

/// What happened to records of one kind (`action-`), with their names, oldest first.
pub async fn histories(
    conn: &mut Conn,
    workspace: Uuid,
    prefix: &str,
) -> Result<Vec<(String, Past)>> {
    let entries = sql!(conn, record::list_kind_entries(workspace, prefix))?;
    let events = entries
        .iter()
        .map(|entry| serde_json::from_str::<Event>(&entry.body));
    let past = |event: Event| {
        let past = Past {
            at: event.at,
            actor: event.actor,
            kind: event.kind,
            data: event.data,
        };
        (event.record, past)
    };
    Ok(events
        .map(|event| event.map(past))
        .collect::<Result<_, _>>()?)
}
