//! The faces, wired to the app: the one place that knows both sides.

use crate::config;
use crate::slack;

/// Both tokens, or which one is missing.
pub fn slack_settings(settings: &config::Slack) -> anyhow::Result<slack::Settings> {
    let (bot_token, app_token) = settings.tokens()?;
    Ok(slack::Settings {
        api_url: settings.api_url.clone(),
        bot_token: bot_token.clone(),
        app_token: app_token.clone(),
    })
}
