//! The gateway: who holds it, how it breaks, what is registered.

use super::*;
use crate::harness::discord::ANN;
use crate::on_both_databases;

on_both_databases! {
    async fn commands_are_registered_only_when_they_changed(db: TestDatabase) {
        let discord = FakeDiscord::start().await;
        let bot = Bot::start(&db, &discord).await;
        discord.person(ANN).types("/isms status").await.card();
        assert_eq!(discord.registrations(), 1);
        assert_eq!(discord.commands("").len(), 6);
        bot.stop.cancel();
        bot.ends().await.unwrap();
        discord.is_left_alone().await;

        let _again = Bot::start(&db, &discord).await;
        discord.hellos(2).await;
        discord.person(ANN).types("/isms status").await.card();
        assert_eq!(discord.registrations(), 1);
        discord.is_content();
    }

    async fn one_of_several_processes_holds_the_gateway_and_another_takes_over(db: TestDatabase) {
        let discord = FakeDiscord::start().await;
        let first = Bot::start(&db, &discord).await;
        discord.hellos(1).await;
        let second = Bot::start(&db, &discord).await;
        discord.person(ANN).types("/isms action new Patch the VPN").await.card();
        assert_eq!(discord.identifies(), 1);
        second.works().await;
        assert_eq!(discord.channel(ISMS).messages().len(), 1, "the other one sends");

        first.stop.cancel();
        first.ends().await.unwrap();
        discord.hellos(2).await;
        discord.person(ANN).types("/isms status").await.card();
        discord.is_content();
        drop(second);
    }
}

/// What has nothing to do with a database is tried on one.
async fn on_sqlite() -> (FakeDiscord, TestDatabase) {
    (FakeDiscord::start().await, TestDatabase::sqlite().await)
}

#[tokio::test]
async fn a_dropped_connection_is_joined_again() {
    let (discord, db) = on_sqlite().await;
    let _bot = Bot::start(&db, &discord).await;
    discord.hellos(1).await;
    discord.drops_connections();
    discord.hellos(2).await;
    discord.person(ANN).types("/isms status").await.card();
    discord.is_content();
}

#[tokio::test]
async fn a_resume_that_is_never_answered_is_given_up() {
    let (discord, db) = on_sqlite().await;
    discord.wants_heartbeats_every(300);
    let _bot = Bot::start(&db, &discord).await;
    discord.hellos(1).await;
    discord.leaves_resumes_unanswered(true);
    discord.drops_connections();
    discord.hellos(2).await;
    assert_eq!(discord.identifies(), 2);
    discord.person(ANN).types("/isms status").await.card();
}

#[tokio::test]
async fn a_refused_token_or_refused_intents_end_it_and_say_which() {
    let (discord, db) = on_sqlite().await;
    discord.refuses_intents();
    let bot = Bot::start(&db, &discord).await;
    assert_eq!(bot.ends().await, Err(RunError::Intents));

    let (discord, db) = on_sqlite().await;
    let bot = Bot::start(&db, &discord).await;
    discord.hellos(1).await;
    discord.revokes_the_token();
    discord.closes_connections(4004);
    assert_eq!(bot.ends().await, Err(RunError::Token));

    let bot = Bot::start(&db, &discord).await;
    assert_eq!(bot.ends().await, Err(RunError::Token));
}
