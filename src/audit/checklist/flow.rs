//! Load, decide, save and enqueue, in one transaction.

use serde_json::json;

use super::command::{CheckItem, ChecklistCommand};
use super::rules::{Item, Sample, find, has_seen, next_open, progress};
use super::{card, form};
use crate::app::{Ctx, Result, UserError};
use crate::audit::auditor::flow::team;
use crate::audit::flow::load;
use crate::audit::question;
use crate::audit::rules::Audit;
use crate::chat::Reply;
use crate::command::value::{AuditName, ItemName, Prose};
use crate::people::Role;
use crate::record::files;
use crate::sql;
use crate::store::Conn;

/// Carries out what was said about a checklist.
pub async fn run(ctx: &Ctx, command: ChecklistCommand) -> Result<Reply> {
    match command {
        ChecklistCommand::Check(said) => check(ctx, said).await,
        ChecklistCommand::Checklist { audit, page } => list(ctx, audit, page).await,
    }
}

/// Who audits puts down what was found, or a manager for them.
pub async fn may_audit(ctx: &Ctx, conn: &mut Conn, audit: &Audit) -> Result<()> {
    let team = team(conn, ctx.workspace.id, audit).await?;
    if team.has(ctx.person.id) || ctx.person.role == Role::Manager {
        return Ok(());
    }
    let name = audit.name();
    let people = ctx.people(conn).await?;
    let who: Vec<String> = team
        .persons
        .iter()
        .map(|id| people.name(Some(*id)).to_owned())
        .collect();
    let text = match who.is_empty() {
        true => format!("{name} has no auditor yet; name one first."),
        false => format!(
            "{name} is audited by {}; they or a manager do this.",
            who.join(" and ")
        ),
    };
    Err(UserError::at("audit", text)
        .button("Show", format!("audit show {name}"))
        .into())
}

/// What was found at one item is saved at once.
async fn check(ctx: &Ctx, said: CheckItem) -> Result<Reply> {
    let workspace = ctx.workspace.id;
    let mut tx = ctx.write().await?;
    let audit = load(&mut tx, workspace, said.audit).await?;
    may_audit(ctx, &mut tx, &audit).await?;
    audit.must_be_under_way()?;
    let items = sql!(tx, checklist::list_items(workspace, audit.name()))?;
    let requirement = match said.requirement.clone() {
        Some(ItemName(requirement)) => requirement,
        None => {
            let next = next_open(&audit.scope, &items, None);
            let next = next.ok_or_else(|| card::all_put_down(&audit))?;
            next.parse()
                .map_err(|wrong: String| UserError::at("requirement", wrong))?
        }
    };
    form::must_be_in_scope(&audit, requirement.as_str())?;
    let before = find(&items, requirement.as_str());
    let people = ctx.people(&mut tx).await?;
    if let Some(before) = before
        && !has_seen(Some(before), said.seen.map(|seen| seen.0), ctx.person.id)
    {
        return Err(UserError::at("result", card::somebody_was_faster(before, &people)).into());
    }
    let Some(result) = said.result else {
        return Err(UserError::at("result", "This is needed.").into());
    };
    let words = |prose: Option<Prose>| prose.map(|prose| prose.0);
    let item = Item {
        audit: audit.name(),
        requirement,
        result,
        methods: said
            .method
            .map(super::command::How::methods)
            .unwrap_or_default(),
        sample: Sample {
            population: said.population,
            size: said.sample,
            chosen: said.chosen,
        },
        evidence: words(said.evidence),
        evidence_file: said.file,
        note: words(said.note),
        by: ctx.person.id,
        at: ctx.now,
        version: before.map_or(0, |before| before.version) + 1,
    };
    item.must_be_plain()?;
    if let Some(file) = &item.evidence_file {
        files::name_of(&mut tx, workspace, file).await?;
    }
    let asked = question::flow::of(&mut tx, workspace, item.requirement.as_str()).await?;
    let data = json!({
        "requirement": item.requirement, "questions": asked, "result": item.result,
        "methods": item.methods, "population": item.sample.population,
        "sample": item.sample.size, "chosen": item.sample.chosen, "evidence": item.evidence,
        "file": item.evidence_file, "note": item.note, "version": item.version,
        "was": before.map(|before| before.result),
    });
    sql!(tx, checklist::save_item(workspace, &item))?;
    ctx.log(&mut tx, "audit-item-checked", audit.name(), data)
        .await?;
    let items = sql!(tx, checklist::list_items(workspace, audit.name()))?;
    tx.commit().await?;
    let next = next_open(&audit.scope, &items, Some(item.requirement.as_str()));
    let far = progress(&audit.scope, &items);
    Ok(card::saved(&item, &far, next.as_deref()).into())
}

async fn list(ctx: &Ctx, name: AuditName, page: u32) -> Result<Reply> {
    let workspace = ctx.workspace.id;
    let mut conn = ctx.read().await?;
    let audit = load(&mut conn, workspace, name).await?;
    let items = sql!(conn, checklist::list_items(workspace, name))?;
    let findings = sql!(conn, finding::list_of_audit(workspace, name))?;
    let people = ctx.people(&mut conn).await?;
    Ok(card::listed(&audit, (&items, &findings), &people, page).into())
}
