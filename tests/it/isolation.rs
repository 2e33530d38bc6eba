//! Nothing crosses between workspaces: two hold the same records under the same names, and whatever
//! can be said, clicked, submitted or searched in one shows, changes and posts nothing of the other.
//!
//! The commands are walked by reflection, with the examples of their own help: a new one joins by
//! itself.

use clap::CommandFactory;
use isms_bot::chat::{Act, Asked, Block, Card, Inbound, MessageRef, Platform, Reply, Speaker};
use isms_bot::command::Command;
use isms_bot::people::Role;
use isms_bot::record::{self, Verdict};
use isms_bot::sql;
use uuid::Uuid;

use crate::discord_face::Bot as Process;
use crate::harness::bot::{Bot, Setup};
use crate::harness::discord::{
    ANN, BOB, FakeDiscord, GUILD, ISMS, OTHER_ISMS, Sight as DiscordSight,
};
use crate::harness::slack::{BIRCH, FakeSlack, Sight, TEAM};
use crate::harness::stage::Stage;
use crate::on_both_databases;

/// A word of the first workspace that is nowhere in the second.
const SECRET: &str = "Zebra";

/// What both write; `word` is in every text of it. The first one has more.
fn records(word: &str, manager: &str) -> Vec<String> {
    vec![
        format!(
            "action new {word} gateway owner:{manager} due:2027-02-01 cause:{word} plan:{word}"
        ),
        format!(
            "kpi new incidents {word} incidents unit:n direction:lower target:3 frequency:weekly measurer:{manager} analyst:{manager}"
        ),
        format!("kpi record incidents 2 period:2026-W47 note:{word}"),
        "audit plan 2027".to_owned(),
        "review schedule 2026-12-15".to_owned(),
        format!("review input MR-2026-Q4 f {word} in the input"),
    ]
}

/// Of the first workspace only.
fn more(word: &str, manager: &str) -> Vec<String> {
    vec![
        format!("action new {word} second owner:{manager} due:2027-02-01"),
        format!(
            "kpi new zebra-clicks {word} clicks unit:n direction:lower target:3 frequency:weekly measurer:{manager} analyst:{manager}"
        ),
        "review schedule 2027-03-15".to_owned(),
        format!("snooze CA-2 2027-01-15 {word} is late"),
    ]
}

/// Every command with the examples of its help, about records that both have, and about those that
/// only the first one has.
fn everything(me: &str) -> Vec<String> {
    let mut lines = Vec::new();
    walk(&Command::command(), &mut Vec::new(), &mut lines);
    assert!(lines.len() > 40, "the grammar was walked: {lines:?}");
    let about = |line: &String, action: &str, kpi: &str, review: &str| {
        let words = line.split(' ').map(|word| {
            let bare = word.trim_matches('"');
            match bare {
                _ if bare.starts_with("CA-") => action.to_owned(),
                _ if bare.starts_with("MR-") => review.to_owned(),
                _ if bare.starts_with("AUD-") => "AUD-2027-03".to_owned(),
                "phishing-click-rate" | "incidents" => kpi.to_owned(),
                _ if bare.starts_with('@') => me.to_owned(),
                _ => match word.split_once(":@") {
                    Some((key, _)) => format!("{key}:{me}"),
                    None => word.to_owned(),
                },
            }
        });
        words.collect::<Vec<_>>().join(" ")
    };
    let both = lines
        .iter()
        .map(|line| about(line, "CA-1", "incidents", "MR-2026-Q4"));
    let only = lines
        .iter()
        .map(|line| about(line, "CA-2", "zebra-clicks", "MR-2027-Q1"));
    both.chain(only).collect()
}

fn walk(at: &clap::Command, path: &mut Vec<String>, lines: &mut Vec<String>) {
    for below in at.get_subcommands() {
        path.push(below.get_name().to_owned());
        lines.push(path.join(" "));
        let examples = below
            .get_after_help()
            .map(ToString::to_string)
            .unwrap_or_default();
        lines.extend(examples.lines().map(|line| line.trim().to_owned()));
        walk(below, path, lines);
        path.pop();
    }
}

/// The names of all arguments of all commands, with the words that lead there.
fn arguments(at: &clap::Command, path: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for below in at.get_subcommands() {
        let path = format!("{path} {}", below.get_name()).trim().to_owned();
        let names = below
            .get_arguments()
            .map(|arg| arg.get_id().as_str().replace('_', "-"));
        found.extend(names.map(|name| (path.clone(), name)));
        found.extend(arguments(below, &path));
    }
    found
}

fn all_words(reply: &Reply) -> String {
    match reply {
        Reply::Nothing => String::new(),
        Reply::Card(card) => card.plain(),
        Reply::Form(form) => format!("{form:?}"),
    }
}

