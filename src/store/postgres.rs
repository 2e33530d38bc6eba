//! PostgreSQL: several processes on one database.

use std::str::FromStr;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{Connection as _, PgConnection};
use uuid::Uuid;

pub type Db = sqlx::Postgres;

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

/// A job that another process is claiming is left to it.
pub const DUE: &str = super::due_jobs!(" FOR UPDATE SKIP LOCKED");

/// PostgreSQL chooses its indexes by figures of its own.
pub const NO_INDEX: &str = "";

/// How long a statement waits for somebody else's lock, as SQLite waits for its writer.
const LOCK_TIMEOUT: &str = "5s";

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/postgres");

#[derive(Clone)]
pub struct Database(PgPool);

impl Database {
    pub async fn open(url: &str) -> sqlx::Result<Database> {
        let options = PgConnectOptions::from_str(url)?
            .application_name("isms-bot")
            .options([("lock_timeout", LOCK_TIMEOUT)]);
        // The pool tries a server that is not there again and again; a start should say so at once.
        let mut conn = PgConnection::connect_with(&options).await?;
        MIGRATIONS.run(&mut conn).await?;
        conn.close().await?;
        let pool = PgPoolOptions::new()
            .max_connections(10)
            .acquire_timeout(Duration::from_secs(10))
            .connect_with(options)
            .await?;
        Ok(Database(pool))
    }

    pub async fn read(&self) -> sqlx::Result<PoolConnection<Db>> {
        self.0.acquire().await
    }

    /// Locks the workspace's row first, so that its writers take turns.
    pub async fn begin(
        &self,
        workspace: Option<Uuid>,
    ) -> sqlx::Result<sqlx::Transaction<'static, Db>> {
        let mut tx = self.0.begin().await?;
        if let Some(workspace) = workspace {
            sqlx::query("SELECT 1 FROM workspace WHERE workspace = $1 FOR UPDATE")
                .bind(workspace.to_string())
                .execute(&mut *tx)
                .await?;
        }
        Ok(tx)
    }
}
