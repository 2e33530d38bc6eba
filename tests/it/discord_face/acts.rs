//! What people do beside typing and forms, and what an operator tries.

use super::*;
use crate::harness::discord::{ANN, BOB, CAI};
use crate::harness::process::{Ended, Machine};
use crate::on_both_databases;

on_both_databases! {
    async fn an_action_is_raised_from_a_message_and_confirmed_in_its_thread(db: TestDatabase) {
        let discord = FakeDiscord::start().await;
        let bot = Bot::start(&db, &discord).await;
        discord.person(ANN).types("/isms action new The badge reader is broken").await.card();
        bot.works().await;
        let said = discord.channel(ISMS).arrive(1).await.remove(0);
        let form = discord.person(BOB).uses("Raise action", &said).await.modal();
        let title = form.value("title").await.unwrap_or_default();
        assert!(title.contains("The badge reader is broken"), "{title}");
        let link = format!("https://discord.com/channels/{}/{ISMS}/{}", crate::harness::discord::GUILD, said.id());
        assert_eq!(form.value("link").await, Some(link));
        let receipt = form.fills(&[("title", "Replace the badge reader"), ("owner", "cai"), ("due", "friday")]).submits().await.card();
        assert!(receipt.ephemeral && receipt.text().contains("CA-2"), "{}", receipt.text());

        bot.works().await;
        let posted = discord.channel(ISMS).messages();
        let there: Vec<_> = posted.iter().filter(|m| m.thread() == Some(said.id())).collect();
        assert_eq!(there.len(), 1, "{:?}", posted.iter().map(|m| m.text()).collect::<Vec<_>>());
        assert!(there[0].text().contains("CA-2"), "{}", there[0].text());
        assert!(discord.dm(CAI).arrive(1).await[0].text().contains("Replace the badge reader"));
        discord.is_content();
    }

    async fn a_form_with_more_selects_than_a_message_holds_has_pages(db: TestDatabase) {
        let discord = FakeDiscord::start().await;
        let _bot = Bot::start(&db, &discord).await;
        let form = discord.person(ANN).types("/isms setup kpis").await.modal();
        let first = form.fields().await;
        assert_eq!(first, ["incidents", "time-to-respond", "training-completed", "patches-in-time"]);
        let form = form.writes(&[("incidents", "bob"), ("training-completed", "")]).await.turns_the_page().await;
        assert_eq!(form.fields().await, ["actions-overdue", "analyst"]);
        let form = form.writes(&[("actions-overdue", "cai")]).await.turns_the_page().await;
        assert_eq!(form.value("incidents").await.as_deref(), Some(BOB), "what was picked stays");
        form.submits().await.card();
        let ann = discord.person(ANN);
        for (kpi, measurer) in [("incidents", "Bob Ito"), ("actions-overdue", "Cai Jones")] {
            let shown = ann.types(&format!("/isms kpi show {kpi}")).await.card();
            assert!(shown.text().contains(measurer), "{}", shown.text());
        }
        let list = ann.types("/isms kpi list").await.card();
        assert!(!list.text().contains("training-completed"), "{}", list.text());
        discord.is_content();
    }
}

async fn checked(discord: &FakeDiscord, token: &str) -> Ended {
    let machine = Machine::new()
        .with("ISMS_DISCORD__API_URL", discord.api_url())
        .with("ISMS_DISCORD__TOKEN", token)
        .with("ISMS_DISCORD__CHANNEL", ISMS)
        .with("ISMS_LOG__LEVEL", "trace");
    let run = move || machine.run(&["check"]);
    tokio::task::spawn_blocking(run).await.unwrap()
}

#[tokio::test]
async fn check_tries_discord_and_changes_nothing_there() {
    let discord = FakeDiscord::start().await;
    let ended = checked(&discord, TOKEN).await;
    assert_eq!(ended.code, 0, "{ended:?}");
    for words in [
        "discord   token: the bot isms",
        "invitation: https://discord.com/oauth2/authorize?client_id=",
        "a start will register /action, /audit, /kpi, /review, /isms, \"Raise action\"",
        "channel: isms",
    ] {
        assert!(ended.out.contains(words), "{words}: {ended:?}");
    }
    assert_eq!(discord.registrations(), 0);
    assert!(discord.channel(ISMS).messages().is_empty());
    discord.is_content();

    discord.expels_the_bot(ISMS);
    let ended = checked(&discord, TOKEN).await;
    assert_eq!(ended.code, 3, "{ended:?}");
    assert!(
        ended.out.contains("let the bot see and write in it"),
        "{ended:?}"
    );

    discord.revokes_the_token();
    let ended = checked(&discord, TOKEN).await;
    assert_eq!(ended.code, 3, "{ended:?}");
    assert!(
        ended
            .out
            .contains("MISSING  discord   token: Discord does not accept it"),
        "{ended:?}"
    );
    assert!(!format!("{ended:?}").contains(TOKEN), "{ended:?}");
}
