//! Cards as Discord messages. Pure: a card and the names of its drawn pictures go in, a message comes
//! out, and whatever the card holds, it is one that Discord accepts. What is too much is cut from the
//! end, and the message says so; buttons stay.
//!
//! The title is the message's content, so that a notification has words; everything else stands in
//! embeds, whose first one can carry a mark that nobody sees (see `send`).
//!
//! Limits: the platform notes (content 2000; ten embeds with 4096 each and 6000 in all; five rows of
//! five buttons).

use serde_json::{Value, json};
use serenity::all::{
    ButtonStyle, CreateActionRow, CreateAllowedMentions, CreateButton, CreateEmbed,
    CreateEmbedFooter,
};

use super::carry::{Ids, Long, Use};
use super::words::{self, TEXT, cut, escape, escaped_cut, markdown, markdown_cut};
use crate::chat::{Block, Button, Card, Style, Text};

/// All words of all embeds.
const WORDS: usize = 6000;
const EMBEDS: usize = 10;
const TITLE: usize = 256;
const FOOTER: usize = 1000;
const ROWS: usize = 5;
const IN_A_ROW: usize = 5;
pub(super) const BUTTON: usize = 80;
/// Longest piece of a paragraph that is cut off as a whole.
const PIECE: usize = 1000;
const LABEL: usize = 200;
const SHORTENED: &str = "*Shortened: there is more than fits into one message.*";

/// A message without its files.
#[derive(Debug, Default)]
pub struct Message {
    pub content: String,
    pub embeds: Vec<CreateEmbed>,
    /// Rows of buttons and selects.
    pub rows: Vec<Value>,
    /// Commands to keep before it goes out, because only their hashes travel.
    pub long: Vec<Long>,
}

/// A file of a message, or a picture in one of its embeds.
#[derive(Debug, Clone)]
pub struct File {
    pub name: String,
    /// What it shows, in words.
    pub alt: String,
    pub bytes: Vec<u8>,
}

impl Message {
    /// What is sent: everything of it, so that an edit replaces everything. Nobody is notified but
    /// `people`.
    pub fn body(&self, files: &[File], people: &[u64]) -> Value {
        let attachments = files.iter().enumerate().map(|(id, file)| {
            json!({ "id": id, "filename": file.name, "description": cut(&file.alt, 1024) })
        });
        json!({
            "content": self.content,
            "embeds": self.embeds,
            "components": self.rows,
            "allowed_mentions": CreateAllowedMentions::new().users(people.to_vec()),
            "attachments": attachments.collect::<Vec<_>>(),
        })
    }
}

/// A card as a message. `pictures` are the file names of its pictures, in order; one without is told
/// in words. `mark` goes where nobody sees it.
pub fn message(
    card: &Card,
    pictures: &[Option<String>],
    mut ids: Ids,
    mark: Option<&str>,
) -> Message {
    let footer = card
        .footer
        .as_ref()
        .map(|text| cut(words::unmarked(text).trim(), FOOTER));
    let footer = footer.filter(|footer| !footer.is_empty());
    let footing = footer.as_ref().map_or(0, |footer| footer.chars().count());
    let title = card
        .title
        .as_deref()
        .filter(|title| !title.trim().is_empty());
    let title = title.map(|title| format!("**{}**", escaped_cut(&one_line(title), TITLE)));
    let mut page = Page {
        panels: Vec::new(),
        room: WORDS - SHORTENED.len() - footing,
        is_cut: false,
        pictures: pictures.iter(),
    };
    for block in &card.blocks {
        page.block(block);
    }
    let rows = buttons(card, &mut ids, &mut page.is_cut);
    if page.is_cut {
        page.say_so();
    }
    let mut content = title.unwrap_or_default();
    if page.panels.is_empty() && footer.is_none() {
        // The mark needs an embed, and a message needs words.
        let words = match content.is_empty() {
            true => "…".to_owned(),
            false => std::mem::take(&mut content),
        };
        page.panels.push(Panel::of(words));
    }
    Message {
        content,
        embeds: page.embeds(footer, mark),
        rows,
        long: ids.long,
    }
}

fn one_line(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// An embed being filled.
#[derive(Default)]
struct Panel {
    words: String,
    image: Option<String>,
}

impl Panel {
    fn of(words: String) -> Panel {
        Panel { words, image: None }
    }
}

struct Page<'a> {
    panels: Vec<Panel>,
    /// Words that still fit.
    room: usize,
    is_cut: bool,
    pictures: std::slice::Iter<'a, Option<String>>,
}

