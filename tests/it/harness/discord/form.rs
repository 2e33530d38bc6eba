//! Forms as they look on Discord: a modal of text fields; or an ephemeral message with a select for
//! each thing to pick, a button for the texts, which opens a modal of them, and a button that sends
//! all. A story fills and submits both alike.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::shown::{Shown, mask};
use super::story::{Person, Sight};
use super::world::{self, Kind};

const MOST_PAGES: usize = 4;

/// A form that someone has before them.
#[derive(Clone)]
pub struct Modal {
    by: Person,
    face: Face,
    /// What will be entered before it is submitted, by field.
    filled: BTreeMap<String, String>,
}

#[derive(Clone)]
enum Face {
    Modal(String),
    Message(Box<Shown>),
}

impl Modal {
    pub(super) fn opened(by: &Person, id: String) -> Modal {
        Modal::new(by, Face::Modal(id))
    }

    pub(super) fn of(by: &Person, shown: Shown) -> Modal {
        Modal::new(by, Face::Message(Box::new(shown)))
    }

    fn new(by: &Person, face: Face) -> Modal {
        Modal {
            by: by.clone(),
            face,
            filled: BTreeMap::new(),
        }
    }

    fn look<T>(&self, id: &str, look: impl FnOnce(&world::Modal) -> T) -> T {
        let shared = &self.by.discord.shared;
        shared.look(|world| look(&world.modals[id]))
    }

    pub fn title(&self) -> String {
        let of_modal = |modal: &world::Modal| modal.json["title"].as_str().map(str::to_owned);
        match &self.face {
            Face::Modal(id) => self.look(id, of_modal).unwrap_or_default(),
            Face::Message(shown) => shown.text().lines().next().unwrap_or_default().to_owned(),
        }
    }

    /// All words in it that are no field.
    pub fn words(&self) -> String {
        match &self.face {
            Face::Modal(_) => self.title(),
            Face::Message(shown) => shown.text().to_owned(),
        }
    }

    /// All that is wrong, and all words that are no field.
    pub fn all_words(&self) -> String {
        self.words()
    }

    /// The inputs of the modal, or of the modals behind the buttons.
    async fn inputs(&self) -> Vec<(Option<Value>, Value)> {
        let refused = |sight: Sight| panic!("not a form but a card: {}", sight.card().text());
        self.tries_inputs().await.unwrap_or_else(refused)
    }

    /// The same, or the refusal that one of its buttons leads to.
    async fn tries_inputs(&self) -> Result<Vec<(Option<Value>, Value)>, Sight> {
        let Face::Message(shown) = &self.face else {
            return Ok(self.own_inputs().into_iter().map(|i| (None, i)).collect());
        };
        let mut inputs = Vec::new();
        for button in shown.components() {
            let id = button["custom_id"].as_str().unwrap_or_default();
            if id.starts_with("write:") {
                let opened = self.opens(shown, &button["custom_id"]).await?;
                let behind = opened.own_inputs().into_iter();
                inputs.extend(behind.map(|input| (Some(button["custom_id"].clone()), input)));
            }
        }
        Ok(inputs)
    }

    fn own_inputs(&self) -> Vec<Value> {
        let Face::Modal(id) = &self.face else {
            return Vec::new();
        };
        self.look(id, |modal| {
            let rows = modal.json["components"].as_array().into_iter().flatten();
            rows.map(|row| row["components"][0].clone()).collect()
        })
    }

    async fn opens(&self, shown: &Shown, button: &Value) -> Result<Modal, Sight> {
        let mark = self.by.mark();
        self.by.presses(shown, button).await;
        match self.by.sees_after(mark).await {
            Sight::Modal(opened) => {
                let is_modal = matches!(opened.face, Face::Modal(_));
                assert!(is_modal, "the button opens a modal");
                Ok(opened)
            }
            refusal => Err(refusal),
        }
    }

    /// The names of its fields: what is picked, then what is written.
    pub async fn fields(&self) -> Vec<String> {
        let mut fields = Vec::new();
        if let Face::Message(shown) = &self.face {
            for select in shown.components() {
                let id = select["custom_id"].as_str().unwrap_or_default();
                fields.extend(field_of(id).map(str::to_owned));
            }
        }
        for (_, input) in self.inputs().await {
            fields.push(input["custom_id"].as_str().unwrap_or_default().to_owned());
        }
        fields
    }

