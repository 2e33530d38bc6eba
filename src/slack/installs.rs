//! What is kept of workspaces that installed the bot: who, when, and their tokens, sealed.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::Slack;
use super::oauth::{self, Credentials, Granted};
use crate::app::{Error, Result};
use crate::clock::Clock;
use crate::config::Secret;
use crate::seal::{Keys, SealError, Sealed};
use crate::sql;
use crate::store::Store;

/// A token is replaced so long before it ends.
const EARLY: TimeDelta = TimeDelta::minutes(30);
/// Another process may take so long to replace it.
const CLAIM: TimeDelta = TimeDelta::minutes(1);

/// A row of `slack_install`.
#[derive(Debug, Clone, PartialEq)]
pub struct InstallRow {
    /// Slack's id of the workspace.
    pub team: String,
    pub name: String,
    pub bot_user: String,
    /// As Slack lists them, with commas between.
    pub scopes: String,
    pub sealed: Sealed,
    /// Slack's id of who installed it.
    pub installed_by: String,
    pub at: DateTime<Utc>,
    /// Of the token, where Slack rotates it.
    pub expires_at: Option<DateTime<Utc>>,
    pub revoked_at: Option<DateTime<Utc>>,
}

/// What is sealed. Never printed.
#[derive(Serialize, Deserialize)]
struct Tokens {
    bot: String,
    refresh: Option<String>,
}

/// What is known of a workspace.
pub(super) enum Known {
    Nothing,
    Over,
    Token(Secret),
}

/// Why the kept tokens cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    #[error(
        "the token of the Slack workspace {name} ({team}) cannot be read: {why}; put the key it was \
         sealed with into tokens.old_keys, or let the workspace install the bot again"
    )]
    Sealed {
        name: String,
        team: String,
        why: SealError,
    },
    #[error("the installed Slack workspaces could not be read: {0}")]
    Store(#[from] Error),
}

/// The kept installs, and what is needed to make and renew them.
pub struct Installs {
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) app: Credentials,
    keys: Arc<Keys>,
}

impl Installs {
    pub fn new(store: Store, clock: Clock, (app, keys): (Credentials, Arc<Keys>)) -> Self {
        Installs {
            store,
            clock,
            app,
            keys,
        }
    }

    pub(super) async fn find(&self, team: &str) -> Result<Known> {
        let mut conn = self.store.read().await?;
        let Some(row) = sql!(conn, slack::find_install(team))? else {
            return Ok(Known::Nothing);
        };
        if row.revoked_at.is_some() {
            return Ok(Known::Over);
        }
        let tokens = self.open(&row).map_err(anyhow::Error::from)?;
        Ok(Known::Token(Secret::new(tokens.bot)))
    }

    fn open(&self, row: &InstallRow) -> Result<Tokens, InstallError> {
        let unreadable = |why| InstallError::Sealed {
            name: row.name.clone(),
            team: row.team.clone(),
            why,
        };
        let words = self.keys.open(&row.team, &row.sealed).map_err(unreadable)?;
        serde_json::from_str(words.expose()).map_err(|_| unreadable(SealError::Damaged))
    }

    fn seal(&self, team: &str, tokens: &Tokens) -> Result<Sealed> {
        let words = serde_json::to_string(tokens)?;
        let sealed = self.keys.seal(team, &words);
        sealed.map_err(|error| anyhow::Error::from(error).into())
    }

    /// Every good token, sealed anew under the newest key where an older one sealed it.
    pub(super) async fn all(&self) -> Result<Vec<(String, Secret)>, InstallError> {
        let mut conn = self.store.read().await?;
        let rows = sql!(conn, slack::list_installs()).map_err(Error::from)?;
        drop(conn);
        let mut all = Vec::new();
        for row in rows {
            let tokens = self.open(&row)?;
            if !self.keys.is_newest(&row.sealed) {
                let sealed = self.seal(&row.team, &tokens)?;
                let mut tx = self.store.write_unlocked().await?;
                sql!(
                    tx,
                    slack::reseal(&row.team, (&row.sealed, &sealed), row.expires_at)
                )
                .map_err(Error::from)?;
                tx.commit().await?;
                tracing::info!(workspace = %row.team, "slack: a token is sealed under the new key");
            }
            all.push((row.team, Secret::new(tokens.bot)));
        }
        Ok(all)
    }

