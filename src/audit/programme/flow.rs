//! Load, decide, save and enqueue, in one transaction.

use chrono::{Datelike, NaiveDate};
use serde_json::json;
use uuid::Uuid;

use super::card::{self, View};
use super::choice::{Cycle, choose};
use super::command::{ApproveProgramme, PlanYear, ProgrammeCommand};
use super::ground::gather;
use super::rules::{self, Aims, Approval, Plan, Programme, Standing, approvers, may_approve};
use crate::app::{Ctx, Result, UserError};
use crate::audit::rules::Audit;
use crate::audit::{change, coverage, scope};
use crate::chat::{Button, Card, Reply, Text};
use crate::command::value::{ProgrammeName, Prose, RecordName};
use crate::outbox::{self, Job, Subject, To};
use crate::people::{People, Person, Role, Workspace};
use crate::presence::absence;
use crate::schedule::ladder::{APPROVAL, Obligation};
use crate::sql;
use crate::store::{Conn, Tx};

/// Carries out what was said about programmes.
pub async fn run(ctx: &Ctx, command: ProgrammeCommand) -> Result<Reply> {
    match command {
        ProgrammeCommand::Approve(said) => approve(ctx, said).await,
        ProgrammeCommand::Change(said) => change::flow::change(ctx, said).await,
        ProgrammeCommand::Coverage { year } => {
            coverage::flow::show(ctx, year.map(|year| year.0)).await
        }
        ProgrammeCommand::Scope => scope::flow::show(ctx).await,
        ProgrammeCommand::ScopeSet(said) => scope::flow::set(ctx, said).await,
    }
}

/// The programme of a year with its audits; none where nothing is planned.
pub async fn find(conn: &mut Conn, workspace: Uuid, year: i32) -> Result<Option<Plan>> {
    let audits = sql!(conn, audit::list_audits(workspace, year))?;
    if audits.is_empty() {
        return Ok(None);
    }
    let programme = sql!(conn, programme::find_programme(workspace, year))?;
    // Follow-ups of the year before may be there before the year is planned.
    if programme.is_none() && audits.iter().all(|audit| audit.nth > 1) {
        return Ok(None);
    }
    let programme = programme.unwrap_or_else(|| {
        let new_year = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
        Programme::of_before(year, new_year)
    });
    let approvals = sql!(conn, programme::list_approvals(workspace, year))?;
    Ok(Some(Plan {
        programme,
        audits,
        approvals,
    }))
}

/// What a card has to know of who reads it.
pub async fn view<'a>(ctx: &Ctx, conn: &mut Conn, people: &'a People) -> Result<View<'a>> {
    let absences = absence::from_day(conn, ctx.workspace.id, ctx.today()).await?;
    Ok(View {
        people,
        today: ctx.today(),
        approves: may_approve(&ctx.person, people, (&absences, ctx.today())).is_ok(),
    })
}

