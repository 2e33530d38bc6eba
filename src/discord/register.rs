//! The grammar as Discord's commands. Pure: each of the four rooms is a command of its own
//! (`/audit check`), `/isms` holds all the rest, and there is the message command.
//!
//! Discord allows a command 8000 characters, which a room needs for itself: so every option of every
//! command is registered. What a command is about is required, and so is a file that it cannot do
//! without (no form on Discord can ask for one); everything else may be left out, for a form asks for
//! it. Descriptions are cut to what fits.

use serde_json::{Value, json};
use serenity::all::{
    CommandOptionType, CommandType, CreateCommand, CreateCommandOption, InstallationContext,
    InteractionContext,
};
use sha2::{Digest, Sha256};

use super::words::plain;
use crate::command::tree::{Argument, ArgumentKind, Node, tree};

/// The command that holds what is in no room.
pub const COMMAND: &str = "isms";
/// Groups of the grammar that are commands of their own.
pub const ROOMS: [&str; 4] = ["action", "audit", "kpi", "review"];
/// The message command.
pub const RAISE: &str = "Raise action";
const ABOUT: &str = "Monitor, audit, review and correct";

/// Names, descriptions and choices of one command.
const WHOLE: usize = 8000;
const DESCRIPTION: usize = 100;
/// More are searched for while they are typed, as records are.
const CHOICES: usize = 25;

/// The body of the registration: every command, as it replaces all there are.
pub fn commands() -> Value {
    let (rooms, children) = tree()
        .into_iter()
        .partition::<Vec<Node>, _>(|node| ROOMS.contains(&node.name));
    let isms = Node {
        name: COMMAND,
        about: ABOUT.to_owned(),
        children,
        arguments: Vec::new(),
    };
    let raise = placed(CreateCommand::new(RAISE).kind(CommandType::Message));
    let written = rooms.iter().chain([&isms]).map(command);
    written.chain([json!(raise)]).collect()
}

/// Changes whenever what is registered would.
pub fn fingerprint(commands: &Value) -> String {
    hex::encode(Sha256::digest(commands.to_string().as_bytes()))
}

/// With descriptions as long as they may be.
fn command(node: &Node) -> Value {
    let cut = |longest| {
        let options = node.children.iter().map(|child| option(child, longest));
        let command = CreateCommand::new(node.name).description(plain(&node.about, longest));
        json!(placed(command).set_options(options.collect()))
    };
    let mut lengths = (1..=DESCRIPTION).rev();
    let longest = lengths.find(|longest| size(&cut(*longest)) <= WHOLE);
    cut(longest.unwrap_or(1))
}

/// What Discord counts: names, descriptions, choices with their values.
fn size(of: &Value) -> usize {
    let told = ["name", "description", "value"];
    let told = told.iter().filter_map(|key| of[key].as_str());
    let below = ["options", "choices"];
    let below = below.iter().filter_map(|key| of[key].as_array()).flatten();
    told.map(|words| words.chars().count()).sum::<usize>() + below.map(size).sum::<usize>()
}

/// In servers and in the direct conversation with the bot.
fn placed(command: CreateCommand) -> CreateCommand {
    command
        .integration_types(vec![InstallationContext::Guild])
        .contexts(vec![InteractionContext::Guild, InteractionContext::BotDm])
}

fn option(node: &Node, longest: usize) -> CreateCommandOption {
    let about = plain(&node.about, longest);
    if node.children.is_empty() {
        let (required, rest) = node
            .arguments
            .iter()
            .partition::<Vec<&Argument>, _>(|argument| is_required(argument));
        let options = required.into_iter().chain(rest);
        return CreateCommandOption::new(CommandOptionType::SubCommand, node.name, about)
            .set_sub_options(options.map(|a| argument(a, longest)));
    }
    let children = node.children.iter().map(|child| option(child, longest));
    CreateCommandOption::new(CommandOptionType::SubCommandGroup, node.name, about)
        .set_sub_options(children)
}

fn is_required(argument: &Argument) -> bool {
    let is_asked_nowhere = argument.is_subject || argument.kind == ArgumentKind::File;
    is_asked_nowhere && argument.is_required
}

fn argument(argument: &Argument, longest: usize) -> CreateCommandOption {
    let kind = match &argument.kind {
        ArgumentKind::Person => CommandOptionType::User,
        ArgumentKind::Whole => CommandOptionType::Integer,
        ArgumentKind::Flag => CommandOptionType::Boolean,
        ArgumentKind::File => CommandOptionType::Attachment,
        ArgumentKind::Text | ArgumentKind::Choice(_) | ArgumentKind::Search => {
            CommandOptionType::String
        }
    };
    let (choices, is_searched) = match &argument.kind {
        ArgumentKind::Choice(choices) if choices.len() <= CHOICES => (choices.as_slice(), false),
        ArgumentKind::Choice(_) | ArgumentKind::Search => (&[][..], true),
        _ => (&[][..], false),
    };
    let option = CreateCommandOption::new(kind, &argument.name, plain(&argument.label, longest))
        .required(is_required(argument))
        .set_autocomplete(is_searched);
    choices.iter().fold(option, |option, choice| {
        option.add_string_choice(plain(&choice.label, DESCRIPTION), &choice.value)
    })
}

#[cfg(test)]
mod tests;
