//! Words for Discord: escaping, mentions and cutting to length. Pure.
//!
//! Discord reads Markdown, `<…>` marks and `@everyone`, so whatever people typed is escaped; only a
//! [`Span::Person`] and a [`Span::Link`] of the bot's own become marks. A typed address stays one: it
//! is put between `<` and `>`, so that it is clickable and is not unfurled.
//!
//! A command that the bot names in a [`Span::Code`] is named as it is registered here ([`here`]); what
//! people typed is never code.

use super::register::ROOMS;
pub use crate::chat::cut;
use crate::chat::{Span, Text, first_of, pieces};

/// Longest description of an embed.
pub const TEXT: usize = 4096;

/// Breaks `@everyone` and `@here` without being seen.
const UNSEEN: char = '\u{200b}';

/// One line for a label, never blank.
pub fn plain(words: &str, limit: usize) -> String {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.as_str() {
        "" => "…".to_owned(),
        words => cut(words, limit),
    }
}

/// `/isms audit plan` is `/audit plan` here.
fn here(code: &str) -> String {
    let words = code.strip_prefix("/isms ");
    let in_room = words.filter(|words| words.split(' ').next().is_some_and(|w| ROOMS.contains(&w)));
    in_room.map_or_else(|| code.to_owned(), |words| format!("/{words}"))
}

/// The text without marks, for where Markdown is not read.
pub fn unmarked(text: &Text) -> String {
    let spans = text.0.iter().map(|span| match span {
        Span::Code(words) => Span::Code(here(words)),
        span => span.clone(),
    });
    Text(spans.collect()).plain()
}

/// Words as they are, whatever marks stand in them.
pub fn escape(words: &str) -> String {
    let mut out = String::with_capacity(words.len() + 8);
    for word in words.split_inclusive(char::is_whitespace) {
        out.push_str(&escaped_word(word));
    }
    out
}

fn escaped_word(word: &str) -> String {
    let mut out = String::with_capacity(word.len() + 4);
    // Headings, quotes and lists begin a line; a backslash before a mark is never shown.
    if word.starts_with(['#', '-', '+']) {
        out.push('\\');
    }
    let digits = word.chars().take_while(char::is_ascii_digit).count();
    for (at, c) in word.chars().enumerate() {
        let numbers_a_list = at == digits && digits > 0 && matches!(c, '.' | ')');
        if matches!(
            c,
            '\\' | '*' | '_' | '~' | '`' | '|' | '[' | ']' | '<' | '>'
        ) || numbers_a_list
        {
            out.push('\\');
        }
        out.push(c);
        if c == '@' {
            let rest: String = word.chars().skip(at + 1).collect::<String>().to_lowercase();
            if rest.starts_with("everyone") || rest.starts_with("here") {
                out.push(UNSEEN);
            }
        }
    }
    out
}

/// Escaped words of at most `limit` characters, never cut between a backslash and its mark.
pub fn escaped_cut(words: &str, limit: usize) -> String {
    let mut kept = cut(words, limit);
    loop {
        let whole = escape(&kept);
        let length = whole.chars().count();
        if length <= limit {
            return whole;
        }
        let fewer = kept.chars().count().saturating_sub((length - limit).max(1));
        kept = cut(&kept, fewer.max(1));
        if fewer <= 1 {
            return "…".to_owned();
        }
    }
}

/// The text in Markdown, in as many pieces of at most `limit` characters as it takes. Breaks fall
/// between words where they can, and never inside a mark. No piece is blank.
pub fn markdown(text: &Text, limit: usize) -> Vec<String> {
    pieces(text, limit, atoms)
}

/// The text in one piece: the first, with an ellipsis if there would be more. Empty if it is blank.
pub fn markdown_cut(text: &Text, limit: usize) -> String {
    first_of(markdown(text, limit.saturating_sub(1)))
}

