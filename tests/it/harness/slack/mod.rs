//! A strict, stateful Slack over loopback, spoken to by the unmodified library.
//!
//! It keeps people, channels, messages, modals and files, refuses what Slack refuses with Slack's own
//! words (unknown fields, wrong token, unknown channel, spent or expired trigger, anything over a
//! limit), and remembers every refusal. A story is told from the people's side:
//!
//! ```ignore
//! let slack = FakeSlack::start().await;
//! let modal = slack.person("U0ANN").types("/isms action new").await.modal();
//! let again = modal.fills(&[("title", "Patch the VPN")]).submits().await.modal();
//! assert!(again.error("owner").is_some());
//! let card = again.fills(&[("owner", "U0BOB")]).submits().await.card();
//! card.clicks("Show").await;
//! slack.dm("U0BOB").arrive(1).await;
//! slack.channel("C0ISMS").messages()[0].json();
//! slack.is_content();
//! ```
//!
//! There are the people U0ANN (Berlin, administrator), U0BOB (Tokyo), U0CAI (New York) and U0DEE
//! (Lagos), the channel C0ISMS with everybody and the bot, and C0ELSEWHERE without the bot.
//! Birch is another company: U0EVE (administrator) and U0FAY in C0BIRCH; it has to install the bot.
//! Waiting is for events, never for a time.

mod after;
mod given;
mod happen;
mod hook;
mod limits;
mod methods;
mod oauth;
mod shown;
mod socket;
mod story;
mod views;
mod wire;
mod world;

use std::sync::Arc;

use isms_bot::config::Secret;
use isms_bot::slack::Settings;
use serde_json::Value;

pub use given::Telling;
pub use hook::{Posted, sign};
pub use oauth::{CLIENT_ID, CLIENT_SECRET};
pub use shown::Shown;
pub use story::{Modal, Person, Sight};
pub use world::{BIRCH, Fault, TEAM};

use wire::Shared;
use world::{APP_TOKEN, BOT, BOT_TOKEN, Order, World};

/// The whole of it. Clones are the same Slack.
#[derive(Clone)]
pub struct FakeSlack {
    shared: Arc<Shared>,
}

impl FakeSlack {
    pub async fn start() -> Self {
        FakeSlack {
            shared: wire::serve().await,
        }
    }

    /// What the bot needs to know to talk to it.
    pub fn settings(&self) -> Settings {
        Settings {
            api_url: format!("http://{}/api", self.shared.address),
            bot_token: Some(Secret::new(BOT_TOKEN)),
            app_token: Some(Secret::new(APP_TOKEN)),
        }
    }

