//! Away until a day, with a deputy who is asked meanwhile.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use uuid::Uuid;

use super::card::{self, Away};
use super::command::GoAway;
use super::rules::{Absence, Absences};
use super::{link, told};
use crate::app::{Ctx, Result, UserError};
use crate::chat::{Card, Reply};
use crate::outbox::{self, Job, Subject, To, reword};
use crate::people::rules::today;
use crate::people::{People, Person, Role, Workspace};
use crate::record::{self, Happening};
use crate::sql;
use crate::store::{Conn, Tx};

/// The absences that are not over on a day.
pub async fn from_day(conn: &mut Conn, workspace: Uuid, day: NaiveDate) -> Result<Absences> {
    Ok(Absences(sql!(
        conn,
        presence::list_absences(workspace, day)
    )?))
}

/// Says that the speaker is away, and who is asked meanwhile.
pub async fn away(ctx: &Ctx, said: GoAway) -> Result<Reply> {
    let today = ctx.today();
    let absence = Absence {
        person: ctx.person.id,
        from: said.from.map_or(today, |from| from.0),
        until: said.until.0,
        deputy: Some(said.deputy.0),
        reason: said.reason.map(|reason| reason.0),
    };
    if absence.until <= absence.from || absence.until <= today {
        let text = "This is the first day you are back: choose one after the day you leave.";
        return Err(UserError::at("until", text).into());
    }
    let mut tx = ctx.write().await?;
    let people = ctx.people(&mut tx).await?;
    let deputy = fitting(&ctx.person, people.find(said.deputy.0))?.clone();
    let before = from_day(&mut tx, ctx.workspace.id, today).await?;
    let was = before
        .0
        .iter()
        .find(|absence| absence.person == ctx.person.id);
    let named_before = was.and_then(|absence| absence.deputy);
    let deputy_is_away = before
        .0
        .iter()
        .find(|other| {
            other.person == deputy.id && other.from < absence.until && absence.from < other.until
        })
        .map(|other| other.until);
    save(ctx, &mut tx, &absence).await?;
    let ours = told_deputy(ctx.person.id);
    reword::beginning(&mut tx, ctx.workspace.id, &ours).await?;
    if named_before != Some(deputy.id) {
        let subject = Subject::DeputyNamed {
            person: ctx.person.id,
            deputy: deputy.id,
        };
        let key = format!("{ours}{}", Uuid::now_v7());
        let job = Job::new(ctx.workspace.id, subject, key, To::Person(deputy.id));
        outbox::enqueue(&mut tx, job).await?;
    }
    let others = link::places(&mut tx, ctx).await?;
    tx.commit().await?;
    if said.also {
        for (workspace, person) in &others {
            elsewhere(ctx, workspace, person, &absence).await?;
        }
    }
    let names: Vec<String> = others.iter().map(|(place, _)| card::place(place)).collect();
    let away = Away {
        absence: &absence,
        deputy: &deputy,
        deputy_is_away,
        later: absence.from > today,
        also: said.also,
        others: &names,
    };
    Ok(card::away(&away).into())
}

/// The deputy, if this person can be one.
fn fitting<'a>(person: &Person, deputy: Option<&'a Person>) -> Result<&'a Person, UserError> {
    let refuse = |text: String| Err(UserError::at("deputy", text));
    match deputy {
        Some(deputy) if deputy.id == person.id => {
            refuse("You cannot stand in for yourself; name somebody who is there.".into())
        }
        Some(deputy) if deputy.present && deputy.role == Role::Reader => refuse(format!(
            "{} is here as a reader and can change nothing; name somebody else.",
            deputy.name
        )),
        Some(deputy) if deputy.present => Ok(deputy),
        _ => refuse("This person is not in the workspace (any more); name someone who is.".into()),
    }
}

/// Saves an absence of the speaker with its event.
async fn save(ctx: &Ctx, tx: &mut Tx, absence: &Absence) -> Result<()> {
    sql!(
        tx,
        presence::save_absence(ctx.workspace.id, absence, ctx.now)
    )?;
    let data = json!({
        "from": absence.from, "until": absence.until, "deputy": absence.deputy,
        "reason": absence.reason,
    });
    ctx.log(tx, "absence-said", ctx.person.id, data).await
}

/// The same absence where the same person is known too. There nobody is named: the managers are
/// asked, until the person names a deputy there.
async fn elsewhere(
    ctx: &Ctx,
    workspace: &Workspace,
    person: &Person,
    absence: &Absence,
) -> Result<()> {
    let absence = Absence {
        person: person.id,
        deputy: None,
        reason: None,
        ..absence.clone()
    };
    let mut tx = ctx.app.store.write(workspace.id).await?;
    sql!(tx, presence::save_absence(workspace.id, &absence, ctx.now))?;
    let happening = Happening {
        workspace: workspace.id,
        at: ctx.now,
        actor: Some(person.id),
        kind: "absence-said",
        record: person.id.to_string(),
        data: json!({ "from": absence.from, "until": absence.until }),
    };
    record::append(&mut tx, happening).await?;
    tx.commit().await
}

/// Begins the keys of the messages to the deputies of a person.
fn told_deputy(person: Uuid) -> String {
    format!("deputy of {person} ")
}

/// The speaker is back.
pub async fn back(ctx: &Ctx) -> Result<Reply> {
    let mut tx = ctx.write().await?;
    let absences = from_day(&mut tx, ctx.workspace.id, ctx.today()).await?;
    let own = |absence: &Absence| absence.person == ctx.person.id;
    let Some(mut absence) = absences.0.into_iter().find(own) else {
        let text = "You are not away: your reminders come to you.";
        return Err(UserError::new(text)
            .button("What waits for me", "mine")
            .into());
    };
    let had_begun = absence.from <= ctx.today();
    absence.until = ctx.today();
    sql!(
        tx,
        presence::save_absence(ctx.workspace.id, &absence, ctx.now)
    )?;
    let data = json!({ "until": absence.until });
    ctx.log(&mut tx, "absence-ended", ctx.person.id, data)
        .await?;
    reword::beginning(&mut tx, ctx.workspace.id, &told_deputy(ctx.person.id)).await?;
    tx.commit().await?;
    Ok(card::back(had_begun).into())
}

/// To a deputy, while they are one.
pub async fn word(
    conn: &mut Conn,
    workspace: &Workspace,
    (person, deputy): (Uuid, Uuid),
    now: DateTime<Utc>,
) -> Result<Option<Card>> {
    let absences = from_day(conn, workspace.id, today(now, workspace.zone)).await?;
    let named = |absence: &&Absence| absence.person == person && absence.deputy == Some(deputy);
    let Some(absence) = absences.0.iter().find(named) else {
        return Ok(None);
    };
    let people = People(sql!(conn, people::list_people(workspace.id))?);
    Ok(Some(told::deputy(absence, &people)))
}

/// Whether the speaker may do today what is for another to do: that one is away.
pub async fn stands_in(ctx: &Ctx, conn: &mut Conn, for_whom: Uuid) -> Result<bool> {
    let absences = from_day(conn, ctx.workspace.id, ctx.today()).await?;
    if absences.of(for_whom, ctx.today()).is_none() {
        return Ok(false);
    }
    let people = ctx.people(conn).await?;
    Ok(absences
        .receivers(for_whom, ctx.today(), &people)
        .contains(&ctx.person.id))
}
