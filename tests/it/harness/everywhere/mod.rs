//! One story on every platform: a fake that is either Slack or Discord, with the same people and
//! channels under the same names.
//!
//! ```ignore
//! on_every_platform! {
//!     /// A scenario, told once.
//!     async fn an_action_is_raised(db: TestDatabase, fake: Fake) {
//!         let bot = Bot::start(&db, &fake).await;
//!         let form = fake.person("ann").types("/isms action new").await.form();
//!         form.fills(&[("title", "Patch"), ("owner", "bob")]).submits().await.card();
//!         bot.works().await;
//!         fake.dm("bob").arrive(1).await;
//!     }
//! }
//! ```
//!
//! makes four tests: on Slack and on Discord, on SQLite and on PostgreSQL. There are the people ann
//! (Berlin, administrator), bob, cai and dee; the channel isms, and elsewhere, which the bot is not
//! in. What one platform cannot do is listed in [`CANNOT`], and nowhere else.

mod after;
mod people;

use chrono::{DateTime, NaiveDate, Utc};
use isms_bot::chat::Platform;

pub use people::{Person, Place, Shown, Sight};

use super::discord::{self, FakeDiscord};
use super::slack::{self, FakeSlack};
use people::OnPerson;

/// What people cannot do on a platform, and why. A scenario leaves out what is listed here, and
/// `parity.rs` checks that it cannot be done.
pub const CANNOT: [(Platform, &str, &str); 6] = [
    (
        Platform::Discord,
        "/isms setup",
        "a group of commands cannot be used bare; /isms setup show is the same",
    ),
    (
        Platform::Discord,
        "/isms file keep",
        "the client wants the file before it sends the command",
    ),
    (
        Platform::Discord,
        "/isms kpi shw incidents",
        "the client offers the registered commands and sends no other",
    ),
    (
        Platform::Discord,
        "/isms actoin list",
        "the client offers the registered commands and sends no other",
    ),
    (
        Platform::Discord,
        "/isms survey answer incidents q1:4 q2:yes",
        "what is asked differs from survey to survey, so the answers are no options: the form asks for them",
    ),
    (
        Platform::Discord,
        "/isms",
        "a command with sub-commands cannot be used bare",
    ),
];

/// A workspace on one of the platforms.
#[derive(Clone)]
pub enum Fake {
    Slack(FakeSlack),
    Discord(FakeDiscord),
}

/// What goes wrong with the next post.
#[derive(Debug, Clone, Copy)]
pub enum Trouble {
    /// Not before so many seconds.
    Limited(u32),
    TakenThenSilent,
}

const PEOPLE: [(&str, &str, &str); 4] = [
    ("ann", "U0ANN", discord::ANN),
    ("bob", "U0BOB", discord::BOB),
    ("cai", "U0CAI", discord::CAI),
    ("dee", "U0DEE", discord::DEE),
];
const CHANNELS: [(&str, &str, &str); 2] = [
    ("isms", "C0ISMS", discord::ISMS),
    ("elsewhere", "C0ELSEWHERE", discord::ELSEWHERE),
];

impl Fake {
    pub async fn start(platform: Platform) -> Fake {
        match platform {
            Platform::Slack => Fake::Slack(FakeSlack::start().await),
            Platform::Discord => Fake::Discord(FakeDiscord::start().await),
            Platform::Playground => panic!("the playground is no fake"),
        }
    }

    pub fn platform(&self) -> Platform {
        match self {
            Fake::Slack(_) => Platform::Slack,
            Fake::Discord(_) => Platform::Discord,
        }
    }

    /// The name of a snapshot here.
    pub fn named(&self, name: &str) -> String {
        match self {
            Fake::Slack(_) => name.to_owned(),
            Fake::Discord(_) => format!("discord_{name}"),
        }
    }

    /// Whether this cannot be done here.
    pub fn cannot(&self, what: &str) -> bool {
        let here = self.platform();
        CANNOT
            .iter()
            .any(|(on, listed, _)| *on == here && *listed == what)
    }

    /// The platform's id of a person or a channel.
    pub fn id(&self, name: &str) -> String {
        let mut all = PEOPLE.iter().chain(&CHANNELS);
        let found = all.find(|(known, ..)| *known == name);
        let (_, slack, discord) = found.unwrap_or_else(|| panic!("there is no {name}"));
        match self {
            Fake::Slack(_) => (*slack).to_owned(),
            Fake::Discord(_) => (*discord).to_owned(),
        }
    }

