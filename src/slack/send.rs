//! Posting: what the outbox sees of Slack.
//!
//! Every message carries the id of its outbox row, a card in its metadata (`isms_delivery`), a file
//! in the id of its one block, so that [`Chat::find`] can tell whether a message whose outcome was
//! not learnt went out.

use std::collections::HashMap;
use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::json;
use slack_morphism::prelude::*;
use uuid::Uuid;

use super::fault::Fault;
use super::files::{Share, Upload, comment};
use super::teams::Team;
use super::{Slack, Waits, render};
use crate::chat::{Card, Chat, Content, Delivery, MessageRef, SendError, Speaker, Target, Whois};

/// The kind of the metadata.
pub const DELIVERY: &str = "isms_delivery";
/// Pauses while Slack reads an uploaded picture: 7.5 s in all, by default.
pub(super) const PAUSES: u32 = 5;
/// Messages looked through for one that may have gone out.
const PAGE: &str = "200";
const PAGES: usize = 5;
/// Longest wait for what only spares a message its failure.
const GLANCE: Duration = Duration::from_secs(1);

#[derive(Deserialize)]
struct Posted {
    channel: String,
    ts: String,
}

#[derive(Deserialize)]
struct Page {
    messages: Vec<Found>,
    #[serde(default)]
    response_metadata: Option<Next>,
}

#[derive(Deserialize)]
struct Next {
    #[serde(default)]
    next_cursor: Option<String>,
}

/// A message in a channel, as far as it matters here.
#[derive(Deserialize)]
struct Found {
    ts: String,
    #[serde(default)]
    metadata: Option<serde_json::Value>,
    #[serde(default)]
    blocks: Vec<serde_json::Value>,
}

impl Found {
    fn is(&self, delivery: Uuid) -> bool {
        let id = delivery.to_string();
        let by_metadata = self.metadata.as_ref().is_some_and(|metadata| {
            metadata["event_type"] == DELIVERY && metadata["event_payload"]["id"] == id.as_str()
        });
        by_metadata
            || self
                .blocks
                .iter()
                .any(|b| b["block_id"] == block_id(delivery).as_str())
    }
}

fn block_id(delivery: Uuid) -> String {
    format!("{DELIVERY}:{delivery}")
}

#[async_trait]
impl Chat for Slack {
    async fn post(&self, delivery: &Delivery) -> Result<MessageRef, SendError> {
        let team = self.team_of(&delivery.workspace).await?;
        let channel = team.channel_of(&delivery.target).await?;
        team.pace.turn(&channel).await?;
        let post = Post {
            team: &team,
            waits: &self.waits,
            delivery,
            channel: &channel,
        };
        let posted = match &delivery.content {
            Content::Card(card) => post.card(card).await,
            Content::File {
                name,
                comment,
                bytes,
            } => {
                let upload = Upload {
                    name,
                    alt: None,
                    bytes: bytes.clone(),
                };
                post.file((upload, comment)).await
            }
        };
        posted.map_err(|error| team.noting_limits(error, &channel))
    }

    async fn edit(&self, workspace: &str, at: &MessageRef, card: &Card) -> Result<(), SendError> {
        let team = self.team_of(workspace).await?;
        team.pace.turn(&at.channel).await?;
        let edited = team.edit_card(at, card, &self.waits).await;
        edited.map_err(|fault| team.noting_limits(fault.of_a_repeatable(), &at.channel))
    }

    async fn pin(&self, workspace: &str, at: &MessageRef, pinned: bool) -> Result<(), SendError> {
        let team = self.team_of(workspace).await?;
        team.pace.turn(&at.channel).await?;
        let (method, already) = match pinned {
            true => ("pins.add", "already_pinned"),
            false => ("pins.remove", "no_pin"),
        };
        let request = json!({ "channel": at.channel, "timestamp": at.message });
        match team
            .client
            .post::<_, serde_json::Value>(method, &request)
            .await
        {
            Err(fault) if fault.word() == Some(already) => Ok(()),
            Err(fault) => Err(team.noting_limits(fault.of_a_repeatable(), &at.channel)),
            Ok(_) => Ok(()),
        }
    }

