//! The Slack face: events in (by Socket Mode, or by HTTP), Web API out, by slack-morphism.
//!
//! | file | does |
//! |---|---|
//! | `teams` | the workspaces: which client, pace and token belong to which |
//! | `installs`, `oauth`, `install` | workspaces that install the bot by its page; their tokens, sealed and renewed |
//! | `listen` | the sockets: envelopes in, acknowledgements out, watchdog, orderly end |
//! | `http` | the same by HTTP: signature, age, replays, limits |
//! | `intake`, `events`, `shortcut` | what Slack sends, whichever way it came, as acts |
//! | `answer`, `give` | one act of one person: `Inbound` to the app, `Reply` back to that person |
//! | `home` | the app's home |
//! | `send` | what the outbox sees: post, edit, find ([`crate::chat::Chat`]) |
//! | `render`, `modal`, `words` | cards, forms and texts as Slack wants them: pure |
//! | `client`, `files`, `pace`, `fault` | calls with time-outs, uploads, rate limits, what errors mean |
//! | `check` | what `isms-bot check` tries |
//!
//! An act is acknowledged at once and worked on in a task of its own; only the submit of a form is
//! waited for (two seconds at most), because the errors beside its fields go into the
//! acknowledgement and so keep everything that was typed, and what is suggested while someone types.
//! What an act answers goes to the person who did it; everything else is posted by the outbox.
//!
//! Identity of an act ([`crate::chat::Inbound::event`]): the `trigger_id` of a command, click or
//! shortcut (Slack makes a new one for each), the id of the view for a submit, the `event_id` of an
//! event.
//!
//! Nothing crosses between workspaces: an act belongs to the team that Slack names, and one from
//! somebody of another team, or on a message of another team, is refused.

mod answer;
mod check;
mod client;
mod events;
mod fault;
mod files;
mod give;
mod given;
mod home;
mod http;
mod install;
mod installs;
mod intake;
mod listen;
mod modal;
mod oauth;
mod pace;
mod render;
mod send;
mod shortcut;
mod teams;
mod words;

use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;

pub use answer::Desk;
pub use check::{Finding, SCOPES, check};
pub use client::{Client, Identity, Profile, Settings, SetupError};
pub use fault::Fault;
pub use http::router as events;
pub use install::router as install_pages;
pub use installs::{InstallError, InstallRow, Installs};
pub use listen::RunError;
pub use oauth::Credentials;

use crate::chat::{Asked, Card, Choice, Inbound, Reply};
use crate::clock::Clock;

/// Who answers: `App::handle`, or a test's stand-in.
pub type Handler = Arc<dyn Fn(Inbound) -> BoxFuture<'static, Reply> + Send + Sync>;
/// What could be meant by what someone is typing: `App::suggest`.
pub type Suggester = Arc<dyn Fn(Asked) -> BoxFuture<'static, Vec<Choice>> + Send + Sync>;
/// What somebody gets who writes to the bot without a command, if there is something to say.
pub type Greeter = Arc<dyn Fn(Inbound) -> BoxFuture<'static, Option<Card>> + Send + Sync>;
/// Hears that somebody has left: the workspace and the person, by Slack's ids.
pub type Farewell = Arc<dyn Fn(String, String) -> BoxFuture<'static, ()> + Send + Sync>;

/// What the app does beside answering acts.
#[derive(Clone)]
pub struct Seams {
    pub suggest: Suggester,
    pub greet: Greeter,
    pub left: Farewell,
}

impl Default for Seams {
    /// Does nothing.
    fn default() -> Self {
        Seams {
            suggest: Arc::new(|_| async { Vec::new() }.boxed()),
            greet: Arc::new(|_| async { None }.boxed()),
            left: Arc::new(|_, _| async {}.boxed()),
        }
    }
}

/// Slack, for all workspaces of this process.
pub struct Slack {
    line: Arc<client::Line>,
    own: OnceCell<Arc<teams::Team>>,
    teams: teams::Teams,
    installs: Option<Installs>,
    seams: Seams,
    clock: Clock,
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
            line: Arc::new(client::Line::new(settings, waits.call)?),
            own: OnceCell::new(),
            teams: teams::Teams::default(),
            installs: None,
            seams: Seams::default(),
            clock: Clock::System,
            waits,
        })
    }

    /// Waits that Slack asks for, and the age of what it sends, are counted by this clock.
    pub fn by(self, clock: Clock) -> Self {
        Slack { clock, ..self }
    }

    /// With what the app does beside answering acts.
    pub fn with(self, seams: Seams) -> Self {
        Slack { seams, ..self }
    }

    /// Serves the workspaces too that installed the bot by its page.
    pub async fn with_installs(self, installs: Installs) -> Result<Self, InstallError> {
        let all = installs.all().await?;
        let slack = Slack {
            installs: Some(installs),
            ..self
        };
        for (team, token) in &all {
            slack.adopt(team, token);
        }
        Ok(slack)
    }

    /// The workspace of the configured bot token, once Slack told it.
    pub fn workspace(&self) -> Option<&str> {
        self.own.get().map(|team| team.id.as_str())
    }

    /// What takes acts in, for [`Slack::attend`] and [`events`].
    pub fn desk(self: &Arc<Self>, handler: Handler) -> Arc<Desk> {
        Arc::new(Desk::new(self.clone(), handler))
    }

    /// Listens until `stop` is cancelled (then it finishes what is in hand) or the tokens are
    /// refused. Whatever else happens, it goes on.
    pub async fn run(
        self: &Arc<Self>,
        handler: Handler,
        stop: CancellationToken,
    ) -> Result<(), RunError> {
        self.attend(&self.desk(handler), stop).await
    }

    /// The same with a desk at which acts arrive by HTTP, too.
    pub async fn attend(
        self: &Arc<Self>,
        desk: &Arc<Desk>,
        stop: CancellationToken,
    ) -> Result<(), RunError> {
        listen::run(desk, stop).await
    }
}
