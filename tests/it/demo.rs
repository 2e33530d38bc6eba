//! The sample year holds together, on whichever day it is told.

use std::sync::Arc;

use isms_bot::app::{App, Defaults};
use isms_bot::chat::Platform;
use isms_bot::clock::Clock;
use isms_bot::record::{self, Verdict};
use isms_bot::schedule::rules::MONDAY_TO_FRIDAY;
use isms_bot::{demo, review, sql};

use crate::harness::database::TestDatabase;
use crate::harness::stage::{Desk, instant};

async fn told(db: &TestDatabase, until: &str) -> (App, Arc<Desk>) {
    let defaults = Defaults {
        zone: chrono_tz::Europe::Berlin,
        working_days: MONDAY_TO_FRIDAY,
        channels: [].into(),
    };
    let app = App::new(db.store().await, Clock::set_at(instant(until)), defaults);
    let desk = Arc::new(Desk::default());
    app.connect(Platform::Playground, desk.clone());
    demo::fill(&app, instant(until)).await.unwrap();
    (app, desk)
}

#[tokio::test]
async fn the_sample_year_is_told_on_any_day() {
    for until in [
        "2026-11-23T15:00:00+01:00",
        "2026-12-31T15:00:00+01:00",
        "2027-01-01T09:30:00+01:00",
        "2028-02-29T08:00:00+01:00",
    ] {
        let db = TestDatabase::sqlite().await;
        let (app, desk) = told(&db, until).await;
        let mut conn = app.store.read().await.unwrap();
        let workspaces = sql!(conn, people::list_workspaces()).unwrap();
        let workspace = workspaces[0].id;
        let states = sql!(conn, action::count_by_state(workspace)).unwrap();
        assert_eq!(states.len(), 6, "actions in all states: {states:?}");
        assert!(states.iter().map(|(_, count)| count).sum::<i64>() >= 14);
        assert_eq!(sql!(conn, kpi::list_kpis(workspace)).unwrap().len(), 11);
        let reviews = sql!(conn, review::list_reviews(workspace)).unwrap();
        let reviews: Vec<_> = reviews.iter().map(|review| review.state).collect();
        assert_eq!(
            reviews,
            [
                review::rules::State::Scheduled,
                review::rules::State::Finished
            ]
        );
        let mut audits = Vec::new();
        for year in sql!(conn, audit::list_years(workspace)).unwrap() {
            let year = i32::try_from(year).unwrap();
            audits.extend(sql!(conn, audit::list_audits(workspace, year)).unwrap());
        }
        // One is behind, on purpose; a year of overdue audits would be no sample of anything.
        let today = instant(until).date_naive();
        let behind = audits.iter().filter(|audit| audit.overdue(today)).count();
        assert_eq!(behind, 1, "{until}");
        let digests: Vec<_> = desk
            .in_channel("isms")
            .into_iter()
            .filter(|card| {
                card.title
                    .as_deref()
                    .is_some_and(|title| title.starts_with("KPI digest"))
            })
            .collect();
        let last = digests.last().expect("a Monday was among the last days");
        assert_eq!(
            last.pictures().count(),
            2,
            "two KPIs signal: {}",
            last.plain()
        );
        let verdict = record::verify(&mut conn, workspace).await.unwrap();
        assert!(matches!(verdict, Verdict::Sound(_)), "{verdict:?}");
    }
}
