//! One time that a survey is held: it opens, asks, and closes with a value.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use uuid::Uuid;

use super::card::{self, Standing};
use super::rules::{Audience, Invited, Round, Survey};
use crate::app::{App, Result, UserError, log};
use crate::chat::Card;
use crate::command::value::{ChannelName, KpiKey};
use crate::kpi::keep::{self, Given, Giver};
use crate::kpi::period::Period;
use crate::kpi::rules::{Kpi, Source};
use crate::outbox::{self, Job, Subject, To, reword};
use crate::people::rules::today;
use crate::people::{People, Workspace};
use crate::presence::absence;
use crate::record::Happening;
use crate::sql;
use crate::store::{Conn, Tx};

/// Who does something to a round, and when; nobody, if it is time.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    pub by: Option<Uuid>,
    pub at: DateTime<Utc>,
    pub today: NaiveDate,
}

/// What the messages of a round are called: that of a person ends with their id.
pub fn message_key(key: &KpiKey, period: Period, person: Option<Uuid>) -> String {
    match person {
        Some(person) => format!("survey {key} {period} {person}"),
        None => format!("survey {key} {period} "),
    }
}

/// The survey of a KPI, or an error that says how to make one.
pub async fn declared(conn: &mut Conn, workspace: Uuid, kpi: &Kpi) -> Result<Survey> {
    let feed = sql!(conn, source::find_feed(workspace, &kpi.key))?;
    match feed.filter(|_| kpi.source == Source::Survey) {
        Some(feed) => Ok(serde_json::from_value(feed.setting)?),
        None => {
            let text = format!("{} is not measured by a survey.", kpi.name);
            Err(UserError::at("kpi", text)
                .button("Set up a survey", format!("survey new {}", kpi.key))
                .into())
        }
    }
}

/// The round of a KPI that is open.
pub async fn find_open(conn: &mut Conn, workspace: Uuid, key: &KpiKey) -> Result<Option<Round>> {
    let rounds = sql!(conn, survey::list_rounds(workspace, key))?;
    Ok(rounds.into_iter().find(|round| round.closed.is_none()))
}

/// Opens the round of a period and asks everybody it is for. `None` if they are too few: nobody is asked
/// in vain.
pub async fn open(
    tx: &mut Tx,
    workspace: &Workspace,
    (kpi, survey): (&Kpi, Survey),
    period: Period,
    moment: Moment,
) -> Result<Option<Round>> {
    let id = workspace.id;
    let people = People(sql!(tx, people::list_people(id))?);
    let asked = survey.to.people(&people);
    let channel = match &survey.to {
        Audience::Channel(ChannelName::Named(channel)) => Some(channel.clone()),
        _ if !survey.enough(asked.len()) => return Ok(None),
        _ => None,
    };
    let round = Round {
        period: period.first_day(),
        opened: moment.today,
        closes: survey.closes(period, moment.today),
        closed: None,
        tallies: None,
        survey,
    };
    sql!(tx, survey::save_round(id, &kpi.key, &round))?;
    let absences = absence::from_day(tx, id, moment.today).await?;
    for person in &asked {
        let invited = Invited {
            person: *person,
            answered: false,
            answers: None,
        };
        sql!(
            tx,
            survey::save_invited(id, (&kpi.key, round.period), &invited)
        )?;
        // Nobody answers for another. Who is back in time is reminded.
        if absences.of(*person, moment.today).is_none() {
            ask(tx, workspace, (kpi, period), Some(*person), None).await?;
        }
    }
    if channel.is_some() {
        ask(tx, workspace, (kpi, period), None, channel).await?;
    }
    let data = json!({
        "period": period.to_string(), "closes": round.closes, "to": round.survey.to,
        "anonymous": round.survey.anonymous, "asked": asked.len(),
    });
    append(tx, (id, kpi), moment, ("survey-opened", data)).await?;
    Ok(Some(round))
}

async fn ask(
    tx: &mut Tx,
    workspace: &Workspace,
    (kpi, period): (&Kpi, Period),
    person: Option<Uuid>,
    channel: Option<String>,
) -> Result<()> {
    let subject = Subject::SurveyAsked {
        kpi: kpi.key.clone(),
        period: period.first_day(),
        person,
    };
    let to = match (person, channel) {
        (Some(person), _) => To::Person(person),
        (None, Some(channel)) => To::Channel(channel),
        (None, None) => To::WorkspaceChannel,
    };
    let key = message_key(&kpi.key, period, person);
    outbox::enqueue(tx, Job::new(workspace.id, subject, key, to)).await
}

