use chrono::NaiveDate;
use sqlx::Row as _;
use sqlx::types::Json;
use uuid::Uuid;

use super::Db;
use crate::command::value::KpiKey;
use crate::kpi::survey::rules::{Invited, Round};
use crate::store::word;

type Connection = <Db as sqlx::Database>::Connection;
type Row = <Db as sqlx::Database>::Row;

fn read_round(row: &Row) -> sqlx::Result<Round> {
    let tallies: Option<Json<_>> = row.try_get("tallies")?;
    Ok(Round {
        period: row.try_get("period")?,
        survey: row.try_get::<Json<_>, _>("survey")?.0,
        opened: row.try_get("opened_on")?,
        closes: row.try_get("closes_on")?,
        closed: row.try_get("closed_on")?,
        tallies: tallies.map(|tallies| tallies.0),
    })
}

/// Inserts the round, or replaces the row of the one of its period.
pub async fn save_round(
    db: &mut Connection,
    workspace: Uuid,
    key: &KpiKey,
    round: &Round,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO survey_round
           (workspace, kpi, period, survey, opened_on, closes_on, closed_on, tallies)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (workspace, kpi, period) DO UPDATE SET
            closes_on = excluded.closes_on, closed_on = excluded.closed_on,
            tallies = excluded.tallies",
    )
    .bind(workspace.to_string())
    .bind(key.as_str())
    .bind(round.period)
    .bind(Json(&round.survey))
    .bind(round.opened)
    .bind(round.closes)
    .bind(round.closed)
    .bind(round.tallies.as_ref().map(Json))
    .execute(db)
    .await
    .map(drop)
}

/// The rounds of a KPI, the newest first.
pub async fn list_rounds(
    db: &mut Connection,
    workspace: Uuid,
    key: &KpiKey,
) -> sqlx::Result<Vec<Round>> {
    sqlx::query("SELECT * FROM survey_round WHERE workspace = $1 AND kpi = $2 ORDER BY period DESC")
        .bind(workspace.to_string())
        .bind(key.as_str())
        .try_map(|row: Row| read_round(&row))
        .fetch_all(db)
        .await
}

/// Every round that is open.
pub async fn list_open_rounds(
    db: &mut Connection,
    workspace: Uuid,
) -> sqlx::Result<Vec<(KpiKey, Round)>> {
    sqlx::query(
        "SELECT * FROM survey_round WHERE workspace = $1 AND closed_on IS NULL ORDER BY kpi, period",
    )
    .bind(workspace.to_string())
    .try_map(|row: Row| Ok((word("kpi", row.try_get("kpi")?)?, read_round(&row)?)))
    .fetch_all(db)
    .await
}

/// Inserts somebody who is asked, or replaces what is kept of them.
pub async fn save_invited(
    db: &mut Connection,
    workspace: Uuid,
    (key, period): (&KpiKey, NaiveDate),
    invited: &Invited,
) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO survey_person (workspace, kpi, period, person, answered, answers)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (workspace, kpi, period, person) DO UPDATE SET
            answered = excluded.answered, answers = excluded.answers",
    )
    .bind(workspace.to_string())
    .bind(key.as_str())
    .bind(period)
    .bind(invited.person.to_string())
    .bind(invited.answered)
    .bind(invited.answers.as_ref().map(Json))
    .execute(db)
    .await
    .map(drop)
}

/// Who is asked in a round, and who answered, by their id.
pub async fn list_invited(
    db: &mut Connection,
    workspace: Uuid,
    (key, period): (&KpiKey, NaiveDate),
) -> sqlx::Result<Vec<Invited>> {
    sqlx::query(
        "SELECT * FROM survey_person WHERE workspace = $1 AND kpi = $2 AND period = $3
         ORDER BY person",
    )
    .bind(workspace.to_string())
    .bind(key.as_str())
    .bind(period)
    .try_map(|row: Row| {
        let answers: Option<Json<_>> = row.try_get("answers")?;
        Ok(Invited {
            person: word("person", row.try_get("person")?)?,
            answered: row.try_get("answered")?,
            answers: answers.map(|answers| answers.0),
        })
    })
    .fetch_all(db)
    .await
}

/// The open rounds in which a person was asked and has not answered.
pub async fn list_unanswered(
    db: &mut Connection,
    workspace: Uuid,
    person: Uuid,
) -> sqlx::Result<Vec<(KpiKey, Round)>> {
    sqlx::query(
        "SELECT survey_round.* FROM survey_round JOIN survey_person
           ON survey_person.workspace = survey_round.workspace
          AND survey_person.kpi = survey_round.kpi
          AND survey_person.period = survey_round.period
         WHERE survey_round.workspace = $1 AND survey_person.person = $2
           AND NOT survey_person.answered AND closed_on IS NULL
         ORDER BY closes_on, survey_round.kpi",
    )
    .bind(workspace.to_string())
    .bind(person.to_string())
    .try_map(|row: Row| Ok((word("kpi", row.try_get("kpi")?)?, read_round(&row)?)))
    .fetch_all(db)
    .await
}

/// Throws away what people began to write into the form of a survey and never sent.
pub async fn forget_begun(db: &mut Connection, workspace: Uuid, command: &str) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM draft WHERE workspace = $1 AND command = $2")
        .bind(workspace.to_string())
        .bind(command)
        .execute(db)
        .await
        .map(drop)
}
