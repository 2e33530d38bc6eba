//! What the outbox sends.

use super::*;

fn picture() -> Block {
    let day = |month| chrono::NaiveDate::from_ymd_opt(2026, month, 1).unwrap();
    let points = (1..=6).map(|m| ChartPoint {
        period: day(m),
        value: Some(f64::from(m)),
        signal: m == 6,
    });
    Block::Picture(Picture {
        name: "clicks.png".into(),
        alt: "Clicks rise from 1 to 6".into(),
        source: PictureSource::Chart(Chart {
            title: "Clicks".into(),
            unit: "%".into(),
            points: points.collect(),
            target: Some(3.0),
            warning: None,
            mean: None,
            upper: None,
            lower: None,
            earlier: Vec::new(),
            by_event: false,
        }),
    })
}

#[tokio::test]
async fn a_chart_is_drawn_uploaded_and_shown_once_slack_has_read_it() {
    let slack = FakeSlack::start().await;
    slack.reads_pictures_slowly(2);
    let mut delivery = to_channel("");
    delivery.content = Content::Card(Card::new("Clicks").block(picture()));
    sender(&slack).post(&delivery).await.unwrap();
    let (name, bytes) = slack.files().remove(0);
    assert_eq!(name, "clicks.png");
    assert!(bytes.starts_with(b"\x89PNG"));
    insta::assert_json_snapshot!(slack.channel("C0ISMS").messages()[0].json());

    let running = runs(&slack, short(), |_| {
        Card::new("Clicks").block(picture()).into()
    });
    slack.reads_pictures_slowly(1);
    let card = slack
        .person("U0ANN")
        .types("/isms kpi chart clicks")
        .await
        .card();
    assert_eq!(card.json()["blocks"][1]["slack_file"]["id"], "[file]");
    assert_eq!(running.heard().len(), 1);
}

#[tokio::test]
async fn a_picture_that_slack_never_reads_is_told_in_words() {
    let slack = FakeSlack::start().await;
    slack.reads_pictures_slowly(99);
    let mut delivery = to_channel("");
    delivery.content = Content::Card(Card::new("Clicks").block(picture()));
    sender(&slack).post(&delivery).await.unwrap();
    let message = slack.channel("C0ISMS").messages().remove(0);
    assert_eq!(
        message.json()["blocks"][1]["elements"][0]["text"],
        "_Clicks rise from 1 to 6_"
    );
}

#[tokio::test]
async fn a_message_is_posted_edited_in_place_and_answered_in_its_thread() {
    let slack = FakeSlack::start().await;
    let face = sender(&slack);
    let at = face.post(&to_channel("first")).await.unwrap();
    face.edit(TEAM, &at, &Card::say("changed")).await.unwrap();
    slack
        .channel("C0ISMS")
        .shows("the edit", |m| m.is_edited())
        .await;
    let mut answer = to_channel("detail");
    answer.thread = Some(at.clone());
    face.post(&answer).await.unwrap();
    let messages = slack.channel("C0ISMS").arrive(2).await;
    assert_eq!(
        (messages[0].text(), messages[0].is_edited()),
        ("changed", true)
    );
    assert_eq!(messages[1].thread(), Some(at.message.as_str()));
    assert_eq!(
        face.find(&answer).await.unwrap().unwrap().message,
        messages[1].ts()
    );
    slack.is_content();
}

#[tokio::test]
async fn a_person_is_written_to_directly() {
    let slack = FakeSlack::start().await;
    let face = sender(&slack);
    for words in ["one", "two"] {
        face.post(&card_to(Target::Person("U0BOB".into()), words))
            .await
            .unwrap();
    }
    assert_eq!(slack.dm("U0BOB").arrive(2).await.len(), 2);
    assert_eq!(slack.calls("conversations.open").len(), 1, "asked for once");
    slack.is_content();
}

