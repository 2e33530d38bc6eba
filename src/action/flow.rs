//! Load, decide, save and enqueue, in one transaction.

use serde_json::json;
use uuid::Uuid;

use super::command::{ActionCommand, FinishAction, ListActions, NewAction, UpdateAction};
use super::rules::{self, Act, Action};
use super::{Filter, card};
use crate::app::{Ctx, Result, UserError};
use crate::chat::{Card, MessageRef, Reply};
use crate::command::value::{ActionName, Origin};
use crate::kpi;
use crate::outbox::{self, Job, Subject, To};
use crate::people::roles::flow::able;
use crate::people::{People, Workspace};
use crate::record;
use crate::sql;
use crate::store::{Conn, Tx};

/// Carries out what was said about actions.
pub async fn run(ctx: &Ctx, command: ActionCommand) -> Result<Reply> {
    match command {
        ActionCommand::New(new) => raise(ctx, new).await,
        ActionCommand::List(list) => show_list(ctx, list).await,
        ActionCommand::Show { action } => show(ctx, action).await,
        ActionCommand::Update(update) => change_words(ctx, update).await,
        ActionCommand::Assign { action, owner } => assign(ctx, action, owner.0).await,
        ActionCommand::Extend {
            action,
            due,
            reason,
        } => {
            let change = Change {
                kind: "action-extended",
                what: "moved",
                data: json!({ "due": due.0, "reason": reason.0 }),
            };
            change
                .make(ctx, action, |action, _| action.extend(due.0))
                .await
        }
        ActionCommand::Done(done) => finish(ctx, done).await,
        ActionCommand::Verify {
            action,
            result,
            note,
        } => {
            let change = Change {
                kind: "action-verified",
                what: "verified",
                data: json!({ "result": result, "note": note.0 }),
            };
            change
                .make(ctx, action, |action, act| action.verify(act, result))
                .await
        }
        ActionCommand::Reopen { action, reason } => {
            let change = Change {
                kind: "action-reopened",
                what: "reopened",
                data: json!({ "reason": reason.0 }),
            };
            change
                .make(ctx, action, |action, act| action.reopen(act))
                .await
        }
        ActionCommand::Cancel { action, reason } => {
            let change = Change {
                kind: "action-cancelled",
                what: "cancelled",
                data: json!({ "reason": reason.0 }),
            };
            change.make(ctx, action, |action, _| action.cancel()).await
        }
    }
}

/// A change of one action: its event and the word of its receipt.
struct Change {
    kind: &'static str,
    what: &'static str,
    data: serde_json::Value,
}

impl Change {
    async fn make(
        self,
        ctx: &Ctx,
        name: ActionName,
        decide: impl FnOnce(&mut Action, Act) -> Result<(), UserError>,
    ) -> Result<Reply> {
        let mut tx = ctx.write().await?;
        let mut action = load(&mut tx, ctx.workspace.id, name).await?;
        let owner = action.owner;
        decide(
            &mut action,
            Act {
                by: ctx.person.id,
                at: ctx.now,
                today: ctx.today(),
            },
        )?;
        sql!(tx, action::save_action(ctx.workspace.id, &action))?;
        ctx.log(&mut tx, self.kind, name, self.data).await?;
        tell(ctx, &mut tx, &action, owner).await?;
        let people = ctx.people(&mut tx).await?;
        tx.commit().await?;
        Ok(card::receipt(&action, &people, self.what).into())
    }
}

/// The living message follows the action; a new owner is told, unless they did it themselves.
async fn tell(ctx: &Ctx, tx: &mut Tx, action: &Action, owner_before: Option<Uuid>) -> Result<()> {
    let workspace = ctx.workspace.id;
    outbox::enqueue(tx, living_job(ctx, action)).await?;
    let Some(owner) = action.owner.filter(|owner| Some(*owner) != owner_before) else {
        return Ok(());
    };
    if owner == ctx.person.id {
        return Ok(());
    }
    let subject = Subject::ActionAssigned {
        number: action.number,
        owner,
        by: ctx.person.id,
    };
    let key = format!("{} assigned {}", action.name(), Uuid::now_v7());
    outbox::enqueue(tx, Job::new(workspace, subject, key, To::Person(owner))).await
}

