//! Posting: what the outbox sees of Discord.
//!
//! Every post carries the id of its outbox row twice. As the `nonce`, with which Discord itself drops
//! a repeat for some minutes. And, because that does not outlast a longer outage and a channel's
//! history does not tell nonces for sure, as the address of the first embed: it has no title, so
//! nobody sees the address, and Discord keeps it. [`Chat::find`] looks for either.

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::json;
use serenity::all::{ChannelId, GuildId, MessageId, UserId};
use serenity::http::{LightMethod, Route};
use uuid::Uuid;

use super::carry::{Ids, base36};
use super::client::Call;
use super::fault::{Fault, code};
use super::render::{self, File, Message};
use super::words::{is_id, plain};
use super::{Discord, files};
use crate::chat::{
    Card, Chat, Content, Delivery, MessageRef, Refusal, SendError, Speaker, Target, Whois,
};

/// Messages looked through for one that may have gone out.
const PAGE: usize = 100;
const PAGES: usize = 5;
const THREAD_NAME: usize = 100;
/// Minutes until a quiet thread is put away: a week.
const QUIET: u32 = 10_080;

#[derive(Deserialize)]
struct Posted {
    id: String,
    channel_id: String,
}

/// A message in a channel, as far as it matters here.
#[derive(Deserialize)]
struct Found {
    id: String,
    #[serde(default)]
    nonce: Option<serde_json::Value>,
    #[serde(default)]
    embeds: Vec<FoundEmbed>,
}

#[derive(Deserialize)]
struct FoundEmbed {
    #[serde(default)]
    url: Option<String>,
}

impl Found {
    fn is(&self, delivery: Uuid) -> bool {
        let mark = mark(delivery);
        self.nonce
            .as_ref()
            .is_some_and(|found| found == nonce(delivery).as_str())
            || self
                .embeds
                .iter()
                .any(|embed| embed.url.as_ref() == Some(&mark))
    }
}

fn nonce(delivery: Uuid) -> String {
    base36(delivery.as_u128())
}

fn mark(delivery: Uuid) -> String {
    format!("https://discord.com/#isms-{delivery}")
}

/// A message on its way, with its files.
struct Parcel {
    message: Message,
    files: Vec<File>,
}

#[async_trait]
impl Chat for Discord {
    async fn post(&self, delivery: &Delivery) -> Result<MessageRef, SendError> {
        let posted = match self.post_at(delivery, &delivery.target, None).await {
            // Their direct messages are closed: they are called where everybody is.
            Err(SendError::Refused(Refusal::UnknownPerson)) => {
                match (&delivery.instead, &delivery.target) {
                    (Some(instead), Target::Person(person)) => {
                        self.post_at(delivery, instead, Some(person)).await
                    }
                    _ => Err(SendError::Refused(Refusal::UnknownPerson)),
                }
            }
            posted => posted,
        };
        self.or_removed(&delivery.workspace, posted).await
    }

    async fn edit(&self, workspace: &str, at: &MessageRef, card: &Card) -> Result<(), SendError> {
        let (channel, message) = (channel_id(&at.channel)?, message_id(&at.message)?);
        let server = self.is_direct(&at.channel);
        let ids = Ids::new(server.then(|| workspace.parse().ok()).flatten());
        let parcel = self.wrap(workspace, card, (ids, None)).await?;
        let route = Route::ChannelMessage {
            channel_id: channel,
            message_id: message,
        };
        // Told as a whole: what is not in it any more, old pictures too, goes.
        let call = Call::new("edit", channel, LightMethod::Patch, route)
            .body(parcel.message.body(&parcel.files, &[]))
            .files(&parcel.files);
        let done = self.client.done(call).await;
        let done = done.map_err(Fault::of_a_repeatable);
        self.or_removed(workspace, done).await
    }

    async fn pin(&self, workspace: &str, at: &MessageRef, pinned: bool) -> Result<(), SendError> {
        self.pin_at(workspace, at, pinned).await
    }

    async fn who(&self, workspace: &str, person: &str) -> Whois {
        #[derive(Deserialize)]
        struct Member {
            #[serde(default)]
            nick: Option<String>,
            user: User,
        }
        #[derive(Deserialize)]
        struct User {
            username: String,
            #[serde(default)]
            global_name: Option<String>,
        }
        let (Ok(guild), Ok(user)) = (workspace.parse::<GuildId>(), person.parse::<UserId>()) else {
            return Whois::Gone;
        };
        if !is_id(workspace) || !is_id(person) {
            return Whois::Gone;
        }
        let route = Route::GuildMember {
            guild_id: guild,
            user_id: user,
        };
        let call = Call::new("member", guild, LightMethod::Get, route);
        match self.client.call::<Member>(call).await {
            Ok(member) => Whois::Known(Speaker {
                id: person.to_owned(),
                name: member
                    .nick
                    .or(member.user.global_name)
                    .or(Some(member.user.username)),
                zone: None,
                admin: None,
            }),
            Err(fault)
                if matches!(
                    fault.code(),
                    Some(code::UNKNOWN_MEMBER | code::UNKNOWN_USER)
                ) =>
            {
                Whois::Gone
            }
            Err(fault) => {
                tracing::warn!(%fault, "discord: whether a person is here is not known");
                Whois::Unsure
            }
        }
    }

