//! A stage for scenarios that do not turn on a platform's ways: the real application on a real
//! database, a clock that stands still until it is moved, and a desk that messages are put on.
//!
//! ```ignore
//! let stage = Stage::new(&db, "2026-11-23T09:00:00+01:00").await;
//! stage.person("ann", Role::Member, "Europe/Berlin").await;
//! let reply = stage.says("ann", "action new Patch the VPN").await;
//! stage.move_to("2026-11-24T09:00:00+01:00").await;   // schedules and outbox work on the way
//! assert_eq!(stage.desk.to("ann").len(), 1);
//! ```

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use isms_bot::app::{App, Defaults};
use isms_bot::chat::{
    Act, Card, Chat, Content, Delivery, Inbound, MessageRef, Platform, Refusal, Reply, SendError,
    Speaker, Target, Whois,
};
use isms_bot::clock::Clock;
use isms_bot::people::roles::rules::{Competence, Training};
use isms_bot::people::{Person, Role, RoleFrom, Workspace};
use isms_bot::schedule::rules::MONDAY_TO_FRIDAY;
use isms_bot::{kpi, outbox, people, record, schedule, sql};
use uuid::Uuid;

use super::database::TestDatabase;

pub struct Stage {
    pub app: App,
    pub workspace: Workspace,
    pub desk: Arc<Desk>,
}

impl Stage {
    /// A workspace in Berlin with the channel `isms`, at an instant.
    pub async fn new(db: &TestDatabase, at: &str) -> Stage {
        let clock = Clock::set_at(instant(at));
        let defaults = Defaults {
            zone: chrono_tz::Europe::Berlin,
            working_days: MONDAY_TO_FRIDAY,
            channels: [(Platform::Playground, "isms".to_owned())].into(),
        };
        let app = App::new(db.store().await, clock, defaults);
        let desk = Arc::new(Desk::default());
        app.connect(Platform::Playground, desk.clone());
        let workspace = Workspace {
            name: "Stage".to_owned(),
            channel: Some("isms".to_owned()),
            ..Workspace::new(
                Platform::Playground,
                "stage",
                (chrono_tz::Europe::Berlin, MONDAY_TO_FRIDAY),
            )
        };
        let mut tx = app.store.write(workspace.id).await.unwrap();
        sql!(tx, people::insert_workspace(&workspace)).unwrap();
        tx.commit().await.unwrap();
        Stage {
            app,
            workspace,
            desk,
        }
    }

    /// Someone whose platform id and name are `name`, and who has shown that they can audit.
    pub async fn person(&self, name: &str, role: Role, zone: &str) -> Person {
        let person = self.newcomer(name, role, zone).await;
        let shown = Competence {
            person: person.id,
            number: 0,
            training: Training {
                training: "Internal auditor".to_owned(),
                on: None,
                until: None,
                evidence: None,
                file: None,
            },
            by: person.id,
            at: self.app.clock.now(),
        };
        let mut tx = self.app.store.write(self.workspace.id).await.unwrap();
        sql!(
            tx,
            roles::insert_competence(self.workspace.id, &shown, None)
        )
        .unwrap();
        tx.commit().await.unwrap();
        person
    }

    /// Someone of whom nothing is recorded.
    pub async fn newcomer(&self, name: &str, role: Role, zone: &str) -> Person {
        let person = Person {
            id: Uuid::now_v7(),
            external: name.to_owned(),
            name: name.to_owned(),
            zone: Some(zone.parse().unwrap()),
            role,
            role_from: RoleFrom::Grant,
            present: true,
        };
        let mut tx = self.app.store.write(self.workspace.id).await.unwrap();
        let person = people::flow::save(&mut tx, &self.app, self.workspace.id, &person).await;
        tx.commit().await.unwrap();
        person.unwrap()
    }

    /// What someone types after `/isms`, and what they get.
    pub async fn says(&self, who: &str, words: &str) -> Reply {
        self.acts(who, Act::Typed(words.to_owned())).await
    }

    pub async fn clicks(&self, who: &str, command: &str) -> Reply {
        self.acts(
            who,
            Act::Clicked {
                command: command.to_owned(),
                on: None,
            },
        )
        .await
    }

    pub async fn submits(&self, who: &str, command: &str, values: &[(&str, &str)]) -> Reply {
        let values = values
            .iter()
            .map(|(name, value)| ((*name).into(), (*value).into()));
        let command = command.to_owned();
        self.acts(
            who,
            Act::Submitted {
                command,
                values: values.collect(),
            },
        )
        .await
    }

    /// A click on a button of a message that stands.
    pub async fn clicks_on(&self, who: &str, message: &Message, command: &str) -> Reply {
        let act = Act::Clicked {
            command: command.to_owned(),
            on: Some(message.at.clone()),
        };
        self.acts(who, act).await
    }

