//! What others hear of a finding, worded as things stand when it is sent; and what they owe to it.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::card;
use super::rules::{self, Finding, State};
use crate::action::rules::State as ActionState;
use crate::app::{Ctx, Result};
use crate::audit::auditor::flow::team;
use crate::chat::{Button, Card};
use crate::command::value::RecordName;
use crate::outbox::{self, Job, Subject, To};
use crate::people::rules::today;
use crate::people::{People, Person, Role, Workspace};
use crate::schedule::ladder::{FINDING, Obligation};
use crate::sql;
use crate::store::{Conn, Tx};

/// A finding with all that is told of it.
pub struct About {
    pub finding: Finding,
    pub people: People,
    /// Who is asked whether it is so.
    pub asked: Vec<Uuid>,
    /// Who audits it.
    pub auditors: Vec<Uuid>,
    /// How its action is.
    pub action: Option<ActionState>,
    /// What its file is called.
    pub file: Option<String>,
    pub today: NaiveDate,
}

/// What somebody has to do with a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Says whether it is so.
    Answers,
    /// Decides about it.
    Audits,
    Reads,
}

/// What somebody has to do with it; a manager stands in for both, but not for themselves.
pub fn part_of(about: &About, person: Uuid, manager: bool) -> Part {
    let finding = &about.finding;
    let audits = finding.by == person || about.auditors.contains(&person);
    match finding.state {
        _ if audits => Part::Audits,
        State::Draft if manager || about.asked.contains(&person) => Part::Answers,
        State::Disputed if about.asked.contains(&person) => Part::Answers,
        _ if manager => Part::Audits,
        _ => Part::Reads,
    }
}

pub async fn about(
    conn: &mut Conn,
    workspace: &Workspace,
    finding: Finding,
    today: NaiveDate,
) -> Result<About> {
    let people = People(sql!(conn, people::list_people(workspace.id))?);
    let areas = sql!(conn, area::list_areas(workspace.id))?;
    let auditors = match sql!(conn, audit::find_audit(workspace.id, finding.audit))? {
        Some(audit) => team(conn, workspace.id, &audit).await?.persons,
        None => Vec::new(),
    };
    let action = match finding.action {
        Some(number) => sql!(conn, action::find_action(workspace.id, number))?,
        None => None,
    };
    let file = finding.evidence_file.as_ref();
    Ok(About {
        asked: rules::asked(&finding, &areas, &people),
        auditors,
        action: action.map(|action| action.state),
        file: crate::action::told::file_name(conn, workspace.id, file).await?,
        finding,
        people,
        today,
    })
}

/// Who is asked whether a finding is so.
pub async fn asked(ctx: &Ctx, conn: &mut Conn, finding: &Finding) -> Result<Vec<Uuid>> {
    let people = ctx.people(conn).await?;
    let areas = sql!(conn, area::list_areas(ctx.workspace.id))?;
    Ok(rules::asked(finding, &areas, &people))
}

/// Who hears what was decided: who answered it, or those who were asked.
pub fn answerer(finding: &Finding, asked: &[Uuid]) -> Vec<Uuid> {
    match &finding.answer {
        Some(answer) => vec![answer.by],
        None => asked.to_vec(),
    }
}

/// Tells these, but nobody of their own act.
pub async fn tell(ctx: &Ctx, tx: &mut Tx, finding: &Finding, to: &[Uuid]) -> Result<()> {
    for to in to.iter().filter(|to| **to != ctx.person.id) {
        let subject = Subject::Finding {
            number: finding.number,
            to: *to,
        };
        let key = format!("{} told {}", finding.name(), Uuid::now_v7());
        let job = Job::new(ctx.workspace.id, subject, key, To::Person(*to));
        outbox::enqueue(tx, job).await?;
    }
    Ok(())
}

/// To somebody who is asked, or who is to decide: a finding as it stands.
pub async fn word(
    conn: &mut Conn,
    workspace: &Workspace,
    (number, to): (i64, Uuid),
    now: DateTime<Utc>,
) -> Result<Option<Card>> {
    let Some(finding) = sql!(conn, finding::find_finding(workspace.id, number))? else {
        return Ok(None);
    };
    let today = today(now, workspace.zone);
    let about = about(conn, workspace, finding, today).await?;
    let part = part_of(&about, to, about.asked.contains(&to));
    Ok(Some(card::told(&about, part)))
}

/// The findings that a person is to answer, and those to decide about.
pub async fn obligations(
    conn: &mut Conn,
    workspace: &Workspace,
    person: &Person,
    today: NaiveDate,
) -> Result<Vec<Obligation>> {
    let mut open = sql!(conn, finding::list_findings(workspace.id))?;
    open.retain(|finding| finding.state.is_draft());
    if open.is_empty() {
        return Ok(Vec::new());
    }
    let people = People(sql!(conn, people::list_people(workspace.id))?);
    let areas = sql!(conn, area::list_areas(workspace.id))?;
    let is_there = |id: Uuid| people.find(id).is_some_and(|person| person.present);
    let owed = |finding: &Finding| {
        let name = finding.name();
        let asked = rules::asked(finding, &areas, &people);
        let answers = finding.state == State::Draft && asked.contains(&person.id);
        let by = finding.answer_by.filter(|_| answers);
        let decide = finding.decide_by(today, workspace.working_days);
        let decides = match is_there(finding.by) {
            true => finding.by == person.id,
            false => person.role == Role::Manager,
        };
        let decide = decide.filter(|_| decides);
        let (due, label) = match (by, decide) {
            (Some(by), _) => (by, "Answer"),
            (None, Some(by)) => (by, "Decide"),
            (None, None) => return None,
        };
        Some(Obligation {
            record: RecordName::Finding(name),
            title: finding.title().to_owned(),
            due,
            ladder: FINDING,
            button: Button::new(label, format!("audit finding-show {name}")).primary(),
            snoozed_until: None,
        })
    };
    Ok(open.iter().filter_map(owed).collect())
}
