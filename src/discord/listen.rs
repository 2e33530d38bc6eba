//! The gateway: leads or waits, joins, takes events, and ends in order.
//!
//! Only one process holds the gateway, or every act would be answered twice; who that is stands in
//! the database and runs out when it is not renewed. The library joins, resumes and joins anew by
//! itself, but a resume that is never answered it never leaves: so a watchdog joins anew after
//! [`super::Waits::without_connection`].
//!
//! After a gap nothing has to be caught up with: an act that was missed has run out after three
//! seconds and the person was told so; what time has brought is the schedule's.

use std::sync::Arc;
use std::time::Duration;

use serenity::all::{GatewayError, GatewayIntents, ShardId};
use serenity::client::ClientBuilder;
use serenity::gateway::ConnectionStage;
use serenity::http::{LightMethod, Route};
use serenity::prelude::SerenityError;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::answer::Desk;
use super::client::Call;
use super::fault::Fault;
use super::{Discord, Host, register};

mod events;

use events::{Ears, Unknown};

/// Why listening ended although nobody asked for it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    #[error(
        "Discord does not accept discord.token: it was reset, or copied from somewhere else; reset it \
         under Bot of the application and put the new one into the configuration"
    )]
    Token,
    #[error(
        "Discord does not grant the intents that the bot asks for, although none of them has to be \
         switched on: the application may be restricted"
    )]
    Intents,
}

/// What the bot listens to: servers it is in, and direct messages to it. Acts come without any.
const INTENTS: GatewayIntents = GatewayIntents::GUILDS.union(GatewayIntents::DIRECT_MESSAGES);
/// The library's orderly goodbye may take so long; a silent server never answers it.
const FAREWELL: Duration = Duration::from_secs(1);
/// A session that held for so long was a good one: the next is joined without a pause.
const GOOD: Duration = Duration::from_secs(60);

pub(super) async fn run(
    discord: &Arc<Discord>,
    host: Host,
    stop: CancellationToken,
) -> Result<(), RunError> {
    let known = stop.run_until_cancelled(introduced(discord)).await;
    let Some(me) = known.transpose()? else {
        return Ok(());
    };
    let desk = Arc::new(Desk::new(discord.clone(), host));
    let mut pause = Duration::from_secs(1);
    loop {
        let leads = stop.run_until_cancelled(leads(discord, &me)).await;
        if leads.is_none() {
            return Ok(());
        }
        let begun = Instant::now();
        let end = session(&desk, (&me, &stop)).await;
        match end {
            End::Asked => {
                if let Err(error) = discord.keeper.follow(&me).await {
                    tracing::warn!(%error, "discord: the lead could not be given up");
                }
                return Ok(());
            }
            End::Refused(error) => return Err(error),
            End::Lost => tracing::info!("discord: another process leads now"),
            End::Broken(why) => {
                tracing::warn!(why, "discord: the gateway is joined anew");
                metrics::counter!("isms_discord_gateway_rebuilt_total").increment(1);
                if begun.elapsed() > GOOD {
                    pause = Duration::from_secs(1);
                }
                let rested = stop.run_until_cancelled(tokio::time::sleep(pause)).await;
                if rested.is_none() {
                    return Ok(());
                }
                pause = (pause * 2).min(Duration::from_secs(60));
            }
        }
    }
}

/// Learns who the token is, however long Discord is away; only a refused token ends it.
async fn introduced(discord: &Discord) -> Result<String, RunError> {
    let mut pause = Duration::from_secs(1);
    loop {
        match discord.client.identity().await {
            Ok(who) => {
                tracing::info!(name = %who.username, "discord: the token is good");
                let id = who.id.clone();
                // Learnt once: the token of a running process does not change.
                let _ = discord.identity.set(who);
                return Ok(id);
            }
            Err(fault) if fault.is_about_the_token() => return Err(RunError::Token),
            Err(fault) => {
                tracing::warn!(%fault, "discord: cannot start yet; trying again in {pause:?}");
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(Duration::from_secs(60));
            }
        }
    }
}

/// Returns when this process leads.
async fn leads(discord: &Discord, me: &str) {
    loop {
        match discord.keeper.lead(me).await {
            Ok(true) => return,
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "discord: who leads is not known"),
        }
        tokio::time::sleep(discord.waits.lead).await;
    }
}

