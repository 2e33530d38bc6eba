//! `docs/activities.md` ticks off what the product does, each line with the scenarios that prove it:
//! every scenario it names is there, and nothing that can be said is missing from it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use isms_bot::command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn doc() -> String {
    std::fs::read_to_string(root().join("docs/activities.md")).unwrap()
}

/// What stands between backticks.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// The rows of its tables: what is done, and the scenarios.
fn rows(doc: &str) -> Vec<(&str, &str)> {
    let cells = doc.lines().filter_map(|line| {
        let line = line.strip_prefix("| ")?.strip_suffix(" |")?;
        line.split_once(" | ")
    });
    let is_head = |(what, _): &(&str, &str)| *what == "activity" || what.starts_with("---");
    cells.filter(|cell| !is_head(cell)).collect()
}

/// The file of `slack_face::acts`, or of `schedule`.
fn file_of(module: &str) -> PathBuf {
    root()
        .join("tests/it")
        .join(module.replace("::", "/") + ".rs")
}

fn is_there(scenario: &str) -> bool {
    let Some((module, name)) = scenario.rsplit_once("::") else {
        return false;
    };
    let text = std::fs::read_to_string(file_of(module)).unwrap_or_default();
    text.contains(&format!("fn {name}("))
}

#[test]
fn every_activity_names_scenarios_that_are_there() {
    let doc = doc();
    let rows = rows(&doc);
    assert!(rows.len() > 40, "{} rows are read", rows.len());
    let mut wrong = Vec::new();
    for (what, scenarios) in rows {
        let named = quoted(scenarios);
        if named.is_empty() {
            wrong.push(format!("{what}: no scenario"));
        }
        let missing = named.into_iter().filter(|scenario| !is_there(scenario));
        wrong.extend(missing.map(|scenario| format!("{what}: {scenario} is not there")));
    }
    assert!(
        wrong.is_empty(),
        "docs/activities.md:\n  {}",
        wrong.join("\n  ")
    );
}

#[test]
fn every_group_of_commands_is_an_activity() {
    let doc = doc();
    let said: BTreeSet<&str> = rows(&doc)
        .into_iter()
        .flat_map(|(what, _)| quoted(what))
        .filter_map(|words| words.split(' ').next())
        .collect();
    let groups: BTreeSet<String> = command::paths()
        .iter()
        .filter_map(|path| path.split(' ').next().map(str::to_owned))
        .collect();
    let missing: Vec<&String> = groups
        .iter()
        .filter(|group| !said.contains(group.as_str()))
        .collect();
    assert!(
        missing.is_empty(),
        "docs/activities.md says nothing of {missing:?}"
    );
}
