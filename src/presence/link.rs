//! The same person on two platforms, by a code that they said themselves. Never by guessing.
//!
//! What crosses a link: that there is one, how many things wait in the other place, and that one is
//! away, when its person says so. Nothing else.

use chrono::{DateTime, Utc};
use ring::rand::{SecureRandom, SystemRandom};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::card::{self, Elsewhere};
use super::command::{LinkAct, LinkMyself};
use super::rules::{self, CODE_LASTS, GUESSES, GUESSES_LAST};
use crate::app::{Ctx, Result, UserError};
use crate::chat::Reply;
use crate::people::{Person, Workspace};
use crate::record::{self, Happening};
use crate::schedule;
use crate::sql;
use crate::store::{Conn, Tx};

/// A one-time code, as it is kept.
pub struct Code {
    pub workspace: Uuid,
    pub person: Uuid,
    /// Of the code; the code itself is known only to whom it was given.
    pub hash: String,
    pub expires: DateTime<Utc>,
    pub used: bool,
}

/// Who a person is elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Linked {
    pub workspace: Uuid,
    pub person: Uuid,
}

pub async fn run(ctx: &Ctx, said: LinkMyself) -> Result<Reply> {
    match (said.what, said.code) {
        (Some(LinkAct::Remove), None) => remove(ctx).await,
        (Some(LinkAct::Remove), Some(_)) => {
            let text = "Either say a code, or remove the links you have.";
            Err(UserError::at("code", text).into())
        }
        (None, Some(code)) => join(ctx, &code).await,
        (None, None) => give(ctx).await,
    }
}

/// A new code for the speaker, to be said in the other place.
async fn give(ctx: &Ctx) -> Result<Reply> {
    let random = SystemRandom::new();
    let code = loop {
        let mut bytes = [0; 32];
        random
            .fill(&mut bytes)
            .map_err(|_| anyhow::anyhow!("the system has no random numbers"))?;
        if let Some(code) = rules::code_of(bytes) {
            break code;
        }
    };
    let mut tx = ctx.write().await?;
    let given = Code {
        workspace: ctx.workspace.id,
        person: ctx.person.id,
        hash: hash(&code),
        expires: ctx.now + CODE_LASTS,
        used: false,
    };
    sql!(tx, presence::save_code(&given))?;
    ctx.log(&mut tx, "link-code-given", ctx.person.id, json!({}))
        .await?;
    let linked = places(&mut tx, ctx).await?;
    tx.commit().await?;
    let linked: Vec<_> = linked.iter().map(|(place, _)| card::place(place)).collect();
    Ok(card::code(&rules::code_shown(&code), &linked).into())
}

fn hash(code: &str) -> String {
    hex::encode(Sha256::digest(code))
}

/// Joins the speaker and whom the code was given to.
async fn join(ctx: &Ctx, typed: &str) -> Result<Reply> {
    let own = (ctx.workspace.id, ctx.person.id);
    let mut conn = ctx.read().await?;
    let wrong = wrong_lately(&mut conn, ctx).await?;
    if wrong.1 >= GUESSES {
        let text = "That were too many codes that are none. Try again in an hour.";
        return Err(UserError::at("code", text).into());
    }
    let found = sql!(conn, presence::find_code(&hash(&rules::code_typed(typed))))?;
    drop(conn);
    let code = match found {
        Some(code) if code.workspace == ctx.workspace.id => {
            let text =
                "This code is from here. Say it in the other place, where you are known too.";
            return Err(UserError::at("code", text).into());
        }
        Some(code) if code.used => return Err(spent("This code was used already")),
        Some(code) if code.expires <= ctx.now => return Err(spent("This code is too old")),
        Some(code) => code,
        None => return guess_again(ctx, wrong).await,
    };
    // Both logs go on: both workspaces' writers take turns, always in the same order.
    let [first, second] = match code.workspace < own.0 {
        true => [code.workspace, own.0],
        false => [own.0, code.workspace],
    };
    let mut tx = ctx.app.store.write(first).await?;
    sql!(tx, presence::take_turn(second))?;
    ctx.remember(&mut tx).await?;
    if !sql!(tx, presence::use_code(&code, ctx.now))? {
        return Err(spent("This code was used already"));
    }
    let theirs = (code.workspace, code.person);
    if !sql!(tx, presence::insert_link(own, theirs, ctx.now))? {
        let text = "You are linked with that place already.";
        return Err(UserError::at("code", text).into());
    }
    sql!(tx, presence::insert_link(theirs, own, ctx.now))?;
    tell_both(ctx, &mut tx, "person-linked", [own, theirs]).await?;
    let place = sql!(tx, people::load_workspace(code.workspace))?;
    tx.commit().await?;
    Ok(card::linked(&card::place(&place)).into())
}

