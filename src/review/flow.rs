//! Load, decide, save and enqueue, in one transaction.

use chrono::{NaiveDate, NaiveDateTime};
use serde_json::json;
use uuid::Uuid;

use super::card::{self, Agenda};
use super::command::{GiveInput, InputItem, ReviewCommand};
use super::plan::rules::Meeting;
use super::rules::{self, Answer, Input, Review, State};
use super::{plan, prefill, risk};
use crate::app::{Ctx, Result, UserError};
use crate::chat::{Card, Reply, Text};
use crate::command;
use crate::command::value::ReviewName;
use crate::outbox::{self, Job, Subject, To};
use crate::people::roles::flow::able;
use crate::people::{People, Role, Workspace};
use crate::presence::absence;
use crate::schedule::ladder::Obligation;
use crate::sql;
use crate::store::Conn;

/// Carries out what was said about reviews.
pub async fn run(ctx: &Ctx, command: ReviewCommand) -> Result<Reply> {
    match command {
        ReviewCommand::Plan(command) => plan::flow::run(ctx, command).await,
        ReviewCommand::Risk(command) => risk::flow::run(ctx, command).await,
        ReviewCommand::List => list(ctx).await,
        ReviewCommand::Show { review } => show(ctx, review).await,
        ReviewCommand::Input(given) => give(ctx, given).await,
        ReviewCommand::Assign {
            review,
            item,
            owner,
        } => assign(ctx, (review, item), owner.0).await,
        ReviewCommand::Start { review } => start(ctx, review).await,
        ReviewCommand::Sign { review, conclusion } => sign(ctx, review, conclusion.0).await,
    }
}

async fn list(ctx: &Ctx) -> Result<Reply> {
    let mut conn = ctx.read().await?;
    let mut reviews = Vec::new();
    for review in sql!(conn, review::list_reviews(ctx.workspace.id))? {
        let inputs = sql!(conn, review::list_inputs(ctx.workspace.id, review.name))?;
        reviews.push((review, inputs));
    }
    let lapses = plan::flow::lapsed(&mut conn, &ctx.workspace, ctx.now).await?;
    Ok(card::listed(&reviews, &lapses).into())
}

async fn show(ctx: &Ctx, name: ReviewName) -> Result<Reply> {
    let mut conn = ctx.read().await?;
    let review = load(&mut conn, ctx.workspace.id, name).await?;
    let people = ctx.people(&mut conn).await?;
    let agenda = agenda(&mut conn, &ctx.workspace, review, ctx.today()).await?;
    Ok(card::shown(&agenda, &people).into())
}

async fn assign(ctx: &Ctx, (name, item): (ReviewName, InputItem), owner: Uuid) -> Result<Reply> {
    let workspace = ctx.workspace.id;
    let mut tx = ctx.write().await?;
    let review = load(&mut tx, workspace, name).await?;
    must_take_inputs(&review)?;
    let people = ctx.people(&mut tx).await?;
    able(&people, owner).map_err(|error| error.beside(Some("owner")))?;
    let mut input = load_input(&mut tx, workspace, (name, item)).await?;
    let before = std::mem::replace(&mut input.owner, owner);
    if before == owner {
        let text = format!("({item}) is with {} already.", people.name(Some(owner)));
        return Err(UserError::at("owner", text).into());
    }
    sql!(tx, review::save_input(workspace, name, &input))?;
    let data = json!({ "item": item, "owner": owner, "before": before });
    ctx.log(&mut tx, "review-input-assigned", name, data)
        .await?;
    if owner != ctx.person.id && input.is_missing() {
        let subject = Subject::InputAssigned {
            review: name,
            item,
            owner,
            by: ctx.person.id,
        };
        let key = format!("{name} {item} assigned {}", Uuid::now_v7());
        outbox::enqueue(
            &mut tx,
            Job::new(workspace, subject, key, To::Person(owner)),
        )
        .await?;
    }
    tx.commit().await?;
    Ok(card::assigned_receipt(&review, &input, &people).into())
}

