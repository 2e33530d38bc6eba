//! What a person can say about the set-up of a workspace.

use chrono_tz::Tz;
use clap::{Args, Subcommand, ValueEnum};

use super::rhythm::Rhythm;
use crate::command::value::{ChannelName, WorkingDays};
use crate::report::rules::Reporting;

#[derive(Debug, Clone, PartialEq, Subcommand)]
pub enum SettingsCommand {
    /// Show how this workspace is set up
    #[command(display_name = "Show settings", after_help = "settings show")]
    Show,
    /// Set your own time zone
    #[command(
        display_name = "Set your time zone",
        after_help = "settings mine Asia/Tokyo\nsettings mine zone:Europe/Berlin"
    )]
    Mine {
        /// Time zone
        ///
        /// As in Europe/Berlin. Reminders come at 09:00 there.
        zone: Tz,
    },
    /// Change how this workspace is set up
    Set(ChangeSettings),
}

#[derive(Debug, Clone, Default, PartialEq, Args)]
#[command(
    display_name = "Change settings",
    after_help = "settings set channel:here\nsettings set zone:Europe/Berlin working-days:mon-fri\nsettings set audits:#audit alerts:#security-alerts reviews:half-yearly\nsettings set pinned:on"
)]
pub struct ChangeSettings {
    /// Channel for digests and reminders
    ///
    /// #name, or here for the channel you are in. Invite me to it.
    #[arg(long)]
    pub channel: Option<ChannelName>,
    /// Channel for audits
    ///
    /// Without one, the channel for digests.
    #[arg(long)]
    pub audits: Option<ChannelName>,
    /// Channel for alerts and problems
    ///
    /// Without one, the channel for digests.
    #[arg(long)]
    pub alerts: Option<ChannelName>,
    /// Time zone
    ///
    /// As in Europe/Berlin.
    #[arg(long)]
    pub zone: Option<Tz>,
    /// Working days
    ///
    /// For example: mon-fri, or sun,mon,tue,wed,thu.
    #[arg(long)]
    pub working_days: Option<WorkingDays>,
    /// How often reviews are held
    #[arg(long)]
    pub reviews: Option<Rhythm>,
    /// How often the performance report comes
    #[arg(long)]
    pub reports: Option<Reporting>,
    /// An overview pinned in the channel
    ///
    /// A picture of what is done, late and next, kept up to date.
    #[arg(long)]
    pub pinned: Option<Switch>,
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// On
    On,
    /// Off
    Off,
}

impl ChangeSettings {
    /// Nothing was named: time to open the form.
    pub fn is_empty(&self) -> bool {
        *self == ChangeSettings::default()
    }
}
