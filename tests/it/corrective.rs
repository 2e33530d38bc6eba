//! Clause 10.2 in full, told on every platform, on both databases: the cause, the plan and its steps,
//! notes, evidence, the check by someone else, and what becomes of what did not work.

use chrono::TimeDelta;

use crate::harness::bot::Bot;
use crate::harness::everywhere::{Fake, Shown, Sight};
use crate::on_every_platform;

/// What a person reads, on a card or on a form.
fn words(sight: &Sight) -> String {
    match sight {
        Sight::Card(card) => format!("{}\n{}", card.text(), card.commands().join("\n")),
        Sight::Form(form) => form.all_words(),
    }
}

async fn says(fake: &Fake, who: &str, line: &str) -> String {
    words(&fake.person(who).types(&format!("/isms {line}")).await)
}

/// The living message of an action.
fn living(fake: &Fake, name: &str) -> Shown {
    let messages = fake.channel("isms").messages();
    let mut heads = messages
        .into_iter()
        .filter(|message| message.thread().is_none());
    heads.find(|message| message.text().contains(name)).unwrap()
}

/// Ann, a manager, raises a nonconformity for Bob.
async fn raised(fake: &Fake, bot: &Bot) {
    says(
        fake,
        "ann",
        "action new Patch the VPN owner:@bob due:2026-12-18 control:A.8.8",
    )
    .await;
    bot.works().await;
}

/// Bob plans it and carries it out.
async fn done(fake: &Fake, bot: &Bot) {
    for line in [
        "action analyse CA-1 similar:no cause:\"No one owns the list\"",
        "action update CA-1 plan:\"Name an owner\" criterion:\"Three scans without a late patch\"",
        "action done CA-1 \"All laptops on 24.2\"",
    ] {
        says(fake, "bob", line).await;
    }
    bot.works().await;
}

