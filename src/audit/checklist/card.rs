//! Every word about a checklist.

use super::rules::{Item, ItemResult, Method, Progress, find, next_open, progress};
use crate::app::UserError;
use crate::audit::finding::rules::{Finding, State as FindingState};
use crate::audit::rules::{Audit, STANDARD, State};
use crate::chat::{Button, Card, Text, cut, day};
use crate::command::value::AuditName;
use crate::people::People;

/// As many items as a message shows with their buttons.
pub const PAGE: usize = 10;
const NOTE: usize = 160;

impl ItemResult {
    pub fn words(self) -> &'static str {
        match self {
            ItemResult::Conforms => "conforms",
            ItemResult::DoesNotConform => "does NOT conform",
            ItemResult::NotApplicable => "not applicable",
            ItemResult::NotTested => "not tested",
        }
    }
}

impl Method {
    pub fn words(self) -> &'static str {
        match self {
            Method::Document => "documents",
            Method::Interview => "interviews",
            Method::Observation => "observation",
        }
    }
}

/// The words that open the form of an item, or of the next one.
pub fn command_of(audit: AuditName, reference: Option<&str>) -> String {
    match reference {
        Some(reference) => format!("audit check {audit} {reference}"),
        None => format!("audit check {audit}"),
    }
}

/// `A.6.1 Screening`.
pub fn titled(reference: &str) -> Text {
    Text::new()
        .code(reference)
        .plain_span(format!(" {}", STANDARD.title(reference)))
}

fn list_button(item: &Item) -> Button {
    Button::new("Checklist", format!("audit checklist {}", item.audit))
}

/// `3 of 11 looked at`.
pub fn progress_words(far: &Progress) -> String {
    format!("{} of {} looked at", far.put_down(), far.all)
}

/// How it was looked at, out of what, and how that was chosen: `documents; 12 of 58 leavers (every fifth)`.
pub fn sample_words(item: &Item) -> String {
    let methods: Vec<&str> = item.methods.iter().map(|method| method.words()).collect();
    let sample = match (&item.sample.size, &item.sample.population) {
        (Some(size), Some(population)) => Some(format!("{size} of {population}")),
        (Some(one), None) | (None, Some(one)) => Some(one.clone()),
        (None, None) => None,
    };
    let chosen = item.sample.chosen.as_ref();
    let sample = match (sample, chosen) {
        (Some(sample), Some(chosen)) => Some(format!("{sample}, chosen: {chosen}")),
        (None, Some(chosen)) => Some(format!("chosen: {chosen}")),
        (sample, None) => sample,
    };
    let methods = (!methods.is_empty()).then(|| methods.join(", "));
    let parts: Vec<String> = methods.into_iter().chain(sample).collect();
    parts.join("; ")
}

fn one_line(words: &str) -> String {
    cut(
        &words.split_whitespace().collect::<Vec<_>>().join(" "),
        NOTE,
    )
}

