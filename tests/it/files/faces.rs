//! What is particular to a face: how it tells of files, and what goes wrong there.

use isms_bot::chat::Platform;
use isms_bot::sql;

use super::{KEEP, SCAN, SHOWS};
use crate::harness::bot::Bot;
use crate::harness::discord::{ANN, BOB, FakeDiscord, Sight};
use crate::harness::slack::{FakeSlack, Telling};
use crate::on_both_databases;

const CLICKS: &str =
    "/isms kpi new clicks Clicks unit:% direction:lower target:5 frequency:monthly";

on_both_databases! {
    async fn slack_is_asked_about_a_file_of_which_it_tells_little(db: TestDatabase) {
        let slack = FakeSlack::start().await;
        let _bot = Bot::start(&db, &slack).await;
        slack.tells_of_files(Telling::Barely);
        let form = slack.person("U0ANN").types(KEEP).await.modal();
        let form = form.attaches("file", "scan.pdf", SCAN).fills(&[SHOWS]);
        let kept = form.submits().await.card();
        assert!(kept.text().contains("scan.pdf"), "{}", kept.text());
        slack.is_content();
    }

    async fn without_the_scope_slack_gives_no_file_and_the_form_says_which_it_is(db: TestDatabase) {
        let slack = FakeSlack::start().await;
        let _bot = Bot::start(&db, &slack).await;
        slack.loses_scope("files:read");
        let form = slack.person("U0ANN").types(KEEP).await.modal();
        let form = form.attaches("file", "scan.pdf", SCAN).fills(&[SHOWS]);
        let again = form.submits().await.modal();
        let error = again.error("file").expect("it stands beside the file");
        assert!(error.contains("files:read"), "{error}");
        assert_eq!(again.value("shows").as_deref(), Some(SHOWS.1));
    }

    async fn a_form_on_slack_that_is_opened_again_still_has_its_file(db: TestDatabase) {
        let slack = FakeSlack::start().await;
        let _bot = Bot::start(&db, &slack).await;
        let ann = slack.person("U0ANN");
        let long = "x".repeat(121);
        let form = ann.types(KEEP).await.modal();
        let form = form.attaches("file", "scan.pdf", SCAN).fills(&[("shows", &long)]);
        form.submits().await.modal();
        let again = ann.types(KEEP).await.modal();
        assert!(again.json().to_string().contains("Attached: scan.pdf"), "{}", again.json());
        let kept = again.fills(&[SHOWS]).submits().await.card();
        assert!(kept.text().contains("scan.pdf"), "{}", kept.text());
        slack.is_content();
    }

    async fn a_file_that_discord_does_not_give_any_more_is_asked_for_again(db: TestDatabase) {
        let discord = FakeDiscord::start().await;
        let _bot = Bot::start(&db, &discord).await;
        discord.loses_files();
        let form = discord.person(ANN).gives(KEEP, ("file", "scan.pdf", SCAN)).await.modal();
        let words = form.all_words();
        assert!(words.contains("I could not fetch “scan.pdf”. Attach it again."), "{words}");
    }

    async fn a_form_on_discord_is_a_modal_without_a_file_and_names_one_that_was_given(db: TestDatabase) {
        let discord = FakeDiscord::start().await;
        let _bot = Bot::start(&db, &discord).await;
        let ann = discord.person(ANN);
        ann.types(CLICKS).await.card();
        let record = "/isms kpi record clicks";
        let without = ann.types(record).await.modal();
        assert_eq!(without.fields().await.first().map(String::as_str), Some("value"));
        assert!(!without.words().contains("file"), "{}", without.words());
        let with = ann.gives(record, ("file", "scan.pdf", SCAN)).await;
        let Sight::Modal(with) = with else {
            panic!("the value is asked for");
        };
        assert!(with.words().contains("Attached: scan.pdf"), "{}", with.words());
        let recorded = with.fills(&[("value", "3"), ("period", "2026-10")]).submits().await.card();
        assert!(recorded.text().contains("recorded"), "{}", recorded.text());
        let shown = ann.types("/isms kpi show clicks").await.card();
        assert!(shown.text().contains("scan.pdf"), "{}", shown.text());
        let told = ann.clicks(&shown, "Get scan.pdf").await.card();
        assert!(told.text().contains("on its way"), "{}", told.text());
        discord.is_content();
    }

    async fn on_discord_a_person_says_what_their_clock_is(db: TestDatabase) {
        let discord = FakeDiscord::start().await;
        let bot = Bot::start(&db, &discord).await;
        let bob = discord.person(BOB);
        let told = bob.types("/isms settings mine zone:Asia/Tokyo").await.card();
        assert!(told.text().contains("Asia/Tokyo"), "{}", told.text());
        // It stays when Discord tells of the person again, which knows nobody's zone.
        bob.types("/isms mine").await.card();
        let workspace = bot.app.homes(Platform::Discord, BOB).await.remove(0);
        let mut conn = bot.app.store.read().await.unwrap();
        let people = sql!(conn, people::list_people(workspace.id)).unwrap();
        let bob = people.iter().find(|person| person.external == BOB).unwrap();
        assert_eq!(bob.zone, Some(chrono_tz::Asia::Tokyo));
        discord.is_content();
    }

    async fn on_slack_the_clock_is_what_slack_says(db: TestDatabase) {
        let slack = FakeSlack::start().await;
        let _bot = Bot::start(&db, &slack).await;
        let form = slack.person("U0BOB").types("/isms settings mine Europe/Berlin").await.modal();
        let words = form.all_words();
        assert!(words.contains("I am told your time zone here"), "{words}");
        slack.is_content();
    }
}
