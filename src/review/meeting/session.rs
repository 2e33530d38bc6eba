//! A meeting with all that belongs to it, loaded and saved.

use chrono::NaiveDate;
use uuid::Uuid;

use super::rules::{Act, House, Meeting, Quorum, Session};
use crate::app::{Ctx, Result};
use crate::command::value::ReviewName;
use crate::people::{People, Workspace};
use crate::presence::absence;
use crate::review::flow::load;
use crate::review::minutes::rules::Minutes;
use crate::review::rules::Review;
use crate::sql;
use crate::store::{Conn, Tx};

/// Who speaks, and when.
pub fn act_of(ctx: &Ctx) -> Act<'_> {
    Act {
        by: &ctx.person,
        at: ctx.now,
        today: ctx.today(),
    }
}

/// The workspace around a meeting, read.
#[derive(Debug, Clone)]
pub struct Around {
    pub people: People,
    pub away: Vec<Uuid>,
    pub quorum: Quorum,
}

impl Around {
    pub async fn read(conn: &mut Conn, workspace: &Workspace, today: NaiveDate) -> Result<Around> {
        let absences = absence::from_day(conn, workspace.id, today).await?;
        let away = absences.0.iter().filter(|absence| absence.holds(today));
        Ok(Around {
            away: away.map(|absence| absence.person).collect(),
            people: People(sql!(conn, people::list_people(workspace.id))?),
            quorum: workspace.quorum,
        })
    }

    pub fn house(&self) -> House<'_> {
        House {
            people: &self.people,
            quorum: self.quorum,
            away: &self.away,
        }
    }
}

/// The meeting of a review, or an error that says how to find the right one. One that was begun before
/// meetings were kept has begun just now.
pub async fn load_session(conn: &mut Conn, ctx: &Ctx, name: ReviewName) -> Result<Session> {
    let review = load(conn, ctx.workspace.id, name).await?;
    let meeting = sql!(conn, meeting::find_meeting(ctx.workspace.id, name))?;
    let meeting = meeting.unwrap_or(Meeting {
        begun_by: ctx.person.id,
        begun_at: ctx.now,
        verdicts: None,
        concluded: None,
        archived: None,
    });
    fill(conn, ctx.workspace.id, (review, meeting)).await
}

/// The meeting of a review, if it has begun.
pub async fn find_session(
    conn: &mut Conn,
    workspace: Uuid,
    name: ReviewName,
) -> Result<Option<Session>> {
    let review = sql!(conn, review::find_review(workspace, name))?;
    let meeting = sql!(conn, meeting::find_meeting(workspace, name))?;
    match (review, meeting) {
        (Some(review), Some(meeting)) => {
            let session = fill(conn, workspace, (review, meeting)).await?;
            Ok(Some(session))
        }
        _ => Ok(None),
    }
}

async fn fill(
    conn: &mut Conn,
    workspace: Uuid,
    (review, meeting): (Review, Meeting),
) -> Result<Session> {
    let name = review.name;
    let newest = sql!(conn, minutes::find_newest(workspace, name))?;
    let version = newest.as_ref().map_or(0, |newest| newest.number);
    Ok(Session {
        invited: sql!(conn, review::list_participants(workspace, name))?,
        attendees: sql!(conn, meeting::list_attendees(workspace, name))?,
        notes: sql!(conn, meeting::list_notes(workspace, name))?,
        decisions: sql!(conn, meeting::list_decisions(workspace, name))?,
        minutes: Minutes {
            newest,
            approval: sql!(conn, minutes::find_approval(workspace, name, version))?,
            signatures: sql!(conn, minutes::list_signatures(workspace, name, version))?,
        },
        review,
        meeting,
    })
}

/// Keeps what became of a meeting.
pub async fn save(
    tx: &mut Tx,
    workspace: Uuid,
    (before, after): (Option<&Session>, &Session),
) -> Result<()> {
    let name = after.review.name;
    if before.map(|before| &before.review) != Some(&after.review) {
        sql!(tx, review::save_review(workspace, &after.review))?;
    }
    sql!(tx, meeting::save_meeting(workspace, name, &after.meeting))?;
    let (attendees, notes, decisions) = match before {
        Some(before) => (
            &before.attendees[..],
            &before.notes[..],
            &before.decisions[..],
        ),
        None => (&[][..], &[][..], &[][..]),
    };
    for attendee in after.attendees.iter().filter(|a| !attendees.contains(a)) {
        sql!(tx, meeting::save_attendee(workspace, name, attendee))?;
    }
    for note in after.notes.iter().filter(|note| !notes.contains(note)) {
        sql!(tx, meeting::insert_note(workspace, name, note))?;
    }
    for decision in after.decisions.iter().filter(|d| !decisions.contains(d)) {
        sql!(tx, meeting::save_decision(workspace, name, decision))?;
    }
    let none = Minutes::default();
    save_minutes(
        tx,
        (workspace, name),
        (
            before.map_or(&none, |before| &before.minutes),
            &after.minutes,
        ),
    )
    .await
}

async fn save_minutes(
    tx: &mut Tx,
    (workspace, name): (Uuid, ReviewName),
    (before, after): (&Minutes, &Minutes),
) -> Result<()> {
    if let Some(newest) = after
        .newest
        .as_ref()
        .filter(|_| after.newest != before.newest)
    {
        sql!(tx, minutes::insert_version(workspace, name, newest))?;
    }
    let new = after.approval.as_ref();
    if let Some(approval) = new.filter(|_| after.approval != before.approval) {
        sql!(tx, minutes::insert_approval(workspace, name, approval))?;
    }
    let signatures = after.signatures.iter();
    for signature in signatures.filter(|s| !before.signatures.contains(s)) {
        sql!(tx, minutes::insert_signature(workspace, name, signature))?;
    }
    Ok(())
}
