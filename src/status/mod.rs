//! How the ISMS stands, in one card: what is measured, corrected, audited and reviewed, what is
//! late, and what comes next. It has no records of its own; it asks the rooms.

pub mod card;

use card::{NextReview, Standing};

use crate::app::{Ctx, Result};
use crate::chat::Reply;
use crate::kpi;
use crate::people;
use crate::review::rules::Input;
use crate::sql;

/// Answers `status`.
pub async fn run(ctx: &Ctx) -> Result<Reply> {
    let mut conn = ctx.read().await?;
    let workspace = ctx.workspace.id;
    let digest = kpi::digest::flow::gather(&mut conn, &ctx.workspace, ctx.now).await?;
    let actions = sql!(conn, action::count_by_state(workspace))?;
    let reviews = sql!(conn, review::list_reviews(workspace))?;
    let next = reviews
        .into_iter()
        .filter(|review| review.takes_inputs())
        .min_by_key(|review| review.on);
    let next_review = match next {
        None => None,
        Some(review) => {
            let inputs = sql!(conn, review::list_inputs(workspace, review.name))?;
            Some(NextReview {
                name: review.name.to_string(),
                on: review.on,
                late: review.on < ctx.today(),
                missing: inputs
                    .iter()
                    .filter(|input| Input::is_missing(input))
                    .count(),
            })
        }
    };
    drop(conn);
    let card = card::standing(&Standing {
        digest,
        actions,
        next_review,
    });
    people::setup::flow::lead(ctx, card).await
}
