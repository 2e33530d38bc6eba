//! All that one person holds goes to another, in one transaction.

use serde_json::json;
use uuid::Uuid;

use super::command::HandOver;
use super::holdings::Holdings;
use super::{card, gone, told};
use crate::action;
use crate::app::{Ctx, Result, UserError};
use crate::chat::{Card, Form, Reply};
use crate::command::value::{ActionName, AreaName, RecordName};
use crate::outbox::{self, Job, Subject, To};
use crate::people::{People, Person, Role, Workspace};
use crate::sql;
use crate::store::{Conn, Tx};

pub async fn run(ctx: &Ctx, said: HandOver) -> Result<Reply> {
    let mut tx = ctx.write().await?;
    let people = ctx.people(&mut tx).await?;
    let Some(from) = people.find(said.from.0) else {
        return Err(UserError::at("from", "I know nobody of that name here.").into());
    };
    let to = fitting(from, people.find(said.to.0))?;
    let held = Holdings::load(&mut tx, ctx.workspace.id).await?.of(from.id);
    if held.is_empty() {
        let text = format!(
            "{} holds nothing here: there is nothing to hand over.",
            from.name
        );
        return Err(UserError::at("from", text).into());
    }
    let change = Change {
        ctx,
        from: from.id,
        to: to.id,
    };
    change.make(&mut tx, &held).await?;
    gone::is_settled(&mut tx, ctx.workspace.id, from.id).await?;
    if to.id != ctx.person.id {
        let subject = Subject::HandedOver {
            from: from.id,
            to: to.id,
            by: ctx.person.id,
            records: held.records(),
            areas: held.areas.iter().map(|area| area.name.clone()).collect(),
        };
        let key = format!("handover to {} {}", to.id, Uuid::now_v7());
        let job = Job::new(ctx.workspace.id, subject, key, To::Person(to.id));
        outbox::enqueue(&mut tx, job).await?;
    }
    tx.commit().await?;
    Ok(card::handed_over(from, to, &held).into())
}

/// The new owner, if this person can be one.
fn fitting<'a>(from: &Person, to: Option<&'a Person>) -> Result<&'a Person, UserError> {
    let refuse = |text: String| Err(UserError::at("to", text));
    match to {
        Some(to) if to.id == from.id => {
            refuse("This is the same person; name somebody else who takes it over.".into())
        }
        Some(to) if to.present && to.role == Role::Reader => refuse(format!(
            "{} is here as a reader and can change nothing; name somebody else.",
            to.name
        )),
        Some(to) if to.present => Ok(to),
        _ => refuse("This person is not in the workspace (any more); name someone who is.".into()),
    }
}

/// One handover, record by record: each gets the event that it would have got by itself.
struct Change<'a> {
    ctx: &'a Ctx,
    from: Uuid,
    to: Uuid,
}

