//! Messages as people see them.

use serde_json::{Value, json};

use super::story::{Person, Sight};
use super::world::World;

/// A message as someone sees it.
#[derive(Clone)]
pub struct Shown {
    pub channel: String,
    pub ephemeral: bool,
    text: String,
    thread: Option<String>,
    files: Vec<String>,
    seen_by: Option<Person>,
    json: Value,
}

impl Shown {
    pub(super) fn new(world: &World, json: Value) -> Self {
        let word = |key: &str| json[key].as_str().unwrap_or_default().to_owned();
        let (id, channel) = (word("id"), word("channel_id"));
        let of_thread = world
            .channels
            .get(&channel)
            .is_some_and(|c| c.parent.is_some());
        let files = world.messages.get(&id).into_iter().flat_map(|m| &m.files);
        Shown {
            ephemeral: json["flags"].as_u64().is_some_and(|flags| flags & 64 != 0),
            text: read(world, &json),
            thread: of_thread.then(|| channel.clone()),
            files: files.map(|file| file.name.clone()).collect(),
            seen_by: None,
            channel,
            json,
        }
    }

    pub(super) fn to(person: &Person, world: &World, json: Value) -> Self {
        Shown {
            seen_by: Some(person.clone()),
            ..Shown::new(world, json)
        }
    }

    pub fn id(&self) -> &str {
        self.json["id"].as_str().unwrap_or_default()
    }

    /// All of the card in plain lines, as the client shows it: without marks, with people's names.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn is_edited(&self) -> bool {
        !self.json["edited_timestamp"].is_null()
    }

    /// The message in whose thread it stands.
    pub fn thread(&self) -> Option<&str> {
        self.thread.as_deref()
    }

    /// Whom it calls.
    pub fn calls(&self) -> Vec<String> {
        let called = self.json["mentions"].as_array().into_iter().flatten();
        called
            .filter_map(|user| user["id"].as_str().map(str::to_owned))
            .collect()
    }

    /// The names of its files, those in embeds too.
    pub fn files(&self) -> Vec<String> {
        self.files.clone()
    }

    pub fn buttons(&self) -> Vec<String> {
        let labels = self.components().into_iter();
        labels
            .filter_map(|component| component["label"].as_str().map(str::to_owned))
            .collect()
    }

    /// What its buttons carry.
    pub fn commands(&self) -> Vec<String> {
        let buttons = self.components().into_iter().filter(|c| c["type"] == 2);
        buttons
            .filter_map(|button| button["custom_id"].as_str().map(str::to_owned))
            .collect()
    }

    /// Its buttons and selects, in order.
    pub(super) fn components(&self) -> Vec<Value> {
        let rows = self.json["components"].as_array().into_iter().flatten();
        let in_row = |row: &Value| row["components"].as_array().cloned().unwrap_or_default();
        rows.flat_map(in_row).collect()
    }

    pub(super) fn button(&self, label: &str) -> Value {
        let found = self
            .components()
            .into_iter()
            .find(|button| button["label"] == label);
        let button =
            found.unwrap_or_else(|| panic!("no button {label:?} among {:?}", self.buttons()));
        assert!(button["disabled"] != true, "{label:?} cannot be pressed");
        assert!(button["url"].is_null(), "{label:?} only opens a page");
        button
    }

    /// The select or button whose id begins so.
    pub(super) fn component(&self, prefix: &str) -> Option<Value> {
        let begins = |component: &Value| {
            let id = component["custom_id"].as_str();
            id.is_some_and(|id| id.starts_with(prefix))
        };
        self.components().into_iter().find(begins)
    }

    /// The person who sees this (it is ephemeral) clicks a button of it.
    pub async fn clicks(&self, label: &str) -> Sight {
        let person = self
            .seen_by
            .clone()
            .expect("an ephemeral message; else person.clicks(&it, …)");
        person.clicks(self, label).await
    }

    /// What it says and offers, without what differs from run to run.
    pub fn json(&self) -> Value {
        let mut json = json!({
            "content": self.json["content"], "embeds": self.json["embeds"],
            "components": self.json["components"], "files": self.files(),
        });
        mask(&mut json);
        json
    }

    /// Everything about it, as Discord tells it.
    pub fn raw(&self) -> &Value {
        &self.json
    }
}

