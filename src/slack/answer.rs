//! One act of one person, from Slack's payload to what that person sees.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use serde_json::Value;
use slack_morphism::prelude::*;
use tokio::sync::oneshot;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

use super::fault::Fault;
use super::modal::{self, Carried};
use super::send::PAUSES;
use super::{Handler, Slack, render, words};
use crate::chat::{Act, Button, Card, Form, Inbound, MessageRef, Platform, Reply, Speaker};

/// Slack takes a `trigger_id` for three seconds from the act.
const TRIGGER: Duration = Duration::from_millis(2800);
/// Between "working on it" in an acknowledgement and what replaces it, so that they come in order.
const BREATH: Duration = Duration::from_millis(400);

/// Takes acts in and gives answers out.
pub(super) struct Desk {
    slack: Arc<Slack>,
    handler: Handler,
    tasks: TaskTracker,
}

/// The ways back to the person who did something.
#[derive(Debug, Clone)]
struct Way {
    person: String,
    channel: String,
    trigger: Option<SlackTriggerId>,
    response_url: Option<String>,
    /// What to type to get here again.
    again: String,
}

impl Way {
    fn carried(&self) -> Carried {
        Carried {
            command: String::new(),
            channel: self.channel.clone(),
            response_url: self.response_url.clone(),
        }
    }
}

impl Desk {
    pub fn new(slack: Arc<Slack>, handler: Handler) -> Self {
        Desk {
            slack,
            handler,
            tasks: TaskTracker::new(),
        }
    }

    pub fn slack(&self) -> &Arc<Slack> {
        &self.slack
    }

    /// Counts as work in hand while it is held.
    pub fn token(&self) -> TaskTrackerToken {
        self.tasks.token()
    }

    /// Waits for the work in hand.
    pub async fn drain(&self, at_most: Duration) {
        self.tasks.close();
        if tokio::time::timeout(at_most, self.tasks.wait())
            .await
            .is_err()
        {
            tracing::warn!(
                left = self.tasks.len(),
                "slack: some answers did not finish in time"
            );
        }
    }

    pub fn command(self: &Arc<Self>, event: SlackCommandEvent) {
        let desk = self.clone();
        self.tasks.spawn(async move {
            let typed = words::heard(event.text.as_deref().unwrap_or_default());
            let way = Way {
                person: event.user_id.0,
                channel: event.channel_id.0,
                trigger: Some(event.trigger_id.clone()),
                response_url: Some(event.response_url.0.to_string()),
                again: typed.clone(),
            };
            let act = Act::Typed(typed);
            let reply = desk
                .ask(&way, event.team_id.0, (event.trigger_id.0, act))
                .await;
            desk.give(reply, &way).await;
        });
    }

    pub fn click(self: &Arc<Self>, event: SlackInteractionBlockActionsEvent) {
        let Some((way, on)) = clicked(&event) else {
            tracing::debug!("slack: a click on something that is not a button of the bot");
            return;
        };
        let desk = self.clone();
        self.tasks.spawn(async move {
            let act = Act::Clicked {
                command: way.again.clone(),
                on,
            };
            let reply = desk
                .ask(&way, event.team.id.0, (event.trigger_id.0, act))
                .await;
            desk.give(reply, &way).await;
        });
    }

    /// Answers a submit within its acknowledgement: errors go beside the fields of the open form and
    /// keep what was typed, a receipt closes it. If the work takes longer than Slack waits, the form
    /// says so and is replaced when the answer is there.
    pub async fn submit(
        self: &Arc<Self>,
        event: SlackInteractionViewSubmissionEvent,
    ) -> SlackInteractionResponse {
        let Some(carried) = carried_by(&event.view) else {
            tracing::warn!("slack: a submitted form that is not of this bot");
            return SlackInteractionResponse::Empty;
        };
        let way = Way {
            person: event.user.id.0.clone(),
            channel: carried.channel,
            trigger: None,
            response_url: carried.response_url,
            again: carried.command.clone(),
        };
        let act = Act::Submitted {
            command: carried.command,
            values: modal::values(&event.view),
        };
        let view = event.view.state_params.id.clone();
        let (answer, mut answered) = oneshot::channel();
        let (desk, late_way, team, seen) = (
            self.clone(),
            way.clone(),
            event.team.id.0.clone(),
            view.clone(),
        );
        self.tasks.spawn(async move {
            let reply = desk.ask(&late_way, team, (seen.0.clone(), act)).await;
            if let Err(reply) = answer.send(reply) {
                desk.give_late(reply, &late_way, seen).await;
            }
        });
        let reply = tokio::time::timeout(self.slack.waits.submit, &mut answered).await;
        answered.close();
        match reply
            .ok()
            .and_then(Result::ok)
            .or_else(|| answered.try_recv().ok())
        {
            Some(reply) => self.acknowledged(reply, &way, &event.view),
            None => replaced_by(modal::telling(
                "Working on it",
                &Card::say(
                    "This takes longer than usual. It goes on by itself, also when you close this.",
                ),
            )),
        }
    }

