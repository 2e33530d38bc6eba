//! What an operator sees: one clear line and an exit code for each trouble, and nothing lost.

use std::future::IntoFuture;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::process::Command;

use isms_bot::command::value::FileRef;
use isms_bot::people::Role;
use isms_bot::record::{self, Verdict};
use isms_bot::sql;
use isms_bot::store::Store;
use sqlx::{Connection, PgConnection, SqliteConnection};

use crate::harness::database::TestDatabase;
use crate::harness::process::{Ended, Machine};
use crate::harness::stage::Stage;
use crate::on_both_databases;

/// A workspace with Ann in it, and a machine whose settings name this database.
async fn machine(db: &TestDatabase) -> (Stage, Machine) {
    let stage = Stage::new(db, "2026-11-23T09:00:00+01:00").await;
    stage.person("ann", Role::Manager, "Europe/Berlin").await;
    let machine = Machine::new().with("ISMS_DATABASE__URL", db.url());
    (stage, machine)
}

fn ends(ended: &Ended, code: i32, beginning: &str) {
    assert_eq!(ended.code, code, "{ended:?}");
    assert_eq!(ended.err.lines().count(), 1, "one line: {ended:?}");
    let line = ended.err.strip_prefix("isms-bot: ");
    assert!(
        line.is_some_and(|line| line.starts_with(beginning)),
        "{ended:?}"
    );
}

const NEW: [&str; 6] = ["as", "ann", "action", "new", "Patch the VPN", "owner:ann"];
const DUE: &str = "due:2099-01-01";

fn new_action() -> Vec<&'static str> {
    NEW.iter().copied().chain([DUE]).collect()
}

#[test]
fn wrong_settings_stop_the_start_with_one_line() {
    let corrupt = Machine::new().file("isms-bot.toml", b"[slack]\nchannel = \"C1");
    ends(&corrupt.run(&[]), 10, "isms-bot.toml is not valid TOML: ");

    let unknown = Machine::new().with("ISMS_SLACK__CHANEL", "C1");
    let said = "unknown setting slack.chanel in the environment (ISMS_SLACK__CHANEL); \
                the nearest is ISMS_SLACK__CHANNEL";
    ends(&unknown.run(&["check"]), 10, said);

    let missing = Machine::new().run(&["check", "--config", "nowhere.toml"]);
    ends(&missing, 10, "cannot read nowhere.toml: ");

    let half = Machine::new().with("ISMS_SLACK__BOT_TOKEN", "xoxb-1");
    ends(&half.run(&["run"]), 10, "slack.app_token is not set");
    ends(&half.run(&["demo"]), 10, "the demo has no log-in");
}

#[test]
fn a_database_that_is_none_and_a_server_that_is_not_there_are_told_apart() {
    let garbage = Machine::new()
        .file("notes.sqlite", &b"this is no database ".repeat(500))
        .with("ISMS_DATABASE__URL", "sqlite:notes.sqlite");
    ends(&garbage.run(&["run"]), 15, "the database is damaged");

    // Nobody listens on a port that was free a moment ago.
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let away = format!("postgres://isms:hunter2@127.0.0.1:{port}/isms");
    let away = Machine::new().with("ISMS_DATABASE__URL", away);
    let ended = away.run(&["run"]);
    ends(&ended, 11, "the database cannot be reached");
    assert!(!ended.err.contains("hunter2"), "{ended:?}");
    let ended = away.run(&["check"]);
    assert_eq!(ended.code, 3, "{ended:?}");
    assert!(ended.out.contains("MISSING  database"), "{ended:?}");
}

#[test]
fn a_port_that_is_taken_is_told_before_the_database_is_touched() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let machine = Machine::new().with("ISMS_PLAYGROUND__LISTEN", &address);
    ends(&machine.run(&[]), 16, "another program listens there");
    assert!(!machine.folder().join("data").exists());
}

#[test]
fn a_process_that_is_told_to_stop_ends_well() {
    let machine = Machine::new();
    let mut process = machine.start(&["run"]);
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    assert!(
        first.starts_with("The playground is at http://127.0.0.1:"),
        "{first}"
    );
    let told = Command::new("kill")
        .args(["-TERM", &process.id().to_string()])
        .status();
    assert!(told.unwrap().success());
    let status = process.wait().unwrap();
    let mut err = String::new();
    process
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut err)
        .unwrap();
    assert_eq!(status.code(), Some(0), "{err}");
    assert!(err.contains("stopping"), "{err}");
    assert!(!err.contains("not all was finished"), "{err}");
}

