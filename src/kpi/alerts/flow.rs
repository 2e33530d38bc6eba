//! Takes alerts in, and makes values of their counts.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::card;
use super::command::CountAlerts;
use super::rules::{Alert, Format, Misfit, Setting};
use crate::app::{App, Ctx, Result, UserError, log};
use crate::chat::Reply;
use crate::command::value::KpiKey;
use crate::kpi::flow::load;
use crate::kpi::keep::{self, Given, Giver};
use crate::kpi::period::Period;
use crate::kpi::rules::{Kpi, Source};
use crate::kpi::source;
use crate::people::Workspace;
use crate::people::rules::today;
use crate::record::Happening;
use crate::sql;
use crate::store::Tx;

/// What values are kept under that were counted when their period was over.
const COUNTED: &str = "webhook";
/// So long after a period its count is made a value: senders group alerts and try again.
const GRACE: TimeDelta = TimeDelta::hours(1);

/// What alerts did to one KPI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    pub kpi: KpiKey,
    /// New ones.
    pub counted: usize,
    /// Those that were counted before.
    pub known: usize,
    /// Those that its conditions leave out, or that began before it counted.
    pub ignored: usize,
}

/// Has the alerts of a monitoring system counted into a KPI.
pub async fn set_up(ctx: &Ctx, said: CountAlerts) -> Result<Reply> {
    let mut tx = ctx.write().await?;
    let mut kpi = load(&mut tx, ctx.workspace.id, &said.kpi).await?;
    if kpi.unit == "%" {
        let text = "Alerts are counted, and a count is no percentage. Choose another KPI.";
        return Err(UserError::at("kpi", text).into());
    }
    let since = today(ctx.now, ctx.workspace.zone);
    let setting =
        Setting::read(said, since).map_err(|(field, wrong)| UserError::at(field, wrong))?;
    let kept = (Source::Webhook, serde_json::to_value(&setting)?);
    source::flow::put(ctx, &mut tx, &mut kpi, kept).await?;
    tx.commit().await?;
    Ok(card::set_up(&kpi, &setting).into())
}

/// Counts what was sent into every KPI that takes it and that `covers` lets through. Says what it did
/// to each; nothing is kept if it does not fit one of them.
pub async fn take(
    tx: &mut Tx,
    giver: Giver<'_>,
    (format, body): (Format, &Value),
    covers: impl Fn(&KpiKey) -> bool,
) -> Result<Result<Vec<Counted>, Misfit>> {
    let workspace = giver.workspace.id;
    let mut all = Vec::new();
    for kpi in sql!(tx, kpi::list_kpis(workspace))? {
        if kpi.source != Source::Webhook || !covers(&kpi.key) {
            continue;
        }
        let Some(feed) = sql!(tx, source::find_feed(workspace, &kpi.key))? else {
            continue;
        };
        let setting: Setting = serde_json::from_value(feed.setting)?;
        if setting.format != format {
            continue;
        }
        match setting.heard(body, giver.at) {
            Err(misfit) => return Ok(Err(misfit)),
            Ok(heard) => {
                let mut counted = count(tx, giver, (&kpi, &setting), heard.alerts).await?;
                counted.ignored += heard.ignored;
                all.push(counted);
            }
        }
    }
    Ok(Ok(all))
}

async fn count(
    tx: &mut Tx,
    giver: Giver<'_>,
    (kpi, setting): (&Kpi, &Setting),
    alerts: Vec<Alert>,
) -> Result<Counted> {
    let Giver { workspace, at, .. } = giver;
    let running = kpi.period(today(at, workspace.zone));
    let first = kpi.period(setting.since);
    let mut counted = Counted {
        kpi: kpi.key.clone(),
        counted: 0,
        known: 0,
        ignored: 0,
    };
    let mut new: BTreeMap<Period, Vec<Alert>> = BTreeMap::new();
    sql!(
        tx,
        alerts::mark_heard(workspace.id, &kpi.key, running.first_day())
    )?;
    for alert in alerts {
        let period = kpi.period(today(alert.started, workspace.zone));
        if period < first {
            counted.ignored += 1;
            continue;
        }
        let of = (&alert, period.first_day());
        if sql!(tx, alerts::insert_alert(workspace.id, &kpi.key, of, at))? {
            counted.counted += 1;
            new.entry(period).or_default().push(alert);
        } else {
            counted.known += 1;
        }
    }
    for (period, alerts) in &new {
        let day = period.first_day();
        sql!(tx, alerts::mark_heard(workspace.id, &kpi.key, day))?;
        let told =
            |alert: &Alert| json!({ "id": alert.id, "name": alert.name, "started": alert.started });
        let told: Vec<Value> = alerts.iter().map(told).collect();
        let happening = Happening {
            workspace: workspace.id,
            at,
            actor: None,
            kind: "alerts-counted",
            record: kpi.key.to_string(),
            data: json!({ "period": period.to_string(), "alerts": told, "via": giver.via }),
        };
        log(tx, happening).await?;
        if is_over(*period, workspace, at) {
            settle(tx, giver, kpi, (*period, alerts)).await?;
        }
    }
    sql!(tx, source::source_worked(workspace.id, &kpi.key, at))?;
    Ok(counted)
}

/// Whether nothing more of a period is waited for.
fn is_over(period: Period, workspace: &Workspace, now: DateTime<Utc>) -> bool {
    period.last_day() < today(now - GRACE, workspace.zone)
}

/// Makes a value of the count of a period that is over. A value that a person gave stands.
async fn settle(
    tx: &mut Tx,
    giver: Giver<'_>,
    kpi: &Kpi,
    (period, late): (Period, &[Alert]),
) -> Result<()> {
    let workspace = giver.workspace.id;
    let count = sql!(
        tx,
        alerts::count_alerts(workspace, &kpi.key, period.first_day())
    )?;
    let mut history = keep::history(tx, workspace, kpi).await?;
    let of_period = history.iter().filter(|m| kpi.period(m.period) == period);
    let stands = of_period.max_by_key(|m| m.revision);
    let note = match stands {
        None => None,
        Some(stands) if stands.by.is_some() || stands.value == count as f64 => return Ok(()),
        Some(_) => Some(card::late(late)),
    };
    let given = Given {
        period,
        value: count as f64,
        note,
        file: None,
    };
    keep::keep(tx, giver, (kpi, &mut history), vec![given]).await?;
    Ok(())
}

/// Makes values of the counts of all periods that are over. Nothing to do is the usual case.
pub async fn settle_due(app: &App, workspace: &Workspace) -> Result<()> {
    let now = app.clock.now();
    let mut conn = app.store.read().await?;
    let open = sql!(conn, alerts::list_unsettled(workspace.id))?;
    if open.is_empty() {
        return Ok(());
    }
    let kpis = sql!(conn, kpi::list_kpis(workspace.id))?;
    drop(conn);
    let over = open.into_iter().filter_map(|(key, day)| {
        let kpi = kpis.iter().find(|kpi| kpi.key == key)?;
        let period = kpi.period(day);
        is_over(period, workspace, now).then_some((kpi, period))
    });
    let over: Vec<(&Kpi, Period)> = over.collect();
    if over.is_empty() {
        return Ok(());
    }
    let giver = Giver {
        workspace,
        by: None,
        via: Some(COUNTED),
        at: now,
    };
    let mut tx = app.store.write(workspace.id).await?;
    for (kpi, period) in over {
        settle(&mut tx, giver, kpi, (period, &[])).await?;
    }
    tx.commit().await?;
    app.outbox_rung.notify_one();
    Ok(())
}
