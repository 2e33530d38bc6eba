//! One act of one person, from what was heard to what that person sees.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use serde_json::{Value, json};
use serenity::all::{
    ApplicationId, AutocompleteChoice, CreateAutocompleteResponse, CreateInteractionResponse,
    CreateModal, InteractionId,
};
use serenity::http::{LightMethod, Route};
use tokio_util::task::TaskTracker;

use super::carry::{Ids, Long};
use super::client::Call;
use super::fault::Fault;
use super::render::{self, File, Message};
use super::words::plain;
use super::{Discord, Host, files, form};
use crate::chat::fetch::Given;
use crate::chat::{Act, Asked, Attachment, Card, Form, Inbound, Platform, Reply, Speaker};

/// What is seen by one person only.
const EPHEMERAL: u64 = 1 << 6;
/// A modal cannot be put off: whatever opens one has to be there by then.
const MODAL: Duration = Duration::from_millis(2700);

/// Takes acts in and gives answers out.
pub(super) struct Desk {
    pub discord: Arc<Discord>,
    pub host: Host,
    tasks: TaskTracker,
}

/// The way back to the person who did something.
#[derive(Debug, Clone)]
pub(super) struct Way {
    pub id: InteractionId,
    pub token: String,
    pub application: ApplicationId,
    /// Discord's id of the server, wherever it was done.
    pub workspace: String,
    /// It was done in a direct message: whatever is clicked in the answer has to carry the server.
    pub direct: bool,
    pub channel: String,
    pub person: Speaker,
    /// The answer goes into the place of the message it was done on.
    pub over: bool,
    /// A modal may answer it.
    pub modal: bool,
    /// The page of a form.
    pub page: usize,
}

impl Way {
    pub fn ids(&self) -> Ids {
        Ids::new(self.direct.then(|| self.workspace.parse().ok()).flatten())
    }
}

/// What the person is shown.
pub(super) enum Answer {
    Nothing,
    Modal(Form),
    Message(Message, Vec<File>),
}

impl Desk {
    pub fn new(discord: Arc<Discord>, host: Host) -> Self {
        Desk {
            discord,
            host,
            tasks: TaskTracker::new(),
        }
    }

    /// Begins work that the end waits for.
    pub fn begin(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(work);
    }

    /// Waits for the work in hand.
    pub async fn drain(&self, at_most: Duration) {
        self.tasks.close();
        let ended = tokio::time::timeout(at_most, self.tasks.wait()).await;
        if ended.is_err() {
            let left = self.tasks.len();
            tracing::warn!(left, "discord: some answers did not finish in time");
        }
    }

    /// Carries an act out and answers it: at once if that is possible, else in its place later.
    pub async fn act(&self, way: &Way, (event, act): (String, Act)) {
        let said = (act, Vec::new());
        self.answered(way, self.answer(way, event, said)).await;
    }

    /// The same with files, which are fetched first.
    pub async fn act_with(&self, way: &Way, (event, act): (String, Act), given: Vec<Given>) {
        let work = async {
            let files = self.discord.client.given(given).await;
            self.answer(way, event, (act, files)).await
        };
        self.answered(way, work).await;
    }

    async fn answered(&self, way: &Way, work: impl Future<Output = Answer>) {
        tokio::pin!(work);
        let patience = self.discord.waits.answer;
        match tokio::time::timeout(patience, &mut work).await {
            Ok(answer) => self.give(way, answer).await,
            Err(_) => {
                let body = match way.over {
                    true => json!({ "type": 6 }),
                    false => json!({ "type": 5, "data": { "flags": EPHEMERAL } }),
                };
                if let Err(fault) = self.callback(way, body, &[]).await {
                    tracing::warn!(%fault, "discord: an answer could not be put off");
                }
                let answer = work.await;
                self.give_late(way, answer).await;
            }
        }
    }

    /// Takes in what was picked, and shows the page of the form on which it was.
    pub async fn fill(&self, way: &Way, (act, field): (Act, &str)) {
        let field = field.to_owned();
        let work = async {
            match self.ask(way, way.id.to_string(), act).await {
                Reply::Form(form) => {
                    let page = form::page_of(&form, &field);
                    let way = Way {
                        page,
                        ..way.clone()
                    };
                    self.prepare(&way, Reply::Form(form)).await
                }
                reply => self.prepare(way, reply).await,
            }
        };
        self.answered(way, work).await;
    }

