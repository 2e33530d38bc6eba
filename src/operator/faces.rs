//! The faces, wired to the app: what only the operator's settings can tell.

use std::sync::Arc;

use futures::FutureExt;

use crate::app::App;
use crate::chat::{Card, Inbound, Platform};
use crate::config::{self, Config, ConfigError};
use crate::discord::{self, Discord};
use crate::presence;
use crate::slack::{self, Credentials, Installs, Seams, Slack, Waits};
use crate::sql;

/// What Slack needs, or which part of it is missing.
pub fn slack_settings(settings: &config::Slack) -> anyhow::Result<slack::Settings> {
    settings.whole()?;
    Ok(slack::Settings {
        api_url: settings.api_url.clone(),
        bot_token: settings.bot_token.clone(),
        app_token: settings.app_token.clone(),
    })
}

/// Slack, ready to listen and to be posted to.
pub async fn slack(config: &Config, app: &App) -> anyhow::Result<Arc<Slack>> {
    let waits = Waits {
        drain: config.grace,
        ..Waits::default()
    };
    let slack = Slack::with_waits(slack_settings(&config.slack)?, waits)?.with(seams(app));
    let slack = match installs(&config.slack, app).await? {
        Some(installs) => slack.with_installs(installs).await?,
        None => slack,
    };
    let slack = Arc::new(slack);
    app.connect(Platform::Slack, slack.clone());
    Ok(slack)
}

/// The workspaces that installed the bot by its page, if they may.
pub async fn installs(settings: &config::Slack, app: &App) -> anyhow::Result<Option<Installs>> {
    let parts = (
        &settings.client_id,
        &settings.client_secret,
        &settings.public_url,
        &settings.keys,
    );
    let (Some(id), Some(secret), Some(url), Some(keys)) = parts else {
        let mut conn = app.store.read().await?;
        if sql!(conn, slack::list_installs())?.is_empty() {
            return Ok(None);
        }
        return Err(ConfigError::Missing {
            key: "slack.client_id",
            why: "but workspaces have installed the bot by its page, and would get nothing more: \
                  set it with slack.client_secret, slack.public_url, slack.listen and tokens.key",
        }
        .into());
    };
    let credentials = Credentials {
        client_id: id.clone(),
        client_secret: secret.clone(),
        public_url: url.clone(),
    };
    let parts = (credentials, keys.clone());
    Ok(Some(Installs::new(
        app.store.clone(),
        app.clock.clone(),
        parts,
    )))
}

/// Hands what happens in Slack to the app.
pub fn handler(app: &App) -> slack::Handler {
    let app = app.clone();
    Arc::new(move |inbound| {
        let app = app.clone();
        Box::pin(async move { app.handle(inbound).await })
    })
}

/// What the app does beside answering acts.
pub fn seams(app: &App) -> Seams {
    let (suggesting, greeting, leaving) = (app.clone(), app.clone(), app.clone());
    Seams {
        suggest: Arc::new(move |asked| {
            let app = suggesting.clone();
            async move { app.suggest(asked).await }.boxed()
        }),
        greet: Arc::new(move |inbound| {
            let app = greeting.clone();
            async move { greeting_of(&app, &inbound).await }.boxed()
        }),
        left: Arc::new(move |workspace, person| {
            let app = leaving.clone();
            async move { left(&app, &workspace, &person).await }.boxed()
        }),
    }
}

async fn greeting_of(app: &App, inbound: &Inbound) -> Option<Card> {
    match app.greeting(inbound).await {
        Ok(card) => Some(card),
        Err(error) => {
            tracing::warn!(error = %error, "somebody could not be greeted");
            None
        }
    }
}

/// Somebody left a workspace; if that cannot be noted now, it is found out when they are next
/// written to.
async fn left(app: &App, workspace: &str, person: &str) {
    let noted = async {
        let mut conn = app.store.read().await?;
        let found = sql!(conn, people::find_workspace(Platform::Slack, workspace))?;
        drop(conn);
        match found {
            Some(workspace) => presence::gone::left(app, &workspace, person).await,
            None => Ok(()),
        }
    };
    if let Err(error) = noted.await {
        tracing::error!(error = %error, "that somebody left could not be noted");
    }
}

/// The token, or that it is missing.
pub fn discord_settings(settings: &config::Discord) -> Result<discord::Settings, ConfigError> {
    Ok(discord::Settings {
        api_url: settings.api_url.clone(),
        token: settings.token()?.clone(),
    })
}

/// Discord, ready to listen and to be posted to.
pub fn discord(config: &Config, app: &App) -> anyhow::Result<Arc<Discord>> {
    let waits = discord::Waits {
        drain: config.grace,
        ..discord::Waits::default()
    };
    let settings = discord_settings(&config.discord)?;
    let discord = Discord::with_waits(settings, app.store.clone(), (waits, app.clock.clone()))?;
    let discord = Arc::new(discord);
    app.connect(Platform::Discord, discord.clone());
    Ok(discord)
}
