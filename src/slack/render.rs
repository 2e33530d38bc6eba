//! Cards as Slack blocks. Pure: a card and the ids of its uploaded pictures go in, a message comes
//! out, and whatever the card holds, it is one that Slack accepts. What is too long is split into
//! several blocks; what is too much is cut from the end, buttons last, and the message says so.
//!
//! Limits: Block Kit reference, as measured in the platform notes (50 blocks and about 13,000
//! characters a message, 3000 a text, 10 fields of 2000, one table of 100 × 20).

use slack_morphism::prelude::*;

use super::words::{self, TEXT, cut, escape, escaped_cut, mrkdwn, mrkdwn_cut};
use crate::chat::{Block, Button, Card, Picture, Style, Text};

/// What fits into one message.
const BLOCKS: usize = 50;
/// All words of a message's blocks. Slack refuses at about 13,000.
const WORDS: usize = 12_000;
/// The line for notifications, search and screen readers.
const FALLBACK: usize = 4000;
const HEADER: usize = 150;
const FIELDS: usize = 10;
const FIELD: usize = 2000;
const ELEMENTS: usize = 25;
const BUTTON: usize = 75;
pub(super) const BUTTON_VALUE: usize = 2000;
const ALT: usize = 2000;
const ROWS: usize = 100;
const COLUMNS: usize = 20;
/// All cells of a table.
const TABLE_WORDS: usize = 10_000;
const SHORTENED: &str = "_Shortened: there is more than fits into one message._";

/// Where blocks are shown. Modals and the home know no tables and take twice as many
/// blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    Message,
    Modal,
    Home,
}

/// A card as a message: blocks, and `text` beside them.
pub fn message(card: &Card, pictures: &[SlackFileId]) -> SlackMessageContent {
    let content = SlackMessageContent::new().with_text(fallback(card));
    match blocks(card, pictures, Surface::Message) {
        blocks if blocks.is_empty() => content,
        blocks => content.with_blocks(blocks),
    }
}

/// For notifications, search and screen readers: the words, without the buttons.
fn fallback(card: &Card) -> String {
    let mut card = card.clone();
    card.blocks
        .retain(|block| !matches!(block, Block::Buttons(_)));
    let plain = card.plain();
    match plain.trim() {
        "" => "…".to_owned(),
        words => escaped_cut(words, FALLBACK),
    }
}

/// The blocks of a card. `pictures` are the uploaded files of its pictures, in order; a picture
/// without one is told in words.
pub fn blocks(card: &Card, pictures: &[SlackFileId], surface: Surface) -> Vec<SlackBlock> {
    let mut page = Page {
        surface,
        blocks: Vec::new(),
        tables: 0,
        pictures: pictures.iter(),
    };
    if let Some(title) = card.title.as_deref().filter(|t| !t.trim().is_empty()) {
        page.push(header(title));
    }
    for block in &card.blocks {
        page.block(block);
    }
    if let Some(footer) = &card.footer {
        page.push_words(&mrkdwn_cut(footer, TEXT), small);
    }
    fitted(
        page.blocks,
        match surface {
            Surface::Message => BLOCKS,
            Surface::Modal | Surface::Home => 2 * BLOCKS,
        },
    )
}

struct Page<'a> {
    surface: Surface,
    blocks: Vec<SlackBlock>,
    tables: usize,
    pictures: std::slice::Iter<'a, SlackFileId>,
}

impl Page<'_> {
    fn push(&mut self, block: SlackBlock) {
        self.blocks.push(block);
    }

    fn push_words(&mut self, words: &str, make: fn(&str) -> SlackBlock) {
        if !words.trim().is_empty() {
            self.blocks.push(make(words));
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Text(text) => {
                self.blocks
                    .extend(mrkdwn(text, TEXT).iter().map(|w| section(w)));
            }
            Block::Facts(facts) => self.blocks.extend(fields(facts)),
            Block::List(items) => self.list(items),
            Block::Table { head, rows } => self.table(head, rows),
            Block::Picture(picture) => {
                let file = self.pictures.next();
                self.push_words_or(picture, file);
            }
            Block::Buttons(buttons) => {
                let row = self.blocks.len();
                for (part, buttons) in buttons.chunks(ELEMENTS).enumerate() {
                    self.blocks.extend(actions(buttons, row + part));
                }
            }
            Block::Divider => self.push(SlackDividerBlock::new().into()),
        }
    }

    fn push_words_or(&mut self, picture: &Picture, file: Option<&SlackFileId>) {
        let alt = if picture.alt.trim().is_empty() {
            &picture.name
        } else {
            &picture.alt
        };
        match file {
            Some(id) => {
                let file = SlackImageUrlOrFile::SlackFile {
                    slack_file: id.clone().into(),
                };
                self.push(SlackImageBlock::new(file, cut(alt, ALT)).into());
            }
            None => {
                let told = Text::new().italic(alt.as_str());
                self.push_words(&mrkdwn_cut(&told, TEXT), small);
            }
        }
    }

    /// As few sections as hold all the items.
    fn list(&mut self, items: &[Text]) {
        let mut lines = String::new();
        let mut length = 0;
        for item in items {
            let bulleted = Text::from("• ").then(item.clone());
            for piece in mrkdwn(&bulleted, TEXT - 1) {
                let size = piece.chars().count() + 1;
                if length + size > TEXT {
                    self.push_words(&std::mem::take(&mut lines), section);
                    length = 0;
                }
                lines.push_str(&piece);
                lines.push('\n');
                length += size;
            }
        }
        self.push_words(lines.trim_end(), section);
    }

    /// A table block where Slack takes one (once in a message), else lines of fixed width.
    fn table(&mut self, head: &[String], rows: &[Vec<String>]) {
        let size: usize = std::iter::once(head)
            .chain(rows.iter().map(Vec::as_slice))
            .flatten()
            .map(|cell| cell.chars().count().max(1))
            .sum();
        let fits = rows.len() < ROWS && head.len() <= COLUMNS && size <= TABLE_WORDS;
        if self.surface == Surface::Message && self.tables == 0 && fits && !head.is_empty() {
            self.tables += 1;
            let width = head.len();
            let all = std::iter::once(head).chain(rows.iter().map(Vec::as_slice));
            let rows = all
                .map(|row| (0..width).map(|i| cell(row.get(i))).collect())
                .collect();
            self.push(SlackTableBlock::new(rows).into());
            return;
        }
        let lines = Card::default().block(Block::Table {
            head: head.to_vec(),
            rows: rows.to_vec(),
        });
        let mut page = String::new();
        for line in lines.plain().lines() {
            let line = escaped_cut(&line.replace('`', "'"), TEXT - 10);
            if page.chars().count() + line.chars().count() + 8 > TEXT {
                self.push(section(&fixed(&std::mem::take(&mut page))));
            }
            page.push_str(&line);
            page.push('\n');
        }
        if !page.trim().is_empty() {
            self.push(section(&fixed(&page)));
        }
    }
}

