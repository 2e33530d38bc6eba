//! A step taken back: what it changed becomes what it was, by new events.

use super::command::Step;
use super::rules::{PutBack, Taken, UNDONE};
use crate::app::{Ctx, Result};
use crate::people::settings::{self, Settings};
use crate::people::{People, Role, RoleFrom, area, roles};
use crate::sql;
use crate::store::Tx;
use crate::{kpi, review};

/// Puts back what a step changed, as far as nobody has changed it since.
pub async fn put_back(ctx: &Ctx, tx: &mut Tx, taken: &Taken) -> Result<()> {
    let workspace = ctx.workspace.id;
    match &taken.put_back {
        PutBack::Nothing => {}
        PutBack::Settings { was } => set(ctx, tx, taken.step, was).await?,
        PutBack::Kpis { begun } => {
            for key in begun {
                let known = sql!(tx, kpi::find_kpi(workspace, key))?;
                if known.is_some_and(|kpi| kpi.paused.is_none()) {
                    kpi::flow::put_paused(ctx, tx, key, Some(UNDONE)).await?;
                }
            }
        }
        PutBack::Owners { were } => {
            for (name, was) in were {
                if area::flow::owner(tx, workspace, name).await? != *was {
                    area::flow::hand(ctx, tx, name, *was).await?;
                }
            }
        }
        PutBack::Auditor {
            person,
            was,
            competence,
        } => {
            let people = People(sql!(tx, people::list_people(workspace))?);
            let person = people.find(*person);
            if let (Some((role, from)), Some(person)) = (was, person)
                && person.role == Role::Auditor
            {
                give_back(ctx, tx, person, (*role, *from)).await?;
            }
            if let (Some(number), Some(person)) = (competence, person) {
                roles::flow::withdraw(ctx, tx, person.id, *number).await?;
            }
        }
        PutBack::Reviews { was, first } => {
            set(ctx, tx, taken.step, was).await?;
            if let Some(first) = first {
                review::plan::flow::end_series(ctx, tx).await?;
                review::plan::flow::call_off(ctx, tx, *first, UNDONE).await?;
            }
        }
    }
    Ok(())
}

/// The settings that a step is about, as they were; the others stay.
async fn set(ctx: &Ctx, tx: &mut Tx, step: Step, was: &Settings) -> Result<()> {
    let workspace = sql!(tx, people::load_workspace(ctx.workspace.id))?;
    let now = Settings::of(&workspace);
    let was = was.clone();
    let settings = match step {
        Step::Zone => Settings {
            zone: was.zone,
            working_days: was.working_days,
            ..now
        },
        Step::Channels => Settings {
            channel: was.channel,
            audit_channel: was.audit_channel,
            alert_channel: was.alert_channel,
            ..now
        },
        Step::Reviews => Settings {
            reviews: was.reviews,
            ..now
        },
        _ => now,
    };
    settings::put(ctx, tx, workspace, settings).await?;
    Ok(())
}

/// The role before, and where it came from.
async fn give_back(
    ctx: &Ctx,
    tx: &mut Tx,
    person: &crate::people::Person,
    (role, from): (Role, RoleFrom),
) -> Result<()> {
    let reason = Some(UNDONE.to_owned());
    roles::flow::change(ctx, tx, person, (role, reason)).await?;
    sql!(tx, roles::set_role(ctx.workspace.id, person.id, role, from))?;
    Ok(())
}
