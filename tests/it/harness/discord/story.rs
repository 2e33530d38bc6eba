//! What people do and see.

use serde_json::{Value, json};
use std::time::Instant;

use super::form::Modal;
use super::shown::Shown;
use super::world::{BOT, Interaction, Kind, Seen, World};
use super::{FakeDiscord, gateway, objects, typing};

/// Someone of the server, in a channel.
#[derive(Clone)]
pub struct Person {
    pub(super) discord: FakeDiscord,
    pub(super) id: String,
    pub(super) channel: String,
}

/// What a person gets to see of an act of theirs.
#[derive(Clone)]
pub enum Sight {
    Card(Shown),
    Modal(Modal),
}

impl Sight {
    pub fn card(self) -> Shown {
        match self {
            Sight::Card(card) => card,
            Sight::Modal(modal) => panic!("not a card but a form: {:#}", modal.json()),
        }
    }

    pub fn modal(self) -> Modal {
        match self {
            Sight::Modal(modal) => modal,
            Sight::Card(card) => panic!("not a form but a card: {}", card.text()),
        }
    }
}

impl Person {
    pub fn id(&self) -> &str {
        &self.id
    }

    pub fn in_channel(mut self, channel: &str) -> Self {
        self.channel = channel.to_owned();
        self
    }

    pub fn in_dm(self) -> Self {
        let dm = self.discord.dm(&self.id).id().to_owned();
        self.in_channel(&dm)
    }

    /// Types a slash command and waits for what comes of it. `@bob` becomes a mention.
    pub async fn types(&self, line: &str) -> Sight {
        self.knows_commands().await;
        let mark = self.mark();
        self.types_only(line).await;
        self.sees_after(mark).await
    }

    /// The same, if the client lets a person send that.
    pub async fn tries(&self, line: &str) -> Option<Sight> {
        self.knows_commands().await;
        let typed = |world: &World| typing::command(world, (&self.id, &self.channel), line);
        self.discord.shared.look(typed).ok()?;
        Some(self.types(line).await)
    }

    /// Types a slash command and waits for its first answer only.
    pub async fn types_only(&self, line: &str) {
        self.knows_commands().await;
        let data = self.types_as(line);
        self.sends(Kind::Command, None, &data).await;
    }

    /// Types a slash command and waits for nothing; a session must be open and the command known.
    pub fn fires(&self, line: &str) {
        let data = self.types_as(line);
        self.discord.change(|world| {
            assert!(gateway::is_heard(world), "a session is open");
            begin(world, self, (Kind::Command, None, &data));
        });
    }

    fn types_as(&self, line: &str) -> Value {
        let typed = |world: &World| typing::command(world, (&self.id, &self.channel), line);
        let data = self.discord.shared.look(typed);
        data.unwrap_or_else(|why| panic!("the client would not send {line:?}: {why}"))
    }

    /// What is offered to someone who types into an option: names and values.
    pub async fn completes(&self, path: &str, option: &str, typed: &str) -> Vec<(String, String)> {
        self.knows_commands().await;
        let asked =
            |world: &World| typing::completion(world, (&self.channel, path), (option, typed));
        let data = self.discord.shared.look(asked);
        let data = data.unwrap_or_else(|why| panic!("nothing completes {path} {option}: {why}"));
        let id = self.sends(Kind::Completion, None, &data).await;
        self.discord.shared.look(|world| {
            let choices = world.interactions[&id].choices.as_ref();
            let choices = choices.and_then(Value::as_array).cloned();
            let word = |choice: &Value, key: &str| match &choice[key] {
                Value::String(word) => word.clone(),
                other => other.to_string(),
            };
            let choices = choices.unwrap_or_default().into_iter();
            choices
                .map(|c| (word(&c, "name"), word(&c, "value")))
                .collect()
        })
    }

    /// Uses a command in the menu of a message.
    pub async fn uses(&self, command: &str, on: &Shown) -> Sight {
        self.knows_commands().await;
        let used = |world: &World| typing::on_message(world, &on.channel, (command, on.id()));
        let data = self.discord.shared.look(used);
        let data = data.unwrap_or_else(|why| panic!("no {command:?} in the menu: {why}"));
        let mark = self.mark();
        let there = self.clone().in_channel(&on.channel);
        there.sends(Kind::Command, None, &data).await;
        self.sees_after(mark).await
    }

    /// Writes to the bot, in the direct conversation with it. It hears of it when it is connected.
    pub fn writes(&self, words: &str) {
        self.discord
            .change(|world| super::messages::say(world, &self.id, words));
    }

    /// Clicks a button of a message and waits for what comes of it.
    pub async fn clicks(&self, on: &Shown, label: &str) -> Sight {
        let mark = self.mark();
        self.clicks_only(on, label).await;
        self.sees_after(mark).await
    }

    /// Clicks a button and waits for the first answer only.
    pub async fn clicks_only(&self, on: &Shown, label: &str) {
        let button = on.button(label);
        self.presses(on, &button["custom_id"]).await;
    }

    /// Presses the button with an id.
    pub(super) async fn presses(&self, on: &Shown, id: &Value) -> String {
        let data = json!({ "component_type": 2, "custom_id": id });
        let there = self.clone().in_channel(&on.channel);
        there.sends(Kind::Component, Some(on.id()), &data).await
    }

