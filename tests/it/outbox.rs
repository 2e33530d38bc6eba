//! Delivery: nothing is lost, nothing is doubled, whatever fails in between.

use std::sync::Arc;

use chrono::TimeDelta;
use isms_bot::app::App;
use isms_bot::chat::{Chat, Content, Delivery, Platform, Refusal, SendError, Target};
use isms_bot::outbox::{self, worker};
use isms_bot::people::Role;
use isms_bot::record::Verdict;
use isms_bot::{record, sql};

use crate::harness::stage::{Fault, Stage};
use crate::on_both_databases;

const MORNING: &str = "2026-11-23T10:00:00+01:00";

/// A stage on which Maya has raised CA-1, and nothing has been sent.
async fn raised(db: &crate::harness::database::TestDatabase) -> Stage {
    let stage = Stage::new(db, MORNING).await;
    stage.person("maya", Role::Manager, "Europe/Berlin").await;
    stage.person("tom", Role::Member, "Europe/Berlin").await;
    stage
        .says("maya", "action new Patch the VPN owner:@tom due:2026-12-18")
        .await;
    stage
}

/// Another process on the same database, at the same desk.
async fn twin(stage: &Stage, db: &crate::harness::database::TestDatabase) -> App {
    let app = App::new(
        db.store().await,
        stage.app.clock.clone(),
        (*stage.app.defaults).clone(),
    );
    app.connect(Platform::Playground, stage.desk.clone());
    app
}

/// Another process on the same database, to which no platform is connected.
async fn unconnected(stage: &Stage, db: &crate::harness::database::TestDatabase) -> App {
    App::new(
        db.store().await,
        stage.app.clock.clone(),
        (*stage.app.defaults).clone(),
    )
}

