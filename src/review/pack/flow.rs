//! The agenda pack is drawn before the transaction, and kept and sent in one.

use chrono::{DateTime, Days, NaiveDate, Utc, WeekdaySet};
use serde_json::json;
use uuid::Uuid;

use super::card;
use super::document::{Pack, document, told};
use crate::app::{App, Ctx, Result, log};
use crate::chat::Reply;
use crate::command::value::{FileRef, ReviewName};
use crate::kpi;
use crate::kpi::rules::Status;
use crate::outbox::{self, Job, Subject, To};
use crate::people::rules::today;
use crate::people::{People, Workspace};
use crate::record::Happening;
use crate::record::files::{self, Keeper};
use crate::report::{markdown, pdf};
use crate::review::flow::{agenda, load};
use crate::review::plan::flow::{Sent, lapsed};
use crate::review::rules::{Review, State};
use crate::sql;
use crate::store::{Conn, Tx};

/// So many days before the meeting it is sent.
const BEFORE: Days = Days::new(2);
/// As many charts as it has.
const CHARTS: usize = 12;

/// The pack before it is kept.
struct Drawn {
    pdf: Vec<u8>,
    markdown: Vec<u8>,
    told: String,
    summary: String,
}

/// Gives it to whoever asks, as things stand.
pub async fn run(ctx: &Ctx, name: ReviewName) -> Result<Reply> {
    let mut conn = ctx.read().await?;
    let review = load(&mut conn, ctx.workspace.id, name).await?;
    let pack = gather(&mut conn, &ctx.workspace, review, ctx.now).await?;
    drop(conn);
    let drawn = draw(pack).await?;
    let mut tx = ctx.write().await?;
    let keeper = Keeper {
        workspace: ctx.workspace.id,
        by: Some(ctx.person.id),
        at: ctx.now,
    };
    let kept = keep(&mut tx, keeper, name, &drawn).await?;
    send(
        &mut tx,
        ctx.workspace.id,
        &kept,
        (&drawn.told, ctx.person.id),
    )
    .await?;
    tx.commit().await?;
    Ok(card::on_its_way(name, &drawn.summary).into())
}

/// Sends what is due today. Looked at once a working day.
pub async fn look(app: &App, workspace: &Workspace) -> Result<()> {
    let now = app.clock.now();
    let today = today(now, workspace.zone);
    let mut conn = app.store.read().await?;
    let reviews = sql!(conn, review::list_reviews(workspace.id))?;
    let mut due = Vec::new();
    for review in reviews {
        let is_due = review.state == State::Scheduled
            && (day_of(review.on, workspace.working_days)..=review.on).contains(&today);
        if is_due && !is_sent(&mut conn, workspace.id, &review).await? {
            due.push(review);
        }
    }
    drop(conn);
    for review in due {
        let mut conn = app.store.read().await?;
        let (name, on) = (review.name, review.on);
        let pack = gather(&mut conn, workspace, review, now).await?;
        drop(conn);
        let to = receivers(&pack);
        let drawn = draw(pack).await?;
        let mut tx = app.store.write(workspace.id).await?;
        // Somebody may have been faster, or have moved it.
        let review = load(&mut tx, workspace.id, name).await?;
        if review.state != State::Scheduled
            || review.on != on
            || is_sent(&mut tx, workspace.id, &review).await?
        {
            continue;
        }
        let keeper = Keeper {
            workspace: workspace.id,
            by: None,
            at: now,
        };
        let kept = keep(&mut tx, keeper, name, &drawn).await?;
        let [pdf, markdown] = kept.clone();
        let sent = Sent {
            on,
            pdf,
            markdown,
            at: now,
        };
        sql!(tx, plan::save_pack(workspace.id, name, &sent))?;
        let happening = Happening {
            workspace: workspace.id,
            at: now,
            actor: None,
            kind: "review-pack-sent",
            record: name.to_string(),
            data: json!({
                "on": on, "to": to, "summary": drawn.summary, "pdf": sent.pdf,
                "markdown": sent.markdown,
            }),
        };
        log(&mut tx, happening).await?;
        for person in to {
            send(&mut tx, workspace.id, &kept, (&drawn.told, person)).await?;
        }
        tx.commit().await?;
        app.outbox_rung.notify_one();
    }
    Ok(())
}

