//! A document before it has a look: what stands in it, in order. [`pdf`](super::pdf) and
//! [`markdown`](super::markdown) give it one.
//!
//! It is pure and knows no clock: when it was made and where the log stood come in with its
//! [`Imprint`], so the same input is the same file to the byte, and a fingerprint says which one
//! somebody read. What people typed is data in it: no look takes it for markup.

use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;

use crate::chat::{Chart, Text};
use crate::record::Head;

/// A report, a register, minutes.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// One line: `Performance report`.
    pub title: String,
    /// Under it: which time or which records it is about, `1 July to 30 September 2026`.
    pub subtitle: String,
    pub imprint: Imprint,
    pub sheet: Sheet,
    pub blocks: Vec<Block>,
}

/// Where a document comes from; it stands on every page.
#[derive(Debug, Clone, PartialEq)]
pub struct Imprint {
    /// The name of the workspace.
    pub workspace: String,
    /// What it is about in a word, for the head of each page: `2026-Q3`, `MR-2026-Q4`.
    pub about: String,
    /// When it was made, by the clocks of the workspace.
    pub made: DateTime<Tz>,
    /// Where the log stood.
    pub head: Head,
}

/// How the paper lies (A4).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sheet {
    #[default]
    Upright,
    /// For wide tables.
    Across,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// Begins a section.
    Heading(String),
    /// Begins a part of a section; only below a heading.
    Subheading(String),
    Text(Text),
    /// The sentence that says how it stands, set larger.
    Lead(Text),
    /// Label and value pairs.
    Facts(Vec<(String, Text)>),
    /// Items with bullets.
    List(Vec<Text>),
    Table(Table),
    Chart {
        chart: Chart,
        /// What it shows, in words, for people who cannot see it.
        alt: String,
    },
    /// A remark, set apart and smaller.
    Note(Text),
}

/// Rows below a head that is said again on each page.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    pub columns: Vec<Column>,
    /// As many cells as columns, in each row.
    pub rows: Vec<Vec<Text>>,
    /// Said instead, when there are no rows.
    pub empty: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub head: String,
    /// Its part of the width, beside those of the others.
    pub part: u8,
    /// Numbers stand right, under each other.
    pub right: bool,
}

impl Document {
    pub fn new(title: impl Into<String>, subtitle: impl Into<String>, imprint: Imprint) -> Self {
        Document {
            title: title.into(),
            subtitle: subtitle.into(),
            imprint,
            sheet: Sheet::default(),
            blocks: Vec::new(),
        }
    }

    /// On paper that lies across.
    pub fn across(mut self) -> Self {
        self.sheet = Sheet::Across;
        self
    }

    pub fn block(mut self, block: Block) -> Self {
        self.blocks.push(block);
        self
    }

    pub fn heading(self, words: impl Into<String>) -> Self {
        self.block(Block::Heading(words.into()))
    }

    pub fn subheading(self, words: impl Into<String>) -> Self {
        self.block(Block::Subheading(words.into()))
    }

    pub fn text(self, words: impl Into<Text>) -> Self {
        self.block(Block::Text(words.into()))
    }

    pub fn lead(self, words: impl Into<Text>) -> Self {
        self.block(Block::Lead(words.into()))
    }

    pub fn note(self, words: impl Into<Text>) -> Self {
        self.block(Block::Note(words.into()))
    }

    pub fn facts<L: Into<String>, T: Into<Text>>(
        self,
        facts: impl IntoIterator<Item = (L, T)>,
    ) -> Self {
        let facts = facts.into_iter();
        self.block(Block::Facts(
            facts.map(|(l, t)| (l.into(), t.into())).collect(),
        ))
    }

    pub fn list<T: Into<Text>>(self, items: impl IntoIterator<Item = T>) -> Self {
        self.block(Block::List(items.into_iter().map(Into::into).collect()))
    }

    pub fn table(self, table: Table) -> Self {
        self.block(Block::Table(table))
    }
}

impl Imprint {
    /// The small print of every page: where the log stood when this was made. Who keeps the page can
    /// prove later that nothing before it was changed.
    pub fn small_print(&self) -> String {
        let entries = match self.head.entries {
            1 => "1 entry".to_owned(),
            n => format!("{n} entries"),
        };
        format!("Log: {entries}, fingerprint {}", self.head.fingerprint())
    }

    /// `Made on Thu 1 Oct 2026 at 09:00 CEST`.
    pub fn made_words(&self) -> String {
        let day = crate::chat::day(self.made.date_naive());
        format!("Made on {day} at {}", self.made.format("%H:%M %Z"))
    }
}

/// A date for a table, which is not broken: `20 Oct 2026`.
pub fn date(day: NaiveDate) -> String {
    day.format("%-d\u{a0}%b\u{a0}%Y").to_string()
}

impl Table {
    /// A table of these columns: a name, and which part of the width it has.
    pub fn of(columns: &[(&str, u8)], empty: &str) -> Table {
        let column = |(head, part): &(&str, u8)| Column {
            head: (*head).to_owned(),
            part: *part,
            right: false,
        };
        Table {
            columns: columns.iter().map(column).collect(),
            rows: Vec::new(),
            empty: empty.to_owned(),
        }
    }

    /// With these columns, by position from 0, to the right.
    pub fn right(mut self, columns: &[usize]) -> Table {
        for column in columns {
            self.columns[*column].right = true;
        }
        self
    }

    pub fn rows(mut self, rows: impl IntoIterator<Item = Vec<Text>>) -> Table {
        self.rows.extend(rows);
        self
    }
}
