//! The playground as the outbox sees it.

use async_trait::async_trait;
use uuid::Uuid;

use super::Playground;
use super::live::What;
use super::messages::{Body, NewMessage};
use super::roster::{WORKSPACE, direct};
use crate::app::{Error, Result};
use crate::chat::{Card, Chat, Content, Delivery, MessageRef, Refusal, SendError, Target, Whois};

/// The database did not answer: whether the message was kept is not known.
#[expect(clippy::needless_pass_by_value, reason = "map_err hands it over")]
fn unknown(fault: Error) -> SendError {
    SendError::Unknown(fault.to_string())
}

#[expect(clippy::needless_pass_by_value, reason = "map_err hands it over")]
fn again(fault: Error) -> SendError {
    SendError::Retry {
        after: None,
        why: fault.to_string(),
    }
}

/// There is one workspace here.
fn ours(workspace: &str) -> Result<(), SendError> {
    if workspace == WORKSPACE {
        return Ok(());
    }
    let why = format!("the playground has no workspace {workspace}");
    Err(SendError::Refused(Refusal::Other(why)))
}

/// The number of a message of ours.
fn number_of(at: &MessageRef) -> Result<i64, SendError> {
    at.message
        .parse()
        .map_err(|_| SendError::Refused(Refusal::MessageNotFound))
}

#[async_trait]
impl Chat for Playground {
    async fn post(&self, delivery: &Delivery) -> Result<MessageRef, SendError> {
        ours(&delivery.workspace)?;
        let roster = self.roster().await.map_err(again)?;
        let conversation = match &delivery.target {
            Target::Channel(id) if roster.channel(id).is_some() => id.clone(),
            Target::Channel(_) => return Err(SendError::Refused(Refusal::ChannelNotFound)),
            Target::Person(id) if roster.person(id).is_some() => direct(id),
            Target::Person(_) => return Err(SendError::Refused(Refusal::UnknownPerson)),
        };
        let (body, bytes) = match &delivery.content {
            Content::Card(card) => (Body::Card(card.clone()), None),
            Content::File {
                name,
                comment,
                bytes,
            } => {
                let body = Body::File {
                    name: name.clone(),
                    comment: comment.clone(),
                    size: bytes.len() as i64,
                };
                (body, Some(bytes.clone()))
            }
        };
        let new = NewMessage {
            conversation: conversation.clone(),
            thread: delivery.thread.as_ref().map(number_of).transpose()?,
            author: None,
            posted: self.parts().clock.now(),
            body,
            delivery: delivery.id.to_string(),
            bytes,
        };
        let number = self.keep(roster.workspace, new).await.map_err(unknown)?;
        Ok(MessageRef {
            channel: conversation,
            message: number.to_string(),
        })
    }

    async fn edit(&self, workspace: &str, at: &MessageRef, card: &Card) -> Result<(), SendError> {
        let number = number_of(at)?;
        let roster = self.roster().await.map_err(again)?;
        ours(workspace)?;
        let now = self.parts().clock.now();
        let place = (at.channel.as_str(), number);
        let messages = &self.parts().messages;
        let body = Body::Card(card.clone());
        let edited = messages.edit(roster.workspace, place, &body, now);
        if !edited.await.map_err(again)? {
            return Err(SendError::Refused(Refusal::MessageNotFound));
        }
        self.changes().announce(What::Message {
            conversation: at.channel.clone(),
            number,
        });
        Ok(())
    }

    async fn pin(&self, workspace: &str, at: &MessageRef, pinned: bool) -> Result<(), SendError> {
        let number = number_of(at)?;
        let roster = self.roster().await.map_err(again)?;
        ours(workspace)?;
        let place = (at.channel.as_str(), number);
        let done = self.parts().messages.pin(roster.workspace, place, pinned);
        if !done.await.map_err(again)? {
            return Err(SendError::Refused(Refusal::MessageNotFound));
        }
        self.changes().announce(What::Message {
            conversation: at.channel.clone(),
            number,
        });
        Ok(())
    }

    /// Everyone in the playground is known from the start.
    async fn who(&self, _workspace: &str, _person: &str) -> Whois {
        Whois::Unsure
    }

    async fn find(&self, delivery: &Delivery) -> Result<Option<MessageRef>, SendError> {
        ours(&delivery.workspace)?;
        let roster = self.roster().await.map_err(again)?;
        let messages = &self.parts().messages;
        let id = delivery.id.to_string();
        let found = messages.by_delivery(roster.workspace, &id).await;
        let found = found.map_err(again)?;
        Ok(found.map(|(channel, number)| MessageRef {
            channel,
            message: number.to_string(),
        }))
    }
}

impl Playground {
    /// Keeps a message and tells the open pages; the same delivery again does neither.
    pub(super) async fn keep(&self, workspace: Uuid, new: NewMessage) -> Result<i64> {
        let (conversation, thread) = (new.conversation.clone(), new.thread);
        let kept = self.parts().messages.append(workspace, &new).await?;
        if kept.fresh {
            // The message that heads the thread tells how many answers there are.
            for number in thread.into_iter().chain([kept.number]) {
                self.changes().announce(What::Message {
                    conversation: conversation.clone(),
                    number,
                });
            }
        }
        Ok(kept.number)
    }
}
