//! People answer: the form of the questions, and what becomes of what was filled in.

use chrono::TimeDelta;
use serde_json::json;
use uuid::Uuid;

use super::card;
use super::command::{AnswerSurvey, FIELDS};
use super::round::{find_open, message_key};
use super::rules::{Answer, Audience, Invited, Round, Survey};
use crate::app::{Ctx, Result, UserError};
use crate::chat::{Button, Field, FieldKind, Form, Reply};
use crate::command::value::{KpiKey, Prose, RecordName};
use crate::kpi::flow::load;
use crate::kpi::rules::Kpi;
use crate::outbox::reword;
use crate::people::Workspace;
use crate::record::{self, Happening};
use crate::schedule::ladder::{Obligation, SURVEY};
use crate::sql;
use crate::store::{Conn, Tx};

/// The words that open the form of a KPI's survey.
pub fn command_of(key: &KpiKey) -> String {
    format!("survey answer {key}")
}

/// The open round of a KPI, and what is kept of the speaker in it; or why they cannot answer it.
async fn round_for(ctx: &Ctx, conn: &mut Conn, kpi: &Kpi) -> Result<(Round, Invited)> {
    let workspace = ctx.workspace.id;
    let show = |error: UserError| error.button("Show it", format!("survey show {}", kpi.key));
    let open = find_open(conn, workspace, &kpi.key).await?;
    let Some(round) = open.filter(|round| ctx.today() <= round.closes) else {
        let text = format!("No survey about {} is open at the moment.", kpi.name);
        return Err(show(UserError::new(text)).into());
    };
    let invited = sql!(
        conn,
        survey::list_invited(workspace, (&kpi.key, round.period))
    )?;
    let mine = invited
        .into_iter()
        .find(|invited| invited.person == ctx.person.id);
    let mine = match (mine, &round.survey.to) {
        (Some(mine), _) => mine,
        (None, Audience::Channel(_)) => Invited {
            person: ctx.person.id,
            answered: false,
            answers: None,
        },
        (None, to) => {
            let text = format!(
                "This survey asks {to}, as they were when it began; you are not among them."
            );
            return Err(show(UserError::new(text)).into());
        }
    };
    if mine.answered && round.survey.anonymous {
        let text = "You have answered already. Anonymous answers are only counted, and nobody knows \
                    which are yours: so they cannot be changed.";
        return Err(show(UserError::new(text)).into());
    }
    Ok((round, mine))
}

/// Makes the survey's questions the fields of its form, with what this person said before.
pub async fn dress(ctx: &Ctx, conn: &mut Conn, key: &KpiKey, form: &mut Form) -> Result<()> {
    let kpi = load(conn, ctx.workspace.id, key).await?;
    let (round, mine) = round_for(ctx, conn, &kpi).await?;
    let questions = &round.survey.questions;
    let mut fields = Vec::new();
    for (at, (question, name)) in questions.iter().zip(FIELDS).enumerate() {
        let typed = form.field(name);
        let choices = question.choices();
        let before = || {
            let answers = mine.answers.as_ref()?;
            let answer = answers.get(at)?.as_ref()?;
            Some(question.said(answer))
        };
        fields.push(Field {
            name: name.to_owned(),
            label: question.text.clone(),
            hint: None,
            kind: match choices.is_empty() {
                true => FieldKind::Paragraph,
                false => FieldKind::Choice(choices),
            },
            required: question.required(),
            value: typed.and_then(|field| field.value.clone()).or_else(before),
            error: typed.and_then(|field| field.error.clone()),
        });
    }
    form.fields = fields;
    form.say(card::before_answering(&round));
    Ok(())
}

/// Takes in what a person answered.
pub async fn answer(ctx: &Ctx, given: AnswerSurvey) -> Result<Reply> {
    let mut tx = ctx.write().await?;
    let kpi = load(&mut tx, ctx.workspace.id, &given.kpi).await?;
    let (mut round, mut mine) = round_for(ctx, &mut tx, &kpi).await?;
    let answers = read(&round.survey, given.said())?;
    let again = mine.answered;
    mine.answered = true;
    match round.survey.anonymous {
        true => count(ctx, &mut tx, (&kpi, &mut round), &answers).await?,
        false => keep(ctx, &mut tx, (&kpi, &round), &answers).await?,
    }
    mine.answers = (!round.survey.anonymous).then_some(answers);
    let whose = (&kpi.key, round.period);
    sql!(tx, survey::save_invited(ctx.workspace.id, whose, &mine))?;
    let period = kpi.period(round.period);
    let key = message_key(&kpi.key, period, Some(ctx.person.id));
    reword::again(&mut tx, ctx.workspace.id, &key).await?;
    tx.commit().await?;
    Ok(card::answered(&kpi, &round, again).into())
}

