//! Texts cut to the lengths that a platform takes. Each platform says what its unbreakable parts are.

use super::{Span, Text};

/// At most `limit` characters, the last of them an ellipsis if something was cut.
pub fn cut(words: &str, limit: usize) -> String {
    if words.chars().count() <= limit {
        return words.to_owned();
    }
    let mut kept: String = words.chars().take(limit.saturating_sub(1)).collect();
    kept.truncate(kept.trim_end().len());
    kept.push('…');
    kept
}

/// The text in as many pieces of at most `limit` characters as it takes. `atoms` gives the
/// unbreakable parts of a span. No piece is blank.
pub fn pieces(text: &Text, limit: usize, atoms: fn(&Span, usize) -> Vec<String>) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut current = String::new();
    let mut length = 0;
    for atom in text.0.iter().flat_map(|span| atoms(span, limit)) {
        let size = atom.chars().count();
        if length + size > limit && length > 0 {
            pieces.push(std::mem::take(&mut current));
            length = 0;
        }
        current.push_str(&atom);
        length += size;
    }
    pieces.push(current);
    pieces.retain(|piece| !piece.trim().is_empty());
    pieces
}

/// The first of several pieces with an ellipsis, or the only one. Empty if there is none.
pub fn first_of(mut pieces: Vec<String>) -> String {
    match pieces.len() {
        0 => String::new(),
        1 => pieces.swap_remove(0),
        _ => pieces.swap_remove(0) + "…",
    }
}
