//! The life of an action (10.2), told from Slack, on both databases.

use chrono::TimeDelta;

use crate::harness::bot::Bot;
use crate::harness::slack::{FakeSlack, Fault, Shown, Sight};
use crate::on_both_databases;

/// The one living message of an action.
fn living(slack: &FakeSlack) -> Shown {
    let mut messages = slack.channel("C0ISMS").messages();
    assert_eq!(messages.len(), 1, "one action, one message");
    messages.remove(0)
}

/// Ann raises an action for Bob, planned and due on 18 December.
async fn raised(slack: &FakeSlack, bot: &Bot) {
    let ann = slack.person("U0ANN");
    let receipt = ann
        .types("/isms action new Patch the VPN owner:@U0BOB due:2026-12-18 cause:\"No one owns the patch list\" plan:\"Name an owner\"")
        .await
        .card();
    assert!(
        receipt.text().starts_with("CA-1 raised: Patch the VPN."),
        "{}",
        receipt.text()
    );
    bot.works().await;
}

on_both_databases! {
    async fn a_command_opens_a_form_and_the_form_raises_an_action(db: TestDatabase) {
        let slack = FakeSlack::start().await;
        let bot = Bot::start(&db, &slack).await;
        let form = slack.person("U0ANN").types("/isms action new").await.modal();
        insta::assert_json_snapshot!("form_of_a_new_action", form.json());

        let filled = form.fills(&[
            ("title", "Patch the <VPN>"),
            ("owner", "U0BOB"),
            ("due", "2026-12-18"),
            ("severity", "Minor nonconformity"),
        ]);
        let receipt = filled.submits().await.card();
        assert!(receipt.ephemeral, "only for Ann");
        insta::assert_json_snapshot!("receipt_of_a_new_action", receipt.json());

        assert!(slack.channel("C0ISMS").messages().is_empty(), "the outbox posts, not the act");
        bot.works().await;
        insta::assert_json_snapshot!("living_message_of_a_new_action", living(&slack).json());
        let told = slack.dm("U0BOB").arrive(1).await.remove(0);
        insta::assert_json_snapshot!("new_owner_is_told", told.json());
        slack.is_content();
    }

    async fn a_wrong_field_is_named_and_nothing_that_was_typed_is_lost(db: TestDatabase) {
        let slack = FakeSlack::start().await;
        let bot = Bot::start(&db, &slack).await;
        let form = slack.person("U0ANN").types("/isms action new").await.modal();
        let again = form
            .fills(&[("title", "Patch the VPN"), ("due", "2026-01-01"), ("plan", "First\nthen")])
            .submits()
            .await
            .modal();
        assert!(again.error("due").unwrap().contains("past"), "{:?}", again.error("due"));
        assert_eq!(again.value("title").as_deref(), Some("Patch the VPN"));
        assert_eq!(again.value("plan").as_deref(), Some("First\nthen"));
        bot.works().await;
        assert!(slack.channel("C0ISMS").messages().is_empty(), "nothing was raised");

        let receipt = again.fills(&[("due", "2026-12-18")]).submits().await.card();
        assert!(receipt.text().starts_with("CA-1 raised"), "{}", receipt.text());
        slack.is_content();
    }

    async fn a_date_that_could_be_two_is_asked_again_with_what_was_typed(db: TestDatabase) {
        let slack = FakeSlack::start().await;
        let _bot = Bot::start(&db, &slack).await;
        let ann = slack.person("U0ANN");
        let form = ann.types("/isms action new Patch the VPN due:03/04/2027").await.modal();
        assert_eq!(form.value("title").as_deref(), Some("Patch the VPN"));
        assert_eq!(form.value("due").as_deref(), Some("03/04/2027"));
        assert!(form.error("due").unwrap().contains("2027-04-03"), "{:?}", form.error("due"));
        let receipt = form.fills(&[("due", "2027-04-03")]).submits().await.card();
        assert!(receipt.text().contains("Sat 3 Apr 2027"), "{}", receipt.text());
        slack.is_content();
    }

    async fn an_owner_says_done_with_evidence_and_the_one_message_follows(db: TestDatabase) {
        let slack = FakeSlack::start().await;
        let bot = Bot::start(&db, &slack).await;
        raised(&slack, &bot).await;
        let before = living(&slack);
        assert!(!before.is_edited());

        let bob = slack.person("U0BOB");
        let form = bob.clicks(&before, "Done").await.modal();
        let receipt = form
            .fills(&[("evidence", "All laptops on 24.2, see https://wiki.example/vpn?a=1&b=2")])
            .submits()
            .await
            .card();
        assert!(receipt.text().starts_with("CA-1 done"), "{}", receipt.text());
        bot.works().await;
        let after = living(&slack);
        assert_eq!(after.ts(), before.ts(), "edited in place");
        assert!(after.is_edited());
        insta::assert_json_snapshot!("living_message_of_a_done_action", after.json());
        slack.is_content();
    }

    async fn a_nonconformity_is_not_done_before_its_cause_is_known(db: TestDatabase) {
        let slack = FakeSlack::start().await;
        let bot = Bot::start(&db, &slack).await;
        slack.person("U0ANN").types("/isms action new Patch the VPN owner:@U0BOB").await.card();
        bot.works().await;
        let form = slack.person("U0BOB").clicks(&living(&slack), "Done").await.modal();
        let again = form.fills(&[("evidence", "All patched")]).submits().await.modal();
        assert!(again.error("cause").unwrap().contains("cause"), "{:?}", again.error("cause"));
        assert_eq!(again.value("evidence").as_deref(), Some("All patched"));
        let given = [("cause", "No one owned the list"), ("plan", "Ann owns it now")];
        let receipt = again.fills(&given).submits().await.card();
        assert!(receipt.text().starts_with("CA-1 done"), "{}", receipt.text());
        slack.is_content();
    }

    async fn only_someone_else_and_only_later_can_say_that_it_worked(db: TestDatabase) {
        let slack = FakeSlack::start().await;
        let bot = Bot::start(&db, &slack).await;
        raised(&slack, &bot).await;
        let (ann, bob) = (slack.person("U0ANN"), slack.person("U0BOB"));
        bob.types("/isms action done CA-1 All laptops on 24.2").await.card();

        let own = bob.types("/isms action verify CA-1 effective I looked").await;
        assert!(words(&own).contains("someone else has to say"), "{}", words(&own));
        let early = ann.types("/isms action verify CA-1 effective Five sampled").await;
        assert!(words(&early).contains("Fri 22 Jan 2027"), "{}", words(&early));

        bot.waits(TimeDelta::days(61)).await;
        let form = ann.clicks(&living(&slack), "Verify").await.modal();
        let receipt = form
            .fills(&[("result", "Yes, it worked"), ("note", "Five laptops sampled, all patched")])
            .submits()
            .await
            .card();
        assert!(receipt.text().starts_with("CA-1 verified"), "{}", receipt.text());
        bot.works().await;
        let after = living(&slack);
        assert!(after.text().contains("effective"), "{}", after.text());
        slack.is_content();
    }

    async fn one_form_has_one_effect(db: TestDatabase) {
        let slack = FakeSlack::start().await;
        let bot = Bot::start(&db, &slack).await;
        let form = slack.person("U0ANN").types("/isms action new").await.modal();
        form.fills(&[("title", "Patch the VPN")]).submits().await.card();
        slack.delivers_again().await;
        bot.works().await;
        living(&slack);
        let list = slack.person("U0ANN").types("/isms action list").await.card();
        assert!(list.text().contains("CA-1") && !list.text().contains("CA-2"), "{}", list.text());
    }

    async fn a_message_that_was_taken_without_an_answer_is_not_doubled(db: TestDatabase) {
        let slack = FakeSlack::start().await;
        let bot = Bot::start(&db, &slack).await;
        slack.next("chat.postMessage", Fault::DoneThenSilent);
        slack.person("U0ANN").types("/isms action new Patch the VPN").await.card();
        bot.works().await;
        let ts = living(&slack).ts().to_owned();
        bot.waits(TimeDelta::hours(2)).await;
        assert_eq!(slack.calls("conversations.history").len(), 1, "it was looked for");
        assert_eq!(slack.calls("chat.postMessage").len(), 1, "and found");

        // From now on that message is the living one.
        slack.person("U0ANN").types("/isms action update CA-1 plan:Patch").await.card();
        bot.works().await;
        assert_eq!(living(&slack).ts(), ts);
        assert!(living(&slack).is_edited());
    }

    async fn asked_to_slow_down_it_posts_once_and_not_before_the_time(db: TestDatabase) {
        let slack = FakeSlack::start().await;
        let bot = Bot::start(&db, &slack).await;
        slack.next("chat.postMessage", Fault::Limited(600));
        slack.person("U0ANN").types("/isms action new Patch the VPN").await.card();
        bot.works().await;
        bot.waits(TimeDelta::seconds(590)).await;
        assert_eq!(slack.calls("chat.postMessage").len(), 1);
        bot.waits(TimeDelta::seconds(20)).await;
        living(&slack);
        assert_eq!(slack.calls("chat.postMessage").len(), 2);
    }

    async fn an_archived_channel_is_recorded_and_does_not_stop_the_rest(db: TestDatabase) {
        let slack = FakeSlack::start().await;
        let bot = Bot::start(&db, &slack).await;
        slack.archives("C0ISMS");
        slack.person("U0ANN").in_channel("C0ELSEWHERE").types("/isms action new Patch owner:@U0BOB").await.card();
        bot.works().await;
        slack.dm("U0BOB").arrive(1).await;
        bot.waits(TimeDelta::hours(5)).await;
        let told = slack.dm("U0ANN").arrive(1).await;
        assert!(told[0].text().contains("I cannot post in C0ISMS"));
        assert_eq!(slack.calls("chat.postMessage").len(), 3, "the refused one is not tried again");
    }

    async fn nobody_is_left_without_an_answer(db: TestDatabase) {
        let slack = FakeSlack::start().await;
        let _bot = Bot::start(&db, &slack).await;
        let bob = slack.person("U0BOB");
        for (line, wanted) in [
            ("/isms actoin list", "action list"),
            ("/isms action show CA-99", "There is no CA-99 here."),
            ("/isms digest now", "is for a manager"),
            ("/isms", "/isms"),
            ("/isms help", "action"),
        ] {
            let said = words(&bob.types(line).await);
            assert!(said.contains(wanted), "{line}: {said}");
        }
        slack.is_content();
    }
}

/// What a person reads, on a card or on a form.
fn words(sight: &Sight) -> String {
    match sight {
        Sight::Card(card) => format!("{}\n{}", card.text(), card.commands().join("\n")),
        Sight::Modal(form) => form.all_words(),
    }
}
