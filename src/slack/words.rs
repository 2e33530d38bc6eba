//! Words for Slack: escaping, mentions and cutting to length. Pure.
//!
//! Slack reads `<…>` as a link, a mention or a broadcast and `&…;` as an entity, so whatever people
//! typed is escaped; only a [`Span::Person`] and a [`Span::Link`] of the bot's own become marks.

pub use crate::chat::cut;
use crate::chat::{Span, Text, first_of, pieces};

/// Longest text of one section or context element.
pub const TEXT: usize = 3000;

/// `&`, `<` and `>` as Slack wants them.
pub fn escape(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for c in words.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
    out
}

/// Escaped words of at most `limit` characters, never cut inside an entity.
pub fn escaped_cut(words: &str, limit: usize) -> String {
    let whole = escape(words);
    if whole.chars().count() <= limit {
        return whole;
    }
    let mut out = String::new();
    let mut used = 1;
    for c in words.chars() {
        let piece = escape(c.encode_utf8(&mut [0; 4]));
        used += piece.chars().count();
        if used > limit {
            break;
        }
        out.push_str(&piece);
    }
    out.push('…');
    out
}

/// The text in Slack's markup, in as many pieces of at most `limit` characters as it takes. Breaks
/// fall between words where they can, and never inside a mark or an entity. No piece is blank.
pub fn mrkdwn(text: &Text, limit: usize) -> Vec<String> {
    pieces(text, limit, atoms)
}

/// The text in one piece: the first, with an ellipsis if there would be more. Empty if it is blank.
pub fn mrkdwn_cut(text: &Text, limit: usize) -> String {
    first_of(mrkdwn(text, limit.saturating_sub(1)))
}

/// Unbreakable parts of a span.
fn atoms(span: &Span, limit: usize) -> Vec<String> {
    match span {
        Span::Plain(words) => words
            .split_inclusive(char::is_whitespace)
            .flat_map(|word| linked(word, limit).unwrap_or_else(|| broken(word, limit)))
            .collect(),
        Span::Bold(words) => marked(words, '*', limit),
        Span::Italic(words) => marked(words, '_', limit),
        Span::Code(words) => marked(words, '`', limit),
        Span::Person { id, name } if is_id(id) => {
            let _ = name;
            vec![format!("<@{id}>")]
        }
        Span::Person { name, .. } => vec![format!("@{}", escaped_cut(name, limit / 2))],
        Span::Channel(id) if is_channel(id) => vec![format!("<#{id}>")],
        Span::Channel(name) => vec![format!("#{}", escaped_cut(name, limit / 2))],
        Span::Link { url, label } => {
            let url = url
                .replace('|', "%7C")
                .replace('>', "%3E")
                .replace('<', "%3C");
            let label = escaped_cut(&label.replace(['|', '\n'], " "), limit / 2);
            if url.chars().count() + label.chars().count() + 3 > limit {
                vec![label]
            } else {
                vec![format!("<{}|{label}>", url.replace('&', "&amp;"))]
            }
        }
    }
}

/// A typed address as a link. Slack makes none of its own, because it is told to make nothing of its
/// own out of what people typed.
fn linked(word: &str, limit: usize) -> Option<Vec<String>> {
    let address = word
        .trim_end()
        .trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '"', '\'']);
    let is_web = address.starts_with("https://") || address.starts_with("http://");
    if !is_web || address.contains(['<', '>', '|']) || address.parse::<url::Url>().is_err() {
        return None;
    }
    let link = format!("<{}>", escape(address));
    let fits = link.chars().count() <= limit;
    fits.then(|| vec![link, escape(&word[address.len()..])])
}

/// A word, escaped, in parts no longer than the limit.
fn broken(word: &str, limit: usize) -> Vec<String> {
    let whole = escape(word);
    if whole.chars().count() <= limit {
        return vec![whole];
    }
    word.chars()
        .map(|c| escape(c.encode_utf8(&mut [0; 4])))
        .collect()
}

/// Words between marks. The mark itself and line breaks would end it early, so they go.
fn marked(words: &str, mark: char, limit: usize) -> Vec<String> {
    let words = words.replace(mark, "").replace('\n', " ");
    let clean = words.trim();
    if clean.is_empty() {
        return Vec::new();
    }
    // Slack shows no mark beside a space inside it.
    let (before, after) = (words.starts_with(' '), words.ends_with(' '));
    let marked = format!(
        "{mark}{}{mark}",
        escaped_cut(clean, limit.saturating_sub(4))
    );
    let space = |there: bool| if there { " " } else { "" };
    vec![format!("{}{marked}{}", space(before), space(after))]
}

/// Whether this looks like an id of a person on Slack.
pub fn is_id(id: &str) -> bool {
    begins_like_an_id(id, ['U', 'W'])
}

fn is_channel(id: &str) -> bool {
    begins_like_an_id(id, ['C', 'G'])
}

fn begins_like_an_id(id: &str, kinds: [char; 2]) -> bool {
    let in_id = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    id.len() > 1 && id.starts_with(kinds) && id.chars().all(in_id)
}

