//! What people do: say, click, submit, dismiss.
//!
//! A script asks for JSON and gets told what to do next; everything it should show comes as an
//! event. A page without scripts posts its forms and gets a page back.

use axum::Form as Posted;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::filled::Filled;
use super::live::What;
use super::messages::{Body, NewMessage};
use super::notes::Note;
use super::render;
use super::roster::WORKSPACE;
use super::serve::{Site, Trouble};
use super::view::{self, Look, OpenForm, Show};
use crate::chat::{Act, Attachment, Card, Inbound, MessageRef, Platform, Reply, Speaker, Text};

/// The fields every act has.
struct Common {
    event: String,
    thread: Option<i64>,
}

#[derive(Deserialize)]
pub struct Said {
    #[serde(flatten)]
    common: Strings,
    words: String,
}

/// Form values as they come; `serde_urlencoded` cannot flatten into numbers.
type Strings = std::collections::HashMap<String, String>;

fn common(fields: &Strings) -> Common {
    let get = |name: &str| fields.get(name).cloned().unwrap_or_default();
    Common {
        event: Some(get("event"))
            .filter(|e| !e.is_empty())
            .unwrap_or_else(new_event),
        thread: get("thread").parse().ok(),
    }
}

/// An id for an act that a page offers.
pub fn new_event() -> String {
    Uuid::now_v7().to_string()
}

/// One act of one person, on its way.
struct Doing {
    site: Site,
    look: Look,
    common: Common,
    /// How the act is told in the note that answers it.
    asked: Option<String>,
    script: bool,
}

impl Doing {
    async fn begin(
        site: Site,
        (person, place): (String, String),
        fields: &Strings,
        headers: &HeaderMap,
    ) -> Result<Self, Trouble> {
        let look = view::look(&site.playground, &person, &place).await?;
        let common = common(fields);
        if let Some(thread) = common.thread {
            view::head(&site.playground, &look, thread).await?;
        }
        let accept = headers
            .get(header::ACCEPT)
            .and_then(|value| value.to_str().ok());
        Ok(Doing {
            site,
            look,
            common,
            asked: None,
            script: accept.is_some_and(|accept| accept.contains("application/json")),
        })
    }

    async fn answer(self, act: Act) -> Result<Response, Trouble> {
        self.answer_with(act, Vec::new()).await
    }

    async fn answer_with(self, act: Act, files: Vec<Attachment>) -> Result<Response, Trouble> {
        let viewer = &self.look.viewer;
        let inbound = Inbound {
            event: self.common.event.clone(),
            platform: Platform::Playground,
            workspace: WORKSPACE.to_owned(),
            speaker: Speaker {
                id: viewer.id.clone(),
                name: Some(viewer.name.clone()),
                zone: None,
                admin: None,
            },
            channel: self.look.place.channel(),
            act,
            files,
        };
        match (self.site.handle)(inbound).await {
            Reply::Nothing => self.done(),
            Reply::Card(card) => {
                self.note(card);
                self.done()
            }
            Reply::Form(form) => {
                let event = if form.has_errors() {
                    self.common.event.clone()
                } else {
                    new_event()
                };
                let thread = self.common.thread;
                self.open(OpenForm {
                    form,
                    event,
                    thread,
                })
                .await
            }
        }
    }

    /// Something for this person only, below what they did.
    fn note(&self, card: Card) {
        let playground = &self.site.playground;
        let (person, conversation) = (self.look.viewer.id.clone(), self.look.place.conversation());
        let note = Note {
            id: 0,
            thread: self.common.thread,
            at: playground.parts().clock.now(),
            asked: self.asked.clone(),
            card,
        };
        let id = playground.notes().add(&person, &conversation, note);
        playground.changes().announce(What::Note {
            person,
            conversation,
            id,
        });
    }

    /// Nothing more to do; the next act from the same place gets a new id.
    fn done(&self) -> Result<Response, Trouble> {
        if self.script {
            let next = json!({ "event": new_event() });
            return Ok(axum::Json(next).into_response());
        }
        let here = self.look.here();
        let back = match self.common.thread {
            Some(number) => format!("{here}/{number}"),
            None => here,
        };
        Ok(Redirect::to(&back).into_response())
    }

    async fn open(self, open: OpenForm) -> Result<Response, Trouble> {
        if self.script {
            let form = render::form(&self.look, &open).into_string();
            let next = json!({ "event": new_event(), "form": form });
            return Ok(axum::Json(next).into_response());
        }
        let thread = self.common.thread;
        let mut scene = view::scene(&self.site, self.look, Show::Latest { thread }).await?;
        scene.form = Some(open);
        Ok(view::answer(&scene))
    }
}

