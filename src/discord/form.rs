//! Forms on Discord. Pure.
//!
//! A modal holds at most five texts and nothing else, so:
//!
//! - a form of nothing but texts, five at most, is a modal;
//! - a file is given with the command, for nothing else can ask for one: a form shows what was given;
//! - any other form is a message to that person only: each field with what stands in it and what is
//!   wrong with it, a select for each person and choice, and buttons that open the texts, five at a
//!   time, and that send it. What is picked and written is kept by the app bit by bit.

use serde_json::{Value, json};
use serenity::all::{
    ButtonStyle, CreateActionRow, CreateButton, CreateEmbed, CreateInputText, CreateModal,
    CreateSelectMenu, CreateSelectMenuKind, CreateSelectMenuOption, InputTextStyle,
};

use super::Home;
use super::carry::{Ids, Use};
use super::render::{BUTTON, Message};
use super::words::{cut, escaped_cut, is_id, markdown_cut, person_in, plain};
use crate::chat::{Choice, Field, FieldKind, Form, Text};

/// Texts of a modal.
const INPUTS: usize = 5;
/// Rows of a message, less the one with the buttons.
const SELECTS: usize = 4;
const OPTIONS: usize = 25;
const OPTION: usize = 100;
const TITLE: usize = 45;
const LABEL: usize = 45;
const HINT: usize = 100;
const PLACEHOLDER: usize = 150;
/// Longest text that an input takes: no command reads more.
const INPUT_WORDS: usize = 3000;
/// As much of a field as the message shows.
const SHOWN: usize = 160;
const SHOWN_ERROR: usize = 160;
const INTRO: usize = 900;

/// How a field is asked for.
enum Asking<'a> {
    Text,
    Person,
    Choice(&'a [Choice]),
    /// It cannot be.
    File,
}

fn asking(field: &Field) -> Asking<'_> {
    let fits = |choice: &Choice| (1..=OPTION).contains(&choice.value.chars().count());
    match &field.kind {
        FieldKind::Person => Asking::Person,
        FieldKind::File => Asking::File,
        FieldKind::Choice(choices)
            if (1..=OPTIONS).contains(&choices.len()) && choices.iter().all(fits) =>
        {
            Asking::Choice(choices)
        }
        _ => Asking::Text,
    }
}

fn is_text(field: &Field) -> bool {
    matches!(asking(field), Asking::Text)
}

fn value(field: &Field) -> Option<&str> {
    field
        .value
        .as_deref()
        .filter(|value| !value.trim().is_empty())
}

/// The fields that are written, in the parts that a modal holds.
fn parts(form: &Form) -> Vec<Vec<&Field>> {
    let texts: Vec<&Field> = form.fields.iter().filter(|field| is_text(field)).collect();
    texts.chunks(INPUTS).map(<[_]>::to_vec).collect()
}

fn picked(form: &Form) -> impl Iterator<Item = &Field> {
    let is_picked = |field: &&Field| matches!(asking(field), Asking::Person | Asking::Choice(_));
    form.fields.iter().filter(is_picked)
}

/// The page of the message on which a field's select stands.
pub fn page_of(form: &Form, field: &str) -> usize {
    let at = picked(form).position(|known| known.name == field);
    at.unwrap_or_default() / SELECTS
}

/// Whether a modal can be all of it. One with errors cannot: a modal has no place for them.
pub fn is_modal(form: &Form) -> bool {
    let (files, asked): (Vec<&Field>, Vec<&Field>) =
        form.fields.iter().partition(|field| field.is_file());
    (1..=INPUTS).contains(&asked.len())
        && asked.into_iter().all(is_text)
        && files.into_iter().all(is_left_out)
        && !form.has_errors()
}

/// A file that need not be given and was not.
fn is_left_out(field: &Field) -> bool {
    field.is_file() && value(field).is_none() && !field.required
}

/// The form as a modal. `opened` is the act that opens it.
pub fn modal(form: &Form, opened: &str, ids: &mut Ids) -> CreateModal {
    let id = ids.give(&Use::Open(opened.to_owned()), &form.command);
    // What the intro says (which record) has no other place.
    let intro = form.intro.as_deref().and_then(|intro| intro.lines().next());
    let title = match intro {
        Some(intro) => format!("{}: {intro}", form.title),
        None => form.title.clone(),
    };
    let asked = form.fields.iter().filter(|field| !field.is_file());
    CreateModal::new(id, plain(&title, TITLE)).components(asked.map(input).collect())
}

