//! Registered commands: what Discord takes, and what it keeps.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::limits;
use super::no::{Checked, No, at, each, flag, maybe_text, only, text, wrong};
use super::world::{BOT, World};

/// All commands of a server, or of everywhere, are replaced.
pub fn put(world: &mut World, guild: &str, body: &Value) -> Result<Value, No> {
    let Some(list) = body.as_array() else {
        return Err((String::new(), "not a list of commands".to_owned()).into());
    };
    let mut names = HashSet::new();
    let mut written = 0;
    for (n, command) in list.iter().enumerate() {
        check(command).map_err(at(n))?;
        let kind = command["type"].as_u64().unwrap_or(1);
        written += usize::from(kind == 1);
        if !names.insert((kind, command["name"].clone())) {
            let why = "Application command names must be unique".to_owned();
            return Err((format!("{n}.name"), why).into());
        }
    }
    if written > 100 || list.len() - written > 10 {
        let message = "Maximum number of application commands reached";
        return Err(No::new(400, 30032, message));
    }
    world.registrations += 1;
    let before = world.commands.remove(guild).unwrap_or_default();
    let kept: Vec<Value> = list
        .iter()
        .map(|c| keep(world, (guild, &before), c))
        .collect();
    world.commands.insert(guild.to_owned(), kept.clone());
    Ok(Value::from(kept))
}

/// One command is added, or replaced by its name.
pub fn post(world: &mut World, guild: &str, body: &Value) -> Result<Value, No> {
    check(body)?;
    let mut before = world.commands.remove(guild).unwrap_or_default();
    world.registrations += 1;
    let kept = keep(world, (guild, &before), body);
    before.retain(|old| old["id"] != kept["id"]);
    before.push(kept.clone());
    world.commands.insert(guild.to_owned(), before);
    Ok(kept)
}

pub fn all(world: &World, guild: &str) -> Value {
    world
        .commands
        .get(guild)
        .cloned()
        .unwrap_or_default()
        .into()
}

pub fn delete(world: &mut World, guild: &str, id: &str) -> Result<(), No> {
    let list = world.commands.entry(guild.to_owned()).or_default();
    let before = list.len();
    list.retain(|command| command["id"] != id);
    world.registrations += 1;
    match world.commands[guild].len() < before {
        true => Ok(()),
        false => Err(No::new(404, 10063, "Unknown application command")),
    }
}

/// As it is kept: the same command has the same id for ever.
fn keep(world: &mut World, (guild, before): (&str, &[Value]), command: &Value) -> Value {
    let kind = command["type"].as_u64().unwrap_or(1);
    let same = |old: &&Value| old["name"] == command["name"] && old["type"] == kind;
    let id = match before.iter().find(same) {
        Some(old) => old["id"].clone(),
        None => world.id().into(),
    };
    let or = |key: &str, default: Value| match &command[key] {
        Value::Null => default,
        given => given.clone(),
    };
    let mut kept = json!({
        "id": id, "application_id": BOT, "version": world.id(), "type": kind,
        "name": command["name"], "description": or("description", "".into()),
        "options": or("options", json!([])), "nsfw": or("nsfw", false.into()),
        "default_member_permissions": command["default_member_permissions"],
        "dm_permission": or("dm_permission", true.into()),
        "integration_types": or("integration_types", json!([0])),
        "contexts": command["contexts"],
    });
    if !guild.is_empty() {
        kept["guild_id"] = guild.into();
    }
    kept
}

fn check(command: &Value) -> Checked {
    only(
        command,
        &[
            "type",
            "name",
            "name_localizations",
            "description",
            "description_localizations",
            "options",
            "default_member_permissions",
            "dm_permission",
            "contexts",
            "integration_types",
            "nsfw",
        ],
    )?;
    flag(command, "nsfw")?;
    flag(command, "dm_permission")?;
    match command["type"].as_u64().unwrap_or(1) {
        1 => {
            name(command)?;
            text(command, "description", (1, 100))?;
            options(command, 0)?;
            let words = words(command);
            match words > 8000 {
                true => wrong(format!("a tree of {words} characters, more than 8000")),
                false => Ok(()),
            }
        }
        2 | 3 => {
            text(command, "name", (1, 32))?;
            each(command, "options", (0, 0), |_| Ok(()))?;
            maybe_text(command, "description", (0, 0)).map(|_| ())
        }
        other => Err(("type".into(), format!("no kind of command {other}"))),
    }
}

