//! Changing how a workspace is set up.

use serde_json::json;

use super::card;
use super::command::{ChangeSettings, SettingsCommand};
use crate::app::{Ctx, Result};
use crate::chat::Reply;
use crate::command::value::{ChannelName, WorkingDays};
use crate::sql;

pub async fn run(ctx: &Ctx, command: SettingsCommand) -> Result<Reply> {
    match command {
        SettingsCommand::Show => Ok(card::settings(&ctx.workspace).into()),
        SettingsCommand::Set(change) => set(ctx, change).await,
    }
}

async fn set(ctx: &Ctx, change: ChangeSettings) -> Result<Reply> {
    let mut tx = ctx.write().await?;
    let mut workspace = sql!(tx, people::load_workspace(ctx.workspace.id))?;
    match change.channel {
        Some(ChannelName::Here) => workspace.channel = Some(ctx.channel.clone()),
        Some(ChannelName::Named(channel)) => workspace.channel = Some(channel),
        None => {}
    }
    workspace.zone = change.zone.unwrap_or(workspace.zone);
    workspace.working_days = change
        .working_days
        .map_or(workspace.working_days, WorkingDays::set);
    sql!(tx, people::update_workspace(&workspace))?;
    let data = json!({
        "channel": workspace.channel,
        "zone": workspace.zone.name(),
        "working_days": WorkingDays::of(workspace.working_days),
    });
    ctx.log(&mut tx, "settings-changed", "workspace", data)
        .await?;
    tx.commit().await?;
    Ok(card::settings(&workspace).into())
}