/// One part of the form's texts as a modal; `None` if it has no such part.
pub fn part(form: &Form, part: usize, ids: &mut Ids) -> Option<CreateModal> {
    let parts = parts(form);
    let fields = parts.get(part)?;
    let inside = |field: &Field| fields.iter().any(|inside| inside.name == field.name);
    let asked = form.fields.iter().filter(|field| !is_left_out(field));
    let mut outside = asked.filter(|field| !inside(field));
    let used = match outside.any(|field| value(field).is_none() || field.error.is_some()) {
        true => Use::Write(part),
        false => Use::WriteLast(part),
    };
    let id = ids.give(&used, &form.command);
    let inputs = fields.iter().map(|field| input(field)).collect();
    Some(CreateModal::new(id, plain(&form.title, TITLE)).components(inputs))
}

fn input(field: &Field) -> CreateActionRow {
    let style = match field.kind {
        FieldKind::Paragraph => InputTextStyle::Paragraph,
        _ => InputTextStyle::Short,
    };
    let mut input = CreateInputText::new(style, plain(&field.label, LABEL), &field.name)
        .required(field.required)
        .max_length(INPUT_WORDS as u16);
    if let Some(hint) = hint(field) {
        input = input.placeholder(plain(hint, HINT));
    }
    if let Some(value) = value(field) {
        input = input.value(cut(value, INPUT_WORDS));
    }
    CreateActionRow::InputText(input)
}

fn hint(field: &Field) -> Option<&str> {
    match (&field.hint, &field.kind) {
        (Some(hint), _) if !hint.trim().is_empty() => Some(hint),
        (_, FieldKind::Date) => Some("For example: friday, in 2 weeks, 2026-12-31."),
        (_, FieldKind::Number) => Some("12.5"),
        // A label in a modal is cut: the question stands whole where the answer goes.
        _ if field.label.chars().count() > LABEL => Some(&field.label),
        _ => None,
    }
}

/// The form as a message, on a page of its selects.
pub fn message(form: &Form, page: usize, mut ids: Ids) -> Message {
    let picked: Vec<&Field> = picked(form).collect();
    let pages = picked.len().div_ceil(SELECTS).max(1);
    let page = page.min(pages - 1);
    let shown = picked.iter().skip(page * SELECTS).take(SELECTS);
    let mut rows: Vec<Value> = shown.map(|field| select(field, form, &mut ids)).collect();
    let mut buttons: Vec<CreateButton> = Vec::new();
    for (at, fields) in parts(form).iter().enumerate().take(3) {
        let labels: Vec<&str> = fields.iter().map(|field| field.label.as_str()).collect();
        let label = format!("Write: {}", labels.join(", "));
        buttons.push(
            CreateButton::new(ids.give(&Use::Write(at), &form.command))
                .label(plain(&label, BUTTON))
                .style(ButtonStyle::Secondary),
        );
    }
    if pages > 1 {
        let next = (page + 1) % pages;
        buttons.push(
            CreateButton::new(ids.give(&Use::Page(next), &form.command))
                .label(format!("More choices ({}/{pages})", page + 1))
                .style(ButtonStyle::Secondary),
        );
    }
    buttons.push(
        CreateButton::new(ids.give(&Use::Send, &form.command))
            .label(plain(&form.submit, BUTTON))
            .style(ButtonStyle::Primary),
    );
    rows.push(json!(CreateActionRow::Buttons(buttons)));
    let mut lines = Vec::new();
    if let Some(intro) = &form.intro {
        lines.push(markdown_cut(&Text::from(intro.as_str()), INTRO));
        lines.push(String::new());
    }
    lines.extend(form.fields.iter().map(line));
    Message {
        content: format!("**{}**", escaped_cut(&form.title, 200)),
        embeds: vec![CreateEmbed::new().description(cut(&lines.join("\n"), super::words::TEXT))],
        rows,
        long: ids.long,
    }
}

