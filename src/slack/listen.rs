//! Socket Mode: keeps some sockets open, takes envelopes, acknowledges them, and ends in order.
//!
//! The library's connections are used (they ping, reconnect and speak the protocol), but not its
//! stock listener: that one hides which connections stand and lets a payload it cannot decode go by
//! unanswered. This one knows, so that a watchdog can tell silence from peace: without any socket
//! for [`super::Waits::without_connection`] it asks Slack whether the token still holds, and then
//! either ends with that reason or builds the listener anew. (A hung `apps.connections.open` would
//! otherwise hang for ever, and a revoked token be tried for ever.)

use std::collections::HashSet;
use std::sync::{Arc, OnceLock, Weak};
use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;
use slack_morphism::listener::SlackClientEventsListenerEnvironment;
use slack_morphism::prelude::*;
use slack_morphism::socket_mode::clients_manager::{
    SlackSocketModeClientsManager, SlackSocketModeClientsManagerFactory,
};
use slack_morphism::{SlackSocketModeClientListener, SlackSocketModeWssClientId};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::Slack;
use super::answer::Desk;
use super::fault::Fault;
use super::intake::Kind;

/// Why listening ended although nobody asked for it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    #[error(
        "Slack does not accept slack.bot_token ({0}): the app was removed or the token replaced; \
         install the app again and put the new token into the configuration"
    )]
    BotToken(String),
    #[error(
        "Slack does not accept slack.app_token ({0}): make an app-level token with the scope \
         connections:write and put it into the configuration"
    )]
    AppToken(String),
}

/// Time for the last acknowledgements and the Close to leave.
const FAREWELL: Duration = Duration::from_millis(300);

pub(super) async fn run(desk: &Arc<Desk>, stop: CancellationToken) -> Result<(), RunError> {
    // Of its own, so that an end of this does not end the whole process unheard.
    let stop = stop.child_token();
    let slack = desk.slack();
    let known = stop.run_until_cancelled(introduced(slack)).await;
    let Some(known) = known else { return Ok(()) };
    known?;
    desk.opens();
    let ended = async {
        let error = slack.tend().await;
        stop.cancel();
        error
    };
    let listening = async {
        match slack.line.app_token {
            Some(_) => sockets(desk, &stop).await,
            None => {
                stop.cancelled().await;
                desk.drain(slack.waits.drain).await;
                Ok(())
            }
        }
    };
    tokio::pin!(ended, listening);
    tokio::select! {
        listened = &mut listening => listened,
        error = &mut ended => {
            listening.await?;
            Err(error)
        }
    }
}

/// Keeps sockets open until the stop, or until a token is refused.
async fn sockets(desk: &Arc<Desk>, stop: &CancellationToken) -> Result<(), RunError> {
    let slack = desk.slack();
    loop {
        let (manager, live) = open(desk).await;
        let verdict = stop.run_until_cancelled(watch_over(slack, live)).await;
        match verdict {
            None => {
                tracing::info!("slack: finishing what is in hand");
                desk.drain(slack.waits.drain).await;
                manager.shutdown().await;
                tokio::time::sleep(FAREWELL).await;
                return Ok(());
            }
            Some(Some(error)) => {
                manager.shutdown().await;
                return Err(error);
            }
            Some(None) => {
                tracing::warn!("slack: no open socket; the listener is built anew");
                metrics::counter!("isms_slack_listener_rebuilt_total").increment(1);
                manager.shutdown().await;
            }
        }
    }
}

/// Learns who the tokens are, however long Slack is away; only a refused token ends it.
async fn introduced(slack: &Slack) -> Result<(), RunError> {
    let mut pause = Duration::from_secs(1);
    loop {
        match introduce(slack).await {
            Ok(()) => return Ok(()),
            Err(Trouble::Ends(error)) => return Err(error),
            Err(Trouble::Passes(fault)) => {
                tracing::warn!(%fault, "slack: cannot start yet; trying again in {pause:?}");
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(Duration::from_secs(60));
            }
        }
    }
}

enum Trouble {
    Ends(RunError),
    Passes(Fault),
}

async fn introduce(slack: &Slack) -> Result<(), Trouble> {
    slack.own().await.map_err(|fault| match fault {
        Fault::Api(ref word) if fault.is_about_the_token() => {
            Trouble::Ends(RunError::BotToken(word.clone()))
        }
        fault => Trouble::Passes(fault),
    })?;
    match slack.line.app_token {
        Some(_) => app_token(slack).await,
        None => Ok(()),
    }
}

async fn app_token(slack: &Slack) -> Result<(), Trouble> {
    slack
        .line
        .try_app_token()
        .await
        .map_err(|fault| match fault {
            Fault::Api(ref word) if fault.is_about_the_token() || word == "missing_scope" => {
                Trouble::Ends(RunError::AppToken(word.clone()))
            }
            fault => Trouble::Passes(fault),
        })
}

type Manager = Arc<dyn SlackSocketModeClientsManager + Send + Sync>;
type Live = watch::Receiver<HashSet<String>>;

