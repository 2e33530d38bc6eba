//! Every word the KPIs say. The digest has its own: [`digest`](super::digest).

use chrono::NaiveDate;

use super::analysis::rules::Analysis;
pub use super::limits::card::range_words;
use super::period::Period;
use super::picture::picture;
use super::process::Signal;
use super::rules::{
    Direction, Frequency, Kpi, Measurement, Overview, Process, Source, Status, Trend, Value,
    too_few,
};
use super::{analysis, limits};
use crate::chat::{Block, Button, Card, Text, day};
use crate::people::People;
use crate::report::quantity;

/// Values shown in a table.
const SHOWN: usize = 12;
/// Characters of a note in a table.
const NOTE: usize = 100;
/// A table may have 99 rows (Slack's table block).
const LISTED: usize = 99;

impl Status {
    pub fn words(self) -> &'static str {
        match self {
            Status::OnTarget => "on target",
            Status::Warning => "warning",
            Status::OffTarget => "off target",
            Status::Missing => "missing",
            Status::Stale => "stale",
            Status::Waiting => "no value yet",
            Status::Paused => "paused",
        }
    }
}

impl Signal {
    pub fn words(self) -> String {
        match self {
            Signal::AboveLimit => "above its usual range".to_owned(),
            Signal::BelowLimit => "below its usual range".to_owned(),
            Signal::RowAbove(n) => format!("{n} in a row above its mean"),
            Signal::RowBelow(n) => format!("{n} in a row below its mean"),
            Signal::FurtherApart => "events further apart than usual".to_owned(),
            Signal::CloserTogether => "events closer together than usual".to_owned(),
            Signal::RowApart(n) => format!("{n} longer gaps between events in a row"),
            Signal::RowTogether(n) => format!("{n} shorter gaps between events in a row"),
        }
    }
}

impl Trend {
    pub fn words(self) -> &'static str {
        match self {
            Trend::Up { better: true } => "↑ better",
            Trend::Up { better: false } => "↑ worse",
            Trend::Down { better: true } => "↓ better",
            Trend::Down { better: false } => "↓ worse",
            Trend::Same => "→ same",
        }
    }
}

impl Frequency {
    fn words(self) -> &'static str {
        match self {
            Frequency::Weekly => "every week",
            Frequency::Monthly => "every month",
            Frequency::Quarterly => "every quarter",
        }
    }
}

/// What is good: `at most 5%`.
pub fn level(kpi: &Kpi, value: f64) -> String {
    let side = match kpi.direction {
        Direction::Higher => "at least",
        Direction::Lower => "at most",
    };
    format!("{side} {}", quantity(value, &kpi.unit))
}

/// A value and what it is for: `4.2% in 2026-10`.
pub fn value_in(kpi: &Kpi, value: Value) -> String {
    format!("{} in {}", quantity(value.value, &kpi.unit), value.period)
}

/// The latest value in a cell, `–` when there is none. An old one says how old it is, so that nobody
/// takes it for the missing one.
pub fn value_cell(view: &Overview) -> String {
    match (view.reading.latest, view.reading.status) {
        (None, _) => "–".to_owned(),
        (Some(old), Status::Missing | Status::Stale) => {
            format!("– ({})", value_in(&view.kpi, old))
        }
        (Some(latest), _) => quantity(latest.value, &view.kpi.unit),
    }
}

pub fn trend_cell(view: &Overview) -> &'static str {
    view.reading.trend.map_or("–", Trend::words)
}

/// Status, and the signal behind it: `off target, signal`.
pub fn status_cell(view: &Overview) -> String {
    let status = view.reading.status.words();
    match view.signals() {
        true => format!("{status}, signal"),
        false => status.to_owned(),
    }
}

/// What a person is asked for, with what stood last: `Click rate: the value for 2026-11 (last: 4%
/// in 2026-10)`.
pub fn wanted(view: &Overview, period: Period) -> String {
    let asked = format!("{}: the value for {period}", view.kpi.name);
    match view.reading.latest {
        Some(last) => format!("{asked} (last: {})", value_in(&view.kpi, last)),
        None => asked,
    }
}

/// The way to a value: who measures by asking or by a checklist types none.
fn record_button(kpi: &Kpi) -> Button {
    match kpi.source {
        Source::Survey => Button::new("Survey", format!("survey show {}", kpi.key)),
        Source::Inspection => Button::new("Inspect", format!("inspection start {}", kpi.key)),
        _ => Button::new("Record", format!("kpi record {}", kpi.key)),
    }
}

fn chart_button(kpi: &Kpi) -> Button {
    Button::new("Chart", format!("kpi chart {}", kpi.key))
}

pub(super) fn show_button(kpi: &Kpi) -> Button {
    Button::new("Show", format!("kpi show {}", kpi.key))
}

