//! Every word about the agenda pack in chat.

use crate::chat::{Button, Card};
use crate::command::value::ReviewName;

/// To who asked for it.
pub fn on_its_way(name: ReviewName, summary: &str) -> Card {
    Card::say(format!(
        "The agenda pack of {name} is on its way to you, as PDF and as Markdown. {summary}"
    ))
    .buttons([Button::new("Show", format!("review show {name}"))])
}
