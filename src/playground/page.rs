//! The whole page: places on the left, the conversation, an open thread on the right. On a phone
//! one of the three is shown.

use std::collections::HashMap;

use maud::{DOCTYPE, Markup, html};

use super::act::new_event;
use super::home;
use super::messages::{Body, Message};
use super::render::{self, avatar, icon};
use super::roster::{BOT, Place};
use super::view::{Item, Look, Scene, Show};

/// What to try first.
const EXAMPLES: [&str; 3] = ["/isms help", "/isms status", "/isms action new"];

/// What fills the screen of a phone.
fn opened(show: Show) -> &'static str {
    match show {
        Show::List => "list",
        Show::Latest { thread: Some(_) } => "thread",
        _ => "place",
    }
}

pub fn page(scene: &Scene) -> Markup {
    let look = &scene.look;
    let title = format!("{} · {BOT}", look.place.title());
    let body = html! {
        a.skip href="#box" { "Skip to the message box" }
        div.chat data-opened=(opened(scene.show)) data-version=(scene.version) data-thread=[scene.thread.as_ref().map(|(m, _)| m.number)]
            data-events=(look.href("-/events")) data-complete=(look.href("-/complete"))
            data-place=(look.place.segment()) {
            nav.side aria-label="Channels and messages" {
                header { span.avatar.bot aria-hidden="true" { (icon("shield")) }
                    h1 { (look.roster.name) span.about { "Playground" } } }
                (places(look, &scene.unseen))
                (people(look))
            }
            main.place { (conversation(scene)) }
            @if scene.thread.is_some() {
                aside.thread aria-labelledby="thread-title" { (thread(scene)) }
            }
        }
        ul #offers role="listbox" aria-label="Completions" hidden {}
        p #trouble role="alert" hidden {}
        @if let Some(open) = &scene.form { (render::form(look, open)) }
    };
    shell(&title, &body)
}

/// A page with nothing but words on it.
pub fn bare(title: &str, body: &Markup) -> Markup {
    shell(title, &html! { main.bare-page { (body) } })
}

/// For a playground nobody lives in.
pub fn nobody() -> Markup {
    html! {
        h1 { "Nobody is here yet" }
        p { "The playground has no people to be. Start it with " code { "isms-bot demo" } " to get a sample company." }
    }
}

fn shell(title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content";
                meta name="color-scheme" content="light dark";
                title { (title) }
                link rel="icon" href="/-/icon.svg" type="image/svg+xml";
                link rel="stylesheet" href="/-/chat.css";
                script src="/-/chat.js" defer {}
            }
            body { (maud::PreEscaped(include_str!("sprite.svg"))) (body) }
        }
    }
}

/// The list of channels and direct messages, with what is unread.
pub fn places(look: &Look, unseen: &HashMap<String, i64>) -> Markup {
    let all = look.roster.places(&look.viewer.id);
    let (channels, own): (Vec<_>, Vec<_>) = all
        .into_iter()
        .partition(|place| matches!(place, Place::Channel(_)));
    let (home, direct): (Vec<_>, Vec<_>) = own
        .into_iter()
        .partition(|place| matches!(place, Place::Home(_)));
    let group = |name: &str, places: &[Place]| {
        html! {
            h2 { (name) }
            ul { @for place in places { li { (link(look, place, unseen)) } } }
        }
    };
    html! {
        div #places { ul.home { @for place in &home { li { (link(look, place, unseen)) } } } (group("Channels", &channels)) (group("Direct messages", &direct)) }
    }
}

fn link(look: &Look, place: &Place, unseen: &HashMap<String, i64>) -> Markup {
    let here = *place == look.place;
    let count = unseen.get(&place.conversation()).copied().unwrap_or(0);
    html! {
        a.unread[count > 0] href=(look.href(&place.segment())) aria-current=[here.then_some("page")] {
            @match place {
                Place::Channel(channel) => { span.sign aria-hidden="true" { "#" } span { (channel.id) } }
                Place::Direct(_) => { (avatar(&look.roster, None)) span { (BOT) } }
                Place::Home(_) => { span.sign aria-hidden="true" { (icon("home")) } span { "Home" } }
            }
            @if count > 0 {
                span.count { (count.min(99)) span.hidden { " unread" } }
            }
        }
    }
}

