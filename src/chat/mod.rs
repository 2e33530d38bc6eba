//! What is said, whatever the platform: no feature knows a platform and no platform knows a feature.
//! They meet here.
//!
//! - [`Inbound`]: a person did something (typed, clicked, submitted a form).
//! - [`Reply`]: what that person gets back at once.
//! - [`Card`]: something to read, with its buttons. [`Form`]: something to fill in.
//! - [`Chat`]: what a platform must be able to do so that the outbox can post.
//!
//! A button carries a command, exactly as a person would type it. A form carries the beginning of
//! one; its fields are the command's named arguments. So every face goes through one grammar.

mod attachment;
mod card;
pub mod fetch;
mod form;
mod pieces;
mod ring;
mod send;

pub use attachment::Attachment;
pub use card::{
    Block, Button, Card, Chart, ChartPoint, ChartStep, Picture, PictureSource, Span, Style, Text,
    day, in_zone,
};
pub use form::{Choice, Field, FieldKind, Form};
pub use pieces::{cut, first_of, pieces};
pub use ring::{Ring, RingPart};
pub use send::{Chat, Content, Delivery, MessageRef, Refusal, SendError, Target, Whois};

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// The platforms a workspace can live on.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Platform {
    Playground,
    Slack,
    Discord,
}

impl Platform {
    /// Whether it tells in which zone a person is.
    pub fn tells_zones(self) -> bool {
        self == Platform::Slack
    }
}

/// Something a person did on a platform, already verified by its face.
#[derive(Debug, Clone)]
pub struct Inbound {
    /// The platform's own id of this act. The same id twice is the same act, delivered twice.
    /// For a submitted form it is the id of the open form, so that one form has one effect.
    pub event: String,
    pub platform: Platform,
    /// The platform's id of the workspace (Slack team id, Discord guild id).
    pub workspace: String,
    pub speaker: Speaker,
    /// The platform's id of the channel it happened in.
    pub channel: String,
    pub act: Act,
    /// What was attached, each for an argument of the command.
    pub files: Vec<Attachment>,
}

/// Who did it, as the platform knows them.
#[derive(Debug, Clone)]
pub struct Speaker {
    /// The platform's id of the person.
    pub id: String,
    /// The name to show, if the platform told it.
    pub name: Option<String>,
    /// The person's zone, if the platform told it.
    pub zone: Option<Tz>,
    /// An administrator of the workspace, if the platform told it.
    pub admin: Option<bool>,
}

#[derive(Debug, Clone)]
pub enum Act {
    /// What was typed after `/isms`.
    Typed(String),
    /// A button's command, as the button carried it, and the message it stood on.
    Clicked {
        command: String,
        on: Option<MessageRef>,
    },
    /// A form's command and what was filled in, by field name. An empty field is left out.
    Submitted {
        command: String,
        values: Vec<(String, String)>,
    },
    /// Part of a form, from a face that asks bit by bit: kept as the person's draft of it. An empty
    /// value takes out what stood there. `send` submits the whole draft.
    Filled {
        command: String,
        values: Vec<(String, String)>,
        send: bool,
    },
}

/// What someone is typing into one argument of a command, while they type it.
#[derive(Debug, Clone)]
pub struct Asked {
    pub platform: Platform,
    /// The platform's id of the workspace.
    pub workspace: String,
    /// The platform's id of the person.
    pub person: String,
    /// The command so far: `action done`.
    pub command: String,
    /// The argument's name.
    pub field: String,
    pub typed: String,
}

/// What the person gets at once. What others get goes through the outbox.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// Done, and there is nothing to add.
    Nothing,
    /// To that person only (ephemeral).
    Card(Card),
    /// A form to fill in, or the same one again with errors beside its fields.
    Form(Form),
}

impl Reply {
    /// The card of a reply that is one.
    pub fn card(&self) -> Option<&Card> {
        match self {
            Reply::Card(card) => Some(card),
            _ => None,
        }
    }
}

impl From<Card> for Reply {
    fn from(card: Card) -> Self {
        Reply::Card(card)
    }
}
