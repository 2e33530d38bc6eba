//! The steps carried out: load, decide, save and enqueue, each in one transaction.

use serde_json::json;
use uuid::Uuid;

use super::card::{self, Standing};
use super::command::{
    NameAuditor, SetChannels, SetReviews, SetZone, SetupCommand, StartKpis, Step,
};
use super::rules::{self, Progress, PutBack, State, Taken, UNDONE};
use super::undo;
use crate::app::{Ctx, Result, UserError};
use crate::chat::{Card, Reply, Text};
use crate::command::value::{AreaName, Who};
use crate::kpi;
use crate::kpi::source::ask::{Asked, Derived};
use crate::people::command::ChangeSettings;
use crate::people::roles::card::auditing;
use crate::people::roles::flow::able;
use crate::people::{People, Role, RoleFrom, Workspace, area, roles, settings};
use crate::review::plan::flow::{Plan, begin_series, put_on};
use crate::sql;
use crate::status::pinned::{self, Place};
use crate::store::{Conn, Tx};

/// Carries out what was said about the set-up.
pub async fn run(ctx: &Ctx, command: SetupCommand) -> Result<Reply> {
    match command {
        SetupCommand::Show => {
            let standing = standing(ctx, &mut ctx.read().await?).await?;
            Ok(card::shown(&standing, None).into())
        }
        SetupCommand::Zone(zone) => set_zone(ctx, zone).await,
        SetupCommand::Channels(channels) => set_channels(ctx, channels).await,
        SetupCommand::Kpis(kpis) => start_kpis(ctx, kpis).await,
        SetupCommand::Clauses(named) => share_out(ctx, Step::Clauses, named.owners()).await,
        SetupCommand::Controls(named) => share_out(ctx, Step::Controls, named.owners()).await,
        SetupCommand::Auditors(named) => name_auditor(ctx, named).await,
        SetupCommand::Reviews(reviews) => set_reviews(ctx, reviews).await,
        SetupCommand::Digest => try_digest(ctx).await,
        SetupCommand::Skip { step } => skip(ctx, step).await,
        SetupCommand::Undo { step } => take_back(ctx, step).await,
        SetupCommand::Finish => finish(ctx).await,
    }
}

async fn set_zone(ctx: &Ctx, said: SetZone) -> Result<Reply> {
    let mut tx = ctx.write().await?;
    let change = ChangeSettings {
        zone: said.zone,
        working_days: said.working_days,
        ..ChangeSettings::default()
    };
    let (now, was) = settings::apply(ctx, &mut tx, change).await?;
    let words = card::zone_is_set(&now);
    done(ctx, tx, (Step::Zone, PutBack::Settings { was }), words).await
}

async fn set_channels(ctx: &Ctx, said: SetChannels) -> Result<Reply> {
    let mut tx = ctx.write().await?;
    let change = ChangeSettings {
        channel: said.digest,
        audits: said.audits,
        alerts: said.alerts,
        ..ChangeSettings::default()
    };
    let (now, was) = settings::apply(ctx, &mut tx, change).await?;
    if now.channel.is_none() {
        let text = "Name the channel for digests: #name, or here. Without one no digest is posted.";
        return Err(UserError::at("digest", text).into());
    }
    let words = card::channels_are_set(&now);
    done(ctx, tx, (Step::Channels, PutBack::Settings { was }), words).await
}

async fn start_kpis(ctx: &Ctx, said: StartKpis) -> Result<Reply> {
    let mut tx = ctx.write().await?;
    let people = ctx.people(&mut tx).await?;
    let analyst = said.analyst.map_or(ctx.person.id, |who| who.0);
    let (mut begun, mut there) = (Vec::new(), Vec::new());
    for (starter, (field, measurer)) in rules::starters().into_iter().zip(said.measurers()) {
        let Some(Who(measurer)) = measurer else {
            continue;
        };
        able(&people, measurer).map_err(|error| error.beside(Some(field)))?;
        let derived = starter.derived;
        let mut kpi = starter.kpi((measurer, analyst), ctx.today());
        match sql!(tx, kpi::find_kpi(ctx.workspace.id, &kpi.key))? {
            None => {
                kpi::flow::add(ctx, &mut tx, &kpi).await?;
                if let Some(of) = derived {
                    let asked = Asked::Derived(Derived { of });
                    let what = (asked.source(), asked.setting()?);
                    kpi::source::flow::put(ctx, &mut tx, &mut kpi, what).await?;
                }
                begun.push(kpi);
            }
            Some(known) if known.paused.as_deref() == Some(UNDONE) => {
                kpi::flow::hand(ctx, &mut tx, &kpi).await?;
                kpi::flow::put_paused(ctx, &mut tx, &kpi.key, None).await?;
                begun.push(kpi);
            }
            Some(known) => there.push(known.name),
        }
    }
    if begun.is_empty() && there.is_empty() {
        let text = "Name who measures at least one of them, or skip this step.";
        return Err(UserError::at("incidents", text)
            .button("Skip it", "setup skip kpis")
            .into());
    }
    let words = card::kpis_are_begun(&begun, &there);
    let begun = begun.into_iter().map(|kpi| kpi.key).collect();
    done(ctx, tx, (Step::Kpis, PutBack::Kpis { begun }), words).await
}

