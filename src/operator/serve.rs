//! `isms-bot run` and `isms-bot demo`: everything that runs until it is told to stop.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio_util::sync::CancellationToken;

use super::faces;
use crate::app::App;
use crate::clock::Clock;
use crate::config::{Config, ConfigError, Database};
use crate::http::{self, Health, Probe};
use crate::kpi::source::collect;
use crate::store::Store;
use crate::tasks::{Signals, Tasks};
use crate::{app, demo, intake, outbox, playground, schedule, slack, sql};

/// How often the collected measurements are put into their buckets, if nobody reads them.
const UPKEEP: Duration = Duration::from_secs(30);

/// What a start goes through, in order.
struct Start<'c> {
    config: &'c Config,
    tasks: Tasks,
    signals: Signals,
    /// A face that cannot go on says why, and the process ends.
    failed: Sender<anyhow::Error>,
    failure: Receiver<anyhow::Error>,
    /// Where programs send values, if anywhere.
    intake: Option<TcpListener>,
}

/// Serves Slack and Discord as they are configured, otherwise the playground.
pub async fn run(config: &Config) -> anyhow::Result<()> {
    let start = Start::new(config).await?;
    let (slack, discord) = (config.slack.is_configured(), config.discord.is_configured());
    // Wrong tokens are told before the database is touched.
    if slack {
        faces::slack_settings(&config.slack)?;
    }
    if discord {
        faces::discord_settings(&config.discord)?;
    }
    if !slack && !discord {
        let listener = listen("playground.listen", config.playground).await?;
        let app = start.app(&config.database).await?;
        start.playground(&app, listener).await?;
        return start.operate(app).await;
    }
    let door = match config.slack.listen {
        Some(address) if slack => Some(listen("slack.listen", address).await?),
        _ => None,
    };
    let app = start.app(&config.database).await?;
    if slack {
        start.slack(&app, door).await?;
    }
    if discord {
        start.discord(&app)?;
    }
    start.operate(app).await
}

/// Serves the playground with a sample company, in a database of its own.
pub async fn demo(config: &Config) -> anyhow::Result<()> {
    if config.slack.is_configured() || config.discord.is_configured() {
        return Err(ConfigError::DemoBesidePlatform.into());
    }
    if config
        .intake
        .is_some_and(|address| !address.ip().is_loopback())
    {
        return Err(ConfigError::DemoOpenToAll.into());
    }
    let start = Start::new(config).await?;
    let listener = listen("playground.listen", config.playground).await?;
    let app = start.app(&config.demo).await?;
    // The sample year is lived through on a clock of its own, then time goes on as usual.
    let now = app.clock.now();
    let mut story = app.clone();
    story.clock = Clock::set_at(now);
    app::playground::connect(&story);
    demo::fill(&story, now).await?;
    start.playground(&app, listener).await?;
    start.operate(app).await
}

impl<'c> Start<'c> {
    async fn new(config: &'c Config) -> anyhow::Result<Self> {
        let (failed, failure) = mpsc::channel(1);
        let intake = match config.intake {
            Some(address) => Some(listen("intake.listen", address).await?),
            None => None,
        };
        Ok(Start {
            intake,
            config,
            tasks: Tasks::new(),
            signals: Signals::listen()?,
            failed,
            failure,
        })
    }

    async fn app(&self, database: &Database) -> anyhow::Result<App> {
        let store = Store::open(database.url().expose()).await?;
        tracing::info!(%database, "the database is open and up to date");
        Ok(super::app(self.config, store))
    }

    /// `door` is where Slack's requests come in and the install page stands, if anywhere.
    async fn slack(&self, app: &App, door: Option<TcpListener>) -> anyhow::Result<()> {
        let slack = faces::slack(self.config, app).await?;
        let desk = slack.desk(faces::handler(app));
        if let Some(door) = door {
            let mut router = Router::new();
            if let Some(secret) = &self.config.slack.signing_secret {
                router = router.merge(slack::events(desk.clone(), secret));
            }
            if self.config.slack.installs() {
                router = router.merge(slack::install_pages(slack.clone()));
            }
            self.serve("slack.listen", door, router);
        }
        let failed = self.failed.clone();
        self.tasks.keep("slack", move |stop| {
            let (slack, desk, failed) = (slack.clone(), desk.clone(), failed.clone());
            async move {
                if let Err(error) = slack.attend(&desk, stop).await {
                    let _ = failed.send(error.into()).await;
                }
            }
        });
        tracing::info!("serving Slack");
        Ok(())
    }