/// What was put down, in a line.
fn told(item: &Item) -> String {
    let file = item.evidence_file.as_ref();
    let parts = [
        Some(sample_words(item)).filter(|words| !words.is_empty()),
        item.note.as_deref().map(one_line),
        item.evidence.as_deref().map(one_line),
        file.map(|file| format!("file {}", file.fingerprint())),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    match parts.is_empty() {
        true => item.result.words().to_owned(),
        false => format!("{} ({})", item.result.words(), parts.join("; ")),
    }
}

/// Said above the form of an item: what to look at, and what is put down already.
pub fn asked(
    reference: &str,
    questions: &[String],
    item: Option<&Item>,
    people: &People,
) -> String {
    let mut lines = vec![format!("{reference} {}", STANDARD.title(reference))];
    lines.extend(questions.iter().map(|question| format!("• {question}")));
    lines.extend(item.map(|item| {
        format!(
            "Put down by {} on {}: {}.",
            people.name(Some(item.by)),
            day(item.at.date_naive()),
            told(item)
        )
    }));
    lines.join("\n")
}

/// Said beside the result to who would have overwritten what a colleague put down meanwhile.
pub fn somebody_was_faster(before: &Item, people: &People) -> String {
    format!(
        "{} has put this item down meanwhile: {}. What you typed is still here; send it again to put \
         it down instead.",
        people.name(Some(before.by)),
        told(before)
    )
}

/// There is no next item.
pub fn all_put_down(audit: &Audit) -> UserError {
    let name = audit.name();
    let text = format!("All {} items of {name} are looked at.", audit.scope.len());
    UserError::at("audit", text)
        .button("Checklist", format!("audit checklist {name}"))
        .button("Finish", format!("audit finish {name}"))
}

/// To who put an item down, with the ways on.
pub fn saved(item: &Item, far: &Progress, next: Option<&str>) -> Card {
    let reference = item.requirement.as_str();
    let line = Text::from("Saved: ")
        .then(titled(reference))
        .plain_span(": ")
        .bold(item.result.words())
        .plain_span(".");
    let fails = item.result == ItemResult::DoesNotConform;
    let finding = Button::new(
        "Finding",
        format!("audit finding {} {reference}", item.audit),
    );
    let next = next.map(|next| Button::new("Next item", command_of(item.audit, Some(next))));
    let on = match next {
        Some(next) => next,
        None => Button::new("Finish", format!("audit finish {}", item.audit)),
    };
    let (finding, on) = match fails {
        true => (finding.primary(), on),
        false => (finding, on.primary()),
    };
    Card::say(line)
        .text(format!("{}: {}.", item.audit, progress_words(far)))
        .buttons([on, finding, list_button(item)])
}

/// The findings on a requirement, where there are any: ` · F-1, F-2`.
fn found(findings: &[Finding], reference: &str) -> Option<String> {
    let about = |finding: &&Finding| {
        finding.requirement.as_str() == reference && finding.state != FindingState::Withdrawn
    };
    let names = findings.iter().filter(about);
    let names: Vec<String> = names.map(|finding| finding.name().to_string()).collect();
    (!names.is_empty()).then(|| format!(" · {}", names.join(", ")))
}

/// The checklist, a page of it.
pub fn listed(
    audit: &Audit,
    (items, findings): (&[Item], &[Finding]),
    people: &People,
    page: u32,
) -> Card {
    let name = audit.name();
    let pages = audit.scope.len().div_ceil(PAGE).max(1);
    let at = usize::try_from(page).unwrap_or(usize::MAX).clamp(1, pages);
    let open = audit.state == State::InProgress;
    let mut card = Card::new(format!("{name} · {}", audit.topic)).text(format!(
        "{}.",
        progress_words(&progress(&audit.scope, items))
    ));
    for reference in audit.scope.iter().skip((at - 1) * PAGE).take(PAGE) {
        let item = find(items, reference);
        let line = titled(reference).plain_span(" · ");
        let line = match item {
            Some(item) => {
                line.plain_span(format!("{} · {}", told(item), people.name(Some(item.by))))
            }
            None => line.plain_span("open"),
        };
        card = card.text(match found(findings, reference) {
            Some(names) => line.plain_span(names),
            None => line,
        });
        if open {
            let label = if item.is_some() { "Change" } else { "Check" };
            let button = Button::new(label, command_of(name, Some(reference)));
            card = card.buttons([button]);
        }
    }
    let turn = |label: &str, to: usize| Button::new(label, format!("audit checklist {name} {to}"));
    let earlier = (at > 1).then(|| turn("Earlier", at - 1));
    let more = (at < pages).then(|| turn("More", at + 1));
    let next = next_open(&audit.scope, items, None).filter(|_| open);
    let next = next.map(|_| Button::new("Next item", command_of(name, None)).primary());
    let show = Button::new("Show", format!("audit show {name}"));
    card.buttons(next.into_iter().chain(earlier).chain(more).chain([show]))
}