impl Page<'_> {
    fn block(&mut self, block: &Block) {
        match block {
            Block::Text(text) => self.paragraph(text),
            Block::Facts(facts) => {
                let line = |(label, text): &(String, Text)| {
                    let label = escaped_cut(&one_line(label), LABEL);
                    let value = match markdown_cut(text, PIECE) {
                        blank if blank.is_empty() => "–".to_owned(),
                        value => value,
                    };
                    format!("**{label}:** {value}")
                };
                self.lines(facts.iter().map(line));
            }
            Block::List(items) => {
                let line = |item: &Text| format!("• {}", markdown_cut(item, PIECE));
                self.lines(items.iter().map(line));
            }
            Block::Table { .. } => self.table(block),
            Block::Picture(picture) => match self.pictures.next().cloned().flatten() {
                Some(name) => self.picture(name),
                None => {
                    let alt = [&picture.alt, &picture.name];
                    let alt = alt.into_iter().find(|words| !words.trim().is_empty());
                    let told = Text::new().italic(alt.map_or("", String::as_str));
                    self.put("\n\n", &markdown_cut(&told, PIECE));
                }
            },
            Block::Divider => self.put("\n\n", "⸻"),
            Block::Buttons(_) => {}
        }
    }

    fn paragraph(&mut self, text: &Text) {
        let mut before = "\n\n";
        for piece in markdown(text, PIECE) {
            self.put(before, &piece);
            before = "";
        }
    }

    fn lines(&mut self, lines: impl Iterator<Item = String>) {
        let mut before = "\n\n";
        for line in lines {
            self.put(before, &line);
            before = "\n";
        }
    }

    /// Discord has no tables: lines of fixed width.
    fn table(&mut self, table: &Block) {
        let plain = Card::default().block(table.clone()).plain();
        let mut lines = String::new();
        for line in plain.lines() {
            let line = cut(&line.replace('`', "'"), PIECE);
            if lines.chars().count() + line.chars().count() + 8 > PIECE {
                self.fixed(&std::mem::take(&mut lines));
            }
            lines.push_str(&line);
            lines.push('\n');
        }
        self.fixed(&lines);
    }

    fn fixed(&mut self, lines: &str) {
        if !lines.trim().is_empty() {
            self.put("\n\n", &format!("```\n{}\n```", lines.trim_end()));
        }
    }

    fn picture(&mut self, name: String) {
        match self.panels.last_mut().filter(|last| last.image.is_none()) {
            Some(last) => last.image = Some(name),
            None => self.begin(Panel {
                words: String::new(),
                image: Some(name),
            }),
        }
    }

    /// Appends words, if they still fit; once something was left out, all that follows is too.
    fn put(&mut self, before: &str, words: &str) {
        if words.trim().is_empty() || self.is_cut {
            return;
        }
        let size = words.chars().count();
        let fits = |last: &&mut Panel| {
            let length = last.words.chars().count() + before.len() + size;
            last.image.is_none() && length <= TEXT
        };
        let size = size + before.len();
        if size > self.room {
            self.is_cut = true;
            return;
        }
        match self.panels.last_mut().filter(fits) {
            Some(last) => {
                if !last.words.is_empty() {
                    last.words.push_str(before);
                }
                last.words.push_str(words);
            }
            None => self.begin(Panel::of(words.to_owned())),
        }
        self.room -= size;
    }

    fn begin(&mut self, panel: Panel) {
        if self.panels.len() < EMBEDS {
            self.panels.push(panel);
        } else {
            self.is_cut = true;
        }
    }

    fn say_so(&mut self) {
        match self.panels.last_mut() {
            Some(last) if last.words.chars().count() + 2 + SHORTENED.len() <= TEXT => {
                if !last.words.is_empty() {
                    last.words.push_str("\n\n");
                }
                last.words.push_str(SHORTENED);
            }
            _ => self.begin(Panel::of(SHORTENED.to_owned())),
        }
    }

    fn embeds(self, footer: Option<String>, mark: Option<&str>) -> Vec<CreateEmbed> {
        let embed = |filled: Panel| {
            let embed = match filled.words.is_empty() {
                true => CreateEmbed::new(),
                false => CreateEmbed::new().description(filled.words),
            };
            match filled.image {
                Some(name) => embed.attachment(name),
                None => embed,
            }
        };
        let mut embeds: Vec<CreateEmbed> = self.panels.into_iter().map(embed).collect();
        if let Some(footer) = footer {
            let last = embeds.pop().unwrap_or_default();
            embeds.push(last.footer(CreateEmbedFooter::new(footer)));
        }
        if let (Some(mark), Some(first)) = (mark, embeds.first_mut()) {
            *first = first.clone().url(mark);
        }
        embeds
    }
}

/// Each row of the card is a row of the message while there is room; then all stand close.
fn buttons(card: &Card, ids: &mut Ids, is_cut: &mut bool) -> Vec<Value> {
    let rows = card.blocks.iter().filter_map(|block| match block {
        Block::Buttons(buttons) => Some(buttons.as_slice()),
        _ => None,
    });
    let mut rows: Vec<Vec<&Button>> = rows
        .flat_map(|row| row.chunks(IN_A_ROW))
        .map(|row| {
            let acts = row
                .iter()
                .filter(|button| !button.command.trim().is_empty());
            acts.collect()
        })
        .filter(|row: &Vec<&Button>| !row.is_empty())
        .collect();
    if rows.len() > ROWS {
        let all: Vec<&Button> = rows.concat();
        rows = all.chunks(IN_A_ROW).map(<[_]>::to_vec).collect();
        *is_cut |= rows.len() > ROWS;
        rows.truncate(ROWS);
    }
    let row = |row: Vec<&Button>| {
        let row = row.into_iter().map(|button| make(button, ids)).collect();
        json!(CreateActionRow::Buttons(row))
    };
    rows.into_iter().map(row).collect()
}

fn make(button: &Button, ids: &mut Ids) -> CreateButton {
    let style = match button.style {
        Style::Plain => ButtonStyle::Secondary,
        Style::Primary => ButtonStyle::Primary,
        Style::Danger => ButtonStyle::Danger,
    };
    CreateButton::new(ids.give(&Use::Click, button.command.trim()))
        .label(words::plain(&button.label, BUTTON))
        .style(style)
}

/// A file for people to keep, with a sentence.
pub fn file(comment: &str, mark: &str) -> Message {
    let words = match comment.trim() {
        "" => "…".to_owned(),
        words => match escape(words) {
            whole if whole.chars().count() <= TEXT => whole,
            _ => escaped_cut(words, TEXT),
        },
    };
    Message {
        embeds: vec![CreateEmbed::new().description(words).url(mark)],
        ..Message::default()
    }
}

#[cfg(test)]
mod tests;
