//! How the bot reaches Slack, and how Slack reaches the bot: which settings go together.

use std::net::SocketAddr;
use std::sync::Arc;

use super::layers::Layers;
use super::{ADDRESS, ConfigError, Secret};
use crate::seal::{KEY_FORM, Keys};

#[derive(Debug, Clone)]
pub struct Slack {
    pub bot_token: Option<Secret>,
    pub app_token: Option<Secret>,
    /// With it Slack may call us.
    pub signing_secret: Option<Secret>,
    /// Where Slack's requests, and the install page, are served.
    pub listen: Option<SocketAddr>,
    pub client_id: Option<String>,
    pub client_secret: Option<Secret>,
    /// Where people reach what is served at `listen`, without a slash at the end.
    pub public_url: Option<String>,
    /// Seals the tokens of workspaces that install the bot.
    pub keys: Option<Arc<Keys>>,
    /// Slack's id of the channel for what concerns everybody.
    pub channel: Option<String>,
    /// Without a slash at the end.
    pub api_url: String,
}

impl Slack {
    /// Whether anyone has begun to set up Slack. The playground keeps out then.
    pub fn is_configured(&self) -> bool {
        self.bot_token.is_some()
            || self.app_token.is_some()
            || self.signing_secret.is_some()
            || self.client_id.is_some()
    }

    /// Whether workspaces may install the bot by its page.
    pub fn installs(&self) -> bool {
        self.client_id.is_some()
    }

    /// Nothing, or what is missing beside what is set.
    pub fn whole(&self) -> Result<(), ConfigError> {
        let (listens, installs) = (self.listen.is_some(), self.installs());
        let needs = [
            (
                self.bot_token.is_some() || installs,
                "slack.bot_token",
                "Slack needs the bot token of a workspace, or slack.client_id for workspaces that install the bot",
            ),
            (
                self.app_token.is_some() || self.signing_secret.is_some(),
                "slack.app_token",
                "Slack needs it for Socket Mode, or slack.signing_secret and slack.listen to be called",
            ),
            (
                listens || self.signing_secret.is_none(),
                "slack.listen",
                "slack.signing_secret is set, so Slack calls the bot: say at which address it listens",
            ),
            (
                listens || !installs,
                "slack.listen",
                "slack.client_id is set, so there is an install page: say at which address it is served",
            ),
            (
                self.client_secret.is_some() || !installs,
                "slack.client_secret",
                "slack.client_id is set; the secret stands beside it under Basic Information of the app",
            ),
            (
                self.public_url.is_some() || !installs,
                "slack.public_url",
                "slack.client_id is set; say under which https:// address people reach the install page",
            ),
            (
                self.keys.is_some() || !installs,
                "tokens.key",
                "the tokens of workspaces that install the bot are kept sealed; make one with `openssl rand -hex 32`",
            ),
            (
                self.signing_secret.is_some() || installs || !listens,
                "slack.signing_secret",
                "slack.listen is set, but nothing would be served there; set it, or slack.client_id for the install page",
            ),
            (
                installs || self.client_secret.is_none(),
                "slack.client_id",
                "slack.client_secret is set; the id stands beside it under Basic Information of the app",
            ),
        ];
        match needs.into_iter().find(|(met, ..)| !met) {
            Some((_, key, why)) => Err(ConfigError::Missing { key, why }),
            None => Ok(()),
        }
    }
}

impl Layers {
    pub(super) fn slack(&self) -> Result<Slack, ConfigError> {
        Ok(Slack {
            bot_token: self.token("slack.bot_token", "xoxb-")?,
            app_token: self.token("slack.app_token", "xapp-")?,
            signing_secret: self.secret("slack.signing_secret")?,
            listen: match self.optional("slack.listen")? {
                Some(_) => Some(self.parsed("slack.listen", ADDRESS)?),
                None => None,
            },
            client_id: self.optional("slack.client_id")?,
            client_secret: self.secret("slack.client_secret")?,
            public_url: match self.optional("slack.public_url")? {
                Some(_) => Some(self.http_url("slack.public_url")?),
                None => None,
            },
            keys: self.keys()?,
            channel: self.optional("slack.channel")?,
            api_url: self.http_url("slack.api_url")?,
        })
    }

    fn keys(&self) -> Result<Option<Arc<Keys>>, ConfigError> {
        let older = self.secret("tokens.old_keys")?;
        let older: Vec<Secret> = match &older {
            Some(words) => words
                .expose()
                .split([',', ' ', '\n'])
                .filter(|key| !key.trim().is_empty())
                .map(Secret::new)
                .collect(),
            None => Vec::new(),
        };
        let Some(newest) = self.secret("tokens.key")? else {
            return Ok(None);
        };
        let key = match Keys::new(&newest, &[]) {
            Some(_) => "tokens.old_keys",
            None => "tokens.key",
        };
        match Keys::new(&newest, &older) {
            Some(keys) => Ok(Some(Arc::new(keys))),
            None => Err(self.wrong_secret(key, KEY_FORM.to_owned())?),
        }
    }

    /// A Slack token. The two kinds are easily mixed up, so the beginning is checked.
    fn token(&self, key: &str, start: &str) -> Result<Option<Secret>, ConfigError> {
        match self.secret(key)? {
            Some(secret) if !secret.expose().starts_with(start) => {
                Err(self.wrong_secret(key, format!("a token that begins with {start}"))?)
            }
            secret => Ok(secret),
        }
    }

    /// What is wrong with a secret, without a word of it.
    pub(super) fn wrong_secret(
        &self,
        key: &str,
        wanted: String,
    ) -> Result<ConfigError, ConfigError> {
        let (direct, place) = self.text(key)?;
        let place = match direct.is_empty() {
            true => self.text(&format!("{key}_file"))?.1,
            false => place,
        };
        Ok(ConfigError::Wrong {
            key: key.to_owned(),
            place,
            found: "something else".to_owned(),
            wanted,
        })
    }
}