/// What a person typed after a command, with Slack's marks taken out again: links as they were
/// typed, entities as characters, mentions as `<@U123>`, channels as `<#C123|name>`: the id is what
/// counts where a channel is asked for, the name elsewhere.
pub fn heard(typed: &str) -> String {
    let mut out = String::new();
    let mut rest = typed;
    while let Some(start) = rest.find('<') {
        out.push_str(&unescape(&rest[..start]));
        let Some(length) = rest[start..].find('>') else {
            rest = &rest[start..];
            break;
        };
        let mark = &rest[start + 1..start + length];
        let (target, label) = mark.split_once('|').unwrap_or((mark, ""));
        match target.chars().next() {
            Some('@') => out.push_str(&format!("<{target}>")),
            Some('#') if target.len() > 1 => out.push_str(&format!("<{}>", unescape(mark))),
            Some('#' | '!') | None => out.push_str(&unescape(mark)),
            // Slack makes a link of `example.com` and says so in the label.
            Some(_) if target.ends_with(label) && !label.is_empty() => {
                out.push_str(&unescape(label));
            }
            Some(_) => out.push_str(&unescape(target)),
        }
        rest = &rest[start + length + 1..];
    }
    out + &unescape(rest)
}

fn unescape(words: &str) -> String {
    words
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_can_plant_a_broadcast() {
        let text = Text::from("<!channel> & <@U1>");
        assert_eq!(mrkdwn(&text, TEXT), ["&lt;!channel&gt; &amp; &lt;@U1&gt;"]);
    }

    #[test]
    fn a_person_is_mentioned_by_id() {
        let text = Text::from("ask ").person("U024BE7LH", "Ann");
        assert_eq!(mrkdwn(&text, TEXT), ["ask <@U024BE7LH>"]);
        let forged = Text::new().person("U1|x> <!here", "Ann");
        assert_eq!(mrkdwn(&forged, TEXT), ["@Ann"]);
    }

    #[test]
    fn a_channel_is_a_mention_by_id_and_else_its_name() {
        let text = Text::new()
            .channel("C024BE7LH")
            .plain_span(" ")
            .channel("isms");
        assert_eq!(mrkdwn(&text, TEXT), ["<#C024BE7LH> #isms"]);
        let forged = Text::new().channel("C1> <!here");
        assert_eq!(mrkdwn(&forged, TEXT), ["#C1&gt; &lt;!here"]);
    }

    #[test]
    fn long_text_breaks_between_words_and_loses_nothing() {
        let words = "word & ".repeat(1000);
        let pieces = mrkdwn(&Text::from(words.as_str()), TEXT);
        assert!(pieces.len() > 1);
        assert!(pieces.iter().all(|p| p.chars().count() <= TEXT));
        assert_eq!(pieces.concat(), escape(&words));
    }

    #[test]
    fn one_endless_word_is_broken_but_no_entity_is() {
        let pieces = mrkdwn(&Text::from("&".repeat(2000)), TEXT);
        assert!(
            pieces
                .iter()
                .all(|p| p.chars().count() <= TEXT && p.ends_with("&amp;"))
        );
        assert_eq!(pieces.concat().matches("&amp;").count(), 2000);
        assert!(escaped_cut(&"<".repeat(100), 50).ends_with("&lt;…"));
    }

    #[test]
    fn a_mark_inside_marked_words_does_not_end_them() {
        let text = Text::new().bold("2*3\n=6").plain_span(" ").code("a`b");
        assert_eq!(mrkdwn(&text, TEXT), ["*23 =6* `ab`"]);
    }

    #[test]
    fn a_cut_says_that_it_is_one() {
        assert_eq!(cut("four", 4), "four");
        assert_eq!(cut("four and more", 6), "four…");
    }

    #[test]
    fn what_was_typed_is_heard_as_it_was_typed() {
        assert_eq!(
            heard("action new &lt;b&gt; R&amp;D owner:<@U0ANN|ann> in <#C1|isms>"),
            "action new <b> R&D owner:<@U0ANN> in <#C1|isms>"
        );
        assert_eq!(
            heard("see <https://a.example/x?y=1&amp;z=2> or <http://b.example|b.example>"),
            "see https://a.example/x?y=1&z=2 or b.example"
        );
        assert_eq!(heard("2 &amp;lt; 3 <unclosed"), "2 &lt; 3 <unclosed");
    }

    #[test]
    fn a_typed_address_becomes_a_link_and_nothing_else_does() {
        let text = Text::from("see https://a.example/?x=1&y=2, or ftp://b");
        assert_eq!(
            mrkdwn(&text, TEXT),
            ["see <https://a.example/?x=1&amp;y=2>, or ftp://b"]
        );
        let forged = Text::from("https://a.example/|<!channel>");
        assert_eq!(
            mrkdwn(&forged, TEXT),
            ["https://a.example/|&lt;!channel&gt;"]
        );
    }
}
