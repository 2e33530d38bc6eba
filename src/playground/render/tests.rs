use chrono::{DateTime, Utc};
use chrono_tz::Europe::Berlin;
use uuid::Uuid;

use super::card::{Standing, card};
use super::{divider, form, message, note};
use crate::chat::{
    Block, Button, Card, Chart, Choice, Field, FieldKind, Form, Picture, PictureSource, Text,
};
use crate::playground::messages::{Body, Message};
use crate::playground::notes::Note;
use crate::playground::roster::{Channel, Person, Place, Roster};
use crate::playground::view::{Look, OpenForm};

const EVIL: &str = "<script>alert('x')</script>\"&";

fn look() -> Look {
    let person = |id: &str, name: &str| Person {
        id: id.into(),
        name: name.into(),
        role: "member".into(),
        zone: Berlin,
    };
    let channel = Channel {
        id: "isms".into(),
        about: String::new(),
    };
    Look {
        roster: Roster {
            workspace: Uuid::nil(),
            name: "Sample".into(),
            people: vec![person("ann", "Ann Becker"), person("ann-2", "Ann Other")],
            channels: vec![channel.clone()],
        },
        viewer: person("ann", "Ann Becker"),
        place: Place::Channel(channel),
    }
}

fn drawn(shown: &Card) -> String {
    let at = Standing {
        look: &look(),
        key: "m7",
        thread: None,
    };
    card(at, shown).into_string()
}

fn posted() -> DateTime<Utc> {
    "2026-03-01T23:30:00Z".parse().unwrap()
}

fn kept(body: Body) -> Message {
    Message {
        number: 7,
        conversation: "isms".into(),
        thread: None,
        author: None,
        posted: posted(),
        edited: None,
        body,
        pinned: false,
        replies: 0,
        last_reply: None,
    }
}

#[test]
fn nothing_that_was_typed_becomes_markup() {
    let text = || {
        Text::new()
            .plain_span(EVIL)
            .bold(EVIL)
            .italic(EVIL)
            .code(EVIL)
    };
    let all = Card::new(EVIL)
        .text(
            text()
                .person(EVIL, EVIL)
                .link("https://example.org/\"><script>", EVIL),
        )
        .facts([(EVIL, text())])
        .list([text()])
        .block(Block::Table {
            head: vec![EVIL.into()],
            rows: vec![vec![EVIL.into()]],
        })
        .buttons([Button::new(EVIL, EVIL)])
        .footer(EVIL);
    let html = drawn(&all);
    assert!(!html.contains("<script"), "{html}");
    assert!(html.contains("&lt;script&gt;"), "{html}");
    let words = message(&look(), &kept(Body::Words(EVIL.into())), false).into_string();
    assert!(!words.contains("<script"), "{words}");
    let name = EVIL.to_owned();
    let file = kept(Body::File {
        name,
        comment: EVIL.into(),
        size: 1,
    });
    let file = message(&look(), &file, false).into_string();
    assert!(!file.contains("<script"), "{file}");
}

#[test]
fn only_addresses_of_pages_and_mails_become_links() {
    let html = drawn(&Card::say(Text::new().link("javascript:alert(1)", "here")));
    assert!(!html.contains("href"), "{html}");
    assert!(html.contains("here (javascript:alert(1))"), "{html}");
    let html = drawn(&Card::say(Text::new().link("https://example.org", "here")));
    assert!(html.contains("<a href=\"https://example.org\""), "{html}");
}

#[test]
fn each_block_has_its_element() {
    let chart = Chart {
        title: "Incidents".into(),
        unit: String::new(),
        points: vec![],
        target: None,
        warning: None,
        mean: None,
        upper: None,
        lower: None,
        earlier: Vec::new(),
        by_event: false,
    };
    let picture = Picture {
        name: "incidents.png".into(),
        alt: "Incidents, a year".into(),
        source: PictureSource::Chart(chart),
    };
    let row = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
    let shown = Card::new("Title")
        .text("words")
        .facts([("Owner", "Ann")])
        .list(["one"])
        .block(Block::Table {
            head: row(["KPI", "Value"]),
            rows: vec![row(["Incidents", "3"]), row(["Patches", "–"])],
        })
        .block(Block::Picture(picture))
        .block(Block::Divider)
        .buttons([
            Button::new("Done", "action done CA-1").primary(),
            Button::new("Cancel", "action cancel CA-1").danger(),
        ])
        .footer("small");
    let html = drawn(&shown);
    for part in [
        "<h3>Title</h3>",
        "<p>words</p>",
        "<dt>Owner</dt><dd>Ann</dd>",
        "<ul><li>one</li></ul>",
        "<th scope=\"col\">KPI</th><th class=\"number\" scope=\"col\">Value</th>",
        "<td class=\"number\">3</td>",
        "src=\"/ann/-/picture/m7/0?v=",
        "alt=\"Incidents, a year\"",
        "<hr>",
        "<input type=\"hidden\" name=\"on\" value=\"7\">",
        "<button class=\"primary\" name=\"press\"",
        " action done CA-1\">Done</button>",
        "<button class=\"danger\"",
        "<p class=\"small\">small</p>",
    ] {
        assert!(html.contains(part), "no {part} in {html}");
    }
}

