//! How the bot reaches Discord.

use super::layers::Layers;
use super::{ConfigError, Secret, wrong};

#[derive(Debug, Clone)]
pub struct Discord {
    pub token: Option<Secret>,
    /// Discord's id of the channel for what concerns everybody, of a bot in one server.
    pub channel: Option<String>,
    /// Without a slash at the end.
    pub api_url: String,
}

impl Discord {
    pub fn token(&self) -> Result<&Secret, ConfigError> {
        self.token.as_ref().ok_or(ConfigError::Missing {
            key: "discord.token",
            why: "Discord needs it; it stands under Bot of the application",
        })
    }

    /// The playground keeps out then.
    pub fn is_configured(&self) -> bool {
        self.token.is_some()
    }
}

impl Layers {
    pub(super) fn discord(&self) -> Result<Discord, ConfigError> {
        Ok(Discord {
            token: self.discord_token()?,
            channel: self.snowflake("discord.channel")?,
            api_url: self.http_url("discord.api_url")?,
        })
    }

    /// Discord shows a client secret and a public key beside the token.
    fn discord_token(&self) -> Result<Option<Secret>, ConfigError> {
        const KEY: &str = "discord.token";
        match self.secret(KEY)? {
            Some(secret) if !crate::discord::is_token(secret.expose()) => {
                let wanted = "the token under Bot of the application, without \"Bot \" before it";
                Err(self.wrong_secret(KEY, wanted.to_owned())?)
            }
            secret => Ok(secret),
        }
    }

    /// An id of Discord, if it is set.
    fn snowflake(&self, key: &str) -> Result<Option<String>, ConfigError> {
        let (text, place) = self.text(key)?;
        match text.as_str() {
            "" => Ok(None),
            id if id.parse::<u64>().is_ok_and(|id| id > 0) => Ok(Some(text)),
            _ => {
                let wanted = "an id of digits; Discord shows it with Copy Channel ID";
                Err(wrong(key, &place, &text, wanted))
            }
        }
    }
}
