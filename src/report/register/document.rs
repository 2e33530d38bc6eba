//! The register in words and as rows. Pure.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;

use crate::action::card::elsewhere;
use crate::action::check::Round;
use crate::action::rules::{Action, State};
use crate::action::steps::Step;
use crate::chat::{Text, day};
use crate::command::value::ActionName;
use crate::people::People;
use crate::record::Head;
use crate::report::document::{Document, Imprint, Table, date};
use crate::report::table::{Cell, Rows};

/// As many actions as a document holds; rows have room for more.
pub const MOST: usize = 500;

/// The actions of a register, and what is to be said with them.
#[derive(Debug, Clone)]
pub struct Register {
    pub workspace: String,
    /// Which actions these are, in words: `all actions`.
    pub which: String,
    /// In the order they were raised.
    pub actions: Vec<Action>,
    /// Steps and earlier rounds by the action's number, of those that a document holds.
    pub more: BTreeMap<i64, (Vec<Step>, Vec<Round>)>,
    pub people: People,
    pub made: DateTime<Tz>,
    pub head: Head,
}

impl Register {
    fn today(&self) -> NaiveDate {
        self.made.date_naive()
    }

    fn count(&self, wanted: impl Fn(&Action) -> bool) -> usize {
        self.actions.iter().filter(|action| wanted(action)).count()
    }

    /// How it stands, in a sentence.
    fn summary(&self) -> String {
        let all = match self.actions.len() {
            1 => "1 action".to_owned(),
            n => format!("{n} actions"),
        };
        let state = |state: State| self.count(|action| action.state == state);
        format!(
            "{all}: {} open, of which {} overdue; {} done and to be verified; {} found effective; {} \
             cancelled.",
            self.count(|action| action.state.is_open()),
            self.count(|action| action.is_overdue(self.today())),
            state(State::Done),
            state(State::Effective),
            state(State::Cancelled),
        )
    }
}

/// The register as a document, across.
pub fn document(register: &Register) -> Document {
    let imprint = Imprint {
        workspace: register.workspace.clone(),
        about: day(register.today()),
        made: register.made,
        head: register.head.clone(),
    };
    let columns = [
        ("Action", 8),
        ("What is to be done", 28),
        ("Kind and source", 17),
        ("Owner and dates", 19),
        ("State", 11),
        ("Cause, plan, evidence", 37),
    ];
    let shown = register.actions.iter().take(MOST);
    let rows = shown.map(|action| row(register, action));
    let table = Table::of(&columns, "No action fits.").rows(rows);
    let subtitle = format!("{}, {}", register.which, day(register.today()));
    let document = Document::new("Register of corrective actions", subtitle, imprint)
        .across()
        .lead(register.summary());
    let document = match register.actions.len() > MOST {
        true => document.note(format!(
            "This document has the first {MOST} actions. The CSV file has all of them."
        )),
        false => document,
    };
    document.heading("Actions").table(table)
}

fn row(register: &Register, action: &Action) -> Vec<Text> {
    let overdue = action.is_overdue(register.today());
    let state = match overdue {
        true => Text::new().bold(format!("{}, overdue", action.state.words())),
        false => action.state.words().into(),
    };
    let mut kind = format!("{}\n{}", action.severity.words(), action.source.words());
    if let Some(control) = &action.control {
        kind.push_str(&format!("\n{control}"));
    }
    let mut dates = format!(
        "{}\nraised {}\ndue {}",
        register.people.name(action.owner),
        local(register, action.raised_at),
        date(action.due)
    );
    match action.extensions {
        0 => {}
        1 => dates.push_str(", extended once"),
        n => dates.push_str(&format!(", extended {n} times")),
    }
    if let Some(done) = action.done_at {
        dates.push_str(&format!("\ndone {}", local(register, done)));
    }
    match (action.verified_at, action.check_on) {
        (Some(at), _) => dates.push_str(&format!(
            "\nverified {} by {}",
            local(register, at),
            register.people.name(action.verified_by)
        )),
        (None, Some(on)) => dates.push_str(&format!("\nto be checked from {}", date(on))),
        (None, None) => {}
    }
    vec![
        Text::new().bold(action.name().to_string()),
        action.title.as_str().into(),
        kind.into(),
        dates.into(),
        state,
        told(register, action),
    ]
}

