use super::*;
use crate::chat::Span;
use serde_json::{Value, json};

fn as_json(card: &Card) -> Value {
    serde_json::to_value(message(card, &[])).unwrap()
}

#[test]
fn a_card_becomes_blocks_with_words_beside_them() {
    let card = Card::new("CA-12 Patch <the> VPN")
        .text(Text::from("Owner ").person("U0ANN", "Ann"))
        .facts([("Due", "2026-12-31"), ("State", "planned")])
        .buttons([Button::new("Done", "action done CA-12").primary()])
        .footer("raised by hand");
    assert_eq!(
        as_json(&card),
        json!({
            "text": "CA-12 Patch &lt;the&gt; VPN\nOwner @Ann\nDue: 2026-12-31\nState: planned\nraised by hand",
            "blocks": [
                {"type": "header", "text": {"type": "plain_text", "text": "CA-12 Patch <the> VPN"}},
                {"type": "section", "text": {"type": "mrkdwn", "text": "Owner <@U0ANN>", "verbatim": true}},
                {"type": "section", "fields": [
                    {"type": "mrkdwn", "text": "*Due*\n2026-12-31", "verbatim": true},
                    {"type": "mrkdwn", "text": "*State*\nplanned", "verbatim": true},
                ]},
                {"type": "actions", "elements": [{
                    "type": "button", "action_id": "isms:3:0", "style": "primary", "value": "action done CA-12",
                    "text": {"type": "plain_text", "text": "Done"},
                }]},
                {"type": "context", "elements": [{"type": "mrkdwn", "text": "raised by hand", "verbatim": true}]},
            ],
        })
    );
}

#[test]
fn an_empty_card_still_is_a_message() {
    assert_eq!(as_json(&Card::default()), json!({"text": "…"}));
    assert_eq!(as_json(&Card::say("  ")), json!({"text": "…"}));
}

#[test]
fn only_the_first_table_is_a_table_block() {
    let table = || Block::Table {
        head: vec!["KPI".into(), "Value".into()],
        rows: vec![vec!["a<b".into()]],
    };
    let card = Card::default().block(table()).block(table());
    let blocks = &as_json(&card)["blocks"];
    assert_eq!(
        blocks[0]["rows"][1],
        json!([{"type": "raw_text", "text": "a<b"}, {"type": "raw_text", "text": " "}])
    );
    assert_eq!(blocks[1]["text"]["text"], "```KPI  Value\na&lt;b```");
    let in_modal = blocks_of(&card, Surface::Modal);
    assert!(in_modal.iter().all(|b| !matches!(b, SlackBlock::Table(_))));
}

fn blocks_of(card: &Card, surface: Surface) -> Vec<SlackBlock> {
    blocks(card, &[], surface)
}

#[test]
fn a_picture_is_its_file_or_its_words() {
    let picture = |name: &str| {
        Block::Picture(Picture {
            name: name.into(),
            alt: format!("about {name}"),
            source: crate::chat::PictureSource::Chart(crate::chat::Chart {
                title: name.into(),
                unit: "%".into(),
                points: Vec::new(),
                target: None,
                warning: None,
                mean: None,
                upper: None,
                lower: None,
                earlier: Vec::new(),
                by_event: false,
            }),
        })
    };
    let card = Card::default()
        .block(picture("a.png"))
        .block(picture("b.png"));
    let out = serde_json::to_value(message(&card, &["F1".into()])).unwrap();
    assert_eq!(
        out["blocks"][0],
        json!({"type": "image", "slack_file": {"id": "F1"}, "alt_text": "about a.png"})
    );
    assert_eq!(out["blocks"][1]["elements"][0]["text"], "_about b.png_");
}

