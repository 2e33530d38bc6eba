//! Who may do what: the one place where a role is asked for, whatever the face.

use super::{People, Person, Role};
use crate::app::UserError;
use crate::command::one_of;

/// The roles that may use a command.
fn roles(path: &str) -> &'static [Role] {
    use Role::{Auditor, Leader, Manager, Member, Reader};
    const EVERYBODY: &[Role] = &[Manager, Auditor, Leader, Member, Reader];
    const INSIDE: &[Role] = &[Manager, Auditor, Leader, Member];
    match path {
        "help" | "status" | "mine" | "action list" | "action show" | "kpi list" | "kpi show"
        | "kpi chart" | "digest preview" | "audit list" | "audit show" | "review list"
        | "review show" | "settings show" | "home" | "link" => EVERYBODY,
        "kpi new" | "kpi pause" | "kpi resume" | "digest now" | "audit plan" | "audit assign"
        | "review schedule" | "review assign" | "review start" | "settings set" | "handover" => {
            &[Manager]
        }
        "audit start" | "audit finish" => &[Manager, Auditor],
        "review sign" => &[Leader],
        "action cancel" => &[Manager, Auditor, Leader],
        _ => INSIDE,
    }
}

/// Whether a person may use the command of this path (`action new`).
pub fn may(person: &Person, path: &str) -> bool {
    roles(path).contains(&person.role)
}

/// As many names as a refusal tells.
const MOST_NAMES: usize = 3;

/// Says who may use a command that this person may not.
pub fn refusal(person: &Person, path: &str, people: &People) -> UserError {
    let mut able: Vec<&Person> = people
        .0
        .iter()
        .filter(|p| p.present && may(p, path))
        .collect();
    able.sort_by_key(|person| person.role);
    let able: Vec<String> = able
        .iter()
        .take(MOST_NAMES)
        .map(|p| p.name.clone())
        .collect();
    let why = match person.role {
        Role::Reader => "You are here as a reader: you see everything and change nothing.".into(),
        role => {
            let needed: Vec<String> = roles(path).iter().map(with_article).collect();
            let (needed, role) = (one_of(&needed), with_article(&role));
            format!("“{path}” is for {needed}; you are here as {role}.")
        }
    };
    UserError::new(match able.is_empty() {
        true => format!("{why} Nobody here is, yet: ask whoever set the bot up."),
        false => format!("{why} {} can do it.", one_of(&able)),
    })
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

fn with_article(role: &Role) -> String {
    match role {
        Role::Auditor => "an auditor".into(),
        role => format!("a {role}"),
    }
}