fn name(of: &Value) -> Checked {
    text(of, "name", (1, 32))?;
    let name = of["name"].as_str().unwrap_or_default();
    let may = |c: char| c.is_alphanumeric() || "-_'".contains(c);
    match name.chars().all(may) && name.to_lowercase() == name {
        true => Ok(()),
        false => Err(("name".into(), format!("Command name is invalid: {name}"))),
    }
}

/// The options of a command or of what is below it: either branches or arguments.
fn options(of: &Value, depth: usize) -> Checked {
    let mut names = HashSet::new();
    let mut branches = HashSet::new();
    let mut optional = false;
    each(of, "options", (0, 25), |option| {
        only(
            option,
            &[
                "type",
                "name",
                "name_localizations",
                "description",
                "description_localizations",
                "required",
                "choices",
                "options",
                "channel_types",
                "min_value",
                "max_value",
                "min_length",
                "max_length",
                "autocomplete",
            ],
        )?;
        name(option)?;
        text(option, "description", (1, 100))?;
        if !names.insert(option["name"].to_string()) {
            return Err(("name".into(), "Option names must be unique".into()));
        }
        let kind = option["type"].as_u64().unwrap_or_default();
        branches.insert(kind <= 2);
        if branches.len() > 1 {
            return Err((
                "type".into(),
                "Sub-commands and arguments cannot be mixed".into(),
            ));
        }
        match kind {
            1 if depth < 2 => options(option, 2),
            2 if depth == 0 => {
                let mut below = option["options"].as_array().into_iter().flatten();
                match below.all(|below| below["type"] == 1) {
                    true => each(option, "options", (1, 25), |_| Ok(()))
                        .and_then(|()| options(option, 1)),
                    false => Err(("options".into(), "a group holds sub-commands".into())),
                }
            }
            3..=11 => {
                let required = option["required"] == true;
                if required && optional {
                    let why = "Required options must be placed before non-required options";
                    return Err(("required".into(), why.into()));
                }
                optional |= !required;
                argument(option, kind)
            }
            other => Err(("type".into(), format!("no option of type {other} here"))),
        }
    })
}

fn argument(option: &Value, kind: u64) -> Checked {
    flag(option, "required")?;
    flag(option, "autocomplete")?;
    each(option, "options", (0, 0), |_| Ok(()))?;
    let can_complete = matches!(kind, 3 | 4 | 10);
    let has_choices = option["choices"]
        .as_array()
        .is_some_and(|list| !list.is_empty());
    if option["autocomplete"] == true && (!can_complete || has_choices) {
        let why = "autocomplete beside choices, or for what cannot be completed";
        return Err(("autocomplete".into(), why.into()));
    }
    if has_choices && !can_complete {
        return Err(("choices".into(), format!("no choices for type {kind}")));
    }
    let mut names = HashSet::new();
    each(option, "choices", (0, 25), |choice| {
        limits::choice(choice, &option["type"])?;
        match names.insert(choice["name"].to_string()) {
            true => Ok(()),
            false => Err(("name".into(), "a choice twice".into())),
        }
    })?;
    let is_text = kind == 3;
    let is_number = matches!(kind, 4 | 10);
    for (key, fits) in [
        ("min_length", is_text),
        ("max_length", is_text),
        ("min_value", is_number),
        ("max_value", is_number),
    ] {
        if !option[key].is_null() && !fits {
            return Err((key.into(), format!("not for an option of type {kind}")));
        }
    }
    match option["max_length"].as_u64() {
        Some(most) if most == 0 || most > 6000 => {
            Err(("max_length".into(), "Must be between 1 and 6000".into()))
        }
        _ => Ok(()),
    }
}

/// All names, descriptions and choices of a command and of what is below it.
fn words(of: &Value) -> usize {
    let length = |key: &str| of[key].as_str().map_or(0, |text| text.chars().count());
    let below = |key: &str| of[key].as_array().cloned().unwrap_or_default();
    let inner = below("options").into_iter().chain(below("choices"));
    length("name")
        + length("description")
        + length("value")
        + inner.map(|i| words(&i)).sum::<usize>()
}
