//! The Slack face by itself, against the fake, with a stand-in for the app.

mod acts;
mod posts;
mod sockets;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::FutureExt;
use isms_bot::chat::{
    Act, Block, Button, Card, Chart, ChartPoint, Chat, Choice, Content, Delivery, Field, FieldKind,
    Form, Inbound, MessageRef, Picture, PictureSource, Refusal, Reply, SendError, Target, Text,
};
use isms_bot::config::Secret;
use isms_bot::slack::{Handler, RunError, Slack, Waits, check};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::harness::slack::{FakeSlack, Fault, TEAM};

/// A bot that listens, and what reached the app.
struct Running {
    face: Arc<Slack>,
    heard: Arc<Mutex<Vec<Inbound>>>,
    stop: CancellationToken,
    task: JoinHandle<Result<(), RunError>>,
}

impl Running {
    fn heard(&self) -> Vec<Inbound> {
        self.heard.lock().unwrap().clone()
    }

    async fn ends(self) -> Result<(), RunError> {
        tokio::time::timeout(Duration::from_secs(30), self.task)
            .await
            .unwrap()
            .unwrap()
    }
}

/// Waits that a test does not notice.
fn short() -> Waits {
    Waits {
        connections: 1,
        without_connection: Duration::from_millis(300),
        picture: Duration::from_millis(1),
        ..Waits::default()
    }
}

fn runs(
    slack: &FakeSlack,
    waits: Waits,
    app: impl Fn(Inbound) -> Reply + Send + Sync + 'static,
) -> Running {
    let app = Arc::new(app);
    let heard: Arc<Mutex<Vec<Inbound>>> = Arc::default();
    let seen = heard.clone();
    let handler: Handler = Arc::new(move |inbound| {
        seen.lock().unwrap().push(inbound.clone());
        let app = app.clone();
        async move { app(inbound) }.boxed()
    });
    runs_with(slack, (waits, heard), handler)
}

fn runs_with(
    slack: &FakeSlack,
    (waits, heard): (Waits, Arc<Mutex<Vec<Inbound>>>),
    handler: Handler,
) -> Running {
    let face = Arc::new(Slack::with_waits(slack.settings(), waits).unwrap());
    let stop = CancellationToken::new();
    let (listening, until) = (face.clone(), stop.clone());
    let task = tokio::spawn(async move { listening.run(handler, until).await });
    Running {
        face,
        heard,
        stop,
        task,
    }
}

fn field(name: &str, kind: FieldKind) -> Field {
    Field {
        name: name.to_owned(),
        label: name.to_owned(),
        hint: Some(format!("the {name}")),
        kind,
        required: name != "risk",
        value: None,
        error: None,
    }
}

fn form() -> Form {
    let risk = ["low", "high"].map(|v| Choice {
        value: v.into(),
        label: v.to_uppercase(),
    });
    Form {
        title: "New action".into(),
        intro: Some("What is to be done?".into()),
        command: "action new".into(),
        fields: vec![
            field("title", FieldKind::Line),
            field("owner", FieldKind::Person),
            field("due", FieldKind::Date),
            field("risk", FieldKind::Choice(risk.into())),
            field("plan", FieldKind::Paragraph),
        ],
        submit: "Raise".into(),
    }
}

/// Opens a form, refuses a due date of the past, else gives a receipt; a button says where it stood.
fn small_app(inbound: Inbound) -> Reply {
    match inbound.act {
        Act::Typed(words) if words == "action new" => Reply::Form(form()),
        Act::Typed(words) if words == "nothing" => Reply::Nothing,
        Act::Typed(words) => Card::say(format!("heard {words}"))
            .buttons([
                Button::new("Done", "action done CA-1"),
                Button::new("Open", "action new"),
            ])
            .into(),
        Act::Clicked { command, .. } if command == "action new" => Reply::Form(form()),
        Act::Clicked { command, on } => {
            let place = on.map_or("nowhere".to_owned(), |at| at.channel);
            Card::say(format!("clicked {command} in {place}")).into()
        }
        Act::Submitted { values, .. } | Act::Filled { values, .. } => {
            let mut again = form();
            for field in &mut again.fields {
                let found = values.iter().find(|(name, _)| *name == field.name);
                field.value = found.map(|(_, value)| value.clone());
            }
            let due = again
                .field("due")
                .and_then(|f| f.value.clone())
                .unwrap_or_default();
            if due.as_str() < "2026" {
                again.fields[2].error = Some("is in the past; take a later day".into());
                return Reply::Form(again);
            }
            let words: Vec<String> = values.iter().map(|(n, v)| format!("{n}={v}")).collect();
            Card::new("Raised").text(words.join(" ")).into()
        }
    }
}

fn card_to(target: Target, words: &str) -> Delivery {
    Delivery {
        id: Uuid::now_v7(),
        workspace: TEAM.to_owned(),
        target,
        instead: None,
        thread: None,
        content: Content::Card(Card::new("Digest").text(words)),
    }
}

fn to_channel(words: &str) -> Delivery {
    card_to(Target::Channel("C0ISMS".into()), words)
}

/// A face that only sends.
fn sender(slack: &FakeSlack) -> Slack {
    Slack::with_waits(slack.settings(), short()).unwrap()
}
