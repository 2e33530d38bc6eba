//! All that an audit's report tells, read from the records.

use std::collections::BTreeMap;

use super::rules::{Told, follow_ups};
use crate::app::{Ctx, Result};
use crate::audit::auditor;
use crate::audit::finding::rules::{Finding, State as FindingState};
use crate::audit::programme;
use crate::audit::rules::Audit;
use crate::sql;
use crate::store::Conn;

/// The audit is as it will be once it has ended.
pub(super) async fn gather(conn: &mut Conn, ctx: &Ctx, audit: Audit) -> Result<Told> {
    let workspace = ctx.workspace.id;
    let name = audit.name();
    let mut planned = Vec::new();
    for year in sql!(conn, audit::list_years(workspace))? {
        let year = i32::try_from(year).unwrap_or_default();
        planned.extend(sql!(conn, audit::list_audits(workspace, year))?);
    }
    let again = sql!(conn, closing::list_follow_ups(workspace))?;
    let again = again.into_iter().filter(|(of, _)| *of == name);
    let looked_at_again: Vec<i64> = again.map(|(_, finding)| finding).collect();
    let all = sql!(conn, finding::list_findings(workspace))?;
    let about = |finding: &Finding| {
        finding.grade.is_nonconformity()
            && finding.state == FindingState::Final
            && (audit
                .scope
                .iter()
                .any(|one| one == finding.requirement.as_str())
                || looked_at_again.contains(&finding.number))
    };
    let (findings, others): (Vec<Finding>, Vec<Finding>) = all
        .into_iter()
        .filter(|finding| finding.state != FindingState::Withdrawn)
        .partition(|finding| finding.audit == name);
    let earlier: Vec<Finding> = others.into_iter().filter(about).collect();
    let mut actions = BTreeMap::new();
    for number in findings.iter().chain(&earlier).filter_map(|one| one.action) {
        if let Some(action) = sql!(conn, action::find_action(workspace, number))? {
            actions.insert(number, action);
        }
    }
    let standing = auditor::flow::standing(conn, ctx, &audit, ctx.today()).await?;
    let competence = sql!(conn, roles::list_competence(workspace))?;
    let audits = standing.members.iter().map(|member| member.person);
    let audits: Vec<_> = audits.collect();
    let items = sql!(conn, checklist::list_items(workspace, name))?;
    let plan = programme::flow::find(conn, workspace, audit.year).await?;
    let doubt = programme::flow::doubt(conn, workspace, audit.year).await?;
    let mut programme: Vec<Audit> = planned
        .iter()
        .filter(|one| one.year == audit.year)
        .cloned()
        .collect();
    for one in programme.iter_mut().filter(|one| one.name() == name) {
        *one = audit.clone();
    }
    Ok(Told {
        follow_ups: follow_ups(&findings, &actions, &planned, ctx.today()),
        competence: competence
            .into_iter()
            .filter(|record| audits.contains(&record.person))
            .collect(),
        areas: sql!(conn, area::list_areas(workspace))?,
        audit,
        standing,
        items,
        findings,
        earlier,
        looked_at_again,
        actions,
        aims: plan.map(|plan| plan.programme.aims).unwrap_or_default(),
        programme,
        doubt,
    })
}
