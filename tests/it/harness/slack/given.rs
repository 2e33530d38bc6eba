//! Files that people attach to forms: a file input holds them, a submit tells of them, and the bot
//! fetches them with its token.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::{Value, json};

use super::limits::{Checked, only};
use super::methods::{Answer, no, word};
use super::story::Modal;
use super::wire::{Shared, authorized, bearer};
use super::world::World;

/// A file as its person gave it.
#[derive(Clone)]
pub struct Given {
    pub team: String,
    pub name: String,
    pub bytes: Bytes,
}

/// How a submit tells of a file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Telling {
    Wholly,
    /// By its id only, as of a file that came over a shared channel.
    Barely,
}

/// The element of a form.
pub fn input(element: &Value) -> Checked {
    only(element, &["type", "action_id", "filetypes", "max_files"])?;
    match element["max_files"].as_u64() {
        None | Some(1..=10) => Ok(()),
        Some(most) => Err(format!("max_files {most}")),
    }
}

/// What a submit carries for an input.
pub fn state(world: &World, id: Option<&str>) -> Value {
    let files = id.map(|id| match world.telling {
        Telling::Wholly => told(world, id),
        Telling::Barely => json!({ "id": id, "file_access": "check_file_info" }),
    });
    json!({ "type": "file_input", "files": files.as_slice() })
}

fn told(world: &World, id: &str) -> Value {
    let given = &world.given[id];
    let url = format!("{}/files-pri/{}-{id}", world.base, given.team);
    json!({
        "id": id, "name": given.name, "title": given.name, "mimetype": "application/octet-stream",
        "size": given.bytes.len(), "mode": "hosted", "is_external": false,
        "url_private": format!("{url}/{}", given.name),
        "url_private_download": format!("{url}/download/{}", given.name),
    })
}

pub fn info(world: &World, args: &Value) -> Answer {
    let id = word(args, "file")?;
    let given = world
        .given
        .get(id)
        .filter(|given| given.team == world.acting);
    given.ok_or(no("file_not_found"))?;
    Ok(json!({ "file": told(world, id) }))
}

/// Whoever may not read it is sent to sign in.
pub async fn download(
    State(shared): State<Arc<Shared>>,
    Path((place, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let found = shared.change(|world| {
        world
            .calls
            .push(("download".to_owned(), json!({ "name": name })));
        let acting = authorized(world, "download", bearer(&headers).as_deref()).ok()?;
        let (team, id) = place.split_once('-')?;
        let given = world.given.get(id).filter(|given| given.team == team)?;
        let may = acting == team && world.scopes.contains("files:read") && given.name == name;
        may.then(|| given.bytes.clone())
    });
    match found {
        Some(bytes) => {
            let kind = [(header::CONTENT_TYPE, "application/octet-stream")];
            (StatusCode::OK, kind, bytes).into_response()
        }
        None => Redirect::to("https://slack.example/signin").into_response(),
    }
}

impl Modal {
    /// Puts a file into an input of the form, as far as it takes one.
    pub fn attaches(self, field: &str, name: &str, bytes: &[u8]) -> Self {
        assert_eq!(self.kind(field), "file_input", "{field} takes no file");
        self.by.slack.change(|world| {
            let id = format!("F{}", world.next());
            let given = Given {
                team: self.by.team.clone(),
                name: name.to_owned(),
                bytes: Bytes::copy_from_slice(bytes),
            };
            world.given.insert(id.clone(), given);
            let view = world.views.get_mut(&self.id).unwrap();
            view.typed.insert(field.to_owned(), id);
        });
        self
    }
}
