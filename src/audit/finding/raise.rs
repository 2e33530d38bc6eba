//! A finding is put down: those that are open on the same requirement are pointed out, a nonconformity
//! raises its action in the same transaction, and whoever answers for the area is asked.

use serde_json::json;

use super::card;
use super::command::NewFinding;
use super::flow::{keep, load};
use super::rules::{Finding, Grade, State, answer_day};
use super::told;
use crate::action;
use crate::action::choice::{Severity, Source};
use crate::action::command::NewAction;
use crate::action::rules::{Case, State as ActionState};
use crate::app::{Ctx, Result, UserError};
use crate::audit::checklist::flow::may_audit;
use crate::audit::checklist::form::{item_of, must_be_in_scope};
use crate::audit::checklist::rules::ItemResult;
use crate::audit::flow::load as load_audit;
use crate::chat::{Choice, Field, FieldKind, Form, Reply, cut};
use crate::command::value::{AuditName, DueDate, FindingName, ItemName, SameAs, Who};
use crate::command::{self, Known};
use crate::people::area::rules::owner_of;
use crate::people::roles::flow::able;
use crate::record::files;
use crate::sql;
use crate::store::{Conn, Tx};

/// What the title of an action takes.
const TITLE: usize = 120;
/// What a choice shows (Slack's limit).
const LABEL: usize = 75;

/// How serious the action of a finding is.
pub fn severity(grade: Grade) -> Severity {
    match grade {
        Grade::Major => Severity::Major,
        Grade::Minor => Severity::Minor,
        Grade::Opportunity | Grade::Conforming => Severity::Opportunity,
    }
}

/// Puts a finding down.
pub async fn raise(ctx: &Ctx, said: NewFinding) -> Result<Reply> {
    let workspace = ctx.workspace.id;
    let mut tx = ctx.write().await?;
    let audit = load_audit(&mut tx, workspace, said.audit).await?;
    may_audit(ctx, &mut tx, &audit).await?;
    audit.must_be_under_way()?;
    must_be_in_scope(&audit, said.requirement.0.as_str())?;
    if let Some(file) = &said.file {
        files::name_of(&mut tx, workspace, file).await?;
    }
    let mut finding = Finding {
        number: sql!(tx, finding::next_number(workspace))?,
        audit: said.audit,
        requirement: said.requirement.0,
        grade: said.grade,
        statement: said.statement.0,
        evidence: said.evidence.map(|words| words.0),
        evidence_file: said.file,
        state: State::Draft,
        action: None,
        by: ctx.person.id,
        at: ctx.now,
        answer_by: None,
        answer: None,
        decision: None,
    };
    finding.must_be_shown()?;
    let open = open_on(&mut tx, ctx, &finding.requirement.to_string()).await?;
    match said.same {
        None if !open.is_empty() => {
            let text = card::is_it_the_same(&open);
            return Err(UserError::at("same", text).into());
        }
        Some(SameAs::Finding(name)) => {
            if !open.iter().any(|other| other.name() == name) {
                let text = format!(
                    "{name} is not open on {}. Name one that is, or: another.",
                    finding.requirement
                );
                return Err(UserError::at("same", text).into());
            }
            return seen_again(ctx, tx, name, finding).await;
        }
        _ => {}
    }
    finding.show(answer_day(ctx.today(), ctx.workspace.working_days));
    let case = match finding.grade.is_nonconformity() {
        true => Some(action_of(ctx, &mut tx, &finding, (said.owner, said.due)).await?),
        false => None,
    };
    finding.action = case.as_ref().map(|case| case.action.number);
    let data = json!({
        "audit": finding.audit, "requirement": finding.requirement, "grade": finding.grade,
        "statement": finding.statement, "evidence": finding.evidence,
        "file": finding.evidence_file,
        "action": case.as_ref().map(|case| case.action.name().to_string()),
        "answer_by": finding.answer_by,
    });
    keep(ctx, &mut tx, &finding, ("finding-raised", data)).await?;
    let to = told::asked(ctx, &mut tx, &finding).await?;
    if finding.state == State::Draft {
        told::tell(ctx, &mut tx, &finding, &to).await?;
    }
    let people = ctx.people(&mut tx).await?;
    tx.commit().await?;
    Ok(card::raised(&finding, case.as_ref(), (&to, &people)).into())
}

