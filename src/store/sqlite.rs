//! SQLite: one file, one writer, group commit.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Connection as _, SqliteConnection};
use tokio::sync::{Mutex, Notify, OwnedMutexGuard, oneshot};

pub type Db = sqlx::Sqlite;

#[path = "../action/statements.rs"]
pub mod action;
#[path = "../action/list/statements.rs"]
pub mod actions;
#[path = "../kpi/alerts/statements.rs"]
pub mod alerts;
#[path = "../kpi/analysis/statements.rs"]
pub mod analysis;
#[path = "../app/statements.rs"]
pub mod app;
#[path = "../people/area/statements.rs"]
pub mod area;
#[path = "../audit/statements.rs"]
pub mod audit;
#[path = "../audit/auditor/statements.rs"]
pub mod auditor;
#[path = "../audit/checklist/statements.rs"]
pub mod checklist;
#[path = "../audit/closing/statements.rs"]
pub mod closing;
#[path = "../discord/statements.rs"]
pub mod discord;
#[path = "../audit/finding/statements.rs"]
pub mod finding;
#[path = "../kpi/inspection/statements.rs"]
pub mod inspection;
#[path = "../intake/statements.rs"]
pub mod intake;
#[path = "../kpi/statements.rs"]
pub mod kpi;
#[path = "../kpi/limits/statements.rs"]
pub mod limits;
#[path = "../outbox/statements.rs"]
pub mod outbox;
#[path = "../people/statements.rs"]
pub mod people;
#[path = "../playground/statements.rs"]
pub mod playground;
#[path = "../presence/statements.rs"]
pub mod presence;
#[path = "../audit/question/statements.rs"]
pub mod question;
#[path = "../record/statements.rs"]
pub mod record;
#[path = "../report/statements.rs"]
pub mod report;
#[path = "../review/statements.rs"]
pub mod review;
#[path = "../people/roles/statements.rs"]
pub mod roles;
#[path = "../schedule/statements.rs"]
pub mod schedule;
#[path = "../people/setup/statements.rs"]
pub mod setup;
#[path = "../slack/statements.rs"]
pub mod slack;
#[path = "../kpi/source/statements.rs"]
pub mod source;
#[path = "../status/statements.rs"]
pub mod status;
#[path = "../kpi/survey/statements.rs"]
pub mod survey;
#[path = "../kpi/token/statements.rs"]
pub mod token;

/// There is one writer, so nobody else is claiming.
pub const DUE: &str = super::due_jobs!("");

/// Put before a column, it keeps a condition from choosing the index: without figures of its own SQLite
/// takes the first that fits.
pub const NO_INDEX: &str = "+";

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/sqlite");

/// How long to wait for another process that is writing.
const BUSY: Duration = Duration::from_secs(5);

#[derive(Clone)]
pub struct Database {
    readers: SqlitePool,
    writer: Arc<Mutex<Writer>>,
    /// Rung whenever a transaction has let go of the writer.
    released: Arc<Notify>,
    /// Ends the committer with the last clone of the database.
    _committer: Arc<tokio_util::task::AbortOnDropHandle<()>>,
}

struct Writer {
    conn: SqliteConnection,
    /// An outer transaction is open, with finished acts in it that are not yet on disk.
    open: bool,
    /// The savepoint of an act that has not finished, or never will.
    unfinished: bool,
    /// The acts that wait to hear whether they are on disk.
    waiting: Vec<oneshot::Sender<Result<(), Arc<sqlx::Error>>>>,
}

