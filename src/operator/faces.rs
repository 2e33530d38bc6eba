//! The faces, wired to the app: what only the operator's settings can tell.

use std::sync::Arc;

use crate::app::App;
use crate::chat::Platform;
use crate::config::{self, Config, ConfigError};
use crate::discord::{self, Discord};
use crate::slack::{self, Slack, Waits};

/// Both tokens, or which one is missing.
pub fn slack_settings(settings: &config::Slack) -> anyhow::Result<slack::Settings> {
    let (bot_token, app_token) = settings.tokens()?;
    Ok(slack::Settings {
        api_url: settings.api_url.clone(),
        bot_token: bot_token.clone(),
        app_token: app_token.clone(),
    })
}

/// Slack, ready to listen and to be posted to.
pub fn slack(config: &Config, app: &App) -> anyhow::Result<Arc<Slack>> {
    let waits = Waits {
        drain: config.grace,
        ..Waits::default()
    };
    let slack = Arc::new(Slack::with_waits(slack_settings(&config.slack)?, waits)?);
    app.connect(Platform::Slack, slack.clone());
    Ok(slack)
}

/// Hands what happens in Slack to the app.
pub fn handler(app: &App) -> slack::Handler {
    let app = app.clone();
    Arc::new(move |inbound| {
        let app = app.clone();
        Box::pin(async move { app.handle(inbound).await })
    })
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
