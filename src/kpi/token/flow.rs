//! Tokens are made, listed and revoked; and looked up when a program shows one.

use chrono::{DateTime, Utc};
use ring::rand::{SecureRandom, SystemRandom};
use serde_json::json;
use uuid::Uuid;

use super::card;
use super::command::{NewToken, TokenCommand};
use super::rules::{RANDOM, Scope, Shown, Token};
use crate::app::{App, Ctx, Error, Result, UserError};
use crate::chat::Reply;
use crate::command::nearest;
use crate::command::value::{KpiKey, TokenName};
use crate::kpi;
use crate::people::Workspace;
use crate::sql;
use crate::store::Tx;

/// As many programs as one workspace lets in.
const MOST: usize = 50;

/// Carries out what was said about tokens.
pub async fn run(ctx: &Ctx, command: TokenCommand) -> Result<Reply> {
    match command {
        TokenCommand::New(new) => make(ctx, new).await,
        TokenCommand::List => list(ctx).await,
        TokenCommand::Revoke { name } => revoke(ctx, &name).await,
    }
}

async fn make(ctx: &Ctx, new: NewToken) -> Result<Reply> {
    let mut keys = Vec::new();
    for word in new.kpis.iter().flat_map(|words| words.split([',', ' '])) {
        if !word.is_empty() {
            let key: Result<KpiKey, String> = word.parse();
            keys.push(key.map_err(|wrong| UserError::at("kpis", wrong))?);
        }
    }
    keys.sort_unstable();
    keys.dedup();
    let scope = match new.risks {
        true => Scope::Risks,
        false => Scope::Kpis,
    };
    if new.risks && !keys.is_empty() {
        let text = "A token for the risk register is good for no KPI. Make two.";
        return Err(UserError::at("kpis", text).into());
    }
    let mut tx = ctx.write().await?;
    let mut silent = Vec::new();
    for key in &keys {
        let kpi = match kpi::flow::load(&mut tx, ctx.workspace.id, key).await {
            Err(Error::User(wrong)) => return Err(wrong.beside(Some("kpis")).into()),
            found => found?,
        };
        if !kpi.source.is_sent() {
            silent.push(kpi);
        }
    }
    let live = sql!(tx, token::list_tokens(ctx.workspace.id))?;
    if live.iter().any(|token| token.name == new.name) {
        let text = format!(
            "There is a token {} already. Choose another name, or revoke that one first.",
            new.name
        );
        return Err(UserError::at("name", text)
            .button("Revoke it", format!("token revoke {}", new.name))
            .into());
    }
    if live.len() >= MOST {
        let text = format!("{MOST} tokens are in use. Revoke one that is not needed any more.");
        return Err(UserError::new(text)
            .button("List them", "token list")
            .into());
    }
    let mut random = [0; RANDOM];
    SystemRandom::new()
        .fill(&mut random)
        .map_err(|_| anyhow::anyhow!("this machine gives no random numbers"))?;
    let shown = Shown::new(ctx.workspace.id, random);
    let token = Token {
        id: Uuid::now_v7(),
        name: new.name,
        scope,
        kpis: keys,
        made_by: ctx.person.id,
        made_at: ctx.now,
        used_at: None,
        revoked_at: None,
    };
    sql!(
        tx,
        token::insert_token(ctx.workspace.id, &token, &shown.hash())
    )?;
    let data = json!({
        "name": token.name, "scope": token.scope.to_string(), "kpis": token.kpis,
    });
    ctx.log(&mut tx, "token-made", record(&token.name), data)
        .await?;
    tx.commit().await?;
    Ok(card::made(&token, &shown, &silent).into())
}

/// What the log calls a token.
fn record(name: &TokenName) -> String {
    format!("token {name}")
}

async fn list(ctx: &Ctx) -> Result<Reply> {
    let mut conn = ctx.read().await?;
    let tokens = sql!(conn, token::list_tokens(ctx.workspace.id))?;
    let people = ctx.people(&mut conn).await?;
    Ok(card::listed(&tokens, &people, ctx.zone()).into())
}

async fn revoke(ctx: &Ctx, name: &TokenName) -> Result<Reply> {
    let mut tx = ctx.write().await?;
    if !sql!(tx, token::revoke_token(ctx.workspace.id, name, ctx.now))? {
        let live = sql!(tx, token::list_tokens(ctx.workspace.id))?;
        let mut text = format!("There is no token {name} in use.");
        let names = live.iter().map(|token| token.name.as_str());
        if let Some(near) = nearest(name.as_str(), names) {
            text.push_str(&format!(" Did you mean {near}?"));
        }
        return Err(UserError::at("name", text)
            .button("List them", "token list")
            .into());
    }
    ctx.log(
        &mut tx,
        "token-revoked",
        record(name),
        json!({ "name": name }),
    )
    .await?;
    tx.commit().await?;
    Ok(card::revoked(name).into())
}

/// Whose token a program shows: `None` if it is nobody's, or not any more.
pub async fn find(app: &App, shown: &Shown) -> Result<Option<(Workspace, Token)>> {
    let Some(id) = shown.workspace() else {
        return Ok(None);
    };
    let mut conn = app.store.read().await?;
    let Some(token) = sql!(conn, token::find_token(id, &shown.hash()))? else {
        return Ok(None);
    };
    let workspace = sql!(conn, people::load_workspace(id))?;
    Ok(Some((workspace, token)))
}

/// Something is about to be taken with a token: false if it was revoked in the meantime.
pub async fn is_used(
    tx: &mut Tx,
    workspace: Uuid,
    token: &Token,
    at: DateTime<Utc>,
) -> Result<bool> {
    Ok(sql!(tx, token::token_used(workspace, token.id, at))?)
}
