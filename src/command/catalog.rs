//! The declaration as a tree to look things up in.

use std::sync::LazyLock;

use clap::{Arg, CommandFactory};

use super::Command;
use super::names::nearest;

static TREE: LazyLock<clap::Command> = LazyLock::new(Command::command);

/// A command or a group of commands, and the words that lead to it.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub path: Vec<&'static str>,
    pub command: &'static clap::Command,
}

/// Groups that mean one of their commands when they are said alone.
const BY_ITSELF: [(&str, &str); 1] = [("setup", "show")];

/// The words of every command: `action new`.
pub fn paths() -> Vec<String> {
    let (groups, commands): (Vec<Entry>, Vec<Entry>) =
        Entry::root().children().partition(Entry::is_group);
    let within = groups.iter().flat_map(Entry::children);
    commands
        .into_iter()
        .chain(within)
        .map(|entry| entry.words())
        .collect()
}

/// Where words lead.
#[derive(Debug)]
pub(super) enum Found {
    /// To a command, and after so many words its arguments follow.
    Command(Entry, usize),
    /// To a group, and no further word.
    Group(Entry),
    /// To a group (or to nothing yet), and this word is not in it.
    Unknown { within: Entry, word: String },
}

impl Entry {
    pub fn root() -> Entry {
        Entry {
            path: Vec::new(),
            command: &TREE,
        }
    }

    pub fn children(&self) -> impl Iterator<Item = Entry> + use<> {
        let above = self.path.clone();
        self.command.get_subcommands().map(move |command| {
            let mut path = above.clone();
            path.push(command.get_name());
            Entry { path, command }
        })
    }

    pub fn is_group(&self) -> bool {
        self.command.has_subcommands()
    }

    /// The command that a group means when nothing follows it.
    pub fn by_itself(&self) -> Option<Entry> {
        let (_, child) = BY_ITSELF
            .iter()
            .find(|(group, _)| self.path[..] == [*group])?;
        self.child(child)
    }

    /// The words that lead here: `action new`.
    pub fn words(&self) -> String {
        self.path.join(" ")
    }

    /// What stands above its form and its help.
    pub fn title(&self) -> &'static str {
        let name = self.command.get_name();
        self.command.get_display_name().unwrap_or(name)
    }

    pub fn about(&self) -> String {
        self.command
            .get_about()
            .map(ToString::to_string)
            .unwrap_or_default()
    }

    /// Commands as one would type them after `/isms`.
    pub fn examples(&self) -> Vec<String> {
        let examples = self.command.get_after_help().map(ToString::to_string);
        let examples = examples.unwrap_or_default();
        examples
            .lines()
            .map(|line| line.trim().to_owned())
            .collect()
    }

    pub fn arguments(&self) -> impl Iterator<Item = &'static Arg> + use<> {
        self.command.get_arguments()
    }

    /// The command or group of this name, of this other name, or the only one that begins so.
    pub fn child(&self, word: &str) -> Option<Entry> {
        let word = word.to_lowercase();
        let named = |entry: &Entry| {
            let mut names = entry.command.get_name_and_visible_aliases().into_iter();
            names.any(|name| name == word)
        };
        self.children().find(named).or_else(|| {
            let begins = |entry: &Entry| {
                word.len() >= 3
                    && entry
                        .path
                        .last()
                        .is_some_and(|name| name.starts_with(&word))
            };
            let mut begun = self.children().filter(begins);
            begun.next().filter(|_| begun.next().is_none())
        })
    }

    /// The command in here that was nearly said.
    pub fn nearest(&self, word: &str) -> Option<Entry> {
        let entries: Vec<Entry> = self.children().collect();
        let names = entries
            .iter()
            .flat_map(|entry| entry.command.get_name_and_visible_aliases());
        self.child(nearest(word, names)?)
    }

    /// Follows words down to a command.
    pub fn follow<'a>(words: impl IntoIterator<Item = &'a str>) -> Found {
        let mut at = Entry::root();
        for (i, word) in words.into_iter().enumerate() {
            match at.child(word) {
                Some(entry) if entry.is_group() => at = entry,
                Some(entry) => return Found::Command(entry, i + 1),
                None => {
                    let word = word.to_owned();
                    return Found::Unknown { within: at, word };
                }
            }
        }
        Found::Group(at)
    }
}

/// The name by which an argument is given: `working-days`.
pub(super) fn argument_name(arg: &Arg) -> String {
    arg.get_long()
        .map_or_else(|| arg.get_id().as_str().replace('_', "-"), str::to_owned)
}

/// What stands above an argument's field.
pub(super) fn argument_label(arg: &Arg) -> String {
    arg.get_help().map(ToString::to_string).unwrap_or_default()
}

/// What its comment says beyond the label.
pub(super) fn argument_hint(arg: &Arg) -> Option<String> {
    let long = arg.get_long_help()?.to_string();
    let (_, hint) = long.split_once("\n\n")?;
    Some(hint.split_whitespace().collect::<Vec<_>>().join(" "))
}
