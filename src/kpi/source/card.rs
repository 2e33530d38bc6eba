//! Every word about where values come from.

use super::rules::Feed;
use crate::chat::{Block, Button, Card, Text, day};
use crate::kpi::rules::{Kpi, Source};

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

/// Where each KPI's values come from.
pub fn listed(kpis: &[Kpi], feeds: &[Feed]) -> Card {
    if kpis.is_empty() {
        return Card::say("There are no KPIs yet.")
            .buttons([Button::new("Set up a KPI", "kpi new")]);
    }
    let row = |kpi: &Kpi| {
        let feed = feeds.iter().find(|feed| feed.kpi == kpi.key);
        let worked = feed.and_then(|feed| feed.worked_at);
        let how = match feed.and_then(|feed| feed.fault.as_ref()) {
            Some(fault) => format!("fails: {fault}"),
            None => "–".to_owned(),
        };
        vec![
            kpi.key.to_string(),
            kpi.source.words().to_owned(),
            worked.map_or("–".to_owned(), |at| day(at.date_naive())),
            how,
        ]
    };
    Card::new("Where the values come from").block(Block::Table {
        head: ["KPI", "Source", "Last worked", "Trouble"]
            .map(str::to_owned)
            .to_vec(),
        rows: kpis.iter().map(row).collect(),
    })
}

/// To who gave a KPI another source.
pub fn changed(kpi: &Kpi) -> Card {
    let line = Text::new().bold(kpi.name.clone()).plain_span(format!(
        ": its values come from here on like this: {}.",
        kpi.source.words()
    ));
    Card::say(line).buttons([Button::new("Show", format!("kpi show {}", kpi.key))])
}