impl Change<'_> {
    async fn make(&self, tx: &mut Tx, held: &Holdings) -> Result<()> {
        let (ctx, to) = (self.ctx, self.to);
        let workspace = ctx.workspace.id;
        for action in &held.actions {
            let mut action = action.clone();
            action.assign(to)?;
            sql!(tx, action::save_action(workspace, &action))?;
            let data = json!({ "owner": to, "before": self.from, "handover": true });
            ctx.log(tx, "action-assigned", action.name(), data).await?;
            outbox::enqueue(tx, action::flow::living_job(ctx, &action)).await?;
        }
        for owed in &held.steps {
            let mut step = owed.step.clone();
            step.owner = to;
            sql!(tx, action::save_step(workspace, owed.action, &step))?;
            let data = json!({
                "step": step.number, "owner": to, "before": self.from, "handover": true,
            });
            let name = ActionName(owed.action);
            ctx.log(tx, "action-step-planned", name, data).await?;
        }
        for action in &held.checks {
            let mut action = action.clone();
            // Who did it does not look whether it worked: then the managers are asked.
            action.verifier = Some(to).filter(|to| action.is_others_than(*to));
            sql!(tx, action::save_action(workspace, &action))?;
            let data = json!({
                "verifier": action.verifier, "before": self.from, "handover": true,
            });
            ctx.log(tx, "action-verifier-named", action.name(), data)
                .await?;
        }
        for kpi in &held.kpis {
            let mut kpi = kpi.clone();
            for duty in [&mut kpi.measurer, &mut kpi.analyst] {
                if *duty == self.from {
                    *duty = to;
                }
            }
            sql!(
                tx,
                kpi::set_people(workspace, &kpi.key, kpi.measurer, kpi.analyst)
            )?;
            let data = json!({
                "measurer": kpi.measurer, "analyst": kpi.analyst, "before": self.from,
                "handover": true,
            });
            ctx.log(tx, "kpi-assigned", &kpi.key, data).await?;
        }
        for (review, input) in &held.inputs {
            let mut input = input.clone();
            input.owner = to;
            sql!(tx, review::save_input(workspace, review.name, &input))?;
            let data = json!({
                "item": input.item, "owner": to, "before": self.from, "handover": true,
            });
            ctx.log(tx, "review-input-assigned", review.name, data)
                .await?;
        }
        for audit in &held.audits {
            let mut audit = audit.clone();
            audit.auditor = Some(to);
            sql!(tx, audit::save_audit(workspace, &audit))?;
            let data = json!({ "auditor": to, "before": self.from, "handover": true });
            ctx.log(tx, "audit-assigned", audit.name(), data).await?;
        }
        for area in &held.areas {
            let name = &area.name;
            sql!(tx, area::set_owner(workspace, name, Some(to)))?;
            let data = json!({
                "area": name, "owner": to, "before": self.from, "handover": true,
            });
            ctx.log(tx, "area-assigned", format!("area {name}"), data)
                .await?;
        }
        Ok(())
    }
}

impl Holdings {
    fn records(&self) -> Vec<RecordName> {
        let actions = self.actions.iter();
        let actions = actions.map(|action| RecordName::Action(action.name()));
        let steps = self.steps.iter();
        let steps = steps.map(|owed| RecordName::Action(ActionName(owed.action)));
        let checks = self.checks.iter();
        let checks = checks.map(|action| RecordName::Action(action.name()));
        let actions = actions.chain(steps).chain(checks);
        let kpis = self.kpis.iter().map(|kpi| RecordName::Kpi(kpi.key.clone()));
        let inputs = self.inputs.iter();
        let inputs = inputs.map(|(review, _)| RecordName::Review(review.name));
        let audits = self.audits.iter();
        let audits = audits.map(|audit| RecordName::Audit(audit.name()));
        actions.chain(kpis).chain(inputs).chain(audits).collect()
    }
}

/// To the new owner: what of it is still theirs.
pub async fn word(
    conn: &mut Conn,
    workspace: &Workspace,
    (from, to, by): (Uuid, Uuid, Uuid),
    (records, areas): (&[RecordName], &[AreaName]),
) -> Result<Option<Card>> {
    let mut held = Holdings::load(conn, workspace.id).await?.of(to);
    let told = |record: RecordName| records.contains(&record);
    held.actions
        .retain(|action| told(RecordName::Action(action.name())));
    held.steps
        .retain(|owed| told(RecordName::Action(ActionName(owed.action))));
    held.checks
        .retain(|action| told(RecordName::Action(action.name())));
    held.kpis
        .retain(|kpi| told(RecordName::Kpi(kpi.key.clone())));
    held.inputs
        .retain(|(review, _)| told(RecordName::Review(review.name)));
    held.audits
        .retain(|audit| told(RecordName::Audit(audit.name())));
    held.areas.retain(|area| areas.contains(&area.name));
    if held.is_empty() {
        return Ok(None);
    }
    let people = People(sql!(conn, people::list_people(workspace.id))?);
    Ok(Some(told::handed_over((from, to, by), &held, &people)))
}

/// Says in the form whose work is handed over.
pub async fn name_whose(ctx: &Ctx, form: &mut Form) -> Result<()> {
    let whose = form.command.strip_prefix("handover <@");
    let Some(external) = whose.and_then(|whose| whose.strip_suffix('>')) else {
        return Ok(());
    };
    let mut conn = ctx.read().await?;
    let people = ctx.people(&mut conn).await?;
    if let Some(person) = people.find_by_external(external) {
        let held = Holdings::load(&mut conn, ctx.workspace.id).await?;
        let held = held.of(person.id);
        form.say(card::to_hand_over(person, &held));
    }
    Ok(())
}
