//! The whole bot on a fake platform: the face listens, the application answers, and what is due is
//! done when the story says so.
//!
//! ```ignore
//! let bot = Bot::start(&db, &fake).await;           // it is Monday, 2026-11-23, 09:00 in Berlin
//! fake.person("ann").types("/isms action new").await;
//! bot.works().await;                                // the outbox is sent
//! bot.waits(TimeDelta::days(60)).await;             // time passes, then it works
//! ```

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use futures::FutureExt;
use isms_bot::app::{self, App, Defaults};
use isms_bot::chat::Platform;
use isms_bot::clock::Clock;
use isms_bot::config::Secret;
use isms_bot::discord::{self, Discord};
use isms_bot::kpi::source::fetch::Sources;
use isms_bot::schedule::rules::MONDAY_TO_FRIDAY;
use isms_bot::seal::Keys;
use isms_bot::slack::{
    Credentials, Handler, InstallError, Installs, Seams, Slack, Waits, events, install_pages,
};
use isms_bot::{http, kpi, outbox, schedule};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::database::TestDatabase;
use super::discord::{FakeDiscord, ISMS, TOKEN};
use super::everywhere::Fake;
use super::slack::{CLIENT_ID, CLIENT_SECRET, FakeSlack};
use super::stage::instant;

/// One process. A second one on the same database is a second `start`.
pub struct Bot {
    pub app: App,
    /// Where Slack's requests come in and the install page stands.
    pub door: Option<SocketAddr>,
    stop: CancellationToken,
    /// What listens to the platform.
    hears: TaskTracker,
}

