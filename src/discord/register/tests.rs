use std::collections::HashSet;

use super::*;

/// A description that is shorter says little.
const READABLE: usize = 30;
const NAME: usize = 32;
/// Groups and commands below one, options of a command.
const MOST: usize = 25;
/// Slash commands of one application.
const COMMANDS: usize = 100;

/// The slash commands.
fn written() -> Vec<Value> {
    let Value::Array(mut all) = commands() else {
        panic!("not a list");
    };
    all.retain(|command| command["name"] != RAISE);
    all
}

fn list<'a>(of: &'a Value, key: &str) -> &'a [Value] {
    of[key].as_array().map_or(&[], Vec::as_slice)
}

fn named<'a>(of: &'a Value, name: &str) -> Option<&'a Value> {
    let mut options = list(of, "options").iter();
    options.find(|option| option["name"] == name)
}

fn command(name: &str) -> Value {
    let found = written()
        .into_iter()
        .find(|command| command["name"] == name);
    found.unwrap_or_else(|| panic!("no /{name}"))
}

/// The command of the grammar, as it is registered.
fn registered(all: &[Value], path: &[&str]) -> Value {
    let below = |name: &str| all.iter().find(|command| command["name"] == name);
    let (top, words) = match ROOMS.contains(&path[0]) {
        true => (below(path[0]), &path[1..]),
        false => (below(COMMAND), path),
    };
    let found = words
        .iter()
        .try_fold(top.unwrap(), |at, word| named(at, word));
    found
        .unwrap_or_else(|| panic!("{path:?} is not registered"))
        .clone()
}

