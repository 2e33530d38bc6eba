//! Connections and tokens: what breaks, what comes back, what ends it.

use super::*;

#[tokio::test]
async fn a_broken_or_closed_socket_is_opened_again() {
    let slack = FakeSlack::start().await;
    let _running = runs(&slack, short(), small_app);
    slack.hellos(1).await;
    slack.drops_connections();
    slack.hellos(2).await;
    slack.asks_to_reconnect();
    slack.hellos(3).await;
    let card = slack
        .person("U0ANN")
        .types("/isms still there?")
        .await
        .card();
    assert!(card.text().starts_with("heard still there?"));
    slack.is_content();
}

#[tokio::test]
async fn a_slack_in_trouble_at_the_start_is_waited_for() {
    let slack = FakeSlack::start().await;
    slack.next("auth.test", Fault::Word("internal_error"));
    slack.next("apps.connections.open", Fault::Status(500));
    let running = runs(&slack, short(), small_app);
    slack.hellos(1).await;
    running.stop.cancel();
    assert_eq!(running.ends().await, Ok(()));
}

#[tokio::test]
async fn a_listener_that_hangs_is_built_anew() {
    let slack = FakeSlack::start().await;
    let running = runs(&slack, short(), small_app);
    slack.hellos(1).await;
    // The library's reconnect hangs; only the watchdog can help.
    slack.next("apps.connections.open", Fault::Silent);
    slack.drops_connections();
    slack.hellos(2).await;
    let card = slack.person("U0ANN").types("/isms back").await.card();
    assert!(card.text().starts_with("heard back"));
    running.stop.cancel();
    assert_eq!(running.ends().await, Ok(()));
}

#[tokio::test]
async fn a_token_that_is_not_accepted_ends_it_with_what_helps() {
    let slack = FakeSlack::start().await;
    slack.revokes_the_bot_token("invalid_auth");
    let error = runs(&slack, short(), small_app).ends().await.unwrap_err();
    assert_eq!(error, RunError::BotToken("invalid_auth".into()));
    assert!(error.to_string().contains("install the app again"));

    let slack = FakeSlack::start().await;
    slack.revokes_the_app_token("invalid_auth");
    let error = runs(&slack, short(), small_app).ends().await.unwrap_err();
    assert_eq!(error, RunError::AppToken("invalid_auth".into()));
}

#[tokio::test]
async fn a_token_revoked_while_running_ends_it() {
    let slack = FakeSlack::start().await;
    let running = runs(&slack, short(), small_app);
    slack.hellos(1).await;
    slack.revokes_the_app_token("token_revoked");
    slack.drops_connections();
    assert_eq!(
        running.ends().await,
        Err(RunError::AppToken("token_revoked".into()))
    );
}

#[tokio::test]
async fn at_the_end_what_is_in_hand_is_finished_and_acknowledged() {
    let slack = FakeSlack::start().await;
    let gate = Arc::new(Notify::new());
    let opened = gate.clone();
    let handler: Handler = Arc::new(move |inbound| {
        let gate = opened.clone();
        async move {
            gate.notified().await;
            small_app(inbound)
        }
        .boxed()
    });
    let running = runs_with(&slack, (short(), Arc::default()), handler);
    slack.person("U0ANN").types_only("/isms last words").await;
    running.stop.cancel();
    gate.notify_one();
    assert_eq!(running.ends().await, Ok(()));
    assert_eq!(slack.calls("response_url").len(), 1);
    slack.is_left_alone().await;
    slack.is_content();
}

#[tokio::test]
async fn check_says_what_is_missing() {
    let slack = FakeSlack::start().await;
    let words = async || -> Vec<(bool, String)> {
        let findings = check(slack.settings()).await;
        findings.into_iter().map(|f| (f.ok, f.words)).collect()
    };
    assert!(
        words().await.iter().all(|(ok, _)| *ok),
        "{:?}",
        words().await
    );
    slack.withdraws("files:write");
    slack.revokes_the_app_token("not_allowed_token_type");
    let found = words().await;
    assert!(found[0].0);
    assert!(!found[1].0 && found[1].1.contains("not_allowed_token_type"));
    assert!(!found[2].0 && found[2].1.contains("files:write"));

    let mut settings = slack.settings();
    settings.bot_token = Some(Secret::new("xapp-mixed-up"));
    assert!(
        check(settings).await[0]
            .words
            .contains("must start with \"xoxb-\"")
    );
}

#[tokio::test]
async fn at_the_end_a_form_in_hand_still_gets_its_errors() {
    let slack = FakeSlack::start().await;
    let gate = Arc::new(Notify::new());
    let opened = gate.clone();
    let stop = CancellationToken::new();
    let stopping = stop.clone();
    let handler: Handler = Arc::new(move |inbound| {
        let (gate, stop) = (opened.clone(), stopping.clone());
        async move {
            if matches!(inbound.act, Act::Submitted { .. }) {
                stop.cancel();
                gate.notified().await;
            }
            small_app(inbound)
        }
        .boxed()
    });
    let face = Arc::new(Slack::with_waits(slack.settings(), short()).unwrap());
    let until = stop.clone();
    let task = tokio::spawn(async move { face.run(handler, until).await });
    let modal = slack
        .person("U0ANN")
        .types("/isms action new")
        .await
        .modal();
    let filled = modal.fills(&[
        ("title", "x"),
        ("owner", "U0ANN"),
        ("due", "2020-01-01"),
        ("plan", "y"),
    ]);
    let release = async {
        stop.cancelled().await;
        gate.notify_one();
    };
    let (again, ()) = tokio::join!(filled.submits(), release);
    assert!(again.modal().error("due").is_some());
    assert_eq!(task.await.unwrap(), Ok(()));
    slack.is_content();
}
