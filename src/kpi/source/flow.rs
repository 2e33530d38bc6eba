//! Gives a KPI a source, and says how the sources go.

use serde_json::{Value, json};

use super::ask::{Asked, Derived, Http, Prometheus, Window};
use super::card;
use super::collect;
use super::command::{AskHttp, AskPrometheus, SourceCommand};
use super::fetch::Refused;
use super::health;
use crate::app::{Ctx, Result, UserError};
use crate::chat::Reply;
use crate::command::value::{Amount, KpiKey};
use crate::kpi::alerts;
use crate::kpi::flow::load;
use crate::kpi::period::Period;
use crate::kpi::rules::{Kpi, Source};
use crate::people::rules::today;
use crate::sql;
use crate::store::Tx;

/// Carries out what was said about sources.
pub async fn run(ctx: &Ctx, command: SourceCommand) -> Result<Reply> {
    match command {
        SourceCommand::List => list(ctx).await,
        SourceCommand::Manual { kpi } => change(ctx, &kpi, Source::Manual).await,
        SourceCommand::Push { kpi } => change(ctx, &kpi, Source::Push).await,
        SourceCommand::Prometheus(said) => prometheus(ctx, said).await,
        SourceCommand::Http(said) => http(ctx, said).await,
        SourceCommand::Derived { kpi, of } => ask(ctx, &kpi, &Asked::Derived(Derived { of })).await,
        SourceCommand::Try { kpi } => try_out(ctx, &kpi).await,
        SourceCommand::Webhook(said) => alerts::flow::set_up(ctx, said).await,
    }
}

async fn list(ctx: &Ctx) -> Result<Reply> {
    let mut conn = ctx.read().await?;
    let kpis = sql!(conn, kpi::list_kpis(ctx.workspace.id))?;
    let feeds = sql!(conn, source::list_feeds(ctx.workspace.id))?;
    Ok(card::listed(&kpis, &feeds, ctx.zone()).into())
}

async fn change(ctx: &Ctx, key: &KpiKey, source: Source) -> Result<Reply> {
    give(ctx, key, (source, json!({}))).await
}

async fn give(ctx: &Ctx, key: &KpiKey, what: (Source, Value)) -> Result<Reply> {
    let mut tx = ctx.write().await?;
    let mut kpi = load(&mut tx, ctx.workspace.id, key).await?;
    put(ctx, &mut tx, &mut kpi, what).await?;
    tx.commit().await?;
    Ok(card::changed(&kpi).into())
}

/// The factor that was said; one that makes zero or nothing of every value is a slip.
fn factor(said: Option<Amount>) -> Result<f64, UserError> {
    match said.map_or(1.0, |factor| factor.0) {
        0.0 => Err(UserError::at(
            "factor",
            "Times zero every value would be zero. Leave it empty for the value as it is.",
        )),
        factor => Ok(factor),
    }
}

async fn prometheus(ctx: &Ctx, said: AskPrometheus) -> Result<Reply> {
    let asked = Asked::Prometheus(Prometheus {
        url: said.url,
        query: said.query.0,
        range: said.range,
        factor: factor(said.factor)?,
        secret: said.secret,
    });
    ask(ctx, &said.kpi, &asked).await
}

async fn http(ctx: &Ctx, said: AskHttp) -> Result<Reply> {
    let asked = Asked::Http(Http {
        url: said.url,
        pointer: said.pointer,
        body: said.body.map(|body| body.0),
        factor: factor(said.factor)?,
        secret: said.secret,
    });
    ask(ctx, &said.kpi, &asked).await
}

/// Gives a KPI a source that is asked, if it may be asked that.
async fn ask(ctx: &Ctx, key: &KpiKey, asked: &Asked) -> Result<Reply> {
    let kpi = load(&mut ctx.read().await?, ctx.workspace.id, key).await?;
    let window = window(ctx, &kpi);
    let at_url = |wrong: String| UserError::at("url", wrong);
    if let Some(request) = asked.request(&window).map_err(at_url)? {
        let permitted = ctx
            .app
            .sources
            .permit(&request.url, request.secret.as_deref());
        permitted.map_err(|refused| {
            let field = match refused {
                Refused::Host(_) => "url",
                Refused::NoSecret(_) | Refused::SecretOfAnother(..) => "secret",
            };
            UserError::at(field, format!("{}.", capital(&refused.to_string())))
        })?;
    }
    give(ctx, key, (asked.source(), asked.setting()?)).await
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// The last period that is over.
fn window(ctx: &Ctx, kpi: &Kpi) -> Window {
    let today = today(ctx.now, ctx.workspace.zone);
    Window::of(Period::last_ended(kpi.frequency, today), ctx.workspace.zone)
}

/// Asks now, outside of any transaction, and records nothing.
async fn try_out(ctx: &Ctx, key: &KpiKey) -> Result<Reply> {
    let mut conn = ctx.read().await?;
    let kpi = load(&mut conn, ctx.workspace.id, key).await?;
    let feed = sql!(conn, source::find_feed(ctx.workspace.id, key))?;
    drop(conn);
    let asked = match feed {
        Some(feed) => Asked::read(kpi.source, &feed.setting)?,
        None => None,
    };
    let Some(asked) = asked else {
        let text = format!(
            "{} has no source that could be asked: {}.",
            kpi.name,
            kpi.source.words()
        );
        return Err(UserError::at("kpi", text)
            .button("Prometheus", format!("source prometheus {key}"))
            .button("A JSON document", format!("source http {key}"))
            .into());
    };
    let window = window(ctx, &kpi);
    let came = collect::value(&ctx.app, &ctx.workspace, &kpi, (&asked, &window)).await?;
    Ok(card::tried(&kpi, &came, &window).into())
}

/// Gives a KPI a source, with what it is asked. What was told of the one before is over.
pub async fn put(
    ctx: &Ctx,
    tx: &mut Tx,
    kpi: &mut Kpi,
    (source, setting): (Source, Value),
) -> Result<()> {
    let before = sql!(tx, source::find_feed(ctx.workspace.id, &kpi.key))?;
    sql!(
        tx,
        source::set_source(ctx.workspace.id, &kpi.key, (source, &setting))
    )?;
    if let Some(feed) = before {
        health::over(&ctx.app, tx, &ctx.workspace, &feed).await?;
    }
    let data = json!({ "source": source, "was": kpi.source, "setting": setting });
    kpi.source = source;
    ctx.log(tx, "kpi-source-changed", &kpi.key, data).await
}