/// Who one is, and who else one could be.
fn people(look: &Look) -> Markup {
    let viewer = &look.viewer;
    html! {
        div.me {
            button popovertarget="people" aria-label=(format!("You are {}, {}. Be somebody else", viewer.name, viewer.role)) {
                (avatar(&look.roster, Some(&viewer.id)))
                span { strong { (viewer.name) } span.about { (viewer.role) } }
                (icon("switch"))
            }
            div #people popover {
                p.about { "Look at the same chat as somebody else" }
                ul {
                    @for person in &look.roster.people {
                        li {
                            a href=(format!("/{}/{}", super::roster::segment(&person.id), look.place.segment()))
                                aria-current=[(person.id == viewer.id).then_some("true")] {
                                (avatar(&look.roster, Some(&person.id)))
                                span { strong { (person.name) } span.about { (person.role) } }
                                @if person.id == viewer.id { (icon("check")) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn conversation(scene: &Scene) -> Markup {
    let look = &scene.look;
    let about = match &look.place {
        Place::Channel(channel) => channel.about.clone(),
        Place::Direct(_) => "What the bot tells you alone".to_owned(),
        Place::Home(_) => "What waits for you, and what comes next".to_owned(),
    };
    html! {
        header.head {
            a.back.quiet href=(look.href("")) aria-label="Back to the list" { (icon("back")) }
            h2 { (look.place.title()) }
            p.about { (about) }
        }
        (pinned(scene))
        div.scroll {
            div.inner {
                @if let Some(before) = scene.earlier {
                    a.earlier href=(format!("{}?before={before}", look.here())) { "Earlier messages" }
                } @else if let Some(home) = &scene.home { (home::shown(look, home)) }
                @else { (welcome(look)) }
                div #log.log role="log" aria-label=(format!("Messages in {}", look.place.title())) tabindex="0" {
                    (lines(look, &scene.items, false))
                }
                @if let Show::Before(_) = scene.show { a.latest href=(look.here()) { "Back to the latest messages" } }
            }
        }
        @if scene.home.is_none() { (message_box(look, None)) }
    }
}

/// What is pinned, above everything: each leads to its message.
fn pinned(scene: &Scene) -> Markup {
    html! {
        @if !scene.pinned.is_empty() {
            ul.pinned aria-label="Pinned" {
                @for message in &scene.pinned {
                    li { a href=(format!("{}/{}", scene.look.here(), message.number)) { (icon("pin")) (title(message)) } }
                }
            }
        }
    }
}

/// What a message is about, in a line.
fn title(message: &Message) -> String {
    match &message.body {
        Body::Card(card) => {
            let plain = || card.plain().lines().next().unwrap_or_default().to_owned();
            card.title.clone().unwrap_or_else(plain)
        }
        Body::Words(words) => words.clone(),
        Body::File { name, .. } => name.clone(),
    }
}

/// The first thing in every conversation: what this is and what to try.
fn welcome(look: &Look) -> Markup {
    html! {
        section.welcome aria-label="About this place" {
            @match &look.place {
                Place::Channel(channel) => {
                    span.big aria-hidden="true" { "#" }
                    h3 { "This is #" (channel.id) }
                }
                Place::Direct(_) => {
                    span.avatar.bot.big aria-hidden="true" { (icon("shield")) }
                    h3 { "Hello " (first_name(look)) }
                }
                Place::Home(_) => {}
            }
            p {
                "isms-bot keeps your ISMS measured, audited, reviewed and corrected, "
                "and keeps the records your certification auditor asks for."
            }
            form.chips method="post" action=(format!("{}/-/say", look.here())) data-act="say" {
                input type="hidden" name="event" value=(new_event());
                span.about { "Try" }
                @for example in EXAMPLES { button name="words" value=(example) { (example) } }
            }
        }
    }
}

fn first_name(look: &Look) -> &str {
    look.viewer
        .name
        .split_whitespace()
        .next()
        .unwrap_or_default()
}

/// Messages and notes under the days they came on.
fn lines(look: &Look, items: &[Item], apart: bool) -> Markup {
    let mut day = String::new();
    html! {
        @for item in items {
            @let on = look.day(item.at());
            @if on != day && !apart { (render::divider(&on)) }
            ({ day = on; "" })
            @match item {
                Item::Message(message) => (render::message(look, message, apart)),
                Item::Note(note) => (render::note(look, note)),
            }
        }
    }
}

fn thread(scene: &Scene) -> Markup {
    let look = &scene.look;
    let Some((root, items)) = &scene.thread else {
        return html! {};
    };
    html! {
        header.head {
            a.back.quiet href=(look.here()) aria-label="Back to the channel" { (icon("back")) }
            h2 #thread-title { "Thread" }
            p.about { (look.place.title()) }
            a.close.quiet href=(look.here()) aria-label="Close the thread" title="Close" { (icon("close")) }
        }
        div.scroll {
            div.inner {
                div.root { (render::message(look, root, true)) }
                div #answers.log role="log" aria-label="Answers" tabindex="0" { (lines(look, items, true)) }
            }
        }
        (message_box(look, Some(root.number)))
    }
}

fn message_box(look: &Look, thread: Option<i64>) -> Markup {
    let id = if thread.is_some() {
        "answer-box"
    } else {
        "box"
    };
    let (label, hint) = match (thread, &look.place) {
        (Some(_), _) => ("Reply".to_owned(), "Reply…".to_owned()),
        (None, place) => {
            let to = format!("Message {}", place.title());
            (to.clone(), format!("{to}, or / for commands"))
        }
    };
    html! {
        form.box method="post" action=(format!("{}/-/say", look.here())) data-act="say" {
            input type="hidden" name="event" value=(new_event());
            @if let Some(thread) = thread { input type="hidden" name="thread" value=(thread); }
            textarea id=(id) name="words" rows="1" placeholder=(hint) aria-label=(label)
                autocomplete="off" role="combobox" aria-autocomplete="list" aria-expanded="false"
                aria-controls="offers" {}
            button.primary aria-label="Send" title="Send (Enter)" { (icon("send")) }
        }
    }
}
