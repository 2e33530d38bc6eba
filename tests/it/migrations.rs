//! The schema's steps, one after the other, over rows that are already there: an update of the
//! program must not lose what an older one wrote. `rows/NNNN_name.sql` writes what a
//! program of that age writes; a new migration comes with its rows.

use std::path::{Path, PathBuf};

use isms_bot::app::{App, Ctx, Defaults};
use isms_bot::chat::{Platform, Reply};
use isms_bot::clock::Clock;
use isms_bot::people::People;
use isms_bot::record::{self, GENESIS, Verdict};
use isms_bot::schedule::rules::MONDAY_TO_FRIDAY;
use isms_bot::sql;
use sha2::{Digest, Sha256};
use sqlx::migrate::Migrator;
use sqlx::{Connection, PgConnection, SqliteConnection};

use crate::harness::database::TestDatabase;
use crate::on_both_databases;

/// The log's one entry in the rows.
const BODY: &str = r#"{"actor":null,"at":"2026-01-05T09:00:00Z","data":{},"entry":1,"kind":"workspace-met","record":"slack","workspace":"11111111-1111-7111-8111-111111111111"}"#;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn steps(db: &TestDatabase) -> Vec<PathBuf> {
    let folder = if db.is_sqlite() { "sqlite" } else { "postgres" };
    let entries = std::fs::read_dir(root().join("migrations").join(folder)).unwrap();
    let mut steps: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    steps.sort();
    steps
}

/// The rows of a step, with what the databases write differently filled in.
fn rows(db: &TestDatabase, step: &Path) -> String {
    let file = root().join("tests/it/rows").join(step.file_name().unwrap());
    let text = std::fs::read_to_string(&file).unwrap_or_else(|_| {
        panic!(
            "{} is missing: every migration has its rows",
            file.display()
        )
    });
    let mut sha = Sha256::new();
    sha.update(GENESIS);
    sha.update(BODY);
    let bytes = if db.is_sqlite() {
        "X'89504E47'"
    } else {
        r"'\x89504E47'"
    };
    text.replace("{hash}", &hex::encode(sha.finalize()))
        .replace("{body}", BODY)
        .replace("{bytes}", bytes)
}

/// Applies the first steps, as a program of that age would have.
async fn migrate(db: &TestDatabase, steps: &[PathBuf]) {
    let folder = tempfile::tempdir().unwrap();
    for step in steps {
        std::fs::copy(step, folder.path().join(step.file_name().unwrap())).unwrap();
    }
    let migrator = Migrator::new(folder.path()).await.unwrap();
    if db.is_sqlite() {
        let url = format!("{}?mode=rwc", db.url());
        let mut conn = SqliteConnection::connect(&url).await.unwrap();
        migrator.run(&mut conn).await.unwrap();
    } else {
        let mut conn = PgConnection::connect(db.url()).await.unwrap();
        migrator.run(&mut conn).await.unwrap();
    }
}

/// Step by step, with the rows of each.
async fn grow(db: &TestDatabase) {
    db.blank().await;
    let steps = steps(db);
    for count in 1..=steps.len() {
        migrate(db, &steps[..count]).await;
        db.tamper(&rows(db, &steps[count - 1])).await;
    }
}

on_both_databases! {
    async fn every_step_keeps_the_rows_of_the_steps_before(db: TestDatabase) {
        grow(&db).await;

        // The program of today opens it, and every room can read what is there.
        let store = db.store().await;
        let clock = Clock::set_at("2026-11-23T09:00:00Z".parse().unwrap());
        let defaults = Defaults {
            zone: chrono_tz::Europe::Berlin,
            working_days: MONDAY_TO_FRIDAY,
            channels: [].into(),
        };
        let app = App::new(store, clock, defaults);
        let mut conn = app.store.read().await.unwrap();
        let workspace = sql!(conn, people::find_workspace(Platform::Slack, "T1")).unwrap().unwrap();
        let people = People(sql!(conn, people::list_people(workspace.id)).unwrap());
        let person = people.find_by_external("U1").cloned();
        let verdict = record::verify(&mut conn, workspace.id).await.unwrap();
        assert!(matches!(verdict, Verdict::Sound(head) if head.entries == 1));
        drop(conn);
        let ctx = Ctx::new(app, workspace, person.unwrap());
        for (words, expected) in [
            ("action show CA-1", "Patch the “VPN”"),
            ("kpi show phishing", "Phishing clicks"),
            ("audit show AUD-2026-03", "Leadership"),
            ("review show MR-2026-Q1", "No change"),
            ("status", "How the ISMS stands"),
        ] {
            let Reply::Card(card) = ctx.say(words).await.unwrap() else {
                panic!("`{words}` has no card");
            };
            assert!(card.plain().contains(expected), "{words}: {}", card.plain());
        }
    }

    async fn opening_a_database_again_changes_nothing(db: TestDatabase) {
        grow(&db).await;
        for _ in 0..2 {
            let store = db.store().await;
            let mut conn = store.read().await.unwrap();
            assert_eq!(sql!(conn, people::list_workspaces()).unwrap().len(), 1);
        }
    }
}
