//! An inspection begins, is gone through line by line, and ends with a value.

use serde_json::json;

use super::card;
use super::command::{CheckLine, InspectionCommand};
use super::rules::{Check, Checklist, Count, Inspection};
use crate::app::{Ctx, Result, UserError};
use crate::chat::{Form, Reply};
use crate::command::value::{KpiKey, PeriodName, Prose};
use crate::kpi::flow::{load, may_measure};
use crate::kpi::keep::{self, Given, Giver};
use crate::kpi::period::Period;
use crate::kpi::rules::{Kpi, Source, Value};
use crate::kpi::source;
use crate::record::files;
use crate::sql;
use crate::store::Conn;

/// Carries out what was said about inspections.
pub async fn run(ctx: &Ctx, command: InspectionCommand) -> Result<Reply> {
    match command {
        InspectionCommand::New { kpi, lines } => set_up(ctx, &kpi, &lines.0).await,
        InspectionCommand::Start { kpi, period } => start(ctx, &kpi, period).await,
        InspectionCommand::Check(check) => save(ctx, check).await,
        InspectionCommand::Show { kpi, period } => show(ctx, &kpi, period).await,
        InspectionCommand::Finish { kpi } => finish(ctx, &kpi).await,
    }
}

async fn set_up(ctx: &Ctx, key: &KpiKey, lines: &str) -> Result<Reply> {
    let mut tx = ctx.write().await?;
    let mut kpi = load(&mut tx, ctx.workspace.id, key).await?;
    let checklist = Checklist::read(lines).map_err(|wrong| UserError::at("lines", wrong))?;
    if kpi.unit != "%" {
        let text = format!(
            "What passed is counted in %, and {} is not. Use a KPI whose unit is %.",
            kpi.name
        );
        return Err(UserError::at("kpi", text).into());
    }
    let setting = serde_json::to_value(&checklist)?;
    source::flow::put(ctx, &mut tx, &mut kpi, (Source::Inspection, setting)).await?;
    tx.commit().await?;
    Ok(card::set_up(&kpi, &checklist).into())
}

/// The checklist of a KPI, or an error that says how to make one.
async fn declared(conn: &mut Conn, ctx: &Ctx, kpi: &Kpi) -> Result<Checklist> {
    let feed = sql!(conn, source::find_feed(ctx.workspace.id, &kpi.key))?;
    match feed.filter(|_| kpi.source == Source::Inspection) {
        Some(feed) => Ok(serde_json::from_value(feed.setting)?),
        None => {
            let text = format!("{} is not measured by an inspection.", kpi.name);
            Err(UserError::at("kpi", text)
                .button("Set one up", format!("inspection new {}", kpi.key))
                .into())
        }
    }
}

async fn start(ctx: &Ctx, key: &KpiKey, named: Option<PeriodName>) -> Result<Reply> {
    let workspace = ctx.workspace.id;
    let mut tx = ctx.write().await?;
    let kpi = load(&mut tx, workspace, key).await?;
    may_measure(ctx, &mut tx, &kpi).await?;
    let all = sql!(tx, inspection::list_inspections(workspace, key))?;
    let open = all.iter().find(|inspection| inspection.ended.is_none());
    let named = match named {
        Some(name) => {
            let period = kpi.period_named(name, ctx.today());
            Some(period.map_err(|wrong| UserError::at("period", wrong))?)
        }
        None => None,
    };
    if let Some(open) = open {
        let period = kpi.period(open.period);
        if let Some(other) = named.filter(|named| *named != period) {
            let text = format!("The inspection for {period} is open: finish it before {other}.");
            return Err(UserError::at("period", text)
                .button("Go on with it", format!("inspection start {key}"))
                .into());
        }
        let checks = sql!(tx, inspection::list_checks(workspace, (key, open.period)))?;
        return Ok(card::next(&kpi, open, &checks, None).into());
    }
    let history = keep::history(&mut tx, workspace, &kpi).await?;
    let values = kpi.values(&history);
    let period = named
        .or_else(|| kpi.wanted(&values, ctx.today()))
        .unwrap_or_else(|| kpi.period(ctx.today()));
    must_have_no_value(&kpi, &values, period)?;
    let inspection = Inspection {
        period: period.first_day(),
        checklist: declared(&mut tx, ctx, &kpi).await?,
        begun_by: ctx.person.id,
        begun: ctx.today(),
        ended: None,
    };
    sql!(tx, inspection::save_inspection(workspace, key, &inspection))?;
    let data = json!({ "period": period.to_string(), "checklist": inspection.checklist.lines });
    ctx.log(&mut tx, "inspection-begun", key, data).await?;
    tx.commit().await?;
    Ok(card::next(&kpi, &inspection, &[], None).into())
}

