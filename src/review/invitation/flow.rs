//! Invitations go out with what they are about, and say how it stands when they are sent.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::calendar::{Method, Saying, file};
use crate::app::Result;
use crate::chat::Content;
use crate::command::value::ReviewName;
use crate::outbox::{self, Job, Subject, To};
use crate::people::{People, Workspace};
use crate::review::plan::card;
use crate::review::plan::flow::meeting;
use crate::review::rules::{Review, State};
use crate::sql;
use crate::store::{Conn, Tx};

/// Sends the meeting as it is now to these persons, for their own calendars: whoever stands in for one
/// of them does not get it.
pub async fn send(
    tx: &mut Tx,
    workspace: Uuid,
    review: &Review,
    persons: &[Uuid],
    why: Option<&str>,
) -> Result<()> {
    for person in persons {
        let subject = Subject::Invitation {
            review: review.name,
            person: *person,
            why: why.map(str::to_owned),
        };
        // One that still waits says how it stands when it is sent.
        let key = format!("{} invitation {person}", review.name);
        outbox::enqueue(tx, Job::new(workspace, subject, key, To::Asker(*person))).await?;
    }
    Ok(())
}

/// The file and what stands beside it. `None`: the meeting has begun.
pub async fn content(
    conn: &mut Conn,
    workspace: &Workspace,
    (name, person): (ReviewName, Uuid),
    (why, now): (Option<&str>, DateTime<Utc>),
) -> Result<Option<Content>> {
    let Some(review) = sql!(conn, review::find_review(workspace.id, name))? else {
        return Ok(None);
    };
    if review.was_held() {
        return Ok(None);
    }
    let meeting = meeting(conn, workspace, name).await?;
    let takes_part = meeting.participants.contains(&person);
    let method = match takes_part && review.state != State::Cancelled {
        true => Method::Request,
        false => Method::Cancel,
    };
    let people = People(sql!(conn, people::list_people(workspace.id))?);
    let saying = Saying {
        workspace,
        people: &people,
        now,
    };
    Ok(Some(Content::File {
        name: format!("{name}.ics"),
        comment: card::invitation(&review, &meeting, (method, why), &people),
        bytes: file(&review, &meeting, method, saying).into_bytes(),
    }))
}
