//! How fast lists of actions are when there are a million of them: the whole command, from its words to
//! its card, on SQLite and, where `ISMS_TEST_POSTGRES` names a server, on PostgreSQL.
//! `cargo bench --bench actions`; with PostgreSQL: `scripts/test --release --bench actions`.
//!
//! A hundred owners, five sources, all Annex A groups; three quarters of the actions are open. Each
//! question is asked a few times; what is printed is the median.

use std::time::Instant;

use isms_bot::app::{App, Ctx, Defaults};
use isms_bot::chat::{Platform, Reply};
use isms_bot::clock::Clock;
use isms_bot::people::{Person, Role, RoleFrom, Workspace};
use isms_bot::schedule::rules::MONDAY_TO_FRIDAY;
use isms_bot::store::Store;
use isms_bot::{people, sql};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use uuid::Uuid;

const ACTIONS: u32 = 1_000_000;
const OWNERS: u32 = 100;
const TIMES: usize = 7;

const QUESTIONS: [&str; 14] = [
    "action list",
    "action list page:1000",
    "action list state:all page:100000",
    "action list overdue",
    "action list state:reopened",
    "action list mine",
    "action list owner:p7 severity:major source:kpi",
    "action list source:incident",
    "action list severity:major",
    "action list control:A.8.8",
    "action list control:A.8",
    "action list host4711",
    "action list patch",
    "action list patch host4711 overdue",
];

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("isms.sqlite");
    measure(&format!("sqlite:{}", file.display())).await;
    let Ok(admin) = std::env::var("ISMS_TEST_POSTGRES") else {
        println!("no PostgreSQL: ISMS_TEST_POSTGRES is not set");
        return;
    };
    let name = format!("bench_{}", Uuid::now_v7().simple());
    let create = format!("CREATE DATABASE {name}");
    run(&admin, &create).await;
    let mut url = url::Url::parse(&admin).expect("ISMS_TEST_POSTGRES is a URL");
    url.set_path(&name);
    measure(url.as_str()).await;
    run(&admin, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
}

async fn measure(url: &str) {
    let kind = url.split(':').next().unwrap_or(url).to_owned();
    let store = Store::open(url).await.expect("the database opens");
    let ctx = workspace(store).await;
    let begun = Instant::now();
    run(url, &rows(&ctx.workspace, kind == "sqlite")).await;
    println!(
        "{kind}: {ACTIONS} actions inserted in {:.0} s",
        begun.elapsed().as_secs_f64()
    );
    for question in QUESTIONS {
        let mut times = Vec::new();
        for _ in 0..TIMES {
            let begun = Instant::now();
            let reply = ctx.say(question).await.expect("an answer");
            times.push(begun.elapsed());
            let Reply::Card(card) = reply else {
                panic!("{question}: a card");
            };
            assert!(card.plain().contains("CA-"), "{question}: {}", card.plain());
        }
        times.sort();
        let median = times[TIMES / 2].as_secs_f64() * 1000.0;
        println!("{kind}: {median:8.2} ms  {question}");
    }
}

/// A workspace of a manager and the owners, seen by the first of these.
async fn workspace(store: Store) -> Ctx {
    let clock = Clock::set_at("2026-11-23T09:00:00Z".parse().expect("an instant"));
    let defaults = Defaults {
        zone: chrono_tz::Europe::Berlin,
        working_days: MONDAY_TO_FRIDAY,
        channels: [].into(),
    };
    let app = App::new(store, clock, defaults);
    let place = (chrono_tz::Europe::Berlin, MONDAY_TO_FRIDAY);
    let workspace = Workspace::new(Platform::Playground, "bench", place);
    let mut tx = app.store.write(workspace.id).await.expect("a transaction");
    sql!(tx, people::insert_workspace(&workspace)).expect("a workspace");
    let mut owners = Vec::new();
    for number in 0..OWNERS {
        let person = Person {
            id: Uuid::from_u128(u128::from(number) + 1),
            external: format!("p{number}"),
            name: format!("p{number}"),
            zone: None,
            role: Role::Member,
            role_from: RoleFrom::Grant,
            present: true,
        };
        let saved = people::flow::save(&mut tx, &app, workspace.id, &person).await;
        owners.push(saved.expect("a person"));
    }
    tx.commit().await.expect("they are kept");
    Ctx::new(app, workspace, owners.swap_remove(0))
}

/// A million actions and the words of their titles.
fn rows(workspace: &Workspace, is_sqlite: bool) -> String {
    let day = match is_sqlite {
        true => "date('2025-06-01', '+' || (i % 800) || ' days')",
        false => "DATE '2025-06-01' + (i % 800)::int",
    };
    let owner = match is_sqlite {
        true => "'00000000-0000-0000-0000-' || printf('%012x', i % 100 + 1)",
        false => "'00000000-0000-0000-0000-' || lpad(to_hex(i % 100 + 1), 12, '0')",
    };
    // PostgreSQL gathers them by itself; SQLite has none.
    let figures = if is_sqlite { "" } else { "ANALYZE" };
    let id = workspace.id;
    format!(
        "INSERT INTO action (workspace, number, title, source, severity, state, rank, control, owner,
                             due, raised_by, raised_at)
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ACTIONS})
         SELECT '{id}', i, 'Patch host' || (i % 50000) || ' in room ' || (i % 300),
                CASE i % 5 WHEN 0 THEN 'by-hand' WHEN 1 THEN 'finding' WHEN 2 THEN 'kpi'
                           WHEN 3 THEN 'review' ELSE 'incident' END,
                CASE i % 3 WHEN 0 THEN 'major' WHEN 1 THEN 'minor' ELSE 'opportunity' END,
                CASE i % 8 WHEN 0 THEN 'effective' WHEN 1 THEN 'done' WHEN 2 THEN 'reopened'
                           WHEN 3 THEN 'planned' ELSE 'raised' END,
                CASE i % 8 WHEN 0 THEN 2 WHEN 1 THEN 1 ELSE 0 END,
                'A.' || (5 + i % 4) || '.' || (1 + i % 8), {owner}, {day},
                '00000000-0000-0000-0000-000000000001', '2025-01-01T09:00:00Z'
         FROM n;
         INSERT INTO action_word (workspace, word, number)
         SELECT workspace, 'patch', number FROM action
         UNION ALL SELECT workspace, 'host' || (number % 50000), number FROM action
         UNION ALL SELECT workspace, 'in', number FROM action
         UNION ALL SELECT workspace, 'room', number FROM action;
         {figures}"
    )
}

async fn run(url: &str, text: &str) {
    let statements = sqlx::raw_sql(AssertSqlSafe(text.to_owned()));
    let done = if url.starts_with("sqlite:") {
        let mut conn = SqliteConnection::connect(url).await.expect("the database");
        statements.execute(&mut conn).await.map(drop)
    } else {
        let mut conn = PgConnection::connect(url).await.expect("the server");
        statements.execute(&mut conn).await.map(drop)
    };
    done.expect("the statements run");
}
