//! What the pages show: loading it, and answering for pages, pictures and files.

use std::collections::HashMap;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::messages::{Body, Message};
use super::notes::Note;
use super::page;
use super::roster::{Person, Place, Roster, segment};
use super::serve::{Site, Trouble};
use super::{Playground, home, render};
use crate::app::Result;
use crate::chat::{Card, Form};
use crate::report::picture::render_png;

/// How many messages a page shows at once.
const PAGE: i64 = 60;

/// Remembers who one was last.
const COOKIE: &str = "isms-bot-playground";

/// Who is looking, at what.
#[derive(Debug, Clone)]
pub struct Look {
    pub roster: Roster,
    pub viewer: Person,
    pub place: Place,
}

impl Look {
    /// The address of something this person sees: `path` behind `/ann`; with none, their list.
    pub fn href(&self, path: &str) -> String {
        let person = segment(&self.viewer.id);
        format!("/{person}/{path}").trim_end_matches('/').to_owned()
    }

    /// The address of the place they look at.
    pub fn here(&self) -> String {
        self.href(&self.place.segment())
    }

    /// The day an instant falls on where this person is.
    pub fn day(&self, at: DateTime<Utc>) -> String {
        let local = at.with_timezone(&self.viewer.zone);
        local.format("%Y-%m-%d").to_string()
    }
}

/// One line of a conversation.
#[derive(Debug, Clone)]
pub enum Item {
    Message(Message),
    Note(Note),
}

impl Item {
    pub fn at(&self) -> DateTime<Utc> {
        match self {
            Item::Message(message) => message.posted,
            Item::Note(note) => note.at,
        }
    }
}

/// Everything on one page.
pub struct Scene {
    pub look: Look,
    /// The version of the chat it was loaded from.
    pub version: String,
    /// What waits for the person, on their Home.
    pub home: Option<Card>,
    pub items: Vec<Item>,
    /// What is pinned there.
    pub pinned: Vec<Message>,
    /// The number that earlier messages stand before, if there are any.
    pub earlier: Option<i64>,
    pub show: Show,
    /// An open thread: the message it is about, and what stands in it.
    pub thread: Option<(Message, Vec<Item>)>,
    pub unseen: HashMap<String, i64>,
    /// A form that is open on it.
    pub form: Option<OpenForm>,
}

/// A form on a page. Everything sent from it carries the same event id, so it has one effect.
pub struct OpenForm {
    pub form: Form,
    pub event: String,
    pub thread: Option<i64>,
}

/// Finds out who is looking at what.
pub async fn look(playground: &Playground, person: &str, place: &str) -> Result<Look, Trouble> {
    let roster = playground.roster().await?;
    let viewer = roster.person(person).cloned();
    let viewer = viewer.ok_or(Trouble::NotFound("There is nobody of that name here."))?;
    let place = roster.place(person, place);
    let place = place.ok_or(Trouble::NotFound("There is no such channel."))?;
    Ok(Look {
        roster,
        viewer,
        place,
    })
}

pub async fn message(playground: &Playground, number: i64) -> Result<Option<Message>> {
    let workspace = playground.roster().await?.workspace;
    playground.parts().messages.find(workspace, number).await
}

/// The message of this place that a thread is about.
pub async fn head(playground: &Playground, look: &Look, number: i64) -> Result<Message, Trouble> {
    let messages = &playground.parts().messages;
    let found = messages.find(look.roster.workspace, number).await?;
    let conversation = look.place.conversation();
    let found = found.filter(|m| m.conversation == conversation && m.thread.is_none());
    found.ok_or(Trouble::NotFound("There is no such message."))
}

/// Notes that this person has seen all of their place.
pub async fn see(playground: &Playground, look: &Look) -> Result<()> {
    let conversation = look.place.conversation();
    let messages = &playground.parts().messages;
    messages
        .mark_seen(look.roster.workspace, &look.viewer.id, &conversation)
        .await
}