/// The corrective action of a nonconformity.
pub async fn action_of(
    ctx: &Ctx,
    tx: &mut Tx,
    finding: &Finding,
    (owner, due): (Option<Who>, Option<DueDate>),
) -> Result<Case> {
    let people = ctx.people(tx).await?;
    let areas = sql!(tx, area::list_areas(ctx.workspace.id))?;
    let of_area = owner_of(&areas, finding.requirement.as_str());
    let of_area = of_area.filter(|owner| able(&people, *owner).is_ok());
    let statement = finding.statement.split_whitespace().collect::<Vec<_>>();
    let new = NewAction {
        title: cut(&statement.join(" "), TITLE),
        owner: owner.or(of_area.map(Who)),
        due,
        source: Source::Finding,
        severity: severity(finding.grade),
        cause: None,
        plan: None,
        criterion: None,
        control: Some(finding.requirement.clone()),
        link: None,
        origin: None,
        kpi: None,
    };
    action::flow::raise_within(ctx, tx, new).await
}

/// It is one that is open already: that one says that it was seen again.
async fn seen_again(ctx: &Ctx, mut tx: Tx, name: FindingName, again: Finding) -> Result<Reply> {
    let mut finding = load(&mut tx, ctx.workspace.id, name).await?;
    let words = card::seen_again_words(&again);
    finding.evidence = Some(match finding.evidence.take() {
        Some(before) => format!("{before}\n{words}"),
        None => words,
    });
    finding.evidence_file = finding.evidence_file.or(again.evidence_file.clone());
    let data = json!({
        "audit": again.audit, "note": again.statement, "evidence": again.evidence,
        "file": again.evidence_file,
    });
    keep(ctx, &mut tx, &finding, ("finding-seen-again", data)).await?;
    tx.commit().await?;
    Ok(card::seen_again(&finding, again.audit).into())
}

/// The findings on a requirement that are not settled: not final yet, or with an action that is not
/// found effective.
async fn open_on(conn: &mut Conn, ctx: &Ctx, reference: &str) -> Result<Vec<Finding>> {
    let workspace = ctx.workspace.id;
    let mut open = Vec::new();
    for finding in sql!(conn, finding::list_findings(workspace))? {
        if finding.requirement.as_str() != reference {
            continue;
        }
        let is_open = match (finding.state, finding.action) {
            (State::Draft | State::Disputed, _) => true,
            (State::Final, Some(number)) => {
                let action = sql!(conn, action::find_action(workspace, number))?;
                let settled =
                    |state| matches!(state, ActionState::Effective | ActionState::Cancelled);
                action.is_some_and(|action| !settled(action.state))
            }
            _ => false,
        };
        if is_open {
            open.push(finding);
        }
    }
    Ok(open)
}

/// Whether words lead to the form of a new finding.
pub fn is_new(words: &str) -> bool {
    command::leads_to(words, &Known::default()).as_deref() == Some("audit finding")
}

/// What words say of the requirement.
fn requirement_of(words: &str) -> Option<String> {
    let values = command::spread(words)?.values;
    let (_, value) = values.into_iter().find(|(name, _)| name == "requirement")?;
    let name: ItemName = value.parse().ok()?;
    Some(name.to_string())
}

/// Says in the form of a finding which open ones there are, and asks whether it is one of them.
pub async fn dress(ctx: &Ctx, conn: &mut Conn, form: &mut Form) -> Result<()> {
    let Some(reference) = requirement_of(&form.command) else {
        return Ok(());
    };
    form.say(card::about(&reference));
    let open = open_on(conn, ctx, &reference).await?;
    let typed = form.field("same").cloned();
    form.fields.retain(|field| field.name != "same");
    if open.is_empty() {
        return Ok(());
    }
    let of = |finding: &Finding| Choice {
        value: finding.name().to_string(),
        label: cut(&format!("{}: {}", finding.name(), finding.title()), LABEL),
    };
    let another = Choice {
        value: SameAs::Another.to_string(),
        label: "Another one".to_owned(),
    };
    form.fields.push(Field {
        name: "same".to_owned(),
        label: "Is it one that is open already?".to_owned(),
        hint: None,
        kind: FieldKind::Choice(open.iter().take(20).map(of).chain([another]).collect()),
        required: true,
        value: typed.as_ref().and_then(|field| field.value.clone()),
        error: typed.and_then(|field| field.error),
    });
    Ok(())
}

/// What stands in the form of a finding before anybody fills it in: what its item says.
pub async fn prefilled(ctx: &Ctx, words: &str) -> Result<Vec<(String, String)>> {
    let mut conn = ctx.read().await?;
    let Some(item) = item_of(ctx, &mut conn, words).await? else {
        return Ok(Vec::new());
    };
    let fails = item.result == ItemResult::DoesNotConform;
    let given = [
        ("statement", item.note.filter(|_| fails)),
        ("evidence", item.evidence),
        ("file", item.evidence_file.map(String::from)),
    ];
    let given = given.into_iter();
    Ok(given
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect())
}

/// The words that open the form of a finding.
pub fn command_of(audit: AuditName, reference: &str) -> String {
    format!("audit finding {audit} {reference}")
}
