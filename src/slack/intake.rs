//! What Slack sends, whichever way it came: read, told apart, and handed over. What is answered goes
//! into the acknowledgement of the envelope, or is the HTTP response.

use std::sync::Arc;

use serde_json::Value;
use slack_morphism::prelude::*;

use super::answer::Desk;
use super::given;

/// The three kinds of things that Slack sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `/isms …`
    Command,
    /// A click, a shortcut, a form, something that is being typed.
    Interaction,
    Event,
}

impl Kind {
    pub fn of_an_envelope(word: &str) -> Option<Kind> {
        match word {
            "slash_commands" => Some(Kind::Command),
            "interactive" => Some(Kind::Interaction),
            "events_api" => Some(Kind::Event),
            _ => None,
        }
    }
}

impl Desk {
    /// Takes something in. Of a repeat only the submit of a form is answered again, for its answer
    /// may not have arrived; the app knows it by its form.
    pub(super) async fn take(
        self: &Arc<Self>,
        kind: Kind,
        payload: Value,
        repeated: bool,
    ) -> SlackInteractionResponse {
        match kind {
            Kind::Command if !repeated => match serde_json::from_value(payload) {
                Ok(event) => self.command(event),
                Err(error) => undecodable("slash command", &error),
            },
            Kind::Event if !repeated => self.event(payload),
            Kind::Interaction => return self.interaction(payload, repeated).await,
            Kind::Command | Kind::Event => {}
        }
        SlackInteractionResponse::Empty
    }

    async fn interaction(
        self: &Arc<Self>,
        mut payload: Value,
        repeated: bool,
    ) -> SlackInteractionResponse {
        let foreign = is_foreign(&payload);
        if foreign {
            // So it belongs to no workspace of ours, and the person is told.
            payload["team"]["id"] = "".into();
        }
        let files = given::given(&payload);
        let about = match payload["type"].as_str() {
            Some("block_actions" | "message_action") => {
                // They bring the whole message or view along. It is not needed as such, and one of a
                // kind that the library does not know must not make them undecodable.
                let parts = payload.as_object_mut();
                parts.and_then(|parts| {
                    parts.remove("view");
                    parts.remove("state");
                    parts.remove("message")
                })
            }
            _ => None,
        };
        match serde_json::from_value::<SlackInteractionEvent>(payload) {
            Ok(SlackInteractionEvent::BlockActions(event)) if !repeated => self.click(event),
            Ok(SlackInteractionEvent::MessageAction(event)) if !repeated => {
                self.raise_from(event, about.unwrap_or_default());
            }
            Ok(SlackInteractionEvent::Shortcut(event)) if !repeated => self.shortcut(event),
            Ok(SlackInteractionEvent::ViewSubmission(event)) => {
                return self.submit(event, files).await;
            }
            Ok(SlackInteractionEvent::BlockSuggestion(event)) => return self.suggest(event).await,
            Ok(_) => {}
            Err(error) => undecodable("interaction", &error),
        }
        SlackInteractionResponse::Empty
    }
}

/// Somebody of another workspace, or a message of another one's bot: a channel can be shared between
/// companies, and each sees the other's buttons.
fn is_foreign(payload: &Value) -> bool {
    let team = payload["team"]["id"].as_str();
    let of = [&payload["user"]["team_id"], &payload["message"]["team"]];
    let mut named = of.into_iter().filter_map(Value::as_str);
    named.any(|other| Some(other) != team)
}

pub(super) fn undecodable(what: &str, error: &serde_json::Error) {
    metrics::counter!("isms_slack_undecodable_total").increment(1);
    // The classification only: the message of a serde error can quote the payload.
    tracing::error!(what, category = ?error.classify(), "slack: an act could not be read");
}
