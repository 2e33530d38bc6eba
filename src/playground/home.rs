//! Home: what waits for a person, on a page of its own, as a platform's home tab has it. It says
//! what the command `home` says; what is done there is answered below it.

use maud::{Markup, html};

use super::act::new_event;
use super::render::{Standing, card};
use super::roster::WORKSPACE;
use super::serve::Site;
use super::view::Look;
use crate::chat::{Act, Card, Inbound, Platform, Reply, Speaker};

/// What stands for it where messages and notes have their key.
pub const KEY: &str = "home";

/// What is said to learn it.
const WORDS: &str = "home";

/// What waits for the person who looks, as things stand.
pub async fn load(site: &Site, look: &Look) -> Card {
    let inbound = Inbound {
        event: new_event(),
        platform: Platform::Playground,
        workspace: WORKSPACE.to_owned(),
        speaker: Speaker {
            id: look.viewer.id.clone(),
            name: Some(look.viewer.name.clone()),
            zone: None,
            admin: None,
        },
        channel: look.place.channel(),
        act: Act::Typed(WORDS.to_owned()),
        files: Vec::new(),
    };
    match (site.handle)(inbound).await {
        Reply::Card(card) => card,
        _ => Card::default(),
    }
}

pub fn shown(look: &Look, home: &Card) -> Markup {
    let at = Standing {
        look,
        key: KEY,
        thread: None,
    };
    html! {
        article.message.home data-key=(KEY) aria-label="Home" { div.body { (card(at, home)) } }
    }
}