    /// What stands in a field.
    pub async fn value(&self, field: &str) -> Option<String> {
        if let Some(filled) = self.filled.get(field) {
            return Some(filled.clone()).filter(|filled| !filled.is_empty());
        }
        if let Some(select) = self.select(field) {
            let person = match &select["default_values"][0]["id"] {
                Value::Null => None,
                id => Some(id.to_string().trim_matches('"').to_owned()),
            };
            let mut options = select["options"].as_array().into_iter().flatten();
            let chosen = options.find(|option| option["default"] == true);
            let chosen = chosen.and_then(|option| option["value"].as_str());
            return person.or(chosen.map(str::to_owned));
        }
        let inputs = self.inputs().await;
        let mut inputs = inputs.iter().map(|(_, input)| input);
        let input = inputs.find(|input| input["custom_id"] == field);
        let input = input.unwrap_or_else(|| panic!("no field {field}"));
        let value = input["value"].as_str().filter(|value| !value.is_empty());
        value.map(str::to_owned)
    }

    fn select(&self, field: &str) -> Option<Value> {
        match &self.face {
            Face::Message(shown) => shown.component(&format!("pick:{field}:")),
            Face::Modal(_) => None,
        }
    }

    /// The label of a field, as a person reads it.
    async fn label(&self, field: &str) -> String {
        let label = match self.select(field) {
            Some(select) => select["placeholder"].as_str().map(str::to_owned),
            None => {
                let inputs = self.inputs().await;
                let input = inputs.iter().find(|(_, input)| input["custom_id"] == field);
                let label = input.and_then(|(_, input)| input["label"].as_str());
                label.map(str::to_owned)
            }
        };
        label.unwrap_or_else(|| panic!("no field {field}"))
    }

    /// What is wrong with a field: the line that names its label.
    pub async fn error(&self, field: &str) -> Option<String> {
        let Face::Message(shown) = &self.face else {
            return None;
        };
        let label = self.label(field).await;
        let text = shown.text();
        let mut lines = text.lines();
        let begins = |line: &&str| {
            line.trim_start_matches("⚠ ")
                .starts_with(&format!("{label}:"))
        };
        let line = lines.find(|line| line.contains('⚠') && begins(line))?;
        Some(line.to_owned())
    }

    /// As it stands there, without what differs from run to run.
    pub fn json(&self) -> Value {
        match &self.face {
            Face::Modal(id) => {
                let mut json = self.look(id, |modal| modal.json.clone());
                mask(&mut json);
                json
            }
            Face::Message(shown) => shown.json(),
        }
    }

    /// Enters values; they are sent with [`Modal::submits`], as far as the fields let a person.
    pub fn fills(mut self, values: &[(&str, &str)]) -> Self {
        for (field, value) in values {
            self.filled.insert((*field).to_owned(), (*value).to_owned());
        }
        self
    }

    /// Turns to the next page of its selects.
    pub async fn turns_the_page(&self) -> Modal {
        let Face::Message(shown) = &self.face else {
            panic!("a modal has one page");
        };
        let next = shown.component("page:").expect("another page");
        let mark = self.by.mark();
        self.by.presses(shown, &next["custom_id"]).await;
        self.by.sees_after(mark).await.modal()
    }

    /// Submits and waits for what comes of it: the form again, or a card.
    pub async fn submits(&self) -> Sight {
        let mut form = self.clone();
        if let Some(sight) = form.enters().await {
            return sight;
        }
        let mark = form.by.mark();
        form.sends().await;
        form.by.sees_after(mark).await
    }

    /// Submits and waits for the first answer only.
    pub async fn submits_only(&self) {
        let mut form = self.clone();
        if form.enters().await.is_none() {
            form.sends().await;
        }
    }

    async fn sends(&self) {
        match &self.face {
            Face::Modal(id) => drop(self.submits_modal(id).await),
            Face::Message(shown) => {
                let send = shown.component("send:").expect("a button that sends");
                self.by.presses(shown, &send["custom_id"]).await;
            }
        }
    }

    /// Picks and writes, and waits for the form as it is then, without sending it.
    pub async fn writes(self, values: &[(&str, &str)]) -> Modal {
        let mut form = self.fills(values);
        assert!(form.enters().await.is_none(), "it was sent with that");
        form
    }

