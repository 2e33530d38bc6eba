//! Discord, wired to the app.

use std::sync::Arc;

use super::App;
use crate::chat::Platform;
use crate::discord::{Home, Host};
use crate::people::Workspace;
use crate::presence::trouble;

/// Hands what happens on Discord to the app.
pub fn host(app: &App) -> Host {
    const DISCORD: Platform = Platform::Discord;
    let (act, suggest, homes) = (app.clone(), app.clone(), app.clone());
    let (greeting, named) = (app.clone(), app.clone());
    let (there, removed) = (app.clone(), app.clone());
    Host {
        act: Arc::new(move |inbound| {
            let app = act.clone();
            Box::pin(async move { app.handle(inbound).await })
        }),
        suggest: Arc::new(move |asked| {
            let app = suggest.clone();
            Box::pin(async move { app.suggest(asked).await })
        }),
        homes: Arc::new(move |person| {
            let app = homes.clone();
            Box::pin(async move {
                let homes = app.homes(DISCORD, &person).await.into_iter();
                let home = |home: Workspace| Home {
                    workspace: home.external,
                    name: home.name,
                };
                homes.map(home).collect()
            })
        }),
        greeting: Arc::new(move |inbound| {
            let app = greeting.clone();
            Box::pin(async move {
                let card = app.greeting(&inbound).await;
                card.map_err(|error| tracing::warn!(%error, "nobody was greeted"))
                    .ok()
            })
        }),
        named: Arc::new(move |home: Home| {
            let app = named.clone();
            Box::pin(async move { app.named(DISCORD, &home.workspace, &home.name).await })
        }),
        is_there: Arc::new(move |server| {
            let app = there.clone();
            Box::pin(async move {
                let noted = trouble::is_there(&app, DISCORD, &server).await;
                noted.unwrap_or_else(|error| {
                    tracing::error!(%error, "that the bot is back in a server was not noted");
                });
            })
        }),
        removed: Arc::new(move |server| {
            let app = removed.clone();
            Box::pin(async move {
                // Otherwise it is noted when something cannot be sent there.
                let noted = trouble::removed(&app, DISCORD, &server).await;
                noted.unwrap_or_else(|error| {
                    tracing::error!(%error, "that the bot was removed was not noted");
                });
            })
        }),
    }
}
