//! Asks the rooms, and answers.

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::card::{self, NextReview, Standing};
use super::rules::{Cycle, Known};
use crate::app::{Ctx, Result};
use crate::chat::Reply;
use crate::kpi::digest::Digest;
use crate::people::{self, Workspace};
use crate::presence::absence;
use crate::presence::card::who_is_away;
use crate::review::plan::flow::lapsed;
use crate::review::rules::Input;
use crate::sql;
use crate::store::Conn;

/// Answers `status`.
pub async fn run(ctx: &Ctx) -> Result<Reply> {
    let mut conn = ctx.read().await?;
    let workspace = ctx.workspace.id;
    let (digest, cycle) = gather(&mut conn, &ctx.workspace, ctx.now).await?;
    let actions = sql!(conn, action::count_by_state(workspace))?;
    let everybody = ctx.people(&mut conn).await?;
    let absences = absence::from_day(&mut conn, workspace, ctx.today()).await?;
    let feeds = sql!(conn, source::list_feeds(workspace))?;
    let failing = feeds.into_iter().filter(|feed| feed.fault.is_some());
    let failing = failing.map(|feed| feed.kpi.to_string()).collect();
    let next_review = next_review(&mut conn, ctx).await?;
    drop(conn);
    let card = card::standing(&Standing {
        digest,
        cycle,
        actions,
        next_review,
        failing,
        away: who_is_away(&absences, ctx.today(), &everybody, None),
    });
    people::setup::flow::lead(ctx, card).await
}

/// What the digest tells, and how far the cycle is: on the day it is for the workspace.
pub async fn gather(
    conn: &mut Conn,
    workspace: &Workspace,
    now: DateTime<Utc>,
) -> Result<(Digest, Cycle)> {
    let digest = crate::kpi::digest::flow::gather(conn, workspace, now).await?;
    let today = people::rules::today(now, workspace.zone);
    let mut audits = Vec::new();
    for year in today.year() - 1..=today.year() + 1 {
        audits.extend(sql!(conn, audit::list_audits(workspace.id, year))?);
    }
    let reviews = sql!(conn, review::list_reviews(workspace.id))?;
    let lapses = lapsed(conn, workspace, now).await?;
    let (first, end) = year_of(today);
    let corrected = sql!(conn, status::corrected(workspace.id, (first, end, today)))?;
    let known = Known {
        views: &digest.views,
        audits: &audits,
        reviews: &reviews,
        lapses: &lapses,
        rhythm: workspace.reviews,
        corrected: &corrected,
        overdue: digest
            .overdue
            .iter()
            .map(|action| action.name.clone())
            .collect(),
    };
    let cycle = Cycle::of(known, today);
    Ok((digest, cycle))
}

/// The first day of a day's year, and of the next.
fn year_of(today: NaiveDate) -> (NaiveDate, NaiveDate) {
    let first = |year: i32| NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(today);
    (first(today.year()), first(today.year() + 1))
}

/// The next review that takes inputs.
pub async fn next_review(conn: &mut Conn, ctx: &Ctx) -> Result<Option<NextReview>> {
    let workspace = ctx.workspace.id;
    let reviews = sql!(conn, review::list_reviews(workspace))?;
    let next = reviews
        .into_iter()
        .filter(|review| review.takes_inputs())
        .min_by_key(|review| review.on);
    let Some(review) = next else {
        return Ok(None);
    };
    let inputs = sql!(conn, review::list_inputs(workspace, review.name))?;
    Ok(Some(NextReview {
        name: review.name.to_string(),
        on: review.on,
        late: review.on < ctx.today(),
        missing: inputs
            .iter()
            .filter(|input| Input::is_missing(input))
            .count(),
    }))
}
