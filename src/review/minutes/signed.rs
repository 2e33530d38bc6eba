//! Minutes are signed. With the last signature that is needed the decisions become actions, and the
//! minutes are archived and sent: all in one transaction.

use std::collections::BTreeSet;

use serde_json::json;
use uuid::Uuid;

use super::card;
use super::document::Stage;
use super::flow::{keeper, moved_on, tell, told};
use crate::action::command::{NewAction, Source};
use crate::action::flow::raise_within;
use crate::app::{Ctx, Error, Result};
use crate::chat::{Reply, cut};
use crate::command::value::{DueDate, FileRef, Prose, ReviewName, Who};
use crate::outbox::{self, Job, Subject, To};
use crate::people::{People, Role};
use crate::record::files;
use crate::report::pdf;
use crate::review::meeting::rules::{Decision, Session};
use crate::review::meeting::session::{Around, act_of, load_session, save};
use crate::sql;
use crate::store::Tx;

/// A title is one line of so many characters.
const TITLE: usize = 120;
/// Who signs at the same moment as another tries again.
const TRIES: usize = 3;

/// Signs the version that is approved.
pub async fn sign(ctx: &Ctx, name: ReviewName, version: Option<u32>) -> Result<Reply> {
    for _ in 0..TRIES {
        match attempt(ctx, name, version.map(i64::from)).await? {
            Some(reply) => return Ok(reply),
            None => continue,
        }
    }
    Err(moved_on(name).into())
}

/// Nothing, if somebody changed the review meanwhile.
async fn attempt(ctx: &Ctx, name: ReviewName, version: Option<i64>) -> Result<Option<Reply>> {
    let workspace = ctx.workspace.id;
    let mut conn = ctx.read().await?;
    let before = load_session(&mut conn, ctx, name).await?;
    let around = Around::read(&mut conn, &ctx.workspace, ctx.today()).await?;
    let mut session = before.clone();
    let done = session.sign(act_of(ctx), version, around.house())?;
    let minutes = &session.minutes;
    let drawn = match (&minutes.approval, done) {
        (Some(approval), true) => {
            let stage = Stage::Signed(approval, &minutes.signatures);
            Some(told(&mut conn, ctx, (&session, &around.people), stage).await?)
        }
        _ => None,
    };
    drop(conn);
    let archive = match drawn {
        Some(drawn) => Some(pdf::draw(drawn).await?),
        None => None,
    };

    let mut tx = ctx.write().await?;
    if load_session(&mut tx, ctx, name).await? != before {
        return Ok(None);
    }
    if let Some(bytes) = archive {
        let number = session.version()?.number;
        let file_name = format!("{name}-minutes-v{number}-signed.pdf");
        let file = files::keep(&mut tx, keeper(ctx), &file_name, bytes).await?;
        session.meeting.archived = Some(file);
        act_upon(ctx, &mut tx, &mut session).await?;
    }
    save(&mut tx, workspace, (Some(&before), &session)).await?;
    let signature = session.minutes.signatures.last();
    let actions = session.standing_decisions();
    let actions: Vec<_> = actions.filter_map(Decision::action_name).collect();
    let data = json!({
        "version": signature.map(|signature| signature.version),
        "file": signature.map(|signature| &signature.file),
        "finished": done, "on": session.review.finished_on,
        "conclusion": session.review.conclusion, "archived": session.meeting.archived,
        "actions": actions.iter().map(ToString::to_string).collect::<Vec<_>>(),
    });
    ctx.log(&mut tx, "review-signed", name, data).await?;
    tell(ctx, &mut tx, (&before, &session), around.house()).await?;
    if let Some(file) = session.meeting.archived.clone() {
        send(ctx, &mut tx, (&session, &file), &around.people).await?;
    }
    tx.commit().await?;
    Ok(Some(
        card::signed(&session, around.house(), ctx.zone()).into(),
    ))
}

/// Each decision that stands becomes an action of its owner.
async fn act_upon(ctx: &Ctx, tx: &mut Tx, session: &mut Session) -> Result<()> {
    let name = session.review.name;
    for decision in session.decisions.iter_mut().filter(|d| d.stands()) {
        let case = raise_within(ctx, tx, action_of(name, decision)).await;
        let case = case.map_err(|error| match error {
            // The gates let nobody come here without; who left meanwhile is to be replaced first.
            Error::User(error) => Error::from(error.beside(None).button(
                format!("Change {}", decision.name()),
                format!("review decide-change {name} {}", decision.name()),
            )),
            error => error,
        })?;
        decision.action = Some(case.action.number);
    }
    Ok(())
}

fn action_of(review: ReviewName, decision: &Decision) -> NewAction {
    let line = decision
        .text
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let words = format!("{} of {review}: {}", decision.name(), decision.text);
    NewAction {
        title: cut(&line, TITLE),
        owner: decision.owner.map(Who),
        due: decision.due.map(DueDate),
        source: Source::Review,
        severity: decision.kind.severity(),
        cause: None,
        plan: Some(Prose(words)),
        criterion: None,
        control: None,
        link: None,
        kpi: None,
        origin: None,
    }
}

/// The signed minutes go, once, to who took part or was invited, to leaders and ISMS managers, and to
/// who was to get a copy. Who signed last has them before them.
async fn send(
    ctx: &Ctx,
    tx: &mut Tx,
    (session, file): (&Session, &FileRef),
    people: &People,
) -> Result<()> {
    let (workspace, name) = (ctx.workspace.id, session.review.name);
    let in_charge = people.0.iter().filter(|person| {
        let role = person.role;
        role == Role::Leader || role == Role::Manager
    });
    let mut receivers: BTreeSet<Uuid> = in_charge.map(|person| person.id).collect();
    receivers.extend(session.present());
    receivers.extend(&session.invited);
    receivers.extend(sql!(tx, minutes::list_copies(workspace, name))?);
    receivers.remove(&ctx.person.id);
    for person in receivers {
        if !people.find(person).is_some_and(|person| person.present) {
            continue;
        }
        let subject = Subject::File {
            file: file.clone(),
            comment: format!(
                "{}, fingerprint {}",
                card::sent_words(session, people),
                file.fingerprint()
            ),
        };
        let key = format!("{name} signed minutes {person}");
        outbox::enqueue(tx, Job::new(workspace, subject, key, To::Person(person))).await?;
    }
    Ok(())
}
