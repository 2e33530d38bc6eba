//! Slack's Web API: what each method takes, refuses and does.

use serde_json::{Value, json};

use super::limits::{self, No, only};
use super::views;
use super::world::{File, Seen, World};

pub type Answer = Result<Value, No>;

/// Method, the scope it wants, the arguments it knows.
const METHODS: [(&str, &str, &[&str]); 19] = [
    ("auth.test", "", &[]),
    ("apps.connections.open", "", &[]),
    (
        "chat.postMessage",
        "chat:write",
        &[
            "channel",
            "text",
            "blocks",
            "metadata",
            "thread_ts",
            "unfurl_links",
            "unfurl_media",
        ],
    ),
    (
        "chat.update",
        "chat:write",
        &["channel", "ts", "text", "blocks", "metadata"],
    ),
    (
        "chat.postEphemeral",
        "chat:write",
        &["channel", "user", "text", "blocks"],
    ),
    ("conversations.open", "im:write", &["users"]),
    (
        "conversations.history",
        "channels:history",
        &[
            "channel",
            "cursor",
            "limit",
            "inclusive",
            "include_all_metadata",
            "latest",
            "oldest",
        ],
    ),
    (
        "conversations.replies",
        "channels:history",
        &[
            "channel",
            "ts",
            "cursor",
            "limit",
            "inclusive",
            "include_all_metadata",
            "latest",
            "oldest",
        ],
    ),
    ("pins.add", "pins:write", &["channel", "timestamp"]),
    ("pins.remove", "pins:write", &["channel", "timestamp"]),
    ("conversations.info", "channels:read", &["channel"]),
    ("users.info", "users:read", &["user", "include_locale"]),
    ("views.open", "", &["trigger_id", "view"]),
    ("views.update", "", &["view_id", "view", "hash"]),
    ("views.publish", "", &["user_id", "view", "hash"]),
    ("chat.getPermalink", "", &["channel", "message_ts"]),
    (
        "files.getUploadURLExternal",
        "files:write",
        &["filename", "length", "alt_txt"],
    ),
    (
        "files.completeUploadExternal",
        "files:write",
        &[
            "files",
            "channel_id",
            "initial_comment",
            "blocks",
            "thread_ts",
        ],
    ),
    ("files.info", "files:read", &["file"]),
];

/// Does what is asked, or says why not.
pub fn call(world: &mut World, method: &str, args: &Value, base: &str) -> Answer {
    let Some((_, scope, known)) = METHODS.iter().find(|(name, ..)| *name == method) else {
        return Err(("unknown_method", method.to_owned()));
    };
    if !scope.is_empty() && !world.scopes.contains(*scope) {
        return Err(("missing_scope", (*scope).to_owned()));
    }
    only(args, known).map_err(|why| ("invalid_arguments", why))?;
    match method {
        "auth.test" => Ok(json!({
            "url": "https://sample.slack.example/", "team": "Sample Ltd", "user": "isms",
            "team_id": world.acting, "user_id": world.bot(), "bot_id": "B0BOT", "is_enterprise_install": false,
        })),
        "apps.connections.open" => {
            let ticket = format!("ticket-{}", world.next());
            world.tickets.insert(ticket.clone());
            let base = base.replacen("http://", "ws://", 1);
            Ok(json!({ "url": format!("{base}/link?ticket={ticket}") }))
        }
        "chat.postMessage" => post_message(world, args),
        "chat.update" => update(world, args),
        "chat.postEphemeral" => post_ephemeral(world, args),
        "conversations.open" => open_direct(world, args),
        "conversations.history" => history(world, args),
        "conversations.replies" => replies(world, args),
        "conversations.info" => {
            let id = word(args, "channel")?;
            let channel = world.channel(id).ok_or(no("channel_not_found"))?;
            Ok(
                json!({ "channel": { "id": id, "name": channel.name, "is_archived": channel.archived } }),
            )
        }
        "pins.add" => pin(world, args, true),
        "pins.remove" => pin(world, args, false),
        "users.info" => user(world, args),
        "views.open" => views::open(world, args),
        "views.update" => views::update(world, args),
        "views.publish" => views::publish(world, args),
        "chat.getPermalink" => permalink(world, args),
        "files.getUploadURLExternal" => upload_address(world, args, base),
        "files.info" => super::given::info(world, args),
        "files.completeUploadExternal" => complete(world, args),
        _ => Err(no("unknown_method")),
    }
}

pub fn no(word: &'static str) -> No {
    (word, String::new())
}

pub fn word<'a>(args: &'a Value, key: &str) -> Result<&'a str, No> {
    let missing = || ("invalid_arguments", format!("{key} is missing or no text"));
    args[key]
        .as_str()
        .filter(|word| !word.is_empty())
        .ok_or_else(missing)
}

