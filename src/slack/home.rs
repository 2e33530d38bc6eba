//! The app's home: what one person owes, as they open it, and again after they did something.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use slack_morphism::prelude::*;
use uuid::Uuid;

use super::answer::{Desk, Way, inbound};
use super::fault::Fault;
use super::render::{Surface, blocks};
use super::teams::Team;
use crate::chat::{Act, Card, Reply};

/// The command whose answer stands in the home.
const HOME: &str = "home";
/// A home that was opened so long ago is not looked at any more.
const LATELY: TimeDelta = TimeDelta::hours(1);
/// People remembered at most.
const PEOPLE: usize = 10_000;

/// Who has opened their home lately, and what it shows.
#[derive(Default)]
pub(super) struct Homes(Mutex<HashMap<String, Arc<Home>>>);

/// The home of one person.
#[derive(Default)]
struct Home {
    shown: Mutex<Option<Shown>>,
    /// It is read and published by one act at a time: two that did so at once could leave what
    /// was read first.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Clone, Copy)]
struct Shown {
    opened: DateTime<Utc>,
    /// Of the blocks.
    fingerprint: u64,
}

impl Homes {
    fn of(&self, person: &str, now: DateTime<Utc>) -> Arc<Home> {
        let mut homes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if homes.len() > PEOPLE {
            homes.retain(|_, home| home.shown(now).is_some());
        }
        Arc::clone(homes.entry(person.to_owned()).or_default())
    }

    fn shown(&self, person: &str, now: DateTime<Utc>) -> Option<Shown> {
        let homes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        homes.get(person)?.shown(now)
    }
}

impl Home {
    fn shown(&self, now: DateTime<Utc>) -> Option<Shown> {
        let shown = *self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        shown.filter(|shown| shown.opened + LATELY > now)
    }

    fn keep(&self, shown: Shown) {
        *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = Some(shown);
    }
}

impl Desk {
    /// Somebody opened their home.
    pub(super) async fn open_home(&self, way: &Way, event: String) {
        let Some(team) = self.slack().team(&way.team).await else {
            return;
        };
        let opened = self.slack().clock.now();
        self.show_home(&team, way, (event, opened)).await;
    }

    /// Somebody did something: their home follows, if they opened it lately and it says something
    /// else now.
    pub(super) async fn refresh_home(&self, way: &Way) {
        // Without a look at the database: most acts are of people who have no home open.
        let now = self.slack().clock.now();
        let Some(team) = self.slack().team(&way.team).await else {
            return;
        };
        if let Some(shown) = team.homes.shown(&way.person, now) {
            let event = Uuid::now_v7().to_string();
            self.show_home(&team, way, (event, shown.opened)).await;
        }
    }

    async fn show_home(
        &self,
        team: &Arc<Team>,
        way: &Way,
        (event, opened): (String, DateTime<Utc>),
    ) {
        let now = self.slack().clock.now();
        let home = team.homes.of(&way.person, now);
        let _turn = home.turn.lock().await;
        let at_home = Way {
            team: way.team.clone(),
            person: way.person.clone(),
            ..Way::default()
        };
        let act = Act::Typed(HOME.to_owned());
        let asked = inbound(team, &at_home, (event, act)).await;
        let card = match self.hear(asked).await {
            Reply::Card(card) => card,
            Reply::Form(_) | Reply::Nothing => return,
        };
        let view = view_of(&card);
        let fingerprint = fingerprint(&view);
        let known = home.shown(now);
        if known.is_some_and(|shown| shown.opened == opened && shown.fingerprint == fingerprint) {
            return;
        }
        let request = SlackApiViewsPublishRequest::new(way.person.as_str().into(), view);
        let published: Result<Value, Fault> = team.client.post("views.publish", &request).await;
        match published {
            Ok(_) => {
                let shown = Shown {
                    opened,
                    fingerprint,
                };
                home.keep(shown);
            }
            Err(fault) => tracing::warn!(%fault, "slack: a home could not be shown"),
        }
    }
}

/// Pictures are told in words there.
fn view_of(card: &Card) -> SlackView {
    SlackView::Home(SlackHomeView::new(blocks(card, &[], Surface::Home)))
}

fn fingerprint(view: &SlackView) -> u64 {
    let mut hasher = DefaultHasher::new();
    let words = serde_json::to_string(view).unwrap_or_default();
    words.hash(&mut hasher);
    hasher.finish()
}
