//! Modals: opened by a trigger, replaced, sent back with what was filled in.

use serde_json::{Value, json};

use super::limits;
use super::methods::{Answer, no, word};
use super::world::{Seen, View, World, inputs};

pub fn open(world: &mut World, args: &Value) -> Answer {
    let id = word(args, "trigger_id")?;
    let trigger = world.triggers.get(id).ok_or(no("invalid_trigger_id"))?;
    if world.member(&trigger.person).is_none() {
        return Err(no("invalid_trigger_id"));
    }
    if trigger.spent {
        return Err(no("exchanged_trigger_id"));
    }
    if trigger.expired || trigger.made.elapsed().as_millis() > 3000 {
        return Err(no("expired_trigger_id"));
    }
    limits::view(world, &args["view"])?;
    let trigger = world.triggers.get_mut(id).unwrap();
    trigger.spent = true;
    let person = trigger.person.clone();
    let view_id = format!("V{}", world.next());
    let hash = format!("{}.hash", world.next());
    let view = View {
        team: world.acting.clone(),
        offered: Default::default(),
        person: person.clone(),
        json: args["view"].as_object().unwrap().clone(),
        hash,
        open: true,
        errors: Default::default(),
        typed: Default::default(),
    };
    let shown = stateful(&view, &view_id);
    world.views.insert(view_id.clone(), view);
    world.show(&person, Seen::Modal { view: view_id });
    Ok(json!({ "view": shown }))
}

pub fn update(world: &mut World, args: &Value) -> Answer {
    let id = word(args, "view_id")?.to_owned();
    limits::view(world, &args["view"])?;
    let view = world
        .views
        .get(&id)
        .filter(|view| view.open && view.team == world.acting)
        .ok_or(no("not_found"))?;
    if args["hash"].as_str().is_some_and(|hash| hash != view.hash) {
        return Err(no("hash_conflict"));
    }
    replace(world, &id, &args["view"]);
    Ok(json!({ "view": stateful(&world.views[&id], &id) }))
}

pub fn publish(world: &mut World, args: &Value) -> Answer {
    let person = word(args, "user_id")?.to_owned();
    if world.member(&person).is_none() {
        return Err(no("user_not_found"));
    }
    limits::home(world, &args["view"])?;
    let n = world.next();
    world.homes.insert(person, (n, args["view"].clone()));
    Ok(json!({ "view": { "id": "VHOME", "type": "home" } }))
}

/// Another view in the place of an open one. What was typed into inputs that stay, stays.
pub fn replace(world: &mut World, id: &str, json: &Value) {
    let hash = format!("{}.hash", world.next());
    let view = world.views.get_mut(id).unwrap();
    view.json = json.as_object().unwrap().clone();
    view.hash = hash;
    view.errors.clear();
    let blocks: Vec<String> = inputs(&view.json)
        .into_iter()
        .map(|(block, _)| block)
        .collect();
    view.typed.retain(|block, _| blocks.contains(block));
    // An input for files cannot begin with any.
    for (block, input) in inputs(&view.json) {
        if input["type"] == "file_input" {
            view.typed.remove(&block);
        }
    }
    let person = view.person.clone();
    world.show(
        &person,
        Seen::Modal {
            view: id.to_owned(),
        },
    );
}

/// A view as Slack sends it back.
pub fn stateful(view: &View, id: &str) -> Value {
    let mut json = Value::Object(view.json.clone());
    json["id"] = id.into();
    json["team_id"] = view.team.clone().into();
    json["hash"] = view.hash.clone().into();
    json["app_id"] = "A0ISMS".into();
    json["bot_id"] = "B0BOT".into();
    json["root_view_id"] = id.into();
    json["previous_view_id"] = Value::Null;
    for key in ["private_metadata", "callback_id"] {
        if json[key].is_null() {
            json[key] = "".into();
        }
    }
    json
}
