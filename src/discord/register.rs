//! The grammar as Discord's commands. Pure: `/isms` with its groups, and the message command.
//!
//! What a command is about is required, and so is a file that it cannot do without; everything else may
//! be left out, for a form asks for it. The whole tree has to stay within 8000 characters. Where it
//! does not, less of it is registered, in this order and no more than has to be ([`fitted`]):
//!
//! 1. descriptions are cut, but not so far that they say nothing;
//! 2. choices are searched for while they are typed, instead of being listed;
//! 3. what a form asks for anyway is no option, so that the form always opens: beginning with the
//!    commands that have most of it, and with [`DAILY`] ones at last;
//! 4. filters of lists are no options, and descriptions are cut to whatever fits.
//!
//! A file is always an option: no form on Discord can ask for one.

use serde_json::{Value, json};
use serenity::all::{
    CommandOptionType, CommandType, CreateCommand, CreateCommandOption, InstallationContext,
    InteractionContext,
};
use sha2::{Digest, Sha256};

use super::words::plain;
use crate::command::tree::{Argument, ArgumentKind, Node, tree};

/// The slash command.
pub const COMMAND: &str = "isms";
/// The message command.
pub const RAISE: &str = "Raise action";
const ABOUT: &str = "Monitor, audit, review and correct";

/// Names, descriptions and choices of one command.
const WHOLE: usize = 8000;
const DESCRIPTION: usize = 100;
/// A description that is shorter says little.
const READABLE: usize = 30;
const CHOICES: usize = 25;
/// What is said every day keeps its options as long as possible: one line is quicker than a form.
const DAILY: [(&str, &str); 3] = [("action", "new"), ("action", "done"), ("kpi", "record")];
/// Groups, commands of a group, options of a command.
const MOST: usize = 25;

/// The body of the registration: every command, as it replaces all there are.
pub fn commands() -> Value {
    let isms = isms(&tree());
    let raise = placed(CreateCommand::new(RAISE).kind(CommandType::Message));
    json!([isms, raise])
}

/// Changes whenever what is registered would.
pub fn fingerprint(commands: &Value) -> String {
    hex::encode(Sha256::digest(commands.to_string().as_bytes()))
}

fn isms(tree: &[Node]) -> CreateCommand {
    let (tree, longest) = fitted(tree.to_vec());
    let options = tree.iter().map(|node| option(node, longest)).collect();
    placed(CreateCommand::new(COMMAND).description(ABOUT)).set_options(options)
}

/// As much of the tree as fits, and how long its descriptions may be.
fn fitted(mut tree: Vec<Node>) -> (Vec<Node>, usize) {
    tree.truncate(MOST);
    tree.iter_mut()
        .for_each(|node| node.children.truncate(MOST));
    let room = WHOLE - words(COMMAND, ABOUT, DESCRIPTION);
    let fits = |tree: &[Node], longest| size(tree, longest) <= room;
    if !fits(&tree, READABLE) {
        for (_, command) in commands_of(&mut tree) {
            command.arguments.iter_mut().for_each(searched);
        }
    }
    for is_spare in [is_asked_for, is_filter] {
        while !fits(&tree, READABLE) && leave_out(&mut tree, is_spare) {}
    }
    for (_, command) in commands_of(&mut tree) {
        command
            .arguments
            .sort_by_key(|argument| !is_required(argument));
        command.arguments.truncate(MOST);
    }
    let lengths = (1..=DESCRIPTION).rev();
    let longest = lengths.into_iter().find(|longest| fits(&tree, *longest));
    (tree, longest.unwrap_or(1))
}

/// Each command with its group and its name; the group of one that is in none is empty.
fn commands_of(
    tree: &mut [Node],
) -> impl Iterator<Item = ((&'static str, &'static str), &mut Node)> {
    tree.iter_mut().flat_map(|node| {
        let (group, commands) = match node.children.is_empty() {
            true => ("", std::slice::from_mut(node)),
            false => (node.name, node.children.as_mut_slice()),
        };
        commands
            .iter_mut()
            .map(move |node| ((group, node.name), node))
    })
}

/// The grammar suggests choices while they are typed, as it does records.
fn searched(argument: &mut Argument) {
    if matches!(argument.kind, ArgumentKind::Choice(_)) {
        argument.kind = ArgumentKind::Search;
    }
}

/// Says whether an argument of a command may be left out.
type IsSpare = fn(&Node, &Argument) -> bool;

/// The command's form asks for it.
fn is_asked_for(command: &Node, argument: &Argument) -> bool {
    command.has_form && is_filter(command, argument)
}

fn is_filter(_: &Node, argument: &Argument) -> bool {
    !argument.is_subject && argument.kind != ArgumentKind::File
}

/// Takes out what may be of the command that has most of it; says whether there was any.
fn leave_out(tree: &mut [Node], is_spare: IsSpare) -> bool {
    let spared = |command: &Node| {
        let spare = command.arguments.iter().filter(|a| is_spare(command, a));
        spare
            .map(|argument| length(argument, READABLE))
            .sum::<usize>()
    };
    let all = commands_of(tree).filter(|(_, command)| spared(command) > 0);
    let most = all.max_by_key(|(path, command)| (!DAILY.contains(path), spared(command)));
    let Some((_, command)) = most else {
        return false;
    };
    let kept = command.arguments.iter().filter(|a| !is_spare(command, a));
    command.arguments = kept.cloned().collect();
    true
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
        let options = node.arguments.iter().map(|a| argument(a, longest));
        return CreateCommandOption::new(CommandOptionType::SubCommand, node.name, about)
            .set_sub_options(options);
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
    let about = plain(&argument.label, longest);
    let option = CreateCommandOption::new(kind, &argument.name, about)
        .required(is_required(argument))
        .set_autocomplete(matches!(argument.kind, ArgumentKind::Search));
    let choices = match &argument.kind {
        ArgumentKind::Choice(choices) if choices.len() <= CHOICES => choices.as_slice(),
        _ => &[],
    };
    choices.iter().fold(option, |option, choice| {
        option.add_string_choice(plain(&choice.label, DESCRIPTION), &choice.value)
    })
}

/// What counts: names, descriptions, choices with their values.
fn size(tree: &[Node], longest: usize) -> usize {
    let node = |node: &Node| {
        let arguments = node.arguments.iter().map(|a| length(a, longest));
        let own = words(node.name, &node.about, longest) + arguments.sum::<usize>();
        own + size(&node.children, longest)
    };
    tree.iter().map(node).sum()
}

fn length(argument: &Argument, longest: usize) -> usize {
    let choices = match &argument.kind {
        ArgumentKind::Choice(choices) if choices.len() <= CHOICES => choices.as_slice(),
        _ => &[],
    };
    let choices = choices.iter();
    let choices = choices.map(|c| c.label.chars().count() + c.value.chars().count());
    words(&argument.name, &argument.label, longest) + choices.sum::<usize>()
}

fn words(name: &str, about: &str, longest: usize) -> usize {
    name.len() + plain(about, longest).chars().count()
}

#[cfg(test)]
mod tests;
