//! A KPI's run chart, and what it shows in words.

use chrono::NaiveDate;

use super::card::{level, value_in};
use super::limits::rules::Step;
use super::process::{Scale, Signal};
use super::rules::{Overview, Point, Process, too_few};
use crate::chat::{Chart, ChartPoint, ChartStep, Picture, PictureSource};
use crate::report::number;

/// Gaps between events that a chart shows.
const EVENTS: usize = 40;

/// The run chart, as it is drawn.
pub fn chart(view: &Overview) -> Chart {
    let points = view.points.iter().map(|point| ChartPoint {
        period: point.period.first_day(),
        value: point.value,
        signal: point.signal.is_some(),
    });
    let between = view.kpi.scale == Scale::DaysBetween;
    let points: Vec<ChartPoint> = if between {
        events(view)
    } else {
        points.collect()
    };
    let limits = view.steps.last().map(|step| step.limits);
    let first = points.first().map(|point| point.period);
    Chart {
        title: match between {
            true => format!("{}: days between", view.kpi.name),
            false => view.kpi.name.clone(),
        },
        unit: view.kpi.limits_unit().to_owned(),
        // Target and warning level are about how many, not about how far apart.
        target: (!between).then_some(view.kpi.target),
        warning: view.kpi.warning.filter(|_| !between),
        mean: limits.map(|limits| limits.mean),
        upper: limits.and_then(|limits| limits.upper),
        lower: limits.and_then(|limits| limits.lower),
        earlier: earlier(&view.steps)
            .filter(|step| first.is_some_and(|first| first < step.until))
            .collect(),
        by_event: between,
        points,
    }
}

/// The limits that hold no more, each until the next.
fn earlier(steps: &[Step]) -> impl Iterator<Item = ChartStep> {
    steps.windows(2).map(|pair| ChartStep {
        until: pair[1].since,
        mean: pair[0].limits.mean,
        upper: pair[0].limits.upper,
        lower: pair[0].limits.lower,
    })
}

/// The last gaps between events, and the one that goes on.
fn events(view: &Overview) -> Vec<ChartPoint> {
    let shown = view.gaps.len().saturating_sub(EVENTS);
    let gaps = view.gaps[shown..].iter();
    let ended = gaps.map(|(gap, signal)| ChartPoint {
        period: gap.on,
        value: Some(gap.days),
        signal: signal.is_some(),
    });
    let quiet = view.quiet.map(|days| ChartPoint {
        period: view
            .reading
            .latest
            .map_or(NaiveDate::MIN, |latest| latest.period.last_day()),
        value: Some(days),
        signal: view.reading.signal == Some(Signal::FurtherApart),
    });
    ended.chain(quiet).collect()
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
            words.push_str(match kpi.scale {
                Scale::DaysBetween => " days between events.",
                Scale::Linear | Scale::Log => ".",
            });
            if let [.., _, now] = &view.steps[..] {
                let since = kpi.period(now.since);
                words.push_str(&format!(" Limits recalculated from {since} on."));
            }
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
