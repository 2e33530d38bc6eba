//! What can go wrong: the person's words (shown as written) or the machine (a fault with an id).

use crate::chat::{Block, Button, Card, Reply};

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Shown to the person as written.
    #[error("{}", .0.text)]
    User(Box<UserError>),
    /// The act was already carried out; it has had its answer.
    #[error("already carried out")]
    Repeat,
    /// The person could not have done otherwise: logged once, where it is handled.
    #[error("{0:#}")]
    Fault(anyhow::Error),
}

/// Says what was wrong and what would be right.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UserError {
    pub text: String,
    /// The argument it is about, so that a form can say it beside the field.
    pub field: Option<&'static str>,
    /// Ways on.
    pub buttons: Vec<Button>,
}

impl UserError {
    pub fn new(text: impl Into<String>) -> Self {
        UserError {
            text: text.into(),
            ..UserError::default()
        }
    }

    pub fn at(field: &'static str, text: impl Into<String>) -> Self {
        UserError {
            text: text.into(),
            field: Some(field),
            buttons: Vec::new(),
        }
    }

    /// The same, beside this field.
    pub fn beside(self, field: Option<&'static str>) -> Self {
        UserError { field, ..self }
    }

    pub fn button(mut self, label: impl Into<String>, command: impl Into<String>) -> Self {
        self.buttons.push(Button::new(label, command));
        self
    }

    pub fn card(&self) -> Card {
        Card::say(self.text.as_str()).buttons(self.buttons.clone())
    }
}

impl From<UserError> for Error {
    fn from(error: UserError) -> Self {
        Error::User(Box::new(error))
    }
}

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        Error::Fault(error)
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Error::Fault(error.into())
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Error::Fault(error.into())
    }
}

impl Error {
    /// What the person gets.
    pub fn into_reply(self) -> Reply {
        match self {
            Error::User(error) => Reply::Card(error.card()),
            Error::Repeat => Reply::Nothing,
            Error::Fault(error) => {
                let fault = crate::fault::Fault::log("answering a command", &error);
                let text = format!(
                    "Something went wrong on our side and nothing was changed. Please try again; \
                     if it stays, tell your ISMS manager the fault id {fault}."
                );
                Reply::Card(Card::default().block(Block::Text(text.into())))
            }
        }
    }
}
