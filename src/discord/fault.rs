//! What can go wrong when Discord is called, and what that means for a message.

use std::time::Duration;

use crate::chat::{Refusal, SendError};

/// How one call to Discord failed. Never carries a token, a request or a response body.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The request did not leave this machine.
    #[error("Discord could not be reached: {0}")]
    NotSent(String),
    /// Discord asked to wait, or an earlier answer did.
    #[error("Discord asked to slow down")]
    Limited(Option<Duration>),
    /// So many requests were refused lately that Discord would soon ban this address.
    #[error("too many requests were refused lately; nothing is sent for {0:?}")]
    Guarded(Duration),
    /// Discord understood and said no.
    #[error("Discord answered {status}: {message} ({code})")]
    Api {
        status: u16,
        /// Discord's own number; 0 if it gave none.
        code: u64,
        message: String,
    },
    /// It may have been done: no answer in time, a broken connection, a server error, or an answer
    /// that could not be read.
    #[error("no clear answer from Discord: {0}")]
    Unclear(String),
}

/// Discord's numbers, as far as they matter here.
pub mod code {
    pub const UNKNOWN_CHANNEL: u64 = 10003;
    pub const UNKNOWN_GUILD: u64 = 10004;
    pub const UNKNOWN_MEMBER: u64 = 10007;
    pub const UNKNOWN_MESSAGE: u64 = 10008;
    pub const UNKNOWN_USER: u64 = 10013;
    pub const TOO_MANY_PINS: u64 = 30003;
    pub const MISSING_ACCESS: u64 = 50001;
    pub const NOT_ON_THIS_CHANNEL: u64 = 50024;
    pub const CANNOT_DM: u64 = 50007;
    pub const MISSING_PERMISSIONS: u64 = 50013;
    pub const THREAD_ARCHIVED: u64 = 50083;
    pub const THREAD_EXISTS: u64 = 160_004;
    pub const THREAD_LOCKED: u64 = 160_005;
}

impl Fault {
    /// Discord's number for why it said no, if it gave one.
    pub fn code(&self) -> Option<u64> {
        match self {
            Fault::Api { code, .. } => Some(*code),
            _ => None,
        }
    }

    /// Whether the token is the reason, so that trying again cannot help.
    pub fn is_about_the_token(&self) -> bool {
        matches!(self, Fault::Api { status: 401, .. })
    }

    /// What a failed post means to the outbox.
    pub fn of_a_post(self) -> SendError {
        match self {
            Fault::Unclear(why) => SendError::Unknown(why),
            other => other.of_a_repeatable(),
        }
    }

    /// What a failed read, edit or preparation means: doing it twice does no harm.
    pub fn of_a_repeatable(self) -> SendError {
        let why = self.to_string();
        match self {
            Fault::NotSent(_) | Fault::Unclear(_) => SendError::Retry { after: None, why },
            Fault::Limited(after) => SendError::Retry { after, why },
            Fault::Guarded(left) => SendError::Retry {
                after: Some(left),
                why,
            },
            Fault::Api { status, code, .. } => SendError::Refused(refusal(status, code, why)),
        }
    }
}

fn refusal(status: u16, code: u64, why: String) -> Refusal {
    match (status, code) {
        (401, _) => Refusal::TokenRevoked,
        (_, code::UNKNOWN_CHANNEL) => Refusal::ChannelNotFound,
        (_, code::UNKNOWN_GUILD | code::MISSING_ACCESS) => Refusal::NotInChannel,
        (_, code::UNKNOWN_MESSAGE) => Refusal::MessageNotFound,
        (_, code::TOO_MANY_PINS) => Refusal::TooManyPins,
        (_, code::CANNOT_DM | code::UNKNOWN_USER | code::UNKNOWN_MEMBER) => Refusal::UnknownPerson,
        (_, code::THREAD_ARCHIVED | code::THREAD_LOCKED) => Refusal::ChannelArchived,
        (_, code::MISSING_PERMISSIONS) | (403, _) => Refusal::Restricted,
        _ => Refusal::Other(why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn api(status: u16, code: u64) -> Fault {
        Fault::Api {
            status,
            code,
            message: "no".into(),
        }
    }

    #[test]
    fn each_refusal_of_discord_is_told_apart() {
        for (status, code, expected) in [
            (401, 0, Refusal::TokenRevoked),
            (404, 10003, Refusal::ChannelNotFound),
            (403, 50001, Refusal::NotInChannel),
            (403, 50013, Refusal::Restricted),
            (403, 50007, Refusal::UnknownPerson),
            (404, 10008, Refusal::MessageNotFound),
            (404, 10007, Refusal::UnknownPerson),
            (400, 50083, Refusal::ChannelArchived),
            (403, 20028, Refusal::Restricted),
            (
                400,
                50035,
                Refusal::Other("Discord answered 400: no (50035)".into()),
            ),
        ] {
            let error = api(status, code).of_a_post();
            assert_eq!(error, SendError::Refused(expected), "{status} {code}");
        }
        assert!(api(401, 0).is_about_the_token());
        assert!(!api(403, 50001).is_about_the_token());
    }

    #[test]
    fn a_post_without_a_clear_answer_is_unknown_but_an_edit_is_tried_again() {
        let fault = Fault::Unclear("HTTP 502".to_owned());
        assert!(matches!(fault.clone().of_a_post(), SendError::Unknown(_)));
        assert!(matches!(
            fault.of_a_repeatable(),
            SendError::Retry { after: None, .. }
        ));
    }

    #[test]
    fn what_never_left_may_simply_be_sent_again() {
        let fault = Fault::NotSent("connection refused".to_owned());
        assert!(matches!(
            fault.of_a_post(),
            SendError::Retry { after: None, .. }
        ));
        let guarded = Fault::Guarded(Duration::from_secs(60));
        assert!(matches!(
            guarded.of_a_post(),
            SendError::Retry { after: Some(_), .. }
        ));
    }
}
