//! The risk register is taken in, from a file or from a program, and looked at.

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::card;
use super::command::{ImportRisks, RiskCommand};
use super::rules::{Counts, Intake, Register, Risk, read};
use crate::app::{Ctx, Result, UserError, log};
use crate::chat::Reply;
use crate::command::value::FileRef;
use crate::people::Workspace;
use crate::people::rules::today;
use crate::record::Happening;
use crate::record::files;
use crate::sql;
use crate::store::{Conn, Tx};

/// Who gives the register, and how.
#[derive(Debug, Clone)]
pub struct Giver<'a> {
    pub workspace: &'a Workspace,
    pub by: Option<Uuid>,
    pub via: String,
    pub file: Option<FileRef>,
    pub at: DateTime<Utc>,
}

/// Carries out what was said about the risk register.
pub async fn run(ctx: &Ctx, command: RiskCommand) -> Result<Reply> {
    match command {
        RiskCommand::Risks => show(ctx).await,
        RiskCommand::RiskImport(said) => import(ctx, said).await,
    }
}

async fn show(ctx: &Ctx) -> Result<Reply> {
    let mut conn = ctx.read().await?;
    let register = register(&mut conn, ctx.workspace.id).await?;
    Ok(card::shown(register.as_ref(), ctx.workspace.zone, ctx.today()).into())
}

async fn import(ctx: &Ctx, said: ImportRisks) -> Result<Reply> {
    let Some(file) = said.file else {
        let text = "Attach the risk register as a CSV file with the columns id, title and level.";
        return Err(UserError::at("file", text).into());
    };
    let mut tx = ctx.write().await?;
    let kept = files::load(&mut tx, ctx.workspace.id, &file).await?;
    let lines = read(&kept.bytes).map_err(|wrong| UserError::at("file", wrong))?;
    if !said.commit || lines.iter().any(|line| line.risk.is_err()) {
        return Ok(card::proposed(&kept, &lines, ctx.today()).into());
    }
    let giver = Giver {
        workspace: &ctx.workspace,
        by: Some(ctx.person.id),
        via: "csv".to_owned(),
        file: Some(file),
        at: ctx.now,
    };
    let risks: Vec<Risk> = lines
        .into_iter()
        .filter_map(|line| line.risk.ok())
        .collect();
    let counts = take(&mut tx, giver, &risks).await?;
    tx.commit().await?;
    Ok(card::taken(&kept, &counts).into())
}

/// Makes these the register, whatever it was before.
pub async fn take(tx: &mut Tx, giver: Giver<'_>, risks: &[Risk]) -> Result<Counts> {
    let workspace = giver.workspace.id;
    sql!(tx, risk::forget_risks(workspace))?;
    for one in risks {
        sql!(tx, risk::insert_risk(workspace, one))?;
    }
    let counts = Counts::of(risks, today(giver.at, giver.workspace.zone));
    let data =
        json!({ "via": giver.via, "file": giver.file, "risks": risks.len(), "counts": counts });
    let intake = Intake {
        at: giver.at,
        by: giver.by,
        via: giver.via,
        file: giver.file,
        counts,
    };
    let number = sql!(tx, risk::list_intakes(workspace))?.len();
    let number = i64::try_from(number).unwrap_or(i64::MAX - 1) + 1;
    sql!(tx, risk::insert_intake(workspace, number, &intake))?;
    let happening = Happening {
        workspace,
        at: intake.at,
        actor: intake.by,
        kind: "risks-taken-in",
        record: "risk register".to_owned(),
        data,
    };
    log(tx, happening).await?;
    Ok(counts)
}

/// The register with how it stood at the last review, if it was ever taken in.
pub async fn register(conn: &mut Conn, workspace: Uuid) -> Result<Option<Register>> {
    let mut intakes = sql!(conn, risk::list_intakes(workspace))?;
    let Some(last) = intakes.pop() else {
        return Ok(None);
    };
    let reviews = sql!(conn, review::list_reviews(workspace))?;
    // The newest first.
    let held = reviews.iter().find(|review| review.was_held());
    let before = held.and_then(|review| {
        let by_then = |intake: &&Intake| intake.at.date_naive() <= review.on;
        intakes.iter().rev().find(by_then).cloned()
    });
    Ok(Some(Register {
        risks: sql!(conn, risk::list_risks(workspace))?,
        last,
        before,
    }))
}
