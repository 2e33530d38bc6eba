//! What a person owes to minutes: the approval, the signature. Both are personal; no deputy gives them.

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;

use super::card::{show_button, sign_button};
use crate::app::Result;
use crate::command::value::RecordName;
use crate::people::{Person, Workspace};
use crate::review::meeting::rules::{House, Session};
use crate::review::meeting::session::{Around, find_session};
use crate::review::rules::State;
use crate::schedule::ladder::{MINUTES, Obligation};
use crate::sql;
use crate::store::Conn;

/// So many days after the meeting the minutes are to be approved, and after that to be signed.
const A_WEEK: Days = Days::new(7);

/// The minutes that wait for a person.
pub async fn obligations(
    conn: &mut Conn,
    workspace: &Workspace,
    (person, today): (&Person, NaiveDate),
) -> Result<Vec<Obligation>> {
    let mut reviews = sql!(conn, review::list_reviews(workspace.id))?;
    reviews.retain(|review| review.state == State::Held);
    if reviews.is_empty() {
        return Ok(Vec::new());
    }
    let around = Around::read(conn, workspace, today).await?;
    let mut owed = Vec::new();
    for review in reviews {
        let session = find_session(conn, workspace.id, review.name).await?;
        owed.extend(
            session.and_then(|session| session.owed_by(person, around.house(), workspace.zone)),
        );
    }
    Ok(owed)
}

impl Session {
    fn owed_by(&self, person: &Person, house: House, zone: Tz) -> Option<Obligation> {
        let name = self.review.name;
        let (title, due, button) = match &self.minutes.approval {
            None if self.approvers(house).contains(&person.id) => (
                "the minutes are to be approved".to_owned(),
                self.review.on + A_WEEK,
                show_button(name),
            ),
            Some(approval) if self.signers(house).people().contains(&person.id) => (
                format!(
                    "version {} of the minutes is to be signed",
                    approval.version
                ),
                crate::people::rules::today(approval.at, zone) + A_WEEK,
                sign_button(name, approval.version),
            ),
            _ => return None,
        };
        Some(Obligation {
            record: RecordName::Review(name),
            title,
            due,
            ladder: MINUTES,
            button,
            snoozed_until: None,
        })
    }
}
