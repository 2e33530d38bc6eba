//! Interactions: answered once and in time, followed up for a quarter of an hour.

use serde_json::Value;

use super::limits::{self, Way};
use super::messages;
use super::no::{No, at, only};
use super::objects;
use super::wire::Asked;
use super::world::{BOT, Interaction, Kind, Message, Modal, Seen, World};

fn unknown() -> No {
    No::new(404, 10062, "Unknown interaction")
}

/// The first answer to an interaction.
pub fn callback(world: &mut World, (id, token): (&str, &str), asked: &Asked) -> Result<Value, No> {
    let found = world.interactions.get(id);
    let found = found
        .filter(|found| found.token == token)
        .ok_or_else(unknown)?;
    if found.answered.is_some() {
        let message = "Interaction has already been acknowledged.";
        return Err(No::new(400, 40060, message).violates());
    }
    if found.expired || found.made.elapsed().as_millis() > 3000 {
        return Err(unknown().violates());
    }
    only(&asked.body, &["type", "data"])?;
    let (kind, on) = (found.kind, found.on.clone());
    let answer = asked.body["type"].as_u64().unwrap_or_default();
    let inner = Asked {
        body: asked.body["data"].clone(),
        files: asked.files.clone(),
    };
    let original = match (answer, kind) {
        (8, Kind::Completion) => {
            complete(world, id, &inner.body)?;
            None
        }
        (4, Kind::Command | Kind::Component | Kind::Submit) => Some(fresh(world, id, &inner)?),
        (5, Kind::Command | Kind::Component | Kind::Submit) => Some(thinking(world, id, &inner)?),
        (6, Kind::Component | Kind::Submit) if on.is_some() => on,
        (7, Kind::Component | Kind::Submit) if on.is_some() => {
            let on = on.unwrap_or_default();
            changed(world, (id, &on), &inner)?;
            Some(on)
        }
        (9, Kind::Command | Kind::Component) => {
            open(world, id, &inner.body)?;
            None
        }
        (9, Kind::Submit) => {
            let why = (
                "type".to_owned(),
                "a modal as the answer to a modal".to_owned(),
            );
            return Err(No::from(why).violates());
        }
        (other, _) => {
            let why = format!("no answer of type {other} to a {kind:?}");
            return Err(No::from(("type".to_owned(), why)).violates());
        }
    };
    let found = world.interactions.get_mut(id).unwrap();
    found.answered = Some(answer);
    found.original = original.clone();
    if let (Some(message), 4 | 7) = (original, answer) {
        let person = found.person.clone();
        world.show(&person, &message);
    }
    Ok(Value::Null)
}

/// A message of its own, to the person or to all.
fn fresh(world: &mut World, id: &str, asked: &Asked) -> Result<String, No> {
    limits::message(&known(&asked.body), Way::Interaction, (&asked.files, &[]))
        .map_err(at("data"))?;
    let (person, channel) = whose(world, id);
    told(world, &asked.body);
    let message = messages::keep(world, &channel, asked)?;
    let kept = world.messages.get_mut(&message).unwrap();
    kept.only = is_ephemeral(&asked.body).then_some(person);
    Ok(message)
}

/// Nothing yet; only whether it will be for one person.
fn thinking(world: &mut World, id: &str, asked: &Asked) -> Result<String, No> {
    limits::message(&known(&asked.body), Way::Interaction, (&[], &[])).map_err(at("data"))?;
    let (person, channel) = whose(world, id);
    let message = Message {
        channel,
        author: BOT.to_owned(),
        json: serde_json::Map::new(),
        files: Vec::new(),
        nonce: None,
        only: is_ephemeral(&asked.body).then_some(person),
        edits: 0,
        thinking: true,
        pinned: false,
    };
    let id = world.id();
    world.messages.insert(id.clone(), message);
    Ok(id)
}

/// The message whose component was used changes.
fn changed(world: &mut World, (id, on): (&str, &str), asked: &Asked) -> Result<(), No> {
    if !world.messages.contains_key(on) {
        return Err(No::new(404, 10008, "Unknown Message"));
    }
    let (person, _) = whose(world, id);
    messages::change(world, on, (Way::Interaction, &clean(asked)))?;
    let kept = world.messages.get_mut(on).unwrap();
    debug_assert!(kept.only.as_ref().is_none_or(|only| *only == person));
    kept.edits += 1;
    Ok(())
}

