//! One review after the other: while reviews are in series, one is always planned. Looked at once a
//! working day.

use std::collections::BTreeMap;

use super::flow::{Plan, Planner, keep_new};
use super::rules::{day_after, first_day, first_planned};
use crate::app::{App, Result};
use crate::people::rules::today;
use crate::people::{People, Workspace};
use crate::review::rules::{Review, State};
use crate::sql;

/// Plans the next review, if the last is behind.
pub async fn look(app: &App, workspace: &Workspace) -> Result<()> {
    let now = app.clock.now();
    let today = today(now, workspace.zone);
    let mut conn = app.store.read().await?;
    let ahead = |review: &Review| review.state == State::Scheduled && review.on >= today;
    let begun = sql!(conn, plan::find_series(workspace.id))?;
    let reviews = sql!(conn, review::list_reviews(workspace.id))?;
    drop(conn);
    if begun.is_none() || reviews.iter().any(ahead) {
        return Ok(());
    }
    let mut tx = app.store.write(workspace.id).await?;
    // Somebody may have been faster.
    let begun = sql!(tx, plan::find_series(workspace.id))?;
    let reviews = sql!(tx, review::list_reviews(workspace.id))?;
    let Some(owner) = begun.filter(|_| !reviews.iter().any(ahead)) else {
        return Ok(());
    };
    let people = People(sql!(tx, people::list_people(workspace.id))?);
    let there = |id: &uuid::Uuid| people.find(*id).is_some_and(|person| person.present);
    let managers = people.managers().map(|manager| manager.id);
    let Some(owner) = std::iter::once(owner).chain(managers).find(there) else {
        return Ok(());
    };
    let changes = sql!(tx, plan::list_changes(workspace.id))?;
    // The first is the newest. A day that was only moved to does not drag the others along.
    let plan = match reviews.first() {
        None => Plan {
            on: first_day(workspace.reviews, today, workspace.working_days),
            ..Plan::default()
        },
        Some(last) => {
            let own = changes.into_iter().filter(|(name, _)| *name == last.name);
            let own: Vec<_> = own.map(|(_, change)| change).collect();
            let planned = first_planned(last, &own);
            let with = sql!(tx, review::list_participants(workspace.id, last.name))?;
            let inputs = sql!(tx, review::list_inputs(workspace.id, last.name))?;
            let owners: BTreeMap<_, _> = inputs
                .iter()
                .filter(|input| there(&input.owner))
                .map(|input| (input.item, input.owner))
                .collect();
            Plan {
                on: day_after(workspace.reviews, planned, (today, workspace.working_days)),
                title: None,
                starts: last.starts,
                minutes: Some(last.minutes),
                place: last.place.clone(),
                chair: last.chair.filter(there),
                with: with.into_iter().filter(there).collect(),
                owners,
            }
        }
    };
    let planner = Planner {
        workspace,
        owner,
        actor: None,
        at: now,
    };
    keep_new(&mut tx, planner, plan).await?;
    tx.commit().await?;
    app.outbox_rung.notify_one();
    Ok(())
}
