//! The wiring: what a person did goes in, what they get back comes out.

use crate::chat::{Inbound, Reply};

/// Everything a request needs. Cheap to clone.
#[derive(Clone)]
pub struct App {}

impl App {
    /// Answers one act of one person. Never fails: a fault becomes a card that carries its id.
    pub async fn handle(&self, inbound: Inbound) -> Reply {
        let _ = inbound;
        Reply::Nothing
    }
}