pub async fn unseen(playground: &Playground, look: &Look) -> Result<HashMap<String, i64>> {
    let messages = &playground.parts().messages;
    messages
        .unseen(look.roster.workspace, &look.viewer.id)
        .await
}

/// What of a place is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// The list of places; the place itself only where there is room for both.
    List,
    /// Its latest messages, and a thread beside them.
    Latest { thread: Option<i64> },
    /// The messages before this one.
    Before(i64),
}

impl Show {
    fn before(self) -> Option<i64> {
        match self {
            Show::Before(number) => Some(number),
            _ => None,
        }
    }

    fn thread(self) -> Option<i64> {
        match self {
            Show::Latest { thread } => thread,
            _ => None,
        }
    }

    /// Whether its latest messages count as seen by it.
    fn seen(self) -> bool {
        matches!(self, Show::Latest { .. })
    }
}

/// Loads a page, and notes which messages are seen by it.
pub async fn scene(site: &Site, look: Look, show: Show) -> Result<Scene, Trouble> {
    let playground = &site.playground;
    let (before, thread) = (show.before(), show.thread());
    let version = playground.changes().version();
    let messages = &playground.parts().messages;
    let workspace = look.roster.workspace;
    let conversation = look.place.conversation();
    let mut shown = messages
        .latest(workspace, &conversation, before, PAGE + 1)
        .await?;
    let earlier = (shown.len() as i64 > PAGE)
        .then(|| shown.remove(0))
        .map(|_| shown[0].number);
    let mut notes = playground.notes().list(&look.viewer.id, &conversation);
    if before.is_some() {
        notes.clear();
    }
    let thread = match thread {
        None => None,
        Some(number) => {
            let root = head(playground, &look, number).await?;
            let answers = messages.thread(workspace, number).await?;
            Some((root, merge(answers, &notes, Some(number))))
        }
    };
    let items = merge(shown, &notes, None);
    let pinned = messages.pinned(workspace, &conversation).await?;
    let mut unseen = unseen(playground, &look).await?;
    if show.seen() && unseen.remove(&conversation).is_some() {
        see(playground, &look).await?;
    }
    let home = match look.place {
        Place::Home(_) => Some(home::load(site, &look).await),
        _ => None,
    };
    Ok(Scene {
        look,
        version,
        home,
        items,
        pinned,
        earlier,
        show,
        thread,
        unseen,
        form: None,
    })
}

/// Messages and notes in the order of their time.
fn merge(messages: Vec<Message>, notes: &[Note], thread: Option<i64>) -> Vec<Item> {
    let notes = notes.iter().filter(|note| note.thread == thread).cloned();
    let mut items: Vec<_> = messages
        .into_iter()
        .map(Item::Message)
        .chain(notes.map(Item::Note))
        .collect();
    items.sort_by_key(Item::at);
    items
}

#[derive(Deserialize)]
pub struct Before {
    before: Option<i64>,
}

/// `/`: the first place, as whoever one was last, or as the first person.
pub async fn begin(State(site): State<Site>, headers: HeaderMap) -> Result<Response, Trouble> {
    let roster = site.playground.roster().await?;
    let last = remembered(&headers).and_then(|id| roster.person(id));
    let Some(person) = last.or(roster.people.first()) else {
        return Ok(page::bare("isms-bot", &page::nobody()).into_response());
    };
    let places = roster.places(&person.id);
    let first = places.first().map(Place::segment).unwrap_or_default();
    let there = format!("/{}/{first}", segment(&person.id));
    Ok(Redirect::to(&there).into_response())
}

fn remembered(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get(header::COOKIE)?.to_str().ok()?.split("; ");
    cookies
        .filter_map(|cookie| cookie.split_once('='))
        .find_map(|(name, value)| (name == COOKIE).then_some(value))
}

