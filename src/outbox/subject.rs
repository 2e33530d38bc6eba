//! What a message is about. It is worded when it is sent, so that it tells the state of then; a
//! subject with nothing left to say is dropped.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::app::{App, Result};
use crate::chat::Card;
use crate::people::Workspace;
use crate::store::Conn;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Subject {
    /// The living message of an action.
    Action { number: i64 },
    /// To the new owner of an action.
    ActionAssigned { number: i64, owner: Uuid, by: Uuid },
}

/// Words a subject as things stand now. `None`: there is nothing to say any more.
pub async fn word(
    app: &App,
    conn: &mut Conn,
    workspace: &Workspace,
    subject: &Subject,
) -> Result<Option<Card>> {
    let _ = app;
    match subject {
        Subject::Action { number } => crate::action::flow::living(conn, workspace, *number).await,
        Subject::ActionAssigned { number, owner, by } => {
            crate::action::flow::assigned(conn, workspace, *number, *owner, *by).await
        }
    }
}
