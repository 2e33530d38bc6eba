//! What comes back when words are not a command: a form to complete, or a card that says what was
//! wrong and what would be right.

use super::catalog::{Entry, argument_hint, argument_label};
use super::draft::{Draft, Slot};
use super::kind::{self, Kind};
use super::known::{Known, KnownPerson};
use super::names::one_of;
use super::value::RecordName;
use crate::chat::{Button, Card, Choice, Field, FieldKind, Form, Reply, Text};

/// Words that are not a command yet.
#[derive(Debug, Clone, PartialEq)]
pub enum Misread {
    /// Something is missing or wrong: all that was typed stands in the form.
    Form(Form),
    /// It cannot become a command by filling in.
    Card(Card),
}

impl From<Misread> for Reply {
    fn from(misread: Misread) -> Reply {
        match misread {
            Misread::Form(form) => Reply::Form(form),
            Misread::Card(card) => Reply::Card(card),
        }
    }
}

/// What a button carries of the words after a misspelt command (Slack takes 2000 bytes in all).
const LONGEST_REST: usize = 1800;
/// As many records as a hint names.
const MOST_NAMED: usize = 8;

/// The word is no command here.
pub(super) fn unknown(within: &Entry, word: &str, rest: &str) -> Misread {
    let word: String = word.chars().take(40).collect();
    if within.path.is_empty()
        && let Some(card) = group_left_out(&word, rest)
    {
        return Misread::Card(card);
    }
    let names: Vec<String> = within
        .children()
        .filter_map(|entry| entry.path.last().map(|name| (*name).to_owned()))
        .collect();
    let card = match within.path.last() {
        None => Card::say(format!("I do not know “{word}”.")),
        Some(group) => Card::say(format!("{group} has no “{word}”.")),
    };
    let near = within.nearest(&word);
    let card = match &near {
        Some(near) => {
            let text = Text::from("Did you mean ").code(near.words());
            card.text(text.plain_span("?"))
        }
        None => card.text(match within.path.last() {
            None => format!("I know {}.", one_of(&names).replace(" or ", " and ")),
            Some(group) => format!("After {group} comes {}.", one_of(&names)),
        }),
    };
    let help = match within.path.is_empty() {
        true => "help".to_owned(),
        false => format!("help {}", within.words()),
    };
    let mut buttons = Vec::new();
    match near {
        Some(near) => buttons.push(button(&near, rest).primary()),
        None if within.path.is_empty() => {
            buttons.push(Button::new("What waits for me", "mine"));
            buttons.push(Button::new("How it stands", "status"));
        }
        None => {}
    }
    if buttons.iter().all(|button| button.command != help) {
        buttons.push(Button::new("Help", help));
    }
    Misread::Card(card.buttons(buttons))
}

/// `done CA-12`, `record incidents 3`: a command without the group it is in.
fn group_left_out(word: &str, rest: &str) -> Option<Card> {
    let groups = Entry::root().children().filter(Entry::is_group);
    let mut meant: Vec<Entry> = groups.filter_map(|group| group.child(word)).collect();
    // `close CA-12` is no survey.
    if meant.len() > 1
        && let Some(first) = rest.split_whitespace().next()
    {
        let fits = |entry: &Entry| names_a(entry, first);
        if meant.iter().any(fits) {
            meant.retain(fits);
        }
    }
    let names: Vec<String> = meant.iter().map(Entry::words).collect();
    let card = match &meant[..] {
        [] => return None,
        [_] => Card::say(format!("Did you mean {}?", names[0])),
        _ => Card::say(format!("Which do you mean: {}?", one_of(&names))),
    };
    let buttons = meant.iter().take(5).map(|entry| button(entry, rest));
    Some(card.buttons(buttons))
}

/// Whether a word is written like the name of the record that a command is about. Whatever is written
/// like another record is no KPI.
fn names_a(entry: &Entry, word: &str) -> bool {
    let about = entry
        .arguments()
        .map(kind::kind)
        .find_map(|kind| match kind {
            Kind::Record(proper) => Some(proper),
            _ => None,
        });
    let proper = about.and_then(|proper| proper(word).ok());
    let named: Option<RecordName> = word.parse().ok();
    proper.is_some() && proper == named.map(|name| name.to_string())
}

/// Runs a command with the words that were already typed for it.
fn button(entry: &Entry, rest: &str) -> Button {
    let words = entry.words();
    let command = match rest.len() {
        0..=LONGEST_REST => format!("{words} {rest}"),
        _ => words,
    };
    Button::new(entry.title(), command.trim())
}

/// A command that takes nothing was given something.
pub(super) fn too_much(draft: &Draft) -> Misread {
    let words = draft.entry.words();
    let card = Card::say(draft.notes.join(" ")).text(
        Text::new()
            .code(format!("/isms {words}"))
            .plain_span(" takes nothing else."),
    );
    Misread::Card(card.buttons([Button::new(draft.entry.title(), words)]))
}