/// Plans a year, or gives one that is planned other words.
pub async fn plan(ctx: &Ctx, said: PlanYear) -> Result<Reply> {
    let (year, this_year) = (said.year, ctx.today().year());
    if year < this_year {
        let text = format!("{year} is over. Plan {this_year} or a later year.");
        return Err(UserError::at("year", text).into());
    }
    let workspace = ctx.workspace.id;
    let mut tx = ctx.write().await?;
    // Follow-ups may be there before the year is planned.
    let follow_ups = match find(&mut tx, workspace, year).await? {
        Some(plan) if plan.audits.iter().any(|audit| audit.nth == 1) => {
            return amend(ctx, tx, plan, said).await;
        }
        Some(plan) => plan.audits,
        None => Vec::new(),
    };
    let changed = said.changed.map(|changed| changed.0).unwrap_or_default();
    for area in &changed {
        area.exists()
            .map_err(|wrong| wrong.beside(Some("changed")))?;
    }
    let ground = gather(&mut tx, workspace, (year, ctx.today()), &changed).await?;
    let cycle = cycle(&mut tx, workspace, year, said.cycle).await?;
    let words = |said: Option<Prose>, usual: String| said.map_or(usual, |said| said.0);
    let usual = Aims::default();
    let choices = choose(year, cycle, &ground);
    let mut audits = rules::cut(year, &choices);
    audits.extend(follow_ups);
    audits.sort_by_key(Audit::name);
    let plan = Plan {
        programme: Programme {
            year,
            aims: Aims {
                objectives: words(said.objectives, usual.objectives),
                criteria: words(said.criteria, usual.criteria),
                method: words(said.method, usual.method),
            },
            cycle,
            choices,
            planned_by: Some(ctx.person.id),
            planned_on: ctx.today(),
            asked_on: ctx.today(),
            reason: None,
        },
        audits,
        approvals: Vec::new(),
    };
    for audit in &plan.audits {
        sql!(tx, audit::save_audit(workspace, audit))?;
    }
    sql!(tx, programme::save_programme(workspace, &plan.programme))?;
    let data = json!({ "plan": plan.content(), "why": plan.programme.choices });
    ctx.log(
        &mut tx,
        "audit-programme-planned",
        plan.programme.name(),
        data,
    )
    .await?;
    ask(ctx, &mut tx, &plan).await?;
    let people = ctx.people(&mut tx).await?;
    let view = view(ctx, &mut tx, &people).await?;
    tx.commit().await?;
    Ok(card::planned(&plan, &view).into())
}

/// The cycle that a year belongs to: as declared, or as the last one was.
async fn cycle(conn: &mut Conn, workspace: Uuid, year: i32, said: Option<i32>) -> Result<Cycle> {
    let programmes = sql!(conn, programme::list_programmes(workspace))?;
    let last = programmes.iter().rev().find(|other| other.year < year);
    let last = last.map(|programme| programme.cycle);
    let years = said.or(last.map(|cycle| cycle.years)).unwrap_or(1);
    let own = Cycle { from: year, years };
    // One that has run out is followed by one that begins where it ended.
    Ok(last.map_or(own, |last| last.at(year, years)))
}

/// Gives a planned year other words.
async fn amend(ctx: &Ctx, mut tx: Tx, mut plan: Plan, said: PlanYear) -> Result<Reply> {
    let year = plan.programme.year;
    let refuse = |field, text: String| Err(UserError::at(field, text));
    if said.is_plain() {
        let text = format!(
            "{year} has its audit programme already. Name auditors with `audit assign`, or plan \
             another year."
        );
        refuse("year", text).map_err(|error| {
            let show = (format!("Show {year}"), format!("audit list {year}"));
            let next = (
                format!("Plan {}", year + 1),
                format!("audit plan {}", year + 1),
            );
            error.button(show.0, show.1).button(next.0, next.1)
        })?;
    }
    if said
        .cycle
        .is_some_and(|years| years != plan.programme.cycle.years)
    {
        let text = format!(
            "The cycle of {year} was declared when it was planned. Another one begins with the next year that is planned."
        );
        refuse("cycle", text)?;
    }
    if said.changed.is_some() {
        let text = format!(
            "{year} is planned already. Put what changed into one of its audits, with add: in `audit change`."
        );
        refuse("changed", text)?;
    }
    if said.reason.is_none() && !plan.approvals.is_empty() {
        let text = "The programme was approved. Say why it is changed: it is to be approved anew.";
        refuse("reason", text.to_owned())?;
    }
    let before = plan.programme.aims.clone();
    let aims = &mut plan.programme.aims;
    for (said, place) in [
        (said.objectives, &mut aims.objectives),
        (said.criteria, &mut aims.criteria),
        (said.method, &mut aims.method),
    ] {
        if let Some(said) = said {
            *place = said.0;
        }
    }
    let workspace = ctx.workspace.id;
    sql!(tx, programme::save_programme(workspace, &plan.programme))?;
    let reason = said.reason.map(|reason| reason.0);
    let data = json!({
        "objectives": plan.programme.aims.objectives, "criteria": plan.programme.aims.criteria,
        "method": plan.programme.aims.method, "reason": reason,
        "was": { "objectives": before.objectives, "criteria": before.criteria, "method": before.method },
    });
    ctx.log(
        &mut tx,
        "audit-programme-worded",
        plan.programme.name(),
        data,
    )
    .await?;
    changed(ctx, &mut tx, year, reason.as_deref().unwrap_or_default()).await?;
    answer(ctx, tx, year).await
}