    /// What snapshots call a person: as the platform does, or by the name.
    pub fn called(&self, name: &str) -> String {
        match self {
            Fake::Slack(_) => self.id(name),
            Fake::Discord(_) => name.to_owned(),
        }
    }

    /// Nine o'clock on a date where someone is; Discord does not tell, and so it is the workspace's.
    pub fn nine_of(&self, name: &str, date: &str) -> DateTime<Utc> {
        let zone = match (self, name) {
            (Fake::Discord(_), _) | (_, "ann") => chrono_tz::Europe::Berlin,
            (_, "bob") => chrono_tz::Asia::Tokyo,
            (_, "cai") => chrono_tz::America::New_York,
            _ => chrono_tz::Africa::Lagos,
        };
        let date: NaiveDate = date.parse().expect("a date");
        let nine = date.and_hms_opt(9, 0, 0).expect("nine o'clock");
        let nine = nine.and_local_timezone(zone).single();
        nine.expect("there is one nine o'clock").to_utc()
    }

    /// A value as it is entered here, or as it is told.
    fn entered(&self, value: &str) -> String {
        match PEOPLE.iter().any(|(name, ..)| *name == value) {
            true => self.id(value),
            false => value.to_owned(),
        }
    }

    fn told(&self, value: String) -> String {
        let is_it = |(name, ..): &&(&str, &str, &str)| self.id(name) == value;
        let found = PEOPLE.iter().find(is_it);
        found.map_or(value, |(name, ..)| (*name).to_owned())
    }

    /// A line with the people and channels that it names as `@bob` and `#isms`.
    fn typed(&self, line: &str) -> String {
        let line = CHANNELS
            .iter()
            .fold(line.to_owned(), |line, (name, slack, discord)| {
                let mark = match self {
                    Fake::Slack(_) => format!("<#{slack}|{name}>"),
                    Fake::Discord(_) => format!("<#{discord}>"),
                };
                line.replace(&format!("#{name}"), &mark)
            });
        match self {
            Fake::Slack(_) => PEOPLE.iter().fold(line, |line, (name, id, _)| {
                line.replace(&format!("@{name}"), &format!("@{id}"))
            }),
            Fake::Discord(_) => line,
        }
    }

    pub fn person(&self, name: &str) -> Person {
        let id = self.id(name);
        let on = match self {
            Fake::Slack(slack) => OnPerson::Slack(slack.person(&id)),
            Fake::Discord(discord) => OnPerson::Discord(discord.person(&id)),
        };
        Person::new(self, on)
    }

    pub fn channel(&self, name: &str) -> Place {
        let id = self.id(name);
        match self {
            Fake::Slack(slack) => Place::Slack(slack.channel(&id)),
            Fake::Discord(discord) => Place::Discord(discord.channel(&id)),
        }
    }

    pub fn dm(&self, name: &str) -> Place {
        let id = self.id(name);
        match self {
            Fake::Slack(slack) => Place::Slack(slack.dm(&id)),
            Fake::Discord(discord) => Place::Discord(discord.dm(&id)),
        }
    }

    /// The next post goes wrong.
    pub fn next_post(&self, trouble: Trouble) {
        match (self, trouble) {
            (Fake::Slack(slack), Trouble::Limited(wait)) => {
                slack.next(SLACK_POST, slack::Fault::Limited(wait.into()));
            }
            (Fake::Slack(slack), Trouble::TakenThenSilent) => {
                slack.next(SLACK_POST, slack::Fault::DoneThenSilent);
            }
            (Fake::Discord(discord), Trouble::Limited(wait)) => {
                discord.next(DISCORD_POST, discord::Fault::Limited(wait));
            }
            (Fake::Discord(discord), Trouble::TakenThenSilent) => {
                discord.next(DISCORD_POST, discord::Fault::DoneThenSilent);
            }
        }
    }

    /// The bot may not pin, or may again.
    pub fn refuses_pins(&self, refused: bool) {
        match (self, refused) {
            (Fake::Slack(slack), true) => slack.withdraws("pins:write"),
            (Fake::Slack(slack), false) => slack.grants("pins:write"),
            (Fake::Discord(discord), refused) => discord.refuses_pins(refused),
        }
    }

