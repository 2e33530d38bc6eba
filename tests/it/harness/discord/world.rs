//! What the fake knows: people, servers, channels, messages, interactions, commands, sessions, and
//! what it was asked.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::time::Instant;

use axum::body::Bytes;
use serde_json::{Map, Value};
use tokio::sync::mpsc::UnboundedSender;

use super::given::Given;

/// The server Sample Ltd, and another one, that only Ann and Cai are in.
pub const GUILD: &str = "1100000000000000001";
pub const OTHER_GUILD: &str = "1100000000000000002";
pub const ISMS: &str = "1100000000000000101";
pub const ELSEWHERE: &str = "1100000000000000102";
/// The one channel of the other server.
pub const OTHER_ISMS: &str = "1100000000000000201";
pub const ANN: &str = "1200000000000000001";
pub const BOB: &str = "1200000000000000002";
pub const CAI: &str = "1200000000000000003";
pub const DEE: &str = "1200000000000000004";
/// The application, and its user: the bot.
pub const BOT: &str = "1300000000000000001";
/// In three parts, as real ones are.
pub const TOKEN: &str = "MTMwMDAwMDAwMDAwMDAwMDAwMQ.Gfake0.this-is-the-token-of-a-fake-bot-0000";

/// Monday, 2026-11-23, 08:00 UTC: ids tell when they were made.
const FIRST_ID: u64 = 1_574_333_684_121_600_000;

#[derive(Default)]
pub struct World {
    pub people: BTreeMap<String, Member>,
    pub guilds: BTreeMap<String, Guild>,
    pub channels: BTreeMap<String, Channel>,
    pub messages: BTreeMap<String, Message>,
    pub interactions: BTreeMap<String, Interaction>,
    /// As it was told.
    pub last_interaction: Value,
    pub modals: BTreeMap<String, Modal>,
    /// The registered commands by server; those under "" are everywhere.
    pub commands: BTreeMap<String, Vec<Value>>,
    /// How often commands were written.
    pub registrations: u32,
    /// What each person saw of their own acts, in order.
    pub sights: HashMap<String, Vec<Seen>>,
    pub sessions: BTreeMap<String, Session>,
    pub sockets: BTreeMap<u64, Socket>,
    pub faults: VecDeque<(String, Fault)>,
    /// Every call: its route and its body (or, of a GET, its query).
    pub calls: Vec<(String, Value)>,
    /// Every call that was refused for a reason of the caller's: route, code, detail.
    pub refusals: Vec<(String, i64, String)>,
    /// What the protocol forbids and no refusal tells.
    pub violations: Vec<String>,
    /// Answers that count towards the ban: 401, 403, 429.
    pub invalid_requests: u32,
    pub token_revoked: bool,
    /// The bot lacks the permission to pin.
    pub no_pins: bool,
    /// The intents are not enabled for the application.
    pub intents_refused: bool,
    pub resumes_unanswered: bool,
    /// Milliseconds between heartbeats, as told to the bot.
    pub heartbeat: u64,
    pub heartbeats: u32,
    pub identifies: u32,
    pub resumes: u32,
    /// How often a session began or was resumed.
    pub hellos: u32,
    pub gateway: String,
    /// What people have at hand to give.
    pub given: Vec<Given>,
    /// Files cannot be fetched any more.
    pub lost: bool,
    count: u64,
}

pub struct Member {
    pub username: String,
    pub name: String,
    pub admin: bool,
    pub bot: bool,
    /// Takes no direct messages of the bot.
    pub closed: bool,
}

pub struct Guild {
    pub name: String,
    pub owner: String,
    pub members: BTreeSet<String>,
}

pub struct Channel {
    pub name: String,
    /// `None` for a direct conversation.
    pub guild: Option<String>,
    /// The person of a direct conversation.
    pub direct: Option<String>,
    /// The channel of which it is a thread; its id is that of the message it began with.
    pub parent: Option<String>,
    /// The bot may see it and post.
    pub open: bool,
}

pub struct Message {
    pub channel: String,
    pub author: String,
    /// As it was sent: content, embeds, components.
    pub json: Map<String, Value>,
    pub files: Vec<File>,
    pub nonce: Option<String>,
    /// The only one who sees it.
    pub only: Option<String>,
    pub edits: u32,
    /// It stands there as “thinking…”.
    pub thinking: bool,
    pub pinned: bool,
}

#[derive(Clone)]
pub struct File {
    pub id: String,
    pub name: String,
    pub description: Option<String>,
    pub kind: String,
    pub bytes: Bytes,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Command,
    Component,
    Completion,
    Submit,
}

pub struct Interaction {
    pub token: String,
    pub kind: Kind,
    pub person: String,
    pub channel: String,
    pub made: Instant,
    /// Its token is good for nothing any more.
    pub expired: bool,
    /// The message whose component was used, or from which the modal was opened.
    pub on: Option<String>,
    /// The type of the answer.
    pub answered: Option<u64>,
    /// The message that is its answer.
    pub original: Option<String>,
    pub choices: Option<Value>,
}

pub struct Modal {
    pub channel: String,
    pub on: Option<String>,
    pub json: Value,
    pub open: bool,
}

/// What someone got to see, as it was then.
#[derive(Clone)]
pub enum Seen {
    Message { json: Value },
    Modal { id: String },
}