/// A page, and the cookie that remembers who looked at it.
pub fn answer(scene: &Scene) -> Response {
    let id = segment(&scene.look.viewer.id);
    let cookie = format!("{COOKIE}={id}; Path=/; SameSite=Strict; HttpOnly; Max-Age=31536000");
    let headers = AppendHeaders([(header::SET_COOKIE, cookie)]);
    (headers, page::page(scene)).into_response()
}

/// `/ann`: the list of places; beside it, where there is room, the first of them.
pub async fn list(
    State(site): State<Site>,
    Path(person): Path<String>,
) -> Result<Response, Trouble> {
    let roster = site.playground.roster().await?;
    let places = roster.places(&person);
    let first = places.first().map(Place::segment).unwrap_or_default();
    let look = look(&site.playground, &person, &first).await?;
    let scene = scene(&site, look, Show::List).await?;
    Ok(answer(&scene))
}

pub async fn place(
    State(site): State<Site>,
    Path((person, place)): Path<(String, String)>,
    Query(query): Query<Before>,
) -> Result<Response, Trouble> {
    let look = look(&site.playground, &person, &place).await?;
    let show = match query.before {
        Some(number) => Show::Before(number),
        None => Show::Latest { thread: None },
    };
    let scene = scene(&site, look, show).await?;
    Ok(answer(&scene))
}

pub async fn thread(
    State(site): State<Site>,
    Path((person, place, number)): Path<(String, String, i64)>,
) -> Result<Response, Trouble> {
    let look = look(&site.playground, &person, &place).await?;
    let thread = Some(number);
    let scene = scene(&site, look, Show::Latest { thread }).await?;
    Ok(answer(&scene))
}

/// The PNG of a picture in a message or note, if this person may see it.
pub async fn picture(
    State(site): State<Site>,
    Path((person, key, index)): Path<(String, String, usize)>,
) -> Result<Response, Trouble> {
    const NONE: Trouble = Trouble::NotFound("There is no such picture.");
    let playground = &site.playground;
    let card = card_of(playground, &person, &key).await?.ok_or(NONE)?;
    let picture = card.pictures().nth(index).cloned().ok_or(NONE)?;
    let png = tokio::task::spawn_blocking(move || render_png(&picture.source)).await?;
    // The address holds a fingerprint of what is drawn, so it never shows anything else.
    let headers = [
        (header::CONTENT_TYPE, "image/png"),
        (
            header::CACHE_CONTROL,
            "private, max-age=31536000, immutable",
        ),
    ];
    Ok((headers, png).into_response())
}

/// The card of a message or note, if this person may see it.
async fn card_of(playground: &Playground, person: &str, key: &str) -> Result<Option<Card>> {
    if let Some(id) = render::note_of(key) {
        return Ok(playground.notes().find(person, id).map(|note| note.card));
    }
    let Some(number) = render::message_of(key) else {
        return Ok(None);
    };
    let roster = playground.roster().await?;
    let message = playground
        .parts()
        .messages
        .find(roster.workspace, number)
        .await?;
    let message = message.filter(|m| roster.place_of(person, &m.conversation).is_some());
    Ok(message.and_then(|message| match message.body {
        Body::Card(card) => Some(card),
        _ => None,
    }))
}

/// A file that was posted, to be saved under its name.
pub async fn file(
    State(site): State<Site>,
    Path((person, number, name)): Path<(String, i64, String)>,
) -> Result<Response, Trouble> {
    const NONE: Trouble = Trouble::NotFound("There is no such file.");
    let roster = site.playground.roster().await?;
    let messages = &site.playground.parts().messages;
    let message = messages.find(roster.workspace, number).await?;
    let message = message.filter(|m| roster.place_of(&person, &m.conversation).is_some());
    let Some(Body::File { name: own, .. }) = message.map(|message| message.body) else {
        return Err(NONE);
    };
    if own != name {
        return Err(NONE);
    }
    let bytes = messages.file(roster.workspace, number).await?.ok_or(NONE)?;
    let saved_as = format!("attachment; filename*=UTF-8''{}", segment(&name));
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, saved_as),
    ];
    Ok((headers, bytes).into_response())
}
