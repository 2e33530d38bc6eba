//! What people do and see.

use serde_json::{Value, json};
use uuid::Uuid;

use super::FakeSlack;
use super::happen::HOME;
use super::limits::iso_date;
use super::shown::Shown;
use super::socket::deliver;
use super::views::stateful;
use super::world::{Seen, View, World, inputs, standing};

/// Someone of the workspace, in a channel.
#[derive(Clone)]
pub struct Person {
    pub(super) slack: FakeSlack,
    pub(super) id: String,
    pub(super) channel: String,
    pub(super) team: String,
}

/// What a person gets to see of an act of theirs.
#[derive(Clone)]
pub enum Sight {
    Card(Shown),
    Modal(Modal),
}

impl Sight {
    pub fn card(self) -> Shown {
        match self {
            Sight::Card(card) => card,
            Sight::Modal(modal) => panic!("not a card but a form: {:#}", modal.json()),
        }
    }

    pub fn modal(self) -> Modal {
        match self {
            Sight::Modal(modal) => modal,
            Sight::Card(card) => panic!("not a form but a card: {}", card.text()),
        }
    }
}

impl Person {
    pub fn in_channel(mut self, channel: &str) -> Self {
        self.channel = channel.to_owned();
        self
    }

    /// Of another company, in a channel that is shared with it.
    pub fn of_team(mut self, team: &str) -> Self {
        self.team = team.to_owned();
        self
    }

    pub fn in_dm(self) -> Self {
        let dm = self.slack.dm(&self.id).id().to_owned();
        self.in_channel(&dm)
    }

    /// Types a slash command and waits for what comes of it. `@U0BOB` becomes a mention.
    pub async fn types(&self, line: &str) -> Sight {
        let mark = self.mark();
        self.types_only(line).await;
        self.sees_after(mark).await
    }

    /// Types a slash command and waits for its acknowledgement only.
    pub async fn types_only(&self, line: &str) {
        let payload = |world: &mut World| self.typed(world, line);
        self.sends("slash_commands", payload, None).await;
    }

    /// Types a slash command and waits for nothing; a socket must be open.
    pub fn fires(&self, line: &str) {
        let sent = self.slack.shared.change(|world| {
            let payload = self.typed(world, line);
            deliver(world, "slash_commands", &payload, None)
        });
        assert!(sent.is_some(), "a socket is open");
    }

    fn typed(&self, world: &mut World, line: &str) -> Value {
        let (command, text) = line.split_once(' ').unwrap_or((line, ""));
        let (trigger, address) = world.act(&self.id, &self.channel);
        json!({
            "token": "gone", "team_id": self.team, "team_domain": "sample", "api_app_id": "A0ISMS",
            "channel_id": self.channel, "channel_name": world.channels[&self.channel].name,
            "user_id": self.id, "user_name": self.id.to_lowercase(), "command": command,
            "text": as_slack_sends(world, text), "is_enterprise_install": "false",
            "trigger_id": trigger, "response_url": self.address(&address),
        })
    }

    /// Clicks a button of a message and waits for what comes of it.
    pub async fn clicks(&self, on: &Shown, label: &str) -> Sight {
        let mark = self.mark();
        self.clicks_only(on, label).await;
        self.sees_after(mark).await
    }

    /// Clicks a button and waits for the acknowledgement only.
    pub async fn clicks_only(&self, on: &Shown, label: &str) {
        let (block, button) = on.button(label);
        let payload = |world: &mut World| {
            if on.channel == HOME {
                return self.clicked_at_home(world, (&block, &button));
            }
            let (trigger, address) = world.act(&self.id, &on.channel);
            let mut payload = json!({
                "type": "block_actions", "api_app_id": "A0ISMS", "token": "gone",
                "team": { "id": self.team, "domain": "sample" }, "is_enterprise_install": false,
                "user": { "id": self.id, "username": "x", "name": "x", "team_id": self.team },
                "channel": { "id": on.channel, "name": "x" }, "trigger_id": trigger,
                "container": {
                    "type": "message", "message_ts": on.ts(), "channel_id": on.channel,
                    "is_ephemeral": on.ephemeral,
                },
                "response_url": self.address(&address), "state": { "values": {} },
                "actions": [{
                    "type": "button", "action_id": button["action_id"], "block_id": block,
                    "text": button["text"], "value": button["value"], "action_ts": "1800000000.1",
                }],
            });
            if !on.ephemeral {
                payload["message"] = on.raw().clone();
                // A kind of block that no library knows yet must not hurt.
                payload["message"]["blocks"][0]["type"] = "something_new".into();
            }
            payload
        };
        self.sends("interactive", payload, None).await;
    }

