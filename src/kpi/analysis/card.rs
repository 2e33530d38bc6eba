//! Every word about what is behind a value.

use chrono::{Datelike, NaiveDate};

use super::rules::{Analysis, Found};
use crate::chat::{Block, Button, Card, Text, day};
use crate::kpi::card::{level, raise_button, show_button, value_in};
use crate::kpi::picture::picture;
use crate::kpi::process::{Scale, Signal};
use crate::kpi::rules::{Crossing, Direction, Kpi, Overview};
use crate::people::People;

/// Analyses that a KPI shows.
const SHOWN: usize = 5;
/// Open analyses that the digest names.
const NAMED: usize = 5;

impl Found {
    pub fn words(self) -> &'static str {
        match self {
            Found::SpecialCause => "a special cause",
            Found::NoneFound => "no special cause",
        }
    }
}

/// `off target (at most 5%) and above its usual range`.
pub fn crossing_words(kpi: &Kpi, crossing: Crossing) -> String {
    let mut what = Vec::new();
    if crossing.off_target {
        what.push(format!("off target ({})", level(kpi, kpi.target)));
    }
    what.extend(crossing.signal.map(Signal::words));
    what.join(" and ")
}

/// `Phishing click rate: 9% in 2026-10 is off target.`
fn headline(kpi: &Kpi, analysis: &Analysis, crossing: Crossing) -> Text {
    // It is not the value that is too near to another, but the events.
    let gaps = kpi.scale == Scale::DaysBetween && !crossing.off_target;
    let text = Text::new().bold(kpi.name.clone()).plain_span(format!(
        ": {}{} {}.",
        value_in(kpi, analysis.crossed(kpi)),
        if gaps { ":" } else { " is" },
        crossing_words(kpi, crossing)
    ));
    let rarer = matches!(
        crossing.signal,
        Some(Signal::FurtherApart | Signal::RowApart(_))
    );
    match rarer && !crossing.off_target && kpi.direction == Direction::Lower {
        true => text.plain_span(" That is good news."),
        false => text,
    }
}

/// To the analyst, when a value crosses: what happened, the chart, and the ways to act on it.
pub fn alert(view: &Overview, analysis: &Analysis, crossing: Crossing) -> Card {
    let kpi = &view.kpi;
    let raised = analysis.action_name();
    let raise = raise_button(kpi, analysis.crossed(kpi));
    let mut card = Card::say(headline(kpi, analysis, crossing));
    if let Some(action) = raised {
        card = card.text(format!("{action} is raised for it. What is behind it?"));
    }
    card.block(Block::Picture(picture(view)))
        .buttons(
            [analysis.button().primary()]
                .into_iter()
                .chain(raised.is_none().then_some(raise))
                .chain([show_button(kpi)]),
        )
        .footer(format!(
            "What is behind it? Please say until {}.",
            day(analysis.due)
        ))
}

/// What became of it: `a special cause: The new filter. CA-3 is raised for it.`
pub fn finding(analysis: &Analysis) -> String {
    if let Some(reason) = &analysis.dropped {
        return format!("came to nothing. {reason}");
    }
    let mut words = found_words(analysis);
    if !analysis.is_explained() {
        if let Some(action) = analysis.action_name() {
            words.push_str(&format!("; {action} is raised for it"));
        }
        return words;
    }
    match (analysis.action_name(), &analysis.no_action) {
        (Some(action), _) => words.push_str(&format!(". {action} is raised for it")),
        (None, Some(why)) => words.push_str(&format!(
            ". No action is needed: {}",
            why.trim_end_matches('.')
        )),
        (None, None) => words.push_str(". Whether an action is needed is not said yet"),
    }
    words
}

/// What was found, without what is done about it.
pub fn found_words(analysis: &Analysis) -> String {
    let Some(found) = analysis.found else {
        return "not looked into yet".to_owned();
    };
    match &analysis.cause {
        Some(cause) => format!("{}: {}", found.words(), cause.trim_end_matches('.')),
        None => found.words().to_owned(),
    }
}