    async fn who(&self, workspace: &str, person: &str) -> Whois {
        let Ok(team) = self.team_of(workspace).await else {
            return Whois::Unsure;
        };
        let profile = team.client.profile(person).await;
        match profile.name {
            _ if profile.gone => Whois::Gone,
            // Without a name nothing was learnt.
            None => Whois::Unsure,
            name => Whois::Known(Speaker {
                id: person.to_owned(),
                name,
                zone: profile.zone,
                admin: profile.admin,
            }),
        }
    }

    async fn find(&self, delivery: &Delivery) -> Result<Option<MessageRef>, SendError> {
        let team = self.team_of(&delivery.workspace).await?;
        let channel = team.channel_of(&delivery.target).await?;
        let found = team
            .look_for(delivery, &channel)
            .await
            .map_err(Fault::of_a_repeatable)?;
        Ok(found.map(|message| MessageRef { channel, message }))
    }

    fn is_own(&self, workspace: &str) -> bool {
        self.workspace() == Some(workspace)
    }

    /// Asks for the newest message there: Slack shows it to members only.
    async fn is_member(&self, workspace: &str, channel: &str) -> bool {
        let Ok(team) = self.team_of(workspace).await else {
            return false;
        };
        let params = [("channel", Some(channel)), ("limit", Some("1"))];
        let asked = team
            .client
            .get::<serde_json::Value>("conversations.history", &params);
        match tokio::time::timeout(GLANCE, asked).await {
            Ok(Err(Fault::Api(word))) => {
                tracing::info!(word, "slack: the bot is not in the channel of a message");
                false
            }
            _ => true,
        }
    }
}

/// One message on its way.
struct Post<'a> {
    team: &'a Team,
    waits: &'a Waits,
    delivery: &'a Delivery,
    channel: &'a str,
}

impl Post<'_> {
    async fn card(&self, card: &Card) -> Result<MessageRef, SendError> {
        let (delivery, channel) = (self.delivery, self.channel);
        let pictures = self
            .team
            .client
            .put_pictures(card)
            .await
            .map_err(Fault::of_a_repeatable)?;
        let id = HashMap::from([("id".to_owned(), delivery.id.to_string())]);
        let metadata = SlackMessageMetadata::new(DELIVERY.to_owned()).with_event_payload(id);
        let request = |pictures: &[SlackFileId]| {
            let content = render::message(card, pictures).with_metadata(metadata.clone());
            SlackApiChatPostMessageRequest::new(channel.into(), content)
                .opt_thread_ts(thread_of(delivery))
                .with_unfurl_links(false)
                .with_unfurl_media(false)
        };
        let picture = self.waits.picture;
        let posted: Result<Posted, Fault> = self
            .team
            .once_developed(("chat.postMessage", picture), &pictures, request)
            .await;
        let posted = posted.map_err(Fault::of_a_post)?;
        Ok(MessageRef {
            channel: posted.channel,
            message: posted.ts,
        })
    }

    /// Shares a file. The share is the only step that anyone sees.
    async fn file(&self, (upload, words): (Upload<'_>, &str)) -> Result<MessageRef, SendError> {
        let (delivery, channel) = (self.delivery, self.channel);
        let client = &self.team.client;
        let name = upload.name;
        let file = client.put(upload).await.map_err(Fault::of_a_repeatable)?;
        let share = Share {
            channel: channel.into(),
            thread: thread_of(delivery),
            block: comment(words, &block_id(delivery.id)),
        };
        let shared = client.complete(&file, name, Some(share)).await;
        let ts = match shared.map_err(Fault::of_a_post)? {
            Some(ts) => ts.0,
            // Slack shares a moment later. Where it then stands is asked once; without it the file
            // is still known by its own id.
            None => {
                let found = self.team.look_for(delivery, channel).await.ok().flatten();
                found.unwrap_or(file.0)
            }
        };
        Ok(MessageRef {
            channel: channel.to_owned(),
            message: ts,
        })
    }
}