/// Gives areas to owners. Who is not named stays.
async fn share_out(
    ctx: &Ctx,
    step: Step,
    named: Vec<(&'static str, Option<Who>)>,
) -> Result<Reply> {
    let mut tx = ctx.write().await?;
    let before = sql!(tx, area::list_areas(ctx.workspace.id))?;
    let people = ctx.people(&mut tx).await?;
    let owner = |name: &AreaName| {
        let known = before.iter().find(|area| area.name == *name);
        known.and_then(|area| area.owner)
    };
    let mut were = Vec::new();
    let mut open = 0;
    for (name, who) in named {
        let name: AreaName = name.parse().map_err(UserError::new)?;
        let was = owner(&name);
        match who {
            Some(Who(who)) if was != Some(who) => {
                let field = card::area_field(&name);
                able(&people, who).map_err(|error| error.beside(field))?;
                area::flow::hand(ctx, &mut tx, &name, Some(who)).await?;
                were.push((name, was));
            }
            None if was.is_none() => open += 1,
            _ => {}
        }
    }
    if were.is_empty() && open > 0 {
        let text = "Name an owner for at least one of them, or skip this step.";
        return Err(UserError::new(text)
            .button("Skip it", format!("setup skip {step}"))
            .into());
    }
    let words = card::areas_are_shared(were.len(), open);
    done(ctx, tx, (step, PutBack::Owners { were }), words).await
}

async fn name_auditor(ctx: &Ctx, named: NameAuditor) -> Result<Reply> {
    let training = named.shown.training(ctx.today())?;
    let mut tx = ctx.write().await?;
    let people = People(sql!(tx, people::list_people(ctx.workspace.id))?);
    let person = people
        .find(named.auditor.0)
        .filter(|person| person.present)
        .ok_or_else(|| {
            UserError::at("auditor", "This person is not in the workspace (any more).")
        })?;
    // A manager or a leader who audits stays one.
    let role = auditing(person.role);
    let was = (role != person.role).then_some((person.role, person.role_from));
    if was.is_some() {
        roles::flow::change(ctx, &mut tx, person, (role, None)).await?;
    }
    let competence = match &training {
        Some(training) => Some(roles::flow::record(ctx, &mut tx, person.id, training).await?),
        None => None,
    };
    let qualified = roles::flow::qualified(ctx, &mut tx, person.id).await?;
    let words = card::auditor_is_named(person, role, qualified);
    let put_back = PutBack::Auditor {
        person: person.id,
        was,
        competence,
    };
    done(ctx, tx, (Step::Auditors, put_back), words).await
}

async fn set_reviews(ctx: &Ctx, said: SetReviews) -> Result<Reply> {
    let mut tx = ctx.write().await?;
    let change = ChangeSettings {
        reviews: said.rhythm,
        ..ChangeSettings::default()
    };
    let (now, was) = settings::apply(ctx, &mut tx, change).await?;
    let first = match said.first {
        Some(on) => {
            let plan = Plan {
                on: on.0,
                ..Plan::default()
            };
            begin_series(ctx, &mut tx, now.reviews).await?;
            Some(put_on(ctx, &mut tx, plan).await?)
        }
        None => None,
    };
    let words = card::reviews_are_set(&now, first.as_ref());
    let first = first.map(|review| review.name);
    let put_back = PutBack::Reviews { was, first };
    done(ctx, tx, (Step::Reviews, put_back), words).await
}

/// The first digest, shown to whoever asks and posted nowhere.
async fn try_digest(ctx: &Ctx) -> Result<Reply> {
    let mut tx = ctx.write().await?;
    let workspace = sql!(tx, people::load_workspace(ctx.workspace.id))?;
    let digest = kpi::digest::flow::gather(&mut tx, &workspace, ctx.now).await?;
    take(ctx, &mut tx, (Step::Digest, State::Done), PutBack::Nothing).await?;
    let standing = standing(ctx, &mut tx).await?;
    tx.commit().await?;
    Ok(card::tried(&standing, &digest).into())
}

async fn skip(ctx: &Ctx, step: Option<Step>) -> Result<Reply> {
    let mut tx = ctx.write().await?;
    let progress = Progress(sql!(tx, setup::list_steps(ctx.workspace.id))?);
    let Some(step) = step.or(progress.next()) else {
        let text = "No step is open, so there is none to skip.";
        return Err(UserError::new(text).button("Set-up", "setup").into());
    };
    if let Some(taken) = progress.of(step) {
        let text = format!("{} was {} already.", step.label(), taken.state);
        return Err(UserError::at("step", text).button("Set-up", "setup").into());
    }
    take(ctx, &mut tx, (step, State::Skipped), PutBack::Nothing).await?;
    let standing = standing(ctx, &mut tx).await?;
    tx.commit().await?;
    Ok(card::shown(&standing, Some(card::skipped(step))).into())
}

async fn take_back(ctx: &Ctx, meant: Option<Step>) -> Result<Reply> {
    let mut tx = ctx.write().await?;
    let workspace = ctx.workspace.id;
    let progress = Progress(sql!(tx, setup::list_steps(workspace))?);
    let last = progress.last(meant)?;
    undo::put_back(ctx, &mut tx, last).await?;
    sql!(tx, setup::mark_undone(workspace, last.number, ctx.now))?;
    let data = json!({ "step": last.step, "was": last.state.to_string() });
    ctx.log(&mut tx, "setup-step-undone", "set-up", data)
        .await?;
    let standing = standing(ctx, &mut tx).await?;
    tx.commit().await?;
    Ok(card::shown(&standing, Some(card::undone(last))).into())
}

/// Whoever ends the set-up is a manager from then on; the other administrators of the platform, who
/// were managers until now, are members.
async fn finish(ctx: &Ctx) -> Result<Reply> {
    let mut tx = ctx.write().await?;
    let workspace = sql!(tx, people::load_workspace(ctx.workspace.id))?;
    let people = People(sql!(tx, people::list_people(workspace.id))?);
    if let Some(at) = workspace.set_up_at {
        let by = people.name(workspace.set_up_by);
        let text = card::is_finished(by, at, ctx.zone());
        return Err(UserError::new(text).button("Set-up", "setup").into());
    }
    let workspace = Workspace {
        set_up_at: Some(ctx.now),
        set_up_by: Some(ctx.person.id),
        pinned: workspace.channel.is_some(),
        ..workspace
    };
    sql!(tx, people::update_workspace(&workspace))?;
    let (was, is) = (Place(None), Place::of(&workspace));
    pinned::follow(&mut tx, workspace.id, (was, is)).await?;
    let mut members = Vec::new();
    let bootstrapped = |person: &&crate::people::Person| {
        person.role == Role::Manager && person.role_from == RoleFrom::Bootstrap
    };
    for person in people.0.iter().filter(bootstrapped) {
        let role = match person.id == ctx.person.id {
            true => Role::Manager,
            false => Role::Member,
        };
        let reason = Some("the set-up is finished".to_owned());
        roles::flow::change(ctx, &mut tx, person, (role, reason)).await?;
        if role == Role::Member {
            members.push(person);
        }
    }
    let ids: Vec<Uuid> = members.iter().map(|person| person.id).collect();
    let data = json!({ "manager": ctx.person.id, "members": ids });
    ctx.log(&mut tx, "setup-finished", "set-up", data).await?;
    let standing = standing(ctx, &mut tx).await?;
    tx.commit().await?;
    Ok(card::finished(&standing, &members).into())
}

/// A step is done: it is kept with what undoing it needs, and the answer says how far the set-up is.
async fn done(
    ctx: &Ctx,
    mut tx: Tx,
    (step, put_back): (Step, PutBack),
    words: Text,
) -> Result<Reply> {
    take(ctx, &mut tx, (step, State::Done), put_back).await?;
    let standing = standing(ctx, &mut tx).await?;
    tx.commit().await?;
    Ok(card::shown(&standing, Some(words)).into())
}

async fn take(
    ctx: &Ctx,
    tx: &mut Tx,
    (step, state): (Step, State),
    put_back: PutBack,
) -> Result<()> {
    let taken = Taken {
        number: 0,
        step,
        state,
        put_back,
        by: ctx.person.id,
        at: ctx.now,
    };
    sql!(tx, setup::insert_step(ctx.workspace.id, &taken))?;
    let kind = match state {
        State::Done => "setup-step-done",
        State::Skipped => "setup-step-skipped",
    };
    ctx.log(tx, kind, "set-up", json!({ "step": step })).await
}

/// How far the set-up is.
pub async fn standing(ctx: &Ctx, conn: &mut Conn) -> Result<Standing> {
    let workspace = ctx.workspace.id;
    Ok(Standing {
        progress: Progress(sql!(conn, setup::list_steps(workspace))?),
        people: People(sql!(conn, people::list_people(workspace))?),
        workspace: sql!(conn, people::load_workspace(workspace))?,
        zone: ctx.zone(),
    })
}

/// A manager's first look at a workspace that is not set up leads to its set-up.
pub async fn lead(ctx: &Ctx, card: Card) -> Result<Reply> {
    if ctx.workspace.set_up_at.is_some() || ctx.person.role != Role::Manager {
        return Ok(card.into());
    }
    let mut conn = ctx.read().await?;
    let progress = Progress(sql!(conn, setup::list_steps(ctx.workspace.id))?);
    Ok(card::leading(card, &progress).into())
}

/// What stands already in the fields of the form of a step, or of the settings.
pub async fn prefilled(ctx: &Ctx, path: &str) -> Result<Vec<(String, String)>> {
    let workspace = &ctx.workspace;
    let mut conn = ctx.read().await?;
    let people = ctx.people(&mut conn).await?;
    let external = |id: Uuid| {
        let person = people.find(id).filter(|person| person.present)?;
        Some(person.external.clone())
    };
    let values: Vec<(&str, Option<String>)> = match path {
        "setup zone" => vec![
            ("zone", Some(workspace.zone.name().to_owned())),
            (
                "working-days",
                Some(settings::Settings::of(workspace).working_days.to_string()),
            ),
        ],
        "setup channels" => vec![
            ("digest", workspace.channel.clone()),
            ("audits", workspace.audit_channel.clone()),
            ("alerts", workspace.alert_channel.clone()),
        ],
        "setup kpis" => {
            let me = ctx.person.external.clone();
            let known = sql!(conn, kpi::list_kpis(workspace.id))?;
            let measurer = |key: &str| {
                let kpi = known.iter().find(|kpi| kpi.key.as_str() == key);
                kpi.and_then(|kpi| external(kpi.measurer))
            };
            let measurers = StartKpis::default().measurers();
            measurers
                .into_iter()
                .map(|(key, _)| (key, measurer(key).or_else(|| Some(me.clone()))))
                .chain([("analyst", Some(me.clone()))])
                .collect()
        }
        "setup clauses" | "setup controls" => {
            let areas = sql!(conn, area::list_areas(workspace.id))?;
            let of = |name: &str| {
                let area = areas.iter().find(|area| area.name.as_str() == name);
                area.and_then(|area| external(area.owner?))
            };
            let clauses = path == "setup clauses";
            card::AREA_FIELDS
                .iter()
                .filter(|(field, _)| field.starts_with("clause") == clauses)
                .map(|(field, area)| (*field, of(area)))
                .collect()
        }
        "setup reviews" => vec![("rhythm", Some(workspace.reviews.to_string()))],
        "settings set" => vec![
            ("channel", workspace.channel.clone()),
            ("audits", workspace.audit_channel.clone()),
            ("alerts", workspace.alert_channel.clone()),
            ("zone", Some(workspace.zone.name().to_owned())),
            (
                "working-days",
                Some(settings::Settings::of(workspace).working_days.to_string()),
            ),
            ("reviews", Some(workspace.reviews.to_string())),
            ("reports", Some(workspace.reports.to_string())),
            (
                "pinned",
                Some(if workspace.pinned { "on" } else { "off" }.to_owned()),
            ),
        ],
        _ => Vec::new(),
    };
    let stands = values.into_iter();
    Ok(stands
        .filter_map(|(field, value)| Some((field.to_owned(), value?)))
        .collect())
}
