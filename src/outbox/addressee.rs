//! Whom a message reaches: the person or channel it is for, or who stands in.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::To;
use crate::app::{App, Result};
use crate::chat::{Chat, Refusal, Target, Text, Whois};
use crate::people::rules::today;
use crate::people::{People, Workspace};
use crate::presence::rules::{Trouble, channel_key, person_key, pin_key};
use crate::presence::{absence, card, gone, trouble};
use crate::sql;
use crate::store::{Conn, Tx};

/// Where a message goes now.
pub(super) enum Way {
    To {
        target: Target,
        addressee: Addressee,
        /// Said first where somebody else is asked than whom it is for.
        instead_of: Option<Text>,
    },
    /// The person left.
    Gone,
    /// The workspace has no channel yet.
    NoChannel,
    /// The person is away, and so is everybody who could be asked.
    NobodyThere,
}

/// Who or what gets a message.
pub(super) enum Addressee {
    /// The platform's id of a channel.
    Channel(String),
    Person(Uuid),
    /// A person who is there and takes no messages.
    Closed(Uuid),
    /// What is pinned in a channel.
    Pin(String),
}

pub(super) async fn find(
    conn: &mut Conn,
    workspace: &Workspace,
    to: &To,
    now: DateTime<Utc>,
) -> Result<Way> {
    let channel = match to {
        To::WorkspaceChannel => workspace.channel.clone(),
        To::AuditChannel => workspace.for_audits().cloned(),
        To::AlertChannel => workspace.for_alerts().cloned(),
        To::Channel(channel) => Some(channel.clone()),
        To::Person(person) => return find_person(conn, workspace, *person, now).await,
        To::Asker(person) => return find_asker(conn, workspace, *person).await,
    };
    Ok(match channel {
        Some(channel) => Way::To {
            target: Target::Channel(channel.clone()),
            addressee: Addressee::Channel(channel),
            instead_of: None,
        },
        None => Way::NoChannel,
    })
}

async fn find_asker(conn: &mut Conn, workspace: &Workspace, person: Uuid) -> Result<Way> {
    let found = sql!(conn, people::find_person(workspace.id, person))?;
    Ok(match found.filter(|person| person.present) {
        Some(person) => Way::To {
            target: Target::Person(person.external),
            addressee: Addressee::Person(person.id),
            instead_of: None,
        },
        None => Way::Gone,
    })
}

/// The person, or who stands in while they are away: of several managers the first.
async fn find_person(
    conn: &mut Conn,
    workspace: &Workspace,
    person: Uuid,
    now: DateTime<Utc>,
) -> Result<Way> {
    let found = sql!(conn, people::find_person(workspace.id, person))?;
    let Some(person) = found.filter(|person| person.present) else {
        return Ok(Way::Gone);
    };
    let day = today(now, person.zone_in(workspace));
    let absences = absence::from_day(conn, workspace.id, day).await?;
    let Some(away) = absences.of(person.id, day) else {
        return Ok(Way::To {
            target: Target::Person(person.external),
            addressee: Addressee::Person(person.id),
            instead_of: None,
        });
    };
    let people = People(sql!(conn, people::list_people(workspace.id))?);
    let receivers = absences.receivers(person.id, day, &people);
    let receiver = receivers.first().and_then(|id| people.find(*id));
    Ok(match receiver {
        Some(receiver) => Way::To {
            target: Target::Person(receiver.external.clone()),
            addressee: Addressee::Person(receiver.id),
            instead_of: Some(card::for_absent(&person, away.until)),
        },
        None => Way::NobodyThere,
    })
}

impl Addressee {
    /// The key of a trouble with them.
    pub fn key(&self) -> String {
        match self {
            Addressee::Channel(channel) => channel_key(channel),
            Addressee::Pin(channel) => pin_key(channel),
            Addressee::Person(person) | Addressee::Closed(person) => person_key(*person),
        }
    }

    /// Where a platform says that a person cannot be reached, it is asked whether they are there.
    pub async fn looked_at(
        self,
        chat: &dyn Chat,
        workspace: &Workspace,
        target: &Target,
        refusal: &Refusal,
    ) -> Addressee {
        let (Addressee::Person(id), Target::Person(external), Refusal::UnknownPerson) =
            (&self, target, refusal)
        else {
            return self;
        };
        match chat.who(&workspace.external, external).await {
            Whois::Known(_) => Addressee::Closed(*id),
            Whois::Gone | Whois::Unsure => self,
        }
    }

    /// The platform refused a message to them: a person who is not known there has left, anything
    /// else that people can mend is told to those in charge.
    pub async fn refused(
        &self,
        app: &App,
        tx: &mut Tx,
        workspace: Uuid,
        refusal: &Refusal,
    ) -> Result<()> {
        let why = refusal.to_string();
        let what = match (refusal, self) {
            (Refusal::TokenRevoked, _) => Trouble::Token,
            (Refusal::Removed, _) => Trouble::Removed,
            // Nobody misses the pin of a message that is gone.
            (Refusal::MessageNotFound, Addressee::Pin(_)) => return Ok(()),
            (Refusal::TooManyPins | Refusal::Other(_), Addressee::Pin(channel)) => Trouble::Pin {
                channel: channel.clone(),
                why,
            },
            (Refusal::UnknownPerson, Addressee::Person(person)) => {
                return gone::leave(app, tx, workspace, *person).await;
            }
            (Refusal::UnknownPerson, Addressee::Closed(person)) => Trouble::Unreachable {
                person: *person,
                why,
            },
            (
                Refusal::ChannelArchived
                | Refusal::ChannelNotFound
                | Refusal::NotInChannel
                | Refusal::Restricted,
                addressee,
            ) => match addressee {
                Addressee::Channel(channel) => Trouble::Channel {
                    channel: channel.clone(),
                    why,
                },
                Addressee::Pin(channel) => Trouble::Pin {
                    channel: channel.clone(),
                    why,
                },
                Addressee::Person(person) | Addressee::Closed(person) => Trouble::Unreachable {
                    person: *person,
                    why,
                },
            },
            (
                Refusal::UnknownPerson
                | Refusal::MessageNotFound
                | Refusal::TooManyPins
                | Refusal::Other(_),
                _,
            ) => return Ok(()),
        };
        trouble::happened(app, tx, workspace, what).await
    }
}
