//! A card, block by block.

use std::hash::{DefaultHasher, Hash, Hasher};

use maud::{Markup, html};

use crate::chat::{Block, Button, Card, Picture, Span, Style, Text};
use crate::playground::act::new_event;
use crate::playground::render::{message_of, note_of};
use crate::playground::view::Look;
use crate::report::chart::SIZE;

/// Where a card stands: what its buttons and pictures refer to.
#[derive(Clone, Copy)]
pub struct Standing<'a> {
    pub look: &'a Look,
    /// The key of its message or note.
    pub key: &'a str,
    pub thread: Option<i64>,
}

pub fn card(at: Standing<'_>, card: &Card) -> Markup {
    let bare = card.title.is_none()
        && card.footer.is_none()
        && card
            .blocks
            .iter()
            .all(|block| matches!(block, Block::Text(_)));
    let mut pictures = 0..;
    html! {
        div.card.bare[bare] {
            @if let Some(title) = &card.title { h3 { (title) } }
            @for each in &card.blocks {
                @match each {
                    Block::Text(words) => p { (text(at.look, words)) },
                    Block::Facts(facts) => (self::facts(at.look, facts)),
                    Block::List(items) => ul { @for item in items { li { (text(at.look, item)) } } },
                    Block::Table { head, rows } => (table(card, head, rows)),
                    Block::Picture(shown) => (picture(at, shown, pictures.next().unwrap_or(0))),
                    Block::Buttons(row) => (buttons(at, row)),
                    Block::Divider => hr;
                }
            }
            @if let Some(words) = &card.footer { p.small { (text(at.look, words)) } }
        }
    }
}

fn facts(look: &Look, facts: &[(String, Text)]) -> Markup {
    html! {
        dl {
            @for (label, words) in facts {
                div { dt { (label) } dd { (text(look, words)) } }
            }
        }
    }
}

fn table(card: &Card, head: &[String], rows: &[Vec<String>]) -> Markup {
    let name = card.title.as_deref().unwrap_or("Table");
    let numbers: Vec<bool> = (0..head.len())
        .map(|column| is_numeric(rows, column))
        .collect();
    let number = |column: usize| numbers.get(column).copied().unwrap_or(false);
    html! {
        div.table role="region" aria-label=(name) tabindex="0" {
            table {
                thead {
                    tr { @for (column, cell) in head.iter().enumerate() {
                        th class=[number(column).then_some("number")] scope="col" { (cell) }
                    } }
                }
                tbody {
                    @for row in rows {
                        tr { @for (column, cell) in row.iter().enumerate() {
                            td class=[cell_class(number(column), cell)] { (cell) }
                        } }
                    }
                }
            }
        }
    }
}

/// Few words stay on one line.
fn cell_class(number: bool, cell: &str) -> Option<&'static str> {
    match cell.chars().count() {
        _ if number => Some("number"),
        0..=12 => Some("short"),
        _ => None,
    }
}

/// Whether every filled cell of a column begins like a number.
fn is_numeric(rows: &[Vec<String>], column: usize) -> bool {
    let cells = rows.iter().filter_map(|row| row.get(column));
    let mut filled = cells
        .filter(|cell| !matches!(cell.trim(), "" | "–" | "—" | "-"))
        .peekable();
    filled.peek().is_some()
        && filled.all(|cell| {
            let cell = cell.trim().trim_start_matches(['-', '−', '+']);
            let figures = cell
                .split_whitespace()
                .next()
                .unwrap_or("")
                .trim_end_matches('%');
            !figures.is_empty() && figures.parse::<f64>().is_ok()
        })
}

fn picture(at: Standing<'_>, picture: &Picture, index: usize) -> Markup {
    let path = format!("-/picture/{}/{index}?v={:x}", at.key, fingerprint(picture));
    let href = at.look.href(&path);
    html! {
        figure {
            a href=(href) target="_blank" rel="noopener" title="Open the picture" {
                img src=(href) alt=(picture.alt) width=(SIZE.0) height=(SIZE.1) loading="lazy";
            }
        }
    }
}

/// Changes when what is drawn changes, so that browsers fetch it again.
fn fingerprint(picture: &Picture) -> u64 {
    let mut hasher = DefaultHasher::new();
    format!("{:?}", picture.source).hash(&mut hasher);
    hasher.finish()
}

fn buttons(at: Standing<'_>, row: &[Button]) -> Markup {
    let note = note_of(at.key);
    html! {
        form.buttons method="post" action=(format!("{}/-/click", at.look.here())) data-act="click" {
            @if let Some(number) = message_of(at.key).filter(|_| note.is_none()) {
                input type="hidden" name="on" value=(number);
            }
            @if let Some(thread) = at.thread { input type="hidden" name="thread" value=(thread); }
            @for button in row {
                button class=(style(button.style)) name="press"
                    value=(format!("{} {}", new_event(), button.command)) { (button.label) }
            }
        }
    }
}

fn style(style: Style) -> &'static str {
    match style {
        Style::Plain => "plain",
        Style::Primary => "primary",
        Style::Danger => "danger",
    }
}

pub fn text(look: &Look, text: &Text) -> Markup {
    html! {
        @for span in &text.0 {
            @match span {
                Span::Plain(words) => (words),
                Span::Bold(words) => strong { (words) },
                Span::Italic(words) => em { (words) },
                Span::Code(words) => code { (words) },
                Span::Person { id, name } => span.mention.me[*id == look.viewer.id] { "@" (name) },
                Span::Channel(id) => strong { "#" (id) },
                Span::Link { url, label } if is_safe(url) => {
                    a href=(url) target="_blank" rel="noopener noreferrer" { (label) }
                }
                Span::Link { url, label } => { (label) " (" (url) ")" }
            }
        }
    }
}

/// Whether following an address can only open a page or a mail: no `javascript:`.
fn is_safe(address: &str) -> bool {
    let scheme = address.split(':').next().unwrap_or("").to_ascii_lowercase();
    matches!(scheme.as_str(), "http" | "https" | "mailto") && address.contains(':')
}
