//! Many actions of one person go to another, in one transaction; first it is said how many.

use serde_json::json;
use uuid::Uuid;

use super::card;
use super::change::{fit, living_job};
use super::choice::StateFilter;
use super::command::ReassignActions;
use super::list::{Filter, words_of};
use super::rules::Action;
use crate::app::{Ctx, Result, UserError};
use crate::chat::Reply;
use crate::command::value::RecordName;
use crate::outbox::{self, Job, Subject, To};
use crate::sql;
use crate::store::Tx;

/// As many as go over at once: each has its event.
const MOST: i64 = 500;

impl ReassignActions {
    /// The open actions of one person that fit.
    fn filter(&self, ctx: &Ctx) -> Filter {
        Filter {
            owner: Some(self.from.0),
            state: StateFilter::Unfinished,
            overdue_on: self.overdue.then(|| ctx.today()),
            source: self.source,
            severity: self.severity,
            control: self.control.clone(),
            words: words_of(self.text.as_deref().unwrap_or_default()),
            rare_word: None,
        }
    }
}

pub async fn run(ctx: &Ctx, said: ReassignActions) -> Result<Reply> {
    let workspace = ctx.workspace.id;
    let (from, to) = (said.from.0, said.to.0);
    if from == to {
        let text = "This is the same person; name somebody else who takes them over.";
        return Err(UserError::at("to", text).into());
    }
    fit(ctx, Some(to), "to").await?;
    let mut tx = ctx.write().await?;
    let people = ctx.people(&mut tx).await?;
    let filter = said.filter(ctx);
    let count = sql!(tx, actions::count_actions(workspace, &filter))?;
    let going = sql!(tx, actions::list_actions(workspace, &filter, (MOST, 0)))?;
    let sight = card::Reassignment {
        said: &said,
        going: &going,
        count,
        people: &people,
    };
    if going.is_empty() {
        let text = format!("{} owns no open action that fits.", people.name(Some(from)));
        return Err(UserError::at("from", text)
            .button("List actions", "action list")
            .into());
    }
    // What was shown and what there is now differ: it is shown anew, and nothing is changed.
    if said.confirm.map(i64::from) != Some(count) {
        return Ok(card::to_reassign(&sight).into());
    }
    for action in &going {
        give(ctx, &mut tx, action, (from, to)).await?;
    }
    if to != ctx.person.id {
        let subject = Subject::HandedOver {
            from,
            to,
            by: ctx.person.id,
            records: going
                .iter()
                .map(|action| RecordName::Action(action.name()))
                .collect(),
            areas: Vec::new(),
        };
        let key = format!("reassigned to {to} {}", Uuid::now_v7());
        outbox::enqueue(&mut tx, Job::new(workspace, subject, key, To::Person(to))).await?;
    }
    tx.commit().await?;
    Ok(card::reassigned(&sight).into())
}

/// One of them, with the event that it would have got by itself.
async fn give(ctx: &Ctx, tx: &mut Tx, action: &Action, (from, to): (Uuid, Uuid)) -> Result<()> {
    let mut action = action.clone();
    action.assign(to)?;
    sql!(tx, action::save_action(ctx.workspace.id, &action))?;
    let data = json!({ "owner": to, "before": from, "reassigned": true });
    ctx.log(tx, "action-assigned", action.name(), data).await?;
    outbox::enqueue(tx, living_job(ctx, &action)).await
}
