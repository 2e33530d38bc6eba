//! What the store promises, on both databases.

use chrono::{DateTime, TimeDelta, Utc};
use futures::FutureExt as _;
use isms_bot::app::Result;
use isms_bot::chat::Platform;
use isms_bot::people::Workspace;
use isms_bot::record::{self, Happening, Verdict};
use isms_bot::schedule::rules::MONDAY_TO_FRIDAY;
use isms_bot::sql;
use isms_bot::store::{Store, Tx};
use serde_json::json;
use uuid::Uuid;

use crate::on_both_databases;

fn at(minute: i64) -> DateTime<Utc> {
    let noon: DateTime<Utc> = "2026-03-01T12:00:00.123456Z".parse().unwrap();
    noon + TimeDelta::minutes(minute)
}

async fn workspace(store: &Store) -> Workspace {
    let workspace = Workspace {
        name: "Ärzte & Söhne \"e.V.\" 🐟".to_owned(),
        ..Workspace::new(
            Platform::Slack,
            &Uuid::now_v7().to_string(),
            (chrono_tz::Europe::Berlin, MONDAY_TO_FRIDAY),
        )
    };
    let mut tx = store.write(workspace.id).await.unwrap();
    assert!(sql!(tx, people::insert_workspace(&workspace)).unwrap());
    tx.commit().await.unwrap();
    workspace
}

async fn append(tx: &mut Tx, workspace: &Workspace, number: i64) -> Result<()> {
    let happening = Happening {
        workspace: workspace.id,
        at: at(number),
        actor: None,
        kind: "tried",
        record: format!("CA-{number}"),
        data: json!({"words": "ein “Wort”\n", "value": 0.1, "number": number}),
    };
    record::append(tx, happening).await
}

/// A workspace with so many entries in its log.
async fn logged(store: &Store, entries: i64) -> Workspace {
    let workspace = workspace(store).await;
    for number in 1..=entries {
        let mut tx = store.write(workspace.id).await.unwrap();
        append(&mut tx, &workspace, number).await.unwrap();
        tx.commit().await.unwrap();
    }
    workspace
}

async fn verdict(store: &Store, workspace: &Workspace) -> Verdict {
    let mut conn = store.read().await.unwrap();
    record::verify(&mut conn, workspace.id).await.unwrap()
}

async fn entries(store: &Store, workspace: &Workspace) -> i64 {
    match verdict(store, workspace).await {
        Verdict::Sound(head) => head.entries,
        Verdict::Broken { entry, why } => panic!("entry {entry}: {why}"),
    }
}