/// How a process is set up, where it is not as usual.
pub struct Setup {
    pub clock: Clock,
    /// The signing secret: Slack may call.
    pub called: Option<&'static str>,
    pub socket: bool,
    /// The key for the tokens of workspaces that install the bot, and the ones before.
    pub keys: Option<(&'static str, &'static [&'static str])>,
    /// Whether there is a token of its own workspace.
    pub own: bool,
    pub seams: Option<Seams>,
    /// What may be asked for values.
    pub sources: Sources,
}

impl Default for Setup {
    fn default() -> Self {
        Setup {
            clock: Clock::set_at(instant("2026-11-23T09:00:00+01:00")),
            called: None,
            socket: true,
            keys: None,
            own: true,
            seams: None,
            sources: Sources::default(),
        }
    }
}

impl Bot {
    pub async fn start(db: &TestDatabase, fake: impl Into<Fake>) -> Bot {
        Bot::start_with(db, fake, Setup::default().clock).await
    }

    pub async fn start_with(db: &TestDatabase, fake: impl Into<Fake>, clock: Clock) -> Bot {
        let setup = Setup {
            clock,
            ..Setup::default()
        };
        Bot::start_as(db, fake.into(), setup).await
    }

    /// One that may ask for values.
    pub async fn start_asking(db: &TestDatabase, fake: impl Into<Fake>, sources: Sources) -> Bot {
        let setup = Setup {
            sources,
            ..Setup::default()
        };
        Bot::start_as(db, fake.into(), setup).await
    }

    async fn start_as(db: &TestDatabase, fake: Fake, setup: Setup) -> Bot {
        match fake {
            Fake::Slack(slack) => Bot::set_up(db, &slack, setup).await,
            Fake::Discord(discord) => Bot::on_discord(db, &discord, setup).await,
        }
    }

    async fn on_discord(db: &TestDatabase, discord: &FakeDiscord, setup: Setup) -> Bot {
        let Setup { clock, sources, .. } = setup;
        let defaults = Defaults {
            zone: chrono_tz::Europe::Berlin,
            working_days: MONDAY_TO_FRIDAY,
            channels: [(Platform::Discord, ISMS.to_owned())].into(),
        };
        let app = App::new(db.store().await, clock.clone(), defaults).with_sources(sources);
        let waits = discord::Waits {
            call: Duration::from_secs(2),
            lead: Duration::from_millis(50),
            ..discord::Waits::default()
        };
        let settings = discord::Settings {
            api_url: discord.api_url(),
            token: Secret::new(TOKEN),
        };
        let face = Discord::with_waits(settings, app.store.clone(), (waits, clock)).unwrap();
        let face = Arc::new(face);
        app.connect(Platform::Discord, face.clone());
        let host = app::discord::host(&app);
        let stop = CancellationToken::new();
        let until = stop.clone();
        let hears = TaskTracker::new();
        hears.spawn(async move { face.run(host, until).await.expect("the token is good") });
        Bot {
            app,
            door: None,
            stop,
            hears,
        }
    }

    pub async fn set_up(db: &TestDatabase, slack: &FakeSlack, setup: Setup) -> Bot {
        Bot::try_set_up(db, slack, setup)
            .await
            .expect("the kept tokens can be read")
    }

    pub async fn try_set_up(
        db: &TestDatabase,
        slack: &FakeSlack,
        setup: Setup,
    ) -> Result<Bot, InstallError> {
        let defaults = Defaults {
            zone: chrono_tz::Europe::Berlin,
            working_days: MONDAY_TO_FRIDAY,
            channels: [(Platform::Slack, "C0ISMS".to_owned())].into(),
        };
        let app =
            App::new(db.store().await, setup.clock.clone(), defaults).with_sources(setup.sources);
        let waits = Waits {
            connections: 1,
            call: Duration::from_secs(2),
            picture: Duration::from_millis(1),
            ..Waits::default()
        };
        let mut settings = slack.settings();
        settings.app_token = settings.app_token.filter(|_| setup.socket);
        settings.bot_token = settings.bot_token.filter(|_| setup.own);
        let suggesting = app.clone();
        let seams = setup.seams.unwrap_or_else(|| Seams {
            suggest: Arc::new(move |asked| {
                let app = suggesting.clone();
                async move { app.suggest(asked).await }.boxed()
            }),
            ..Seams::default()
        });
        let face = Slack::with_waits(settings, waits).unwrap();
        let mut face = face.by(setup.clock.clone()).with(seams);
        if let Some((key, older)) = setup.keys {
            let older: Vec<Secret> = older.iter().map(|key| Secret::new(*key)).collect();
            let keys = Keys::new(&Secret::new(key), &older).expect("a key");
            let credentials = Credentials {
                client_id: CLIENT_ID.to_owned(),
                client_secret: Secret::new(CLIENT_SECRET),
                public_url: "https://isms.example".to_owned(),
            };
            let parts = (credentials, Arc::new(keys));
            let installs = Installs::new(app.store.clone(), setup.clock, parts);
            face = face.with_installs(installs).await?;
        }
        let face = Arc::new(face);
        app.connect(Platform::Slack, face.clone());
        let answering = app.clone();
        let handler: Handler = Arc::new(move |inbound| {
            let app = answering.clone();
            async move { app.handle(inbound).await }.boxed()
        });
        let stop = CancellationToken::new();
        let desk = face.desk(handler);
        let door = match (setup.called, setup.keys) {
            (None, None) => None,
            (secret, _) => {
                let mut router = install_pages(face.clone());
                if let Some(secret) = secret {
                    router = router.merge(events(desk.clone(), &Secret::new(secret)));
                }
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                let address = listener.local_addr().unwrap();
                tokio::spawn(http::serve(listener, router, stop.clone()));
                Some(address)
            }
        };
        let until = stop.clone();
        let hears = TaskTracker::new();
        hears.spawn(async move {
            let ended = face.attend(&desk, until).await;
            ended.expect("the tokens are good");
        });
        Ok(Bot {
            app,
            door,
            stop,
            hears,
        })
    }

    /// The address of a path at the door.
    pub fn at(&self, path: &str) -> String {
        format!("http://{}{path}", self.door.expect("a door"))
    }

    /// It hears nothing any more, as a process that is gone; what it had in hand stays in its hand.
    pub async fn falls_silent(&self) {
        self.stop.cancel();
        self.hears.close();
        self.hears.wait().await;
    }

    /// What the process's loops do, once.
    pub async fn works(&self) {
        kpi::source::collect::collect_due(&self.app).await.unwrap();
        schedule::flow::run_due(&self.app).await.unwrap();
        outbox::worker::deliver_due(&self.app).await.unwrap();
    }

    /// Time passes at once, and then it works.
    pub async fn waits(&self, time: TimeDelta) {
        self.app.clock.advance(time);
        self.works().await;
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
