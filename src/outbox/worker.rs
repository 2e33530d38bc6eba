//! The worker: claim, send, mark.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use chrono::TimeDelta;
use futures::StreamExt;
use tokio_util::sync::CancellationToken;

use super::addressee::{self, Addressee, Way};
use super::{Job, LEASE, State, Subject, To, reword, subject};
use crate::app::{App, Result};
use crate::chat::{Chat, Content, Delivery, MessageRef, Refusal, SendError, Target};
use crate::people::{Workspace, rights};
use crate::presence::trouble;
use crate::record::{self, Happening};
use crate::sql;
use crate::status::pinned;
use crate::store::{Conn, Tx};

/// Jobs claimed at a time, and sent side by side.
const BATCH: i64 = 16;

/// Attempts before a job is given up: with the backoff below, about a day.
const ATTEMPTS: i64 = 30;

/// The pause of a message to someone who is away while nobody is there who could be asked.
const NOBODY_THERE: Duration = Duration::from_secs(12 * 3600);

/// The shortest nap: what is due may wait behind a message whose outcome is unknown.
const REST: Duration = Duration::from_secs(1);

/// The longest nap: a backstop, since whoever enqueues rings.
const NAP: Duration = Duration::from_secs(30);

/// Sends what is due, until shut down. What it holds then it still sends and marks.
pub async fn run(app: App, shutdown: CancellationToken) {
    loop {
        let nap = match deliver_due(&app).await {
            Ok(_) => nap(&app).await.unwrap_or(NAP),
            Err(error) => {
                tracing::error!(error = %error, "the outbox could not be worked");
                NAP
            }
        };
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = app.outbox_rung.notified() => {}
            () = tokio::time::sleep(nap) => {}
        }
    }
}

/// Until the next job is due.
async fn nap(app: &App) -> Result<Duration> {
    let mut conn = app.store.read().await?;
    let due = sql!(conn, outbox::next_due(&app.platforms()))?;
    let until = due.map_or(NAP, |due| {
        (due - app.clock.now()).to_std().unwrap_or_default()
    });
    Ok(until.clamp(REST, NAP))
}

/// Sends everything that is due now; says how many jobs it took.
pub async fn deliver_due(app: &App) -> Result<usize> {
    let mut taken = 0;
    loop {
        let jobs = claim(app).await?;
        if jobs.is_empty() {
            return Ok(taken);
        }
        taken += jobs.len();
        futures::stream::iter(jobs)
            .for_each_concurrent(None, async |job| {
                if let Err(error) = deliver(app, &job).await {
                    // Its claim runs out, and it is looked for before it is sent again.
                    tracing::error!(job = %job.id, error = %error, "a job could not be marked");
                }
            })
            .await;
    }
}

/// Takes jobs that are due on the platforms that are connected here. Their `state` is still the one before: anything but `Queued` means that
/// the message may have gone out.
pub async fn claim(app: &App) -> Result<Vec<Job>> {
    let now = app.clock.now();
    let platforms = app.platforms();
    let mut conn = app.store.read().await?;
    if sql!(conn, outbox::next_due(&platforms))?.is_none_or(|due| due > now) {
        return Ok(Vec::new());
    }
    drop(conn);
    let mut tx = app.store.write_unlocked().await?;
    let jobs = sql!(tx, outbox::list_due(&platforms, now, BATCH))?;
    for job in &jobs {
        sql!(tx, outbox::claim(job.workspace, job.id, now + LEASE))?;
    }
    tx.commit().await?;
    Ok(jobs)
}

/// How a job ended, for now.
enum Outcome {
    Sent(Sent),
    Dropped,
    Failed(Refusal, Option<Addressee>),
    Later {
        state: State,
        why: String,
        after: Duration,
    },
}

/// A message that stands.
struct Sent {
    /// Where, if it is new.
    at: Option<MessageRef>,
    addressee: Addressee,
    /// The records its buttons are about.
    asks: Vec<String>,
    /// A fingerprint of what it says, if that matters.
    shown: Option<String>,
}

/// Sends one claimed job and marks how it ended.
pub async fn deliver(app: &App, job: &Job) -> Result<()> {
    let outcome = match send(app, job).await {
        Ok(outcome) => outcome,
        Err(error) => later(untouched(job), error.to_string(), backoff(job.attempts)),
    };
    mark(app, job, outcome).await
}

fn later(state: State, why: String, after: Duration) -> Outcome {
    Outcome::Later { state, why, after }
}

/// The state of a job that was not tried: what may have gone out before still may have.
fn untouched(job: &Job) -> State {
    match job.state {
        State::Queued => State::Queued,
        _ => State::Unknown,
    }
}