async fn give(ctx: &Ctx, given: GiveInput) -> Result<Reply> {
    let GiveInput {
        review: name,
        item,
        answer,
        nothing,
        climate,
    } = given;
    let workspace = ctx.workspace.id;
    let mut tx = ctx.write().await?;
    let review = load(&mut tx, workspace, name).await?;
    must_take_inputs(&review)?;
    let mut input = load_input(&mut tx, workspace, (name, item)).await?;
    if input.owner != ctx.person.id
        && ctx.person.role != Role::Manager
        && !absence::stands_in(ctx, &mut tx, input.owner).await?
    {
        let people = ctx.people(&mut tx).await?;
        let text = format!(
            "({item}) of {name} is for {} to give; an ISMS manager can give it for them, or make \
             it yours.",
            people.name(Some(input.owner))
        );
        return Err(UserError::at("item", text).into());
    }
    if climate.is_some() && !item.asks_climate() {
        let text = "Climate change is asked for in (b) and (c) only.";
        return Err(UserError::at("climate", text).into());
    }
    // Who says it once need not say it again.
    let before = input.answer.take();
    let climate = climate.map(|climate| climate.0);
    let climate = climate.or(before.as_ref().and_then(|before| before.climate.clone()));
    let text = match (answer, nothing) {
        (Some(_), true) => {
            let text = "Either write what there is to report, or say that there is nothing.";
            return Err(UserError::at("answer", text).into());
        }
        (None, false) => {
            // Only one connection at a time: the form looks for itself.
            drop(tx);
            input.answer = before;
            return ask(ctx, name, (&input, climate)).await;
        }
        (answer, _) => answer
            .map(|answer| answer.0)
            .filter(|text| !rules::is_nothing(text)),
    };
    let data = json!({
        "item": item, "answer": text, "nothing": text.is_none(), "climate": climate,
    });
    input.answer = Some(Answer {
        text,
        climate,
        by: ctx.person.id,
        at: ctx.now,
    });
    sql!(tx, review::save_input(workspace, name, &input))?;
    ctx.log(&mut tx, "review-input-given", name, data).await?;
    let inputs = sql!(tx, review::list_inputs(workspace, name))?;
    tx.commit().await?;
    let agenda = Agenda {
        review,
        inputs,
        prefilled: Vec::new(),
        meeting: Meeting::default(),
    };
    Ok(card::given(&agenda, item, ctx.person.id).into())
}

/// The meeting begins. What the records say to (a) and (d) is kept as it stands.
async fn start(ctx: &Ctx, name: ReviewName) -> Result<Reply> {
    let workspace = ctx.workspace.id;
    let mut tx = ctx.write().await?;
    let review = load(&mut tx, workspace, name).await?;
    let mut agenda = agenda(&mut tx, &ctx.workspace, review, ctx.today()).await?;
    agenda.review.start()?;
    sql!(tx, review::save_review(workspace, &agenda.review))?;
    for (item, lines) in std::mem::take(&mut agenda.prefilled) {
        let Some(input) = agenda.inputs.iter_mut().find(|input| input.item == item) else {
            continue;
        };
        let lines = lines.iter().map(Text::plain);
        let added = input.answer.take().and_then(|answer| answer.text);
        input.answer = Some(Answer {
            text: Some(lines.chain(added).collect::<Vec<_>>().join("\n")),
            climate: None,
            by: ctx.person.id,
            at: ctx.now,
        });
        sql!(tx, review::save_input(workspace, name, input))?;
    }
    let frozen: Vec<_> = agenda
        .inputs
        .iter()
        .map(|input| {
            let answer = input.answer.as_ref();
            json!({
                "item": input.item, "owner": input.owner, "missing": answer.is_none(),
                "answer": answer.and_then(|answer| answer.text.as_deref()),
            })
        })
        .collect();
    ctx.log(&mut tx, "review-started", name, json!({ "inputs": frozen }))
        .await?;
    let people = ctx.people(&mut tx).await?;
    tx.commit().await?;
    Ok(card::shown(&agenda, &people).into())
}

async fn sign(ctx: &Ctx, name: ReviewName, conclusion: String) -> Result<Reply> {
    let workspace = ctx.workspace.id;
    let mut tx = ctx.write().await?;
    let mut review = load(&mut tx, workspace, name).await?;
    review.sign(ctx.today(), conclusion)?;
    sql!(tx, review::save_review(workspace, &review))?;
    let data = json!({ "on": review.finished_on, "conclusion": review.conclusion });
    ctx.log(&mut tx, "review-signed", name, data).await?;
    let people = ctx.people(&mut tx).await?;
    let agenda = agenda(&mut tx, &ctx.workspace, review, ctx.today()).await?;
    tx.commit().await?;
    Ok(card::shown(&agenda, &people).into())
}

