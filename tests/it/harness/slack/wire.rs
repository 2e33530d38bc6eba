//! HTTP in front of the fake: tokens, faults, arguments, answers.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use serde_json::{Map, Value, json};
use tokio::sync::watch;

use super::given;
use super::limits;
use super::methods;
use super::oauth;
use super::socket;
use super::world::{APP_TOKEN, BOT_TOKEN, Fault, Seen, TEAM, World};

pub struct Shared {
    world: Mutex<World>,
    changed: watch::Sender<u64>,
    pub address: SocketAddr,
}

impl Shared {
    /// Looks at the world without changing it.
    pub fn look<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        look(&self.world.lock().unwrap())
    }

    /// Changes the world and wakes whoever waits for a change.
    pub fn change<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        let out = change(&mut self.world.lock().unwrap());
        self.changed.send_modify(|n| *n += 1);
        out
    }

    /// Waits until there is what is looked for; fails the test when it never comes.
    pub async fn until<T>(&self, what: &str, mut look: impl FnMut(&mut World) -> Option<T>) -> T {
        let mut changed = self.changed.subscribe();
        let wait = async {
            loop {
                if let Some(found) = look(&mut self.world.lock().unwrap()) {
                    return found;
                }
                changed.changed().await.unwrap();
            }
        };
        match tokio::time::timeout(Duration::from_secs(30), wait).await {
            Ok(found) => found,
            Err(_) => panic!("waited in vain for {what}\n{}", self.look(report)),
        }
    }

    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }
}

/// What happened lately, for the message of a failed test.
fn report(world: &World) -> String {
    let calls: Vec<&str> = world
        .calls
        .iter()
        .rev()
        .take(12)
        .map(|(m, _)| m.as_str())
        .collect();
    format!(
        "last calls: {calls:?}\nrefusals: {:#?}\nviolations: {:#?}",
        world.refusals, world.violations
    )
}

pub async fn serve() -> Arc<Shared> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let shared = Arc::new(Shared {
        world: Mutex::new(World::new(format!("http://{address}"))),
        changed: watch::Sender::new(0),
        address,
    });
    let router = Router::new()
        .route("/api/oauth.v2.access", post(oauth::access))
        .route("/api/{method}", any(api))
        .route("/upload/{file}", post(upload))
        .route("/files-pri/{place}/download/{name}", get(given::download))
        .route("/response/{address}", post(respond))
        .route("/link", get(socket::link))
        .with_state(shared.clone());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    shared
}

async fn api(
    State(shared): State<Arc<Shared>>,
    Path(method): Path<String>,
    (verb, headers): (Method, HeaderMap),
    Query(query): Query<Vec<(String, String)>>,
    body: Bytes,
) -> Response {
    let args = match arguments(&verb, &headers, (query, &body)) {
        Ok(args) => args,
        Err(word) => return refused(word),
    };
    let fault = shared.change(|world| {
        world.calls.push((method.clone(), args.clone()));
        world.fault_of(&method)
    });
    match fault {
        Some(Fault::Limited(seconds)) => {
            let wait = [(header::RETRY_AFTER, seconds.to_string())];
            let body = axum::Json(json!({ "ok": false, "error": "ratelimited" }));
            return (StatusCode::TOO_MANY_REQUESTS, wait, body).into_response();
        }
        Some(Fault::Status(status)) => {
            return StatusCode::from_u16(status).unwrap().into_response();
        }
        Some(Fault::Word(word)) => return refused(word),
        Some(Fault::Silent) => return std::future::pending().await,
        Some(Fault::DoneThenSilent) => {
            let base = shared.base();
            let done = shared.change(|world| methods::call(world, &method, &args, &base));
            done.expect("what is done in silence is done");
            return std::future::pending().await;
        }
        None => {}
    }
    let base = shared.base();
    let token = bearer(&headers);
    let answer = shared.change(|world| {
        world.acting = authorized(world, &method, token.as_deref())?;
        methods::call(world, &method, &args, &base)
    });
    match answer {
        Ok(mut answer) => {
            answer["ok"] = true.into();
            let scopes =
                shared.look(|world| world.scopes.iter().cloned().collect::<Vec<_>>().join(","));
            ([("x-oauth-scopes", scopes)], axum::Json(answer)).into_response()
        }
        Err((word, detail)) => {
            shared.change(|world| world.refusals.push((method, word.to_owned(), detail)));
            refused(word)
        }
    }
}

fn refused(word: &str) -> Response {
    axum::Json(json!({ "ok": false, "error": word })).into_response()
}