fn must_have_no_value(kpi: &Kpi, values: &[Value], period: Period) -> Result<(), UserError> {
    let Some(there) = values.iter().find(|value| value.period == period) else {
        return Ok(());
    };
    let text = format!(
        "{} has its value for {period} already: {}. Correct it with a reason, or name another period.",
        kpi.name,
        crate::report::quantity(there.value, &kpi.unit)
    );
    Err(UserError::at("period", text)
        .button("Show it", format!("inspection show {} {period}", kpi.key))
        .button("Correct it", format!("kpi correct {} {period}", kpi.key)))
}

/// The inspection of a KPI that is open, or an error that says how to begin one.
async fn load_open(conn: &mut Conn, ctx: &Ctx, kpi: &Kpi) -> Result<Inspection> {
    let all = sql!(
        conn,
        inspection::list_inspections(ctx.workspace.id, &kpi.key)
    )?;
    match all.into_iter().find(|one| one.ended.is_none()) {
        Some(open) => Ok(open),
        None => {
            let text = format!("No inspection of {} is under way.", kpi.name);
            Err(UserError::at("kpi", text)
                .button("Begin one", format!("inspection start {}", kpi.key))
                .into())
        }
    }
}

/// What was found at one line is saved at once.
async fn save(ctx: &Ctx, said: CheckLine) -> Result<Reply> {
    let workspace = ctx.workspace.id;
    let mut tx = ctx.write().await?;
    let kpi = load(&mut tx, workspace, &said.kpi).await?;
    may_measure(ctx, &mut tx, &kpi).await?;
    let open = load_open(&mut tx, ctx, &kpi).await?;
    let Some(line) = open.checklist.line(said.line) else {
        let text = format!("The checklist has {} lines.", open.checklist.lines.len());
        return Err(UserError::at("line", text).into());
    };
    if said.wants_note() {
        let text = "Say what was seen: a fail needs a note.";
        return Err(UserError::at("note", text).into());
    }
    if let Some(file) = &said.file {
        files::name_of(&mut tx, workspace, file).await?;
    }
    let words = |prose: Option<Prose>| prose.map(|prose| prose.0);
    let check = Check {
        line: said.line,
        result: said.result,
        note: words(said.note),
        evidence: words(said.evidence),
        file: said.file,
        by: ctx.person.id,
    };
    let whose = (&kpi.key, open.period);
    let before = sql!(tx, inspection::list_checks(workspace, whose))?;
    let was = before.iter().find(|before| before.line == check.line);
    let data = json!({
        "period": kpi.period(open.period).to_string(), "line": check.line, "text": line,
        "result": check.result, "note": check.note, "evidence": check.evidence, "file": check.file,
        "was": was.map(|was| was.result),
    });
    sql!(tx, inspection::save_check(workspace, whose, &check))?;
    ctx.log(&mut tx, "inspection-line-checked", &kpi.key, data)
        .await?;
    let checks = sql!(tx, inspection::list_checks(workspace, whose))?;
    tx.commit().await?;
    Ok(card::next(&kpi, &open, &checks, Some(&check)).into())
}