/// Raises an action that says which KPI and which value it is about.
pub(super) fn raise_button(kpi: &Kpi, value: Value) -> Button {
    // A quotation mark in the name would end the title, a backslash would hide the one that does.
    let title = format!("{}: {}", kpi.name, value_in(kpi, value));
    let title = title
        .replace(['"', '“', '”', '„', '«', '»'], "'")
        .replace('\\', "/");
    let command = format!(
        "action new \"{title}\" source:kpi control:9.1 kpi:{}",
        kpi.key
    );
    Button::new("Raise action", command)
}

/// One KPI: how it stands, its last values, who looks after it.
pub fn shown(
    view: &Overview,
    (measurements, analyses): (&[Measurement], &[Analysis]),
    people: &People,
) -> Card {
    let kpi = &view.kpi;
    let mut facts: Vec<(&str, Text)> = vec![("Status", status_text(view))];
    if let Some(latest) = view.reading.latest {
        let trend = view
            .reading
            .trend
            .map(|trend| format!(", {}", trend.words()));
        let words = value_in(kpi, latest) + &trend.unwrap_or_default();
        facts.push(("Latest", words.into()));
    }
    facts.push(("Target", level(kpi, kpi.target).into()));
    facts.extend(
        kpi.warning
            .map(|warning| ("Warning", level(kpi, warning).into())),
    );
    facts.push(("Usual range", range_words(view).into()));
    facts.push((
        "Measured",
        Text::from(format!("{} by ", kpi.frequency.words()))
            .then(people.mention(Some(kpi.measurer))),
    ));
    facts.push(("Looked into by", people.mention(Some(kpi.analyst))));
    let mut card = Card::new(kpi.name.clone()).facts(facts);
    if let Some(purpose) = &kpi.purpose {
        card = card.text(purpose.as_str());
    }
    if !measurements.is_empty() {
        card = card.block(history(kpi, measurements, people));
    }
    for (title, lines) in [
        (
            "Limits",
            limits::card::history(kpi, &kpi.values(measurements), people),
        ),
        ("What was behind it", analysis::card::history(kpi, analyses)),
    ] {
        if !lines.is_empty() {
            card = card.text(Text::new().bold(title)).list(lines);
        }
    }
    let pause = match kpi.paused {
        Some(_) => Button::new("Resume", format!("kpi resume {}", kpi.key)),
        None => Button::new("Pause", format!("kpi pause {}", kpi.key)),
    };
    let analyse = view.open.as_ref().map(|open| open.button().primary());
    let record = record_button(kpi).primary();
    card.buttons(
        analyse
            .into_iter()
            .chain([record, chart_button(kpi), pause]),
    )
    .footer(Text::new().code(kpi.key.as_str()))
}

fn status_text(view: &Overview) -> Text {
    let mut text = Text::new().bold(view.reading.status.words());
    if let Some(reason) = &view.kpi.paused {
        return text.plain_span(format!(": {reason}"));
    }
    if let Some(signal) = view.reading.signal {
        text = text.plain_span(format!(", signal: {}", signal.words()));
    }
    match view.reading.wanted {
        Some(period) => text.plain_span(format!(" (the value for {period} is not in)")),
        None => text,
    }
}

/// The last values, newest first, each with what it was corrected from.
fn history(kpi: &Kpi, measurements: &[Measurement], people: &People) -> Block {
    let mut newest: Vec<&Measurement> = measurements.iter().collect();
    newest.sort_by_key(|m| std::cmp::Reverse((m.period, m.revision)));
    let stands = |m: &Measurement| {
        !measurements
            .iter()
            .any(|other| other.period == m.period && other.revision > m.revision)
    };
    let row = |m: &&Measurement| {
        let value = quantity(m.value, &kpi.unit);
        vec![
            kpi.period(m.period).to_string(),
            if stands(m) {
                value
            } else {
                format!("was {value}")
            },
            given_by(m, people),
            m.note.as_deref().map_or_else(String::new, excerpt),
        ]
    };
    Block::Table {
        head: ["Period", "Value", "By", "Note"]
            .map(str::to_owned)
            .to_vec(),
        rows: newest.iter().take(SHOWN).map(row).collect(),
    }
}

/// Who or what gave a value.
pub fn given_by(measurement: &Measurement, people: &People) -> String {
    match (measurement.by, &measurement.via) {
        (None, Some(via)) => via.clone(),
        (by, _) => people.name(by).to_owned(),
    }
}