/// Commits, and shows the programme as it is then.
pub async fn answer(ctx: &Ctx, mut tx: Tx, year: i32) -> Result<Reply> {
    let plan = load(&mut tx, ctx.workspace.id, year).await?;
    let people = ctx.people(&mut tx).await?;
    let view = view(ctx, &mut tx, &people).await?;
    tx.commit().await?;
    Ok(card::planned(&plan, &view).into())
}

/// The programme of a year, or an error that says how to get one.
pub async fn load(conn: &mut Conn, workspace: Uuid, year: i32) -> Result<Plan> {
    find(conn, workspace, year).await?.ok_or_else(|| {
        UserError::at("year", format!("There is no audit programme for {year}."))
            .button(format!("Plan {year}"), format!("audit plan {year}"))
            .into()
    })
}

async fn approve(ctx: &Ctx, said: ApproveProgramme) -> Result<Reply> {
    let year = said.year.0;
    let workspace = ctx.workspace.id;
    let mut tx = ctx.write().await?;
    let mut plan = load(&mut tx, workspace, year).await?;
    let people = ctx.people(&mut tx).await?;
    let show = format!("audit list {year}");
    if let Standing::Approved(last) = plan.standing() {
        let by = people.name(Some(last.by));
        let text = format!("The audit programme {year} is approved already, by {by}.");
        return Err(UserError::new(text)
            .button(format!("Show {year}"), show)
            .into());
    }
    let absences = absence::from_day(&mut tx, workspace, ctx.today()).await?;
    may_approve(&ctx.person, &people, (&absences, ctx.today()))?;
    let fingerprint = plan.fingerprint();
    if said
        .plan
        .is_some_and(|shown| !fingerprint.starts_with(shown.as_str()))
    {
        let text = "The programme has changed since it was shown to you. Look at it once more.";
        return Err(UserError::new(text)
            .button(format!("Show {year}"), show)
            .into());
    }
    let approval = Approval {
        nth: plan.approvals.len() as i64 + 1,
        by: ctx.person.id,
        at: ctx.now,
        fingerprint,
    };
    plan.programme.reason = None;
    sql!(tx, programme::save_programme(workspace, &plan.programme))?;
    sql!(tx, programme::insert_approval(workspace, year, &approval))?;
    let data = json!({
        "nth": approval.nth, "fingerprint": approval.fingerprint, "plan": plan.content(),
        "role": ctx.person.role,
    });
    ctx.log(
        &mut tx,
        "audit-programme-approved",
        plan.programme.name(),
        data,
    )
    .await?;
    plan.approvals.push(approval);
    tell(ctx, &mut tx, &plan, &people).await?;
    let view = view(ctx, &mut tx, &people).await?;
    tx.commit().await?;
    Ok(card::approved(&plan, &view).into())
}

/// Asks whoever is to approve, but not for what they planned themselves.
async fn ask(ctx: &Ctx, tx: &mut Tx, plan: &Plan) -> Result<()> {
    let people = ctx.people(tx).await?;
    let programme = plan.programme.name();
    let round = plan.approvals.len() + 1;
    for person in approvers(&people) {
        if person.id == ctx.person.id {
            continue;
        }
        let subject = Subject::ProgrammeToApprove {
            programme,
            person: person.id,
        };
        let key = format!("{programme} to approve {round} {}", person.id);
        let job = Job::new(ctx.workspace.id, subject, key, To::Person(person.id));
        outbox::enqueue(tx, job).await?;
    }
    Ok(())
}

