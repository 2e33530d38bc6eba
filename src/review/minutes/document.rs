//! Minutes as a document. Pure.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::rules::{Approval, Signature, Version};
use crate::chat::{Span, Text, day};
use crate::people::People;
use crate::report::document::{Document, Imprint, Table, date};
use crate::review::meeting::card::{attendance_lines, verdict_words};
use crate::review::meeting::rules::{Attendant, Decision, Session};
use crate::review::rules::Input;

/// What minutes tell of.
#[derive(Debug)]
pub struct Told<'a> {
    pub session: &'a Session,
    /// As they froze.
    pub inputs: &'a [Input],
    pub people: &'a People,
    pub imprint: Imprint,
    pub stage: Stage<'a>,
}

/// How far they are.
#[derive(Debug, Clone, Copy)]
pub enum Stage<'a> {
    Draft,
    Approved(&'a Approval),
    /// With a sheet of the signatures.
    Signed(&'a Approval, &'a [Signature]),
}

impl Told<'_> {
    fn zone(&self) -> Tz {
        self.imprint.made.timezone()
    }

    fn moment(&self, at: DateTime<Utc>) -> String {
        let local = at.with_timezone(&self.zone());
        format!("{}, {}", date(local.date_naive()), local.format("%H:%M %Z"))
    }

    fn version(&self) -> Option<&Version> {
        self.session.minutes.newest.as_ref()
    }
}

/// The minutes.
pub fn document(told: &Told) -> Document {
    let session = told.session;
    let review = &session.review;
    let subtitle = format!("{} · {} · {}", review.name, review.title, day(review.on));
    let document = Document::new(
        "Minutes of the management review",
        subtitle,
        told.imprint.clone(),
    );
    let document = match session.meeting.verdicts {
        Some(verdicts) => document.lead(format!("{}.", verdict_words(verdicts))),
        None => document,
    };
    let document = document.facts(facts(told));
    let document = meeting(document, told);
    let document = inputs(document, told);
    let document = decisions(document, told);
    let document = conclusion(document, told);
    match told.stage {
        Stage::Signed(approval, signatures) => signed(document, told, (approval, signatures)),
        _ => document,
    }
}

fn facts(told: &Told) -> Vec<(&'static str, Text)> {
    let session = told.session;
    let review = &session.review;
    let mut facts = vec![
        ("Held", Text::from(held(told))),
        ("Chair", told.people.name(review.chair).to_owned().into()),
    ];
    facts.extend(
        review
            .place
            .as_ref()
            .map(|place| ("Place", place.as_str().into())),
    );
    let version = told.version().map_or(0, |version| version.number);
    let state = match told.stage {
        Stage::Draft => format!("draft, version {version}: not approved"),
        Stage::Approved(approval) | Stage::Signed(approval, _) => {
            let by = told.people.name(Some(approval.by));
            let instead = approval.in_place_of.map_or_else(String::new, |chair| {
                format!(
                    " in place of the chair, {}, who was not there",
                    told.people.name(Some(chair))
                )
            });
            format!(
                "version {version}, approved by {by}{instead} on {}",
                told.moment(approval.at)
            )
        }
    };
    facts.push(("Minutes", state.into()));
    facts
}

fn held(told: &Told) -> String {
    let meeting = &told.session.meeting;
    let begun = told.moment(meeting.begun_at);
    match meeting.concluded {
        Some((_, at)) => {
            let local = at.with_timezone(&told.zone());
            format!("{begun}, to {}", local.format("%H:%M"))
        }
        None => begun,
    }
}

/// Only the names: a document has no mentions.
fn named(text: Text) -> Text {
    let spans = text.0.into_iter().map(|span| match span {
        Span::Person { name, .. } => Span::Plain(name),
        span => span,
    });
    Text(spans.collect())
}

fn meeting(document: Document, told: &Told) -> Document {
    let mut document = document.heading("Attendance");
    let lines = attendance_lines(told.session, told.people);
    document = match lines.is_empty() {
        true => document.text("It was not said who was there."),
        false => document.list(lines.into_iter().map(named)),
    };
    let late: Vec<String> = late(told);
    if !late.is_empty() {
        document = document.note(format!("Came later: {}.", late.join(", ")));
    }
    match told.version() {
        Some(version) if !version.sections.opening.is_empty() => document
            .heading("Opening")
            .text(version.sections.opening.as_str()),
        _ => document,
    }
}

