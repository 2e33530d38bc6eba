//! The house rules of ARCHITECTURE.md, told as absences. They read the source as text.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Rooms of the standard. They know no platform, and no platform knows them.
const FEATURES: [&str; 7] = [
    "action", "audit", "kpi", "people", "presence", "record", "review",
];
const PLATFORMS: [&str; 3] = ["discord", "playground", "slack"];

/// "About 400 lines": beyond this a file is to be divided.
const LONG: usize = 440;

struct Source {
    /// From the root of the repository: `src/action/rules.rs`.
    path: String,
    text: String,
}

impl Source {
    /// The lines with their numbers, without what stands in comments.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().filter_map(|(index, line)| {
            let code = line.split("//").next().unwrap_or(line);
            (!code.trim().is_empty()).then_some((index + 1, code))
        })
    }

    fn is(&self, name: &str) -> bool {
        self.path.ends_with(&format!("/{name}"))
    }

    /// In the folder of one of these rooms, or their one file.
    fn in_room(&self, rooms: &[&str]) -> bool {
        rooms.iter().any(|room| {
            self.path.starts_with(&format!("src/{room}/")) || self.path == format!("src/{room}.rs")
        })
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All Rust files below a folder of the repository.
fn sources(folder: &str) -> Vec<Source> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(Source {
                    text: std::fs::read_to_string(&path).unwrap(),
                    path: path.strip_prefix(root()).unwrap().display().to_string(),
                });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(found.len() > 1, "{folder} holds Rust files");
    found
}

/// Where any of the words stands in code that must not say them.
fn places_of<'a>(sources: impl IntoIterator<Item = &'a Source>, words: &[&str]) -> Vec<String> {
    let mut places = Vec::new();
    for source in sources {
        for (number, line) in source.code() {
            if let Some(word) = words.iter().find(|word| line.contains(**word)) {
                places.push(format!("{}:{number} says `{word}`", source.path));
            }
        }
    }
    places
}

fn none(places: &[String], rule: &str) {
    assert!(places.is_empty(), "{rule}:\n  {}", places.join("\n  "));
}

#[test]
fn rules_and_cards_know_no_database_no_runtime_and_no_platform() {
    let all = sources("src");
    let pure = all
        .iter()
        .filter(|source| source.is("rules.rs") || source.is("card.rs"));
    let foreign = [
        "sqlx",
        "tokio",
        "axum",
        "slack_morphism",
        "serenity",
        "std::fs",
        "std::net",
        "std::env",
        "Clock",
        "Store",
        "async fn",
    ];
    none(&places_of(pure, &foreign), "rules.rs and card.rs are pure");
}

#[test]
fn nothing_but_the_clock_reads_the_time() {
    let all = sources("src");
    let others = all.iter().filter(|source| source.path != "src/clock.rs");
    let reading = [
        "Utc::now",
        "Local::now",
        "SystemTime",
        "clippy::disallowed_methods",
    ];
    none(
        &places_of(others, &reading),
        "only src/clock.rs reads the time",
    );
}

#[test]
fn no_feature_knows_a_platform_and_no_platform_knows_a_feature() {
    let all = sources("src");
    let uses = |rooms: &[&str]| -> Vec<String> {
        rooms.iter().map(|room| format!("crate::{room}")).collect()
    };
    let platforms = uses(&PLATFORMS);
    let platforms: Vec<&str> = platforms.iter().map(String::as_str).collect();
    let features = all
        .iter()
        .filter(|source| source.in_room(&FEATURES) || source.in_room(&["schedule", "command"]));
    none(
        &places_of(features, &platforms),
        "no feature knows a platform",
    );

    let rooms = uses(&FEATURES);
    let rooms: Vec<&str> = rooms.iter().map(String::as_str).collect();
    let faces = all.iter().filter(|source| source.in_room(&PLATFORMS));
    none(&places_of(faces, &rooms), "no platform knows a feature");
}

#[test]
fn sql_stands_in_statements_and_in_the_store_only() {
    let all = sources("src");
    let elsewhere = all
        .iter()
        .filter(|source| !source.is("statements.rs") && !source.in_room(&["store"]));
    let sql = [
        "sqlx::query",
        "INSERT INTO ",
        "DELETE FROM ",
        "SELECT ",
        "raw_sql",
    ];
    none(
        &places_of(elsewhere, &sql),
        "SQL stands in statements.rs and src/store",
    );
}

/// Statements that look over all workspaces, and why they may: file, how they begin, reason.
const OVER_ALL: [(&str, &str, &str); 9] = [
    (
        "src/outbox/statements.rs",
        "SELECT COUNT(*) FROM outbox",
        "the operator's gauge is about the process",
    ),
    (
        "src/slack/statements.rs",
        "INSERT INTO slack_",
        "a team is the workspace, by Slack's id; a state has none yet",
    ),
    (
        "src/slack/statements.rs",
        "SELECT * FROM slack_install",
        "a team is the workspace; at start all are read",
    ),
    (
        "src/slack/statements.rs",
        "UPDATE slack_install",
        "a team is the workspace, by Slack's id",
    ),
    (
        "src/slack/statements.rs",
        "DELETE FROM slack_state",
        "whoever begins to install has no workspace yet",
    ),
    (
        "src/discord/statements.rs",
        "INSERT INTO discord_leader",
        "one process holds the gateway for all servers",
    ),
    (
        "src/discord/statements.rs",
        "UPDATE discord_leader",
        "one process holds the gateway for all servers",
    ),
    (
        "src/discord/statements.rs",
        "SELECT fingerprint FROM discord_registration",
        "commands are registered once for all servers",
    ),
    (
        "src/discord/statements.rs",
        "INSERT INTO discord_registration",
        "commands are registered once for all servers",
    ),
];

