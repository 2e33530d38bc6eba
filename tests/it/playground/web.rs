//! What any program, or any other web page, gets from the playground's port.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Method, Request, Response, StatusCode};
use futures::FutureExt;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use isms_bot::app::{self, App};
use isms_bot::chat::{Act, Card, Chat, Content, Field, FieldKind, Form, Reply, Target};
use isms_bot::playground::{self, Handler, Playground};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::{delivery, isms, open};
use crate::cards::WALKS;
use crate::harness::database::TestDatabase;

struct Web {
    client: Client<HttpConnector, Body>,
    address: String,
    playground: Playground,
    stop: CancellationToken,
    serving: JoinHandle<std::io::Result<()>>,
    _database: TestDatabase,
}

/// Opens a form on `action new`, and echoes everything else.
fn echo() -> Handler {
    Arc::new(|inbound| {
        let reply = match inbound.act {
            Act::Typed(words) if words == "action new" => Reply::Form(form()),
            act => Reply::Card(Card::say(format!("{act:?}"))),
        };
        async move { reply }.boxed()
    })
}

fn form() -> Form {
    let title = Field {
        name: "title".to_owned(),
        label: "Title".to_owned(),
        hint: None,
        kind: FieldKind::Line,
        required: true,
        value: None,
        error: None,
    };
    Form {
        title: "Raise an action".to_owned(),
        intro: None,
        command: "action new".to_owned(),
        fields: vec![title],
        submit: "Raise".to_owned(),
    }
}

impl Web {
    async fn open() -> Web {
        Web::answered_by(|_| echo()).await
    }

    async fn answered_by(handler: impl FnOnce(&App) -> Handler) -> Web {
        let database = TestDatabase::sqlite().await;
        let (app, playground) = open(&database).await;
        let handler = handler(&app);
        let listener = playground::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let stop = CancellationToken::new();
        let serving = playground::serve(listener, playground.clone(), handler, stop.clone());
        Web {
            client: Client::builder(TokioExecutor::new()).build_http(),
            address,
            playground,
            stop,
            serving: tokio::spawn(serving),
            _database: database,
        }
    }

    async fn send(&self, request: Request<Body>) -> Response<Body> {
        self.client.request(request).await.unwrap().map(Body::new)
    }

    async fn get(&self, path: &str) -> Response<Body> {
        let uri = format!("http://{}{path}", self.address);
        self.send(Request::get(uri).body(Body::empty()).unwrap())
            .await
    }

