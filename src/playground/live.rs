//! What happens while a page is open: changes are announced here and reach every open page that may
//! see them, as rendered fragments over server-sent events.
//!
//! A page knows the version of the chat that it shows. When it connects, or connects again, with
//! another version, or when it could not keep up, it is told `stale` and fetches itself anew: so
//! nothing is missed, whatever happened in between.

use std::convert::Infallible;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::stream::{self, Stream, StreamExt};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::broadcast::{self, error::RecvError};
use uuid::Uuid;

use super::roster::Place;
use super::serve::{Site, Trouble};
use super::view::{self, Look};
use super::{home, page, render};
use crate::app::Result;
use crate::fault::Fault;

/// When a page that lost its connection asks again.
const RETRY: Duration = Duration::from_millis(700);

/// How many changes a page may be behind before it is told to fetch itself anew.
const BACKLOG: usize = 256;

#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// A message is new, or says something else than before.
    Message { conversation: String, number: i64 },
    /// Somebody got something to read alone.
    Note {
        person: String,
        conversation: String,
        id: i64,
    },
    /// It was thrown away.
    Gone { person: String, id: i64 },
}

type Numbered = (u64, What);

/// Where changes are announced.
pub struct Changes {
    /// Tells this run of the process from an earlier one.
    born: Uuid,
    last: Mutex<u64>,
    sender: broadcast::Sender<Numbered>,
}

impl Changes {
    pub fn new() -> Self {
        Changes {
            born: Uuid::now_v7(),
            last: Mutex::new(0),
            sender: broadcast::channel(BACKLOG).0,
        }
    }

    fn last(&self) -> MutexGuard<'_, u64> {
        self.last.lock().expect("no one panics over a counter")
    }

    fn name(&self, number: u64) -> String {
        format!("{}-{number}", self.born.simple())
    }

    /// The version of the chat now. Read it before the messages that a page shows.
    pub fn version(&self) -> String {
        self.name(*self.last())
    }

    pub fn announce(&self, what: What) {
        let mut last = self.last();
        *last += 1;
        // Nobody listening is no error.
        let _ = self.sender.send((*last, what));
    }

    /// Changes from now on, and the version it is now.
    fn subscribe(&self) -> (String, broadcast::Receiver<Numbered>) {
        let last = self.last();
        (self.name(*last), self.sender.subscribe())
    }
}

#[derive(Deserialize)]
pub struct Since {
    /// The place that the page shows, as in its address.
    at: String,
    /// The version that the page shows.
    since: String,
    /// It shows the list of places, and the place only where there is room: nothing is seen by it.
    #[serde(default)]
    list: bool,
}

pub async fn events(
    State(site): State<Site>,
    Path(person): Path<String>,
    Query(query): Query<Since>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Trouble> {
    let look = view::look(&site.playground, &person, &query.at).await?;
    let (version, receiver) = site.playground.changes().subscribe();
    let known = headers
        .get("last-event-id")
        .and_then(|id| id.to_str().ok())
        .unwrap_or(&query.since);
    let first = if known == version {
        Event::default().comment("welcome")
    } else {
        stale().id(version)
    };
    let (stop, list) = (site.stop.clone(), query.list);
    let changes = stream::unfold(
        (site, look, receiver),
        move |(site, look, mut receiver)| async move {
            let events = match receiver.recv().await {
                Ok((number, what)) => {
                    let id = site.playground.changes().name(number);
                    match fragments(&site, &look, list, what).await {
                        Ok(events) => events.into_iter().map(|e| e.id(id.clone())).collect(),
                        Err(error) => {
                            Fault::log("showing a change", &error.into());
                            vec![stale()]
                        }
                    }
                }
                Err(RecvError::Lagged(_)) => vec![stale()],
                Err(RecvError::Closed) => return None,
            };
            Some((stream::iter(events), (site, look, receiver)))
        },
    );
    let all = stream::iter([first.retry(RETRY)])
        .chain(changes.flatten())
        .take_until(stop.cancelled_owned())
        .map(Ok);
    Ok(Sse::new(all).keep_alive(KeepAlive::default()))
}

fn stale() -> Event {
    Event::default().event("stale").data("fetch the page anew")
}

/// What a change means to one open page.
async fn fragments(site: &Site, look: &Look, list: bool, what: What) -> Result<Vec<Event>> {
    let playground = &site.playground;
    match what {
        What::Message {
            conversation,
            number,
        } => {
            if look
                .roster
                .place_of(&look.viewer.id, &conversation)
                .is_none()
            {
                return Ok(vec![]);
            }
            let mut events = vec![];
            let here = conversation == look.place.conversation() && !list;
            if here && let Some(message) = view::message(playground, number).await? {
                events.push(show(&json!({
                    "thread": message.thread,
                    "key": render::message_key(number),
                    "day": look.day(message.posted),
                    "divider": render::divider(&look.day(message.posted)).into_string(),
                    "html": render::message(look, &message, false).into_string(),
                    "apart": render::message(look, &message, true).into_string(),
                })));
                view::see(playground, look).await?;
            }
            if !here {
                let unseen = view::unseen(playground, look).await?;
                let places = page::places(look, &unseen).into_string();
                events.push(
                    Event::default()
                        .event("places")
                        .data(json!(places).to_string()),
                );
            }
            Ok(events)
        }
        What::Note {
            person,
            conversation,
            id,
        } => {
            let mine = person == look.viewer.id && conversation == look.place.conversation();
            let note = playground.notes().find(&look.viewer.id, id);
            let Some(note) = note.filter(|_| mine) else {
                return Ok(vec![]);
            };
            let mut events = vec![show(&json!({
                "thread": note.thread,
                "key": render::note_key(id),
                "day": look.day(note.at),
                "divider": render::divider(&look.day(note.at)).into_string(),
                "html": render::note(look, &note).into_string(),
                "apart": render::note(look, &note).into_string(),
            }))];
            // What was done there may have changed what waits.
            if matches!(look.place, Place::Home(_)) {
                let home = home::shown(look, &home::load(site, look).await).into_string();
                events.push(show(
                    &json!({ "key": home::KEY, "html": home, "apart": home }),
                ));
            }
            Ok(events)
        }
        What::Gone { person, id } => {
            let key = render::note_key(id);
            let mine = person == look.viewer.id;
            let gone = mine.then(|| Event::default().event("gone").data(key));
            Ok(gone.into_iter().collect())
        }
    }
}

fn show(data: &serde_json::Value) -> Event {
    Event::default().event("show").data(data.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_change_makes_a_new_version() {
        let changes = Changes::new();
        let before = changes.version();
        changes.announce(What::Gone {
            person: "ann".into(),
            id: 1,
        });
        assert_ne!(changes.version(), before);
    }

    #[test]
    fn versions_of_two_runs_are_never_alike() {
        assert_ne!(Changes::new().version(), Changes::new().version());
    }

    #[tokio::test]
    async fn who_subscribes_hears_everything_after_the_version_they_were_told() {
        let changes = Changes::new();
        let (version, mut receiver) = changes.subscribe();
        assert_eq!(version, changes.version());
        let what = What::Gone {
            person: "ann".into(),
            id: 1,
        };
        changes.announce(what.clone());
        assert_eq!(receiver.recv().await.unwrap(), (1, what));
    }
}
