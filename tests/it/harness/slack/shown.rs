//! Messages as people see them.

use serde_json::{Value, json};

use super::story::{Person, Sight};

/// A message as someone sees it.
#[derive(Clone)]
pub struct Shown {
    pub channel: String,
    pub ephemeral: bool,
    seen_by: Option<Person>,
    json: Value,
}

impl Shown {
    pub(super) fn new(channel: &str, json: Value) -> Self {
        Shown {
            channel: channel.to_owned(),
            ephemeral: false,
            seen_by: None,
            json,
        }
    }

    /// An ephemeral message, to one person.
    pub(super) fn to(person: &Person, channel: &str, json: Value) -> Self {
        let shown = Shown::new(channel, json);
        Shown {
            ephemeral: true,
            seen_by: Some(person.clone()),
            ..shown
        }
    }

    pub fn ts(&self) -> &str {
        self.json["ts"].as_str().unwrap_or_default()
    }

    /// The words beside the blocks: all of the card in plain lines.
    pub fn text(&self) -> &str {
        self.json["text"].as_str().unwrap_or_default()
    }

    pub fn is_edited(&self) -> bool {
        !self.json["edited"].is_null()
    }

    /// The thread it stands in.
    pub fn thread(&self) -> Option<&str> {
        self.json["thread_ts"].as_str()
    }

    /// The names of the files it shares.
    pub fn files(&self) -> Vec<String> {
        let files = self.json["files"].as_array().cloned().unwrap_or_default();
        files
            .iter()
            .filter_map(|file| file["title"].as_str().map(str::to_owned))
            .collect()
    }

    pub fn buttons(&self) -> Vec<String> {
        let labels = self.all_buttons();
        labels
            .iter()
            .filter_map(|(_, b)| b["text"]["text"].as_str().map(str::to_owned))
            .collect()
    }

    /// What its buttons would say.
    pub fn commands(&self) -> Vec<String> {
        let buttons = self.all_buttons();
        let commands = buttons.iter().filter_map(|(_, b)| b["value"].as_str());
        commands.map(str::to_owned).collect()
    }

    fn all_buttons(&self) -> Vec<(Value, Value)> {
        let blocks = self.json["blocks"].as_array().cloned().unwrap_or_default();
        let rows = blocks
            .into_iter()
            .filter(|block| block["type"] == "actions");
        let in_row = |row: Value| {
            let id = row["block_id"].as_str().unwrap_or("given").to_owned();
            let elements = row["elements"].as_array().cloned().unwrap_or_default();
            elements
                .into_iter()
                .map(move |button| (Value::from(id.clone()), button))
        };
        rows.flat_map(in_row).collect()
    }

    pub(super) fn button(&self, label: &str) -> (Value, Value) {
        let found = self
            .all_buttons()
            .into_iter()
            .find(|(_, b)| b["text"]["text"] == label);
        found.unwrap_or_else(|| panic!("no button {label:?} among {:?}", self.buttons()))
    }

    /// The person who sees this (it is ephemeral) clicks a button of it.
    pub async fn clicks(&self, label: &str) -> Sight {
        let person = self
            .seen_by
            .clone()
            .expect("an ephemeral message; else person.clicks(&it, …)");
        person.clicks(self, label).await
    }

    /// `text` and `blocks`, without what differs from run to run.
    pub fn json(&self) -> Value {
        let mut blocks = self.json["blocks"].clone();
        for block in blocks.as_array_mut().into_iter().flatten() {
            if !block["slack_file"].is_null() {
                block["slack_file"]["id"] = "[file]".into();
            }
            if block["block_id"]
                .as_str()
                .is_some_and(|id| id.starts_with("isms_delivery:"))
            {
                block["block_id"] = "isms_delivery:[id]".into();
            }
        }
        let mut json = json!({ "text": self.json["text"], "blocks": blocks });
        mask_fingerprints(&mut json);
        json
    }

    /// Everything about it, as the fake keeps it.
    pub fn raw(&self) -> &Value {
        &self.json
    }
}

/// The log's fingerprint depends on ids that are made anew in each run.
fn mask_fingerprints(json: &mut Value) {
    match json {
        Value::String(text) => {
            let words = text.split(|c: char| !c.is_ascii_alphanumeric());
            let is_one = |word: &&str| {
                word.len() == 12 && word.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
            };
            let found: Vec<String> = words.filter(is_one).map(str::to_owned).collect();
            for fingerprint in found {
                *text = text.replace(&fingerprint, "[fingerprint]");
            }
        }
        Value::Array(values) => values.iter_mut().for_each(mask_fingerprints),
        Value::Object(fields) => fields.values_mut().for_each(mask_fingerprints),
        _ => {}
    }
}
