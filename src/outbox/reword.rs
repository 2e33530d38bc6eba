//! Messages that stand and no longer say what is so are worded anew: edited, never posted again.

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{Job, Subject};
use crate::app::Result;
use crate::chat::{Button, Card, MessageRef};
use crate::command;
use crate::sql;
use crate::store::{Conn, Tx};

/// Said where a message has nothing left to ask for.
pub fn nothing_left() -> Card {
    Card::say("Nothing here waits for you any more.")
}

impl Subject {
    /// Whether its message is edited only where that makes a difference: it is worded anew again and
    /// again.
    pub fn is_compared(&self) -> bool {
        matches!(self, Subject::Overview { .. })
    }

    /// Whether a message about this follows what it tells of. Digests and the like are records of
    /// their day and stay as they were posted.
    pub fn is_living(&self) -> bool {
        match self {
            Subject::Action { .. }
            | Subject::ActionAssigned { .. }
            | Subject::ActionToCheck { .. }
            | Subject::StepPlanned { .. }
            | Subject::Audit { .. }
            | Subject::Finding { .. }
            | Subject::AuditAssigned { .. }
            | Subject::InputAssigned { .. }
            | Subject::Reminder { .. }
            | Subject::KpiCrossed { .. }
            | Subject::SurveyAsked { .. }
            | Subject::DeputyNamed { .. }
            | Subject::PersonLeft { .. }
            | Subject::HandedOver { .. }
            | Subject::SourceFails { .. }
            | Subject::Report { .. }
            | Subject::ReportToReview { .. }
            | Subject::Overview { .. }
            | Subject::Trouble { .. } => true,
            Subject::AuditReminder { .. }
            | Subject::AuditReport { .. }
            | Subject::AuditOpened { .. }
            | Subject::Digest { .. }
            | Subject::ReviewDue { .. }
            | Subject::RoleGiven { .. }
            | Subject::AreaAssigned { .. }
            | Subject::ActionRaisedHere { .. }
            | Subject::ActionNoted { .. }
            | Subject::DigestDetail
            | Subject::Pin { .. }
            | Subject::SurveyClosed { .. }
            | Subject::File { .. } => false,
        }
    }
}

/// What tells whether a message says something else than before.
pub fn fingerprint(card: &Card) -> String {
    let words = serde_json::to_vec(card).unwrap_or_default();
    hex::encode(Sha256::digest(words))
}

/// The records that the buttons of a card are about.
pub fn records_of(card: &Card) -> Vec<String> {
    let mut records: Vec<String> = card
        .all_buttons()
        .filter_map(|button| command::subject(&button.command))
        .map(|record| record.to_string())
        .collect();
    records.sort_unstable();
    records.dedup();
    records
}

/// A record changed: every message that asks for something about it is worded anew.
pub async fn about(tx: &mut Tx, workspace: Uuid, record: &str) -> Result<()> {
    for key in sql!(tx, outbox::list_asking(workspace, record))? {
        again(tx, workspace, &key).await?;
    }
    Ok(())
}

/// Words anew the messages whose keys begin like this.
pub async fn beginning(tx: &mut Tx, workspace: Uuid, prefix: &str) -> Result<()> {
    for key in sql!(tx, outbox::list_standing(workspace, prefix))? {
        again(tx, workspace, &key).await?;
    }
    Ok(())
}

/// Words one message anew, if it follows what it tells of.
pub async fn again(tx: &mut Tx, workspace: Uuid, key: &str) -> Result<()> {
    let Some(last) = sql!(tx, outbox::find_last_job(workspace, key))? else {
        return Ok(());
    };
    if !last.subject.is_living() {
        return Ok(());
    }
    let job = Job {
        thread_of: last.thread_of,
        ..Job::new(workspace, last.subject, key, last.to)
    };
    sql!(tx, outbox::insert_job(&job))?;
    Ok(())
}

/// The message that stands there, if it follows what it tells of.
pub async fn standing(conn: &mut Conn, workspace: Uuid, at: &MessageRef) -> Result<Option<Job>> {
    let Some(key) = sql!(conn, outbox::find_key(workspace, at))? else {
        return Ok(None);
    };
    let last = sql!(conn, outbox::find_last_job(workspace, &key))?;
    Ok(last.filter(|job| job.subject.is_living()))
}

/// Whether a card still has a button with this command.
pub fn offers(card: Option<&Card>, command: &str) -> bool {
    let carries = |button: &Button| button.command == command;
    card.is_some_and(|card| card.all_buttons().any(carries))
}
