//! Other workspaces install the bot by its page: the way there and back, the kept tokens, and how a
//! workspace ends.

use chrono::TimeDelta;
use isms_bot::chat::{Card, Content, Delivery, Platform, Refusal, SendError, Target};
use isms_bot::slack::InstallRow;
use isms_bot::sql;
use uuid::Uuid;

use crate::harness::bot::{Bot, Setup};
use crate::harness::database::TestDatabase;
use crate::harness::slack::{BIRCH, FakeSlack, Fault};
use crate::on_both_databases;

const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const NEXT: &str = "ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

fn installing() -> Setup {
    Setup {
        keys: Some((KEY, &[])),
        ..Setup::default()
    }
}

/// A browser that follows nothing by itself.
struct Browser {
    client: reqwest::Client,
    door: String,
    cookie: Option<String>,
}

impl Browser {
    fn new(bot: &Bot) -> Self {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        Browser {
            client: client.build().unwrap(),
            door: bot.at(""),
            cookie: None,
        }
    }

    /// Opens the install page; the state that it sends to Slack.
    async fn begins(&mut self) -> String {
        let answer = self
            .client
            .get(format!("{}/slack/install", self.door))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status().as_u16(), 303);
        let cookie = answer.headers()["set-cookie"].to_str().unwrap();
        for part in [
            "HttpOnly",
            "SameSite=Lax",
            "Secure",
            "Path=/slack",
            "Max-Age=600",
        ] {
            assert!(cookie.contains(part), "{cookie}");
        }
        self.cookie = cookie.split(';').next().map(str::to_owned);
        let to: url::Url = answer.headers()["location"]
            .to_str()
            .unwrap()
            .parse()
            .unwrap();
        assert_eq!(to.path(), "/oauth/v2/authorize");
        let asked: std::collections::BTreeMap<_, _> = to.query_pairs().into_owned().collect();
        assert_eq!(asked["redirect_uri"], "https://isms.example/slack/oauth");
        assert!(asked["scope"].contains("chat:write"));
        asked["state"].clone()
    }

    /// Comes back from Slack: the status, and the page.
    async fn comes_back(&self, query: &str) -> (u16, String) {
        let mut request = self
            .client
            .get(format!("{}/slack/oauth?{query}", self.door));
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.headers()["referrer-policy"], "no-referrer");
        (answer.status().as_u16(), answer.text().await.unwrap())
    }
}

/// Birch installs the bot.
async fn birch_installs(slack: &FakeSlack, bot: &Bot) {
    let mut browser = Browser::new(bot);
    let state = browser.begins().await;
    let code = slack.agrees(BIRCH);
    let (status, page) = browser
        .comes_back(&format!("code={code}&state={state}"))
        .await;
    assert_eq!(status, 200, "{page}");
    assert!(page.contains("Birch &amp; Co"), "{page}");
}

async fn kept(bot: &Bot) -> Option<InstallRow> {
    let mut conn = bot.app.store.read().await.unwrap();
    sql!(conn, slack::find_install(BIRCH)).unwrap()
}

fn to_birch(words: &str) -> Delivery {
    Delivery {
        id: Uuid::now_v7(),
        workspace: BIRCH.to_owned(),
        target: Target::Channel("C0BIRCH".to_owned()),
        thread: None,
        instead: None,
        content: Content::Card(Card::say(words)),
    }
}

async fn posts(bot: &Bot, words: &str) -> Result<(), SendError> {
    let chat = bot.app.chat(Platform::Slack).unwrap();
    chat.post(&to_birch(words)).await.map(drop)
}

