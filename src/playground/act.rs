//! What people do: say, click, submit, dismiss; and what the box can complete.
//!
//! A script asks for JSON and gets told what to do next; everything it should show comes as an
//! event. A page without scripts posts its forms and gets a page back.

use axum::Form as Posted;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::live::What;
use super::messages::{Body, NewMessage};
use super::notes::Note;
use super::page::Opened;
use super::roster::Roster;
use super::serve::{Site, Trouble};
use super::view::{self, Look, OpenForm};
use super::{Playground, render};
use crate::chat::{Act, Card, Inbound, MessageRef, Platform, Reply, Speaker, Text};

/// How many completions are shown at most.
const COMPLETIONS: usize = 40;

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
        let accept = headers
            .get(header::ACCEPT)
            .and_then(|value| value.to_str().ok());
        Ok(Doing {
            site,
            look,
            common: common(fields),
            asked: None,
            script: accept.is_some_and(|accept| accept.contains("application/json")),
        })
    }

    async fn answer(self, act: Act) -> Result<Response, Trouble> {
        let viewer = &self.look.viewer;
        let inbound = Inbound {
            event: self.common.event.clone(),
            platform: Platform::Playground,
            workspace: self.look.roster.workspace.clone(),
            speaker: Speaker {
                id: viewer.id.clone(),
                name: Some(viewer.name.clone()),
                zone: Some(viewer.zone),
                admin: None,
            },
            channel: self.look.place.conversation(),
            act,
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
        let (playground, thread) = (&self.site.playground, self.common.thread);
        let mut scene = view::scene(playground, self.look, thread, None).await?;
        scene.form = Some(open);
        let opened = if thread.is_some() {
            Opened::Thread
        } else {
            Opened::Place
        };
        Ok(view::answer(&scene, opened))
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
        body: Body::Words(words.to_owned()),
        delivery: doing.common.event.clone(),
        bytes: None,
    };
    playground.keep(&doing.look.roster.workspace, new).await?;
    doing.done()
}

/// What stands after `/isms`.
fn command_in(words: &str) -> Option<&str> {
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

/// A filled-in form. Its fields are called `field.` and their name.
pub async fn submit(
    State(site): State<Site>,
    Path(path): Path<(String, String)>,
    headers: HeaderMap,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
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
    doing.answer(Act::Submitted { command, values }).await
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

#[derive(Deserialize)]
pub struct SoFar {
    text: String,
}

/// The options of a list of what the box could hold.
pub async fn complete(
    State(site): State<Site>,
    Path(_person): Path<String>,
    Query(so_far): Query<SoFar>,
) -> Result<Markup, Trouble> {
    let playground = &site.playground;
    let offers = offers(playground, &playground.roster().await?, &so_far.text);
    Ok(html! {
        @for (index, offer) in offers.iter().take(COMPLETIONS).enumerate() {
            li role="option" id=(format!("offer-{index}")) aria-selected="false" data-text=(offer.text) {
                span.offer { (offer.label) } " " span.about { (offer.about) }
            }
        }
    })
}

/// One way to go on: what the box would hold, and what the list says.
struct Offer {
    text: String,
    label: String,
    about: String,
}

fn offers(playground: &Playground, roster: &Roster, text: &str) -> Vec<Offer> {
    let (before, last) = text.split_at(text.rfind(char::is_whitespace).map_or(0, |at| at + 1));
    if let Some(at) = last
        .find('@')
        .filter(|at| *at == 0 || last[..*at].ends_with(':'))
    {
        let (key, typed) = (&last[..at], last[at + 1..].to_lowercase());
        let known = roster.people.iter().filter(|person| {
            let id = person.id.to_lowercase();
            id.starts_with(&typed) || person.name.to_lowercase().contains(&typed)
        });
        return known
            .map(|person| Offer {
                text: format!("{before}{key}@{} ", person.id),
                label: format!("@{}", person.id),
                about: format!("{}, {}", person.name, person.role),
            })
            .collect();
    }
    let so_far = match command_in(text.trim_start()) {
        Some(_) => text.trim_start()["/isms".len()..].trim_start(),
        None if !text.is_empty() && "/isms".starts_with(text) => "",
        None => return vec![],
    };
    let commands = (playground.parts().complete)(so_far);
    commands
        .into_iter()
        .map(|(command, about)| Offer {
            text: format!("/isms {command} "),
            label: format!("/isms {command}"),
            about,
        })
        .collect()
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