fn fixed(lines: &str) -> String {
    format!("```{}```", lines.trim_end())
}

/// Slack refuses an empty cell.
fn cell(words: Option<&String>) -> SlackTableCell {
    match words.map(|w| w.trim()) {
        None | Some("") => " ".into(),
        Some(words) => words.into(),
    }
}

/// Keeps what fits. Buttons and the last block (the small print) stay as long as possible, since a
/// card without them cannot be acted on.
fn fitted(mut blocks: Vec<SlackBlock>, most: usize) -> Vec<SlackBlock> {
    let size = |blocks: &[SlackBlock]| -> usize { blocks.iter().map(words_in).sum() };
    if blocks.len() <= most && size(&blocks) <= WORDS {
        return blocks;
    }
    // One block and a line of words are kept free for saying so.
    while blocks.len() >= most || size(&blocks) + SHORTENED.len() > WORDS {
        let last_words = blocks
            .iter()
            .rposition(|b| !matches!(b, SlackBlock::Actions(_) | SlackBlock::Header(_)));
        match last_words {
            Some(at) => drop(blocks.remove(at)),
            None if blocks.len() > 1 => drop(blocks.remove(blocks.len() - 1)),
            None => break,
        }
    }
    blocks.push(small(SHORTENED));
    blocks
}

/// Characters a block counts for: all its strings that people read.
fn words_in(block: &SlackBlock) -> usize {
    fn of(value: &serde_json::Value) -> usize {
        match value {
            serde_json::Value::Object(map) => map
                .iter()
                .map(|(key, value)| match (key.as_str(), value) {
                    ("text" | "alt_text", serde_json::Value::String(s)) => s.chars().count(),
                    (_, value) => of(value),
                })
                .sum(),
            serde_json::Value::Array(items) => items.iter().map(of).sum(),
            _ => 0,
        }
    }
    serde_json::to_value(block).map_or(0, |value| of(&value))
}

fn header(title: &str) -> SlackBlock {
    SlackHeaderBlock::new(plain(title, HEADER)).into()
}

fn section(words: &str) -> SlackBlock {
    SlackSectionBlock::new().with_text(markup(words)).into()
}

pub(super) fn small(words: &str) -> SlackBlock {
    let element = SlackBlockMarkDownText::new(words.to_owned()).with_verbatim(true);
    SlackContextBlock::new(vec![element.into()]).into()
}

/// `verbatim`: Slack makes no links or mentions of its own out of what people typed.
pub(super) fn markup(words: &str) -> SlackBlockText {
    SlackBlockMarkDownText::new(words.to_owned())
        .with_verbatim(true)
        .into()
}

/// Plain text needs no escaping and must not be blank.
pub(super) fn plain(words: &str, limit: usize) -> SlackBlockPlainTextOnly {
    let words = words.replace('\n', " ");
    match words.trim() {
        "" => "…".into(),
        words => cut(words, limit).into(),
    }
}

fn fields(facts: &[(String, Text)]) -> Vec<SlackBlock> {
    let field = |(label, text): &(String, Text)| {
        let label = escape(&words::cut(&label.replace(['*', '\n'], " "), FIELD / 10));
        let value = match mrkdwn_cut(text, FIELD - FIELD / 2) {
            blank if blank.is_empty() => "–".to_owned(),
            value => value,
        };
        markup(&format!("*{label}*\n{value}"))
    };
    facts
        .chunks(FIELDS)
        .map(|part| {
            SlackSectionBlock::new()
                .with_fields(part.iter().map(field).collect())
                .into()
        })
        .collect()
}

/// A button whose command is too long to carry would do something else if it were cut: it is left
/// out.
fn actions(buttons: &[Button], row: usize) -> Option<SlackBlock> {
    let elements: Vec<SlackActionBlockElement> = buttons
        .iter()
        .enumerate()
        .filter(|(_, button)| (1..=BUTTON_VALUE).contains(&button.command.chars().count()))
        .map(|(at, button)| {
            let element = SlackBlockButtonElement::new(plain(&button.label, BUTTON))
                .with_action_id(format!("isms:{row}:{at}").into())
                .with_value(button.command.clone());
            match button.style {
                Style::Plain => element,
                Style::Primary => element.with_style(SlackBlockButtonStyle::Primary),
                Style::Danger => element.with_style(SlackBlockButtonStyle::Danger),
            }
            .into()
        })
        .collect();
    (!elements.is_empty()).then(|| SlackActionsBlock::new(elements).into())
}

#[cfg(test)]
mod tests;