async fn append(
    tx: &mut Tx,
    (workspace, kpi): (Uuid, &Kpi),
    moment: Moment,
    (kind, data): (&'static str, serde_json::Value),
) -> Result<()> {
    let happening = Happening {
        workspace,
        at: moment.at,
        actor: moment.by,
        kind,
        record: kpi.key.to_string(),
        data,
    };
    log(tx, happening).await
}

/// Closes a round: what came out is kept as the value of its period, if enough people answered.
pub async fn close(
    tx: &mut Tx,
    workspace: &Workspace,
    (kpi, round): (&Kpi, &mut Round),
    moment: Moment,
) -> Result<()> {
    let id = workspace.id;
    let period = kpi.period(round.period);
    let invited = sql!(tx, survey::list_invited(id, (&kpi.key, round.period)))?;
    let standing = Standing::of(round, &invited);
    round.closed = Some(moment.today);
    let mut tallies = round.tallies.take().unwrap_or_default();
    for answers in invited.iter().filter_map(|one| one.answers.as_ref()) {
        round.survey.count(&mut tallies, answers);
    }
    let enough = round.survey.enough(standing.answered);
    round.tallies = enough.then_some(tallies);
    sql!(tx, survey::save_round(id, &kpi.key, round))?;
    let command = super::ask::command_of(&kpi.key);
    sql!(tx, survey::forget_begun(id, &command))?;
    let value = round.value();
    let data = json!({
        "period": period.to_string(), "answered": standing.answered, "asked": standing.asked,
        "value": value, "tallies": round.tallies,
    });
    append(tx, (id, kpi), moment, ("survey-closed", data)).await?;
    if let Some(value) = value {
        let giver = Giver {
            workspace,
            by: None,
            via: Some("survey"),
            at: moment.at,
        };
        let mut history = keep::history(tx, id, kpi).await?;
        let given = Given {
            period,
            value,
            note: Some(standing.words()),
            file: None,
        };
        keep::keep(tx, giver, (kpi, &mut history), vec![given]).await?;
        sql!(tx, source::source_worked(id, &kpi.key, moment.at))?;
    }
    // Those who have answered hear what came out, too.
    reword::beginning(tx, id, &message_key(&kpi.key, period, None)).await?;
    let subject = Subject::SurveyClosed {
        kpi: kpi.key.clone(),
        period: round.period,
    };
    let told = format!("survey-closed {} {period}", kpi.key);
    outbox::enqueue(tx, Job::new(id, subject, told, To::Person(kpi.measurer))).await
}

/// Opens the rounds whose day has come, and closes those that are over. Looked at twice is looked at
/// once.
pub async fn look(app: &App, workspace: &Workspace) -> Result<()> {
    let at = app.clock.now();
    let moment = Moment {
        by: None,
        at,
        today: today(at, workspace.zone),
    };
    let mut tx = app.store.write(workspace.id).await?;
    let id = workspace.id;
    let open_rounds = sql!(tx, survey::list_open_rounds(id))?;
    let kpis = sql!(tx, kpi::list_kpis(id))?;
    for (key, mut round) in open_rounds {
        let kpi = kpis.iter().find(|kpi| kpi.key == key);
        if let Some(kpi) = kpi.filter(|_| round.closes < moment.today) {
            close(&mut tx, workspace, (kpi, &mut round), moment).await?;
        }
    }
    for kpi in &kpis {
        if kpi.source != Source::Survey || kpi.paused.is_some() {
            continue;
        }
        let survey = declared(&mut tx, id, kpi).await?;
        let period = kpi.period(moment.today);
        let rounds = sql!(tx, survey::list_rounds(id, &kpi.key))?;
        let held = rounds
            .iter()
            .any(|round| round.closed.is_none() || round.period == period.first_day());
        if !held && moment.today >= survey.opens(period) {
            open(&mut tx, workspace, (kpi, survey), period, moment).await?;
        }
    }
    tx.commit().await
}

/// To who is asked, or into the channel.
pub async fn asked(
    conn: &mut Conn,
    workspace: &Workspace,
    (key, period): (&KpiKey, NaiveDate),
    person: Option<Uuid>,
) -> Result<Option<Card>> {
    let Some((kpi, round, invited)) = read(conn, workspace, (key, period)).await? else {
        return Ok(None);
    };
    let mine = invited.iter().find(|one| Some(one.person) == person);
    let answered = mine.is_some_and(|mine| mine.answered);
    let standing = Standing::of(&round, &invited);
    Ok(Some(card::asked(&kpi, &round, answered, &standing)))
}

/// To who measures: what came out.
pub async fn closed(
    conn: &mut Conn,
    workspace: &Workspace,
    (key, period): (&KpiKey, NaiveDate),
) -> Result<Option<Card>> {
    let Some((kpi, round, invited)) = read(conn, workspace, (key, period)).await? else {
        return Ok(None);
    };
    let standing = Standing::of(&round, &invited);
    Ok(Some(card::closed(&kpi, &round, &standing)))
}

type Read = (Kpi, Round, Vec<Invited>);

async fn read(
    conn: &mut Conn,
    workspace: &Workspace,
    (key, period): (&KpiKey, NaiveDate),
) -> Result<Option<Read>> {
    let id = workspace.id;
    let kpi = sql!(conn, kpi::find_kpi(id, key))?;
    let rounds = sql!(conn, survey::list_rounds(id, key))?;
    let round = rounds.into_iter().find(|round| round.period == period);
    let (Some(kpi), Some(round)) = (kpi, round) else {
        return Ok(None);
    };
    let invited = sql!(conn, survey::list_invited(id, (key, period)))?;
    Ok(Some((kpi, round, invited)))
}
