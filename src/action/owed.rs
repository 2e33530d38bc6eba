//! What a person owes to corrective actions.

use super::rules::{Action, Next};
use super::steps::Owed;
use crate::app::Result;
use crate::chat::Button;
use crate::command::value::{ActionName, RecordName};
use crate::people::{Person, Role, Workspace};
use crate::schedule::ladder::{ACTION, Obligation};
use crate::sql;
use crate::store::Conn;

/// The open actions of an owner, the steps a person has to do, the done actions they were named to
/// check; and for managers, who see to it, the actions without an owner, and the done ones that
/// nobody was named to check.
pub async fn obligations(
    conn: &mut Conn,
    workspace: &Workspace,
    person: &Person,
) -> Result<Vec<Obligation>> {
    let (id, me) = (workspace.id, person.id);
    let steps = sql!(conn, actions::list_steps_of(id, Some(me)))?;
    let mut actions = sql!(conn, actions::list_open_of(id, me))?;
    // Whose next step is a step of the plan that is theirs is asked for that one.
    actions.retain(|action| !steps.iter().any(|owed| owed.action == action.number));
    actions.extend(sql!(conn, actions::list_to_check(id, me))?);
    if person.role == Role::Manager {
        actions.extend(sql!(conn, actions::list_ownerless(id))?);
        let mut unchecked = sql!(conn, actions::list_unchecked(id))?;
        unchecked.retain(|action| action.owner != Some(me) && action.done_by != Some(me));
        actions.extend(unchecked);
    }
    let of_steps = steps.iter().map(Owed::obligation);
    let of_actions = actions.iter().filter_map(Action::obligation);
    Ok(of_steps.chain(of_actions).collect())
}

impl Action {
    /// What is owed to it, with the one right next step. Of an action that waits for steps of others
    /// it is known that it is not done.
    fn obligation(&self) -> Option<Obligation> {
        let next = self.next(None);
        let (title, due) = match next {
            Next::Verify => (format!("whether it worked: {}", self.title), self.check_on?),
            _ => (self.title.clone(), self.due),
        };
        Some(Obligation {
            record: RecordName::Action(self.name()),
            title,
            due,
            ladder: ACTION,
            button: next.button(self)?,
            snoozed_until: None,
        })
    }
}

impl Owed {
    fn obligation(&self) -> Obligation {
        let (name, step) = (ActionName(self.action), &self.step);
        let done = format!("action step-done {name} {}", step.number);
        Obligation {
            record: RecordName::Action(name),
            title: format!("step {}: {} ({})", step.number, step.what, self.title),
            due: step.due,
            ladder: ACTION,
            button: Button::new("Step done", done).primary(),
            snoozed_until: None,
        }
    }
}