    /// As a form of a page at `origin` would.
    async fn post(&self, path: &str, origin: &str, fields: &str) -> Response<Body> {
        let request = Request::builder()
            .method(Method::POST)
            .uri(format!("http://{}{path}", self.address))
            .header("origin", origin)
            .header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(fields.to_owned())).unwrap())
            .await
    }

    /// As a form with a place for files would: fields, then one file.
    async fn post_parts(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        (field, name, bytes): (&str, &str, &[u8]),
    ) -> Response<Body> {
        let mut body = Vec::new();
        for (name, value) in fields {
            let part = format!(
                "--line\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
            body.extend_from_slice(part.as_bytes());
        }
        let head = format!(
            "--line\r\nContent-Disposition: form-data; name=\"file.{field}\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--line--\r\n");
        let request = Request::builder()
            .method(Method::POST)
            .uri(format!("http://{}{path}", self.address))
            .header("origin", self.own())
            .header("content-type", "multipart/form-data; boundary=line");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    fn own(&self) -> String {
        format!("http://{}", self.address)
    }
}

async fn text(response: Response<Body>) -> String {
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20)
        .await
        .unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[tokio::test]
async fn another_web_site_can_neither_act_nor_be_loaded_from() {
    let web = Web::open().await;
    let refused = web
        .post("/ann/isms/-/say", "https://evil.example", "words=hello")
        .await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    let page = web.get("/ann/isms").await;
    let policy = page.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        policy.starts_with("default-src 'none'; script-src 'self'"),
        "{policy}"
    );
    let cookie = page.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(
        cookie.contains("SameSite=Strict") && cookie.contains("HttpOnly"),
        "{cookie}"
    );
    let page = text(page).await;
    assert!(!page.contains("hello") && !page.contains("style=") && !page.contains("onclick"));

    // A name of theirs that leads to this machine.
    let uri = format!("http://{}/ann/isms", web.address);
    let rebound = Request::get(uri)
        .header("host", "evil.example")
        .body(Body::empty());
    assert_eq!(
        web.send(rebound.unwrap()).await.status(),
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn without_scripts_forms_post_and_lead_back() {
    let web = Web::open().await;
    let own = web.own();
    let said = web
        .post("/ann/isms/-/say", &own, "event=e1&words=good+morning")
        .await;
    assert_eq!(
        (said.status(), &said.headers()["location"]),
        (StatusCode::SEE_OTHER, &"/ann/isms".parse().unwrap())
    );
    web.post("/ann/isms/-/say", &own, "event=e1&words=good+morning")
        .await;
    let page = text(web.get("/ben/isms").await).await;
    assert_eq!(
        page.matches("good morning").count(),
        1,
        "sent twice, said once"
    );

    let opened = web
        .post("/ann/isms/-/say", &own, "event=e2&words=/isms+action+new")
        .await;
    let page = text(opened).await;
    assert!(page.contains("<dialog id=\"form\" open"), "{page}");
    let fields = "event=e3&command=action+new&field.title=Patch&field.plan=++";
    web.post("/ann/isms/-/submit", &own, fields).await;
    let page = text(web.get("/ann/isms").await).await;
    let echoed = "values: [(&quot;title&quot;, &quot;Patch&quot;)]";
    assert!(page.contains(echoed), "an empty field is left out: {page}");
    assert!(
        !text(web.get("/ben/isms").await).await.contains("Patch"),
        "for Ann only"
    );
}

#[tokio::test]
async fn what_begins_with_another_slash_is_never_silent() {
    let web = Web::open().await;
    web.post("/ann/isms/-/say", &web.own(), "words=/action+list")
        .await;
    let page = text(web.get("/ann/isms").await).await;
    assert!(page.contains("is no command here"), "{page}");
}

#[tokio::test]
async fn a_file_is_saved_under_its_name_by_those_who_may_see_it() {
    let web = Web::open().await;
    let file = Content::File {
        name: "Bericht März.pdf".to_owned(),
        comment: String::new(),
        bytes: b"%PDF-".to_vec(),
    };
    let to_ann = Target::Person("ann".to_owned());
    let at = web.playground.post(&delivery(to_ann, file)).await.unwrap();
    let path = format!("-/file/{}/Bericht%20M%C3%A4rz.pdf", at.message);
    let saved = web.get(&format!("/ann/{path}")).await;
    let disposition = saved.headers()["content-disposition"].to_str().unwrap();
    assert_eq!(
        disposition,
        "attachment; filename*=UTF-8''Bericht%20M%C3%A4rz.pdf"
    );
    assert_eq!(text(saved).await, "%PDF-");
    let refused = web.get(&format!("/ben/{path}")).await;
    assert_eq!(refused.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn unknown_people_channels_and_messages_are_said_to_be_so() {
    let web = Web::open().await;
    for path in [
        "/nobody/isms",
        "/ann/nowhere",
        "/ann/isms/99",
        "/ann/-/picture/m1/0",
        "/a/b/c/d",
    ] {
        let missing = web.get(path).await;
        assert_eq!(missing.status(), StatusCode::NOT_FOUND, "{path}");
        assert!(text(missing).await.contains("There is no"), "{path}");
    }
    // Ben's messages are no thread of Ann's.
    let to_ben = Target::Person("ben".to_owned());
    let card = Content::Card(Card::say("for Ben"));
    let at = web.playground.post(&delivery(to_ben, card)).await.unwrap();
    for place in ["isms", "@isms-bot"] {
        let missing = web.get(&format!("/ann/{place}/{}", at.message)).await;
        assert_eq!(missing.status(), StatusCode::NOT_FOUND);
    }
    let answer = format!("words=hello&thread={}", at.message);
    let refused = web.post("/ann/isms/-/say", &web.own(), &answer).await;
    assert_eq!(refused.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn open_pages_are_let_go_when_the_bot_stops() {
    let web = Web::open().await;
    let stream = web.get("/ann/-/events?at=isms&since=another").await;
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    web.playground
        .post(&delivery(isms(), Content::Card(Card::say("news"))))
        .await
        .unwrap();
    web.stop.cancel();
    let told = text(stream).await;
    assert!(told.contains("event: stale"), "{told}");
    web.serving.await.unwrap().unwrap();
}

#[tokio::test]
async fn home_says_what_waits_and_posts_nothing_into_itself() {
    let web = Web::open().await;
    let page = text(web.get("/ann/@home").await).await;
    assert!(
        page.contains("data-key=\"home\"") && page.contains("Typed("),
        "{page}"
    );
    assert!(!page.contains("<textarea"), "nobody writes there");

    let press = "press=0192-1%20action%20list";
    let done = web.post("/ann/@home/-/click", &web.own(), press).await;
    assert_eq!(done.status(), StatusCode::SEE_OTHER);
    let page = text(web.get("/ann/@home").await).await;
    assert!(
        page.contains("Clicked {") && page.contains("action list"),
        "{page}"
    );
    assert!(
        !text(web.get("/ben/@home").await)
            .await
            .contains("Clicked {")
    );
}

/// Mara runs the ISMS here and Ben audits, as Ann and Bob do on the platforms.
#[tokio::test]
async fn every_command_is_answered_in_the_playground_too() {
    let web = Web::answered_by(app::playground::handler).await;
    for (who, words, _) in WALKS.iter().flat_map(|lines| lines.iter()) {
        let here = |text: &str| {
            text.replace("@ann", "@mara")
                .replace("@bob", "@ben")
                .replace("@cai", "@lea")
        };
        let who = here(&format!("@{who}"));
        let who = who.trim_start_matches('@');
        let event = uuid::Uuid::now_v7();
        let said = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("event", &event.to_string())
            .append_pair("words", &format!("/isms {}", here(words)))
            .finish();
        let answer = web
            .post(&format!("/{who}/isms/-/say"), &web.own(), &said)
            .await;
        // A form is a page, a card a note behind a redirection.
        let status = answer.status();
        let page = text(answer).await;
        let is_form = status == StatusCode::OK && page.contains("<dialog");
        assert!(
            is_form || status == StatusCode::SEE_OTHER,
            "{words}: {status}"
        );
    }
    let page = text(web.get("/mara/isms").await).await;
    assert!(!page.contains("fault id"), "{page}");
    web.stop.cancel();
}

#[tokio::test]
async fn a_file_is_chosen_in_a_form_and_stays_when_the_form_comes_back() {
    let web = Web::answered_by(app::playground::handler).await;
    let said = "event=e1&words=/isms+file+keep";
    let form = text(web.post("/mara/isms/-/say", &web.own(), said).await).await;
    assert!(form.contains("multipart/form-data"), "{form}");
    assert!(form.contains("name=\"file.file\" type=\"file\""), "{form}");

    let submit = "/mara/isms/-/submit";
    let long = "x".repeat(121);
    let fields = [
        ("event", "e2"),
        ("command", "file keep"),
        ("field.shows", &long),
    ];
    let scan = ("file", "scan.pdf", b"%PDF-1.7 scan".as_slice());
    let again = text(web.post_parts(submit, &fields, scan).await).await;
    assert!(again.contains("at most 120 fit"), "{again}");
    assert!(again.contains("Attached: scan.pdf"), "{again}");
    let hidden = "name=\"field.file\" value=\"";
    let (_, rest) = again
        .split_once(hidden)
        .expect("what was attached goes along");
    let digest = rest.split('"').next().unwrap().to_owned();

    let fields = [
        ("event", "e2"),
        ("command", "file keep"),
        ("field.shows", "Scan"),
        ("field.file", &digest),
    ];
    let nothing = ("file", "", b"".as_slice());
    let done = web.post_parts(submit, &fields, nothing).await;
    assert_eq!(done.status(), StatusCode::SEE_OTHER);
    let page = text(web.get("/mara/isms").await).await;
    assert!(page.contains("Kept unchanged"), "{page}");

    let large = vec![b'x'; 10 * 1024 * 1024 + 1];
    let fields = [
        ("event", "e3"),
        ("command", "file keep"),
        ("field.shows", "Film"),
    ];
    let refused = web
        .post_parts(submit, &fields, ("file", "film.mp4", &large))
        .await;
    let refused = text(refused).await;
    assert!(
        refused.contains("“film.mp4” has 11 MiB") && refused.contains("Film"),
        "{refused}"
    );
    web.stop.cancel();
}