    /// A second workspace, on another platform, in the same process and at the same desk.
    pub async fn elsewhere(&self) -> Stage {
        let workspace = Workspace {
            id: Uuid::now_v7(),
            platform: Platform::Discord,
            external: "elsewhere".to_owned(),
            name: "Elsewhere".to_owned(),
            ..self.workspace.clone()
        };
        self.app.connect(Platform::Discord, self.desk.clone());
        let mut tx = self.app.store.write(workspace.id).await.unwrap();
        sql!(tx, people::insert_workspace(&workspace)).unwrap();
        tx.commit().await.unwrap();
        Stage {
            app: self.app.clone(),
            workspace,
            desk: self.desk.clone(),
        }
    }

    async fn acts(&self, who: &str, act: Act) -> Reply {
        let inbound = self.inbound(who, act);
        self.app.handle(inbound).await
    }

    /// An act under a new event id; give it to `app.handle` twice for a repeat.
    pub fn inbound(&self, who: &str, act: Act) -> Inbound {
        Inbound {
            event: Uuid::now_v7().to_string(),
            platform: self.workspace.platform,
            workspace: self.workspace.external.clone(),
            speaker: Speaker {
                id: who.to_owned(),
                name: None,
                zone: None,
                admin: None,
            },
            channel: "isms".to_owned(),
            act,
            files: Vec::new(),
        }
    }

    /// Lets time pass to an instant, hour by hour: schedules run, and what they put into the outbox
    /// is sent.
    pub async fn move_to(&self, at: &str) {
        let until = instant(at);
        loop {
            let now = self.app.clock.now();
            self.app
                .clock
                .move_to((now + TimeDelta::hours(1)).min(until).max(now));
            self.work().await;
            if self.app.clock.now() >= until {
                return;
            }
        }
    }

    /// The machine is off until an instant, and then starts.
    pub async fn sleep_until(&self, at: &str) {
        self.app.clock.move_to(instant(at));
        self.work().await;
    }

    /// What the log tells of a record.
    pub async fn history(&self, of: &str) -> Vec<record::Past> {
        let mut conn = self.app.store.read().await.unwrap();
        record::history(&mut conn, self.workspace.id, of)
            .await
            .unwrap()
    }

    /// Another process on the same database and the same platform.
    pub async fn beside(&self, db: &TestDatabase) -> App {
        let defaults = (*self.app.defaults).clone();
        let other = App::new(db.store().await, self.app.clock.clone(), defaults);
        other.connect(Platform::Playground, self.desk.clone());
        other
    }

    /// What the process's loops do, once.
    pub async fn work(&self) {
        kpi::source::collect::collect_due(&self.app).await.unwrap();
        schedule::flow::run_due(&self.app).await.unwrap();
        outbox::worker::deliver_due(&self.app).await.unwrap();
    }
}

pub fn instant(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text)
        .expect("an instant like 2026-11-23T09:00:00+01:00")
        .to_utc()
}

/// Where messages end up: in memory, as a platform would keep them.
#[derive(Default)]
pub struct Desk {
    messages: Mutex<Vec<Message>>,
    /// What the next posts do instead of working.
    faults: Mutex<Vec<Fault>>,
    /// Whom the platform calls gone.
    gone: Mutex<Vec<String>>,
    /// Whom it says to be there; of others it says nothing.
    known: Mutex<Vec<String>>,
    /// Where nothing can be posted, and why.
    closed: Mutex<Vec<(String, Refusal)>>,
    /// What is pinned.
    pins: Mutex<Vec<MessageRef>>,
    /// Why nothing can be pinned.
    no_pins: Mutex<Option<Refusal>>,
}

/// What a post does instead of working.
#[derive(Debug, Clone)]
pub enum Fault {
    /// Nothing is kept, and this is answered.
    Answer(SendError),
    /// The message is kept, and nobody says so.
    TakenThenSilent,
}

#[derive(Debug, Clone)]
pub struct Message {
    pub delivery: Uuid,
    pub target: Target,
    pub at: MessageRef,
    pub thread: Option<MessageRef>,
    /// Of a file the sentence that goes with it.
    pub card: Card,
    /// Name and bytes, of a file.
    pub file: Option<(String, Vec<u8>)>,
    pub edits: usize,
}

impl Desk {
    /// Lets the next posts fail.
    pub fn fails(&self, times: usize, fault: Fault) {
        self.faults
            .lock()
            .unwrap()
            .extend(std::iter::repeat_n(fault, times));
    }

    /// Someone leaves the platform, or is back.
    pub fn is_gone(&self, who: &str, gone: bool) {
        let mut all = self.gone.lock().unwrap();
        all.retain(|other| other != who);
        all.extend(gone.then(|| who.to_owned()));
    }

    /// The platform says that someone is there.
    pub fn is_there(&self, who: &str) {
        self.known.lock().unwrap().push(who.to_owned());
    }

    /// A channel or person does not take messages, or does again.
    pub fn closes(&self, place: &str, why: Option<Refusal>) {
        let mut all = self.closed.lock().unwrap();
        all.retain(|(other, _)| other != place);
        all.extend(why.map(|why| (place.to_owned(), why)));
    }

