//! The messages of the chat: what was said where, by whom.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::chat::Card;

/// One message, as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Counts up per workspace; later is greater.
    pub number: i64,
    pub conversation: String,
    /// The message whose thread it stands in.
    pub thread: Option<i64>,
    /// The platform id of the person who wrote it; `None` is the bot.
    pub author: Option<String>,
    pub posted: DateTime<Utc>,
    pub edited: Option<DateTime<Utc>>,
    pub body: Body,
    /// How many messages its thread has, and when the last one came.
    pub replies: i64,
    pub last_reply: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// What a person typed.
    Words(String),
    Card(Card),
    /// A file to keep; its bytes are fetched apart.
    File {
        name: String,
        comment: String,
        size: i64,
    },
}

/// A message that is to be kept.
pub struct NewMessage {
    pub conversation: String,
    pub thread: Option<i64>,
    pub author: Option<String>,
    pub posted: DateTime<Utc>,
    pub body: Body,
    /// The id of the delivery or of the act it comes from: the same one again adds nothing.
    pub delivery: String,
    /// The bytes of a [`Body::File`].
    pub bytes: Option<Vec<u8>>,
}

/// Which messages of a conversation to read.
#[derive(Debug, Clone, Copy)]
pub enum Range {
    /// The last ones that stand in no thread, before this number if one is given.
    Latest { before: Option<i64>, limit: i64 },
    /// The answers to this message, all of them.
    Thread(i64),
}

/// What was kept, and whether it is new.
pub struct Kept {
    pub number: i64,
    pub fresh: bool,
}

#[derive(Default)]
struct Shelf {
    messages: Vec<Message>,
    deliveries: HashMap<String, i64>,
    files: HashMap<i64, Vec<u8>>,
    seen: HashMap<(String, String), i64>,
}

/// Every message of the playground's workspace.
#[derive(Clone, Default)]
pub struct Messages(Arc<Mutex<Shelf>>);

impl Messages {
    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.0.lock().expect("no one panics over the shelf")
    }

    /// Keeps a message, unless its delivery is kept already.
    pub async fn append(&self, _workspace: &str, new: NewMessage) -> anyhow::Result<Kept> {
        let mut shelf = self.shelf();
        if let Some(number) = shelf.deliveries.get(&new.delivery) {
            return Ok(Kept {
                number: *number,
                fresh: false,
            });
        }
        let number = shelf.messages.len() as i64 + 1;
        shelf.deliveries.insert(new.delivery, number);
        if let Some(bytes) = new.bytes {
            shelf.files.insert(number, bytes);
        }
        if let Some(root) = new.thread
            && let Some(root) = shelf.messages.iter_mut().find(|m| m.number == root)
        {
            root.replies += 1;
            root.last_reply = Some(new.posted);
        }
        shelf.messages.push(Message {
            number,
            conversation: new.conversation,
            thread: new.thread,
            author: new.author,
            posted: new.posted,
            edited: None,
            body: new.body,
            replies: 0,
            last_reply: None,
        });
        Ok(Kept {
            number,
            fresh: true,
        })
    }

    /// Replaces what a message says; false if there is no such message.
    pub async fn edit(
        &self,
        _workspace: &str,
        at: (&str, i64),
        body: Body,
        now: DateTime<Utc>,
    ) -> anyhow::Result<bool> {
        let mut shelf = self.shelf();
        let found = shelf
            .messages
            .iter_mut()
            .find(|m| m.number == at.1 && m.conversation == at.0);
        Ok(found
            .map(|m| (m.body, m.edited) = (body, Some(now)))
            .is_some())
    }

    pub async fn by_delivery(
        &self,
        _workspace: &str,
        delivery: &str,
    ) -> anyhow::Result<Option<(String, i64)>> {
        let shelf = self.shelf();
        let number = shelf.deliveries.get(delivery).copied();
        let found = shelf.messages.iter().find(|m| Some(m.number) == number);
        Ok(found.map(|m| (m.conversation.clone(), m.number)))
    }

    pub async fn find(&self, _workspace: &str, number: i64) -> anyhow::Result<Option<Message>> {
        let shelf = self.shelf();
        Ok(shelf.messages.iter().find(|m| m.number == number).cloned())
    }

    /// Oldest first.
    pub async fn list(
        &self,
        _workspace: &str,
        conversation: &str,
        range: Range,
    ) -> anyhow::Result<Vec<Message>> {
        let shelf = self.shelf();
        let here = shelf
            .messages
            .iter()
            .filter(|m| m.conversation == conversation);
        Ok(match range {
            Range::Thread(root) => here.filter(|m| m.thread == Some(root)).cloned().collect(),
            Range::Latest { before, limit } => {
                let before = before.unwrap_or(i64::MAX);
                let mut found: Vec<_> = here
                    .filter(|m| m.thread.is_none() && m.number < before)
                    .rev()
                    .take(limit as usize)
                    .cloned()
                    .collect();
                found.reverse();
                found
            }
        })
    }

    pub async fn file(&self, _workspace: &str, number: i64) -> anyhow::Result<Option<Vec<u8>>> {
        Ok(self.shelf().files.get(&number).cloned())
    }

    /// How many messages of others a person has not seen, per conversation; none is left out.
    pub async fn unseen(
        &self,
        _workspace: &str,
        person: &str,
    ) -> anyhow::Result<HashMap<String, i64>> {
        let shelf = self.shelf();
        let mut counts = HashMap::new();
        for message in &shelf.messages {
            let key = (person.to_owned(), message.conversation.clone());
            let seen = shelf.seen.get(&key).copied().unwrap_or(0);
            if message.number > seen && message.author.as_deref() != Some(person) {
                *counts.entry(message.conversation.clone()).or_insert(0) += 1;
            }
        }
        Ok(counts)
    }

    /// Notes that a person has seen everything of a conversation.
    pub async fn mark_seen(
        &self,
        _workspace: &str,
        person: &str,
        conversation: &str,
    ) -> anyhow::Result<()> {
        let mut shelf = self.shelf();
        let here = shelf
            .messages
            .iter()
            .filter(|m| m.conversation == conversation);
        let last = here.map(|m| m.number).max().unwrap_or(0);
        shelf
            .seen
            .insert((person.to_owned(), conversation.to_owned()), last);
        Ok(())
    }
}
