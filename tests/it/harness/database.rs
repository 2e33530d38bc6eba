//! A fresh, real database for each test: a SQLite file of its own, or a PostgreSQL database of its
//! own on the server that `scripts/test` starts.
//!
//! ```ignore
//! on_both_databases! {
//!     /// A scenario, told once.
//!     async fn an_action_is_kept(db: TestDatabase) {
//!         let store = db.store().await;
//!         // …
//!     }
//! }
//! ```
//!
//! makes two tests, `an_action_is_kept::sqlite` and `an_action_is_kept::postgres`. Without a server
//! the second fails; it does not skip, for a skipped test proves nothing.
//!
//! The schema is made once, by the migrations themselves, and copied: each test would spend more time on
//! it than on its story. `migrations.rs` begins with [`TestDatabase::blank`].

use std::path::Path;

use isms_bot::store::Store;
use sqlx::migrate::Migrator;
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use tempfile::TempDir;
use tokio::sync::OnceCell;
use uuid::Uuid;

/// A database that is gone when this is dropped. May be opened several times: each [`Store`] is
/// then what another process would have.
pub struct TestDatabase {
    url: String,
    keep: Keep,
}

enum Keep {
    /// Removed with the last of this.
    Folder {
        _folder: TempDir,
    },
    Server {
        admin: String,
        name: String,
    },
}

impl TestDatabase {
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("isms.sqlite");
        static MADE: OnceCell<Vec<u8>> = OnceCell::const_new();
        let made = MADE.get_or_init(made_file).await;
        std::fs::write(&file, made).expect("the folder takes a file");
        TestDatabase {
            url: format!("sqlite:{}", file.display()),
            keep: Keep::Folder { _folder: folder },
        }
    }

    pub async fn postgres() -> Self {
        let Ok(admin) = std::env::var("ISMS_TEST_POSTGRES") else {
            panic!("no PostgreSQL for the tests: run them with scripts/test, which starts one");
        };
        let name = format!("test_{}", Uuid::now_v7().simple());
        static MADE: OnceCell<String> = OnceCell::const_new();
        let made = MADE.get_or_init(|| made_on_server(&admin)).await;
        run(&admin, format!("CREATE DATABASE {name} TEMPLATE {made}"))
            .await
            .expect("the PostgreSQL of scripts/test answers");
        TestDatabase {
            url: named(&admin, &name),
            keep: Keep::Server { admin, name },
        }
    }

    /// Takes out the schema: as it is before the first migration.
    pub async fn blank(&self) {
        match &self.keep {
            Keep::Folder { .. } => {
                let file = self.url.trim_start_matches("sqlite:");
                std::fs::remove_file(file).expect("the file is there");
            }
            Keep::Server { .. } => {
                self.tamper("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
                    .await;
            }
        }
    }

    /// As in `database.url`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Opens it and brings it up to date.
    pub async fn store(&self) -> Store {
        Store::open(self.url()).await.expect("the database opens")
    }

    pub fn is_sqlite(&self) -> bool {
        matches!(self.keep, Keep::Folder { .. })
    }

    /// Runs SQL past the store: what an intruder, a mistake or an older program would do.
    pub async fn tamper(&self, sql: &str) {
        self.try_tamper(sql).await.expect("the statements run");
    }

    pub async fn try_tamper(&self, sql: &str) -> sqlx::Result<()> {
        if self.is_sqlite() {
            let mut conn = sqlx::SqliteConnection::connect(&self.url).await?;
            let statements = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
            statements.execute(&mut conn).await.map(drop)
        } else {
            run(&self.url, sql.to_owned()).await
        }
    }

    /// Every row of every table, as JSON with the table's name: what somebody reads who has the
    /// database itself.
    pub async fn rows(&self) -> Vec<(String, String)> {
        if !self.is_sqlite() {
            let mut conn = PgConnection::connect(&self.url).await.expect("it opens");
            let tables = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'";
            let tables: Vec<String> = sqlx::query_scalar(tables)
                .fetch_all(&mut conn)
                .await
                .expect("tables");
            let mut rows = Vec::new();
            for table in tables {
                let sql = format!("SELECT row_to_json(t)::text FROM {table} AS t");
                let found: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql))
                    .fetch_all(&mut conn)
                    .await
                    .expect("rows");
                rows.extend(found.into_iter().map(|row| (table.clone(), row)));
            }
            return rows;
        }
        let mut conn = sqlx::SqliteConnection::connect(&self.url)
            .await
            .expect("it opens");
        let columns = "SELECT m.name, group_concat('''' || c.name || ''', CASE typeof(' || c.name
             || ') WHEN ''blob'' THEN hex(' || c.name || ') ELSE ' || c.name || ' END')
             FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' GROUP BY m.name";
        let tables: Vec<(String, String)> = sqlx::query_as(columns)
            .fetch_all(&mut conn)
            .await
            .expect("tables");
        let mut rows = Vec::new();
        for (table, columns) in tables {
            let sql = format!("SELECT json_object({columns}) FROM {table}");
            let found: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql))
                .fetch_all(&mut conn)
                .await
                .expect("rows");
            rows.extend(found.into_iter().map(|row| (table.clone(), row)));
        }
        rows
    }

    /// Takes away what keeps the log from being changed, as an intruder would.
    pub async fn open_the_log(&self) {
        if self.is_sqlite() {
            self.tamper("DROP TRIGGER event_is_never_changed; DROP TRIGGER event_is_never_deleted")
                .await;
        } else {
            self.tamper("DROP TRIGGER event_is_never_changed ON event")
                .await;
        }
    }
}

