//! Slack calls the bot: what is believed, what is refused, and that every way leads to the same
//! answers.

use chrono::TimeDelta;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::harness::bot::{Bot, Setup};
use crate::harness::slack::{FakeSlack, Posted, sign};
use crate::on_both_databases;

const SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";
const FORM: &str = "application/x-www-form-urlencoded";

/// A bot that Slack calls, and no socket.
async fn called(db: &crate::harness::database::TestDatabase, slack: &FakeSlack) -> (Bot, String) {
    let setup = Setup {
        called: Some(SECRET),
        socket: false,
        ..Setup::default()
    };
    let bot = Bot::set_up(db, slack, setup).await;
    let url = bot.at("/slack/events");
    slack.calls_back(&url, SECRET, &bot.app.clock);
    (bot, url)
}

fn typed(trigger: &str) -> String {
    format!(
        "token=gone&team_id=T0ISMS&channel_id=C0ISMS&user_id=U0ANN&command=%2Fisms&text=mine\
         &trigger_id={trigger}&response_url=http%3A%2F%2F127.0.0.1%3A1%2Fx&channel_name=isms\
         &api_app_id=A0ISMS&user_name=ann&team_domain=sample"
    )
}

/// A request with this signature made at this second.
async fn posts(
    slack: &FakeSlack,
    url: &str,
    (secret, at): (&str, i64),
    (kind, body): (&str, &str),
) -> Posted {
    let time = at.to_string();
    let signature = sign(secret, &time, body);
    let headers = [
        ("content-type", kind),
        ("x-slack-request-timestamp", &time),
        ("x-slack-signature", &signature),
    ];
    slack.posts_raw(url, &headers, body).await
}

