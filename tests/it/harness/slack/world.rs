//! What the fake knows: people, channels, messages, views, files, sockets, and what it was asked.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::time::Instant;

use axum::body::Bytes;
use isms_bot::clock::Clock;
use serde_json::{Map, Value, json};
use tokio::sync::mpsc::UnboundedSender;

use super::given::{Given, Telling};

pub const TEAM: &str = "T0ISMS";
pub const BOT: &str = "U0BOT";
pub const BOT_TOKEN: &str = "xoxb-fake-bot";
pub const APP_TOKEN: &str = "xapp-fake-app";
/// Another company. It has people, a channel and a bot user of its own, and no token until it
/// installs the bot.
pub const BIRCH: &str = "T0BIRCH";
pub const BIRCH_BOT: &str = "U0BIRCHBOT";

pub struct World {
    pub people: BTreeMap<String, Member>,
    pub channels: BTreeMap<String, Channel>,
    /// What each person saw of their own acts, in order: ephemeral messages and modals.
    pub sights: HashMap<String, Vec<Seen>>,
    pub views: BTreeMap<String, View>,
    pub triggers: HashMap<String, Trigger>,
    pub addresses: HashMap<String, Address>,
    pub files: BTreeMap<String, File>,
    /// What people attached to forms.
    pub given: BTreeMap<String, Given>,
    pub telling: Telling,
    /// Where this Slack is.
    pub base: String,
    pub envelopes: BTreeMap<String, Envelope>,
    pub sockets: BTreeMap<u64, Socket>,
    pub tickets: BTreeSet<String>,
    pub scopes: BTreeSet<String>,
    pub faults: VecDeque<(String, Fault)>,
    /// Every call: its method and its arguments.
    pub calls: Vec<(String, Value)>,
    /// Every call that was refused for a reason of the caller's: method, error word, detail.
    pub refusals: Vec<(String, String, String)>,
    /// What the protocol forbids and no error word exists for.
    pub violations: Vec<String>,
    /// The team whose token the call at hand carries.
    pub acting: String,
    /// Tokens that were granted by installing: whose, and whether they are good.
    pub granted: BTreeMap<String, (String, Result<(), &'static str>)>,
    /// Codes and refresh tokens that can be exchanged, for which team.
    pub codes: BTreeMap<String, String>,
    /// Granted tokens are rotated.
    pub rotates: bool,
    /// The home of each person, as it was published last, and how often.
    pub homes: BTreeMap<String, (u64, Value)>,
    /// Where Slack posts what happens, instead of over the sockets.
    pub hook: Option<Hook>,
    pub bot_token: Result<(), &'static str>,
    pub app_token: Result<(), &'static str>,
    /// How often a message with a fresh picture is refused before Slack has read it.
    pub slow_pictures: u32,
    /// Sockets that were opened in all.
    pub hellos: u32,
    count: u64,
}

/// The app's request URL, and what the requests are signed with.
#[derive(Clone)]
pub struct Hook {
    pub url: String,
    pub secret: String,
    pub clock: Clock,
}

pub struct Member {
    pub team: &'static str,
    pub name: String,
    pub zone: String,
    pub admin: bool,
    pub bot: bool,
    pub gone: bool,
}

pub struct Channel {
    pub team: &'static str,
    pub name: String,
    /// The person of a direct conversation.
    pub direct: Option<String>,
    pub archived: bool,
    pub members: BTreeSet<String>,
    pub messages: Vec<Value>,
    /// The messages that are pinned.
    pub pins: Vec<String>,
}

#[derive(Clone)]
pub enum Seen {
    Ephemeral {
        channel: String,
        message: Value,
    },
    /// Opened, replaced, or marked with errors.
    Modal {
        view: String,
    },
}

pub struct View {
    pub team: String,
    pub person: String,
    /// What was offered for an input while the person typed.
    pub offered: BTreeMap<String, Vec<Value>>,
    pub json: Map<String, Value>,
    pub hash: String,
    pub open: bool,
    pub errors: BTreeMap<String, String>,
    /// What the person put into the inputs, by block.
    pub typed: BTreeMap<String, String>,
}

pub struct Trigger {
    pub person: String,
    pub made: Instant,
    pub spent: bool,
    pub expired: bool,
}

pub struct Address {
    pub person: String,
    pub channel: String,
    pub uses: u32,
    pub expired: bool,
}

pub struct File {
    pub name: String,
    pub length: usize,
    pub bytes: Option<Bytes>,
    pub complete: bool,
}

pub struct Envelope {
    pub frame: String,
    pub sent: Instant,
    /// The payload of the acknowledgement, `Null` for a bare one.
    pub acked: Option<Value>,
    pub late: bool,
    pub takes_payload: bool,
    /// The view that was submitted.
    pub view: Option<String>,
}

pub struct Socket {
    pub to: UnboundedSender<Order>,
    /// Said hello and takes envelopes.
    pub open: bool,
}

pub enum Order {
    Send(String),
    /// The TCP connection goes, without a Close.
    Drop,
}

/// What goes wrong with the next call of a method.
#[derive(Debug, Clone)]
pub enum Fault {
    /// 429, with the seconds to wait.
    Limited(u64),
    /// A status instead of an answer; nothing is done.
    Status(u16),
    /// It is done, but no answer ever comes.
    DoneThenSilent,
    /// Nothing is done and no answer ever comes.
    Silent,
    /// Slack's own word; nothing is done.
    Word(&'static str),
}

impl World {
    pub fn new(base: String) -> Self {
        let mut world = World {
            people: BTreeMap::new(),
            channels: BTreeMap::new(),
            sights: HashMap::new(),
            views: BTreeMap::new(),
            triggers: HashMap::new(),
            addresses: HashMap::new(),
            files: BTreeMap::new(),
            given: BTreeMap::new(),
            telling: Telling::Wholly,
            base,
            envelopes: BTreeMap::new(),
            sockets: BTreeMap::new(),
            tickets: BTreeSet::new(),
            scopes: isms_bot::slack::SCOPES
                .iter()
                .map(|(s, _)| (*s).to_owned())
                .collect(),
            faults: VecDeque::new(),
            calls: Vec::new(),
            refusals: Vec::new(),
            violations: Vec::new(),
            acting: TEAM.to_owned(),
            granted: BTreeMap::new(),
            codes: BTreeMap::new(),
            rotates: false,
            homes: BTreeMap::new(),
            hook: None,
            bot_token: Ok(()),
            app_token: Ok(()),
            slow_pictures: 0,
            hellos: 0,
            count: 0,
        };
        for (id, name, zone, admin) in [
            ("U0ANN", "Ann Keller", "Europe/Berlin", true),
            ("U0BOB", "Bob Ito", "Asia/Tokyo", false),
            ("U0CAI", "Cai Moss", "America/New_York", false),
            ("U0DEE", "Dee Okafor", "Africa/Lagos", false),
        ] {
            world.admit(id, name, (zone, admin));
        }
        world.admit(BOT, "isms", ("UTC", false));
        world.people.get_mut(BOT).unwrap().bot = true;
        let everyone: BTreeSet<String> = world.people.keys().cloned().collect();
        world.found("C0ISMS", "isms", everyone.clone());
        let without_bot = everyone.into_iter().filter(|id| id != BOT).collect();
        world.found("C0ELSEWHERE", "elsewhere", without_bot);
        world.admit("U0EVE", "Eve Roth", ("Europe/Berlin", true));
        world.admit("U0FAY", "Fay Lund", ("Europe/Oslo", false));
        world.admit(BIRCH_BOT, "isms", ("UTC", false));
        world.people.get_mut(BIRCH_BOT).unwrap().bot = true;
        let birch = ["U0EVE", "U0FAY", BIRCH_BOT];
        for id in birch {
            world.people.get_mut(id).unwrap().team = BIRCH;
        }
        let members = birch.map(str::to_owned).into();
        world.found("C0BIRCH", "isms", members);
        world.channels.get_mut("C0BIRCH").unwrap().team = BIRCH;
        world
    }