    /// Opens a part of a form as a modal.
    pub async fn write(&self, way: &Way, command: &str, part: usize) {
        let act = Act::Filled {
            command: command.to_owned(),
            values: Vec::new(),
            send: false,
        };
        let asked = self.ask(way, way.id.to_string(), act);
        let answer = match tokio::time::timeout(MODAL, asked).await {
            Ok(Reply::Form(form)) => {
                let mut ids = way.ids();
                match form::part(&form, part, &mut ids) {
                    Some(modal) => return self.open(way, (modal, ids.long)).await,
                    None => self.prepare(way, Reply::Form(form)).await,
                }
            }
            Ok(reply) => self.prepare(way, reply).await,
            Err(_) => {
                self.card(way, &Card::say("That took too long. Press it again."))
                    .await
            }
        };
        self.give(way, answer).await;
    }

    /// What could be meant by what is being typed.
    pub async fn suggest(&self, way: &Way, (command, field, typed): (String, String, String)) {
        let asked = Asked {
            platform: Platform::Discord,
            workspace: way.workspace.clone(),
            person: way.person.id.clone(),
            command,
            field,
            typed,
        };
        let found = tokio::time::timeout(MODAL, (self.host.suggest)(asked)).await;
        let fits = |value: &str| (1..=100).contains(&value.chars().count());
        let choices = found.unwrap_or_default().into_iter();
        let choices = choices
            .filter(|choice| fits(&choice.value))
            .take(25)
            .map(|choice| AutocompleteChoice::new(plain(&choice.label, 100), choice.value));
        let response = CreateAutocompleteResponse::new().set_choices(choices.collect());
        let body = json!(CreateInteractionResponse::Autocomplete(response));
        if let Err(fault) = self.callback(way, body, &[]).await {
            // Whoever types has typed on.
            tracing::debug!(%fault, "discord: suggestions came to nothing");
        }
    }

    async fn answer(&self, way: &Way, event: String, said: (Act, Vec<Attachment>)) -> Answer {
        let is_bit = matches!(said.0, Act::Filled { .. } | Act::Submitted { .. });
        let reply = self.hear(way, event.clone(), said).await;
        match reply {
            Reply::Form(form) if way.modal && form::is_modal(&form) => Answer::Modal(form),
            Reply::Form(form) => {
                if !is_bit {
                    self.begin_form(way, event, &form).await;
                }
                self.prepare(way, Reply::Form(form)).await
            }
            reply => self.prepare(way, reply).await,
        }
    }

    /// Makes the person's draft what stands in a form that is now asked bit by bit.
    async fn begin_form(&self, way: &Way, event: String, form: &Form) {
        if form.fields.iter().all(|field| field.value.is_none()) {
            return;
        }
        let filled = |values| Act::Filled {
            command: form.command.clone(),
            values,
            send: false,
        };
        let emptied = filled(form::emptied(form));
        if let Reply::Form(blank) = self.ask(way, event.clone(), emptied).await {
            let standing = form::standing(form, &blank);
            if !standing.is_empty() {
                self.ask(way, event, filled(standing)).await;
            }
        }
    }

    async fn prepare(&self, way: &Way, reply: Reply) -> Answer {
        match reply {
            Reply::Nothing => Answer::Nothing,
            Reply::Card(card) => self.card(way, &card).await,
            Reply::Form(form) => {
                self.kept(way, form::message(&form, way.page, way.ids()), Vec::new())
                    .await
            }
        }
    }

    pub async fn card(&self, way: &Way, card: &Card) -> Answer {
        let (files, names) = files::pictures(card).await;
        let message = render::message(card, &names, way.ids(), None);
        self.kept(way, message, files).await
    }

    async fn kept(&self, way: &Way, message: Message, files: Vec<File>) -> Answer {
        self.keep(&way.workspace, &message.long).await;
        Answer::Message(message, files)
    }

    pub async fn keep(&self, workspace: &str, long: &[Long]) {
        if let Err(error) = self.discord.keeper.keep(workspace, long).await {
            tracing::error!(%error, "discord: a long command could not be kept; its button is dead");
        }
    }

    async fn ask(&self, way: &Way, event: String, act: Act) -> Reply {
        self.hear(way, event, (act, Vec::new())).await
    }

