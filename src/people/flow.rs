//! Who speaks: a workspace and a person become known when they first do.

use uuid::Uuid;

use crate::app::{App, Ctx, Result};
use crate::chat::{Inbound, Platform, Speaker, Whois};
use crate::people::{People, Person, Role, RoleFrom, Workspace, rights};
use crate::presence::gone;
use crate::record::{self, Happening};
use crate::sql;
use crate::store::Tx;

/// Finds, or makes known, the workspace and the person an act comes from.
pub async fn arrive(app: &App, inbound: &Inbound) -> Result<Ctx> {
    let mut conn = app.store.read().await?;
    let found = sql!(
        conn,
        people::find_workspace(inbound.platform, &inbound.workspace)
    )?;
    let people = match &found {
        Some(workspace) => People(sql!(conn, people::list_people(workspace.id))?),
        None => People::default(),
    };
    drop(conn);
    let workspace = match found {
        Some(workspace) => workspace,
        None => found_workspace(app, inbound).await?,
    };
    let speaker = &inbound.speaker;
    if let Some(gone) = people
        .find_by_external(&speaker.id)
        .filter(|who| !who.present)
    {
        let still = match app.chat(workspace.platform) {
            Some(chat) => chat.who(&workspace.external, &gone.external).await,
            None => Whois::Unsure,
        };
        if let Whois::Gone = still {
            return Err(rights::not_here(&people).into());
        }
    }
    let mut ctx = match people.find_by_external(&speaker.id).cloned() {
        Some(person) if !is_news(&workspace, &person, speaker) => {
            Ctx::new(app.clone(), workspace, person).among(people)
        }
        known => {
            let returned = known.is_some_and(|person| !person.present);
            let person = meet(app, &workspace, speaker).await?;
            let mut ctx = Ctx::new(app.clone(), workspace, person);
            ctx.returned = returned;
            ctx
        }
    };
    ctx.channel.clone_from(&inbound.channel);
    ctx.event = Some(inbound.event.clone());
    Ok(ctx)
}

/// Makes a workspace known, with what the configuration says it starts with.
async fn found_workspace(app: &App, inbound: &Inbound) -> Result<Workspace> {
    let defaults = &app.defaults;
    // The configured channel is of the operator's own workspace, not of one that came by installing.
    let chat = app.chat(inbound.platform);
    let is_own = chat.is_none_or(|chat| chat.is_own(&inbound.workspace));
    let channel = defaults.channels.get(&inbound.platform).filter(|_| is_own);
    let workspace = Workspace {
        channel: channel.cloned(),
        ..Workspace::new(
            inbound.platform,
            &inbound.workspace,
            (defaults.zone, defaults.working_days),
        )
    };
    let mut tx = app.store.write(workspace.id).await?;
    if sql!(tx, people::insert_workspace(&workspace))? {
        let happening = Happening {
            workspace: workspace.id,
            at: app.clock.now(),
            actor: None,
            kind: "workspace-met",
            record: workspace.platform.to_string(),
            data: serde_json::json!({ "external": workspace.external }),
        };
        record::append(&mut tx, happening).await?;
    }
    tx.commit().await?;
    let mut conn = app.store.read().await?;
    let kept = sql!(
        conn,
        people::find_workspace(inbound.platform, &inbound.workspace)
    )?;
    Ok(kept.unwrap_or(workspace))
}

/// The workspaces of a platform in which a person is known and present.
pub async fn homes(app: &App, platform: Platform, person: &str) -> Result<Vec<Workspace>> {
    let mut conn = app.store.read().await?;
    Ok(sql!(conn, people::list_homes(platform, person))?)
}

/// Takes in what a platform calls a workspace, if it is known and was called otherwise.
pub async fn name(app: &App, platform: Platform, external: &str, name: &str) -> Result<()> {
    let mut conn = app.store.read().await?;
    let found = sql!(conn, people::find_workspace(platform, external))?;
    drop(conn);
    let Some(found) = found.filter(|found| found.name != name && !name.trim().is_empty()) else {
        return Ok(());
    };
    let mut tx = app.store.write(found.id).await?;
    let mut workspace = sql!(tx, people::load_workspace(found.id))?;
    name.clone_into(&mut workspace.name);
    sql!(tx, people::update_workspace(&workspace))?;
    let happening = Happening {
        workspace: workspace.id,
        at: app.clock.now(),
        actor: None,
        kind: "workspace-named",
        record: "workspace".to_owned(),
        data: serde_json::json!({ "name": name }),
    };
    record::append(&mut tx, happening).await?;
    tx.commit().await
}

/// Whether the platform tells something of the person that we did not know.
fn is_news(workspace: &Workspace, person: &Person, speaker: &Speaker) -> bool {
    !person.present
        || person.bootstrapped(workspace, speaker.admin) != person.role
        || speaker
            .name
            .as_ref()
            .is_some_and(|name| *name != person.name)
        || speaker.zone.is_some_and(|zone| Some(zone) != person.zone)
}

/// Keeps what the platform tells of a person. What we know is read again in the transaction: a role
/// may have been given in the meantime.
async fn meet(app: &App, workspace: &Workspace, speaker: &Speaker) -> Result<Person> {
    let mut tx = app.store.write(workspace.id).await?;
    let workspace = sql!(tx, people::load_workspace(workspace.id))?;
    let people = People(sql!(tx, people::list_people(workspace.id))?);
    let name = speaker.name.clone();
    let person = match people.find_by_external(&speaker.id).cloned() {
        Some(person) => Person {
            role: person.bootstrapped(&workspace, speaker.admin),
            name: name.unwrap_or(person.name),
            zone: speaker.zone.or(person.zone),
            present: true,
            ..person
        },
        None => Person {
            id: Uuid::now_v7(),
            external: speaker.id.clone(),
            name: name.unwrap_or_else(|| speaker.id.clone()),
            zone: speaker.zone,
            // Until a workspace is set up, its administrators are its managers.
            role: workspace.bootstrap(Role::Member, speaker.admin),
            role_from: RoleFrom::Bootstrap,
            present: true,
        },
    };
    let saved = save(&mut tx, app, workspace.id, &person).await?;
    gone::is_settled(&mut tx, workspace.id, saved.id).await?;
    tx.commit().await?;
    Ok(saved)
}

/// Makes those known who are mentioned and have not spoken yet, if their platform knows them.
pub async fn meet_mentioned(ctx: &mut Ctx, mentioned: &[String]) -> Result<()> {
    for external in mentioned {
        let people = ctx.people(&mut ctx.read().await?).await?;
        if people.find_by_external(external).is_some() {
            continue;
        }
        let Some(chat) = ctx.app.chat(ctx.workspace.platform) else {
            return Ok(());
        };
        if let Whois::Known(speaker) = chat.who(&ctx.workspace.external, external).await {
            meet(&ctx.app, &ctx.workspace, &speaker).await?;
            ctx.look_again();
        }
    }
    Ok(())
}

/// Saves a person with its event.
pub async fn save(tx: &mut Tx, app: &App, workspace: Uuid, person: &Person) -> Result<Person> {
    let saved = sql!(tx, people::save_person(workspace, person))?;
    let happening = Happening {
        workspace,
        at: app.clock.now(),
        actor: None,
        kind: "person-met",
        record: saved.id.to_string(),
        data: serde_json::json!({
            "external": saved.external,
            "name": saved.name,
            "role": saved.role,
            "role_from": saved.role_from,
            "zone": saved.zone.map(|zone| zone.name()),
        }),
    };
    record::append(tx, happening).await?;
    Ok(saved)
}
