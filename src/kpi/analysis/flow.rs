//! Load, decide, save and enqueue, in one transaction.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use uuid::Uuid;

use super::card;
use super::command::AnalyseKpi;
use super::rules::Analysis;
use crate::action;
use crate::app::{Ctx, Result, UserError, log};
use crate::chat::{Card, Reply};
use crate::command::value::{ActionName, KpiKey, RecordName};
use crate::kpi::flow::load;
use crate::kpi::keep::{Giver, history};
use crate::kpi::rules::{Crossing, Kpi, Measurement, Overview, Value};
use crate::outbox::{self, Job, Subject, To};
use crate::people::{People, Role, Workspace};
use crate::presence::absence;
use crate::record::Happening;
use crate::schedule::ladder::Obligation;
use crate::sql;
use crate::store::{Conn, Tx};

/// Values were given: a crossing that was corrected away closes its analysis, and a new one opens one
/// and is told to the analyst.
pub async fn after_values(
    tx: &mut Tx,
    giver: Giver<'_>,
    (kpi, history): (&Kpi, &[Measurement]),
    (before, reason): (&[Value], Option<&str>),
) -> Result<()> {
    let values = kpi.values(history);
    let mut open = sql!(tx, analysis::find_open(giver.workspace.id, &kpi.key))?;
    if let Some(analysis) = &mut open {
        follow(tx, giver, (kpi, &values), (analysis, reason)).await?;
    }
    let (Some(crossing), Some(latest)) = (kpi.crossing(before, &values), values.last().copied())
    else {
        return Ok(());
    };
    match open.filter(Analysis::is_open) {
        Some(mut analysis) => {
            analysis.goes_on(latest, crossing);
            sql!(tx, analysis::save_analysis(giver.workspace.id, &analysis))?;
        }
        None => begin(tx, giver, kpi, (latest, crossing)).await?,
    }
    tell(tx, giver, (kpi, history), (latest, crossing)).await
}

/// An open analysis follows what its values became.
async fn follow(
    tx: &mut Tx,
    giver: Giver<'_>,
    (kpi, values): (&Kpi, &[Value]),
    (analysis, reason): (&mut Analysis, Option<&str>),
) -> Result<()> {
    let before = analysis.clone();
    if analysis.still(kpi, values).is_none() {
        let reason = reason.unwrap_or("The values do not cross any more.");
        analysis.drop_for(format!("Corrected: {reason}"), giver.at);
        let data = json!({ "analysis": analysis.number, "reason": reason });
        note(tx, giver, kpi, ("analysis-dropped", data)).await?;
    } else if let Some(now) = values
        .iter()
        .find(|v| v.period.first_day() == analysis.latest)
    {
        analysis.value = now.value;
    }
    if *analysis != before {
        sql!(tx, analysis::save_analysis(giver.workspace.id, analysis))?;
    }
    Ok(())
}

async fn begin(
    tx: &mut Tx,
    giver: Giver<'_>,
    kpi: &Kpi,
    (latest, crossing): (Value, Crossing),
) -> Result<()> {
    let workspace = giver.workspace;
    let number = sql!(tx, people::next_number(workspace.id, "analysis"))?;
    let today = crate::people::rules::today(giver.at, workspace.zone);
    let analysis = Analysis::of(kpi, number, (latest, crossing), (giver.at, today));
    sql!(tx, analysis::save_analysis(workspace.id, &analysis))?;
    let data = json!({
        "analysis": number, "period": latest.period.to_string(), "value": latest.value,
        "crossing": crossing, "analyst": kpi.analyst, "due": analysis.due,
    });
    note(tx, giver, kpi, ("analysis-opened", data)).await
}

