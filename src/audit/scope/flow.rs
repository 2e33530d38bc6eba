//! Load, decide, save and enqueue, in one transaction.

use chrono::Datelike;
use serde_json::json;

use super::card::{self, Touched};
use super::command::{Applies, SetScope};
use super::rules::{Applicability, Line, Said, read};
use crate::app::{Ctx, Result, UserError};
use crate::audit::programme;
use crate::audit::rules::State;
use crate::chat::Reply;
use crate::command::value::{ControlName, FileRef};
use crate::kpi::batch::rules::Wrong;
use crate::record::files;
use crate::sql;
use crate::store::{Conn, Tx};

/// What the log calls the statement of applicability.
const RECORD: &str = "statement of applicability";

/// Shows which controls apply.
pub async fn show(ctx: &Ctx) -> Result<Reply> {
    let mut conn = ctx.read().await?;
    let known = sql!(conn, applicability::list_applicability(ctx.workspace.id))?;
    let people = ctx.people(&mut conn).await?;
    Ok(card::shown(&known, &people).into())
}

/// Says of one control whether it applies, or imports the whole statement.
pub async fn set(ctx: &Ctx, said: SetScope) -> Result<Reply> {
    match (said.control.clone(), said.file.clone()) {
        (_, Some(file)) => import(ctx, &file, said.commit).await,
        (Some(control), None) => set_one(ctx, control, said).await,
        (None, None) => {
            let text = "Name a control, or attach the statement of applicability as a CSV file.";
            Err(UserError::at("control", text).into())
        }
    }
}

fn refused(wrong: Wrong) -> UserError {
    UserError::at(wrong.field, wrong.why)
}

async fn set_one(ctx: &Ctx, control: ControlName, said: SetScope) -> Result<Reply> {
    let Some(applies) = said.applies else {
        let text = "Say whether it applies: yes or no.";
        return Err(UserError::at("applies", text).into());
    };
    let said = Said {
        control,
        applies: applies == Applies::Yes,
        reason: said.reason.map(|reason| reason.0),
    };
    said.check().map_err(refused)?;
    let mut tx = ctx.write().await?;
    let known = sql!(tx, applicability::list_applicability(ctx.workspace.id))?;
    if !said.changes(&known) {
        let text = format!("That is known of {} already.", said.control);
        return Err(UserError::at("control", text)
            .button("Show what applies", "audit scope")
            .into());
    }
    save(ctx, &mut tx, std::slice::from_ref(&said), None).await?;
    let touched = touched(ctx, &mut tx, std::slice::from_ref(&said)).await?;
    tx.commit().await?;
    Ok(card::one_set(&said, &touched).into())
}

async fn import(ctx: &Ctx, file: &FileRef, commit: bool) -> Result<Reply> {
    let workspace = ctx.workspace.id;
    if !commit {
        let mut conn = ctx.read().await?;
        let kept = files::load(&mut conn, workspace, file).await?;
        let lines = read(&kept.bytes).map_err(|wrong| UserError::at("file", wrong))?;
        let known = sql!(conn, applicability::list_applicability(workspace))?;
        return Ok(card::proposed(&kept, &lines, &known).into());
    }
    let mut tx = ctx.write().await?;
    let kept = files::load(&mut tx, workspace, file).await?;
    let lines = read(&kept.bytes).map_err(|wrong| UserError::at("file", wrong))?;
    let known = sql!(tx, applicability::list_applicability(workspace))?;
    let said: Result<Vec<Said>, ()> = lines
        .iter()
        .map(|Line { said, .. }| said.clone().map_err(drop))
        .collect();
    let Ok(mut said) = said else {
        return Ok(card::proposed(&kept, &lines, &known).into());
    };
    said.retain(|said| said.changes(&known));
    if said.is_empty() {
        return Ok(card::proposed(&kept, &lines, &known).into());
    }
    save(ctx, &mut tx, &said, Some(file)).await?;
    let touched = touched(ctx, &mut tx, &said).await?;
    tx.commit().await?;
    Ok(card::taken(&kept, &said, &touched).into())
}

async fn save(ctx: &Ctx, tx: &mut Tx, said: &[Said], file: Option<&FileRef>) -> Result<()> {
    for said in said {
        let row = Applicability {
            control: said.control.clone(),
            applies: said.applies,
            reason: said.reason.clone(),
            by: ctx.person.id,
            at: ctx.now,
            file: file.cloned(),
        };
        sql!(
            tx,
            applicability::save_applicability(ctx.workspace.id, &row)
        )?;
    }
    let controls = said.iter().map(
        |said| json!({ "control": said.control, "applies": said.applies, "reason": said.reason }),
    );
    let data = json!({ "controls": controls.collect::<Vec<_>>(), "file": file });
    ctx.log(tx, "applicability-set", RECORD, data).await
}

/// Where a programme that is planned does not fit any more to what applies.
async fn touched(ctx: &Ctx, conn: &mut Conn, said: &[Said]) -> Result<Vec<Touched>> {
    let workspace = ctx.workspace.id;
    let mut touched = Vec::new();
    for year in sql!(conn, audit::list_years(workspace))? {
        let Ok(year) = i32::try_from(year) else {
            continue;
        };
        if year < ctx.today().year() {
            continue;
        }
        let Some(plan) = programme::flow::find(conn, workspace, year).await? else {
            continue;
        };
        for said in said {
            let control = said.control.as_str();
            let has = |audit: &&crate::audit::rules::Audit| {
                audit.scope.iter().any(|reference| reference == control)
            };
            let audit = plan.audits.iter().find(has);
            match (said.applies, audit) {
                (false, Some(audit)) if audit.state == State::Planned => {
                    touched.push(Touched::StillIn(audit.name(), said.control.clone()));
                }
                (true, None) if plan.programme.excluded().any(|(out, _)| out == control) => {
                    touched.push(Touched::StillOut(year, said.control.clone()));
                }
                _ => {}
            }
        }
    }
    Ok(touched)
}
