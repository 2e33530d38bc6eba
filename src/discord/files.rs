//! Files of a message: charts are drawn here, off the event loop.

use super::render::File;
use crate::chat::{Card, Picture};
use crate::report::picture::render_png;

/// Files a message can have.
const MOST: usize = 10;

/// The pictures of a card: what could be drawn, and the name of each, in order.
pub(super) async fn pictures(card: &Card) -> (Vec<File>, Vec<Option<String>>) {
    let mut files: Vec<File> = Vec::new();
    let mut names = Vec::new();
    for picture in card.pictures() {
        let drawn = if files.len() < MOST {
            drawn(picture).await
        } else {
            None
        };
        names.push(drawn.map(|bytes| {
            let name = name(&picture.name, files.len());
            let alt = picture.alt.clone();
            files.push(File {
                name: name.clone(),
                alt,
                bytes,
            });
            name
        }));
    }
    (files, names)
}

/// A name that an embed can refer to; each of a message is another.
fn name(wanted: &str, at: usize) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let name: String = wanted.chars().filter(|c| plain(*c)).take(60).collect();
    match at {
        0 => name,
        at => format!("{at}-{name}"),
    }
}

/// The name of a file for people to keep, in letters that Discord takes.
pub(super) fn plain(name: &str) -> String {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let name: String = name
        .chars()
        .map(|c| if fits(c) { c } else { '_' })
        .collect();
    match name.trim_matches(['.', '_']).is_empty() {
        true => "file".to_owned(),
        false => name,
    }
}

/// A picture's bytes. Drawing takes some milliseconds of a core.
async fn drawn(picture: &Picture) -> Option<Vec<u8>> {
    let source = picture.source.clone();
    match tokio::task::spawn_blocking(move || render_png(&source)).await {
        Ok(bytes) => (!bytes.is_empty()).then_some(bytes),
        Err(error) => {
            tracing::error!(%error, "a picture could not be drawn; its words are sent instead");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_and_each_another() {
        assert_eq!(name("phishing click/rate%.png", 0), "phishingclickrate.png");
        assert_eq!(name("a.png", 2), "2-a.png");
        assert_eq!(plain("Prüfung 1/2.pdf"), "Pr_fung_1_2.pdf");
        assert_eq!(plain("  "), "file");
    }
}
