//! The calendar that others subscribe to: a link that is its own secret.

use isms_bot::people::Role::{Leader, Manager, Member};
use reqwest::Method;

use crate::harness::programs::Port;
use crate::harness::stage::Stage;
use crate::on_both_databases;

const BERLIN: &str = "Europe/Berlin";

async fn stage(db: &crate::harness::database::TestDatabase) -> Stage {
    let stage = Stage::new(db, "2026-11-23T09:00:00+01:00").await;
    for (name, role) in [("mia", Manager), ("lea", Leader), ("ann", Member)] {
        stage.person(name, role, BERLIN).await;
    }
    stage
}

async fn says(stage: &Stage, who: &str, words: &str) -> String {
    let reply = stage.says(who, words).await;
    reply.card().expect("a card").plain()
}

/// The path that stands in what was said.
fn path(said: &str) -> String {
    let start = said.find("/calendar/").expect("a link");
    let end = said[start..].find(".ics").expect("a file") + start + 4;
    said[start..end].to_owned()
}

/// Status, tag and text of what stands under a path.
async fn gets(port: &Port, path: &str, tag: Option<&str>) -> (u16, String, String) {
    let mut request = port.request(Method::GET, path);
    if let Some(tag) = tag {
        request = request.header("if-none-match", tag);
    }
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    let head = |name: &str| {
        let value = answer.headers().get(name);
        value.map_or(String::new(), |value| value.to_str().unwrap().to_owned())
    };
    if status == 200 {
        assert_eq!(head("content-type"), "text/calendar; charset=utf-8");
    }
    let tag = head("etag");
    let text = answer.text().await.unwrap();
    (status, tag, text.replace("\r\n ", "").replace("\r\n", "\n"))
}

on_both_databases! {
    async fn a_calendar_shows_the_reviews_and_what_becomes_of_them(db: TestDatabase) {
        let stage = stage(&db).await;
        let port = Port::open(&stage.app).await;
        says(&stage, "mia", "review schedule 2026-12-15 at:10:00 for:90 place:\"Room 1\"").await;
        says(&stage, "mia", "review schedule 2027-03-16").await;
        let path = path(&says(&stage, "mia", "review calendar").await);
        let (status, tag, text) = gets(&port, &path, None).await;
        assert_eq!(status, 200, "{text}");
        for line in [
            "METHOD:PUBLISH",
            "SUMMARY:MR-2026-Q4 · Management review 2026-Q4",
            "DTSTART:20261215T090000Z",
            "DTEND:20261215T103000Z",
            "LOCATION:Room 1",
            "DTSTART;VALUE=DATE:20270316",
        ] {
            assert!(text.lines().any(|own| own == line), "{line}: {text}");
        }
        assert!(!text.contains("ATTENDEE") && !text.contains("mia"), "{text}");
        // Nothing is new.
        let (status, _, again) = gets(&port, &path, Some(&tag)).await;
        assert_eq!((status, again.as_str()), (304, ""));
        stage.move_to("2026-11-24T12:00:00+01:00").await;
        assert_eq!(gets(&port, &path, Some(&tag)).await.0, 304);
        says(&stage, "mia", "review move MR-2026-Q4 2026-12-17 The chair is away").await;
        says(&stage, "mia", "review cancel MR-2027-Q1 Too early").await;
        let (status, _, text) = gets(&port, &path, Some(&tag)).await;
        assert_eq!(status, 200);
        assert!(text.contains("DTSTART:20261217T090000Z") && text.contains("SEQUENCE:1"), "{text}");
        assert!(text.contains("STATUS:CANCELLED"), "{text}");
    }

    async fn a_link_is_shown_once_and_a_new_one_makes_it_good_for_nothing(db: TestDatabase) {
        let stage = stage(&db).await;
        let port = Port::open(&stage.app).await;
        let first = path(&says(&stage, "mia", "review calendar").await);
        let there = says(&stage, "mia", "review calendar").await;
        assert!(there.contains("mia made a link for calendars on Mon 23 Nov 2026"), "{there}");
        assert!(!there.contains("/calendar/"), "{there}");
        assert!(there.contains("[New link] /isms review calendar renew:yes"), "{there}");
        let second = path(&stage.clicks("mia", "review calendar renew:yes").await.card().unwrap().plain());
        assert_ne!(first, second);
        assert_eq!(gets(&port, &first, None).await.0, 404);
        assert_eq!(gets(&port, &second, None).await.0, 200);
        // Of another workspace, or of none.
        let other = second.replace(&second[10..42], &"0".repeat(32));
        for wrong in [other.as_str(), "/calendar/x.ics", "/calendar/", &second[..second.len() - 4]] {
            assert_eq!(gets(&port, wrong, None).await.0, 404, "{wrong}");
        }
        let refused = says(&stage, "lea", "review calendar").await;
        assert!(refused.contains("you are here as a leader"), "{refused}");
        crate::intake::assert_sound_log(&stage).await;
    }

    async fn the_link_says_where_it_stands_if_the_operator_told(db: TestDatabase) {
        let mut stage = stage(&db).await;
        let nowhere = says(&stage, "mia", "review calendar").await;
        assert!(nowhere.contains("intake.public_url"), "{nowhere}");
        stage.app = stage.app.clone().with_public_url(Some("https://isms.example/"));
        let told = says(&stage, "mia", "review calendar renew:yes").await;
        assert!(told.contains("https://isms.example/calendar/"), "{told}");
    }
}