#[test]
fn too_much_is_shortened_but_keeps_its_buttons() {
    let mut card = Card::new("Everything");
    for n in 0..80 {
        card = card.text(format!("paragraph {n}"));
    }
    card = card.buttons([Button::new("More", "help")]);
    let blocks = blocks_of(&card, Surface::Message);
    assert_eq!(blocks.len(), BLOCKS);
    assert!(blocks.iter().any(|b| matches!(b, SlackBlock::Actions(_))));
    assert_eq!(blocks.last(), Some(&small(SHORTENED)));

    let long = Card::default()
        .text("x ".repeat(20_000))
        .buttons([Button::new("More", "help")]);
    let blocks = blocks_of(&long, Surface::Message);
    assert!(blocks.iter().map(words_in).sum::<usize>() <= WORDS);
    assert!(blocks.iter().any(|b| matches!(b, SlackBlock::Actions(_))));
}

#[test]
fn a_button_that_cannot_carry_its_command_is_left_out() {
    let card =
        Card::say("x").buttons([Button::new("a", "x".repeat(2001)), Button::new("b", "help")]);
    let blocks = &as_json(&card)["blocks"];
    assert_eq!(blocks[1]["elements"].as_array().unwrap().len(), 1);
}

#[test]
fn whatever_a_card_holds_the_message_is_within_the_limits() {
    use proptest::prelude::*;
    let text = || prop_oneof!["[a&<>`*| \n]{0,40}", "[a&<> ]{2000,4000}", ".{0,50}"];
    let block = prop_oneof![
        text().prop_map(|w| Block::Text(Text::from(w))),
        prop::collection::vec((text(), text()), 0..15).prop_map(|facts| Block::Facts(
            facts.into_iter().map(|(l, t)| (l, Text::from(t))).collect()
        )),
        prop::collection::vec(text().prop_map(Text::from), 0..8).prop_map(Block::List),
        (text(), text())
            .prop_map(|(url, label)| Block::Text(Text(vec![Span::Link { url, label }]))),
        (
            prop::collection::vec(text(), 0..25),
            prop::collection::vec(prop::collection::vec(text(), 0..4), 0..5)
        )
            .prop_map(|(head, rows)| Block::Table { head, rows }),
        prop::collection::vec(text().prop_map(|w| Button::new(w.clone(), w)), 0..30)
            .prop_map(Block::Buttons),
        Just(Block::Divider),
    ];
    let config = ProptestConfig::with_cases(24);
    proptest!(config, |(title in prop::option::of(text()), blocks in prop::collection::vec(block, 0..12), footer in prop::option::of(text()))| {
        let card = Card { title, blocks, footer: footer.map(Text::from) };
        let out = as_json(&card);
        assert_within_limits(&out);
    });
}

fn assert_within_limits(message: &Value) {
    let chars = |v: &Value| v.as_str().unwrap().chars().count();
    assert!((1..=40_000).contains(&chars(&message["text"])));
    let none = Vec::new();
    let blocks = message["blocks"].as_array().unwrap_or(&none);
    assert!(blocks.len() <= 50);
    let mut ids = std::collections::HashSet::new();
    for block in blocks {
        match block["type"].as_str().unwrap() {
            "header" => assert!((1..=150).contains(&chars(&block["text"]["text"]))),
            "section" => {
                if !block["text"].is_null() {
                    assert!((1..=3000).contains(&chars(&block["text"]["text"])));
                }
                if let Some(fields) = block["fields"].as_array() {
                    assert!((1..=10).contains(&fields.len()));
                    assert!(
                        fields
                            .iter()
                            .all(|f| (1..=2000).contains(&chars(&f["text"])))
                    );
                }
            }
            "context" => assert!((1..=3000).contains(&chars(&block["elements"][0]["text"]))),
            "actions" => {
                let elements = block["elements"].as_array().unwrap();
                assert!((1..=25).contains(&elements.len()));
                for e in elements {
                    assert!((1..=75).contains(&chars(&e["text"]["text"])));
                    assert!((1..=2000).contains(&chars(&e["value"])));
                    assert!(ids.insert(e["action_id"].clone()));
                }
            }
            "table" => assert!(block["rows"].as_array().unwrap().len() <= 100),
            "divider" => {}
            other => panic!("unexpected {other}"),
        }
    }
}
