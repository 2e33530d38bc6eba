//! A card: what a message says, before a platform gives it its look.

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::{Grid, Ring};

/// Something to read: a heading, blocks in order, small print. Serializable, so that it can be
/// compared, snapshot and kept.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// Plain words, at most 150 characters (Slack's header limit).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    pub blocks: Vec<Block>,
    /// Small print under everything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub footer: Option<Text>,
}

#[expect(
    clippy::large_enum_variant,
    reason = "a card has few of them, and lives for a moment"
)]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// A paragraph.
    Text(Text),
    /// Label and value pairs.
    Facts(Vec<(String, Text)>),
    /// Items with bullets.
    List(Vec<Text>),
    /// A small table of plain words: at most 20 columns and 99 rows (Slack's table block).
    Table {
        head: Vec<String>,
        rows: Vec<Vec<String>>,
    },
    Picture(Picture),
    /// One row of buttons, at most five (Discord's limit).
    Buttons(Vec<Button>),
    Divider,
}

/// Words with marks in them. What people typed goes in as `Plain` and is escaped by the face.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Text(pub Vec<Span>);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    Plain(String),
    Bold(String),
    Italic(String),
    /// Something to type or an id: `CA-12`, `/isms help`.
    Code(String),
    /// A mention: the platform's id of the person, and the name for faces without mentions.
    Person {
        id: String,
        name: String,
    },
    /// A channel, by the platform's id of it or as it was typed.
    Channel(String),
    Link {
        url: String,
        label: String,
    },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Picture {
    /// File name with its extension, `incidents.png`.
    pub name: String,
    /// What it shows, in words, for people who cannot see it. At most 2000 characters.
    pub alt: String,
    pub source: PictureSource,
}

/// Where a picture's bytes come from; a face renders it when it sends.
#[expect(
    clippy::large_enum_variant,
    reason = "a card has few of them, and lives for a moment"
)]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PictureSource {
    Chart(Chart),
    Grid(Grid),
    Ring(Ring),
}

/// A run chart of one KPI: values over periods, target, mean and process limits (XmR).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Chart {
    pub title: String,
    pub unit: String,
    /// Oldest first.
    pub points: Vec<ChartPoint>,
    pub target: Option<f64>,
    pub warning: Option<f64>,
    pub mean: Option<f64>,
    pub upper: Option<f64>,
    pub lower: Option<f64>,
    /// Mean and limits that held before these, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<ChartStep>,
    /// Each point is an event on its day, and no period.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_event: bool,
}

/// Mean and limits of an earlier part of a chart.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ChartStep {
    /// The first day for which they hold no more.
    pub until: NaiveDate,
    pub mean: f64,
    pub upper: Option<f64>,
    pub lower: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChartPoint {
    /// The first day of the period, or the day of an event.
    pub period: NaiveDate,
    /// `None` is a missing value, drawn as a gap.
    pub value: Option<f64>,
    /// Outside the limits, or in a run on one side of the mean.
    pub signal: bool,
}

/// A command already typed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Button {
    /// At most 75 characters (Slack's limit).
    pub label: String,
    /// What a person would type after `/isms`: `action done CA-12`.
    pub command: String,
    #[serde(default)]
    pub style: Style,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Style {
    #[default]
    Plain,
    Primary,
    Danger,
}

impl Card {
    pub fn new(title: impl Into<String>) -> Self {
        Card {
            title: Some(title.into()),
            ..Card::default()
        }
    }

    /// A card of one paragraph, without a heading.
    pub fn say(text: impl Into<Text>) -> Self {
        Card::default().text(text)
    }

    pub fn block(mut self, block: Block) -> Self {
        self.blocks.push(block);
        self
    }

    pub fn text(self, text: impl Into<Text>) -> Self {
        self.block(Block::Text(text.into()))
    }

    pub fn facts<L: Into<String>, T: Into<Text>>(
        self,
        facts: impl IntoIterator<Item = (L, T)>,
    ) -> Self {
        self.block(Block::Facts(
            facts
                .into_iter()
                .map(|(l, t)| (l.into(), t.into()))
                .collect(),
        ))
    }

    pub fn list<T: Into<Text>>(self, items: impl IntoIterator<Item = T>) -> Self {
        self.block(Block::List(items.into_iter().map(Into::into).collect()))
    }

    pub fn buttons(self, buttons: impl IntoIterator<Item = Button>) -> Self {
        let buttons: Vec<_> = buttons.into_iter().collect();
        if buttons.is_empty() {
            self
        } else {
            self.block(Block::Buttons(buttons))
        }
    }

    pub fn footer(mut self, footer: impl Into<Text>) -> Self {
        self.footer = Some(footer.into());
        self
    }