    /// Asks the app. A panic in it is caught: the person is told, and the face goes on.
    async fn hear(&self, way: &Way, event: String, (act, files): (Act, Vec<Attachment>)) -> Reply {
        let inbound = Inbound {
            event,
            platform: Platform::Discord,
            workspace: way.workspace.clone(),
            speaker: way.person.clone(),
            channel: way.channel.clone(),
            act,
            files,
        };
        let work = AssertUnwindSafe(async { (self.host.act)(inbound).await });
        work.catch_unwind().await.unwrap_or_else(|_| {
            tracing::error!("discord: the app panicked over an act");
            metrics::counter!("isms_panics_total", "where" => "discord").increment(1);
            Card::say("Something broke on my side, and nothing was changed. It is in the log.")
                .into()
        })
    }

    /// The first answer to an act.
    pub async fn give(&self, way: &Way, answer: Answer) {
        let (message, files) = match answer {
            Answer::Nothing if way.over => {
                let done = self.callback(way, json!({ "type": 6 }), &[]).await;
                return lost(done);
            }
            Answer::Nothing => match self.card(way, &done()).await {
                Answer::Message(message, files) => (message, files),
                _ => return,
            },
            Answer::Modal(form) => {
                let mut ids = way.ids();
                let opened = super::carry::base36(u128::from(way.id.get()));
                let modal = form::modal(&form, &opened, &mut ids);
                return self.open(way, (modal, ids.long)).await;
            }
            Answer::Message(message, files) => (message, files),
        };
        let mut data = message.body(&files, &[]);
        if !way.over {
            data["flags"] = json!(EPHEMERAL);
        }
        let body = json!({ "type": if way.over { 7 } else { 4 }, "data": data });
        let given = self.callback(way, body, &files).await;
        if let Err(Fault::Api { status: 400, .. }) = &given {
            // It could not be worded as Discord wants it; better less than "did not respond".
            let words = "It is done, but Discord did not take my answer. It is in the log.";
            let body = json!({ "type": 4, "data": { "content": words, "flags": EPHEMERAL } });
            let _ = self.callback(way, body, &[]).await;
        }
        lost(given);
    }

    async fn open(&self, way: &Way, (modal, long): (CreateModal, Vec<Long>)) {
        self.keep(&way.workspace, &long).await;
        let body = json!(CreateInteractionResponse::Modal(modal));
        lost(self.callback(way, body, &[]).await);
    }

    /// In the place that was kept for it. No modal can open there: the form is a message.
    async fn give_late(&self, way: &Way, answer: Answer) {
        let (message, files) = match answer {
            Answer::Nothing if way.over => return,
            Answer::Nothing => match self.card(way, &done()).await {
                Answer::Message(message, files) => (message, files),
                _ => return,
            },
            Answer::Modal(form) => {
                self.begin_form(way, way.id.to_string(), &form).await;
                let message = form::message(&form, way.page, way.ids());
                self.keep(&way.workspace, &message.long).await;
                (message, Vec::new())
            }
            Answer::Message(message, files) => (message, files),
        };
        let route = Route::WebhookOriginalInteractionResponse {
            application_id: way.application,
            token: &way.token,
        };
        let call = Call::new("late answer", way.id, LightMethod::Patch, route)
            .body(message.body(&files, &[]))
            .files(&files)
            .exempt();
        lost(self.discord.client.done(call).await);
    }

    /// Answers within three seconds. What never left this machine is tried once more.
    async fn callback(&self, way: &Way, body: Value, files: &[File]) -> Result<(), Fault> {
        let call = || {
            let route = Route::InteractionResponse {
                interaction_id: way.id,
                token: &way.token,
            };
            Call::new("answer", way.id, LightMethod::Post, route)
                .body(body.clone())
                .files(files)
                .exempt()
        };
        match self.discord.client.done(call()).await {
            Err(Fault::NotSent(_)) => self.discord.client.done(call()).await,
            answered => answered,
        }
    }
}

fn done() -> Card {
    Card::say("Done.")
}

fn lost(given: Result<(), Fault>) {
    if let Err(fault) = given {
        metrics::counter!("isms_discord_answers_lost_total").increment(1);
        tracing::error!(%fault, "discord: an answer could not be given");
    }
}
