//! How fast values of programs are taken in: the release binary, over loopback HTTP, with tokens, log
//! and idempotency keys. `cargo bench --bench intake`.
//!
//! - a batch: 10,000 values of 100 KPIs in one request
//! - the same again: nothing changes
//! - single values: 64 connections, each sending one value after the other
//!
//! On SQLite at `synchronous=FULL`, and on PostgreSQL if `ISMS_TEST_POSTGRES` names a server, as it
//! does within `scripts/test --release --bench intake` (there with `fsync` off).

#[expect(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "the benches of the platforms use the rest"
)]
mod common;

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use chrono::{Datelike, Days, NaiveDate, Weekday};
use common::{Bot, report};
use isms_bot::app::{App, Ctx, Defaults};
use isms_bot::chat::{Platform, Reply};
use isms_bot::clock::Clock;
use isms_bot::people::{self, Person, Role, RoleFrom, Workspace};
use isms_bot::schedule::rules::MONDAY_TO_FRIDAY;
use isms_bot::sql;
use isms_bot::store::Store;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use uuid::Uuid;

const KPIS: usize = 100;
/// Of each KPI in the batch.
const WEEKS: usize = 100;
const CONNECTIONS: usize = 64;
const SINGLE: usize = 3200;

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    run("SQLite", "sqlite:bench.sqlite", folder.path()).await;
    let Ok(server) = std::env::var("ISMS_TEST_POSTGRES") else {
        println!("PostgreSQL: ISMS_TEST_POSTGRES names no server");
        return;
    };
    let mut url = url::Url::parse(&server).expect("a URL");
    let name = format!("bench_{}", Uuid::now_v7().simple());
    let mut admin = PgConnection::connect(&server).await.expect("PostgreSQL");
    let create = sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}")));
    create.execute(&mut admin).await.expect("a database");
    url.set_path(&name);
    run("PostgreSQL", url.as_str(), folder.path()).await;
    let dropped = sqlx::raw_sql(AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)")));
    dropped.execute(&mut admin).await.expect("it is dropped");
}

async fn run(on: &str, url: &str, folder: &Path) {
    let opened = match url.strip_prefix("sqlite:") {
        Some(file) => format!("sqlite:{}", folder.join(file).display()),
        None => url.to_owned(),
    };
    let token = prepare(&opened).await;
    let address = free_port();
    let settings = vec![
        ("ISMS_DATABASE__URL", opened),
        ("ISMS_INTAKE__LISTEN", address.to_string()),
        ("ISMS_INTAKE__PER_MINUTE", "1000000".to_owned()),
        ("ISMS_PLAYGROUND__LISTEN", "127.0.0.1:0".to_owned()),
    ];
    let bot = Bot::start(folder, settings);
    let client = reqwest::Client::builder()
        .pool_max_idle_per_host(CONNECTIONS)
        .build()
        .expect("a client");
    let program = Program {
        url: format!("http://{address}/v1/measurements"),
        client,
        token,
    };
    program.waits_for_the_bot().await;
    println!("{on}: idle memory {:.1} MB", bot.megabytes());

    let batch = batch();
    let bytes = batch.to_string().len();
    let first = program.times(&batch).await;
    let again = program.times(&batch).await;
    let values = (KPIS * WEEKS) as f64;
    println!(
        "{on}: {values} values of {KPIS} KPIs in one request ({} KiB): {:.0} ms, {:.0} values/s",
        bytes / 1024,
        first.as_secs_f64() * 1000.0,
        values / first.as_secs_f64()
    );
    println!(
        "{on}: the same again, unchanged: {:.0} ms, {:.1} times as fast",
        again.as_secs_f64() * 1000.0,
        first.as_secs_f64() / again.as_secs_f64()
    );

    let begun = Instant::now();
    let senders = (0..CONNECTIONS).map(|sender| {
        let program = program.clone();
        tokio::spawn(async move { program.sends_alone(sender).await })
    });
    let mut times = Vec::new();
    for sender in senders.collect::<Vec<_>>() {
        times.extend(sender.await.expect("it sends"));
    }
    let whole = begun.elapsed().as_secs_f64();
    println!(
        "{on}: {} requests of one value on {CONNECTIONS} connections: {:.0}/s",
        times.len(),
        times.len() as f64 / whole
    );
    report(&format!("{on}: one such request"), &mut times);
    println!("{on}: memory afterwards {:.1} MB", bot.megabytes());
}