    /// The whole card as plain lines: for terminals, notifications and screen readers.
    pub fn plain(&self) -> String {
        let mut lines = Vec::new();
        lines.extend(self.title.clone());
        for block in &self.blocks {
            match block {
                Block::Text(text) => lines.push(text.plain()),
                Block::Facts(facts) => {
                    lines.extend(
                        facts
                            .iter()
                            .map(|(label, text)| format!("{label}: {}", text.plain())),
                    );
                }
                Block::List(items) => {
                    lines.extend(items.iter().map(|i| format!("• {}", i.plain())));
                }
                Block::Table { head, rows } => lines.extend(plain_table(head, rows)),
                Block::Picture(picture) => {
                    lines.push(format!("[{}] {}", picture.name, picture.alt));
                }
                Block::Buttons(buttons) => {
                    lines.extend(
                        buttons
                            .iter()
                            .map(|b| format!("[{}] /isms {}", b.label, b.command)),
                    );
                }
                Block::Divider => lines.push(String::new()),
            }
        }
        lines.extend(self.footer.as_ref().map(Text::plain));
        lines.join("\n")
    }

    /// With words before everything but the title.
    pub fn with_first(mut self, words: Text) -> Self {
        self.blocks.insert(0, Block::Text(words));
        self
    }

    /// The buttons in this card, in order.
    pub fn all_buttons(&self) -> impl Iterator<Item = &Button> {
        self.blocks.iter().flat_map(|block| match block {
            Block::Buttons(buttons) => buttons.as_slice(),
            _ => &[],
        })
    }

    /// The charts in this card, in order.
    pub fn pictures(&self) -> impl Iterator<Item = &Picture> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Picture(picture) => Some(picture),
            _ => None,
        })
    }
}

/// Columns padded to their widest cell.
fn plain_table(head: &[String], rows: &[Vec<String>]) -> Vec<String> {
    let mut widths: Vec<usize> = head.iter().map(|cell| cell.chars().count()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    std::iter::once(head)
        .chain(rows.iter().map(Vec::as_slice))
        .map(|row| {
            let cells = row
                .iter()
                .zip(&widths)
                .map(|(cell, width)| format!("{cell:<width$}"));
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        })
        .collect()
}

impl Button {
    pub fn new(label: impl Into<String>, command: impl Into<String>) -> Self {
        Button {
            label: label.into(),
            command: command.into(),
            style: Style::Plain,
        }
    }

    pub fn primary(mut self) -> Self {
        self.style = Style::Primary;
        self
    }

    pub fn danger(mut self) -> Self {
        self.style = Style::Danger;
        self
    }
}

impl Text {
    pub fn new() -> Self {
        Text::default()
    }

    pub fn plain_span(mut self, words: impl Into<String>) -> Self {
        self.0.push(Span::Plain(words.into()));
        self
    }

    pub fn bold(mut self, words: impl Into<String>) -> Self {
        self.0.push(Span::Bold(words.into()));
        self
    }

    pub fn italic(mut self, words: impl Into<String>) -> Self {
        self.0.push(Span::Italic(words.into()));
        self
    }

    pub fn code(mut self, words: impl Into<String>) -> Self {
        self.0.push(Span::Code(words.into()));
        self
    }

    pub fn person(mut self, id: impl Into<String>, name: impl Into<String>) -> Self {
        self.0.push(Span::Person {
            id: id.into(),
            name: name.into(),
        });
        self
    }

    pub fn channel(mut self, id: impl Into<String>) -> Self {
        self.0.push(Span::Channel(id.into()));
        self
    }

    pub fn link(mut self, url: impl Into<String>, label: impl Into<String>) -> Self {
        self.0.push(Span::Link {
            url: url.into(),
            label: label.into(),
        });
        self
    }

    /// Both, one after the other.
    pub fn then(mut self, other: Text) -> Self {
        self.0.extend(other.0);
        self
    }

    /// The words without marks.
    pub fn plain(&self) -> String {
        let words = self.0.iter().map(|span| match span {
            Span::Plain(w) | Span::Bold(w) | Span::Italic(w) | Span::Code(w) => w.clone(),
            Span::Person { name, .. } => format!("@{name}"),
            Span::Channel(id) => format!("#{id}"),
            Span::Link { url, label } => format!("{label} ({url})"),
        });
        words.collect()
    }
}

/// The card, saying whose days and times it means where they are not those of every reader.
pub fn in_zone(card: Card, zone: Option<Tz>) -> Card {
    let Some(zone) = zone else {
        return card;
    };
    let words = format!("Days and times are those of {}.", zone.name());
    let footer = match &card.footer {
        Some(footer) => footer.clone().plain_span(" · ").plain_span(words),
        None => words.into(),
    };
    card.footer(footer)
}

/// A date as people read it: `Fri 4 Dec 2026`.
pub fn day(date: NaiveDate) -> String {
    date.format("%a %-d %b %Y").to_string()
}

impl<S: Into<String>> From<S> for Text {
    fn from(words: S) -> Self {
        Text(vec![Span::Plain(words.into())])
    }
}