    /// How many workspaces there are, if all their tokens can be read.
    pub async fn count(&self) -> Result<usize, InstallError> {
        let mut conn = self.store.read().await?;
        let rows = sql!(conn, slack::list_installs()).map_err(Error::from)?;
        for row in &rows {
            self.open(row)?;
        }
        Ok(rows.len())
    }

    /// Keeps what a workspace granted.
    pub(super) async fn keep(&self, granted: &Granted) -> Result<()> {
        let now = self.clock.now();
        let row = InstallRow {
            team: granted.team.id.clone(),
            name: granted.team.name.clone().unwrap_or_default(),
            bot_user: granted.bot_user_id.clone().unwrap_or_default(),
            scopes: granted.scope.clone(),
            sealed: self.seal(&granted.team.id, &tokens_of(granted))?,
            installed_by: granted.authed_user.id.clone(),
            at: now,
            expires_at: ends(granted, now),
            revoked_at: None,
        };
        let mut tx = self.store.write_unlocked().await?;
        sql!(tx, slack::save_install(&row))?;
        tx.commit().await
    }

    pub(super) async fn end(&self, team: &str) -> Result<bool> {
        let mut tx = self.store.write_unlocked().await?;
        let ended = sql!(tx, slack::end_install(team, self.clock.now()))?;
        tx.commit().await?;
        Ok(ended)
    }

    /// Replaces the tokens that end soon, and takes over those that another process replaced.
    pub(super) async fn keep_fresh(&self, slack: &Slack) {
        let rows = async {
            let mut conn = self.store.read().await?;
            Ok::<_, Error>(sql!(conn, slack::list_installs())?)
        };
        let rows = match rows.await {
            Ok(rows) => rows,
            Err(error) => {
                tracing::warn!(error = %error, "slack: the kept tokens could not be looked after");
                return;
            }
        };
        let soon = self.clock.now() + EARLY;
        for row in rows.iter().filter(|row| row.expires_at.is_some()) {
            if row.expires_at.is_some_and(|end| end <= soon) {
                self.replace(slack, &row.team).await;
            } else if let Ok(tokens) = self.open(row) {
                slack.adopt(&row.team, &Secret::new(tokens.bot));
            }
        }
    }

    /// Asks Slack for the next token of a workspace that rotates them. True if there is hope: it was
    /// replaced, or someone is at it.
    pub(super) async fn replace(&self, slack: &Slack, team: &str) -> bool {
        match self.replaced(slack, team).await {
            Ok(hope) => hope,
            Err(error) => {
                tracing::error!(workspace = team, error = %error, "slack: a token could not be replaced");
                false
            }
        }
    }

    async fn replaced(&self, slack: &Slack, team: &str) -> Result<bool> {
        let now = self.clock.now();
        let mut tx = self.store.write_unlocked().await?;
        let claimed = sql!(tx, slack::claim_refresh(team, (now, now + CLAIM)))?;
        let row = sql!(tx, slack::find_install(team))?;
        tx.commit().await?;
        let Some(row) = row.filter(|row| row.revoked_at.is_none()) else {
            return Ok(false);
        };
        let tokens = self.open(&row).map_err(anyhow::Error::from)?;
        let Some(refresh) = tokens.refresh.filter(|_| claimed) else {
            slack.adopt(team, &Secret::new(tokens.bot));
            return Ok(!claimed);
        };
        let asked = [("grant_type", "refresh_token"), ("refresh_token", &refresh)];
        let granted = oauth::ask(slack.as_ref(), &self.app, &asked).await;
        let granted = granted.map_err(anyhow::Error::from)?;
        let mut next = tokens_of(&granted);
        // Without a new one the old one goes on.
        next.refresh = next.refresh.or(Some(refresh));
        let sealed = self.seal(team, &next)?;
        let mut tx = self.store.write_unlocked().await?;
        sql!(
            tx,
            slack::reseal(team, (&row.sealed, &sealed), ends(&granted, now))
        )?;
        tx.commit().await?;
        slack.adopt(team, &Secret::new(next.bot));
        metrics::counter!("isms_slack_tokens_replaced_total").increment(1);
        Ok(true)
    }
}

fn tokens_of(granted: &Granted) -> Tokens {
    Tokens {
        bot: granted.access_token.clone(),
        refresh: granted.refresh_token.clone(),
    }
}

fn ends(granted: &Granted, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    granted
        .expires_in
        .map(|seconds| now + TimeDelta::seconds(seconds))
}