    fn discord(&self, app: &App) -> anyhow::Result<()> {
        let discord = faces::discord(self.config, app)?;
        let host = app::discord::host(app);
        let failed = self.failed.clone();
        self.tasks.keep("discord", move |stop| {
            let (discord, host, failed) = (discord.clone(), host.clone(), failed.clone());
            async move {
                if let Err(error) = discord.run(host, stop).await {
                    let _ = failed.send(error.into()).await;
                }
            }
        });
        tracing::info!("serving Discord");
        Ok(())
    }

    async fn playground(&self, app: &App, listener: TcpListener) -> anyhow::Result<()> {
        app::playground::settle(app).await?;
        let playground = app::playground::connect(app);
        let handler = app::playground::handler(app);
        let address = listener.local_addr()?;
        let stop = self.tasks.stop().clone();
        let failed = self.failed.clone();
        self.tasks.spawn("playground", async move {
            if let Err(error) = playground::serve(listener, playground, handler, stop).await {
                let _ = failed.send(error.into()).await;
            }
        });
        println!("The playground is at http://{address}");
        Ok(())
    }

    /// Serves a port until the stop; what has begun there is finished.
    fn serve(&self, name: &'static str, listener: TcpListener, router: Router) {
        let stop = self.tasks.stop().clone();
        let failed = self.failed.clone();
        self.tasks.spawn(name, async move {
            if let Err(error) = http::serve(listener, router, stop).await {
                let _ = failed.send(error.into()).await;
            }
        });
    }

    /// The operator's port, the outbox, the schedule and the sources, until the stop; then the drain.
    async fn operate(mut self, app: App) -> anyhow::Result<()> {
        let metrics = http::install_metrics().context("the metrics")?;
        let listener = listen("http.listen", self.config.http).await?;
        let router = http::router(probe(&app), metrics.clone());
        self.serve("http", listener, router);
        if let Some(listener) = self.intake.take() {
            let address = listener.local_addr()?;
            let router = intake::router(app.clone(), self.config.intake_limits);
            self.serve("intake", listener, router);
            tracing::info!("values come in at http://{address}/v1/measurements");
        }
        self.tasks
            .keep("metrics", move |stop| upkeep(metrics.clone(), stop));
        self.tasks.keep("outbox", {
            let app = app.clone();
            move |stop| outbox::worker::run(app.clone(), stop)
        });
        self.tasks.keep("schedule", {
            let app = app.clone();
            move |stop| schedule::flow::run(app.clone(), stop)
        });
        self.tasks.keep("sources", {
            let app = app.clone();
            move |stop| collect::run(app.clone(), stop)
        });

        let ended = tokio::select! {
            () = self.signals.asked_to_stop() => Ok(()),
            Some(error) = self.failure.recv() => Err(error),
        };
        tracing::info!("stopping: what has begun is finished");
        if !self.tasks.drain(self.config.grace).await {
            tracing::warn!("not all was finished in time; the outbox goes on with it next time");
        }
        ended
    }
}

/// Takes a port before anything else is done, so that a taken one is told at once.
async fn listen(key: &str, address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .with_context(|| format!("{key} {address}"))
}

/// Asks the database how many messages wait.
fn probe(app: &App) -> Probe {
    let store = app.store.clone();
    Arc::new(move || {
        let store = store.clone();
        Box::pin(async move {
            let mut conn = store.read().await?;
            let outbox = sql!(conn, outbox::depth())?;
            metrics::gauge!("isms_outbox_depth").set(outbox as f64);
            Ok(Health { outbox })
        })
    })
}

async fn upkeep(metrics: PrometheusHandle, stop: CancellationToken) {
    let mut beat = tokio::time::interval(UPKEEP);
    while stop.run_until_cancelled(beat.tick()).await.is_some() {
        metrics.run_upkeep();
    }
}
