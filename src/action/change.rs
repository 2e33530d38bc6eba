//! One action is loaded, changed and saved, in one transaction; others hear of it.

use chrono::TimeDelta;
use serde_json::json;
use uuid::Uuid;

use super::card;
use super::list::words_of;
use super::rules::{Act, Action, Case};
use crate::app::{Ctx, Result, UserError};
use crate::chat::Reply;
use crate::command::value::ActionName;
use crate::outbox::{self, Job, Subject, To};
use crate::people::roles::flow::able;
use crate::sql;
use crate::store::{Conn, Tx};

/// A new action within so many days of an effective one on the same control repeats it.
const A_YEAR: TimeDelta = TimeDelta::days(365);

/// A change of one action: its event and the word of its receipt.
pub struct Change {
    pub kind: &'static str,
    pub what: &'static str,
    pub data: serde_json::Value,
}

impl Change {
    pub async fn make(
        self,
        ctx: &Ctx,
        name: ActionName,
        decide: impl FnOnce(&mut Case, Act) -> Result<(), UserError>,
    ) -> Result<Reply> {
        let mut tx = ctx.write().await?;
        let what = self.what;
        let case = self.make_within(ctx, &mut tx, name, decide).await?;
        let people = ctx.people(&mut tx).await?;
        tx.commit().await?;
        Ok(card::receipt(&case, &people, what).into())
    }

    /// The same in the transaction of what it comes from.
    pub async fn make_within(
        self,
        ctx: &Ctx,
        tx: &mut Tx,
        name: ActionName,
        decide: impl FnOnce(&mut Case, Act) -> Result<(), UserError>,
    ) -> Result<Case> {
        let before = load_case(tx, ctx.workspace.id, name).await?;
        let mut case = before.clone();
        decide(&mut case, act_of(ctx))?;
        save(tx, ctx.workspace.id, (Some(&before), &case)).await?;
        ctx.log(tx, self.kind, name, self.data).await?;
        tell(ctx, tx, (Some(&before), &case)).await?;
        Ok(case)
    }
}

/// Who speaks, and when.
pub fn act_of(ctx: &Ctx) -> Act {
    Act {
        by: ctx.person.id,
        at: ctx.now,
        today: ctx.today(),
    }
}

/// The action, or an error that says how to find the right one.
pub async fn load(conn: &mut Conn, workspace: Uuid, name: ActionName) -> Result<Action> {
    match sql!(conn, action::find_action(workspace, name.0))? {
        Some(action) => Ok(action),
        None => Err(UserError::at("action", format!("There is no {name} here."))
            .button("List actions", "action list")
            .into()),
    }
}

/// The same with its steps and what was tried before.
pub async fn load_case(conn: &mut Conn, workspace: Uuid, name: ActionName) -> Result<Case> {
    let action = load(conn, workspace, name).await?;
    case_of(conn, workspace, action).await
}

pub async fn case_of(conn: &mut Conn, workspace: Uuid, action: Action) -> Result<Case> {
    Ok(Case {
        steps: sql!(conn, action::list_steps(workspace, action.number))?,
        rounds: sql!(conn, action::list_rounds(workspace, action.number))?,
        action,
    })
}

/// Keeps what became of an action.
pub async fn save(
    tx: &mut Tx,
    workspace: Uuid,
    (before, after): (Option<&Case>, &Case),
) -> Result<()> {
    let action = &after.action;
    sql!(tx, action::save_action(workspace, action))?;
    let title = before.map_or("", |before| &before.action.title);
    if title != action.title {
        let words = (&words_of(title)[..], &words_of(&action.title)[..]);
        sql!(tx, action::save_words(workspace, action.number, words))?;
    }
    let had = before.map_or(&[][..], |before| &before.steps);
    for step in &after.steps {
        if had.contains(step) {
            continue;
        }
        sql!(tx, action::save_step(workspace, action.number, step))?;
    }
    let rounds = before.map_or(0, |before| before.rounds.len());
    for round in &after.rounds[rounds..] {
        sql!(tx, action::insert_round(workspace, action.number, round))?;
    }
    Ok(())
}

