//! The Slack face: Socket Mode in, Web API out, by slack-morphism.
//!
//! | file | does |
//! |---|---|
//! | `listen` | the sockets: envelopes in, acknowledgements out, watchdog, orderly end |
//! | `answer` | one act of one person: `Inbound` to the app, `Reply` back to that person |
//! | `send` | what the outbox sees: post, edit, find ([`crate::chat::Chat`]) |
//! | `render`, `modal`, `words` | cards, forms and texts as Slack wants them: pure |
//! | `client`, `files`, `pace`, `fault` | calls with time-outs, uploads, rate limits, what errors mean |
//! | `check` | what `isms-bot check` tries |
//!
//! An act is acknowledged at once and worked on in a task of its own; only the submit of a form is
//! waited for (two seconds at most), because the errors beside its fields go into the
//! acknowledgement and so keep everything that was typed. What an act answers goes to the person
//! who did it; everything else is posted by the outbox.
//!
//! Identity of an act ([`crate::chat::Inbound::event`]): the `trigger_id` of a command or click (Slack makes a new
//! one for each), the id of the view for a submit.

mod answer;
mod check;
mod client;
mod fault;
mod files;
mod listen;
mod modal;
mod pace;
mod render;
mod send;
mod words;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use futures::future::BoxFuture;

pub use check::{Finding, SCOPES, check};
pub use client::{Client, Identity, Profile, Settings, SetupError};
pub use fault::Fault;
pub use listen::RunError;

use crate::chat::{Inbound, Reply};
use crate::clock::Clock;

/// Who answers: `App::handle`, or a test's stand-in.
pub type Handler = Arc<dyn Fn(Inbound) -> BoxFuture<'static, Reply> + Send + Sync>;

/// Slack, for one workspace.
pub struct Slack {
    client: Client,
    pace: pace::Pace,
    identity: OnceLock<Identity>,
    /// Direct conversations by person.
    directs: Mutex<HashMap<String, String>>,
    waits: Waits,
}

/// How long things may take. The defaults follow Slack's own limits.
#[derive(Debug, Clone, Copy)]
pub struct Waits {
    /// Sockets held open at the same time; Slack allows ten.
    pub connections: u32,
    /// Without any open socket for so long, the listener is built anew.
    pub without_connection: Duration,
    /// The answer to a submit goes into its acknowledgement if it is there by then (Slack: 3 s).
    pub submit: Duration,
    /// An answer of Slack may take so long.
    pub call: Duration,
    /// Slack takes a moment to read an uploaded picture and refuses it until then: the first pause
    /// before it is tried again. Each one is longer by as much.
    pub picture: Duration,
    /// Work in hand may take so long to finish at the end.
    pub drain: Duration,
}

impl Default for Waits {
    fn default() -> Self {
        Waits {
            connections: 2,
            without_connection: Duration::from_secs(30),
            submit: Duration::from_secs(2),
            call: client::PATIENCE,
            picture: Duration::from_millis(500),
            drain: Duration::from_secs(10),
        }
    }
}

impl Slack {
    pub fn new(settings: Settings) -> Result<Self, SetupError> {
        Slack::with_waits(settings, Waits::default())
    }

    pub fn with_waits(settings: Settings, waits: Waits) -> Result<Self, SetupError> {
        Ok(Slack {
            client: Client::new(settings, waits.call)?,
            pace: pace::Pace::new(Clock::System),
            identity: OnceLock::new(),
            directs: Mutex::default(),
            waits,
        })
    }

    /// Waits that Slack asks for are counted by this clock.
    pub fn by(self, clock: Clock) -> Self {
        Slack {
            pace: pace::Pace::new(clock),
            ..self
        }
    }

    /// The workspace of the bot token, once Slack told it.
    pub fn workspace(&self) -> Option<&str> {
        self.identity.get().map(|who| who.team_id.as_str())
    }

    /// Listens until `stop` is cancelled (then it finishes what is in hand) or the tokens are
    /// refused. Whatever else happens, it goes on.
    pub async fn run(
        self: &Arc<Self>,
        handler: Handler,
        stop: tokio_util::sync::CancellationToken,
    ) -> Result<(), RunError> {
        listen::run(self, handler, stop).await
    }

    fn direct_known(&self, person: &str) -> Option<String> {
        self.directs.lock().ok()?.get(person).cloned()
    }

    fn keep_direct(&self, person: &str, channel: &str) {
        if let Ok(mut directs) = self.directs.lock() {
            directs.insert(person.to_owned(), channel.to_owned());
        }
    }
}
