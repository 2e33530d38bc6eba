//! Load, decide, save and enqueue, in one transaction.

use serde_json::json;
use uuid::Uuid;

use super::card;
use super::command::{AmendFinding, FindingCommand};
use super::raise;
use super::rules::{self, Amended, Answer, Decision, Finding, State, answer_day};
use super::told::{self, asked};
use crate::action;
use crate::action::change::Change;
use crate::action::rules::Case;
use crate::app::{Ctx, Result, UserError};
use crate::audit;
use crate::audit::checklist::flow::may_audit;
use crate::audit::rules::State as AuditState;
use crate::chat::Reply;
use crate::command::value::{ActionName, FindingName, Prose};
use crate::people::Role;
use crate::presence::absence;
use crate::record;
use crate::sql;
use crate::store::{Conn, Tx};

/// Carries out what was said about findings.
pub async fn run(ctx: &Ctx, command: FindingCommand) -> Result<Reply> {
    match command {
        FindingCommand::Finding(said) => raise::raise(ctx, said).await,
        FindingCommand::FindingShow { finding } => show(ctx, finding).await,
        FindingCommand::Accept { finding } => answer(ctx, finding, None).await,
        FindingCommand::Dispute { finding, reason } => answer(ctx, finding, Some(reason)).await,
        FindingCommand::Uphold { finding, reason } => uphold(ctx, finding, reason.0).await,
        FindingCommand::Amend(said) => amend(ctx, said).await,
        FindingCommand::Withdraw { finding, reason } => withdraw(ctx, finding, reason.0).await,
    }
}

/// The finding, or an error that says how to find the right one.
pub async fn load(conn: &mut Conn, workspace: Uuid, name: FindingName) -> Result<Finding> {
    match sql!(conn, finding::find_finding(workspace, name.0))? {
        Some(finding) => Ok(finding),
        None => Err(
            UserError::at("finding", format!("There is no {name} here."))
                .button("List audits", "audit list")
                .into(),
        ),
    }
}

async fn show(ctx: &Ctx, name: FindingName) -> Result<Reply> {
    let mut conn = ctx.read().await?;
    let finding = load(&mut conn, ctx.workspace.id, name).await?;
    let about = told::about(&mut conn, &ctx.workspace, finding, ctx.today()).await?;
    let history = record::history(&mut conn, ctx.workspace.id, &name.to_string()).await?;
    let stands_in = finding_is_asked(&about) && stands_in(ctx, &mut conn, &about.asked).await?;
    let answers = stands_in || ctx.person.role == Role::Manager;
    let theirs = told::part_of(&about, ctx.person.id, answers);
    Ok(card::shown(&about, theirs, &history).into())
}

fn finding_is_asked(about: &told::About) -> bool {
    about.finding.state == State::Draft
}

