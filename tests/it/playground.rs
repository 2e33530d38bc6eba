//! The playground as the outbox sees it, on both databases, and as a web site.

mod web;

use chrono::TimeDelta;
use isms_bot::app::{self, App, Defaults};
use isms_bot::chat::{Card, Chat, Content, Delivery, MessageRef, Refusal, SendError, Target};
use isms_bot::clock::Clock;
use isms_bot::people::{Role, Workspace};
use isms_bot::playground::{Message, Messages, Playground, WORKSPACE};
use isms_bot::schedule::rules::MONDAY_TO_FRIDAY;
use isms_bot::sql;
use uuid::Uuid;

use crate::harness::database::TestDatabase;
use crate::on_both_databases;

async fn open(db: &TestDatabase) -> (App, Playground) {
    let defaults = Defaults {
        zone: chrono_tz::Europe::Berlin,
        working_days: MONDAY_TO_FRIDAY,
        channels: [].into(),
    };
    let clock = Clock::set_at("2026-11-23T08:00:00.123456Z".parse().unwrap());
    let app = App::new(db.store().await, clock, defaults);
    app::playground::settle(&app).await.unwrap();
    let playground = app::playground::connect(&app);
    (app, playground)
}

async fn workspace(app: &App) -> Workspace {
    let mut conn = app.store.read().await.unwrap();
    let platform = isms_bot::chat::Platform::Playground;
    let found = sql!(conn, people::find_workspace(platform, WORKSPACE)).unwrap();
    found.unwrap()
}

async fn message(app: &App, at: &MessageRef) -> Message {
    let messages = Messages::new(app.store.clone());
    let number = at.message.parse().unwrap();
    messages
        .find(workspace(app).await.id, number)
        .await
        .unwrap()
        .unwrap()
}

fn delivery(target: Target, content: Content) -> Delivery {
    Delivery {
        id: Uuid::now_v7(),
        workspace: WORKSPACE.to_owned(),
        target,
        instead: None,
        thread: None,
        content,
    }
}

fn say(words: &str) -> Content {
    Content::Card(Card::say(words))
}

fn isms() -> Target {
    Target::Channel("isms".to_owned())
}