    async fn find(&self, delivery: &Delivery) -> Result<Option<MessageRef>, SendError> {
        for target in std::iter::once(&delivery.target).chain(&delivery.instead) {
            let found = self.look_for(delivery, target).await;
            match found.map_err(Fault::of_a_repeatable) {
                Ok(None) | Err(SendError::Refused(_)) => {}
                settled => return settled,
            }
        }
        Ok(None)
    }
}

impl Discord {
    /// What is refused may be so because the bot is not in the server any more.
    pub(super) async fn or_removed<T>(
        &self,
        workspace: &str,
        done: Result<T, SendError>,
    ) -> Result<T, SendError> {
        let may_be = matches!(
            done,
            Err(SendError::Refused(
                Refusal::ChannelNotFound
                    | Refusal::NotInChannel
                    | Refusal::UnknownPerson
                    | Refusal::Restricted
            ))
        );
        match may_be && self.is_removed(workspace).await {
            true => Err(SendError::Refused(Refusal::Removed)),
            false => done,
        }
    }

    /// Whether Discord says that the bot is not in a server. Without an answer it may be.
    async fn is_removed(&self, workspace: &str) -> bool {
        let Some(id) = is_id(workspace).then(|| workspace.parse().ok()).flatten() else {
            return false;
        };
        let route = Route::Guild { guild_id: id };
        let call = Call::new("server", id, LightMethod::Get, route);
        let found = self.client.done(call).await.err();
        let code = found.and_then(|fault| fault.code());
        matches!(code, Some(code::UNKNOWN_GUILD | code::MISSING_ACCESS))
    }

    /// Posts to one place. `called` is notified there by name.
    async fn post_at(
        &self,
        delivery: &Delivery,
        target: &Target,
        called: Option<&str>,
    ) -> Result<MessageRef, SendError> {
        let channel = self
            .channel_of(target)
            .await
            .map_err(Fault::of_a_repeatable)?;
        let channel = match &delivery.thread {
            Some(thread) => self
                .thread(thread, &delivery.content)
                .await
                .map_err(Fault::of_a_repeatable)?,
            None => channel,
        };
        let channel = channel_id(&channel)?;
        let direct = matches!(target, Target::Person(_));
        let ids = Ids::new(direct.then(|| delivery.workspace.parse().ok()).flatten());
        let mark = mark(delivery.id);
        let mut parcel = match &delivery.content {
            Content::Card(card) => {
                self.wrap(&delivery.workspace, card, (ids, Some(&mark)))
                    .await?
            }
            Content::File {
                name,
                comment,
                bytes,
            } => Parcel {
                message: render::file(comment, &mark),
                files: vec![File {
                    name: files::plain(name),
                    alt: comment.clone(),
                    bytes: bytes.clone(),
                }],
            },
        };
        let called = called.and_then(|person| person.parse::<u64>().ok());
        if let Some(person) = called {
            let content = format!("<@{person}> {}", parcel.message.content);
            content.trim().clone_into(&mut parcel.message.content);
        }
        let mut body = parcel.message.body(&parcel.files, called.as_slice());
        body["nonce"] = json!(nonce(delivery.id));
        body["enforce_nonce"] = json!(true);
        let route = Route::ChannelMessages {
            channel_id: channel,
        };
        let call = Call::new("post", channel, LightMethod::Post, route)
            .body(body)
            .files(&parcel.files);
        let posted: Posted = self.client.call(call).await.map_err(Fault::of_a_post)?;
        Ok(MessageRef {
            channel: posted.channel_id,
            message: posted.id,
        })
    }

    /// A card with its pictures drawn and its long commands kept.
    async fn wrap(
        &self,
        workspace: &str,
        card: &Card,
        (ids, mark): (Ids, Option<&str>),
    ) -> Result<Parcel, SendError> {
        let (files, names) = files::pictures(card).await;
        let message = render::message(card, &names, ids, mark);
        let kept = self.keeper.keep(workspace, &message.long).await;
        kept.map_err(|error| SendError::Retry {
            after: None,
            why: error.to_string(),
        })?;
        Ok(Parcel { message, files })
    }

