//! What could come next while someone types: for the playground's message box and the shell.

use std::collections::HashMap;

use super::catalog::{Entry, Found, argument_label, argument_name};
use super::draft::Draft;
use super::kind::{self, Kind};
use super::known::{Known, KnownPerson};
use super::words::{Word, words};
use crate::chat::Choice;

/// As many as are worth reading.
const MOST: usize = 12;
/// What both platforms list at most (Discord's limit), and how long a label may be (Slack's).
const MOST_SUGGESTED: usize = 25;
const LONGEST_LABEL: usize = 75;

/// The whole text with one more step, and what that step is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    pub text: String,
    pub about: String,
}

/// What could follow the beginning of a command. `prefix` is what stands after `/isms`; the last
/// word is still being typed unless a space follows it.
pub fn completions(prefix: &str, known: &Known) -> Vec<Completion> {
    let prefix = prefix.trim_start();
    let begun = prefix.rfind(char::is_whitespace).map_or(0, |space| {
        space + prefix[space..].chars().next().map_or(1, char::len_utf8)
    });
    let (before, word) = prefix.split_at(begun);
    let said = words(before);
    let found = Entry::follow(said.iter().map(|word| word.text.as_str()));
    let steps = match found {
        Found::Group(group) => commands(&group),
        Found::Command(entry, used) => arguments(entry, &said[used..], word, known),
        Found::Unknown { .. } => Vec::new(),
    };
    let typed = bare(word);
    let mut found: Vec<Completion> = steps
        .into_iter()
        .filter(|(step, _)| {
            let step = bare(step);
            step.starts_with(&typed) && step != typed
        })
        .map(|(step, about)| Completion {
            text: format!("{before}{step}"),
            about,
        })
        .collect();
    found.truncate(MOST);
    found
}

/// Values of one argument that fit what is typed of it so far, for faces that search while a person
/// types. `command` leads to the command, with or without arguments.
pub fn suggest(command: &str, argument: &str, typed: &str, known: &Known) -> Vec<Choice> {
    let said = words(command);
    let found = Entry::follow(said.iter().map(|word| word.text.as_str()));
    let Found::Command(entry, _) = found else {
        return Vec::new();
    };
    let draft = Draft::new(entry);
    let slot = draft.slots.iter().find(|slot| slot.name == argument);
    let Some(slot) = slot else { return Vec::new() };
    let typed = bare(typed.trim());
    let fits = |(value, about): &Step| {
        bare(value).starts_with(&typed) || about.to_lowercase().contains(&typed)
    };
    let label = |value: &str, about: &str| match about {
        "" => value.to_owned(),
        about => format!("{value} · {about}"),
    };
    values(slot.arg, &slot.kind, known)
        .into_iter()
        .filter(fits)
        .take(MOST_SUGGESTED)
        .map(|(value, about)| Choice {
            label: label(&value, &about).chars().take(LONGEST_LABEL).collect(),
            value: value.trim_matches('"').to_owned(),
        })
        .collect()
}

type Step = (String, String);

/// For comparing: `owner:an` begins `owner:@ann`.
fn bare(step: &str) -> String {
    step.to_lowercase().replace(['@', '"'], "")
}

/// A person as one would type them: by handle, by a first name nobody else has, or by full name.
fn spelt(person: &KnownPerson, known: &Known) -> String {
    let first = |person: &KnownPerson| {
        let first = person.name.split_whitespace().next();
        first.unwrap_or_default().to_lowercase()
    };
    let name = first(person);
    let namesakes = known.people.iter().filter(|other| first(other) == name);
    match &person.handle {
        Some(handle) => format!("@{handle}"),
        None if namesakes.count() == 1 => format!("@{name}"),
        None => format!("\"{}\"", person.name),
    }
}

fn commands(group: &Entry) -> Vec<Step> {
    let step = |entry: Entry| {
        let name = entry.path.last().copied().unwrap_or_default();
        (name.to_owned(), entry.about())
    };
    group.children().map(step).collect()
}

fn arguments(entry: Entry, said: &[Word], word: &str, known: &Known) -> Vec<Step> {
    let mut draft = Draft::new(entry);
    draft.fill(said, known);
    if let Some((name, _)) = word.split_once(':') {
        let slot = draft.slots.iter().find(|slot| slot.name == name);
        let Some(slot) = slot else { return Vec::new() };
        let values = values(slot.arg, &slot.kind, known);
        let keyed = values
            .into_iter()
            .map(|(value, about)| (format!("{name}:{value}"), about));
        return keyed.collect();
    }
    let open = |slot: &&super::draft::Slot| slot.typed.is_none();
    let next = draft.slots.iter().filter(open);
    let next = next.clone().find(|slot| slot.arg.is_positional());
    let mut steps = match next {
        Some(slot) => values(slot.arg, &slot.kind, known),
        None => Vec::new(),
    };
    let keyed = draft.slots.iter().filter(open);
    let keyed = keyed.filter(|slot| !slot.arg.is_positional() && !slot.arg.is_hide_set());
    steps.extend(keyed.map(|slot| {
        let name = argument_name(slot.arg);
        let step = match slot.kind {
            Kind::Flag => name,
            _ => format!("{name}:"),
        };
        (step, argument_label(slot.arg))
    }));
    steps
}

/// Values that an argument can have, as far as they can be told.
fn values(arg: &clap::Arg, kind: &Kind, known: &Known) -> Vec<Step> {
    match kind {
        Kind::Choice(choices) => choices
            .iter()
            .map(|choice| (choice.get_name().to_owned(), kind::label(choice)))
            .collect(),
        Kind::Flag => vec![("yes".into(), String::new())],
        Kind::Due | Kind::Date => ["today", "tomorrow", "friday", "in 2 weeks", "end of month"]
            .into_iter()
            .filter_map(|words| Some((words.to_owned(), kind.read(words, known).ok()?)))
            .collect(),
        Kind::Period => ["last week", "last month", "last quarter"]
            .into_iter()
            .filter_map(|words| Some((words.to_owned(), kind.read(words, known).ok()?)))
            .collect(),
        Kind::Span => ["last month", "last quarter", "last year"]
            .into_iter()
            .filter_map(|words| Some((words.to_owned(), kind.read(words, known).ok()?)))
            .collect(),
        Kind::Person | Kind::Crew => {
            let me = std::iter::once(("me".to_owned(), "Yourself".to_owned()));
            let others = known.people.iter();
            let others = others.map(|person| (spelt(person, known), person.name.clone()));
            me.chain(others).collect()
        }
        Kind::Whoever => {
            let all = known.gone.iter().chain(&known.people);
            all.map(|person| (spelt(person, known), person.name.clone()))
                .collect()
        }
        Kind::Record(_) => {
            let actions = known.actions.iter().map(|(name, t)| (name.to_string(), t));
            let findings = known.findings.iter().map(|(name, t)| (name.to_string(), t));
            let titles: HashMap<_, _> = actions.chain(findings).collect();
            let about = |name: &String| {
                let title = titles.get(name);
                title.map(|title| (*title).clone()).unwrap_or_default()
            };
            kind::records(arg, known)
                .into_iter()
                .map(|name| (name.clone(), about(&name)))
                .collect()
        }
        Kind::Zone => chrono_tz::TZ_VARIANTS
            .iter()
            .map(|zone| (zone.name().to_owned(), String::new()))
            .collect(),
        _ => Vec::new(),
    }
}
