//! Every word about the set-up of a workspace.

use super::Workspace;
use crate::chat::{Button, Card, Text};
use crate::command::value::WorkingDays;

/// How a workspace is set up.
pub fn settings(workspace: &Workspace) -> Card {
    let channel = match &workspace.channel {
        Some(channel) => Text::new().code(channel),
        None => Text::from("none yet: digests wait for one"),
    };
    Card::new("Settings")
        .facts([
            ("Channel", channel),
            ("Time zone", workspace.zone.name().into()),
            (
                "Working days",
                WorkingDays::of(workspace.working_days).to_string().into(),
            ),
        ])
        .buttons([
            Button::new("Post here", "settings set channel:here"),
            Button::new("Change", "settings set"),
        ])
}