#[tokio::test]
async fn a_file_is_shared_with_its_words_and_can_be_found() {
    let slack = FakeSlack::start().await;
    let face = sender(&slack);
    let mut delivery = to_channel("");
    delivery.content = Content::File {
        name: "minutes.pdf".into(),
        comment: "Minutes of MR-2026-Q4 <draft>".into(),
        bytes: b"%PDF-1.7".to_vec(),
    };
    let at = face.post(&delivery).await.unwrap();
    let message = slack.channel("C0ISMS").messages().remove(0);
    assert_eq!(message.files(), ["minutes.pdf"]);
    assert_eq!(at.message, message.ts());
    assert_eq!(
        message.json()["blocks"][0]["text"]["text"],
        "Minutes of MR-2026-Q4 &lt;draft&gt;"
    );
    slack.is_content();
}

#[tokio::test]
async fn asked_to_slow_down_it_waits_as_long_as_slack_said() {
    let slack = FakeSlack::start().await;
    let face = sender(&slack);
    slack.next("chat.postMessage", Fault::Limited(17));
    let after = |result: Result<MessageRef, SendError>| match result {
        Err(SendError::Retry {
            after: Some(after), ..
        }) => after,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        after(face.post(&to_channel("a")).await),
        Duration::from_secs(17)
    );
    // Until then nothing more goes into this channel, and other channels are not held.
    let left = after(face.post(&to_channel("b")).await);
    assert!(left > Duration::from_secs(10), "{left:?}");
    face.post(&card_to(Target::Person("U0BOB".into()), "c"))
        .await
        .unwrap();
    assert_eq!(slack.calls("chat.postMessage").len(), 2);
}

#[tokio::test]
async fn a_server_error_leaves_the_outcome_unknown_but_an_edit_is_tried_again() {
    let slack = FakeSlack::start().await;
    let face = sender(&slack);
    slack.next("chat.postMessage", Fault::Status(503));
    let delivery = to_channel("a");
    assert!(matches!(
        face.post(&delivery).await,
        Err(SendError::Unknown(_))
    ));
    assert_eq!(face.find(&delivery).await, Ok(None));
    let at = face.post(&delivery).await.unwrap();
    slack.next("chat.update", Fault::Status(500));
    let edited = face.edit(TEAM, &at, &Card::say("b")).await;
    assert!(matches!(edited, Err(SendError::Retry { .. })));
}

#[tokio::test]
async fn a_post_that_was_taken_without_an_answer_is_found_and_not_doubled() {
    let slack = FakeSlack::start().await;
    let waits = Waits {
        call: Duration::from_secs(1),
        ..Waits::default()
    };
    let face = Slack::with_waits(slack.settings(), waits).unwrap();
    slack.next("chat.postMessage", Fault::DoneThenSilent);
    let delivery = to_channel("once");
    let error = face.post(&delivery).await.unwrap_err();
    assert_eq!(error, SendError::Unknown("no answer within 1s".into()));
    let found = face.find(&delivery).await.unwrap().expect("it went out");
    assert_eq!(found.message, slack.channel("C0ISMS").messages()[0].ts());
    assert_eq!(
        face.find(&to_channel("once")).await,
        Ok(None),
        "another delivery did not"
    );

    slack.next("chat.postMessage", Fault::Silent);
    let delivery = to_channel("never");
    assert!(matches!(
        face.post(&delivery).await,
        Err(SendError::Unknown(_))
    ));
    assert_eq!(face.find(&delivery).await, Ok(None));
}

#[tokio::test]
async fn a_slack_that_is_not_there_is_tried_again() {
    let mut settings = FakeSlack::start().await.settings();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    settings.api_url = format!("http://{}/api", listener.local_addr().unwrap());
    drop(listener);
    let error = Slack::new(settings)
        .unwrap()
        .post(&to_channel("a"))
        .await
        .unwrap_err();
    assert!(
        matches!(&error, SendError::Retry { why, .. } if why.contains("refused")),
        "{error:?}"
    );
}

