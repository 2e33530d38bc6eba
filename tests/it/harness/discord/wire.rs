//! HTTP in front of the fake: tokens, faults, bodies with and without files, answers with the
//! headers of the rate limit.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Map, Value, json};
use tokio::sync::watch;

use super::gateway;
use super::given;
use super::no::No;
use super::routes;
use super::world::{Fault, File, TOKEN, World};

const MEGABYTE: usize = 1024 * 1024;

pub struct Shared {
    world: Mutex<World>,
    changed: watch::Sender<u64>,
    pub address: SocketAddr,
}

/// A request's body.
#[derive(Default)]
pub struct Asked {
    pub body: Value,
    /// New files; their ids are the numbers they were sent under.
    pub files: Vec<File>,
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
}

/// What happened lately, for the message of a failed test.
fn report(world: &World) -> String {
    let calls = world.calls.iter().rev().take(12);
    let calls: Vec<&str> = calls.map(|(route, _)| route.as_str()).collect();
    format!(
        "last calls: {calls:?}\nrefusals: {:#?}\nviolations: {:#?}",
        world.refusals, world.violations
    )
}

pub async fn serve() -> Arc<Shared> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let shared = Arc::new(Shared {
        world: Mutex::new(World::new(format!("ws://{address}"))),
        changed: watch::Sender::new(0),
        address,
    });
    let router = Router::new()
        .route("/", get(gateway::link))
        .route("/ephemeral-attachments/{id}/{name}", get(given::download))
        .fallback(api)
        .layer(DefaultBodyLimit::disable())
        .with_state(shared.clone());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    shared
}

async fn api(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (method, path) = (
        request.method().to_string(),
        request.uri().path().to_owned(),
    );
    let query = pairs(request.uri().query().unwrap_or_default());
    let headers = request.headers().clone();
    let found = path
        .strip_prefix("/api/v10")
        .and_then(|path| routes::route(&method, path));
    let Some((route, gaps)) = found else {
        return refuse(&shared, &format!("{method} {path}"), &routes::not_there());
    };
    let asked = match read(request).await {
        Ok(asked) => asked,
        Err(no) => return refuse(&shared, route, &no),
    };
    let told = if method == "GET" {
        query.clone()
    } else {
        asked.body.clone()
    };
    let fault = shared.change(|world| {
        world.calls.push((route.to_owned(), told));
        world.fault_of(route)
    });
    let call = || {
        shared.change(|world| {
            authorized(world, route, &headers)?;
            routes::call(world, (route, &gaps), (&asked, &query))
        })
    };
    match fault {
        Some(Fault::Limited(seconds)) => limited(&shared, (route, seconds), false),
        Some(Fault::LimitedEverywhere(seconds)) => limited(&shared, (route, seconds), true),
        Some(Fault::Status(status)) => {
            shared.change(|world| world.count_invalid(status));
            StatusCode::from_u16(status).unwrap().into_response()
        }
        Some(Fault::Code(code, status)) => {
            shared.change(|world| world.count_invalid(status));
            let message = "Refused by the story";
            answer(status, &No::new(status, code, message).body())
        }
        Some(Fault::Silent) => std::future::pending().await,
        Some(Fault::DoneThenSilent) => {
            call().expect("what is done in silence is done");
            std::future::pending().await
        }
        Some(Fault::Exhausted(_)) | None => {
            let left = match fault {
                Some(Fault::Exhausted(seconds)) => (0, f64::from(seconds)),
                _ => (49, 1.0),
            };
            let mut response = match call() {
                Ok(Value::Null) => StatusCode::NO_CONTENT.into_response(),
                Ok(done) => answer(status_of(route), &done),
                Err(no) => refuse(&shared, route, &no),
            };
            bucket(response.headers_mut(), route, left);
            response
        }
    }
}

fn status_of(route: &str) -> u16 {
    match route.starts_with("POST") && route.ends_with("/threads") {
        true => 201,
        false => 200,
    }
}

fn answer(status: u16, body: &Value) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (
        StatusCode::from_u16(status).unwrap(),
        kind,
        body.to_string(),
    )
        .into_response()
}

/// Tells why not, and remembers it.
fn refuse(shared: &Shared, route: &str, no: &No) -> Response {
    shared.change(|world| {
        world.count_invalid(no.status);
        if no.violation {
            world.violations.push(format!("{route}: {}", no.detail()));
        }
        world
            .refusals
            .push((route.to_owned(), no.code, no.detail()));
    });
    answer(no.status, &no.body())
}

