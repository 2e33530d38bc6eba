//! Socket Mode: hello, envelopes, acknowledgements, disconnects.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::mpsc::unbounded_channel;

use super::limits::{self, only};
use super::views;
use super::wire::Shared;
use super::world::{Envelope, Order, Seen, Socket, World, inputs};

#[derive(Deserialize)]
pub struct Link {
    ticket: String,
}

pub async fn link(
    State(shared): State<Arc<Shared>>,
    Query(link): Query<Link>,
    upgrade: WebSocketUpgrade,
) -> Response {
    // A ticket opens one socket.
    if !shared.change(|world| world.tickets.remove(&link.ticket)) {
        return StatusCode::FORBIDDEN.into_response();
    }
    upgrade.on_upgrade(move |socket| talk(shared, socket))
}

async fn talk(shared: Arc<Shared>, mut socket: WebSocket) {
    let (to, mut orders) = unbounded_channel();
    let (id, hello) = shared.change(|world| {
        let id = world.next();
        world.sockets.insert(id, Socket { to, open: true });
        let open = world.sockets.values().filter(|s| s.open).count();
        (
            id,
            json!({
                "type": "hello", "num_connections": open, "connection_info": { "app_id": "A0ISMS" },
                "debug_info": { "host": "applink-fake", "approximate_connection_time": 18060 },
            }),
        )
    });
    if socket
        .send(Message::Text(hello.to_string().into()))
        .await
        .is_ok()
    {
        shared.change(|world| world.hellos += 1);
        loop {
            tokio::select! {
                order = orders.recv() => match order {
                    Some(Order::Send(frame)) => {
                        if socket.send(Message::Text(frame.into())).await.is_err() {
                            break;
                        }
                    }
                    Some(Order::Drop) | None => break,
                },
                said = socket.recv() => match said {
                    Some(Ok(Message::Text(frame))) => shared.change(|world| acknowledged(world, &frame)),
                    Some(Ok(Message::Close(_)) | Err(_)) | None => break,
                    Some(Ok(_)) => {}
                },
            }
        }
    }
    shared.change(|world| drop(world.sockets.remove(&id)));
}

pub fn takes_payload(kind: &str, payload: &Value) -> bool {
    let form = matches!(
        payload["type"].as_str(),
        Some("view_submission" | "block_suggestion")
    );
    kind == "slash_commands" || form
}

/// Sends an envelope over one of the open sockets. `None` if there is none.
pub fn deliver(
    world: &mut World,
    kind: &str,
    payload: &Value,
    view: Option<String>,
) -> Option<String> {
    let open: Vec<u64> = world
        .sockets
        .iter()
        .filter(|(_, s)| s.open)
        .map(|(id, _)| *id)
        .collect();
    if open.is_empty() {
        return None;
    }
    let n = world.next();
    let envelope = format!("envelope-{n}");
    let takes_payload = takes_payload(kind, payload);
    let frame = json!({
        "type": kind, "envelope_id": envelope, "payload": payload,
        "accepts_response_payload": takes_payload,
    });
    let socket = &world.sockets[&open[n as usize % open.len()]];
    let frame = frame.to_string();
    socket.to.send(Order::Send(frame.clone())).ok()?;
    let sent = Envelope {
        frame,
        sent: Instant::now(),
        acked: None,
        late: false,
        takes_payload,
        view,
    };
    world.envelopes.insert(envelope.clone(), sent);
    Some(envelope)
}

/// An acknowledgement: of an envelope that was sent, once, in time, with a payload where one is
/// taken.
fn acknowledged(world: &mut World, frame: &str) {
    let checked = check(world, frame);
    if let Err(why) = checked {
        world
            .violations
            .push(format!("acknowledgement {frame}: {why}"));
    }
}

fn check(world: &mut World, frame: &str) -> Result<(), String> {
    let ack: Value = serde_json::from_str(frame).map_err(|e| e.to_string())?;
    only(&ack, &["envelope_id", "payload"])?;
    let id = ack["envelope_id"].as_str().ok_or("no envelope_id")?;
    let envelope = world.envelopes.get_mut(id).ok_or("no such envelope")?;
    if envelope.acked.is_some() {
        return Err("acknowledged twice".into());
    }
    envelope.acked = Some(ack["payload"].clone());
    envelope.late = envelope.sent.elapsed().as_millis() > 3000;
    if !ack["payload"].is_null() && !envelope.takes_payload {
        return Err("a payload where none is taken".into());
    }
    let view = envelope.view.clone();
    answered(world, view, &ack["payload"])
}

/// What the answer does: to the form that was submitted, or as what is offered.
pub fn answered(world: &mut World, view: Option<String>, payload: &Value) -> Result<(), String> {
    world.acting = match view.as_ref().and_then(|view| world.views.get(view)) {
        Some(view) => view.team.clone(),
        None => world.acting.clone(),
    };
    if !payload["options"].is_null() {
        return limits::offered(world, payload);
    }
    match view {
        Some(view) => submitted(world, &view, payload),
        None => Ok(()),
    }
}

/// What the answer does to the view that was submitted.
pub fn submitted(world: &mut World, id: &str, payload: &Value) -> Result<(), String> {
    match payload["response_action"].as_str() {
        None if payload.is_null() => close(world, id),
        Some("clear") => close(world, id),
        Some("update") => {
            only(payload, &["response_action", "view"])?;
            limits::view(world, &payload["view"])
                .map_err(|(word, why)| format!("{word}: {why}"))?;
            views::replace(world, id, &payload["view"]);
        }
        Some("errors") => {
            let errors = only(payload, &["response_action", "errors"])?["errors"].as_object();
            let errors = errors.filter(|e| !e.is_empty()).ok_or("no errors")?.clone();
            let view = world.views.get_mut(id).ok_or("no such view")?;
            let blocks: Vec<String> = inputs(&view.json).into_iter().map(|(b, _)| b).collect();
            view.errors.clear();
            for (block, error) in errors {
                let error = error
                    .as_str()
                    .filter(|e| !e.is_empty())
                    .ok_or("an empty error")?;
                if !blocks.contains(&block) {
                    return Err(format!(
                        "an error for {block}, which is no input of the view"
                    ));
                }
                view.errors.insert(block, error.to_owned());
            }
            let person = view.person.clone();
            world.show(
                &person,
                Seen::Modal {
                    view: id.to_owned(),
                },
            );
        }
        other => return Err(format!("response_action {other:?}")),
    }
    Ok(())
}

fn close(world: &mut World, id: &str) {
    if let Some(view) = world.views.get_mut(id) {
        view.open = false;
        view.errors.clear();
    }
}
