//! Where messages end up on a stage.

use std::sync::Mutex;

use async_trait::async_trait;
use isms_bot::chat::{
    Card, Chat, Content, Delivery, MessageRef, Refusal, SendError, Speaker, Target, Whois,
};
use uuid::Uuid;

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
