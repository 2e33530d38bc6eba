//! Asks sources when a period is over, and keeps what comes.
//!
//! A period is asked for when it is over and has no value; so downtime needs no making up for, and
//! what somebody said meanwhile stands. Nothing is asked within a transaction: a try is claimed, then
//! asked, then kept, and what stands by then is not touched.

use std::time::Duration;

use chrono::{NaiveDate, TimeDelta};
use futures::StreamExt;
use tokio_util::sync::CancellationToken;

use super::ask::{Asked, Window};
use super::health;
use super::records;
use super::rules::Feed;
use crate::app::{App, Result};
use crate::chat::day;
use crate::kpi::keep::{self, Given, Giver};
use crate::kpi::period::Period;
use crate::kpi::rules::Kpi;
use crate::people::Workspace;
use crate::people::rules::today;
use crate::sql;

/// Between two looks.
const NAP: Duration = Duration::from_secs(60);
/// So long after a period its last values have arrived.
const SETTLE: TimeDelta = TimeDelta::minutes(15);
/// Periods without a value that are asked for at once.
const BACK: usize = 12;
/// Sources that are asked at the same time.
const AT_ONCE: usize = 8;

/// What came of asking.
#[derive(Debug, Clone, PartialEq)]
pub enum Came {
    Value(f64),
    /// It answers, and there is nothing to measure: no action was closed, say.
    Nothing,
    /// Why it does not.
    Fault(String),
}

/// Asks what is due, until shut down.
pub async fn run(app: App, shutdown: CancellationToken) {
    loop {
        let work = collect_due(&app);
        tokio::select! {
            () = shutdown.cancelled() => return,
            done = work => if let Err(error) = done {
                tracing::error!(error = %error, "the sources could not be asked");
            }
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(NAP) => {}
        }
    }
}

/// Asks what is due now, in every workspace whose platform is connected here.
pub async fn collect_due(app: &App) -> Result<()> {
    let mut conn = app.store.read().await?;
    let workspaces = sql!(conn, people::list_workspaces())?;
    drop(conn);
    for workspace in workspaces {
        if app.chat(workspace.platform).is_none() {
            continue;
        }
        // The others are not kept waiting.
        if let Err(error) = collect(app, &workspace).await {
            tracing::error!(workspace = %workspace.id, error = %error, "sources could not be asked");
        }
    }
    Ok(())
}

/// A KPI whose source is due, and for which periods, the newest first.
struct Due {
    kpi: Kpi,
    feed: Feed,
    asked: Asked,
    periods: Vec<Period>,
}

async fn collect(app: &App, workspace: &Workspace) -> Result<()> {
    let mut conn = app.store.read().await?;
    let feeds = sql!(conn, source::list_feeds(workspace.id))?;
    if feeds.is_empty() {
        return Ok(());
    }
    let kpis = sql!(conn, kpi::list_kpis(workspace.id))?;
    let now = app.clock.now();
    let mut due = Vec::new();
    for feed in feeds {
        let kpi = kpis.iter().find(|kpi| kpi.key == feed.kpi);
        let Some(kpi) = kpi.filter(|kpi| kpi.source.is_fetched()) else {
            continue;
        };
        if kpi.paused.is_some() {
            if feed.fault.is_some() {
                let mut tx = app.store.write(workspace.id).await?;
                health::rests(app, &mut tx, workspace, &feed).await?;
                tx.commit().await?;
            }
            continue;
        }
        if feed.next_try().is_some_and(|next| next > now) {
            continue;
        }
        let Some(asked) = Asked::read(kpi.source, &feed.setting)? else {
            continue;
        };
        let ended = Period::last_ended(kpi.frequency, today(now - SETTLE, workspace.zone));
        let from = back(ended).last().copied().unwrap_or(ended).first_day();
        let there = sql!(conn, kpi::list_periods(workspace.id, &kpi.key, from))?;
        let periods = wanted(kpi, &asked, (ended, &there));
        if !periods.is_empty() {
            due.push(Due {
                kpi: kpi.clone(),
                feed,
                asked,
                periods,
            });
        }
    }
    drop(conn);
    futures::stream::iter(due)
        .for_each_concurrent(AT_ONCE, async |due| {
            let key = due.kpi.key.clone();
            if let Err(error) = ask(app, workspace, due).await {
                tracing::error!(kpi = %key, error = %error, "what a source gave could not be kept");
            }
        })
        .await;
    Ok(())
}