/// The form that completes a command. What it is about stays in the form's command; everything
/// else is a field, what is needed first.
pub(super) fn form(draft: &Draft, submitted: bool, known: &Known) -> Form {
    let fixed = |slot: &&Slot| slot.is_subject() && slot.value().is_some();
    let mut command = draft.entry.words();
    let mut in_order = true;
    for slot in &draft.slots {
        let value = slot.value().filter(|_| fixed(&slot));
        match value.map(|value| spoken(slot, value, known)) {
            Some(value) if in_order && slot.arg.is_positional() => {
                command.push_str(&format!(" {value}"));
            }
            Some(value) => command.push_str(&format!(" {}:{value}", slot.name)),
            None => in_order = false,
        }
    }
    // Nobody is asked for an origin; a wrong one is shown with what is wrong.
    let asked = |slot: &&Slot| {
        let hidden = slot.arg.is_hide_set() && slot.typed.is_none();
        !fixed(slot) && !hidden
    };
    let mut open: Vec<&Slot> = draft.slots.iter().filter(asked).collect();
    open.sort_by_key(|slot| !slot.required());
    let fields = open.into_iter().map(|slot| field(slot, submitted, known));
    let title = draft.entry.title();
    Form {
        title: title.to_owned(),
        intro: (!draft.notes.is_empty()).then(|| draft.notes.join(" ")),
        command,
        fields: fields.collect(),
        submit: submit_words(title),
    }
}

/// A value as people would say it: people by their mention, not by their id in the records.
fn spoken(slot: &Slot, value: &str, known: &Known) -> String {
    let same = |person: &&KnownPerson| person.id.to_string() == value;
    let person = match slot.kind {
        Kind::Whoever => known.people.iter().chain(&known.gone).find(same),
        _ => None,
    };
    person.map_or_else(
        || value.to_owned(),
        |person| format!("<@{}>", person.platform_id),
    )
}

/// What stands on the button that sends a form: its title if that is short, else the verb it begins
/// with.
fn submit_words(title: &str) -> String {
    match title.split(' ').collect::<Vec<_>>()[..] {
        [verb, _, _, ..] => verb.to_owned(),
        _ => title.to_owned(),
    }
}

fn field(slot: &Slot, submitted: bool, known: &Known) -> Field {
    let default = || {
        let default = slot.arg.get_default_values().first()?;
        default.to_str().map(str::to_owned)
    };
    let value = match (&slot.read, &slot.typed) {
        (Some(Ok(value)), typed) => match &slot.kind {
            Kind::Person => known
                .people
                .iter()
                .find(|person| person.id.to_string() == *value)
                .map(|person| person.platform_id.clone()),
            Kind::Crew => {
                let name = |id: &str| {
                    let mut people = known.people.iter();
                    let person = people.find(|person| person.id.to_string() == id)?;
                    Some(person.name.clone())
                };
                let names: Vec<String> = value.split(' ').filter_map(name).collect();
                Some(names.join(", "))
            }
            Kind::Prose => typed.as_deref().map(kind::channels_by_name),
            Kind::Amount => typed.clone(),
            _ => Some(value.clone()),
        },
        (_, Some(typed)) => Some(typed.clone()),
        _ => default(),
    };
    let missing = submitted && slot.required() && slot.typed.is_none();
    let error = match &slot.read {
        Some(Err(error)) => Some(error.clone()),
        _ => missing.then(|| "This is needed.".to_owned()),
    };
    Field {
        name: slot.name.clone(),
        label: argument_label(slot.arg),
        hint: argument_hint(slot.arg).or_else(|| examples(slot, known)),
        kind: field_kind(&slot.kind),
        required: slot.required(),
        value,
        error,
    }
}

fn field_kind(kind: &Kind) -> FieldKind {
    match kind {
        Kind::Prose => FieldKind::Paragraph,
        Kind::Date | Kind::Due => FieldKind::Date,
        Kind::Person => FieldKind::Person,
        Kind::Amount | Kind::Whole => FieldKind::Number,
        Kind::Choice(choices) => {
            let choice = |choice: &clap::builder::PossibleValue| Choice {
                value: choice.get_name().to_owned(),
                label: kind::label(choice),
            };
            FieldKind::Choice(choices.iter().map(choice).collect())
        }
        Kind::Flag => FieldKind::Choice(vec![
            Choice {
                value: "yes".into(),
                label: "Yes".into(),
            },
            Choice {
                value: "no".into(),
                label: "No".into(),
            },
        ]),
        Kind::Zone | Kind::Record(_) | Kind::Whoever => FieldKind::Search,
        Kind::File => FieldKind::File,
        Kind::Line | Kind::Words | Kind::Crew | Kind::Period | Kind::Span | Kind::Named(_) => {
            FieldKind::Line
        }
    }
}

/// Which records there are, for a field that asks for one.
fn examples(slot: &Slot, known: &Known) -> Option<String> {
    let names = kind::records(slot.arg, known);
    match &names[..] {
        [] => kind::example(slot.arg).map(|name| format!("For example: {name}.")),
        names if names.len() <= MOST_NAMED => Some(format!("{}.", one_of(names))),
        names => Some(format!("For example: {}.", names[..MOST_NAMED].join(", "))),
    }
}
