//! The other jobs of the bot, as people see them on every platform: the digest with its charts, the
//! request for a value, for a review input, the reminder. Each card is kept as the JSON that the
//! platform received.

use chrono::TimeDelta;
use isms_bot::clock::Clock;

use crate::harness::bot::Bot;
use crate::harness::everywhere::{Fake, Shown};
use crate::harness::stage::instant;
use crate::on_every_platform;

/// Monday, an hour before the digest; Ann manages, Bob measures.
async fn with_clicks(db: &crate::harness::database::TestDatabase, fake: &Fake) -> Bot {
    let clock = Clock::set_at(instant("2026-11-23T08:00:00+01:00"));
    let bot = Bot::start_with(db, fake, clock).await;
    let ann = fake.person("ann");
    let line = "/isms kpi new phishing-click-rate Phishing click rate unit:% direction:lower target:5 \
                warning:8 frequency:monthly measurer:@bob analyst:@ann";
    ann.types(line).await.card();
    // The schedules begin to count.
    bot.works().await;
    bot
}

on_every_platform! {
    async fn the_digest_comes_on_monday_with_its_chart_and_its_detail_in_the_thread(db: TestDatabase, fake: Fake) {
        let bot = with_clicks(&db, &fake).await;
        let bob = fake.person("bob");
        for month in 0..13 {
            let (year, month) = (2025 + (9 + month) / 12, (9 + month) % 12 + 1);
            let value = if (year, month) == (2026, 10) { 9.5 } else { 4.0 + f64::from(month % 2) };
            let line = format!("/isms kpi record phishing-click-rate {value} period:{year}-{month:02}");
            bob.types(&line).await.card();
        }
        bot.works().await;
        let alert = fake.dm("ann").arrive(1).await.remove(0);
        assert!(alert.buttons().contains(&"Raise action".to_owned()), "{:?}", alert.buttons());
        insta::assert_json_snapshot!(fake.named("alert"), alert.json());

        bot.waits(TimeDelta::hours(1)).await;
        let posted = fake.channel("isms").arrive(2).await;
        let (digest, detail) = (&posted[0], &posted[1]);
        insta::assert_json_snapshot!(fake.named("digest"), digest.json());
        assert_eq!(detail.thread(), Some(digest.id()));
        insta::assert_json_snapshot!(fake.named("digest_detail"), detail.json());
        let charts = fake.files();
        assert!(charts.iter().all(|(name, png)| name.ends_with(".png") && png.starts_with(b"\x89PNG")));
        assert!(!charts.is_empty());
        fake.is_content();
    }

    async fn a_value_is_asked_for_and_given_with_one_button(db: TestDatabase, fake: Fake) {
        let bot = with_clicks(&db, &fake).await;
        fake.person("bob").types("/isms kpi record phishing-click-rate 4 period:2026-10").await.card();
        bot.works().await;
        let before = fake.dm("bob").messages().len();
        // Bob sits in Tokyo, as Slack tells: nine o'clock there, on the first of December.
        bot.app.clock.move_to(fake.nine_of("bob", "2026-12-01"));
        bot.works().await;
        let asked = fake.dm("bob").arrive(before + 1).await.pop().unwrap();
        insta::assert_json_snapshot!(fake.named("value_wanted"), asked.json());
        let form = fake.person("bob").in_dm().clicks(&asked, "Record").await.form();
        let again = form.clone().fills(&[("value", "three")]).submits().await.form();
        assert!(again.error("value").await.is_some());
        assert_eq!(again.value("value").await.as_deref(), Some("three"));
        let receipt = again.fills(&[("value", "3,5"), ("period", "2026-11")]).submits().await.card();
        assert!(receipt.text().contains("3.5"), "{}", receipt.text());
        fake.is_content();
    }

    async fn a_review_input_is_asked_for_directly_and_answered_in_a_form(db: TestDatabase, fake: Fake) {
        let bot = Bot::start(&db, &fake).await;
        let ann = fake.person("ann");
        let receipt = ann.types("/isms review schedule 2026-12-15").await.card();
        insta::assert_json_snapshot!(fake.named("review_scheduled"), receipt.json());
        ann.types("/isms review assign MR-2026-Q4 f @bob").await.card();
        bot.works().await;
        let asked = fake.dm("bob").arrive(1).await.remove(0);
        insta::assert_json_snapshot!(fake.named("input_wanted"), asked.json());
        let bob = fake.person("bob").in_dm();
        let form = bob.clicks(&asked, "Answer").await.form();
        insta::assert_json_snapshot!(fake.named("input_form"), form.json());
        form.fills(&[("answer", "Two new risks,\nboth treated.")]).submits().await.card();
        let shown = ann.types("/isms review show MR-2026-Q4").await.card();
        assert!(shown.text().contains("Two new risks,"), "{}", shown.text());
        insta::assert_json_snapshot!(fake.named("review"), shown.json());
        fake.is_content();
    }

    async fn a_reminder_can_be_put_off_with_a_reason(db: TestDatabase, fake: Fake) {
        let bot = Bot::start(&db, &fake).await;
        let line = "/isms action new Shred the disks owner:@ann due:2026-11-25 severity:opportunity";
        fake.person("ann").types(line).await.card();
        bot.works().await;
        bot.app.clock.move_to(instant("2026-11-24T09:00:00+01:00"));
        bot.works().await;
        let reminder = fake.dm("ann").arrive(1).await.remove(0);
        insta::assert_json_snapshot!(fake.named("reminder"), reminder.json());
        let ann = fake.person("ann").in_dm();
        let form = ann.clicks(&reminder, "Snooze").await.form();
        let again = form.fills(&[("until", "2026-11-24"), ("reason", "No shredder")]).submits().await.form();
        assert!(again.error("until").await.is_some());
        assert_eq!(again.value("reason").await.as_deref(), Some("No shredder"));
        let receipt = again.fills(&[("until", "2026-11-27")]).submits().await.card();
        assert!(receipt.text().contains("Fri 27 Nov 2026"), "{}", receipt.text());
        fake.is_content();
    }

    async fn the_month_of_an_audit_is_announced(db: TestDatabase, fake: Fake) {
        let clock = Clock::set_at(instant("2027-07-20T09:00:00+02:00"));
        let bot = Bot::start_with(&db, &fake, clock).await;
        let ann = fake.person("ann");
        let plan = ann.types("/isms audit plan 2027").await.card();
        insta::assert_json_snapshot!(fake.named("programme"), plan.json());
        ann.types("/isms role grant @dee auditor training:Course").await;
        ann.types("/isms audit assign AUD-2027-08 @dee").await;
        bot.works().await;
        bot.app.clock.move_to(instant("2027-08-02T09:00:00+02:00"));
        bot.works().await;
        let told = fake.channel("isms").shows("August 2027").await;
        insta::assert_json_snapshot!(fake.named("audit_of_the_month"), told.json());
        fake.is_content();
    }

    async fn two_processes_answer_once_and_post_once(db: TestDatabase, fake: Fake) {
        let clock = Clock::set_at(instant("2026-11-23T09:00:00+01:00"));
        let one = Bot::start_with(&db, &fake, clock.clone()).await;
        let two = Bot::start_with(&db, &fake, clock).await;
        fake.listens(2).await;
        // Slack hands acts to both in turn; on Discord one leads.
        for n in 0..6 {
            let line = format!("/isms action new Step {n} owner:@bob severity:opportunity");
            fake.person("ann").types(&line).await.card();
            tokio::join!(one.works(), two.works());
        }
        // The pace of one channel may have put some off.
        while fake.channel("isms").messages().len() < 6 {
            one.app.clock.advance(TimeDelta::seconds(30));
            tokio::join!(one.works(), two.works());
        }
        assert_eq!(fake.channel("isms").messages().len(), 6);
        let told = fake.dm("bob").messages();
        let titles: std::collections::BTreeSet<&str> = told.iter().map(Shown::text).collect();
        assert_eq!(titles.len(), told.len(), "nobody is told twice");
        fake.is_content();
    }
}