impl Database {
    pub async fn open(url: &str) -> sqlx::Result<Database> {
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY);
        if let Some(folder) = options
            .get_filename()
            .parent()
            .filter(|f| !f.as_os_str().is_empty())
        {
            std::fs::create_dir_all(folder)?;
        }
        let mut conn = SqliteConnection::connect_with(&options).await?;
        MIGRATIONS.run(&mut conn).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(4)
            // A file does not hang up.
            .test_before_acquire(false)
            .connect_with(options.create_if_missing(false).read_only(true))
            .await?;
        let writer = Arc::new(Mutex::new(Writer {
            conn,
            open: false,
            unfinished: false,
            waiting: Vec::new(),
        }));
        let released = Arc::new(Notify::new());
        let committer = tokio::spawn(keep_committing(writer.clone(), released.clone()));
        let _committer = Arc::new(tokio_util::task::AbortOnDropHandle::new(committer));
        Ok(Database {
            readers,
            writer,
            released,
            _committer,
        })
    }

    pub async fn read(&self) -> sqlx::Result<PoolConnection<Db>> {
        self.readers.acquire().await
    }

    pub async fn begin(&self) -> sqlx::Result<Writing> {
        let guard = self.writer.clone().lock_owned().await;
        let mut writing = Writing {
            guard: Some(guard),
            released: self.released.clone(),
        };
        let writer = writing.writer();
        writer.forget_unfinished().await;
        if !writer.open {
            // Before it is awaited: whoever drops this future does not take the statement back.
            writer.open = true;
            if let Err(error) = writer.run("BEGIN IMMEDIATE").await {
                writer.open = false;
                return Err(error);
            }
        }
        writer.unfinished = true;
        if let Err(error) = writer.run("SAVEPOINT act").await {
            // There is nothing of this act to take back: the innermost savepoint is a neighbour's.
            writer.unfinished = false;
            return Err(error);
        }
        Ok(writing)
    }
}

/// Commits whatever is finished each time a transaction lets go. The lock is fair: transactions that
/// were already waiting for it go first, and so share this commit.
async fn keep_committing(writer: Arc<Mutex<Writer>>, released: Arc<Notify>) {
    loop {
        released.notified().await;
        writer.lock().await.flush().await;
    }
}

impl Writer {
    async fn run(&mut self, statement: &'static str) -> sqlx::Result<()> {
        sqlx::query(statement)
            .execute(&mut self.conn)
            .await
            .map(drop)
    }

    /// Takes back an act that was dropped before it was committed.
    async fn forget_unfinished(&mut self) {
        if !std::mem::take(&mut self.unfinished) || !self.open {
            return;
        }
        let back = match self.run("ROLLBACK TO act").await {
            Ok(()) => self.run("RELEASE act").await,
            Err(error) => Err(error),
        };
        // After a full disk SQLite has already rolled back the outer transaction, and with it the
        // finished acts in it: they must hear that they are not on disk.
        if let Err(error) = back {
            self.end(Err(error)).await;
        }
    }

    async fn flush(&mut self) {
        self.forget_unfinished().await;
        if self.open {
            let outcome = self.run("COMMIT").await;
            self.end(outcome).await;
        }
    }

    async fn end(&mut self, outcome: sqlx::Result<()>) {
        self.open = false;
        let outcome = outcome.map_err(Arc::new);
        if outcome.is_err() {
            // Fails when SQLite has rolled back by itself, which is as good.
            let _ = self.run("ROLLBACK").await;
        }
        for act in self.waiting.drain(..) {
            let _ = act.send(outcome.clone());
        }
    }
}

/// A transaction on the one writer.
pub struct Writing {
    /// `Some` until it is dropped.
    guard: Option<OwnedMutexGuard<Writer>>,
    released: Arc<Notify>,
}

impl Writing {
    fn writer(&mut self) -> &mut Writer {
        self.guard.as_mut().expect("held until dropped")
    }

    pub fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.writer().conn
    }

    /// Waits for the commit that this act shares with its neighbours.
    pub async fn commit(mut self) -> sqlx::Result<()> {
        let writer = self.writer();
        let (done, outcome) = oneshot::channel();
        writer.waiting.push(done);
        // Before it is awaited: whoever drops this future does not take the statement back.
        writer.unfinished = false;
        // Savepoints that stay pile up: their journal spills to the disk.
        if let Err(error) = writer.run("RELEASE act").await {
            writer.end(Err(error)).await;
        }
        drop(self);
        match outcome.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(sqlx::Error::AnyDriverError(Box::new(error))),
            Err(_) => Err(sqlx::Error::WorkerCrashed),
        }
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        self.guard = None;
        self.released.notify_one();
    }
}