pub struct Session {
    pub intents: u64,
    pub seq: u64,
    /// What was sent, to be sent again.
    pub sent: Vec<(u64, String)>,
    /// The socket it has now.
    pub socket: Option<u64>,
}

pub struct Socket {
    pub to: UnboundedSender<Order>,
    pub session: Option<String>,
}

pub enum Order {
    Send(String),
    Close(u16, &'static str),
    /// The TCP connection goes, without a Close.
    Drop,
}

/// What goes wrong with the next call of a route.
#[derive(Debug, Clone, Copy)]
pub enum Fault {
    /// 429 of this route, with the seconds to wait.
    Limited(u32),
    /// 429 of the whole bot.
    LimitedEverywhere(u32),
    /// Done, and nothing more is left in the bucket for so many seconds.
    Exhausted(u32),
    /// A bare HTTP status.
    Status(u16),
    /// Discord's own code, with its status.
    Code(i64, u16),
    /// Done, and never answered.
    DoneThenSilent,
    /// Neither done nor answered.
    Silent,
}

impl World {
    pub fn new(gateway: String) -> World {
        let mut world = World {
            gateway,
            heartbeat: 41_250,
            ..World::default()
        };
        for (id, username, name, admin) in [
            (ANN, "ann", "Ann Weber", true),
            (BOB, "bob", "Bob Ito", false),
            (CAI, "cai", "Cai Jones", false),
            (DEE, "dee", "Dee Okafor", false),
            (BOT, "isms", "ISMS", false),
        ] {
            let member = Member {
                username: username.to_owned(),
                name: name.to_owned(),
                admin,
                bot: id == BOT,
                closed: false,
            };
            world.people.insert(id.to_owned(), member);
        }
        let everyone: Vec<String> = world.people.keys().cloned().collect();
        world.found_guild(GUILD, "Sample Ltd", &everyone);
        let some = [ANN, CAI, BOT].map(str::to_owned);
        world.found_guild(OTHER_GUILD, "Other Ltd", &some);
        world.found(ISMS, ("isms", Some(GUILD)), true);
        world.found(ELSEWHERE, ("elsewhere", Some(GUILD)), false);
        world.found(OTHER_ISMS, ("isms", Some(OTHER_GUILD)), true);
        world
    }

    fn found_guild(&mut self, id: &str, name: &str, members: &[String]) {
        let guild = Guild {
            name: name.to_owned(),
            owner: ANN.to_owned(),
            members: members.iter().cloned().collect(),
        };
        self.guilds.insert(id.to_owned(), guild);
    }

    fn found(&mut self, id: &str, (name, guild): (&str, Option<&str>), open: bool) {
        let channel = Channel {
            name: name.to_owned(),
            guild: guild.map(str::to_owned),
            direct: None,
            parent: None,
            open,
        };
        self.channels.insert(id.to_owned(), channel);
    }

    /// A thread that begins with a message.
    pub fn begin_thread(&mut self, message: &str, name: &str) {
        let parent = self.messages[message].channel.clone();
        let guild = self.channels[&parent].guild.clone();
        self.found(message, (name, guild.as_deref()), true);
        self.channels.get_mut(message).unwrap().parent = Some(parent);
    }

    pub fn next(&mut self) -> u64 {
        self.count += 1;
        self.count
    }

    /// An id: unique, growing, and as long as any other.
    pub fn id(&mut self) -> String {
        (FIRST_ID + (self.next() << 22)).to_string()
    }

    /// The direct conversation of the bot with a person, made if need be.
    pub fn direct(&mut self, person: &str) -> String {
        let mut known = self.channels.iter();
        if let Some((id, _)) = known.find(|(_, c)| c.direct.as_deref() == Some(person)) {
            return id.clone();
        }
        // Always the same for the same person.
        let id = person.replacen("12", "14", 1);
        self.found(&id, ("", None), true);
        self.channels.get_mut(&id).unwrap().direct = Some(person.to_owned());
        id
    }

    /// The id of the person whom someone means by `ann`, `@Ann`, `<@12…>` or an id.
    pub fn person_named(&self, word: &str) -> Option<String> {
        let word = word
            .trim_start_matches(['<', '@', '!'])
            .trim_end_matches('>');
        let mut people = self.people.iter();
        let named = |(id, member): &(&String, &Member)| {
            id.as_str() == word || member.username.eq_ignore_ascii_case(word)
        };
        people.find(named).map(|(id, _)| id.clone())
    }

    /// The commands that can be used in a channel: those of its server before those of everywhere.
    pub fn usable(&self, channel: &str) -> Vec<&Value> {
        let guild = self.channels.get(channel).and_then(|c| c.guild.as_deref());
        let own = guild.and_then(|guild| self.commands.get(guild));
        let all = own.into_iter().chain(self.commands.get(""));
        all.flatten().collect()
    }

    /// Shows someone a message as it stands now.
    pub fn show(&mut self, person: &str, message: &str) {
        let json = super::objects::message(self, message);
        let seen = Seen::Message { json };
        self.sights.entry(person.to_owned()).or_default().push(seen);
    }

    pub fn fault_of(&mut self, route: &str) -> Option<Fault> {
        let at = self.faults.iter().position(|(of, _)| of == route)?;
        self.faults.remove(at).map(|(_, fault)| fault)
    }
}
