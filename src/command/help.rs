//! Help, read off the declaration: everything in a few lines, a group, or one command.

use super::catalog::{Entry, Found, argument_hint, argument_label, argument_name};
use super::kind::{self, Kind, kind};
use crate::chat::{Button, Card, Text};

/// Answers `help` and `help <topic>`.
pub fn help(topic: &[String]) -> Card {
    let words: Vec<&str> = topic
        .iter()
        .flat_map(|word| word.split_whitespace())
        .filter(|word| !word.eq_ignore_ascii_case("/isms"))
        .map(|word| word.trim_start_matches('/'))
        .collect();
    match Entry::follow(words) {
        Found::Group(group) if group.path.is_empty() => everything(&group),
        Found::Group(group) => of_group(&group),
        Found::Command(entry, _) => of_command(&entry),
        Found::Unknown { within, word } => no_topic(&within, &word),
    }
}

fn everything(root: &Entry) -> Card {
    let (groups, single): (Vec<Entry>, Vec<Entry>) = root.children().partition(Entry::is_group);
    let groups = groups.iter().map(|group| (group.title(), names(group)));
    let single = single.iter().map(summary);
    Card::new("What I can do")
        .text(
            Text::from("Write a command, like ")
                .code("/isms action new Patch the VPN owner:@ann due:friday")
                .plain_span(" or ")
                .code("/isms status")
                .plain_span(". Leave out what you like: a form asks for it."),
        )
        .facts(groups)
        .list(single)
        .buttons([
            Button::new("What waits for me", "mine").primary(),
            Button::new("Actions", "help action"),
            Button::new("KPIs", "help kpi"),
            Button::new("Audits", "help audit"),
            Button::new("Reviews", "help review"),
        ])
        .footer(
            Text::from("One command in detail: ")
                .code("/isms help action new")
                .plain_span("."),
        )
}

/// `/isms action` new · list · show …
fn names(group: &Entry) -> Text {
    let names: Vec<String> = group
        .children()
        .filter_map(|entry| entry.path.last().map(|name| (*name).to_owned()))
        .collect();
    Text::new()
        .code(format!("/isms {}", group.words()))
        .plain_span(format!(" {}", names.join(" · ")))
}

/// `/isms action new`: raise a corrective action
fn summary(entry: &Entry) -> Text {
    let text = Text::new().code(format!("/isms {}", entry.words()));
    text.plain_span(format!(": {}", lower(&entry.about())))
}

fn of_group(group: &Entry) -> Card {
    let commands: Vec<Text> = group.children().map(|entry| summary(&entry)).collect();
    let example = group.children().next().map(|entry| entry.words());
    // What can be begun without naming a record.
    let ready = group.children().filter(|entry| {
        let mut arguments = entry.arguments();
        arguments.all(|arg| !matches!(kind(arg), Kind::Record(_)))
    });
    Card::new(group.title())
        .text(format!("{}.", group.about()))
        .list(commands)
        .buttons(
            ready
                .take(5)
                .map(|entry| Button::new(entry.title(), entry.words())),
        )
        .footer(
            Text::from("One command in detail: ")
                .code(format!("/isms help {}", example.unwrap_or_default()))
                .plain_span("."),
        )
}

fn of_command(entry: &Entry) -> Card {
    let words = entry.words();
    let told = entry.arguments().filter(|arg| !arg.is_hide_set());
    let arguments: Vec<Text> = told.map(argument).collect();
    let examples = entry.examples();
    let card = Card::new(entry.title()).text(format!("{}.", entry.about()));
    let card = match arguments.is_empty() {
        true => card,
        false => card.list(arguments),
    };
    let card = match examples.is_empty() {
        true => card,
        false => {
            let examples = examples
                .into_iter()
                .map(|example| Text::new().code(format!("/isms {example}")));
            card.text("For example:").list(examples)
        }
    };
    let waits = entry.arguments().any(clap::Arg::is_required_set);
    let label = if waits {
        "Open the form"
    } else {
        entry.title()
    };
    card.buttons((words != "help").then(|| Button::new(label, words)))
}

/// `due:` Due date. For example: …
fn argument(arg: &clap::Arg) -> Text {
    let name = argument_name(arg);
    let name = match (arg.is_positional(), kind(arg)) {
        (true, _) | (_, Kind::Flag) => name,
        _ => format!("{name}:"),
    };
    let label = argument_label(arg);
    let label = label.trim_end_matches('?');
    let mut said = format!(" {label}");
    if arg.is_required_set() {
        said.push_str(" (needed)");
    }
    if let Kind::Choice(choices) = kind(arg) {
        let names = choices.iter().map(|choice| {
            let name = choice.get_name().to_owned();
            let label = kind::label(choice);
            // A letter says nothing by itself.
            if name.len() == 1 { label } else { name }
        });
        said.push_str(&format!(": {}", names.collect::<Vec<_>>().join(", ")));
    }
    said.push('.');
    let example = || Some(format!("For example: {}.", kind::example(arg)?));
    if let Some(hint) = argument_hint(arg).or_else(example) {
        said.push_str(&format!(" {hint}"));
    }
    Text::new().code(name).plain_span(said)
}

fn no_topic(within: &Entry, word: &str) -> Card {
    let word: String = word.chars().take(40).collect();
    let card = Card::say(format!("I have no help about “{word}”."));
    let back = match within.path.is_empty() {
        true => "help".to_owned(),
        false => format!("help {}", within.words()),
    };
    match within.nearest(&word) {
        Some(near) => card
            .text(
                Text::from("Did you mean ")
                    .code(near.words())
                    .plain_span("?"),
            )
            .buttons([
                Button::new(near.title(), format!("help {}", near.words())).primary(),
                Button::new("All help", back),
            ]),
        None => card.buttons([Button::new("All help", back)]),
    }
}

/// For the middle of a sentence; names in capitals stay.
fn lower(about: &str) -> String {
    let mut chars = about.chars();
    match (chars.next(), chars.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => about.to_owned(),
    }
}
