//! The declaration as others may look at it: for a platform that wants to know every command and
//! argument before anyone types.

use super::catalog::{Entry, argument_label, argument_name};
use super::kind::{self, Kind};
use crate::chat::Choice;

/// A command, or a group of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The word that leads here.
    pub name: &'static str,
    /// What it does, in one line.
    pub about: String,
    /// Of a group; a command has none.
    pub children: Vec<Node>,
    /// Of a command, in the order in which they are typed.
    pub arguments: Vec<Argument>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Argument {
    pub name: String,
    /// What it holds, in a few words.
    pub label: String,
    pub kind: ArgumentKind,
    /// It says what the command is about, so no form asks for it.
    pub is_subject: bool,
    pub is_required: bool,
}

/// What an argument holds, as far as a platform can help with it.
#[derive(Debug, Clone, PartialEq)]
pub enum ArgumentKind {
    /// Words, a date, an amount: read when it is typed.
    Text,
    Person,
    Whole,
    /// Yes or no.
    Flag,
    Choice(Vec<Choice>),
    /// One of many that exist: [`super::suggest`] finds them.
    Search,
    /// A file to attach.
    File,
}

/// Every command and group.
pub fn tree() -> Vec<Node> {
    Entry::root().children().map(|entry| node(&entry)).collect()
}

fn node(entry: &Entry) -> Node {
    Node {
        name: entry.path.last().copied().unwrap_or_default(),
        about: entry.about(),
        children: entry.children().map(|entry| node(&entry)).collect(),
        arguments: match entry.is_group() {
            true => Vec::new(),
            // What is hidden is set by a face, never asked for.
            false => entry
                .arguments()
                .filter(|arg| !arg.is_hide_set())
                .map(argument)
                .collect(),
        },
    }
}

fn argument(arg: &'static clap::Arg) -> Argument {
    let kind = kind::kind(arg);
    Argument {
        name: argument_name(arg),
        label: argument_label(arg),
        is_subject: kind::is_subject(arg, &kind),
        is_required: arg.is_required_set(),
        kind: match kind {
            Kind::Person => ArgumentKind::Person,
            Kind::Whole => ArgumentKind::Whole,
            Kind::Flag => ArgumentKind::Flag,
            Kind::Choice(choices) => {
                let choice = |choice: &clap::builder::PossibleValue| Choice {
                    value: choice.get_name().to_owned(),
                    label: kind::label(choice),
                };
                ArgumentKind::Choice(choices.iter().map(choice).collect())
            }
            Kind::Record(_) | Kind::Zone | Kind::Period | Kind::Span => ArgumentKind::Search,
            Kind::File => ArgumentKind::File,
            _ => ArgumentKind::Text,
        },
    }
}
