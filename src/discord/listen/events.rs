//! What the gateway tells: acts of people, direct messages, servers that come and go.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use serde_json::json;
use serenity::all::{
    CommandInteraction, ComponentInteraction, Context, Event, EventHandler, Guild, Interaction,
    Message, ModalInteraction, RawEventHandler, Ready, ShardStageUpdateEvent, UnavailableGuild,
};
use serenity::http::{LightMethod, Route};

use super::super::answer::{Answer, Desk, Way};
use super::super::carry::{Carried, Ids, Kept, Use, base36, read};
use super::super::client::Call;
use super::super::{Home, form, given, heard, render};
use crate::chat::{Act, Button, Card, Inbound, Platform, Text};

pub(super) struct Ears {
    desk: Arc<Desk>,
    /// Names of servers by id.
    names: Mutex<HashMap<String, Name>>,
}

struct Name {
    name: String,
    /// The app keeps a name only of a server in which someone spoke.
    is_told: bool,
}

impl Ears {
    pub fn new(desk: Arc<Desk>) -> Self {
        Ears {
            desk,
            names: Mutex::default(),
        }
    }

    /// Tells the app what a server is called, once, after someone spoke there.
    async fn name(&self, workspace: &str) {
        let news = self.names.lock().ok().and_then(|mut names| {
            let name = names.get_mut(workspace).filter(|name| !name.is_told)?;
            name.is_told = true;
            Some(name.name.clone())
        });
        if let Some(name) = news {
            let home = Home {
                workspace: workspace.to_owned(),
                name,
            };
            (self.desk.host.named)(home).await;
        }
    }
}

#[async_trait]
impl EventHandler for Ears {
    async fn shard_stage_update(&self, _: Context, event: ShardStageUpdateEvent) {
        tracing::info!(stage = %event.new, "discord: the gateway");
    }

    async fn ready(&self, _: Context, ready: Ready) {
        let application = ready.application.id;
        let discord = self.desk.discord.clone();
        self.desk
            .begin(async move { super::register(&discord, application).await });
    }

    async fn guild_create(&self, _: Context, guild: Guild, _: Option<bool>) {
        let id = guild.id.to_string();
        if let Ok(mut names) = self.names.lock() {
            let name = Name {
                name: guild.name,
                is_told: false,
            };
            names.insert(id.clone(), name);
        }
        self.name(&id).await;
        (self.desk.host.is_there)(id).await;
    }

    async fn guild_delete(&self, _: Context, gone: UnavailableGuild, _: Option<Guild>) {
        if gone.unavailable {
            return;
        }
        tracing::warn!(server = %gone.id, "discord: the bot was removed from a server");
        (self.desk.host.removed)(gone.id.to_string()).await;
    }

    async fn message(&self, _: Context, message: Message) {
        if message.author.bot || message.guild_id.is_some() {
            return;
        }
        let desk = self.desk.clone();
        self.desk.begin(async move { greet(&desk, &message).await });
    }

    async fn interaction_create(&self, _: Context, interaction: Interaction) {
        let desk = self.desk.clone();
        let (done, workspace) = tokio::sync::oneshot::channel();
        self.desk.begin(async move {
            let workspace = match interaction {
                Interaction::Command(act) => command(&desk, act).await,
                Interaction::Autocomplete(act) => completion(&desk, act).await,
                Interaction::Component(act) => component(&desk, act).await,
                Interaction::Modal(act) => modal(&desk, act).await,
                _ => None,
            };
            let _ = done.send(workspace);
        });
        if let Ok(Some(workspace)) = workspace.await {
            self.name(&workspace).await;
        }
    }
}

/// Hears what the library does not know.
pub(super) struct Unknown;

#[async_trait]
impl RawEventHandler for Unknown {
    async fn raw_event(&self, _: Context, event: Event) {
        if let Event::Unknown(event) = event {
            metrics::counter!("isms_discord_unknown_events_total").increment(1);
            tracing::warn!(
                kind = event.kind,
                "discord: an event that the library does not know"
            );
        }
    }
}

