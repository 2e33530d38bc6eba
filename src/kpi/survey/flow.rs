//! Surveys are declared, sent, closed and shown.

use super::ask;
use super::card::{self, Standing};
use super::command::{NewSurvey, SurveyCommand};
use super::round::{self, Moment, declared, find_open};
use super::rules::{Audience, Survey, read_questions};
use crate::app::{Ctx, Result, UserError};
use crate::chat::Reply;
use crate::command::value::{ChannelName, KpiKey, PeriodName};
use crate::kpi::flow::load;
use crate::kpi::rules::{Kpi, Source};
use crate::kpi::source;
use crate::people::rules::today;
use crate::sql;

/// Carries out what was said about surveys.
pub async fn run(ctx: &Ctx, command: SurveyCommand) -> Result<Reply> {
    match command {
        SurveyCommand::New(new) => set_up(ctx, new).await,
        SurveyCommand::Send { kpi } => send(ctx, &kpi).await,
        SurveyCommand::Answer(given) => ask::answer(ctx, *given).await,
        SurveyCommand::Close { kpi } => close(ctx, &kpi).await,
        SurveyCommand::Show { kpi, period } => show(ctx, &kpi, period).await,
    }
}

/// By the workspace's clock: a round begins and ends for all on the same day.
fn moment(ctx: &Ctx) -> Moment {
    Moment {
        by: Some(ctx.person.id),
        at: ctx.now,
        today: today(ctx.now, ctx.workspace.zone),
    }
}

async fn set_up(ctx: &Ctx, new: NewSurvey) -> Result<Reply> {
    let mut tx = ctx.write().await?;
    let mut kpi = load(&mut tx, ctx.workspace.id, &new.kpi).await?;
    let survey = read(ctx, new, &kpi)?;
    must_not_be_open(&kpi, find_open(&mut tx, ctx.workspace.id, &kpi.key).await?)?;
    let people = ctx.people(&mut tx).await?;
    if let Some(wrong) = survey.too_few(survey.to.people(&people).len()) {
        return Err(UserError::at("least", wrong).into());
    }
    let setting = serde_json::to_value(&survey)?;
    source::flow::put(ctx, &mut tx, &mut kpi, (Source::Survey, setting)).await?;
    tx.commit().await?;
    let opens = next_opening(&kpi, &survey, moment(ctx));
    Ok(card::set_up(&kpi, &survey, opens).into())
}

/// The day on which it opens by itself.
fn next_opening(kpi: &Kpi, survey: &Survey, moment: Moment) -> chrono::NaiveDate {
    let period = kpi.period(moment.today);
    // What would have opened earlier opens the next working morning.
    survey.opens(period).max(moment.today)
}

fn read(ctx: &Ctx, new: NewSurvey, kpi: &Kpi) -> Result<Survey, UserError> {
    let questions = read_questions(&new.questions.0);
    let questions = questions.map_err(|wrong| UserError::at("questions", wrong))?;
    if questions.is_empty() {
        return Err(UserError::at("questions", "Ask at least one question."));
    }
    let value = new.value.and_then(|number| usize::try_from(number).ok());
    let counts = Survey::counted(&questions, value, new.option.as_deref())
        .map_err(|(field, wrong)| UserError::at(field, wrong))?;
    let to = match new.to {
        Audience::Channel(ChannelName::Here) => {
            Audience::Channel(ChannelName::Named(ctx.channel.clone()))
        }
        to => to,
    };
    if new.of.is_some() && !matches!(to, Audience::Channel(_)) {
        let text = "How many are asked is known here: leave this out, or ask a #channel.";
        return Err(UserError::at("of", text));
    }
    let survey = Survey {
        questions,
        counts,
        to,
        anonymous: !new.named,
        smallest: new.least,
        days: new.days,
        of: new.of,
    };
    match survey.misfit(kpi) {
        Some(wrong) => Err(UserError::at("value", wrong)),
        None => Ok(survey),
    }
}

