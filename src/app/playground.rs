//! The playground, wired: who lives there comes from the people room, what can be typed from the
//! grammar, what is posted from the outbox.

use std::sync::Arc;

use futures::FutureExt;
use uuid::Uuid;

use super::{App, Result};
use crate::chat::{Act, Inbound, Platform, Speaker};
use crate::command::completions;
use crate::people::{self, Role, RoleFrom, Workspace};
use crate::playground::{Channel, Handler, Messages, Parts, Person, Playground, Roster, WORKSPACE};
use crate::sql;

/// Who lives in a new playground: one person of each role. Platform id, name, role.
const PEOPLE: [(&str, &str, Role); 5] = [
    ("mara", "Mara Lindqvist", Role::Manager),
    ("ben", "Ben Okafor", Role::Auditor),
    ("lea", "Léa Fournier", Role::Leader),
    ("ann", "Ann Becker", Role::Member),
    ("iris", "Iris Novak", Role::Reader),
];

/// What a new playground is called.
const NAME: &str = "Your company";

/// The channels of a new playground; the first is the workspace's own.
const CHANNELS: [(&str, &str); 2] = [
    ("isms", "Measuring, auditing, reviewing, correcting"),
    ("security-alerts", "What somebody should look at now"),
];

/// Makes the playground, and lets the outbox post to it.
pub fn connect(app: &App) -> Playground {
    let known = app.clone();
    let directory = move || {
        let app = known.clone();
        async move { roster(&app).await }.boxed()
    };
    let known = app.clone();
    let complete = move |person, so_far| {
        let app = known.clone();
        async move { complete(&app, person, so_far).await }.boxed()
    };
    let playground = Playground::new(Parts {
        clock: app.clock.clone(),
        directory: Arc::new(directory),
        messages: Messages::new(app.store.clone()),
        complete: Arc::new(complete),
    });
    app.connect(Platform::Playground, Arc::new(playground.clone()));
    playground
}

/// What answers the acts of its pages.
pub fn handler(app: &App) -> Handler {
    let app = app.clone();
    Arc::new(move |inbound| {
        let app = app.clone();
        async move { app.handle(inbound).await }.boxed()
    })
}

/// Gives a playground its people and its channel, where it has none yet.
pub async fn settle(app: &App) -> Result<()> {
    let mut conn = app.store.read().await?;
    let found = sql!(
        conn,
        people::find_workspace(Platform::Playground, WORKSPACE)
    )?;
    let people = match &found {
        Some(workspace) => sql!(conn, people::list_people(workspace.id))?,
        None => vec![],
    };
    drop(conn);
    if !people.is_empty() {
        return Ok(());
    }
    for (id, name, role) in PEOPLE {
        let ctx = people::flow::arrive(app, &arrival(id, Some(name))).await?;
        let mut tx = app.store.write(ctx.workspace.id).await?;
        let person = people::Person {
            role,
            role_from: RoleFrom::Grant,
            ..ctx.person
        };
        people::flow::save(&mut tx, app, ctx.workspace.id, &person).await?;
        if ctx.workspace.name == WORKSPACE {
            let workspace = Workspace {
                name: NAME.to_owned(),
                channel: ctx.workspace.channel.or(Some(CHANNELS[0].0.to_owned())),
                ..ctx.workspace
            };
            sql!(tx, people::update_workspace(&workspace))?;
        }
        tx.commit().await?;
    }
    Ok(())
}

/// How a command may go on, for one who types it.
async fn complete(app: &App, person: String, so_far: String) -> Result<Vec<(String, String)>> {
    let ctx = people::flow::arrive(app, &arrival(&person, None)).await?;
    let known = ctx.known_with_records().await?;
    let steps = completions(&so_far, &known);
    Ok(steps
        .into_iter()
        .filter(|step| people::rights::may_say(&ctx.person, &step.text, &known))
        .map(|step| (step.text, step.about))
        .collect())
}

/// The act of somebody who is there and does nothing.
fn arrival(id: &str, name: Option<&str>) -> Inbound {
    Inbound {
        event: Uuid::now_v7().to_string(),
        platform: Platform::Playground,
        workspace: WORKSPACE.to_owned(),
        speaker: Speaker {
            id: id.to_owned(),
            name: name.map(str::to_owned),
            zone: None,
            admin: None,
        },
        channel: CHANNELS[0].0.to_owned(),
        act: Act::Typed(String::new()),
        files: Vec::new(),
    }
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
        channels: channels(&workspace),
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

/// The playground's own, and those the workspace chose besides.
fn channels(workspace: &Workspace) -> Vec<Channel> {
    let chosen = [
        &workspace.channel,
        &workspace.audit_channel,
        &workspace.alert_channel,
    ];
    let mut other: Vec<&str> = Vec::new();
    for id in chosen.into_iter().filter_map(Option::as_deref) {
        let known = CHANNELS.iter().any(|(known, _)| *known == id) || other.contains(&id);
        if !known && !id.starts_with('@') {
            other.push(id);
        }
    }
    let other = other.into_iter().map(|id| (id, "What concerns everybody"));
    let all = other.chain(CHANNELS);
    all.map(|(id, about)| Channel {
        id: id.to_owned(),
        about: about.to_owned(),
    })
    .collect()
}