pub fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    value.strip_prefix("Bearer ").map(str::to_owned)
}

/// The team whose token it is.
pub fn authorized(world: &World, method: &str, token: Option<&str>) -> Result<String, limits::No> {
    let by_app = method == "apps.connections.open";
    let no = |word: &'static str| Err((word, String::new()));
    let home = match token {
        None => no("not_authed"),
        Some(BOT_TOKEN) if by_app => no("not_allowed_token_type"),
        Some(APP_TOKEN) if !by_app => no("not_allowed_token_type"),
        Some(BOT_TOKEN) => world.bot_token.map_err(|word| (word, String::new())),
        Some(APP_TOKEN) => world.app_token.map_err(|word| (word, String::new())),
        Some(token) => {
            let (team, good) = world
                .granted
                .get(token)
                .ok_or(("invalid_auth", String::new()))?;
            let good = good.map_err(|word| (word, String::new()));
            return good.map(|()| team.clone());
        }
    };
    home.map(|()| TEAM.to_owned())
}

fn arguments(
    verb: &Method,
    headers: &HeaderMap,
    (query, body): (Vec<(String, String)>, &Bytes),
) -> Result<Value, &'static str> {
    if *verb == Method::GET || body.is_empty() {
        let pairs = query
            .into_iter()
            .map(|(key, value)| (key, Value::String(value)));
        return Ok(Value::Object(pairs.collect::<Map<_, _>>()));
    }
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    if !kind.is_some_and(|kind| kind.starts_with("application/json")) {
        return Err("invalid_post_type");
    }
    serde_json::from_slice::<Map<_, _>>(body)
        .map(Value::Object)
        .map_err(|_| "invalid_json")
}

async fn upload(
    State(shared): State<Arc<Shared>>,
    Path(file): Path<String>,
    body: Bytes,
) -> Response {
    let taken = shared.change(|world| {
        let file = world.files.get_mut(&file)?;
        (file.length == body.len() && !body.is_empty()).then(|| file.bytes = Some(body))
    });
    match taken {
        Some(()) => "OK".into_response(),
        None => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// Five answers within half an hour to the one who acted; no token is wanted.
async fn respond(
    State(shared): State<Arc<Shared>>,
    Path(address): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Ok(args) = serde_json::from_slice::<Value>(&body) else {
        return (StatusCode::BAD_REQUEST, "invalid_payload").into_response();
    };
    let done = shared.change(|world| {
        world.calls.push(("response_url".to_owned(), args.clone()));
        match world.fault_of("response_url") {
            Some(Fault::Status(status)) => return Err((status, "")),
            Some(other) => panic!("no such fault for a response_url: {other:?}"),
            None => {}
        }
        answer(world, &address, (&headers, &args)).map_err(|(status, word, detail)| {
            world
                .refusals
                .push(("response_url".to_owned(), word.to_owned(), detail));
            (status, word)
        })
    });
    match done {
        Ok(()) => "ok".into_response(),
        Err((status, word)) => (StatusCode::from_u16(status).unwrap(), word).into_response(),
    }
}

fn answer(
    world: &mut World,
    address: &str,
    (headers, args): (&HeaderMap, &Value),
) -> Result<(), (u16, &'static str, String)> {
    if headers.contains_key(header::AUTHORIZATION) {
        return Err((400, "token_where_none_belongs", String::new()));
    }
    let known = [
        "text",
        "blocks",
        "replace_original",
        "delete_original",
        "response_type",
    ];
    limits::only(args, &known).map_err(|why| (400, "invalid_payload", why))?;
    let way = world
        .addresses
        .get(address)
        .ok_or((404, "no_such_url", String::new()))?;
    if way.expired || way.uses == 5 {
        return Err((404, "used_url", String::new()));
    }
    world.acting = world.people[&way.person].team.to_owned();
    limits::message(world, args).map_err(|(word, detail)| (400, word, detail))?;
    if world.slow_pictures > 0 && args["blocks"].to_string().contains("slack_file") {
        world.slow_pictures -= 1;
        return Err((
            400,
            "invalid_blocks",
            "the picture is still being read".into(),
        ));
    }
    let ts = world.ts();
    let way = world.addresses.get_mut(address).unwrap();
    way.uses += 1;
    let (person, channel) = (way.person.clone(), way.channel.clone());
    let message = json!({ "ts": ts, "text": args["text"], "blocks": args["blocks"] });
    world.show(&person, Seen::Ephemeral { channel, message });
    Ok(())
}
