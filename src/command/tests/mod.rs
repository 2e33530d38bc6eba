//! The grammar as tables: what people type, and what is understood.

mod actions;
mod chance;
mod declaration;
mod forms;
mod programs;
mod text;
mod values;

use chrono::NaiveDate;
use uuid::Uuid;

use super::value::ActionName;
use super::{Command, Known, KnownPerson, Misread, parse};
use crate::chat::Form;

/// A Monday, with Ann speaking.
pub(super) fn known() -> Known {
    let person = |id: u128, name: &str, handle: &str| KnownPerson {
        id: Uuid::from_u128(id),
        platform_id: format!("U{id}"),
        name: name.into(),
        handle: Some(handle.into()),
    };
    Known {
        today: NaiveDate::from_ymd_opt(2026, 11, 23).unwrap(),
        speaker: Uuid::from_u128(1),
        people: vec![person(1, "Ann Smith", "ann"), person(2, "Bob Jones", "bob")],
        actions: vec![(ActionName(12), "Patch the VPN".into())],
        reviews: vec!["MR-2026-Q4".parse().unwrap()],
        kpis: vec![
            "incidents".parse().unwrap(),
            "phishing-click-rate".parse().unwrap(),
        ],
        ..Known::default()
    }
}

pub(super) fn ann() -> String {
    Uuid::from_u128(1).to_string()
}

#[track_caller]
pub(super) fn understood(text: &str) -> Command {
    match parse(text, &known()) {
        Ok(command) => command,
        Err(misread) => panic!("{text}: {misread:#?}"),
    }
}

#[track_caller]
pub(super) fn asked(text: &str) -> Form {
    match parse(text, &known()) {
        Err(Misread::Form(form)) => form,
        other => panic!("{text}: {other:#?}"),
    }
}

/// The card's words.
#[track_caller]
pub(super) fn told(text: &str) -> String {
    match parse(text, &known()) {
        Err(Misread::Card(card)) => card.plain(),
        other => panic!("{text}: {other:#?}"),
    }
}

/// A form in lines: its command, what it says, and its fields with value and error.
pub(super) fn lines(form: &Form) -> String {
    let mut lines = vec![format!("{} | {}", form.title, form.command)];
    lines.extend(form.intro.clone());
    for field in &form.fields {
        let mark = if field.required { "*" } else { "" };
        let value = field.value.as_deref().unwrap_or("-");
        let error = field.error.as_ref().map(|error| format!(" !! {error}"));
        lines.push(format!(
            "{}{mark} = {value}{}",
            field.name,
            error.unwrap_or_default()
        ));
    }
    lines.join("\n")
}
