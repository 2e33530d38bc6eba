//! A source on Slack and on Discord: given, tried, asked, shown.

use chrono::TimeDelta;

use super::hosts;
use crate::harness::bot::Bot;
use crate::harness::documents::{Documents, Plain};
use crate::on_every_platform;

on_every_platform! {
    async fn a_source_is_given_in_chat_and_brings_its_value(db: TestDatabase, fake: Fake) {
        let documents = Documents::start(&[]).await;
        let bot = Bot::start_asking(&db, &fake, hosts(&[documents.host()])).await;
        let ann = fake.person("ann");
        let kpi = "/isms kpi new open Open tickets unit:tickets direction:lower target:10 frequency:weekly measurer:@bob";
        ann.types(kpi).await.card();
        let form = ann.types("/isms source http open").await.form();
        let url = documents.at("/plain");
        let form = form.fills(&[("url", &url), ("pointer", "/data/open")]);
        let card = form.submits().await.card();
        assert!(card.text().contains("a JSON document"), "{}", card.text());
        let tried = ann.clicks(&card, "Try it").await.card();
        assert!(tried.text().contains("7 tickets in 2026-W47"), "{}", tried.text());
        // A week later.
        bot.waits(TimeDelta::days(7)).await;
        let shown = ann.types("/isms kpi show open").await.card();
        assert!(shown.text().contains("7 tickets in 2026-W48"), "{}", shown.text());
        assert!(shown.text().contains("last worked"), "{}", shown.text());
    }

    async fn who_measures_hears_once_that_a_source_fails_and_when_it_works_again(db: TestDatabase, fake: Fake) {
        let documents = Documents::start(&[]).await;
        let bot = Bot::start_asking(&db, &fake, hosts(&[documents.host()])).await;
        let ann = fake.person("ann");
        fake.person("cai").types("/isms mine").await.card();
        let kpi = "/isms kpi new open Open tickets unit:tickets direction:lower target:10 frequency:weekly measurer:@cai";
        ann.types(kpi).await.card();
        let line = format!("/isms source http open url:{} pointer:/data/open", documents.at("/plain"));
        ann.types(&line).await.card();
        documents.plain(Plain::Refuses(503));
        bot.waits(TimeDelta::days(7)).await;
        for minutes in [6, 11, 21, 7 * 60] {
            bot.waits(TimeDelta::minutes(minutes)).await;
        }
        let told = fake.dm("cai").shows("A source fails").await;
        assert!(told.text().contains("503"), "{}", told.text());
        documents.plain(Plain::Says(serde_json::json!({ "data": { "open": 8 } })));
        bot.waits(TimeDelta::hours(7)).await;
        let told = fake.dm("cai").shows("works again").await;
        assert!(told.is_edited(), "{}", told.text());
        let list = ann.types("/isms source list").await.card();
        assert!(!list.text().contains("fails"), "{}", list.text());
    }
}