/// What posts the living message, or brings it up to date.
pub fn living_job(ctx: &Ctx, action: &Action) -> Job {
    let place = match &ctx.workspace.channel {
        Some(_) => To::WorkspaceChannel,
        None => To::Channel(ctx.channel.clone()),
    };
    let living = Subject::Action {
        number: action.number,
    };
    let key = action.name().to_string();
    Job::new(ctx.workspace.id, living, key, place)
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

/// Raises an action; also what a finding, a deviation or a decision does.
pub async fn raise(ctx: &Ctx, new: NewAction) -> Result<Reply> {
    let origin = match new.origin {
        Some(origin) => Some((is_heard(ctx, &origin.channel).await, origin)),
        None => None,
    };
    let mut tx = ctx.write().await?;
    if let Some(owner) = new.owner {
        let people = ctx.people(&mut tx).await?;
        able(&people, owner.0).map_err(|error| error.beside(Some("owner")))?;
    }
    let number = sql!(tx, people::next_number(ctx.workspace.id, "action"))?;
    let due = new.due.map_or_else(
        || rules::default_due(new.severity, ctx.today(), ctx.workspace.working_days),
        |due| due.0,
    );
    let mut action = Action {
        number,
        title: new.title,
        source: new.source,
        severity: new.severity,
        state: rules::State::Raised,
        control: new.control.map(|control| control.to_string()),
        link: new.link.map(|link| link.to_string()),
        owner: new.owner.map(|who| who.0),
        due,
        extensions: 0,
        cause: new.cause.map(|cause| cause.0),
        plan: new.plan.map(|plan| plan.0),
        evidence: None,
        raised_by: ctx.person.id,
        raised_at: ctx.now,
        done_by: None,
        done_at: None,
        check_on: None,
        verified_by: None,
        verified_at: None,
    };
    action.settle();
    sql!(tx, action::save_action(ctx.workspace.id, &action))?;
    let data = json!({
        "title": action.title, "severity": action.severity, "source": action.source,
        "control": action.control, "owner": action.owner, "due": action.due,
        "cause": action.cause, "plan": action.plan, "link": action.link,
    });
    ctx.log(&mut tx, "action-raised", action.name(), data)
        .await?;
    if let Some(kpi) = &new.kpi {
        kpi::analysis::flow::action_raised(ctx, &mut tx, (kpi, action.name())).await?;
    }
    tell(ctx, &mut tx, &action, None).await?;
    let unheard = matches!(origin, Some((false, _)));
    if let Some((true, origin)) = origin {
        answer_there(ctx, &mut tx, (&action, origin)).await?;
    }
    let people = ctx.people(&mut tx).await?;
    tx.commit().await?;
    let mut receipt = card::receipt(&action, &people, "raised");
    if unheard {
        receipt = receipt.text(card::not_said_there());
    }
    Ok(receipt.into())
}

/// Whether the bot can say something in a channel.
async fn is_heard(ctx: &Ctx, channel: &str) -> bool {
    match ctx.app.chat(ctx.workspace.platform) {
        Some(chat) => chat.is_member(&ctx.workspace.external, channel).await,
        None => false,
    }
}

/// The message it was raised from gets an answer in its thread.
async fn answer_there(ctx: &Ctx, tx: &mut Tx, (action, origin): (&Action, Origin)) -> Result<()> {
    let workspace = ctx.workspace.id;
    let head = format!("{} origin", action.name());
    let at = MessageRef {
        channel: origin.channel.clone(),
        message: origin.message,
    };
    sql!(tx, outbox::save_post(workspace, &head, &at, ctx.now))?;
    let subject = Subject::ActionRaisedHere {
        number: action.number,
    };
    let key = format!("{} raised here", action.name());
    let job = Job::new(workspace, subject, key, To::Channel(origin.channel));
    outbox::enqueue(tx, job.in_thread_of(head)).await
}

async fn change_words(ctx: &Ctx, update: UpdateAction) -> Result<Reply> {
    let change = Change {
        kind: "action-updated",
        what: "updated",
        data: json!({
            "title": update.title, "cause": update.cause, "plan": update.plan,
            "note": update.note,
        }),
    };
    let words = |action: &mut Action, _: Act| {
        action.title = update
            .title
            .unwrap_or_else(|| std::mem::take(&mut action.title));
        action.explain(update.cause, update.plan);
        action.update()
    };
    change.make(ctx, update.action, words).await
}

async fn assign(ctx: &Ctx, name: ActionName, owner: Uuid) -> Result<Reply> {
    let people = ctx.people(&mut ctx.read().await?).await?;
    able(&people, owner).map_err(|error| error.beside(Some("owner")))?;
    let change = Change {
        kind: "action-assigned",
        what: "assigned",
        data: json!({ "owner": owner }),
    };
    change
        .make(ctx, name, |action, _| action.assign(owner))
        .await
}

async fn finish(ctx: &Ctx, done: FinishAction) -> Result<Reply> {
    let change = Change {
        kind: "action-done",
        what: "done",
        data: json!({
            "evidence": done.evidence, "cause": done.cause, "plan": done.plan,
            "check": done.check,
        }),
    };
    let decide = |action: &mut Action, act: Act| {
        action.explain(done.cause, done.plan);
        action.finish(act, done.evidence.0, done.check.map(|check| check.0))
    };
    change.make(ctx, done.action, decide).await
}

async fn show(ctx: &Ctx, name: ActionName) -> Result<Reply> {
    let mut conn = ctx.read().await?;
    let action = load(&mut conn, ctx.workspace.id, name).await?;
    let history = record::history(&mut conn, ctx.workspace.id, &name.to_string()).await?;
    let people = ctx.people(&mut conn).await?;
    Ok(card::shown(&action, &people, &history).into())
}

async fn show_list(ctx: &Ctx, list: ListActions) -> Result<Reply> {
    let filter = Filter {
        owner: if list.mine {
            Some(ctx.person.id)
        } else {
            list.owner.map(|who| who.0)
        },
        state: list.state,
        overdue_on: list.overdue.then(|| ctx.today()),
        text: list.text.clone(),
        page: i64::from(list.page) - 1,
    };
    let mut conn = ctx.read().await?;
    let actions = sql!(conn, action::list_actions(ctx.workspace.id, &filter))?;
    let people = ctx.people(&mut conn).await?;
    Ok(card::listed(
        &actions,
        &people,
        &filter,
        &list.again(&people),
        ctx.today(),
    )
    .into())
}

impl ListActions {
    /// The command that asks for the same list, without its page.
    fn again(&self, people: &People) -> String {
        let mut ask = "action list".to_owned();
        if let Some(text) = &self.text {
            ask.push_str(&format!(" {:?}", text));
        }
        if self.mine {
            ask.push_str(" --mine");
        }
        if let Some(owner) = self.owner.and_then(|who| people.find(who.0)) {
            ask.push_str(&format!(" owner:<@{}>", owner.external));
        }
        if self.overdue {
            ask.push_str(" --overdue");
        }
        ask.push_str(&format!(" state:{}", self.state));
        ask
    }
}

/// The living message, as things stand.
pub async fn living(conn: &mut Conn, workspace: &Workspace, number: i64) -> Result<Option<Card>> {
    let Some(action) = sql!(conn, action::find_action(workspace.id, number))? else {
        return Ok(None);
    };
    let people = People(sql!(conn, people::list_people(workspace.id))?);
    Ok(Some(card::living(&action, &people)))
}

/// In the thread of the message it was raised from.
pub async fn raised_here(
    conn: &mut Conn,
    workspace: &Workspace,
    number: i64,
) -> Result<Option<Card>> {
    let Some(action) = sql!(conn, action::find_action(workspace.id, number))? else {
        return Ok(None);
    };
    let people = People(sql!(conn, people::list_people(workspace.id))?);
    Ok(Some(card::raised_here(&action, &people)))
}

/// To a new owner, if they still are.
pub async fn assigned(
    conn: &mut Conn,
    workspace: &Workspace,
    number: i64,
    owner: Uuid,
    by: Uuid,
) -> Result<Option<Card>> {
    let action = sql!(conn, action::find_action(workspace.id, number))?;
    let still = action.filter(|action| action.owner == Some(owner) && action.state.is_open());
    let Some(action) = still else {
        return Ok(None);
    };
    let people = People(sql!(conn, people::list_people(workspace.id))?);
    Ok(Some(card::assigned(&action, &people, by)))
}