#[test]
fn two_buttons_are_two_acts() {
    let buttons = [Button::new("A", "a"), Button::new("B", "b")];
    let html = drawn(&Card::default().buttons(buttons));
    let values = html.split("name=\"press\" value=\"").skip(1);
    let events: Vec<_> = values.map(|rest| rest.split(' ').next().unwrap()).collect();
    assert_eq!(events.len(), 2);
    assert_ne!(events[0], events[1]);
    assert!(
        events.iter().all(|event| event.parse::<Uuid>().is_ok()),
        "{events:?}"
    );
}

#[test]
fn another_chart_has_another_address() {
    let picture = |mean| {
        let chart = Chart {
            title: "Incidents".into(),
            unit: String::new(),
            points: vec![],
            target: None,
            warning: None,
            mean,
            upper: None,
            lower: None,
            earlier: Vec::new(),
            by_event: false,
        };
        let source = PictureSource::Chart(chart);
        let block = Picture {
            name: "i.png".into(),
            alt: String::new(),
            source,
        };
        drawn(&Card::default().block(Block::Picture(block)))
    };
    assert_eq!(picture(Some(1.0)), picture(Some(1.0)));
    assert_ne!(picture(Some(1.0)), picture(Some(2.0)));
}

#[test]
fn who_is_named_is_marked_and_the_reader_most() {
    let words =
        |words: &str| message(&look(), &kept(Body::Words(words.into())), false).into_string();
    assert!(words("@ann, see").contains("<span class=\"mention me\">@Ann Becker</span>, see"));
    assert!(words("@ann-2!").contains("<span class=\"mention\">@Ann Other</span>!"));
    for other in ["@annabel", "mail@ann", "@nobody"] {
        assert!(!words(other).contains("mention"), "{other}");
    }
}

#[test]
fn a_message_stands_on_its_day_where_the_reader_is() {
    // 23:30 in UTC is the next day in Berlin.
    let html = message(&look(), &kept(Body::Words("x".into())), false).into_string();
    assert!(html.contains("data-day=\"2026-03-02\""), "{html}");
    assert!(html.contains(">00:30</time>"), "{html}");
    assert!(
        divider("2026-03-02")
            .into_string()
            .contains("Monday, 2 March 2026")
    );
}

#[test]
fn a_message_tells_of_its_thread_except_in_it() {
    let answered = Message {
        replies: 2,
        last_reply: Some(posted()),
        ..kept(Body::Words("x".into()))
    };
    let html = message(&look(), &answered, false).into_string();
    assert!(html.contains("href=\"/ann/isms/7\""), "{html}");
    assert!(html.contains("2 replies"), "{html}");
    let apart = message(&look(), &answered, true).into_string();
    assert!(!apart.contains("/ann/isms/7"), "{apart}");
}

#[test]
fn a_note_says_that_only_one_person_sees_it_and_can_be_dismissed() {
    let note_of_ann = Note {
        id: 3,
        thread: None,
        at: posted(),
        asked: Some(format!("/isms {EVIL}")),
        card: Card::say("Done.").buttons([Button::new("Show", "action show CA-1")]),
    };
    let html = note(&look(), &note_of_ann).into_string();
    assert!(html.contains("Only you can see this"), "{html}");
    assert!(html.contains("name=\"note\" value=\"3\""), "{html}");
    assert!(
        !html.contains("<script") && !html.contains("name=\"on\""),
        "{html}"
    );
}

fn field(kind: FieldKind, value: &str) -> Field {
    Field {
        name: "field".into(),
        label: EVIL.into(),
        hint: Some("A hint.".into()),
        kind,
        required: true,
        value: Some(value.into()),
        error: Some("Not this.".into()),
    }
}

fn filled(kind: FieldKind, value: &str) -> String {
    let open = OpenForm {
        form: Form {
            title: "Title".into(),
            intro: None,
            command: format!("action new {EVIL}"),
            fields: vec![field(kind, value)],
            submit: "Go".into(),
        },
        event: "the-event".into(),
        thread: None,
    };
    form(&look(), &open).into_string()
}

#[test]
fn every_kind_of_field_keeps_what_was_typed_and_tells_its_error() {
    let choices = FieldKind::Choice(vec![Choice {
        value: "a".into(),
        label: "A".into(),
    }]);
    for kind in [
        FieldKind::Line,
        FieldKind::Paragraph,
        FieldKind::Date,
        FieldKind::Number,
        FieldKind::Person,
        choices,
    ] {
        let html = filled(kind.clone(), "typed & kept");
        assert!(html.contains("typed &amp; kept"), "{kind:?}: {html}");
        assert!(html.contains("aria-invalid=\"true\""), "{kind:?}: {html}");
        let described = "aria-describedby=\"field-field-error field-field-hint\"";
        assert!(html.contains(described), "{kind:?}: {html}");
        assert!(
            html.contains("id=\"field-field-error\""),
            "{kind:?}: {html}"
        );
        assert!(
            html.contains("name=\"event\" value=\"the-event\""),
            "{kind:?}: {html}"
        );
        assert!(!html.contains("<script"), "{kind:?}: {html}");
    }
}

#[test]
fn a_paragraph_keeps_its_first_line_break() {
    let html = filled(FieldKind::Paragraph, "\nfirst");
    assert!(html.contains(">\n\nfirst</textarea>"), "{html}");
}