/// The alert, once it is looked into.
pub fn outcome(kpi: &Kpi, analysis: &Analysis, people: &People) -> Card {
    let found = Text::from("Looked into by ")
        .then(people.mention(analysis.by))
        .plain_span(format!(": {}.", finding(analysis)));
    Card::say(headline(kpi, analysis, analysis.crossing))
        .text(found)
        .buttons([show_button(kpi)])
}

/// To who said what is behind it.
pub fn recorded(kpi: &Kpi, analysis: &Analysis) -> Card {
    let line = Text::new().bold(kpi.name.clone()).plain_span(format!(
        ", {}: {}.",
        value_in(kpi, analysis.crossed(kpi)),
        finding(analysis)
    ));
    let card = Card::say(line);
    if !analysis.is_open() {
        return card.buttons([show_button(kpi)]);
    }
    card.text("Raise an action, or say why none is needed: until then this stays open.")
        .buttons([
            raise_button(kpi, analysis.crossed(kpi)).primary(),
            Button::new("No action", format!("kpi analyse {}", kpi.key)),
            show_button(kpi),
        ])
}

/// The last analyses of a KPI, newest first.
pub fn history(kpi: &Kpi, analyses: &[Analysis]) -> Vec<Text> {
    let line = |analysis: &Analysis| {
        Text::new()
            .bold(value_in(kpi, analysis.crossed(kpi)))
            .plain_span(format!(
                " {}: {}.",
                crossing_words(kpi, analysis.crossing),
                finding(analysis)
            ))
    };
    analyses.iter().take(SHOWN).map(line).collect()
}

/// An analysis that is open, as a digest and a review tell it.
pub fn open_line(view: &Overview, today: NaiveDate) -> Option<Text> {
    let open = view.open.as_ref()?;
    let kpi = &view.kpi;
    let late = match open.is_overdue(today) {
        true => format!(", overdue since {}", day(open.due)),
        false => format!(", due {}", day(open.due)),
    };
    Some(Text::new().bold(kpi.name.clone()).plain_span(format!(
        ": {} {}: {}{late}",
        value_in(kpi, open.crossed(kpi)),
        crossing_words(kpi, open.crossing),
        finding(open)
    )))
}

/// What nobody has explained yet, for the digest.
pub fn open_lines(views: &[Overview], today: NaiveDate) -> Vec<Text> {
    let mut lines: Vec<Text> = views
        .iter()
        .filter_map(|view| open_line(view, today))
        .collect();
    if let more @ 1.. = lines.len().saturating_sub(NAMED) {
        lines.truncate(NAMED);
        lines.push(format!("and {more} more").into());
    }
    lines
}

/// `Deviations and signals in 2026: 5, of which 2 with a special cause, 1 with none, 2 open.`
pub fn of_year(analyses: &[Analysis], year: i32) -> Option<Text> {
    let of_it: Vec<&Analysis> = analyses
        .iter()
        .filter(|analysis| analysis.period.year() == year && analysis.dropped.is_none())
        .collect();
    let count = |wanted: &dyn Fn(&Analysis) -> bool| of_it.iter().filter(|a| wanted(a)).count();
    let closed = |found: Found| count(&|a: &Analysis| !a.is_open() && a.found == Some(found));
    (!of_it.is_empty()).then(|| {
        Text::from(format!(
            "Deviations and signals in {year}: {}; {} with a special cause, {} without, {} not \
             explained yet.",
            of_it.len(),
            closed(Found::SpecialCause),
            closed(Found::NoneFound),
            count(&Analysis::is_open),
        ))
    })
}

/// `2 open, 1 of them overdue`; `None` if none is open.
pub fn open_words(views: &[Overview], today: NaiveDate) -> Option<String> {
    let open: Vec<&Analysis> = views.iter().filter_map(|view| view.open.as_ref()).collect();
    let late = open.iter().filter(|open| open.is_overdue(today)).count();
    match (open.len(), late) {
        (0, _) => None,
        (open, 0) => Some(format!("{open} open, none overdue")),
        (open, late) => Some(format!("{open} open, {late} of them overdue")),
    }
}
