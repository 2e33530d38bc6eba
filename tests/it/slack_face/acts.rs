//! What one person does, and what that person sees.

use super::*;

#[tokio::test]
async fn a_command_is_answered_to_the_one_who_typed_it() {
    let slack = FakeSlack::start().await;
    let running = runs(&slack, short(), small_app);
    let card = slack
        .person("U0BOB")
        .types("/isms assign CA-1 owner:@U0ANN <b> & c")
        .await
        .card();
    assert!(card.ephemeral);
    assert_eq!(card.channel, "C0ISMS");
    insta::assert_json_snapshot!(card.json());

    let heard = running.heard();
    assert!(matches!(&heard[0].act, Act::Typed(w) if w == "assign CA-1 owner:<@U0ANN> <b> & c"));
    assert_eq!(heard[0].workspace, TEAM);
    let speaker = &heard[0].speaker;
    assert_eq!(
        (speaker.id.as_str(), speaker.name.as_deref()),
        ("U0BOB", Some("Bob Ito"))
    );
    assert_eq!(
        (speaker.zone, speaker.admin),
        (Some(chrono_tz::Asia::Tokyo), Some(false))
    );
    assert!(slack.channel("C0ISMS").messages().is_empty());
    slack.is_content();
}

#[tokio::test]
async fn a_form_with_a_wrong_field_says_so_beside_it_and_keeps_what_was_typed() {
    let slack = FakeSlack::start().await;
    let running = runs(&slack, short(), small_app);
    let modal = slack
        .person("U0ANN")
        .types("/isms action new")
        .await
        .modal();
    assert_eq!(modal.fields(), ["title", "owner", "due", "risk", "plan"]);
    insta::assert_json_snapshot!("form_opened", modal.json());

    let filled = modal.fills(&[
        ("title", "Patch the <VPN> & more"),
        ("owner", "U0BOB"),
        ("due", "2020-01-01"),
        ("risk", "high"),
        ("plan", "first\nthen"),
    ]);
    let again = filled.submits().await.modal();
    assert_eq!(
        again.error("due").as_deref(),
        Some("is in the past; take a later day")
    );
    assert_eq!(again.error("title"), None);
    assert_eq!(
        again.value("title").as_deref(),
        Some("Patch the <VPN> & more")
    );
    assert_eq!(again.value("risk").as_deref(), Some("high"));

    let open = again.clone();
    let receipt = again.fills(&[("due", "2026-12-31")]).submits().await.card();
    assert!(receipt.ephemeral);
    insta::assert_json_snapshot!("receipt", receipt.json());
    assert!(!open.is_open());
    // One form has one identity: both submits came under it.
    let mut submits = running.heard();
    submits.retain(|inbound| matches!(inbound.act, Act::Submitted { .. }));
    assert_eq!(submits.len(), 2);
    assert_eq!(submits[0].event, submits[1].event);
    slack.is_content();
}

#[tokio::test]
async fn a_form_that_is_wanted_otherwise_is_replaced() {
    let slack = FakeSlack::start().await;
    let _running = runs(&slack, short(), |inbound| match inbound.act {
        Act::Submitted { .. } => {
            let mut other = form();
            other.intro = Some("You may not raise actions; ask a manager.".into());
            other.fields[0].error = Some("too short".into());
            Reply::Form(other)
        }
        _ => Reply::Form(form()),
    });
    let modal = slack
        .person("U0ANN")
        .types("/isms action new")
        .await
        .modal();
    let required = [
        ("title", "x"),
        ("owner", "U0ANN"),
        ("due", "2027-01-01"),
        ("plan", "y"),
    ];
    let again = modal.fills(&required).submits().await.modal();
    assert_eq!(again.words(), "You may not raise actions; ask a manager.");
    assert_eq!(
        again.error("title").as_deref(),
        Some(":warning: *too short*")
    );
    assert_eq!(again.value("owner").as_deref(), Some("U0ANN"));
    slack.is_content();
}

#[tokio::test]
async fn a_button_is_a_command_and_says_where_it_stood() {
    let slack = FakeSlack::start().await;
    let running = runs(&slack, short(), small_app);
    let ann = slack.person("U0ANN");
    let ephemeral = ann.types("/isms hello").await.card();
    let answer = ephemeral.clicks("Done").await.card();
    assert_eq!(answer.text(), "clicked action done CA-1 in nowhere");
    assert_eq!(ephemeral.clicks("Open").await.modal().title(), "New action");

    let mut delivery = to_channel("look");
    delivery.content = Content::Card(
        Card::say("CA-1").buttons([Button::new("Done", "action done CA-1").danger()]),
    );
    let at = running.face.post(&delivery).await.unwrap();
    let message = slack.channel("C0ISMS").messages().remove(0);
    let answer = slack.person("U0BOB").clicks(&message, "Done").await.card();
    assert_eq!(answer.text(), "clicked action done CA-1 in C0ISMS");
    let clicked = running.heard().pop().unwrap();
    assert!(matches!(clicked.act, Act::Clicked { on: Some(on), .. } if on == at));
    slack.is_content();
}