/// The channel, if the bot may post there.
fn postable(world: &World, id: &str) -> Result<(), No> {
    let channel = world.channel(id);
    let channel = channel.ok_or(("channel_not_found", id.to_owned()))?;
    if channel.archived {
        return Err(no("is_archived"));
    }
    if !channel.members.contains(world.bot()) {
        return Err(no("not_in_channel"));
    }
    Ok(())
}

/// Fresh pictures are refused for a while.
fn developed(world: &mut World, args: &Value) -> Result<(), No> {
    let none = Vec::new();
    let blocks = args["blocks"].as_array().unwrap_or(&none);
    if world.slow_pictures > 0 && blocks.iter().any(|block| block["type"] == "image") {
        world.slow_pictures -= 1;
        return Err(("invalid_blocks", "the picture is still being read".into()));
    }
    Ok(())
}

fn post_message(world: &mut World, args: &Value) -> Answer {
    let channel = word(args, "channel")?.to_owned();
    postable(world, &channel)?;
    limits::message(world, args)?;
    developed(world, args)?;
    let thread = args["thread_ts"].as_str();
    if let Some(thread) = thread {
        let messages = &world.channels[&channel].messages;
        if !messages.iter().any(|m| m["ts"] == thread) {
            return Err(no("thread_not_found"));
        }
    }
    if !args["metadata"].is_null() {
        let bad = |why: String| ("invalid_metadata_format", why);
        let metadata = only(&args["metadata"], &["event_type", "event_payload"]).map_err(bad)?;
        if !metadata["event_payload"].is_object() {
            return Err(("invalid_metadata_format", "event_payload".into()));
        }
    }
    let ts = world.ts();
    let mut message = json!({ "type": "message", "user": world.bot(), "bot_id": "B0BOT", "team": world.acting, "ts": ts });
    for key in ["text", "blocks", "metadata", "thread_ts"] {
        if !args[key].is_null() {
            message[key] = args[key].clone();
        }
    }
    world
        .channels
        .get_mut(&channel)
        .unwrap()
        .messages
        .push(message.clone());
    Ok(json!({ "channel": channel, "ts": ts, "message": message }))
}

fn update(world: &mut World, args: &Value) -> Answer {
    let (channel, ts) = (
        word(args, "channel")?.to_owned(),
        word(args, "ts")?.to_owned(),
    );
    postable(world, &channel)?;
    limits::message(world, args)?;
    developed(world, args)?;
    let bot = world.bot();
    let messages = &mut world.channels.get_mut(&channel).unwrap().messages;
    let found = messages.iter_mut().find(|m| m["ts"] == ts.as_str());
    let message = found.ok_or(no("message_not_found"))?;
    if message["user"] != bot {
        return Err(no("cant_update_message"));
    }
    message["text"] = args["text"].clone();
    message["blocks"] = args["blocks"].clone();
    message["edited"] = json!({ "user": bot, "ts": ts });
    Ok(json!({ "channel": channel, "ts": ts, "text": args["text"], "message": message }))
}

fn pin(world: &mut World, args: &Value, on: bool) -> Answer {
    let (channel, ts) = (word(args, "channel")?, word(args, "timestamp")?);
    postable(world, channel)?;
    let stands = world.channels[channel].messages.iter();
    if !stands.into_iter().any(|m| m["ts"] == ts) {
        return Err(no("message_not_found"));
    }
    let pins = &mut world.channels.get_mut(channel).unwrap().pins;
    match (pins.iter().position(|pinned| pinned == ts), on) {
        (Some(_), true) => return Err(no("already_pinned")),
        (None, false) => return Err(no("no_pin")),
        (None, true) => pins.push(ts.to_owned()),
        (Some(at), false) => drop(pins.remove(at)),
    }
    Ok(json!({}))
}

fn post_ephemeral(world: &mut World, args: &Value) -> Answer {
    let (channel, person) = (
        word(args, "channel")?.to_owned(),
        word(args, "user")?.to_owned(),
    );
    postable(world, &channel)?;
    if !world.channels[&channel].members.contains(&person) {
        return Err(no("user_not_in_channel"));
    }
    limits::message(world, args)?;
    developed(world, args)?;
    let message_ts = world.ts();
    let message = json!({ "ts": message_ts, "text": args["text"], "blocks": args["blocks"] });
    world.show(&person, Seen::Ephemeral { channel, message });
    Ok(json!({ "message_ts": message_ts }))
}

fn open_direct(world: &mut World, args: &Value) -> Answer {
    let person = word(args, "users")?.to_owned();
    let member = world.member(&person).ok_or(no("user_not_found"))?;
    if member.bot {
        return Err(no("cannot_dm_bot"));
    }
    if member.gone {
        return Err(no("user_disabled"));
    }
    Ok(json!({ "channel": { "id": world.direct(&person) } }))
}

