use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::chat::{Chart, Picture, PictureSource, Span};

fn sent(card: &Card) -> Value {
    message(card, &[], Ids::new(None), None).body(&[], &[])
}

#[test]
fn a_card_becomes_content_embed_and_buttons() {
    let card = Card::new("CA-12 Patch <the> VPN")
        .text(Text::from("Owner ").person("42", "Ann"))
        .facts([("Due", "2026-12-31"), ("State", "planned")])
        .buttons([Button::new("Done", "action done CA-12").primary()])
        .footer("raised by hand");
    assert_eq!(
        sent(&card),
        json!({
            "content": r"**CA-12 Patch \<the\> VPN**",
            "embeds": [{
                "type": "rich",
                "description": "Owner <@42>\n\n**Due:** 2026-12-31\n**State:** planned",
                "footer": {"text": "raised by hand"},
            }],
            "components": [{"type": 1, "components": [{
                "type": 2, "style": 1, "custom_id": "action done CA-12", "label": "Done", "disabled": false,
            }]}],
            "allowed_mentions": {"parse": [], "users": [], "roles": []},
            "attachments": [],
        })
    );
}

#[test]
fn an_empty_card_still_is_a_message_and_can_be_found() {
    let empty = message(
        &Card::say("  "),
        &[],
        Ids::new(None),
        Some("https://a.example/#1"),
    );
    let body = empty.body(&[], &[]);
    assert_eq!(body["embeds"][0]["description"], "…");
    assert_eq!(body["embeds"][0]["url"], "https://a.example/#1");
    let title = sent(&Card::new("Only this"));
    assert_eq!(title["content"], "");
    assert_eq!(title["embeds"][0]["description"], "**Only this**");
}

#[test]
fn a_table_is_lines_of_fixed_width() {
    let card = Card::default().block(Block::Table {
        head: vec!["KPI".into(), "Value".into()],
        rows: vec![vec!["a`*b".into(), "3".into()]],
    });
    assert_eq!(
        sent(&card)["embeds"][0]["description"],
        "```\nKPI   Value\na'*b  3\n```"
    );
}

fn picture(name: &str) -> Block {
    Block::Picture(Picture {
        name: name.into(),
        alt: format!("about {name}"),
        source: PictureSource::Chart(Chart {
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
}

#[test]
fn a_picture_is_its_file_or_its_words() {
    let card = Card::say("Off target:")
        .block(picture("a.png"))
        .block(picture("b.png"))
        .text("after");
    let names = [Some("a.png".to_owned()), None];
    let body = message(&card, &names, Ids::new(None), None).body(&[], &[]);
    assert_eq!(body["embeds"][0]["description"], "Off target:");
    assert_eq!(body["embeds"][0]["image"]["url"], "attachment://a.png");
    assert_eq!(body["embeds"][1]["description"], "*about b.png*\n\nafter");
}

#[test]
fn too_much_is_shortened_but_keeps_its_buttons() {
    let card = Card::new("Everything")
        .text("x ".repeat(20_000))
        .buttons([Button::new("More", "help")])
        .footer("small print");
    let body = sent(&card);
    assert_within_limits(&body);
    let embeds = body["embeds"].as_array().unwrap();
    let last = embeds.last().unwrap();
    assert!(last["description"].as_str().unwrap().ends_with(SHORTENED));
    assert_eq!(last["footer"]["text"], "small print");
    assert_eq!(body["components"].as_array().unwrap().len(), 1);
}

#[test]
fn more_rows_than_fit_stand_close() {
    let mut card = Card::say("Many");
    for n in 0..7 {
        card = card.buttons([Button::new("a", format!("action show CA-{n}"))]);
    }
    let body = sent(&card);
    let rows = body["components"].as_array().unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0]["components"].as_array().unwrap().len(), 5);
}

#[test]
fn a_long_command_is_told_to_be_kept() {
    let command = format!("action new {}", "x".repeat(200));
    let card = Card::say("x").buttons([Button::new("Raise", command.clone())]);
    let message = message(&card, &[], Ids::new(None), None);
    assert_eq!(message.long[0].command, command);
}

#[test]
fn whatever_a_card_holds_the_message_is_within_the_limits() {
    let text = || prop_oneof!["[a*<>`@#| \n]{0,40}", "[a*<> ]{2000,4000}", ".{0,50}"];
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
        Just(picture("a.png")),
        Just(Block::Divider),
    ];
    let config = ProptestConfig::with_cases(32);
    proptest!(config, |(title in prop::option::of(text()), blocks in prop::collection::vec(block, 0..14), footer in prop::option::of(text()))| {
        let card = Card { title, blocks, footer: footer.map(Text::from) };
        let names = vec![Some("a.png".to_owned()); 14];
        let body = message(&card, &names, Ids::new(Some(u64::MAX)), Some("https://a.example/#1")).body(&[], &[]);
        assert_within_limits(&body);
    });
}

fn assert_within_limits(body: &Value) {
    let chars = |v: &Value| v.as_str().map_or(0, |s| s.chars().count());
    assert!(chars(&body["content"]) <= 2000);
    let embeds = body["embeds"].as_array().unwrap();
    assert!((1..=10).contains(&embeds.len()));
    let mut all = 0;
    for embed in embeds {
        let description = chars(&embed["description"]);
        let footer = chars(&embed["footer"]["text"]);
        assert!(description <= 4096 && footer <= 2048);
        assert!(description + footer > 0 || embed["image"].is_object());
        all += description + footer;
    }
    assert!(all <= 6000, "{all}");
    let mut ids = std::collections::HashSet::new();
    let rows = body["components"].as_array().unwrap();
    assert!(rows.len() <= 5);
    for row in rows {
        let buttons = row["components"].as_array().unwrap();
        assert!((1..=5).contains(&buttons.len()));
        for button in buttons {
            assert!((1..=80).contains(&chars(&button["label"])));
            assert!((1..=100).contains(&chars(&button["custom_id"])));
            assert!(ids.insert(button["custom_id"].clone()));
        }
    }
}