/// Where an act came from, as far as Discord tells it with every kind.
macro_rules! way {
    ($act:expr) => {
        Way {
            id: $act.id,
            token: $act.token.clone(),
            application: $act.application_id,
            workspace: $act.guild_id.map(|id| id.to_string()).unwrap_or_default(),
            direct: $act.guild_id.is_none(),
            channel: $act.channel_id.to_string(),
            person: heard::speaker(
                &$act.user,
                $act.member.as_ref().map(std::borrow::Borrow::borrow),
            ),
            over: false,
            modal: false,
            page: 0,
        }
    };
}

async fn command(desk: &Desk, act: CommandInteraction) -> Option<String> {
    let mut way = Way {
        modal: true,
        ..way!(act)
    };
    let files = given::given(&act.data);
    let (typed, act) = match heard::raised(&act) {
        // It proposes an action: who raises it sees the form first.
        Some(raised) => {
            let act = Act::Clicked {
                command: raised.clone(),
                on: None,
            };
            (raised, act)
        }
        None => {
            let typed = heard::line(&act.data).typed;
            (typed.clone(), Act::Typed(typed))
        }
    };
    if !at_home(desk, &mut way, (None, &typed)).await {
        return None;
    }
    desk.act_with(&way, (way.id.to_string(), act), files).await;
    Some(way.workspace)
}

async fn completion(desk: &Desk, act: CommandInteraction) -> Option<String> {
    let mut way = way!(act);
    let line = heard::line(&act.data);
    let (field, typed) = line.focus?;
    if way.direct {
        let homes = (desk.host.homes)(way.person.id.clone()).await;
        // Of several nothing can be told.
        way.workspace = homes
            .first()
            .filter(|_| homes.len() == 1)?
            .workspace
            .clone();
    }
    desk.suggest(&way, (line.typed, field, typed)).await;
    None
}

async fn component(desk: &Desk, act: ComponentInteraction) -> Option<String> {
    let (used, carried) = read(&act.data.custom_id);
    let is_form = used != Use::Click;
    let mut way = Way {
        over: is_form,
        modal: true,
        ..way!(act)
    };
    let command = led_to(desk, &mut way, carried).await?;
    let filled = |values, send| Act::Filled {
        command: command.clone(),
        values,
        send,
    };
    let (event, act) = match used {
        Use::Click | Use::Open(_) => {
            let on = heard::stood_on(&act.message);
            let command = command.clone();
            (way.id.to_string(), Act::Clicked { command, on })
        }
        Use::Pick(field) => {
            let picked = vec![(field.clone(), heard::picked(&act.data.kind))];
            desk.fill(&way, (filled(picked, false), &field)).await;
            return Some(way.workspace);
        }
        Use::Page(page) => {
            way.page = page;
            (way.id.to_string(), filled(Vec::new(), false))
        }
        Use::Write(part) | Use::WriteLast(part) => {
            desk.write(&way, &command, part).await;
            return Some(way.workspace);
        }
        // The message is the form: pressed twice, it is sent once.
        Use::Send => (act.message.id.to_string(), filled(Vec::new(), true)),
    };
    if is_form {
        // A form that follows stands in the place of this one.
        way.modal = false;
    }
    desk.act(&way, (event, act)).await;
    Some(way.workspace)
}

async fn modal(desk: &Desk, act: ModalInteraction) -> Option<String> {
    let (used, carried) = read(&act.data.custom_id);
    let mut way = Way {
        over: !matches!(used, Use::Open(_)) && act.message.is_some(),
        ..way!(act)
    };
    let command = led_to(desk, &mut way, carried).await?;
    let mut values = heard::written(&act);
    let message = act.message.as_ref().map(|message| message.id.to_string());
    let event = message.unwrap_or_else(|| way.id.to_string());
    let (event, act) = match used {
        Use::Open(opened) => {
            values.retain(|(_, value)| !value.trim().is_empty());
            (format!("open:{opened}"), Act::Submitted { command, values })
        }
        used => {
            let send = matches!(used, Use::WriteLast(_));
            let act = Act::Filled {
                command,
                values,
                send,
            };
            (event, act)
        }
    };
    desk.act(&way, (event, act)).await;
    Some(way.workspace)
}