    /// Nothing can be pinned, or it can again.
    pub fn refuses_pins(&self, why: Option<Refusal>) {
        *self.no_pins.lock().unwrap() = why;
    }

    /// What is pinned in a channel.
    pub fn pinned(&self, channel: &str) -> Vec<Message> {
        let pins = self.pins.lock().unwrap().clone();
        let there = |m: &Message| m.at.channel == channel && pins.contains(&m.at);
        self.all().into_iter().filter(there).collect()
    }

    /// Somebody takes down what is pinned.
    pub fn unpins_all(&self) {
        self.pins.lock().unwrap().clear();
    }

    /// The newest message to a person, as it stands.
    pub fn last_to(&self, who: &str) -> Message {
        let all = self.all().into_iter();
        let mut own = all.filter(|m| m.target == Target::Person(who.to_owned()));
        own.next_back().expect("a message to them")
    }

    /// Every message that stands.
    pub fn all(&self) -> Vec<Message> {
        self.messages.lock().unwrap().clone()
    }

    /// The names of the files that a person was sent.
    pub fn files_to(&self, who: &str) -> Vec<String> {
        let own = |m: &Message| m.target == Target::Person(who.to_owned());
        let sent = self.all().into_iter().filter(own);
        sent.filter_map(|m| m.file.map(|(name, _)| name)).collect()
    }

    /// The messages to a person, oldest first.
    pub fn to(&self, who: &str) -> Vec<Card> {
        self.at(&Target::Person(who.to_owned()))
    }

    /// Those of them whose title has these words.
    pub fn titled(&self, channel: &str, words: &str) -> Vec<String> {
        let cards = self.in_channel(channel).into_iter();
        cards
            .filter(|card| {
                card.title
                    .as_ref()
                    .is_some_and(|title| title.contains(words))
            })
            .map(|card| card.plain())
            .collect()
    }

    /// The messages in a channel that are in no thread, oldest first.
    pub fn in_channel(&self, channel: &str) -> Vec<Card> {
        self.at(&Target::Channel(channel.to_owned()))
    }

    fn at(&self, target: &Target) -> Vec<Card> {
        let all = self.all().into_iter();
        all.filter(|m| m.target == *target && m.thread.is_none())
            .map(|m| m.card)
            .collect()
    }
}

#[async_trait]
impl Chat for Desk {
    async fn post(&self, delivery: &Delivery) -> Result<MessageRef, SendError> {
        let fault = self.faults.lock().unwrap().pop();
        if let Some(Fault::Answer(error)) = fault {
            return Err(error);
        }
        let (card, file) = match delivery.content.clone() {
            Content::Card(card) => (card, None),
            Content::File {
                name,
                comment,
                bytes,
            } => (Card::say(comment), Some((name, bytes))),
        };
        let mut messages = self.messages.lock().unwrap();
        let channel = match &delivery.target {
            Target::Channel(id) | Target::Person(id) => id.clone(),
        };
        let closed = self.closed.lock().unwrap().clone();
        if let Some((_, why)) = closed.into_iter().find(|(place, _)| *place == channel) {
            return Err(SendError::Refused(why));
        }
        let at = MessageRef {
            channel,
            message: messages.len().to_string(),
        };
        messages.push(Message {
            delivery: delivery.id,
            target: delivery.target.clone(),
            at: at.clone(),
            thread: delivery.thread.clone(),
            card,
            file,
            edits: 0,
        });
        match fault {
            Some(_) => Err(SendError::Unknown("no answer".to_owned())),
            None => Ok(at),
        }
    }

    async fn edit(&self, _: &str, at: &MessageRef, card: &Card) -> Result<(), SendError> {
        let mut messages = self.messages.lock().unwrap();
        let message = messages
            .iter_mut()
            .find(|m| m.at == *at)
            .expect("a message that stands");
        message.card = card.clone();
        message.edits += 1;
        Ok(())
    }

    async fn pin(&self, _: &str, at: &MessageRef, pinned: bool) -> Result<(), SendError> {
        if let Some(why) = self.no_pins.lock().unwrap().clone() {
            return Err(SendError::Refused(why));
        }
        let mut pins = self.pins.lock().unwrap();
        pins.retain(|other| other != at);
        pins.extend(pinned.then(|| at.clone()));
        Ok(())
    }

    async fn who(&self, _: &str, person: &str) -> Whois {
        let says = |list: &Mutex<Vec<String>>| list.lock().unwrap().iter().any(|who| who == person);
        match (says(&self.gone), says(&self.known)) {
            (true, _) => Whois::Gone,
            (_, true) => Whois::Known(Speaker {
                id: person.to_owned(),
                name: None,
                zone: None,
                admin: None,
            }),
            _ => Whois::Unsure,
        }
    }

    async fn find(&self, delivery: &Delivery) -> Result<Option<MessageRef>, SendError> {
        Ok(self
            .all()
            .into_iter()
            .find(|m| m.delivery == delivery.id)
            .map(|m| m.at))
    }
}