/// What was found, planned, done and seen, each with its label; and what was tried before.
fn told(register: &Register, action: &Action) -> Text {
    let (steps, rounds) = match register.more.get(&action.number) {
        Some((steps, rounds)) => (steps.as_slice(), rounds.as_slice()),
        None => (&[][..], &[][..]),
    };
    let mut text = Text::new();
    let mut say = |label: &str, words: Option<String>| {
        let Some(words) = words else { return };
        let mut told = std::mem::take(&mut text);
        if !told.0.is_empty() {
            told = told.plain_span("\n");
        }
        text = told.bold(format!("{label}: ")).plain_span(words);
    };
    let whys = (!action.whys.is_empty()).then(|| action.whys.join(" → "));
    say("Why", whys);
    say("Cause", action.cause.clone());
    say("Similar elsewhere", elsewhere(action));
    let repeats = action.repeats.map(|number| ActionName(number).to_string());
    say("Repeats", repeats);
    say("Plan", action.plan.clone());
    for step in steps.iter().filter(|step| step.round == action.round) {
        let done = match step.done_at {
            Some(at) => format!("done {}", local(register, at)),
            None => format!("due {}", date(step.due)),
        };
        let who = register.people.name(Some(step.owner));
        say("Step", Some(format!("{} ({who}, {done})", step.what)));
    }
    say("To be seen by", action.criterion.clone());
    say("Evidence", action.evidence.clone());
    let file = action.evidence_file.as_ref();
    say("File", file.map(|file| file.fingerprint().to_owned()));
    for round in rounds {
        let words = format!(
            "{} {}: {}",
            round.outcome,
            local(register, round.ended_at),
            round.said
        );
        say(&format!("Tried before ({})", round.number), Some(words));
    }
    match text.0.is_empty() {
        true => "–".into(),
        false => text,
    }
}

fn local(register: &Register, at: DateTime<chrono::Utc>) -> String {
    date(at.with_timezone(&register.made.timezone()).date_naive())
}

const HEAD: [&str; 28] = [
    "action",
    "title",
    "severity",
    "source",
    "control",
    "state",
    "overdue",
    "owner",
    "raised_by",
    "raised_at",
    "due",
    "extensions",
    "whys",
    "cause",
    "similar",
    "similar_where",
    "repeats",
    "plan",
    "criterion",
    "evidence",
    "evidence_sha256",
    "done_by",
    "done_at",
    "check_on",
    "verifier",
    "verified_by",
    "verified_at",
    "round",
];

/// A row for each action.
pub fn rows(register: &Register) -> Rows {
    let name = |id: Option<uuid::Uuid>| {
        let id = id.map(|id| register.people.name(Some(id)).to_owned());
        Cell::text(id)
    };
    let row = |action: &Action| {
        let overdue = action.is_overdue(register.today());
        vec![
            Cell::Text(action.name().to_string()),
            Cell::from(action.title.as_str()),
            Cell::Text(action.severity.to_string()),
            Cell::Text(action.source.to_string()),
            Cell::text(action.control.clone()),
            Cell::Text(action.state.to_string()),
            Cell::from(if overdue { "yes" } else { "no" }),
            name(action.owner),
            name(Some(action.raised_by)),
            Cell::At(action.raised_at),
            Cell::Day(action.due),
            Cell::Whole(action.extensions),
            Cell::Text(action.whys.join(" → ")),
            Cell::text(action.cause.clone()),
            Cell::text(action.similar.map(|similar| similar.to_string())),
            Cell::text(action.similar_where.clone()),
            Cell::text(action.repeats.map(|number| ActionName(number).to_string())),
            Cell::text(action.plan.clone()),
            Cell::text(action.criterion.clone()),
            Cell::text(action.evidence.clone()),
            Cell::text(
                action
                    .evidence_file
                    .as_ref()
                    .map(|file| file.as_str().to_owned()),
            ),
            name(action.done_by),
            Cell::from(action.done_at),
            Cell::from(action.check_on),
            name(action.verifier),
            name(action.verified_by),
            Cell::from(action.verified_at),
            Cell::Whole(action.round),
        ]
    };
    Rows {
        head: HEAD.to_vec(),
        rows: register.actions.iter().map(row).collect(),
    }
}