fn must_not_be_open(kpi: &Kpi, open: Option<super::rules::Round>) -> Result<(), UserError> {
    let Some(open) = open else {
        return Ok(());
    };
    let text = format!(
        "The survey of {} for {} is open. Close it first.",
        kpi.name,
        kpi.period(open.period)
    );
    Err(UserError::at("kpi", text)
        .button("Close it", format!("survey close {}", kpi.key))
        .button("Show it", format!("survey show {}", kpi.key)))
}

async fn send(ctx: &Ctx, key: &KpiKey) -> Result<Reply> {
    let workspace = &ctx.workspace;
    let mut tx = ctx.write().await?;
    let kpi = load(&mut tx, workspace.id, key).await?;
    let survey = declared(&mut tx, workspace.id, &kpi).await?;
    must_not_be_open(&kpi, find_open(&mut tx, workspace.id, key).await?)?;
    let moment = moment(ctx);
    let period = kpi.period(moment.today);
    let rounds = sql!(tx, survey::list_rounds(workspace.id, key))?;
    if rounds
        .iter()
        .any(|round| round.period == period.first_day())
    {
        let text = format!("The survey for {period} was held already.");
        return Err(UserError::at("kpi", text)
            .button("Show it", format!("survey show {key} {period}"))
            .into());
    }
    let people = ctx.people(&mut tx).await?;
    let few = survey.too_few(survey.to.people(&people).len());
    let opened = round::open(&mut tx, workspace, (&kpi, survey), period, moment).await?;
    let Some(round) = opened else {
        return Err(UserError::at("kpi", few.unwrap_or_default()).into());
    };
    let invited = sql!(tx, survey::list_invited(workspace.id, (key, round.period)))?;
    tx.commit().await?;
    Ok(card::sent(&kpi, &round, &Standing::of(&round, &invited)).into())
}

async fn close(ctx: &Ctx, key: &KpiKey) -> Result<Reply> {
    let workspace = &ctx.workspace;
    let mut tx = ctx.write().await?;
    let kpi = load(&mut tx, workspace.id, key).await?;
    let Some(mut round) = find_open(&mut tx, workspace.id, key).await? else {
        let text = format!("No survey about {} is open at the moment.", kpi.name);
        return Err(UserError::at("kpi", text)
            .button("Show it", format!("survey show {key}"))
            .into());
    };
    round::close(&mut tx, workspace, (&kpi, &mut round), moment(ctx)).await?;
    let invited = sql!(tx, survey::list_invited(workspace.id, (key, round.period)))?;
    tx.commit().await?;
    Ok(card::closed(&kpi, &round, &Standing::of(&round, &invited)).into())
}

async fn show(ctx: &Ctx, key: &KpiKey, period: Option<PeriodName>) -> Result<Reply> {
    let mut conn = ctx.read().await?;
    let workspace = ctx.workspace.id;
    let kpi = load(&mut conn, workspace, key).await?;
    let rounds = sql!(conn, survey::list_rounds(workspace, key))?;
    let period = match period {
        Some(name) => {
            let named = kpi.period_named(name, ctx.today());
            Some(named.map_err(|wrong| UserError::at("period", wrong))?)
        }
        None => None,
    };
    let wanted = |round: &&super::rules::Round| {
        period.is_none_or(|period| period.first_day() == round.period)
    };
    let round = rounds.iter().find(wanted);
    if let (Some(period), None) = (period, round) {
        let text = format!("There was no survey about {} for {period}.", kpi.name);
        return Err(UserError::at("period", text).into());
    }
    let Some(round) = round else {
        let survey = declared(&mut conn, workspace, &kpi).await?;
        let opens = next_opening(&kpi, &survey, moment(ctx));
        return Ok(card::set_up(&kpi, &survey, opens).into());
    };
    let invited = sql!(conn, survey::list_invited(workspace, (key, round.period)))?;
    let people = ctx.people(&mut conn).await?;
    Ok(card::shown(&kpi, round, &invited, &people).into())
}