async fn send(app: &App, job: &Job) -> Result<Outcome> {
    let mut conn = app.store.read().await?;
    let workspace = sql!(conn, people::load_workspace(job.workspace))?;
    let Some(chat) = app.chat(workspace.platform) else {
        let why = format!("{} is not connected in this process", workspace.platform);
        return Ok(later(untouched(job), why, backoff(job.attempts)));
    };
    if let Subject::Pin { channel } = &job.subject {
        return pin(&mut conn, chat.as_ref(), (job, &workspace), channel).await;
    }
    let thread = match &job.thread_of {
        Some(key) => match sql!(conn, outbox::find_post(job.workspace, key))? {
            Some(thread) => Some(thread),
            None => return Ok(Outcome::Dropped),
        },
        None => None,
    };
    let standing = match job.subject.is_living() {
        true => sql!(conn, outbox::find_post(job.workspace, &job.key))?,
        false => None,
    };
    let way = addressee::find(&mut conn, &workspace, &job.to, app.clock.now()).await?;
    let (target, addressee, instead_of) = match way {
        Way::To {
            target,
            addressee,
            instead_of,
        } => (target, addressee, instead_of),
        // What stands with someone who left stays as it is.
        Way::Gone if standing.is_some() => return Ok(Outcome::Dropped),
        Way::Gone => return Ok(Outcome::Failed(Refusal::UnknownPerson, None)),
        Way::NoChannel => return Ok(Outcome::Failed(Refusal::ChannelNotFound, None)),
        Way::NobodyThere => {
            let why = "they are away, and nobody stands in".to_owned();
            return Ok(later(untouched(job), why, NOBODY_THERE));
        }
    };
    let worded = subject::content(app, &mut conn, &workspace, &job.subject).await?;
    let content = match (worded, &standing, instead_of) {
        (Some(Content::Card(card)), None, Some(words)) => Content::Card(card.with_first(words)),
        // A message that stands does not move to the deputy.
        (Some(content), _, _) => content,
        (None, Some(_), _) => Content::Card(reword::nothing_left()),
        (None, None, _) => return Ok(Outcome::Dropped),
    };
    let content = match (content, &addressee) {
        (Content::Card(card), Addressee::Person(person)) => {
            match sql!(conn, people::find_person(job.workspace, *person))? {
                Some(person) => Content::Card(rights::usable(card, &person)),
                None => Content::Card(card),
            }
        }
        (content, _) => content,
    };
    let shown = match &content {
        Content::Card(card) if job.subject.is_compared() => Some(reword::fingerprint(card)),
        _ => None,
    };
    if standing.is_some()
        && shown.is_some()
        && shown == sql!(conn, outbox::find_shown(job.workspace, &job.key))?
    {
        return Ok(Outcome::Dropped);
    }
    drop(conn);
    let asks = match &content {
        Content::Card(card) if job.subject.is_living() => reword::records_of(card),
        _ => Vec::new(),
    };
    let instead = match &target {
        Target::Person(_) if matches!(job.to, To::Asker(_)) => None,
        Target::Person(_) => workspace.channel.clone().map(Target::Channel),
        Target::Channel(_) => None,
    };
    let to = target.clone();
    let delivery = Delivery {
        id: job.id,
        workspace: workspace.external.clone(),
        target,
        instead,
        thread,
        content,
    };
    let sent = put(chat.as_ref(), job, &workspace, delivery, standing).await;
    Ok(match sent {
        Ok(at) => Outcome::Sent(Sent {
            at,
            addressee,
            asks,
            shown,
        }),
        Err(SendError::Retry { after, why }) => again(job, (after, why)),
        Err(SendError::Unknown(why)) => later(State::Unknown, why, backoff(job.attempts)),
        Err(SendError::Refused(refusal)) => {
            let addressee = addressee
                .looked_at(chat.as_ref(), &workspace, &to, &refusal)
                .await;
            Outcome::Failed(refusal, Some(addressee))
        }
    })
}

/// It certainly did not go out; it is tried again.
fn again(job: &Job, (after, why): (Option<Duration>, String)) -> Outcome {
    let after = after.unwrap_or_default().max(backoff(job.attempts));
    later(State::Queued, why, after)
}

/// Pins the overview of a channel, or takes it down where it is kept no more.
async fn pin(
    conn: &mut Conn,
    chat: &dyn Chat,
    (job, workspace): (&Job, &Workspace),
    channel: &str,
) -> Result<Outcome> {
    let key = pinned::key(channel);
    let Some(at) = sql!(conn, outbox::find_post(job.workspace, &key))? else {
        return Ok(Outcome::Dropped);
    };
    let wanted = pinned::Place::of(workspace) == pinned::Place(Some(channel));
    let addressee = Addressee::Pin(channel.to_owned());
    let done = chat.pin(&workspace.external, &at, wanted).await;
    Ok(match done {
        Ok(()) => Outcome::Sent(Sent {
            at: None,
            addressee,
            asks: Vec::new(),
            shown: None,
        }),
        // To pin twice is to pin once.
        Err(SendError::Unknown(why)) => again(job, (None, why)),
        Err(SendError::Retry { after, why }) => again(job, (after, why)),
        Err(SendError::Refused(refusal)) => Outcome::Failed(refusal, Some(addressee)),
    })
}

