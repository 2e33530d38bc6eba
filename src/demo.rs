//! A sample year for a sample company, told by its people.
//!
//! `config/demo/story.txt` holds what they typed and when, in days before today; the measurements
//! are a table beside it. Each line is said on its day, with the clock set to it, through the same
//! grammar and flows as everybody's: so the sample has a real log, real messages, real dates. A line with
//! `{each}` is said for each clause and control of the audit it names that nobody has looked at yet;
//! `{item}` is the first one that it looks at.

use std::collections::HashMap;

use anyhow::Context as _;
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use serde::Deserialize;
use uuid::Uuid;

use crate::app::{App, Ctx, Error, Result};
use crate::chat::Platform;
use crate::command::value::AuditName;
use crate::kpi::period::Period;
use crate::kpi::rules::Frequency;
use crate::people::{self, Person, Role, RoleFrom, Workspace};
use crate::review::rules::name_for;
use crate::sql;
use crate::{outbox, schedule};

const PEOPLE: &str = include_str!("../config/demo/people.csv");
const STORY: &str = include_str!("../config/demo/story.txt");
const MEASUREMENTS: &str = include_str!("../config/demo/measurements.csv");

/// The playground's one workspace.
pub use crate::playground::WORKSPACE;

/// The last weeks, in which the schedules ran too and posted their digests and reminders.
const SCHEDULED_DAYS: u64 = 15;

/// As many months back the story knows audits by `{audit-…}`: to January of the last year, seen from December.
const AUDITS_BACK: u32 = 23;

/// What happened at an instant of the sample year.
enum Moment {
    Said {
        who: String,
        words: String,
    },
    /// A morning on which the schedules ran.
    Morning,
}

/// Fills an empty playground; does nothing to one that has people. `app`'s clock is the story's.
pub async fn fill(app: &App, until: DateTime<Utc>) -> Result<()> {
    let zone = app.defaults.zone;
    let workspace = Workspace {
        name: "Alder Logistics".to_owned(),
        channel: Some("isms".to_owned()),
        ..Workspace::new(
            Platform::Playground,
            WORKSPACE,
            (zone, app.defaults.working_days),
        )
    };
    let moments = moments(zone, until)?;
    let begin = moments.first().map_or(until, |(at, _)| *at);
    app.clock.move_to(begin);
    let mut tx = app.store.write(workspace.id).await?;
    if !sql!(tx, people::insert_workspace(&workspace))? {
        return Ok(());
    }
    let mut people = HashMap::new();
    for row in csv::Reader::from_reader(PEOPLE.as_bytes()).into_deserialize::<PersonRow>() {
        let row = row.context("people.csv")?;
        let person = people::flow::save(&mut tx, app, workspace.id, &row.person()).await?;
        people.insert(row.id, person);
    }
    tx.commit().await?;
    for (at, moment) in moments {
        app.clock.move_to(at);
        match moment {
            Moment::Said { who, words } => {
                let person = people
                    .get(&who)
                    .with_context(|| format!("story.txt: who is {who}?"))?;
                for words in each(app, workspace.id, words).await? {
                    say(app, (workspace.id, person.id), &words).await?;
                }
            }
            Moment::Morning => {
                schedule::flow::run_due(app).await?;
            }
        }
        outbox::worker::deliver_due(app).await?;
    }
    app.clock.move_to(until);
    Ok(())
}

/// A line for each requirement of its audit that is still to be looked at, where it has a place for one.
async fn each(app: &App, workspace: Uuid, words: String) -> Result<Vec<String>> {
    const PLACE: &str = "{each}";
    const FIRST: &str = "{item}";
    if !words.contains(PLACE) && !words.contains(FIRST) {
        return Ok(vec![words]);
    }
    let audit = words
        .split(' ')
        .find_map(|word| word.parse::<AuditName>().ok());
    let audit = audit.with_context(|| format!("story.txt: which audit? `{words}`"))?;
    let mut conn = app.store.read().await?;
    let items = sql!(conn, checklist::list_items(workspace, audit))?;
    let audit = sql!(conn, audit::find_audit(workspace, audit))?;
    let scope = audit.map(|audit| audit.scope).unwrap_or_default();
    if let Some(first) = scope.first().filter(|_| words.contains(FIRST)) {
        return Ok(vec![words.replace(FIRST, first)]);
    }
    let is_open = |reference: &&String| {
        !items
            .iter()
            .any(|item| item.requirement.as_str() == reference.as_str())
    };
    Ok(scope
        .iter()
        .filter(is_open)
        .map(|reference| words.replace(PLACE, reference))
        .collect())
}