/// Every word of a message, line by line.
fn read(world: &World, json: &Value) -> String {
    let rendered = |text: &Value| {
        let text = text.as_str().unwrap_or_default().to_owned();
        let people = world.people.iter();
        let named = people.fold(text, |text, (id, person)| {
            text.replace(&format!("<@{id}>"), &format!("@{}", person.name))
        });
        without_marks(&named)
    };
    let mut lines = vec![rendered(&json["content"])];
    for embed in json["embeds"].as_array().into_iter().flatten() {
        lines.push(rendered(&embed["title"]));
        lines.push(rendered(&embed["description"]));
        for field in embed["fields"].as_array().into_iter().flatten() {
            let (name, value) = (rendered(&field["name"]), rendered(&field["value"]));
            lines.push(format!("{name}: {value}"));
        }
        lines.push(rendered(&embed["footer"]["text"]));
    }
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}

/// Marks are drawn, not shown: `**bold**`, `` `code` ``, `[label](url)`, `\_`.
fn without_marks(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    let mut before = ' ';
    while let Some(c) = chars.next() {
        let after = chars.peek().copied().unwrap_or(' ');
        let inside = before.is_alphanumeric() && after.is_alphanumeric();
        match c {
            '\\' if after.is_ascii_punctuation() => {
                chars.next();
                out.push(after);
            }
            '*' | '`' => {}
            '_' if !inside => {}
            ']' if after == '(' => {
                // The label is shown, and where it leads after it.
                if let Some(start) = out.rfind('[') {
                    out.remove(start);
                }
                out.push(' ');
            }
            other => out.push(other),
        }
        before = c;
    }
    out
}

/// What differs from run to run: the length of the log, and ids of files, of kept commands, of the log's fingerprint.
pub(super) fn mask(json: &mut Value) {
    match json {
        Value::String(text) => {
            if let Some(rest) = text.strip_prefix("https://cdn.discordapp.com/attachments/") {
                let name = rest.rsplit('/').next().unwrap_or_default();
                *text = format!("attachment://{name}");
            }
            // What Discord calls the server is learnt, and logged, in its own time.
            if let Some((before, rest)) = text.split_once("log ")
                && let Some((number, after)) = rest.split_once(" entries")
                && number.parse::<u32>().is_ok()
            {
                *text = format!("{before}log [some] entries{after}");
            }
            let words = text.split(|c: char| !(c.is_ascii_hexdigit() || c == '-'));
            let is_id = |word: &&str| word.len() == 36 && word.matches('-').count() == 4;
            let ids: Vec<String> = words.filter(is_id).map(str::to_owned).collect();
            for id in ids {
                *text = text.replace(&id, "[id]");
            }
            let words = text.split(|c: char| !c.is_ascii_alphanumeric());
            let is_one = |word: &&str| {
                word.len() == 12 && word.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
            };
            let found: Vec<String> = words.filter(is_one).map(str::to_owned).collect();
            for fingerprint in found {
                *text = text.replace(&fingerprint, "[fingerprint]");
            }
        }
        Value::Array(values) => values.iter_mut().for_each(mask),
        Value::Object(fields) => {
            fields.remove("proxy_url");
            if let Some(id) = fields.get_mut("custom_id")
                && let Some(text) = id.as_str()
                && let Some((_, rest)) = text.strip_prefix("open:").and_then(|r| r.split_once(':'))
            {
                *id = format!("open:[act]:{rest}").into();
            }
            if let Some(Value::String(url)) = fields.get_mut("url")
                && url.starts_with("https://discord.com/#isms-")
            {
                *url = "https://discord.com/#isms-[id]".to_owned();
            }
            if let Some(id) = fields.get_mut("custom_id")
                && let Some(text) = id.as_str()
                && let Some((before, _)) = text.split_once('#')
                && (before.is_empty() || before.ends_with(':'))
            {
                *id = format!("{before}#[token]").into();
            }
            fields.values_mut().for_each(mask);
        }
        _ => {}
    }
}