on_both_databases! {
    async fn commands_clicks_and_forms_are_answered_as_over_the_socket(db: TestDatabase) {
        let slack = FakeSlack::start().await;
        let (bot, _) = called(&db, &slack).await;
        let ann = slack.person("U0ANN");
        let form = ann.types("/isms action new").await.modal();
        let filled = form.fills(&[("title", "Patch the VPN"), ("owner", "U0BOB"), ("due", "2020-01-01")]);
        let again = filled.submits().await.modal();
        assert!(again.error("due").is_some(), "{}", again.all_words());
        let receipt = again.fills(&[("due", "2026-12-18")]).submits().await.card();
        assert!(receipt.text().contains("CA-1"), "{}", receipt.text());
        bot.works().await;
        let living = slack.channel("C0ISMS").arrive(1).await.remove(0);
        let update = slack.person("U0BOB").clicks(&living, "Update").await.modal();
        assert_eq!(update.value("title").as_deref(), Some("Patch the VPN"));
        assert_eq!(slack.calls("apps.connections.open").len(), 0, "no socket is opened");
        slack.is_content();
    }

    async fn what_is_not_signed_by_slack_now_is_refused_without_effect(db: TestDatabase) {
        let slack = FakeSlack::start().await;
        let (bot, url) = called(&db, &slack).await;
        let now = bot.app.clock.now().timestamp();
        let refused = async |signed: (&str, i64), written: (&str, &str), status: u16, word: &str| {
            let answer = posts(&slack, &url, signed, written).await;
            assert_eq!(answer.status, status, "{answer:?}");
            assert!(answer.body.contains(word), "{answer:?}");
        };
        let (good, body) = ((SECRET, now), typed("1.1"));
        refused(("another secret", now), (FORM, &body), 401, "signature").await;
        refused((SECRET, now - 301), (FORM, &body), 401, "five minutes").await;
        refused((SECRET, now + 301), (FORM, &body), 401, "five minutes").await;
        refused(good, ("text/plain", &body), 415, "application/json").await;
        refused(good, ("application/json", "{"), 400, "JSON").await;
        refused(good, (FORM, "payload=%7B"), 400, "JSON").await;
        refused(good, (FORM, "a=b"), 400, "neither").await;
        refused(good, (FORM, &"x".repeat(1024 * 1024 + 1)), 413, "1 MiB").await;
        let bare = slack.posts_raw(&url, &[("content-type", FORM)], &body).await;
        assert_eq!(bare.status, 401, "{bare:?}");
        let read = reqwest::get(&url).await.unwrap();
        assert_eq!(read.status().as_u16(), 405);
        assert_eq!(read.headers()["allow"], "POST");
        // Old, but not too old.
        assert_eq!(posts(&slack, &url, (SECRET, now - 299), (FORM, &body)).await.status, 200);
        assert_eq!(slack.calls("users.info").len(), slack.called("users.info", 1).await.len());
    }

    async fn a_body_that_hides_its_length_is_cut_off_too(db: TestDatabase) {
        let slack = FakeSlack::start().await;
        let (bot, url) = called(&db, &slack).await;
        let address = url.trim_start_matches("http://").split('/').next().unwrap();
        let mut socket = tokio::net::TcpStream::connect(address).await.unwrap();
        let time = bot.app.clock.now().timestamp();
        let head = format!(
            "POST /slack/events HTTP/1.1\r\nhost: x\r\ncontent-type: {FORM}\r\n\
             x-slack-request-timestamp: {time}\r\nx-slack-signature: v0=00\r\n\
             transfer-encoding: chunked\r\n\r\n"
        );
        socket.write_all(head.as_bytes()).await.unwrap();
        let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
        for _ in 0..17 {
            // It may hang up as soon as it is too much.
            if socket.write_all(chunk.as_bytes()).await.is_err() {
                break;
            }
        }
        let mut answer = [0; 12];
        socket.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 413");
    }

    async fn a_request_that_comes_twice_has_one_effect(db: TestDatabase) {
        let slack = FakeSlack::start().await;
        let (bot, url) = called(&db, &slack).await;
        let now = bot.app.clock.now().timestamp();
        let event = r#"{"type":"event_callback","team_id":"T0ISMS","event_id":"Ev1","event":
            {"type":"message","channel_type":"im","channel":"D0ANN","user":"U0ANN","text":"mine"}}"#;
        slack.dm("U0ANN");
        let first = posts(&slack, &url, (SECRET, now), ("application/json", event)).await;
        assert_eq!((first.status, first.body.as_str()), (200, ""));
        slack.dm("U0ANN").arrive(1).await;
        // The same request, within its five minutes.
        bot.app.clock.advance(TimeDelta::seconds(200));
        let replayed = posts(&slack, &url, (SECRET, now), ("application/json", event)).await;
        assert_eq!((replayed.status, replayed.body.as_str()), (200, ""));
        // Slack tries the event again, under a new signature.
        let later = (now + 200).to_string();
        let headers = [
            ("content-type", "application/json"),
            ("x-slack-request-timestamp", &later),
            ("x-slack-signature", &sign(SECRET, &later, event)),
            ("x-slack-retry-num", "1"),
            ("x-slack-retry-reason", "http_timeout"),
        ];
        assert_eq!(slack.posts_raw(&url, &headers, event).await.status, 200);
        // Whatever would come of them came before the answer to this.
        slack.person("U0ANN").types("/isms mine").await.card();
        assert_eq!(slack.dm("U0ANN").messages().len(), 1);

        let twice = typed("7.7");
        for at in [now + 200, now + 201] {
            assert_eq!(posts(&slack, &url, (SECRET, at), (FORM, &twice)).await.status, 200);
        }
        slack.person("U0ANN").types("/isms mine").await.card();
        // Without an address that leads somewhere, the one answer goes into the channel.
        assert_eq!(slack.called("chat.postEphemeral", 1).await.len(), 1);
    }

    async fn the_address_is_verified_as_slack_wants_it(db: TestDatabase) {
        let slack = FakeSlack::start().await;
        let (bot, url) = called(&db, &slack).await;
        let now = bot.app.clock.now().timestamp();
        let body = r#"{"type":"url_verification","challenge":"3eZbrw1a","token":"gone"}"#;
        let answer = posts(&slack, &url, (SECRET, now), ("application/json", body)).await;
        assert_eq!(answer.body, r#"{"challenge":"3eZbrw1a"}"#);
        let unsigned = posts(&slack, &url, ("wrong", now), ("application/json", body)).await;
        assert_eq!(unsigned.status, 401);
        assert_eq!(posts(&slack, &url, (SECRET, now), (FORM, "ssl_check=1&token=x")).await.status, 200);
    }
}

#[tokio::test]
async fn socket_and_http_may_be_on_together() {
    let db = crate::harness::database::TestDatabase::sqlite().await;
    let slack = FakeSlack::start().await;
    let setup = Setup {
        called: Some(SECRET),
        ..Setup::default()
    };
    let bot = Bot::set_up(&db, &slack, setup).await;
    slack.hellos(1).await;
    slack.person("U0ANN").types("/isms mine").await.card();
    slack.calls_back(&bot.at("/slack/events"), SECRET, &bot.app.clock);
    slack.person("U0BOB").types("/isms mine").await.card();
    slack.is_content();
}