    fn acknowledged(
        self: &Arc<Self>,
        reply: Reply,
        way: &Way,
        open: &SlackStatefulView,
    ) -> SlackInteractionResponse {
        match reply {
            Reply::Nothing => SlackInteractionResponse::Empty,
            Reply::Card(card) => {
                let (desk, way) = (self.clone(), way.clone());
                self.tasks
                    .spawn(async move { desk.show(&card, &way).await });
                SlackInteractionResponse::Empty
            }
            Reply::Form(form) => match modal::errors_in_place(&form, open) {
                Some(errors) => SlackViewSubmissionResponse::Errors(errors).into(),
                None => match modal::view(&form, &way.carried()) {
                    Some(view) => replaced_by(view),
                    None => self.acknowledged(too_long().into(), way, open),
                },
            },
        }
    }

    /// Asks the app. A panic in it is caught: the person is told, and the face goes on.
    async fn ask(&self, way: &Way, workspace: String, (event, act): (String, Act)) -> Reply {
        // A channel can be shared with another company, and its people see the buttons too.
        if self.slack.workspace().is_some_and(|ours| ours != workspace) {
            return Card::say("This ISMS belongs to another Slack workspace.").into();
        }
        let profile = self.slack.client.profile(&way.person).await;
        let inbound = Inbound {
            event,
            platform: Platform::Slack,
            workspace,
            speaker: Speaker {
                id: way.person.clone(),
                name: profile.name,
                zone: profile.zone,
                admin: profile.admin,
            },
            channel: way.channel.clone(),
            act,
        };
        let work = AssertUnwindSafe(async { (self.handler)(inbound).await });
        work.catch_unwind().await.unwrap_or_else(|_| {
            tracing::error!("slack: the app panicked over an act");
            metrics::counter!("isms_panics_total", "where" => "slack").increment(1);
            Card::say("Something broke on my side, and nothing was changed. It is in the log.")
                .into()
        })
    }

    async fn give(&self, reply: Reply, way: &Way) {
        match reply {
            Reply::Nothing => {}
            Reply::Card(card) => self.show(&card, way).await,
            Reply::Form(form) => self.open(&form, way).await,
        }
    }

