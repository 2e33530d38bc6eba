//! How a person's line becomes what the client sends: the path through the registered commands and
//! an option for each value. What no client would let anyone send is an error.
//!
//! Stories say `/isms audit plan` on every platform. Where `/audit` is registered as a command of its
//! own, a person types `/audit plan`, and that is what is sent ([`leaf`]).

use isms_bot::command::{Spread, spread};
use serde_json::{Map, Value, json};

use super::objects;
use super::world::World;

/// The data of a command that is typed, or why it cannot be.
pub fn command(
    world: &World,
    (person, channel): (&str, &str),
    line: &str,
) -> Result<Value, String> {
    let (name, words) = line.split_once(' ').unwrap_or((line, ""));
    if name != "/isms" {
        return Err(format!("stories say /isms, not {name}"));
    }
    let spread = spread(words);
    let Spread { path, values } =
        spread.ok_or_else(|| format!("no command, or words that no option takes: {line}"))?;
    let typed: Vec<&str> = words.split_whitespace().take(path.len()).collect();
    if typed != path {
        return Err(format!("the client wants {path:?}, not {typed:?}"));
    }
    let Leaf {
        command,
        below,
        leaf,
    } = leaf(world, channel, &path)?;
    let mut chosen = Chosen {
        world,
        person,
        channel,
        users: Map::new(),
        members: Map::new(),
        files: Map::new(),
    };
    let mut options = Vec::new();
    for (name, value) in &values {
        let option = option(leaf, name)?;
        let value = chosen
            .value(option, value)
            .map_err(|why| format!("{name}: {why}"))?;
        options.push(json!({ "name": name, "type": option["type"], "value": value }));
    }
    let none = Vec::new();
    for option in leaf["options"].as_array().unwrap_or(&none) {
        let given = values
            .iter()
            .any(|(name, _)| option["name"] == name.as_str());
        if option["required"] == true && !given {
            return Err(format!("{} is required", option["name"]));
        }
    }
    let mut data = data(command, &nest(below, options));
    if !chosen.files.is_empty() {
        data["resolved"] = json!({ "attachments": chosen.files });
    }
    if !chosen.users.is_empty() {
        data["resolved"]["users"] = json!(chosen.users);
        data["resolved"]["members"] = json!(chosen.members);
    }
    Ok(data)
}

/// The data of someone typing into an option that completes.
pub fn completion(
    world: &World,
    (channel, path): (&str, &str),
    (name, typed): (&str, &str),
) -> Result<Value, String> {
    let path: Vec<&str> = path.split_whitespace().collect();
    let Leaf {
        command,
        below,
        leaf,
    } = leaf(world, channel, &path)?;
    let option = option(leaf, name)?;
    if option["autocomplete"] != true {
        return Err(format!("{name} is not completed"));
    }
    let focused = json!({
        "name": name, "type": option["type"], "value": typed, "focused": true,
    });
    Ok(data(command, &nest(below, vec![focused])))
}

/// The data of a command in the menu of a message.
pub fn on_message(
    world: &World,
    channel: &str,
    (name, message): (&str, &str),
) -> Result<Value, String> {
    let registered = registered(world, channel, (name, 3))?;
    let mut data = data(registered, &[]);
    data["target_id"] = message.into();
    data["resolved"] = json!({ "messages": { message: objects::message(world, message) } });
    Ok(data)
}

fn registered<'a>(
    world: &'a World,
    channel: &str,
    (name, kind): (&str, u64),
) -> Result<&'a Value, String> {
    let usable = world.usable(channel);
    let found = usable
        .iter()
        .find(|c| c["name"] == name && c["type"] == kind);
    found
        .copied()
        .ok_or_else(|| format!("no command {name:?} of type {kind}"))
}

/// Where a path leads: the command, the words below it, and the sub-command.
struct Leaf<'a, 'p> {
    command: &'a Value,
    below: &'p [&'p str],
    leaf: &'a Value,
}

/// The first word may be a command of its own; else all are below `/isms`.
fn leaf<'a, 'p>(
    world: &'a World,
    channel: &str,
    path: &'p [&'p str],
) -> Result<Leaf<'a, 'p>, String> {
    let own = |(first, below): (&&str, &'p [&'p str])| {
        let command = registered(world, channel, (first, 1)).ok()?;
        Some((command, below))
    };
    let (command, below) = match path.split_first().and_then(own) {
        Some(own) => own,
        None => (registered(world, channel, ("isms", 1))?, path),
    };
    let leaf = below.iter().try_fold(command, |at, word| {
        let mut below = at["options"].as_array().into_iter().flatten();
        let found = below.find(|option| option["name"] == *word);
        let found = found.filter(|option| matches!(option["type"].as_u64(), Some(1 | 2)));
        found.ok_or_else(|| format!("no {word} below {}", at["name"]))
    })?;
    Ok(Leaf {
        command,
        below,
        leaf,
    })
}