/// Newest first, threads left out.
fn history(world: &World, args: &Value) -> Answer {
    let channel = readable(world, args)?;
    let top = |m: &&Value| m["thread_ts"].is_null() || m["thread_ts"] == m["ts"];
    let found: Vec<&Value> = world.channels[channel]
        .messages
        .iter()
        .rev()
        .filter(top)
        .collect();
    Ok(page(&found, args))
}

/// The first message, then its answers, oldest first.
fn replies(world: &World, args: &Value) -> Answer {
    let channel = readable(world, args)?;
    let ts = word(args, "ts")?;
    let in_thread = |m: &&Value| m["ts"] == ts || m["thread_ts"] == ts;
    let found: Vec<&Value> = world.channels[channel]
        .messages
        .iter()
        .filter(in_thread)
        .collect();
    if found.is_empty() {
        return Err(no("thread_not_found"));
    }
    Ok(page(&found, args))
}

fn readable<'a>(world: &World, args: &'a Value) -> Result<&'a str, No> {
    let id = word(args, "channel")?;
    let channel = world.channel(id).ok_or(no("channel_not_found"))?;
    if !channel.members.contains(world.bot()) {
        return Err(no("not_in_channel"));
    }
    Ok(id)
}

fn page(found: &[&Value], args: &Value) -> Value {
    let number = |key: &str| args[key].as_str().and_then(|n| n.parse::<usize>().ok());
    let (from, limit) = (
        number("cursor").unwrap_or(0),
        number("limit").unwrap_or(100),
    );
    let with_metadata = args["include_all_metadata"] == "true";
    let shown = found.iter().skip(from).take(limit).map(|message| {
        let mut message = (*message).clone();
        if !with_metadata {
            message.as_object_mut().unwrap().remove("metadata");
        }
        message
    });
    let next = if from + limit < found.len() {
        (from + limit).to_string()
    } else {
        String::new()
    };
    json!({
        "messages": shown.collect::<Vec<_>>(), "has_more": !next.is_empty(),
        "response_metadata": { "next_cursor": next },
    })
}

fn user(world: &World, args: &Value) -> Answer {
    let id = word(args, "user")?;
    let member = world.member(id).ok_or(no("user_not_found"))?;
    Ok(json!({ "user": {
        "id": id, "team_id": member.team, "name": id.to_lowercase(), "real_name": member.name,
        "tz": member.zone, "is_admin": member.admin, "is_bot": member.bot, "deleted": member.gone,
        "profile": { "real_name": member.name, "display_name": "" },
    } }))
}

fn permalink(world: &World, args: &Value) -> Answer {
    let (id, ts) = (word(args, "channel")?, word(args, "message_ts")?);
    let channel = world.channel(id).ok_or(no("channel_not_found"))?;
    if !channel.messages.iter().any(|m| m["ts"] == ts) {
        return Err(no("message_not_found"));
    }
    let dotless = ts.replace('.', "");
    let permalink = format!("https://sample.slack.example/archives/{id}/p{dotless}");
    Ok(json!({ "channel": id, "permalink": permalink }))
}

fn upload_address(world: &mut World, args: &Value, base: &str) -> Answer {
    let length = word(args, "length")?
        .parse()
        .map_err(|_| ("invalid_arguments", "length".into()))?;
    let name = word(args, "filename")?.to_owned();
    if args["alt_txt"]
        .as_str()
        .is_some_and(|alt| alt.chars().count() > 1000)
    {
        return Err(no("alt_txt_too_large"));
    }
    let id = format!("F{}", world.next());
    world.files.insert(
        id.clone(),
        File {
            name,
            length,
            bytes: None,
            complete: false,
        },
    );
    Ok(json!({ "upload_url": format!("{base}/upload/{id}"), "file_id": id }))
}

fn complete(world: &mut World, args: &Value) -> Answer {
    let files = args["files"]
        .as_array()
        .filter(|f| !f.is_empty())
        .ok_or(no("invalid_arguments"))?;
    for file in files {
        only(file, &["id", "title"]).map_err(|why| ("invalid_arguments", why))?;
        let known = world
            .files
            .get(word(file, "id")?)
            .ok_or(no("file_not_found"))?;
        if known.bytes.is_none() {
            return Err(no("file_not_found"));
        }
    }
    if let Some(channel) = args["channel_id"].as_str() {
        postable(world, channel)?;
        if !args["blocks"].is_null() {
            limits::blocks(world, &args["blocks"], limits::Surface::Message)?;
        }
        let ts = world.ts();
        let mut message =
            json!({ "type": "message", "user": world.bot(), "ts": ts, "text": "", "files": files });
        for key in ["blocks", "thread_ts"] {
            if !args[key].is_null() {
                message[key] = args[key].clone();
            }
        }
        world
            .channels
            .get_mut(channel)
            .unwrap()
            .messages
            .push(message);
    }
    for file in files {
        world.files.get_mut(word(file, "id")?).unwrap().complete = true;
    }
    Ok(json!({ "files": files }))
}
