//! What does not work, and who was refused, reaches the managers once.

use chrono::TimeDelta;
use isms_bot::chat::{Card, Refusal};
use isms_bot::people::Role::{Manager, Member};

use crate::harness::database::TestDatabase;
use crate::harness::stage::Stage;
use crate::on_both_databases;

async fn team(db: &TestDatabase) -> Stage {
    let stage = Stage::new(db, "2026-11-23T10:00:00+01:00").await;
    for name in ["mia", "max"] {
        stage.person(name, Manager, "Europe/Berlin").await;
    }
    stage.person("ann", Member, "Europe/Berlin").await;
    stage
}

/// What a person was told that has these words.
fn told(stage: &Stage, who: &str, words: &str) -> Vec<String> {
    let cards = stage.desk.to(who);
    let plain = cards.iter().map(Card::plain);
    plain.filter(|card| card.contains(words)).collect()
}

on_both_databases! {
    async fn a_refusal_is_an_event_and_reaches_each_manager_once_in_thirty_days(db: TestDatabase) {
        let stage = team(&db).await;
        let ann = stage.person("ann", Member, "Europe/Berlin").await;
        for _ in 0..3 {
            stage.says("ann", "audit plan 2027").await;
            stage.work().await;
        }
        let events = stage.history(&ann.id.to_string()).await;
        let denied: Vec<_> = events.iter().filter(|past| past.kind == "denied").collect();
        assert_eq!(denied.len(), 3);
        assert_eq!(denied[0].data["command"], "audit plan");
        for manager in ["mia", "max"] {
            let cards = told(&stage, manager, "wanted to use audit plan");
            assert_eq!(cards.len(), 1, "{cards:#?}");
            assert!(cards[0].contains("[Grant a role] /isms role grant <@ann>"), "{}", cards[0]);
        }
        assert!(stage.desk.to("ann").is_empty(), "she had her answer");
        stage.says("ann", "kpi new").await;
        stage.work().await;
        assert_eq!(told(&stage, "mia", "wanted to use kpi new").len(), 1, "another command is another refusal");
        stage.app.clock.advance(TimeDelta::days(30));
        stage.says("ann", "audit plan 2027").await;
        stage.work().await;
        assert_eq!(told(&stage, "mia", "wanted to use audit plan").len(), 2);
        // With the role the messages have nothing left to ask for.
        stage.says("mia", "role grant @ann manager").await;
        stage.work().await;
        assert_eq!(told(&stage, "mia", "wanted").len(), 0);
    }

    async fn a_manager_is_not_told_of_the_own_refusal(db: TestDatabase) {
        let stage = team(&db).await;
        stage.says("mia", "review sign MR-2026-Q4 fine").await;
        stage.work().await;
        assert!(stage.desk.to("mia").is_empty());
        assert_eq!(told(&stage, "max", "wanted to use review sign").len(), 1);
    }

    async fn a_channel_that_takes_nothing_is_told_once_until_a_message_gets_there_again(db: TestDatabase) {
        let stage = team(&db).await;
        for why in [Refusal::ChannelArchived, Refusal::NotInChannel, Refusal::Restricted, Refusal::ChannelNotFound] {
            stage.desk.closes("isms", Some(why.clone()));
            for title in ["One", "Two"] {
                stage.says("mia", &format!("action new {title}")).await;
                stage.work().await;
            }
            let cards = told(&stage, "max", "I cannot post in #isms");
            assert_eq!(cards.len(), 1, "{why}: {cards:#?}");
            stage.desk.closes("isms", None);
            stage.says("mia", "action new Three").await;
            stage.work().await;
            stage.work().await;
            assert_eq!(told(&stage, "max", "I cannot post in #isms").len(), 0, "{why}: mended, and so edited");
            stage.app.clock.advance(TimeDelta::hours(1));
        }
        assert_eq!(told(&stage, "max", "Nothing here waits").len(), 4);
    }

    async fn a_person_who_cannot_be_reached_is_told_to_the_managers_and_not_taken_for_gone(db: TestDatabase) {
        let stage = team(&db).await;
        stage.person("bob", Member, "Europe/Berlin").await;
        stage.desk.is_there("bob");
        for (who, why) in [("ann", Refusal::Restricted), ("bob", Refusal::UnknownPerson)] {
            stage.desk.closes(who, Some(why));
            stage.says("mia", &format!("action new Patch owner:{who}")).await;
            stage.says("mia", &format!("action new Shred owner:{who}")).await;
            stage.work().await;
            stage.work().await;
            for manager in ["mia", "max"] {
                assert_eq!(told(&stage, manager, &format!("My messages do not reach @{who}")).len(), 1);
            }
            assert!(told(&stage, "mia", &format!("{who} left")).is_empty());
        }
    }

    async fn a_person_whom_the_platform_does_not_know_any_more_has_left(db: TestDatabase) {
        let stage = team(&db).await;
        stage.desk.closes("ann", Some(Refusal::UnknownPerson));
        stage.says("mia", "action new Patch owner:ann").await;
        stage.work().await;
        stage.work().await;
        assert_eq!(told(&stage, "max", "ann left").len(), 1);
    }

    async fn a_refused_token_is_told_when_it_works_again(db: TestDatabase) {
        let stage = team(&db).await;
        for place in ["isms", "ann", "mia", "max"] {
            stage.desk.closes(place, Some(Refusal::TokenRevoked));
        }
        stage.says("mia", "action new Patch owner:ann").await;
        stage.work().await;
        for place in ["isms", "ann", "mia", "max"] {
            stage.desk.closes(place, None);
        }
        stage.work().await;
        assert!(stage.desk.all().is_empty(), "nothing was sent since");
        stage.app.clock.advance(TimeDelta::hours(5));
        stage.says("mia", "action new Shred").await;
        stage.work().await;
        stage.work().await;
        for manager in ["mia", "max"] {
            let cards = told(&stage, manager, "The bot could not speak");
            assert_eq!(cards.len(), 1, "{cards:#?}");
            assert!(cards[0].contains("Mon 23 Nov 2026 at 10:00 CET"), "{}", cards[0]);
        }
        let home = stage.says("mia", "home").await.card().unwrap().plain();
        assert!(!home.contains("Troubles"), "{home}");
    }
}
