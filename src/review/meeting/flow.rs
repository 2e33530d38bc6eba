//! Load, decide, save and enqueue, in one transaction.

use serde_json::{Value, json};
use uuid::Uuid;

use super::card::{self, Shown};
use super::command::{Attend, ChangeDecision, Conclude, Decide, Discuss, MeetingCommand};
use super::rules::{Act, Attendant, Changed, House, Session, Verdicts};
use super::session::{Around, act_of, find_session, load_session, save};
use crate::action::rules::Action;
use crate::app::{Ctx, Result, UserError};
use crate::chat::{Card, Reply, Text};
use crate::command;
use crate::command::value::ReviewName;
use crate::outbox::{self, Job, Subject, To};
use crate::people::Workspace;
use crate::people::roles::flow::able;
use crate::review::card::{Agenda, shown};
use crate::review::flow::{agenda, load};
use crate::review::minutes;
use crate::review::rules::Answer;
use crate::sql;
use crate::store::{Conn, Tx};

/// Carries out what was said about a meeting.
pub async fn run(ctx: &Ctx, command: MeetingCommand) -> Result<Reply> {
    match command {
        MeetingCommand::Start { review } => start(ctx, review).await,
        MeetingCommand::Attend(said) => attend(ctx, said).await,
        MeetingCommand::Discuss(said) => discuss(ctx, said).await,
        MeetingCommand::Decide(said) => decide(ctx, said).await,
        MeetingCommand::DecideChange(said) => change(ctx, said).await,
        MeetingCommand::Withdraw {
            review,
            decision,
            reason,
        } => {
            let made = make(ctx, review, |session, act, _| {
                let data = json!({ "decision": decision, "reason": reason });
                session.withdraw(act, decision, reason.0)?;
                Ok(("review-decision-withdrawn", data))
            });
            let (session, around) = made.await?;
            Ok(card::decided(&session, decision, around.house()).into())
        }
        MeetingCommand::Conclude(said) => conclude(ctx, said).await,
    }
}

