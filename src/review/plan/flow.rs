//! Reviews are planned, moved and cancelled, and who takes part is invited.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::card;
use super::command::{Every, PlanCommand, ScheduleReview};
use super::rules::{Change, Lapse, Meeting, first_day, lapses};
use crate::app::{Ctx, Result, UserError, log};
use crate::chat::Reply;
use crate::command::value::{FileRef, PeriodName, ReviewName};
use crate::people::command::ChangeSettings;
use crate::people::rules::today;
use crate::people::{People, Rhythm, Role, Workspace, settings};
use crate::record::Happening;
use crate::review::command::InputItem;
use crate::review::flow::load;
use crate::review::rules::{Review, State, name_for, new_inputs};
use crate::review::{invitation, pack};
use crate::sql;
use crate::store::{Conn, Tx};

/// The pack that was sent before a review.
#[derive(Debug, Clone, PartialEq)]
pub struct Sent {
    /// The day for which the review was planned then.
    pub on: NaiveDate,
    pub pdf: FileRef,
    pub markdown: FileRef,
    pub at: DateTime<Utc>,
}

/// A review to plan.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    pub on: NaiveDate,
    pub title: Option<String>,
    pub starts: Option<NaiveTime>,
    pub minutes: Option<i64>,
    pub place: Option<String>,
    pub chair: Option<Uuid>,
    /// Who takes part; nobody named means top management and who plans it.
    pub with: Vec<Uuid>,
    /// Who gives an input, where it is not who plans it.
    pub owners: BTreeMap<InputItem, Uuid>,
}

/// Who plans: a person, or the bot for the one who began the series.
#[derive(Debug, Clone, Copy)]
pub struct Planner<'a> {
    pub workspace: &'a Workspace,
    /// Whose the inputs are until they are shared out.
    pub owner: Uuid,
    /// Whom the log names; nobody if it comes by itself.
    pub actor: Option<Uuid>,
    pub at: DateTime<Utc>,
}

/// Carries out what was said about planning reviews.
pub async fn run(ctx: &Ctx, command: PlanCommand) -> Result<Reply> {
    match command {
        PlanCommand::Schedule(said) => schedule(ctx, said).await,
        PlanCommand::Move {
            review,
            on,
            reason,
            at,
        } => {
            let to = (on.0, at.map(|at| at.0));
            move_to(ctx, review, to, reason.0).await
        }
        PlanCommand::Cancel { review, reason } => cancel(ctx, review, reason.0).await,
        PlanCommand::Invite { review, person } => invite(ctx, review, person.0).await,
        PlanCommand::Uninvite { review, person } => uninvite(ctx, review, person.0).await,
        PlanCommand::Chair { review, person } => chair(ctx, review, person.0).await,
        PlanCommand::Pack { review } => pack::flow::run(ctx, review).await,
        PlanCommand::Calendar { renew } => invitation::link::run(ctx, renew).await,
    }
}

async fn schedule(ctx: &Ctx, said: ScheduleReview) -> Result<Reply> {
    let mut tx = ctx.write().await?;
    let mut workspace = ctx.workspace.clone();
    if let Some(rhythm) = said.every.and_then(Every::rhythm) {
        let change = ChangeSettings {
            reviews: Some(rhythm),
            ..ChangeSettings::default()
        };
        (workspace, _) = settings::apply(ctx, &mut tx, change).await?;
        begin_series(ctx, &mut tx, rhythm).await?;
    }
    if said.every == Some(Every::Never) {
        end_series(ctx, &mut tx).await?;
        if said.on.is_none() {
            tx.commit().await?;
            return Ok(card::series_ended().into());
        }
    }
    let today = ctx.today();
    let on = said.on.map_or_else(
        || first_day(workspace.reviews, today, workspace.working_days),
        |on| on.0,
    );
    let plan = Plan {
        on,
        title: said.title,
        starts: said.at.map(|at| at.0),
        minutes: said.minutes.map(i64::from),
        place: said.place,
        with: said.with.map(|crew| crew.0).unwrap_or_default(),
        ..Plan::default()
    };
    let review = put_on(ctx, &mut tx, plan).await?;
    let meeting = meeting(&mut tx, &workspace, review.name).await?;
    let people = ctx.people(&mut tx).await?;
    let series = sql!(tx, plan::find_series(workspace.id))?;
    tx.commit().await?;
    let rhythm = series.map(|_| workspace.reviews);
    Ok(card::scheduled(&review, &meeting, rhythm, &people).into())
}

