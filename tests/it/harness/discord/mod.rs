//! A strict, stateful Discord over loopback, spoken to by the unmodified library.
//!
//! It keeps people, servers, channels, messages, commands, interactions and gateway sessions,
//! refuses what Discord refuses in Discord's own shape (unknown endpoints and fields, a wrong token,
//! anything over a limit, a second or late answer), and remembers every refusal. A story is told from
//! the people's side:
//!
//! ```ignore
//! let discord = FakeDiscord::start().await;
//! let form = discord.person(ANN).types("/isms action new").await.modal();
//! let again = form.fills(&[("title", "Patch the VPN")]).submits().await.modal();
//! assert!(again.error("owner").await.is_some());
//! let card = again.fills(&[("owner", "bob")]).submits().await.card();
//! card.clicks("Show").await;
//! discord.dm(BOB).arrive(1).await;
//! discord.channel(ISMS).messages()[0].json();
//! discord.is_content();
//! ```
//!
//! There are Ann (administrator), Bob, Cai and Dee in the server [`GUILD`], with the channel [`ISMS`]
//! and [`ELSEWHERE`], which the bot may not see; and [`OTHER_GUILD`] with Ann and Cai. What a person
//! types becomes the options of the command that the bot registered; what a real client would not
//! send fails the test. Waiting is for events, never for a time.

mod after;
mod commands;
mod form;
mod gateway;
mod given;
mod interactions;
mod limits;
mod messages;
mod no;
mod objects;
mod routes;
mod shown;
mod story;
mod typing;
mod wire;
mod world;

use std::sync::Arc;

use serde_json::{Value, json};

pub use form::Modal;
pub use shown::Shown;
pub use story::{Person, Sight};
pub use world::{
    ANN, BOB, BOT, CAI, DEE, ELSEWHERE, Fault, GUILD, ISMS, OTHER_GUILD, OTHER_ISMS, TOKEN,
};

use wire::Shared;
use world::{Order, World};

/// The whole of it. Clones are the same Discord.
#[derive(Clone)]
pub struct FakeDiscord {
    shared: Arc<Shared>,
}

impl FakeDiscord {
    pub async fn start() -> Self {
        FakeDiscord {
            shared: wire::serve().await,
        }
    }

    /// What stands for `https://discord.com`.
    pub fn api_url(&self) -> String {
        format!("http://{}", self.shared.address)
    }

