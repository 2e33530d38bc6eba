//! What is said about audits. Pure.

use chrono::{NaiveDate, NaiveDateTime};

use super::rules::{Audit, Coverage, STANDARD, State};
use crate::chat::{Button, Card, Text};
use crate::people::Person;
use crate::schedule::card::late_text;

/// An audit with its auditor, as far as one is named.
#[derive(Debug, Clone)]
pub struct Assigned {
    pub audit: Audit,
    pub auditor: Option<Person>,
}

/// A month as people say it: `March 2027`.
pub fn month_words(year: i32, month: u32) -> String {
    NaiveDate::from_ymd_opt(year, month, 1)
        .map_or_else(String::new, |day| day.format("%B %Y").to_string())
}

fn auditor_text(auditor: Option<&Person>) -> Text {
    auditor.map_or_else(|| Text::new().bold("nobody yet"), Person::mention)
}

fn state_words(audit: &Audit, today: NaiveDate) -> String {
    let day = |day: Option<NaiveDate>| day.map(|d| format!(" on {d}")).unwrap_or_default();
    match audit.state {
        State::Finished => format!("finished{}", day(audit.finished_on)),
        State::InProgress if audit.overdue(today) => {
            format!("overdue, started{}", day(audit.started_on))
        }
        State::InProgress => format!("started{}", day(audit.started_on)),
        State::Planned if audit.overdue(today) => "overdue, not started".to_owned(),
        State::Planned => "planned".to_owned(),
    }
}

/// `31 of 121 clauses and controls, 3 of 12 audits finished`.
pub fn coverage_words(coverage: Coverage) -> String {
    format!(
        "{} of {} clauses and controls, {} of {} audits finished",
        coverage.requirements_covered,
        coverage.requirements,
        coverage.audits_finished,
        coverage.audits
    )
}

fn scope_lines(audit: &Audit) -> Vec<Text> {
    let line = |reference: &String| {
        Text::new()
            .code(reference)
            .plain_span(format!(" {}", STANDARD.title(reference)))
    };
    audit.scope.iter().map(line).collect()
}

/// The programme of a year, one row an audit.
pub fn programme_card(year: i32, audits: &[Assigned], today: NaiveDate) -> Card {
    let rows = audits
        .iter()
        .map(|assigned| {
            let audit = &assigned.audit;
            vec![
                audit.name(),
                month_words(audit.year, audit.month),
                audit.topic.clone(),
                audit.scope.len().to_string(),
                assigned
                    .auditor
                    .as_ref()
                    .map_or_else(|| "nobody yet".to_owned(), |person| person.name.clone()),
                state_words(audit, today),
            ]
        })
        .collect();
    let head = ["Audit", "Month", "Topic", "Items", "Auditor", "State"];
    let plain: Vec<_> = audits.iter().map(|assigned| assigned.audit.clone()).collect();
    Card::new(format!("Audit programme {year}"))
        .block(crate::chat::Block::Table {
            head: head.map(str::to_owned).to_vec(),
            rows,
        })
        .text(format!(
            "Covered: {}.",
            coverage_words(super::rules::coverage(&plain))
        ))
}

/// One audit: month, scope with titles, auditor, state.
pub fn audit_card(assigned: &Assigned, today: NaiveDate) -> Card {
    let audit = &assigned.audit;
    Card::new(format!("{} {}", audit.name(), audit.topic))
        .facts([
            ("Month", Text::from(month_words(audit.year, audit.month))),
            ("Auditor", auditor_text(assigned.auditor.as_ref())),
            ("State", Text::from(state_words(audit, today))),
        ])
        .list(scope_lines(audit))
        .buttons((audit.state != State::Finished).then(|| assign_button(audit)))
}

fn assign_button(audit: &Audit) -> Button {
    Button::new("Assign auditor", format!("audit assign {}", audit.name()))
}

/// What the first working day of the month says. `late` is when it was due, where that is over.
pub fn reminder_card(
    assigned: &Assigned,
    unfinished: &[Audit],
    coverage: Coverage,
    late: Option<NaiveDateTime>,
) -> Card {
    let audit = &assigned.audit;
    let month = month_words(audit.year, audit.month);
    let mut card = Card::new(format!("Audit of {month}: {}", audit.topic));
    if let Some(due) = late {
        card = card.text(late_text(due));
    }
    card = card.facts([
        ("Audit", Text::new().code(audit.name())),
        ("Auditor", auditor_text(assigned.auditor.as_ref())),
        ("Covered so far", Text::from(coverage_words(coverage))),
    ]);
    card = card.text("To be audited:").list(scope_lines(audit));
    if !unfinished.is_empty() {
        let earlier = unfinished
            .iter()
            .map(|audit| Text::new().code(audit.name()).plain_span(format!(" {}", audit.topic)));
        card = card
            .text(Text::new().bold("Not finished in earlier months:"))
            .list(earlier);
    }
    let show = Button::new("Show", format!("audit show {}", audit.name()));
    let assign = assigned.auditor.is_none().then(|| assign_button(audit).primary());
    card.buttons(assign.into_iter().chain([show]))
}

/// A year was audited before and the next has no programme.
pub fn no_programme_card(year: i32, late: Option<NaiveDateTime>) -> Card {
    let mut card = Card::new(format!("No audit programme for {year}"));
    if let Some(due) = late {
        card = card.text(late_text(due));
    }
    card.text("Clause 9.2 asks for audits at planned intervals, and nothing is planned.")
        .buttons([Button::new(format!("Plan {year}"), format!("audit plan {year}")).primary()])
}

/// What a new auditor is told.
pub fn assigned_card(audit: &Audit, by: &Person) -> Card {
    Card::new(format!("You audit {} {}", audit.name(), audit.topic))
        .text(
            by.mention()
                .plain_span(format!(" assigned you for {}.", month_words(audit.year, audit.month))),
        )
        .text("To be audited:")
        .list(scope_lines(audit))
        .buttons([Button::new("Show", format!("audit show {}", audit.name()))])
}
