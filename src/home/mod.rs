//! Where one person stands, in one card: what they owe, what they put off, who is away, and what
//! comes next. It has no records of its own; it asks the rooms.

pub mod card;

use card::{Home, SetUp};

use crate::app::{Ctx, Result};
use crate::chat::Reply;
use crate::people::Role;
use crate::presence::{absence, link};
use crate::schedule::owed;
use crate::sql;
use crate::{kpi, status};

/// Answers `home`.
pub async fn run(ctx: &Ctx) -> Result<Reply> {
    let today = ctx.today();
    let mut conn = ctx.read().await?;
    let people = ctx.people(&mut conn).await?;
    let digest = kpi::digest::flow::gather(&mut conn, &ctx.workspace, ctx.now).await?;
    let absences = absence::from_day(&mut conn, ctx.workspace.id, today).await?;
    let troubles = match ctx.person.role {
        Role::Manager => sql!(conn, presence::list_troubles(ctx.workspace.id))?.len(),
        _ => 0,
    };
    let home = Home {
        set_up: set_up(ctx),
        owed: owed::with_absent(&mut conn, &ctx.workspace, &ctx.person, today).await?,
        elsewhere: link::waiting(&mut conn, ctx).await?,
        own_absence: absences
            .0
            .iter()
            .find(|absence| absence.person == ctx.person.id)
            .cloned(),
        away: crate::presence::card::who_is_away(&absences, today, &people, Some(ctx.person.id)),
        next_audit: digest.next_audit,
        next_review: status::flow::next_review(&mut conn, ctx).await?,
        troubles,
        today,
    };
    Ok(card::home(&home).into())
}

/// Whether the person still has to set the workspace up.
pub fn set_up(ctx: &Ctx) -> SetUp {
    match (ctx.person.role, ctx.workspace.set_up_at) {
        (Role::Manager, None) => SetUp::Unfinished,
        _ => SetUp::NothingToDo,
    }
}