    pub(super) fn address(&self, token: &str) -> String {
        format!("http://{}/response/{token}", self.slack.shared.address)
    }

    /// Sends an envelope as soon as a socket is open, or posts it, and waits for its
    /// acknowledgement: the payload of that, `Null` for a bare one.
    pub(super) async fn sends(
        &self,
        kind: &str,
        payload: impl Fn(&mut World) -> Value,
        view: Option<&str>,
    ) -> Value {
        if let Some(hook) = self.slack.hook() {
            let payload = self.slack.change(|world| payload(world));
            return self.slack.posts(&hook, (kind, payload), view).await;
        }
        let what = format!("a socket for {kind}");
        let envelope = |world: &mut World| {
            if !world.sockets.values().any(|socket| socket.open) {
                return None;
            }
            let payload = payload(world);
            deliver(world, kind, &payload, view.map(str::to_owned))
        };
        let id = self.slack.shared.until(&what, envelope).await;
        let acked = |world: &mut World| world.envelopes[&id].acked.clone();
        self.slack
            .shared
            .until(&format!("the acknowledgement of {kind}"), acked)
            .await
    }

    /// How much was seen so far.
    pub(super) fn mark(&self) -> usize {
        self.slack
            .shared
            .look(|world| world.sights.get(&self.id).map_or(0, Vec::len))
    }

    pub(super) async fn sees_after(&self, mark: usize) -> Sight {
        let next = |world: &mut World| world.sights.get(&self.id)?.get(mark).cloned();
        match self
            .slack
            .shared
            .until(&format!("something for {}", self.id), next)
            .await
        {
            Seen::Ephemeral { channel, message } => Sight::Card(Shown::to(self, &channel, message)),
            Seen::Modal { view } => Sight::Modal(Modal {
                by: self.clone(),
                id: view,
            }),
        }
    }
}

/// `&`, `<`, `>` escaped, `@U0BOB` as the mention that Slack makes of it.
fn as_slack_sends(world: &World, typed: &str) -> String {
    let escaped = typed
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    world.people.keys().fold(escaped, |text, id| {
        text.replace(&format!("@{id}"), &format!("<@{id}|{}>", id.to_lowercase()))
    })
}

/// An open form.
#[derive(Clone)]
pub struct Modal {
    pub(super) by: Person,
    pub(super) id: String,
}

impl Modal {
    pub(super) fn look<T>(&self, look: impl FnOnce(&View) -> T) -> T {
        self.by
            .slack
            .shared
            .look(|world| look(&world.views[&self.id]))
    }

    pub fn title(&self) -> String {
        self.look(|view| {
            view.json["title"]["text"]
                .as_str()
                .unwrap_or_default()
                .to_owned()
        })
    }

    /// The names of its fields, in order.
    pub fn fields(&self) -> Vec<String> {
        self.look(|view| {
            inputs(&view.json)
                .into_iter()
                .map(|(block, _)| block)
                .collect()
        })
    }

    /// What stands in a field.
    pub fn value(&self, field: &str) -> Option<String> {
        self.look(|view| {
            let input = inputs(&view.json)
                .into_iter()
                .find(|(block, _)| block == field);
            let (block, input) = input.unwrap_or_else(|| panic!("no field {field}"));
            standing(view, &block, &input)
        })
    }

    /// What is wrong with a field: beside it, or in the line under it.
    pub fn error(&self, field: &str) -> Option<String> {
        self.look(|view| {
            if let Some(error) = view.errors.get(field) {
                return Some(error.clone());
            }
            let blocks = view.json["blocks"].as_array()?;
            let at = blocks.iter().position(|block| block["block_id"] == field)?;
            let below = blocks
                .get(at + 1)
                .filter(|below| below["type"] == "context")?;
            below["elements"][0]["text"].as_str().map(str::to_owned)
        })
    }

    pub fn is_open(&self) -> bool {
        self.look(|view| view.open)
    }

    /// All words in it that are no field: the introduction, and errors of no field.
    pub fn words(&self) -> String {
        self.look(|view| {
            let blocks = view.json["blocks"].as_array().cloned().unwrap_or_default();
            let texts = blocks
                .iter()
                .filter_map(|block| block["text"]["text"].as_str());
            texts.collect::<Vec<_>>().join("\n")
        })
    }

