//! What a platform must be able to do so that the outbox can post. Three real implementations:
//! Slack, Discord and the playground.

use std::time::Duration;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Card, Speaker};

/// Where a message goes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// The platform's id of a channel.
    Channel(String),
    /// A direct message to the person with this platform id.
    Person(String),
}

/// Where a message stands: what a platform needs to edit it or to answer in its thread.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct MessageRef {
    /// The platform's id of the channel, or of the direct conversation.
    pub channel: String,
    /// The platform's id of the message in it (Slack's `ts`).
    pub message: String,
}

/// One message to send. `id` is the outbox row: attached to the message where the platform can
/// keep it, so that an unknown outcome can be looked up later.
#[derive(Debug, Clone)]
pub struct Delivery {
    pub id: Uuid,
    /// The platform's id of the workspace.
    pub workspace: String,
    pub target: Target,
    /// Where a person is called by name if their direct messages are closed.
    pub instead: Option<Target>,
    /// The message whose thread it goes into.
    pub thread: Option<MessageRef>,
    pub content: Content,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    Card(Card),
    /// A file for people to keep: a name with its extension, a sentence, the bytes.
    File {
        name: String,
        comment: String,
        bytes: Vec<u8>,
    },
}

/// Why a message did not go out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// It certainly did not go out; try again, not before `after`.
    #[error("try again: {why}")]
    Retry {
        after: Option<Duration>,
        why: String,
    },
    /// It may have gone out. Look for it with [`Chat::find`] before sending again.
    #[error("outcome unknown: {0}")]
    Unknown(String),
    /// It will not go out, however often it is tried.
    #[error("refused: {0}")]
    Refused(Refusal),
}

/// The refusals that are worth telling apart, because what helps differs.
#[derive(Debug, Clone, PartialEq, Eq, strum::Display)]
#[strum(serialize_all = "kebab-case")]
pub enum Refusal {
    ChannelArchived,
    ChannelNotFound,
    /// The bot is not a member of the channel.
    NotInChannel,
    TokenRevoked,
    /// The bot is not in the workspace any more.
    Removed,
    UnknownPerson,
    /// The workspace does not let the bot do this (missing scope, restricted posting).
    Restricted,
    /// The message to edit is gone.
    MessageNotFound,
    /// The channel has as many pins as it takes.
    TooManyPins,
    /// Anything else, in the platform's own word.
    #[strum(to_string = "{0}")]
    Other(String),
}

/// What a platform knows of a person.
#[derive(Debug, Clone)]
pub enum Whois {
    Known(Speaker),
    /// Left the workspace, was deactivated, or never was there.
    Gone,
    /// It did not answer.
    Unsure,
}

/// A platform, as the outbox sees it.
#[async_trait]
pub trait Chat: Send + Sync {
    /// Posts a new message and says where it stands.
    async fn post(&self, delivery: &Delivery) -> Result<MessageRef, SendError>;

    /// Replaces what a message says.
    async fn edit(&self, workspace: &str, at: &MessageRef, card: &Card) -> Result<(), SendError>;

    /// Pins a message in its channel, or takes it down again. What is so already is no failure.
    async fn pin(&self, workspace: &str, at: &MessageRef, pinned: bool) -> Result<(), SendError>;

    /// Who a person is, by the platform's id of them.
    async fn who(&self, workspace: &str, person: &str) -> Whois;

    /// Whether what the operator configured for this platform (the channel) is of this workspace.
    fn is_own(&self, _workspace: &str) -> bool {
        true
    }

    /// Whether the bot can post into a channel, as far as the platform tells it beforehand.
    async fn is_member(&self, _workspace: &str, _channel: &str) -> bool {
        true
    }

    /// Looks for a message that was sent under this delivery's id and whose outcome was not learnt.
    async fn find(&self, delivery: &Delivery) -> Result<Option<MessageRef>, SendError>;
}