/// The beginning of a note, on one line: a table is no place for paragraphs.
fn excerpt(note: &str) -> String {
    let line = note.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(NOTE) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// All KPIs of the workspace.
pub fn listed(views: &[Overview]) -> Card {
    if views.is_empty() {
        return Card::say("There are no KPIs yet.").buttons([Button::new(
            "Set up a KPI",
            "kpi new",
        )
        .primary()]);
    }
    let card = Card::new("KPIs").block(table(views));
    match views.len().saturating_sub(LISTED) {
        0 => card,
        more => card.text(format!("And {more} more.")),
    }
}

/// KPIs by key, with value, period, target, status and trend.
pub(super) fn table(views: &[Overview]) -> Block {
    let row = |view: &Overview| {
        let latest = view.reading.latest;
        vec![
            view.kpi.key.to_string(),
            latest.map_or("–".to_owned(), |value| {
                quantity(value.value, &view.kpi.unit)
            }),
            latest.map_or("–".to_owned(), |value| value.period.to_string()),
            level(&view.kpi, view.kpi.target),
            status_cell(view),
            trend_cell(view).to_owned(),
        ]
    };
    Block::Table {
        head: ["KPI", "Value", "Period", "Target", "Status", "Trend"]
            .map(str::to_owned)
            .to_vec(),
        rows: views.iter().take(LISTED).map(row).collect(),
    }
}

/// A KPI's run chart.
pub fn charted(view: &Overview) -> Card {
    let kpi = &view.kpi;
    if view.points.is_empty() {
        return Card::say(format!("{} has no values yet.", kpi.name))
            .buttons([record_button(kpi).primary()]);
    }
    let mut card = Card::new(kpi.name.clone()).text(status_text(view));
    if let Process::TooFew(values) = view.reading.process {
        card = card.text(format!("No mean and limits yet: {}.", too_few(values)));
    }
    card.block(Block::Picture(picture(view)))
        .buttons([show_button(kpi), record_button(kpi)])
}

/// To who set a KPI up.
pub fn set_up(kpi: &Kpi, people: &People) -> Card {
    let line = Text::new()
        .bold(kpi.name.clone())
        .plain_span(format!(
            " is set up: {}, measured {} by ",
            level(kpi, kpi.target),
            kpi.frequency.words()
        ))
        .then(people.mention(Some(kpi.measurer)))
        .plain_span(". The first value is asked for on ")
        .plain_span(day(kpi.period(kpi.since).due()))
        .plain_span(".");
    Card::say(line)
        .buttons([record_button(kpi), show_button(kpi)])
        .footer(
            Text::from("Values of earlier periods may be recorded too: ").code(format!(
                "/isms kpi record {} … period:{}",
                kpi.key,
                kpi.period(kpi.since).previous()
            )),
        )
}

/// To who recorded a value, or corrected one.
pub fn recorded(view: &Overview, value: Value, was: Option<f64>) -> Card {
    let kpi = &view.kpi;
    let mut line = Text::new().bold(kpi.name.clone()).plain_span(": ");
    line = match was {
        None => line.plain_span(format!("{} recorded: ", value_in(kpi, value))),
        Some(was) => line.plain_span(format!(
            "{}, corrected from {}: ",
            value_in(kpi, value),
            quantity(was, &kpi.unit)
        )),
    };
    let judged = kpi.judge(value.value);
    line = line
        .bold(judged.words())
        .plain_span(format!(" (target {})", level(kpi, kpi.target)));
    let latest = view.reading.latest == Some(value);
    if let Some(trend) = view.reading.trend.filter(|_| latest) {
        line = line.plain_span(format!(", {}", trend.words()));
    }
    let signal = view.reading.signal.filter(|_| latest);
    if let Some(signal) = signal {
        line = line.plain_span(". Signal: ").bold(signal.words());
    }
    let mut buttons: Vec<Button> = view.open.iter().map(Analysis::button).collect();
    if latest && (judged == Status::OffTarget || signal.is_some()) {
        buttons.push(raise_button(kpi, value));
    }
    buttons.extend([
        chart_button(kpi),
        Button::new(
            "Correct",
            format!("kpi correct {} {}", kpi.key, value.period),
        ),
    ]);
    Card::say(line.plain_span(".")).buttons(buttons)
}

/// To who paused or resumed a KPI.
pub fn paused(kpi: &Kpi, today: NaiveDate) -> Card {
    let name = Text::new().bold(kpi.name.clone());
    match &kpi.paused {
        Some(_) => Card::say(name.plain_span(" is paused: nobody is asked for it."))
            .buttons([Button::new("Resume", format!("kpi resume {}", kpi.key))]),
        None => {
            let due = kpi.period(today).due();
            Card::say(name.plain_span(format!(
                " is measured again. The next value is asked for on {}.",
                day(due)
            )))
        }
    }
}

#[cfg(test)]
#[path = "card_tests.rs"]
mod tests;