    /// The bot user of the team that acts.
    pub fn bot(&self) -> &'static str {
        bot_of(&self.acting)
    }

    /// A channel of the team that acts.
    pub fn channel(&self, id: &str) -> Option<&Channel> {
        self.channels.get(id).filter(|c| c.team == self.acting)
    }

    /// Somebody of the team that acts.
    pub fn member(&self, id: &str) -> Option<&Member> {
        self.people.get(id).filter(|m| m.team == self.acting)
    }

    pub fn admit(&mut self, id: &str, name: &str, (zone, admin): (&str, bool)) {
        let member = Member {
            team: TEAM,
            name: name.to_owned(),
            zone: zone.to_owned(),
            admin,
            bot: false,
            gone: false,
        };
        self.people.insert(id.to_owned(), member);
    }

    pub fn found(&mut self, id: &str, name: &str, members: BTreeSet<String>) {
        let channel = Channel {
            team: TEAM,
            name: name.to_owned(),
            direct: None,
            archived: false,
            members,
            messages: Vec::new(),
            pins: Vec::new(),
        };
        self.channels.insert(id.to_owned(), channel);
    }

    pub fn next(&mut self) -> u64 {
        self.count += 1;
        self.count
    }

    /// A message id: unique and growing.
    pub fn ts(&mut self) -> String {
        let n = self.next();
        format!("{}.{:06}", 1_800_000_000 + n, n)
    }

