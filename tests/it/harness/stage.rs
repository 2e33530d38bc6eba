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

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use isms_bot::app::{App, Defaults};
use isms_bot::chat::{Act, Inbound, Platform, Reply, Speaker};
use isms_bot::clock::Clock;
use isms_bot::people::roles::rules::{Competence, Training};
use isms_bot::people::{Person, Role, RoleFrom, Workspace};
use isms_bot::schedule::rules::MONDAY_TO_FRIDAY;
use isms_bot::{kpi, outbox, people, record, schedule, sql};
use uuid::Uuid;

use super::database::TestDatabase;
pub use super::desk::{Desk, Fault, Message};

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
