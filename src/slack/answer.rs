//! One act of one person, from Slack's payload to what the app answers.

use std::collections::VecDeque;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::FutureExt;
use slack_morphism::prelude::*;
use tokio::sync::{oneshot, watch};
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

use super::modal::{self, Carried};
use super::teams::Team;
use super::{Handler, Slack, give, words};
use crate::chat::fetch::Given;
use crate::chat::{Act, Asked, Card, Inbound, MessageRef, Platform, Reply, Speaker};

/// Envelopes and events remembered, to drop one that is delivered twice.
const REMEMBERED: usize = 2000;
/// Slack waits for three seconds, also while the bot starts.
const OPENING: Duration = Duration::from_secs(2);
/// What is suggested has to be there by then: Slack waits for three seconds.
const SUGGEST: Duration = Duration::from_millis(2500);

/// Takes acts in and gives answers out.
pub struct Desk {
    slack: Arc<Slack>,
    handler: Handler,
    tasks: TaskTracker,
    seen: Mutex<VecDeque<String>>,
    open: watch::Sender<bool>,
}

/// The ways back to the person who did something.
#[derive(Debug, Clone, Default)]
pub(super) struct Way {
    /// Slack's id of the workspace.
    pub team: String,
    pub person: String,
    /// Empty where it happened in no conversation (the home, a global shortcut).
    pub channel: String,
    pub trigger: Option<SlackTriggerId>,
    pub response_url: Option<String>,
    /// What to type to get here again.
    pub again: String,
    /// In the person's conversation with the bot an answer is a message like any other.
    pub direct: bool,
}

impl Way {
    pub fn carried(&self) -> Carried {
        Carried {
            command: String::new(),
            channel: self.channel.clone(),
            response_url: self.response_url.clone(),
            files: Vec::new(),
        }
    }
}

impl Desk {
    pub(super) fn new(slack: Arc<Slack>, handler: Handler) -> Self {
        Desk {
            slack,
            handler,
            tasks: TaskTracker::new(),
            seen: Mutex::default(),
            open: watch::Sender::new(false),
        }
    }

    pub(super) fn slack(&self) -> &Arc<Slack> {
        &self.slack
    }

    pub(super) fn tasks(&self) -> &TaskTracker {
        &self.tasks
    }

    /// The tokens are known: acts can be answered.
    pub(super) fn opens(&self) {
        self.open.send_replace(true);
    }

    /// Whether they can; at the start it is waited for, shortly.
    pub(super) async fn is_open(&self) -> bool {
        let mut open = self.open.subscribe();
        let opened = tokio::time::timeout(OPENING, open.wait_for(|open| *open));
        opened.await.is_ok_and(|opened| opened.is_ok())
    }

    /// Remembers the identity of an envelope or an event; true if it came before.
    pub(super) fn saw_before(&self, identity: &str) -> bool {
        let Ok(mut seen) = self.seen.lock() else {
            return false;
        };
        if seen.iter().any(|known| known == identity) {
            return true;
        }
        if seen.len() == REMEMBERED {
            seen.pop_front();
        }
        seen.push_back(identity.to_owned());
        false
    }

    /// Counts as work in hand while it is held.
    pub(super) fn token(&self) -> TaskTrackerToken {
        self.tasks.token()
    }

    /// Waits for the work in hand.
    pub(super) async fn drain(&self, at_most: Duration) {
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

    pub(super) fn command(self: &Arc<Self>, event: SlackCommandEvent) {
        let typed = words::heard(event.text.as_deref().unwrap_or_default());
        let way = Way {
            team: event.team_id.0,
            person: event.user_id.0,
            channel: event.channel_id.0,
            trigger: Some(event.trigger_id.clone()),
            response_url: Some(event.response_url.0.to_string()),
            again: typed.clone(),
            direct: false,
        };
        self.answer(way, (event.trigger_id.0, Act::Typed(typed)));
    }

    pub(super) fn click(self: &Arc<Self>, event: SlackInteractionBlockActionsEvent) {
        let Some((way, on)) = clicked(&event) else {
            tracing::debug!("slack: a click on something that is not a button of the bot");
            return;
        };
        let act = Act::Clicked {
            command: way.again.clone(),
            on,
        };
        self.answer(way, (event.trigger_id.0, act));
    }

    /// Asks the app, in a task of its own, and gives what it answers.
    pub(super) fn answer(self: &Arc<Self>, way: Way, act: (String, Act)) {
        let desk = self.clone();
        self.tasks.spawn(async move {
            let reply = desk.ask(&way, act).await;
            desk.give(reply, &way).await;
            desk.refresh_home(&way).await;
        });
    }

    /// Answers a submit within its acknowledgement: errors go beside the fields of the open form and
    /// keep what was typed, a receipt closes it. If the work takes longer than Slack waits, the form
    /// says so and is replaced when the answer is there.
    pub(super) async fn submit(
        self: &Arc<Self>,
        event: SlackInteractionViewSubmissionEvent,
        given: Vec<Given>,
    ) -> SlackInteractionResponse {
        let Some(carried) = carried_by(&event.view) else {
            tracing::warn!("slack: a submitted form that is not of this bot");
            return SlackInteractionResponse::Empty;
        };
        let way = Way {
            team: event.team.id.0.clone(),
            person: event.user.id.0.clone(),
            channel: carried.channel,
            trigger: None,
            response_url: carried.response_url,
            again: carried.command.clone(),
            direct: false,
        };
        let act = Act::Submitted {
            command: carried.command,
            values: modal::values(&event.view, carried.files),
        };
        let view = event.view.state_params.id.clone();
        let (answer, mut answered) = oneshot::channel();
        let (desk, late_way, seen) = (self.clone(), way.clone(), view.clone());
        self.tasks.spawn(async move {
            let reply = desk.ask_with(&late_way, (seen.0.clone(), act), given).await;
            if let Err(reply) = answer.send(reply) {
                desk.give_late(reply, &late_way, seen).await;
            }
            desk.refresh_home(&late_way).await;
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
                    None => self.acknowledged(give::too_long().into(), way, open),
                },
            },
        }
    }

