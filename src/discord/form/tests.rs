use proptest::prelude::*;

use super::*;
use crate::discord::carry::{Kept, read};

fn field(name: &str, kind: FieldKind, value: Option<&str>) -> Field {
    Field {
        name: name.into(),
        label: name.to_uppercase(),
        hint: None,
        kind,
        required: name == "title",
        value: value.map(str::to_owned),
        error: None,
    }
}

fn choices(words: &[&str]) -> FieldKind {
    let choice = |word: &&str| Choice {
        value: (*word).into(),
        label: word.to_uppercase(),
    };
    FieldKind::Choice(words.iter().map(choice).collect())
}

fn form(fields: Vec<Field>) -> Form {
    Form {
        title: "Raise an action".into(),
        intro: Some("CA-12 · Patch the *VPN*".into()),
        command: "action new".into(),
        fields,
        submit: "Raise".into(),
    }
}

fn mixed() -> Form {
    form(vec![
        field("title", FieldKind::Line, Some("Patch")),
        field("owner", FieldKind::Person, Some("<@100000000000000042>")),
        field("severity", choices(&["minor", "major"]), Some("minor")),
        field("due", FieldKind::Date, None),
    ])
}

#[test]
fn a_form_of_texts_is_a_modal() {
    let texts = form(vec![
        field("title", FieldKind::Line, Some("Patch")),
        field("plan", FieldKind::Paragraph, None),
    ]);
    assert!(is_modal(&texts));
    let modal = json!(modal(&texts, "abc", &mut Ids::new(None)));
    assert_eq!(modal["custom_id"], "open:abc:action new");
    assert_eq!(modal["title"], "Raise an action: CA-12 · Patch the *VPN*");
    let first = &modal["components"][0]["components"][0];
    assert_eq!(
        (&first["custom_id"], &first["style"]),
        (&json!("title"), &json!(1))
    );
    assert_eq!(
        (&first["value"], &first["required"]),
        (&json!("Patch"), &json!(true))
    );
    let second = &modal["components"][1]["components"][0];
    assert_eq!(
        (&second["style"], &second["required"]),
        (&json!(2), &json!(false))
    );
}

#[test]
fn a_form_with_anything_else_or_with_errors_is_a_message() {
    assert!(!is_modal(&mixed()));
    let mut wrong = form(vec![field("due", FieldKind::Date, Some("fridaay"))]);
    assert!(is_modal(&wrong));
    wrong.fields[0].error = Some("is no day".into());
    assert!(!is_modal(&wrong));
    let many = (0..6).map(|n| field(&format!("f{n}"), FieldKind::Line, None));
    assert!(!is_modal(&form(many.collect())));
}

#[test]
fn the_message_shows_every_field_and_asks_for_each() {
    let mut form = mixed();
    form.fields[3].error = Some("is in the past".into());
    let body = message(&form, 0, Ids::new(None)).body(&[], &[]);
    assert_eq!(body["content"], "**Raise an action**");
    assert_eq!(
        body["embeds"][0]["description"],
        "CA-12 · Patch the \\*VPN\\*\n\n**TITLE:** Patch\n**OWNER:** <@100000000000000042>\n\
         **SEVERITY:** MINOR\n**DUE:** – ⚠️ **is in the past**"
    );
    let rows = &body["components"];
    let owner = &rows[0]["components"][0];
    assert_eq!(
        (&owner["type"], &owner["custom_id"]),
        (&json!(5), &json!("pick:owner:action new"))
    );
    assert_eq!(
        owner["default_values"],
        json!([{"id": "100000000000000042", "type": "user"}])
    );
    let severity = &rows[1]["components"][0];
    assert_eq!(severity["custom_id"], "pick:severity:action new");
    assert_eq!(severity["options"][0]["default"], true);
    let buttons = &rows[2]["components"];
    assert_eq!(buttons[0]["custom_id"], "write:0:action new");
    assert_eq!(buttons[0]["label"], "Write: TITLE, DUE");
    assert_eq!(
        (
            &buttons[1]["custom_id"],
            &buttons[1]["label"],
            &buttons[1]["style"]
        ),
        (&json!("send:action new"), &json!("Raise"), &json!(1))
    );
}