#[tokio::test]
async fn each_refusal_is_told_apart() {
    let slack = FakeSlack::start().await;
    let face = sender(&slack);
    let refused = async |target: Target| match face.post(&card_to(target, "x")).await {
        Err(SendError::Refused(why)) => why,
        other => panic!("{other:?}"),
    };
    let channel = |id: &str| Target::Channel(id.to_owned());
    assert_eq!(refused(channel("C0NONE")).await, Refusal::ChannelNotFound);
    assert_eq!(refused(channel("C0ELSEWHERE")).await, Refusal::NotInChannel);
    assert_eq!(
        refused(Target::Person("U0NOBODY".into())).await,
        Refusal::UnknownPerson
    );
    assert_eq!(
        refused(Target::Person("U0BOT".into())).await,
        Refusal::UnknownPerson
    );
    let gone = MessageRef {
        channel: "C0ISMS".into(),
        message: "1.2".into(),
    };
    let edited = face.edit(TEAM, &gone, &Card::say("x")).await;
    assert_eq!(edited, Err(SendError::Refused(Refusal::MessageNotFound)));
    slack.expels_the_bot("C0ISMS");
    assert_eq!(refused(channel("C0ISMS")).await, Refusal::NotInChannel);
    slack.archives("C0ISMS");
    assert_eq!(refused(channel("C0ISMS")).await, Refusal::ChannelArchived);
    slack.withdraws("chat:write");
    assert_eq!(refused(channel("C0ISMS")).await, Refusal::Restricted);
    slack.revokes_the_bot_token("token_revoked");
    assert_eq!(refused(channel("C0ISMS")).await, Refusal::TokenRevoked);
}

#[tokio::test]
async fn another_workspace_is_refused() {
    let slack = FakeSlack::start().await;
    let running = runs(&slack, short(), small_app);
    slack.hellos(1).await;
    let mut delivery = to_channel("x");
    delivery.workspace = "T0OTHER".into();
    assert!(matches!(
        running.face.post(&delivery).await,
        Err(SendError::Refused(_))
    ));
    assert!(slack.calls("chat.postMessage").is_empty());
}

#[tokio::test]
async fn whatever_a_card_holds_slack_takes_it() {
    let slack = FakeSlack::start().await;
    let face = sender(&slack);
    let long = "Ends & <odds> ".repeat(700);
    let row = |n: usize| vec![format!("row {n}"), String::new()];
    let card = Card::new("x".repeat(400))
        .text(
            Text::from(long.clone())
                .person("U0ANN", "Ann")
                .link("https://a.example/?a=1&b=2", "a|b"),
        )
        .facts((0..30).map(|n| (format!("Fact *{n}*"), long.clone())))
        .list((0..60).map(|n| format!("item {n} <!channel>")))
        .block(Block::Table {
            head: vec!["a".into(), "b".into()],
            rows: (0..99).map(row).collect(),
        })
        .block(Block::Table {
            head: vec!["a".into(), "b".into()],
            rows: (0..150).map(row).collect(),
        })
        .buttons((0..30).map(|n| {
            Button::new(
                format!("Button {n} {}", "y".repeat(90)),
                format!("help {n}"),
            )
        }))
        .footer(long);
    let mut delivery = to_channel("");
    delivery.content = Content::Card(card);
    face.post(&delivery).await.unwrap();
    slack.is_content();
}

#[tokio::test]
async fn a_picture_that_an_answer_cannot_show_follows_as_a_file() {
    let slack = FakeSlack::start().await;
    slack.reads_pictures_slowly(5);
    let _running = runs(&slack, short(), |_| {
        Card::new("Clicks").block(picture()).into()
    });
    let card = slack
        .person("U0ANN")
        .types("/isms kpi chart clicks")
        .await
        .card();
    assert_eq!(
        card.json()["blocks"][1]["elements"][0]["text"],
        "_Clicks rise from 1 to 6_"
    );
    let file = slack.dm("U0ANN").arrive(1).await.remove(0);
    assert_eq!(file.files(), ["clicks.png"]);
}
