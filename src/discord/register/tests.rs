use std::collections::HashSet;

use super::*;
use crate::chat::Choice;

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

/// The grammar with so many more groups of commands, each with all that a command can have.
fn grown(groups: usize) -> Vec<Node> {
    let argument = |name: &str, kind: ArgumentKind, (is_subject, is_required)| Argument {
        name: name.to_owned(),
        label: format!("What the {name} is, said in not too few words"),
        kind,
        is_subject,
        is_required,
    };
    let choice = |value: &str| Choice {
        value: value.to_owned(),
        label: format!("What {value} means"),
    };
    let choices = ArgumentKind::Choice(vec![choice("first"), choice("second")]);
    let command = |name, has_form| Node {
        name,
        about: format!("Does to a record what {name} does to records"),
        children: Vec::new(),
        arguments: vec![
            argument("title", ArgumentKind::Text, (false, has_form)),
            argument("record", ArgumentKind::Search, (true, true)),
            argument("owner", ArgumentKind::Person, (false, false)),
            argument("state", choices.clone(), (false, false)),
            argument("file", ArgumentKind::File, (false, false)),
        ],
        has_form,
    };
    const NAMES: [&str; 24] = [
        "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r",
        "s", "t", "u", "v", "w", "x",
    ];
    let group = |name| Node {
        name,
        about: format!("All about {name}"),
        children: vec![command("new", true), command("list", false)],
        arguments: Vec::new(),
        has_form: false,
    };
    NAMES.iter().take(groups).map(|name| group(*name)).collect()
}

fn named<'a>(of: &'a Value, name: &str) -> Option<&'a Value> {
    let mut options = of["options"].as_array()?.iter();
    options.find(|option| option["name"] == name)
}

fn names(of: &Value) -> Vec<&str> {
    let options = of["options"].as_array().unwrap().iter();
    options
        .map(|option| option["name"].as_str().unwrap())
        .collect()
}

#[test]
fn the_whole_tree_fits() {
    let commands = commands();
    let used = counted(&commands[0]);
    assert!(used <= WHOLE, "{used} of {WHOLE} characters");
    let (_, longest) = fitted(tree());
    assert!(longest >= READABLE, "descriptions are cut to {longest}");
}

#[test]
fn a_tree_of_any_size_fits() {
    for groups in 0..=24 {
        let isms = json!(isms(&grown(groups)));
        let used = counted(&isms);
        assert!(used <= WHOLE, "{groups}: {used} of {WHOLE} characters");
        for option in isms["options"].as_array().unwrap() {
            check(option, 1);
        }
    }
}

#[test]
fn what_fits_is_registered_whole() {
    let isms = json!(isms(&grown(2)));
    let new = named(named(&isms, "b").unwrap(), "new").unwrap();
    assert_eq!(names(new), ["record", "title", "owner", "state", "file"]);
    let state = named(new, "state").unwrap();
    assert_eq!(state["choices"].as_array().unwrap().len(), 2);
    assert_eq!(
        named(new, "owner").unwrap()["description"],
        "What the owner is, said in not too few words"
    );
}

#[test]
fn choices_are_searched_before_anything_is_left_out() {
    let isms = json!(isms(&grown(17)));
    let new = named(named(&isms, "q").unwrap(), "new").unwrap();
    assert_eq!(names(new), ["record", "title", "owner", "state", "file"]);
    let state = named(new, "state").unwrap();
    assert_eq!(
        (&state["choices"], &state["autocomplete"]),
        (&json!([]), &json!(true))
    );
}

#[test]
fn what_a_form_asks_for_is_left_out_before_what_none_does() {
    let isms = json!(isms(&grown(21)));
    let groups = isms["options"].as_array().unwrap();
    for group in groups {
        let all = ["record", "title", "owner", "state", "file"];
        assert_eq!(names(named(group, "list").unwrap()), all);
    }
    let new = groups
        .iter()
        .map(|group| names(named(group, "new").unwrap()));
    let new: Vec<_> = new.collect();
    assert!(new.contains(&vec!["record", "file"]), "{new:?}");
    assert!(new.iter().all(|names| names.contains(&"file")), "{new:?}");
}

#[test]
fn what_is_said_every_day_keeps_its_options() {
    let mut tree = grown(21);
    tree[3].name = "action";
    let isms = json!(isms(&tree));
    let new = named(named(&isms, "action").unwrap(), "new").unwrap();
    assert_eq!(names(new), ["record", "title", "owner", "state", "file"]);
}

#[test]
fn a_file_that_is_needed_is_a_required_option() {
    let mut tree = grown(1);
    tree[0].children[0].arguments[4].is_required = true;
    let isms = json!(isms(&tree));
    let new = named(named(&isms, "a").unwrap(), "new").unwrap();
    assert_eq!(names(new)[..2], ["record", "file"]);
    let file = named(new, "file").unwrap();
    assert_eq!(
        (&file["type"], &file["required"]),
        (&json!(11), &json!(true))
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
    let action = named(&commands[0], "action").unwrap();
    let verify = named(action, "verify").unwrap();
    let subject = named(verify, "action").unwrap();
    assert_eq!(
        (&subject["required"], &subject["autocomplete"]),
        (&json!(true), &json!(true))
    );
    let rest = verify["options"].as_array().unwrap().iter().skip(1);
    assert!(rest.into_iter().all(|option| option["required"] == false));
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