/// Tells everybody whom the approved programme may concern; what of it does, is said when it is sent.
async fn tell(ctx: &Ctx, tx: &mut Tx, plan: &Plan, people: &People) -> Result<()> {
    let programme = plan.programme.name();
    let nth = plan.approvals.len();
    for person in people.0.iter().filter(|person| person.present) {
        if person.id == ctx.person.id {
            continue;
        }
        if super::told::part(tx, ctx.workspace.id, plan, person)
            .await?
            .is_none()
        {
            continue;
        }
        let subject = Subject::ProgrammeApproved {
            programme,
            person: person.id,
        };
        let key = format!("{programme} approved {nth} {}", person.id);
        let job = Job::new(ctx.workspace.id, subject, key, To::Person(person.id));
        outbox::enqueue(tx, job).await?;
    }
    Ok(())
}

/// An audit was put into the year's programme or changed in it, for a reason: an approved programme is
/// to be approved anew.
pub async fn changed(ctx: &Ctx, tx: &mut Tx, year: i32, reason: &str) -> Result<()> {
    let Some(mut plan) = find(tx, ctx.workspace.id, year).await? else {
        return Ok(());
    };
    let was_asked = plan.programme.reason.is_some();
    let Standing::Changed(_) = plan.standing() else {
        return Ok(());
    };
    let reason = match reason {
        "" => "Changed",
        reason => reason,
    };
    plan.programme.reason = Some(reason.to_owned());
    if !was_asked {
        plan.programme.asked_on = ctx.today();
    }
    sql!(
        tx,
        programme::save_programme(ctx.workspace.id, &plan.programme)
    )?;
    let data = json!({ "reason": reason, "fingerprint": plan.fingerprint() });
    ctx.log(tx, "audit-programme-changed", plan.programme.name(), data)
        .await?;
    match was_asked {
        true => Ok(()),
        false => ask(ctx, tx, &plan).await,
    }
}

/// Why a year's programme does not stand, if it does not: it was not approved, or changed since.
pub async fn doubt(conn: &mut Conn, workspace: Uuid, year: i32) -> Result<Option<Text>> {
    let plan = find(conn, workspace, year).await?;
    Ok(plan.and_then(|plan| card::doubt(&plan)))
}

/// The card of an audit, with why its scope was chosen and whether its programme stands.
pub async fn with_reasons(
    conn: &mut Conn,
    workspace: Uuid,
    audit: &Audit,
    card: Card,
) -> Result<Reply> {
    let Some(plan) = find(conn, workspace, audit.year).await? else {
        return Ok(card.into());
    };
    Ok(card::with_reasons(card, &plan, audit).into())
}

/// The programmes that a person is to approve.
pub async fn obligations(
    conn: &mut Conn,
    workspace: &Workspace,
    person: &Person,
    today: NaiveDate,
) -> Result<Vec<Obligation>> {
    if !matches!(person.role, Role::Leader | Role::Manager) {
        return Ok(Vec::new());
    }
    let programmes = sql!(conn, programme::list_programmes(workspace.id))?;
    let current = programmes
        .into_iter()
        .filter(|one| one.year >= today.year());
    let years: Vec<i32> = current.map(|programme| programme.year).collect();
    if years.is_empty() {
        return Ok(Vec::new());
    }
    let people = People(sql!(conn, people::list_people(workspace.id))?);
    if approvers(&people)
        .iter()
        .all(|approver| approver.id != person.id)
    {
        return Ok(Vec::new());
    }
    let mut owed = Vec::new();
    for year in years {
        let Some(plan) = find(conn, workspace.id, year).await? else {
            continue;
        };
        if plan.is_approved() {
            continue;
        }
        let name = ProgrammeName(year);
        let (title, button) = match person.role {
            Role::Leader => (
                format!("Approve the audit programme {year}"),
                Button::new("Approve", format!("audit approve {name}")),
            ),
            _ => (
                format!("Name a leader who approves the audit programme {year}"),
                Button::new("Name a leader", "role grant"),
            ),
        };
        owed.push(Obligation {
            record: RecordName::Programme(name),
            title,
            due: plan.programme.approval_due(),
            ladder: APPROVAL,
            button: button.primary(),
            snoozed_until: None,
        });
    }
    Ok(owed)
}
