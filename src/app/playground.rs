//! The playground, wired: who lives there comes from the people room, what can be typed from the
//! grammar, what is posted from the outbox.

use std::sync::Arc;

use futures::FutureExt;
use uuid::Uuid;

use super::{App, Result};
use crate::chat::{Act, Inbound, Platform, Speaker};
use crate::people::{self, Role, Workspace};
use crate::playground::{
    Channel, Completer, Handler, Messages, Parts, Person, Playground, Roster, WORKSPACE,
};
use crate::sql;

/// Who lives in a new playground: one person of each role. Platform id, name, role.
const PEOPLE: [(&str, &str, Role); 5] = [
    ("mara", "Mara Lindqvist", Role::Manager),
    ("ben", "Ben Okafor", Role::Auditor),
    ("lea", "Léa Fournier", Role::Leader),
    ("ann", "Ann Becker", Role::Member),
    ("iris", "Iris Novak", Role::Reader),
];

/// The channels of a new playground; the first is the workspace's own.
const CHANNELS: [(&str, &str); 2] = [
    ("isms", "Measuring, auditing, reviewing, correcting"),
    ("security-alerts", "What somebody should look at now"),
];

/// Makes the playground ready and lets the outbox post to it.
pub async fn open(app: &App, complete: Completer) -> Result<Playground> {
    settle(app).await?;
    let known = app.clone();
    let directory = move || {
        let app = known.clone();
        async move { roster(&app).await }.boxed()
    };
    let playground = Playground::new(Parts {
        clock: app.clock.clone(),
        directory: Arc::new(directory),
        messages: Messages::new(app.store.clone()),
        complete,
    });
    app.connect(Platform::Playground, Arc::new(playground.clone()));
    Ok(playground)
}

/// What answers the acts of its pages.
pub fn handler(app: &App) -> Handler {
    let app = app.clone();
    Arc::new(move |inbound| {
        let app = app.clone();
        async move { app.handle(inbound).await }.boxed()
    })
}

/// Gives a playground its people and channels, where it has none yet.
pub async fn settle(app: &App) -> Result<()> {
    let mut conn = app.store.read().await?;
    let known = sql!(
        conn,
        people::find_workspace(Platform::Playground, WORKSPACE)
    )?;
    let people = match &known {
        Some(workspace) => sql!(conn, people::list_people(workspace.id))?,
        None => vec![],
    };
    drop(conn);
    let mut workspace = known;
    if people.is_empty() {
        for (id, name, role) in PEOPLE {
            let ctx = people::flow::arrive(app, &first_steps(id, name, role)).await?;
            if ctx.person.role != role {
                let person = people::Person { role, ..ctx.person };
                let mut tx = app.store.write(ctx.workspace.id).await?;
                people::flow::save(&mut tx, app, ctx.workspace.id, &person).await?;
                tx.commit().await?;
            }
            workspace = Some(ctx.workspace);
        }
    }
    let Some(workspace) = workspace else {
        return Ok(());
    };
    let messages = Messages::new(app.store.clone());
    if messages.channels(workspace.id).await?.is_empty() {
        let channels = CHANNELS.map(|(id, about)| Channel {
            id: id.to_owned(),
            about: about.to_owned(),
        });
        messages.save_channels(workspace.id, &channels).await?;
    }
    if workspace.channel.is_none() {
        give_channel(app, workspace).await?;
    }
    Ok(())
}

/// The act of somebody who is there and does nothing.
fn first_steps(id: &str, name: &str, role: Role) -> Inbound {
    Inbound {
        event: Uuid::now_v7().to_string(),
        platform: Platform::Playground,
        workspace: WORKSPACE.to_owned(),
        speaker: Speaker {
            id: id.to_owned(),
            name: Some(name.to_owned()),
            zone: None,
            admin: Some(role == Role::Manager),
        },
        channel: CHANNELS[0].0.to_owned(),
        act: Act::Typed(String::new()),
    }
}

async fn give_channel(app: &App, workspace: Workspace) -> Result<()> {
    let workspace = Workspace {
        channel: Some(CHANNELS[0].0.to_owned()),
        ..workspace
    };
    let mut tx = app.store.write(workspace.id).await?;
    sql!(tx, people::update_workspace(&workspace))?;
    tx.commit().await
}

async fn roster(app: &App) -> Result<Roster> {
    let mut conn = app.store.read().await?;
    let found = sql!(
        conn,
        people::find_workspace(Platform::Playground, WORKSPACE)
    )?;
    let Some(workspace) = found else {
        return Ok(Roster::default());
    };
    let people = sql!(conn, people::list_people(workspace.id))?;
    let channels = sql!(conn, playground::list_channels(workspace.id))?;
    let present = people.into_iter().filter(|person| person.present);
    let mut present: Vec<_> = present.collect();
    present.sort_by_key(|person| person.role);
    Ok(Roster {
        workspace: workspace.id,
        name: workspace.name.clone(),
        people: present
            .iter()
            .map(|person| resident(person, &workspace))
            .collect(),
        channels,
    })
}

fn resident(person: &people::Person, workspace: &Workspace) -> Person {
    let role = match person.role {
        Role::Manager => "ISMS manager",
        Role::Auditor => "internal auditor",
        Role::Leader => "top management",
        Role::Member => "member",
        Role::Reader => "external auditor",
    };
    Person {
        id: person.external.clone(),
        name: person.name.clone(),
        role: role.to_owned(),
        zone: person.zone_in(workspace),
    }
}
