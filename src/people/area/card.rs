//! Every word about areas.

use uuid::Uuid;

use super::rules::{Area, WHOLE, cover};
use crate::chat::{Block, Button, Card, Text};
use crate::command::value::AreaName;
use crate::people::People;

/// The whole standard with its owners, single clauses and controls below their group.
pub fn listed(areas: &[Area], people: &People) -> Card {
    let row = |name: &str, title: &str, owner: Option<Uuid>| {
        let owner = people.name(owner).to_owned();
        vec![name.to_owned(), title.to_owned(), owner]
    };
    let mut rows = Vec::new();
    let mut open = None;
    for (name, title) in WHOLE {
        let own = areas.iter().find(|area| area.name.as_str() == name);
        let owner = own.and_then(|area| area.owner);
        rows.push(row(name, title, owner));
        if owner.is_none() && open.is_none() {
            open = Some(name);
        }
        let below = areas.iter().filter(|area| {
            let inside = area.name.as_str().strip_prefix(name);
            area.owner.is_some() && inside.is_some_and(|rest| rest.starts_with('.'))
        });
        rows.extend(below.map(|area| row(area.name.as_str(), area.name.title(), area.owner)));
    }
    let covered = cover(areas);
    let words = match covered.all - covered.owned {
        0 => format!("All {} clauses and controls have an owner.", covered.all),
        left => format!(
            "{} of {} clauses and controls have an owner; nobody is responsible for the other {left} \
             yet.",
            covered.owned, covered.all
        ),
    };
    let assign = match open {
        Some(name) => Button::new(format!("Assign {name}"), format!("area assign {name}")),
        None => Button::new("Change an owner", "area assign"),
    };
    Card::new("Areas and who is responsible")
        .block(Block::Table {
            head: ["Area", "Title", "Responsible"].map(str::to_owned).to_vec(),
            rows,
        })
        .text(words)
        .buttons([assign])
}

/// The short answer to who assigned it.
pub fn assigned_receipt(area: &AreaName, owner: Uuid, people: &People) -> Card {
    Card::say(
        people
            .mention(Some(owner))
            .plain_span(" is responsible for ")
            .then(named(area))
            .plain_span(" now."),
    )
    .buttons([Button::new("Show areas", "area list")])
}

/// `A.8` Technological controls
fn named(area: &AreaName) -> Text {
    Text::new()
        .code(area.as_str())
        .plain_span(format!(" {}", area.title()))
}

/// To the new owner.
pub fn assigned(own: &[Area], people: &People, by: Uuid) -> Card {
    Card::new("You are responsible for a part of the ISMS")
        .text(
            people
                .mention(Some(by))
                .plain_span(" made you responsible. What is yours now:"),
        )
        .list(own.iter().map(|area| named(&area.name)))
        .text("Auditors will ask you about it, and you do not audit it yourself.")
        .buttons([Button::new("Show areas", "area list")])
}
