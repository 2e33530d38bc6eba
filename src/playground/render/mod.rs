//! How messages, cards and forms look in the browser. Pure; every word that came from outside is
//! escaped by the templates.

mod card;
mod form;
mod message;
#[cfg(test)]
mod tests;

pub use card::{Standing, card};
pub use form::form;
pub use message::{avatar, divider, message, note};

/// What a message is called in a page.
pub fn message_key(number: i64) -> String {
    format!("m{number}")
}

/// What a note is called in a page.
pub fn note_key(id: i64) -> String {
    format!("n{id}")
}

/// The message that a key means.
pub fn message_of(key: &str) -> Option<i64> {
    key.strip_prefix('m')?.parse().ok()
}

/// The note that a key means.
pub fn note_of(key: &str) -> Option<i64> {
    key.strip_prefix('n')?.parse().ok()
}

/// A drawing from the sprite at the head of a page.
pub fn icon(name: &str) -> maud::Markup {
    maud::html! { svg.icon aria-hidden="true" { use href=(format!("#i-{name}")) {} } }
}
