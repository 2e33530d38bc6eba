//! Posting: limits, silence, closed direct messages.

use super::*;
use crate::harness::discord::{ANN, BOB, Fault, GUILD};
use crate::on_both_databases;

const POST: &str = "POST /channels/{channel}/messages";
const RAISE: &str = "/isms action new Patch the VPN";

on_both_databases! {
    async fn a_limit_is_waited_for(db: TestDatabase) {
        let discord = FakeDiscord::start().await;
        let bot = Bot::start(&db, &discord).await;
        discord.person(ANN).types(RAISE).await.card();
        discord.next(POST, Fault::Limited(30));
        bot.works().await;
        bot.waits(TimeDelta::seconds(20)).await;
        assert!(discord.channel(ISMS).messages().is_empty());
        assert_eq!(discord.calls(POST).len(), 1, "it is not asked again before the time");
        bot.waits(TimeDelta::seconds(40)).await;
        assert_eq!(discord.channel(ISMS).messages().len(), 1);
    }

    async fn what_was_taken_in_silence_is_found_and_not_doubled(db: TestDatabase) {
        let discord = FakeDiscord::start().await;
        let bot = Bot::start(&db, &discord).await;
        discord.person(ANN).types(RAISE).await.card();
        discord.next(POST, Fault::DoneThenSilent);
        bot.works().await;
        discord.forgets_nonces();
        bot.waits(TimeDelta::minutes(10)).await;
        assert_eq!(discord.channel(ISMS).messages().len(), 1);
        assert_eq!(discord.calls(POST).len(), 1, "it was found by its mark");
        discord.person(ANN).types("/isms action assign CA-1 me").await.card();
        bot.works().await;
        assert!(discord.channel(ISMS).messages()[0].is_edited());
        discord.is_content();
    }

    async fn whose_direct_messages_are_closed_is_called_in_the_channel(db: TestDatabase) {
        let discord = FakeDiscord::start().await;
        let bot = Bot::start(&db, &discord).await;
        discord.closes_dms(BOB);
        discord.person(ANN).types("/isms action new Patch the VPN owner:@bob").await.card();
        bot.works().await;
        let messages = discord.channel(ISMS).arrive(2).await;
        let calling: Vec<_> = messages.iter().filter(|m| m.calls() == [BOB]).collect();
        assert_eq!(calling.len(), 1);
        assert!(calling[0].text().contains("CA-1"), "{}", calling[0].text());
    }

    async fn a_message_that_somebody_deleted_is_posted_anew(db: TestDatabase) {
        let discord = FakeDiscord::start().await;
        let bot = Bot::start(&db, &discord).await;
        discord.person(ANN).types(RAISE).await.card();
        bot.works().await;
        discord.next("PATCH /channels/{channel}/messages/{message}", Fault::Code(10008, 404));
        discord.person(ANN).types("/isms action assign CA-1 me").await.card();
        bot.works().await;
        assert_eq!(discord.channel(ISMS).messages().len(), 2);
    }

    async fn a_server_that_removed_the_bot_is_left_alone_and_hears_of_it_when_the_bot_is_back(db: TestDatabase) {
        let discord = FakeDiscord::start().await;
        let bot = Bot::start(&db, &discord).await;
        discord.person(ANN).types("/isms action new Patch the VPN owner:@bob").await.card();
        discord.expels_the_bot_from(GUILD);
        bot.notes(&format!("removed {GUILD}")).await;
        bot.works().await;
        let tried = discord.calls(POST).len();
        assert!(tried > 0);
        bot.waits(TimeDelta::hours(3)).await;
        assert_eq!(discord.calls(POST).len(), tried, "it is not tried for a day");
        assert!(discord.channel(ISMS).messages().is_empty());

        discord.invites_the_bot_to(GUILD);
        bot.notes(&format!("there {GUILD}")).await;
        bot.works().await;
        let told = discord.dm(ANN).arrive(1).await;
        assert_eq!(told.len(), 1, "{:?}", told.iter().map(|m| m.text()).collect::<Vec<_>>());
        let text = told[0].text();
        assert!(text.contains("The bot was not here"), "{text}");
        assert!(text.contains("Mon 23 Nov 2026 at 09:00 CET"), "{text}");

        discord.person(ANN).types("/isms action new Train the team owner:@bob").await.card();
        bot.waits(TimeDelta::minutes(1)).await;
        assert!(discord.channel(ISMS).messages()[0].text().contains("CA-2"));
        assert_eq!(discord.dm(ANN).messages().len(), 1);
        assert!(discord.dm(BOB).messages()[0].text().contains("CA-2"), "nobody has left meanwhile");
    }

    async fn that_the_bot_was_removed_is_found_out_by_what_is_refused(db: TestDatabase) {
        let discord = FakeDiscord::start().await;
        let bot = Bot::start(&db, &discord).await;
        discord.person(ANN).types("/isms action new Patch the VPN owner:@bob").await.card();
        bot.works().await;
        bot.stop.cancel();
        discord.is_left_alone().await;
        discord.expels_the_bot_from(GUILD);
        let again = Bot::start(&db, &discord).await;
        discord.hellos(2).await;
        again.app.clock.advance(TimeDelta::days(60));
        again.works().await;
        again.works().await;
        discord.invites_the_bot_to(GUILD);
        again.notes(&format!("there {GUILD}")).await;
        again.works().await;
        let told = discord.dm(ANN).shows("that it was away", |m| m.text().contains("The bot was not here")).await;
        assert!(!told.text().contains("left"), "{}", told.text());
        assert!(discord.dm(ANN).messages().iter().all(|m| !m.text().contains("Bob Ito left")));
    }
}