on_both_databases! {
    async fn a_workspace_that_installed_the_bot_is_served_beside_the_first(db: TestDatabase) {
        let slack = FakeSlack::start().await;
        let bot = Bot::set_up(&db, &slack, installing()).await;
        let eve = slack.person("U0EVE");
        let before = eve.types("/isms mine").await.card();
        assert_eq!(before.text(), "This ISMS belongs to another Slack workspace.");
        birch_installs(&slack, &bot).await;

        let line = "/isms action new Patch the VPN owner:@U0FAY due:2026-12-18";
        let receipt = eve.types(line).await.card();
        assert!(receipt.text().contains("CA-1"), "{}", receipt.text());
        eve.types("/isms settings set channel:here").await.card();
        slack.person("U0ANN").types("/isms action new Renew the certificate owner:@U0BOB due:2026-12-18").await.card();
        eve.types("/isms action update CA-1 note:Begun").await.card();
        bot.works().await;
        let in_birch = slack.channel("C0BIRCH").messages();
        assert_eq!(in_birch.len(), 1, "{:?}", in_birch.iter().map(|m| m.text()).collect::<Vec<_>>());
        assert!(in_birch[0].text().contains("Patch the VPN"));
        assert!(slack.dm("U0FAY").messages()[0].text().contains("Patch the VPN"));
        assert!(slack.channel("C0ISMS").messages().iter().all(|m| !m.text().contains("VPN")));
        assert!(slack.dm("U0BOB").messages()[0].text().contains("Renew the certificate"));
        // A token is nowhere in the database but sealed.
        let row = kept(&bot).await.unwrap();
        assert_eq!((row.name.as_str(), row.installed_by.as_str()), ("Birch & Co", "U0EVE"));
        assert!(!row.sealed.words.contains("xoxb"));
        slack.is_content();
    }

    async fn an_install_that_did_not_begin_here_or_began_too_long_ago_is_refused(db: TestDatabase) {
        let slack = FakeSlack::start().await;
        let bot = Bot::set_up(&db, &slack, installing()).await;
        let mut browser = Browser::new(&bot);
        let code = slack.agrees(BIRCH);
        let refused = async |browser: &Browser, query: String, words: &str| {
            let (status, page) = browser.comes_back(&query).await;
            assert_eq!(status, 400, "{page}");
            assert!(page.contains(words) && page.contains("/slack/install"), "{page}");
        };
        refused(&browser, format!("code={code}"), "not reached from the install page").await;
        let state = browser.begins().await;
        // Another browser has another cookie, or none.
        refused(&Browser::new(&bot), format!("code={code}&state={state}"), "Begin in this browser").await;
        refused(&browser, format!("code={code}&state={}", "0".repeat(64)), "Begin in this browser").await;
        refused(&browser, format!("state={state}"), "no code").await;
        // That spent it.
        refused(&browser, format!("code={code}&state={state}"), "used already").await;
        let state = browser.begins().await;
        bot.app.clock.advance(TimeDelta::minutes(10));
        refused(&browser, format!("code={code}&state={state}"), "ten minutes").await;
        assert_eq!(slack.calls("oauth.v2.access").len(), 0);

        let state = browser.begins().await;
        let (status, page) = browser.comes_back(&format!("error=access_denied&state={state}")).await;
        assert!(status == 200 && page.contains("You did not agree"), "{page}");
        let state = browser.begins().await;
        refused(&browser, format!("code=unknown&state={state}"), "once and for ten minutes").await;
        let state = browser.begins().await;
        slack.next("oauth.v2.access", Fault::Word("bad_client_secret"));
        let (status, page) = browser.comes_back(&format!("code={code}&state={state}")).await;
        assert!(status == 502 && page.contains("slack.client_secret"), "{page}");
        slack.withdraws("files:write");
        let state = browser.begins().await;
        refused(&browser, format!("code={code}&state={state}"), "files:write").await;
        assert_eq!(kept(&bot).await, None);
    }

    async fn keys_are_changed_at_a_start_and_a_forgotten_one_is_told(db: TestDatabase) {
        let slack = FakeSlack::start().await;
        let bot = Bot::set_up(&db, &slack, installing()).await;
        birch_installs(&slack, &bot).await;
        let before = kept(&bot).await.unwrap().sealed;
        slack.hellos(1).await;
        drop(bot);
        slack.is_left_alone().await;

        let wrong = Setup { keys: Some((NEXT, &[])), ..Setup::default() };
        let error = Bot::try_set_up(&db, &slack, wrong).await.err().unwrap().to_string();
        assert!(error.contains("Birch & Co (T0BIRCH)") && error.contains("tokens.old_keys"), "{error}");

        let changed = Setup { keys: Some((NEXT, &[KEY])), ..Setup::default() };
        let bot = Bot::set_up(&db, &slack, changed).await;
        let after = kept(&bot).await.unwrap().sealed;
        assert_ne!(before.key, after.key);
        slack.hellos(2).await;
        drop(bot);
        slack.is_left_alone().await;

        // From then on the new one is enough.
        let alone = Setup { keys: Some((NEXT, &[])), own: false, ..Setup::default() };
        let bot = Bot::set_up(&db, &slack, alone).await;
        slack.person("U0EVE").types("/isms mine").await.card();
        assert_eq!(posts(&bot, "still there").await, Ok(()));
    }

    async fn a_token_that_ended_is_replaced_and_the_newest_is_kept(db: TestDatabase) {
        let slack = FakeSlack::start().await;
        slack.rotates_tokens();
        let bot = Bot::set_up(&db, &slack, installing()).await;
        birch_installs(&slack, &bot).await;
        let until = kept(&bot).await.unwrap().expires_at.unwrap();
        assert_eq!(until, bot.app.clock.now() + TimeDelta::hours(12));
        // It runs out while the bot is not looking: the message waits for the next one.
        slack.ends_granted_tokens("token_expired");
        let waits = posts(&bot, "first").await;
        assert!(matches!(waits, Err(SendError::Retry { .. })), "{waits:?}");
        slack.called("oauth.v2.access", 2).await;
        slack.person("U0EVE").types("/isms mine").await.card();
        assert_eq!(posts(&bot, "second").await, Ok(()));
        assert_eq!(slack.granted().len(), 2);
        drop(bot);
        slack.is_left_alone().await;
        // What was kept is the newest.
        let bot = Bot::set_up(&db, &slack, installing()).await;
        slack.person("U0EVE").types("/isms mine").await.card();
        assert_eq!(posts(&bot, "third").await, Ok(()));
    }

    async fn a_workspace_that_removes_the_bot_is_left_alone_and_its_token_wiped(db: TestDatabase) {
        let slack = FakeSlack::start().await;
        let bot = Bot::set_up(&db, &slack, installing()).await;
        birch_installs(&slack, &bot).await;
        slack.person("U0EVE").types("/isms mine").await.card();
        slack.uninstalls(BIRCH).await;
        // Its people are strangers again once it is over.
        let told = slack.person("U0EVE").types("/isms mine").await.card();
        assert_eq!(told.text(), "This ISMS belongs to another Slack workspace.");
        assert_eq!(posts(&bot, "gone").await, Err(SendError::Refused(Refusal::TokenRevoked)));
        let wiped = async {
            loop {
                let row = kept(&bot).await.unwrap();
                if row.revoked_at.is_some() {
                    return row;
                }
                tokio::task::yield_now().await;
            }
        };
        let row = tokio::time::timeout(std::time::Duration::from_secs(10), wiped).await.unwrap();
        assert!(row.sealed.words.is_empty(), "{row:?}");
        let ann = slack.person("U0ANN").types("/isms mine").await.card();
        assert!(!ann.text().contains("another Slack"), "the first workspace goes on");

        birch_installs(&slack, &bot).await;
        assert_eq!(posts(&bot, "back").await, Ok(()));
    }

    async fn a_token_revoked_unheard_ends_its_workspace_at_the_next_message(db: TestDatabase) {
        let slack = FakeSlack::start().await;
        let bot = Bot::set_up(&db, &slack, installing()).await;
        birch_installs(&slack, &bot).await;
        slack.ends_granted_tokens("token_revoked");
        assert_eq!(posts(&bot, "lost").await, Err(SendError::Refused(Refusal::TokenRevoked)));
        // It is asked once more before it is believed.
        slack.called("auth.test", 2).await;
        slack.person("U0ANN").types("/isms mine").await.card();
        let told = slack.person("U0EVE").types("/isms mine").await.card();
        assert_eq!(told.text(), "This ISMS belongs to another Slack workspace.");
    }

    async fn a_button_of_another_workspace_in_a_shared_channel_does_nothing(db: TestDatabase) {
        let slack = FakeSlack::start().await;
        let bot = Bot::set_up(&db, &slack, installing()).await;
        birch_installs(&slack, &bot).await;
        for (who, title) in [("U0ANN", "Patch the VPN"), ("U0EVE", "Renew the certificate")] {
            let line = format!("/isms action new {title} owner:me due:2026-12-18 severity:opportunity");
            slack.person(who).types(&line).await.card();
        }
        bot.works().await;
        let ours = slack.channel("C0ISMS").messages().remove(0);
        // Eve sees it in a channel that Birch shares with us.
        let told = slack.person("U0EVE").clicks(&ours, "Done").await.card();
        assert_eq!(told.text(), "This ISMS belongs to another Slack workspace.");
        slack.is_content();
    }
}

#[tokio::test]
async fn without_keys_there_is_no_install_page() {
    let db = TestDatabase::sqlite().await;
    let slack = FakeSlack::start().await;
    let setup = Setup {
        called: Some("secret"),
        ..Setup::default()
    };
    let bot = Bot::set_up(&db, &slack, setup).await;
    for path in ["/slack/install", "/slack/oauth"] {
        let answer = reqwest::get(bot.at(path)).await.unwrap();
        assert_eq!(answer.status().as_u16(), 404);
    }
}