#[test]
fn programs_send_values_to_a_port_of_its_own_if_one_is_set() {
    let open = Machine::new().with("ISMS_INTAKE__LISTEN", "0.0.0.0:0");
    ends(
        &open.run(&["demo"]),
        10,
        "the demo takes no values from outside",
    );
    let wrong = Machine::new().with("ISMS_INTAKE__PER_MINUTE", "0");
    ends(
        &wrong.run(&["run"]),
        10,
        "intake.per_minute in the environment",
    );
    let much = Machine::new().with("ISMS_INTAKE__BODY_KIB", "70000");
    ends(
        &much.run(&["run"]),
        10,
        "intake.body_kib in the environment",
    );
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = Machine::new().with(
        "ISMS_INTAKE__LISTEN",
        taken.local_addr().unwrap().to_string(),
    );
    ends(&taken.run(&[]), 16, "another program listens there");
    for task in ["run", "demo"] {
        let machine = Machine::new().with("ISMS_INTAKE__LISTEN", "127.0.0.1:0");
        let mut process = machine.start(&[task]);
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let told = lines.find_map(|line| {
            let line = line.unwrap();
            let (_, address) = line.split_once("values come in at http://")?;
            Some(address.trim_end_matches("/v1/measurements").to_owned())
        });
        let mut port = std::net::TcpStream::connect(told.expect("an address")).unwrap();
        let ask = "GET /v1/openapi.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        std::io::Write::write_all(&mut port, ask.as_bytes()).unwrap();
        let mut answer = String::new();
        port.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(answer.contains("/v1/measurements"), "{answer}");
        process.kill().unwrap();
        process.wait().unwrap();
    }
    let checked = Machine::new().with("ISMS_INTAKE__LISTEN", "127.0.0.1:8095");
    let checked = checked.run(&["check"]);
    assert!(
        checked
            .out
            .contains("intake    values of programs come in at"),
        "{checked:?}"
    );
}

#[tokio::test]
async fn a_token_that_slack_refuses_ends_the_process_and_is_named() {
    // A Slack that knows nobody.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let slack = format!("http://{}/api", listener.local_addr().unwrap());
    let refuses =
        || async { axum::Json(serde_json::json!({"ok": false, "error": "invalid_auth"})) };
    tokio::spawn(axum::serve(listener, axum::Router::new().fallback(refuses)).into_future());

    let machine = Machine::new()
        .with("ISMS_SLACK__API_URL", slack)
        .with("ISMS_SLACK__BOT_TOKEN", "xoxb-hunter2")
        .with("ISMS_SLACK__APP_TOKEN", "xapp-hunter2")
        .with("ISMS_LOG__LEVEL", "trace");
    let (ended, checked) =
        tokio::task::spawn_blocking(move || (machine.run(&["run"]), machine.run(&["check"])))
            .await
            .unwrap();
    assert_eq!(ended.code, 17, "{ended:?}");
    let line = ended.err.lines().last().unwrap();
    assert!(
        line.starts_with("isms-bot: Slack does not accept slack.bot_token"),
        "{ended:?}"
    );
    assert!(!ended.err.contains("hunter2"), "{ended:?}");
    assert_eq!(checked.code, 3, "{checked:?}");
    assert!(checked.out.contains("MISSING  slack"), "{checked:?}");
    assert!(!format!("{checked:?}").contains("hunter2"), "{checked:?}");
}