/// How a session ended.
enum End {
    /// The process is to stop.
    Asked,
    /// Another process leads.
    Lost,
    Refused(RunError),
    Broken(&'static str),
}

/// One join of the gateway, until it is over.
async fn session(desk: &Arc<Desk>, (me, stop): (&str, &CancellationToken)) -> End {
    let joined = tokio::select! {
        joined = join(desk) => joined,
        () = stop.cancelled() => return End::Asked,
    };
    let (manager, mut running) = match joined {
        Ok(joined) => joined,
        Err(Fault::Api { status: 401, .. }) => return End::Refused(RunError::Token),
        Err(fault) => {
            tracing::warn!(%fault, "discord: the gateway cannot be joined");
            return End::Broken("it could not be joined");
        }
    };
    let discord = &desk.discord;
    let end = tokio::select! {
        () = stop.cancelled() => End::Asked,
        ended = &mut running => match ended {
            Ok(Err(error)) => of_the_library(&error),
            _ => End::Broken("the library gave up"),
        },
        () = watch_over(discord, &manager) => End::Broken("it was not connected for too long"),
        () = outvoted(discord, me) => End::Lost,
    };
    if matches!(end, End::Asked) {
        tracing::info!("discord: finishing what is in hand");
        desk.drain(discord.waits.drain).await;
    }
    let _ = tokio::time::timeout(FAREWELL, manager.shutdown_all()).await;
    running.abort();
    end
}

type Running = JoinHandle<Result<(), SerenityError>>;
type Manager = Arc<serenity::gateway::ShardManager>;

async fn join(desk: &Arc<Desk>) -> Result<(Manager, Running), Fault> {
    let client = &desk.discord.client;
    let url = client.gateway().await?;
    let ears = Arc::new(Ears::new(desk.clone()));
    let built = ClientBuilder::new_with_http(client.library(), INTENTS)
        .event_handler_arc(ears.clone())
        .raw_event_handler(Unknown);
    let mut library = built
        .await
        .map_err(|_| Fault::NotSent("the library could not be set up".to_owned()))?;
    // Without this a failed look-up falls back to the real gateway, whatever the address is.
    *library.ws_url.lock().await = url;
    let manager = library.shard_manager.clone();
    let running = tokio::spawn(async move { library.start_shard(0, 1).await });
    Ok((manager, running))
}

/// Returns when there was no connection for too long. The library tells nobody when it begins to
/// resume, but every heartbeat brings its manager up to date; so that is looked at.
async fn watch_over(discord: &Discord, manager: &Manager) {
    let patience = discord.waits.without_connection;
    let mut stood = Instant::now();
    loop {
        tokio::time::sleep(patience / 20).await;
        let runners = manager.runners.lock().await;
        let stage = runners.get(&ShardId(0)).map(|runner| runner.stage);
        drop(runners);
        if stage == Some(ConnectionStage::Connected) {
            stood = Instant::now();
        } else if stood.elapsed() > patience {
            return;
        }
    }
}

/// Renews the lead; returns when it is another's. While the database does not answer it goes on: who
/// could take over is as blind.
async fn outvoted(discord: &Discord, me: &str) {
    loop {
        tokio::time::sleep(discord.waits.lead).await;
        match discord.keeper.lead(me).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => tracing::warn!(%error, "discord: the lead could not be renewed"),
        }
    }
}

fn of_the_library(error: &SerenityError) -> End {
    match error {
        SerenityError::Gateway(GatewayError::InvalidAuthentication) => {
            End::Refused(RunError::Token)
        }
        SerenityError::Gateway(
            GatewayError::DisallowedGatewayIntents | GatewayError::InvalidGatewayIntents,
        ) => End::Refused(RunError::Intents),
        _ => End::Broken("the gateway closed"),
    }
}

/// Registers the commands, if they are others than were registered last.
async fn register(discord: &Discord, application: serenity::all::ApplicationId) {
    let commands = register::commands();
    let fingerprint = register::fingerprint(&commands);
    let name = application.to_string();
    match discord.keeper.is_registered(&name, &fingerprint).await {
        Ok(true) => return,
        Ok(false) => {}
        Err(error) => tracing::warn!(%error, "discord: what is registered is not known"),
    }
    let route = Route::Commands {
        application_id: application,
    };
    let call = Call::new("register", application, LightMethod::Put, route).body(commands);
    if let Err(fault) = discord.client.done(call).await {
        tracing::error!(%fault, "discord: the commands could not be registered; the next join tries again");
        return;
    }
    tracing::info!("discord: the commands are registered");
    if let Err(error) = discord.keeper.registered(&name, &fingerprint).await {
        tracing::warn!(%error, "discord: the commands are registered again at the next join");
    }
}