/// Starts the sockets. The second comes some seconds after the first.
async fn open(desk: &Arc<Desk>) -> (Manager, Live) {
    let slack = desk.slack();
    let library = slack.line.library.clone();
    let environment = Arc::new(SlackClientEventsListenerEnvironment::new(library.clone()));
    let manager: Manager = library.http_api.connector.new_clients_manager(environment);
    let (live, receiver) = watch::channel(HashSet::new());
    let socket = Socket {
        manager: OnceLock::new(),
        desk: desk.clone(),
        live,
    };
    // Weak: a listener that was given up must not reconnect.
    let _ = socket.manager.set(Arc::downgrade(&manager));
    let config = SlackClientSocketModeConfig::new()
        .with_max_connections_count(slack.waits.connections)
        .with_reconnect_timeout_in_seconds(5)
        .with_ping_interval_in_seconds(10)
        .with_ping_failure_threshold_times(3);
    if let Some(token) = slack.line.app_token.clone()
        && let Err(error) = manager
            .register_new_token(&config, token, Arc::new(socket))
            .await
    {
        tracing::error!(fault = %Fault::from(error), "slack: the listener could not be set up");
    }
    manager.start().await;
    (manager, receiver)
}

/// Returns when there was no open socket for too long: with the reason if the token is bad, with
/// nothing if building anew may help.
async fn watch_over(slack: &Slack, mut live: Live) -> Option<RunError> {
    loop {
        let some = live.wait_for(|live| !live.is_empty());
        let found = tokio::time::timeout(slack.waits.without_connection, some).await;
        match found.map(|found| found.is_ok()) {
            Ok(true) => {}
            _ => {
                return match app_token(slack).await {
                    Err(Trouble::Ends(error)) => Some(error),
                    Err(Trouble::Passes(fault)) => {
                        tracing::warn!(%fault, "slack: no open socket, and asking why failed");
                        None
                    }
                    Ok(()) => None,
                };
            }
        }
        if live.wait_for(HashSet::is_empty).await.is_err() {
            return None;
        }
        tracing::info!("slack: no open socket at the moment");
    }
}

/// What the library's connections tell.
struct Socket {
    manager: OnceLock<Weak<dyn SlackSocketModeClientsManager + Send + Sync>>,
    desk: Arc<Desk>,
    /// The connections that said hello and were not lost since.
    live: watch::Sender<HashSet<String>>,
}

#[async_trait]
impl SlackSocketModeClientListener for Socket {
    async fn on_message(&self, id: &SlackSocketModeWssClientId, body: String) -> Option<String> {
        // Held until the acknowledgement is on its way, so that the end waits for it.
        let _in_hand = self.desk.token();
        let Ok(mut frame) = serde_json::from_str::<Value>(&body) else {
            tracing::warn!("slack: a frame that is not JSON");
            return None;
        };
        match frame["type"].as_str() {
            Some("hello") => {
                self.live.send_modify(|live| {
                    live.insert(id.to_string());
                });
                tracing::info!(connection = %id.to_string(), "slack: socket open");
                return None;
            }
            Some("disconnect") => {
                let reason = frame["reason"].as_str().unwrap_or("no reason");
                tracing::info!(reason, "slack: asked to reconnect");
                self.lost(id).await;
                return None;
            }
            _ => {}
        }
        let envelope = frame["envelope_id"].as_str()?.to_owned();
        let repeated = self.desk.saw_before(&envelope);
        let kind = frame["type"].take();
        let payload = frame["payload"].take();
        let answer = match kind.as_str().and_then(Kind::of_an_envelope) {
            Some(kind) => self.desk.take(kind, payload, repeated).await,
            None => SlackInteractionResponse::Empty,
        };
        Some(acknowledgement(&envelope, answer))
    }

    async fn on_error(&self, error: Box<dyn std::error::Error + Send + Sync>) {
        // Its words may hold a frame, so they are not logged.
        drop(error);
        tracing::warn!("slack: a socket broke");
    }

    async fn on_disconnect(&self, id: &SlackSocketModeWssClientId) {
        self.lost(id).await;
    }
}

impl Socket {
    async fn lost(&self, id: &SlackSocketModeWssClientId) {
        self.live.send_modify(|live| {
            live.remove(&id.to_string());
        });
        if let Some(manager) = self.manager.get().and_then(Weak::upgrade) {
            manager.restart_client(id).await;
        }
    }
}

fn acknowledgement(envelope: &str, answer: SlackInteractionResponse) -> String {
    let frame = match answer {
        SlackInteractionResponse::Empty => serde_json::json!({ "envelope_id": envelope }),
        // An answer that cannot be written still must not go unacknowledged.
        answer => match serde_json::to_value(&answer) {
            Ok(payload) => serde_json::json!({ "envelope_id": envelope, "payload": payload }),
            Err(_) => serde_json::json!({ "envelope_id": envelope }),
        },
    };
    frame.to_string()
}
