//! Load, decide, save and enqueue, in one transaction.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

use super::command::{KpiCommand, NewKpi, RecordValue};
use super::import;
use super::keep::{self, Given, Giver};
use super::period::Period;
use super::rules::{Kpi, Measurement, Overview, Source, Value};
use super::{analysis, card, evidence, limits, source};
use crate::app::{Ctx, Result, UserError};
use crate::chat::{Button, Reply};
use crate::command::nearest;
use crate::command::value::{FileRef, KpiKey, PeriodName, RecordName};
use crate::people::roles::flow::able;
use crate::people::{Role, Workspace};
use crate::presence::absence;
use crate::record::files;
use crate::schedule::ladder::{MEASUREMENT, Obligation};
use crate::sql;
use crate::store::{Conn, Tx};

/// Carries out what was said about KPIs.
pub async fn run(ctx: &Ctx, command: KpiCommand) -> Result<Reply> {
    match command {
        KpiCommand::New(new) => set_up(ctx, new).await,
        KpiCommand::List => list(ctx).await,
        KpiCommand::Show { kpi } => show(ctx, &kpi).await,
        KpiCommand::Record(record) => record_value(ctx, record).await,
        KpiCommand::Correct {
            kpi,
            period,
            value,
            reason,
            file,
        } => correct(ctx, (&kpi, period), (value.0, reason.0, file)).await,
        KpiCommand::Import(said) => import::flow::run(ctx, said).await,
        KpiCommand::Chart { kpi } => chart(ctx, &kpi).await,
        KpiCommand::Pause { kpi, reason } => {
            let reason = reason.map_or_else(|| "no reason given".to_owned(), |reason| reason.0);
            pause(ctx, &kpi, Some(reason)).await
        }
        KpiCommand::Resume { kpi } => pause(ctx, &kpi, None).await,
        KpiCommand::Limits { kpi, from, reason } => {
            limits::flow::recalculate(ctx, (&kpi, from), reason).await
        }
        KpiCommand::Analyse(said) => analysis::flow::analyse(ctx, said).await,
    }
}

async fn set_up(ctx: &Ctx, new: NewKpi) -> Result<Reply> {
    let me = ctx.person.id;
    let kpi = Kpi {
        key: new.key.0,
        name: new.name,
        purpose: new.purpose.map(|purpose| purpose.0),
        unit: new.unit,
        direction: new.direction,
        target: new.target.0,
        warning: new.warning.map(|warning| warning.0),
        frequency: new.frequency,
        measurer: new.measurer.map_or(me, |who| who.0),
        analyst: new.analyst.map_or(me, |who| who.0),
        source: Source::Manual,
        scale: new.scale,
        paused: None,
        since: ctx.today(),
        limits: Vec::new(),
    };
    if let Some((field, wrong)) = kpi.faults().into_iter().next() {
        return Err(UserError::at(field, wrong).into());
    }
    let mut tx = ctx.write().await?;
    let people = ctx.people(&mut tx).await?;
    for (field, person) in [("measurer", kpi.measurer), ("analyst", kpi.analyst)] {
        able(&people, person).map_err(|error| error.beside(Some(field)))?;
    }
    if !add(ctx, &mut tx, &kpi).await? {
        let text = format!("There is a KPI {} already. Choose another key.", kpi.key);
        return Err(UserError::at("key", text)
            .button("Show it", format!("kpi show {}", kpi.key))
            .into());
    }
    tx.commit().await?;
    Ok(card::set_up(&kpi, &people).into())
}

/// Adds a KPI. False if its key is taken.
pub async fn add(ctx: &Ctx, tx: &mut Tx, kpi: &Kpi) -> Result<bool> {
    if !sql!(tx, kpi::insert_kpi(ctx.workspace.id, kpi))? {
        return Ok(false);
    }
    ctx.log(tx, "kpi-set-up", &kpi.key, serde_json::to_value(kpi)?)
        .await?;
    Ok(true)
}

/// Says who measures a KPI and who looks into it from now on.
pub async fn hand(ctx: &Ctx, tx: &mut Tx, kpi: &Kpi) -> Result<()> {
    let (measurer, analyst) = (kpi.measurer, kpi.analyst);
    sql!(
        tx,
        kpi::set_people(ctx.workspace.id, &kpi.key, measurer, analyst)
    )?;
    let data = json!({ "measurer": measurer, "analyst": analyst });
    ctx.log(tx, "kpi-assigned", &kpi.key, data).await
}

/// The KPI, or an error that says how to find the right one.
pub async fn load(conn: &mut Conn, workspace: Uuid, key: &KpiKey) -> Result<Kpi> {
    if let Some(kpi) = sql!(conn, kpi::find_kpi(workspace, key))? {
        return Ok(kpi);
    }
    let known = sql!(conn, kpi::list_kpis(workspace))?;
    let mut text = format!("There is no KPI {key} here.");
    if let Some(near) = nearest(key.as_str(), known.iter().map(|kpi| kpi.key.as_str())) {
        text.push_str(&format!(" Did you mean {near}?"));
    }
    let error = UserError::at("kpi", text);
    Err(match known.is_empty() {
        true => error.button("Set up a KPI", format!("kpi new {key}")),
        false => error.button("List KPIs", "kpi list"),
    }
    .into())
}