    /// Picks from a select, and waits for the first answer. An empty value takes it back.
    pub(super) async fn picks(&self, on: &Shown, select: &Value, value: &str) -> String {
        let picked = |world: &World| pick(world, &on.channel, (select, value));
        let data = self.discord.shared.look(picked);
        let data = data.unwrap_or_else(|why| panic!("cannot pick {value:?}: {why}"));
        let there = self.clone().in_channel(&on.channel);
        there.sends(Kind::Component, Some(on.id()), &data).await
    }

    /// Commands reach a client when they are registered.
    pub(super) async fn knows_commands(&self) {
        let known = |world: &mut World| (!world.usable(&self.channel).is_empty()).then_some(());
        let shared = &self.discord.shared;
        shared.until("registered commands", known).await;
    }

    /// Sends an interaction as soon as a session is open, and waits for its first answer.
    pub(super) async fn sends(&self, kind: Kind, on: Option<&str>, data: &Value) -> String {
        let shared = &self.discord.shared;
        let sent = |world: &mut World| {
            gateway::is_heard(world).then(|| begin(world, self, (kind, on, data)))
        };
        let id = shared.until("a session of the gateway", sent).await;
        let answered = |world: &mut World| world.interactions[&id].answered.map(|_| ());
        let what = format!("an answer to the {kind:?} {data}");
        shared.until(&what, answered).await;
        id
    }

    /// How much was seen so far.
    pub(super) fn mark(&self) -> usize {
        let seen = |world: &World| world.sights.get(&self.id).map_or(0, Vec::len);
        self.discord.shared.look(seen)
    }

    pub(super) async fn sees_after(&self, mark: usize) -> Sight {
        let next = |world: &mut World| {
            let seen = world.sights.get(&self.id)?.get(mark)?;
            Some(match seen.clone() {
                Seen::Modal { id } => Sight::Modal(Modal::opened(self, id)),
                Seen::Message { json } => {
                    let shown = Shown::to(self, world, json);
                    match shown.component("send:").is_some() {
                        true => Sight::Modal(Modal::of(self, shown)),
                        false => Sight::Card(shown),
                    }
                }
            })
        };
        let what = format!("something for {}", self.id);
        self.discord.shared.until(&what, next).await
    }
}

/// What a select sends of what a person picks: by what stands there, or by value.
fn pick(world: &World, channel: &str, (select, value): (&Value, &str)) -> Result<Value, String> {
    let mut data = json!({
        "component_type": select["type"], "custom_id": select["custom_id"], "values": [],
    });
    if value.is_empty() {
        return match select["min_values"] == 0 {
            true => Ok(data),
            false => Err("something must be picked".to_owned()),
        };
    }
    if select["type"] == 5 {
        let id = world.person_named(value);
        let id = id.ok_or_else(|| format!("{value} is nobody"))?;
        let (users, members) = typing::resolved(world, channel, &id);
        data["resolved"] = json!({ "users": users, "members": members });
        data["values"] = json!([id]);
        return Ok(data);
    }
    let mut options = select["options"].as_array().into_iter().flatten();
    let chosen = options.find(|o| o["value"] == value || o["label"] == value);
    let chosen = chosen.ok_or_else(|| format!("no option {value}"))?;
    data["values"] = json!([chosen["value"]]);
    Ok(data)
}

/// An interaction begins: everyone who listens is told.
fn begin(world: &mut World, by: &Person, (kind, on, data): (Kind, Option<&str>, &Value)) -> String {
    let id = world.id();
    let token = format!("aW50ZXJhY3Rpb246{id}");
    let number = match kind {
        Kind::Command => 2,
        Kind::Component => 3,
        Kind::Completion => 4,
        Kind::Submit => 5,
    };
    let guild = world.channels[&by.channel].guild.clone();
    let mut told = json!({
        "id": id, "application_id": BOT, "type": number, "token": token, "version": 1,
        "data": data, "channel_id": by.channel,
        "channel": objects::partial_channel(world, &by.channel),
        "app_permissions": "2147600448", "locale": "en-US", "entitlements": [],
        "authorizing_integration_owners": { "0": guild.clone().unwrap_or("0".into()) },
        "context": u8::from(guild.is_none()), "attachment_size_limit": 10_485_760,
    });
    match &guild {
        Some(guild) => {
            assert!(
                world.guilds[guild].members.contains(&by.id),
                "{} is not in the server",
                by.id
            );
            told["guild_id"] = guild.clone().into();
            told["guild_locale"] = "en-US".into();
            told["member"] = objects::member(world, (guild, &by.id), true);
        }
        None => told["user"] = objects::user(world, &by.id),
    }
    if let Some(on) = on {
        assert!(world.messages.contains_key(on), "that message is gone");
        told["message"] = objects::message(world, on);
    }
    let made = Interaction {
        token,
        kind,
        person: by.id.clone(),
        channel: by.channel.clone(),
        made: Instant::now(),
        expired: false,
        on: on.map(str::to_owned),
        answered: None,
        original: None,
        choices: None,
    };
    world.interactions.insert(id.clone(), made);
    gateway::dispatch(world, "INTERACTION_CREATE", 0, &told);
    world.last_interaction = told;
    id
}