/// Reads what was said to each question, or says which is missing or cannot be read.
fn read<const N: usize>(
    survey: &Survey,
    said: [Option<Prose>; N],
) -> Result<Vec<Option<Answer>>, UserError> {
    let mut answers = Vec::new();
    for (at, (said, field)) in said.into_iter().zip(FIELDS).enumerate() {
        let answer = match (survey.questions.get(at), said) {
            (None, None) => break,
            (None, Some(_)) => {
                let text = format!("There are only {} questions.", survey.questions.len());
                return Err(UserError::at(field, text));
            }
            (Some(question), None) if question.required() => {
                let text = format!("“{}” is not answered.", question.text);
                return Err(UserError::at(field, text));
            }
            (Some(_), None) => None,
            (Some(question), Some(said)) => {
                let read = question.read(&said.0);
                Some(read.map_err(|wrong| UserError::at(field, wrong))?)
            }
        };
        answers.push(answer);
    }
    Ok(answers)
}

/// Adds to the tallies. Nothing of it says whose the answers are: not the log, and the draft that does
/// is thrown away with it.
async fn count(
    ctx: &Ctx,
    tx: &mut Tx,
    (kpi, round): (&Kpi, &mut Round),
    answers: &[Option<Answer>],
) -> Result<()> {
    let workspace = ctx.workspace.id;
    let mut tallies = round.tallies.take().unwrap_or_default();
    round.survey.count(&mut tallies, answers);
    round.tallies = Some(tallies);
    sql!(tx, survey::save_round(workspace, &kpi.key, round))?;
    let whose = (workspace, ctx.person.id);
    // Drafts of any age: none of them is later than this.
    let before = ctx.now - TimeDelta::days(1);
    sql!(tx, app::forget_draft(whose, &command_of(&kpi.key), before))?;
    let data = json!({ "period": kpi.period(round.period).to_string() });
    append(ctx, tx, kpi, (None, data)).await
}

/// Keeps what was said under the person's name.
async fn keep(
    ctx: &Ctx,
    tx: &mut Tx,
    (kpi, round): (&Kpi, &Round),
    answers: &[Option<Answer>],
) -> Result<()> {
    let said = round.survey.questions.iter().zip(answers);
    let said: Vec<_> = said
        .map(|(question, answer)| {
            let answer = answer.as_ref().map(|answer| question.said(answer));
            json!({ "question": question.text, "answer": answer })
        })
        .collect();
    let data = json!({ "period": kpi.period(round.period).to_string(), "answers": said });
    append(ctx, tx, kpi, (Some(ctx.person.id), data)).await
}

/// Into the log, past the messages of all the others who are asked: nothing changes for them.
async fn append(
    ctx: &Ctx,
    tx: &mut Tx,
    kpi: &Kpi,
    (actor, data): (Option<Uuid>, serde_json::Value),
) -> Result<()> {
    let happening = Happening {
        workspace: ctx.workspace.id,
        at: ctx.now,
        actor,
        kind: "survey-answered",
        record: kpi.key.to_string(),
        data,
    };
    record::append(tx, happening).await
}

/// The surveys that wait for a person's own answer.
pub async fn obligations(
    conn: &mut Conn,
    workspace: &Workspace,
    person: Uuid,
) -> Result<Vec<Obligation>> {
    let waiting = sql!(conn, survey::list_unanswered(workspace.id, person))?;
    if waiting.is_empty() {
        return Ok(Vec::new());
    }
    let kpis = sql!(conn, kpi::list_kpis(workspace.id))?;
    let obligation = |(key, round): (KpiKey, Round)| {
        let kpi = kpis.iter().find(|kpi| kpi.key == key)?;
        Some(Obligation {
            title: card::owed(kpi, &round),
            due: round.closes,
            ladder: SURVEY,
            button: Button::new("Answer", command_of(&key)).primary(),
            snoozed_until: None,
            record: RecordName::Kpi(key),
        })
    };
    Ok(waiting.into_iter().filter_map(obligation).collect())
}
