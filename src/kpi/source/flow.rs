//! Gives a KPI a source, and says how the sources go.

use serde_json::{Value, json};

use super::card;
use super::command::SourceCommand;
use crate::app::{Ctx, Result};
use crate::chat::Reply;
use crate::command::value::KpiKey;
use crate::kpi::alerts;
use crate::kpi::flow::load;
use crate::kpi::rules::{Kpi, Source};
use crate::sql;
use crate::store::Tx;

/// Carries out what was said about sources.
pub async fn run(ctx: &Ctx, command: SourceCommand) -> Result<Reply> {
    match command {
        SourceCommand::List => list(ctx).await,
        SourceCommand::Manual { kpi } => change(ctx, &kpi, Source::Manual).await,
        SourceCommand::Push { kpi } => change(ctx, &kpi, Source::Push).await,
        SourceCommand::Webhook(said) => alerts::flow::set_up(ctx, said).await,
    }
}

async fn list(ctx: &Ctx) -> Result<Reply> {
    let mut conn = ctx.read().await?;
    let kpis = sql!(conn, kpi::list_kpis(ctx.workspace.id))?;
    let feeds = sql!(conn, source::list_feeds(ctx.workspace.id))?;
    Ok(card::listed(&kpis, &feeds).into())
}

async fn change(ctx: &Ctx, key: &KpiKey, source: Source) -> Result<Reply> {
    let mut tx = ctx.write().await?;
    let mut kpi = load(&mut tx, ctx.workspace.id, key).await?;
    put(ctx, &mut tx, &mut kpi, (source, json!({}))).await?;
    tx.commit().await?;
    Ok(card::changed(&kpi).into())
}

/// Gives a KPI a source, with what it is asked.
pub async fn put(
    ctx: &Ctx,
    tx: &mut Tx,
    kpi: &mut Kpi,
    (source, setting): (Source, Value),
) -> Result<()> {
    sql!(
        tx,
        source::set_source(ctx.workspace.id, &kpi.key, (source, &setting))
    )?;
    let data = json!({ "source": source, "was": kpi.source, "setting": setting });
    kpi.source = source;
    ctx.log(tx, "kpi-source-changed", &kpi.key, data).await
}
