//! Every word about limits.

use super::rules::Frozen;
use crate::chat::{Block, Button, Card, Text, day};
use crate::kpi::card::show_button;
use crate::kpi::period::Period;
use crate::kpi::picture::picture;
use crate::kpi::process::{Limits, Scale};
use crate::kpi::rules::{Kpi, Overview, Process, Value, too_few};
use crate::people::People;
use crate::report::{number, quantity};

/// Sets of limits that a KPI shows.
const SHOWN: usize = 5;

impl Scale {
    /// How it judges, where that is not as everybody expects.
    pub fn words(self) -> Option<&'static str> {
        match self {
            Scale::Linear => None,
            Scale::Log => Some("by its logarithm, as durations are"),
            Scale::DaysBetween => Some("by the days between one event and the next"),
        }
    }
}

impl Kpi {
    /// What its limits are counted in.
    pub fn limits_unit(&self) -> &str {
        match self.scale {
            Scale::DaysBetween => "days",
            Scale::Linear | Scale::Log => &self.unit,
        }
    }
}

/// `1.34 to 6.66%, mean 4%`, or that there are too few values.
pub fn range_words(view: &Overview) -> String {
    match view.reading.process {
        Process::TooFew(values) => too_few(values),
        Process::Within(limits) => within(&view.kpi, limits),
    }
}

fn within(kpi: &Kpi, limits: Limits) -> String {
    let unit = kpi.limits_unit();
    let range = match (limits.lower, limits.upper) {
        (Some(lower), Some(upper)) => format!("{} to {}", number(lower), quantity(upper, unit)),
        (None, Some(upper)) => format!("up to {}", quantity(upper, unit)),
        (Some(lower), None) => format!("from {}", quantity(lower, unit)),
        (None, None) => "any value".to_owned(),
    };
    let between = match kpi.scale {
        Scale::DaysBetween => " between events",
        Scale::Linear | Scale::Log => "",
    };
    format!("{range}{between}, mean {}", quantity(limits.mean, unit))
}

/// What is to be said of the limits beside the range itself: how the values are judged, and from when,
/// why and by whom the limits are, if they are not the first ones.
pub fn history(kpi: &Kpi, values: &[Value], people: &People) -> Vec<Text> {
    let mut lines = Vec::new();
    lines.extend(
        kpi.scale
            .words()
            .map(|words| Text::from(format!("Judged {words}."))),
    );
    if let Some(last) = kpi.limits.last() {
        let period = |frozen: &Frozen| kpi.period(frozen.since);
        if let Some(outdated @ 1..) = Some(kpi.outdated(last, values)) {
            let values_are = match outdated {
                1 => "1 of the values that the limits are made of was".to_owned(),
                n => format!("{n} of the values that the limits are made of were"),
            };
            let line = Text::from(format!("{values_are} corrected since: "));
            lines.push(line.code(format!(
                "/isms kpi limits {} from:{} …",
                kpi.key,
                period(last)
            )));
        }
        let newest = kpi.limits.iter().rev().filter(|_| kpi.limits.len() > 1);
        lines.extend(newest.take(SHOWN).map(|frozen| {
            let line = Text::from(format!(
                "From {}: {}",
                period(frozen),
                within(kpi, frozen.limits)
            ));
            match &frozen.reason {
                Some(reason) => line
                    .plain_span(format!(
                        ", recalculated on {} by ",
                        day(frozen.at.date_naive())
                    ))
                    .then(people.mention(frozen.by))
                    .plain_span(format!(": {reason}")),
                None => line,
            }
        }));
    }
    lines
}

/// To who recalculated the limits.
pub fn recalculated(before: &Overview, view: &Overview, from: Period) -> Card {
    let kpi = &view.kpi;
    let line = Text::new().bold(kpi.name.clone()).plain_span(format!(
        ": from {from} on the usual range is {}.",
        range_words(view)
    ));
    Card::say(line)
        .text(format!(
            "Before it was {}; that stays for what was before. The reason is on record.",
            range_words(before)
        ))
        .block(Block::Picture(picture(view)))
        .buttons([
            show_button(kpi),
            Button::new("Chart", format!("kpi chart {}", kpi.key)),
        ])
}
