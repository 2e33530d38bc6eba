//! Who is in the playground and where they can talk.

use std::sync::Arc;

use chrono_tz::Tz;
use futures::future::BoxFuture;
use uuid::Uuid;

use crate::app::Result;

/// Tells who and which channels there are now.
pub type Directory = Arc<dyn Fn() -> BoxFuture<'static, Result<Roster>> + Send + Sync>;

#[derive(Debug, Clone, Default)]
pub struct Roster {
    /// Our own id of the workspace.
    pub workspace: Uuid,
    /// What people call it.
    pub name: String,
    pub people: Vec<Person>,
    pub channels: Vec<Channel>,
}

/// One of the people one can be. Everybody is a member of every channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The platform's id, and what is typed after `@`.
    pub id: String,
    pub name: String,
    /// The role, in a word people read: `manager`.
    pub role: String,
    pub zone: Tz,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// The platform's id, and what stands after `#`.
    pub id: String,
    /// What it is for, in a sentence.
    pub about: String,
}

/// What the playground's workspace is called as a platform's: there is one.
pub const WORKSPACE: &str = "playground";

/// What stands for the bot in an address and in the list of direct messages.
pub const BOT: &str = "isms-bot";

/// One conversation, as one person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    Channel(Channel),
    /// The direct messages between the bot and this person.
    Direct(String),
    /// What waits for this person, and the answers to what they do there.
    Home(String),
}

/// What Home is called in an address.
const HOME: &str = "@home";

impl Place {
    /// What it is called in the database and in a [`crate::chat::MessageRef`].
    pub fn conversation(&self) -> String {
        match self {
            Place::Channel(channel) => channel.id.clone(),
            Place::Direct(person) => direct(person),
            Place::Home(person) => format!("home:{person}"),
        }
    }

    /// The channel that an act happens in. Nothing is posted into Home.
    pub fn channel(&self) -> String {
        match self {
            Place::Home(person) => direct(person),
            place => place.conversation(),
        }
    }

    /// What it is called in an address; every person's direct messages are called alike.
    pub fn segment(&self) -> String {
        match self {
            Place::Channel(channel) => segment(&channel.id),
            Place::Direct(_) => format!("@{BOT}"),
            Place::Home(_) => HOME.to_owned(),
        }
    }

    pub fn title(&self) -> String {
        match self {
            Place::Channel(channel) => format!("#{}", channel.id),
            Place::Direct(_) => BOT.to_owned(),
            Place::Home(_) => "Home".to_owned(),
        }
    }
}

/// The conversation of the bot's direct messages with a person.
pub fn direct(person: &str) -> String {
    format!("@{person}")
}

impl Roster {
    pub fn person(&self, id: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id)
    }

    pub fn channel(&self, id: &str) -> Option<&Channel> {
        self.channels.iter().find(|channel| channel.id == id)
    }

    /// What a person sees in the list, in its order.
    pub fn places(&self, viewer: &str) -> Vec<Place> {
        let channels = self.channels.iter().cloned().map(Place::Channel);
        let own = [
            Place::Direct(viewer.to_owned()),
            Place::Home(viewer.to_owned()),
        ];
        channels.chain(own).collect()
    }

    /// The place that an address means to a person.
    pub fn place(&self, viewer: &str, name: &str) -> Option<Place> {
        if name.strip_prefix('@') == Some(BOT) {
            return Some(Place::Direct(viewer.to_owned()));
        }
        if name == HOME {
            return Some(Place::Home(viewer.to_owned()));
        }
        self.channel(name).cloned().map(Place::Channel)
    }

    /// The place of a conversation, if this person takes part in it.
    pub fn place_of(&self, viewer: &str, conversation: &str) -> Option<Place> {
        let places = self.places(viewer);
        places
            .into_iter()
            .find(|place| place.conversation() == conversation)
    }
}

/// A word as one segment of an address.
pub fn segment(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for byte in word.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~@".contains(&byte) {
            out.push(byte as char);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_segment_keeps_what_is_safe_and_encodes_the_rest() {
        assert_eq!(segment("ann-1"), "ann-1");
        assert_eq!(segment("a/b é"), "a%2Fb%20%C3%A9");
    }

    #[test]
    fn nobody_sees_the_direct_messages_of_another() {
        let roster = Roster::default();
        assert!(roster.place_of("ann", "@ann").is_some());
        assert!(roster.place_of("ann", "@ben").is_none());
    }
}