on_both_databases! {
    async fn a_new_playground_has_one_person_of_each_role_and_settles_once(db: TestDatabase) {
        let (app, _) = open(&db).await;
        app::playground::settle(&app).await.unwrap();
        let workspace = workspace(&app).await;
        let mut conn = app.store.read().await.unwrap();
        let people = sql!(conn, people::list_people(workspace.id)).unwrap();
        let mut roles: Vec<Role> = people.iter().map(|person| person.role).collect();
        roles.sort();
        let all = [Role::Manager, Role::Auditor, Role::Leader, Role::Member, Role::Reader];
        assert_eq!(roles, all);
        assert_eq!(workspace.channel.as_deref(), Some("isms"));
    }

    async fn a_delivery_is_posted_once_and_found_again_even_by_another_process(db: TestDatabase) {
        let (app, playground) = open(&db).await;
        let delivery = delivery(isms(), say("Good morning"));
        assert_eq!(playground.find(&delivery).await.unwrap(), None);
        let at = playground.post(&delivery).await.unwrap();
        assert_eq!(playground.post(&delivery).await.unwrap(), at, "a retry adds nothing");

        let (_, other) = open(&db).await;
        assert_eq!(other.find(&delivery).await.unwrap(), Some(at.clone()));
        assert_eq!(other.post(&delivery).await.unwrap(), at);
        let workspace = workspace(&app).await.id;
        let kept = Messages::new(app.store.clone()).latest(workspace, "isms", None, 10).await;
        assert_eq!(kept.unwrap().len(), 1);
    }

    async fn an_edit_stays_in_place_and_says_when(db: TestDatabase) {
        let (app, playground) = open(&db).await;
        let at = playground.post(&delivery(isms(), say("raised"))).await.unwrap();
        let before = message(&app, &at).await;
        assert_eq!((before.posted, before.edited), (app.clock.now(), None));
        app.clock.advance(TimeDelta::hours(1));
        playground.edit(WORKSPACE, &at, &Card::say("done")).await.unwrap();
        let after = message(&app, &at).await;
        assert_eq!((after.posted, after.edited), (before.posted, Some(app.clock.now())));
        assert_ne!(after.body, before.body);
    }

    async fn what_cannot_be_sent_is_refused_with_the_reason(db: TestDatabase) {
        let (_, playground) = open(&db).await;
        let post = async |target| playground.post(&delivery(target, say("x"))).await.unwrap_err();
        let nowhere = post(Target::Channel("nowhere".to_owned())).await;
        assert_eq!(nowhere, SendError::Refused(Refusal::ChannelNotFound));
        let nobody = post(Target::Person("nobody".to_owned())).await;
        assert_eq!(nobody, SendError::Refused(Refusal::UnknownPerson));
        for (channel, number) in [("isms", "99"), ("isms", "abc")] {
            let gone = MessageRef { channel: channel.to_owned(), message: number.to_owned() };
            let refused = playground.edit(WORKSPACE, &gone, &Card::say("x")).await.unwrap_err();
            assert_eq!(refused, SendError::Refused(Refusal::MessageNotFound));
        }
        let elsewhere = Delivery { workspace: "T1".to_owned(), ..delivery(isms(), say("x")) };
        let refused = playground.post(&elsewhere).await.unwrap_err();
        assert!(matches!(refused, SendError::Refused(Refusal::Other(_))), "{refused}");
    }

    async fn a_thread_is_counted_at_its_head_and_kept_apart(db: TestDatabase) {
        let (app, playground) = open(&db).await;
        let head = playground.post(&delivery(isms(), say("head"))).await.unwrap();
        for _ in 0..2 {
            app.clock.advance(TimeDelta::minutes(1));
            let answer = Delivery { thread: Some(head.clone()), ..delivery(isms(), say("more")) };
            playground.post(&answer).await.unwrap();
        }
        let shown = message(&app, &head).await;
        assert_eq!((shown.replies, shown.last_reply), (2, Some(app.clock.now())));
        let messages = Messages::new(app.store.clone());
        let workspace = workspace(&app).await.id;
        assert_eq!(messages.latest(workspace, "isms", None, 10).await.unwrap().len(), 1);
        assert_eq!(messages.thread(workspace, shown.number).await.unwrap().len(), 2);
    }

    async fn a_file_keeps_its_bytes(db: TestDatabase) {
        let (app, playground) = open(&db).await;
        let bytes = vec![0, 159, 146, 150];
        let file = Content::File {
            name: "Bericht für März.pdf".to_owned(),
            comment: String::new(),
            bytes: bytes.clone(),
        };
        let at = playground.post(&delivery(isms(), file)).await.unwrap();
        let messages = Messages::new(app.store.clone());
        let number = message(&app, &at).await.number;
        let kept = messages.file(workspace(&app).await.id, number).await.unwrap();
        assert_eq!(kept, Some(bytes));
    }

    async fn what_others_said_is_unread_until_it_is_seen(db: TestDatabase) {
        let (app, playground) = open(&db).await;
        let messages = Messages::new(app.store.clone());
        let workspace = workspace(&app).await.id;
        let unseen = async |who: &str, place: &str| {
            let counts = messages.unseen(workspace, who).await.unwrap();
            counts.get(place).copied().unwrap_or(0)
        };
        for _ in 0..2 {
            playground.post(&delivery(isms(), say("news"))).await.unwrap();
        }
        let to_ann = Target::Person("ann".to_owned());
        playground.post(&delivery(to_ann, say("due today"))).await.unwrap();
        assert_eq!((unseen("ann", "isms").await, unseen("ann", "@ann").await), (2, 1));
        messages.mark_seen(workspace, "ann", "isms").await.unwrap();
        assert_eq!((unseen("ann", "isms").await, unseen("ann", "@ann").await), (0, 1));
        assert_eq!(unseen("ben", "isms").await, 2, "to others they are new");
        playground.post(&delivery(isms(), say("more"))).await.unwrap();
        assert_eq!(unseen("ann", "isms").await, 1);
    }

    async fn older_messages_come_page_by_page(db: TestDatabase) {
        let (app, playground) = open(&db).await;
        let mut numbers = vec![];
        for words in ["one", "two", "three"] {
            let at = playground.post(&delivery(isms(), say(words))).await.unwrap();
            numbers.push(message(&app, &at).await.number);
        }
        let messages = Messages::new(app.store.clone());
        let workspace = workspace(&app).await.id;
        let page = async |before| {
            let found = messages.latest(workspace, "isms", before, 2).await.unwrap();
            found.iter().map(|message| message.number).collect::<Vec<_>>()
        };
        assert_eq!(page(None).await, numbers[1..]);
        assert_eq!(page(Some(numbers[1])).await, numbers[..1]);
    }
}