/// A message, or a command when it begins with `/isms`.
pub async fn say(
    State(site): State<Site>,
    Path(path): Path<(String, String)>,
    headers: HeaderMap,
    Posted(said): Posted<Said>,
) -> Result<Response, Trouble> {
    let mut doing = Doing::begin(site, path, &said.common, &headers).await?;
    let words = said.words.trim();
    if words.is_empty() {
        return doing.done();
    }
    if let Some(command) = command_in(words) {
        doing.asked = Some(words.to_owned());
        return doing.answer(Act::Typed(command.to_owned())).await;
    }
    if let Some(word) = words
        .split_whitespace()
        .next()
        .filter(|word| word.starts_with('/'))
    {
        let text = Text::new()
            .code(word)
            .plain_span(" is no command here. Mine begin with ");
        let text = text
            .code("/isms")
            .plain_span("; ")
            .code("/isms help")
            .plain_span(" tells them.");
        doing.asked = Some(words.to_owned());
        doing.note(Card::say(text));
        return doing.done();
    }
    let playground = &doing.site.playground;
    let new = NewMessage {
        conversation: doing.look.place.conversation(),
        thread: doing.common.thread,
        author: Some(doing.look.viewer.id.clone()),
        posted: playground.parts().clock.now(),
        // PostgreSQL's JSON cannot hold a NUL.
        body: Body::Words(words.replace('\0', "")),
        delivery: doing.common.event.clone(),
        bytes: None,
    };
    playground.keep(doing.look.roster.workspace, new).await?;
    doing.done()
}

/// What stands after `/isms`.
pub fn command_in(words: &str) -> Option<&str> {
    let rest = words.strip_prefix("/isms")?;
    let apart = rest.is_empty() || rest.starts_with(char::is_whitespace);
    apart.then(|| rest.trim())
}

/// A button. `press` is its act's id and its command; `on` the message it stands on.
pub async fn click(
    State(site): State<Site>,
    Path(path): Path<(String, String)>,
    headers: HeaderMap,
    Posted(mut fields): Posted<Strings>,
) -> Result<Response, Trouble> {
    let press = fields.remove("press").unwrap_or_default();
    let Some((event, command)) = press.split_once(' ') else {
        return Err(Trouble::NotFound("There is no such button."));
    };
    fields.insert("event".to_owned(), event.to_owned());
    let mut doing = Doing::begin(site, path, &fields, &headers).await?;
    doing.asked = Some(format!("/isms {command}"));
    let on = fields.get("on").map(|message| MessageRef {
        channel: doing.look.place.conversation(),
        message: message.clone(),
    });
    let command = command.to_owned();
    doing.answer(Act::Clicked { command, on }).await
}

/// A filled-in form. Its fields are called `field.` and their name, its files `file.` and theirs.
pub async fn submit(
    State(site): State<Site>,
    Path(path): Path<(String, String)>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Trouble> {
    let Filled { pairs, files } = Filled::read(request).await?;
    let mut values = vec![];
    let mut fields = Strings::new();
    for (name, value) in pairs {
        match name.strip_prefix("field.") {
            Some(_) if value.trim().is_empty() => {}
            Some(name) => values.push((name.to_owned(), value.replace("\r\n", "\n"))),
            None => drop(fields.insert(name, value)),
        }
    }
    let mut doing = Doing::begin(site, path, &fields, &headers).await?;
    let command = fields.remove("command").unwrap_or_default();
    doing.asked = Some(format!("/isms {command}"));
    let act = Act::Submitted { command, values };
    doing.answer_with(act, files).await
}

/// Throws away something that only this person sees.
pub async fn dismiss(
    State(site): State<Site>,
    Path(path): Path<(String, String)>,
    headers: HeaderMap,
    Posted(fields): Posted<Strings>,
) -> Result<Response, Trouble> {
    let doing = Doing::begin(site, path, &fields, &headers).await?;
    let person = doing.look.viewer.id.clone();
    let id = fields.get("note").and_then(|id| id.parse().ok());
    if let Some(id) = id
        && doing.site.playground.notes().dismiss(&person, id)
    {
        doing
            .site
            .playground
            .changes()
            .announce(What::Gone { person, id });
    }
    doing.done()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_what_stands_after_the_slash_word() {
        assert_eq!(command_in("/isms"), Some(""));
        assert_eq!(command_in("/isms  action list"), Some("action list"));
        assert_eq!(command_in("/isms\naction"), Some("action"));
        assert_eq!(command_in("/ismsaction"), None);
        assert_eq!(command_in("isms action"), None);
    }
}
