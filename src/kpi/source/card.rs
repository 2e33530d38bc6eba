//! Every word about where values come from.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::ask::Window;
use super::collect::Came;
use super::rules::Feed;
use crate::chat::{Block, Button, Card, Text, day};
use crate::kpi::rules::{Kpi, Source, Value};
use crate::report::quantity;

impl Source {
    pub fn words(self) -> &'static str {
        match self {
            Source::Manual => "said in chat",
            Source::Push => "sent by a program",
            Source::Prometheus => "Prometheus",
            Source::Http => "a JSON document",
            Source::Webhook => "alerts, counted",
            Source::Survey => "a survey",
            Source::Inspection => "an inspection",
            Source::Derived => "the bot's own records",
        }
    }
}

/// An instant, by a clock that people live by.
fn moment(at: DateTime<Utc>, zone: Tz) -> String {
    let local = at.with_timezone(&zone);
    format!("{} {}", day(local.date_naive()), local.format("%H:%M"))
}

/// How a source goes: `fails since Mon 2 Nov 2026 00:15: p.example cannot be reached`.
fn health(feed: &Feed, zone: Tz) -> Option<String> {
    let fault = feed.fault.as_ref()?;
    Some(match feed.failing_since {
        Some(since) => format!("fails since {}: {fault}", moment(since, zone)),
        None => format!("fails: {fault}"),
    })
}

/// Where each KPI's values come from.
pub fn listed(kpis: &[Kpi], feeds: &[Feed], zone: Tz) -> Card {
    if kpis.is_empty() {
        return Card::say("There are no KPIs yet.")
            .buttons([Button::new("Set up a KPI", "kpi new")]);
    }
    let row = |kpi: &Kpi| {
        let feed = feeds.iter().find(|feed| feed.kpi == kpi.key);
        let worked = feed.and_then(|feed| feed.worked_at);
        let how = feed.and_then(|feed| health(feed, zone));
        vec![
            kpi.key.to_string(),
            kpi.source.words().to_owned(),
            worked.map_or("–".to_owned(), |at| moment(at, zone)),
            how.unwrap_or_else(|| "–".to_owned()),
        ]
    };
    Card::new("Where the values come from").block(Block::Table {
        head: ["KPI", "Source", "Last worked", "Trouble"]
            .map(str::to_owned)
            .to_vec(),
        rows: kpis.iter().map(row).collect(),
    })
}

/// Where the values of one KPI come from, and how that goes; nothing of what is said in chat.
pub fn told(kpi: &Kpi, feed: Option<&Feed>, zone: Tz) -> Option<Text> {
    if kpi.source == Source::Manual {
        return None;
    }
    let text = Text::from("Source: ").plain_span(kpi.source.words());
    let Some(feed) = feed else {
        return Some(text);
    };
    let text = match feed.worked_at {
        Some(at) => text.plain_span(format!(", last worked {}", moment(at, zone))),
        None => text.plain_span(", has not given a value yet"),
    };
    Some(match health(feed, zone) {
        Some(how) => text.plain_span("; ").bold(how),
        None => text,
    })
}

/// To who gave a KPI another source.
pub fn changed(kpi: &Kpi) -> Card {
    let line = Text::new().bold(kpi.name.clone()).plain_span(format!(
        ": its values come from here on like this: {}.",
        kpi.source.words()
    ));
    let card = match kpi.source.is_fetched() {
        true => Card::say(line).text(
            "It is asked when a period is over. Nobody is asked for a value, unless it fails.",
        ),
        false => Card::say(line),
    };
    let mut buttons = vec![Button::new("Show", format!("kpi show {}", kpi.key))];
    if kpi.source.is_fetched() {
        buttons.insert(0, try_button(kpi).primary());
    }
    card.buttons(buttons)
}

fn try_button(kpi: &Kpi) -> Button {
    Button::new("Try it", format!("source try {}", kpi.key))
}

fn record_button(kpi: &Kpi) -> Button {
    Button::new("Record by hand", format!("kpi record {}", kpi.key))
}

/// To who tried a source.
pub fn tried(kpi: &Kpi, came: &Came, window: &Window) -> Card {
    let period = window.period;
    let name = || Text::new().bold(kpi.name.clone());
    let card = match came {
        Came::Value(value) => {
            let value = Value {
                period,
                value: *value,
            };
            let line = name()
                .plain_span(format!(
                    ": {} in {period}, ",
                    quantity(value.value, &kpi.unit)
                ))
                .bold(kpi.judge(value.value).words())
                .plain_span(". This was a try: nothing is recorded.");
            Card::say(line)
        }
        Came::Nothing => Card::say(name().plain_span(format!(
            ": there was nothing to measure in {period}, so it has no value. That is not zero."
        ))),
        Came::Fault(why) => {
            Card::say(name().plain_span(format!(": no value for {period}: {why}.")))
        }
    };
    let show = Button::new("Show", format!("kpi show {}", kpi.key));
    match (came, kpi.source) {
        (Came::Fault(_), Source::Prometheus | Source::Http) => {
            let change = format!("source {} {}", kpi.source, kpi.key);
            card.buttons([
                try_button(kpi),
                Button::new("Change the source", change),
                show,
            ])
        }
        _ => card.buttons([try_button(kpi), show]),
    }
}

/// To who measures a KPI, while its source fails.
pub fn fails(kpi: &Kpi, feed: &Feed, zone: Tz) -> Card {
    let how = health(feed, zone).unwrap_or_default();
    let line = Text::from("The source of ")
        .bold(kpi.name.clone())
        .plain_span(format!(" ({}) {how}.", kpi.source.words()));
    Card::new("A source fails")
        .text(line)
        .text(
            "It is asked again from time to time. Until it works its value is missing; you can \
             record it by hand.",
        )
        .buttons([record_button(kpi).primary(), try_button(kpi)])
}

/// The same message, when it works again.
pub fn works_again(kpi: &Kpi, (since, at): (DateTime<Utc>, DateTime<Utc>), zone: Tz) -> Card {
    let line = Text::from("The source of ")
        .bold(kpi.name.clone())
        .plain_span(format!(
            " works again since {}; it had failed since {}.",
            moment(at, zone),
            moment(since, zone)
        ));
    Card::say(line).buttons([Button::new("Show", format!("kpi show {}", kpi.key))])
}
