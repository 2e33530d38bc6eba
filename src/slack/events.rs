//! Events: what happened in a workspace that the bot asked to hear of. `config/slack-manifest.yaml`
//! lists the same.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;

use super::answer::{Desk, Way, inbound};
use super::intake::undecodable;
use super::words;
use crate::chat::{Act, Reply};
use crate::command;

/// An event with what goes round it. Only what is needed is read: Slack adds to events as it likes.
#[derive(Deserialize)]
struct Callback {
    team_id: String,
    event_id: String,
    event: Event,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Event {
    AppHomeOpened {
        user: String,
        #[serde(default)]
        tab: String,
    },
    Message(Message),
    UserChange {
        user: User,
    },
    AppUninstalled {},
    TokensRevoked {
        #[serde(default)]
        tokens: Revoked,
    },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    channel: String,
    #[serde(default)]
    channel_type: String,
    #[serde(default)]
    user: Option<String>,
    #[serde(default)]
    text: String,
    /// Set for whatever is not just somebody writing something: edits, joins, files.
    #[serde(default)]
    subtype: Option<String>,
    #[serde(default)]
    bot_id: Option<String>,
}

#[derive(Deserialize)]
struct User {
    id: String,
    #[serde(default)]
    deleted: bool,
}

#[derive(Default, Deserialize)]
struct Revoked {
    #[serde(default)]
    bot: Vec<String>,
}

impl Desk {
    pub(super) fn event(self: &Arc<Self>, payload: Value) {
        let callback: Callback = match serde_json::from_value(payload) {
            Ok(callback) => callback,
            Err(error) => return undecodable("event", &error),
        };
        // Over sockets a repeat comes in an envelope of its own.
        if self.saw_before(&callback.event_id) {
            return;
        }
        let desk = self.clone();
        self.tasks()
            .spawn(async move { desk.happened(callback).await });
    }

    async fn happened(self: Arc<Self>, callback: Callback) {
        let Callback {
            team_id,
            event_id,
            event,
        } = callback;
        let slack = self.slack();
        match event {
            Event::AppHomeOpened { user, tab } if tab == "home" => {
                let way = Way {
                    team: team_id,
                    person: user,
                    ..Way::default()
                };
                self.open_home(&way, event_id).await;
            }
            Event::Message(message) => {
                if let Some(way) = written(team_id, &message) {
                    self.told(way, event_id).await;
                }
            }
            Event::UserChange { user } => {
                let Some(team) = slack.team(&team_id).await else {
                    return;
                };
                team.client.forget(&user.id);
                if user.deleted {
                    (slack.seams.left)(team_id, user.id).await;
                }
            }
            Event::AppUninstalled {} => self.over(&team_id, "app_uninstalled").await,
            Event::TokensRevoked { tokens } if !tokens.bot.is_empty() => {
                self.over(&team_id, "tokens_revoked").await;
            }
            Event::AppHomeOpened { .. } | Event::TokensRevoked { .. } | Event::Other => {}
        }
    }

    async fn over(&self, team: &str, why: &str) {
        if let Some(team) = self.slack().team(team).await {
            self.slack().end(&team, why).await;
        }
    }

    /// Somebody wrote to the bot: a command is one here, too; anything else is a first contact.
    async fn told(self: &Arc<Self>, way: Way, event: String) {
        let Some(team) = self.slack().team(&way.team).await else {
            return;
        };
        let act = Act::Typed(way.again.clone());
        let said = inbound(&team, &way, (event, act)).await;
        let greeting = match command::is_begun(&way.again) {
            true => None,
            false => (self.slack().seams.greet)(said.clone()).await,
        };
        let reply = match greeting {
            Some(card) => Reply::Card(card),
            None => self.hear(said).await,
        };
        self.give(reply, &way).await;
        self.refresh_home(&way).await;
    }
}

/// What a person wrote to the bot directly. Nothing else is listened to.
fn written(team: String, message: &Message) -> Option<Way> {
    let by_hand = message.subtype.is_none() && message.bot_id.is_none();
    if message.channel_type != "im" || !by_hand {
        return None;
    }
    Some(Way {
        team,
        person: message.user.clone()?,
        channel: message.channel.clone(),
        again: words::heard(&message.text),
        direct: true,
        ..Way::default()
    })
}
