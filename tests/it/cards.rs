//! Every card and form, as the JSON that each platform received: what a change does to what people
//! read is seen in the change.

use serde_json::Value;

use crate::harness::bot::Bot;
use crate::harness::database::TestDatabase;
use crate::harness::everywhere::{Fake, Shown};
use crate::harness::stage::instant;
use crate::on_every_platform;

mod auditor;
mod conduct;
mod glance;
mod later;
mod minutes;
mod plan;
mod programme;
mod said;

/// Lines of one walk: who says what, and the name of what comes of it.
type Lines = &'static [(&'static str, &'static str, &'static str)];

/// All that is said: a long walk with a week in it, and then each room's.
pub const WALKS: &[Lines] = &[
    said::SAID,
    later::SAID,
    programme::SAID,
    auditor::SAID,
    conduct::SAID,
    plan::SAID,
    minutes::SAID,
    glance::SAID,
];

on_every_platform! {
    async fn every_card_is_as_it_was(db: TestDatabase, fake: Fake) {
        let bot = Bot::start(&db, &fake).await;
        // Schedules count from when the bot first sees whom they are for.
        for who in ["ann", "bob"] {
            fake.person(who).types("/isms help").await;
        }
        bot.works().await;
        say(&fake, said::SAID).await;
        // What was said goes out before the digest, which would otherwise race it into the channel.
        bot.works().await;
        // The first Monday after, and the first working day of the month.
        for when in ["2026-11-30T09:00:00+01:00", "2026-12-01T09:00:00+01:00"] {
            bot.app.clock.move_to(instant(when));
            bot.works().await;
        }
        let channel = in_order(fake.channel("isms").messages());
        insta::assert_json_snapshot!(fake.named("channel_after_a_week"), channel);
        for who in ["ann", "bob"] {
            let told = in_order(fake.dm(who).messages());
            let name = format!("told_to_{}", fake.called(who));
            insta::assert_json_snapshot!(fake.named(&name), told);
        }
        say(&fake, later::SAID).await;
        fake.is_content();
    }

    async fn the_cards_of_an_audit_programme_are_as_they_were(db: TestDatabase, fake: Fake) {
        walk(&db, &fake, programme::SAID).await;
    }

    async fn the_cards_about_auditors_are_as_they_were(db: TestDatabase, fake: Fake) {
        walk(&db, &fake, auditor::SAID).await;
    }

    async fn the_cards_of_an_audit_under_way_are_as_they_were(db: TestDatabase, fake: Fake) {
        walk(&db, &fake, conduct::SAID).await;
    }

    async fn the_cards_of_the_cycle_at_a_glance_are_as_they_were(db: TestDatabase, fake: Fake) {
        walk(&db, &fake, glance::SAID).await;
    }

    async fn the_cards_of_a_planned_review_are_as_they_were(db: TestDatabase, fake: Fake) {
        walk(&db, &fake, plan::SAID).await;
    }

    async fn the_cards_of_a_meeting_are_as_they_were(db: TestDatabase, fake: Fake) {
        walk(&db, &fake, minutes::SAID).await;
    }
}

/// A walk in a workspace of its own.
async fn walk(db: &TestDatabase, fake: &Fake, said: Lines) {
    let bot = Bot::start(db, fake).await;
    say(fake, said).await;
    bot.works().await;
    fake.is_content();
}

#[test]
fn every_card_has_a_name_of_its_own() {
    let mut names: Vec<_> = WALKS
        .iter()
        .flat_map(|lines| lines.iter())
        .map(|(.., name)| name)
        .collect();
    names.sort_unstable();
    let twice = names.windows(2).find(|pair| pair[0] == pair[1]);
    assert_eq!(twice, None);
}

/// Says each line, and compares what comes back.
async fn say(fake: &Fake, said: Lines) {
    for (who, words, name) in said {
        let line = format!("/isms {words}");
        if fake.cannot(&line) {
            continue;
        }
        let json = fake.person(who).types(&line).await.json();
        insta::assert_json_snapshot!(fake.named(name), json);
    }
}

/// What is due at the same time is sent at the same time, and arrives in any order.
fn in_order(mut messages: Vec<Shown>) -> Vec<Value> {
    messages.sort_by_key(|message| message.text().to_owned());
    messages.iter().map(Shown::json).collect()
}
