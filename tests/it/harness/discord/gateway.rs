//! The gateway: hello, identify or resume, heartbeats, events, and all the ways in which it ends.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::sync::mpsc::unbounded_channel;

use super::no::only;
use super::objects;
use super::wire::Shared;
use super::world::{BOT, Order, Session, Socket, TOKEN, World};

pub const GUILDS: u64 = 1;
pub const DIRECT_MESSAGES: u64 = 1 << 12;
/// Members, presences, the content of messages.
const PRIVILEGED: u64 = 1 << 1 | 1 << 8 | 1 << 15;

pub async fn link(
    State(shared): State<Arc<Shared>>,
    RawQuery(query): RawQuery,
    upgrade: WebSocketUpgrade,
) -> Response {
    let query = query.unwrap_or_default();
    let known = ["v=10", "encoding=json"];
    let strange = query.split('&').find(|part| !known.contains(part));
    if strange.is_some() || !query.contains("v=10") {
        shared.change(|world| {
            world
                .violations
                .push(format!("gateway asked for {query:?}"));
        });
        return axum::http::StatusCode::BAD_REQUEST.into_response();
    }
    upgrade.on_upgrade(move |socket| talk(shared, socket))
}

async fn talk(shared: Arc<Shared>, mut socket: WebSocket) {
    let (to, mut orders) = unbounded_channel();
    let (id, hello) = shared.change(|world| {
        let id = world.next();
        world.sockets.insert(id, Socket { to, session: None });
        let hello = json!({
            "op": 10, "s": null, "t": null, "d": { "heartbeat_interval": world.heartbeat },
        });
        (id, hello)
    });
    let mut pace = Pace::default();
    let mut up = socket.send(text(&hello.to_string())).await.is_ok();
    while up {
        tokio::select! {
            order = orders.recv() => match order {
                Some(Order::Send(frame)) => up = socket.send(text(&frame)).await.is_ok(),
                Some(Order::Close(code, reason)) => {
                    close(&mut socket, code, reason).await;
                    up = false;
                }
                Some(Order::Drop) | None => up = false,
            },
            said = socket.recv() => match said {
                Some(Ok(Message::Text(frame))) => shared.change(|world| {
                    if let Err((code, why)) = heard(world, id, (&frame, &mut pace)) {
                        let socket = &world.sockets[&id];
                        let _ = socket.to.send(Order::Close(code, why));
                    }
                }),
                Some(Ok(Message::Close(frame))) => {
                    // Said goodbye: there is nothing to resume.
                    if frame.is_some_and(|frame| matches!(frame.code, 1000 | 1001)) {
                        shared.change(|world| world.sessions.retain(|_, s| s.socket != Some(id)));
                    }
                    up = false;
                }
                Some(Err(_)) | None => up = false,
                Some(Ok(_)) => {}
            },
        }
    }
    shared.change(|world| {
        world.sockets.remove(&id);
        for session in world.sessions.values_mut() {
            session.socket = session.socket.filter(|of| *of != id);
        }
    });
}

/// Says why, and waits for the other side to go.
async fn close(socket: &mut WebSocket, code: u16, reason: &'static str) {
    let frame = CloseFrame {
        code,
        reason: reason.into(),
    };
    if socket.send(Message::Close(Some(frame))).await.is_ok() {
        while let Some(Ok(_)) = socket.recv().await {}
    }
}

fn text(frame: &str) -> Message {
    Message::Text(frame.into())
}

/// At most 120 frames in a minute.
#[derive(Default)]
struct Pace {
    began: Option<Instant>,
    frames: u32,
}

impl Pace {
    fn fits(&mut self) -> bool {
        let began = *self.began.get_or_insert_with(Instant::now);
        if began.elapsed().as_secs() >= 60 {
            *self = Pace::default();
        }
        self.frames += 1;
        self.frames <= 120
    }
}

