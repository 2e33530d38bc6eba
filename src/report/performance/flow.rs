//! The records that a performance report tells of, read; and the report drawn.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveTime, Utc};

use super::document::{document, summary};
use super::rules::{Part, Performance};
use super::values;
use crate::app::Result;
use crate::command::value::{KpiKey, ReportSpan};
use crate::kpi::rules::Measurement;
use crate::people::rules::today;
use crate::people::{People, Workspace};
use crate::report::command::Format;
use crate::report::rules::Edition;
use crate::report::{markdown, pdf};
use crate::review::plan::flow::lapsed;
use crate::schedule::rules::instant_of;
use crate::sql;
use crate::store::Conn;

/// A report in the looks that were asked for, before it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    pub span: ReportSpan,
    pub summary: String,
    pub pdf: Option<Vec<u8>>,
    pub markdown: Option<Vec<u8>>,
    pub csv: Option<Vec<u8>>,
}

impl Drawn {
    /// Its files with their names, of a numbered edition: PDF, Markdown, CSV.
    pub fn into_files(self, edition: i64) -> Vec<(String, Vec<u8>)> {
        let name = Edition::file_name(self.span, edition);
        let looks = [("pdf", self.pdf), ("md", self.markdown), ("csv", self.csv)];
        let files = looks.into_iter().filter_map(|(extension, bytes)| {
            bytes.map(|bytes| (format!("{name}.{extension}"), bytes))
        });
        files.collect()
    }
}

/// What there is to tell of a span, with all that is known now.
pub async fn gather(
    conn: &mut Conn,
    workspace: &Workspace,
    span: ReportSpan,
    now: DateTime<Utc>,
) -> Result<Performance> {
    let today = today(now, workspace.zone);
    let begin = instant_of(span.first_day().and_time(NaiveTime::MIN), workspace.zone);
    let kpis = sql!(conn, kpi::list_kpis(workspace.id))?;
    let mut of: BTreeMap<KpiKey, Vec<Measurement>> = BTreeMap::new();
    for (key, measurement) in sql!(conn, kpi::list_all_measurements(workspace.id))? {
        of.entry(key).or_default().push(measurement);
    }
    let mut parts: Vec<Part> = kpis
        .into_iter()
        .filter_map(|kpi| {
            let measurements = of.remove(&kpi.key).unwrap_or_default();
            Part::of(kpi, measurements, span, today)
        })
        .collect();
    parts.sort_by_cached_key(|part| part.view.kpi.name.to_lowercase());
    let mut actions = sql!(conn, action::list_moved_since(workspace.id, begin))?;
    let overdue = sql!(conn, action::list_overdue(workspace.id, today))?;
    actions.extend(overdue);
    actions.sort_by_key(|action| action.number);
    actions.dedup_by_key(|action| action.number);
    Ok(Performance {
        workspace: workspace.name.clone(),
        span,
        parts,
        actions,
        analyses: sql!(conn, analysis::list_analyses(workspace.id))?,
        lapses: lapsed(conn, workspace, now).await?,
        people: People(sql!(conn, people::list_people(workspace.id))?),
        now,
        zone: workspace.zone,
        head: sql!(conn, record::log_head(workspace.id))?,
    })
}

/// Draws a report.
pub async fn draw(told: Performance, format: Format) -> Result<Drawn> {
    let document = document(&told);
    let markdown = format.is_markdown().then(|| markdown::render(&document));
    let csv = format.is_csv().then(|| values::rows(&told).csv());
    let pdf = match format.is_pdf() {
        true => Some(pdf::draw(document).await?),
        false => None,
    };
    Ok(Drawn {
        span: told.span,
        summary: summary(&told),
        pdf,
        markdown: markdown.map(String::into_bytes),
        csv: csv.transpose()?,
    })
}