async fn record_value(ctx: &Ctx, record: RecordValue) -> Result<Reply> {
    let today = ctx.today();
    let mut tx = ctx.write().await?;
    let kpi = load(&mut tx, ctx.workspace.id, &record.kpi).await?;
    may_measure(ctx, &mut tx, &kpi).await?;
    let value = record.value.0;
    kpi.check_value(value)
        .map_err(|wrong| UserError::at("value", wrong))?;
    let period = match record.period {
        Some(name) => named(&kpi, name, today)?,
        None => Period::last_ended(kpi.frequency, today),
    };
    let history = sql!(tx, kpi::list_measurements(ctx.workspace.id, &kpi.key))?;
    if let Some(there) = standing(&kpi, &history, period) {
        let text = format!(
            "{} has its value for {period} already: {}. Correct it with a reason, or name another \
             period.",
            kpi.name,
            crate::report::quantity(there.value, &kpi.unit)
        );
        return Err(UserError::at("period", text)
            .button("Correct it", format!("kpi correct {} {period}", kpi.key))
            .into());
    }
    let given = Given {
        period,
        value,
        note: record.note.map(|note| note.0),
        file: record.file,
    };
    keep_said(ctx, tx, kpi, given).await
}

async fn correct(
    ctx: &Ctx,
    (key, period): (&KpiKey, PeriodName),
    (value, reason, file): (f64, String, Option<FileRef>),
) -> Result<Reply> {
    let mut tx = ctx.write().await?;
    let kpi = load(&mut tx, ctx.workspace.id, key).await?;
    may_measure(ctx, &mut tx, &kpi).await?;
    kpi.check_value(value)
        .map_err(|wrong| UserError::at("value", wrong))?;
    let period = named(&kpi, period, ctx.today())?;
    let history = sql!(tx, kpi::list_measurements(ctx.workspace.id, &kpi.key))?;
    let Some(was) = standing(&kpi, &history, period) else {
        let text = format!("{} has no value for {period} to correct.", kpi.name);
        return Err(UserError::at("period", text)
            .button(
                "Record it",
                format!("kpi record {} period:{period}", kpi.key),
            )
            .into());
    };
    if was.value == value && file.is_none() {
        let value = crate::report::quantity(was.value, &kpi.unit);
        let text = format!("{value} is what stands for {period} already.");
        return Err(UserError::at("value", text).into());
    }
    let given = Given {
        period,
        value,
        note: Some(reason),
        file,
    };
    keep_said(ctx, tx, kpi, given).await
}

/// The value that stands for a period.
fn standing(kpi: &Kpi, history: &[Measurement], period: Period) -> Option<Value> {
    kpi.values(history)
        .into_iter()
        .find(|value| value.period == period)
}

pub(super) fn named(kpi: &Kpi, name: PeriodName, today: NaiveDate) -> Result<Period, UserError> {
    kpi.period_named(name, today)
        .map_err(|wrong| UserError::at("period", wrong))
}

/// Who measures and who looks into it may record and correct, and so may who stands in for them; a
/// manager may anyhow.
pub(super) async fn may_measure(ctx: &Ctx, conn: &mut Conn, kpi: &Kpi) -> Result<()> {
    let me = ctx.person.id;
    if me == kpi.measurer || me == kpi.analyst || ctx.person.role == Role::Manager {
        return Ok(());
    }
    if absence::stands_in(ctx, conn, kpi.measurer).await? {
        return Ok(());
    }
    let people = ctx.people(conn).await?;
    let text = format!(
        "{} is measured by {}. They can give its value, or an ISMS manager.",
        kpi.name,
        people.name(Some(kpi.measurer))
    );
    Err(UserError::new(text)
        .button("Show it", format!("kpi show {}", kpi.key))
        .into())
}

/// Keeps what this person said of one period.
async fn keep_said(ctx: &Ctx, mut tx: Tx, kpi: Kpi, given: Given) -> Result<Reply> {
    if let Some(file) = &given.file {
        files::name_of(&mut tx, ctx.workspace.id, file).await?;
    }
    let value = Value {
        period: given.period,
        value: given.value,
    };
    let giver = Giver {
        workspace: &ctx.workspace,
        by: Some(ctx.person.id),
        via: None,
        at: ctx.now,
    };
    let mut history = keep::history(&mut tx, ctx.workspace.id, &kpi).await?;
    let was = keep::keep(&mut tx, giver, (&kpi, &mut history), vec![given]).await?;
    let open = sql!(tx, analysis::find_open(ctx.workspace.id, &kpi.key))?;
    tx.commit().await?;
    let mut view = Overview::of(kpi, &history, ctx.today());
    view.open = open;
    Ok(card::recorded(&view, value, was.into_iter().next().flatten()).into())
}