fn limited(shared: &Shared, (route, seconds): (&str, u32), everywhere: bool) -> Response {
    shared.change(|world| world.count_invalid(429));
    let body = json!({
        "message": "You are being rate limited.", "retry_after": f64::from(seconds),
        "global": everywhere,
    });
    let mut response = answer(429, &body);
    let headers = response.headers_mut();
    headers.insert(header::RETRY_AFTER, seconds.into());
    let scope = if everywhere { "global" } else { "user" };
    headers.insert("x-ratelimit-scope", scope.parse().unwrap());
    if everywhere {
        headers.insert("x-ratelimit-global", "true".parse().unwrap());
    } else {
        bucket(headers, route, (0, f64::from(seconds)));
    }
    response
}

/// The headers of the rate limit. Answers to interactions have none.
fn bucket(headers: &mut HeaderMap, route: &str, (left, reset): (u32, f64)) {
    if route.contains(" /interactions/") || route.starts_with("GET /gateway") {
        return;
    }
    let name = route
        .bytes()
        .fold(7_u64, |sum, byte| sum.wrapping_mul(31) + u64::from(byte));
    for (key, value) in [
        ("x-ratelimit-limit", "50".to_owned()),
        ("x-ratelimit-remaining", left.to_string()),
        ("x-ratelimit-reset-after", format!("{reset:.3}")),
        ("x-ratelimit-bucket", format!("{name:016x}")),
    ] {
        headers.insert(key, value.parse().unwrap());
    }
}

fn authorized(world: &mut World, route: &str, headers: &HeaderMap) -> Result<(), No> {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let agent = header(header::USER_AGENT).unwrap_or_default();
    if !agent.starts_with("DiscordBot (") {
        world
            .violations
            .push(format!("{route}: User-Agent {agent:?}"));
    }
    let given = header(header::AUTHORIZATION).and_then(|value| value.strip_prefix("Bot "));
    let good = given == Some(TOKEN) && !world.token_revoked;
    match good || !routes::wants_token(route) {
        true => Ok(()),
        false => Err(No::new(401, 0, "401: Unauthorized")),
    }
}

fn pairs(query: &str) -> Value {
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    let pairs = pairs.map(|(key, value)| (key.into_owned(), Value::String(value.into_owned())));
    Value::Object(pairs.collect::<Map<_, _>>())
}

fn kind_of(headers: &HeaderMap) -> String {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok());
    kind.unwrap_or_default().to_owned()
}

/// The body: JSON, or a form of `payload_json` and files.
async fn read(request: Request) -> Result<Asked, No> {
    let kind = kind_of(request.headers());
    let large = || No::new(413, 40005, "Request entity too large");
    let json = |bytes: &[u8]| {
        let bad = |_| No::new(400, 50109, "The request body contains invalid JSON.");
        serde_json::from_slice::<Value>(bytes).map_err(bad)
    };
    let (parts, body) = request.into_parts();
    let bytes = axum::body::to_bytes(body, 25 * MEGABYTE)
        .await
        .map_err(|_| large())?;
    if bytes.is_empty() {
        return Ok(Asked::default());
    }
    if kind == "application/json" {
        return Ok(Asked {
            body: json(&bytes)?,
            files: Vec::new(),
        });
    }
    if !kind.starts_with("multipart/form-data") {
        let message = "Expected \"Content-Type\" header to be one of {'application/json'}.";
        return Err(No::new(400, 50035, message));
    }
    let form = Request::from_parts(parts, Body::from(bytes));
    let mut asked = Asked::default();
    let mut sent = parts_of(form).await?;
    if let Some((_, payload)) = sent.remove("payload_json") {
        asked.body = json(&payload)?;
    }
    for (name, ((file, kind), bytes)) in sent {
        let number = name
            .strip_prefix("files[")
            .and_then(|rest| rest.strip_suffix(']'));
        let fits = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        match number {
            Some(_) if bytes.len() > 10 * MEGABYTE => return Err(large()),
            Some(number) if !file.is_empty() && file.chars().all(fits) => asked.files.push(File {
                id: number.to_owned(),
                name: file,
                description: None,
                kind,
                bytes,
            }),
            _ => return Err((name, format!("no part for this, or no file name: {file:?}")).into()),
        }
    }
    asked.files.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(asked)
}

type Part = ((String, String), Bytes);

async fn parts_of(request: Request) -> Result<HashMap<String, Part>, No> {
    let bad = |_| No::new(400, 50035, "Invalid multipart form");
    let mut form = match Multipart::from_request(request, &()).await {
        Ok(form) => form,
        Err(_) => return Err(No::new(400, 50035, "Invalid multipart form")),
    };
    let mut parts = HashMap::new();
    while let Some(field) = form.next_field().await.map_err(bad)? {
        let word = |word: Option<&str>| word.unwrap_or_default().to_owned();
        let (name, file) = (word(field.name()), word(field.file_name()));
        let kind = word(field.content_type());
        parts.insert(name, ((file, kind), field.bytes().await.map_err(bad)?));
    }
    Ok(parts)
}

impl World {
    fn count_invalid(&mut self, status: u16) {
        self.invalid_requests += u32::from(matches!(status, 401 | 403 | 429));
    }
}
