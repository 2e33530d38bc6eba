//! The whole bot on a fake platform: the face listens, the application answers, and what is due is
//! done when the story says so.
//!
//! ```ignore
//! let bot = Bot::start(&db, &fake).await;           // it is Monday, 2026-11-23, 09:00 in Berlin
//! fake.person("ann").types("/isms action new").await;
//! bot.works().await;                                // the outbox is sent
//! bot.waits(TimeDelta::days(60)).await;             // time passes, then it works
//! ```

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use futures::FutureExt;
use isms_bot::app::{self, App, Defaults};
use isms_bot::chat::Platform;
use isms_bot::clock::Clock;
use isms_bot::config::Secret;
use isms_bot::discord::{self, Discord};
use isms_bot::schedule::rules::MONDAY_TO_FRIDAY;
use isms_bot::slack::{self, Handler, Slack};
use isms_bot::{outbox, schedule};
use tokio_util::sync::CancellationToken;

use super::database::TestDatabase;
use super::discord::{FakeDiscord, TOKEN};
use super::everywhere::Fake;
use super::slack::FakeSlack;
use super::stage::instant;

/// One process. A second one on the same database is a second `start`.
pub struct Bot {
    pub app: App,
    stop: CancellationToken,
}

impl Bot {
    pub async fn start(db: &TestDatabase, fake: impl Into<Fake>) -> Bot {
        let clock = Clock::set_at(instant("2026-11-23T09:00:00+01:00"));
        Bot::start_with(db, fake, clock).await
    }

    pub async fn start_with(db: &TestDatabase, fake: impl Into<Fake>, clock: Clock) -> Bot {
        let fake = fake.into();
        let defaults = Defaults {
            zone: chrono_tz::Europe::Berlin,
            working_days: MONDAY_TO_FRIDAY,
            channels: [(fake.platform(), fake.id("isms"))].into(),
        };
        let app = App::new(db.store().await, clock, defaults);
        let stop = CancellationToken::new();
        match &fake {
            Fake::Slack(slack) => listen_on_slack(&app, slack, stop.clone()),
            Fake::Discord(discord) => listen_on_discord(&app, discord, stop.clone()),
        }
        Bot { app, stop }
    }

    /// It hears nothing any more, as a process that is gone; what it had in hand stays in its hand.
    pub fn falls_silent(&self) {
        self.stop.cancel();
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

/// Waits of the faces are such that a test does not notice.
const CALL: Duration = Duration::from_secs(2);

fn listen_on_slack(app: &App, slack: &FakeSlack, until: CancellationToken) {
    let waits = slack::Waits {
        connections: 1,
        call: CALL,
        picture: Duration::from_millis(1),
        ..slack::Waits::default()
    };
    let face = Slack::with_waits(slack.settings(), waits).unwrap();
    let face = Arc::new(face.by(app.clock.clone()));
    app.connect(Platform::Slack, face.clone());
    let answering = app.clone();
    let handler: Handler = Arc::new(move |inbound| {
        let app = answering.clone();
        async move { app.handle(inbound).await }.boxed()
    });
    tokio::spawn(async move { face.run(handler, until).await.expect("the tokens are good") });
}

fn listen_on_discord(app: &App, discord: &FakeDiscord, until: CancellationToken) {
    let waits = discord::Waits {
        call: CALL,
        lead: Duration::from_millis(50),
        ..discord::Waits::default()
    };
    let settings = discord::Settings {
        api_url: discord.api_url(),
        token: Secret::new(TOKEN),
    };
    let by = (waits, app.clock.clone());
    let face = Arc::new(Discord::with_waits(settings, app.store.clone(), by).unwrap());
    app.connect(Platform::Discord, face.clone());
    let host = app::discord::host(app);
    tokio::spawn(async move { face.run(host, until).await.expect("the token is good") });
}