    fn change<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        self.shared.change(change)
    }

    /// How submits tell of files from now on.
    pub fn tells_of_files(&self, telling: Telling) {
        self.change(|world| world.telling = telling);
    }

    /// The bot's tokens may not do this any more.
    pub fn loses_scope(&self, scope: &str) {
        self.change(|world| world.scopes.remove(scope));
    }

    /// Waits until people have seen more than so many answers; says how many they have.
    pub async fn answers_beyond(&self, seen: usize) -> usize {
        let count = |world: &mut World| {
            let now = world.sights.values().map(Vec::len).sum();
            (now > seen).then_some(now)
        };
        self.shared.until("an answer", count).await
    }

    /// Someone of the workspace, acting in C0ISMS; of Birch, in C0BIRCH.
    pub fn person(&self, id: &str) -> Person {
        let team = self
            .shared
            .look(|world| world.people.get(id).map(|m| m.team));
        let team = team.unwrap_or_else(|| panic!("there is no {id}"));
        let channel = if team == BIRCH { "C0BIRCH" } else { "C0ISMS" };
        Person {
            slack: self.clone(),
            id: id.to_owned(),
            channel: channel.to_owned(),
            team: team.to_owned(),
        }
    }

    pub fn channel(&self, id: &str) -> Place {
        Place {
            slack: self.clone(),
            id: id.to_owned(),
        }
    }

    /// The bot's direct conversation with someone.
    pub fn dm(&self, person: &str) -> Place {
        let id = self.change(|world| world.direct(person));
        Place {
            slack: self.clone(),
            id,
        }
    }

    /// The next call of a method goes wrong. Several are used up one after the other.
    pub fn next(&self, method: &str, fault: Fault) {
        self.change(|world| world.faults.push_back((method.to_owned(), fault)));
    }

    pub fn archives(&self, channel: &str) {
        self.change(|world| world.channels.get_mut(channel).unwrap().archived = true);
    }

    /// Takes the bot out of a channel.
    pub fn expels_the_bot(&self, channel: &str) {
        self.change(|world| world.channels.get_mut(channel).unwrap().members.remove(BOT));
    }

    /// The bot token is good for nothing from now on.
    pub fn revokes_the_bot_token(&self, word: &'static str) {
        self.change(|world| world.bot_token = Err(word));
    }

    pub fn revokes_the_app_token(&self, word: &'static str) {
        self.change(|world| world.app_token = Err(word));
    }

    /// Takes a scope away.
    pub fn withdraws(&self, scope: &str) {
        self.change(|world| world.scopes.remove(scope));
    }

    /// Gives a scope back.
    pub fn grants(&self, scope: &str) {
        self.change(|world| world.scopes.insert(scope.to_owned()));
    }

    /// The next messages with a fresh picture are refused, so many times.
    pub fn reads_pictures_slowly(&self, times: u32) {
        self.change(|world| world.slow_pictures = times);
    }

    /// No `trigger_id` that is out opens a form any more.
    pub fn expires_triggers(&self) {
        self.change(|world| world.triggers.values_mut().for_each(|t| t.expired = true));
    }

    /// No `response_url` that is out takes an answer any more.
    pub fn expires_addresses(&self) {
        self.change(|world| world.addresses.values_mut().for_each(|a| a.expired = true));
    }

    /// Breaks all sockets, without a Close.
    pub fn drops_connections(&self) {
        self.order(|| Order::Drop);
    }

    /// Asks the bot to reconnect, as Slack does every few hours.
    pub fn asks_to_reconnect(&self) {
        let frame = serde_json::json!({
            "type": "disconnect", "reason": "refresh_requested",
            "debug_info": { "host": "applink-fake" },
        });
        self.order(|| Order::Send(frame.to_string()));
    }

    /// Delivers the last envelope once more, as Slack does when it saw no acknowledgement, and waits
    /// until it is acknowledged.
    pub async fn delivers_again(&self) {
        let id = self.change(|world| {
            let (id, envelope) = world
                .envelopes
                .iter_mut()
                .max_by_key(|(_, e)| e.sent)
                .unwrap();
            envelope.acked = None;
            let frame = envelope.frame.clone();
            let socket = world.sockets.values().find(|socket| socket.open).unwrap();
            socket.to.send(Order::Send(frame)).unwrap();
            id.clone()
        });
        let acked = |world: &mut World| world.envelopes[&id].acked.is_some().then_some(());
        self.shared.until("the second acknowledgement", acked).await;
    }

    fn order(&self, order: impl Fn() -> Order) {
        self.change(|world| {
            for socket in world.sockets.values_mut() {
                socket.open = false;
                let _ = socket.to.send(order());
            }
        });
    }

    /// Waits until so many sockets were opened since the start.
    pub async fn hellos(&self, count: u32) {
        let what = format!("{count} open sockets");
        self.shared
            .until(&what, |world| (world.hellos >= count).then_some(()))
            .await;
    }

    /// Waits until no socket is left.
    pub async fn is_left_alone(&self) {
        self.shared
            .until("all sockets to go", |w| w.sockets.is_empty().then_some(()))
            .await;
    }

    /// Waits until a method was called so many times, and says with what.
    pub async fn called(&self, method: &str, times: usize) -> Vec<Value> {
        let what = format!("{times} calls of {method}");
        let calls = |world: &mut World| {
            let calls = calls_of(world, method);
            (calls.len() >= times).then_some(calls)
        };
        self.shared.until(&what, calls).await
    }

    /// With what a method was called so far.
    pub fn calls(&self, method: &str) -> Vec<Value> {
        self.shared.look(|world| calls_of(world, method))
    }

    /// The name and the bytes of every file that was put.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        let bytes =
            |file: &world::File| file.bytes.as_ref().map(|b| b.to_vec()).unwrap_or_default();
        self.shared.look(|w| {
            w.files
                .values()
                .map(|f| (f.name.clone(), bytes(f)))
                .collect()
        })
    }

    /// What was refused for a reason of the bot's: method, error word, detail.
    pub fn refusals(&self) -> Vec<(String, String, String)> {
        self.shared.look(|world| world.refusals.clone())
    }

    /// Fails the test if the bot did anything that Slack refuses, or left an envelope without an
    /// acknowledgement in time.
    pub fn is_content(&self) {
        self.shared.look(|world| {
            assert!(world.refusals.is_empty(), "refused: {:#?}", world.refusals);
            assert!(
                world.violations.is_empty(),
                "against the protocol: {:#?}",
                world.violations
            );
            for (id, envelope) in &world.envelopes {
                assert!(envelope.acked.is_some(), "{id} was not acknowledged");
                assert!(!envelope.late, "{id} was acknowledged after more than 3 s");
            }
        });
    }
}

fn calls_of(world: &World, method: &str) -> Vec<Value> {
    let of = |(name, args): &(String, Value)| (name == method).then(|| args.clone());
    world.calls.iter().filter_map(of).collect()
}

/// A channel or a direct conversation.
pub struct Place {
    slack: FakeSlack,
    id: String,
}

impl Place {
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What stands there now, oldest first.
    pub fn messages(&self) -> Vec<Shown> {
        self.slack.shared.look(|world| self.shown(world))
    }

    /// The messages that are pinned there.
    pub fn pins(&self) -> Vec<String> {
        let channel = &self.id;
        let pins = |world: &World| world.channels[channel].pins.clone();
        self.slack.shared.look(pins)
    }

    fn shown(&self, world: &World) -> Vec<Shown> {
        let messages = world
            .channels
            .get(&self.id)
            .map(|c| c.messages.clone())
            .unwrap_or_default();
        messages
            .into_iter()
            .map(|m| Shown::new(&self.id, m))
            .collect()
    }

    /// Waits until so many messages stand there.
    pub async fn arrive(&self, count: usize) -> Vec<Shown> {
        let what = format!("{count} messages in {}", self.id);
        let found = |world: &mut World| {
            let shown = self.shown(world);
            (shown.len() >= count).then_some(shown)
        };
        self.slack.shared.until(&what, found).await
    }

    /// Waits for a message of which this is true: a new one, or an edit.
    pub async fn shows(&self, what: &str, wanted: impl Fn(&Shown) -> bool) -> Shown {
        let found = |world: &mut World| self.shown(world).into_iter().find(&wanted);
        self.slack
            .shared
            .until(&format!("{what} in {}", self.id), found)
            .await
    }
}
