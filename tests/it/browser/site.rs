//! A playground over a fresh database, on a port of its own.

use chrono_tz::Europe::Berlin;
use isms_bot::app::{self, App, Defaults};
use isms_bot::chat::{Card, Chat, Content, Delivery, MessageRef, Target};
use isms_bot::clock::Clock;
use isms_bot::playground::{self, Handler, Playground, WORKSPACE};
use isms_bot::schedule::rules::MONDAY_TO_FRIDAY;
use tokio_util::sync::{CancellationToken, DropGuard};
use uuid::Uuid;

use crate::harness::database::TestDatabase;

/// A playground that is served until this is dropped.
pub struct Site {
    pub address: String,
    pub playground: Playground,
    _stop: DropGuard,
    _database: TestDatabase,
}

impl Site {
    /// Served with this in the place of the rooms.
    pub async fn standing_in(handler: Handler) -> Site {
        let database = TestDatabase::sqlite().await;
        let app = App::new(database.store().await, Clock::System, defaults());
        let playground = app::playground::connect(&app);
        app::playground::settle(&app).await.unwrap();
        let listener = playground::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let stop = CancellationToken::new();
        let serving = playground::serve(listener, playground.clone(), handler, stop.clone());
        tokio::spawn(serving);
        Site {
            address,
            playground,
            _stop: stop.drop_guard(),
            _database: database,
        }
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
        channel: None,
    }
}