/// Each command of the grammar with the words that lead to it.
fn leaves(nodes: Vec<Node>, path: &[&'static str]) -> Vec<(Vec<&'static str>, Node)> {
    let of = |node: Node| {
        let path = [path, &[node.name]].concat();
        match node.children.is_empty() {
            true => vec![(path, node)],
            false => leaves(node.children, &path),
        }
    };
    nodes.into_iter().flat_map(of).collect()
}

#[test]
fn every_option_of_every_command_is_registered() {
    let all = written();
    for (path, node) in leaves(tree(), &[]) {
        let registered = registered(&all, &path);
        let options = list(&registered, "options");
        let names: HashSet<_> = options.iter().filter_map(|o| o["name"].as_str()).collect();
        let known: HashSet<_> = node.arguments.iter().map(|a| a.name.as_str()).collect();
        assert_eq!(names, known, "{path:?}");
        for argument in &node.arguments {
            let option = named(&registered, &argument.name).unwrap();
            let choices = list(option, "choices").len();
            match &argument.kind {
                ArgumentKind::Choice(known) if known.len() <= CHOICES => {
                    assert_eq!(choices, known.len(), "{path:?} {}", argument.name);
                }
                ArgumentKind::Choice(_) | ArgumentKind::Search => {
                    assert_eq!(option["autocomplete"], true, "{path:?} {}", argument.name);
                }
                _ => assert_eq!(choices, 0, "{path:?} {}", argument.name),
            }
        }
    }
}

#[test]
fn each_room_is_a_command_of_its_own_and_the_rest_is_below_one() {
    let all = written();
    let names: HashSet<_> = all.iter().filter_map(|c| c["name"].as_str()).collect();
    assert_eq!(
        names,
        HashSet::from(["action", "audit", "isms", "kpi", "review"])
    );
    let isms = command(COMMAND);
    for room in ROOMS {
        assert_eq!(named(&isms, room), None);
    }
}

/// Counts as Discord does, from what is sent.
fn counted(of: &Value) -> usize {
    let text = |value: &Value| value.as_str().map_or(0, |s| s.chars().count());
    let choices = list(of, "choices").iter();
    let choices = choices.map(|c| text(&c["name"]) + text(&c["value"]));
    text(&of["name"])
        + text(&of["description"])
        + choices.sum::<usize>()
        + list(of, "options").iter().map(counted).sum::<usize>()
}

#[test]
fn every_command_fits_and_can_be_read() {
    let all = written();
    assert!(all.len() <= COMMANDS);
    for command in &all {
        let used = counted(command);
        assert!(used <= 8000, "{}: {used} characters", command["name"]);
        check(command, 0);
    }
    for (path, node) in leaves(tree(), &[]) {
        let registered = registered(&all, &path);
        let options = node.arguments.iter().map(|argument| {
            let option = named(&registered, &argument.name).unwrap();
            (option, &argument.label)
        });
        for (shown, whole) in options.chain([(&registered, &node.about)]) {
            let shown = shown["description"].as_str().unwrap();
            let is_readable =
                shown == plain(whole, DESCRIPTION) || shown.chars().count() >= READABLE;
            assert!(is_readable, "{path:?}: {shown}");
        }
    }
}

/// What is too long for Discord has its descriptions cut, and keeps its options.
#[test]
fn descriptions_are_cut_to_what_fits() {
    let argument = |name: &str| Argument {
        name: name.to_owned(),
        label: format!("What the {name} is, said in not too few words"),
        kind: ArgumentKind::Text,
        is_subject: false,
        is_required: false,
    };
    const NAMES: [&str; 24] = [
        "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r",
        "s", "t", "u", "v", "w", "x",
    ];
    let child = |name| Node {
        name,
        about: format!("Does to a record what {name} does to records"),
        children: Vec::new(),
        arguments: NAMES[..10].iter().map(|name| argument(name)).collect(),
    };
    for children in 1..=NAMES.len() {
        let room = super::command(&Node {
            name: "room",
            about: "All about it".to_owned(),
            children: NAMES[..children].iter().map(|name| child(name)).collect(),
            arguments: Vec::new(),
        });
        assert!(counted(&room) <= WHOLE, "{children}");
        check(&room, 0);
        let last = named(&room, NAMES[children - 1]).unwrap();
        assert_eq!(list(last, "options").len(), 10);
        let option = named(last, "a").unwrap();
        let is_whole = option["description"].as_str().unwrap().ends_with("words");
        assert_eq!(is_whole, children <= 17, "{children}");
    }
}

fn check(option: &Value, depth: usize) {
    let name = option["name"].as_str().unwrap();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    assert!(
        (1..=NAME).contains(&name.len()) && name.chars().all(plain),
        "{name}"
    );
    let about = option["description"].as_str().unwrap().chars().count();
    assert!((1..=DESCRIPTION).contains(&about), "{name}");
    // A command itself is of no type: it is a slash command.
    let kind = option["type"].as_u64().unwrap_or(1);
    assert!(kind > 2 || depth <= 2, "{name} is too deep");
    let options = list(option, "options");
    assert!(options.len() <= MOST, "{name} has {}", options.len());
    let names: HashSet<_> = options.iter().map(|o| o["name"].to_string()).collect();
    assert_eq!(names.len(), options.len(), "{name}");
    let required: Vec<bool> = options.iter().map(|o| o["required"] == true).collect();
    assert!(
        required.is_sorted_by_key(|required| !required),
        "{name}: required first"
    );
    let choices = list(option, "choices");
    assert!(choices.len() <= CHOICES && (choices.is_empty() || option["autocomplete"] != true));
    for choice in choices {
        for key in ["name", "value"] {
            let length = choice[key].as_str().unwrap().chars().count();
            assert!((1..=100).contains(&length), "{name}: {choice}");
        }
    }
    for below in options {
        check(below, depth + 1);
    }
}

#[test]
fn what_a_command_is_about_is_required_and_the_rest_is_asked_for() {
    let action = command("action");
    let verify = named(&action, "verify").unwrap();
    let subject = named(verify, "action").unwrap();
    assert_eq!(
        (&subject["required"], &subject["autocomplete"]),
        (&json!(true), &json!(true))
    );
    let mut rest = list(verify, "options").iter().skip(1);
    assert!(rest.all(|option| option["required"] == false));
}

#[test]
fn a_file_that_is_needed_is_a_required_option() {
    let isms = command(COMMAND);
    let keep = named(named(&isms, "file").unwrap(), "keep").unwrap();
    let file = named(keep, "file").unwrap();
    assert_eq!(
        (&file["type"], &file["required"]),
        (&json!(11), &json!(true))
    );
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