    /// All that is wrong, and all words that are no field.
    pub fn all_words(&self) -> String {
        let mut words = vec![self.words()];
        words.extend(self.fields().iter().filter_map(|field| self.error(field)));
        words.join("\n")
    }

    /// The view without what differs from run to run.
    pub fn json(&self) -> Value {
        self.look(|view| {
            let mut json = Value::Object(view.json.clone());
            let carried = json["private_metadata"].as_str().unwrap_or_default();
            if let Ok(mut carried) = serde_json::from_str::<Value>(carried) {
                if !carried["response_url"].is_null() {
                    carried["response_url"] = "[address]".into();
                }
                // A person is carried by our own id.
                let command = carried["command"].as_str().unwrap_or_default();
                let words = command.split(' ').map(|word| match Uuid::parse_str(word) {
                    Ok(_) => "[id]",
                    Err(_) => word,
                });
                carried["command"] = words.collect::<Vec<_>>().join(" ").into();
                json["private_metadata"] = carried;
            }
            if !view.errors.is_empty() {
                json["[errors]"] = json!(view.errors);
            }
            json
        })
    }

    /// Types or picks, as far as the inputs let a person do so.
    pub fn fills(self, values: &[(&str, &str)]) -> Self {
        self.by.slack.change(|world| {
            let people: Vec<String> = world.people.keys().cloned().collect();
            let view = world.views.get_mut(&self.id).unwrap();
            for (field, value) in values {
                let input = inputs(&view.json)
                    .into_iter()
                    .find(|(block, _)| block == field);
                let (_, input) = input.unwrap_or_else(|| panic!("no field {field}"));
                let offered = view.offered.get(*field).cloned().unwrap_or_default();
                let typed = entered((&input, &offered), value, &people);
                let typed = typed.unwrap_or_else(|why| panic!("cannot fill {field}: {why}"));
                view.typed.insert((*field).to_owned(), typed);
            }
        });
        self
    }

    /// Submits and waits for what comes of it: the form again, or a card.
    pub async fn submits(&self) -> Sight {
        let mark = self.by.mark();
        self.submits_only().await;
        self.by.sees_after(mark).await
    }

    /// Submits and waits for the acknowledgement only. Slack itself does not let anyone submit with
    /// a required field empty.
    pub async fn submits_only(&self) {
        let payload = |world: &mut World| {
            let view = &world.views[&self.id];
            assert!(view.open, "the form is closed");
            for block in view.json["blocks"].as_array().unwrap() {
                let required = block["type"] == "input" && block["optional"] != true;
                let name = block["block_id"].as_str().unwrap_or_default();
                let empty = required && standing(view, name, &block["element"]).is_none();
                assert!(!empty, "Slack would not submit: {name} is required");
            }
            let view_team = view.team.clone();
            let mut shown = stateful(view, &self.id);
            shown["state"] = world.state_of(view);
            let (trigger, _) = world.act(&self.by.id, &self.by.channel);
            json!({
                "type": "view_submission", "api_app_id": "A0ISMS", "token": "gone",
                "team": { "id": view_team, "domain": "sample" }, "trigger_id": trigger,
                "user": { "id": self.by.id, "username": "x", "name": "x", "team_id": view_team },
                "view": shown, "response_urls": [], "is_enterprise_install": false,
            })
        };
        self.by.sends("interactive", payload, Some(&self.id)).await;
    }
}

/// What an input takes of what a person enters.
fn entered(
    (input, offered): (&Value, &[Value]),
    value: &str,
    people: &[String],
) -> Result<String, String> {
    match input["type"].as_str().unwrap_or_default() {
        "datepicker" if !value.is_empty() => iso_date(value).map(|()| value.to_owned()),
        "users_select" if !value.is_empty() && !people.iter().any(|id| id == value) => {
            Err(format!("{value} is nobody"))
        }
        "static_select" | "external_select" if !value.is_empty() => {
            let mut options = input["options"].as_array().cloned().unwrap_or_default();
            options.extend(offered.iter().cloned());
            let chosen = options
                .iter()
                .find(|o| o["value"] == value || o["text"]["text"] == value);
            let chosen = chosen.and_then(|o| o["value"].as_str());
            chosen
                .map(str::to_owned)
                .ok_or_else(|| format!("no option {value}"))
        }
        "file_input" => Err("a file is attached".to_owned()),
        "plain_text_input" if input["multiline"] != true && value.contains('\n') => {
            Err("one line only".to_owned())
        }
        _ => Ok(value.to_owned()),
    }
}
