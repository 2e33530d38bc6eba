//! A click on a message that has moved on is refused, and the message brought up to date.

use super::{Ctx, Result, UserError};
use crate::chat::{Act, Reply};
use crate::command;
use crate::command::value::RecordName;
use crate::outbox::{Job, reword, subject};

impl Ctx {
    /// Answers an act. Who had left and acts again is welcomed.
    pub(super) async fn act(&mut self, act: &Act) -> Result<Reply> {
        let reply = self.act_unless_stale(act).await?;
        Ok(match reply {
            Reply::Card(card) if self.returned => {
                let words = "Welcome back: you are asked again for what is yours.";
                card.with_first(words.into()).into()
            }
            reply => reply,
        })
    }

    /// Refuses a click on what the message would not offer any more.
    async fn act_unless_stale(&mut self, act: &Act) -> Result<Reply> {
        let Act::Clicked {
            command,
            on: Some(at),
        } = act
        else {
            return self.answer(act).await;
        };
        let mut conn = self.read().await?;
        let Some(job) = reword::standing(&mut conn, self.workspace.id, at).await? else {
            drop(conn);
            return self.answer(act).await;
        };
        let card = subject::word(&self.app, &mut conn, &self.workspace, &job.subject).await?;
        drop(conn);
        if reword::offers(card.as_ref(), command) {
            return self.answer(act).await;
        }
        self.bring_up_to_date(&job).await?;
        Err(moved_on(command).into())
    }

    async fn bring_up_to_date(&self, job: &Job) -> Result<()> {
        let mut tx = self.app.store.write(self.workspace.id).await?;
        reword::again(&mut tx, self.workspace.id, &job.key).await?;
        tx.commit().await
    }
}

/// Says how to find what the button was about.
fn moved_on(command: &str) -> UserError {
    let error = UserError::new(
        "Things have moved on since this message was written. I have brought it up to date.",
    );
    let error = match command::subject(command) {
        Some(RecordName::Action(name)) => {
            error.button(format!("Show {name}"), format!("action show {name}"))
        }
        Some(RecordName::Audit(name)) => {
            error.button(format!("Show {name}"), format!("audit show {name}"))
        }
        Some(RecordName::Finding(name)) => {
            error.button(format!("Show {name}"), format!("audit finding-show {name}"))
        }
        Some(RecordName::Review(name)) => {
            error.button(format!("Show {name}"), format!("review show {name}"))
        }
        Some(RecordName::Kpi(key)) => {
            error.button(format!("Show {key}"), format!("kpi show {key}"))
        }
        None => error,
    };
    error.button("What waits for me", "mine")
}