/// The command that a component carries, or that is kept for it.
async fn led_to(desk: &Desk, way: &mut Way, carried: Carried) -> Option<String> {
    let text = match &carried.command {
        Kept::Whole(command) => command.clone(),
        Kept::Hashed(_) => String::new(),
    };
    if !at_home(desk, way, (carried.server, &text)).await {
        return None;
    }
    let Kept::Hashed(hash) = &carried.command else {
        return Some(text);
    };
    let words = match desk.discord.keeper.find(&way.workspace, hash).await {
        Ok(Some(command)) => return Some(command),
        Ok(None) => "This button is too old for me to know what it does. Type the command instead.",
        Err(error) => {
            tracing::error!(%error, "discord: a kept command could not be read");
            "Something broke on my side, and nothing was changed. Press it again."
        }
    };
    way.over = false;
    let answer = desk.card(way, &Card::say(words)).await;
    desk.give(way, answer).await;
    None
}

/// Finds out which server an act in a direct message is about, or asks.
async fn at_home(desk: &Desk, way: &mut Way, (carried, typed): (Option<u64>, &str)) -> bool {
    if !way.direct {
        return true;
    }
    if let Some(server) = carried {
        way.workspace = server.to_string();
        return true;
    }
    let homes = (desk.host.homes)(way.person.id.clone()).await;
    let answer = match homes.as_slice() {
        [home] => {
            way.workspace.clone_from(&home.workspace);
            return true;
        }
        [] => {
            let words = Text::from("I do not know you yet. Say ")
                .code("/isms status")
                .plain_span(" in your server first; after that I answer here too.");
            let card = Card::say(words);
            Answer::Message(
                render::message(&card, &[], Ids::new(None), None),
                Vec::new(),
            )
        }
        homes => {
            let message = form::which(homes, typed);
            for home in homes {
                desk.keep(&home.workspace, &message.long).await;
            }
            Answer::Message(message, Vec::new())
        }
    };
    way.over = false;
    desk.give(way, answer).await;
    false
}

/// To someone who has not spoken in a server yet, or has in several.
fn stranger() -> Card {
    Card::say(
        "I ask for what your ISMS needs when it is due, and keep the proof: you answer in seconds.",
    )
    .buttons([
        Button::new("What waits for me", "mine").primary(),
        Button::new("How it stands", "status"),
        Button::new("What I can do", "help"),
    ])
}

/// First contact, and every other message that is no command: one line of value, three ways on.
async fn greet(desk: &Desk, message: &Message) {
    let homes = (desk.host.homes)(message.author.id.to_string()).await;
    let (server, greeting) = match homes.as_slice() {
        [home] => {
            let inbound = Inbound {
                event: message.id.to_string(),
                platform: Platform::Discord,
                workspace: home.workspace.clone(),
                speaker: heard::speaker(&message.author, None),
                channel: message.channel_id.to_string(),
                act: Act::Typed("help".to_owned()),
                files: Vec::new(),
            };
            let greeting = (desk.host.greeting)(inbound).await;
            (home.workspace.parse().ok(), greeting)
        }
        _ => (None, None),
    };
    let card = greeting.unwrap_or_else(stranger);
    let mut body = render::message(&card, &[], Ids::new(server), None).body(&[], &[]);
    body["nonce"] = json!(base36(u128::from(message.id.get())));
    body["enforce_nonce"] = json!(true);
    let channel = message.channel_id;
    let route = Route::ChannelMessages {
        channel_id: channel,
    };
    let call = Call::new("post", channel, LightMethod::Post, route).body(body);
    if let Err(fault) = desk.discord.client.done(call).await {
        tracing::warn!(%fault, "discord: a direct message could not be answered");
    }
}