impl Team {
    /// The channel, or the direct conversation with the person (opened if need be).
    async fn channel_of(&self, target: &Target) -> Result<String, SendError> {
        match target {
            Target::Channel(channel) => Ok(channel.clone()),
            Target::Person(person) => self.direct(person).await.map_err(Fault::of_a_repeatable),
        }
    }

    async fn edit_card(&self, at: &MessageRef, card: &Card, waits: &Waits) -> Result<(), Fault> {
        let pictures = self.client.put_pictures(card).await?;
        let request = |pictures: &[SlackFileId]| {
            let content = render::message(card, pictures);
            let channel = at.channel.as_str();
            SlackApiChatUpdateRequest::new(channel.into(), content, at.message.as_str().into())
        };
        let edited = self.once_developed::<_, serde_json::Value>(
            ("chat.update", waits.picture),
            &pictures,
            request,
        );
        edited.await.map(|_| ())
    }

    /// Sends a message whose pictures were uploaded a moment ago. Slack refuses the blocks until it
    /// has read the pictures; if it takes too long they are told in words.
    pub(super) async fn once_developed<Q, A>(
        &self,
        (method, first_pause): (&str, Duration),
        pictures: &[SlackFileId],
        request: impl Fn(&[SlackFileId]) -> Q,
    ) -> Result<A, Fault>
    where
        Q: serde::Serialize + Send + Sync,
        A: for<'de> Deserialize<'de> + Send,
    {
        let with_pictures = request(pictures);
        for pause in 1..=PAUSES {
            match self.client.post(method, &with_pictures).await {
                Err(Fault::Api(word)) if word == "invalid_blocks" && !pictures.is_empty() => {
                    tokio::time::sleep(first_pause * pause).await;
                }
                answer => return answer,
            }
        }
        tracing::warn!(method, "slack: the pictures are not taken; sent in words");
        self.client.post(method, &request(&[])).await
    }

    /// Looks through the newest of the channel, or through the thread.
    async fn look_for(&self, delivery: &Delivery, channel: &str) -> Result<Option<String>, Fault> {
        let (method, thread) = match &delivery.thread {
            Some(thread) => ("conversations.replies", Some(thread.message.as_str())),
            None => ("conversations.history", None),
        };
        let mut cursor: Option<String> = None;
        for _ in 0..PAGES {
            let params = [
                ("channel", Some(channel)),
                ("ts", thread),
                ("include_all_metadata", Some("true")),
                ("inclusive", Some("true")),
                ("limit", Some(PAGE)),
                ("cursor", cursor.as_deref()),
            ];
            let page: Page = self.client.get(method, &params).await?;
            if let Some(found) = page.messages.into_iter().find(|m| m.is(delivery.id)) {
                return Ok(Some(found.ts));
            }
            cursor = page
                .response_metadata
                .and_then(|m| m.next_cursor)
                .filter(|c| !c.is_empty());
            if cursor.is_none() {
                break;
            }
        }
        Ok(None)
    }

    fn noting_limits(&self, error: SendError, channel: &str) -> SendError {
        match error {
            SendError::Retry {
                after: Some(after),
                why,
            } if why == LIMITED => SendError::Retry {
                after: Some(self.pace.hold(channel, Some(after))),
                why,
            },
            SendError::Retry { after: None, why } if why == LIMITED => SendError::Retry {
                after: Some(self.pace.hold(channel, None)),
                why,
            },
            error => error,
        }
    }
}

/// How [`Fault::Limited`] reads.
const LIMITED: &str = "Slack asked to slow down";

fn thread_of(delivery: &Delivery) -> Option<SlackTs> {
    delivery
        .thread
        .as_ref()
        .map(|thread| thread.message.as_str().into())
}
