//! Files that people give with a command. They lie at an address that anybody may fetch.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::FakeDiscord;
use super::story::{Person, Sight};
use super::wire::Shared;
use super::world::World;

/// A file that a person has at hand.
pub struct Given {
    pub id: String,
    pub name: String,
    pub bytes: Bytes,
}

/// How Discord tells of it.
pub fn told(world: &World, given: &Given) -> Value {
    let base = world.gateway.replacen("ws://", "http://", 1);
    let url = format!("{base}/ephemeral-attachments/{}/{}", given.id, given.name);
    json!({
        "id": given.id, "filename": given.name, "size": given.bytes.len(), "url": url,
        "proxy_url": url, "content_type": "application/octet-stream", "ephemeral": true,
    })
}

pub async fn download(
    State(shared): State<Arc<Shared>>,
    Path((id, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let found = shared.change(|world| {
        world
            .calls
            .push(("download".to_owned(), json!({ "name": name })));
        if headers.contains_key(header::AUTHORIZATION) {
            world
                .violations
                .push("the token was sent where files lie".to_owned());
        }
        let given = world
            .given
            .iter()
            .find(|given| !world.lost && given.id == id && given.name == name);
        given.map(|given| given.bytes.clone())
    });
    match found {
        Some(bytes) => bytes.into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

impl Person {
    /// Has a file at hand: it can be given by its name as an option of a command.
    pub fn has(&self, name: &str, bytes: &[u8]) {
        self.discord.change(|world| {
            let given = Given {
                id: world.id(),
                name: name.to_owned(),
                bytes: Bytes::copy_from_slice(bytes),
            };
            world.given.retain(|known| known.name != name);
            world.given.push(given);
        });
    }

    /// Types a command with a file, and waits for what comes of it.
    pub async fn gives(&self, line: &str, (field, name, bytes): (&str, &str, &[u8])) -> Sight {
        self.has(name, bytes);
        self.types(&format!("{line} {field}:{name}")).await
    }
}

impl FakeDiscord {
    /// How often a file was fetched.
    pub fn downloads(&self) -> usize {
        let of_a_file = |(route, _): &&(String, Value)| route == "download";
        self.shared
            .look(|world| world.calls.iter().filter(of_a_file).count())
    }

    /// What people had at hand is not there any more when it is fetched.
    pub fn loses_files(&self) {
        self.change(|world| world.lost = true);
    }
}
