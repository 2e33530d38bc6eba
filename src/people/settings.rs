//! Changing how a workspace is set up.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::card;
use super::command::{ChangeSettings, SettingsCommand, Switch};
use super::{Person, Rhythm, Workspace};
use crate::app::{Ctx, Result, UserError};
use crate::chat::Reply;
use crate::command::value::{ChannelName, WorkingDays};
use crate::report::rules::Reporting;
use crate::sql;
use crate::status::pinned::{self, Place};
use crate::store::Tx;

pub async fn run(ctx: &Ctx, command: SettingsCommand) -> Result<Reply> {
    match command {
        SettingsCommand::Show => Ok(card::settings(&ctx.workspace).into()),
        SettingsCommand::Mine { zone } => mine(ctx, zone).await,
        SettingsCommand::Set(change) => set(ctx, change).await,
    }
}

/// A person's own zone. Where the platform tells everybody's, what it tells is what counts.
async fn mine(ctx: &Ctx, zone: Tz) -> Result<Reply> {
    if ctx.workspace.platform.tells_zones() {
        let text = "I am told your time zone here. Change it in your own profile, and I follow.";
        return Err(UserError::at("zone", text).into());
    }
    let mut tx = ctx.write().await?;
    let found = sql!(tx, people::find_person(ctx.workspace.id, ctx.person.id))?;
    let person = Person {
        zone: Some(zone),
        ..found.unwrap_or_else(|| ctx.person.clone())
    };
    sql!(tx, people::save_person(ctx.workspace.id, &person))?;
    let data = json!({ "zone": zone.name() });
    ctx.log(&mut tx, "zone-chosen", person.id, data).await?;
    tx.commit().await?;
    Ok(card::own_zone(zone).into())
}

async fn set(ctx: &Ctx, change: ChangeSettings) -> Result<Reply> {
    let mut tx = ctx.write().await?;
    let (workspace, _) = apply(ctx, &mut tx, change).await?;
    tx.commit().await?;
    Ok(card::settings(&workspace).into())
}

/// All that can be set: what undoing a step of the set-up puts back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    pub zone: chrono_tz::Tz,
    pub working_days: WorkingDays,
    pub channel: Option<String>,
    pub audit_channel: Option<String>,
    pub alert_channel: Option<String>,
    pub reviews: Rhythm,
    /// Older entries of the set-up did not know it.
    #[serde(default)]
    pub reports: Reporting,
    #[serde(default)]
    pub pinned: bool,
}

impl Settings {
    pub fn of(workspace: &Workspace) -> Settings {
        Settings {
            zone: workspace.zone,
            working_days: WorkingDays::of(workspace.working_days),
            channel: workspace.channel.clone(),
            audit_channel: workspace.audit_channel.clone(),
            alert_channel: workspace.alert_channel.clone(),
            reviews: workspace.reviews,
            reports: workspace.reports,
            pinned: workspace.pinned,
        }
    }
}

/// Changes what is named. Says how it was before.
pub async fn apply(
    ctx: &Ctx,
    tx: &mut Tx,
    change: ChangeSettings,
) -> Result<(Workspace, Settings)> {
    let workspace = sql!(tx, people::load_workspace(ctx.workspace.id))?;
    let before = Settings::of(&workspace);
    let channel = |named: Option<ChannelName>, was: &Option<String>| match named {
        Some(ChannelName::Here) => Some(ctx.channel.clone()),
        Some(ChannelName::Named(channel)) => Some(channel),
        None => was.clone(),
    };
    let after = Settings {
        zone: change.zone.unwrap_or(before.zone),
        working_days: change.working_days.unwrap_or(before.working_days),
        channel: channel(change.channel, &before.channel),
        audit_channel: channel(change.audits, &before.audit_channel),
        alert_channel: channel(change.alerts, &before.alert_channel),
        reviews: change.reviews.unwrap_or(before.reviews),
        reports: change.reports.unwrap_or(before.reports),
        pinned: change.pinned.map_or(before.pinned, |on| on == Switch::On),
    };
    if change.pinned == Some(Switch::On) && after.channel.is_none() {
        let text = "There is no channel to pin it in yet: choose one, #name, or here.";
        return Err(UserError::at("channel", text).into());
    }
    let same = after == before;
    let workspace = put(ctx, tx, workspace, after).await?;
    if same && change.pinned == Some(Switch::On) {
        // Somebody took it down, or it could not be pinned.
        let place = Place::of(&workspace);
        pinned::follow(tx, workspace.id, (place, place)).await?;
    }
    Ok((workspace, before))
}

/// Makes the settings of a workspace these, with an event if that changes any.
pub async fn put(
    ctx: &Ctx,
    tx: &mut Tx,
    workspace: Workspace,
    settings: Settings,
) -> Result<Workspace> {
    let before = Settings::of(&workspace);
    let data = json!({
        "channel": settings.channel,
        "audit_channel": settings.audit_channel,
        "alert_channel": settings.alert_channel,
        "zone": settings.zone.name(),
        "working_days": settings.working_days,
        "reviews": settings.reviews,
        "reports": settings.reports,
        "pinned": settings.pinned,
    });
    if settings == before {
        return Ok(workspace);
    }
    let workspace = Workspace {
        zone: settings.zone,
        working_days: settings.working_days.set(),
        channel: settings.channel,
        audit_channel: settings.audit_channel,
        alert_channel: settings.alert_channel,
        reviews: settings.reviews,
        reports: settings.reports,
        pinned: settings.pinned,
        ..workspace
    };
    sql!(tx, people::update_workspace(&workspace))?;
    let was = Place(before.channel.as_deref().filter(|_| before.pinned));
    let is = Place::of(&workspace);
    if was != is {
        pinned::follow(tx, workspace.id, (was, is)).await?;
    }
    ctx.log(tx, "settings-changed", "workspace", data).await?;
    Ok(workspace)
}
