//! Who is told when a source fails, and when it works again.
//!
//! The measurer is told once, at an hour they work; the managers see it among the troubles. When it
//! works again both messages say so.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::card;
use super::rules::Feed;
use crate::app::{App, Result, log};
use crate::chat::Card;
use crate::command::value::KpiKey;
use crate::kpi::rules::Kpi;
use crate::outbox::{self, Job, Subject, To, reword};
use crate::people::Workspace;
use crate::presence::rules::{Trouble, source_key};
use crate::presence::trouble;
use crate::record::Happening;
use crate::schedule::rules::{Timetable, nominal_of};
use crate::sql;
use crate::store::{Conn, Tx};

/// Names the message to the measurer.
fn key_of(kpi: &KpiKey, since: DateTime<Utc>) -> String {
    format!("{kpi} source fails since {}", since.timestamp_micros())
}

/// Keeps that a try failed, and tells it when it has failed for long enough.
pub async fn failed(
    app: &App,
    tx: &mut Tx,
    (workspace, kpi): (&Workspace, &Kpi),
    (mut feed, why): (Feed, String),
) -> Result<()> {
    let now = app.clock.now();
    let since = *feed.failing_since.get_or_insert(now);
    let changed = feed.fault.as_ref() != Some(&why);
    feed.attempts += 1;
    feed.fault = Some(why.clone());
    metrics::counter!("isms_source_failed_total").increment(1);
    let first = feed.is_to_be_told();
    if first {
        feed.told_at = Some(now);
    }
    sql!(tx, source::save_health(workspace.id, &feed))?;
    let key = key_of(&kpi.key, since);
    if first {
        let happening = Happening {
            workspace: workspace.id,
            at: now,
            actor: None,
            kind: "source-failed",
            record: kpi.key.to_string(),
            data: json!({ "source": kpi.source, "why": why, "since": since }),
        };
        log(tx, happening).await?;
        let subject = Subject::SourceFails {
            kpi: kpi.key.clone(),
            since,
        };
        let job = Job {
            due: good_hour(app, tx, workspace, kpi).await?,
            ..Job::new(workspace.id, subject, key, To::Person(kpi.measurer))
        };
        outbox::enqueue(tx, job).await?;
        let what = Trouble::Source {
            kpi: kpi.key.clone(),
            measurer: kpi.measurer,
            why,
        };
        trouble::happened(app, tx, workspace.id, what).await?;
    } else if feed.told_at.is_some() && changed {
        reword::again(tx, workspace.id, &key).await?;
    }
    Ok(())
}

/// Keeps that a source answers; if it was told that it fails, that is over.
pub async fn answered(
    app: &App,
    tx: &mut Tx,
    (workspace, kpi): (&Workspace, &Kpi),
    feed: &Feed,
) -> Result<()> {
    let now = app.clock.now();
    sql!(tx, source::source_worked(workspace.id, &kpi.key, now))?;
    if feed.told_at.is_none() {
        return Ok(());
    }
    let happening = Happening {
        workspace: workspace.id,
        at: now,
        actor: None,
        kind: "source-works-again",
        record: kpi.key.to_string(),
        data: json!({ "source": kpi.source, "failed-since": feed.failing_since }),
    };
    log(tx, happening).await?;
    over(app, tx, workspace, feed).await
}

/// A source that failed is not asked any more: its KPI rests, or has another source.
pub async fn rests(app: &App, tx: &mut Tx, workspace: &Workspace, feed: &Feed) -> Result<()> {
    let rested = Feed {
        fault: None,
        failing_since: None,
        attempts: 0,
        told_at: None,
        ..feed.clone()
    };
    sql!(tx, source::save_health(workspace.id, &rested))?;
    over(app, tx, workspace, feed).await
}

/// What was told of the failure says that it is over.
pub async fn over(app: &App, tx: &mut Tx, workspace: &Workspace, feed: &Feed) -> Result<()> {
    if let (Some(since), Some(_)) = (feed.failing_since, feed.told_at) {
        reword::again(tx, workspace.id, &key_of(&feed.kpi, since)).await?;
        trouble::over(app, tx, workspace.id, &source_key(&feed.kpi)).await?;
    }
    Ok(())
}

/// Now, if the measurer is at work; otherwise when they are next reminded.
async fn good_hour(
    app: &App,
    conn: &mut Conn,
    workspace: &Workspace,
    kpi: &Kpi,
) -> Result<DateTime<Utc>> {
    let now = app.clock.now();
    let measurer = sql!(conn, people::find_person(workspace.id, kpi.measurer))?;
    let timetable = Timetable {
        rule: app.rules.reminders.clone(),
        zone: measurer.map_or(workspace.zone, |person| person.zone_in(workspace)),
        working: workspace.working_days,
    };
    let local = nominal_of(now, timetable.zone);
    let midnight = local.date().and_time(chrono::NaiveTime::MIN);
    let of_today = timetable.next(midnight - chrono::TimeDelta::seconds(1));
    let begun = of_today.is_some_and(|(nominal, at)| nominal.date() == local.date() && at <= now);
    if begun && local.time() < crate::schedule::catch_up::EVENING {
        return Ok(now);
    }
    Ok(timetable.next(local).map_or(now, |(_, at)| at))
}

/// To the measurer: that it fails, as long as it does; then that it works again.
pub async fn word(
    conn: &mut Conn,
    workspace: &Workspace,
    (key, since): (&KpiKey, DateTime<Utc>),
) -> Result<Option<Card>> {
    let Some(kpi) = sql!(conn, kpi::find_kpi(workspace.id, key))? else {
        return Ok(None);
    };
    let feed = sql!(conn, source::find_feed(workspace.id, key))?;
    let Some(feed) = feed else {
        return Ok(None);
    };
    if feed.failing_since == Some(since) {
        return Ok(Some(card::fails(&kpi, &feed, workspace.zone)));
    }
    // Whoever was not told that it fails need not hear that it works.
    let told = sql!(conn, outbox::find_post(workspace.id, &key_of(key, since)))?;
    let again = feed.worked_at.filter(|at| *at >= since);
    Ok(match (told, again) {
        (Some(_), Some(at)) => Some(card::works_again(&kpi, (since, at), workspace.zone)),
        _ => None,
    })
}
