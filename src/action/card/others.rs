//! What others than the speaker hear of an action, and where.

use uuid::Uuid;

use super::{SHORT, file_text, steps};
use crate::action::rules::{Action, Case};
use crate::action::steps::Step;
use crate::chat::{Button, Card, Text, cut, day};
use crate::command::value::FileRef;
use crate::people::People;
use crate::record::card::get;

/// To who noted how it is going.
pub fn is_noted(action: &Action) -> Card {
    let text = Text::new().bold(action.name().to_string());
    let text = text.plain_span(": noted, and said in the thread of its message.");
    let show = Button::new("Show", format!("action show {}", action.name()));
    Card::say(text).buttons([show])
}

/// In the thread of the living message: how it is going.
pub fn noted(people: &People, by: Uuid, (note, file): (&str, Option<(&FileRef, &str)>)) -> Card {
    let line = people.mention(Some(by)).plain_span(format!(": {note}"));
    let card = Card::say(line);
    match file {
        Some((file, name)) => card
            .text(Text::from("File: ").then(file_text(name, file)))
            .buttons([get(file)]),
        None => card,
    }
}

/// To who is to look whether it worked.
pub fn to_check(action: &Action, people: &People, by: Uuid) -> Card {
    let on = action
        .check_on
        .map_or_else(String::new, |on| format!(" from {}", day(on)));
    let line = people
        .mention(Some(by))
        .plain_span(" asks you to look whether ")
        .bold(action.name().to_string())
        .plain_span(format!(" worked{on}: {}.", action.title));
    let mut card = Card::say(line);
    if let Some(criterion) = &action.criterion {
        card = card.text(format!("It worked if: {}", cut(criterion, SHORT)));
    }
    let name = action.name();
    let buttons = [
        Button::new("Verify", format!("action verify {name}")).primary(),
        Button::new("Show", format!("action show {name}")),
    ];
    card.buttons(
        buttons
            .into_iter()
            .chain(action.evidence_file.as_ref().map(get)),
    )
}

/// To whoever has a step to do.
pub fn step_planned(action: &Action, step: &Step, (people, by): (&People, Uuid)) -> Card {
    let name = action.name();
    let line = people
        .mention(Some(by))
        .plain_span(format!(" gave you step {} of ", step.number))
        .bold(name.to_string())
        .plain_span(format!(
            " ({}): {}. It is due on {}.",
            action.title,
            step.what,
            day(step.due)
        ));
    let done = format!("action step-done {name} {}", step.number);
    Card::say(line).buttons([
        Button::new("Done", done).primary(),
        Button::new("Show", format!("action show {name}")),
    ])
}

/// In the thread of the message it was raised from.
pub fn raised_here(action: &Action, people: &People) -> Card {
    let line = people
        .mention(Some(action.raised_by))
        .plain_span(" raised ")
        .bold(action.name().to_string())
        .plain_span(format!(" from this: {}. Owner ", action.title))
        .then(people.mention(action.owner))
        .plain_span(format!(", due {}.", day(action.due)));
    let show = Button::new("Show", format!("action show {}", action.name()));
    Card::say(line).buttons([show])
}

/// To who raised an action from a message in a channel where the bot may not speak.
pub fn not_said_there() -> Text {
    "I am not in that channel, so nothing was said there. Invite me, and the next time I do.".into()
}

/// To the new owner of an action.
pub fn assigned(case: &Case, people: &People, by: Uuid) -> Card {
    let action = &case.action;
    let line = people
        .mention(Some(by))
        .plain_span(" made you the owner of ")
        .bold(action.name().to_string())
        .plain_span(format!(
            ": {}. It is due on {}.",
            action.title,
            day(action.due)
        ));
    Card::say(line).buttons(steps(case))
}