/// What happens by itself, because of values.
async fn note(
    tx: &mut Tx,
    giver: Giver<'_>,
    kpi: &Kpi,
    (kind, data): (&'static str, serde_json::Value),
) -> Result<()> {
    let happening = Happening {
        workspace: giver.workspace.id,
        at: giver.at,
        actor: None,
        kind,
        record: kpi.key.to_string(),
        data,
    };
    log(tx, happening).await
}

/// The analyst hears of a crossing, and the channel that was chosen for it.
async fn tell(
    tx: &mut Tx,
    giver: Giver<'_>,
    (kpi, history): (&Kpi, &[Measurement]),
    (latest, crossing): (Value, Crossing),
) -> Result<()> {
    let of_latest = history
        .iter()
        .filter(|m| kpi.period(m.period) == latest.period);
    let revision = of_latest.map(|m| m.revision).max().unwrap_or(1);
    let subject = Subject::KpiCrossed {
        kpi: kpi.key.clone(),
        period: latest.period.first_day(),
        crossing,
    };
    let workspace = giver.workspace;
    let key = format!("{} crossed {} {revision}", kpi.key, latest.period);
    // Into a channel only where one was chosen for it.
    if workspace.alert_channel.is_some() {
        let key = format!("{key} in channel");
        let job = Job::new(workspace.id, subject.clone(), key, To::AlertChannel);
        outbox::enqueue(tx, job).await?;
    }
    if Some(kpi.analyst) != giver.by {
        let job = Job::new(workspace.id, subject, key, To::Person(kpi.analyst));
        outbox::enqueue(tx, job).await?;
    }
    Ok(())
}

/// Says what is behind a value that crossed.
pub async fn analyse(ctx: &Ctx, said: AnalyseKpi) -> Result<Reply> {
    let workspace = ctx.workspace.id;
    let mut tx = ctx.write().await?;
    let kpi = load(&mut tx, workspace, &said.kpi).await?;
    may_look_into(ctx, &mut tx, &kpi).await?;
    let Some(mut analysis) = sql!(tx, analysis::find_open(workspace, &kpi.key))? else {
        let text = format!("Nothing of {} waits to be looked into.", kpi.name);
        return Err(UserError::at("kpi", text)
            .button("Show it", format!("kpi show {}", kpi.key))
            .into());
    };
    if let Some(action) = said.action {
        action::flow::load(&mut tx, workspace, action).await?;
    }
    analysis.record(said.finding(), (ctx.person.id, ctx.now))?;
    sql!(tx, analysis::save_analysis(workspace, &analysis))?;
    let data = json!({
        "analysis": analysis.number, "found": analysis.found, "cause": analysis.cause,
        "action": analysis.action_name().map(|name| name.to_string()),
        "no_action": analysis.no_action, "closed": !analysis.is_open(),
    });
    ctx.log(&mut tx, "analysis-recorded", &kpi.key, data)
        .await?;
    tx.commit().await?;
    Ok(card::recorded(&kpi, &analysis).into())
}

/// Who looks into a KPI says what is behind it, and so may who stands in for them; a manager may
/// anyhow.
pub async fn may_look_into(ctx: &Ctx, conn: &mut Conn, kpi: &Kpi) -> Result<()> {
    if ctx.person.id == kpi.analyst || ctx.person.role == Role::Manager {
        return Ok(());
    }
    if absence::stands_in(ctx, conn, kpi.analyst).await? {
        return Ok(());
    }
    let people = ctx.people(conn).await?;
    let text = format!(
        "{} is looked into by {}. They can do this, or an ISMS manager.",
        kpi.name,
        people.name(Some(kpi.analyst))
    );
    Err(UserError::new(text)
        .button("Show it", format!("kpi show {}", kpi.key))
        .into())
}

/// What was said of the open analysis before, for the fields of its form.
pub async fn prefilled(ctx: &Ctx, record: Option<RecordName>) -> Result<Vec<(String, String)>> {
    let Some(RecordName::Kpi(key)) = record else {
        return Ok(Vec::new());
    };
    let mut conn = ctx.read().await?;
    let open = sql!(conn, analysis::find_open(ctx.workspace.id, &key))?;
    let said = open.map_or_else(Vec::new, |open| {
        vec![
            ("found", open.found.map(|found| found.to_string())),
            ("cause", open.cause.clone()),
            ("action", open.action_name().map(|name| name.to_string())),
            ("why", open.no_action.clone()),
        ]
    });
    let said = said.into_iter();
    Ok(said
        .filter_map(|(field, value)| Some((field.to_owned(), value?)))
        .collect())
}

/// An action was raised about a KPI: if something of it is being looked into, that is what it is for.
pub async fn action_raised(
    ctx: &Ctx,
    tx: &mut Tx,
    (key, action): (&KpiKey, ActionName),
) -> Result<()> {
    let workspace = ctx.workspace.id;
    let Some(mut analysis) = sql!(tx, analysis::find_open(workspace, key))? else {
        return Ok(());
    };
    analysis.act(action, ctx.now);
    sql!(tx, analysis::save_analysis(workspace, &analysis))?;
    let data = json!({
        "analysis": analysis.number, "action": action.to_string(),
        "closed": !analysis.is_open(),
    });
    ctx.log(tx, "analysis-action", key, data).await
}

/// The analyses that a person is asked for.
pub async fn obligations(
    conn: &mut Conn,
    workspace: Uuid,
    person: Uuid,
) -> Result<Vec<Obligation>> {
    let open = sql!(conn, analysis::list_open(workspace))?;
    if open.is_empty() {
        return Ok(Vec::new());
    }
    let kpis = sql!(conn, kpi::list_kpis(workspace))?;
    let obligation = |analysis: &Analysis| {
        let kpi = kpis.iter().find(|kpi| kpi.key == analysis.kpi)?;
        (kpi.analyst == person).then(|| analysis.obligation(kpi))
    };
    Ok(open.iter().filter_map(obligation).collect())
}

/// Gives each KPI the analysis of it that is open.
pub async fn attach(conn: &mut Conn, workspace: Uuid, views: &mut [Overview]) -> Result<()> {
    for open in sql!(conn, analysis::list_open(workspace))? {
        if let Some(view) = views.iter_mut().find(|view| view.kpi.key == open.kpi) {
            view.open = Some(open);
        }
    }
    Ok(())
}

/// To the analyst of a KPI whose value crossed: what happened, as long as nobody has said what is
/// behind it, and then what that is. Nothing if it was corrected away.
pub async fn told(
    conn: &mut Conn,
    workspace: &Workspace,
    (key, period): (&KpiKey, NaiveDate),
    now: DateTime<Utc>,
) -> Result<Option<Card>> {
    let Some(kpi) = sql!(conn, kpi::find_kpi(workspace.id, key))? else {
        return Ok(None);
    };
    let of_kpi = sql!(conn, analysis::list_of_kpi(workspace.id, key))?;
    let covers = |analysis: &Analysis| analysis.period <= period && period <= analysis.latest;
    let Some(analysis) = of_kpi.into_iter().find(covers) else {
        return Ok(None);
    };
    let history = history(conn, workspace.id, &kpi).await?;
    let today = crate::people::rules::today(now, workspace.zone);
    let still = analysis.still(&kpi, &kpi.values(&history));
    let view = Overview::of(kpi, &history, today);
    if analysis.is_open() {
        return Ok(still.map(|crossing| card::alert(&view, &analysis, crossing)));
    }
    if analysis.dropped.is_some() {
        return Ok(None);
    }
    let people = People(sql!(conn, people::list_people(workspace.id))?);
    Ok(Some(card::outcome(&view.kpi, &analysis, &people)))
}