/// A line of the story that is refused is a fault of the story. Role and settings are those of then.
async fn say(app: &App, (workspace, person): (Uuid, Uuid), words: &str) -> Result<()> {
    let mut conn = app.store.read().await?;
    let workspace = sql!(conn, people::load_workspace(workspace))?;
    let person = sql!(conn, people::find_person(workspace.id, person))?;
    drop(conn);
    let person = person.context("who speaks is in people.csv")?;
    let ctx = Ctx::new(app.clone(), workspace, person);
    match ctx.say(words).await {
        Ok(_) => Ok(()),
        Err(Error::User(error)) => {
            Err(anyhow::anyhow!("the story's line `{words}` is refused: {}", error.text).into())
        }
        Err(error) => Err(error),
    }
}

#[derive(Deserialize)]
struct PersonRow {
    id: String,
    name: String,
    role: Role,
    zone: Tz,
}

impl PersonRow {
    fn person(&self) -> Person {
        Person {
            id: Uuid::now_v7(),
            external: self.id.clone(),
            name: self.name.clone(),
            zone: Some(self.zone),
            role: self.role,
            role_from: RoleFrom::Grant,
            present: true,
        }
    }
}

/// Everything of the sample year, in order.
fn moments(zone: Tz, until: DateTime<Utc>) -> anyhow::Result<Vec<(DateTime<Utc>, Moment)>> {
    let today = until.with_timezone(&zone).date_naive();
    let at = |day: NaiveDate, time: NaiveTime| {
        schedule::rules::instant_of(day.and_time(time), zone).min(until)
    };
    let mut moments = Vec::new();
    for line in STORY
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        let (when, words) = line
            .split_once(": ")
            .context("a line of the story has a colon")?;
        let [ago, time, who] = when.split(' ').collect::<Vec<_>>()[..] else {
            anyhow::bail!("`{when}` is not: days ago, time, who");
        };
        let day = today - Days::new(ago.parse()?);
        let Some(words) = fill_in(words, today) else {
            continue;
        };
        let said = Moment::Said {
            who: who.to_owned(),
            words,
        };
        moments.push((at(day, time.parse()?), said));
    }
    moments.extend(measurements(today, at)?);
    // Nine in Europe, and nine in New York.
    for hour in [9, 15] {
        let time = NaiveTime::from_hms_opt(hour, 0, 0).expect("a time");
        let days = (0..SCHEDULED_DAYS).map(|ago| today - Days::new(ago));
        moments.extend(days.map(|day| (at(day, time), Moment::Morning)));
    }
    moments.sort_by_key(|(at, _)| *at);
    Ok(moments)
}

/// Puts in what depends on the day: `{year}`, `{last_year}`; `{audit-3}`, the audit of three months
/// ago; `{review-100}` and `{review+11}`, the review a hundred days ago and the one that was first planned
/// for the day eleven days from now. None
/// if it speaks of an audit of a year before the last, which has no programme.
fn fill_in(words: &str, today: NaiveDate) -> Option<String> {
    let mut words = words
        .replace("{year}", &today.year().to_string())
        .replace("{last_year}", &(today.year() - 1).to_string());
    for ago in 0..=AUDITS_BACK {
        let place = format!("{{audit-{ago}}}");
        let month = today.checked_sub_months(Months::new(ago)).unwrap_or(today);
        let name = AuditName {
            year: month.year(),
            month: month.month(),
            nth: 1,
        };
        if words.contains(&place) && name.year < today.year() - 1 {
            return None;
        }
        words = words.replace(&place, &name.to_string());
    }
    for (place, day) in [
        ("{review-100}", today - Days::new(100)),
        ("{review+11}", today + Days::new(11)),
    ] {
        words = words.replace(place, &name_for(day, &[]).to_string());
    }
    Some(words)
}

#[derive(Deserialize)]
struct MeasurementRow {
    kpi: String,
    frequency: Frequency,
    who: String,
    /// 1 is the last period that has ended.
    periods_ago: usize,
    value: f64,
}

/// Each value is recorded on the morning after its period.
fn measurements(
    today: NaiveDate,
    at: impl Fn(NaiveDate, NaiveTime) -> DateTime<Utc>,
) -> anyhow::Result<Vec<(DateTime<Utc>, Moment)>> {
    let half_past_eight = NaiveTime::from_hms_opt(8, 30, 0).expect("a time");
    let mut moments = Vec::new();
    for row in csv::Reader::from_reader(MEASUREMENTS.as_bytes()).into_deserialize() {
        let row: MeasurementRow = row.context("measurements.csv")?;
        let last = Period::last_ended(row.frequency, today);
        let mut back = std::iter::successors(Some(last), |period| Some(period.previous()));
        let period = back.nth(row.periods_ago - 1).expect("endless");
        let words = format!("kpi record {} {} period:{period}", row.kpi, row.value);
        let said = Moment::Said {
            who: row.who,
            words,
        };
        moments.push((at(period.last_day() + Days::new(1), half_past_eight), said));
    }
    Ok(moments)
}
