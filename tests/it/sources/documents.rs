//! Values in JSON documents: the shapes of real programs, and what goes wrong with them.

use std::time::Duration;

use isms_bot::kpi::source::fetch::{Header, HostSecret, Sources};
use serde_json::json;

use super::{hosts, kpi, plain, said, secret, stage};
use crate::harness::documents::{Documents, ELASTIC, JIRA, Plain, SENTINEL, WAZUH};
use crate::on_both_databases;

/// Three things were made in November (Berlin), one an hour too early and one an hour too late.
const MADE: [&str; 5] = [
    "2026-10-31T22:30:00Z",
    "2026-10-31T23:30:00Z",
    "2026-11-15T12:00:00Z",
    "2026-11-30T22:30:00Z",
    "2026-11-30T23:30:00Z",
];

on_both_databases! {
    async fn elastic_wazuh_jira_and_sentinel_are_asked_as_docs_sources_md_says(db: TestDatabase) {
        let fake = Documents::start(&MADE).await;
        let host = fake.host();
        let secrets = [("elastic", ELASTIC), ("wazuh", WAZUH), ("jira", JIRA), ("sentinel", SENTINEL)];
        let secrets = secrets.map(|(name, words)| secret(name, &host, &format!("Authorization: {words}")));
        let stage = stage(&db, Sources::new(vec![host.clone()], secrets.to_vec())).await;
        // The examples of the document, with its hosts replaced by the fake.
        let document = include_str!("../../../docs/sources.md");
        let mut lines = Vec::new();
        for line in document.lines().filter_map(|line| line.strip_prefix("/isms source http ")) {
            let (before, after) = line.split_once("https://").unwrap();
            let (_, path) = after.split_once('/').unwrap();
            lines.push(format!("source http {before}http://{host}/{path}"));
        }
        assert_eq!(lines.len(), 4, "{lines:#?}");
        for (line, unit) in lines.iter().zip(["alerts", "agents", "tickets", "incidents"]) {
            let key = line.split(' ').nth(2).unwrap();
            kpi(&stage, key, unit).await;
            said(&stage, "maya", line, "a JSON document").await;
        }
        stage.move_to("2026-12-01T09:00:00+01:00").await;
        for (key, value) in [
            ("siem-alerts", "3 alerts in 2026-11"),
            ("agents-offline", "3 agents in 2026-11"),
            // Jira's days are days of its own clock, UTC here.
            ("security-tickets", "3 tickets in 2026-11"),
            ("sentinel-incidents", "3 incidents in 2026-11"),
        ] {
            said(&stage, "tom", &format!("kpi show {key}"), value).await;
        }
        let heard = fake.heard();
        assert!(heard.iter().all(|heard| heard.authorization.is_some()), "{heard:?}");
        // Sources are asked side by side, in any order.
        assert!(heard.iter().any(|heard| heard.path.starts_with("/rest/api/2/search?")), "{heard:?}");
        // Every secret is nowhere but in the request.
        let list = said(&stage, "tom", "source list", "siem-alerts").await;
        for words in [ELASTIC, WAZUH, JIRA, SENTINEL] {
            assert!(!list.contains(words));
        }
        let log = format!("{:?}", stage.history("siem-alerts").await);
        assert!(log.contains("\"elastic\"") && !log.contains("ApiKey"), "{log}");
    }

    async fn a_try_shows_the_value_and_records_nothing(db: TestDatabase) {
        let fake = Documents::start(&[]).await;
        let stage = stage(&db, hosts(&[fake.host()])).await;
        kpi(&stage, "open", "tickets").await;
        let url = fake.at("/plain");
        said(&stage, "maya", &format!("source http open url:{url} pointer:/data/open factor:2"), "Try it").await;
        let words = said(&stage, "tom", "source try open", "14 tickets in 2026-10, warning").await;
        assert!(words.contains("nothing is recorded"), "{words}");
        said(&stage, "maya", &format!("source http open url:{url} pointer:/data/opn"), "JSON").await;
        said(&stage, "maya", "source try open", "/data has open").await;
        let events = stage.history("open").await;
        assert!(events.iter().all(|past| past.kind != "value-recorded"));
        said(&stage, "maya", "source manual open", "said in chat").await;
        said(&stage, "maya", "source try open", "no source that could be asked").await;
    }

    async fn what_may_not_be_asked_is_refused_beside_its_field(db: TestDatabase) {
        let fake = Documents::start(&[]).await;
        let foreign = secret("theirs", "other.example", "Authorization: x");
        let stage = stage(&db, Sources::new(vec![fake.host()], vec![foreign])).await;
        kpi(&stage, "open", "tickets").await;
        let url = fake.at("/plain");
        for (words, answer) in [
            ("url:http://127.0.0.1:1/x pointer:/a".to_owned(), "I may not ask 127.0.0.1:1"),
            ("url:ftp://a.example pointer:/a".to_owned(), "is not an address"),
            ("url:https://ann:pw@a.example pointer:/a".to_owned(), "Leave the name and password out"),
            (format!("url:{url} pointer:data.open"), "perhaps /data/open"),
            (format!("url:{url} pointer:/a secret:none"), "There is no secret none"),
            (format!("url:{url} pointer:/a secret:theirs"), "theirs is not meant for"),
            (format!("url:{url} pointer:/a factor:0"), "every value would be zero"),
        ] {
            said(&stage, "maya", &format!("source http open {words}"), answer).await;
        }
        assert!(fake.heard().is_empty());
        said(&stage, "tom", &format!("source http open url:{url} pointer:/a"), "for a manager").await;
    }

    async fn an_answer_stays_on_its_host_comes_in_time_and_is_small(db: TestDatabase) {
        let fake = Documents::start(&[]).await;
        let other = Documents::start(&[]).await;
        let sources = hosts(&[fake.host(), other.host()]).within(Duration::from_millis(500));
        let stage = stage(&db, sources).await;
        kpi(&stage, "open", "tickets").await;
        let ask = |path: &str| format!("source http open url:{} pointer:/data/open", fake.at(path));
        // On its own host a redirect is followed.
        said(&stage, "maya", &ask("/moved"), "JSON").await;
        said(&stage, "maya", "source try open", "7 tickets").await;
        said(&stage, "maya", &ask("/plain"), "JSON").await;
        for (does, answer) in [
            // Even if the other one is allowed: the secret was not meant for it.
            (Plain::SendsTo(other.at("/plain")), "sends on to another host"),
            (Plain::SaysNothing, "does not answer within 0.5 seconds"),
            (Plain::TooMuch, "more than 1024 KiB"),
            (Plain::Refuses(503), "503 Service Unavailable"),
            (Plain::Refuses(401), "is its secret right?"),
            (Plain::Says(json!({ "data": { "open": -3 } })), "-3 tickets is below zero"),
            (Plain::Says(json!([])), "the document is a list of 0"),
        ] {
            fake.plain(does);
            said(&stage, "maya", "source try open", answer).await;
        }
        assert!(other.heard().is_empty());
    }

    async fn a_secret_in_a_file_is_read_anew_for_every_request(db: TestDatabase) {
        let fake = Documents::start(&[]).await;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        let held = HostSecret {
            name: "token".to_owned(),
            host: fake.host(),
            header: Header::File(path.clone()),
        };
        let stage = stage(&db, Sources::new(vec![fake.host()], vec![held])).await;
        kpi(&stage, "open", "tickets").await;
        let url = fake.at("/plain");
        said(&stage, "maya", &format!("source http open url:{url} pointer:/data/open secret:token"), "JSON").await;
        said(&stage, "maya", "source try open", "the secret token cannot be read").await;
        for words in ["Bearer first", "Bearer second"] {
            std::fs::write(&path, format!("Authorization: {words}\n")).unwrap();
            said(&stage, "maya", "source try open", "7 tickets").await;
            assert_eq!(fake.heard().last().unwrap().authorization.as_deref(), Some(words));
        }
    }

    async fn a_form_keeps_what_was_typed_and_says_what_is_wrong(db: TestDatabase) {
        let fake = Documents::start(&[]).await;
        let stage = stage(&db, hosts(&[fake.host()])).await;
        kpi(&stage, "open", "tickets").await;
        let url = fake.at("/plain");
        let values = [("url", "http://elsewhere.example/"), ("pointer", "/data/open"), ("body", "{\"a\": \"{from}\"}")];
        let reply = stage.submits("maya", "source http open", &values).await;
        let words = format!("{reply:?}");
        assert!(words.contains("I may not ask elsewhere.example"), "{words}");
        assert!(words.contains("{from}"), "{words}");
        let values = [("url", url.as_str()), ("pointer", "/data/open"), ("body", "{\"a\": \"{from}\"}")];
        let reply = stage.submits("maya", "source http open", &values).await;
        assert!(plain(&reply).contains("a JSON document"), "{reply:?}");
    }
}
