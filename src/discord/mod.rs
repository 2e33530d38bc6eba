//! The Discord face: the gateway in, REST out, by serenity.
//!
//! | file | does |
//! |---|---|
//! | `listen` | the gateway: who leads, events in, watchdog, orderly end; registers the commands |
//! | `heard` | an event of Discord as an act of a person: pure |
//! | `answer` | one act of one person: `Inbound` to the app, `Reply` back to that person |
//! | `send` | what the outbox sees: post, edit, find ([`crate::chat::Chat`]) |
//! | `render`, `form`, `words`, `carry`, `register` | cards, forms, texts, custom ids and commands as Discord wants them: pure |
//! | `client`, `files`, `pace`, `fault` | calls with time-outs, pictures, rate limits, what errors mean |
//! | `given` | files that come with a command |
//! | `kept`, `statements` | long commands, who leads, what is registered |
//! | `check` | what `isms-bot check` tries |
//!
//! Discord gives three seconds to answer an act. What is there in time is answered at once, with a
//! modal where a form is one; otherwise the answer is put off and then put into its place. What an
//! act answers goes to the person who did it; everything else is posted by the outbox.
//!
//! Identity of an act ([`crate::chat::Inbound::event`]): the id of the interaction; for a form the
//! message it stands in, or the act that opened its modal.
//!
//! Among several processes on one database one leads: it holds the gateway. The others send.

mod answer;
mod carry;
mod check;
mod client;
mod fault;
mod files;
mod form;
mod given;
mod heard;
mod kept;
mod listen;
mod pace;
mod pin;
mod register;
mod render;
mod send;
mod words;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use futures::future::BoxFuture;

pub use check::{Finding, check};
pub use client::{Client, Identity, Settings, SetupError, is_token};
pub use fault::Fault;
pub use listen::RunError;

use crate::chat::{Asked, Card, Choice, Inbound, Reply};
use crate::clock::Clock;
use crate::store::Store;

/// A workspace in which a person is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// Discord's id of the server.
    pub workspace: String,
    pub name: String,
}

type Answering<Q, A> = Arc<dyn Fn(Q) -> BoxFuture<'static, A> + Send + Sync>;

/// Who answers: the app, or a test's stand-in.
#[derive(Clone)]
pub struct Host {
    /// `App::handle`.
    pub act: Answering<Inbound, Reply>,
    /// `App::suggest`.
    pub suggest: Answering<Asked, Vec<Choice>>,
    /// `App::homes`: the servers in which the person with this id is known.
    pub homes: Answering<String, Vec<Home>>,
    /// `App::greeting`: the answer to someone who writes to the bot.
    pub greeting: Answering<Inbound, Option<Card>>,
    /// `App::named`: what Discord calls a server.
    pub named: Answering<Home, ()>,
    /// `presence::trouble`: the bot is in the server with this id, or was removed from it.
    pub is_there: Answering<String, ()>,
    pub removed: Answering<String, ()>,
}

/// Discord, for every server that the bot is in.
pub struct Discord {
    client: Client,
    keeper: kept::Keeper,
    identity: OnceLock<Identity>,
    memory: Mutex<Memory>,
    /// Held while a thread is begun: several files go into a new one at once.
    beginning: tokio::sync::Mutex<()>,
    waits: Waits,
}

/// What is learnt once and asked for again and again.
#[derive(Default)]
struct Memory {
    /// Direct conversations by person.
    directs: HashMap<String, String>,
    /// Messages whose thread is there.
    threads: HashSet<String>,
}

/// Entries of the memory at most; then it begins anew.
const REMEMBERED: usize = 10_000;

/// How long things may take. The defaults follow Discord's own limits.
#[derive(Debug, Clone, Copy)]
pub struct Waits {
    /// An act is answered at once if its answer is there by then (Discord: 3 s).
    pub answer: Duration,
    /// Without being connected for so long, the gateway is joined anew.
    pub without_connection: Duration,
    /// Between two looks at who leads; a lead holds for thirty seconds.
    pub lead: Duration,
    /// An answer of Discord may take so long.
    pub call: Duration,
    /// Work in hand may take so long to finish at the end.
    pub drain: Duration,
}

impl Default for Waits {
    fn default() -> Self {
        Waits {
            answer: Duration::from_secs(2),
            without_connection: Duration::from_secs(30),
            lead: Duration::from_secs(8),
            call: client::PATIENCE,
            drain: Duration::from_secs(10),
        }
    }
}

impl Discord {
    pub fn new(settings: Settings, store: Store) -> Result<Self, SetupError> {
        Discord::with_waits(settings, store, (Waits::default(), Clock::System))
    }

    /// Leads, and waits that Discord asks for, are counted by this clock.
    pub fn with_waits(
        settings: Settings,
        store: Store,
        (waits, clock): (Waits, Clock),
    ) -> Result<Self, SetupError> {
        Ok(Discord {
            client: Client::new(settings, waits.call, clock.clone())?,
            keeper: kept::Keeper::new(store, clock),
            identity: OnceLock::new(),
            memory: Mutex::default(),
            beginning: tokio::sync::Mutex::default(),
            waits,
        })
    }

    /// Listens until `stop` is cancelled (then it finishes what is in hand) or the token is refused.
    /// Whatever else happens, it goes on.
    pub async fn run(
        self: &Arc<Self>,
        host: Host,
        stop: tokio_util::sync::CancellationToken,
    ) -> Result<(), RunError> {
        listen::run(self, host, stop).await
    }

    fn remember(&self, note: impl FnOnce(&mut Memory)) {
        if let Ok(mut memory) = self.memory.lock() {
            if memory.directs.len() + memory.threads.len() >= REMEMBERED {
                *memory = Memory::default();
            }
            note(&mut memory);
        }
    }

    fn recall<T>(&self, look: impl FnOnce(&Memory) -> T) -> Option<T> {
        self.memory.lock().ok().map(|memory| look(&memory))
    }
}