    fn change<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        self.shared.change(change)
    }

    /// Waits until people have seen more than so many answers; says how many they have.
    pub async fn answers_beyond(&self, seen: usize) -> usize {
        let count = |world: &mut World| {
            let now = world.sights.values().map(Vec::len).sum();
            (now > seen).then_some(now)
        };
        self.shared.until("an answer", count).await
    }

    /// Someone of the server, acting in [`ISMS`]: by id, or by name (`ann`).
    pub fn person(&self, who: &str) -> Person {
        let id = self.shared.look(|world| world.person_named(who));
        Person {
            discord: self.clone(),
            id: id.unwrap_or_else(|| panic!("there is no {who}")),
            channel: ISMS.to_owned(),
        }
    }

    pub fn channel(&self, id: &str) -> Place {
        Place {
            discord: self.clone(),
            id: id.to_owned(),
        }
    }

    /// The bot's direct conversation with someone.
    pub fn dm(&self, who: &str) -> Place {
        let person = self.person(who).id;
        let id = self.change(|world| world.direct(&person));
        self.channel(&id)
    }

    /// The next call of a route goes wrong. Several are used up one after the other. Routes are
    /// written as in `POST /channels/{channel}/messages`.
    pub fn next(&self, route: &str, fault: Fault) {
        assert!(routes::is_known(route), "there is no route {route}");
        self.change(|world| world.faults.push_back((route.to_owned(), fault)));
    }

    /// Takes the bot's rights in a channel away.
    pub fn expels_the_bot(&self, channel: &str) {
        self.change(|world| world.channels.get_mut(channel).unwrap().open = false);
    }

    /// Removes a channel with all that stands in it. Discord's archive is for threads only.
    pub fn removes(&self, channel: &str) {
        self.change(|world| {
            world.channels.remove(channel);
            world
                .messages
                .retain(|_, message| message.channel != channel);
        });
    }

    /// The bot is thrown out of a server.
    pub fn expels_the_bot_from(&self, guild: &str) {
        self.change(|world| {
            world.guilds.get_mut(guild).unwrap().members.remove(BOT);
            let gone = json!({ "id": guild });
            gateway::dispatch(world, "GUILD_DELETE", gateway::GUILDS, &gone);
        });
    }

    /// The bot is invited into a server again.
    pub fn invites_the_bot_to(&self, guild: &str) {
        self.change(|world| {
            let members = &mut world.guilds.get_mut(guild).unwrap().members;
            members.insert(BOT.to_owned());
            let created = objects::guild_created(world, guild);
            gateway::dispatch(world, "GUILD_CREATE", gateway::GUILDS, &created);
        });
    }

    /// Someone leaves a server.
    pub fn leaves(&self, who: &str, guild: &str) {
        let person = self.person(who).id;
        self.change(|world| world.guilds.get_mut(guild).unwrap().members.remove(&person));
    }

    /// Someone takes no more direct messages.
    pub fn closes_dms(&self, who: &str) {
        let person = self.person(who).id;
        self.change(|world| world.people.get_mut(&person).unwrap().closed = true);
    }

    /// The bot may pin nothing, or may again.
    pub fn refuses_pins(&self, refused: bool) {
        self.change(|world| world.no_pins = refused);
    }

    /// The token is good for nothing from now on.
    pub fn revokes_the_token(&self) {
        self.change(|world| world.token_revoked = true);
    }

    /// The application's intents are not enabled.
    pub fn refuses_intents(&self) {
        self.change(|world| world.intents_refused = true);
    }

    /// No interaction that is out takes an answer any more.
    pub fn expires_interactions(&self) {
        self.change(|world| {
            world
                .interactions
                .values_mut()
                .for_each(|i| i.expired = true);
        });
    }

    /// Some minutes pass: a nonce is not known any more.
    pub fn forgets_nonces(&self) {
        self.change(|world| world.messages.values_mut().for_each(|m| m.nonce = None));
    }

    /// Who resumes hears nothing from now on, or is answered again.
    pub fn leaves_resumes_unanswered(&self, unanswered: bool) {
        self.change(|world| world.resumes_unanswered = unanswered);
    }

    /// The pause between heartbeats that is told to whoever connects.
    pub fn wants_heartbeats_every(&self, millis: u64) {
        self.change(|world| world.heartbeat = millis);
    }

    /// Breaks all connections, without a Close.
    pub fn drops_connections(&self) {
        self.order(|| Order::Drop);
    }

    /// Closes all connections with a code.
    pub fn closes_connections(&self, code: u16) {
        self.order(|| Order::Close(code, "The story says so."));
    }

    /// Asks the bot to reconnect (op 7).
    pub fn asks_to_reconnect(&self) {
        let frame = json!({ "op": 7, "s": null, "t": null, "d": null });
        self.order(|| Order::Send(frame.to_string()));
    }

    /// Says that the session is good for nothing (op 9), or may yet be resumed.
    pub fn invalidates_sessions(&self, resumable: bool) {
        let frame = json!({ "op": 9, "s": null, "t": null, "d": resumable });
        if !resumable {
            self.change(|world| world.sessions.clear());
        }
        self.order(|| Order::Send(frame.to_string()));
    }

    /// Delivers the last interaction once more, as may happen around a resume. What is sent after it
    /// is heard after it.
    pub fn delivers_again(&self) {
        self.change(|world| {
            let last = world.last_interaction.clone();
            gateway::dispatch(world, "INTERACTION_CREATE", 0, &last);
        });
    }

    /// What keeps someone in [`ISMS`] from typing a line, if anything does.
    pub async fn keeps_from_typing(&self, line: &str) -> Option<String> {
        let ann = self.person(ANN);
        ann.knows_commands().await;
        let typed = |world: &World| typing::command(world, (ANN, ISMS), line);
        self.shared.look(typed).err()
    }

    /// Every connection is told; what is sent from now on waits for the next one.
    fn order(&self, order: impl Fn() -> Order) {
        self.change(|world| {
            for socket in world.sockets.values() {
                let _ = socket.to.send(order());
            }
            for session in world.sessions.values_mut() {
                session.socket = None;
            }
        });
    }

    /// Waits until so many sessions began or were resumed since the start.
    pub async fn hellos(&self, count: u32) {
        let what = format!("{count} sessions");
        let up = |world: &mut World| (world.hellos >= count).then_some(());
        self.shared.until(&what, up).await;
    }

    /// Waits until so many resumes were asked for.
    pub async fn resumes(&self, count: u32) {
        let asked = |world: &mut World| (world.resumes >= count).then_some(());
        self.shared.until(&format!("{count} resumes"), asked).await;
    }

    /// How often the bot identified itself.
    pub fn identifies(&self) -> u32 {
        self.shared.look(|world| world.identifies)
    }

    /// Waits until so many heartbeats came.
    pub async fn beats(&self, count: u32) {
        let what = format!("{count} heartbeats");
        let beaten = |world: &mut World| (world.heartbeats >= count).then_some(());
        self.shared.until(&what, beaten).await;
    }

    /// Waits until no connection is left.
    pub async fn is_left_alone(&self) {
        let alone = |world: &mut World| world.sockets.is_empty().then_some(());
        self.shared.until("all connections to go", alone).await;
    }

    /// Waits until a route was called so many times, and says with what.
    pub async fn called(&self, route: &str, times: usize) -> Vec<Value> {
        let what = format!("{times} calls of {route}");
        let calls = |world: &mut World| {
            let calls = calls_of(world, route);
            (calls.len() >= times).then_some(calls)
        };
        self.shared.until(&what, calls).await
    }

    /// With what a route was called so far.
    pub fn calls(&self, route: &str) -> Vec<Value> {
        assert!(routes::is_known(route), "there is no route {route}");
        self.shared.look(|world| calls_of(world, route))
    }

    /// Waits until every act has its first answer.
    pub async fn has_answered(&self) {
        let all = |world: &mut World| {
            let mut acts = world.interactions.values();
            acts.all(|act| act.answered.is_some()).then_some(())
        };
        self.shared.until("an answer to every act", all).await;
    }

    /// How often commands were registered.
    pub fn registrations(&self) -> u32 {
        self.shared.look(|world| world.registrations)
    }

    /// The commands registered everywhere (`""`) or for a server.
    pub fn commands(&self, guild: &str) -> Vec<Value> {
        let all = |world: &World| world.commands.get(guild).cloned().unwrap_or_default();
        self.shared.look(all)
    }

    /// Answers so far that count towards a ban: 401, 403, 429.
    pub fn invalid_requests(&self) -> u32 {
        self.shared.look(|world| world.invalid_requests)
    }

    /// The name and the bytes of every file that stands somewhere.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        self.shared.look(|world| {
            let files = world.messages.values().flat_map(|message| &message.files);
            files.map(|f| (f.name.clone(), f.bytes.to_vec())).collect()
        })
    }

    /// What was refused for a reason of the bot's: route, code, detail.
    pub fn refusals(&self) -> Vec<(String, i64, String)> {
        self.shared.look(|world| world.refusals.clone())
    }

    /// What was against the protocol.
    pub fn violations(&self) -> Vec<String> {
        self.shared.look(|world| world.violations.clone())
    }

    /// Fails the test if the bot did anything that Discord refuses, or left an interaction without
    /// an answer, or someone before a “thinking…” for ever.
    pub fn is_content(&self) {
        self.shared.look(|world| {
            // That someone is no member is the answer to a question, and no fault.
            let mut refused = world.refusals.iter().filter(|(_, code, _)| *code != 10007);
            let first = refused.next();
            assert!(first.is_none(), "refused: {:#?}", world.refusals);
            assert!(
                world.violations.is_empty(),
                "against the protocol: {:#?}",
                world.violations
            );
            for interaction in world.interactions.values() {
                assert!(interaction.answered.is_some(), "an act was not answered");
            }
            let thinks = world.messages.values().any(|message| message.thinking);
            assert!(!thinks, "someone sees “thinking…” for ever");
        });
    }
}