#[tokio::test]
async fn a_form_that_comes_too_late_becomes_a_button_that_opens_it() {
    let slack = FakeSlack::start().await;
    let _running = runs(&slack, short(), {
        let slack = slack.clone();
        let late = Mutex::new(true);
        move |inbound| {
            if std::mem::take(&mut *late.lock().unwrap()) {
                slack.expires_triggers();
            }
            small_app(inbound)
        }
    });
    let card = slack.person("U0ANN").types("/isms action new").await.card();
    assert_eq!(card.buttons(), ["Open the form"]);
    assert_eq!(
        card.clicks("Open the form").await.modal().title(),
        "New action"
    );
    assert_eq!(slack.refusals()[0].1, "expired_trigger_id");
}

#[tokio::test]
async fn work_that_outlasts_slacks_patience_goes_on_and_answers_later() {
    let slack = FakeSlack::start().await;
    let gate = Arc::new(Notify::new());
    let opened = gate.clone();
    let handler: Handler = Arc::new(move |inbound| {
        let gate = opened.clone();
        async move {
            if matches!(inbound.act, Act::Submitted { .. }) {
                gate.notified().await;
            }
            small_app(inbound)
        }
        .boxed()
    });
    let waits = Waits {
        submit: Duration::from_millis(50),
        ..short()
    };
    let _running = runs_with(&slack, (waits, Arc::default()), handler);
    let modal = slack
        .person("U0ANN")
        .types("/isms action new")
        .await
        .modal();
    let required = [
        ("title", "x"),
        ("owner", "U0ANN"),
        ("due", "2027-01-01"),
        ("plan", "y"),
    ];
    let waiting = modal.fills(&required).submits().await.modal();
    assert_eq!(waiting.title(), "Working on it");
    gate.notify_one();
    slack.called("views.update", 1).await;
    slack.called("response_url", 1).await;
    assert_eq!(waiting.title(), "Done");
    slack.is_content();
}

#[tokio::test]
async fn an_answer_finds_its_way_when_the_address_of_the_act_is_gone() {
    let slack = FakeSlack::start().await;
    let _running = runs(&slack, short(), {
        let slack = slack.clone();
        move |inbound| {
            slack.expires_addresses();
            small_app(inbound)
        }
    });
    let card = slack.person("U0ANN").types("/isms hello").await.card();
    assert_eq!(slack.calls("chat.postEphemeral").len(), 1);
    assert!(card.text().starts_with("heard hello"));

    // Where the bot is no member it may only write directly.
    slack
        .person("U0CAI")
        .in_channel("C0ELSEWHERE")
        .types_only("/isms hello")
        .await;
    let direct = slack.dm("U0CAI").arrive(1).await;
    assert!(direct[0].text().starts_with("heard hello"));
}

#[tokio::test]
async fn a_panic_of_the_app_is_told_and_the_face_goes_on() {
    let slack = FakeSlack::start().await;
    let _running = runs(&slack, short(), |inbound| match &inbound.act {
        Act::Typed(words) if words == "boom" => panic!("on purpose"),
        _ => small_app(inbound),
    });
    let ann = slack.person("U0ANN");
    let card = ann.types("/isms boom").await.card();
    assert!(card.text().contains("Something broke on my side"));
    assert!(
        ann.types("/isms hello")
            .await
            .card()
            .text()
            .starts_with("heard hello")
    );
}

#[tokio::test]
async fn an_act_that_is_delivered_twice_is_heard_once() {
    let slack = FakeSlack::start().await;
    let running = runs(&slack, short(), small_app);
    let dee = slack.person("U0DEE").in_dm();
    let card = dee.types("/isms hello").await.card();
    assert_eq!(card.channel, slack.dm("U0DEE").id());
    slack.delivers_again().await;
    dee.types("/isms once more").await;
    assert_eq!(running.heard().len(), 2);
    slack.is_content();
}

#[tokio::test]
async fn nothing_to_add_is_only_acknowledged() {
    let slack = FakeSlack::start().await;
    let running = runs(&slack, short(), small_app);
    slack.person("U0ANN").types_only("/isms nothing").await;
    slack.person("U0ANN").types("/isms hello").await;
    assert_eq!(running.heard().len(), 2);
    assert_eq!(slack.calls("response_url").len(), 1);
    slack.is_content();
}

#[tokio::test]
async fn someone_of_another_company_in_a_shared_channel_is_not_let_in() {
    let slack = FakeSlack::start().await;
    let running = runs(&slack, short(), small_app);
    let stranger = slack.person("U0CAI").of_team("T0OTHER");
    let card = stranger.types("/isms hello").await.card();
    assert_eq!(card.text(), "This ISMS belongs to another Slack workspace.");
    assert!(running.heard().is_empty());
}
