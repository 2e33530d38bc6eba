//! Messages: posted, edited, listed, deleted; threads and direct conversations.

use serde_json::{Map, Value, json};

use super::gateway;
use super::limits::{self, Way};
use super::no::No;
use super::objects;
use super::wire::Asked;
use super::world::{BOT, File, Message, World};

fn unknown(code: i64, what: &str) -> No {
    No::new(404, code, &format!("Unknown {what}"))
}

/// The channel, if the bot may see it.
pub fn seen(world: &World, channel: &str) -> Result<(), No> {
    let found = world.channels.get(channel);
    let found = found.ok_or_else(|| unknown(10003, "Channel"))?;
    // A thread is as open as its channel.
    let parent = found.parent.as_ref().map(|parent| &world.channels[parent]);
    let here = match &found.guild {
        Some(guild) => world.guilds[guild].members.contains(BOT),
        None => true,
    };
    match here && found.open && parent.is_none_or(|parent| parent.open) {
        true => Ok(()),
        false => Err(No::new(403, 50001, "Missing Access")),
    }
}

/// A message of a channel that stands there for everyone.
pub fn standing(world: &World, channel: &str, id: &str) -> Result<(), No> {
    seen(world, channel)?;
    let found = world.messages.get(id);
    let stands = found.is_some_and(|m| m.channel == channel && m.only.is_none());
    match stands {
        true => Ok(()),
        false => Err(unknown(10008, "Message")),
    }
}

pub fn post(world: &mut World, channel: &str, asked: &Asked) -> Result<Value, No> {
    seen(world, channel)?;
    limits::message(&asked.body, Way::Channel, (&asked.files, &[]))?;
    mentions_are_told(world, &asked.body);
    if let Some(person) = &world.channels[channel].direct {
        let shares = world
            .guilds
            .values()
            .any(|guild| guild.members.contains(person.as_str()) && guild.members.contains(BOT));
        if world.people[person].closed || !shares {
            return Err(No::new(403, 50007, "Cannot send messages to this user"));
        }
    }
    let nonce = match &asked.body["nonce"] {
        Value::String(nonce) => nonce.clone(),
        other => other.to_string(),
    };
    let mut standing = world.messages.iter();
    let same = |(_, m): &(&String, &Message)| {
        m.channel == channel && m.nonce.as_deref() == Some(nonce.as_str())
    };
    let id = match standing.find(same) {
        Some((id, _)) => id.clone(),
        None => {
            let id = keep(world, channel, asked)?;
            world.messages.get_mut(&id).unwrap().nonce = Some(nonce.clone());
            id
        }
    };
    let mut message = objects::message(world, &id);
    message["nonce"] = nonce.into();
    Ok(message)
}

/// Keeps a new message of the bot.
pub fn keep(world: &mut World, channel: &str, asked: &Asked) -> Result<String, No> {
    if is_empty(asked.body.as_object().unwrap(), &asked.files) {
        return Err(No::new(400, 50006, "Cannot send an empty message"));
    }
    let files = named(world, &asked.files, &asked.body);
    let message = Message {
        channel: channel.to_owned(),
        author: BOT.to_owned(),
        json: asked.body.as_object().unwrap().clone(),
        files,
        nonce: None,
        only: None,
        edits: 0,
        thinking: false,
        pinned: false,
    };
    let id = world.id();
    world.messages.insert(id.clone(), message);
    Ok(id)
}

/// A message of a person, in the direct conversation with the bot.
pub fn say(world: &mut World, person: &str, words: &str) {
    let channel = world.direct(person);
    let json = json!({ "content": words });
    let message = Message {
        channel,
        author: person.to_owned(),
        json: json.as_object().unwrap().clone(),
        files: Vec::new(),
        nonce: None,
        only: None,
        edits: 0,
        thinking: false,
        pinned: false,
    };
    let id = world.id();
    world.messages.insert(id.clone(), message);
    let said = objects::message(world, &id);
    gateway::dispatch(world, "MESSAGE_CREATE", gateway::DIRECT_MESSAGES, &said);
}

/// Files get ids of their own, and the descriptions that were given.
fn named(world: &mut World, files: &[File], body: &Value) -> Vec<File> {
    let told = body["attachments"].as_array().cloned().unwrap_or_default();
    let files = files.iter().map(|file| {
        let is_it = |told: &&Value| told["id"].to_string().trim_matches('"') == file.id;
        let description = told
            .iter()
            .find(is_it)
            .and_then(|t| t["description"].as_str());
        File {
            id: world.id(),
            description: description.map(str::to_owned),
            ..file.clone()
        }
    });
    files.collect()
}

fn is_empty(json: &Map<String, Value>, files: &[File]) -> bool {
    let some = |key: &str| match json.get(key) {
        Some(Value::String(text)) => !text.trim().is_empty(),
        Some(Value::Array(list)) => !list.is_empty(),
        _ => false,
    };
    files.is_empty()
        && !["content", "embeds", "components"]
            .iter()
            .any(|key| some(key))
}

fn mentions_are_told(world: &mut World, body: &Value) {
    if limits::could_mention(body) {
        let words = body["content"].as_str().unwrap_or_default();
        let why = format!("it may call people, and allowed_mentions is missing: {words}");
        world.violations.push(why);
    }
}

