//! The faces, wired to the app: what only the operator's settings can tell.

use std::sync::Arc;

use futures::future::BoxFuture;
use uuid::Uuid;

use crate::app::{App, Result};
use crate::chat::{Act, Inbound, Platform, Reply, Speaker};
use crate::command;
use crate::config::{self, Config};
use crate::people;
use crate::playground::{Completer, WORKSPACE};
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

/// Hands what happens on a face to the app.
pub fn handler(app: &App) -> Arc<dyn Fn(Inbound) -> BoxFuture<'static, Reply> + Send + Sync> {
    let app = app.clone();
    Arc::new(move |inbound| {
        let app = app.clone();
        Box::pin(async move { app.handle(inbound).await })
    })
}

/// Tells the playground's message box how a command may go on.
pub fn completer(app: &App) -> Completer {
    let app = app.clone();
    Arc::new(move |person, typed| {
        let app = app.clone();
        Box::pin(async move { complete(&app, person, &typed).await })
    })
}

async fn complete(app: &App, person: String, typed: &str) -> Result<Vec<(String, String)>> {
    // Somebody who types has not said anything yet.
    let typing = Inbound {
        event: Uuid::now_v7().to_string(),
        platform: Platform::Playground,
        workspace: WORKSPACE.to_owned(),
        speaker: Speaker {
            id: person,
            name: None,
            zone: None,
            admin: None,
        },
        channel: String::new(),
        act: Act::Typed(String::new()),
    };
    let known = people::flow::arrive(app, &typing).await?.known().await?;
    let completions = command::completions(typed, &known);
    Ok(completions
        .into_iter()
        .map(|completion| (completion.text, completion.about))
        .collect())
}
