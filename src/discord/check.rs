//! What `isms-bot check` tries on Discord: the token, the application, the commands.

use serde::Deserialize;
use serenity::all::{ApplicationId, Permissions};
use serenity::http::{LightMethod, Route};

use super::client::{Call, Client, PATIENCE, Settings};
use super::fault::Fault;
use super::register::{COMMAND, RAISE, ROOMS};
use super::words::is_id;
use crate::clock::Clock;

/// What the invitation grants, and what for: README.md tells the number.
pub const PERMISSIONS: Permissions = Permissions::VIEW_CHANNEL
    .union(Permissions::SEND_MESSAGES)
    .union(Permissions::EMBED_LINKS)
    .union(Permissions::ATTACH_FILES)
    .union(Permissions::READ_MESSAGE_HISTORY)
    .union(Permissions::CREATE_PUBLIC_THREADS)
    .union(Permissions::SEND_MESSAGES_IN_THREADS)
    .union(PIN_MESSAGES);

/// To pin the overview: of its own since 2025, and not known to the library.
const PIN_MESSAGES: Permissions = Permissions::from_bits_retain(1 << 51);

/// One thing that was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub ok: bool,
    /// What was found, and what would help.
    pub words: String,
}

impl Finding {
    fn good(words: impl Into<String>) -> Self {
        Finding {
            ok: true,
            words: words.into(),
        }
    }

    fn bad(words: impl Into<String>) -> Self {
        Finding {
            ok: false,
            words: words.into(),
        }
    }
}

#[derive(Deserialize)]
struct Application {
    id: ApplicationId,
    name: String,
    #[serde(default)]
    bot_public: bool,
}

#[derive(Deserialize)]
struct Registered {
    name: String,
}

/// Tries the settings against Discord. Nothing is posted or registered.
pub async fn check(settings: Settings, channel: Option<&str>) -> Vec<Finding> {
    let client = match Client::new(settings, PATIENCE, Clock::System) {
        Ok(client) => client,
        Err(error) => return vec![Finding::bad(error.to_string())],
    };
    let mut findings = Vec::new();
    match client.identity().await {
        Ok(who) => findings.push(Finding::good(format!(
            "token: the bot {} ({})",
            who.username, who.id
        ))),
        Err(fault) => {
            findings.push(Finding::bad(format!("token: {}", told(&fault))));
            return findings;
        }
    }
    let call = Call::new(
        "application",
        "",
        LightMethod::Get,
        Route::Oauth2ApplicationCurrent,
    );
    match client.call::<Application>(call).await {
        Ok(application) => {
            let public = match application.bot_public {
                true => {
                    "anybody may invite it: switch off Public Bot if it is for your server only"
                }
                false => "only you may invite it",
            };
            findings.push(Finding::good(format!(
                "application: {} ({}); {public}",
                application.name, application.id
            )));
            findings.push(Finding::good(format!(
                "invitation: https://discord.com/oauth2/authorize?client_id={}\
                 &scope=bot+applications.commands&permissions={}",
                application.id,
                PERMISSIONS.bits()
            )));
            findings.push(commands(&client, application.id).await);
        }
        Err(fault) => findings.push(Finding::bad(format!("application: {}", told(&fault)))),
    }
    findings.push(Finding::good(
        "intents: none that has to be switched on is needed",
    ));
    findings.push(channel_of(&client, channel).await);
    findings
}

/// Missing commands are no fault: a start registers them.
async fn commands(client: &Client, application: ApplicationId) -> Finding {
    let route = Route::Commands {
        application_id: application,
    };
    let call = Call::new("commands", application, LightMethod::Get, route);
    match client.call::<Vec<Registered>>(call).await {
        Ok(registered) => {
            let is_there = |name: &&str| registered.iter().any(|command| command.name == *name);
            let all = ROOMS.into_iter().chain([COMMAND, RAISE]);
            let (there, missing): (Vec<&str>, Vec<&str>) = all.partition(is_there);
            let told = |names: Vec<&str>| {
                let told = names.into_iter().map(|name| match name {
                    RAISE => format!("\"{name}\""),
                    name => format!("/{name}"),
                });
                told.collect::<Vec<_>>().join(", ")
            };
            Finding::good(match missing.is_empty() {
                true => format!("commands: {} are registered", told(there)),
                false => format!("commands: a start will register {}", told(missing)),
            })
        }
        Err(fault) => Finding::bad(format!("commands: {}", told(&fault))),
    }
}

async fn channel_of(client: &Client, channel: Option<&str>) -> Finding {
    #[derive(Deserialize)]
    struct Channel {
        #[serde(default)]
        name: Option<String>,
    }
    let Some(channel) = channel else {
        return Finding::good(
            "channel: discord.channel is not set; each server chooses with /isms settings set",
        );
    };
    let Some(id) = is_id(channel).then(|| channel.parse().ok()).flatten() else {
        return Finding::bad(format!(
            "channel: {channel:?} is not an id; switch on Developer Mode and choose Copy Channel ID"
        ));
    };
    let call = Call::new(
        "channel",
        channel,
        LightMethod::Get,
        Route::Channel { channel_id: id },
    );
    match client.call::<Channel>(call).await {
        Ok(found) => Finding::good(format!(
            "channel: {} ({channel})",
            found.name.unwrap_or_default()
        )),
        Err(fault) => Finding::bad(format!(
            "channel: {channel}: {}; let the bot see and write in it",
            told(&fault)
        )),
    }
}

fn told(fault: &Fault) -> String {
    match fault.is_about_the_token() {
        true => "Discord does not accept it; reset it under Bot of the application".to_owned(),
        false => fault.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_invitation_in_the_readme_grants_exactly_what_is_needed() {
        let readme = include_str!("../../README.md");
        let asked = format!("permissions={}`", PERMISSIONS.bits());
        assert!(readme.contains(&asked), "{asked}");
    }
}
