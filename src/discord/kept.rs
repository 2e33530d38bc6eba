//! What the face keeps in the database: long commands, who leads, what is registered.

use chrono::TimeDelta;
use uuid::Uuid;

use super::carry::Long;
use crate::app::Result;
use crate::clock::Clock;
use crate::sql;
use crate::store::Store;

/// How long a lead holds without being renewed.
pub(super) const LEAD: TimeDelta = TimeDelta::seconds(30);

/// The face's own bookkeeping.
pub(super) struct Keeper {
    store: Store,
    pub clock: Clock,
    /// This process, among those that share the database.
    me: String,
}

impl Keeper {
    pub fn new(store: Store, clock: Clock) -> Self {
        Keeper {
            store,
            clock,
            me: Uuid::now_v7().to_string(),
        }
    }

    /// Keeps commands of a server before their hashes travel.
    pub async fn keep(&self, server: &str, long: &[Long]) -> Result<()> {
        if long.is_empty() {
            return Ok(());
        }
        let now = self.clock.now();
        let mut tx = self.store.write_unlocked().await?;
        for Long { hash, command } in long {
            sql!(tx, discord::keep_command(server, (hash, command), now))?;
        }
        tx.commit().await
    }

    pub async fn find(&self, server: &str, hash: &str) -> Result<Option<String>> {
        let mut conn = self.store.read().await?;
        Ok(sql!(conn, discord::find_command(server, hash))?)
    }

    /// Takes or renews the lead; false while another process holds it.
    pub async fn lead(&self, application: &str) -> Result<bool> {
        let now = self.clock.now();
        let mut tx = self.store.write_unlocked().await?;
        let leads = sql!(tx, discord::lead((application, &self.me), now, now + LEAD))?;
        tx.commit().await?;
        Ok(leads)
    }

    /// Gives the lead up, so that another need not wait until it runs out.
    pub async fn follow(&self, application: &str) -> Result<()> {
        let now = self.clock.now();
        let mut tx = self.store.write_unlocked().await?;
        sql!(tx, discord::follow((application, &self.me), now))?;
        tx.commit().await
    }

    pub async fn is_registered(&self, application: &str, fingerprint: &str) -> Result<bool> {
        let mut conn = self.store.read().await?;
        let found = sql!(conn, discord::find_registration(application))?;
        Ok(found.as_deref() == Some(fingerprint))
    }

    pub async fn registered(&self, application: &str, fingerprint: &str) -> Result<()> {
        let now = self.clock.now();
        let mut tx = self.store.write_unlocked().await?;
        sql!(
            tx,
            discord::save_registration(application, fingerprint, now)
        )?;
        tx.commit().await
    }
}