fn buttons(card: &Card) -> Vec<String> {
    let of = |block: &Block| match block {
        Block::Buttons(buttons) => buttons.iter().map(|b| b.command.clone()).collect(),
        _ => Vec::new(),
    };
    card.blocks.iter().flat_map(of).collect()
}

/// The second workspace on a stage.
struct Other<'s>(&'s Stage);

impl Other<'_> {
    async fn acts(&self, act: Act) -> Reply {
        let inbound = Inbound {
            event: Uuid::now_v7().to_string(),
            platform: Platform::Playground,
            workspace: "other".to_owned(),
            speaker: Speaker {
                id: "eve".to_owned(),
                name: Some("Eve".to_owned()),
                zone: None,
                admin: Some(true),
            },
            channel: "elsewhere".to_owned(),
            act,
            files: Vec::new(),
        };
        self.0.app.handle(inbound).await
    }
}

/// What the first workspace shows of itself, and where its log ends.
async fn state_of(stage: &Stage) -> String {
    let mut state = String::new();
    let looks = [
        "action list state:all",
        "action show CA-1",
        "action show CA-2",
        "kpi list",
        "kpi show incidents",
        "kpi show zebra-clicks",
        "audit list",
        "audit show AUD-2027-03",
        "review list",
        "review show MR-2026-Q4",
        "review show MR-2027-Q1",
        "settings show",
        "mine",
        "status",
    ];
    for look in looks {
        state += &all_words(&stage.says("mara", look).await);
        state += "\n";
    }
    state + &log_of(&stage.app, stage.workspace.id).await
}

async fn log_of(app: &isms_bot::app::App, workspace: Uuid) -> String {
    let mut conn = app.store.read().await.unwrap();
    match record::verify(&mut conn, workspace).await.unwrap() {
        Verdict::Sound(head) => format!("{head:?}"),
        broken => panic!("a broken log: {broken:?}"),
    }
}

