//! A document as Markdown (CommonMark with GitHub's tables): for wikis, for tickets, and for everything
//! that is to be searched or compared. What people typed is escaped, and a chart is told in words.

use super::document::{Block, Document, Table};
use crate::chat::{Span, Text};

/// The document as Markdown.
pub fn render(document: &Document) -> String {
    let mut out = format!(
        "# {}\n\n{}\n",
        line(&document.title),
        line(&document.subtitle)
    );
    for block in &document.blocks {
        out.push('\n');
        match block {
            Block::Heading(text) => out.push_str(&format!("## {}\n", line(text))),
            Block::Subheading(text) => out.push_str(&format!("### {}\n", line(text))),
            Block::Text(text) => out.push_str(&format!("{}\n", paragraph(text))),
            Block::Lead(text) => out.push_str(&format!("{}\n", paragraph(text))),
            Block::Note(text) => {
                let text = paragraph(text).replace('\n', "\n> ");
                out.push_str(&format!("> {text}\n"));
            }
            Block::Facts(facts) => {
                for (label, text) in facts {
                    out.push_str(&format!("- {}: {}\n", line(label), inline(text)));
                }
            }
            Block::List(items) => {
                for item in items {
                    out.push_str(&format!("- {}\n", inline(item)));
                }
            }
            Block::Table(table) => out.push_str(&rows(table)),
            Block::Chart { alt, .. } => out.push_str(&format!("> {}\n", line(alt))),
        }
    }
    let imprint = &document.imprint;
    let words = [
        &imprint.workspace,
        &imprint.about,
        &imprint.made_words(),
        &imprint.small_print(),
    ];
    let words = words.map(|words| line(words)).join(" · ");
    out + &format!("\n---\n\n{words}\n")
}

fn rows(table: &Table) -> String {
    if table.rows.is_empty() {
        return format!("{}\n", line(&table.empty));
    }
    let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut out = row(table.columns.iter().map(|c| line(&c.head)).collect());
    let rule = table.columns.iter().map(|column| match column.right {
        true => "---:".to_owned(),
        false => "---".to_owned(),
    });
    out.push_str(&row(rule.collect()));
    for cells in &table.rows {
        out.push_str(&row(cells.iter().map(inline).collect()));
    }
    out
}

/// A paragraph, with its line breaks.
fn paragraph(text: &Text) -> String {
    let whole: String = text.0.iter().map(span).collect();
    let lines = whole.lines().map(|line| guarded(line.trim()));
    lines
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("\\\n")
}

/// On one line: for an item, a cell.
fn inline(text: &Text) -> String {
    let whole: String = text.0.iter().map(span).collect();
    let words = whole.split_whitespace().collect::<Vec<_>>().join(" ");
    guarded(&words)
}

fn line(words: &str) -> String {
    inline(&Text::from(words))
}

fn span(span: &Span) -> String {
    match span {
        Span::Plain(words) => escaped(words),
        Span::Bold(words) => marked("**", words),
        Span::Italic(words) => marked("*", words),
        Span::Code(words) => code(words),
        Span::Person { name, .. } => escaped(name),
        Span::Channel(id) => escaped(&format!("#{id}")),
        Span::Link { url, label } if url == label => escaped(url),
        Span::Link { url, label } => escaped(&format!("{label} ({url})")),
    }
}

/// A mark must stand at words: space around them stays outside.
fn marked(mark: &str, words: &str) -> String {
    let inner = words.trim();
    if inner.is_empty() {
        return escaped(words);
    }
    let start = words.len() - words.trim_start().len();
    let (before, after) = (&words[..start], &words[start + inner.len()..]);
    format!("{before}{mark}{}{mark}{after}", escaped(inner))
}

/// In a fence that is longer than any in the words.
fn code(words: &str) -> String {
    let longest = words
        .split(|c| c != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.contains('`') {
        // A cell's border is one even in code.
        _ if words.contains('|') => escaped(&words),
        true => format!("{fence} {words} {fence}"),
        false => format!("{fence}{words}{fence}"),
    }
}

/// The words with every sign that could be a mark taken as a sign.
fn escaped(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for c in words.chars() {
        if matches!(
            c,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '$'
        ) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A line that would begin a heading, a list, a quote or a rule does not.
fn guarded(line: &str) -> String {
    let numbered = line.trim_start_matches(|c: char| c.is_ascii_digit());
    if line.starts_with(['#', '+', '-', '=', ':']) {
        return format!("\\{line}");
    }
    let ends = numbered.strip_prefix(['.', ')']);
    if numbered.len() < line.len()
        && ends.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    {
        let digits = &line[..line.len() - numbered.len()];
        return format!("{digits}\\{numbered}");
    }
    line.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_typed_is_no_markup() {
        let cases = [
            ("*bold* _it_ `code`", r"\*bold\* \_it\_ \`code\`"),
            ("# heading", r"\# heading"),
            ("1. first", r"1\. first"),
            ("- item", r"\- item"),
            ("a | b", r"a \| b"),
            ("<script>", r"\<script\>"),
            ("[x](http://y)", r"\[x\](http://y)"),
            ("two\nlines", "two lines"),
            ("2026-10", "2026-10"),
            ("9.5%", "9.5%"),
            ("-3.5", r"\-3.5"),
        ];
        for (typed, written) in cases {
            assert_eq!(line(typed), written);
        }
    }

    #[test]
    fn marks_stand_at_their_words() {
        let text = Text::new().bold("now ").plain_span("and").code("a`b");
        assert_eq!(inline(&text), "**now** and`` a`b ``");
        assert_eq!(inline(&Text::new().code("x|y")), r"x\|y");
        let typed = Text::from("one\n\n## two");
        assert_eq!(paragraph(&typed), "one\\\n\\## two");
    }
}