/// Changes a message of the bot: what is not told of stays as it is.
pub fn change(world: &mut World, id: &str, (way, asked): (Way, &Asked)) -> Result<(), No> {
    let kept = world.messages[id].files.clone();
    limits::message(&asked.body, way, (&asked.files, &kept))?;
    mentions_are_told(world, &asked.body);
    let new = named(world, &asked.files, &asked.body);
    let message = world.messages.get_mut(id).unwrap();
    for (key, value) in asked.body.as_object().unwrap() {
        message.json.insert(key.clone(), value.clone());
    }
    if let Some(told) = asked.body["attachments"].as_array() {
        let stays = |file: &File| {
            told.iter()
                .any(|t| t["id"].to_string().trim_matches('"') == file.id)
        };
        message.files.retain(stays);
    }
    message.files.extend(new);
    message.thinking = false;
    if is_empty(&message.json, &message.files) {
        return Err(No::new(400, 50006, "Cannot send an empty message"));
    }
    Ok(())
}

pub fn patch(world: &mut World, (channel, id): (&str, &str), asked: &Asked) -> Result<Value, No> {
    standing(world, channel, id)?;
    if world.messages[id].author != BOT {
        let message = "Cannot edit a message authored by another user";
        return Err(No::new(403, 50005, message));
    }
    change(world, id, (Way::Edit, asked))?;
    world.messages.get_mut(id).unwrap().edits += 1;
    Ok(objects::message(world, id))
}

pub fn delete(world: &mut World, channel: &str, id: &str) -> Result<Value, No> {
    standing(world, channel, id)?;
    world.messages.remove(id);
    Ok(Value::Null)
}

/// Pins a message or takes it down; done twice it is done once.
pub fn pin(world: &mut World, (channel, id): (&str, &str), on: bool) -> Result<Value, No> {
    standing(world, channel, id)?;
    if world.no_pins {
        return Err(No::new(403, 50013, "Missing Permissions"));
    }
    let pinned = |m: &&Message| m.channel == channel && m.pinned;
    if on && world.messages.values().filter(pinned).count() >= 50 {
        return Err(No::new(400, 30003, "Maximum number of pins reached (50)"));
    }
    world.messages.get_mut(id).unwrap().pinned = on;
    Ok(Value::Null)
}

/// Newest first.
pub fn list(world: &World, channel: &str, query: &Value) -> Result<Value, No> {
    seen(world, channel)?;
    let word = |key: &str| query[key].as_str();
    let limit = word("limit")
        .map_or(Ok(50), str::parse::<usize>)
        .unwrap_or(0);
    if !(1..=100).contains(&limit) {
        return Err((
            "limit".to_owned(),
            "int value should be 1 to 100".to_owned(),
        )
            .into());
    }
    let within = |id: &str| {
        word("before").is_none_or(|end| id < end) && word("after").is_none_or(|start| id > start)
    };
    let all = world.messages.iter();
    let mut found: Vec<&String> = all
        .filter(|(id, m)| m.channel == channel && m.only.is_none() && within(id))
        .map(|(id, _)| id)
        .collect();
    // After an id, the next ones are told; else the last ones.
    if word("after").is_none() {
        found.reverse();
    }
    found.truncate(limit);
    if word("after").is_some() {
        found.reverse();
    }
    Ok(found.iter().map(|id| objects::message(world, id)).collect())
}

pub fn thread(world: &mut World, (channel, id): (&str, &str), body: &Value) -> Result<Value, No> {
    standing(world, channel, id)?;
    super::no::only(
        body,
        &["name", "auto_archive_duration", "rate_limit_per_user"],
    )?;
    super::no::text(body, "name", (1, 100))?;
    if world.channels[channel].guild.is_none() || world.channels[channel].parent.is_some() {
        let message = "Cannot execute action on this channel type";
        return Err(No::new(400, 50024, message));
    }
    if world.channels.contains_key(id) {
        let message = "A thread has already been created for this message";
        return Err(No::new(400, 160_004, message));
    }
    let days = &body["auto_archive_duration"];
    if !days.is_null() && ![60, 1440, 4320, 10080].iter().any(|known| days == known) {
        let why = format!("no such duration: {days}");
        return Err(("auto_archive_duration".to_owned(), why).into());
    }
    world.begin_thread(id, body["name"].as_str().unwrap_or_default());
    Ok(objects::channel(world, id))
}

pub fn direct(world: &mut World, body: &Value) -> Result<Value, No> {
    super::no::only(body, &["recipient_id"])?;
    let person = match &body["recipient_id"] {
        Value::String(id) => id.clone(),
        other => other.to_string(),
    };
    let member = world.people.get(&person);
    let member = member.ok_or_else(|| unknown(10013, "User"))?;
    if member.bot {
        return Err(No::new(400, 50007, "Cannot send messages to this user"));
    }
    let id = world.direct(&person);
    Ok(objects::channel(world, &id))
}

pub fn member(world: &World, guild: &str, id: &str) -> Result<Value, No> {
    let found = known_guild(world, guild)?;
    if !world.people.contains_key(id) {
        return Err(unknown(10013, "User"));
    }
    match found.members.contains(id) {
        true => Ok(objects::member(world, (guild, id), false)),
        false => Err(unknown(10007, "Member")),
    }
}

pub fn known_guild<'a>(world: &'a World, id: &str) -> Result<&'a super::world::Guild, No> {
    let guild = world.guilds.get(id);
    let guild = guild.filter(|guild| guild.members.contains(BOT));
    guild.ok_or_else(|| unknown(10004, "Guild"))
}
