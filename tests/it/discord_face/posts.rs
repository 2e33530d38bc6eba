//! Posting: limits, silence, closed direct messages.

use super::*;
use crate::harness::discord::{ANN, BOB, Fault};
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
}