/// From now on the next review is planned by itself.
pub async fn begin_series(ctx: &Ctx, tx: &mut Tx, rhythm: Rhythm) -> Result<()> {
    let begun = (ctx.person.id, ctx.now);
    sql!(tx, plan::begin_series(ctx.workspace.id, begun))?;
    let data = json!({ "rhythm": rhythm });
    ctx.log(tx, "review-series-begun", "reviews", data).await
}

/// From now on it is not.
pub async fn end_series(ctx: &Ctx, tx: &mut Tx) -> Result<()> {
    match sql!(tx, plan::end_series(ctx.workspace.id))? {
        true => {
            ctx.log(tx, "review-series-ended", "reviews", json!({}))
                .await
        }
        false => Ok(()),
    }
}

/// A person plans a review; its inputs are theirs until they are shared out.
pub async fn put_on(ctx: &Ctx, tx: &mut Tx, plan: Plan) -> Result<Review> {
    let planner = Planner {
        workspace: &ctx.workspace,
        owner: ctx.person.id,
        actor: Some(ctx.person.id),
        at: ctx.now,
    };
    keep_new(tx, planner, plan).await
}

/// Keeps a new review with its inputs, and invites who takes part.
pub async fn keep_new(tx: &mut Tx, planner: Planner<'_>, plan: Plan) -> Result<Review> {
    let workspace = planner.workspace.id;
    let taken: Vec<_> = sql!(tx, review::list_reviews(workspace))?
        .into_iter()
        .map(|review| review.name)
        .collect();
    let title = plan
        .title
        .unwrap_or_else(|| format!("Management review {}", PeriodName::quarter_of(plan.on)));
    let new = Review::new(name_for(plan.on, &taken), title, plan.on);
    let review = Review {
        starts: plan.starts,
        minutes: plan.minutes.unwrap_or(new.minutes),
        place: plan.place,
        chair: plan.chair,
        ..new
    };
    sql!(tx, review::save_review(workspace, &review))?;
    for mut input in new_inputs(planner.owner) {
        if let Some(owner) = plan.owners.get(&input.item) {
            input.owner = *owner;
        }
        sql!(tx, review::save_input(workspace, review.name, &input))?;
    }
    let people = People(sql!(tx, people::list_people(workspace))?);
    // Nobody is told of their own act, unless they name themselves.
    let named = !plan.with.is_empty();
    let participants = match named {
        true => plan.with,
        false => usual(&people, planner.owner),
    };
    let told: Vec<Uuid> = participants
        .iter()
        .copied()
        .filter(|person| named || planner.actor != Some(*person))
        .collect();
    for person in &participants {
        sql!(
            tx,
            review::insert_participant(workspace, review.name, *person)
        )?;
    }
    let data = json!({
        "title": review.title, "on": review.on, "at": review.starts, "minutes": review.minutes,
        "place": review.place, "chair": review.chair, "participants": participants,
        "owner": planner.owner,
    });
    let happening = Happening {
        workspace,
        at: planner.at,
        actor: planner.actor,
        kind: "review-scheduled",
        record: review.name.to_string(),
        data,
    };
    log(tx, happening).await?;
    invitation::flow::send(tx, workspace, &review, &told, None).await?;
    Ok(review)
}

/// Top management, and who plans the review.
fn usual(people: &People, planner: Uuid) -> Vec<Uuid> {
    let leads = |person: &&crate::people::Person| {
        person.present && (person.role == Role::Leader || person.id == planner)
    };
    people
        .0
        .iter()
        .filter(leads)
        .map(|person| person.id)
        .collect()
}

