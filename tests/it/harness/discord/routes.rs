//! The endpoints of the REST API: which there are, and who does what they ask.

use serde_json::{Value, json};

use super::no::{No, only};
use super::wire::Asked;
use super::world::{BOT, World};
use super::{commands, interactions, messages, objects};

/// Route, and the names its query may have.
const ROUTES: [(&str, &[&str]); 33] = [
    ("GET /gateway", &[]),
    ("GET /gateway/bot", &[]),
    ("GET /users/@me", &[]),
    (
        "GET /users/@me/guilds",
        &["limit", "before", "after", "with_counts"],
    ),
    ("POST /users/@me/channels", &[]),
    ("GET /users/{user}", &[]),
    ("GET /applications/@me", &[]),
    ("GET /oauth2/applications/@me", &[]),
    ("GET /guilds/{guild}", &["with_counts"]),
    ("GET /guilds/{guild}/channels", &[]),
    ("GET /guilds/{guild}/members/{user}", &[]),
    ("GET /channels/{channel}", &[]),
    (
        "GET /channels/{channel}/messages",
        &["limit", "before", "after"],
    ),
    ("POST /channels/{channel}/messages", &[]),
    ("GET /channels/{channel}/messages/{message}", &[]),
    ("PATCH /channels/{channel}/messages/{message}", &[]),
    ("DELETE /channels/{channel}/messages/{message}", &[]),
    ("POST /channels/{channel}/messages/{message}/threads", &[]),
    ("PUT /channels/{channel}/pins/{message}", &[]),
    ("DELETE /channels/{channel}/pins/{message}", &[]),
    (
        "GET /applications/{application}/commands",
        &["with_localizations"],
    ),
    ("PUT /applications/{application}/commands", &[]),
    ("POST /applications/{application}/commands", &[]),
    ("DELETE /applications/{application}/commands/{command}", &[]),
    (
        "GET /applications/{application}/guilds/{guild}/commands",
        &["with_localizations"],
    ),
    (
        "PUT /applications/{application}/guilds/{guild}/commands",
        &[],
    ),
    (
        "POST /applications/{application}/guilds/{guild}/commands",
        &[],
    ),
    (
        "DELETE /applications/{application}/guilds/{guild}/commands/{command}",
        &[],
    ),
    (
        "POST /interactions/{interaction}/{token}/callback",
        &["with_response"],
    ),
    ("POST /webhooks/{application}/{token}", &["wait"]),
    (
        "GET /webhooks/{application}/{token}/messages/{message}",
        &[],
    ),
    (
        "PATCH /webhooks/{application}/{token}/messages/{message}",
        &[],
    ),
    (
        "DELETE /webhooks/{application}/{token}/messages/{message}",
        &[],
    ),
];

/// The route of a path, and what stands in its gaps.
pub fn route(method: &str, path: &str) -> Option<(&'static str, Vec<String>)> {
    let given: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let fits = |route: &&(&'static str, &[&str])| {
        let (verb, wanted) = route.0.split_once(" /").expect("a method and a path");
        let wanted: Vec<&str> = wanted.split('/').collect();
        let same = |(wanted, given): (&&str, &&str)| match wanted.starts_with('{') {
            // `@me` is nobody's id; `@original` is a message's.
            true => !given.is_empty() && *given != "@me",
            false => wanted == given,
        };
        verb == method && wanted.len() == given.len() && wanted.iter().zip(&given).all(same)
    };
    let (route, _) = ROUTES.iter().find(fits)?;
    let (_, wanted) = route.split_once(" /")?;
    let gaps = wanted
        .split('/')
        .zip(&given)
        .filter(|(w, _)| w.starts_with('{'));
    Some((route, gaps.map(|(_, given)| (*given).to_owned()).collect()))
}

/// Whether a route asks who calls.
pub fn wants_token(route: &str) -> bool {
    let by_token = [" /webhooks/", " /interactions/"];
    route != "GET /gateway" && !by_token.iter().any(|of| route.contains(of))
}

