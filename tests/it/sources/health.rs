//! How sources go: asked when a period is over, told once when they fail, never zero.

use isms_bot::kpi::source::collect::collect_due;
use serde_json::json;

use super::{hosts, kpi, said, stage, told};
use crate::harness::database::TestDatabase;
use crate::harness::documents::{Documents, Plain};
use crate::harness::stage::Stage;
use crate::on_both_databases;

/// A KPI `open` whose values are in the plain document.
async fn asked(db: &TestDatabase) -> (Stage, Documents) {
    let fake = Documents::start(&[]).await;
    let stage = stage(db, hosts(&[fake.host()])).await;
    kpi(&stage, "open", "tickets").await;
    let url = fake.at("/plain");
    said(
        &stage,
        "maya",
        &format!("source http open url:{url} pointer:/data/open"),
        "JSON",
    )
    .await;
    (stage, fake)
}

on_both_databases! {
    async fn a_value_is_fetched_when_its_period_is_over_and_not_before(db: TestDatabase) {
        let (stage, fake) = asked(&db).await;
        stage.move_to("2026-12-01T00:10:00+01:00").await;
        assert!(fake.heard().is_empty(), "November is not over, or just now");
        stage.move_to("2026-12-01T09:00:00+01:00").await;
        assert_eq!(fake.heard().len(), 1, "asked once");
        let show = said(&stage, "tom", "kpi show open", "7 tickets in 2026-11").await;
        assert!(show.contains("last worked Tue 1 Dec 2026 01:10"), "{show}");
        assert!(!show.contains("2026-10"), "{show}");
        let events = stage.history("open").await;
        let value = events.iter().find(|past| past.kind == "value-recorded").unwrap();
        assert_eq!(value.actor, None);
        assert_eq!(value.data["via"], "http");
        // Nobody was asked for it.
        assert!(told(&stage, "tom", "2026-11").is_empty());
        said(&stage, "tom", "mine", "Nothing").await;
    }

    async fn a_failing_source_is_told_once_turns_stale_and_is_never_zero(db: TestDatabase) {
        let (stage, fake) = asked(&db).await;
        stage.move_to("2026-12-01T09:00:00+01:00").await;
        fake.plain(Plain::Refuses(503));
        // Thursday, New Year's Eve; the failure is in the night, the message comes in the morning.
        stage.move_to("2027-01-01T08:30:00+01:00").await;
        assert!(fake.heard().len() > 3, "it is tried again");
        assert!(told(&stage, "tom", "A source fails").is_empty(), "not before he works");
        stage.move_to("2027-01-01T09:30:00+01:00").await;
        let cards = told(&stage, "tom", "A source fails");
        assert_eq!(cards.len(), 1, "{cards:#?}");
        assert!(cards[0].contains("503 Service Unavailable"), "{}", cards[0]);
        assert!(cards[0].contains("[Record by hand] /isms kpi record open"), "{}", cards[0]);
        assert_eq!(told(&stage, "maya", "A source fails").len(), 1, "the manager sees the trouble");
        said(&stage, "maya", "status", "1 fails: open").await;
        said(&stage, "maya", "source list", "fails since Fri 1 Jan 2027").await;
        said(&stage, "tom", "kpi show open", "fails since Fri 1 Jan 2027").await;
        said(&stage, "tom", "mine", "the value for 2026-12").await;
        stage.move_to("2027-01-09T10:00:00+01:00").await;
        said(&stage, "tom", "kpi list", "missing").await;
        stage.move_to("2027-02-09T10:00:00+01:00").await;
        let list = said(&stage, "tom", "kpi list", "stale").await;
        assert!(list.contains("7 tickets") && !list.contains("  0 tickets"), "{list}");
        assert_eq!(told(&stage, "tom", "A source fails").len(), 1, "once for all of it");
        let failed = stage.history("open").await.into_iter();
        assert_eq!(failed.filter(|past| past.kind == "source-failed").count(), 1);

        // It works again: the messages say so, and the last period has its value.
        fake.plain(Plain::Says(json!({ "data": { "open": "9" } })));
        stage.move_to("2027-02-09T17:00:00+01:00").await;
        assert!(told(&stage, "tom", "A source fails").is_empty());
        assert_eq!(told(&stage, "tom", "works again since Tue 9 Feb 2027").len(), 1);
        assert!(told(&stage, "maya", "A source fails").is_empty());
        let show = said(&stage, "tom", "kpi show open", "9 tickets in 2027-01").await;
        // A document that says how things stand now knows nothing of December.
        assert!(show.contains("Asked on Tue 9 Feb 2027"), "{show}");
        assert!(!show.contains("2026-12"), "{show}");
        let status = said(&stage, "maya", "status", "Actions").await;
        assert!(!status.contains("Sources"), "{status}");
    }

    async fn a_source_that_comes_back_before_it_is_told_is_no_news(db: TestDatabase) {
        let (stage, fake) = asked(&db).await;
        fake.plain(Plain::Refuses(500));
        stage.sleep_until("2026-12-01T09:16:00+01:00").await;
        stage.sleep_until("2026-12-01T09:22:00+01:00").await;
        assert_eq!(fake.heard().len(), 2);
        said(&stage, "maya", "source list", "500 Internal Server Error").await;
        fake.plain(Plain::Says(json!({ "data": { "open": 1 } })));
        stage.sleep_until("2026-12-01T09:40:00+01:00").await;
        said(&stage, "tom", "kpi show open", "1 ticket in 2026-11").await;
        assert!(stage.desk.to("tom").is_empty(), "{:#?}", stage.desk.to("tom"));
        assert!(told(&stage, "maya", "source").is_empty());
    }

    async fn what_was_recorded_by_hand_stands(db: TestDatabase) {
        let (stage, fake) = asked(&db).await;
        fake.plain(Plain::Refuses(500));
        stage.move_to("2026-12-01T09:30:00+01:00").await;
        assert_eq!(told(&stage, "tom", "A source fails").len(), 1);
        said(&stage, "tom", "kpi record open 4", "4 tickets in 2026-11 recorded").await;
        fake.plain(Plain::Says(json!({ "data": { "open": 9 } })));
        stage.move_to("2026-12-02T09:30:00+01:00").await;
        said(&stage, "tom", "kpi show open", "4 tickets in 2026-11").await;
    }

    async fn another_source_or_a_pause_ends_the_trouble(db: TestDatabase) {
        let (stage, fake) = asked(&db).await;
        fake.plain(Plain::Refuses(500));
        stage.move_to("2026-12-01T09:30:00+01:00").await;
        said(&stage, "maya", "kpi pause open The scanner is replaced", "paused").await;
        stage.work().await;
        assert!(told(&stage, "tom", "A source fails").is_empty());
        assert!(told(&stage, "maya", "A source fails").is_empty());
        said(&stage, "maya", "kpi resume open", "measured again").await;
        stage.move_to("2026-12-02T09:30:00+01:00").await;
        assert_eq!(told(&stage, "tom", "A source fails").len(), 1, "it fails anew");
        said(&stage, "maya", "source manual open", "said in chat").await;
        stage.work().await;
        assert!(told(&stage, "tom", "A source fails").is_empty());
        assert!(told(&stage, "maya", "A source fails").is_empty());
    }

    async fn of_several_processes_one_asks(db: TestDatabase) {
        let (stage, fake) = asked(&db).await;
        let mut others = Vec::new();
        for _ in 0..3 {
            let other = stage.beside(&db).await;
            others.push(other.with_sources((*stage.app.sources).clone()));
        }
        stage.app.clock.move_to(crate::harness::stage::instant("2026-12-01T09:00:00+01:00"));
        let all = others.iter().chain([&stage.app]).map(collect_due);
        for done in futures::future::join_all(all).await {
            done.unwrap();
        }
        assert_eq!(fake.heard().len(), 1);
        let events = stage.history("open").await.into_iter();
        assert_eq!(events.filter(|past| past.kind == "value-recorded").count(), 1);
    }

    async fn nothing_is_asked_while_the_database_is_held(db: TestDatabase) {
        let (stage, fake) = asked(&db).await;
        fake.plain(Plain::SaysNothing);
        stage.app.clock.move_to(crate::harness::stage::instant("2026-12-01T09:00:00+01:00"));
        let app = stage.app.clone();
        let asking = tokio::spawn(async move { collect_due(&app).await });
        while fake.heard().is_empty() {
            tokio::task::yield_now().await;
        }
        // The source is silent, and people are answered all the same.
        said(&stage, "tom", "kpi record open 3", "recorded").await;
        asking.abort();
    }
}