/// The living message follows the action; a new owner, whoever has a new step and whoever is to
/// check it are told, unless they did it themselves.
pub async fn tell(ctx: &Ctx, tx: &mut Tx, (before, after): (Option<&Case>, &Case)) -> Result<()> {
    let action = &after.action;
    let by = ctx.person.id;
    outbox::enqueue(tx, living_job(ctx, action)).await?;
    for (subject, about, to) in news(by, (before, after)) {
        let key = format!("{} {about} {}", action.name(), Uuid::now_v7());
        let job = Job::new(ctx.workspace.id, subject, key, To::Person(to));
        outbox::enqueue(tx, job).await?;
    }
    Ok(())
}

/// Who else is to hear of a change, and what: the subject, what it is about, and to whom.
fn news(by: Uuid, (before, after): (Option<&Case>, &Case)) -> Vec<(Subject, &'static str, Uuid)> {
    let number = after.action.number;
    let was = before.map(|before| &before.action);
    let others = |who: &Uuid| *who != by;
    let mut news = Vec::new();
    let owner = after.action.owner.filter(others);
    if let Some(owner) = owner.filter(|new| was.and_then(|was| was.owner) != Some(*new)) {
        let subject = Subject::ActionAssigned { number, owner, by };
        news.push((subject, "assigned", owner));
    }
    let verifier = after.action.verifier.filter(others);
    if let Some(verifier) = verifier.filter(|new| was.and_then(|was| was.verifier) != Some(*new)) {
        let subject = Subject::ActionToCheck {
            number,
            verifier,
            by,
        };
        news.push((subject, "to check", verifier));
    }
    let had = |number: i64, owner: Uuid| {
        let steps = before.map_or(&[][..], |before| &before.steps);
        let mut steps = steps.iter();
        steps.any(|step| step.number == number && step.owner == owner)
    };
    for step in after.open_steps() {
        if others(&step.owner) && !had(step.number, step.owner) {
            let subject = Subject::StepPlanned {
                number,
                step: step.number,
                owner: step.owner,
                by,
            };
            news.push((subject, "step", step.owner));
        }
    }
    news
}

/// Where what is said of actions is posted.
fn place(ctx: &Ctx) -> To {
    match &ctx.workspace.channel {
        Some(_) => To::WorkspaceChannel,
        None => To::Channel(ctx.channel.clone()),
    }
}

/// What posts the living message, or brings it up to date.
pub fn living_job(ctx: &Ctx, action: &Action) -> Job {
    let living = Subject::Action {
        number: action.number,
    };
    let key = action.name().to_string();
    Job::new(ctx.workspace.id, living, key, place(ctx))
}

/// What is said in the thread of the living message.
pub fn thread_job(ctx: &Ctx, action: &Action, subject: Subject) -> Job {
    let key = format!("{} note {}", action.name(), Uuid::now_v7());
    let job = Job::new(ctx.workspace.id, subject, key, place(ctx));
    job.in_thread_of(action.name().to_string())
}

/// The person, if they can take something over.
pub async fn fit(ctx: &Ctx, person: Option<Uuid>, field: &'static str) -> Result<Option<Uuid>> {
    if let Some(person) = person {
        let people = ctx.people(&mut ctx.read().await?).await?;
        able(&people, person).map_err(|error| error.beside(Some(field)))?;
    }
    Ok(person)
}

/// The effective action on the same control that a new one repeats: what was found to work a year
/// ago or less did not hold.
pub async fn repeated(ctx: &Ctx, tx: &mut Tx, control: Option<&str>) -> Result<Option<i64>> {
    match control {
        Some(control) => Ok(sql!(
            tx,
            action::find_effective_since(ctx.workspace.id, control, ctx.now - A_YEAR)
        )?),
        None => Ok(None),
    }
}

/// The history of the effective action says that it is repeated.
pub async fn log_repeat(ctx: &Ctx, tx: &mut Tx, action: &Action) -> Result<()> {
    let Some(earlier) = action.repeats else {
        return Ok(());
    };
    let data = json!({ "by": action.name().to_string(), "control": action.control });
    ctx.log(tx, "action-repeated", ActionName(earlier), data)
        .await
}
