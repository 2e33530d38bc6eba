//! The page itself, with a stand-in for the rooms.

use std::sync::{Arc, Mutex};

use fantoccini::key::Key;
use futures::FutureExt;
use isms_bot::chat::{
    Act, Block, Button, Card, Chart, Chat, Field, FieldKind, Form, Inbound, Picture, PictureSource,
    Reply, Target,
};
use isms_bot::playground::{Handler, WORKSPACE};

use super::driver::{Browser, Screen};
use super::site::Site;

/// Keeps every act and answers each as told.
fn answering(
    answer: impl Fn(&Act) -> Reply + Send + Sync + 'static,
) -> (Handler, Arc<Mutex<Vec<Inbound>>>) {
    let acts = Arc::new(Mutex::new(Vec::new()));
    let kept = acts.clone();
    let handler: Handler = Arc::new(move |inbound: Inbound| {
        let reply = answer(&inbound.act);
        kept.lock().unwrap().push(inbound);
        async move { reply }.boxed()
    });
    (handler, acts)
}

fn field(name: &str, label: &str, kind: FieldKind) -> Field {
    Field {
        name: name.to_owned(),
        label: label.to_owned(),
        hint: None,
        kind,
        required: true,
        value: None,
        error: None,
    }
}

fn form() -> Form {
    Form {
        title: "Raise an action".to_owned(),
        intro: Some("One owner, one date.".to_owned()),
        command: "action new".to_owned(),
        fields: vec![
            field("title", "What is to be done", FieldKind::Line),
            field("owner", "Owner", FieldKind::Person),
            field("due", "Due", FieldKind::Date),
            field("plan", "Plan", FieldKind::Paragraph),
        ],
        submit: "Raise".to_owned(),
    }
}

