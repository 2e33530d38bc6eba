//! A document as PDF: PDF/A-2a for the archive and PDF/UA-1 for people who have it read to them.
//!
//! typst sets it from `document.typ`, which reads the document as data: what people typed is never
//! markup. Both standards are checked while it is written, and what breaks one is an error here, not a
//! surprise at the auditor's. The fonts are inside the binary and inside the file; nothing is read from
//! the system, and the time is the one of the imprint. So the same document is the same bytes.
//!
//! DejaVu Sans has the letters of Europe, Greek, Cyrillic, Arabic, Hebrew and many signs. A character it
//! lacks stands as “�”: an archive must not hold a glyph that means nothing. Markdown keeps them all.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use chrono::{Datelike, Offset, Timelike};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use super::chart;
use super::document::{Block, Document, Imprint, Sheet, Table};
use crate::app::Result;
use crate::chat::{Chart, Span, Text};

/// How a document looks.
const LOOK: &str = include_str!("document.typ");

/// Characters of a word that is not broken; a longer one (an address, a hash) may break anywhere.
const LONGEST_WORD: usize = 24;

/// Characters of a paragraph that is kept on one page with what follows its heading.
const SHORT: usize = 500;

/// Draws a document beside the runtime. One at a time: it takes a core for as long as it lasts.
pub async fn draw(document: Document) -> Result<Vec<u8>> {
    static ONE: Semaphore = Semaphore::const_new(1);
    let _turn = ONE.acquire().await.map_err(anyhow::Error::from)?;
    let drawn = tokio::task::spawn_blocking(move || render(&document)).await;
    Ok(drawn.map_err(anyhow::Error::from)??)
}

/// The document as PDF.
pub fn render(document: &Document) -> anyhow::Result<Vec<u8>> {
    let desk = Desk::of(document)?;
    let pages = typst::compile(&desk).output.map_err(told)?;
    let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
        .map_err(|error| anyhow::anyhow!("{}", error.message()))?;
    let imprint = &document.imprint;
    let options = PdfOptions {
        ident: Smart::Custom(ident(document)),
        creator: Smart::Custom(Some("isms-bot".to_owned())),
        timestamp: timestamp(imprint),
        standards,
        ..PdfOptions::default()
    };
    let pdf = typst_pdf::pdf(&pages, &options).map_err(told);
    // What typst remembers of one document is of little use to the next.
    typst::comemo::evict(0);
    pdf
}

/// The same for the same document, and another for any other.
fn ident(document: &Document) -> String {
    let imprint = &document.imprint;
    format!(
        "{} / {} / {} / {} / {}",
        imprint.workspace,
        document.title,
        imprint.about,
        imprint.made.to_rfc3339(),
        imprint.head.hash
    )
}

fn timestamp(imprint: &Imprint) -> Option<Timestamp> {
    let made = &imprint.made;
    let [month, day, hour, minute, second] = [
        made.month(),
        made.day(),
        made.hour(),
        made.minute(),
        made.second(),
    ]
    .map(|part| u8::try_from(part).unwrap_or_default());
    let at = Datetime::from_ymd_hms(made.year(), month, day, hour, minute, second)?;
    Timestamp::new_local(at, made.offset().fix().local_minus_utc() / 60)
}

fn told(errors: impl IntoIterator<Item = SourceDiagnostic>) -> anyhow::Error {
    let words = errors.into_iter().map(|error| {
        let hints = error.hints.iter().map(|hint| format!(" ({})", hint.v));
        error.message.to_string() + &hints.collect::<String>()
    });
    anyhow::anyhow!(
        "the document could not be set: {}",
        words.collect::<Vec<_>>().join("; ")
    )
}

/// All that typst may read: the look, the document as data, its charts.
struct Desk {
    main: Source,
    files: HashMap<FileId, Bytes>,
}

struct Type {
    fonts: Vec<Font>,
    book: LazyHash<FontBook>,
}

static TYPE: LazyLock<Type> = LazyLock::new(|| {
    let faces = [
        dejavu::sans::regular(),
        dejavu::sans::bold(),
        dejavu::sans::oblique(),
        dejavu::sans_condensed::regular(),
        dejavu::sans_condensed::bold(),
        dejavu::sans_condensed::oblique(),
        dejavu::sans_mono::regular(),
    ];
    let fonts: Vec<Font> = faces
        .into_iter()
        .flat_map(|face| Font::iter(Bytes::new(face)))
        .collect();
    let book = LazyHash::new(FontBook::from_fonts(&fonts));
    Type { fonts, book }
});

static LIBRARY: LazyLock<LazyHash<Library>> =
    LazyLock::new(|| LazyHash::new(<Library as LibraryExt>::default()));

