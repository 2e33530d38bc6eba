//! The agenda pack as a document: every word it says. Pure.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::chat::{PictureSource, Text, day};
use crate::kpi::picture::picture;
use crate::kpi::rules::Overview;
use crate::people::People;
use crate::record::Head;
use crate::report::document::{Block, Document, Imprint, Table};
use crate::review::card::{Agenda, answer_lines};
use crate::review::command::InputItem;
use crate::review::plan;
use crate::review::plan::rules::Lapse;
use crate::review::rules::{Input, Review};

/// What the pack tells, gathered when it is made.
#[derive(Debug, Clone)]
pub struct Pack {
    pub workspace: String,
    pub agenda: Agenda,
    /// Those of the KPIs whose charts stand under (d).
    pub kpis: Vec<Overview>,
    /// What was not held as planned.
    pub lapses: Vec<Lapse>,
    pub people: People,
    pub now: DateTime<Utc>,
    pub zone: Tz,
    pub head: Head,
}

impl Pack {
    pub fn review(&self) -> &Review {
        &self.agenda.review
    }

    fn missing(&self) -> Vec<String> {
        let missing = self.agenda.inputs.iter().filter(|input| input.is_missing());
        missing.map(|input| format!("({})", input.item)).collect()
    }

    /// `All 7 inputs are in.`, `2 of 7 inputs are missing: (e), (g).`
    pub fn summary(&self) -> String {
        let (missing, all) = (self.missing(), self.agenda.inputs.len());
        match missing.len() {
            0 => format!("All {all} inputs are in."),
            1 => format!("1 of {all} inputs is missing: {}.", missing[0]),
            count => format!(
                "{count} of {all} inputs are missing: {}.",
                missing.join(", ")
            ),
        }
    }
}

/// The pack as a document.
pub fn document(pack: &Pack) -> Document {
    let review = pack.review();
    let imprint = Imprint {
        workspace: pack.workspace.clone(),
        about: review.name.to_string(),
        made: pack.now.with_timezone(&pack.zone),
        head: pack.head.clone(),
    };
    let meeting = &pack.agenda.meeting;
    let names: Vec<&str> = meeting
        .participants
        .iter()
        .map(|id| pack.people.name(Some(*id)))
        .collect();
    let mut facts: Vec<(&str, Text)> = vec![("When", plan::card::when(review, meeting).into())];
    if let Some(place) = &review.place {
        facts.push(("Where", place.as_str().into()));
    }
    if let Some(chair) = review.chair {
        facts.push(("Chair", pack.people.name(Some(chair)).into()));
    }
    if !names.is_empty() {
        facts.push(("Takes part", names.join(", ").into()));
    }
    let subtitle = format!("{} · {}", review.name, review.title);
    let mut document = Document::new("Agenda pack", subtitle, imprint)
        .lead(pack.summary())
        .facts(facts)
        .heading("Agenda")
        .table(overview(pack));
    if !pack.lapses.is_empty() {
        document = document
            .subheading("Reviews that were not held as planned")
            .list(pack.lapses.iter().map(plan::card::lapse_words));
    }
    for input in &pack.agenda.inputs {
        document = document.heading(format!("({}) {}", input.item, input.item.label()));
        document = one(document, pack, input);
    }
    document
        .heading("To be decided")
        .text(
            "ISO/IEC 27001:2022, 9.3.3: the meeting decides on opportunities for continual improvement \
             and on any need for changes to the information security management system, and says \
             whether the system is suitable, adequate and effective.",
        )
        .note(
            "Inputs can be given and changed until the meeting starts; then they freeze. What is called \
             missing here was missing when this was made.",
        )
}

fn overview(pack: &Pack) -> Table {
    let columns = [
        ("Input", 8),
        ("What it is about", 48),
        ("From", 24),
        ("State", 20),
    ];
    let row = |input: &Input| {
        let state = match (&input.answer, input.is_missing()) {
            (_, true) => Text::new().bold("missing"),
            (Some(answer), _) if answer.text.is_none() => "nothing to report".into(),
            (Some(_), _) => "given".into(),
            (None, _) => "from the records".into(),
        };
        vec![
            Text::new().bold(format!("({})", input.item)),
            input.item.label().into(),
            pack.people.name(Some(input.owner)).into(),
            state,
        ]
    };
    Table::of(&columns, "There is no input.").rows(pack.agenda.inputs.iter().map(row))
}

fn one(document: Document, pack: &Pack, input: &Input) -> Document {
    let mut lines: Vec<Text> = pack.agenda.prefilled_of(input.item).cloned().collect();
    lines.extend(answer_lines(input));
    let mut document = match lines.is_empty() {
        true => document,
        false => document.list(lines),
    };
    if input.is_missing() {
        let owner = pack.people.name(Some(input.owner));
        document = document.text(
            Text::new()
                .bold("Missing. ")
                .plain_span(format!("{owner} was asked for it.")),
        );
    }
    if input.item == InputItem::D {
        for view in pack.kpis.iter().filter(|view| !view.points.is_empty()) {
            let picture = picture(view);
            if let PictureSource::Chart(chart) = picture.source {
                document = document.block(Block::Chart {
                    chart,
                    alt: picture.alt,
                });
            }
        }
    }
    document
}

/// `The agenda pack of MR-2026-Q4 on Tue 15 Dec 2026: 2 of 7 inputs are missing: (e), (g).`
pub fn told(pack: &Pack) -> String {
    let review = pack.review();
    format!(
        "The agenda pack of {} on {}. {}",
        review.name,
        day(review.on),
        pack.summary()
    )
}
