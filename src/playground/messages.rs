//! The messages of the chat: what was said where, by whom.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::app::Result;
use crate::chat::Card;
use crate::sql;
use crate::store::Store;

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
    pub pinned: bool,
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

/// What was kept, and whether it is new.
pub struct Kept {
    pub number: i64,
    pub fresh: bool,
}

/// The chat of a workspace, as it is kept. `workspace` is our own id of it.
#[derive(Clone)]
pub struct Messages(Store);

impl Messages {
    pub fn new(store: Store) -> Self {
        Messages(store)
    }

    /// Keeps a message, unless its delivery is kept already.
    pub async fn append(&self, workspace: Uuid, new: &NewMessage) -> Result<Kept> {
        let mut tx = self.0.write(workspace).await?;
        let known = sql!(tx, playground::find_delivery(workspace, &new.delivery))?;
        if let Some((_, number)) = known {
            return Ok(Kept {
                number,
                fresh: false,
            });
        }
        let number = sql!(tx, people::next_number(workspace, "playground-message"))?;
        sql!(tx, playground::insert_message(workspace, number, new))?;
        tx.commit().await?;
        Ok(Kept {
            number,
            fresh: true,
        })
    }

    /// Replaces what a message says; false if there is no such message.
    pub async fn edit(
        &self,
        workspace: Uuid,
        at: (&str, i64),
        body: &Body,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let mut tx = self.0.write(workspace).await?;
        let edited = sql!(tx, playground::edit_message(workspace, at, (body, now)))?;
        tx.commit().await?;
        Ok(edited)
    }

    /// Pins a message, or takes it down; false if there is no such message.
    pub async fn pin(&self, workspace: Uuid, at: (&str, i64), pinned: bool) -> Result<bool> {
        let mut tx = self.0.write(workspace).await?;
        let done = sql!(tx, playground::set_pinned(workspace, at, pinned))?;
        tx.commit().await?;
        Ok(done)
    }

    /// What is pinned in a conversation, the latest first.
    pub async fn pinned(&self, workspace: Uuid, conversation: &str) -> Result<Vec<Message>> {
        let mut conn = self.0.read().await?;
        Ok(sql!(
            conn,
            playground::list_pinned(workspace, conversation)
        )?)
    }

    /// Where the message of a delivery stands.
    pub async fn by_delivery(
        &self,
        workspace: Uuid,
        delivery: &str,
    ) -> Result<Option<(String, i64)>> {
        let mut conn = self.0.read().await?;
        Ok(sql!(conn, playground::find_delivery(workspace, delivery))?)
    }

    pub async fn find(&self, workspace: Uuid, number: i64) -> Result<Option<Message>> {
        let mut conn = self.0.read().await?;
        Ok(sql!(conn, playground::find_message(workspace, number))?)
    }

    /// The last ones of a conversation that stand in no thread, below a number if one is given;
    /// oldest first.
    pub async fn latest(
        &self,
        workspace: Uuid,
        conversation: &str,
        before: Option<i64>,
        limit: i64,
    ) -> Result<Vec<Message>> {
        let range = (before.unwrap_or(i64::MAX), limit);
        let mut conn = self.0.read().await?;
        let mut found = sql!(
            conn,
            playground::list_latest(workspace, conversation, range)
        )?;
        found.reverse();
        Ok(found)
    }

    /// The answers to a message, oldest first.
    pub async fn thread(&self, workspace: Uuid, root: i64) -> Result<Vec<Message>> {
        let mut conn = self.0.read().await?;
        Ok(sql!(conn, playground::list_thread(workspace, root))?)
    }

    pub async fn file(&self, workspace: Uuid, number: i64) -> Result<Option<Vec<u8>>> {
        let mut conn = self.0.read().await?;
        Ok(sql!(conn, playground::find_file(workspace, number))?)
    }

    /// How many messages of others a person has not seen, per conversation; none is left out.
    pub async fn unseen(&self, workspace: Uuid, person: &str) -> Result<HashMap<String, i64>> {
        let mut conn = self.0.read().await?;
        let counts = sql!(conn, playground::count_unseen(workspace, person))?;
        Ok(counts.into_iter().collect())
    }

    /// Notes that a person has seen everything of a conversation.
    pub async fn mark_seen(&self, workspace: Uuid, person: &str, conversation: &str) -> Result<()> {
        let mut tx = self.0.write(workspace).await?;
        sql!(tx, playground::mark_seen(workspace, person, conversation))?;
        tx.commit().await
    }
}
