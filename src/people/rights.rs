//! Who may do what: the one place where a role is asked for, whatever the face.

use super::{Person, Role};
use crate::app::UserError;

/// The roles that may use a command.
fn roles(path: &str) -> &'static [Role] {
    use Role::{Auditor, Leader, Manager, Member, Reader};
    const EVERYBODY: &[Role] = &[Manager, Auditor, Leader, Member, Reader];
    const INSIDE: &[Role] = &[Manager, Auditor, Leader, Member];
    match path {
        "help" | "status" | "mine" | "action list" | "action show" | "kpi list" | "kpi show"
        | "kpi chart" | "digest preview" | "audit list" | "audit show" | "review list"
        | "review show" | "settings show" => EVERYBODY,
        "kpi new" | "kpi pause" | "kpi resume" | "digest now" | "audit plan" | "audit assign"
        | "review schedule" | "review assign" | "review start" | "settings set" => &[Manager],
        "audit start" | "audit finish" => &[Manager, Auditor],
        "review sign" => &[Leader],
        "action cancel" => &[Manager, Auditor, Leader],
        _ => INSIDE,
    }
}

/// Lets a person use the command of this path (`action new`), or says what is missing and who can help.
pub fn permit(person: &Person, path: &str) -> Result<(), UserError> {
    let roles = roles(path);
    if roles.contains(&person.role) {
        return Ok(());
    }
    let needed: Vec<_> = roles.iter().map(ToString::to_string).collect();
    Err(UserError::new(format!(
        "`{path}` is for {}; you are here as {}. Ask an ISMS manager to do it, or to change your role.",
        needed.join(", "),
        person.role,
    )))
}
