//! What can go wrong when Slack is called, and what that means for a message.

use std::time::Duration;

use slack_morphism::errors::SlackClientError;

use crate::chat::{Refusal, SendError};

/// How one call to Slack failed. Never carries a token, a request or a response body.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The request did not leave this machine.
    #[error("Slack could not be reached: {0}")]
    NotSent(String),
    /// Slack asked to wait.
    #[error("Slack asked to slow down")]
    Limited(Option<Duration>),
    /// Slack understood and said no, in its own word.
    #[error("Slack answered {0:?}")]
    Api(String),
    /// It may have been done: no answer in time, a broken connection, a server error, or an answer
    /// that could not be read.
    #[error("no clear answer from Slack: {0}")]
    Unclear(String),
}

impl Fault {
    /// The error word, if Slack gave one.
    pub fn word(&self) -> Option<&str> {
        match self {
            Fault::Api(word) => Some(word),
            _ => None,
        }
    }

    /// Whether the token is the reason, so that trying again cannot help.
    pub fn is_about_the_token(&self) -> bool {
        self.word().is_some_and(token_is_bad)
    }

    /// What a failed post means to the outbox.
    pub fn of_a_post(self) -> SendError {
        match self {
            Fault::Unclear(why) => SendError::Unknown(why),
            // Slack's documentation: part of the operation may have succeeded.
            Fault::Api(word) if is_their_trouble(&word) => SendError::Unknown(word),
            other => other.of_a_repeatable(),
        }
    }

    /// What a failed read, edit or preparation means: doing it twice does no harm.
    pub fn of_a_repeatable(self) -> SendError {
        let why = self.to_string();
        match self {
            Fault::NotSent(_) | Fault::Unclear(_) => SendError::Retry { after: None, why },
            Fault::Limited(after) => SendError::Retry { after, why },
            Fault::Api(word) if matches!(word.as_str(), "ratelimited" | "rate_limited") => {
                SendError::Retry { after: None, why }
            }
            Fault::Api(word) if is_their_trouble(&word) => SendError::Retry { after: None, why },
            // A token that is changed every few hours: the next one is on its way.
            Fault::Api(word) if word == EXPIRED => SendError::Retry { after: None, why },
            Fault::Api(word) => SendError::Refused(refusal(word)),
        }
    }
}

impl From<SlackClientError> for Fault {
    fn from(error: SlackClientError) -> Self {
        match error {
            SlackClientError::ApiError(e) => Fault::Api(e.code),
            SlackClientError::RateLimitError(e) => Fault::Limited(e.retry_after),
            SlackClientError::HttpError(e) => Fault::Unclear(format!("HTTP {}", e.status_code)),
            SlackClientError::HttpProtocolError(e) => {
                let cause = e
                    .cause
                    .and_then(|c| c.downcast::<hyper_util::client::legacy::Error>().ok());
                match cause {
                    Some(cause) if cause.is_connect() => Fault::NotSent(root_of(&*cause)),
                    Some(cause) => Fault::Unclear(root_of(&*cause)),
                    None => Fault::Unclear("the HTTP exchange broke".to_owned()),
                }
            }
            // Its Display prints the body.
            SlackClientError::ProtocolError(_) => {
                Fault::Unclear("the answer could not be read".to_owned())
            }
            SlackClientError::EndOfStream(_)
            | SlackClientError::SystemError(_)
            | SlackClientError::SocketModeProtocolError(_) => {
                Fault::Unclear("the Slack library gave up".to_owned())
            }
        }
    }
}

/// The innermost reason: "connection refused" instead of "client error (Connect)".
fn root_of(error: &dyn std::error::Error) -> String {
    let mut root = error;
    while let Some(source) = root.source() {
        root = source;
    }
    root.to_string()
}

/// Slack's word for a token whose time is over.
pub(super) const EXPIRED: &str = "token_expired";

fn token_is_bad(word: &str) -> bool {
    matches!(
        word,
        "invalid_auth"
            | "not_authed"
            | "token_revoked"
            | "token_expired"
            | "account_inactive"
            | "not_allowed_token_type"
            | "app_uninstalled"
    )
}

fn is_their_trouble(word: &str) -> bool {
    matches!(
        word,
        "internal_error" | "fatal_error" | "service_unavailable" | "request_timeout"
    )
}

fn refusal(word: String) -> Refusal {
    match word.as_str() {
        "is_archived" => Refusal::ChannelArchived,
        "channel_not_found" => Refusal::ChannelNotFound,
        "not_in_channel" => Refusal::NotInChannel,
        word if token_is_bad(word) => Refusal::TokenRevoked,
        "user_not_found" | "user_not_visible" | "user_disabled" | "users_not_found"
        | "cannot_dm_bot" => Refusal::UnknownPerson,
        "missing_scope"
        | "no_permission"
        | "permission_denied"
        | "access_denied"
        | "not_allowed"
        | "ekm_access_denied"
        | "team_access_not_granted"
        | "messages_tab_disabled"
        | "accesslimited" => Refusal::Restricted,
        word if word.starts_with("restricted_action") => Refusal::Restricted,
        "message_not_found" | "cant_update_message" | "thread_not_found" => {
            Refusal::MessageNotFound
        }
        _ => Refusal::Other(word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_of_slack_is_told_apart() {
        for (word, expected) in [
            ("is_archived", Refusal::ChannelArchived),
            ("channel_not_found", Refusal::ChannelNotFound),
            ("not_in_channel", Refusal::NotInChannel),
            ("token_revoked", Refusal::TokenRevoked),
            ("invalid_auth", Refusal::TokenRevoked),
            ("account_inactive", Refusal::TokenRevoked),
            ("user_not_found", Refusal::UnknownPerson),
            ("cannot_dm_bot", Refusal::UnknownPerson),
            ("missing_scope", Refusal::Restricted),
            ("restricted_action_read_only_channel", Refusal::Restricted),
            ("ekm_access_denied", Refusal::Restricted),
            ("message_not_found", Refusal::MessageNotFound),
            (
                "as_user_not_supported",
                Refusal::Other("as_user_not_supported".into()),
            ),
        ] {
            let error = Fault::Api(word.to_owned()).of_a_post();
            assert_eq!(error, SendError::Refused(expected), "{word}");
        }
    }

    #[test]
    fn a_post_without_a_clear_answer_is_unknown_but_an_edit_is_tried_again() {
        let fault = Fault::Unclear("no answer within 10 s".to_owned());
        assert!(matches!(fault.clone().of_a_post(), SendError::Unknown(_)));
        assert!(matches!(
            fault.of_a_repeatable(),
            SendError::Retry { after: None, .. }
        ));
        let theirs = Fault::Api("internal_error".to_owned());
        assert!(matches!(theirs.clone().of_a_post(), SendError::Unknown(_)));
        assert!(matches!(theirs.of_a_repeatable(), SendError::Retry { .. }));
    }

    #[test]
    fn what_never_left_may_simply_be_sent_again() {
        let fault = Fault::NotSent("connection refused".to_owned());
        assert!(matches!(
            fault.of_a_post(),
            SendError::Retry { after: None, .. }
        ));
    }
}
