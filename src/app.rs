//! The wiring: what a person did goes in, what they get back comes out.

mod answer;
mod attached;
pub mod discord;
mod draft;
mod error;
mod greeting;
pub mod playground;
mod stale;

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, RwLock};

use chrono::{DateTime, NaiveDate, Utc, WeekdaySet};
use chrono_tz::Tz;
use tokio::sync::Notify;

pub use error::{Error, Result, UserError};

use crate::chat::{Asked, Chat, Choice, Inbound, Platform, Reply};
use crate::clock::Clock;
use crate::kpi::source::fetch::Sources;
use crate::outbox::reword;
use crate::people::{self, People, Person, Workspace};
use crate::record::{self, Happening};
use crate::schedule::schedules::Rules;
use crate::sql;
use crate::status::pinned;
use crate::store::{Conn, Store, Tx};

/// Everything a request needs. Cheap to clone.
#[derive(Clone)]
pub struct App {
    pub store: Store,
    pub clock: Clock,
    /// What a workspace starts with when it first speaks.
    pub defaults: Arc<Defaults>,
    /// When the schedules fire.
    pub rules: Arc<Rules>,
    /// What may be asked for values over the network.
    pub sources: Arc<Sources>,
    /// Where programs and calendars reach us from outside, if that is known.
    pub public_url: Option<Arc<str>>,
    chats: Arc<RwLock<HashMap<Platform, Arc<dyn Chat>>>>,
    /// Rung when something may have been put into the outbox.
    pub outbox_rung: Arc<Notify>,
}

/// What a workspace starts with, from the configuration.
#[derive(Debug, Clone)]
pub struct Defaults {
    pub zone: Tz,
    pub working_days: WeekdaySet,
    /// The channel for digests and living messages, by the platform's id of it, on each platform.
    pub channels: HashMap<Platform, String>,
}

impl App {
    pub fn new(store: Store, clock: Clock, defaults: Defaults) -> App {
        App {
            store,
            clock,
            defaults: Arc::new(defaults),
            rules: Arc::default(),
            sources: Arc::default(),
            public_url: None,
            chats: Arc::default(),
            outbox_rung: Arc::default(),
        }
    }

    /// With schedules that fire at other times than the usual.
    pub fn with_rules(mut self, rules: Rules) -> App {
        self.rules = Arc::new(rules);
        self
    }

    /// With hosts that may be asked for values.
    pub fn with_sources(mut self, sources: Sources) -> App {
        self.sources = Arc::new(sources);
        self
    }

    /// With the address under which programs and calendars reach us.
    pub fn with_public_url(mut self, url: Option<&str>) -> App {
        self.public_url = url.map(Arc::from);
        self
    }

    /// Says through which platform the outbox may send.
    pub fn connect(&self, platform: Platform, chat: Arc<dyn Chat>) {
        self.chats
            .write()
            .expect("no panic while held")
            .insert(platform, chat);
    }

    /// The connected platforms.
    pub fn platforms(&self) -> Vec<Platform> {
        self.chats
            .read()
            .expect("no panic while held")
            .keys()
            .copied()
            .collect()
    }

    pub fn chat(&self, platform: Platform) -> Option<Arc<dyn Chat>> {
        self.chats
            .read()
            .expect("no panic while held")
            .get(&platform)
            .cloned()
    }

    /// Answers one act of one person. Never fails: a fault becomes a card that carries its id.
    pub async fn handle(&self, inbound: Inbound) -> Reply {
        let reply = match people::flow::arrive(self, &inbound).await {
            Ok(mut ctx) => {
                let outcome = ctx.act_with(inbound.act, inbound.files).await;
                match outcome.unwrap_or_else(Error::into_reply) {
                    Reply::Card(card) => people::rights::usable(card, &ctx.person).into(),
                    reply => reply,
                }
            }
            Err(error) => error.into_reply(),
        };
        self.outbox_rung.notify_one();
        reply
    }