on_every_platform! {
    async fn five_whys_lead_to_the_cause_and_it_is_asked_what_is_similar_elsewhere(db: TestDatabase, fake: Fake) {
        let bot = Bot::start(&db, &fake).await;
        raised(&fake, &bot).await;
        let bob = fake.person("bob");
        let form = bob.clicks(&living(&fake, "CA-1"), "Find the cause").await.form();
        let again = form
            .fills(&[("why1", "The gateway was not patched"), ("why2", "No one owns the list"), ("similar", "Yes, or it could be")])
            .submits()
            .await
            .form();
        assert!(again.error("where").await.unwrap().contains("Say where"), "{:?}", again.error("where").await);
        assert_eq!(again.value("why2").await.as_deref(), Some("No one owns the list"));
        let receipt = again.fills(&[("where", "The Wi-Fi gateways")]).submits().await.card();
        assert!(receipt.text().starts_with("CA-1 analysed"), "{}", receipt.text());
        assert!(receipt.text().contains("Next: a plan, and how it will be seen that it worked"), "{}", receipt.text());
        bot.works().await;
        let card = living(&fake, "CA-1");
        for expected in ["No one owns the list", "The Wi-Fi gateways"] {
            assert!(card.text().contains(expected), "{}", card.text());
        }
        let shown = says(&fake, "ann", "action show CA-1").await;
        assert!(shown.contains("Why after why") && shown.contains("The gateway was not patched"), "{shown}");
        fake.is_content();
    }

    async fn a_nonconformity_needs_the_criterion_before_it_is_done(db: TestDatabase, fake: Fake) {
        let bot = Bot::start(&db, &fake).await;
        raised(&fake, &bot).await;
        says(&fake, "bob", "action update CA-1 cause:\"No one owns the list\" plan:\"Name an owner\"").await;
        bot.works().await;
        assert!(living(&fake, "CA-1").text().contains("raised"), "not planned without the criterion");
        let form = fake.person("bob").clicks(&living(&fake, "CA-1"), "Done").await.form();
        let again = form.fills(&[("evidence", "All patched")]).submits().await.form();
        assert!(again.error("criterion").await.unwrap().contains("how it will be seen"), "{:?}", again.error("criterion").await);
        let receipt = again.fills(&[("criterion", "Three clean scans")]).submits().await.card();
        assert!(receipt.text().starts_with("CA-1 done"), "{}", receipt.text());
        fake.is_content();
    }

    async fn steps_have_owners_who_are_told_and_the_action_waits_for_them(db: TestDatabase, fake: Fake) {
        let bot = Bot::start(&db, &fake).await;
        raised(&fake, &bot).await;
        let late = says(&fake, "bob", "action step CA-1 Patch the gateways owner:@cai due:2026-12-24").await;
        assert!(late.contains("a step ends by then"), "{late}");
        says(&fake, "bob", "action step CA-1 Name an owner owner:@bob due:2026-12-04").await;
        says(&fake, "bob", "action step CA-1 Patch the gateways owner:@cai due:2026-12-10").await;
        bot.works().await;
        let told = fake.dm("cai").arrive(1).await.remove(0);
        assert!(told.text().contains("gave you step 2 of CA-1 (Patch the VPN): Patch the gateways"), "{}", told.text());
        assert!(living(&fake, "CA-1").text().contains("Step 2 Patch the gateways"), "{}", living(&fake, "CA-1").text());
        let mine = says(&fake, "cai", "mine").await;
        assert!(mine.contains("step 2: Patch the gateways (Patch the VPN)"), "{mine}");

        says(&fake, "bob", "action update CA-1 cause:\"No one owns it\" plan:\"See steps\" criterion:\"Clean scans\"").await;
        let waits = says(&fake, "bob", "action done CA-1 \"All patched\"").await;
        assert!(waits.contains("Step 1 of CA-1 is not done yet: Name an owner, and one more."), "{waits}");
        says(&fake, "bob", "action step-done CA-1 1").await;
        fake.person("cai").clicks(&told, "Done").await;
        bot.works().await;
        assert!(says(&fake, "cai", "mine").await.contains("Nothing waits for you"));
        let card = living(&fake, "CA-1");
        assert!(card.text().contains("done Mon 23 Nov 2026"), "{}", card.text());
        let receipt = says(&fake, "bob", "action done CA-1 \"All patched\"").await;
        assert!(receipt.starts_with("CA-1 done"), "{receipt}");
        fake.is_content();
    }

    async fn a_note_is_said_in_the_thread_of_the_one_message_and_kept(db: TestDatabase, fake: Fake) {
        let bot = Bot::start(&db, &fake).await;
        raised(&fake, &bot).await;
        let receipt = says(&fake, "bob", "action note CA-1 The supplier ships on <Monday>").await;
        assert!(receipt.contains("noted, and said in the thread"), "{receipt}");
        bot.works().await;
        let noted = fake.channel("isms").shows("The supplier ships").await;
        let head = living(&fake, "CA-1");
        assert!(noted.thread().is_some(), "in a thread");
        assert!(!head.text().contains("supplier"), "the message itself stays short: {}", head.text());
        let shown = says(&fake, "ann", "action show CA-1").await;
        assert!(shown.contains("noted") && shown.contains("The supplier ships on"), "{shown}");
        fake.is_content();
    }

    async fn who_raised_it_looks_later_whether_it_worked_and_is_told_by_what(db: TestDatabase, fake: Fake) {
        let bot = Bot::start(&db, &fake).await;
        raised(&fake, &bot).await;
        done(&fake, &bot).await;
        let told = fake.dm("ann").shows("asks you to look whether CA-1 worked").await;
        assert!(told.text().contains("It worked if: Three scans without a late patch"), "{}", told.text());
        let own = says(&fake, "ann", "action verifier CA-1 @bob").await;
        assert!(own.contains("does not say that it worked"), "{own}");
        // Given to somebody else, Ann is not asked any more.
        says(&fake, "ann", "action verifier CA-1 @cai check:2026-12-21").await;
        bot.works().await;
        fake.dm("cai").shows("asks you to look whether CA-1 worked from Mon 21 Dec 2026").await;
        let mine = says(&fake, "cai", "mine").await;
        assert!(mine.contains("action verify CA-1"), "{mine}");
        assert!(!says(&fake, "ann", "mine").await.contains("CA-1"));
        bot.waits(TimeDelta::days(29)).await;
        let verified = says(&fake, "cai", "action verify CA-1 effective Three scans are clean").await;
        assert!(verified.starts_with("CA-1 verified"), "{verified}");
        fake.is_content();
    }

    async fn what_did_not_work_is_opened_again_and_what_was_tried_is_kept(db: TestDatabase, fake: Fake) {
        let bot = Bot::start(&db, &fake).await;
        raised(&fake, &bot).await;
        done(&fake, &bot).await;
        let reopened = says(&fake, "ann", "action verify CA-1 ineffective Two laptops are still old").await;
        assert!(reopened.contains("look for the cause again"), "{reopened}");
        let form = fake.person("bob").types("/isms action analyse CA-1").await.form();
        assert!(form.all_words().contains("The cause that was found before: No one owns the list"), "{}", form.all_words());
        let waits = says(&fake, "bob", "action done CA-1 \"Patched again\"").await;
        assert!(waits.contains("not done before its cause is known"), "{waits}");
        let shown = says(&fake, "bob", "action show CA-1").await;
        for expected in ["Tried before (1)", "cause: No one owns the list", "evidence: All laptops on 24.2", "found not to have worked", "Two laptops are still old"] {
            assert!(shown.contains(expected), "{expected}: {shown}");
        }
        bot.works().await;
        assert!(living(&fake, "CA-1").text().contains("opened again once"), "{}", living(&fake, "CA-1").text());
        fake.is_content();
    }

    async fn a_list_is_narrowed_by_source_severity_control_and_words_and_has_pages(db: TestDatabase, fake: Fake) {
        let _bot = Bot::start(&db, &fake).await;
        for line in [
            "action new Patch the VPN gateway owner:@bob source:finding severity:major control:A.8.8",
            "action new Leavers keep access owner:@cai source:incident control:A.5.18",
            "action new Publish the scorecard source:review severity:opportunity control:9.1",
        ] {
            says(&fake, "ann", line).await;
        }
        for (line, found) in [
            ("action list source:finding", "CA-1"),
            ("action list severity:opportunity", "CA-3"),
            ("action list control:A.8", "CA-1"),
            ("action list control:A.5.18", "CA-2"),
            ("action list control:9", "CA-3"),
            ("action list gate vpn", "CA-1"),
            ("action list owner:@cai source:incident", "CA-2"),
            ("action list score severity:opportunity control:9.1 state:raised", "CA-3"),
        ] {
            let list = says(&fake, "bob", line).await;
            for name in ["CA-1", "CA-2", "CA-3"] {
                assert_eq!(list.contains(name), name == found, "{line}: {list}");
            }
        }
        assert!(says(&fake, "bob", "action list source:finding severity:minor").await.contains("No actions fit"));
        // Renamed, it is found by its new words only.
        says(&fake, "ann", "action update CA-3 title:\"Publish the overview\"").await;
        assert!(says(&fake, "bob", "action list overview").await.contains("CA-3"));
        assert!(says(&fake, "bob", "action list scorecard").await.contains("No actions fit"));

        for number in 0..12 {
            says(&fake, "ann", &format!("action new \"Task {number}\" due:2027-01-0{} source:incident", number % 9 + 1)).await;
        }
        let first = fake.person("bob").types("/isms action list source:incident").await.card();
        let second = fake.person("bob").clicks(&first, "More").await.card();
        let third = fake.person("bob").clicks(&second, "Earlier").await.card();
        assert_eq!(first.text(), third.text());
        let names = |card: &Shown| card.text().matches("CA-").count();
        assert_eq!((names(&first), names(&second)), (10, 3), "{}", second.text());
        fake.is_content();
    }

    async fn many_actions_go_over_once_they_were_shown(db: TestDatabase, fake: Fake) {
        let bot = Bot::start(&db, &fake).await;
        for line in [
            "action new Patch the VPN owner:@bob control:A.8.8",
            "action new Shred the disks owner:@bob control:A.7.14",
            "action new Renew the certificate owner:@bob control:A.8.24",
            "action new Train the shift owner:@cai",
        ] {
            says(&fake, "ann", line).await;
        }
        bot.works().await;
        assert!(says(&fake, "bob", "action reassign @bob to:@cai").await.contains("is for a manager"));
        let ann = fake.person("ann");
        let preview = ann.types("/isms action reassign @bob to:@cai control:A.8").await.card();
        assert!(preview.text().contains("2 actions would go from"), "{}", preview.text());
        assert!(preview.text().contains("Nothing is changed yet"), "{}", preview.text());
        assert!(!preview.text().contains("Shred"), "{}", preview.text());
        // One more fits by now: it is shown anew.
        says(&fake, "ann", "action new Rotate the keys owner:@bob control:A.8.24").await;
        let again = ann.clicks(&preview, "Reassign 2 actions").await.card();
        assert!(again.text().contains("3 actions would go from"), "{}", again.text());
        let receipt = ann.clicks(&again, "Reassign 3 actions").await.card();
        assert!(receipt.text().contains("3 actions went from"), "{}", receipt.text());
        bot.works().await;
        let told = fake.dm("cai").shows("Rotate the keys").await;
        assert!(told.text().contains("Patch the VPN"), "one message for all: {}", told.text());
        let list = says(&fake, "ann", "action list owner:@bob").await;
        assert!(list.contains("CA-2") && !list.contains("CA-1"), "{list}");
        let none = says(&fake, "ann", "action reassign @bob to:@cai control:A.8").await;
        assert!(none.contains("owns no open action that fits"), "{none}");
        fake.is_content();
    }

    async fn an_action_on_a_control_that_was_thought_cured_says_so(db: TestDatabase, fake: Fake) {
        let bot = Bot::start(&db, &fake).await;
        raised(&fake, &bot).await;
        done(&fake, &bot).await;
        bot.waits(TimeDelta::days(61)).await;
        says(&fake, "ann", "action verify CA-1 effective Three scans are clean").await;
        let other = says(&fake, "ann", "action new Leavers keep access control:A.5.18").await;
        assert!(!other.contains("CA-1"), "{other}");
        let again = says(&fake, "ann", "action new Patch the Wi-Fi owner:@bob control:A.8.8").await;
        assert!(again.contains("CA-1 on A.8.8 was found effective less than a year before: why did that not hold?"), "{again}");
        bot.works().await;
        let card = living(&fake, "CA-3");
        assert!(card.text().contains("CA-1 on A.8.8 was found effective"), "{}", card.text());
        let earlier = says(&fake, "ann", "action show CA-1").await;
        assert!(earlier.contains("repeated"), "{earlier}");
        bot.waits(TimeDelta::days(366)).await;
        let later = says(&fake, "ann", "action new Patch the TVs owner:@bob control:A.8.8").await;
        assert!(!later.contains("found effective"), "{later}");
        fake.is_content();
    }
}