async fn move_to(
    ctx: &Ctx,
    name: ReviewName,
    (on, at): (NaiveDate, Option<NaiveTime>),
    reason: String,
) -> Result<Reply> {
    let workspace = ctx.workspace.id;
    let mut tx = ctx.write().await?;
    let mut review = load(&mut tx, workspace, name).await?;
    let was = review.clone();
    review.move_to(on, at)?;
    sql!(tx, review::save_review(workspace, &review))?;
    keep_change(ctx, &mut tx, &was, (Some(on), &reason)).await?;
    let data = json!({
        "was": was.on, "on": on, "was_at": was.starts, "at": review.starts, "reason": reason,
    });
    ctx.log(&mut tx, "review-moved", name, data).await?;
    let meeting = meeting(&mut tx, &ctx.workspace, name).await?;
    let invited = &meeting.participants;
    invitation::flow::send(&mut tx, workspace, &review, invited, Some(&reason)).await?;
    tx.commit().await?;
    Ok(card::moved(&review, &was, &meeting).into())
}

async fn cancel(ctx: &Ctx, name: ReviewName, reason: String) -> Result<Reply> {
    let mut tx = ctx.write().await?;
    let review = load(&mut tx, ctx.workspace.id, name).await?;
    let review = take_off(ctx, &mut tx, review, &reason).await?;
    let series = sql!(tx, plan::find_series(ctx.workspace.id))?.is_some();
    tx.commit().await?;
    Ok(card::cancelled(&review, series).into())
}

/// Takes a review off again that has not been held; its record stays.
pub async fn call_off(ctx: &Ctx, tx: &mut Tx, name: ReviewName, why: &str) -> Result<()> {
    let found = sql!(tx, review::find_review(ctx.workspace.id, name))?;
    match found.filter(|review| review.state == State::Scheduled) {
        Some(review) => take_off(ctx, tx, review, why).await.map(drop),
        None => Ok(()),
    }
}

async fn take_off(ctx: &Ctx, tx: &mut Tx, mut review: Review, why: &str) -> Result<Review> {
    let (workspace, name) = (ctx.workspace.id, review.name);
    let was = review.clone();
    review.cancel()?;
    sql!(tx, review::save_review(workspace, &review))?;
    keep_change(ctx, tx, &was, (None, why)).await?;
    let data = json!({ "on": was.on, "reason": why });
    ctx.log(tx, "review-cancelled", name, data).await?;
    let invited = sql!(tx, review::list_participants(workspace, name))?;
    invitation::flow::send(tx, workspace, &review, &invited, Some(why)).await?;
    Ok(review)
}

async fn keep_change(
    ctx: &Ctx,
    tx: &mut Tx,
    was: &Review,
    (now_on, reason): (Option<NaiveDate>, &str),
) -> Result<()> {
    let all = sql!(tx, plan::list_changes(ctx.workspace.id))?;
    let before = all.iter().filter(|(review, _)| *review == was.name);
    let change = Change {
        number: before.map(|(_, change)| change.number).max().unwrap_or(0) + 1,
        was_on: was.on,
        now_on,
        reason: reason.to_owned(),
        by: ctx.person.id,
        at: ctx.now,
    };
    sql!(tx, plan::insert_change(ctx.workspace.id, was.name, &change))?;
    Ok(())
}

async fn invite(ctx: &Ctx, name: ReviewName, person: Uuid) -> Result<Reply> {
    let workspace = ctx.workspace.id;
    let mut tx = ctx.write().await?;
    let review = load(&mut tx, workspace, name).await?;
    review.must_be_planned("invite to")?;
    let people = ctx.people(&mut tx).await?;
    if sql!(tx, review::list_participants(workspace, name))?.contains(&person) {
        let text = format!("{} takes part already.", people.name(Some(person)));
        return Err(UserError::at("person", text).into());
    }
    add(ctx, &mut tx, &review, person).await?;
    let meeting = meeting(&mut tx, &ctx.workspace, name).await?;
    tx.commit().await?;
    Ok(card::participants(&review, &meeting, &people).into())
}