#[test]
fn every_query_names_the_workspace() {
    let mut without = Vec::new();
    let mut excused = BTreeSet::new();
    let mut queries = 0;
    for source in sources("src")
        .iter()
        .filter(|source| source.is("statements.rs"))
    {
        for query in queries_in(&source.text) {
            queries += 1;
            if query.contains("workspace") {
                continue;
            }
            let excuse = OVER_ALL
                .iter()
                .position(|(file, begin, _)| source.path == *file && query.starts_with(begin));
            match excuse {
                Some(excuse) => {
                    excused.insert(excuse);
                }
                None => without.push(format!("{}: {query}", source.path)),
            }
        }
    }
    assert!(queries > 0, "the statements have queries");
    none(&without, "every query names the workspace");
    assert_eq!(
        excused.len(),
        OVER_ALL.len(),
        "an exception that nothing needs"
    );
}

/// Else a database gives it in any order, another the next time, and what was compared differs.
#[test]
fn every_list_has_an_order() {
    let sources = sources("src");
    let mut places = Vec::new();
    for source in sources.iter().filter(|s| s.path.ends_with("statements.rs")) {
        for function in source.text.split("pub async fn ").skip(1) {
            let ordered = ["ORDER BY", "super::DUE", "RETURNING"];
            let is_ordered = ordered.iter().any(|words| function.contains(words));
            if function.contains(".fetch_all(") && !is_ordered {
                let name = function.split(['(', '<']).next().unwrap_or_default();
                places.push(format!("{}: {name}", source.path));
            }
        }
    }
    none(&places, "a list is read in an order");
}

/// The string literals that are SQL, each on one line.
fn queries_in(text: &str) -> Vec<String> {
    const VERBS: [&str; 5] = ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH "];
    let code: String = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| [line, "\n"])
        .collect();
    let mut queries = Vec::new();
    let mut rest = code.as_str();
    while let Some(start) = rest.find('"') {
        let body = &rest[start + 1..];
        let mut escaped = false;
        let end = body
            .find(|c| {
                let ends = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                ends
            })
            .expect("a literal ends");
        let words: Vec<&str> = body[..end]
            .split_whitespace()
            .filter(|word| *word != "\\")
            .collect();
        let line = words.join(" ");
        if VERBS.iter().any(|verb| line.starts_with(verb)) {
            queries.push(line);
        }
        rest = &body[end + 1..];
    }
    queries
}

#[test]
fn queries_are_found_in_source() {
    let text = r#"
        // "SELECT not this"
        sqlx::query("SELECT a \
                     FROM t WHERE workspace = $1 AND b = '\"'").bind("no query")
    "#;
    assert_eq!(
        queries_in(text),
        [r#"SELECT a FROM t WHERE workspace = $1 AND b = '\"'"#]
    );
}

#[test]
fn both_databases_have_the_same_migrations() {
    let names = |folder: &str| -> BTreeSet<String> {
        std::fs::read_dir(root().join("migrations").join(folder))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    };
    let sqlite = names("sqlite");
    assert_eq!(sqlite, names("postgres"));
    assert!(!sqlite.is_empty());
    let numbers: BTreeSet<&str> = sqlite.iter().map(|name| &name[..4]).collect();
    assert_eq!(
        numbers.len(),
        sqlite.len(),
        "a number is given twice: {sqlite:?}"
    );
}

#[test]
fn files_are_short_and_named_after_what_they_hold() {
    let mut places = Vec::new();
    for source in sources("src").iter().chain(&sources("tests")) {
        let lines = source.text.lines().count();
        if lines > LONG {
            places.push(format!("{} has {lines} lines", source.path));
        }
        let stem = Path::new(&source.path)
            .file_stem()
            .unwrap()
            .to_string_lossy();
        if ["util", "utils", "helper", "helpers", "misc", "common"].contains(&&*stem) {
            places.push(format!("{} says nothing by its name", source.path));
        }
    }
    none(&places, "a file is short, and its name says what it holds");
}

#[test]
fn every_room_begins_with_its_manual() {
    let all = sources("src");
    let mute: Vec<String> = all
        .iter()
        .filter(|source| source.is("mod.rs") && !source.text.starts_with("//!"))
        .map(|source| source.path.clone())
        .collect();
    none(&mute, "a room begins with //!");
}

#[test]
fn what_is_documented_as_a_setting_is_one() {
    // README's table and the defaults name the same keys.
    let defaults = isms_bot::config::DEFAULT;
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let mut section = String::new();
    for line in defaults.lines() {
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_end_matches(']').to_owned();
        } else if let Some((key, _)) = line.split_once(" = ")
            && !line.starts_with('#')
        {
            let key = format!("`{section}.{key}`");
            assert!(readme.contains(&key), "README.md does not tell of {key}");
        }
    }
    // Rust files that tests mention must exist: a renamed folder would empty the checks above.
    for room in FEATURES {
        let folder: PathBuf = root().join("src").join(room);
        assert!(folder.is_dir(), "src/{room} is a room");
    }
}
