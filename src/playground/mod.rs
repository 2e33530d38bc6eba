//! The playground: a chat in the browser that behaves like the platforms, for trying the bot without
//! an account and for showing it to others.
//!
//! - Pages are rendered here ([`page`], [`render`]) and kept up to date by server-sent events
//!   ([`live`]); `chat.js` swaps in the fragments it is sent and adds the keyboard. Without scripts
//!   the pages still work: forms post and redirect.
//! - The address says who is looking: `/ann/isms` is channel #isms as Ann sees it, `/ann/@isms-bot`
//!   her direct messages, `/ann/isms/42` the thread of message 42. So two windows can be two people.
//! - There is no sign-in. What protects it: it listens on the loopback only ([`bind`]), answers only
//!   to loopback host names, and takes posts only from its own pages ([`guard`]).
//! - Messages are kept ([`messages`]), so a restart keeps the chat. What only one person sees, a
//!   [`crate::chat::Reply`], is kept in memory ([`notes`]), as the platforms do.
//!
//! An act of a person carries an id that was put into the page with the button, box or form it came
//! from: pressing twice is one act. The outbox posts through [`crate::chat::Chat`], like anywhere.

mod act;
mod complete;
mod filled;
mod guard;
mod home;
mod live;
mod messages;
mod notes;
mod page;
mod post;
mod render;
mod roster;
mod serve;
mod view;

use std::sync::Arc;

use futures::future::BoxFuture;

use crate::app::Result;
use crate::chat::{Inbound, Reply};
use crate::clock::Clock;

pub use messages::{Body, Kept, Message, Messages, NewMessage};
pub use roster::{Channel, Directory, Person, Roster, WORKSPACE};
pub use serve::{BindError, bind, serve};

/// Answers one act: `App::handle`, or a test's stand-in.
pub type Handler = Arc<dyn Fn(Inbound) -> BoxFuture<'static, Reply> + Send + Sync>;

/// Tells how a command may go on: given who types (platform id) and what stands after `/isms` so
/// far, the whole text after one more step, and a line about that step.
pub type Completer =
    Arc<dyn Fn(String, String) -> BoxFuture<'static, Result<Vec<(String, String)>>> + Send + Sync>;

/// What the playground is built from.
pub struct Parts {
    pub clock: Clock,
    pub directory: Directory,
    pub messages: Messages,
    pub complete: Completer,
}

/// The playground's chat: what the outbox posts to and the pages show. Cheap to clone.
#[derive(Clone)]
pub struct Playground(Arc<Inner>);

struct Inner {
    parts: Parts,
    notes: notes::Notes,
    changes: live::Changes,
}

impl Playground {
    pub fn new(parts: Parts) -> Self {
        Playground(Arc::new(Inner {
            parts,
            notes: notes::Notes::default(),
            changes: live::Changes::new(),
        }))
    }

    fn parts(&self) -> &Parts {
        &self.0.parts
    }

    fn notes(&self) -> &notes::Notes {
        &self.0.notes
    }

    fn changes(&self) -> &live::Changes {
        &self.0.changes
    }

    /// Who and which channels there are now.
    async fn roster(&self) -> Result<Roster> {
        (self.0.parts.directory)().await
    }
}