/// Unbreakable parts of a span.
fn atoms(span: &Span, limit: usize) -> Vec<String> {
    match span {
        Span::Plain(words) => words
            .split_inclusive(char::is_whitespace)
            .flat_map(|word| linked(word, limit).unwrap_or_else(|| broken(word, limit)))
            .collect(),
        Span::Bold(words) => marked(words, "**", limit),
        Span::Italic(words) => marked(words, "*", limit),
        Span::Code(words) => {
            let words = here(words).replace('`', "'").replace('\n', " ");
            match words.trim() {
                "" => Vec::new(),
                words => vec![format!("`{}`", cut(words, limit.saturating_sub(2)))],
            }
        }
        Span::Person { id, .. } if is_id(id) => vec![format!("<@{id}>")],
        Span::Person { name, .. } => vec![format!("@{}", escaped_cut(name, limit / 2))],
        Span::Channel(id) if is_id(id) => vec![format!("<#{id}>")],
        Span::Channel(name) => vec![format!("#{}", escaped_cut(name, limit / 2))],
        Span::Link { url, label } => {
            let url = url
                .replace('(', "%28")
                .replace(')', "%29")
                .replace('<', "%3C")
                .replace('>', "%3E")
                .replace(char::is_whitespace, "%20");
            let label = escaped_cut(&label.replace('\n', " "), limit / 2);
            if url.chars().count() + label.chars().count() + 4 > limit {
                vec![label]
            } else {
                vec![format!("[{label}]({url})")]
            }
        }
    }
}

/// A typed address, clickable as it is.
fn linked(word: &str, limit: usize) -> Option<Vec<String>> {
    let address = word
        .trim_end()
        .trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '"', '\'']);
    let is_web = address.starts_with("https://") || address.starts_with("http://");
    let marks = ['<', '>', '`', '|', '[', ']', '\\'];
    if !is_web || address.contains(marks) || address.parse::<url::Url>().is_err() {
        return None;
    }
    let link = format!("<{address}>");
    let fits = link.chars().count() <= limit;
    fits.then(|| vec![link, escape(&word[address.len()..])])
}

/// A word, escaped, in parts no longer than the limit.
fn broken(word: &str, limit: usize) -> Vec<String> {
    let whole = escaped_word(word);
    if whole.chars().count() <= limit {
        return vec![whole];
    }
    word.chars()
        .map(|c| escaped_word(c.encode_utf8(&mut [0; 4])))
        .collect()
}

/// Words between marks. Line breaks would end them early.
fn marked(words: &str, mark: &str, limit: usize) -> Vec<String> {
    let words = words.replace('\n', " ");
    let clean = words.trim();
    if clean.is_empty() {
        return Vec::new();
    }
    let (before, after) = (words.starts_with(' '), words.ends_with(' '));
    let inside = escaped_cut(clean, limit.saturating_sub(2 * mark.len() + 2));
    let space = |there: bool| if there { " " } else { "" };
    vec![format!(
        "{}{mark}{inside}{mark}{}",
        space(before),
        space(after)
    )]
}

/// Whether this is an id on Discord: a snowflake.
pub fn is_id(id: &str) -> bool {
    (1..=20).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_digit())
        && id.parse::<u64>().is_ok_and(|id| id > 0)
}