async fn show(ctx: &Ctx, key: &KpiKey, named: Option<PeriodName>) -> Result<Reply> {
    let workspace = ctx.workspace.id;
    let mut conn = ctx.read().await?;
    let kpi = load(&mut conn, workspace, key).await?;
    let all = sql!(conn, inspection::list_inspections(workspace, key))?;
    let wanted = match named {
        Some(name) => {
            let period = kpi.period_named(name, ctx.today());
            Some(period.map_err(|wrong| UserError::at("period", wrong))?)
        }
        None => None,
    };
    let of_period = |one: &&Inspection| wanted.is_none_or(|p| p.first_day() == one.period);
    let Some(inspection) = all.iter().find(of_period) else {
        if let Some(period) = wanted {
            let text = format!("There was no inspection of {} for {period}.", kpi.name);
            return Err(UserError::at("period", text).into());
        }
        let checklist = declared(&mut conn, ctx, &kpi).await?;
        return Ok(card::set_up(&kpi, &checklist).into());
    };
    let whose = (key, inspection.period);
    let checks = sql!(conn, inspection::list_checks(workspace, whose))?;
    let mut names = Vec::new();
    for file in checks.iter().filter_map(|check| check.file.as_ref()) {
        let name = files::name_of(&mut conn, workspace, file).await?;
        names.push((file.clone(), name));
    }
    let people = ctx.people(&mut conn).await?;
    Ok(card::shown(&kpi, inspection, (&checks, &names), &people).into())
}

async fn finish(ctx: &Ctx, key: &KpiKey) -> Result<Reply> {
    let workspace = ctx.workspace.id;
    let mut tx = ctx.write().await?;
    let kpi = load(&mut tx, workspace, key).await?;
    may_measure(ctx, &mut tx, &kpi).await?;
    let mut inspection = load_open(&mut tx, ctx, &kpi).await?;
    let period = kpi.period(inspection.period);
    let checks = sql!(
        tx,
        inspection::list_checks(workspace, (key, inspection.period))
    )?;
    let missing = inspection.checklist.missing(&checks);
    if !missing.is_empty() {
        return Err(UserError::at("kpi", card::missing_words(&missing))
            .button("Go on", format!("inspection start {key}"))
            .into());
    }
    let count = Count::of(&checks);
    let Some(value) = count.rate() else {
        let text = "Nothing on this checklist applied, so there is nothing to count. Check at least \
                    one line as pass or fail, or pause the KPI with the reason.";
        return Err(UserError::at("kpi", text)
            .button("Show it", format!("inspection show {key}"))
            .button("Pause the KPI", format!("kpi pause {key}"))
            .into());
    };
    let mut history = keep::history(&mut tx, workspace, &kpi).await?;
    // Somebody may have given the value by hand meanwhile.
    must_have_no_value(&kpi, &kpi.values(&history), period)?;
    inspection.ended = Some((ctx.person.id, ctx.today()));
    sql!(tx, inspection::save_inspection(workspace, key, &inspection))?;
    let data = json!({
        "period": period.to_string(), "passed": count.passed, "failed": count.failed,
        "not_applicable": count.not_applicable, "value": value,
    });
    ctx.log(&mut tx, "inspection-finished", key, data).await?;
    let giver = Giver {
        workspace: &ctx.workspace,
        by: Some(ctx.person.id),
        via: Some("inspection"),
        at: ctx.now,
    };
    let given = Given {
        period,
        value,
        note: Some(card::count_words(count)),
        file: None,
    };
    keep::keep(&mut tx, giver, (&kpi, &mut history), vec![given]).await?;
    sql!(tx, source::source_worked(workspace, key, ctx.now))?;
    tx.commit().await?;
    Ok(card::finished(&kpi, &inspection, &checks).into())
}

/// Says in the form of a line which line it is.
pub async fn dress(ctx: &Ctx, conn: &mut Conn, key: &KpiKey, form: &mut Form) -> Result<()> {
    let kpi = load(conn, ctx.workspace.id, key).await?;
    let open = load_open(conn, ctx, &kpi).await?;
    let number = form.field("line").and_then(|field| field.value.as_ref());
    let number = number.and_then(|number| number.parse().ok());
    if let Some((number, line)) = number.and_then(|n| Some((n, open.checklist.line(n)?))) {
        form.say(format!("Line {number}: {line}"));
    }
    Ok(())
}