/// This period and those before it.
fn back(ended: Period) -> Vec<Period> {
    std::iter::successors(Some(ended), |period| Some(period.previous()))
        .take(BACK)
        .collect()
}

/// The periods to ask for: the last one, if it has no value, and with it those before that have none
/// either, where the source can still tell.
fn wanted(kpi: &Kpi, asked: &Asked, (ended, there): (Period, &[NaiveDate])) -> Vec<Period> {
    let open = |period: &Period| {
        let asked_for = *period >= kpi.period(kpi.since);
        asked_for && !there.iter().any(|day| kpi.period(*day) == *period)
    };
    if !open(&ended) {
        return Vec::new();
    }
    let most = if asked.knows_the_past() { BACK } else { 1 };
    let back = back(ended).into_iter().take(most);
    back.filter(open).collect()
}

async fn ask(app: &App, workspace: &Workspace, due: Due) -> Result<()> {
    let Due {
        kpi,
        mut feed,
        asked,
        periods,
    } = due;
    let now = app.clock.now();
    let mut tx = app.store.write(workspace.id).await?;
    if !sql!(tx, source::claim_try(workspace.id, &feed, now))? {
        return Ok(());
    }
    tx.commit().await?;
    feed.tried_at = Some(now);

    let mut given = Vec::new();
    let mut fault = None;
    for (place, period) in periods.into_iter().enumerate() {
        let window = Window::of(period, workspace.zone);
        match value(app, workspace, &kpi, (&asked, &window)).await? {
            Came::Value(value) => given.push(Given {
                period,
                value,
                note: note(&asked, period, today(now, workspace.zone)),
                file: None,
            }),
            Came::Nothing => {}
            // What it does not know of long ago, it never will.
            Came::Fault(why) => {
                fault = Some(why).filter(|_| place == 0);
                break;
            }
        }
    }
    given.reverse();

    let mut tx = app.store.write(workspace.id).await?;
    let as_before = sql!(tx, kpi::find_kpi(workspace.id, &kpi.key))?
        .filter(|now| now.source == kpi.source && now.paused.is_none());
    let same = sql!(tx, source::find_feed(workspace.id, &kpi.key))?
        .is_some_and(|now| now.setting == feed.setting);
    let Some(kpi) = as_before.filter(|_| same) else {
        // It has another source since.
        return Ok(());
    };
    match fault {
        Some(why) => {
            tracing::warn!(kpi = %kpi.key, why, "a source fails");
            health::failed(app, &mut tx, (workspace, &kpi), (feed, why)).await?;
        }
        None => {
            health::answered(app, &mut tx, (workspace, &kpi), &feed).await?;
            let mut history = keep::history(&mut tx, workspace.id, &kpi).await?;
            let standing = kpi.values(&history);
            given.retain(|given| !standing.iter().any(|value| value.period == given.period));
            let via = kpi.source.to_string();
            let giver = Giver {
                workspace,
                by: None,
                via: Some(&via),
                at: app.clock.now(),
            };
            keep::keep(&mut tx, giver, (&kpi, &mut history), given).await?;
        }
    }
    tx.commit().await?;
    app.outbox_rung.notify_one();
    Ok(())
}

/// A document that says how things stand now was asked late: its value says so.
fn note(asked: &Asked, period: Period, today: NaiveDate) -> Option<String> {
    let late = !asked.knows_the_past() && today >= period.missing_from();
    late.then(|| format!("Asked on {}: as things stood then.", day(today)))
}

/// The value of a period, asked now.
pub async fn value(
    app: &App,
    workspace: &Workspace,
    kpi: &Kpi,
    (asked, window): (&Asked, &Window),
) -> Result<Came> {
    if let Asked::Derived(derived) = asked {
        let mut conn = app.store.read().await?;
        let figure = records::figure(&mut conn, workspace, (derived.of, window)).await?;
        return Ok(figure.map_or(Came::Nothing, Came::Value));
    }
    let fetched = async {
        let Some(request) = asked.request(window)? else {
            return Err("there is nothing to ask".to_owned());
        };
        let value = asked.value(&app.sources.fetch(&request).await?)?;
        kpi.check_value(value)
            .map_err(|wrong| format!("what it gives is refused: {wrong}"))?;
        Ok(value)
    };
    Ok(fetched.await.map_or_else(Came::Fault, Came::Value))
}
