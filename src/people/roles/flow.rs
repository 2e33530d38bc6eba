//! Load, decide, save and enqueue, in one transaction.

use serde_json::json;
use uuid::Uuid;

use super::card::{self, Standing};
use super::command::{GrantRole, RoleCommand};
use super::rules::{self, Competence, Qualified, RoleChange, Training};
use crate::app::{Ctx, Result, UserError};
use crate::chat::{Card, Reply};
use crate::outbox::{self, Job, Subject, To};
use crate::people::{People, Person, Role, RoleFrom, Workspace};
use crate::presence::trouble;
use crate::record::files;
use crate::sql;
use crate::store::{Conn, Tx};

/// Carries out what was said about roles.
pub async fn run(ctx: &Ctx, command: RoleCommand) -> Result<Reply> {
    match command {
        RoleCommand::List => list(ctx).await,
        RoleCommand::Grant(grant) => give(ctx, grant).await,
        RoleCommand::Revoke { person, reason } => {
            revoke(ctx, person.0, reason.map(|reason| reason.0)).await
        }
    }
}

async fn list(ctx: &Ctx) -> Result<Reply> {
    let workspace = ctx.workspace.id;
    let mut conn = ctx.read().await?;
    let standing = Standing {
        people: ctx.people(&mut conn).await?,
        changes: sql!(conn, roles::list_changes(workspace))?,
        competence: sql!(conn, roles::list_competence(workspace))?,
        today: ctx.today(),
        zone: ctx.zone(),
    };
    Ok(card::listed(&standing, &ctx.workspace).into())
}

async fn give(ctx: &Ctx, grant: GrantRole) -> Result<Reply> {
    let training = grant.shown.training(ctx.today())?;
    let mut tx = ctx.write().await?;
    let people = People(sql!(tx, people::list_people(ctx.workspace.id))?);
    let person = present(&people, grant.person.0)?;
    let allowed = rules::check(&people, person, grant.role);
    // Who has the role already may still have been trained.
    let stays = person.role == grant.role && person.role_from == RoleFrom::Grant;
    if !(stays && training.is_some()) {
        allowed?;
        change(ctx, &mut tx, person, (grant.role, None)).await?;
    }
    if let Some(training) = &training {
        record(ctx, &mut tx, person.id, training).await?;
    }
    let recorded = sql!(tx, roles::list_competence(ctx.workspace.id))?;
    tx.commit().await?;
    let qualified = rules::qualified(&recorded, person.id, ctx.today());
    Ok(card::granted(person, grant.role, training.as_ref(), qualified).into())
}

async fn revoke(ctx: &Ctx, person: Uuid, reason: Option<String>) -> Result<Reply> {
    let mut tx = ctx.write().await?;
    let people = People(sql!(tx, people::list_people(ctx.workspace.id))?);
    let person = present(&people, person)?;
    if person.role == Role::Member {
        let text = format!(
            "{} is a member; there is no role to take back.",
            person.name
        );
        return Err(UserError::at("person", text)
            .button("Show roles", "role list")
            .into());
    }
    rules::check(&people, person, Role::Member)?;
    change(ctx, &mut tx, person, (Role::Member, reason)).await?;
    tx.commit().await?;
    Ok(card::revoked(person).into())
}

/// The person, if they are in the workspace.
pub fn present(people: &People, person: Uuid) -> Result<&Person, UserError> {
    people
        .find(person)
        .filter(|person| person.present)
        .ok_or_else(|| {
            let text = "This person is not in the workspace (any more); name someone who is.";
            UserError::at("person", text)
        })
}

/// The person, if something can be given to them: a reader changes nothing.
pub fn able(people: &People, person: Uuid) -> Result<&Person, UserError> {
    let person = present(people, person)?;
    if person.role == Role::Reader {
        let text = format!(
            "{} is here as a reader and can change nothing; name somebody else.",
            person.name
        );
        return Err(UserError::at("person", text));
    }
    Ok(person)
}

/// Gives a person a role, whatever it was, and tells them.
pub async fn change(
    ctx: &Ctx,
    tx: &mut Tx,
    person: &Person,
    (role, reason): (Role, Option<String>),
) -> Result<()> {
    let workspace = ctx.workspace.id;
    let kind = match role {
        Role::Member => "role-revoked",
        _ => "role-granted",
    };
    let data = json!({
        "role": role, "was": person.role, "was_from": person.role_from, "reason": reason,
    });
    sql!(
        tx,
        roles::set_role(workspace, person.id, role, RoleFrom::Grant)
    )?;
    let change = RoleChange {
        person: person.id,
        role,
        was: person.role,
        reason,
        by: ctx.person.id,
        at: ctx.now,
    };
    sql!(tx, roles::insert_change(workspace, &change))?;
    ctx.log(tx, kind, person.id, data).await?;
    trouble::role_changed(tx, workspace, person.id).await?;
    // Nobody is told of their own act.
    if person.id == ctx.person.id {
        return Ok(());
    }
    let subject = Subject::RoleGiven {
        person: person.id,
        by: ctx.person.id,
    };
    let key = format!("role of {}", person.id);
    let job = Job::new(workspace, subject, key, To::Person(person.id));
    outbox::enqueue(tx, job).await
}

/// Records what shows that a person can audit; says under which number.
pub async fn record(ctx: &Ctx, tx: &mut Tx, person: Uuid, training: &Training) -> Result<i64> {
    let record = Competence {
        person,
        number: 0,
        training: training.clone(),
        by: ctx.person.id,
        at: ctx.now,
    };
    let workspace = ctx.workspace.id;
    if let Some(file) = &training.file {
        files::name_of(tx, workspace, file).await?;
    }
    let number = sql!(tx, roles::insert_competence(workspace, &record, None))?;
    let data = json!({ "number": number, "shown": training });
    ctx.log(tx, "competence-recorded", person, data).await?;
    Ok(number)
}

/// Takes a record of competence back, by a row that says so.
pub async fn withdraw(ctx: &Ctx, tx: &mut Tx, person: Uuid, number: i64) -> Result<()> {
    let workspace = ctx.workspace.id;
    let records = sql!(tx, roles::list_competence(workspace))?;
    let own = |record: &&Competence| record.person == person && record.number == number;
    let Some(record) = records.iter().find(own) else {
        return Ok(());
    };
    let record = Competence {
        by: ctx.person.id,
        at: ctx.now,
        ..record.clone()
    };
    sql!(
        tx,
        roles::insert_competence(workspace, &record, Some(number))
    )?;
    ctx.log(
        tx,
        "competence-withdrawn",
        person,
        json!({ "number": number }),
    )
    .await
}

/// Whether a person has shown that they can audit.
pub async fn qualified(ctx: &Ctx, conn: &mut Conn, person: Uuid) -> Result<Qualified> {
    let records = sql!(conn, roles::list_competence(ctx.workspace.id))?;
    Ok(rules::qualified(&records, person, ctx.today()))
}

/// To someone whose role was changed: the one they have now.
pub async fn given(
    conn: &mut Conn,
    workspace: &Workspace,
    (person, by): (Uuid, Uuid),
) -> Result<Option<Card>> {
    let people = People(sql!(conn, people::list_people(workspace.id))?);
    let person = people.find(person);
    Ok(person.map(|person| card::given(person.role, &people, by)))
}