    /// The channel, or the direct conversation with the person (opened if need be).
    async fn channel_of(&self, target: &Target) -> Result<String, Fault> {
        match target {
            Target::Channel(channel) => Ok(channel.clone()),
            Target::Person(person) => self.direct(person).await,
        }
    }

    /// The direct conversation with a person. It never changes, so it is asked for once.
    async fn direct(&self, person: &str) -> Result<String, Fault> {
        #[derive(Deserialize)]
        struct Opened {
            id: String,
        }
        let known = self.recall(|memory| memory.directs.get(person).cloned());
        if let Some(known) = known.flatten() {
            return Ok(known);
        }
        let call = Call::new(
            "open direct",
            "",
            LightMethod::Post,
            Route::UserMeDmChannels,
        )
        .body(json!({ "recipient_id": person }));
        let opened: Opened = self.client.call(call).await?;
        self.remember(|memory| {
            memory.directs.insert(person.to_owned(), opened.id.clone());
        });
        Ok(opened.id)
    }

    /// Whether a channel is known to be a direct conversation.
    fn is_direct(&self, channel: &str) -> bool {
        let is_it = |memory: &super::Memory| memory.directs.values().any(|c| c == channel);
        self.recall(is_it).unwrap_or(false)
    }

    /// The thread of a message, begun if need be; its id is the message's. Where there can be none
    /// (a direct message, a thread), the message goes beside it.
    async fn thread(&self, of: &MessageRef, content: &Content) -> Result<String, Fault> {
        if self.is_direct(&of.channel) {
            return Ok(of.channel.clone());
        }
        let is_known = || self.recall(|memory| memory.threads.contains(&of.message)) == Some(true);
        if is_known() {
            return Ok(of.message.clone());
        }
        let _turn = self.beginning.lock().await;
        if is_known() {
            return Ok(of.message.clone());
        }
        let (Ok(channel), Ok(message)) = (of.channel.parse(), of.message.parse()) else {
            return Ok(of.channel.clone());
        };
        let name = match content {
            Content::Card(card) => card.title.clone().unwrap_or_default(),
            Content::File { name, .. } => name.clone(),
        };
        let name = match name.trim() {
            "" => "Details".to_owned(),
            name => plain(name, THREAD_NAME),
        };
        let route = Route::ChannelMessageThreads {
            channel_id: channel,
            message_id: message,
        };
        // Begun twice it is refused the second time, so it may be tried again.
        let call = Call::new("thread", of.channel.as_str(), LightMethod::Post, route)
            .body(json!({ "name": name, "auto_archive_duration": QUIET }));
        match self.client.done(call).await {
            Ok(()) => {}
            Err(fault) if fault.code() == Some(code::THREAD_EXISTS) => {}
            Err(fault) if fault.code() == Some(code::NOT_ON_THIS_CHANNEL) => {
                return Ok(of.channel.clone());
            }
            Err(fault) => return Err(fault),
        }
        self.remember(|memory| {
            memory.threads.insert(of.message.clone());
        });
        Ok(of.message.clone())
    }

    /// Looks through the newest of the channel, or of the thread.
    async fn look_for(
        &self,
        delivery: &Delivery,
        target: &Target,
    ) -> Result<Option<MessageRef>, Fault> {
        let channel = match &delivery.thread {
            // In a direct conversation it stands beside its message.
            Some(thread) if self.is_direct(&thread.channel) => thread.channel.clone(),
            Some(thread) => thread.message.clone(),
            None => self.channel_of(target).await?,
        };
        let Ok(id) = channel.parse::<ChannelId>() else {
            return Ok(None);
        };
        let mut before: Option<String> = None;
        for _ in 0..PAGES {
            let route = Route::ChannelMessages { channel_id: id };
            let mut call =
                Call::new("history", id, LightMethod::Get, route).query("limit", PAGE.to_string());
            if let Some(before) = before {
                call = call.query("before", before);
            }
            let page: Vec<Found> = self.client.call(call).await?;
            if let Some(found) = page.iter().find(|message| message.is(delivery.id)) {
                return Ok(Some(MessageRef {
                    channel,
                    message: found.id.clone(),
                }));
            }
            if page.len() < PAGE {
                break;
            }
            before = page.last().map(|message| message.id.clone());
        }
        Ok(None)
    }
}

pub(super) fn channel_id(channel: &str) -> Result<ChannelId, SendError> {
    let refused = || SendError::Refused(Refusal::ChannelNotFound);
    match is_id(channel) {
        true => channel.parse().map_err(|_| refused()),
        false => Err(refused()),
    }
}

pub(super) fn message_id(message: &str) -> Result<MessageId, SendError> {
    let refused = || SendError::Refused(Refusal::MessageNotFound);
    match is_id(message) {
        true => message.parse().map_err(|_| refused()),
        false => Err(refused()),
    }
}
