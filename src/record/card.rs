//! Every word about files that are kept.

use super::files::{About, Kept};
use crate::chat::{Button, Card, Text, cut, day};
use crate::command::value::FileRef;
use crate::people::{Person, Workspace};

/// A button has little room.
const LONGEST_NAME: usize = 40;

/// To be put on the card of whatever has a file: sends it to whoever presses it.
pub fn get(file: &FileRef) -> Button {
    Button::new("Get the file", format!("file get {}", file.fingerprint()))
}

/// The same by its name, where a card has several.
pub fn get_named(name: &str, file: &FileRef) -> Button {
    let words = format!("Get {}", cut(name, LONGEST_NAME));
    Button::new(words, format!("file get {}", file.fingerprint()))
}

/// A file as a card names it: `scan.pdf`, 214 KiB, fingerprint 3f1a09bc42de.
pub fn named(about: &About) -> Text {
    Text::new()
        .bold(about.name.as_str())
        .plain_span(format!(", {}, fingerprint ", size(about.size)))
        .code(about.file.fingerprint())
}

/// What a file is called in a title, which has room for so much.
pub fn in_title(kept: &Kept) -> String {
    kept.name.chars().take(80).collect()
}

/// Which file it was that something is taken from.
pub fn taken_from(kept: &Kept) -> Text {
    Text::from("Fingerprint of the file: ").code(kept.file.fingerprint())
}

/// To whoever gave a file to keep.
pub fn kept(about: &About, shows: &str) -> Card {
    let line = Text::from("Kept unchanged: ").then(named(about));
    Card::say(line.plain_span(format!(". It shows: {shows}")))
        .text("Name it by its fingerprint wherever it proves something.")
        .buttons([get(&about.file)])
}

/// To whoever asked for a file.
pub fn on_its_way(about: &About) -> Card {
    let words = named(about).plain_span(" is on its way to you, as a direct message.");
    Card::say(words)
}

/// What goes with the file itself.
pub fn handed_out(about: &About, workspace: &Workspace, by: Option<&Person>) -> String {
    let on = about.at.with_timezone(&workspace.zone).date_naive();
    let by = by.map_or(String::new(), |person| format!(" by {}", person.name));
    format!(
        "{} · kept on {}{by} · SHA-256 {}",
        about.name,
        day(on),
        about.file
    )
}

/// Said in a form beside a file that was attached to it before.
pub fn attached(about: &About) -> String {
    format!(
        "Attached: {}, fingerprint {}. Another takes its place.",
        about.name,
        about.file.fingerprint()
    )
}

/// In the greatest unit that leaves a whole number.
fn size(bytes: i64) -> String {
    match bytes {
        1 => "1 byte".to_owned(),
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{} KiB", bytes / 1024),
        _ => format!("{} MiB", bytes / 1_048_576),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_said_in_a_unit_that_people_read() {
        assert_eq!(size(1), "1 byte");
        assert_eq!(size(10_240), "10 KiB");
        assert_eq!(size(10 * 1_048_576), "10 MiB");
    }
}