on_both_databases! {
    async fn an_action_has_one_living_message_and_its_owner_is_told_once(db: TestDatabase) {
        let stage = raised(&db).await;
        worker::deliver_due(&stage.app).await.unwrap();
        stage.says("tom", "action update CA-1 cause:\"nobody owned it\"").await;
        worker::deliver_due(&stage.app).await.unwrap();
        let living = stage.desk.in_channel("isms");
        assert_eq!(living.len(), 1);
        assert!(living[0].plain().contains("nobody owned it"));
        assert_eq!(stage.desk.to("tom").len(), 1);
        assert_eq!(stage.desk.to("maya").len(), 0, "nobody is told of their own act");
    }

    async fn a_message_that_may_have_gone_out_is_looked_for_and_not_doubled(db: TestDatabase) {
        let stage = raised(&db).await;
        stage.desk.fails(2, Fault::TakenThenSilent);
        worker::deliver_due(&stage.app).await.unwrap();
        assert_eq!(stage.desk.all().len(), 2, "both were taken");
        stage.app.clock.advance(TimeDelta::minutes(5));
        worker::deliver_due(&stage.app).await.unwrap();
        assert_eq!(stage.desk.all().len(), 2);
        // Their places were learnt: the next change edits both.
        stage.says("tom", "action update CA-1 plan:\"an owner\"").await;
        worker::deliver_due(&stage.app).await.unwrap();
        assert_eq!(stage.desk.all().iter().map(|message| message.edits).sum::<usize>(), 2);
    }

    async fn a_message_that_was_not_taken_goes_out_after_the_wait_it_was_told(db: TestDatabase) {
        let stage = raised(&db).await;
        let after = Some(std::time::Duration::from_secs(120));
        let busy = SendError::Retry { after, why: "429".to_owned() };
        stage.desk.fails(2, Fault::Answer(busy));
        worker::deliver_due(&stage.app).await.unwrap();
        stage.app.clock.advance(TimeDelta::seconds(119));
        worker::deliver_due(&stage.app).await.unwrap();
        assert_eq!(stage.desk.all().len(), 0, "not before it was told to");
        stage.app.clock.advance(TimeDelta::seconds(1));
        worker::deliver_due(&stage.app).await.unwrap();
        assert_eq!(stage.desk.all().len(), 2);
    }

    async fn a_process_without_the_platform_leaves_its_messages_alone(db: TestDatabase) {
        let stage = raised(&db).await;
        let elsewhere = unconnected(&stage, &db).await;
        assert_eq!(worker::deliver_due(&elsewhere).await.unwrap(), 0);
        assert_eq!(worker::deliver_due(&stage.app).await.unwrap(), 2, "at once");
        assert_eq!(stage.desk.all().len(), 2);
    }

    async fn what_may_have_gone_out_is_still_looked_for_after_a_fault_of_our_own(db: TestDatabase) {
        let stage = raised(&db).await;
        stage.desk.fails(2, Fault::TakenThenSilent);
        worker::deliver_due(&stage.app).await.unwrap();
        stage.app.clock.advance(TimeDelta::minutes(5));
        let elsewhere = unconnected(&stage, &db).await;
        for job in worker::claim(&stage.app).await.unwrap() {
            worker::deliver(&elsewhere, &job).await.unwrap();
        }
        stage.app.clock.advance(TimeDelta::minutes(5));
        assert_eq!(worker::deliver_due(&stage.app).await.unwrap(), 2);
        assert_eq!(stage.desk.all().len(), 2, "found, not posted again");
    }

    async fn a_worker_that_comes_back_late_does_not_undo_what_another_has_sent(db: TestDatabase) {
        let stage = raised(&db).await;
        let late = worker::claim(&stage.app).await.unwrap();
        stage.app.clock.advance(outbox::LEASE);
        assert_eq!(worker::deliver_due(&twin(&stage, &db).await).await.unwrap(), 2);
        let elsewhere = unconnected(&stage, &db).await;
        for job in &late {
            worker::deliver(&elsewhere, job).await.unwrap();
        }
        stage.app.clock.advance(TimeDelta::days(1));
        assert_eq!(worker::deliver_due(&stage.app).await.unwrap(), 0);
        assert_eq!(stage.desk.all().len(), 2);
    }

    async fn a_worker_that_dies_before_sending_loses_nothing(db: TestDatabase) {
        let stage = raised(&db).await;
        assert_eq!(worker::claim(&stage.app).await.unwrap().len(), 2);
        let twin = twin(&stage, &db).await;
        assert_eq!(worker::deliver_due(&twin).await.unwrap(), 0, "claimed by the other");
        stage.app.clock.advance(outbox::LEASE);
        assert_eq!(worker::deliver_due(&twin).await.unwrap(), 2);
        assert_eq!(stage.desk.all().len(), 2);
    }

    async fn a_worker_that_dies_after_sending_doubles_nothing(db: TestDatabase) {
        let stage = raised(&db).await;
        for job in worker::claim(&stage.app).await.unwrap() {
            let delivery = Delivery {
                id: job.id,
                workspace: "stage".to_owned(),
                target: Target::Channel("isms".to_owned()),
                instead: None,
                thread: None,
                content: Content::Card(isms_bot::chat::Card::say("sent, and then the light went out")),
            };
            stage.desk.post(&delivery).await.unwrap();
        }
        stage.app.clock.advance(outbox::LEASE);
        assert_eq!(worker::deliver_due(&twin(&stage, &db).await).await.unwrap(), 2);
        assert_eq!(stage.desk.all().len(), 2);
    }

    async fn two_processes_on_one_database_send_each_message_once(db: TestDatabase) {
        let stage = Arc::new(raised(&db).await);
        for n in 0..30 {
            stage.says("maya", &format!("action new Number {n} owner:@tom due:2026-12-18")).await;
        }
        let twin = twin(&stage, &db).await;
        let (one, other) =
            tokio::join!(worker::deliver_due(&stage.app), worker::deliver_due(&twin));
        assert_eq!(one.unwrap() + other.unwrap(), 62);
        assert_eq!(stage.desk.in_channel("isms").len(), 31);
        assert_eq!(stage.desk.to("tom").len(), 31);
    }

    async fn a_refusal_is_recorded_with_its_reason(db: TestDatabase) {
        let stage = raised(&db).await;
        stage.desk.fails(2, Fault::Answer(SendError::Refused(Refusal::ChannelArchived)));
        worker::deliver_due(&stage.app).await.unwrap();
        stage.app.clock.advance(TimeDelta::days(2));
        worker::deliver_due(&stage.app).await.unwrap();
        let places = [stage.desk.in_channel("isms").len(), stage.desk.to("tom").len()];
        assert_eq!(places, [0, 0], "it is not tried again");
        let mut conn = stage.app.store.read().await.unwrap();
        let told = record::history(&mut conn, stage.workspace.id, "CA-1").await.unwrap();
        let last = told.last().unwrap();
        assert_eq!((last.kind.as_str(), &last.data["why"]), ("message-not-delivered", &"channel-archived".into()));
    }

    async fn what_is_no_longer_true_when_it_would_be_sent_is_not_said(db: TestDatabase) {
        let stage = raised(&db).await;
        stage.says("maya", "action cancel CA-1 \"raised twice\"").await;
        worker::deliver_due(&stage.app).await.unwrap();
        assert_eq!(stage.desk.to("tom").len(), 0);
        assert!(stage.desk.in_channel("isms")[0].plain().contains("cancelled"));
    }

    async fn the_same_act_delivered_twice_has_one_effect(db: TestDatabase) {
        let stage = raised(&db).await;
        let act = isms_bot::chat::Act::Typed("action new Once owner:@tom due:2026-12-18".to_owned());
        let inbound = stage.inbound("maya", act);
        let twin = twin(&stage, &db).await;
        tokio::join!(stage.app.handle(inbound.clone()), twin.handle(inbound.clone()));
        stage.app.handle(inbound).await;
        let mut conn = stage.app.store.read().await.unwrap();
        let owed = sql!(conn, action::list_owed(stage.workspace.id)).unwrap();
        assert_eq!(owed.len(), 2);
        let verdict = record::verify(&mut conn, stage.workspace.id).await.unwrap();
        assert!(matches!(verdict, Verdict::Sound(_)), "{verdict:?}");
    }
}