fn calls_of(world: &World, route: &str) -> Vec<Value> {
    let of = |(name, args): &(String, Value)| (name == route).then(|| args.clone());
    world.calls.iter().filter_map(of).collect()
}

/// A channel or a direct conversation, with its threads.
pub struct Place {
    discord: FakeDiscord,
    id: String,
}

impl Place {
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What stands there now, oldest first; with what stands in its threads.
    pub fn messages(&self) -> Vec<Shown> {
        self.discord.shared.look(|world| self.shown(world))
    }

    /// The messages that are pinned there.
    pub fn pins(&self) -> Vec<String> {
        let pins = |world: &World| {
            let all = world.messages.iter();
            let there = all.filter(|(_, m)| m.channel == self.id && m.pinned);
            there.map(|(id, _)| id.clone()).collect()
        };
        self.discord.shared.look(pins)
    }

    fn shown(&self, world: &World) -> Vec<Shown> {
        let here = |channel: &str| {
            let parent = world
                .channels
                .get(channel)
                .and_then(|c| c.parent.as_deref());
            channel == self.id || parent == Some(&self.id)
        };
        let messages = world.messages.iter();
        messages
            .filter(|(_, message)| message.only.is_none() && here(&message.channel))
            .map(|(id, _)| Shown::new(world, objects::message(world, id)))
            .collect()
    }

    /// Waits until so many messages stand there.
    pub async fn arrive(&self, count: usize) -> Vec<Shown> {
        let what = format!("{count} messages in {}", self.id);
        let found = |world: &mut World| {
            let shown = self.shown(world);
            (shown.len() >= count).then_some(shown)
        };
        self.discord.shared.until(&what, found).await
    }

    /// Waits for a message of which this is true: a new one, or an edit.
    pub async fn shows(&self, what: &str, wanted: impl Fn(&Shown) -> bool) -> Shown {
        let what = format!("{what} in {}", self.id);
        let found = |world: &mut World| self.shown(world).into_iter().find(&wanted);
        self.discord.shared.until(&what, found).await
    }
}
