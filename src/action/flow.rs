//! Load, decide, save and enqueue, in one transaction.

use serde_json::json;
use uuid::Uuid;

use super::cause::Words;
use super::change::{self, Change, fit, load_case};
pub use super::change::{living_job, load};
use super::check::Finish;
use super::command::{
    ActionCommand, AnalyseAction, FinishAction, NewAction, NoteAction, PlanStep, UpdateAction,
};
use super::rules::{self, Action, Case};
use super::steps::Planned;
use super::{card, list, reassign, told};
use crate::app::{Ctx, Result};
use crate::chat::{MessageRef, Reply};
use crate::command::value::{ActionName, Origin};
use crate::kpi;
use crate::outbox::{self, Job, Subject, To};
use crate::people::roles::flow::able;
use crate::record::{self, files};
use crate::sql;
use crate::store::Tx;

/// Carries out what was said about actions.
pub async fn run(ctx: &Ctx, command: ActionCommand) -> Result<Reply> {
    match command {
        ActionCommand::New(new) => raise(ctx, new).await,
        ActionCommand::List(said) => list::run(ctx, said).await,
        ActionCommand::Show { action } => show(ctx, action).await,
        ActionCommand::Update(update) => change_words(ctx, update).await,
        ActionCommand::Analyse(said) => analyse(ctx, said).await,
        ActionCommand::Step(step) => plan_step(ctx, step).await,
        ActionCommand::StepDone { action, step, note } => {
            let step = i64::from(step);
            let change = Change {
                kind: "action-step-done",
                what: "goes on",
                data: json!({ "step": step, "note": note }),
            };
            let note = note.map(|note| note.0);
            let decide = |case: &mut Case, act| case.finish_step(act, step, note);
            change.make(ctx, action, decide).await
        }
        ActionCommand::Note(said) => note(ctx, said).await,
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
            let decide = |case: &mut Case, _| case.action.extend(due.0);
            change.make(ctx, action, decide).await
        }
        ActionCommand::Done(done) => finish(ctx, done).await,
        ActionCommand::Verifier {
            action,
            verifier,
            check,
        } => {
            fit(ctx, Some(verifier.0), "verifier").await?;
            let change = Change {
                kind: "action-verifier-named",
                what: "given to check",
                data: json!({ "verifier": verifier.0, "check": check }),
            };
            let who = (verifier.0, check.map(|check| check.0));
            let decide = |case: &mut Case, act| case.name_verifier(act, who);
            change.make(ctx, action, decide).await
        }
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
            let decide = |case: &mut Case, act| case.verify(act, (result, &note.0));
            change.make(ctx, action, decide).await
        }
        ActionCommand::Reopen { action, reason } => {
            let change = Change {
                kind: "action-reopened",
                what: "reopened",
                data: json!({ "reason": reason.0 }),
            };
            let decide = |case: &mut Case, act| case.reopen(act, &reason.0);
            change.make(ctx, action, decide).await
        }
        ActionCommand::Cancel { action, reason } => {
            let change = Change {
                kind: "action-cancelled",
                what: "cancelled",
                data: json!({ "reason": reason.0 }),
            };
            let decide = |case: &mut Case, _| case.action.cancel();
            change.make(ctx, action, decide).await
        }
        ActionCommand::Reassign(said) => reassign::run(ctx, said).await,
    }
}

/// Raises an action; also what a finding, a deviation or a decision does.
pub async fn raise(ctx: &Ctx, new: NewAction) -> Result<Reply> {
    let origin = match new.origin.clone() {
        Some(origin) => Some((is_heard(ctx, &origin.channel).await, origin)),
        None => None,
    };
    let mut tx = ctx.write().await?;
    let case = raise_within(ctx, &mut tx, new).await?;
    let action = &case.action;
    let unheard = matches!(origin, Some((false, _)));
    if let Some((true, origin)) = origin {
        answer_there(ctx, &mut tx, (action, origin)).await?;
    }
    let people = ctx.people(&mut tx).await?;
    tx.commit().await?;
    let mut receipt = card::receipt(&case, &people, "raised");
    if unheard {
        receipt = receipt.text(card::not_said_there());
    }
    Ok(receipt.into())
}

/// The same in the transaction of what it comes from.
pub async fn raise_within(ctx: &Ctx, tx: &mut Tx, new: NewAction) -> Result<Case> {
    if let Some(owner) = new.owner {
        let people = ctx.people(tx).await?;
        able(&people, owner.0).map_err(|error| error.beside(Some("owner")))?;
    }
    let number = sql!(tx, people::next_number(ctx.workspace.id, "action"))?;
    let about = new.kpi.clone();
    let mut action = new_action(ctx, new, number);
    action.repeats = change::repeated(ctx, tx, action.control.as_deref()).await?;
    action.settle();
    let data = json!({
        "title": action.title, "severity": action.severity, "source": action.source,
        "control": action.control, "owner": action.owner, "due": action.due,
        "cause": action.cause, "plan": action.plan, "criterion": action.criterion,
        "link": action.link,
        "repeats": action.repeats.map(|number| ActionName(number).to_string()),
    });
    let case = Case {
        action,
        steps: Vec::new(),
        rounds: Vec::new(),
    };
    let action = &case.action;
    change::save(tx, ctx.workspace.id, (None, &case)).await?;
    ctx.log(tx, "action-raised", action.name(), data).await?;
    change::log_repeat(ctx, tx, action).await?;
    if let Some(kpi) = &about {
        kpi::analysis::flow::action_raised(ctx, tx, (kpi, action.name())).await?;
    }
    change::tell(ctx, tx, (None, &case)).await?;
    Ok(case)
}

