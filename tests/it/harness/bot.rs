//! The whole bot on the fake Slack: the face listens, the application answers, and what is due is
//! done when the story says so.
//!
//! ```ignore
//! let slack = FakeSlack::start().await;
//! let bot = Bot::start(&db, &slack).await;          // it is Monday, 2026-11-23, 09:00 in Berlin
//! slack.person("U0ANN").types("/isms action new").await;
//! bot.works().await;                                // the outbox is sent
//! bot.waits(TimeDelta::days(60)).await;             // time passes, then it works
//! ```

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use futures::FutureExt;
use isms_bot::app::{App, Defaults};
use isms_bot::chat::Platform;
use isms_bot::clock::Clock;
use isms_bot::schedule::rules::MONDAY_TO_FRIDAY;
use isms_bot::slack::{Handler, Slack, Waits};
use isms_bot::{outbox, schedule};
use tokio_util::sync::CancellationToken;

use super::database::TestDatabase;
use super::slack::FakeSlack;
use super::stage::instant;

/// One process. A second one on the same database is a second `start`.
pub struct Bot {
    pub app: App,
    stop: CancellationToken,
}

impl Bot {
    pub async fn start(db: &TestDatabase, slack: &FakeSlack) -> Bot {
        let clock = Clock::set_at(instant("2026-11-23T09:00:00+01:00"));
        Bot::start_with(db, slack, clock).await
    }

    pub async fn start_with(db: &TestDatabase, slack: &FakeSlack, clock: Clock) -> Bot {
        let defaults = Defaults {
            zone: chrono_tz::Europe::Berlin,
            working_days: MONDAY_TO_FRIDAY,
            channels: [(Platform::Slack, "C0ISMS".to_owned())].into(),
        };
        let app = App::new(db.store().await, clock.clone(), defaults);
        let waits = Waits {
            connections: 1,
            call: Duration::from_secs(2),
            picture: Duration::from_millis(1),
            ..Waits::default()
        };
        let face = Slack::with_waits(slack.settings(), waits).unwrap();
        let face = Arc::new(face.by(clock));
        app.connect(Platform::Slack, face.clone());
        let answering = app.clone();
        let handler: Handler = Arc::new(move |inbound| {
            let app = answering.clone();
            async move { app.handle(inbound).await }.boxed()
        });
        let stop = CancellationToken::new();
        let until = stop.clone();
        tokio::spawn(async move { face.run(handler, until).await.expect("the tokens are good") });
        Bot { app, stop }
    }

    /// What the process's loops do, once.
    pub async fn works(&self) {
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