async fn pause(ctx: &Ctx, key: &KpiKey, reason: Option<String>) -> Result<Reply> {
    let mut tx = ctx.write().await?;
    let mut kpi = load(&mut tx, ctx.workspace.id, key).await?;
    if kpi.paused.is_some() == reason.is_some() {
        let text = match reason {
            Some(_) => format!("{} is paused already.", kpi.name),
            None => format!("{} is not paused.", kpi.name),
        };
        return Err(UserError::at("kpi", text).into());
    }
    put_paused(ctx, &mut tx, key, reason.as_deref()).await?;
    tx.commit().await?;
    kpi.paused = reason;
    Ok(card::paused(&kpi, ctx.today()).into())
}

/// Pauses a KPI with a reason, or resumes it with none.
pub async fn put_paused(ctx: &Ctx, tx: &mut Tx, key: &KpiKey, reason: Option<&str>) -> Result<()> {
    sql!(tx, kpi::set_paused(ctx.workspace.id, key, reason))?;
    let kind = match reason {
        Some(_) => "kpi-paused",
        None => "kpi-resumed",
    };
    ctx.log(tx, kind, key, json!({ "reason": reason })).await
}

async fn list(ctx: &Ctx) -> Result<Reply> {
    let mut conn = ctx.read().await?;
    let views = overviews(&mut conn, ctx.workspace.id, ctx.today()).await?;
    Ok(card::listed(&views).into())
}

async fn show(ctx: &Ctx, key: &KpiKey) -> Result<Reply> {
    let mut conn = ctx.read().await?;
    let kpi = load(&mut conn, ctx.workspace.id, key).await?;
    let history = sql!(conn, kpi::list_measurements(ctx.workspace.id, key))?;
    let analyses = sql!(conn, analysis::list_of_kpi(ctx.workspace.id, key))?;
    let people = ctx.people(&mut conn).await?;
    let proofs = evidence::proofs(&kpi, &history);
    let mut names = Vec::new();
    for file in proofs.iter().filter_map(|proof| proof.file.as_ref()) {
        names.push(files::name_of(&mut conn, ctx.workspace.id, file).await?);
    }
    let feed = sql!(conn, source::find_feed(ctx.workspace.id, key))?;
    let mut view = Overview::of(kpi, &history, ctx.today());
    view.open = analyses.iter().find(|analysis| analysis.is_open()).cloned();
    let mut card = card::shown(&view, (&history, &analyses), &people);
    if let Some(source) = source::card::told(&view.kpi, feed.as_ref(), ctx.zone()) {
        card = card.text(source);
    }
    Ok(evidence::told(card, &proofs, &names).into())
}

async fn chart(ctx: &Ctx, key: &KpiKey) -> Result<Reply> {
    let mut conn = ctx.read().await?;
    let kpi = load(&mut conn, ctx.workspace.id, key).await?;
    let history = sql!(conn, kpi::list_measurements(ctx.workspace.id, key))?;
    let view = Overview::of(kpi, &history, ctx.today());
    Ok(card::charted(&view).into())
}

/// Every KPI of a workspace as it stands on a day, by key.
pub async fn overviews(
    conn: &mut Conn,
    workspace: Uuid,
    today: NaiveDate,
) -> Result<Vec<Overview>> {
    let kpis = sql!(conn, kpi::list_kpis(workspace))?;
    let mut of: BTreeMap<KpiKey, Vec<Measurement>> = BTreeMap::new();
    for (key, measurement) in sql!(conn, kpi::list_all_measurements(workspace))? {
        of.entry(key).or_default().push(measurement);
    }
    let view = |kpi: Kpi| {
        let history = of.remove(&kpi.key).unwrap_or_default();
        Overview::of(kpi, &history, today)
    };
    let mut views: Vec<Overview> = kpis.into_iter().map(view).collect();
    analysis::flow::attach(conn, workspace, &mut views).await?;
    Ok(views)
}

/// The values that a person is asked for.
pub async fn obligations(
    conn: &mut Conn,
    workspace: &Workspace,
    person: Uuid,
    today: NaiveDate,
) -> Result<Vec<Obligation>> {
    let views = overviews(conn, workspace.id, today).await?;
    let feeds = sql!(conn, source::list_feeds(workspace.id))?;
    let own = views.into_iter().filter(|view| view.kpi.measurer == person);
    let obligation = |view: Overview| {
        let period = view.reading.wanted?;
        let title = card::wanted(&view, period);
        let kpi = view.kpi;
        let feed = feeds.iter().find(|feed| feed.kpi == kpi.key);
        let late = today >= period.missing_from();
        if !kpi.source.asks_a_person(feed, late) {
            return None;
        }
        let button = match kpi.source {
            // It is asked of others, and closes by itself.
            Source::Survey => return None,
            Source::Inspection => Button::new(
                "Inspect",
                format!("inspection start {} period:{period}", kpi.key),
            ),
            _ => Button::new("Record", format!("kpi record {} period:{period}", kpi.key)),
        };
        Some(Obligation {
            title,
            record: RecordName::Kpi(kpi.key),
            due: period.due(),
            ladder: MEASUREMENT,
            button: button.primary(),
            snoozed_until: None,
        })
    };
    Ok(own.filter_map(obligation).collect())
}