async fn add(ctx: &Ctx, tx: &mut Tx, review: &Review, person: Uuid) -> Result<()> {
    let workspace = ctx.workspace.id;
    sql!(
        tx,
        review::insert_participant(workspace, review.name, person)
    )?;
    let data = json!({ "person": person });
    ctx.log(tx, "review-invited", review.name, data).await?;
    invitation::flow::send(tx, workspace, review, &[person], None).await
}

async fn uninvite(ctx: &Ctx, name: ReviewName, person: Uuid) -> Result<Reply> {
    let workspace = ctx.workspace.id;
    let mut tx = ctx.write().await?;
    let mut review = load(&mut tx, workspace, name).await?;
    review.must_be_planned("take back")?;
    let people = ctx.people(&mut tx).await?;
    if !sql!(tx, review::list_participants(workspace, name))?.contains(&person) {
        let text = format!("{} is not invited.", people.name(Some(person)));
        return Err(UserError::at("person", text).into());
    }
    sql!(tx, review::delete_participant(workspace, name, person))?;
    // What takes the meeting out of a calendar is later than what put it there.
    review.sequence += 1;
    review.chair = review.chair.filter(|chair| *chair != person);
    sql!(tx, review::save_review(workspace, &review))?;
    ctx.log(
        &mut tx,
        "review-uninvited",
        name,
        json!({ "person": person }),
    )
    .await?;
    invitation::flow::send(&mut tx, workspace, &review, &[person], None).await?;
    let meeting = meeting(&mut tx, &ctx.workspace, name).await?;
    tx.commit().await?;
    Ok(card::participants(&review, &meeting, &people).into())
}

async fn chair(ctx: &Ctx, name: ReviewName, person: Uuid) -> Result<Reply> {
    let workspace = ctx.workspace.id;
    let mut tx = ctx.write().await?;
    let mut review = load(&mut tx, workspace, name).await?;
    review.must_be_planned("chair")?;
    let people = ctx.people(&mut tx).await?;
    if review.chair == Some(person) {
        let text = format!("{} chairs it already.", people.name(Some(person)));
        return Err(UserError::at("person", text).into());
    }
    let data = json!({ "chair": person, "was": review.chair });
    review.chair = Some(person);
    sql!(tx, review::save_review(workspace, &review))?;
    ctx.log(&mut tx, "review-chair-named", name, data).await?;
    if !sql!(tx, review::list_participants(workspace, name))?.contains(&person) {
        add(ctx, &mut tx, &review, person).await?;
    }
    let meeting = meeting(&mut tx, &ctx.workspace, name).await?;
    tx.commit().await?;
    Ok(card::participants(&review, &meeting, &people).into())
}

/// What is planned around a review.
pub async fn meeting(conn: &mut Conn, workspace: &Workspace, name: ReviewName) -> Result<Meeting> {
    let changes = sql!(conn, plan::list_changes(workspace.id))?;
    Ok(Meeting {
        zone: workspace.zone,
        participants: sql!(conn, review::list_participants(workspace.id, name))?,
        changes: changes
            .into_iter()
            .filter(|(review, _)| *review == name)
            .map(|(_, change)| change)
            .collect(),
    })
}

/// What was not held when it should have been, as of a moment: for the list, the report and the status.
pub async fn lapsed(
    conn: &mut Conn,
    workspace: &Workspace,
    now: DateTime<Utc>,
) -> Result<Vec<Lapse>> {
    let reviews = sql!(conn, review::list_reviews(workspace.id))?;
    let mut changes: BTreeMap<ReviewName, Vec<Change>> = BTreeMap::new();
    for (name, change) in sql!(conn, plan::list_changes(workspace.id))? {
        changes.entry(name).or_default().push(change);
    }
    let by = (workspace.reviews, today(now, workspace.zone));
    Ok(lapses(&reviews, &changes, by))
}
