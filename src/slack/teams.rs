//! The workspaces the bot speaks in. Each has a client with a token of its own, its own pace, and
//! what is remembered of it; nothing is shared between them but the connection pool.
//!
//! There is the workspace of the configured bot token, and those that installed the bot by its page.
//! An act or a message names its workspace by Slack's team id, and nothing else chooses the token.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, RwLock};
use std::time::Duration;

use super::client::{Client, Line};
use super::fault::{EXPIRED, Fault};
use super::home::Homes;
use super::installs::Known;
use super::pace::Pace;
use super::{RunError, Slack};
use crate::chat::{Refusal, SendError};
use crate::clock::Clock;
use crate::config::Secret;

/// How often tokens that end are looked after, if nothing rings.
const ROUND: Duration = Duration::from_secs(60);

/// One workspace.
pub(super) struct Team {
    pub id: String,
    pub client: Client,
    pub pace: Pace,
    pub homes: Homes,
    /// Direct conversations by person.
    directs: Mutex<HashMap<String, String>>,
    over: AtomicBool,
}

impl Team {
    pub fn new(id: String, client: Client, clock: Clock) -> Self {
        Team {
            id,
            client,
            pace: Pace::new(clock),
            homes: Homes::default(),
            directs: Mutex::default(),
            over: AtomicBool::new(false),
        }
    }

    /// The direct conversation with a person. It never changes, so it is asked for once.
    pub async fn direct(&self, person: &str) -> Result<String, Fault> {
        #[derive(serde::Deserialize)]
        struct Opened {
            channel: Channel,
        }
        #[derive(serde::Deserialize)]
        struct Channel {
            id: String,
        }
        let known = self.directs.lock().ok();
        if let Some(known) = known.and_then(|directs| directs.get(person).cloned()) {
            return Ok(known);
        }
        // The documentation wants ids with commas between them; the library would send an array.
        let request = serde_json::json!({ "users": person });
        let opened: Opened = self.client.post("conversations.open", &request).await?;
        if let Ok(mut directs) = self.directs.lock() {
            directs.insert(person.to_owned(), opened.channel.id.clone());
        }
        Ok(opened.channel.id)
    }
}

/// The workspaces that installed the bot.
#[derive(Default)]
pub(super) struct Teams(RwLock<HashMap<String, Arc<Team>>>);

impl Teams {
    fn get(&self, id: &str) -> Option<Arc<Team>> {
        self.0.read().ok()?.get(id).cloned()
    }

    fn all(&self) -> Vec<Arc<Team>> {
        let teams = self.0.read();
        teams.map_or_else(|_| Vec::new(), |teams| teams.values().cloned().collect())
    }
}

impl Slack {
    /// The workspace of the configured token, asked for once; `None` without such a token.
    pub(super) async fn own(&self) -> Result<Option<Arc<Team>>, Fault> {
        let Some(token) = &self.line.settings.bot_token else {
            return Ok(None);
        };
        let introduced = self.own.get_or_try_init(async || {
            let client = Client::new(self.line.clone(), token);
            let who = client.identity().await?;
            tracing::info!(workspace = %who.team_id, name = %who.team, "slack: the bot token is good");
            Ok(Arc::new(Team::new(who.team_id, client, self.clock.clone())))
        });
        introduced.await.map(|team| Some(team.clone()))
    }

    /// Where the bot may act: it is installed there, and the token is good.
    pub(super) async fn team(&self, id: &str) -> Option<Arc<Team>> {
        match self.team_of(id).await {
            Ok(team) => Some(team),
            Err(why) => {
                tracing::info!(workspace = id, %why, "slack: an act of a workspace that is not served");
                None
            }
        }
    }