fn spent(why: &str) -> crate::app::Error {
    UserError::at(
        "code",
        format!("{why}. Ask for a new one with /isms link in the other place."),
    )
    .into()
}

/// Since when the speaker says wrong codes, and how many.
async fn wrong_lately(conn: &mut Conn, ctx: &Ctx) -> Result<(DateTime<Utc>, i64)> {
    let guesses = sql!(
        conn,
        presence::find_guesses(ctx.workspace.id, ctx.person.id)
    )?;
    let lately = guesses.filter(|(since, _)| ctx.now - *since < GUESSES_LAST);
    Ok(lately.unwrap_or((ctx.now, 0)))
}

/// A code that is none is counted.
async fn guess_again(ctx: &Ctx, (since, wrong): (DateTime<Utc>, i64)) -> Result<Reply> {
    let mut tx = ctx.write().await?;
    sql!(
        tx,
        presence::save_guesses(ctx.workspace.id, ctx.person.id, since, wrong + 1)
    )?;
    tx.commit().await?;
    let text = "This is no code I gave. Type it as it was shown, or ask for a new one with \
                /isms link in the other place.";
    Err(UserError::at("code", text).into())
}

/// An event in the log of each side, which names the other place and not the person there.
async fn tell_both(
    ctx: &Ctx,
    tx: &mut Tx,
    kind: &'static str,
    sides: [(Uuid, Uuid); 2],
) -> Result<()> {
    let [(first, _), (second, _)] = sides;
    for ((workspace, person), with) in sides.into_iter().zip([second, first]) {
        let happening = Happening {
            workspace,
            at: ctx.now,
            actor: Some(person),
            kind,
            record: person.to_string(),
            data: json!({ "with": with }),
        };
        record::append(tx, happening).await?;
    }
    Ok(())
}

/// Takes back every link of the speaker.
async fn remove(ctx: &Ctx) -> Result<Reply> {
    let own = (ctx.workspace.id, ctx.person.id);
    let mut conn = ctx.read().await?;
    let links = sql!(conn, presence::list_links(own.0, own.1))?;
    drop(conn);
    if links.is_empty() {
        let text = "You are not linked with another place.";
        return Err(UserError::new(text).button("Link", "link").into());
    }
    let mut turns: Vec<Uuid> = links.iter().map(|link| link.workspace).collect();
    turns.push(own.0);
    turns.sort_unstable();
    turns.dedup();
    let mut tx = ctx.app.store.write(turns[0]).await?;
    for workspace in &turns[1..] {
        sql!(tx, presence::take_turn(*workspace))?;
    }
    ctx.remember(&mut tx).await?;
    for link in &links {
        let theirs = (link.workspace, link.person);
        sql!(tx, presence::remove_link(own, theirs))?;
        sql!(tx, presence::remove_link(theirs, own))?;
        tell_both(ctx, &mut tx, "person-unlinked", [own, theirs]).await?;
    }
    tx.commit().await?;
    Ok(card::unlinked().into())
}

/// Where else the speaker is known, and as whom.
pub async fn places(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<(Workspace, Person)>> {
    let links = sql!(conn, presence::list_links(ctx.workspace.id, ctx.person.id))?;
    let mut places = Vec::new();
    for link in links {
        let person = sql!(conn, people::find_person(link.workspace, link.person))?;
        if let Some(person) = person.filter(|person| person.present) {
            let workspace = sql!(conn, people::load_workspace(link.workspace))?;
            places.push((workspace, person));
        }
    }
    Ok(places)
}

/// How many things wait for the speaker in other places: a number and a name, nothing else.
pub async fn waiting(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<Elsewhere>> {
    let mut waiting = Vec::new();
    for (workspace, person) in places(conn, ctx).await? {
        let today = crate::people::rules::today(ctx.now, person.zone_in(&workspace));
        let owed = schedule::owed::obligations(conn, &workspace, &person, today).await?;
        waiting.push(Elsewhere {
            place: card::place(&workspace),
            things: owed.len(),
        });
    }
    Ok(waiting)
}