/// Refuses a date with slashes, beside its field; keeps everything typed.
fn forms(act: &Act) -> Reply {
    match act {
        Act::Submitted { values, .. } => {
            let get = |name: &str| {
                values
                    .iter()
                    .find(|(n, _)| n == name)
                    .map(|(_, v)| v.clone())
            };
            if get("due").is_none_or(|due| !due.contains('/')) {
                return Reply::Card(Card::say("CA-1 is raised."));
            }
            let mut form = form();
            for field in &mut form.fields {
                field.value = get(&field.name);
            }
            form.fields[2].error = Some("03/04/2026 could be 3 April or 4 March.".to_owned());
            Reply::Form(form)
        }
        _ => Reply::Form(form()),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_says_what_is_wrong_beside_the_field_and_keeps_what_was_typed() {
    let (handler, acts) = answering(forms);
    let site = Site::standing_in(handler).await;
    let browser = Browser::open(Screen::Desk).await;
    browser.goto(&site.at("/ann/isms")).await;
    browser.picture("empty").await;

    browser.say("/isms action new").await;
    browser.see("dialog:modal").await;
    assert_eq!(
        browser.focus().await,
        "field-title",
        "the first empty field has the focus"
    );
    browser.keys("Patch <b>the</b> VPN").await;
    browser.press(Key::Tab).await;
    browser.keys("Ben").await;
    browser.press(Key::Tab).await;
    browser.keys("03/04/2026").await;
    browser.press(Key::Tab).await;
    browser.press(Key::Tab).await;
    browser.keys("first\nsecond").await;
    browser.picture("form").await;
    browser
        .read("dialog//button", "Raise")
        .await
        .click()
        .await
        .unwrap();

    let error = browser.see("#field-due-error").await;
    assert!(error.text().await.unwrap().contains("3 April or 4 March"));
    let due = browser.see("#field-due[aria-invalid=true]").await;
    assert_eq!(
        due.attr("aria-describedby").await.unwrap().unwrap(),
        "field-due-error"
    );
    assert_eq!(
        browser.focus().await,
        "field-due",
        "the wrong field has the focus"
    );
    let value = async |id: &str| browser.see(id).await.prop("value").await.unwrap().unwrap();
    assert_eq!(value("#field-title").await, "Patch <b>the</b> VPN");
    assert_eq!(value("#field-owner").await, "ben");
    assert_eq!(value("#field-due").await, "03/04/2026");
    assert_eq!(value("#field-plan").await, "first\nsecond");
    browser.picture("form-wrong").await;

    due.clear().await.unwrap();
    due.send_keys("friday").await.unwrap();
    browser.press(Key::Enter).await;
    browser.read("article", "CA-1 is raised.").await;
    browser.gone("dialog").await;
    assert_eq!(
        browser.focus().await,
        "box",
        "the focus is back where it came from"
    );
    browser.keys("and on").await;
    assert_eq!(value("#box").await, "and on");
    browser.see("article.note").await;
    browser.picture("note").await;

    let acts = acts.lock().unwrap().clone();
    let [_, first, second] = &acts[..] else {
        panic!("{acts:?}")
    };
    assert_eq!(first.event, second.event, "one form is one act");
    let Act::Submitted { command, values } = &second.act else {
        panic!("{second:?}")
    };
    assert_eq!(command, "action new");
    assert!(
        values.contains(&("due".to_owned(), "friday".to_owned())),
        "{values:?}"
    );

    // Only Ann sees it.
    browser.goto(&site.at("/ben/isms")).await;
    browser.see(".box").await;
    assert_eq!(browser.count("article.note").await, 0);
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_outbox_posts_and_edits_appears_in_an_open_page() {
    let (handler, acts) = answering(|_| Reply::Nothing);
    let site = Site::standing_in(handler).await;
    let browser = Browser::open(Screen::Desk).await;
    browser.goto(&site.at("/ann/isms")).await;
    browser.see(".welcome").await;

    let card = Card::new("CA-1 Patch <the> VPN")
        .facts([("State", "planned")])
        .buttons([Button::new("Done", "action done CA-1").primary()]);
    let at = site.post_to_channel(card).await;
    browser.read("h3", "CA-1 Patch <the> VPN").await;
    // A button does what its command says, once for two quick clicks.
    let script = "const b = document.querySelector('.buttons button'); b.click(); b.click();";
    browser.client.execute(script, vec![]).await.unwrap();
    browser.gone("[data-busy]").await;
    let clicked = acts.lock().unwrap().clone();
    assert_eq!(clicked.len(), 1, "{clicked:?}");
    assert!(
        matches!(&clicked[0].act, Act::Clicked { command, on: Some(on) }
            if command == "action done CA-1" && *on == at),
        "{clicked:?}"
    );

    let edited = Card::new("CA-1 Patch <the> VPN").facts([("State", "done")]);
    site.playground.edit(WORKSPACE, &at, &edited).await.unwrap();
    browser.read("dd", "done").await;
    browser.see(".edited").await;
    assert_eq!(browser.count("#log article").await, 1, "edited in place");

    // Elsewhere it is counted until it is read.
    site.post(
        Target::Person("ann".to_owned()),
        Card::say("One action is due today."),
    )
    .await;
    browser
        .read("a[contains(@class, 'unread')]", "isms-bot")
        .await
        .click()
        .await
        .unwrap();
    browser.read("article", "One action is due today.").await;
    assert_eq!(browser.count(".unread").await, 0);
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_is_done_by_keyboard() {
    let (handler, acts) = answering(|_| Reply::Card(Card::say("Understood.")));
    let site = Site::standing_in(handler).await;
    site.post_to_channel(Card::new("The week")).await;
    let browser = Browser::open(Screen::Desk).await;
    browser.goto(&site.at("/ann/isms")).await;

    // A slash goes to the box from anywhere and offers commands.
    browser.see("#log").await.click().await.unwrap();
    browser.see("body").await.send_keys("/").await.unwrap();
    assert_eq!(browser.focus().await, "box");
    browser.keys("isms act").await;
    browser.read("li[@role='option']", "/isms action").await;
    browser.gone("#offers [data-text^='/isms audit']").await;
    browser.press(Key::Down).await;
    browser.see("#offers [aria-selected=true]").await;
    let active = browser
        .see("#box")
        .await
        .attr("aria-activedescendant")
        .await
        .unwrap();
    assert_eq!(active.unwrap(), "offer-0");
    browser.picture("offers").await;
    browser.press(Key::Enter).await;
    browser.read("li[@role='option']", "action list").await;
    browser.keys("list").await;
    browser.press(Key::Escape).await;
    browser.gone("#offers:not([hidden])").await;
    browser.press(Key::Enter).await;
    browser.read("article", "Understood.").await;
    let said = acts.lock().unwrap().last().unwrap().act.clone();
    assert!(
        matches!(&said, Act::Typed(words) if words == "action list"),
        "{said:?}"
    );

    // The arrow up brings it back; a message is a message.
    browser.press(Key::Up).await;
    let recalled = browser
        .see("#box")
        .await
        .prop("value")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(recalled, "/isms action list");
    browser.see("#box").await.clear().await.unwrap();
    browser.say("Good morning @ben").await;
    browser.read("span[@class='mention']", "@Ben Okafor").await;
    assert_eq!(
        acts.lock().unwrap().len(),
        1,
        "talk among people is no act for the bot"
    );

    // A thread opens beside, takes an answer, and closes with Escape.
    browser
        .see("#log [data-key=m1] .reply")
        .await
        .send_keys("\n")
        .await
        .unwrap();
    browser.see("aside.thread #answer-box:focus").await;
    browser.keys("On it\u{e007}").await;
    browser.read("div[@id='answers']//p", "On it").await;
    browser.read("a[@class='replies']", "1 reply").await;
    browser.picture("thread").await;
    browser.press(Key::Escape).await;
    browser.gone("aside.thread").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_page_catches_up_after_the_bot_was_restarted() {
    let (handler, _) = answering(|_| Reply::Card(Card::say("Understood.")));
    let mut site = Site::standing_in(handler.clone()).await;
    let browser = Browser::open(Screen::Desk).await;
    browser.goto(&site.at("/ann/isms")).await;
    site.post_to_channel(Card::say("Before")).await;
    browser.read("article", "Before").await;
    browser
        .see("#box")
        .await
        .send_keys("half a sen")
        .await
        .unwrap();

    site.restart(handler).await;
    site.post_to_channel(Card::say("Meanwhile")).await;
    browser.read("article", "Meanwhile").await;
    browser.keys("tence\u{e007}").await;
    browser.read("article", "half a sentence").await;
    assert_eq!(
        browser.count("#log article").await,
        3,
        "nothing is shown twice"
    );
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_phone_one_pane_fills_the_screen() {
    let (handler, _) = answering(forms);
    let site = Site::standing_in(handler).await;
    site.post_to_channel(weekly()).await;
    let browser = Browser::open(Screen::Phone).await;
    browser.goto(&site.at("/ann")).await;
    browser.read("a", "security-alerts").await;
    assert!(!browser.see(".box").await.is_displayed().await.unwrap());
    browser.picture("phone-list").await;
    browser.read("nav//a", "isms").await.click().await.unwrap();
    browser.read("h3", "Two KPIs signal").await;
    let too_wide = "return document.documentElement.scrollWidth > innerWidth";
    assert_eq!(
        browser.client.execute(too_wide, vec![]).await.unwrap(),
        false
    );
    assert!(browser.draws("#log img").await);
    browser.picture("phone").await;
    browser.say("/isms action new").await;
    browser.see("dialog:modal").await;
    browser.picture("phone-form").await;
    browser.press(Key::Escape).await;
    browser.gone("dialog").await;
    browser.see("a.back").await.click().await.unwrap();
    browser.read("a", "security-alerts").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chart_is_drawn_and_told_in_words() {
    let (handler, _) = answering(|_| Reply::Nothing);
    let site = Site::standing_in(handler).await;
    let browser = Browser::open(Screen::DeskAtNight).await;
    browser.goto(&site.at("/lea/isms")).await;
    site.post_to_channel(weekly()).await;
    let picture = browser.see("#log img").await;
    assert_eq!(
        picture.attr("alt").await.unwrap().unwrap(),
        "Critical patches in time, 3 months"
    );
    assert!(browser.draws("#log img").await);
    browser.picture("night").await;
    browser.close().await;
}

fn weekly() -> Card {
    let point = |month: u32, value| isms_bot::chat::ChartPoint {
        period: chrono::NaiveDate::from_ymd_opt(2026, month, 1).unwrap(),
        value,
        signal: month == 3,
    };
    let chart = Chart {
        title: "Critical patches in time".to_owned(),
        unit: "%".to_owned(),
        points: vec![point(1, Some(96.0)), point(2, None), point(3, Some(81.0))],
        target: Some(95.0),
        warning: Some(90.0),
        mean: Some(93.0),
        upper: Some(99.0),
        lower: Some(87.0),
        earlier: Vec::new(),
        by_event: false,
    };
    let row = |cells: [&str; 4]| cells.map(str::to_owned).to_vec();
    Card::new("Two KPIs signal, one action is overdue")
        .text("Week 47 against the targets.")
        .block(Block::Table {
            head: row(["KPI", "Value", "Target", "Status"]),
            rows: vec![
                row(["Critical patches in time", "81 %", "95 %", "off target"]),
                row(["Phishing click rate", "3.2 %", "5 %", "on target"]),
            ],
        })
        .block(Block::Picture(Picture {
            name: "patches.png".to_owned(),
            alt: "Critical patches in time, 3 months".to_owned(),
            source: PictureSource::Chart(chart),
        }))
        .buttons([Button::new("Raise action", "action new").primary()])
        .footer("Values up to 22 November 2026")
}
