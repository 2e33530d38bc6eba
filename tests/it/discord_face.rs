//! The whole bot on the fake Discord, where it turns on Discord's ways.

mod acts;
mod forms;
mod gateway;
mod posts;

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use futures::future::BoxFuture;
use isms_bot::app::{self, App, Defaults};
use isms_bot::chat::{Act, Inbound, Platform, Reply};
use isms_bot::clock::Clock;
use isms_bot::config::Secret;
use isms_bot::discord::{Discord, RunError, Settings, Waits};
use isms_bot::schedule::rules::MONDAY_TO_FRIDAY;
use isms_bot::{outbox, schedule};
use tokio::sync::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::harness::database::TestDatabase;
use crate::harness::discord::{FakeDiscord, ISMS, TOKEN};
use crate::harness::stage::instant;

/// One process.
pub struct Bot {
    pub app: App,
    stop: CancellationToken,
    task: JoinHandle<Result<(), RunError>>,
    /// The app noted that the bot is in a server (`there 110…`) or was removed (`removed 110…`).
    noted: Mutex<UnboundedReceiver<String>>,
}

/// Waits that a test does not notice.
fn short() -> Waits {
    Waits {
        without_connection: Duration::from_secs(2),
        lead: Duration::from_millis(50),
        call: Duration::from_secs(2),
        ..Waits::default()
    }
}

impl Bot {
    pub async fn start(db: &TestDatabase, discord: &FakeDiscord) -> Bot {
        Bot::start_with(db, discord, short()).await
    }

    /// It is Monday, 2026-11-23, 09:00 in Berlin.
    async fn start_with(db: &TestDatabase, discord: &FakeDiscord, waits: Waits) -> Bot {
        let clock = Clock::set_at(instant("2026-11-23T09:00:00+01:00"));
        Bot::start_at(db, discord, (waits, clock)).await
    }

    async fn start_at(
        db: &TestDatabase,
        discord: &FakeDiscord,
        (waits, clock): (Waits, Clock),
    ) -> Bot {
        let defaults = Defaults {
            zone: chrono_tz::Europe::Berlin,
            working_days: MONDAY_TO_FRIDAY,
            channels: [(Platform::Discord, ISMS.to_owned())].into(),
        };
        let app = App::new(db.store().await, clock.clone(), defaults);
        let settings = Settings {
            api_url: discord.api_url(),
            token: Secret::new(TOKEN),
        };
        let face = Discord::with_waits(settings, app.store.clone(), (waits, clock)).unwrap();
        let face = Arc::new(face);
        app.connect(Platform::Discord, face.clone());
        let mut host = app::discord::host(&app);
        if waits.answer.is_zero() {
            host.act = slow(discord, host.act);
        }
        let (note, noted) = unbounded_channel();
        for (what, seam) in [
            ("there", &mut host.is_there),
            ("removed", &mut host.removed),
        ] {
            let (inner, note) = (seam.clone(), note.clone());
            *seam = Arc::new(move |server: String| {
                let (inner, note) = (inner.clone(), note.clone());
                Box::pin(async move {
                    inner(server.clone()).await;
                    // Whoever does not listen need not know.
                    let _ = note.send(format!("{what} {server}"));
                })
            });
        }
        let stop = CancellationToken::new();
        let until = stop.clone();
        let task = tokio::spawn(async move { face.run(host, until).await });
        Bot {
            app,
            stop,
            task,
            noted: Mutex::new(noted),
        }
    }

    /// What the process's loops do, once.
    pub async fn works(&self) {
        schedule::flow::run_due(&self.app).await.unwrap();
        outbox::worker::deliver_due(&self.app).await.unwrap();
    }

    async fn waits(&self, time: TimeDelta) {
        self.app.clock.advance(time);
        self.works().await;
    }

    /// Waits until the app has noted this.
    async fn notes(&self, what: &str) {
        let mut noted = self.noted.lock().await;
        let patience = Duration::from_secs(30);
        let mut next = async || tokio::time::timeout(patience, noted.recv()).await;
        while next().await.expect("it was noted") != Some(what.to_owned()) {}
    }

    /// Ends by itself, or is told to.
    async fn ends(mut self) -> Result<(), RunError> {
        let task = &mut self.task;
        let ended = tokio::time::timeout(Duration::from_secs(30), task);
        ended.await.unwrap().unwrap()
    }
}

type Acting = Arc<dyn Fn(Inbound) -> BoxFuture<'static, Reply> + Send + Sync>;

/// An app that takes until Discord has the first answer. What opens a modal cannot be put off.
fn slow(discord: &FakeDiscord, act: Acting) -> Acting {
    let discord = discord.clone();
    Arc::new(move |inbound| {
        let (discord, act) = (discord.clone(), act.clone());
        Box::pin(async move {
            let opens = matches!(&inbound.act, Act::Filled { values, send: false, .. } if values.is_empty());
            if !opens {
                discord.has_answered().await;
            }
            act(inbound).await
        })
    })
}

impl Drop for Bot {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