#[test]
fn more_than_four_selects_are_turned_over() {
    let fields = (0..6).map(|n| field(&format!("f{n}"), FieldKind::Person, None));
    let form = form(fields.collect());
    let page = |at| message(&form, at, Ids::new(None)).body(&[], &[])["components"].clone();
    assert_eq!(page(0).as_array().unwrap().len(), 5);
    assert_eq!(
        page(0)[4]["components"][0]["custom_id"],
        "page:1:action new"
    );
    assert_eq!(
        page(1)[0]["components"][0]["custom_id"],
        "pick:f4:action new"
    );
    assert_eq!(
        page(1)[2]["components"][0]["custom_id"],
        "page:0:action new"
    );
    assert_eq!(page_of(&form, "f5"), 1);
}

#[test]
fn what_is_written_last_sends_the_form() {
    let id = |form: &Form| json!(part(form, 0, &mut Ids::new(None)).unwrap())["custom_id"].clone();
    assert_eq!(id(&mixed()), "last:0:action new");
    let mut open = mixed();
    open.fields[1].value = None;
    assert_eq!(id(&open), "write:0:action new");
    assert!(part(&open, 1, &mut Ids::new(None)).is_none());
}

#[test]
fn only_what_differs_from_a_blank_form_has_to_be_kept() {
    let mut blank = mixed();
    blank.fields[0].value = None;
    blank.fields[1].value = None;
    assert_eq!(
        standing(&mixed(), &blank),
        [
            ("title".to_owned(), "Patch".to_owned()),
            ("owner".to_owned(), "<@100000000000000042>".to_owned())
        ]
    );
}

#[test]
fn whatever_a_form_holds_it_is_within_the_limits() {
    let words = || prop_oneof!["[a*<>@# \n]{0,30}", "[a* ]{300,500}", ".{0,20}"];
    let kind = prop_oneof![
        Just(FieldKind::Line),
        Just(FieldKind::Paragraph),
        Just(FieldKind::Person),
        Just(FieldKind::Search),
        (0usize..30).prop_map(|n| {
            let choice = |n| Choice {
                value: format!("v{n}"),
                label: "x".repeat(n * 5),
            };
            FieldKind::Choice((0..n).map(choice).collect())
        }),
    ];
    let field = (
        words(),
        kind,
        prop::option::of(words()),
        prop::option::of(words()),
    );
    let config = ProptestConfig::with_cases(64);
    proptest!(config, |(fields in prop::collection::vec(field, 1..14), intro in words(), command in "[a-z ]{3,150}", page in 0usize..4)| {
        let fields = fields.into_iter().enumerate().map(|(n, (label, kind, value, error))| Field {
            name: format!("field-{n}"),
            label,
            hint: value.clone(),
            kind,
            required: n % 2 == 0,
            value,
            error,
        });
        let form = Form {
            title: "Raise an action".into(),
            intro: Some(intro),
            command: command.trim().to_owned(),
            fields: fields.collect(),
            submit: "Raise".into(),
        };
        let shown = message(&form, page, Ids::new(Some(u64::MAX)));
        let long = shown.long.clone();
        let body = shown.body(&[], &[]);
        let chars = |v: &Value| v.as_str().map_or(0, |s| s.chars().count());
        prop_assert!(chars(&body["embeds"][0]["description"]) <= 4096);
        let rows = body["components"].as_array().unwrap();
        prop_assert!((1..=5).contains(&rows.len()));
        for component in rows.iter().flat_map(|row| row["components"].as_array().unwrap()) {
            let id = component["custom_id"].as_str().unwrap();
            prop_assert!(id.chars().count() <= 100, "{}", id);
            match read(id).1.command {
                Kept::Whole(whole) => prop_assert_eq!(whole, form.command.clone()),
                Kept::Hashed(hash) => prop_assert!(long.iter().any(|l| l.hash == hash && l.command == form.command)),
            }
            if let Some(label) = component["label"].as_str() {
                prop_assert!((1..=80).contains(&label.chars().count()));
            }
        }
        if let Some(modal) = part(&form, 0, &mut Ids::new(Some(u64::MAX))) {
            let modal = json!(modal);
            prop_assert!((1..=45).contains(&chars(&modal["title"])));
            for row in modal["components"].as_array().unwrap() {
                let input = &row["components"][0];
                prop_assert!((1..=45).contains(&chars(&input["label"])));
                prop_assert!(chars(&input["placeholder"]) <= 100);
                prop_assert!(chars(&input["value"]) <= 3000);
            }
        }
    });
}