    /// The workspaces of a platform in which a person is known: for a direct conversation that serves
    /// several.
    pub async fn homes(&self, platform: Platform, person: &str) -> Vec<Workspace> {
        people::flow::homes(self, platform, person)
            .await
            .unwrap_or_else(|error| {
                tracing::warn!(error = %error, "where a person is known could not be read");
                Vec::new()
            })
    }

    /// What a platform calls a workspace, if anyone has spoken there.
    pub async fn named(&self, platform: Platform, workspace: &str, name: &str) {
        if let Err(error) = people::flow::name(self, platform, workspace, name).await {
            tracing::warn!(error = %error, "the name of a workspace could not be kept");
        }
    }

    /// What could be meant by what someone is typing. Nothing to one who may not use the command, or
    /// who has not spoken here yet.
    pub async fn suggest(&self, asked: Asked) -> Vec<Choice> {
        answer::suggest(self, &asked).await.unwrap_or_else(|error| {
            tracing::warn!(error = %error, "nothing could be suggested");
            Vec::new()
        })
    }
}

/// One person's act: who, where, when.
#[derive(Clone)]
pub struct Ctx {
    pub app: App,
    pub workspace: Workspace,
    pub person: Person,
    /// The platform's id of the channel it happened in.
    pub channel: String,
    /// The platform's id of the act; `None` on the command line, where nothing is delivered twice.
    pub event: Option<String>,
    pub now: DateTime<Utc>,
    /// The person had left and is here again with this act.
    pub returned: bool,
    people: OnceLock<People>,
}

impl Ctx {
    /// A person's act now, in the workspace's channel, that cannot be delivered twice.
    pub fn new(app: App, workspace: Workspace, person: Person) -> Ctx {
        Ctx {
            channel: workspace.channel.clone().unwrap_or_default(),
            event: None,
            now: app.clock.now(),
            returned: false,
            people: OnceLock::new(),
            app,
            workspace,
            person,
        }
    }

    /// With the persons of the workspace, where they have been read already.
    pub fn among(mut self, people: People) -> Ctx {
        self.people = people.into();
        self
    }

    /// Someone has become known: the persons are read anew when they are next asked for.
    pub fn look_again(&mut self) {
        self.people = OnceLock::new();
    }

    /// The person's zone.
    pub fn zone(&self) -> Tz {
        self.person.zone_in(&self.workspace)
    }

    /// The day it is where the person is.
    pub fn today(&self) -> NaiveDate {
        people::rules::today(self.now, self.zone())
    }

    /// A connection for looking.
    pub async fn read(&self) -> Result<Conn> {
        self.app.store.read().await
    }

    /// A transaction of this act. The act's id is kept in it, so that the same act, delivered
    /// again, ends here with [`Error::Repeat`] and has no second effect.
    pub async fn write(&self) -> Result<Tx> {
        let mut tx = self.app.store.write(self.workspace.id).await?;
        self.remember(&mut tx).await?;
        Ok(tx)
    }

    /// Keeps the act's id in a transaction that was begun otherwise.
    pub async fn remember(&self, tx: &mut Tx) -> Result<()> {
        if let Some(event) = &self.event
            && !sql!(tx, people::remember_act(self.workspace.id, event, self.now))?
        {
            return Err(Error::Repeat);
        }
        Ok(())
    }

    /// Appends to the log that this person did something to a record. Messages that ask for
    /// something about it are worded anew.
    pub async fn log(
        &self,
        tx: &mut Tx,
        kind: &'static str,
        record: impl std::fmt::Display,
        data: serde_json::Value,
    ) -> Result<()> {
        let happening = Happening {
            workspace: self.workspace.id,
            at: self.now,
            actor: Some(self.person.id),
            kind,
            record: record.to_string(),
            data,
        };
        log(tx, happening).await
    }
}

/// Appends to the log what happened to a record, whoever did it. Messages that ask for something about
/// it are worded anew.
pub async fn log(tx: &mut Tx, happening: Happening) -> Result<()> {
    reword::about(tx, happening.workspace, &happening.record).await?;
    pinned::changed(tx, happening.workspace, happening.at).await?;
    record::append(tx, happening).await
}
