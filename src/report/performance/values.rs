//! Every value of a report as rows, with its corrections: for a spreadsheet.

use super::rules::{Part, Performance};
use crate::kpi::card::given_by;
use crate::report::table::{Cell, Rows};

const HEAD: [&str; 16] = [
    "kpi",
    "name",
    "unit",
    "frequency",
    "period",
    "first_day",
    "last_day",
    "revision",
    "stands",
    "value",
    "target",
    "status",
    "signal",
    "note",
    "recorded_by",
    "recorded_at",
];

/// A row for each value and each correction, by KPI and period. What was corrected does not stand.
pub fn rows(told: &Performance) -> Rows {
    Rows {
        head: HEAD.to_vec(),
        rows: told
            .parts
            .iter()
            .flat_map(|part| of_part(told, part))
            .collect(),
    }
}

fn of_part(told: &Performance, part: &Part) -> Vec<Vec<Cell>> {
    let kpi = &part.view.kpi;
    let signal_of = |period| {
        let point = part.points(told.span).find(|point| point.period == period);
        point.and_then(|point| point.signal)
    };
    let row = |(nth, m): (usize, &crate::kpi::rules::Measurement)| {
        let period = kpi.period(m.period);
        // Revisions follow each other.
        let next = part.given.get(nth + 1);
        let stands = next.is_none_or(|next| next.period != m.period);
        let signal = signal_of(period).filter(|_| stands);
        vec![
            Cell::from(kpi.key.as_str()),
            Cell::from(kpi.name.as_str()),
            Cell::from(kpi.unit.as_str()),
            Cell::Text(kpi.frequency.to_string()),
            Cell::Text(period.to_string()),
            Cell::Day(period.first_day()),
            Cell::Day(period.last_day()),
            Cell::Whole(m.revision),
            Cell::from(if stands { "yes" } else { "no" }),
            Cell::Number(m.value),
            Cell::Number(kpi.target),
            Cell::from(kpi.judge(m.value).words()),
            Cell::text(signal.map(|signal| signal.words())),
            Cell::text(m.note.clone()),
            Cell::Text(given_by(m, &told.people)),
            Cell::At(m.at),
        ]
    };
    part.given.iter().enumerate().map(row).collect()
}
