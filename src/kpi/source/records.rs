//! Loads the bot's own records for a derived figure.

use chrono::Datelike;

use super::ask::Window;
use super::derived::{Figure, Told, inputs_on_time, measurements_on_time, of_actions, of_audits};
use crate::app::Result;
use crate::people::Workspace;
use crate::record;
use crate::sql;
use crate::store::Conn;

/// A figure as it stood when a window ended; none where there is nothing to measure.
pub async fn figure(
    conn: &mut Conn,
    workspace: &Workspace,
    (of, window): (Figure, &Window),
) -> Result<Option<f64>> {
    let at = (window, workspace.zone);
    let id = workspace.id;
    Ok(match of {
        of if of.is_of_actions() => {
            let log = record::histories(conn, id, "action-").await?;
            let told = log.into_iter().map(|(record, past)| Told {
                record,
                at: past.at,
                kind: past.kind,
                data: past.data,
            });
            of_actions(of, &told.collect::<Vec<_>>(), at)
        }
        Figure::AuditCoverage | Figure::AuditsOnTime => {
            let year = window.period.last_day().year();
            let mut audits = sql!(conn, audit::list_audits(id, year - 1))?;
            audits.extend(sql!(conn, audit::list_audits(id, year))?);
            of_audits(of, &audits, at)
        }
        Figure::InputsOnTime => {
            let mut reviews = Vec::new();
            for review in sql!(conn, review::list_reviews(id))? {
                let inputs = sql!(conn, review::list_inputs(id, review.name))?;
                reviews.push((review, inputs));
            }
            inputs_on_time(&reviews, at)
        }
        _ => {
            let mut kpis = Vec::new();
            for kpi in sql!(conn, kpi::list_kpis(id))? {
                let values = sql!(conn, kpi::list_measurements(id, &kpi.key))?;
                kpis.push((kpi, values));
            }
            measurements_on_time(&kpis, at)
        }
    })
}