on_both_databases! {
    async fn nothing_of_one_workspace_is_reached_from_another(db: TestDatabase) {
        let stage = Stage::new(&db, "2026-11-23T09:00:00+01:00").await;
        stage.person("mara", Role::Manager, "Europe/Berlin").await;
        let other = Other(&stage);
        let ours = records(SECRET, "@mara").into_iter().chain(more(SECRET, "@mara"));
        for line in ours {
            stage.says("mara", &line).await;
        }
        for line in records("Plain", "me") {
            other.acts(Act::Typed(line)).await;
        }
        stage.work().await;
        let before = state_of(&stage).await;
        assert!(before.contains(SECRET));
        let posted = stage.desk.all();

        let shows_nothing = |what: &str, words: &str| {
            assert!(!words.contains(SECRET), "{what}: {words}");
        };
        let mut lines = everything("me");
        let mut on = None;
        for message in posted.iter().filter(|m| m.card.plain().contains(SECRET)) {
            lines.extend(buttons(&message.card));
            on = Some(MessageRef { channel: message.at.channel.clone(), message: message.at.message.clone() });
        }
        assert!(on.is_some(), "the first workspace has messages");
        for line in &lines {
            let acts = [
                Act::Typed(line.clone()),
                Act::Clicked { command: line.clone(), on: on.clone() },
                Act::Submitted { command: line.clone(), values: vec![("title".into(), "x".into())] },
                Act::Filled { command: line.clone(), values: vec![("note".into(), "x".into())], send: true },
            ];
            for act in acts {
                let what = format!("{act:?}");
                shows_nothing(&what, &all_words(&other.acts(act).await));
            }
        }
        for (command, field) in arguments(&Command::command(), "") {
            for typed in ["", "z", SECRET, "CA-2"] {
                let asked = Asked {
                    platform: Platform::Playground,
                    workspace: "other".to_owned(),
                    person: "eve".to_owned(),
                    command: command.clone(),
                    field: field.clone(),
                    typed: typed.to_owned(),
                };
                let found = stage.app.suggest(asked).await;
                let words = format!("{found:?}");
                shows_nothing(&format!("{command} {field}:{typed}"), &words);
            }
        }
        // Time passes for both; what the second is posted tells nothing of the first.
        stage.work().await;
        for message in stage.desk.all().iter().skip(posted.len()) {
            shows_nothing("a message", &message.card.plain());
        }
        assert_eq!(state_of(&stage).await, before);
    }

    async fn nothing_of_one_slack_team_is_reached_from_another(db: TestDatabase) {
        let slack = FakeSlack::start().await;
        let setup = Setup {
            keys: Some(("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", &[])),
            ..Setup::default()
        };
        let bot = Bot::set_up(&db, &slack, setup).await;
        install(&slack, &bot).await;
        let (ann, eve) = (slack.person("U0ANN"), slack.person("U0EVE"));
        for line in records(SECRET, "@U0BOB").into_iter().chain(more(SECRET, "@U0BOB")) {
            ann.types(&format!("/isms {line}")).await;
        }
        eve.types("/isms settings set channel:here").await;
        for line in records("Plain", "@U0FAY") {
            eve.types(&format!("/isms {line}")).await;
        }
        bot.works().await;
        let places = ["C0ISMS"].map(|id| slack.channel(id)).into_iter();
        let places: Vec<_> = places.chain([slack.dm("U0ANN"), slack.dm("U0BOB")]).collect();
        let seen = || -> Vec<String> {
            let all = places.iter().flat_map(|place| place.messages());
            all.map(|message| message.raw().to_string()).collect()
        };
        let before = seen();
        assert!(before.iter().any(|message| message.contains(SECRET)));
        let mut conn = bot.app.store.read().await.unwrap();
        let ours = sql!(conn, people::find_workspace(Platform::Slack, TEAM)).unwrap().unwrap();
        drop(conn);
        let log = log_of(&bot.app, ours.id).await;

        let told = |what: &str, sight: Sight| {
            let words = match sight {
                Sight::Card(card) => card.raw().to_string(),
                Sight::Modal(modal) => modal.json().to_string(),
            };
            assert!(!words.contains(SECRET) && !words.contains("U0BOB"), "{what}: {words}");
        };
        for line in everything("@U0FAY") {
            told(&line, eve.types(&format!("/isms {line}")).await);
        }
        // Buttons of theirs, seen in a shared channel, and the ids of their messages.
        for place in &places {
            for message in place.messages() {
                for label in message.buttons() {
                    told(&label, eve.clicks(&message, &label).await);
                }
            }
        }
        bot.works().await;
        assert_eq!(seen(), before);
        assert_eq!(log_of(&bot.app, ours.id).await, log);
        let birch = slack.channel("C0BIRCH").messages();
        assert!(birch.iter().all(|message| !message.raw().to_string().contains(SECRET)));
        assert!(!birch.is_empty());
        // Eve named channels that her workspace does not have; none of them is ours.
        for (method, word, channel) in slack.refusals() {
            assert_eq!((method.as_str(), word.as_str()), ("chat.postMessage", "channel_not_found"));
            assert!(!channel.starts_with("C0"), "{channel}");
        }
    }

    async fn nothing_of_one_discord_server_is_reached_from_another(db: TestDatabase) {
        let discord = FakeDiscord::start().await;
        let bot = Process::start(&db, &discord).await;
        let ann = discord.person(ANN);
        // The same person manages both: even that opens no way from one into the other.
        let eve = discord.person(ANN).in_channel(OTHER_ISMS);
        for line in records(SECRET, "@bob").into_iter().chain(more(SECRET, "@bob")) {
            ann.tries(&format!("/isms {line}")).await.expect(&line);
        }
        eve.types("/isms settings set channel:here").await;
        for line in records("Plain", "@cai") {
            eve.tries(&format!("/isms {line}")).await.expect(&line);
        }
        bot.works().await;
        let places = [discord.channel(ISMS), discord.dm(BOB)];
        let seen = || -> Vec<String> {
            let all = places.iter().flat_map(|place| place.messages());
            all.map(|message| message.raw().to_string()).collect()
        };
        let before = seen();
        assert!(before.iter().any(|message| message.contains(SECRET)));
        let mut conn = bot.app.store.read().await.unwrap();
        let ours = sql!(conn, people::find_workspace(Platform::Discord, GUILD)).unwrap().unwrap();
        drop(conn);
        let log = log_of(&bot.app, ours.id).await;

        let mut told = 0;
        for line in everything("@cai") {
            // What the client would not send is no way in.
            let Some(sight) = eve.tries(&format!("/isms {line}")).await else { continue };
            let words = match sight {
                DiscordSight::Card(card) => card.raw().to_string(),
                DiscordSight::Modal(modal) => modal.json().to_string(),
            };
            assert!(!words.contains(SECRET) && !words.contains(BOB), "{line}: {words}");
            told += 1;
        }
        assert!(told > 60, "{told} lines could be sent");
        bot.works().await;
        assert_eq!(seen(), before);
        assert_eq!(log_of(&bot.app, ours.id).await, log);
        let others = discord.channel(OTHER_ISMS).messages();
        assert!(others.iter().all(|message| !message.raw().to_string().contains(SECRET)));
        assert!(!others.is_empty());
    }
}

async fn install(slack: &FakeSlack, bot: &Bot) {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let client = client.build().unwrap();
    let begun = client.get(bot.at("/slack/install")).send().await.unwrap();
    let cookie = begun.headers()["set-cookie"].to_str().unwrap().to_owned();
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let state = cookie.split_once('=').unwrap().1.to_owned();
    let code = slack.agrees(BIRCH);
    let back = bot.at(&format!("/slack/oauth?code={code}&state={state}"));
    let answer = client
        .get(back)
        .header("cookie", cookie)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 200);
}
