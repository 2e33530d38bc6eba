//! What happens beside commands and clicks: the home, shortcuts, searches, words to the bot, people
//! and apps that leave.

use serde_json::{Value, json};

use super::FakeSlack;
use super::shown::Shown;
use super::story::{Modal, Person, Sight};
use super::views::stateful;
use super::world::World;

/// The channel of what stands in a home.
pub const HOME: &str = "[home]";

impl Person {
    /// Opens the home and waits until it is shown.
    pub async fn opens_home(&self) -> Shown {
        let before = self.homes_shown();
        let tab =
            json!({ "type": "app_home_opened", "user": self.id, "channel": "D0", "tab": "home" });
        self.happens(tab).await;
        self.sees_home_after(before).await
    }

    /// How often the home was published, for [`Person::sees_home_after`].
    pub fn homes_shown(&self) -> u64 {
        let shown = |world: &World| world.homes.get(&self.id).map_or(0, |(n, _)| *n);
        self.slack.shared.look(shown)
    }

    /// Waits for the home to be published anew.
    pub async fn sees_home_after(&self, before: u64) -> Shown {
        let shown = |world: &mut World| {
            let (n, view) = world.homes.get(&self.id)?;
            (*n > before).then(|| view["blocks"].clone())
        };
        let what = format!("the home of {}", self.id);
        let blocks = self.slack.shared.until(&what, shown).await;
        let text = words_in(&blocks);
        Shown::new(HOME, json!({ "text": text, "blocks": blocks }))
    }

    /// Writes something into the channel, for others to see.
    pub fn says(&self, text: &str) -> Shown {
        let message = self.slack.change(|world| {
            let ts = world.ts();
            let message = json!({
                "type": "message", "user": self.id, "team": self.team, "ts": ts, "text": text,
            });
            let channel = world.channels.get_mut(&self.channel).unwrap();
            channel.messages.push(message.clone());
            message
        });
        Shown::new(&self.channel, message)
    }

    /// Writes to the bot directly.
    pub async fn writes(&self, text: &str) {
        let here = self.clone().in_dm();
        let said = here.says(text);
        let event = json!({
            "type": "message", "channel": here.channel, "channel_type": "im", "user": self.id,
            "text": text, "ts": said.ts(), "event_ts": said.ts(), "team": self.team,
        });
        self.happens(event).await;
    }

    /// Uses a global shortcut.
    pub async fn uses(&self, callback: &str) -> Sight {
        let mark = self.mark();
        let payload = |world: &mut World| {
            let (trigger, _) = world.act(&self.id, &self.channel);
            json!({
                "type": "shortcut", "token": "gone", "action_ts": "1800000000.1",
                "team": { "id": self.team, "domain": "sample" }, "callback_id": callback,
                "user": { "id": self.id, "username": "x", "team_id": self.team },
                "is_enterprise_install": false, "enterprise": null, "trigger_id": trigger,
            })
        };
        self.sends("interactive", payload, None).await;
        self.sees_after(mark).await
    }

    /// Uses a shortcut on a message.
    pub async fn uses_on(&self, message: &Shown, callback: &str) -> Sight {
        let mark = self.mark();
        let payload = |world: &mut World| {
            let (trigger, address) = world.act(&self.id, &message.channel);
            let mut raw = message.raw().clone();
            raw["blocks"] = json!([{ "type": "something_new" }]);
            json!({
                "type": "message_action", "token": "gone", "action_ts": "1800000000.1",
                "team": { "id": self.team, "domain": "sample" }, "callback_id": callback,
                "user": { "id": self.id, "username": "x", "team_id": self.team, "name": "x" },
                "channel": { "id": message.channel, "name": "x" }, "trigger_id": trigger,
                "response_url": self.address(&address), "message_ts": message.ts(),
                "message": raw, "is_enterprise_install": false, "enterprise": null,
            })
        };
        self.sends("interactive", payload, None).await;
        self.sees_after(mark).await
    }