on_both_databases! {
    async fn a_file_is_given_by_its_path(db: TestDatabase) {
        let (stage, machine) = machine(&db).await;
        let machine = machine.file("scan.pdf", b"%PDF-1.7 scan").file("none.txt", b"");
        let keep = |path: &str| machine.run(&["as", "ann", "file", "keep", "Scan of March", path]);
        let kept = keep("file:scan.pdf");
        assert_eq!(kept.code, 0, "{kept:?}");
        assert!(kept.out.contains("Kept unchanged: scan.pdf"), "{kept:?}");
        let file = FileRef::of(b"%PDF-1.7 scan");
        let mut conn = stage.app.store.read().await.unwrap();
        let found = sql!(conn, record::find_file(stage.workspace.id, &file)).unwrap().unwrap();
        assert_eq!(found.bytes, b"%PDF-1.7 scan");

        for (path, why) in [
            ("file:nowhere.pdf", "“nowhere.pdf” cannot be read"),
            ("file:none.txt", "This file is empty."),
        ] {
            let refused = keep(path);
            assert_eq!(refused.code, 5, "{refused:?}");
            assert!(refused.err.contains(why), "{refused:?}");
        }
    }

    async fn a_command_can_be_said_from_the_command_line(db: TestDatabase) {
        let (stage, machine) = machine(&db).await;
        let ended = machine.run(&new_action());
        assert_eq!(ended.code, 0, "{ended:?}");
        assert!(ended.out.contains("CA-1"), "{ended:?}");
        let listed = machine.run(&["as", "ann", "action", "list"]);
        assert!(listed.out.contains("Patch the VPN"), "{listed:?}");

        let refused = machine.run(&["as", "ann", "action", "shwo"]);
        assert_eq!(refused.code, 5, "{refused:?}");
        assert!(refused.err.contains("action show"), "{refused:?}");
        let nobody = machine.run(&["as", "bob", "mine"]);
        assert_eq!(nobody.code, 1, "{nobody:?}");
        drop(stage);
    }

    async fn verify_names_the_first_entry_that_does_not_fit(db: TestDatabase) {
        let (stage, machine) = machine(&db).await;
        machine.run(&new_action());
        let sound = machine.run(&["verify"]);
        assert_eq!(sound.code, 0, "{sound:?}");
        assert!(sound.out.contains("sound, 2 entries"), "{sound:?}");

        db.open_the_log().await;
        db.tamper("UPDATE event SET body = replace(body, 'VPN', 'NAS') WHERE entry = 2").await;
        let broken = machine.run(&["verify"]);
        assert_eq!(broken.code, 4, "{broken:?}");
        assert!(broken.out.contains("entry 2 does not fit"), "{broken:?}");
        drop(stage);
    }

    async fn check_says_that_all_is_well_and_changes_nothing(db: TestDatabase) {
        let (stage, machine) = machine(&db).await;
        let ended = machine.run(&["check"]);
        assert_eq!(ended.code, 0, "{ended:?}");
        assert!(ended.out.contains("reachable, up to date and writable"), "{ended:?}");
        assert_eq!(entries(&stage.app.store).await, 1);
    }

    async fn a_locked_database_is_told_and_nothing_is_lost(db: TestDatabase) {
        let (stage, machine) = machine(&db).await;
        // Somebody else's transaction, in the middle of its work.
        let before = entries(&stage.app.store).await;
        let ended = if db.is_sqlite() {
            let mut other = SqliteConnection::connect(db.url()).await.unwrap();
            sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
            machine.run(&new_action())
        } else {
            let mut other = PgConnection::connect(db.url()).await.unwrap();
            let lock = "BEGIN; LOCK TABLE workspace IN ACCESS EXCLUSIVE MODE";
            sqlx::raw_sql(lock).execute(&mut other).await.unwrap();
            machine.run(&new_action())
        };
        ends(&ended, 12, "the database is locked by another process");
        assert_eq!(machine.run(&new_action()).code, 0);
        assert!(entries(&stage.app.store).await > before);
    }

    async fn a_read_only_database_is_told(db: TestDatabase) {
        let (stage, machine) = machine(&db).await;
        drop(stage);
        let ended = if db.is_sqlite() {
            machine.run_where_it_may_mount(&format!(
                "mount -t tmpfs none {here} && cp {file}* {here}/ && \
                 mount -o remount,ro {here} && \
                 ISMS_DATABASE__URL=sqlite:{here}/isms.sqlite exec {program} {NEW_ACTION}",
                here = machine.folder().display(),
                file = db.url().trim_start_matches("sqlite:"),
                program = Machine::program(),
            ))
        } else {
            let name = db.url().rsplit('/').next().unwrap();
            db.tamper(&format!("ALTER DATABASE {name} SET default_transaction_read_only = on")).await;
            machine.run(&new_action())
        };
        ends(&ended, 13, "the database is read-only");
    }
}

const NEW_ACTION: &str = "as ann action new 'Patch the VPN' owner:ann due:2099-01-01";

#[tokio::test]
async fn a_full_disk_is_told_and_what_was_confirmed_is_kept() {
    let db = TestDatabase::sqlite().await;
    let (stage, machine) = machine(&db).await;
    drop(stage);
    // A disk with room for a few actions, and a folder outside to look at what is left.
    std::fs::create_dir(machine.folder().join("disk")).unwrap();
    let ended = machine.run_where_it_may_mount(&format!(
        "mount -t tmpfs -o size=1600k none disk || exit 99
         cp {file}* disk/ || exit 98
         export ISMS_DATABASE__URL=sqlite:disk/isms.sqlite
         confirmed=0
         while {program} {NEW_ACTION} >/dev/null || {{ code=$?; false; }}; do
           confirmed=$((confirmed + 1))
           [ $confirmed -lt 500 ] || exit 97
         done
         cp disk/isms.sqlite* . || exit 96
         echo \"confirmed $confirmed\"
         exit $code",
        file = db.url().trim_start_matches("sqlite:"),
        program = Machine::program(),
    ));
    assert_eq!(ended.code, 14, "{ended:?}");
    let lines: Vec<&str> = ended.err.lines().collect();
    assert!(
        lines
            .iter()
            .all(|line| line.starts_with("isms-bot: the disk is full")),
        "{ended:?}"
    );
    let confirmed: i64 = ended
        .out
        .trim()
        .rsplit(' ')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    assert!(confirmed > 0, "{ended:?}");

    let left = format!("sqlite:{}", machine.folder().join("isms.sqlite").display());
    let store = Store::open(&left).await.unwrap();
    assert_eq!(entries(&store).await, 1 + confirmed);
}

/// How many entries the log of the one workspace has; it must be sound.
async fn entries(store: &Store) -> i64 {
    let mut conn = store.read().await.unwrap();
    let workspace = sql!(conn, people::list_workspaces()).unwrap().remove(0);
    match record::verify(&mut conn, workspace.id).await.unwrap() {
        Verdict::Sound(head) => head.entries,
        Verdict::Broken { entry, why } => panic!("entry {entry}: {why}"),
    }
}