/// Whether the speaker stands in for one of these, who is away.
async fn stands_in(ctx: &Ctx, conn: &mut Conn, asked: &[Uuid]) -> Result<bool> {
    for person in asked {
        if absence::stands_in(ctx, conn, *person).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Who is asked says whether it is so.
async fn answer(ctx: &Ctx, name: FindingName, reason: Option<Prose>) -> Result<Reply> {
    let mut tx = ctx.write().await?;
    let mut finding = load(&mut tx, ctx.workspace.id, name).await?;
    let reason = reason.map(|reason| reason.0);
    let given = Answer {
        by: ctx.person.id,
        at: ctx.now,
        reason: reason.clone(),
    };
    must_be_asked(ctx, &mut tx, &finding).await?;
    let kind = match reason {
        None => {
            finding.accept(&given)?;
            "finding-accepted"
        }
        Some(_) => {
            finding.dispute(given)?;
            "finding-disputed"
        }
    };
    keep(ctx, &mut tx, &finding, (kind, json!({ "reason": reason }))).await?;
    told::tell(ctx, &mut tx, &finding, &[finding.by]).await?;
    tx.commit().await?;
    Ok(card::answered(&finding).into())
}

async fn must_be_asked(ctx: &Ctx, tx: &mut Tx, finding: &Finding) -> Result<()> {
    let asked = asked(ctx, tx, finding).await?;
    let me = ctx.person.id;
    if asked.contains(&me) || ctx.person.role == Role::Manager || finding.by == me {
        return Ok(());
    }
    if stands_in(ctx, tx, &asked).await? {
        return Ok(());
    }
    let people = ctx.people(tx).await?;
    let who: Vec<&str> = asked.iter().map(|id| people.name(Some(*id))).collect();
    let name = finding.name();
    let text = format!(
        "{name} is about {}: {} or a manager says whether it is so.",
        finding.requirement,
        match who.is_empty() {
            true => "nobody answers for that yet;".to_owned(),
            false => who.join(" or "),
        }
    );
    Err(UserError::at("finding", text)
        .button(format!("Show {name}"), format!("audit finding-show {name}"))
        .into())
}

fn decision(ctx: &Ctx, reason: &str) -> Decision {
    Decision {
        by: ctx.person.id,
        at: ctx.now,
        reason: reason.to_owned(),
    }
}

/// The finding and whether its audit is under way, for who audits it.
async fn to_decide(ctx: &Ctx, tx: &mut Tx, name: FindingName) -> Result<(Finding, bool)> {
    let finding = load(tx, ctx.workspace.id, name).await?;
    let audit = audit::flow::load(tx, ctx.workspace.id, finding.audit).await?;
    if finding.by != ctx.person.id {
        may_audit(ctx, tx, &audit).await?;
    }
    Ok((finding, audit.state == AuditState::InProgress))
}

async fn uphold(ctx: &Ctx, name: FindingName, reason: String) -> Result<Reply> {
    let mut tx = ctx.write().await?;
    let (mut finding, _) = to_decide(ctx, &mut tx, name).await?;
    let to = asked(ctx, &mut tx, &finding).await?;
    finding.uphold(decision(ctx, &reason), (ctx.today(), !to.is_empty()))?;
    let what = ("finding-upheld", json!({ "reason": reason }));
    keep(ctx, &mut tx, &finding, what).await?;
    told::tell(ctx, &mut tx, &finding, &told::answerer(&finding, &to)).await?;
    tx.commit().await?;
    Ok(card::decided(&finding, None).into())
}

async fn withdraw(ctx: &Ctx, name: FindingName, reason: String) -> Result<Reply> {
    let mut tx = ctx.write().await?;
    let (mut finding, under_way) = to_decide(ctx, &mut tx, name).await?;
    let to = asked(ctx, &mut tx, &finding).await?;
    finding.withdraw(decision(ctx, &reason), under_way)?;
    let case = end_action(ctx, &mut tx, &finding, &reason).await?;
    let what = ("finding-withdrawn", json!({ "reason": reason }));
    keep(ctx, &mut tx, &finding, what).await?;
    told::tell(ctx, &mut tx, &finding, &told::answerer(&finding, &to)).await?;
    tx.commit().await?;
    Ok(card::decided(&finding, case.as_ref()).into())
}

/// Cancels the action that a finding raised, if that is still open; says how it is.
async fn end_action(
    ctx: &Ctx,
    tx: &mut Tx,
    finding: &Finding,
    reason: &str,
) -> Result<Option<Case>> {
    let Some(number) = finding.action else {
        return Ok(None);
    };
    let name = ActionName(number);
    let case = action::change::load_case(tx, ctx.workspace.id, name).await?;
    if !case.action.state.is_open() {
        return Ok(Some(case));
    }
    let reason = format!("{} is no nonconformity any more: {reason}", finding.name());
    let change = Change {
        kind: "action-cancelled",
        what: "cancelled",
        data: json!({ "reason": reason }),
    };
    let decide = |case: &mut Case, _| case.action.cancel();
    Ok(Some(change.make_within(ctx, tx, name, decide).await?))
}

async fn amend(ctx: &Ctx, said: AmendFinding) -> Result<Reply> {
    let mut tx = ctx.write().await?;
    let (mut finding, _) = to_decide(ctx, &mut tx, said.finding).await?;
    let before = finding.clone();
    let words = Amended {
        grade: said.grade,
        statement: said.statement.map(|words| words.0),
        evidence: said.evidence.map(|words| words.0),
        file: said.file,
    };
    if let Some(file) = &words.file {
        record::files::name_of(&mut tx, ctx.workspace.id, file).await?;
    }
    let by = answer_day(ctx.today(), ctx.workspace.working_days);
    finding.amend(words, decision(ctx, &said.reason.0), by)?;
    let case = follow(ctx, &mut tx, (&before, &mut finding), &said.reason.0).await?;
    let what = json!({
        "grade": finding.grade, "statement": finding.statement, "evidence": finding.evidence,
        "file": finding.evidence_file, "reason": said.reason, "was": before.grade,
    });
    keep(ctx, &mut tx, &finding, ("finding-amended", what)).await?;
    let to = asked(ctx, &mut tx, &finding).await?;
    told::tell(ctx, &mut tx, &finding, &to).await?;
    tx.commit().await?;
    Ok(card::decided(&finding, case.as_ref()).into())
}

/// The action follows the grade of its finding.
async fn follow(
    ctx: &Ctx,
    tx: &mut Tx,
    (before, after): (&Finding, &mut Finding),
    reason: &str,
) -> Result<Option<Case>> {
    let (was, is) = (
        before.grade.is_nonconformity(),
        after.grade.is_nonconformity(),
    );
    match (was, is, after.action) {
        (true, false, _) => end_action(ctx, tx, after, reason).await,
        (_, true, Some(number)) if before.grade != after.grade => {
            let name = ActionName(number);
            let case = action::change::load_case(tx, ctx.workspace.id, name).await?;
            if !case.action.state.is_open() {
                return Ok(Some(case));
            }
            let severity = raise::severity(after.grade);
            let change = Change {
                kind: "action-updated",
                what: "updated",
                data: json!({ "severity": severity, "note": reason }),
            };
            let decide = |case: &mut Case, _| {
                case.action.severity = severity;
                Ok(())
            };
            Ok(Some(change.make_within(ctx, tx, name, decide).await?))
        }
        (_, true, None) => {
            let case = raise::action_of(ctx, tx, after, (None, None)).await?;
            after.action = Some(case.action.number);
            Ok(Some(case))
        }
        _ => Ok(None),
    }
}

/// Saves what became of a finding, with its event; the message of its audit follows.
pub async fn keep(
    ctx: &Ctx,
    tx: &mut Tx,
    finding: &Finding,
    (kind, data): (&'static str, serde_json::Value),
) -> Result<()> {
    sql!(tx, finding::save_finding(ctx.workspace.id, finding))?;
    ctx.log(tx, kind, finding.name(), data).await?;
    let audit = finding.audit.to_string();
    crate::outbox::reword::about(tx, ctx.workspace.id, &audit).await
}

/// What stands in the form of an amendment before anybody fills it in.
pub async fn prefilled(ctx: &Ctx, name: FindingName) -> Result<Vec<(String, String)>> {
    let mut conn = ctx.read().await?;
    let finding = load(&mut conn, ctx.workspace.id, name).await?;
    let given = [
        ("statement", Some(finding.statement)),
        ("grade", Some(finding.grade.to_string())),
        ("evidence", finding.evidence),
        ("file", finding.evidence_file.map(String::from)),
    ];
    let given = given.into_iter();
    Ok(given
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect())
}

/// The findings that are not final yet: an audit is not finished before.
pub async fn undecided(
    conn: &mut Conn,
    workspace: Uuid,
    audit: crate::command::value::AuditName,
) -> Result<Vec<Finding>> {
    let all = sql!(conn, finding::list_of_audit(workspace, audit))?;
    Ok(rules::undecided(&all).into_iter().cloned().collect())
}
