//! What the app answers, given to the person who acted: a form, or a card in the shortest way there
//! is.

use serde_json::Value;
use slack_morphism::prelude::*;
use std::sync::Arc;
use std::time::Duration;

use super::answer::{Desk, Way};
use super::fault::Fault;
use super::send::PAUSES;
use super::teams::Team;
use super::{modal, render};
use crate::chat::{Button, Card, Form, Reply};

/// Slack takes a `trigger_id` for three seconds from the act.
const TRIGGER: Duration = Duration::from_millis(2800);
/// Between "working on it" in an acknowledgement and what replaces it, so that they come in order.
const BREATH: Duration = Duration::from_millis(400);

impl Desk {
    pub(super) async fn give(&self, reply: Reply, way: &Way) {
        match reply {
            Reply::Nothing => {}
            Reply::Card(card) => self.show(&card, way).await,
            Reply::Form(form) => self.open(&form, way).await,
        }
    }

    pub(super) async fn give_late(&self, reply: Reply, way: &Way, view: SlackViewId) {
        tokio::time::sleep(BREATH).await;
        let next = match &reply {
            Reply::Form(form) => modal::view(form, &way.carried()),
            _ => None,
        };
        let next =
            next.unwrap_or_else(|| modal::telling("Done", &Card::say("You can close this.")));
        let request = SlackApiViewsUpdateRequest::new(next).with_view_id(view);
        if let Some(team) = self.slack().team(&way.team).await {
            let updated: Result<Value, Fault> = team.client.post("views.update", &request).await;
            if let Err(fault) = updated {
                tracing::info!(%fault, "slack: the form is gone before its answer");
            }
        }
        if let Reply::Card(card) = &reply {
            self.show(card, way).await;
        }
    }

    /// Opens a form. When the moment for that has passed, the person gets a button instead.
    async fn open(&self, form: &Form, way: &Way) {
        let Some(view) = modal::view(form, &way.carried()) else {
            return self.show(&too_long(), way).await;
        };
        let Some(team) = self.slack().team(&way.team).await else {
            return;
        };
        let fault = match way.trigger.clone() {
            Some(trigger) => {
                let request = SlackApiViewsOpenRequest::new(trigger, view);
                let call = team.client.post::<_, Value>("views.open", &request);
                match tokio::time::timeout(TRIGGER, call).await {
                    Ok(Ok(_)) => return,
                    Ok(Err(fault)) => fault.to_string(),
                    Err(_) => "no answer in time".to_owned(),
                }
            }
            None => {
                let words = "This needs a form.";
                return self.show(&opener(words, way), way).await;
            }
        };
        tracing::warn!(fault, "slack: a form could not be opened");
        let words = "Slack did not let me open the form in time.";
        self.show(&opener(words, way), way).await;
    }

    /// To that person only. Pictures that Slack does not take in such an answer follow as files in a
    /// direct message.
    pub(super) async fn show(&self, card: &Card, way: &Way) {
        let Some(team) = self.slack().team(&way.team).await else {
            // Nobody of ours: the address that came with the act is all there is.
            if let Err(fault) = self.respond(card, &[], way).await {
                tracing::info!(%fault, "slack: a stranger could not be told");
            }
            return;
        };
        let pictures = team.client.put_pictures(card).await;
        let pictures = pictures.unwrap_or_else(|fault| {
            tracing::warn!(%fault, "slack: pictures could not be uploaded; sent in words");
            Vec::new()
        });
        if way.direct || (way.channel.is_empty() && way.response_url.is_none()) {
            if let Err(fault) = self.write(&team, card, (&pictures, way)).await {
                tracing::error!(%fault, "slack: an answer could not be given");
            }
            return;
        }
        if !pictures.is_empty() {
            for pause in 1..=PAUSES {
                if self.respond(card, &pictures, way).await.is_ok() {
                    return;
                }
                tokio::time::sleep(self.slack().waits.picture * pause).await;
            }
        }
        self.say(&team, card, way).await;
        if !pictures.is_empty()
            && let Err(fault) = team.send_pictures(card, &way.person).await
        {
            tracing::error!(%fault, "slack: pictures of an answer could not be sent");
        }
    }

    /// In words: by the address that came with the act, else into the channel, else as a direct
    /// message (where the bot is no member, the second fails).
    async fn say(&self, team: &Arc<Team>, card: &Card, way: &Way) {
        let Err(by_address) = self.respond(card, &[], way).await else {
            return;
        };
        let ephemeral = SlackApiChatPostEphemeralRequest::new(
            way.channel.as_str().into(),
            way.person.as_str().into(),
            render::message(card, &[]),
        );
        let posted: Result<Value, Fault> = team.client.post("chat.postEphemeral", &ephemeral).await;
        let Err(by_channel) = posted else { return };
        if let Err(direct) = self.write(team, card, (&[], way)).await {
            tracing::error!(%by_address, %by_channel, %direct, "slack: an answer could not be given");
        }
    }

    /// As a message in the person's conversation with the bot.
    async fn write(
        &self,
        team: &Team,
        card: &Card,
        (pictures, way): (&[SlackFileId], &Way),
    ) -> Result<(), Fault> {
        let channel = team.direct(&way.person).await?;
        let request = |pictures: &[SlackFileId]| {
            let content = render::message(card, pictures);
            SlackApiChatPostMessageRequest::new(channel.as_str().into(), content)
        };
        let method = ("chat.postMessage", self.slack().waits.picture);
        let posted = team.once_developed::<_, Value>(method, pictures, request);
        posted.await.map(|_| ())
    }

    async fn respond(&self, card: &Card, pictures: &[SlackFileId], way: &Way) -> Result<(), Fault> {
        let url = way
            .response_url
            .as_deref()
            .and_then(|url| url.parse::<url::Url>().ok());
        let url = url.ok_or_else(|| Fault::NotSent("no address came with the act".to_owned()))?;
        let message = render::message(card, pictures);
        self.slack().line.respond(&url, message).await
    }
}

/// A button in the place of a form.
fn opener(words: &str, way: &Way) -> Card {
    let open = Button::new("Open the form", way.again.clone()).primary();
    Card::say(words).buttons([open])
}

pub(super) fn too_long() -> Card {
    Card::say("That command is too long for a form. Leave some of it out and fill it in there.")
}
