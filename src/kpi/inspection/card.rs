//! Every word about inspections.

use super::rules::{Check, Checklist, Count, Inspection, Outcome};
use crate::chat::{Block, Button, Card, Text, cut, day};
use crate::command::quoted;
use crate::command::value::FileRef;
use crate::kpi::card::level;
use crate::kpi::rules::{Kpi, Value};
use crate::people::People;

/// What the title of an action takes.
const TITLE: usize = 120;
/// Failed lines with a button each; two blocks a line, and Slack takes fifty.
const FAILED: usize = 15;
const NOTE: usize = 120;

impl Outcome {
    pub fn words(self) -> &'static str {
        match self {
            Outcome::Pass => "pass",
            Outcome::Fail => "FAIL",
            Outcome::NotApplicable => "not applicable",
        }
    }
}

fn begin_button(kpi: &Kpi) -> Button {
    Button::new("Inspect", format!("inspection start {}", kpi.key))
}

fn show_button(kpi: &Kpi) -> Button {
    Button::new("All lines", format!("inspection show {}", kpi.key))
}

/// Raises an action that says which line of which KPI failed.
fn raise_button(kpi: &Kpi, line: &str) -> Button {
    let title = cut(&format!("{}: {line}", kpi.name), TITLE);
    let command = format!("action new {} source:kpi control:9.1", quoted(&title));
    Button::new("Raise action", command)
}

fn lines_word(lines: usize) -> String {
    match lines {
        1 => "1 line".to_owned(),
        lines => format!("{lines} lines"),
    }
}

/// `11 passed, 1 failed, 2 not applicable`.
pub fn count_words(count: Count) -> String {
    let Count {
        passed,
        failed,
        not_applicable,
    } = count;
    let rest = match not_applicable {
        0 => String::new(),
        n => format!(", {n} not applicable"),
    };
    format!("{passed} passed, {failed} failed{rest}")
}

/// Which lines are to be checked yet.
pub fn missing_words(missing: &[u32]) -> String {
    let first: Vec<String> = missing.iter().take(10).map(u32::to_string).collect();
    let more = match missing.len().saturating_sub(10) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    match missing.len() {
        1 => format!("Line {} is not checked yet.", first.join("")),
        _ => format!("Lines {}{more} are not checked yet.", first.join(", ")),
    }
}

/// To who gave a KPI a checklist, and as long as nobody went through it.
pub fn set_up(kpi: &Kpi, checklist: &Checklist) -> Card {
    let numbered = (1..)
        .zip(&checklist.lines)
        .map(|(n, line)| format!("{n}. {line}"));
    Card::new(format!("Inspection: {}", kpi.name))
        .text(format!(
            "{}; the share of what passes is the value, target {}.",
            lines_word(checklist.lines.len()),
            level(kpi, kpi.target)
        ))
        .list(numbered)
        .buttons([begin_button(kpi).primary()])
}

/// The next line to look at, after what was just saved.
pub fn next(kpi: &Kpi, inspection: &Inspection, checks: &[Check], saved: Option<&Check>) -> Card {
    let period = kpi.period(inspection.period);
    let all = inspection.checklist.lines.len();
    let missing = inspection.checklist.missing(checks);
    let mut card = Card::new(format!("Inspection: {}, {period}", kpi.name));
    if let Some(saved) = saved {
        let line = inspection.checklist.line(saved.line).unwrap_or_default();
        let words = format!("Saved: {}. {line}: ", saved.line);
        card = card.text(Text::from(words).bold(saved.result.words()));
        if saved.result == Outcome::Fail {
            card = card.buttons([raise_button(kpi, line)]);
        }
    }
    let Some(number) = missing.first() else {
        let count = count_words(Count::of(checks));
        return card
            .text(format!("All {} are checked: {count}.", lines_word(all)))
            .buttons([
                Button::new("Finish", format!("inspection finish {}", kpi.key)).primary(),
                show_button(kpi),
            ]);
    };
    let line = inspection.checklist.line(*number).unwrap_or_default();
    let check = |label: &str, result: &str| {
        let command = format!("inspection check {} {number} {result}", kpi.key);
        Button::new(label, command.trim_end())
    };
    card.text(Text::new().bold(format!("{number}. {line}")))
        .buttons([
            check("Pass", "pass").primary(),
            check("Fail", "fail").danger(),
            check("Not applicable", "not-applicable"),
            check("With a note", ""),
            show_button(kpi),
        ])
        .footer(format!(
            "{} of {all} checked. You can stop here and go on later.",
            all - missing.len()
        ))
}

