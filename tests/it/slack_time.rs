//! Time passes: what the bot posts by itself, and what becomes of it when processes die or are two.
//! The real faces and libraries against the fakes, on both databases.

use chrono::TimeDelta;
use isms_bot::outbox::{LEASE, worker};

use crate::harness::bot::Bot;
use crate::harness::everywhere::{Fake, Shown, Trouble};
use crate::harness::stage::instant;
use crate::on_every_platform;

/// Everything is done that is due at an instant.
async fn at(bot: &Bot, when: &str) {
    bot.app.clock.move_to(instant(when));
    bot.works().await;
}

/// What the bot asked someone for, oldest first.
fn asked(fake: &Fake, who: &str) -> Vec<Shown> {
    let messages = fake.dm(who).messages().into_iter();
    messages
        .filter(|message| {
            message.text().contains("needs you") || message.text().contains("need you")
        })
        .collect()
}

/// Ann, who works in Berlin, owes CA-1.
async fn owed_by_ann(fake: &Fake, bot: &Bot, due: &str) {
    let line = format!("/isms action new Patch the VPN owner:me due:{due}");
    fake.person("ann").types(&line).await.card();
    bot.works().await;
}

on_every_platform! {
    async fn a_reminder_comes_at_nine_by_the_owners_clock_before_and_after_it_is_put_forward(db: TestDatabase, fake: Fake) {
        let bot = Bot::start(&db, &fake).await;
        owed_by_ann(&fake, &bot, "2027-03-29").await;
        // A week before, in winter time: nine is eight in UTC.
        at(&bot, "2027-03-22T07:59:00Z").await;
        assert_eq!(asked(&fake, "ann").len(), 0);
        at(&bot, "2027-03-22T08:00:00Z").await;
        assert_eq!(asked(&fake, "ann").len(), 1);
        // The day before is a Sunday, so the day itself, in summer time: nine is seven in UTC.
        at(&bot, "2027-03-29T06:59:00Z").await;
        assert_eq!(asked(&fake, "ann").len(), 1);
        at(&bot, "2027-03-29T07:00:00Z").await;
        assert_eq!(asked(&fake, "ann").len(), 2);
        insta::assert_json_snapshot!(fake.named("reminder"), asked(&fake, "ann")[1].json());
        fake.is_content();
    }

    async fn reminders_go_on_over_the_new_year(db: TestDatabase, fake: Fake) {
        let bot = Bot::start(&db, &fake).await;
        owed_by_ann(&fake, &bot, "2027-01-04").await;
        at(&bot, "2026-12-28T09:00:00+01:00").await;
        assert_eq!(asked(&fake, "ann").len(), 1, "a week before");
        for day in ["2026-12-29", "2026-12-30", "2026-12-31", "2027-01-01"] {
            at(&bot, &format!("{day}T09:00:00+01:00")).await;
        }
        assert_eq!(asked(&fake, "ann").len(), 1);
        at(&bot, "2027-01-04T09:00:00+01:00").await;
        assert_eq!(asked(&fake, "ann").len(), 2, "the day before is a Sunday: on the day");
        fake.is_content();
    }

    async fn after_missed_mondays_the_digest_comes_once_and_says_it_is_late(db: TestDatabase, fake: Fake) {
        let bot = Bot::start(&db, &fake).await;
        let ann = fake.person("ann");
        ann.types("/isms kpi new incidents Incidents unit:incidents direction:lower target:3 frequency:weekly measurer:me").await.card();
        ann.types("/isms kpi record incidents 2 period:2026-W47").await.card();
        bot.works().await;
        // Off from Tuesday on, over two Mondays; back on a Wednesday.
        at(&bot, "2026-12-09T11:00:00+01:00").await;
        let digests = || -> Vec<Shown> {
            let all = fake.channel("isms").messages().into_iter();
            all.filter(|message| message.text().starts_with("KPI digest") && message.thread().is_none()).collect()
        };
        let late = digests();
        assert_eq!(late.len(), 1);
        assert!(late[0].text().contains("late"), "{}", late[0].text());
        insta::assert_json_snapshot!(fake.named("late_digest"), late[0].json());
        at(&bot, "2026-12-14T09:00:00+01:00").await;
        let next = digests();
        assert_eq!(next.len(), 2);
        assert!(!next[1].text().contains("This digest is late"), "{}", next[1].text());
        fake.is_content();
    }

    async fn a_process_that_dies_between_claim_send_and_mark_loses_and_doubles_nothing(db: TestDatabase, fake: Fake) {
        let bot = Bot::start(&db, &fake).await;
        fake.person("ann").types("/isms action new Patch the VPN owner:@bob due:2026-12-18").await.card();
        // Claimed, and the process is gone before it sends.
        assert_eq!(worker::claim(&bot.app).await.unwrap().len(), 2);
        bot.falls_silent().await;
        let second = Bot::start_with(&db, &fake, bot.app.clock.clone()).await;
        second.works().await;
        assert_eq!(fake.channel("isms").messages().len(), 0, "the lease still holds");
        second.waits(LEASE).await;
        assert_eq!(fake.channel("isms").messages().len(), 1);
        assert_eq!(fake.dm("bob").messages().len(), 1);

        // Sent, and the process is gone before it marks: the platform has the message, nobody knows.
        fake.person("ann").types("/isms action new Renew the certificate due:2026-12-18").await.card();
        fake.next_post(Trouble::TakenThenSilent);
        let jobs = worker::claim(&bot.app).await.unwrap();
        assert_eq!(jobs.len(), 1);
        worker::deliver(&bot.app, &jobs[0]).await.unwrap();
        second.waits(TimeDelta::minutes(10)).await;
        assert_eq!(fake.channel("isms").messages().len(), 2);
        fake.is_content();
    }

    async fn two_processes_on_one_database_post_nothing_twice(db: TestDatabase, fake: Fake) {
        let bot = Bot::start(&db, &fake).await;
        let second = Bot::start_with(&db, &fake, bot.app.clock.clone()).await;
        owed_by_ann(&fake, &bot, "2026-11-30").await;
        bot.app.clock.move_to(instant("2026-11-27T09:00:00+01:00"));
        tokio::join!(bot.works(), second.works());
        tokio::join!(second.works(), bot.works());
        bot.app.clock.move_to(instant("2026-11-30T09:00:00+01:00"));
        tokio::join!(bot.works(), second.works());
        assert_eq!(asked(&fake, "ann").len(), 1);
        assert_eq!(fake.channel("isms").messages().len(), 1);
        fake.is_content();
    }
}