/// Edits the message that stands, finds the one that may have gone out, or posts a new one.
async fn put(
    chat: &dyn Chat,
    job: &Job,
    workspace: &Workspace,
    delivery: Delivery,
    standing: Option<MessageRef>,
) -> Result<Option<MessageRef>, SendError> {
    if let (Some(at), Content::Card(card)) = (&standing, &delivery.content) {
        match chat.edit(&workspace.external, at, card).await {
            // Somebody deleted it: it is posted anew.
            Err(SendError::Refused(Refusal::MessageNotFound)) => {}
            // To edit twice is to edit once.
            Err(SendError::Unknown(why)) => return Err(SendError::Retry { after: None, why }),
            edited => return edited.map(|()| None),
        }
    }
    if job.state != State::Queued {
        // A failed look leaves the outcome as unknown as it was.
        let found = chat.find(&delivery).await.map_err(|error| match error {
            SendError::Retry { why, .. } => SendError::Unknown(why),
            other => other,
        })?;
        if found.is_some() {
            return Ok(found);
        }
    }
    chat.post(&delivery).await.map(Some)
}

async fn mark(app: &App, job: &Job, outcome: Outcome) -> Result<()> {
    let now = app.clock.now();
    let mut tx = app.store.write(job.workspace).await?;
    if !sql!(tx, outbox::hold(job))? {
        // It took longer than its claim: whoever has the job now looks for the message first.
        tracing::warn!(job = %job.id, "a job was taken over by another worker");
        return Ok(());
    }
    match outcome {
        Outcome::Sent(sent) => {
            sql!(tx, outbox::mark_ended(job, State::Sent, None, now))?;
            remember(app, &mut tx, job, &sent).await?;
            metrics::counter!("isms_outbox_sent_total").increment(1);
        }
        Outcome::Dropped => sql!(tx, outbox::mark_ended(job, State::Dropped, None, now))?,
        Outcome::Failed(refusal, addressee) => {
            fail(app, &mut tx, job, &refusal.to_string()).await?;
            if let Some(addressee) = addressee {
                addressee
                    .refused(app, &mut tx, job.workspace, &refusal)
                    .await?;
            }
        }
        Outcome::Later { why, .. } if job.attempts + 1 >= ATTEMPTS => {
            fail(app, &mut tx, job, &format!("given up: {why}")).await?;
        }
        Outcome::Later { state, .. }
            if state == State::Queued && sql!(tx, outbox::is_superseded(job))? =>
        {
            sql!(tx, outbox::mark_ended(job, State::Dropped, None, now))?;
        }
        Outcome::Later { state, why, after } => {
            let due = now + TimeDelta::from_std(after).unwrap_or(TimeDelta::hours(1));
            sql!(tx, outbox::mark_later(job, state, &why, due))?;
            metrics::counter!("isms_outbox_retried_total").increment(1);
        }
    }
    tx.commit().await
}

/// Keeps where a message stands and what it asks for; what was in its way is mended.
async fn remember(app: &App, tx: &mut Tx, job: &Job, sent: &Sent) -> Result<()> {
    let workspace = job.workspace;
    match &sent.at {
        Some(at) => sql!(
            tx,
            outbox::save_post(workspace, &job.key, at, app.clock.now())
        )?,
        None => sql!(tx, outbox::forget_asks(workspace, &job.key))?,
    }
    if sent.at.is_some() {
        pinned::posted(tx, workspace, &job.subject).await?;
    }
    if let Some(shown) = &sent.shown {
        sql!(tx, outbox::save_shown(workspace, &job.key, shown))?;
    }
    for record in &sent.asks {
        sql!(tx, outbox::insert_ask(workspace, &job.key, record))?;
    }
    trouble::mended(app, tx, workspace, &sent.addressee.key()).await
}

/// Records that a message will not go out, and why.
async fn fail(app: &App, tx: &mut Tx, job: &Job, why: &str) -> Result<()> {
    let now = app.clock.now();
    tracing::warn!(job = %job.id, why, "a message was not delivered");
    metrics::counter!("isms_outbox_failed_total").increment(1);
    sql!(tx, outbox::mark_ended(job, State::Failed, Some(why), now))?;
    let happening = Happening {
        workspace: job.workspace,
        at: now,
        actor: None,
        kind: "message-not-delivered",
        record: job.key.clone(),
        data: serde_json::json!({ "job": job.id, "why": why }),
    };
    record::append(tx, happening).await
}

/// Two seconds, doubling up to an hour, with jitter so that processes do not march in step.
fn backoff(attempts: i64) -> Duration {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_secs(2))
        .with_max_delay(Duration::from_secs(3600))
        .without_max_times()
        .build()
        .nth(usize::try_from(attempts).unwrap_or_default())
        .unwrap_or(Duration::from_secs(3600))
}
