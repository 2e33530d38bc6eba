//! From words to a room and back.

use super::{Ctx, Result};
use crate::chat::{Act, Reply};
use crate::command::{Command, Known, KnownPerson};
use crate::people::People;
use crate::sql;
use crate::store::Conn;
use crate::{action, audit, kpi, people, review, schedule};

impl Ctx {
    /// Reads what was said and carries it out.
    pub(super) async fn answer(&self, act: &Act) -> Result<Reply> {
        let _ = (act, self.known().await?);
        Ok(Reply::Nothing)
    }

    /// Carries out a command, if this person may.
    pub async fn carry_out(&self, command: Command) -> Result<Reply> {
        people::rights::permit(&self.person, &command)?;
        match command {
            Command::Action(command) => action::flow::run(self, command).await,
            Command::Audit(command) => audit::flow::run(self, command).await,
            Command::Review(command) => review::flow::run(self, command).await,
            Command::Mine => schedule::owed::mine(self).await,
            Command::Snooze(snooze) => schedule::owed::snooze(self, snooze).await,
            Command::Kpi(command) => kpi::flow::run(self, command).await,
            Command::Digest(command) => kpi::digest::flow::run(self, command).await,
            Command::Settings(command) => people::settings::run(self, command).await,
            _ => Ok(Reply::Nothing),
        }
    }

    /// What the grammar has to know to read this person's words.
    pub async fn known(&self) -> Result<Known> {
        let mut conn = self.read().await?;
        let people = self.people(&mut conn).await?;
        let known = |person: crate::people::Person| KnownPerson {
            id: person.id,
            platform_id: person.external,
            name: person.name,
            handle: None,
        };
        Ok(Known {
            today: self.today(),
            zone: self.zone(),
            speaker: self.person.id,
            people: people
                .0
                .into_iter()
                .filter(|person| person.present)
                .map(known)
                .collect(),
            ..Known::default()
        })
    }

    /// The persons of the workspace.
    pub async fn people(&self, conn: &mut Conn) -> Result<People> {
        Ok(People(sql!(conn, people::list_people(self.workspace.id))?))
    }
}