    /// The workspace a message goes to, or why it cannot go there.
    pub(super) async fn team_of(&self, id: &str) -> Result<Arc<Team>, SendError> {
        let own = self.own().await.map_err(Fault::of_a_repeatable)?;
        let known = own
            .filter(|own| own.id == id)
            .or_else(|| self.teams.get(id));
        if let Some(team) = known {
            return match team.over.load(Ordering::Acquire) {
                true => Err(SendError::Refused(Refusal::TokenRevoked)),
                false => Ok(team),
            };
        }
        let found = match &self.installs {
            Some(installs) => installs.find(id).await,
            None => Ok(Known::Nothing),
        };
        match found {
            // Another process installed it.
            Ok(Known::Token(token)) => Ok(self.adopt(id, &token)),
            Ok(Known::Over) => Err(SendError::Refused(Refusal::TokenRevoked)),
            Ok(Known::Nothing) => {
                let why = format!("this bot is not installed in {id}");
                Err(SendError::Refused(Refusal::Other(why)))
            }
            Err(error) => Err(SendError::Retry {
                after: None,
                why: error.to_string(),
            }),
        }
    }

    /// Takes in a workspace, or goes on in it with another token.
    pub(super) fn adopt(&self, id: &str, token: &Secret) -> Arc<Team> {
        let client = Client::new(self.line.clone(), token);
        let new = Arc::new(Team::new(id.to_owned(), client, self.clock.clone()));
        if let Ok(mut teams) = self.teams.0.write() {
            match teams.get(id) {
                Some(known) => {
                    known.client.renew(token);
                    return known.clone();
                }
                None => drop(teams.insert(id.to_owned(), new.clone())),
            }
        }
        new
    }

    /// Nothing more is sent to a workspace: its token is good for nothing, and is wiped.
    pub(super) async fn end(&self, team: &Team, why: &str) {
        if team.over.swap(true, Ordering::AcqRel) {
            return;
        }
        tracing::error!(
            workspace = %team.id, why,
            "slack: the bot was removed or its token revoked; nothing more is sent to this workspace"
        );
        metrics::counter!("isms_slack_workspace_ended_total").increment(1);
        if let Some(installs) = &self.installs
            && let Err(error) = installs.end(&team.id).await
        {
            tracing::error!(workspace = %team.id, error = %error, "slack: a token could not be wiped");
        }
        if let Ok(mut teams) = self.teams.0.write() {
            teams.remove(&team.id);
        }
        self.line.refused.notify_one();
    }

    /// Looks after the tokens: those that Slack refuses end their workspace, those that run out are
    /// replaced. Returns when the one configured token is gone and there is nobody else to serve.
    pub(super) async fn tend(&self) -> RunError {
        loop {
            tokio::select! {
                () = self.line.refused.notified() => {}
                () = tokio::time::sleep(ROUND) => {}
            }
            let own = self.own.get().cloned();
            for team in own.iter().cloned().chain(self.teams.all()) {
                if let Some(word) = team.client.refusal() {
                    self.doubt(&team, &word).await;
                }
            }
            if let Some(installs) = &self.installs {
                installs.keep_fresh(self).await;
            }
            let gone = own.filter(|own| own.over.load(Ordering::Acquire));
            if let Some(own) = gone
                && self.teams.all().is_empty()
            {
                let word = own.client.refusal();
                return RunError::BotToken(word.unwrap_or_else(|| "app_uninstalled".to_owned()));
            }
        }
    }

    /// Slack refused a token in the midst of something: asks once more before it is believed.
    async fn doubt(&self, team: &Arc<Team>, word: &str) {
        if word == EXPIRED
            && let Some(installs) = &self.installs
            && installs.replace(self, &team.id).await
        {
            return;
        }
        // It may have been installed again meanwhile.
        if let Some(installs) = &self.installs
            && let Ok(Known::Token(token)) = installs.find(&team.id).await
        {
            team.client.renew(&token);
        }
        match team.client.identity().await {
            Ok(_) => team.client.trust(),
            Err(fault) if fault.is_about_the_token() => self.end(team, word).await,
            Err(fault) => tracing::warn!(%fault, "slack: whether a token is good cannot be learnt"),
        }
    }
}

/// The line, for calls that belong to no workspace.
impl AsRef<Line> for Slack {
    fn as_ref(&self) -> &Line {
        &self.line
    }
}