    /// How often the bot edited a message.
    pub fn edits(&self) -> usize {
        match self {
            Fake::Slack(slack) => slack.calls("chat.update").len(),
            Fake::Discord(discord) => discord
                .calls("PATCH /channels/{channel}/messages/{message}")
                .len(),
        }
    }

    /// How often the bot tried to post.
    pub fn posts(&self) -> usize {
        match self {
            Fake::Slack(slack) => slack.calls(SLACK_POST).len(),
            Fake::Discord(discord) => discord.calls(DISCORD_POST).len(),
        }
    }

    /// How often the bot fetched a file that somebody gave.
    pub fn downloads(&self) -> usize {
        match self {
            Fake::Slack(slack) => slack.calls("download").len(),
            Fake::Discord(discord) => discord.downloads(),
        }
    }

    /// How often the bot looked for a message of its own.
    pub fn looks(&self) -> usize {
        match self {
            Fake::Slack(slack) => slack.calls("conversations.history").len(),
            Fake::Discord(discord) => discord.calls("GET /channels/{channel}/messages").len(),
        }
    }

    /// A channel takes nothing more: archived, or where there is no such thing, removed.
    pub fn closes(&self, channel: &str) {
        let id = self.id(channel);
        match self {
            Fake::Slack(slack) => slack.archives(&id),
            Fake::Discord(discord) => discord.removes(&id),
        }
    }

    /// Waits until so many processes are there to listen. On Discord only the one that leads is.
    pub async fn listens(&self, processes: u32) {
        match self {
            Fake::Slack(slack) => slack.hellos(processes).await,
            Fake::Discord(discord) => discord.hellos(1).await,
        }
    }

    /// The last act reaches the bot once more.
    pub async fn delivers_again(&self) {
        match self {
            Fake::Slack(slack) => slack.delivers_again().await,
            Fake::Discord(discord) => discord.delivers_again(),
        }
    }

    /// The name and the bytes of every file.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        match self {
            Fake::Slack(slack) => slack.files(),
            Fake::Discord(discord) => discord.files(),
        }
    }

    /// Fails the test if the bot did anything that the platform refuses.
    pub fn is_content(&self) {
        match self {
            Fake::Slack(slack) => slack.is_content(),
            Fake::Discord(discord) => discord.is_content(),
        }
    }
}

const SLACK_POST: &str = "chat.postMessage";
const DISCORD_POST: &str = "POST /channels/{channel}/messages";

impl From<&Fake> for Fake {
    fn from(fake: &Fake) -> Fake {
        fake.clone()
    }
}

impl From<&FakeSlack> for Fake {
    fn from(slack: &FakeSlack) -> Fake {
        Fake::Slack(slack.clone())
    }
}

impl From<&FakeDiscord> for Fake {
    fn from(discord: &FakeDiscord) -> Fake {
        Fake::Discord(discord.clone())
    }
}

/// One scenario, four tests: `it::slack::sqlite`, `it::discord::postgres`, …
#[macro_export]
macro_rules! on_every_platform {
    ($($(#[$meta:meta])* async fn $name:ident($db:ident: TestDatabase, $fake:ident: Fake) $body:block)+) => {
        $(
            mod $name {
                use super::*;

                $(#[$meta])*
                async fn scenario(
                    $db: $crate::harness::database::TestDatabase,
                    $fake: $crate::harness::everywhere::Fake,
                ) $body

                $crate::on_every_platform!(@on slack Slack);
                $crate::on_every_platform!(@on discord Discord);
            }
        )+
    };
    (@on $platform:ident $named:ident) => {
        mod $platform {
            use $crate::harness::database::TestDatabase;
            use $crate::harness::everywhere::Fake;

            async fn on(db: TestDatabase) {
                let platform = isms_bot::chat::Platform::$named;
                super::scenario(db, Fake::start(platform).await).await;
            }

            #[tokio::test]
            async fn sqlite() {
                on(TestDatabase::sqlite().await).await;
            }

            #[tokio::test]
            async fn postgres() {
                on(TestDatabase::postgres().await).await;
            }
        }
    };
}
