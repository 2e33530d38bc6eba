//! Every word the actions say.

use chrono::NaiveDate;

use super::command::{Severity, Source};
use super::rules::{Action, State};
use super::{Filter, PAGE};
use crate::chat::{Button, Card, Text, day};
use crate::people::People;
use crate::record::Past;

impl State {
    pub fn words(self) -> &'static str {
        match self {
            State::Raised => "raised",
            State::Planned => "planned",
            State::Done => "done, to be verified",
            State::Effective => "effective",
            State::Reopened => "reopened",
            State::Cancelled => "cancelled",
        }
    }
}

impl Severity {
    pub fn words(self) -> &'static str {
        match self {
            Severity::Major => "major nonconformity",
            Severity::Minor => "minor nonconformity",
            Severity::Opportunity => "opportunity for improvement",
        }
    }
}

impl Source {
    pub fn words(self) -> &'static str {
        match self {
            Source::ByHand => "raised by hand",
            Source::Finding => "audit finding",
            Source::Kpi => "KPI off target",
            Source::Review => "management review",
            Source::Incident => "incident",
        }
    }
}

/// The next steps, as buttons.
fn steps(action: &Action) -> Vec<Button> {
    let name = action.name();
    match action.state {
        State::Raised | State::Planned | State::Reopened => vec![
            Button::new("Done", format!("action done {name}")).primary(),
            Button::new("Update", format!("action update {name}")),
            Button::new("Extend", format!("action extend {name}")),
            Button::new("Assign", format!("action assign {name}")),
        ],
        State::Done => vec![
            Button::new("Verify", format!("action verify {name}")).primary(),
            Button::new("Reopen", format!("action reopen {name}")),
        ],
        State::Effective | State::Cancelled => {
            vec![Button::new("Reopen", format!("action reopen {name}"))]
        }
    }
}

fn heading(action: &Action) -> String {
    let title: String = action.title.chars().take(120).collect();
    format!("{} · {title}", action.name())
}

fn state_and_due(action: &Action, today: Option<NaiveDate>) -> Text {
    let state = Text::new().bold(action.state.words());
    match action.state {
        State::Effective | State::Cancelled => state,
        State::Done => match action.check_on {
            Some(on) => state.plain_span(format!(", from {}", day(on))),
            None => state,
        },
        _ => {
            let late = today.is_some_and(|today| action.is_overdue(today));
            let word = if late { "overdue since" } else { "due" };
            state.plain_span(format!(", {word} {}", day(action.due)))
        }
    }
}

/// What an action says of itself, with the steps that can be taken.
pub fn living(action: &Action, people: &People) -> Card {
    let mut facts: Vec<(&str, Text)> = vec![
        ("State", state_and_due(action, None)),
        ("Owner", people.mention(action.owner)),
        ("Kind", action.severity.words().into()),
        ("Source", action.source.words().into()),
    ];
    let given = [
        ("Control", &action.control),
        ("Cause", &action.cause),
        ("Plan", &action.plan),
        ("Evidence", &action.evidence),
    ];
    for (label, text) in given {
        facts.extend(text.as_ref().map(|text| (label, text.as_str().into())));
    }
    if let Some(link) = &action.link {
        facts.push(("Said at", Text::new().link(link, link)));
    }
    if action.verified_by.is_some() {
        facts.push(("Verified by", people.mention(action.verified_by)));
    }
    let mut footer = format!(
        "Raised by {} on {}",
        people.name(Some(action.raised_by)),
        day(action.raised_at.date_naive())
    );
    match action.extensions {
        0 => {}
        1 => footer.push_str(" · extended once"),
        times => footer.push_str(&format!(" · extended {times} times")),
    }
    Card::new(heading(action))
        .facts(facts)
        .buttons(steps(action))
        .footer(footer)
}

/// The whole action: what it says and what happened to it.
pub fn shown(action: &Action, people: &People, history: &[Past]) -> Card {
    let mut card = living(action, people);
    let buttons = card.blocks.pop();
    let mut card = card.list(history.iter().map(|past| {
        let mut line = Text::new().plain_span(format!("{} · ", day(past.at.date_naive())));
        line = line.bold(words_of(&past.kind)).plain_span(" · ");
        line = line.plain_span(people.name(past.actor));
        match past.said() {
            Some(said) => line.plain_span(format!(": {said}")),
            None => line,
        }
    }));
    card.blocks.extend(buttons);
    card
}

/// A kind of event, in words.
fn words_of(kind: &str) -> String {
    kind.strip_prefix("action-")
        .unwrap_or(kind)
        .replace('-', " ")
}

/// The short answer to who made a change.
pub fn receipt(action: &Action, people: &People, what: &str) -> Card {
    let line = Text::new()
        .bold(action.name().to_string())
        .plain_span(format!(" {what}: {}. ", action.title))
        .then(state_and_due(action, None))
        .plain_span(", owner ")
        .then(people.mention(action.owner))
        .plain_span(".");
    let mut card = Card::say(line);
    if let Some(hint) = next_hint(action) {
        card = card.text(hint);
    }
    card.buttons(steps(action))
}

/// What is still needed, if something is.
fn next_hint(action: &Action) -> Option<Text> {
    let name = action.name();
    let words = match action.state {
        State::Raised if action.owner.is_none() => Text::new()
            .plain_span("It has no owner yet: ")
            .code(format!("/isms action assign {name} @someone")),
        State::Raised if action.severity.is_nonconformity() => Text::new()
            .plain_span("Next: its cause and a plan: ")
            .code(format!("/isms action update {name}")),
        State::Done => Text::from("Next: someone other than the owner looks whether it worked."),
        _ => return None,
    };
    Some(words)
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
pub fn assigned(action: &Action, people: &People, by: uuid::Uuid) -> Card {
    let line = people
        .mention(Some(by))
        .plain_span(" made you the owner of ")
        .bold(action.name().to_string())
        .plain_span(format!(
            ": {}. It is due on {}.",
            action.title,
            day(action.due)
        ));
    Card::say(line).buttons(steps(action))
}

/// A page of a list.
pub fn listed(
    actions: &[Action],
    people: &People,
    filter: &Filter,
    ask: &str,
    today: NaiveDate,
) -> Card {
    if actions.is_empty() {
        return Card::say("No actions fit.")
            .buttons([Button::new("Raise an action", "action new")]);
    }
    let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let items = actions.iter().take(page).map(|action| {
        Text::new()
            .bold(action.name().to_string())
            .plain_span(format!(" {} · ", action.title))
            .then(state_and_due(action, Some(today)))
            .plain_span(format!(" · {}", people.name(action.owner)))
    });
    let mut buttons = Vec::new();
    if filter.page > 0 {
        buttons.push(Button::new(
            "Earlier",
            format!("{ask} page:{}", filter.page),
        ));
    }
    if actions.len() > page {
        buttons.push(Button::new(
            "More",
            format!("{ask} page:{}", filter.page + 2),
        ));
    }
    Card::new("Actions").list(items).buttons(buttons)
}
