//! The grammar as Discord's commands. Pure: `/isms` with its groups, and the message command.
//!
//! What a command is about is required; everything else may be left out, for a form asks for it. The
//! whole tree has to stay within 8000 characters, so descriptions are cut to the greatest length at
//! which it does.

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
/// Shorter says nothing.
const LEAST: usize = 20;
const CHOICES: usize = 25;

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
    let longest = (LEAST..=DESCRIPTION)
        .rev()
        .find(|longest| size(tree, *longest) <= WHOLE)
        .unwrap_or(LEAST);
    let options = tree.iter().map(|node| option(node, longest)).collect();
    placed(CreateCommand::new(COMMAND).description(ABOUT)).set_options(options)
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
        let mut arguments: Vec<&Argument> = node.arguments.iter().collect();
        arguments.sort_by_key(|argument| !is_required(argument));
        let options = arguments.into_iter().map(|a| argument(a, longest));
        return CreateCommandOption::new(CommandOptionType::SubCommand, node.name, about)
            .set_sub_options(options);
    }
    let children = node.children.iter().map(|child| option(child, longest));
    CreateCommandOption::new(CommandOptionType::SubCommandGroup, node.name, about)
        .set_sub_options(children)
}

fn is_required(argument: &Argument) -> bool {
    argument.is_subject && argument.is_required
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
    let words = |name: &str, about: &str| name.len() + plain(about, longest).chars().count();
    let own: usize = tree
        .iter()
        .map(|node| {
            let arguments = node.arguments.iter().map(|a| {
                let choices = match &a.kind {
                    ArgumentKind::Choice(choices) if choices.len() <= CHOICES => choices.as_slice(),
                    _ => &[],
                };
                let choices = choices.iter();
                let choices = choices.map(|c| c.label.chars().count() + c.value.chars().count());
                words(&a.name, &a.label) + choices.sum::<usize>()
            });
            words(node.name, &node.about) + arguments.sum::<usize>() + size(&node.children, longest)
        })
        .sum();
    own
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// Counts as Discord does, from what is sent.
    fn counted(of: &Value) -> usize {
        let text = |value: &Value| value.as_str().map_or(0, |s| s.chars().count());
        let list = |key: &str| of[key].as_array().cloned().unwrap_or_default();
        let choices = list("choices");
        let choices = choices.iter().map(|c| text(&c["name"]) + text(&c["value"]));
        text(&of["name"])
            + text(&of["description"])
            + choices.sum::<usize>()
            + list("options").iter().map(counted).sum::<usize>()
    }

    #[test]
    fn the_whole_tree_fits_and_some_is_left() {
        let commands = commands();
        let used = counted(&commands[0]);
        assert!(used <= WHOLE, "{used} of {WHOLE} characters");
        let left = WHOLE - used;
        println!("{left} of {WHOLE} characters are left");
        let shortest = size(&tree(), 40);
        assert!(
            shortest <= WHOLE,
            "descriptions would be cut to less than 40: {shortest}"
        );
    }

    fn check(option: &Value, depth: usize) {
        let name = option["name"].as_str().unwrap();
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(
            (1..=32).contains(&name.len()) && name.chars().all(plain),
            "{name}"
        );
        let about = option["description"].as_str().unwrap().chars().count();
        assert!((1..=100).contains(&about), "{name}");
        let kind = option["type"].as_u64().unwrap();
        assert!(kind > 2 || depth <= 2, "{name} is too deep");
        let none = Vec::new();
        let options = option["options"].as_array().unwrap_or(&none);
        assert!(options.len() <= 25, "{name} has {}", options.len());
        let names: HashSet<_> = options.iter().map(|o| o["name"].to_string()).collect();
        assert_eq!(names.len(), options.len(), "{name}");
        let required: Vec<bool> = options.iter().map(|o| o["required"] == true).collect();
        assert!(
            required.is_sorted_by_key(|required| !required),
            "{name}: required first"
        );
        let choices = option["choices"].as_array().unwrap_or(&none);
        assert!(choices.len() <= 25 && (choices.is_empty() || option["autocomplete"] != true));
        for below in options {
            check(below, depth + 1);
        }
    }

    #[test]
    fn every_command_is_one_that_discord_takes() {
        let commands = commands();
        let isms = &commands[0];
        assert_eq!(isms["name"], COMMAND);
        for option in isms["options"].as_array().unwrap() {
            check(option, 1);
        }
        assert!(isms["options"].as_array().unwrap().len() <= 25);
    }

    #[test]
    fn what_a_command_is_about_is_required_and_the_rest_is_asked_for() {
        let commands = commands();
        let find = |of: &Value, name: &str| -> Value {
            let options = of["options"].as_array().unwrap();
            options.iter().find(|o| o["name"] == name).unwrap().clone()
        };
        let verify = find(&find(&commands[0], "action"), "verify");
        let action = find(&verify, "action");
        assert_eq!(
            (&action["required"], &action["autocomplete"]),
            (&json!(true), &json!(true))
        );
        let result = find(&verify, "result");
        assert_eq!(result["required"], false);
        assert_eq!(result["choices"][0]["value"], "effective");
        let new = find(&find(&commands[0], "action"), "new");
        assert_eq!(find(&new, "owner")["type"], 6);
        assert_eq!(find(&new, "title")["required"], false);
    }

    #[test]
    fn no_command_is_called_like_what_a_custom_id_begins_with() {
        let words = ["pick", "write", "last", "page", "send", "open"];
        for node in tree() {
            assert!(!words.contains(&node.name), "{}", node.name);
        }
    }

    #[test]
    fn the_fingerprint_tells_a_change() {
        let before = fingerprint(&commands());
        assert_eq!(before, fingerprint(&commands()));
        let mut changed = commands();
        changed[0]["description"] = json!("Other");
        assert_ne!(before, fingerprint(&changed));
    }
}
