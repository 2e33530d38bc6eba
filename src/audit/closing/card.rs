//! Every word about the end of an audit and its report in chat. What stands in it is worded in
//! [`document`](super::document).

use chrono_tz::Tz;

use super::rules::{FollowUp, Gaps, Report, Told};
use crate::app::UserError;
use crate::audit::card::{month_words, show_button};
use crate::audit::finding::rules::{Finding, Grade};
use crate::audit::rules::Audit;
use crate::chat::{Button, Card, Text, cut, day};
use crate::command::value::AuditName;
use crate::people::People;

/// As many names as a refusal tells.
const MOST: usize = 8;
/// As many findings as a card lists, and how long each may be.
const MOST_FINDINGS: usize = 15;
const TITLE: usize = 150;

fn some_of<T: ToString>(names: &[T]) -> String {
    let told: Vec<String> = names.iter().take(MOST).map(T::to_string).collect();
    match names.len().saturating_sub(MOST) {
        0 => told.join(", "),
        more => format!("{} and {more} more", told.join(", ")),
    }
}

/// What is missing before the audit can end, each with the way to it.
pub fn gaps(audit: AuditName, gaps: &Gaps) -> UserError {
    let mut words = Vec::new();
    if !gaps.open.is_empty() {
        words.push(format!(
            "nobody has put down anything for {}",
            some_of(&gaps.open)
        ));
    }
    if !gaps.unexplained.is_empty() {
        words.push(format!(
            "it is not said why {} was not tested or does not apply",
            some_of(&gaps.unexplained)
        ));
    }
    if !gaps.undecided.is_empty() {
        words.push(format!(
            "it is not decided whether {} stands",
            some_of(&gaps.undecided)
        ));
    }
    let text = format!(
        "{audit} cannot end yet: {}. Put down each with `audit check`; what was not tested takes the \
         reason as its note.",
        words.join("; ")
    );
    let mut error = UserError::at("audit", text);
    for reference in gaps.open.iter().chain(&gaps.unexplained).take(3) {
        error = error.button(
            format!("Check {reference}"),
            format!("audit check {audit} {reference}"),
        );
    }
    if let Some(finding) = gaps.undecided.first() {
        error = error.button(
            format!("Decide {finding}"),
            format!("audit finding-show {finding}"),
        );
    }
    error.button("Show", format!("audit show {audit}"))
}

/// Something was put down while the report was drawn.
pub fn moved_on(audit: AuditName) -> UserError {
    let text = format!(
        "Something about {audit} changed while its report was written, so nothing is finished. Finish \
         it again."
    );
    UserError::at("audit", text).button("Show", format!("audit show {audit}"))
}

/// There is no report of an audit.
pub fn no_report(audit: &Audit) -> UserError {
    let name = audit.name();
    let text = match audit.finished_on {
        Some(on) => format!(
            "{name} ended on {}, before reports were written here.",
            day(on)
        ),
        None => format!("{name} has not ended; its report is written then."),
    };
    UserError::at("audit", text).button("Show", format!("audit show {name}"))
}

/// Adds to the card of an audit that ended what happens with its report, and what was planned.
pub fn ended(card: Card, told: &Told, readers: &[String]) -> Card {
    let also = match readers.is_empty() {
        true => String::new(),
        false => format!(" and to {}", readers.join(", ")),
    };
    let card = card.text(format!(
        "{} Its report is on its way to the channel{also}.",
        told.summary()
    ));
    let card = planned(card, &told.follow_ups);
    card.buttons([Button::new(
        "Get the report",
        format!("report audit {}", told.audit.name()),
    )])
}

fn planned(card: Card, follow_ups: &[FollowUp]) -> Card {
    if follow_ups.is_empty() {
        return card;
    }
    let line = |one: &FollowUp| {
        Text::new()
            .code(one.audit.name().to_string())
            .plain_span(format!(
                " {}, in {}",
                one.audit.topic,
                month_words(one.audit.year, one.audit.month)
            ))
    };
    card.text(Text::new().bold("Put into the plan"))
        .list(follow_ups.iter().map(line))
}

/// A report, and what is needed to tell of it.
#[derive(Debug, Clone)]
pub struct Sent<'a> {
    pub audit: &'a Audit,
    pub report: &'a Report,
    pub findings: &'a [Finding],
    pub people: &'a People,
    pub zone: Tz,
}

impl Sent<'_> {
    fn card(&self) -> Card {
        let audit = self.audit;
        let card = Card::new(format!("Audit report · {} {}", audit.name(), audit.topic))
            .text(Text::new().bold(self.report.summary.clone()));
        let card = match &audit.conclusion {
            Some(conclusion) => card.text(format!("Conclusion: {conclusion}")),
            None => card,
        };
        let told = self
            .findings
            .iter()
            .filter(|one| one.grade != Grade::Conforming);
        let lines: Vec<Text> = told.take(MOST_FINDINGS).map(finding_line).collect();
        match lines.is_empty() {
            true => card,
            false => card.list(lines),
        }
    }

    fn end(&self, card: Card) -> Card {
        let made = self.report.at.with_timezone(&self.zone).date_naive();
        let name = self.audit.name();
        card.buttons([
            Button::new("Get the files", format!("report audit {name}")),
            show_button(self.audit),
        ])
        .footer(
            Text::from(format!(
                "By {} on {} · fingerprint of the PDF ",
                self.people.name(self.audit.auditor),
                day(made)
            ))
            .code(self.report.pdf.fingerprint()),
        )
    }
}

/// `F-3 major, A.8.15: Logs are not read · CA-7`.
fn finding_line(finding: &Finding) -> Text {
    let line = Text::new()
        .code(finding.name().to_string())
        .plain_span(format!(
            " {}, {}: {}",
            finding.grade,
            finding.requirement,
            cut(finding.title(), TITLE)
        ));
    match finding.action {
        Some(number) => line
            .plain_span(" · ")
            .code(crate::command::value::ActionName(number).to_string()),
        None => line,
    }
}

/// In the channel; its files are in the thread.
pub fn posted(sent: &Sent) -> Card {
    sent.end(sent.card())
}

/// To top management, and to who answers for something that was audited.
pub fn to_reader(sent: &Sent, own: &[String]) -> Card {
    let card = sent.card();
    let card = match own.is_empty() {
        true => card,
        false => {
            let of_theirs =
                |finding: &&Finding| own.iter().any(|one| one == finding.requirement.as_str());
            let found = sent.findings.iter().filter(of_theirs).count();
            let words = match found {
                0 => "nothing was found at it".to_owned(),
                1 => "one finding is about it".to_owned(),
                n => format!("{n} findings are about it"),
            };
            card.text(
                Text::from("You answer for ")
                    .plain_span(some_of(own))
                    .plain_span(format!(": {words}.")),
            )
        }
    };
    sent.end(card)
}

/// To who asked for a report again.
pub fn again(sent: &Sent) -> Card {
    sent.end(sent.card().text("Its files are on their way to you."))
}