on_both_databases! {
    async fn what_is_written_is_read_back_as_it_was(db: TestDatabase) {
        let store = db.store().await;
        let written = workspace(&store).await;
        let mut conn = db.store().await.read().await.unwrap();
        let read = sql!(conn, people::find_workspace(Platform::Slack, &written.external)).unwrap();
        assert_eq!(read, Some(written));
    }

    async fn a_row_and_its_event_are_kept_together_or_not_at_all(db: TestDatabase) {
        let store = db.store().await;
        let workspace = workspace(&store).await;
        let mut tx = store.write(workspace.id).await.unwrap();
        let number = sql!(tx, people::next_number(workspace.id, "action")).unwrap();
        append(&mut tx, &workspace, number).await.unwrap();
        // The process ends before the commit.
        drop(tx);
        assert_eq!(entries(&store, &workspace).await, 0);

        let mut tx = store.write(workspace.id).await.unwrap();
        let again = sql!(tx, people::next_number(workspace.id, "action")).unwrap();
        assert_eq!(again, number, "the number was not used up");
        append(&mut tx, &workspace, again).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(entries(&db.store().await, &workspace).await, 1);
    }

    async fn an_act_cancelled_at_its_commit_does_not_take_its_neighbour_with_it(db: TestDatabase) {
        let store = db.store().await;
        let workspace = workspace(&store).await;
        for number in 1..=200 {
            let mut first = store.write(workspace.id).await.unwrap();
            append(&mut first, &workspace, number).await.unwrap();
            let (again, id) = (store.clone(), workspace.id);
            let queued = tokio::spawn(async move { again.write(id).await });
            tokio::task::yield_now().await;
            let first = tokio::spawn(first.commit());
            let mut second = queued.await.unwrap().unwrap();
            append(&mut second, &workspace, -number).await.unwrap();
            // Whoever asked for it has hung up.
            let _ = second.commit().now_or_never();
            first.await.unwrap().unwrap();
        }
        assert!(entries(&store, &workspace).await >= 200);
    }

    async fn writers_take_turns_and_each_one_counts(db: TestDatabase) {
        let store = db.store().await;
        let workspace = workspace(&store).await;
        let writers = (0..40).map(|_| async {
            let mut tx = store.write(workspace.id).await.unwrap();
            let number = sql!(tx, people::next_number(workspace.id, "action")).unwrap();
            append(&mut tx, &workspace, number).await.unwrap();
            tx.commit().await.unwrap();
            number
        });
        let mut numbers = futures::future::join_all(writers).await;
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=40).collect::<Vec<i64>>());
        assert_eq!(entries(&store, &workspace).await, 40);
    }

    async fn a_writer_that_gives_up_leaves_its_neighbours_in_peace(db: TestDatabase) {
        let store = db.store().await;
        let workspace = workspace(&store).await;
        let writers = (0..20).map(|writer| {
            let (store, workspace) = (store.clone(), workspace.clone());
            async move {
                let mut tx = store.write(workspace.id).await.unwrap();
                append(&mut tx, &workspace, writer).await.unwrap();
                if writer % 3 == 0 {
                    drop(tx);
                } else {
                    tx.commit().await.unwrap();
                }
            }
        });
        futures::future::join_all(writers).await;
        assert_eq!(entries(&store, &workspace).await, 13);
    }

    async fn two_processes_on_one_database_do_not_get_in_each_others_way(db: TestDatabase) {
        let (one, other) = (db.store().await, db.store().await);
        let workspace = workspace(&one).await;
        let writers = (0..30).map(|writer| {
            let store = if writer % 2 == 0 { one.clone() } else { other.clone() };
            let workspace = workspace.clone();
            async move {
                let mut tx = store.write(workspace.id).await.unwrap();
                let number = sql!(tx, people::next_number(workspace.id, "action")).unwrap();
                append(&mut tx, &workspace, number).await.unwrap();
                tx.commit().await.unwrap();
                number
            }
        });
        let mut numbers = futures::future::join_all(writers).await;
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=30).collect::<Vec<i64>>());
        assert_eq!(entries(&other, &workspace).await, 30);
    }

    async fn nothing_of_one_workspace_is_seen_in_another(db: TestDatabase) {
        let store = db.store().await;
        let (one, other) = (logged(&store, 3).await, logged(&store, 2).await);
        assert_eq!(entries(&store, &one).await, 3);
        assert_eq!(entries(&store, &other).await, 2);
        let mut tx = store.write(other.id).await.unwrap();
        assert_eq!(sql!(tx, people::next_number(other.id, "action")).unwrap(), 1);
    }

    async fn an_entry_of_the_log_cannot_be_changed_by_mistake(db: TestDatabase) {
        let store = db.store().await;
        logged(&store, 2).await;
        for sql in [
            "UPDATE event SET kind = 'other' WHERE entry = 1",
            "DELETE FROM event WHERE entry = 2",
        ] {
            let refused = db.try_tamper(sql).await.unwrap_err().to_string();
            assert!(refused.contains("append-only"), "{refused}");
        }
    }

    async fn an_entry_that_was_changed_on_purpose_is_named(db: TestDatabase) {
        let store = db.store().await;
        let workspace = logged(&store, 5).await;
        assert_eq!(entries(&store, &workspace).await, 5);
        db.open_the_log().await;
        db.tamper("UPDATE event SET body = replace(body, 'CA-3', 'CA-9') WHERE entry = 3").await;
        let Verdict::Broken { entry, why } = verdict(&store, &workspace).await else {
            panic!("a changed text was not noticed");
        };
        assert_eq!((entry, why.as_str()), (3, "its hash does not fit its text and the entry before"));
    }

    async fn a_column_that_says_other_than_the_hashed_text_is_named(db: TestDatabase) {
        let store = db.store().await;
        let workspace = logged(&store, 5).await;
        db.open_the_log().await;
        db.tamper("UPDATE event SET record = 'CA-9' WHERE entry = 4").await;
        let Verdict::Broken { entry, .. } = verdict(&store, &workspace).await else {
            panic!("a changed column was not noticed");
        };
        assert_eq!(entry, 4);
    }

    async fn an_entry_that_was_taken_out_is_named_in_the_middle_and_at_the_end(db: TestDatabase) {
        let store = db.store().await;
        let workspace = logged(&store, 5).await;
        db.open_the_log().await;
        db.tamper("DELETE FROM event WHERE entry = 5").await;
        let Verdict::Broken { entry, why } = verdict(&store, &workspace).await else {
            panic!("a missing end was not noticed");
        };
        assert_eq!(entry, 5);
        assert!(why.contains("missing at the end"), "{why}");
        db.tamper("DELETE FROM event WHERE entry = 2").await;
        let Verdict::Broken { entry, why } = verdict(&store, &workspace).await else {
            panic!("a missing middle was not noticed");
        };
        assert_eq!((entry, why.as_str()), (2, "entry 2 is missing"));
    }
}
