//! Forms: modals, messages that ask bit by bit, completion, direct messages.

use super::*;
use crate::harness::discord::{ANN, BOB, CAI, GUILD, OTHER_GUILD};
use crate::on_both_databases;

on_both_databases! {
    async fn a_command_opens_a_form_whose_errors_keep_everything_that_was_filled_in(db: TestDatabase) {
        let discord = FakeDiscord::start().await;
        let bot = Bot::start(&db, &discord).await;
        let ann = discord.person(ANN);
        let form = ann.types("/isms action new").await.modal();
        let filled = [
            ("title", "Patch the *VPN* for @everyone"), ("owner", "bob"), ("severity", "major"),
            ("due", "2020-01-01"),
        ];
        let again = form.fills(&filled).submits().await.modal();
        assert!(again.error("due").await.unwrap().contains("past"), "{}", again.all_words());
        assert_eq!(again.value("title").await.as_deref(), Some("Patch the *VPN* for @everyone"));
        assert_eq!(again.value("owner").await.as_deref(), Some(BOB));
        assert_eq!(again.value("severity").await.as_deref(), Some("major"));
        let receipt = again.fills(&[("due", "friday")]).submits().await.card();
        assert!(receipt.ephemeral && receipt.text().contains("CA-1"), "{}", receipt.text());
        assert!(discord.channel(ISMS).messages().is_empty(), "the outbox posts, not the act");

        bot.works().await;
        let living = discord.channel(ISMS).arrive(1).await.remove(0);
        assert!(living.text().contains("Patch the *VPN* for @"), "{}", living.text());
        assert!(living.calls().is_empty(), "nobody is called by what was typed");
        ann.types("/isms action assign CA-1 @cai").await.card();
        bot.works().await;
        let living = discord.channel(ISMS).messages();
        assert_eq!(living.len(), 1);
        assert!(living[0].is_edited() && living[0].text().contains("Cai Jones"));
        discord.is_content();
    }

    async fn a_button_in_a_direct_message_knows_its_server(db: TestDatabase) {
        let discord = FakeDiscord::start().await;
        let bot = Bot::start(&db, &discord).await;
        discord.person(ANN).types("/isms action new Patch the VPN owner:@bob severity:opportunity due:friday").await.card();
        bot.works().await;
        let told = discord.dm(BOB).arrive(1).await.remove(0);
        let bob = discord.person(BOB);
        let form = bob.clicks(&told, "Done").await.modal();
        assert!(form.title().contains("CA-1"), "{}", form.title());
        let done = form.fills(&[("evidence", "All on 24.2")]).submits().await.card();
        assert!(done.text().contains("CA-1"), "{}", done.text());
        bot.works().await;
        discord.is_content();
    }

    async fn an_answer_that_takes_long_is_put_off_and_its_form_is_a_message(db: TestDatabase) {
        let discord = FakeDiscord::start().await;
        let waits = Waits { answer: Duration::ZERO, ..short() };
        let _bot = Bot::start_with(&db, &discord, waits).await;
        let ann = discord.person(ANN);
        let raised = ann.types("/isms action new Patch the VPN severity:opportunity").await.card();
        assert!(raised.text().contains("CA-1"), "{}", raised.text());
        let form = ann.types("/isms action done CA-1").await.modal();
        assert!(form.words().contains("CA-1 · Patch the VPN"), "{}", form.words());
        assert!(form.words().contains("Evidence"), "the fields stand in it: {}", form.words());
        let again = form.submits().await.modal();
        assert!(again.words().contains("⚠️"), "a send that is put off is answered: {}", again.words());
        let done = again.fills(&[("evidence", "All on 24.2")]).submits().await.card();
        assert!(done.text().contains("CA-1"), "{}", done.text());
        let shown = ann.types("/isms action show CA-1").await.card();
        assert!(shown.text().contains("All on 24.2"), "{}", shown.text());
        discord.is_content();
    }

    async fn a_form_that_a_modal_cannot_answer_goes_on_as_a_message(db: TestDatabase) {
        let discord = FakeDiscord::start().await;
        let _bot = Bot::start(&db, &discord).await;
        let ann = discord.person(ANN);
        ann.types("/isms action new Patch the VPN owner:@ann").await.card();
        let form = ann.types("/isms action done CA-1").await.modal();
        let again = form.fills(&[("evidence", "Seen"), ("check", "2020-01-01")]).submits().await.modal();
        assert!(again.error("check").await.is_some(), "{}", again.all_words());
        assert_eq!(again.value("evidence").await.as_deref(), Some("Seen"));
        let filled = [
            ("cause", "Nobody looked"), ("plan", "Look"), ("criterion", "A month without it"),
            ("check", "in 2 weeks"),
        ];
        let done = again.fills(&filled).submits().await.card();
        assert!(done.text().contains("CA-1"), "{}", done.text());
        discord.is_content();
    }

    async fn what_is_typed_is_completed_from_what_there_is(db: TestDatabase) {
        let discord = FakeDiscord::start().await;
        let _bot = Bot::start(&db, &discord).await;
        let ann = discord.person(ANN);
        ann.types("/isms action new Patch the VPN").await.card();
        ann.types("/isms action new Train the team").await.card();
        let all = ann.completes("action done", "action", "CA").await;
        assert_eq!(all.len(), 2);
        let found = ann.completes("action done", "action", "train").await;
        assert_eq!(found, [("CA-2 · Train the team".to_owned(), "CA-2".to_owned())]);
        ann.types("/isms kpi new clicks Clicks unit:% direction:lower target:5 frequency:monthly").await.card();
        let kpis = ann.completes("kpi chart", "kpi", "cli").await;
        assert_eq!(kpis[0].1, "clicks");
        discord.is_content();
    }

    async fn a_chart_is_a_picture_in_the_answer(db: TestDatabase) {
        let discord = FakeDiscord::start().await;
        let _bot = Bot::start(&db, &discord).await;
        let ann = discord.person(ANN);
        ann.types("/isms kpi new clicks Clicks unit:% direction:lower target:5 frequency:monthly").await.card();
        ann.types("/isms kpi record clicks 3 period:2026-10").await.card();
        let chart = ann.types("/isms kpi chart clicks").await.card();
        assert_eq!(chart.files(), ["clicks.png"], "{}", chart.text());
        assert!(discord.files()[0].1.starts_with(b"\x89PNG"));
        discord.is_content();
    }

    async fn a_direct_message_is_answered_with_three_ways_on(db: TestDatabase) {
        let discord = FakeDiscord::start().await;
        let _bot = Bot::start(&db, &discord).await;
        discord.hellos(1).await;
        let (ann, cai) = (discord.person(ANN), discord.person(CAI));
        cai.writes("hello?");
        let greeting = discord.dm(CAI).arrive(2).await.remove(1);
        assert_eq!(greeting.buttons().len(), 3);
        let unknown = cai.clicks(&greeting, "What waits for me").await.card();
        assert!(unknown.text().contains("do not know you yet"), "{}", unknown.text());

        cai.types("/isms status").await.card();
        let mine = cai.clicks(&greeting, "What waits for me").await.card();
        assert!(!mine.text().contains("do not know you"), "{}", mine.text());
        let there = cai.clone().in_dm().types("/isms action list").await.card();
        assert!(there.buttons().contains(&"Raise an action".to_owned()), "{}", there.text());

        ann.clone().types("/isms status").await.card();
        ann.clone().in_channel(crate::harness::discord::OTHER_ISMS).types("/isms status").await.card();
        let which = ann.in_dm().types("/isms mine").await.card();
        let servers = [GUILD, OTHER_GUILD].len();
        assert_eq!(which.buttons().len(), servers, "{}", which.text());
        let label = which.buttons().remove(0);
        let mine = which.clicks(&label).await.card();
        assert!(mine.buttons() != which.buttons(), "{}", mine.text());
        discord.is_content();
    }
}