/// A meeting is loaded, changed and saved, with its event. What was approved and says something else now
/// is told to be approved anew.
pub async fn make(
    ctx: &Ctx,
    name: ReviewName,
    decide: impl FnOnce(&mut Session, Act, House) -> Result<(&'static str, Value), UserError>,
) -> Result<(Session, Around)> {
    let workspace = ctx.workspace.id;
    let mut tx = ctx.write().await?;
    let before = load_session(&mut tx, ctx, name).await?;
    let around = Around::read(&mut tx, &ctx.workspace, ctx.today()).await?;
    let mut session = before.clone();
    let (kind, data) = decide(&mut session, act_of(ctx), around.house())?;
    save(&mut tx, workspace, (Some(&before), &session)).await?;
    ctx.log(&mut tx, kind, name, data).await?;
    minutes::flow::tell(ctx, &mut tx, (&before, &session), around.house()).await?;
    tx.commit().await?;
    Ok((session, around))
}

/// The meeting begins. What the records say to (a) and (d) is kept as it stands.
async fn start(ctx: &Ctx, name: ReviewName) -> Result<Reply> {
    let workspace = ctx.workspace.id;
    let mut tx = ctx.write().await?;
    let review = load(&mut tx, workspace, name).await?;
    let mut agenda = agenda(&mut tx, &ctx.workspace, review, ctx.today()).await?;
    let invited = sql!(tx, review::list_participants(workspace, name))?;
    let people = ctx.people(&mut tx).await?;
    let session = Session::begin(agenda.review.clone(), invited, act_of(ctx), &people)?;
    agenda.review = session.review.clone();
    save(&mut tx, workspace, (None, &session)).await?;
    let inputs = freeze(ctx, &mut tx, &mut agenda).await?;
    let data = json!({ "inputs": inputs, "chair": session.review.chair });
    ctx.log(&mut tx, "review-started", name, data).await?;
    let living = Job::new(
        workspace,
        Subject::Meeting { review: name },
        key(name),
        place(ctx),
    );
    outbox::enqueue(&mut tx, living).await?;
    tx.commit().await?;
    Ok(card::with_way_on(shown(&agenda, &people), &session).into())
}

/// Names the living message.
fn key(name: ReviewName) -> String {
    format!("{name} meeting")
}

/// Where a meeting is shown.
fn place(ctx: &Ctx) -> To {
    match &ctx.workspace.channel {
        Some(_) => To::WorkspaceChannel,
        None => To::Channel(ctx.channel.clone()),
    }
}

async fn freeze(ctx: &Ctx, tx: &mut Tx, agenda: &mut Agenda) -> Result<Vec<Value>> {
    let (workspace, name) = (ctx.workspace.id, agenda.review.name);
    for (item, lines) in std::mem::take(&mut agenda.prefilled) {
        let Some(input) = agenda.inputs.iter_mut().find(|input| input.item == item) else {
            continue;
        };
        let lines = lines.iter().map(Text::plain);
        let added = input.answer.take().and_then(|answer| answer.text);
        input.answer = Some(Answer {
            text: Some(lines.chain(added).collect::<Vec<_>>().join("\n")),
            climate: None,
            by: ctx.person.id,
            at: ctx.now,
        });
        sql!(tx, review::save_input(workspace, name, input))?;
    }
    let frozen = agenda.inputs.iter().map(|input| {
        let answer = input.answer.as_ref();
        json!({
            "item": input.item, "owner": input.owner, "missing": answer.is_none(),
            "answer": answer.and_then(|answer| answer.text.as_deref()),
        })
    });
    Ok(frozen.collect())
}

async fn attend(ctx: &Ctx, said: Attend) -> Result<Reply> {
    let name = said.review;
    let mut conn = ctx.read().await?;
    let people = ctx.people(&mut conn).await?;
    let session = load_session(&mut conn, ctx, name).await?;
    drop(conn);
    let mut who: Vec<Attendant> = Vec::new();
    if let Some(person) = said.who {
        able(&people, person.0).map_err(|error| error.beside(Some("who")))?;
        who.push(Attendant::Person(person.0));
    }
    who.extend(said.guest.clone().map(Attendant::Guest));
    if said.invited {
        let open = session
            .invited
            .iter()
            .filter(|id| !session.is_present(**id));
        who.extend(open.map(|id| Attendant::Person(*id)));
        if session.invited.is_empty() {
            let text = "Nobody was invited here. Name who is at the meeting.";
            return Err(UserError::at("invited", text).into());
        }
    }
    let how = (said.absent, said.chairs);
    let made = make(ctx, name, |session, act, house| {
        let mut told = Vec::new();
        for who in who {
            told.push(match &who {
                Attendant::Person(person) => json!(person),
                Attendant::Guest(guest) => json!({ "guest": guest }),
            });
            session.attend(act, who, how, house.people)?;
        }
        let data = json!({ "who": told, "present": !how.0, "chair": session.review.chair });
        Ok(("review-attended", data))
    });
    let (session, around) = made.await?;
    Ok(card::attended(&session, around.house()).into())
}

async fn discuss(ctx: &Ctx, said: Discuss) -> Result<Reply> {
    let Discuss {
        review: name,
        item,
        note,
        seen,
    } = said;
    let text = note.map(|note| note.0).unwrap_or_default();
    let typed = text.clone();
    let made = make(ctx, name, |session, act, _| {
        let note = session.discuss(act, item, (text, seen))?;
        let data = json!({ "item": item, "version": note.version, "note": note.text });
        Ok(("review-discussed", data))
    });
    match made.await {
        Ok((session, _)) => Ok(card::discussed(&session, item).into()),
        Err(crate::app::Error::User(error)) if seen.is_some() && error.field == Some("note") => {
            // The form comes back about the version that stands now, so that it can be sent again.
            let mut conn = ctx.read().await?;
            let session = load_session(&mut conn, ctx, name).await?;
            drop(conn);
            let version = session.note(item).map_or(0, |note| note.version);
            let words = format!("review discuss {name} {item} seen:{version}");
            let values = [("note".to_owned(), typed)];
            again(ctx, (&words, &values), *error).await
        }
        Err(error) => Err(error),
    }
}

/// A form about what stands now, with what was typed and what is wrong with it.
pub async fn again(
    ctx: &Ctx,
    (words, values): (&str, &[(String, String)]),
    error: UserError,
) -> Result<Reply> {
    Ok(match command::form(words, values, &ctx.known().await?) {
        Ok(mut form) => {
            let mut fields = form.fields.iter_mut();
            match fields.find(|field| error.field == Some(&field.name)) {
                Some(field) => field.error = Some(error.text),
                None => form.say(error.text),
            }
            Reply::Form(form)
        }
        Err(misread) => misread.into(),
    })
}

async fn decide(ctx: &Ctx, said: Decide) -> Result<Reply> {
    let owner = said.owner.map(|who| who.0);
    fit(ctx, owner).await?;
    let due = said.due.map(|due| due.0);
    let mut number = None;
    let made = make(ctx, said.review, |session, act, _| {
        let words = (said.decision.0.clone(), said.kind);
        let name = session.decide(act, said.item, words, (owner, due))?;
        number = Some(name);
        let data = json!({
            "decision": name, "item": said.item, "words": said.decision, "kind": said.kind,
            "owner": owner, "due": due,
        });
        Ok(("review-decided", data))
    });
    let (session, around) = made.await?;
    let name = number.ok_or_else(|| anyhow::anyhow!("a decision has a number"))?;
    Ok(card::decided(&session, name, around.house()).into())
}

/// The person, if something can be given to them.
async fn fit(ctx: &Ctx, owner: Option<Uuid>) -> Result<()> {
    if let Some(owner) = owner {
        let people = ctx.people(&mut ctx.read().await?).await?;
        able(&people, owner).map_err(|error| error.beside(Some("owner")))?;
    }
    Ok(())
}

async fn change(ctx: &Ctx, said: ChangeDecision) -> Result<Reply> {
    let owner = said.owner.map(|who| who.0);
    fit(ctx, owner).await?;
    let name = said.decision;
    let made = make(ctx, said.review, |session, act, _| {
        let changed = Changed {
            words: said.words.map(|words| words.0),
            owner,
            due: said.due.map(|due| due.0),
            kind: said.kind,
        };
        let data = json!({
            "decision": name, "words": changed.words, "owner": owner, "due": changed.due,
            "kind": changed.kind,
        });
        session.change(act, name, changed)?;
        Ok(("review-decision-changed", data))
    });
    let (session, around) = made.await?;
    Ok(card::decided(&session, name, around.house()).into())
}

async fn conclude(ctx: &Ctx, said: Conclude) -> Result<Reply> {
    let verdicts = Verdicts {
        suitable: said.suitable,
        adequate: said.adequate,
        effective: said.effective,
    };
    let made = make(ctx, said.review, |session, act, house| {
        let data = json!({ "verdicts": verdicts, "conclusion": said.conclusion });
        session.conclude(act, (verdicts, said.conclusion.0), house)?;
        Ok(("review-concluded", data))
    });
    let (session, around) = made.await?;
    Ok(card::concluded(&session, around.house()).into())
}

/// What earlier reviews decided, with the action that came of it: all of the last one that decided
/// anything, and what is still open of those before it.
pub async fn earlier_decisions(
    conn: &mut Conn,
    workspace: Uuid,
    but: ReviewName,
) -> Result<Vec<card::Earlier>> {
    let mut earlier = Vec::new();
    let mut last = None;
    for (review, decision) in sql!(conn, meeting::list_acted_on(workspace))? {
        let Some(number) = decision.action.filter(|_| review != but) else {
            continue;
        };
        let action: Option<Action> = sql!(conn, action::find_action(workspace, number))?;
        let Some(action) = action else { continue };
        let newest = *last.get_or_insert(review);
        if review == newest || action.state.is_open() {
            earlier.push(card::Earlier {
                review,
                decision: decision.name(),
                action,
            });
        }
    }
    Ok(earlier)
}

/// The living message of a meeting, as things stand.
pub async fn word(
    conn: &mut Conn,
    workspace: &Workspace,
    name: ReviewName,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Option<Card>> {
    let Some(session) = find_session(conn, workspace.id, name).await? else {
        return Ok(None);
    };
    let today = crate::people::rules::today(now, workspace.zone);
    let around = Around::read(conn, workspace, today).await?;
    let shown = Shown {
        inputs: sql!(conn, review::list_inputs(workspace.id, name))?,
        earlier: earlier_decisions(conn, workspace.id, name).await?,
        today,
        zone: workspace.zone,
        session: &session,
        house: around.house(),
    };
    Ok(Some(card::living(&shown)))
}