    /// Picks and writes what was filled in, bit by bit. A modal that says that it is the last sends
    /// all with it; then what comes of it is seen.
    async fn enters(&mut self) -> Option<Sight> {
        if let Face::Modal(_) = self.face {
            return None;
        }
        let filled = self.filled.clone();
        for (field, value) in &filled {
            self.turns_to(field).await;
            if let (Some(select), Face::Message(shown)) = (self.select(field), &self.face) {
                let mark = self.by.mark();
                let done = self.by.picks(shown, &select, value).await;
                self.filled.remove(field);
                if let Some(refusal) = self.turns_into_what_is_seen(mark, &done).await {
                    return Some(refusal);
                }
            }
        }
        // Each modal is opened, filled and submitted once.
        let mut buttons: Vec<Value> = Vec::new();
        let inputs = match self.tries_inputs().await {
            Ok(inputs) => inputs,
            Err(refusal) => return Some(refusal),
        };
        for (button, input) in inputs {
            let wanted = input["custom_id"]
                .as_str()
                .is_some_and(|f| self.filled.contains_key(f));
            let button = button.filter(|_| wanted);
            buttons.extend(button.filter(|button| !buttons.contains(button)));
        }
        for button in buttons {
            let Face::Message(shown) = &self.face else {
                panic!("the form went away");
            };
            let mut opened = match self.opens(shown, &button).await {
                Ok(opened) => opened,
                Err(refusal) => return Some(refusal),
            };
            for input in opened.own_inputs() {
                let field = input["custom_id"].as_str().unwrap_or_default();
                if let Some((field, value)) = self.filled.remove_entry(field) {
                    opened.filled.insert(field, value);
                }
            }
            let mark = self.by.mark();
            let Face::Modal(id) = &opened.face else {
                panic!("not a modal");
            };
            let is_last =
                |modal: &world::Modal| modal.json["custom_id"].to_string().starts_with("\"last:");
            let sends = opened.look(id, is_last);
            let done = opened.submits_modal(id).await;
            if sends {
                return Some(self.by.sees_after(mark).await);
            }
            if let Some(refusal) = self.turns_into_what_is_seen(mark, &done).await {
                return Some(refusal);
            }
        }
        assert!(self.filled.is_empty(), "no field for {:?}", self.filled);
        None
    }

    /// Turns to the page with the select of a field, if it has one.
    async fn turns_to(&mut self, field: &str) {
        for _ in 0..MOST_PAGES {
            let is_paged = match &self.face {
                Face::Message(shown) => shown.component("page:").is_some(),
                Face::Modal(_) => false,
            };
            if self.select(field).is_some() || !is_paged {
                return;
            }
            self.face = self.turns_the_page().await.face;
        }
    }

    /// The form as it is after a bit of it was answered. A bare acknowledgement leaves it; a card ends
    /// it (what it is about is not there), and is given back.
    async fn turns_into_what_is_seen(&mut self, mark: usize, interaction: &str) -> Option<Sight> {
        let shared = &self.by.discord.shared;
        let silent = shared.look(|world| world.interactions[interaction].answered == Some(6));
        if !silent {
            match self.by.sees_after(mark).await {
                Sight::Modal(again) => self.face = again.face,
                refusal => return Some(refusal),
            }
        }
        None
    }

    /// Sends a modal. Discord itself does not let anyone send one with a required field empty.
    async fn submits_modal(&self, id: &str) -> String {
        let (mut data, channel, on) = self.look(id, |modal| {
            assert!(modal.open, "the form is closed");
            let data = json!({ "custom_id": modal.json["custom_id"], "components": [] });
            (data, modal.channel.clone(), modal.on.clone())
        });
        let mut filled = self.filled.clone();
        for input in self.own_inputs() {
            let field = input["custom_id"].as_str().unwrap_or_default();
            let stood = input["value"].as_str().unwrap_or_default().to_owned();
            let value = filled.remove(field).unwrap_or(stood);
            if let Err(why) = fits(&input, &value) {
                panic!("Discord would not submit: {field}: {why}");
            }
            let row = json!({ "type": 1, "components": [
                { "type": 4, "custom_id": field, "value": value },
            ] });
            data["components"].as_array_mut().unwrap().push(row);
        }
        assert!(filled.is_empty(), "no field for {filled:?}");
        self.by
            .discord
            .change(|world| world.modals.get_mut(id).unwrap().open = false);
        let there = self.by.clone().in_channel(&channel);
        there.sends(Kind::Submit, on.as_deref(), &data).await
    }
}

/// The field of `pick:<field>:…`.
fn field_of(id: &str) -> Option<&str> {
    let (field, _) = id.strip_prefix("pick:")?.split_once(':')?;
    Some(field)
}

/// Whether an input takes what a person writes.
fn fits(input: &Value, value: &str) -> Result<(), String> {
    let length = value.chars().count() as u64;
    if value.is_empty() {
        return match input["required"] == false {
            true => Ok(()),
            false => Err("it is required".to_owned()),
        };
    }
    if input["style"] == 1 && value.contains('\n') {
        return Err("one line only".to_owned());
    }
    let most = input["max_length"].as_u64().unwrap_or(4000);
    if length > most || length < input["min_length"].as_u64().unwrap_or(0) {
        return Err(format!("{length} characters do not fit"));
    }
    Ok(())
}
