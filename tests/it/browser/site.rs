//! A playground over a fresh database, on a port of its own.

use chrono_tz::Europe::Berlin;
use isms_bot::app::{self, App, Defaults};
use isms_bot::chat::{
    Act, Card, Chat, Content, Delivery, Inbound, MessageRef, Platform, Reply, Speaker, Target,
};
use isms_bot::clock::Clock;
use isms_bot::outbox;
use isms_bot::playground::{self, Handler, Playground, WORKSPACE};
use isms_bot::schedule::rules::MONDAY_TO_FRIDAY;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};
use uuid::Uuid;

use crate::harness::database::TestDatabase;

/// A playground that is served until this is dropped.
pub struct Site {
    pub address: String,
    pub playground: Playground,
    pub app: App,
    stop: CancellationToken,
    serving: Option<JoinHandle<()>>,
    _ends: DropGuard,
    _database: TestDatabase,
}

impl Site {
    /// Served with this in the place of the rooms.
    pub async fn standing_in(handler: Handler) -> Site {
        Site::open(Clock::System, |_| handler).await
    }

    /// The whole bot, with a clock that stands still until it is moved.
    pub async fn at_work(instant: &str) -> Site {
        let clock = Clock::set_at(instant.parse().unwrap());
        let site = Site::open(clock, app::playground::handler).await;
        tokio::spawn(outbox::worker::run(site.app.clone(), site.stop.clone()));
        site
    }

    async fn open(clock: Clock, handler: impl FnOnce(&App) -> Handler) -> Site {
        let database = TestDatabase::sqlite().await;
        let app = App::new(database.store().await, clock, defaults());
        let playground = app::playground::connect(&app);
        app::playground::settle(&app).await.unwrap();
        let listener = playground::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let handler = handler(&app);
        let stop = CancellationToken::new();
        let mut site = Site {
            address,
            playground,
            app,
            _ends: stop.clone().drop_guard(),
            stop,
            serving: None,
            _database: database,
        };
        site.serve(listener, handler);
        site
    }

    /// The process ends and another one begins, on the same database and address.
    pub async fn restart(&mut self, handler: Handler) {
        self.stop.cancel();
        self.serving.take().unwrap().await.unwrap();
        let address = self.address.trim_start_matches("http://").to_owned();
        self.playground = app::playground::connect(&self.app);
        self.serve(playground::bind(&address).await.unwrap(), handler);
    }

    fn serve(&mut self, listener: TcpListener, handler: Handler) {
        self.stop = CancellationToken::new();
        self._ends = self.stop.clone().drop_guard();
        let chat = self.playground.clone();
        let serving = playground::serve(listener, chat, handler, self.stop.clone());
        self.serving = Some(tokio::spawn(async move { serving.await.unwrap() }));
    }

    /// What was typed before the story begins.
    pub async fn said(&self, who: &str, words: &str) {
        let inbound = Inbound {
            event: Uuid::now_v7().to_string(),
            platform: Platform::Playground,
            workspace: WORKSPACE.to_owned(),
            speaker: Speaker {
                id: who.to_owned(),
                name: None,
                zone: None,
                admin: None,
            },
            channel: "isms".to_owned(),
            act: Act::Typed(words.to_owned()),
            files: Vec::new(),
        };
        let reply = self.app.handle(inbound).await;
        assert!(matches!(reply, Reply::Card(_)), "`{words}`: {reply:?}");
    }

    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// What the outbox does.
    pub async fn post(&self, target: Target, card: Card) -> MessageRef {
        let delivery = Delivery {
            id: Uuid::now_v7(),
            workspace: WORKSPACE.to_owned(),
            target,
            instead: None,
            thread: None,
            content: Content::Card(card),
        };
        self.playground.post(&delivery).await.unwrap()
    }

    pub async fn post_to_channel(&self, card: Card) -> MessageRef {
        self.post(Target::Channel("isms".to_owned()), card).await
    }
}

fn defaults() -> Defaults {
    Defaults {
        zone: Berlin,
        working_days: MONDAY_TO_FRIDAY,
        channels: [].into(),
    }
}
