//! One line of a conversation: a person's or the bot's message, or a note for one person.

use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::{DateTime, NaiveDate, Utc};
use maud::{Markup, html};

use super::card::{Standing, card};
use super::{icon, message_key, note_key};
use crate::playground::messages::{Body, Message};
use crate::playground::notes::Note;
use crate::playground::roster::{BOT, Person, Roster, segment};
use crate::playground::view::Look;

/// How many hues the style sheet has for people.
const HUES: u64 = 8;

/// `apart`: it is shown in its thread, so nothing leads there.
pub fn message(look: &Look, message: &Message, apart: bool) -> Markup {
    let key = message_key(message.number);
    let author = message.author.as_deref();
    let name = name(&look.roster, author);
    let thread = format!(
        "{}/{}",
        look.here(),
        message.thread.unwrap_or(message.number)
    );
    // What is asked for in a thread is answered there.
    let inside = message.thread.or(apart.then_some(message.number));
    let at = Standing {
        look,
        key: &key,
        thread: inside,
    };
    html! {
        article.message data-key=(key) data-day=(look.day(message.posted))
            aria-label=(format!("{name}, {}", clock(look, message.posted))) {
            (avatar(&look.roster, author))
            div.body {
                header {
                    span.name { (name) }
                    @if author.is_none() { span.tag { "App" } }
                    (time(look, message.posted))
                    @if message.edited.is_some() { span.edited { "edited" } }
                }
                @match &message.body {
                    Body::Words(words) => p.words { (mentions(look, words)) },
                    Body::Card(shown) => (card(at, shown)),
                    Body::File { name, comment, size } => {
                        @if !comment.is_empty() { p.words { (comment) } }
                        a.file href=(look.href(&format!("-/file/{}/{}", message.number, segment(name)))) download=(name) {
                            (icon("file"))
                            span { strong { (name) } " " span.about { (human_size(*size)) } }
                            (icon("download"))
                        }
                    }
                }
                @if !apart && message.replies > 0 {
                    a.replies href=(thread) {
                        (icon("thread"))
                        @if message.replies == 1 { "1 reply" } @else { (message.replies) " replies" }
                        @if let Some(last) = message.last_reply {
                            span.about { "last at " (clock(look, last)) }
                        }
                    }
                }
            }
            @if !apart {
                a.reply href=(thread) aria-label="Reply in thread" title="Reply in thread" { (icon("thread")) }
            }
        }
    }
}

/// What only this person sees.
pub fn note(look: &Look, note: &Note) -> Markup {
    let key = note_key(note.id);
    let at = Standing {
        look,
        key: &key,
        thread: note.thread,
    };
    html! {
        article.message.note data-key=(key) data-day=(look.day(note.at))
            aria-label=(format!("{BOT}, only you can see this, {}", clock(look, note.at))) {
            (avatar(&look.roster, None))
            div.body {
                p.private {
                    (icon("eye")) "Only you can see this"
                    @if let Some(asked) = &note.asked { " · " code { (asked) } }
                }
                header { span.name { (BOT) } span.tag { "App" } (time(look, note.at)) }
                (card(at, &note.card))
            }
            form.dismiss method="post" action=(format!("{}/-/dismiss", look.here())) data-act="dismiss" {
                input type="hidden" name="note" value=(note.id);
                @if let Some(thread) = note.thread { input type="hidden" name="thread" value=(thread); }
                button aria-label="Dismiss" title="Dismiss" { (icon("close")) }
            }
        }
    }
}

fn name(roster: &Roster, author: Option<&str>) -> String {
    match author {
        None => BOT.to_owned(),
        Some(id) => roster
            .person(id)
            .map_or(id, |person| &person.name)
            .to_owned(),
    }
}

/// A round picture: the bot's shield, or a person's initials on their colour.
pub fn avatar(roster: &Roster, author: Option<&str>) -> Markup {
    let Some(id) = author else {
        return html! { span.avatar.bot aria-hidden="true" { (icon("shield")) } };
    };
    let name = name(roster, author);
    let initials = name
        .split_whitespace()
        .filter_map(|word| word.chars().next())
        .take(2);
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    let hue = format!("avatar hue-{}", hasher.finish() % HUES);
    html! {
        span class=(hue) aria-hidden="true" { (initials.flat_map(char::to_uppercase).collect::<String>()) }
    }
}

/// Heads the messages of one day, `2026-11-23`.
pub fn divider(day: &str) -> Markup {
    let date = day.parse::<NaiveDate>();
    let words = date.map_or(day.to_owned(), |date| {
        date.format("%A, %-d %B %Y").to_string()
    });
    html! { h3.day data-day=(day) { time datetime=(day) { (words) } } }
}

fn clock(look: &Look, at: DateTime<Utc>) -> String {
    at.with_timezone(&look.viewer.zone)
        .format("%H:%M")
        .to_string()
}

fn time(look: &Look, at: DateTime<Utc>) -> Markup {
    let local = at.with_timezone(&look.viewer.zone);
    let whole = local.format("%A, %-d %B %Y, %H:%M %Z").to_string();
    html! { time datetime=(at.to_rfc3339()) title=(whole) { (clock(look, at)) } }
}

/// What a person typed, with the people they named marked.
fn mentions(look: &Look, words: &str) -> Markup {
    html! {
        @for piece in words.split_inclusive(char::is_whitespace) {
            @match mentioned(&look.roster, piece) {
                None => (piece),
                Some((person, rest)) => {
                    span.mention.me[person.id == look.viewer.id] { "@" (person.name) } (rest)
                }
            }
        }
    }
}

/// The person a word names by `@id`, and what follows the id.
fn mentioned<'a>(roster: &'a Roster, word: &'a str) -> Option<(&'a Person, &'a str)> {
    let word = word.strip_prefix('@')?;
    let named = roster.people.iter().filter_map(|person| {
        let rest = word.strip_prefix(person.id.as_str())?;
        let ends = !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-' || c == '_');
        ends.then_some((person, rest))
    });
    named.max_by_key(|(person, _)| person.id.len())
}

fn human_size(bytes: i64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KB", bytes / 1024),
        _ => format!("{:.1} MB", bytes as f64 / 1_048_576.0),
    }
}