/// The id in `123`, `<@123>`, `<@!123>`.
pub fn person_in(words: &str) -> Option<&str> {
    let inner = words
        .strip_prefix("<@")
        .and_then(|rest| rest.strip_suffix('>'))
        .map_or(words, |inner| inner.trim_start_matches('!'));
    is_id(inner).then_some(inner)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nobody_can_plant_a_mark() {
        for (typed, sent) in [
            (
                "**a** _b_ ~~c~~ `d` ||e||",
                r"\*\*a\*\* \_b\_ \~\~c\~\~ \`d\` \|\|e\|\|",
            ),
            (
                "@everyone and a@here.example",
                "@\u{200b}everyone and a@\u{200b}here.example",
            ),
            ("<@123> <#4> </isms:5>", r"\<@123\> \<#4\> \</isms:5\>"),
            (
                "[good](https://bad.example)",
                r"\[good\](https://bad.example)",
            ),
            (
                "# big\n- item\n> quote\n1. one",
                "\\# big\n\\- item\n\\> quote\n1\\. one",
            ),
        ] {
            assert_eq!(escape(typed), sent);
        }
    }

    #[test]
    fn a_person_is_mentioned_by_id() {
        let text = Text::from("ask ").person("123456789012345678", "Ann");
        assert_eq!(markdown(&text, TEXT), ["ask <@123456789012345678>"]);
        let forged = Text::new().person("1> @everyone <@2", "A*n");
        assert_eq!(markdown(&forged, TEXT), [r"@A\*n"]);
    }

    #[test]
    fn a_channel_is_a_mention_by_id_and_else_its_name() {
        let text = Text::new()
            .channel("123456789012345678")
            .plain_span(" ")
            .channel("isms");
        assert_eq!(markdown(&text, TEXT), ["<#123456789012345678> #isms"]);
    }

    #[test]
    fn a_typed_address_stays_one_and_a_link_cannot_be_broken_out_of() {
        let text = Text::from("see https://a.example/x_y?z=1, or ftp://b_c");
        assert_eq!(
            markdown(&text, TEXT),
            [r"see <https://a.example/x_y?z=1>, or ftp://b\_c"]
        );
        let link = Text::new().link("https://a.example/(x) y", "a](b");
        assert_eq!(
            markdown(&link, TEXT),
            [r"[a\](b](https://a.example/%28x%29%20y)"]
        );
    }

    #[test]
    fn code_and_bold_end_where_they_should() {
        let text = Text::new().bold("2*3\n=6").plain_span(" ").code("a`b");
        assert_eq!(markdown(&text, TEXT), [r"**2\*3 =6** `a'b`"]);
    }

    #[test]
    fn a_command_is_named_as_it_is_registered() {
        for (named, here) in [
            ("/isms audit plan 2027", "/audit plan 2027"),
            ("/isms kpi", "/kpi"),
            ("/isms status", "/isms status"),
            ("/isms", "/isms"),
            ("/isms help action new", "/isms help action new"),
            ("/isms actions", "/isms actions"),
        ] {
            let text = Text::from("Say ").code(named);
            assert_eq!(markdown(&text, TEXT), [format!("Say `{here}`")]);
            assert_eq!(unmarked(&text), format!("Say {here}"));
        }
        let typed = Text::from("/isms audit plan");
        assert_eq!(markdown(&typed, TEXT), ["/isms audit plan"]);
        assert_eq!(unmarked(&typed), "/isms audit plan");
    }

    #[test]
    fn long_text_breaks_between_words_and_loses_nothing() {
        let words = "word & ".repeat(1000);
        let pieces = markdown(&Text::from(words.as_str()), TEXT);
        assert!(pieces.len() > 1);
        assert!(pieces.iter().all(|p| p.chars().count() <= TEXT));
        assert_eq!(pieces.concat(), escape(&words));
    }

    #[test]
    fn an_id_is_told_from_a_name() {
        assert!(is_id("123456789012345678"));
        assert!(!is_id("0") && !is_id("ann") && !is_id("") && !is_id("99999999999999999999"));
        assert_eq!(person_in("<@!42>"), Some("42"));
        assert_eq!(person_in("@ann"), None);
    }

    proptest! {
        #[test]
        fn a_cut_keeps_the_limit_and_no_backslash_is_left_alone(
            words in "[a*_\\\\<>@# \n1.]{0,60}", limit in 2usize..30
        ) {
            let out = escaped_cut(&words, limit);
            prop_assert!(out.chars().count() <= limit);
            let trailing = out.chars().rev().take_while(|c| *c == '\\').count();
            prop_assert!(trailing % 2 == 0);
        }
    }
}