/// The last working day that is so long before the meeting.
fn day_of(on: NaiveDate, working: WeekdaySet) -> NaiveDate {
    use chrono::Datelike;
    let latest = on - BEFORE;
    (0..7)
        .map(|days| latest - Days::new(days))
        .find(|day| working.contains(day.weekday()))
        .unwrap_or(latest)
}

async fn is_sent(conn: &mut Conn, workspace: Uuid, review: &Review) -> Result<bool> {
    let packs = sql!(conn, plan::list_packs(workspace, review.name))?;
    Ok(packs.iter().any(|sent| sent.on == review.on))
}

/// Who takes part; who runs the ISMS, where nobody does.
fn receivers(pack: &Pack) -> Vec<Uuid> {
    let there = |id: &Uuid| pack.people.find(*id).is_some_and(|person| person.present);
    let taking: Vec<Uuid> = pack
        .agenda
        .meeting
        .participants
        .iter()
        .copied()
        .filter(there)
        .collect();
    match taking.is_empty() {
        true => pack.people.managers().map(|manager| manager.id).collect(),
        false => taking,
    }
}

async fn gather(
    conn: &mut Conn,
    workspace: &Workspace,
    review: Review,
    now: DateTime<Utc>,
) -> Result<Pack> {
    let today = today(now, workspace.zone);
    let mut kpis = kpi::flow::overviews(conn, workspace.id, today).await?;
    kpis.retain(|view| !matches!(view.reading.status, Status::Paused | Status::Waiting));
    // What needs to be talked about comes first.
    kpis.sort_by_key(|view| view.reading.status == Status::OnTarget && !view.signals());
    kpis.truncate(CHARTS);
    Ok(Pack {
        workspace: workspace.name.clone(),
        agenda: agenda(conn, workspace, review, today).await?,
        kpis,
        lapses: lapsed(conn, workspace, now).await?,
        people: People(sql!(conn, people::list_people(workspace.id))?),
        now,
        zone: workspace.zone,
        head: sql!(conn, record::log_head(workspace.id))?,
    })
}

async fn draw(pack: Pack) -> Result<Drawn> {
    let document = document(&pack);
    Ok(Drawn {
        told: told(&pack),
        summary: pack.summary(),
        markdown: markdown::render(&document).into_bytes(),
        pdf: pdf::draw(document).await?,
    })
}

async fn keep(
    tx: &mut Tx,
    keeper: Keeper,
    name: ReviewName,
    drawn: &Drawn,
) -> Result<[FileRef; 2]> {
    let looks = [("pdf", &drawn.pdf), ("md", &drawn.markdown)];
    let mut kept = Vec::new();
    for (extension, bytes) in looks {
        let file = format!("{name}-agenda.{extension}");
        kept.push(files::keep(tx, keeper, &file, bytes.clone()).await?);
    }
    let [pdf, markdown] = <[FileRef; 2]>::try_from(kept)
        .map_err(|kept| anyhow::anyhow!("a pack has two files, not {}", kept.len()))?;
    Ok([pdf, markdown])
}

/// The files to one person.
async fn send(
    tx: &mut Tx,
    workspace: Uuid,
    files: &[FileRef; 2],
    (told, person): (&str, Uuid),
) -> Result<()> {
    for file in files {
        let subject = Subject::File {
            comment: format!("{told} Fingerprint {}", file.fingerprint()),
            file: file.clone(),
        };
        let key = format!("file {} {}", file.fingerprint(), Uuid::now_v7());
        let job = Job::new(workspace, subject, key, To::Person(person));
        outbox::enqueue(tx, job).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::rules::MONDAY_TO_FRIDAY;

    #[test]
    fn the_pack_comes_two_days_before_and_never_on_a_day_off() {
        let on = |meeting: &str| day_of(meeting.parse().unwrap(), MONDAY_TO_FRIDAY).to_string();
        assert_eq!(on("2026-12-17"), "2026-12-15");
        // A Monday and a Tuesday: the Friday before.
        assert_eq!(on("2026-12-14"), "2026-12-11");
        assert_eq!(on("2026-12-15"), "2026-12-11");
        assert_eq!(on("2028-03-02"), "2028-02-29");
    }
}
