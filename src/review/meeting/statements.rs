use sqlx::Row as _;
use uuid::Uuid;

use super::Db;
use crate::command::value::ReviewName;
use crate::review::meeting::rules::{Attendant, Attendee, Decision, Meeting, Note, Verdicts};
use crate::store::word;

type Connection = <Db as sqlx::Database>::Connection;
type Row = <Db as sqlx::Database>::Row;

fn read_meeting(row: &Row) -> sqlx::Result<Meeting> {
    let text = |column: &str| row.try_get::<Option<&str>, _>(column);
    let verdicts = match (text("suitable")?, text("adequate")?, text("effective")?) {
        (Some(suitable), Some(adequate), Some(effective)) => Some(Verdicts {
            suitable: word("suitable", suitable)?,
            adequate: word("adequate", adequate)?,
            effective: word("effective", effective)?,
        }),
        _ => None,
    };
    let concluded = match (text("concluded_by")?, row.try_get("concluded_at")?) {
        (Some(by), Some(at)) => Some((word("concluded_by", by)?, at)),
        _ => None,
    };
    Ok(Meeting {
        begun_by: word("begun_by", row.try_get("begun_by")?)?,
        begun_at: row.try_get("begun_at")?,
        verdicts,
        concluded,
        archived: text("archived")?
            .map(|file| word("archived", file))
            .transpose()?,
    })
}

fn read_attendee(row: &Row) -> sqlx::Result<Attendee> {
    let who: &str = row.try_get("who")?;
    Ok(Attendee {
        who: match who.parse() {
            Ok(person) => Attendant::Person(person),
            Err(_) => Attendant::Guest(who.to_owned()),
        },
        present: row.try_get("present")?,
        leads: row.try_get("leads")?,
        at: row.try_get("at")?,
    })
}

fn read_note(row: &Row) -> sqlx::Result<Note> {
    Ok(Note {
        item: word("item", row.try_get("item")?)?,
        version: row.try_get("version")?,
        text: row.try_get("note")?,
        by: word("written_by", row.try_get("written_by")?)?,
        at: row.try_get("written_at")?,
    })
}

fn read_decision(row: &Row) -> sqlx::Result<Decision> {
    let owner: Option<&str> = row.try_get("owner")?;
    Ok(Decision {
        number: row.try_get("number")?,
        item: word("item", row.try_get("item")?)?,
        text: row.try_get("decision")?,
        kind: word("kind", row.try_get("kind")?)?,
        owner: owner.map(|owner| word("owner", owner)).transpose()?,
        due: row.try_get("due")?,
        withdrawn: row.try_get("withdrawn")?,
        action: row.try_get("action")?,
        by: word("made_by", row.try_get("made_by")?)?,
        at: row.try_get("made_at")?,
    })
}

/// Inserts the meeting, or replaces the row of the one of this review.
pub async fn save_meeting(
    db: &mut Connection,
    workspace: Uuid,
    review: ReviewName,
    meeting: &Meeting,
) -> sqlx::Result<()> {
    let verdicts = meeting.verdicts;
    sqlx::query(
        "INSERT INTO review_meeting
           (workspace, review, begun_by, begun_at, suitable, adequate, effective, concluded_by,
            concluded_at, archived)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (workspace, review) DO UPDATE SET
            suitable = excluded.suitable, adequate = excluded.adequate,
            effective = excluded.effective, concluded_by = excluded.concluded_by,
            concluded_at = excluded.concluded_at, archived = excluded.archived",
    )
    .bind(workspace.to_string())
    .bind(review.to_string())
    .bind(meeting.begun_by.to_string())
    .bind(meeting.begun_at)
    .bind(verdicts.map(|verdicts| verdicts.suitable.to_string()))
    .bind(verdicts.map(|verdicts| verdicts.adequate.to_string()))
    .bind(verdicts.map(|verdicts| verdicts.effective.to_string()))
    .bind(meeting.concluded.map(|(by, _)| by.to_string()))
    .bind(meeting.concluded.map(|(_, at)| at))
    .bind(meeting.archived.as_ref().map(|file| file.as_str()))
    .execute(db)
    .await
    .map(drop)
}

pub async fn find_meeting(
    db: &mut Connection,
    workspace: Uuid,
    review: ReviewName,
) -> sqlx::Result<Option<Meeting>> {
    sqlx::query("SELECT * FROM review_meeting WHERE workspace = $1 AND review = $2")
        .bind(workspace.to_string())
        .bind(review.to_string())
        .try_map(|row: Row| read_meeting(&row))
        .fetch_optional(db)
        .await
}