    /// The direct conversation of the bot with a person, made if need be.
    pub fn direct(&mut self, person: &str) -> String {
        let known = self
            .channels
            .iter()
            .find(|(_, c)| c.direct.as_deref() == Some(person));
        if let Some((id, _)) = known {
            return id.clone();
        }
        let id = format!("D{}", person.trim_start_matches('U'));
        let team = self.people[person].team;
        let bot = bot_of(team).to_owned();
        self.found(&id, "", BTreeSet::from([person.to_owned(), bot]));
        let channel = self.channels.get_mut(&id).unwrap();
        channel.direct = Some(person.to_owned());
        channel.team = team;
        id
    }

    /// A fresh `trigger_id` and `response_url` token for an act.
    pub fn act(&mut self, person: &str, channel: &str) -> (String, String) {
        let n = self.next();
        let (trigger, address) = (format!("{n}.trigger"), format!("{n}"));
        let made = Trigger {
            person: person.to_owned(),
            made: Instant::now(),
            spent: false,
            expired: false,
        };
        self.triggers.insert(trigger.clone(), made);
        let way = Address {
            person: person.to_owned(),
            channel: channel.to_owned(),
            uses: 0,
            expired: false,
        };
        self.addresses.insert(address.clone(), way);
        (trigger, address)
    }

    pub fn show(&mut self, person: &str, seen: Seen) {
        self.sights.entry(person.to_owned()).or_default().push(seen);
    }

    pub fn fault_of(&mut self, method: &str) -> Option<Fault> {
        let at = self.faults.iter().position(|(of, _)| of == method)?;
        self.faults.remove(at).map(|(_, fault)| fault)
    }

    /// What a submit of the view carries as its state.
    pub fn state_of(&self, view: &View) -> Value {
        let mut values = Map::new();
        for (block, input) in inputs(&view.json) {
            let kind = input["type"].as_str().unwrap_or_default();
            let value = standing(view, &block, &input);
            let state = match kind {
                "datepicker" => json!({"type": kind, "selected_date": value}),
                "users_select" => json!({"type": kind, "selected_user": value}),
                "static_select" | "external_select" => {
                    let mut options = input["options"].as_array().cloned().unwrap_or_default();
                    options.extend(view.offered.get(&block).cloned().unwrap_or_default());
                    options.push(input["initial_option"].clone());
                    let chosen = options
                        .into_iter()
                        .find(|o| o["value"].as_str() == value.as_deref());
                    json!({"type": kind, "selected_option": chosen})
                }
                "file_input" => super::given::state(self, value.as_deref()),
                _ => json!({"type": kind, "value": value}),
            };
            let action = input["action_id"].as_str().unwrap_or_default().to_owned();
            values.insert(block, json!({ action: state }));
        }
        json!({ "values": values })
    }
}

fn bot_of(team: &str) -> &'static str {
    if team == BIRCH { BIRCH_BOT } else { BOT }
}

/// The inputs of a view: block id and element.
pub fn inputs(view: &Map<String, Value>) -> Vec<(String, Value)> {
    let none = Vec::new();
    let blocks = view
        .get("blocks")
        .and_then(Value::as_array)
        .unwrap_or(&none);
    let inputs = blocks.iter().filter(|block| block["type"] == "input");
    inputs
        .map(|b| {
            (
                b["block_id"].as_str().unwrap_or_default().to_owned(),
                b["element"].clone(),
            )
        })
        .collect()
}

/// What stands in an input: what was typed, else what it began with.
pub fn standing(view: &View, block: &str, input: &Value) -> Option<String> {
    if let Some(typed) = view.typed.get(block) {
        return (!typed.is_empty()).then(|| typed.clone());
    }
    let initial = ["initial_value", "initial_date", "initial_user"];
    let initial = initial.iter().find_map(|key| input[*key].as_str());
    initial
        .or_else(|| input["initial_option"]["value"].as_str())
        .map(str::to_owned)
}