/// A field with what stands in it, and beside it what is wrong.
fn line(field: &Field) -> String {
    let stands = match (value(field), asking(field)) {
        (None, Asking::File) => {
            let need = if field.required { "needed" } else { "none" };
            format!(
                "*{need}: give it with the command, as its option `{}`*",
                field.name
            )
        }
        (None, _) if field.required => "*needed*".to_owned(),
        (None, _) => "–".to_owned(),
        (Some(id), Asking::Person) => match person_in(id) {
            Some(id) => format!("<@{id}>"),
            None => escaped_cut(id, SHOWN),
        },
        (Some(value), Asking::Choice(choices)) => {
            let chosen = choices.iter().find(|choice| choice.value == value);
            escaped_cut(chosen.map_or(value, |choice| &choice.label), SHOWN)
        }
        (Some(file), Asking::File) => escaped_cut(field.hint.as_deref().unwrap_or(file), SHOWN),
        (Some(value), Asking::Text) => escaped_cut(&value.replace('\n', " "), SHOWN),
    };
    let line = format!("**{}:** {stands}", escaped_cut(&field.label, 90));
    match &field.error {
        Some(error) => {
            let error = escaped_cut(&error.replace('\n', " "), SHOWN_ERROR);
            format!("{line} ⚠️ **{error}**")
        }
        None => line,
    }
}

fn select(field: &Field, form: &Form, ids: &mut Ids) -> Value {
    let id = ids.give(&Use::Pick(field.name.clone()), &form.command);
    let kind = match asking(field) {
        Asking::Choice(choices) => CreateSelectMenuKind::String {
            options: choices.iter().map(|choice| option(choice, field)).collect(),
        },
        _ => CreateSelectMenuKind::User {
            default_users: None,
        },
    };
    let menu = CreateSelectMenu::new(id, kind)
        .placeholder(plain(&field.label, PLACEHOLDER))
        .min_values(u8::from(field.required))
        .max_values(1);
    let mut row = json!(CreateActionRow::SelectMenu(menu));
    // The library writes this id as a number, which is greater than some readers of JSON keep.
    if let (Asking::Person, Some(id)) = (asking(field), value(field).and_then(person_in))
        && is_id(id)
    {
        row["components"][0]["default_values"] = json!([{ "id": id, "type": "user" }]);
    }
    row
}

fn option(choice: &Choice, field: &Field) -> CreateSelectMenuOption {
    CreateSelectMenuOption::new(plain(&choice.label, OPTION), &choice.value)
        .default_selection(value(field) == Some(choice.value.as_str()))
}

/// Asks which server a command is for: one button each.
pub fn which(homes: &[Home], command: &str) -> Message {
    let mut ids = Ids::new(None);
    let buttons: Vec<CreateButton> = homes
        .iter()
        .filter_map(|home| Some((home.workspace.parse().ok()?, &home.name)))
        .take(OPTIONS)
        .map(|(server, name)| {
            ids.serve(Some(server));
            let command = if command.is_empty() { "help" } else { command };
            CreateButton::new(ids.give(&Use::Click, command))
                .label(plain(name, BUTTON))
                .style(ButtonStyle::Secondary)
        })
        .collect();
    let rows = buttons.chunks(5);
    Message {
        content: "Which server is this about?".to_owned(),
        rows: rows
            .map(|row| json!(CreateActionRow::Buttons(row.to_vec())))
            .collect(),
        long: ids.long,
        ..Message::default()
    }
}

/// Every field with its value, an empty one too: what the app has to hold for the form to be this.
pub fn standing<'a>(form: &'a Form, than: &Form) -> Vec<(String, String)> {
    let differs =
        |field: &&'a Field| than.field(&field.name).map(|other| &other.value) != Some(&field.value);
    let pair = |field: &Field| (field.name.clone(), field.value.clone().unwrap_or_default());
    form.fields.iter().filter(differs).map(pair).collect()
}

/// The same fields with nothing in them.
pub fn emptied(form: &Form) -> Vec<(String, String)> {
    let pair = |field: &Field| (field.name.clone(), String::new());
    form.fields.iter().map(pair).collect()
}

#[cfg(test)]
mod tests;