    /// Suggests what could be meant in a field, while someone types.
    pub(super) async fn suggest(
        &self,
        event: SlackInteractionBlockSuggestionEvent,
    ) -> SlackInteractionResponse {
        let carried = match &event.view {
            Some(SlackView::Modal(modal)) => Carried::read(modal.private_metadata.as_deref()),
            _ => None,
        };
        let served = self.slack.team(&event.team.id.0).await;
        let (Some(carried), Some(team)) = (carried, served) else {
            return modal::options(&[]);
        };
        let asked = Asked {
            platform: Platform::Slack,
            workspace: team.id.clone(),
            person: event.user.id.0,
            command: carried.command,
            field: event.block_id.0,
            typed: event.value,
        };
        let found = tokio::time::timeout(SUGGEST, (self.slack.seams.suggest)(asked)).await;
        modal::options(&found.unwrap_or_default())
    }

    /// Asks the app.
    pub(super) async fn ask(&self, way: &Way, act: (String, Act)) -> Reply {
        self.ask_with(way, act, Vec::new()).await
    }

    /// The same, with files that came along.
    async fn ask_with(&self, way: &Way, act: (String, Act), given: Vec<Given>) -> Reply {
        // A channel can be shared with another company, and its people see the buttons too.
        let Some(team) = self.slack.team(&way.team).await else {
            return Card::say("This ISMS belongs to another Slack workspace.").into();
        };
        let files = team.client.attached(given);
        let (inbound, files) = tokio::join!(inbound(&team, way, act), files);
        self.hear(Inbound { files, ..inbound }).await
    }

    /// A panic in the app is caught: the person is told, and the face goes on.
    pub(super) async fn hear(&self, inbound: Inbound) -> Reply {
        let work = AssertUnwindSafe(async { (self.handler)(inbound).await });
        work.catch_unwind().await.unwrap_or_else(|_| {
            tracing::error!("slack: the app panicked over an act");
            metrics::counter!("isms_panics_total", "where" => "slack").increment(1);
            Card::say("Something broke on my side, and nothing was changed. It is in the log.")
                .into()
        })
    }
}

/// An act as the app hears it.
pub(super) async fn inbound(team: &Team, way: &Way, (event, act): (String, Act)) -> Inbound {
    let profile = team.client.profile(&way.person).await;
    // What happened in no conversation is between the person and the bot.
    let channel = match way.channel.as_str() {
        "" => team.direct(&way.person).await.unwrap_or_default(),
        channel => channel.to_owned(),
    };
    Inbound {
        event,
        platform: Platform::Slack,
        workspace: team.id.clone(),
        speaker: Speaker {
            id: way.person.clone(),
            name: profile.name,
            zone: profile.zone,
            admin: profile.admin,
        },
        channel,
        act,
        files: Vec::new(),
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
        team: event.team.id.0.clone(),
        person: event.user.as_ref()?.id.0.clone(),
        channel: channel.clone(),
        trigger: Some(event.trigger_id.clone()),
        response_url: event.response_url.as_ref().map(|url| url.0.to_string()),
        again: command,
        direct: false,
    };
    Some((way, on.map(|message| MessageRef { channel, message })))
}

fn carried_by(view: &SlackStatefulView) -> Option<Carried> {
    match &view.view {
        SlackView::Modal(modal) => Carried::read(modal.private_metadata.as_deref()),
        SlackView::Home(_) => None,
    }
}

pub(super) fn replaced_by(view: SlackView) -> SlackInteractionResponse {
    SlackViewSubmissionResponse::Update(SlackViewSubmissionUpdateResponse::new(view)).into()
}
