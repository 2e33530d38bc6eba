//! All that a person owes, from every room; `mine` and `snooze`.

use chrono::NaiveDate;
use serde_json::json;

use super::card::{self, Instead, Owed};
use super::escalation;
use super::ladder::Obligation;
use crate::app::{Ctx, Result, UserError};
use crate::chat::Reply;
use crate::command::SnoozeReminders;
use crate::people::{People, Person, Workspace};
use crate::presence::{absence, link};
use crate::sql;
use crate::store::Conn;
use crate::{action, audit, kpi, review};

/// Everything a person owes, whether or not they are asked for it today.
pub async fn obligations(
    conn: &mut Conn,
    workspace: &Workspace,
    person: &Person,
    today: NaiveDate,
) -> Result<Vec<Obligation>> {
    let mut owed = for_another(conn, workspace, person, today).await?;
    owed.extend(kpi::survey::ask::obligations(conn, workspace, person.id).await?);
    owed.extend(audit::auditor::reminder::obligations(conn, workspace, person, today).await?);
    let snoozes = sql!(conn, schedule::list_snoozes(workspace.id, person.id))?;
    for obligation in &mut owed {
        obligation.snoozed_until = snoozes
            .iter()
            .find(|(record, _)| *record == obligation.record)
            .map(|(_, until)| *until);
    }
    Ok(owed)
}

/// What another could do for a person: all but their own answers.
async fn for_another(
    conn: &mut Conn,
    workspace: &Workspace,
    person: &Person,
    today: NaiveDate,
) -> Result<Vec<Obligation>> {
    let mut owed = action::owed::obligations(conn, workspace, person).await?;
    owed.extend(kpi::flow::obligations(conn, workspace, person.id, today).await?);
    owed.extend(kpi::analysis::flow::obligations(conn, workspace.id, person.id).await?);
    owed.extend(review::flow::obligations(conn, workspace, person.id).await?);
    owed.extend(audit::finding::told::obligations(conn, workspace, person, today).await?);
    Ok(owed)
}

/// The same, what those owe who are away while this person stands in, and what others owe for so
/// long that they are told of it.
pub async fn with_absent(
    conn: &mut Conn,
    workspace: &Workspace,
    person: &Person,
    today: NaiveDate,
) -> Result<Owed> {
    let own = obligations(conn, workspace, person, today).await?;
    let mut instead = Vec::new();
    let mut receivers = vec![person.id];
    let absences = absence::from_day(conn, workspace.id, today).await?;
    if !absences.0.is_empty() {
        let people = People(sql!(conn, people::list_people(workspace.id))?);
        for absence in absences.instead(person.id, today, &people) {
            let Some(absent) = people.find(absence.person) else {
                continue;
            };
            receivers.push(absent.id);
            let mut owed = for_another(conn, workspace, absent, today).await?;
            // What both are asked for, as managers are, is the person's own.
            owed.retain(|theirs| !own.iter().any(|mine| mine.button == theirs.button));
            instead.push(Instead {
                absent: absent.name.clone(),
                until: absence.until,
                owed,
            });
        }
    }
    let escalated = escalation::told_to(conn, workspace, &receivers, today).await?;
    Ok(Owed {
        own,
        instead,
        escalated,
    })
}

/// Says all that waits for the speaker.
pub async fn mine(ctx: &Ctx) -> Result<Reply> {
    let mut conn = ctx.read().await?;
    let owed = with_absent(&mut conn, &ctx.workspace, &ctx.person, ctx.today()).await?;
    let elsewhere = link::waiting(&mut conn, ctx).await?;
    Ok(card::mine(&owed, &elsewhere, ctx.today()).into())
}

/// Puts off the speaker's reminders of one record; the due date stays.
pub async fn snooze(ctx: &Ctx, snooze: SnoozeReminders) -> Result<Reply> {
    let SnoozeReminders {
        record,
        until,
        reason,
    } = snooze;
    let until: NaiveDate = until.0;
    if until <= ctx.today() {
        let text = "Choose a later day: until then you are not reminded.";
        return Err(UserError::at("until", text).into());
    }
    let workspace = ctx.workspace.id;
    let mut tx = ctx.write().await?;
    let owed = obligations(&mut tx, &ctx.workspace, &ctx.person, ctx.today()).await?;
    let Some(obligation) = owed.iter().find(|owed| owed.record == record) else {
        let text = format!("Nothing of {record} waits for you, so there is nothing to put off.");
        return Err(UserError::at("record", text)
            .button("What waits for me", "mine")
            .into());
    };
    let due = obligation.due;
    let person = ctx.person.id;
    sql!(
        tx,
        schedule::save_snooze(workspace, person, &record, until, &reason.0)
    )?;
    let data = json!({ "until": until, "reason": reason.0 });
    ctx.log(&mut tx, "reminder-snoozed", &record, data).await?;
    tx.commit().await?;
    Ok(card::snoozed(&record, until, due).into())
}