/// Inserts who is there, or replaces what was said of them.
pub async fn save_attendee(
    db: &mut Connection,
    workspace: Uuid,
    review: ReviewName,
    attendee: &Attendee,
) -> sqlx::Result<()> {
    let who = match &attendee.who {
        Attendant::Person(person) => person.to_string(),
        Attendant::Guest(name) => name.clone(),
    };
    sqlx::query(
        "INSERT INTO review_attendance (workspace, review, who, present, leads, at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (workspace, review, who) DO UPDATE SET
            present = excluded.present, leads = excluded.leads, at = excluded.at",
    )
    .bind(workspace.to_string())
    .bind(review.to_string())
    .bind(who)
    .bind(attendee.present)
    .bind(attendee.leads)
    .bind(attendee.at)
    .execute(db)
    .await
    .map(drop)
}

/// Who is at a meeting and who is not, in the order in which they came.
pub async fn list_attendees(
    db: &mut Connection,
    workspace: Uuid,
    review: ReviewName,
) -> sqlx::Result<Vec<Attendee>> {
    sqlx::query(
        "SELECT * FROM review_attendance WHERE workspace = $1 AND review = $2 ORDER BY at, who",
    )
    .bind(workspace.to_string())
    .bind(review.to_string())
    .try_map(|row: Row| read_attendee(&row))
    .fetch_all(db)
    .await
}

/// Keeps a version of what was said about an input.
pub async fn insert_note(
    db: &mut Connection,
    workspace: Uuid,
    review: ReviewName,
    note: &Note,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO review_note (workspace, review, item, version, note, written_by, written_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(workspace.to_string())
    .bind(review.to_string())
    .bind(note.item.to_string())
    .bind(note.version)
    .bind(&note.text)
    .bind(note.by.to_string())
    .bind(note.at)
    .execute(db)
    .await
    .map(drop)
}

/// The newest version for each input that was spoken of.
pub async fn list_notes(
    db: &mut Connection,
    workspace: Uuid,
    review: ReviewName,
) -> sqlx::Result<Vec<Note>> {
    sqlx::query(
        "SELECT * FROM review_note AS note WHERE workspace = $1 AND review = $2
           AND version = (SELECT MAX(version) FROM review_note AS other
                          WHERE other.workspace = note.workspace AND other.review = note.review
                            AND other.item = note.item)
         ORDER BY item",
    )
    .bind(workspace.to_string())
    .bind(review.to_string())
    .try_map(|row: Row| read_note(&row))
    .fetch_all(db)
    .await
}

/// Inserts the decision, or replaces the row of the one with its number.
pub async fn save_decision(
    db: &mut Connection,
    workspace: Uuid,
    review: ReviewName,
    decision: &Decision,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO review_decision
           (workspace, review, number, item, decision, kind, owner, due, withdrawn, action, made_by,
            made_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (workspace, review, number) DO UPDATE SET
            decision = excluded.decision, kind = excluded.kind, owner = excluded.owner,
            due = excluded.due, withdrawn = excluded.withdrawn, action = excluded.action",
    )
    .bind(workspace.to_string())
    .bind(review.to_string())
    .bind(decision.number)
    .bind(decision.item.to_string())
    .bind(&decision.text)
    .bind(decision.kind.to_string())
    .bind(decision.owner.map(|owner| owner.to_string()))
    .bind(decision.due)
    .bind(&decision.withdrawn)
    .bind(decision.action)
    .bind(decision.by.to_string())
    .bind(decision.at)
    .execute(db)
    .await
    .map(drop)
}

/// What a review decided, in order, what was taken back too.
pub async fn list_decisions(
    db: &mut Connection,
    workspace: Uuid,
    review: ReviewName,
) -> sqlx::Result<Vec<Decision>> {
    sqlx::query(
        "SELECT * FROM review_decision WHERE workspace = $1 AND review = $2 ORDER BY number",
    )
    .bind(workspace.to_string())
    .bind(review.to_string())
    .try_map(|row: Row| read_decision(&row))
    .fetch_all(db)
    .await
}

/// What all reviews decided that came to an action, the newest review first.
pub async fn list_acted_on(
    db: &mut Connection,
    workspace: Uuid,
) -> sqlx::Result<Vec<(ReviewName, Decision)>> {
    sqlx::query(
        "SELECT review_decision.* FROM review_decision JOIN review
           ON review.workspace = review_decision.workspace
          AND review.review = review_decision.review
         WHERE review_decision.workspace = $1 AND action IS NOT NULL
         ORDER BY held_on DESC, review.review DESC, number",
    )
    .bind(workspace.to_string())
    .try_map(|row: Row| {
        let review = word("review", row.try_get("review")?)?;
        Ok((review, read_decision(&row)?))
    })
    .fetch_all(db)
    .await
}
