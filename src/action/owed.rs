//! What a person owes to corrective actions.

use super::rules::{Action, State};
use crate::app::Result;
use crate::chat::Button;
use crate::command::value::RecordName;
use crate::people::{Person, Role, Workspace};
use crate::schedule::ladder::{ACTION, Obligation};
use crate::sql;
use crate::store::Conn;

/// The open actions of an owner; and for managers, who see to it, the ones without an owner and the
/// done ones that somebody other than the owner has to check.
pub async fn obligations(
    conn: &mut Conn,
    workspace: &Workspace,
    person: &Person,
) -> Result<Vec<Obligation>> {
    let actions = sql!(conn, action::list_owed(workspace.id))?;
    Ok(actions
        .iter()
        .filter_map(|action| action.obligation(person))
        .collect())
}

impl Action {
    /// What this person owes to it, with the one right next step.
    fn obligation(&self, person: &Person) -> Option<Obligation> {
        let name = self.name();
        let owed = |due, button| Obligation {
            record: RecordName::Action(name),
            title: self.title.clone(),
            due,
            ladder: ACTION,
            button,
            snoozed_until: None,
        };
        let own = self.owner == Some(person.id);
        let manages = person.role == Role::Manager;
        match self.state {
            State::Raised if own && self.severity.is_nonconformity() => Some(owed(
                self.due,
                Button::new("Plan", format!("action update {name}")).primary(),
            )),
            state if state.is_open() && own => Some(owed(
                self.due,
                Button::new("Done", format!("action done {name}")).primary(),
            )),
            state if state.is_open() && self.owner.is_none() && manages => Some(owed(
                self.due,
                Button::new("Assign", format!("action assign {name}")).primary(),
            )),
            State::Done if manages && !own && self.done_by != Some(person.id) => {
                let verify = Button::new("Verify", format!("action verify {name}")).primary();
                Some(owed(self.check_on?, verify))
            }
            _ => None,
        }
    }
}