/// The form for an input, with what was answered before, or what the risk register says.
async fn ask(
    ctx: &Ctx,
    review: ReviewName,
    (input, climate): (&Input, Option<String>),
) -> Result<Reply> {
    let before = match &input.answer {
        Some(answer) => answer.text.clone(),
        None if input.item == InputItem::F => {
            let mut conn = ctx.read().await?;
            prefill::flow::of_risks(&mut conn, &ctx.workspace, ctx.today()).await?
        }
        None => None,
    };
    let words = format!("review input {review} {}", input.item);
    let values = [("answer", before), ("climate", climate)];
    let values: Vec<_> = values
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect();
    Ok(match command::form(&words, &values, &ctx.known().await?) {
        Ok(mut form) => {
            form.intro = Some(card::ask_words(input.item));
            if !input.item.asks_climate() {
                form.fields.retain(|field| field.name != "climate");
            }
            Reply::Form(form)
        }
        Err(misread) => misread.into(),
    })
}

fn must_take_inputs(review: &Review) -> Result<(), UserError> {
    if review.takes_inputs() {
        return Ok(());
    }
    let text = format!(
        "The inputs of {} are frozen: it is {}.",
        review.name, review.state
    );
    Err(UserError::at("review", text).button("Show", format!("review show {}", review.name)))
}

/// The review, or an error that says how to find the right one.
pub async fn load(conn: &mut Conn, workspace: Uuid, name: ReviewName) -> Result<Review> {
    match sql!(conn, review::find_review(workspace, name))? {
        Some(review) => Ok(review),
        None => Err(UserError::at("review", format!("There is no {name} here."))
            .button("List reviews", "review list")
            .into()),
    }
}

async fn load_input(
    conn: &mut Conn,
    workspace: Uuid,
    (name, item): (ReviewName, InputItem),
) -> Result<Input> {
    sql!(conn, review::list_inputs(workspace, name))?
        .into_iter()
        .find(|input| input.item == item)
        .ok_or_else(|| UserError::at("item", format!("{name} has no input ({item}).")).into())
}

/// A review with its inputs, and what the records say to (a) and (d) today.
pub async fn agenda(
    conn: &mut Conn,
    workspace: &Workspace,
    review: Review,
    today: NaiveDate,
) -> Result<Agenda> {
    let inputs = sql!(conn, review::list_inputs(workspace.id, review.name))?;
    // What is frozen says how it stood then.
    let mut prefilled = match review.takes_inputs() {
        true => prefill::flow::prefilled(conn, workspace, today).await?,
        false => Vec::new(),
    };
    // An answer to (f) begins with what the register says.
    let is_given = |item| inputs.iter().any(|i| i.item == item && i.answer.is_some());
    prefilled.retain(|(item, _)| *item != InputItem::F || !is_given(*item));
    Ok(Agenda {
        meeting: plan::flow::meeting(conn, workspace, review.name).await?,
        review,
        inputs,
        prefilled,
    })
}

/// What a person owes to coming reviews.
pub async fn obligations(
    conn: &mut Conn,
    workspace: &Workspace,
    person: Uuid,
) -> Result<Vec<Obligation>> {
    let owed = sql!(conn, review::list_owed_inputs(workspace.id, person))?;
    Ok(owed
        .iter()
        .filter_map(|(review, input)| review.obligation(input))
        .collect())
}

/// To a new owner of an input, if they still are and it is still missing.
pub async fn assigned(
    conn: &mut Conn,
    workspace: &Workspace,
    (name, item): (ReviewName, InputItem),
    (owner, by): (Uuid, Uuid),
) -> Result<Option<Card>> {
    let Some(review) = sql!(conn, review::find_review(workspace.id, name))? else {
        return Ok(None);
    };
    let inputs = sql!(conn, review::list_inputs(workspace.id, name))?;
    let still = inputs
        .iter()
        .any(|input| input.item == item && input.owner == owner && input.is_missing());
    if !still || !review.takes_inputs() {
        return Ok(None);
    }
    let people = People(sql!(conn, people::list_people(workspace.id))?);
    Ok(Some(card::assigned(&review, item, &people, by)))
}

/// Said towards the end of a quarter, half-year or year that has no review.
pub async fn due(
    conn: &mut Conn,
    workspace: &Workspace,
    on: NaiveDate,
    late: Option<NaiveDateTime>,
) -> Result<Option<Card>> {
    let rhythm = workspace.reviews;
    let held = sql!(conn, review::list_reviews(workspace.id))?
        .iter()
        .filter(|review| review.state != State::Cancelled)
        .any(|review| rhythm.stretch_of(review.on) == rhythm.stretch_of(on));
    Ok((!held).then(|| card::due(&rhythm.stretch_words(on), late)))
}
