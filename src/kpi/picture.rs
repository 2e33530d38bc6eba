//! A KPI's run chart, and what it shows in words.

use super::card::{level, value_in};
use super::rules::{Overview, Point, Process, too_few};
use crate::chat::{Chart, ChartPoint, Picture, PictureSource};
use crate::report::number;

/// The run chart, as it is drawn.
pub fn chart(view: &Overview) -> Chart {
    let limits = match view.reading.process {
        Process::Within(limits) => Some(limits),
        Process::TooFew(_) => None,
    };
    Chart {
        title: view.kpi.name.clone(),
        unit: view.kpi.unit.clone(),
        points: view
            .points
            .iter()
            .map(|point| ChartPoint {
                period: point.period.first_day(),
                value: point.value,
                signal: point.signal.is_some(),
            })
            .collect(),
        target: Some(view.kpi.target),
        warning: view.kpi.warning,
        mean: limits.map(|limits| limits.mean),
        upper: limits.and_then(|limits| limits.upper),
        lower: limits.and_then(|limits| limits.lower),
    }
}

/// The run chart as a picture, with what it shows in words.
pub fn picture(view: &Overview) -> Picture {
    Picture {
        name: format!("{}.png", view.kpi.key),
        alt: in_words(view),
        source: PictureSource::Chart(chart(view)),
    }
}

/// What the chart shows, for people who cannot see it.
fn in_words(view: &Overview) -> String {
    let kpi = &view.kpi;
    let (Some(first), Some(last), Some(latest)) =
        (view.points.first(), view.points.last(), view.reading.latest)
    else {
        return format!("Run chart of {}: no values yet.", kpi.name);
    };
    let mut words = format!(
        "Run chart of {} from {} to {}. Latest {}: {}. Target {}.",
        kpi.name,
        first.period,
        last.period,
        value_in(kpi, latest),
        view.reading.status.words(),
        level(kpi, kpi.target),
    );
    match view.reading.process {
        Process::Within(limits) => {
            words.push_str(&format!(" Mean {}", number(limits.mean)));
            for (name, limit) in [("lower", limits.lower), ("upper", limits.upper)] {
                if let Some(limit) = limit {
                    words.push_str(&format!(", {name} limit {}", number(limit)));
                }
            }
            words.push('.');
        }
        Process::TooFew(values) => {
            words.push_str(&format!(" No limits: {}.", too_few(values)));
        }
    }
    let periods = |wanted: &dyn Fn(&Point) -> bool| -> String {
        let named = view.points.iter().filter(|point| wanted(point));
        let names: Vec<String> = named.map(|point| point.period.to_string()).collect();
        names.join(", ")
    };
    for (what, names) in [
        ("Signals in", periods(&|point| point.signal.is_some())),
        ("No value for", periods(&|point| point.value.is_none())),
    ] {
        if !names.is_empty() {
            words.push_str(&format!(" {what} {names}."));
        }
    }
    words
}
