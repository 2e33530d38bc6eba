//! Load, decide, save and enqueue, in one transaction.

use serde_json::json;

use super::card;
use super::command::ChangeAudit;
use super::rules::{Known, Wish};
use crate::app::{Ctx, Result};
use crate::audit;
use crate::audit::programme;
use crate::chat::Reply;
use crate::command::value::Requirements;
use crate::sql;

/// Changes a planned audit.
pub async fn change(ctx: &Ctx, said: ChangeAudit) -> Result<Reply> {
    let workspace = ctx.workspace.id;
    let (name, reason) = (said.audit, said.reason.0);
    let areas = |said: Option<Requirements>| said.map(|said| said.0).unwrap_or_default();
    let wish = Wish {
        add: areas(said.add),
        remove: areas(said.remove),
        month: said.month,
        topic: said.topic,
    };
    let mut tx = ctx.write().await?;
    let before = audit::flow::load(&mut tx, workspace, name).await?;
    let mut plan = programme::flow::load(&mut tx, workspace, name.year).await?;
    let known = sql!(tx, applicability::list_applicability(workspace))?;
    let excluded: Vec<(String, String)> = known
        .into_iter()
        .filter(|known| !known.applies)
        .map(|known| (known.control.to_string(), known.reason.unwrap_or_default()))
        .collect();
    let again = sql!(tx, closing::list_follow_ups(workspace))?;
    let follow_ups: Vec<_> = again.into_iter().map(|(audit, _)| audit).collect();
    let known = Known {
        excluded: &excluded,
        follow_ups: &follow_ups,
        today: ctx.today(),
    };
    let changed = plan.change(name, &wish, known)?;
    plan.remember(&changed, &reason);
    let to = changed.audit.name();
    if to != name {
        sql!(tx, programme::rename_audit(workspace, name, to))?;
        let data = json!({ "to": to, "reason": reason });
        ctx.log(&mut tx, "audit-moved", name, data).await?;
    }
    sql!(tx, audit::save_audit(workspace, &changed.audit))?;
    let data = json!({
        "reason": reason, "was": name, "topic": changed.audit.topic, "topic_was": before.topic,
        "added": changed.added, "removed": changed.removed,
    });
    ctx.log(&mut tx, "audit-changed", to, data).await?;
    for (giver, given) in &changed.givers {
        sql!(tx, audit::save_audit(workspace, giver))?;
        let data = json!({ "reason": reason, "removed": given, "to": to });
        ctx.log(&mut tx, "audit-changed", giver.name(), data)
            .await?;
    }
    sql!(tx, programme::save_programme(workspace, &plan.programme))?;
    programme::flow::changed(ctx, &mut tx, name.year, &format!("{to}: {reason}")).await?;
    let plan = programme::flow::load(&mut tx, workspace, name.year).await?;
    let people = ctx.people(&mut tx).await?;
    tx.commit().await?;
    Ok(card::changed(&changed, &plan, &people).into())
}
