//! How the ISMS stands, in one card: what is measured, corrected, audited and reviewed, what is
//! late, and what comes next. It has no records of its own; it asks the rooms.

pub mod card;

use card::{NextReview, Standing};

use crate::app::{Ctx, Result};
use crate::chat::Reply;
use crate::kpi;
use crate::people;
use crate::presence::absence;
use crate::presence::card::who_is_away;
use crate::review::rules::Input;
use crate::sql;
use crate::store::Conn;

/// Answers `status`.
pub async fn run(ctx: &Ctx) -> Result<Reply> {
    let mut conn = ctx.read().await?;
    let workspace = ctx.workspace.id;
    let digest = kpi::digest::flow::gather(&mut conn, &ctx.workspace, ctx.now).await?;
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
        actions,
        next_review,
        failing,
        away: who_is_away(&absences, ctx.today(), &everybody, None),
    });
    people::setup::flow::lead(ctx, card).await
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
