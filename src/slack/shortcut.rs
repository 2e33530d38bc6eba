//! Shortcuts: *Raise action*, on a message or from anywhere. Both open the form of `action new`; on a
//! message its first line is the title, and the action keeps where it was said.

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use slack_morphism::prelude::*;

use super::answer::{Desk, Way};
use super::teams::Team;
use super::words::{cut, heard};
use crate::chat::Act;
use crate::command;

/// As in the manifest.
pub(super) const RAISE: &str = "raise_action";
pub(super) const RAISE_FROM_MESSAGE: &str = "raise_action_from_message";

/// What a title holds.
const TITLE: usize = 120;
/// Slack takes the trigger for three seconds; the address of the message must not use them up.
const ADDRESS: Duration = Duration::from_millis(1000);

/// The message that a shortcut was used on.
#[derive(Default, Deserialize)]
struct Message {
    #[serde(default)]
    ts: String,
    #[serde(default)]
    text: String,
}

impl Desk {
    pub(super) fn shortcut(self: &Arc<Self>, event: SlackInteractionShortcutEvent) {
        if event.callback_id.0 != RAISE {
            tracing::warn!("slack: a shortcut that is not of this bot");
            return;
        }
        let way = Way {
            team: event.team.id.0,
            person: event.user.id.0,
            trigger: Some(event.trigger_id.clone()),
            again: "action new".to_owned(),
            ..Way::default()
        };
        self.propose(way, event.trigger_id.0);
    }

    pub(super) fn raise_from(
        self: &Arc<Self>,
        event: SlackInteractionMessageActionEvent,
        message: Value,
    ) {
        if event.callback_id.0 != RAISE_FROM_MESSAGE {
            tracing::warn!("slack: a shortcut that is not of this bot");
            return;
        }
        let message: Message = serde_json::from_value(message).unwrap_or_default();
        let channel = event.channel.map(|channel| channel.id.0);
        let mut way = Way {
            team: event.team.id.0,
            person: event.user.id.0,
            channel: channel.unwrap_or_default(),
            trigger: Some(event.trigger_id.clone()),
            response_url: Some(event.response_url.0.to_string()),
            ..Way::default()
        };
        let desk = self.clone();
        self.tasks().spawn(async move {
            if let Some(team) = desk.slack().team(&way.team).await {
                let link = address(&team, &way.channel, &message.ts).await;
                way.again = raising(&message, &way.channel, &link);
            }
            desk.propose(way, event.trigger_id.0);
        });
    }

    /// As if a button had been clicked: the person sees the form before anything is raised.
    fn propose(self: &Arc<Self>, way: Way, event: String) {
        let act = Act::Clicked {
            command: way.again.clone(),
            on: None,
        };
        self.answer(way, (event, act));
    }
}

/// Where people find the message. If Slack does not say it in time, an address that leads there too.
async fn address(team: &Team, channel: &str, ts: &str) -> String {
    #[derive(Deserialize)]
    struct Found {
        permalink: String,
    }
    let params = [("channel", Some(channel)), ("message_ts", Some(ts))];
    let asked = team.client.get::<Found>("chat.getPermalink", &params);
    match tokio::time::timeout(ADDRESS, asked).await {
        Ok(Ok(found)) => found.permalink,
        failed => {
            if let Ok(Err(fault)) = failed {
                tracing::info!(%fault, "slack: the address of a message could not be learnt");
            }
            let (team, ts) = (&team.id, ts.replace('.', ""));
            format!("https://app.slack.com/client/{team}/{channel}/p{ts}")
        }
    }
}

/// The command, as someone would type it.
fn raising(message: &Message, channel: &str, link: &str) -> String {
    let text = heard(&message.text);
    let line = text.lines().map(str::trim).find(|line| !line.is_empty());
    let title = cut(line.unwrap_or_default(), TITLE);
    let title = match title.as_str() {
        "" => String::new(),
        title => format!(" {}", command::quoted(title)),
    };
    format!(
        "action new{title} link:{link} origin:{channel}/{}",
        message.ts
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_is_the_title_and_the_rest_is_behind_the_link() {
        let message = Message {
            ts: "1800000001.000001".into(),
            text:
                "\n *The &lt;VPN&gt; \"gateway\"* is two versions behind\nsee <https://x.example|x>"
                    .into(),
        };
        assert_eq!(
            raising(&message, "C1", "https://s.example/archives/C1/p1"),
            "action new \"*The <VPN> \\\"gateway\\\"* is two versions behind\" \
             link:https://s.example/archives/C1/p1 origin:C1/1800000001.000001"
        );
    }
}