/// An inspection, line by line.
pub fn shown(
    kpi: &Kpi,
    inspection: &Inspection,
    (checks, names): (&[Check], &[(FileRef, String)]),
    people: &People,
) -> Card {
    let period = kpi.period(inspection.period);
    let row = |(number, line): (u32, &String)| {
        let check = checks.iter().find(|check| check.line == number);
        vec![
            number.to_string(),
            line.clone(),
            check.map_or("–", |check| check.result.words()).to_owned(),
            check.map_or_else(String::new, |check| notes(check, names)),
        ]
    };
    let count = Count::of(checks);
    let state = match inspection.ended {
        Some((by, on)) => Text::from("Finished by ")
            .then(people.mention(Some(by)))
            .plain_span(format!(" on {}: ", day(on))),
        None => Text::from("Begun by ")
            .then(people.mention(Some(inspection.begun_by)))
            .plain_span(format!(" on {}, so far: ", day(inspection.begun))),
    };
    let mut card = Card::new(format!("Inspection: {}, {period}", kpi.name))
        .text(state.plain_span(format!("{}.", count_words(count))))
        .block(Block::Table {
            head: ["#", "Line", "Result", "Note and evidence"]
                .map(str::to_owned)
                .to_vec(),
            rows: (1..).zip(&inspection.checklist.lines).map(row).collect(),
        });
    if let (Some(_), Some(value)) = (inspection.ended, count.rate()) {
        card = card.text(result_line(kpi, Value { period, value }));
    }
    card.buttons(match inspection.ended {
        Some(_) => vec![Button::new("Show KPI", format!("kpi show {}", kpi.key))],
        None => vec![
            Button::new("Go on", format!("inspection start {}", kpi.key)).primary(),
            Button::new("Finish", format!("inspection finish {}", kpi.key)),
        ],
    })
}

/// What was said of a line, and the file by its name and fingerprint.
fn notes(check: &Check, names: &[(FileRef, String)]) -> String {
    let file = check.file.as_ref().map(|file| {
        let name = names.iter().find(|(of, _)| of == file);
        let name = name.map_or("a file", |(_, name)| name.as_str());
        format!("{name} ({})", file.fingerprint())
    });
    let words = [check.note.clone(), check.evidence.clone(), file];
    let words = words.into_iter().flatten().map(|words| {
        cut(
            &words.split_whitespace().collect::<Vec<_>>().join(" "),
            NOTE,
        )
    });
    words.collect::<Vec<_>>().join("; ")
}

fn result_line(kpi: &Kpi, value: Value) -> Text {
    Text::new()
        .bold(crate::kpi::card::value_in(kpi, value))
        .plain_span(": ")
        .bold(kpi.judge(value.value).words())
        .plain_span(format!(" (target {}).", level(kpi, kpi.target)))
}

/// To who finished an inspection: the value, and each line that failed with the way to act on it.
pub fn finished(kpi: &Kpi, inspection: &Inspection, checks: &[Check]) -> Card {
    let period = kpi.period(inspection.period);
    let count = Count::of(checks);
    let mut card = Card::new(format!("Inspection: {}, {period}", kpi.name))
        .text(format!("{}.", count_words(count)));
    if let Some(value) = count.rate() {
        card = card.text(result_line(kpi, Value { period, value }));
    }
    let failed = checks.iter().filter(|check| check.result == Outcome::Fail);
    for check in failed.take(FAILED) {
        let line = inspection.checklist.line(check.line).unwrap_or_default();
        let note = check.note.as_deref().unwrap_or_default();
        card = card
            .text(format!("{}. {line}: {}", check.line, cut(note, NOTE)))
            .buttons([raise_button(kpi, line)]);
    }
    card.buttons([
        show_button(kpi),
        Button::new("Show KPI", format!("kpi show {}", kpi.key)),
    ])
}