fn option<'a>(leaf: &'a Value, name: &str) -> Result<&'a Value, String> {
    let mut options = leaf["options"].as_array().into_iter().flatten();
    let found = options.find(|option| option["name"] == name);
    found.ok_or_else(|| format!("{} has no option {name}", leaf["name"]))
}

fn data(registered: &Value, options: &[Value]) -> Value {
    let mut data = json!({
        "id": registered["id"], "name": registered["name"], "type": registered["type"],
        "options": options,
    });
    if !registered["guild_id"].is_null() {
        data["guild_id"] = registered["guild_id"].clone();
    }
    data
}

/// Options below the words of their path.
fn nest(path: &[&str], options: Vec<Value>) -> Vec<Value> {
    let depth = path.len();
    let words = path.iter().enumerate().rev();
    words.fold(options, |below, (n, word)| {
        let kind = if n + 1 == depth { 1 } else { 2 };
        vec![json!({ "name": word, "type": kind, "options": below })]
    })
}

/// Values of options, with the people they name.
struct Chosen<'a> {
    world: &'a World,
    person: &'a str,
    channel: &'a str,
    users: Map<String, Value>,
    members: Map<String, Value>,
    files: Map<String, Value>,
}

impl Chosen<'_> {
    fn value(&mut self, option: &Value, typed: &str) -> Result<Value, String> {
        match option["type"].as_u64() {
            Some(3) => self.text(option, typed),
            Some(4) => {
                let number = typed.parse::<i64>();
                within(option, number.map_err(|e| e.to_string())? as f64)?;
                Ok(typed.parse::<i64>().unwrap_or_default().into())
            }
            Some(5) => match typed {
                "yes" | "true" => Ok(true.into()),
                "no" | "false" => Ok(false.into()),
                other => Err(format!("{other:?} is neither true nor false")),
            },
            Some(6) => self.user(typed),
            Some(10) => {
                let number = typed.parse::<f64>().map_err(|e| e.to_string())?;
                within(option, number)?;
                Ok(number.into())
            }
            Some(11) => {
                let file = self.world.given.iter().find(|given| given.name == typed);
                let file = file.ok_or_else(|| format!("no file {typed} is at hand"))?;
                let told = super::given::told(self.world, file);
                self.files.insert(file.id.clone(), told);
                Ok(file.id.clone().into())
            }
            other => Err(format!("nobody types an option of type {other:?}")),
        }
    }

    fn text(&self, option: &Value, typed: &str) -> Result<Value, String> {
        let choices = option["choices"].as_array().filter(|list| !list.is_empty());
        if let Some(choices) = choices {
            let is_it = |choice: &&Value| choice["value"] == typed || choice["name"] == typed;
            let chosen = choices.iter().find(is_it);
            let chosen = chosen.ok_or_else(|| format!("{typed:?} is no choice"))?;
            return Ok(chosen["value"].clone());
        }
        let length = typed.chars().count() as u64;
        let most = option["max_length"].as_u64().unwrap_or(6000);
        if length > most || length < option["min_length"].as_u64().unwrap_or(0) {
            return Err(format!("{length} characters do not fit"));
        }
        Ok(mentioned(self.world, typed).into())
    }

    fn user(&mut self, typed: &str) -> Result<Value, String> {
        let id = match typed {
            "me" => Some(self.person.to_owned()),
            other => self.world.person_named(other),
        };
        let id = id.ok_or_else(|| format!("{typed} is nobody"))?;
        let (users, members) = resolved(self.world, self.channel, &id);
        self.users.extend(users);
        self.members.extend(members);
        Ok(id.into())
    }
}

fn within(option: &Value, number: f64) -> Result<(), String> {
    let least = option["min_value"].as_f64().unwrap_or(f64::MIN);
    let most = option["max_value"].as_f64().unwrap_or(f64::MAX);
    match (least..=most).contains(&number) {
        true => Ok(()),
        false => Err(format!("{number} is not between {least} and {most}")),
    }
}

/// A person that was picked: as user, and in a server as member.
pub fn resolved(
    world: &World,
    channel: &str,
    id: &str,
) -> (Map<String, Value>, Map<String, Value>) {
    let one = |value: Value| Map::from_iter([(id.to_owned(), value)]);
    let guild = world.channels[channel].guild.as_deref();
    let member = guild
        .filter(|guild| world.guilds[*guild].members.contains(id))
        .map(|guild| {
            let mut member = objects::member(world, (guild, id), true);
            // It stands beside the user.
            member.as_object_mut().unwrap().remove("user");
            one(member)
        });
    (one(objects::user(world, id)), member.unwrap_or_default())
}

/// `@bob` as the mention that the client makes of it.
pub fn mentioned(world: &World, typed: &str) -> String {
    let people = world.people.iter();
    people.fold(typed.to_owned(), |text, (id, person)| {
        text.replace(&format!("@{}", person.username), &format!("<@{id}>"))
    })
}