/// A workspace with its KPIs, and the token of a program that sends them.
async fn prepare(url: &str) -> String {
    let store = Store::open(url).await.expect("the database opens");
    let defaults = Defaults {
        zone: chrono_tz::Europe::Berlin,
        working_days: MONDAY_TO_FRIDAY,
        channels: [].into(),
    };
    let app = App::new(store, Clock::System, defaults);
    let home = (chrono_tz::Europe::Berlin, MONDAY_TO_FRIDAY);
    let workspace = Workspace::new(Platform::Slack, "T0BENCH", home);
    let maya = Person {
        id: Uuid::now_v7(),
        external: "maya".to_owned(),
        name: "maya".to_owned(),
        zone: None,
        role: Role::Manager,
        role_from: RoleFrom::Grant,
        present: true,
    };
    let mut tx = app.store.write(workspace.id).await.expect("a transaction");
    sql!(tx, people::insert_workspace(&workspace)).expect("a workspace");
    let maya = people::flow::save(&mut tx, &app, workspace.id, &maya).await;
    tx.commit().await.expect("it is kept");
    let ctx = Ctx::new(app, workspace, maya.expect("a person"));
    for kpi in 0..KPIS + CONNECTIONS {
        let set_up = format!(
            "kpi new kpi-{kpi} \"KPI {kpi}\" unit:x direction:lower target:50 frequency:weekly"
        );
        ctx.say(&set_up).await.expect("a KPI");
        let push = ctx.say(&format!("source push kpi-{kpi}")).await;
        push.expect("its source");
    }
    match ctx.say("token new bench").await {
        Ok(Reply::Card(card)) => {
            let words = card.plain();
            let start = words.find("isms_").expect("a token");
            words[start..start + 85].to_owned()
        }
        other => panic!("no token: {other:?}"),
    }
}

/// The name of the week so many weeks ago.
fn week(ago: usize) -> String {
    let today: NaiveDate = Clock::System.now().date_naive();
    let monday = today.week(Weekday::Mon).first_day() - Days::new(7 * ago as u64);
    let week = monday.iso_week();
    format!("{}-W{:02}", week.year(), week.week())
}

fn batch() -> Value {
    let value = |at: usize| {
        let (kpi, ago) = (at / WEEKS, at % WEEKS + 1);
        json!({ "kpi": format!("kpi-{kpi}"), "period": week(ago), "value": 20 + at % 2 })
    };
    let values: Vec<Value> = (0..KPIS * WEEKS).map(value).collect();
    json!({ "measurements": values })
}

#[derive(Clone)]
struct Program {
    url: String,
    client: reqwest::Client,
    token: String,
}

impl Program {
    async fn waits_for_the_bot(&self) {
        for _ in 0..200 {
            if self.client.get(&self.url).send().await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the bot does not listen");
    }

    async fn times(&self, body: &Value) -> Duration {
        let request = self.client.post(&self.url).bearer_auth(&self.token);
        let request = request.json(body);
        let begun = Instant::now();
        let response = request.send().await.expect("an answer");
        let status = response.status();
        let answer = response.text().await.expect("its text");
        assert!(status.is_success(), "{status}: {answer}");
        begun.elapsed()
    }

    /// One value after the other, of a KPI of its own, each under a key.
    async fn sends_alone(&self, sender: usize) -> Vec<Duration> {
        let mut times = Vec::new();
        for ago in 1..=SINGLE / CONNECTIONS {
            let kpi = format!("kpi-{}", KPIS + sender);
            let body = json!({ "measurements": [{ "kpi": kpi, "period": week(ago), "value": 20 + ago % 2 }] });
            let request = self.client.post(&self.url).bearer_auth(&self.token);
            let request = request.header("Idempotency-Key", format!("{sender}-{ago}"));
            let begun = Instant::now();
            let response = request.json(&body).send().await.expect("an answer");
            assert!(response.status().is_success(), "{response:?}");
            response.bytes().await.expect("its body");
            times.push(begun.elapsed());
        }
        times
    }
}

/// A port that is free now.
fn free_port() -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("its address")
}