fn open(world: &mut World, id: &str, data: &Value) -> Result<(), No> {
    limits::modal(data).map_err(at("data"))?;
    let interaction = &world.interactions[id];
    let (person, channel, on) = (
        interaction.person.clone(),
        interaction.channel.clone(),
        interaction.on.clone(),
    );
    let modal = Modal {
        channel,
        on,
        json: data.clone(),
        open: true,
    };
    let id = world.id();
    world.modals.insert(id.clone(), modal);
    world
        .sights
        .entry(person)
        .or_default()
        .push(Seen::Modal { id });
    Ok(())
}

fn complete(world: &mut World, id: &str, data: &Value) -> Result<(), No> {
    // Completions are asked for texts; numbers are checked where they are registered.
    limits::choices(data, &3.into()).map_err(at("data"))?;
    let interaction = world.interactions.get_mut(id).unwrap();
    interaction.choices = Some(data["choices"].clone());
    Ok(())
}

/// A body that is missing altogether says nothing.
fn known(body: &Value) -> Value {
    match body {
        Value::Null => serde_json::json!({}),
        body => body.clone(),
    }
}

fn clean(asked: &Asked) -> Asked {
    let mut body = known(&asked.body);
    // A message stays ephemeral or public, whatever an edit says.
    if let Some(body) = body.as_object_mut() {
        body.remove("flags");
    }
    Asked {
        body,
        files: asked.files.clone(),
    }
}

fn is_ephemeral(body: &Value) -> bool {
    body["flags"].as_u64().is_some_and(|flags| flags & 64 != 0)
}

fn whose(world: &World, id: &str) -> (String, String) {
    let interaction = &world.interactions[id];
    (interaction.person.clone(), interaction.channel.clone())
}

fn told(world: &mut World, body: &Value) {
    if limits::could_mention(body) {
        let words = body["content"].as_str().unwrap_or_default();
        let why = format!("an answer may call people, and allowed_mentions is missing: {words}");
        world.violations.push(why);
    }
}

/// The interaction of a token that is still good and was answered.
fn of_token(world: &World, (application, token): (&str, &str)) -> Result<String, No> {
    let gone = || No::new(404, 10015, "Unknown Webhook");
    if application != BOT {
        return Err(gone());
    }
    let of = |(_, i): &(&String, &Interaction)| i.token == token;
    let (id, found) = world.interactions.iter().find(of).ok_or_else(gone)?;
    if found.expired || found.made.elapsed().as_secs() > 15 * 60 {
        let message = "Invalid Webhook Token";
        return Err(No::new(401, 50027, message).violates());
    }
    match found.answered {
        Some(_) => Ok(id.clone()),
        None => Err(gone().violates()),
    }
}

/// One more message after the answer. After “thinking…” the first one takes its place.
pub fn follow_up(world: &mut World, way: (&str, &str), asked: &Asked) -> Result<Value, No> {
    let id = of_token(world, way)?;
    let original = world.interactions[&id].original.clone();
    let waits = |message: &String| world.messages.get(message).is_some_and(|m| m.thinking);
    let message = match original.filter(waits) {
        Some(message) => {
            messages::change(world, &message, (Way::Interaction, &clean(asked)))?;
            message
        }
        None => fresh(world, &id, asked)?,
    };
    let person = world.interactions[&id].person.clone();
    world.show(&person, &message);
    Ok(objects::message(world, &message))
}

/// The message meant by `@original` or by an id.
fn meant(world: &World, way: (&str, &str), which: &str) -> Result<(String, String), No> {
    let id = of_token(world, way)?;
    let gone = || No::new(404, 10008, "Unknown Message");
    let message = match which {
        "@original" => world.interactions[&id].original.clone().ok_or_else(gone)?,
        other => other.to_owned(),
    };
    match world.messages.contains_key(&message) {
        true => Ok((id, message)),
        false => Err(gone()),
    }
}

pub fn look(world: &World, way: (&str, &str), which: &str) -> Result<Value, No> {
    let (_, message) = meant(world, way, which)?;
    Ok(objects::message(world, &message))
}

pub fn edit(
    world: &mut World,
    way: (&str, &str),
    (which, asked): (&str, &Asked),
) -> Result<Value, No> {
    let (id, message) = meant(world, way, which)?;
    let first = world.messages[&message].thinking;
    messages::change(world, &message, (Way::Edit, &clean(asked)))?;
    let kept = world.messages.get_mut(&message).unwrap();
    kept.edits += u32::from(!first);
    let person = world.interactions[&id].person.clone();
    world.show(&person, &message);
    Ok(objects::message(world, &message))
}

pub fn delete(world: &mut World, way: (&str, &str), which: &str) -> Result<Value, No> {
    let (_, message) = meant(world, way, which)?;
    world.messages.remove(&message);
    Ok(Value::Null)
}
