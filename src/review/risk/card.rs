//! Every word about the risk register.

use chrono::NaiveDate;

use super::rules::{Counts, Intake, Line, Register, Risk};
use crate::chat::{Block, Button, Card, Text, day};
use crate::kpi::batch::rules::Wrong;
use crate::record::card::{in_title, taken_from};
use crate::record::files::Kept;

/// As many late treatments as are named.
const NAMED: usize = 5;
/// As many risks as a table shows.
const SHOWN: usize = 15;
/// As many wrong lines as are explained.
const EXPLAINED: usize = 15;

/// `14 open (1 critical, 3 high, 6 medium, 4 low), 2 accepted, 5 closed`.
fn counted(counts: &Counts) -> String {
    let levels = [
        (counts.critical, "critical"),
        (counts.high, "high"),
        (counts.medium, "medium"),
        (counts.low, "low"),
    ];
    let levels: Vec<String> = levels
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, level)| format!("{count} {level}"))
        .collect();
    let levels = match levels.is_empty() {
        true => String::new(),
        false => format!(" ({})", levels.join(", ")),
    };
    let (open, accepted, closed) = (counts.open(), counts.accepted, counts.closed);
    format!("{open} open{levels}, {accepted} accepted, {closed} closed")
}

/// What the register says to input (f): how many, what is late, and what changed since the last review.
pub fn words(register: &Register, zone: chrono_tz::Tz, today: NaiveDate) -> Vec<String> {
    let counts = Counts::of(&register.risks, today);
    let on = |intake: &Intake| day(intake.at.with_timezone(&zone).date_naive());
    let mut lines = vec![format!(
        "Risk register of {}: {}.",
        on(&register.last),
        counted(&counts)
    )];
    let late: Vec<&Risk> = overdue(register, today).collect();
    lines.push(match late.len() {
        0 => "No treatment is overdue.".to_owned(),
        1 => format!("1 treatment is overdue: {}.", named(late[0])),
        many => {
            let names: Vec<String> = late.iter().take(NAMED).map(|risk| named(risk)).collect();
            let more = match many.saturating_sub(NAMED) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            format!("{many} treatments are overdue: {}{more}.", names.join("; "))
        }
    });
    if let Some(before) = &register.before {
        lines.push(format!(
            "At the last review (register of {}): {}; now {}, {}.",
            on(before),
            counted(&before.counts),
            change(before.counts.open(), counts.open(), "open"),
            change(
                before.counts.critical + before.counts.high,
                counts.critical + counts.high,
                "high or critical"
            ),
        ));
    }
    lines
}

/// `3 more open`, `2 fewer high or critical`, `as many open`.
fn change(before: usize, now: usize, what: &str) -> String {
    match now.cmp(&before) {
        std::cmp::Ordering::Greater => format!("{} more {what}", now - before),
        std::cmp::Ordering::Less => format!("{} fewer {what}", before - now),
        std::cmp::Ordering::Equal => format!("as many {what}"),
    }
}

fn overdue(register: &Register, today: NaiveDate) -> impl Iterator<Item = &Risk> {
    register
        .risks
        .iter()
        .filter(move |risk| risk.is_overdue(today))
}

/// `R-4 Warehouse robots (Jonas, due Sun 31 Jan 2027)`.
fn named(risk: &Risk) -> String {
    let owner = risk.owner.as_ref().map(|owner| format!("{owner}, "));
    let due = risk.due.map(day).unwrap_or_default();
    let owner = owner.unwrap_or_default();
    format!("{} {} ({owner}due {due})", risk.id, risk.title)
}

/// How the risks stand.
pub fn shown(register: Option<&Register>, zone: chrono_tz::Tz, today: NaiveDate) -> Card {
    let import = Button::new("Import the register", "review risk-import");
    let Some(register) = register else {
        return Card::say(
            "The risk register has not been taken in yet. With it I fill in what input (f) of a \
             review asks: how the risks stand and how their treatment goes.",
        )
        .buttons([import.primary()]);
    };
    let mut open: Vec<&Risk> = register
        .risks
        .iter()
        .filter(|risk| risk.is_open())
        .collect();
    open.sort_by_key(|risk| {
        (
            std::cmp::Reverse(risk.level),
            risk.due.unwrap_or(NaiveDate::MAX),
        )
    });
    let row = |risk: &&Risk| {
        let late = if risk.is_overdue(today) {
            ", overdue"
        } else {
            ""
        };
        vec![
            risk.id.clone(),
            risk.title.clone(),
            risk.level.to_string(),
            risk.status.words().to_owned(),
            risk.owner.clone().unwrap_or_default(),
            risk.due
                .map_or(String::new(), |due| format!("{}{late}", day(due))),
        ]
    };
    let mut card = Card::new("Risks").list(words(register, zone, today));
    if !open.is_empty() {
        card = card.block(Block::Table {
            head: ["Risk", "Title", "Level", "Status", "Owner", "Treated by"]
                .map(str::to_owned)
                .to_vec(),
            rows: open.iter().take(SHOWN).map(row).collect(),
        });
    }
    if open.len() > SHOWN {
        card = card.text(format!("And {} more that are open.", open.len() - SHOWN));
    }
    card.buttons([import])
}

/// What a file would do.
pub fn proposed(kept: &Kept, lines: &[Line], today: NaiveDate) -> Card {
    let card = Card::new(title(kept)).footer(taken_from(kept));
    let wrong: Vec<(u64, &Wrong)> = lines
        .iter()
        .filter_map(|line| Some((line.number, line.risk.as_ref().err()?)))
        .collect();
    if !wrong.is_empty() {
        let line = |(number, wrong): &(u64, &Wrong)| {
            Text::new()
                .bold(format!("Line {number}, {}", wrong.field))
                .plain_span(format!(": {}", wrong.why))
        };
        let headline = match wrong.len() {
            1 => "One line is wrong, so nothing is taken in. Mend it and import the file again:",
            _ => {
                "These lines are wrong, so nothing is taken in. Mend them and import the file again:"
            }
        };
        let card = card
            .text(headline)
            .list(wrong.iter().take(EXPLAINED).map(line));
        return match wrong.len().saturating_sub(EXPLAINED) {
            0 => card,
            more => card.text(format!("And {more} more.")),
        };
    }
    let risks: Vec<Risk> = lines
        .iter()
        .filter_map(|line| line.risk.clone().ok())
        .collect();
    let counts = Counts::of(&risks, today);
    let late = match counts.overdue {
        1 => "1 treatment is overdue".to_owned(),
        many => format!("{many} treatments are overdue"),
    };
    let command = format!("review risk-import file:{} commit:yes", kept.file);
    card.text(format!(
        "The file has {} risks: {}; {late}. It would replace the register that is here.",
        risks.len(),
        counted(&counts)
    ))
    .buttons([Button::new("Take it in", command).primary()])
}

/// To who took it in.
pub fn taken(kept: &Kept, counts: &Counts) -> Card {
    Card::new(title(kept))
        .text(format!(
            "Taken in: {}. Input (f) of the next review is filled in from it.",
            counted(counts)
        ))
        .buttons([Button::new("Risks", "review risks")])
        .footer(taken_from(kept))
}

fn title(kept: &Kept) -> String {
    let name = in_title(kept);
    format!("Risk register from {name}")
}
