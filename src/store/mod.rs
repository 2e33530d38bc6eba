//! Keeping: one SQL text, two databases.
//!
//! A room writes its SQL once, in its `statements.rs`, against `super::Db`. That file is compiled
//! twice, below [`sqlite`] with `Db = sqlx::Sqlite` and below [`postgres`] with `Db =
//! sqlx::Postgres`; [`sql!`](crate::sql) calls the one that fits the connection. What differs between
//! the databases stays in those two files.
//!
//! - [`Store::read`] gives a connection for looking. [`Store::write`] gives a transaction in which
//!   all writes of one workspace are serial on either database, so a flow may load, decide and save.
//! - SQLite has one writer. Transactions that wait for it while another is at work are committed
//!   together (one fsync for all of them); each still learns for itself whether it is on disk.

/// The jobs that are due, oldest first: not those whose key is being sent, nor those whose thread
/// has not begun, nor those of a platform that is not connected here. A claim that ran out is due
/// again. How rows are locked while they are claimed differs between the databases.
macro_rules! due_jobs {
    ($lock:literal) => {
        concat!(
            "SELECT * FROM outbox AS mine
    WHERE state IN ('queued', 'claimed', 'unknown') AND due <= $1
      AND NOT EXISTS (SELECT 1 FROM outbox AS other
        WHERE other.workspace = mine.workspace AND other.key = mine.key AND other.job <> mine.job
          AND other.state IN ('claimed', 'unknown'))
      AND (thread_of IS NULL OR NOT EXISTS (SELECT 1 FROM outbox AS head
        WHERE head.workspace = mine.workspace AND head.key = mine.thread_of
          AND head.state IN ('queued', 'claimed', 'unknown')))
      AND EXISTS (SELECT 1 FROM workspace AS home
        WHERE home.workspace = mine.workspace AND $3 LIKE '%,' || home.platform || ',%')
    ORDER BY due, job LIMIT $2",
            $lock
        )
    };
}
use due_jobs;

#[expect(
    clippy::duplicate_mod,
    reason = "one SQL text, compiled once per database"
)]
pub mod postgres;
#[expect(
    clippy::duplicate_mod,
    reason = "one SQL text, compiled once per database"
)]
pub mod sqlite;

use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, SqliteConnection};
use uuid::Uuid;

use crate::app::Result;

/// Calls a statement of a room on whichever database the connection is to:
/// `sql!(conn, action::find_action(workspace, number))?`.
#[macro_export]
macro_rules! sql {
    ($conn:expr, $room:ident :: $statement:ident ( $($argument:expr),* $(,)? )) => {
        match $conn.backend() {
            $crate::store::Backend::Sqlite(db) => {
                $crate::store::sqlite::$room::$statement(db $(, $argument)*).await
            }
            $crate::store::Backend::Postgres(db) => {
                $crate::store::postgres::$room::$statement(db $(, $argument)*).await
            }
        }
    };
}

/// A database, open and migrated.
#[derive(Clone)]
pub enum Store {
    Sqlite(sqlite::Database),
    Postgres(postgres::Database),
}

impl Store {
    /// Opens `sqlite:path/to/file` (made when it is missing) or `postgres://…` and brings its
    /// schema up to date.
    pub async fn open(url: &str) -> anyhow::Result<Store> {
        if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            Ok(Store::Postgres(postgres::Database::open(url).await?))
        } else if url.starts_with("sqlite:") {
            Ok(Store::Sqlite(sqlite::Database::open(url).await?))
        } else {
            anyhow::bail!("database.url must begin with sqlite: or postgres://")
        }
    }

    /// A connection for looking.
    pub async fn read(&self) -> Result<Conn> {
        Ok(match self {
            Store::Sqlite(db) => Conn::SqliteRead(db.read().await?),
            Store::Postgres(db) => Conn::PostgresRead(db.read().await?),
        })
    }

    /// A transaction that no other writer of this workspace can come between.
    pub async fn write(&self, workspace: Uuid) -> Result<Tx> {
        Ok(Tx(match self {
            Store::Sqlite(db) => Conn::SqliteWrite(db.begin().await?),
            Store::Postgres(db) => Conn::PostgresWrite(db.begin(Some(workspace)).await?),
        }))
    }

    /// A transaction for the bot's own bookkeeping over all workspaces (claiming jobs).
    pub async fn write_unlocked(&self) -> Result<Tx> {
        Ok(Tx(match self {
            Store::Sqlite(db) => Conn::SqliteWrite(db.begin().await?),
            Store::Postgres(db) => Conn::PostgresWrite(db.begin(None).await?),
        }))
    }
}

/// A connection. A [`Tx`] is one too, so what only looks takes `&mut Conn` and works in both.
pub enum Conn {
    SqliteRead(PoolConnection<sqlx::Sqlite>),
    SqliteWrite(sqlite::Writing),
    PostgresRead(PoolConnection<sqlx::Postgres>),
    PostgresWrite(sqlx::Transaction<'static, sqlx::Postgres>),
}

/// What [`sql!`](crate::sql) chooses by.
pub enum Backend<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

impl Conn {
    pub fn backend(&mut self) -> Backend<'_> {
        match self {
            Conn::SqliteRead(conn) => Backend::Sqlite(conn),
            Conn::SqliteWrite(writing) => Backend::Sqlite(writing.connection()),
            Conn::PostgresRead(conn) => Backend::Postgres(conn),
            Conn::PostgresWrite(tx) => Backend::Postgres(tx),
        }
    }
}

/// A transaction: nothing of it is kept unless it is committed.
pub struct Tx(Conn);

impl Tx {
    /// Returns once everything is on disk.
    pub async fn commit(self) -> Result<()> {
        match self.0 {
            Conn::SqliteWrite(writing) => writing.commit().await?,
            Conn::PostgresWrite(tx) => tx.commit().await?,
            Conn::SqliteRead(_) | Conn::PostgresRead(_) => {}
        }
        Ok(())
    }
}

impl std::ops::Deref for Tx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.0
    }
}

impl std::ops::DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.0
    }
}

/// How a column's word is read back into its type; for use in `statements.rs`.
pub(crate) fn word<T: std::str::FromStr>(column: &'static str, text: &str) -> sqlx::Result<T> {
    text.parse().map_err(|_| sqlx::Error::ColumnDecode {
        index: column.to_owned(),
        source: format!("`{text}` is not a known word here").into(),
    })
}