fn file(name: &str) -> anyhow::Result<FileId> {
    let path = VirtualPath::new(name).map_err(|error| anyhow::anyhow!("{name}: {error:?}"))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl Desk {
    fn of(document: &Document) -> anyhow::Result<Desk> {
        let mut files = HashMap::new();
        let data = serde_json::to_vec(&data(document))?;
        files.insert(file("document.json")?, Bytes::new(data));
        let charts = document.blocks.iter().filter_map(|block| match block {
            Block::Chart { chart, .. } => Some(chart),
            _ => None,
        });
        for (nth, chart) in charts.enumerate() {
            let svg = chart::svg(&legible_chart(chart));
            files.insert(file(&chart_name(nth))?, Bytes::from_string(svg));
        }
        Ok(Desk {
            main: Source::new(file("document.typ")?, LOOK.to_owned()),
            files,
        })
    }
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &TYPE.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        match id == self.main.id() {
            true => Ok(self.main.clone()),
            false => Err(FileError::AccessDenied),
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.get(&id).cloned().ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        TYPE.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn chart_name(nth: usize) -> String {
    format!("chart-{nth}.svg")
}

/// The document as `document.typ` reads it.
fn data(document: &Document) -> Value {
    let imprint = &document.imprint;
    let mut charts = 0;
    // Whether a block is to stay on one page with the next.
    let mut held = false;
    let mut blocks = Vec::new();
    for block in &document.blocks {
        let (mut value, short) = match block {
            Block::Heading(text) => (json!({ "is": "heading", "text": said(text) }), true),
            Block::Subheading(text) => (json!({ "is": "subheading", "text": said(text) }), true),
            Block::Text(text) => (
                json!({ "is": "text", "words": words(text) }),
                held && text.plain().len() < SHORT,
            ),
            Block::Lead(text) => (json!({ "is": "lead", "words": words(text) }), false),
            Block::Note(text) => (json!({ "is": "note", "words": words(text) }), false),
            Block::Facts(facts) => {
                let facts: Vec<Value> = facts
                    .iter()
                    .map(|(label, text)| json!([legible(label), words(text)]))
                    .collect();
                (json!({ "is": "facts", "facts": facts }), held)
            }
            Block::List(items) => {
                let items: Vec<Value> = items.iter().map(words).collect();
                (json!({ "is": "list", "items": items }), false)
            }
            Block::Table(table) => (table_data(table), false),
            Block::Chart { alt, .. } => {
                charts += 1;
                let name = chart_name(charts - 1);
                (
                    json!({ "is": "chart", "file": name, "alt": said(alt) }),
                    false,
                )
            }
        };
        held = short;
        value["held"] = held.into();
        blocks.push(value);
    }
    json!({
        "title": legible(&document.title),
        "subtitle": legible(&document.subtitle),
        "workspace": legible(&imprint.workspace),
        "about": legible(&imprint.about),
        "made": legible(&imprint.made_words()),
        "print": legible(&imprint.small_print()),
        "across": document.sheet == Sheet::Across,
        "blocks": blocks,
    })
}

fn table_data(table: &Table) -> Value {
    let columns = table.columns.iter().map(|column| {
        json!({ "head": legible(&column.head), "part": column.part, "right": column.right })
    });
    let row = |row: &Vec<Text>| row.iter().map(words).collect::<Vec<_>>();
    json!({
        "is": "table",
        "columns": columns.collect::<Vec<_>>(),
        "rows": table.rows.iter().map(row).collect::<Vec<_>>(),
        "empty": legible(&table.empty),
    })
}

/// A text as pairs of a look and words.
fn words(text: &Text) -> Value {
    let spans = text.0.iter().map(|span| match span {
        Span::Plain(words) => json!(["plain", legible(words)]),
        Span::Bold(words) => json!(["bold", legible(words)]),
        Span::Italic(words) => json!(["italic", legible(words)]),
        Span::Code(words) => json!(["code", legible(words)]),
        Span::Person { name, .. } => json!(["plain", legible(name)]),
        Span::Channel(id) => json!(["plain", legible(&format!("#{id}"))]),
        // On paper nobody can click.
        Span::Link { url, label } if url == label => json!(["plain", legible(url)]),
        Span::Link { url, label } => json!(["plain", legible(&format!("{label} ({url})"))]),
    });
    Value::Array(spans.collect())
}

/// The chart with names that can be set.
fn legible_chart(chart: &Chart) -> Chart {
    Chart {
        title: legible(&chart.title).replace(SOFT_BREAK, ""),
        unit: legible(&chart.unit).replace(SOFT_BREAK, ""),
        ..chart.clone()
    }
}

/// Where a long word may break.
const SOFT_BREAK: char = '\u{200b}';

/// Headings and the words beside a picture say something: PDF/UA-1 takes no empty ones.
fn said(text: &str) -> String {
    let text = legible(text);
    match text.trim().is_empty() {
        true => "–".to_owned(),
        false => text,
    }
}

/// Only characters that the fonts have, with places to break where a word is too long for a column.
/// Signs that steer the direction of text or are not seen go: they could make a record read otherwise
/// than it was written.
fn legible(text: &str) -> String {
    static KNOWN: LazyLock<Arc<dyn Fn(char) -> bool + Send + Sync>> = LazyLock::new(|| {
        let coverage = TYPE.fonts[0].info().coverage.clone();
        Arc::new(move |c| coverage.contains(u32::from(c)))
    });
    let mut out = String::with_capacity(text.len());
    let mut length = 0;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let c = match c {
            '\n' => '\n',
            c if c.is_whitespace() && c != '\u{a0}' && c != '\u{202f}' => ' ',
            c if c.is_control() || is_unseen(c) => continue,
            '\u{e000}'..='\u{f8ff}' | '\u{f0000}'.. => char::REPLACEMENT_CHARACTER,
            c if KNOWN(c) => c,
            _ => char::REPLACEMENT_CHARACTER,
        };
        length = if c.is_whitespace() { 0 } else { length + 1 };
        out.push(c);
        let joint = length > 8 && matches!(c, '/' | '-' | '_' | '.' | '?' | '&');
        let goes_on = rest.peek().is_some_and(|next| !next.is_whitespace());
        if goes_on && (length >= LONGEST_WORD || joint) {
            out.push(SOFT_BREAK);
            length = 0;
        }
    }
    out
}

/// Joiners, direction marks, variation selectors and the like.
fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffc}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests;
