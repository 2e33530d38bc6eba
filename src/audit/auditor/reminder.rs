//! Competence that runs out before an audit: who audits and who can record it are told in time.

use chrono::{Days, NaiveDate};
use uuid::Uuid;

use super::card::{runs_out, runs_out_button};
use super::flow::persons;
use crate::app::Result;
use crate::audit::rules::Audit;
use crate::command::value::RecordName;
use crate::people::roles::rules::Competence;
use crate::people::{People, Person, Role, Workspace};
use crate::schedule::ladder::{COMPETENCE, Obligation};
use crate::sql;
use crate::store::Conn;

/// So many days before it runs out it is said.
const AHEAD: Days = Days::new(60);

/// The last day of what a person has shown, if it comes soon or is over.
fn ends(records: &[Competence], person: Uuid, today: NaiveDate) -> Option<NaiveDate> {
    let own = records.iter().filter(|record| record.person == person);
    let mut last = None;
    for record in own {
        // What does not run out counts for ever.
        last = last.max(Some(record.training.until?));
    }
    last.filter(|until| *until <= today + AHEAD)
}

/// What a person is told of: their own competence, and a manager that of all who have an audit coming.
pub async fn obligations(
    conn: &mut Conn,
    workspace: &Workspace,
    asked: &Person,
    today: NaiveDate,
) -> Result<Vec<Obligation>> {
    let records = sql!(conn, roles::list_competence(workspace.id))?;
    let soon = |record: &Competence| {
        record
            .training
            .until
            .is_some_and(|day| day <= today + AHEAD)
    };
    if !records.iter().any(soon) {
        return Ok(Vec::new());
    }
    let audits = sql!(conn, audit::list_unfinished(workspace.id))?;
    let members = sql!(conn, auditor::list_members(workspace.id))?;
    let people = People(sql!(conn, people::list_people(workspace.id))?);
    let first_of = |person: Uuid| {
        let mut own = audits.iter();
        own.find(|audit| persons(audit, &members).contains(&person))
            .map(Audit::name)
    };
    let about = people
        .0
        .iter()
        .filter(|person| person.present && (person.id == asked.id || asked.role == Role::Manager));
    let obligation = |auditor: &Person| {
        let due = ends(&records, auditor.id, today)?;
        Some(Obligation {
            record: RecordName::Audit(first_of(auditor.id)?),
            title: runs_out(asked, auditor, due),
            due,
            ladder: COMPETENCE,
            button: runs_out_button(asked, auditor),
            snoozed_until: None,
        })
    };
    Ok(about.filter_map(obligation).collect())
}