async fn migrations(folder: &str) -> Migrator {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = Migrator::new(root.join("migrations").join(folder)).await;
    found.expect("the migrations can be read")
}

/// A file with the whole schema.
async fn made_file() -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("made.sqlite");
    let url = format!("sqlite:{}?mode=rwc", file.display());
    let mut conn = SqliteConnection::connect(&url).await.expect("it opens");
    let ran = migrations("sqlite").await.run(&mut conn).await;
    ran.expect("the migrations run");
    conn.close().await.expect("it closes");
    std::fs::read(file).expect("it was written")
}

/// The name of a database with the whole schema, to be copied.
async fn made_on_server(admin: &str) -> String {
    let name = format!("made_{}", Uuid::now_v7().simple());
    let made = run(admin, format!("CREATE DATABASE {name}")).await;
    made.expect("the PostgreSQL of scripts/test answers");
    let url = named(admin, &name);
    let mut conn = PgConnection::connect(&url).await.expect("it opens");
    let ran = migrations("postgres").await.run(&mut conn).await;
    ran.expect("the migrations run");
    // Who is connected to it keeps it from being copied.
    conn.close().await.expect("it closes");
    name
}

/// The server's address, with the name of one of its databases.
fn named(admin: &str, name: &str) -> String {
    let mut url = url::Url::parse(admin).expect("ISMS_TEST_POSTGRES is a URL");
    url.set_path(name);
    url.into()
}

async fn run(url: &str, sql: String) -> sqlx::Result<()> {
    let mut conn = PgConnection::connect(url).await?;
    let statements = sqlx::raw_sql(AssertSqlSafe(sql));
    statements.execute(&mut conn).await.map(drop)
}

impl Drop for TestDatabase {
    /// Some hundred databases of 8 MB would fill a small disk before the server goes.
    fn drop(&mut self) {
        if let Keep::Server { admin, name } = &self.keep {
            let (admin, drop) = (admin.clone(), format!("DROP DATABASE {name} WITH (FORCE)"));
            // The test's own runtime is ending, or its thread is unwinding.
            let dropping = std::thread::spawn(move || {
                tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .expect("a runtime")
                    .block_on(run(&admin, drop))
                    .expect("a database can be dropped");
            });
            let _ = dropping.join();
        }
    }
}

/// One scenario, two tests.
#[macro_export]
macro_rules! on_both_databases {
    ($($(#[$meta:meta])* async fn $name:ident($db:ident: TestDatabase) $body:block)+) => {
        $(
            mod $name {
                use super::*;

                $(#[$meta])*
                async fn scenario($db: $crate::harness::database::TestDatabase) $body

                #[tokio::test]
                async fn sqlite() {
                    scenario($crate::harness::database::TestDatabase::sqlite().await).await;
                }

                #[tokio::test]
                async fn postgres() {
                    scenario($crate::harness::database::TestDatabase::postgres().await).await;
                }
            }
        )+
    };
}
