//! Every word about the set-up of a workspace.

use chrono_tz::Tz;

use super::{Rhythm, Workspace};
use crate::chat::{Button, Card, Text};
use crate::command::value::WorkingDays;
use crate::report::rules::Reporting;

/// How a workspace is set up.
pub fn settings(workspace: &Workspace) -> Card {
    let channel = match &workspace.channel {
        Some(channel) => Text::new().channel(channel),
        None => Text::from("none yet: digests wait for one"),
    };
    let other = |channel: &Option<String>| match channel {
        Some(channel) => Text::new().channel(channel),
        None => Text::from("that for digests"),
    };
    let reviews = match workspace.reviews {
        Rhythm::Quarterly => "every quarter",
        Rhythm::HalfYearly => "every half-year",
        Rhythm::Yearly => "every year",
    };
    let reports = match workspace.reports {
        Reporting::Off => "when asked for",
        Reporting::Monthly => "every month",
        Reporting::Quarterly => "every quarter",
    };
    let pinned = match workspace.pinned {
        true => "on: the channel for digests has it",
        false => "off",
    };
    Card::new("Settings")
        .facts([
            ("Channel for digests", channel),
            ("Channel for audits", other(&workspace.audit_channel)),
            ("Channel for alerts", other(&workspace.alert_channel)),
            ("Time zone", workspace.zone.name().into()),
            (
                "Working days",
                WorkingDays::of(workspace.working_days).to_string().into(),
            ),
            ("Reviews", reviews.into()),
            ("Performance report", reports.into()),
            ("Pinned overview", pinned.into()),
        ])
        .buttons([
            Button::new("Post here", "settings set channel:here"),
            Button::new("Change", "settings set"),
        ])
}

/// To whoever chose a zone of their own.
pub fn own_zone(zone: Tz) -> Card {
    let line = Text::from("Your time zone is ").bold(zone.name());
    Card::say(line.plain_span(": you are reminded at 09:00 there, and “today” is your day."))
}
