//! The life of an action (10.2), told on every platform, on both databases.

use chrono::TimeDelta;

use crate::harness::bot::Bot;
use crate::harness::everywhere::{Fake, Shown, Sight, Trouble};
use crate::on_every_platform;

/// The one living message of an action.
fn living(fake: &Fake) -> Shown {
    let mut messages = fake.channel("isms").messages();
    assert_eq!(messages.len(), 1, "one action, one message");
    messages.remove(0)
}

/// Ann raises an action for Bob, planned and due on 18 December.
async fn raised(fake: &Fake, bot: &Bot) {
    let ann = fake.person("ann");
    let receipt = ann
        .types("/isms action new Patch the VPN owner:@bob due:2026-12-18 cause:\"No one owns the patch list\" plan:\"Name an owner\" criterion:\"Three clean scans\"")
        .await
        .card();
    assert!(
        receipt.text().starts_with("CA-1 raised: Patch the VPN."),
        "{}",
        receipt.text()
    );
    bot.works().await;
}

on_every_platform! {
    async fn a_command_opens_a_form_and_the_form_raises_an_action(db: TestDatabase, fake: Fake) {
        let bot = Bot::start(&db, &fake).await;
        let form = fake.person("ann").types("/isms action new").await.form();
        insta::assert_json_snapshot!(fake.named("form_of_a_new_action"), form.json());

        let filled = form.fills(&[
            ("title", "Patch the <VPN>"),
            ("owner", "bob"),
            ("due", "2026-12-18"),
            ("severity", "Minor nonconformity"),
        ]);
        let receipt = filled.submits().await.card();
        assert!(receipt.is_ephemeral(), "only for Ann");
        insta::assert_json_snapshot!(fake.named("receipt_of_a_new_action"), receipt.json());

        assert!(fake.channel("isms").messages().is_empty(), "the outbox posts, not the act");
        bot.works().await;
        insta::assert_json_snapshot!(fake.named("living_message_of_a_new_action"), living(&fake).json());
        let told = fake.dm("bob").arrive(1).await.remove(0);
        insta::assert_json_snapshot!(fake.named("new_owner_is_told"), told.json());
        fake.is_content();
    }

    async fn a_wrong_field_is_named_and_nothing_that_was_typed_is_lost(db: TestDatabase, fake: Fake) {
        let bot = Bot::start(&db, &fake).await;
        let form = fake.person("ann").types("/isms action new").await.form();
        let again = form
            .fills(&[("title", "Patch the VPN"), ("due", "2026-01-01"), ("plan", "First\nthen")])
            .submits()
            .await
            .form();
        assert!(again.error("due").await.unwrap().contains("past"), "{:?}", again.error("due").await);
        assert_eq!(again.value("title").await.as_deref(), Some("Patch the VPN"));
        assert_eq!(again.value("plan").await.as_deref(), Some("First\nthen"));
        bot.works().await;
        assert!(fake.channel("isms").messages().is_empty(), "nothing was raised");

        let receipt = again.fills(&[("due", "2026-12-18")]).submits().await.card();
        assert!(receipt.text().starts_with("CA-1 raised"), "{}", receipt.text());
        fake.is_content();
    }

    async fn a_date_that_could_be_two_is_asked_again_with_what_was_typed(db: TestDatabase, fake: Fake) {
        let _bot = Bot::start(&db, &fake).await;
        let ann = fake.person("ann");
        let form = ann.types("/isms action new Patch the VPN due:03/04/2027").await.form();
        assert_eq!(form.value("title").await.as_deref(), Some("Patch the VPN"));
        assert_eq!(form.value("due").await.as_deref(), Some("03/04/2027"));
        assert!(form.error("due").await.unwrap().contains("2027-04-03"), "{:?}", form.error("due").await);
        let receipt = form.fills(&[("due", "2027-04-03")]).submits().await.card();
        assert!(receipt.text().contains("Sat 3 Apr 2027"), "{}", receipt.text());
        fake.is_content();
    }

    async fn an_owner_says_done_with_evidence_and_the_one_message_follows(db: TestDatabase, fake: Fake) {
        let bot = Bot::start(&db, &fake).await;
        raised(&fake, &bot).await;
        let before = living(&fake);
        assert!(!before.is_edited());

        let bob = fake.person("bob");
        let form = bob.clicks(&before, "Done").await.form();
        let receipt = form
            .fills(&[("evidence", "All laptops on 24.2, see https://wiki.example/vpn?a=1&b=2")])
            .submits()
            .await
            .card();
        assert!(receipt.text().starts_with("CA-1 done"), "{}", receipt.text());
        bot.works().await;
        let after = living(&fake);
        assert_eq!(after.id(), before.id(), "edited in place");
        assert!(after.is_edited());
        insta::assert_json_snapshot!(fake.named("living_message_of_a_done_action"), after.json());
        fake.is_content();
    }

    async fn a_nonconformity_is_not_done_before_its_cause_is_known(db: TestDatabase, fake: Fake) {
        let bot = Bot::start(&db, &fake).await;
        fake.person("ann").types("/isms action new Patch the VPN owner:@bob").await.card();
        bot.works().await;
        let form = fake.person("bob").clicks(&living(&fake), "Done").await.form();
        let again = form.fills(&[("evidence", "All patched")]).submits().await.form();
        assert!(again.error("cause").await.unwrap().contains("cause"), "{:?}", again.error("cause").await);
        assert_eq!(again.value("evidence").await.as_deref(), Some("All patched"));
        let given = [
            ("cause", "No one owned the list"),
            ("plan", "Ann owns it now"),
            ("criterion", "Three clean scans"),
        ];
        let receipt = again.fills(&given).submits().await.card();
        assert!(receipt.text().starts_with("CA-1 done"), "{}", receipt.text());
        fake.is_content();
    }

    async fn only_someone_else_and_only_later_can_say_that_it_worked(db: TestDatabase, fake: Fake) {
        let bot = Bot::start(&db, &fake).await;
        raised(&fake, &bot).await;
        let (ann, bob) = (fake.person("ann"), fake.person("bob"));
        bob.types("/isms action done CA-1 All laptops on 24.2").await.card();

        let own = bob.types("/isms action verify CA-1 effective I looked").await;
        assert!(words(&own).contains("someone else has to say"), "{}", words(&own));
        let early = ann.types("/isms action verify CA-1 effective Five sampled").await;
        assert!(words(&early).contains("Fri 22 Jan 2027"), "{}", words(&early));

        bot.waits(TimeDelta::days(61)).await;
        let form = ann.clicks(&living(&fake), "Verify").await.form();
        let receipt = form
            .fills(&[("result", "Yes, it worked"), ("note", "Five laptops sampled, all patched")])
            .submits()
            .await
            .card();
        assert!(receipt.text().starts_with("CA-1 verified"), "{}", receipt.text());
        bot.works().await;
        let after = living(&fake);
        assert!(after.text().contains("effective"), "{}", after.text());
        fake.is_content();
    }

    async fn one_form_has_one_effect(db: TestDatabase, fake: Fake) {
        let bot = Bot::start(&db, &fake).await;
        let form = fake.person("ann").types("/isms action new").await.form();
        form.fills(&[("title", "Patch the VPN")]).submits().await.card();
        fake.delivers_again().await;
        bot.works().await;
        living(&fake);
        let list = fake.person("ann").types("/isms action list").await.card();
        assert!(list.text().contains("CA-1") && !list.text().contains("CA-2"), "{}", list.text());
    }

    async fn a_message_that_was_taken_without_an_answer_is_not_doubled(db: TestDatabase, fake: Fake) {
        let bot = Bot::start(&db, &fake).await;
        fake.next_post(Trouble::TakenThenSilent);
        fake.person("ann").types("/isms action new Patch the VPN").await.card();
        bot.works().await;
        let ts = living(&fake).id().to_owned();
        bot.waits(TimeDelta::hours(2)).await;
        assert_eq!(fake.looks(), 1, "it was looked for");
        assert_eq!(fake.posts(), 1, "and found");

        // From now on that message is the living one.
        fake.person("ann").types("/isms action update CA-1 plan:Patch").await.card();
        bot.works().await;
        assert_eq!(living(&fake).id(), ts);
        assert!(living(&fake).is_edited());
    }

    async fn asked_to_slow_down_it_posts_once_and_not_before_the_time(db: TestDatabase, fake: Fake) {
        let bot = Bot::start(&db, &fake).await;
        fake.next_post(Trouble::Limited(600));
        fake.person("ann").types("/isms action new Patch the VPN").await.card();
        bot.works().await;
        bot.waits(TimeDelta::seconds(590)).await;
        assert_eq!(fake.posts(), 1);
        bot.waits(TimeDelta::seconds(20)).await;
        living(&fake);
        assert_eq!(fake.posts(), 2);
    }

    async fn an_archived_channel_is_recorded_and_does_not_stop_the_rest(db: TestDatabase, fake: Fake) {
        let bot = Bot::start(&db, &fake).await;
        fake.closes("isms");
        fake.person("ann").in_channel("elsewhere").types("/isms action new Patch owner:@bob").await.card();
        bot.works().await;
        fake.dm("bob").arrive(1).await;
        bot.waits(TimeDelta::hours(5)).await;
        let told = fake.dm("ann").arrive(1).await;
        assert!(told[0].text().contains("I cannot post in"), "{}", told[0].text());
        assert_eq!(fake.posts(), 3, "the refused one is not tried again");
    }

    async fn nobody_is_left_without_an_answer(db: TestDatabase, fake: Fake) {
        let _bot = Bot::start(&db, &fake).await;
        let bob = fake.person("bob");
        for (line, wanted) in [
            ("/isms actoin list", "action list"),
            ("/isms action show CA-99", "There is no CA-99 here."),
            ("/isms digest now", "is for a manager"),
            ("/isms", "/isms"),
            ("/isms help", "action"),
        ] {
            if fake.cannot(line) {
                continue;
            }
            let said = words(&bob.types(line).await);
            assert!(said.contains(wanted), "{line}: {said}");
        }
        fake.is_content();
    }
}

/// What a person reads, on a card or on a form.
fn words(sight: &Sight) -> String {
    match sight {
        Sight::Card(card) => format!("{}\n{}", card.text(), card.commands().join("\n")),
        Sight::Form(form) => form.all_words(),
    }
}
