//! Limits come by themselves with the twelfth value, and by a person with a reason after that.

use serde_json::json;

use super::card;
use super::rules::Frozen;
use crate::app::{Ctx, Result, UserError, log};
use crate::chat::Reply;
use crate::command::value::{KpiKey, PeriodName, Prose};
use crate::kpi::analysis::flow::may_look_into;
use crate::kpi::flow::{load, named};
use crate::kpi::keep::{self, Giver};
use crate::kpi::process::{BASELINE, Scale};
use crate::kpi::rules::{Kpi, Measurement, Overview};
use crate::record::Happening;
use crate::sql;
use crate::store::Tx;

/// Values were given: once there are twelve, their limits are kept.
pub async fn freeze(
    tx: &mut Tx,
    giver: Giver<'_>,
    (kpi, history): (&Kpi, &[Measurement]),
) -> Result<()> {
    let Some(first) = kpi.first_limits(&kpi.values(history), giver.at) else {
        return Ok(());
    };
    let workspace = giver.workspace.id;
    if !sql!(tx, limits::insert_limits(workspace, &kpi.key, &first))? {
        return Ok(());
    }
    let happening = Happening {
        workspace,
        at: giver.at,
        actor: None,
        kind: "limits-set",
        record: kpi.key.to_string(),
        data: data(&first),
    };
    log(tx, happening).await
}

/// What the log says of limits.
fn data(frozen: &Frozen) -> serde_json::Value {
    json!({
        "number": frozen.number, "since": frozen.since, "mean": frozen.limits.mean,
        "upper": frozen.limits.upper, "lower": frozen.limits.lower,
        "made_of": frozen.made_of, "reason": frozen.reason,
    })
}

/// Recalculates the limits of a KPI from a period on.
pub async fn recalculate(
    ctx: &Ctx,
    (key, from): (&KpiKey, PeriodName),
    reason: Prose,
) -> Result<Reply> {
    let workspace = ctx.workspace.id;
    let mut tx = ctx.write().await?;
    let mut kpi = load(&mut tx, workspace, key).await?;
    may_look_into(ctx, &mut tx, &kpi).await?;
    let from = named(&kpi, from, ctx.today()).map_err(|error| error.beside(Some("from")))?;
    let history = keep::history(&mut tx, workspace, &kpi).await?;
    let values = kpi.values(&history);
    let frozen = match kpi.limits_from(&values, Some(from.first_day()), ctx.now) {
        Ok(frozen) => frozen,
        Err(there) => {
            let what = match kpi.scale {
                Scale::DaysBetween => "gaps between events",
                Scale::Linear | Scale::Log => "values",
            };
            let text = format!(
                "From {from} on there are too few {what} ({there} of {BASELINE}). Name an earlier \
                 period, or wait: until then the limits stay as they are."
            );
            return Err(UserError::at("from", text).into());
        }
    };
    if kpi.limits.is_empty() {
        // What came before this bot kept limits: the first twelve have theirs, too.
        if let Some(first) = kpi.first_limits(&values, ctx.now) {
            sql!(tx, limits::insert_limits(workspace, &kpi.key, &first))?;
            ctx.log(&mut tx, "limits-set", &kpi.key, data(&first))
                .await?;
            kpi.limits.push(first);
        }
    }
    let same = |last: &Frozen| (last.since, &last.made_of) == (frozen.since, &frozen.made_of);
    if kpi.limits.last().is_some_and(same) {
        let text = format!("These are the limits from {from} on already.");
        return Err(UserError::at("from", text)
            .button("Show it", format!("kpi show {}", kpi.key))
            .into());
    }
    let frozen = Frozen {
        number: kpi.limits.last().map_or(0, |last| last.number) + 1,
        reason: Some(reason.0),
        by: Some(ctx.person.id),
        ..frozen
    };
    sql!(tx, limits::insert_limits(workspace, &kpi.key, &frozen))?;
    ctx.log(&mut tx, "limits-recalculated", &kpi.key, data(&frozen))
        .await?;
    tx.commit().await?;
    let before = Overview::of(kpi.clone(), &history, ctx.today());
    kpi.limits.push(frozen);
    let view = Overview::of(kpi, &history, ctx.today());
    Ok(card::recalculated(&before, &view, from).into())
}