    async fn give_late(&self, reply: Reply, way: &Way, view: SlackViewId) {
        tokio::time::sleep(BREATH).await;
        let next = match &reply {
            Reply::Form(form) => modal::view(form, &way.carried()),
            _ => None,
        };
        let next =
            next.unwrap_or_else(|| modal::telling("Done", &Card::say("You can close this.")));
        let request = SlackApiViewsUpdateRequest::new(next).with_view_id(view);
        let updated: Result<Value, Fault> = self.slack.client.post("views.update", &request).await;
        if let Err(fault) = updated {
            tracing::info!(%fault, "slack: the form is gone before its answer");
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
        let Some(trigger) = way.trigger.clone() else {
            return;
        };
        let request = SlackApiViewsOpenRequest::new(trigger, view);
        let call = self.slack.client.post::<_, Value>("views.open", &request);
        let opened = tokio::time::timeout(TRIGGER, call).await;
        let fault = match opened {
            Ok(Ok(_)) => return,
            Ok(Err(fault)) => fault.to_string(),
            Err(_) => "no answer in time".to_owned(),
        };
        tracing::warn!(fault, "slack: a form could not be opened");
        let card = Card::say("Slack did not let me open the form in time.").buttons([Button::new(
            "Open the form",
            way.again.clone(),
        )
        .primary()]);
        self.show(&card, way).await;
    }

    /// To that person only. Pictures that Slack does not take in such an answer follow as files in a
    /// direct message.
    async fn show(&self, card: &Card, way: &Way) {
        let pictures = self
            .slack
            .client
            .put_pictures(card)
            .await
            .unwrap_or_else(|fault| {
                tracing::warn!(%fault, "slack: pictures could not be uploaded; sent in words");
                Vec::new()
            });
        if !pictures.is_empty() {
            for pause in 1..=PAUSES {
                if self.respond(card, &pictures, way).await.is_ok() {
                    return;
                }
                tokio::time::sleep(self.slack.waits.picture * pause).await;
            }
        }
        self.say(card, way).await;
        if !pictures.is_empty()
            && let Err(fault) = self.slack.send_pictures(card, &way.person).await
        {
            tracing::error!(%fault, "slack: pictures of an answer could not be sent");
        }
    }

    /// In words: by the address that came with the act, else into the channel, else as a direct
    /// message (where the bot is no member, the second fails).
    async fn say(&self, card: &Card, way: &Way) {
        let Err(by_address) = self.respond(card, &[], way).await else {
            return;
        };
        let content = render::message(card, &[]);
        let ephemeral = SlackApiChatPostEphemeralRequest::new(
            way.channel.as_str().into(),
            way.person.as_str().into(),
            content.clone(),
        );
        let client = &self.slack.client;
        let posted: Result<Value, Fault> = client.post("chat.postEphemeral", &ephemeral).await;
        let Err(by_channel) = posted else { return };
        let direct = async {
            let channel = self.slack.direct(&way.person).await?;
            let request = SlackApiChatPostMessageRequest::new(channel.into(), content);
            client.post::<_, Value>("chat.postMessage", &request).await
        };
        if let Err(direct) = direct.await {
            tracing::error!(%by_address, %by_channel, %direct, "slack: an answer could not be given");
        }
    }

    async fn respond(&self, card: &Card, pictures: &[SlackFileId], way: &Way) -> Result<(), Fault> {
        let url = way
            .response_url
            .as_deref()
            .and_then(|url| url.parse::<url::Url>().ok());
        let url = url.ok_or_else(|| Fault::NotSent("no address came with the act".to_owned()))?;
        self.slack
            .client
            .respond(&url, render::message(card, pictures))
            .await
    }
}

/// The button's command, the ways back, and the message it stood on. An ephemeral message cannot be
/// edited, so it is not told.
fn clicked(event: &SlackInteractionBlockActionsEvent) -> Option<(Way, Option<MessageRef>)> {
    let action = event
        .actions
        .as_ref()?
        .iter()
        .find(|a| a.action_id.0.starts_with("isms:"))?;
    let command = action.value.clone()?;
    let (container, on) = match &event.container {
        SlackInteractionActionContainer::Message(message) => (
            message.channel_id.clone(),
            (!message.is_ephemeral.unwrap_or(false)).then(|| message.message_ts.0.clone()),
        ),
        _ => (None, None),
    };
    let channel = event
        .channel
        .as_ref()
        .map(|channel| channel.id.clone())
        .or(container);
    let channel = channel.map(|channel| channel.0).unwrap_or_default();
    let way = Way {
        person: event.user.as_ref()?.id.0.clone(),
        channel: channel.clone(),
        trigger: Some(event.trigger_id.clone()),
        response_url: event.response_url.as_ref().map(|url| url.0.to_string()),
        again: command,
    };
    Some((way, on.map(|message| MessageRef { channel, message })))
}

fn carried_by(view: &SlackStatefulView) -> Option<Carried> {
    match &view.view {
        SlackView::Modal(modal) => Carried::read(modal.private_metadata.as_deref()),
        SlackView::Home(_) => None,
    }
}

fn replaced_by(view: SlackView) -> SlackInteractionResponse {
    SlackViewSubmissionResponse::Update(SlackViewSubmissionUpdateResponse::new(view)).into()
}

fn too_long() -> Card {
    Card::say("That command is too long for a form. Leave some of it out and fill it in there.")
}
