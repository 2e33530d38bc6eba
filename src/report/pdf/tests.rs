use std::io::Write;
use std::process::{Command, Stdio};

use chrono::TimeZone;
use proptest::prelude::*;

use super::*;
use crate::chat::ChartPoint;
use crate::record::Head;
use crate::report::document::Table;

fn imprint() -> Imprint {
    let made = chrono_tz::Europe::Berlin.with_ymd_and_hms(2026, 10, 1, 9, 0, 0);
    Imprint {
        workspace: "Hill & Sons".to_owned(),
        about: "2026-Q3".to_owned(),
        made: made.unwrap(),
        head: Head {
            entries: 1204,
            hash: "0123456789abcdef".repeat(4),
        },
    }
}

fn sample() -> Document {
    let point = |month, value| ChartPoint {
        period: chrono::NaiveDate::from_ymd_opt(2026, month, 1).unwrap(),
        value,
        signal: month == 8,
    };
    let chart = Chart {
        title: "Clicks <b>& more".to_owned(),
        unit: "%".to_owned(),
        points: (1..=9)
            .map(|m| point(m, (m != 4).then_some(f64::from(m))))
            .collect(),
        target: Some(5.0),
        warning: Some(8.0),
        mean: None,
        upper: None,
        lower: None,
        earlier: Vec::new(),
        by_event: false,
    };
    let rows = (1..=70).map(|n| {
        vec![
            Text::new().bold(format!("CA-{n}")),
            "A title that is long enough to need a second line in a narrow column".into(),
            n.to_string().into(),
        ]
    });
    Document::new("Sample", "1 July to 30 September 2026", imprint())
        .lead("Seven of nine KPIs are on target.")
        .heading("#set page(fill: red) is *data*")
        .text("What people type: $x$ @ref #panic() \\ _under_ `code` // no comment")
        .facts([("Target", "at most 5%")])
        .subheading("Chart")
        .facts([("Owner", Text::new().person("U1", "Ann"))])
        .block(Block::Chart {
            chart,
            alt: "A run chart.".to_owned(),
        })
        .list(["one", "two\nlines"])
        .note(Text::from("Fingerprint ").code("0123456789ab"))
        .table(
            Table::of(&[("Action", 1), ("Title", 3), ("Days", 1)], "none")
                .right(&[2])
                .rows(rows),
        )
        .table(Table::of(&[("Empty", 1)], "Nothing was late."))
}

/// What a reader sees, by Debian's `pdftotext`.
fn as_text(pdf: &[u8]) -> String {
    let mut child = Command::new("pdftotext")
        .args(["-layout", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("pdftotext is installed: see scripts/test");
    let mut stdin = child.stdin.take().unwrap();
    let pdf = pdf.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&pdf));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn what_people_typed_is_read_and_never_carried_out() {
    let text = as_text(&render(&sample()).unwrap());
    for words in [
        "#set page(fill: red) is *data*",
        r"What people type: $x$ @ref #panic() \ _under_ `code` // no comment",
        "Clicks <b>& more",
        "Hill & Sons",
        "Nothing was late.",
    ] {
        assert!(text.contains(words), "{words} is not in {text}");
    }
}

#[test]
fn every_page_says_whose_it_is_which_it_is_and_where_the_log_stood() {
    let text = as_text(&render(&sample()).unwrap());
    let pages: Vec<&str> = text.trim_end_matches('\u{c}').split('\u{c}').collect();
    assert!(pages.len() > 2, "{} pages", pages.len());
    for (nth, page) in pages.iter().enumerate() {
        for words in [
            "Hill & Sons".to_owned(),
            "Sample · 2026-Q3".to_owned(),
            format!("Page {} of {}", nth + 1, pages.len()),
            "Log: 1204 entries, fingerprint 0123456789ab".to_owned(),
        ] {
            assert!(page.contains(&words), "{words} is not on {page}");
        }
    }
    // The head of a table is said again on each of its pages.
    let heads = pages.iter().filter(|page| page.contains("Title")).count();
    assert!(heads > 1, "{heads}");
}

#[test]
fn the_same_document_is_the_same_file() {
    assert!(render(&sample()).unwrap() == render(&sample()).unwrap());
    let mut other = sample();
    other.imprint.head.entries += 1;
    assert!(render(&sample()).unwrap() != render(&other).unwrap());
}

#[test]
fn the_file_says_that_it_is_for_the_archive_and_brings_its_fonts() {
    let pdf = render(&sample()).unwrap();
    let raw = String::from_utf8_lossy(&pdf);
    for mark in [
        "<pdfaid:part>2</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
        "/FontFile2",
        "/OutputIntent",
        "2026-10-01T09:00:00+02:00",
        "/Lang(en-GB)",
    ] {
        assert!(raw.contains(mark), "{mark} is not in the file");
    }
    let file = std::env::var("ISMS_KEEP_PDF");
    if let Ok(file) = file {
        std::fs::write(file, &pdf).unwrap();
    }
}

#[test]
fn a_document_of_empty_and_unseen_words_is_set() {
    for words in ["", " ", "\u{200b}\u{feff}", "\n"] {
        let set = render(&worded(words, words));
        assert!(set.is_ok(), "{words:?}: {set:?}");
    }
}

/// The sample with these words wherever people may type some.
fn worded(title: &str, typed: &str) -> Document {
    let mut document = sample();
    document.title = title.to_owned();
    document.subtitle = title.to_owned();
    document.blocks.truncate(7);
    if let Some(Block::Chart { chart, alt }) = document
        .blocks
        .iter_mut()
        .find(|block| matches!(block, Block::Chart { .. }))
    {
        chart.title = typed.to_owned();
        *alt = typed.to_owned();
    }
    document
        .heading(typed)
        .text(typed)
        .list([Text::new().bold(typed), Text::new().code(typed)])
        .table(
            Table::of(&[("One", 1), ("Two", 1)], "none")
                .rows([vec![typed.into(), Text::new().italic(title)]]),
        )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_words_keep_a_document_from_being_set(
        title in "\\PC{0,40}", typed in prop::collection::vec(any::<char>(), 0..200),
    ) {
        let typed: String = typed.into_iter().collect();
        let set = render(&worded(&title, &typed));
        prop_assert!(set.is_ok(), "{set:?}");
    }
}
