//! The table of a performance report that says what was news, what was found and what was done.

use super::rules::{Deviation, Part, Performance};
use crate::chat::Text;
use crate::kpi::analysis;
use crate::kpi::card::level;
use crate::kpi::process::Signal;
use crate::report::document::Table;
use crate::report::{number, quantity};

pub(super) fn deviations(told: &Performance) -> Table {
    let columns = [
        ("KPI", 22),
        ("Period", 15),
        ("Values", 15),
        ("What", 24),
        ("Analysis and actions", 34),
    ];
    let row = |part: &Part, deviation: &Deviation| {
        let kpi = &part.view.kpi;
        let period = match deviation.first == deviation.last {
            true => deviation.first.to_string(),
            false => format!("{} to {}", deviation.first, deviation.last),
        };
        vec![
            kpi.name.as_str().into(),
            period.into(),
            values(deviation, &kpi.unit).into(),
            what(part, deviation).into(),
            found(told, part, deviation),
        ]
    };
    let rows = told.measured().flat_map(|part| {
        let deviations = part.deviations(told.span);
        deviations.into_iter().map(move |d| row(part, &d))
    });
    let empty = "No value was off target, and none signalled a change.";
    Table::of(&columns, empty).rows(rows)
}

/// One value, or the least and the greatest of several.
pub(super) fn values(deviation: &Deviation, unit: &str) -> String {
    match deviation.values[..] {
        [one] => quantity(one, unit),
        _ => {
            let least = deviation
                .values
                .iter()
                .copied()
                .fold(f64::INFINITY, f64::min);
            let most = deviation
                .values
                .iter()
                .copied()
                .fold(f64::NEG_INFINITY, f64::max);
            format!("{} to {}", number(least), quantity(most, unit))
        }
    }
}

fn what(part: &Part, deviation: &Deviation) -> String {
    let kpi = &part.view.kpi;
    let off = format!("off target ({})", level(kpi, kpi.target));
    let words = deviation.off_target.then_some(off);
    let words = words.into_iter().chain(deviation.signal.map(Signal::words));
    words.collect::<Vec<_>>().join("; ")
}

/// What is known of a deviation: the analysis and the actions.
fn found(told: &Performance, part: &Part, deviation: &Deviation) -> Text {
    let mut lines = Vec::new();
    for analysis in told.analyses_of(part, deviation) {
        let finding = match analysis.found {
            // The action has its own line.
            Some(_) if analysis.action.is_some() => analysis::card::found_words(analysis),
            _ => analysis::card::finding(analysis),
        };
        lines.push(Text::from(finding));
    }
    for action in told.actions_from(part, deviation) {
        let state = format!(", {}", action.state.words());
        let line = Text::new().bold(action.name().to_string());
        let line = line.plain_span(state);
        lines.push(match &action.cause {
            Some(cause) => line.plain_span(format!("; cause: {cause}")),
            None => line,
        });
    }
    let joined = lines
        .into_iter()
        .reduce(|text, line| text.plain_span("\n").then(line));
    joined.unwrap_or_else(|| Text::new().italic("no analysis recorded, no action raised"))
}
