//! Who may do what: the one place where a role is asked for, whatever the face.
//!
//! It is asked before a form opens and before a command is carried out, for every suggestion, and for
//! every button on a card that one person gets.

use super::{People, Person, Role};
use crate::app::UserError;
use crate::chat::{Block, Card};
use crate::command::{Known, leads_to, one_of};

/// The roles that may use a command; `None` if there is no such command.
fn roles(path: &str) -> Option<&'static [Role]> {
    use Role::{Auditor, Leader, Manager, Member, Reader};
    const EVERYBODY: &[Role] = &[Manager, Auditor, Leader, Member, Reader];
    const INSIDE: &[Role] = &[Manager, Auditor, Leader, Member];
    Some(match path {
        "help" | "status" | "mine" | "home" | "link" => EVERYBODY,
        "snooze" | "away" | "back" => INSIDE,
        "handover" => &[Manager],

        "action list" | "action show" => EVERYBODY,
        "action new" | "action update" | "action analyse" | "action step" | "action step-done"
        | "action note" | "action assign" | "action extend" | "action done" | "action verifier"
        | "action verify" | "action reopen" => INSIDE,
        "action reassign" => &[Manager],
        "action cancel" => &[Manager, Auditor, Leader],

        "kpi list" | "kpi show" | "kpi chart" => EVERYBODY,
        "kpi record" | "kpi correct" | "kpi import" | "kpi limits" | "kpi analyse" => INSIDE,
        "kpi new" | "kpi pause" | "kpi resume" => &[Manager],
        "source list" => EVERYBODY,
        "source try" => INSIDE,
        "source manual" | "source push" | "source webhook" | "source prometheus"
        | "source http" | "source derived" => &[Manager],
        "token new" | "token list" | "token revoke" => &[Manager],
        "survey show" => EVERYBODY,
        "survey answer" => INSIDE,
        "survey new" | "survey send" | "survey close" => &[Manager],
        "inspection show" => EVERYBODY,
        "inspection start" | "inspection check" | "inspection finish" => INSIDE,
        "inspection new" => &[Manager],
        "digest preview" => EVERYBODY,
        "digest now" => &[Manager],

        "audit list" | "audit show" | "audit auditors" | "audit checklist"
        | "audit finding-show" => EVERYBODY,
        "audit accept" | "audit dispute" => INSIDE,
        "audit plan" | "audit assign" | "audit team" | "audit guest" => &[Manager],
        "audit start" | "audit finish" => &[Manager, Auditor],
        "audit check" | "audit questions" | "audit finding" | "audit uphold" | "audit amend"
        | "audit withdraw" => &[Manager, Auditor],

        "review list" | "review show" => EVERYBODY,
        "review input" => INSIDE,
        "review schedule" | "review assign" | "review start" => &[Manager],
        "review sign" => &[Leader],

        "report performance" | "report actions" | "report audit" | "report get" => EVERYBODY,
        "report reviewed" => &[Manager, Leader],

        "file get" => EVERYBODY,
        "file keep" => INSIDE,

        "settings show" | "settings mine" | "role list" | "area list" => EVERYBODY,
        "settings set" | "role grant" | "role revoke" | "area assign" => &[Manager],
        path if path.starts_with("setup ") => &[Manager],

        _ => return None,
    })
}

/// Whether a person may use the command of this path (`action new`).
pub fn may(person: &Person, path: &str) -> bool {
    roles(path).is_some_and(|roles| roles.contains(&person.role))
}

/// Whether a person may use what these words lead to. Words that lead nowhere are answered, so
/// everybody may say them.
pub fn may_say(person: &Person, words: &str, known: &Known) -> bool {
    leads_to(words, known).is_none_or(|path| may(person, &path))
}

/// A card for one person, without the buttons that this person may not use.
pub fn usable(mut card: Card, person: &Person) -> Card {
    let known = Known::default();
    for block in &mut card.blocks {
        if let Block::Buttons(buttons) = block {
            buttons.retain(|button| may_say(person, &button.command, &known));
        }
    }
    card.blocks
        .retain(|block| !matches!(block, Block::Buttons(buttons) if buttons.is_empty()));
    card
}

/// `a manager or an auditor`: who may use a command.
pub fn needed(path: &str) -> String {
    let roles = roles(path).unwrap_or_default().iter();
    one_of(&roles.map(|role| role.with_article()).collect::<Vec<_>>())
}

/// As many names as a refusal tells.
const MOST_NAMES: usize = 3;

/// Says who may use a command that this person may not, and who can grant them the role.
pub fn refusal(person: &Person, path: &str, people: &People) -> UserError {
    let present = || people.0.iter().filter(|person| person.present);
    let first = |people: Vec<&Person>| {
        let names = people.iter().take(MOST_NAMES);
        names.map(|p| p.name.clone()).collect::<Vec<_>>()
    };
    let mut able: Vec<&Person> = present().filter(|person| may(person, path)).collect();
    able.sort_by_key(|person| person.role);
    let (able, managers) = (first(able), first(people.managers().collect()));
    let why = match person.role {
        Role::Reader => "You are here as a reader: you see everything and change nothing.".into(),
        role => {
            let (needed, role) = (needed(path), role.with_article());
            format!("“{path}” is for {needed}; you are here as {role}.")
        }
    };
    let can = match (able.is_empty(), managers.is_empty()) {
        (_, true) => "Nobody here is a manager yet, who could do it or grant a role: an \
                      administrator of this workspace becomes one when they write to me."
            .to_owned(),
        (true, false) => format!(
            "Nobody here is, yet. {} can grant you the role.",
            one_of(&managers)
        ),
        (false, false) if able == managers => {
            format!("{} can do it, or grant you the role.", one_of(&able))
        }
        (false, false) => format!(
            "{} can do it; {} can grant you the role.",
            one_of(&able),
            one_of(&managers)
        ),
    };
    UserError::new(format!("{why} {can}"))
}

/// Said to someone whose account the platform calls deactivated.
pub fn not_here(people: &People) -> UserError {
    let managers: Vec<String> = people
        .managers()
        .take(MOST_NAMES)
        .map(|manager| manager.name.clone())
        .collect();
    let ask = match managers.is_empty() {
        true => "whoever runs the workspace".to_owned(),
        false => one_of(&managers),
    };
    UserError::new(format!(
        "Your account in this workspace is deactivated, so I can do nothing for you here. Ask {ask} \
         to let you in again."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::paths;

    #[test]
    fn every_command_says_who_may_use_it() {
        for path in paths() {
            assert!(roles(&path).is_some(), "{path} is in no row of the table");
        }
        assert_eq!(roles("action fly"), None);
    }
}
