//! A form as a dialog: errors beside their fields, everything typed kept.

use maud::{Markup, html};

use super::icon;
use crate::chat::{Field, FieldKind};
use crate::playground::view::{Look, OpenForm};

pub fn form(look: &Look, open: &OpenForm) -> Markup {
    let form = &open.form;
    let wrong = form
        .fields
        .iter()
        .filter(|field| field.error.is_some())
        .count();
    // Where the cursor goes: what is wrong, else what is empty, else the first.
    let fields = &form.fields;
    let first = fields
        .iter()
        .position(|field| field.error.is_some())
        .or_else(|| {
            fields
                .iter()
                .position(|field| field.value.is_none() && field.required)
        })
        .unwrap_or(0);
    let takes_files = fields.iter().any(Field::is_file);
    html! {
        // Without scripts it stands open in the page; a script makes it modal.
        dialog #form open aria-labelledby="form-title" {
            form method="post" action=(format!("{}/-/submit", look.here())) data-act="submit" novalidate
                enctype=[takes_files.then_some("multipart/form-data")] {
                input type="hidden" name="event" value=(open.event);
                input type="hidden" name="command" value=(form.command);
                @if let Some(thread) = open.thread { input type="hidden" name="thread" value=(thread); }
                header {
                    h2 #form-title { (form.title) }
                    a.quiet href=(look.here()) data-close aria-label="Close" title="Close" { (icon("close")) }
                }
                div.fields {
                    @if wrong > 0 {
                        p.wrong role="alert" {
                            (icon("alert"))
                            @if wrong == 1 { "One field needs another look." }
                            @else { (wrong) " fields need another look." }
                        }
                    }
                    @if let Some(intro) = &form.intro { p.intro { (intro) } }
                    @for (index, each) in fields.iter().enumerate() { (field(look, each, index == first)) }
                }
                footer {
                    a.button.plain href=(look.here()) data-close { "Cancel" }
                    button.primary { (form.submit) }
                }
            }
        }
    }
}

fn field(look: &Look, field: &Field, focus: bool) -> Markup {
    let id = format!("field-{}", field.name);
    let hint = field.hint.as_ref().map(|_| format!("{id}-hint"));
    let error = field.error.as_ref().map(|_| format!("{id}-error"));
    let notes = [&error, &hint]
        .map(|note| note.as_deref().unwrap_or(""))
        .join(" ");
    let notes = Some(notes.trim()).filter(|notes| !notes.is_empty());
    html! {
        div.field.invalid[error.is_some()] {
            label for=(id) {
                (field.label)
                @if !field.required { " " span.optional { "optional" } }
            }
            (control(look, field, &Attributes { id: &id, notes, focus }))
            @if let (Some(words), Some(id)) = (&field.error, &error) {
                p.error id=(id) { (icon("alert")) (words) }
            }
            @if let (Some(words), Some(id)) = (&field.hint, &hint) { p.hint id=(id) { (words) } }
        }
    }
}

/// What every control has.
struct Attributes<'a> {
    id: &'a str,
    /// The ids of what is said about it.
    notes: Option<&'a str>,
    focus: bool,
}

fn control(look: &Look, field: &Field, at: &Attributes<'_>) -> Markup {
    let name = format!("field.{}", field.name);
    let value = field.value.as_deref().unwrap_or("");
    let invalid = field.error.is_some().then_some("true");
    match &field.kind {
        FieldKind::Paragraph => html! {
            textarea id=(at.id) name=(name) rows="3" required[field.required] autofocus[at.focus]
                aria-invalid=[invalid] aria-describedby=[at.notes] {
                // A parser drops the first line break after the tag.
                @if value.starts_with('\n') { "\n" } (value)
            }
        },
        FieldKind::Person => {
            let people = look.roster.people.iter();
            let people = people.map(|person| {
                (
                    person.id.as_str(),
                    format!("{} ({})", person.name, person.role),
                )
            });
            select(field, at, &people.collect::<Vec<_>>())
        }
        FieldKind::Choice(choices) => {
            let choices = choices.iter();
            let choices = choices.map(|choice| (choice.value.as_str(), choice.label.clone()));
            select(field, at, &choices.collect::<Vec<_>>())
        }
        // What was attached before goes along, unless another takes its place.
        FieldKind::File => html! {
            @if !value.is_empty() { input type="hidden" name=(name) value=(value); }
            input.file id=(at.id) name=(format!("file.{}", field.name)) type="file"
                required[field.required && value.is_empty()] autofocus[at.focus]
                aria-invalid=[invalid] aria-describedby=[at.notes];
        },
        FieldKind::Line | FieldKind::Number | FieldKind::Date | FieldKind::Search => {
            let mode = matches!(field.kind, FieldKind::Number).then_some("decimal");
            let date = matches!(field.kind, FieldKind::Date);
            let example = date.then_some("2026-12-31, friday, in 2 weeks");
            html! {
                div.line {
                    input id=(at.id) name=(name) type="text" value=(value) autocomplete="off"
                        inputmode=[mode] placeholder=[example] required[field.required]
                        autofocus[at.focus] aria-invalid=[invalid] aria-describedby=[at.notes];
                    @if date {
                        // A script shows the browser's calendar; words stay possible.
                        button.quiet.pick type="button" data-pick=(at.id) hidden
                            aria-label=(format!("{}: choose in a calendar", field.label)) { (icon("calendar")) }
                        input.picker type="date" tabindex="-1" aria-hidden="true";
                    }
                }
            }
        }
    }
}

fn select(field: &Field, at: &Attributes<'_>, options: &[(&str, String)]) -> Markup {
    let name = format!("field.{}", field.name);
    let value = field.value.as_deref().unwrap_or("");
    let known = options.iter().any(|(option, _)| *option == value);
    let invalid = field.error.is_some().then_some("true");
    html! {
        select id=(at.id) name=(name) required[field.required] autofocus[at.focus]
            aria-invalid=[invalid] aria-describedby=[at.notes] {
            @if !known || !field.required { option value="" { @if field.required { "Choose…" } @else { "–" } } }
            // What was typed and is no choice stays visible.
            @if !known && !value.is_empty() { option value=(value) selected { (value) } }
            @for (option, label) in options {
                option value=(option) selected[*option == value] { (label) }
            }
        }
    }
}