/// Who came so many minutes after the meeting had begun.
const LATE: i64 = 15;

fn late(told: &Told) -> Vec<String> {
    let meeting = &told.session.meeting;
    let ended = meeting.concluded.map(|(_, at)| at);
    let attendees = told.session.attendees.iter();
    let late = attendees.filter(|there| {
        let after = (there.at - meeting.begun_at).num_minutes();
        there.present && after >= LATE && ended.is_none_or(|ended| there.at < ended)
    });
    late.map(|there| {
        let name = match &there.who {
            Attendant::Person(person) => told.people.name(Some(*person)).to_owned(),
            Attendant::Guest(name) => name.clone(),
        };
        format!(
            "{name} ({})",
            there.at.with_timezone(&told.zone()).format("%H:%M")
        )
    })
    .collect()
}

fn inputs(document: Document, told: &Told) -> Document {
    let mut document = document.heading("Inputs and discussion");
    for input in told.inputs {
        document = document.subheading(format!("({}) {}", input.item, input.item.label()));
        let by = told.people.name(Some(input.owner));
        let answer = input.answer.as_ref();
        document = match answer.map(|answer| answer.text.as_deref()) {
            Some(Some(words)) => document.text(words),
            Some(None) => document.text("Nothing to report."),
            None => document.text(Text::new().bold("This input was missing.")),
        };
        document = document.note(match input.item.is_prefilled() {
            true => format!("From the records; {by} answers for it."),
            false => format!("Brought by {by}."),
        });
        let said = told
            .version()
            .and_then(|version| version.sections.items.get(&input.item));
        if let Some(said) = said {
            document = document.text(Text::new().bold("Discussed: ").plain_span(said.as_str()));
        }
    }
    document
}

fn decisions(document: Document, told: &Told) -> Document {
    let columns = [
        ("No.", 5),
        ("Decision", 40),
        ("About", 16),
        ("Who", 18),
        ("Until", 14),
    ];
    let row = |decision: &Decision| {
        let about = format!("({})\n{}", decision.item, decision.kind.words());
        let until = decision.due.map_or_else(|| "–".to_owned(), date);
        vec![
            Text::from(decision.name().to_string()),
            decision.text.as_str().into(),
            about.into(),
            told.people.name(decision.owner).to_owned().into(),
            until.into(),
        ]
    };
    let rows = told.session.standing_decisions().map(row);
    document
        .heading("Decisions")
        .table(Table::of(&columns, "Nothing was decided.").rows(rows))
}

fn conclusion(document: Document, told: &Told) -> Document {
    let mut document = document.heading("Conclusion");
    if let Some(verdicts) = told.session.meeting.verdicts {
        document = document.facts([
            ("Suitable", verdicts.suitable.words()),
            ("Adequate", verdicts.adequate.words()),
            ("Effective", verdicts.effective.words()),
        ]);
    }
    let Some(version) = told.version() else {
        return document;
    };
    document = document.text(version.sections.conclusion.as_str());
    match version.sections.other.as_str() {
        "" => document,
        other => document.heading("Any other business").text(other),
    }
}

fn signed(
    document: Document,
    told: &Told,
    (approval, signatures): (&Approval, &[Signature]),
) -> Document {
    let row = |signature: &Signature| {
        vec![
            Text::from(told.people.name(Some(signature.by)).to_owned()),
            told.moment(signature.at).into(),
            Text::new().code(signature.file.fingerprint()),
        ]
    };
    let columns = [("Signed by", 30), ("On", 30), ("File", 30)];
    document
        .heading("Signatures")
        .table(Table::of(&columns, "Nobody has signed.").rows(signatures.iter().map(row)))
        .note(format!(
            "Each signature was given in the chat, by name, for version {} of these minutes as one \
             file. Its SHA-256 is {}. That file is kept too, and the log holds each signature.",
            approval.version,
            approval.file.as_str()
        ))
}
