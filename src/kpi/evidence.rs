//! What proves values: files that were given with them, and addresses in what was said of them. Pure.

use super::period::Period;
use super::rules::{Kpi, Measurement};
use crate::chat::{Block, Button, Card, Text};
use crate::command::value::{FileRef, WebLink};
use crate::record::card::get_named;

/// As many as a card lists, the newest first.
const SHOWN: usize = 12;
/// Files that can be got by a button, the newest.
const GETS: usize = 3;

/// What proves one value, or one correction.
#[derive(Debug, Clone, PartialEq)]
pub struct Proof {
    pub period: Period,
    pub file: Option<FileRef>,
    pub links: Vec<String>,
}

/// The proofs of a history, the newest first.
pub fn proofs(kpi: &Kpi, history: &[Measurement]) -> Vec<Proof> {
    let mut newest: Vec<&Measurement> = history.iter().collect();
    newest.sort_by_key(|m| std::cmp::Reverse((m.period, m.revision)));
    let proof = |m: &Measurement| Proof {
        period: kpi.period(m.period),
        file: m.file.clone(),
        links: m.note.as_deref().map(links).unwrap_or_default(),
    };
    let proofs = newest.into_iter().map(proof);
    let given = proofs.filter(|proof| proof.file.is_some() || !proof.links.is_empty());
    given.take(SHOWN).collect()
}

/// The addresses in a text.
fn links(text: &str) -> Vec<String> {
    let words = text.split(|c: char| c.is_whitespace() || "<>()[]\"“”".contains(c));
    let words = words.map(|word| word.trim_end_matches(['.', ',', ';', ':', '!', '?']));
    let pages = words.filter(|word| word.starts_with("https://") || word.starts_with("http://"));
    let links = pages.filter_map(|word| word.parse::<WebLink>().ok());
    links.map(|link| link.to_string()).collect()
}

/// The card with what proves the values, above its buttons. `names` are those of the files, in the
/// order of the proofs.
pub fn told(mut card: Card, proofs: &[Proof], names: &[String]) -> Card {
    if proofs.is_empty() {
        return card;
    }
    let files = proofs.iter().filter_map(|proof| proof.file.as_ref());
    let gets = names.iter().zip(files).take(GETS);
    let gets: Vec<Button> = gets.map(|(name, file)| get_named(name, file)).collect();
    let mut names = names.iter();
    let line = |proof: &Proof| {
        let mut text = Text::from(proof.period.to_string());
        if let Some(file) = &proof.file {
            let name = names.next().map_or("a file", String::as_str);
            text = text
                .plain_span(format!(": {name} "))
                .code(file.fingerprint());
        }
        for link in &proof.links {
            text = text.plain_span(" ").link(link.as_str(), link.as_str());
        }
        text
    };
    let lines: Vec<Text> = proofs.iter().map(line).collect();
    let at = card.blocks.len().saturating_sub(1);
    let head = Text::new().bold("Evidence");
    let buttons = (!gets.is_empty()).then_some(Block::Buttons(gets));
    let blocks = [Block::Text(head), Block::List(lines)];
    card.blocks
        .splice(at..at, blocks.into_iter().chain(buttons));
    card
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_in_what_was_said() {
        let said =
            "Report: https://wiki.example/r/7, and (http://a.example/x). Not ftp://b.example";
        assert_eq!(
            links(said),
            ["https://wiki.example/r/7", "http://a.example/x"]
        );
        assert!(links("nothing here").is_empty());
    }
}