/// Does what is asked, or says why not.
pub fn call(
    world: &mut World,
    (route, gaps): (&'static str, &[String]),
    (asked, query): (&Asked, &Value),
) -> Result<Value, No> {
    let (_, known) = ROUTES.iter().find(|(known, _)| *known == route).unwrap();
    only(query, known)?;
    let gap = |n: usize| gaps[n].as_str();
    if route.contains("{application}/commands") || route.contains("{application}/guilds") {
        return register(world, (route, gaps), &asked.body);
    }
    match route {
        "GET /gateway" => Ok(json!({ "url": world.gateway })),
        "GET /gateway/bot" => {
            let left = 1000_u32.saturating_sub(world.identifies);
            Ok(
                json!({ "url": world.gateway, "shards": 1, "session_start_limit": {
                "total": 1000, "remaining": left, "reset_after": 86_400_000, "max_concurrency": 1,
            } }),
            )
        }
        "GET /users/@me" => Ok(objects::user(world, BOT)),
        "GET /users/@me/guilds" => Ok(own_guilds(world)),
        "POST /users/@me/channels" => messages::direct(world, &asked.body),
        "GET /users/{user}" => match world.people.contains_key(gap(0)) {
            true => Ok(objects::user(world, gap(0))),
            false => Err(No::new(404, 10013, "Unknown User")),
        },
        "GET /applications/@me" | "GET /oauth2/applications/@me" => Ok(objects::application(world)),
        "GET /guilds/{guild}" => {
            messages::known_guild(world, gap(0))?;
            Ok(objects::guild(world, gap(0)))
        }
        "GET /guilds/{guild}/channels" => {
            messages::known_guild(world, gap(0))?;
            Ok(objects::guild_created(world, gap(0))["channels"].clone())
        }
        "GET /guilds/{guild}/members/{user}" => messages::member(world, gap(0), gap(1)),
        "GET /channels/{channel}" => {
            messages::seen(world, gap(0))?;
            Ok(objects::channel(world, gap(0)))
        }
        "GET /channels/{channel}/messages" => messages::list(world, gap(0), query),
        "POST /channels/{channel}/messages" => messages::post(world, gap(0), asked),
        "GET /channels/{channel}/messages/{message}" => {
            messages::standing(world, gap(0), gap(1))?;
            Ok(objects::message(world, gap(1)))
        }
        "PATCH /channels/{channel}/messages/{message}" => {
            messages::patch(world, (gap(0), gap(1)), asked)
        }
        "DELETE /channels/{channel}/messages/{message}" => messages::delete(world, gap(0), gap(1)),
        "POST /channels/{channel}/messages/{message}/threads" => {
            messages::thread(world, (gap(0), gap(1)), &asked.body)
        }
        "PUT /channels/{channel}/pins/{message}" => messages::pin(world, (gap(0), gap(1)), true),
        "DELETE /channels/{channel}/pins/{message}" => {
            messages::pin(world, (gap(0), gap(1)), false)
        }
        "POST /interactions/{interaction}/{token}/callback" => {
            interactions::callback(world, (gap(0), gap(1)), asked)
        }
        "POST /webhooks/{application}/{token}" => {
            interactions::follow_up(world, (gap(0), gap(1)), asked)
        }
        "GET /webhooks/{application}/{token}/messages/{message}" => {
            interactions::look(world, (gap(0), gap(1)), gap(2))
        }
        "PATCH /webhooks/{application}/{token}/messages/{message}" => {
            interactions::edit(world, (gap(0), gap(1)), (gap(2), asked))
        }
        "DELETE /webhooks/{application}/{token}/messages/{message}" => {
            interactions::delete(world, (gap(0), gap(1)), gap(2))
        }
        _ => Err(not_there()),
    }
}

pub fn not_there() -> No {
    No::new(404, 0, "404: Not Found")
}

/// The commands of everywhere, or of one server.
fn register(
    world: &mut World,
    (route, gaps): (&str, &[String]),
    body: &Value,
) -> Result<Value, No> {
    if gaps[0] != BOT {
        return Err(No::new(404, 10002, "Unknown Application"));
    }
    let of_guild = route.contains("/guilds/");
    let guild = if of_guild { gaps[1].as_str() } else { "" };
    if of_guild && messages::known_guild(world, guild).is_err() {
        return Err(No::new(403, 50001, "Missing Access"));
    }
    match route.split(' ').next() {
        Some("GET") => Ok(commands::all(world, guild)),
        Some("PUT") => commands::put(world, guild, body),
        Some("POST") => commands::post(world, guild, body),
        _ => commands::delete(world, guild, gaps.last().unwrap()).map(|()| Value::Null),
    }
}

fn own_guilds(world: &World) -> Value {
    let here = world
        .guilds
        .iter()
        .filter(|(_, guild)| guild.members.contains(BOT));
    let told = here.map(|(id, guild)| {
        json!({
            "id": id, "name": guild.name, "icon": null, "banner": null, "owner": false,
            "permissions": "0", "features": [],
        })
    });
    told.collect()
}

pub fn is_known(route: &str) -> bool {
    ROUTES.iter().any(|(known, _)| *known == route)
}