/// The action as it was said, under its number.
fn new_action(ctx: &Ctx, new: NewAction, number: i64) -> Action {
    let due = new.due.map_or_else(
        || rules::default_due(new.severity, ctx.today(), ctx.workspace.working_days),
        |due| due.0,
    );
    Action {
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
        whys: Vec::new(),
        cause: new.cause.map(|cause| cause.0),
        similar: None,
        similar_where: None,
        plan: new.plan.map(|plan| plan.0),
        criterion: new.criterion.map(|criterion| criterion.0),
        evidence: None,
        evidence_file: None,
        raised_by: ctx.person.id,
        raised_at: ctx.now,
        done_by: None,
        done_at: None,
        check_on: None,
        verifier: None,
        verified_by: None,
        verified_at: None,
        repeats: None,
        round: 1,
    }
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
            "criterion": update.criterion, "note": update.note,
        }),
    };
    let words = Words {
        cause: update.cause,
        plan: update.plan,
        criterion: update.criterion,
    };
    let decide = |case: &mut Case, _| {
        let action = &mut case.action;
        action.title = update
            .title
            .unwrap_or_else(|| std::mem::take(&mut action.title));
        action.update(words)
    };
    change.make(ctx, update.action, decide).await
}

async fn analyse(ctx: &Ctx, said: AnalyseAction) -> Result<Reply> {
    let name = said.action;
    let found = said.found()?;
    let change = Change {
        kind: "action-analysed",
        what: "analysed",
        data: json!({
            "whys": found.whys, "cause": found.cause, "similar": found.similar,
            "where": found.similar_where,
        }),
    };
    let decide = |case: &mut Case, _| case.action.analyse(found);
    change.make(ctx, name, decide).await
}

async fn plan_step(ctx: &Ctx, said: PlanStep) -> Result<Reply> {
    let owner = fit(ctx, said.owner.map(|who| who.0), "owner").await?;
    let change = Change {
        kind: "action-step-planned",
        what: "planned on",
        data: json!({
            "step": said.step, "what": said.what, "owner": owner, "due": said.due,
        }),
    };
    let planned = Planned {
        what: said.what,
        owner,
        due: said.due.map(|due| due.0),
    };
    let decide = |case: &mut Case, act| match said.step {
        None => case.plan_step(act, planned).map(drop),
        Some(step) => case.change_step(i64::from(step), planned),
    };
    change.make(ctx, said.action, decide).await
}

/// Keeps how it is going, and says it in the thread of the living message.
async fn note(ctx: &Ctx, said: NoteAction) -> Result<Reply> {
    let workspace = ctx.workspace.id;
    let mut tx = ctx.write().await?;
    let action = load(&mut tx, workspace, said.action).await?;
    if let Some(file) = &said.file {
        files::name_of(&mut tx, workspace, file).await?;
    }
    let data = json!({ "note": said.note, "file": said.file });
    ctx.log(&mut tx, "action-noted", action.name(), data)
        .await?;
    let subject = Subject::ActionNoted {
        number: action.number,
        by: ctx.person.id,
        note: said.note,
        file: said.file,
    };
    let job = change::thread_job(ctx, &action, subject);
    outbox::enqueue(&mut tx, job).await?;
    tx.commit().await?;
    Ok(card::is_noted(&action).into())
}

async fn assign(ctx: &Ctx, name: ActionName, owner: Uuid) -> Result<Reply> {
    fit(ctx, Some(owner), "owner").await?;
    let change = Change {
        kind: "action-assigned",
        what: "assigned",
        data: json!({ "owner": owner }),
    };
    let decide = |case: &mut Case, _| case.action.assign(owner);
    change.make(ctx, name, decide).await
}

async fn finish(ctx: &Ctx, done: FinishAction) -> Result<Reply> {
    let workspace = ctx.workspace.id;
    let mut conn = ctx.read().await?;
    let action = load(&mut conn, workspace, done.action).await?;
    if let Some(file) = &done.file {
        files::name_of(&mut conn, workspace, file).await?;
    }
    let named = fit(ctx, done.verifier.map(|who| who.0), "verifier").await?;
    let people = ctx.people(&mut conn).await?;
    drop(conn);
    let verifier = named.or_else(|| action.someone_else(ctx.person.id, &people));
    let words = Words {
        cause: done.cause,
        plan: done.plan,
        criterion: done.criterion,
    };
    let finish = Finish {
        evidence: done.evidence.0,
        file: done.file,
        check_on: done.check.map(|check| check.0),
        verifier,
    };
    let change = Change {
        kind: "action-done",
        what: "done",
        data: json!({
            "evidence": finish.evidence, "file": finish.file, "cause": words.cause,
            "plan": words.plan, "criterion": words.criterion, "check": finish.check_on,
            "verifier": finish.verifier,
        }),
    };
    let decide = |case: &mut Case, act| {
        case.action.explain(words);
        case.finish(act, finish)
    };
    change.make(ctx, done.action, decide).await
}

async fn show(ctx: &Ctx, name: ActionName) -> Result<Reply> {
    let mut conn = ctx.read().await?;
    let case = load_case(&mut conn, ctx.workspace.id, name).await?;
    let history = record::history(&mut conn, ctx.workspace.id, &name.to_string()).await?;
    let people = ctx.people(&mut conn).await?;
    let file = case.action.evidence_file.as_ref();
    let file = told::file_name(&mut conn, ctx.workspace.id, file).await?;
    Ok(card::shown(&case, (&people, file.as_deref()), &history).into())
}