type Closed = (u16, &'static str);

/// What the bot sends.
fn heard(world: &mut World, socket: u64, (frame, pace): (&str, &mut Pace)) -> Result<(), Closed> {
    let violate = |world: &mut World, closed: Closed| {
        world
            .violations
            .push(format!("gateway: {}: {frame}", closed.1));
        Err(closed)
    };
    let begun = world.sockets[&socket].session.is_some();
    let said: Value = match serde_json::from_str(frame) {
        Ok(said) if frame.len() <= 4096 && only(&said, &["op", "d", "s", "t"]).is_ok() => said,
        _ => return violate(world, (4002, "Decode error.")),
    };
    if !pace.fits() {
        return violate(world, (4008, "Rate limited."));
    }
    match (said["op"].as_u64(), begun) {
        (Some(1), _) => {
            world.heartbeats += 1;
            send(
                world,
                socket,
                &json!({ "op": 11, "s": null, "t": null, "d": null }),
            );
            Ok(())
        }
        (Some(2), false) => identify(world, socket, &said["d"]),
        (Some(6), false) => resume(world, socket, &said["d"]),
        (Some(3), true) => Ok(()),
        (Some(2 | 6), true) => violate(world, (4005, "Already authenticated.")),
        (Some(3 | 8), false) => violate(world, (4003, "Not authenticated.")),
        _ => violate(world, (4001, "Unknown opcode.")),
    }
}

/// The library says `Bot` before the token here too, and Discord forgives it.
fn knows(world: &World, token: &Value) -> bool {
    let token = token.as_str().unwrap_or_default();
    token.trim_start_matches("Bot ") == TOKEN && !world.token_revoked
}

fn identify(world: &mut World, socket: u64, said: &Value) -> Result<(), Closed> {
    world.identifies += 1;
    if !knows(world, &said["token"]) {
        return Err((4004, "Authentication failed."));
    }
    if said["shard"] != json!([0, 1]) && !said["shard"].is_null() {
        world
            .violations
            .push(format!("one shard is enough: {}", said["shard"]));
        return Err((4010, "Invalid shard."));
    }
    let Some(intents) = said["intents"].as_u64() else {
        return Err((4013, "Invalid intent(s)."));
    };
    if intents & PRIVILEGED != 0 {
        world
            .violations
            .push(format!("privileged intents are asked for: {intents:#b}"));
    }
    if intents & PRIVILEGED != 0 || world.intents_refused {
        return Err((4014, "Disallowed intent(s)."));
    }
    let id = format!("{:032x}", world.next());
    let session = Session {
        intents,
        seq: 0,
        sent: Vec::new(),
        socket: Some(socket),
    };
    world.sessions.insert(id.clone(), session);
    world.sockets.get_mut(&socket).unwrap().session = Some(id.clone());
    let here = |world: &World| -> Vec<String> {
        let guilds = world.guilds.iter();
        let in_it = guilds.filter(|(_, guild)| guild.members.contains(BOT));
        in_it.map(|(id, _)| id.clone()).collect()
    };
    let guilds = here(world);
    let unavailable: Vec<Value> = guilds
        .iter()
        .map(|id| json!({ "id": id, "unavailable": true }))
        .collect();
    let ready = json!({
        "v": 10, "user": objects::user(world, BOT), "guilds": unavailable, "session_id": id,
        "resume_gateway_url": world.gateway, "shard": [0, 1],
        "application": { "id": BOT, "flags": 0 },
    });
    tell(world, &id, ("READY", &ready));
    for guild in guilds.iter().filter(|_| intents & GUILDS != 0) {
        let created = objects::guild_created(world, guild);
        tell(world, &id, ("GUILD_CREATE", &created));
    }
    world.hellos += 1;
    Ok(())
}

fn resume(world: &mut World, socket: u64, said: &Value) -> Result<(), Closed> {
    world.resumes += 1;
    if !knows(world, &said["token"]) {
        return Err((4004, "Authentication failed."));
    }
    if world.resumes_unanswered {
        return Ok(());
    }
    let id = said["session_id"].as_str().unwrap_or_default().to_owned();
    let Some(session) = world.sessions.get_mut(&id) else {
        send(
            world,
            socket,
            &json!({ "op": 9, "s": null, "t": null, "d": false }),
        );
        return Ok(());
    };
    let seq = said["seq"].as_u64().unwrap_or_default();
    if seq > session.seq {
        return Err((4007, "Invalid seq."));
    }
    session.socket = Some(socket);
    let missed: Vec<String> = session
        .sent
        .iter()
        .filter(|(of, _)| *of > seq)
        .map(|(_, frame)| frame.clone())
        .collect();
    world.sockets.get_mut(&socket).unwrap().session = Some(id.clone());
    for frame in missed {
        let _ = world.sockets[&socket].to.send(Order::Send(frame));
    }
    tell(world, &id, ("RESUMED", &json!({})));
    world.hellos += 1;
    Ok(())
}

fn send(world: &World, socket: u64, frame: &Value) {
    let _ = world.sockets[&socket]
        .to
        .send(Order::Send(frame.to_string()));
}

/// Sends one session an event; if it is not connected, it gets it when it resumes.
fn tell(world: &mut World, session: &str, (event, data): (&str, &Value)) {
    let session = world.sessions.get_mut(session).unwrap();
    session.seq += 1;
    let frame = json!({ "op": 0, "s": session.seq, "t": event, "d": data }).to_string();
    session.sent.push((session.seq, frame.clone()));
    if let Some(socket) = session.socket.and_then(|id| world.sockets.get(&id)) {
        let _ = socket.to.send(Order::Send(frame));
    }
}

/// Sends an event to every session that asked for its kind (0: to all).
pub fn dispatch(world: &mut World, event: &str, intent: u64, data: &Value) {
    let wants = |(_, session): &(&String, &Session)| intent == 0 || session.intents & intent != 0;
    let sessions: Vec<String> = world
        .sessions
        .iter()
        .filter(wants)
        .map(|(id, _)| id.clone())
        .collect();
    for session in sessions {
        tell(world, &session, (event, data));
    }
}

/// Whether anyone hears what is sent now.
pub fn is_heard(world: &World) -> bool {
    world
        .sessions
        .values()
        .any(|session| session.socket.is_some())
}
