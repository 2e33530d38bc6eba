//! The app's home, shortcuts, searches, and the first words somebody writes to the bot.

use std::sync::{Arc, Mutex};

use futures::FutureExt;
use isms_bot::chat::{Button, Card};
use isms_bot::slack::Seams;

use crate::harness::bot::{Bot, Setup};
use crate::harness::slack::{FakeSlack, Fault};
use crate::on_both_databases;

on_both_databases! {
    async fn a_home_shows_what_someone_owes_and_follows_what_they_do(db: TestDatabase) {
        let slack = FakeSlack::start().await;
        let bot = Bot::start(&db, &slack).await;
        let ann = slack.person("U0ANN");
        ann.types("/isms action new Patch the VPN owner:me due:2026-12-18 severity:opportunity").await.card();
        let home = ann.opens_home().await;
        assert!(home.text().contains("Patch the VPN"), "{}", home.text());

        // From the home a button opens its form; what comes of it is a direct message.
        let before = ann.homes_shown();
        let form = ann.clicks(&home, "Done").await.modal();
        form.fills(&[("evidence", "All on 24.2")]).submits_only().await;
        let home = ann.sees_home_after(before).await;
        assert!(!home.text().contains("Patch the VPN"), "{}", home.text());
        let receipt = slack.dm("U0ANN").arrive(1).await;
        assert!(receipt[0].text().contains("CA-1"), "{}", receipt[0].text());

        // What changes nothing there is not shown anew, and somebody else has no home open.
        let (calls, before) = (slack.calls("views.publish").len(), ann.homes_shown());
        ann.types("/isms help").await.card();
        slack.person("U0BOB").types("/isms action new Renew owner:me due:2026-12-18").await.card();
        ann.types("/isms action new Tidy owner:me due:2026-12-18").await.card();
        ann.sees_home_after(before).await;
        assert_eq!(slack.calls("views.publish").len(), calls + 1);
        bot.app.clock.advance(chrono::TimeDelta::hours(2));
        ann.types("/isms action new Later owner:me due:2026-12-18").await.card();
        ann.types("/isms mine").await.card();
        assert_eq!(slack.calls("views.publish").len(), calls + 1, "a home of long ago is left alone");
        slack.is_content();
    }

    async fn a_message_becomes_an_action_and_hears_of_it_in_its_thread(db: TestDatabase) {
        let slack = FakeSlack::start().await;
        let bot = Bot::start(&db, &slack).await;
        let said = slack.person("U0CAI").says("The <https://vpn.example|VPN> \"gateway\": two versions behind\nAsk &amp; patch");
        let ann = slack.person("U0ANN");
        let form = ann.uses_on(&said, "raise_action_from_message").await.modal();
        assert_eq!(form.value("title").as_deref(), Some("The https://vpn.example \"gateway\": two versions behind"));
        assert!(!form.fields().contains(&"origin".to_owned()));
        let link = form.value("link").unwrap();
        assert!(link.contains("/archives/C0ISMS/p"), "{link}");
        let receipt = form.fills(&[("owner", "U0BOB"), ("due", "2026-12-18")]).submits().await.card();
        assert!(!receipt.text().contains("not in that channel"), "{}", receipt.text());
        bot.works().await;
        let messages = slack.channel("C0ISMS").messages();
        let answer = messages.iter().find(|m| m.thread() == Some(said.ts()));
        let answer = answer.expect("an answer in the thread of the message");
        assert!(answer.text().contains("CA-1"), "{}", answer.text());
        let living = messages.iter().find(|m| m.thread().is_none() && m.text().starts_with("CA-1"));
        assert!(living.unwrap().text().contains(&link));
        slack.is_content();
    }

    async fn where_the_bot_is_not_the_person_is_told_and_nobody_is_troubled(db: TestDatabase) {
        let slack = FakeSlack::start().await;
        let bot = Bot::start(&db, &slack).await;
        slack.next("chat.getPermalink", Fault::Word("internal_error"));
        let cai = slack.person("U0CAI").in_channel("C0ELSEWHERE");
        let said = cai.says("Leavers keep access");
        let form = cai.uses_on(&said, "raise_action_from_message").await.modal();
        assert!(form.value("link").unwrap().contains("C0ELSEWHERE"), "an address of its own");
        let receipt = form.submits().await.card();
        assert!(receipt.text().contains("not in that channel"), "{}", receipt.text());
        bot.works().await;
        assert_eq!(slack.channel("C0ELSEWHERE").messages().len(), 1);
        assert_eq!(slack.channel("C0ISMS").messages().len(), 1);
        // Asking is the one thing that was refused.
        let refused: Vec<String> = slack.refusals().into_iter().map(|(method, ..)| method).collect();
        assert_eq!(refused, ["conversations.history"]);
    }

    async fn the_global_shortcut_opens_the_form(db: TestDatabase) {
        let slack = FakeSlack::start().await;
        let _bot = Bot::start(&db, &slack).await;
        let form = slack.person("U0BOB").uses("raise_action").await.modal();
        assert_eq!(form.title(), "Raise an action");
        assert_eq!(form.value("title"), None);
        form.fills(&[("title", "Shred the disks")]).submits_only().await;
        let receipt = slack.dm("U0BOB").arrive(1).await;
        assert!(receipt[0].text().contains("Shred the disks"));
        slack.is_content();
    }

    async fn records_are_searched_while_someone_types(db: TestDatabase) {
        let slack = FakeSlack::start().await;
        let _bot = Bot::start(&db, &slack).await;
        let ann = slack.person("U0ANN");
        for title in ["Patch the VPN", "Renew the certificate"] {
            ann.types(&format!("/isms action new {title} owner:me due:2026-12-18")).await.card();
        }
        let form = ann.types("/isms snooze").await.modal();
        assert_eq!(form.kind("record"), "external_select");
        let all = form.searches("record", "").await;
        assert!(all.len() >= 2, "{all:?}");
        let found = form.searches("record", "certif").await;
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].0.contains("Renew the certificate"), "{found:?}");
        let filled = form.fills(&[("record", &found[0].1), ("until", "2026-12-01"), ("reason", "Ordered")]);
        let receipt = filled.submits().await.card();
        assert!(receipt.text().contains("CA-2"), "{}", receipt.text());
        slack.is_content();
    }

    async fn words_to_the_bot_are_a_command_or_a_first_contact(db: TestDatabase) {
        let slack = FakeSlack::start().await;
        let greet = Arc::new(|_| {
            let card = Card::say("I run your ISMS.").buttons([Button::new("What waits for me", "mine")]);
            async { Some(card) }.boxed()
        });
        let seams = Seams { greet, ..Seams::default() };
        let _bot = Bot::set_up(&db, &slack, Setup { seams: Some(seams), ..Setup::default() }).await;
        let bob = slack.person("U0BOB");
        bob.writes("hello there").await;
        let greeting = slack.dm("U0BOB").shows("the greeting", |m| m.text().contains("I run your ISMS")).await;
        assert_eq!(greeting.buttons(), ["What waits for me"]);
        bob.writes("action list").await;
        slack.dm("U0BOB").shows("the list", |m| m.text().contains("No actions fit")).await;
        // A form wants a click first.
        bob.writes("action new").await;
        let asked = slack.dm("U0BOB").shows("a button", |m| m.text().contains("needs a form")).await;
        assert_eq!(bob.in_dm().clicks(&asked, "Open the form").await.modal().title(), "Raise an action");
        slack.is_content();
    }

    async fn a_name_in_a_channel_is_not_answered(db: TestDatabase) {
        let slack = FakeSlack::start().await;
        let bot = Bot::start(&db, &slack).await;
        let ann = slack.person("U0ANN");
        ann.types("/isms action new Patch the VPN owner:me due:2026-12-18").await.card();
        bot.works().await;
        ann.says("What about CA-1?");
        bot.works().await;
        assert_eq!(slack.channel("C0ISMS").messages().len(), 2);
    }

    async fn someone_deactivated_is_heard_of_and_known_to_be_gone(db: TestDatabase) {
        let slack = FakeSlack::start().await;
        let left: Arc<Mutex<Vec<(String, String)>>> = Arc::default();
        let heard = left.clone();
        let seams = Seams {
            left: Arc::new(move |workspace, person| {
                heard.lock().unwrap().push((workspace, person));
                async {}.boxed()
            }),
            ..Seams::default()
        };
        let bot = Bot::set_up(&db, &slack, Setup { seams: Some(seams), ..Setup::default() }).await;
        slack.person("U0BOB").types("/isms mine").await.card();
        slack.deactivates("U0BOB").await;
        slack.person("U0ANN").types("/isms mine").await.card();
        let chat = bot.app.chat(isms_bot::chat::Platform::Slack).unwrap();
        let who = chat.who("T0ISMS", "U0BOB").await;
        assert!(matches!(who, isms_bot::chat::Whois::Gone), "{who:?}");
        assert_eq!(*left.lock().unwrap(), [("T0ISMS".to_owned(), "U0BOB".to_owned())]);
    }
}