    pub(super) fn clicked_at_home(
        &self,
        world: &mut World,
        (block, button): (&Value, &Value),
    ) -> Value {
        let (trigger, _) = world.act(&self.id, &self.channel);
        let home = &world.homes[&self.id].1;
        json!({
            "type": "block_actions", "api_app_id": "A0ISMS", "token": "gone",
            "team": { "id": self.team, "domain": "sample" }, "is_enterprise_install": false,
            "user": { "id": self.id, "username": "x", "name": "x", "team_id": self.team },
            "trigger_id": trigger, "container": { "type": "view", "view_id": "VHOME" },
            "view": { "id": "VHOME", "type": "home", "blocks": home["blocks"], "hash": "1.a" },
            "state": { "values": {} },
            "actions": [{
                "type": "button", "action_id": button["action_id"], "block_id": block,
                "text": button["text"], "value": button["value"], "action_ts": "1800000000.1",
            }],
        })
    }

    /// An event of this person's team.
    async fn happens(&self, event: Value) {
        let payload = |world: &mut World| callback(world, &self.team, &event);
        self.sends("events_api", payload, None).await;
    }
}

fn callback(world: &mut World, team: &str, event: &Value) -> Value {
    let n = world.next();
    json!({
        "token": "gone", "team_id": team, "api_app_id": "A0ISMS", "type": "event_callback",
        "event": event, "event_id": format!("Ev{n}"), "event_time": 1_800_000_000_u64,
        "authorizations": [{ "team_id": team, "is_bot": true }],
    })
}

impl Modal {
    /// Types into a search and sees what is offered: what it reads, and what it stands for.
    pub async fn searches(&self, field: &str, typed: &str) -> Vec<(String, String)> {
        let payload = |world: &mut World| {
            let view = &world.views[&self.id];
            let by = &self.by;
            json!({
                "type": "block_suggestion", "api_app_id": "A0ISMS", "token": "gone",
                "team": { "id": view.team, "domain": "sample" }, "is_enterprise_install": false,
                "user": { "id": by.id, "username": "x", "name": "x", "team_id": view.team },
                "container": { "type": "view", "view_id": self.id }, "block_id": field,
                "action_id": "value", "value": typed, "view": stateful(view, &self.id),
            })
        };
        let answer = self.by.sends("interactive", payload, None).await;
        let options = answer["options"].as_array().cloned().unwrap_or_default();
        self.by.slack.change(|world| {
            let view = world.views.get_mut(&self.id).unwrap();
            view.offered.insert(field.to_owned(), options.clone());
        });
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let read = |option: &Value| (word(&option["text"]["text"]), word(&option["value"]));
        options.iter().map(read).collect()
    }

    /// Of which kind the input of a field is.
    pub fn kind(&self, field: &str) -> String {
        self.look(|view| {
            let inputs = super::world::inputs(&view.json);
            let input = inputs.into_iter().find(|(block, _)| block == field);
            let (_, input) = input.unwrap_or_else(|| panic!("no field {field}"));
            input["type"].as_str().unwrap_or_default().to_owned()
        })
    }
}

impl FakeSlack {
    /// Somebody is deactivated.
    pub async fn deactivates(&self, person: &str) {
        self.change(|world| world.people.get_mut(person).unwrap().gone = true);
        let event = json!({
            "type": "user_change",
            "user": { "id": person, "deleted": true, "name": "x", "profile": {} },
        });
        self.person(person).happens(event).await;
    }

    /// A team removes the app: its tokens are good for nothing, and the bot hears of it.
    pub async fn uninstalls(&self, team: &str) {
        self.change(|world| {
            for (of, good) in world.granted.values_mut() {
                if of == team {
                    *good = Err("account_inactive");
                }
            }
        });
        let someone = if team == super::BIRCH {
            "U0EVE"
        } else {
            "U0ANN"
        };
        self.person(someone)
            .happens(json!({ "type": "app_uninstalled" }))
            .await;
        let event =
            json!({ "type": "tokens_revoked", "tokens": { "oauth": [], "bot": ["U0BOT"] } });
        self.person(someone).happens(event).await;
    }
}

fn words_in(blocks: &Value) -> String {
    fn of(value: &Value, words: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                if let Some(text) = map.get("text").and_then(Value::as_str) {
                    words.push(text.to_owned());
                }
                map.values().for_each(|value| of(value, words));
            }
            Value::Array(values) => values.iter().for_each(|value| of(value, words)),
            _ => {}
        }
    }
    let mut words = Vec::new();
    of(blocks, &mut words);
    words.join("\n")
}
