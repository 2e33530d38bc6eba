//! What the records say to an input, in words.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use strum::IntoEnumIterator;

use super::rules::{Since, Turn, oldest, turned};
use crate::action::rules::{Action, State as ActionState};
use crate::audit::card::coverage_words;
use crate::audit::finding::rules::{Finding, Grade, State as FindingState};
use crate::audit::rules::{Audit, coverage};
use crate::chat::{Text, day};
use crate::kpi::analysis::{self, rules::Analysis};
use crate::kpi::rules::{Overview, Status};
use crate::people::People;
use crate::report::quantity;

/// Open actions that input (a) names; the rest are counted.
const LISTED: usize = 5;

/// Input (a): what became of the actions that earlier reviews decided on.
/// `decided` says by an action's number which decision it came of.
pub fn previous_actions(
    actions: &[Action],
    decided: &BTreeMap<i64, String>,
    (people, today): (&People, NaiveDate),
) -> Vec<Text> {
    if actions.is_empty() {
        return vec!["No action has come from a review yet.".into()];
    }
    let open: Vec<_> = actions.iter().filter(|a| a.state.is_open()).collect();
    let (left, all) = (open.len(), actions.len());
    let actions_are = match (left, all) {
        (_, 1) => "action from reviews is",
        (1, _) => "actions from reviews is",
        _ => "actions from reviews are",
    };
    let mut lines = vec![Text::from(format!(
        "{left} of {all} {actions_are} still open."
    ))];
    lines.extend(open.iter().take(LISTED).map(|action| {
        let late = if action.is_overdue(today) {
            ", overdue"
        } else {
            ""
        };
        let of = decided.get(&action.number);
        let of = of.map(|words| format!(" ({words})")).unwrap_or_default();
        Text::new()
            .code(action.name().to_string())
            .plain_span(format!(" {}{of} · ", action.title))
            .then(people.mention(action.owner))
            .plain_span(format!(" · due {}{late}", day(action.due)))
    }));
    if open.len() > LISTED {
        lines.push(format!("and {} more", open.len() - LISTED).into());
    }
    lines
}

/// What the records say of performance.
#[derive(Debug)]
pub struct Performance {
    /// How many actions there are in each state.
    pub states: Vec<(String, i64)>,
    pub overdue: usize,
    /// The audits of this year.
    pub year: i32,
    pub audits: Vec<Audit>,
    pub kpis: Vec<Overview>,
    /// What crossed this year, and what was found.
    pub analyses: Vec<Analysis>,
    /// The actions that are open.
    pub open: Vec<Action>,
    pub findings: Vec<Finding>,
    pub since: Option<Since>,
    pub today: NaiveDate,
}

/// Input (d): actions, audits and KPIs, in that order.
pub fn performance(records: &Performance) -> Vec<Text> {
    let count = |wanted: &[ActionState]| -> i64 {
        let fits = |state: &str| wanted.iter().any(|wanted| wanted.to_string() == state);
        let fitting = records.states.iter().filter(|(state, _)| fits(state));
        fitting.map(|(_, count)| count).sum()
    };
    let open = [
        ActionState::Raised,
        ActionState::Planned,
        ActionState::Reopened,
    ];
    let overdue = match records.overdue {
        0 => "none overdue".to_owned(),
        n => format!("{n} of them overdue"),
    };
    let actions = format!(
        "Actions: {} open, {overdue}; {} done and to be verified; {} effective.",
        count(&open),
        count(&[ActionState::Done]),
        count(&[ActionState::Effective])
    );
    let year = records.year;
    let audits = match records.audits.as_slice() {
        [] => format!("Audits: no programme for {year}."),
        audits => format!("Audits {year}: {}.", coverage_words(coverage(audits))),
    };
    let mut lines = vec![Text::from(actions)];
    lines.extend(on_actions(records));
    lines.push(audits.into());
    lines.extend(findings(&records.findings, year));
    lines.extend(kpi_lines(&records.kpis, records.since.as_ref()));
    lines.extend(records.since.as_ref().map(on_inputs));
    lines.extend(analysis::card::of_year(&records.analyses, year));
    lines.extend(analysis::card::open_lines(&records.kpis, records.today));
    lines
}

/// How many KPIs are on target, and by name those that are not or that signal.
fn kpi_lines(kpis: &[Overview], since: Option<&Since>) -> Vec<Text> {
    let judged: Vec<_> = kpis
        .iter()
        .filter(|view| !matches!(view.reading.status, Status::Paused | Status::Waiting))
        .collect();
    if judged.is_empty() {
        return vec!["KPIs: no values yet.".into()];
    }
    let on_target = |view: &&&Overview| view.reading.status == Status::OnTarget;
    let mut lines = vec![Text::from(format!(
        "KPIs: {} of {} on target.",
        judged.iter().filter(on_target).count(),
        judged.len()
    ))];
    lines.extend(since.and_then(|since| turns(&judged, since)));
    let notable = judged
        .iter()
        .filter(|view| view.reading.signal.is_some() || !on_target(view));
    lines.extend(notable.map(|view| {
        let signal = view
            .reading
            .signal
            .map(|signal| format!(", {}", signal.words()))
            .unwrap_or_default();
        let was = since.and_then(|since| was(view, since)).unwrap_or_default();
        Text::new()
            .code(view.kpi.key.to_string())
            .plain_span(format!(
                " {}: {}{signal}{was}",
                view.kpi.name,
                view.reading.status.words()
            ))
    }));
    lines
}

/// How old what is open is, and what was raised and settled since the last review.
fn on_actions(records: &Performance) -> Vec<Text> {
    let oldest = oldest(&records.open, records.today).map(|(action, days)| {
        let days = match days {
            1 => "1 day".to_owned(),
            days => format!("{days} days"),
        };
        Text::from("The oldest open action is ")
            .code(action.name().to_string())
            .plain_span(format!(", raised {days} ago."))
    });
    let since = records.since.as_ref().map(|since| {
        Text::from(format!(
            "Since {} on {}: {} raised, {} found effective.",
            since.review,
            day(since.on),
            since.raised,
            since.effective
        ))
    });
    oldest.into_iter().chain(since).collect()
}

/// What the audits of a year found, by weight.
fn findings(all: &[Finding], year: i32) -> Option<Text> {
    let stands =
        |finding: &&Finding| finding.audit.year == year && finding.state != FindingState::Withdrawn;
    let found: Vec<&Finding> = all.iter().filter(stands).collect();
    let counts = Grade::iter().filter_map(|grade| {
        let count = found
            .iter()
            .filter(|finding| finding.grade == grade)
            .count();
        let words = match (grade, count) {
            (_, 0) => return None,
            (Grade::Major, 1) => "major nonconformity",
            (Grade::Major, _) => "major nonconformities",
            (Grade::Minor, 1) => "minor nonconformity",
            (Grade::Minor, _) => "minor nonconformities",
            (Grade::Opportunity, 1) => "opportunity",
            (Grade::Opportunity, _) => "opportunities",
            (Grade::Conforming, 1) => "conforming note",
            (Grade::Conforming, _) => "conforming notes",
        };
        Some(format!("{count} {words}"))
    });
    let counts: Vec<String> = counts.collect();
    (!counts.is_empty()).then(|| format!("Findings {year}: {}.", counts.join(", ")).into())
}

/// How many KPIs went which way since the last review.
fn turns(kpis: &[&Overview], since: &Since) -> Option<Text> {
    let turns: Vec<Turn> = kpis
        .iter()
        .filter_map(|view| Some(turned(view, since.on)?.turn))
        .collect();
    if turns.is_empty() {
        return None;
    }
    let count = |wanted: Turn| turns.iter().filter(|turn| **turn == wanted).count();
    Some(
        format!(
            "Since {}: {} better, {} worse, {} as they were.",
            since.review,
            count(Turn::Better),
            count(Turn::Worse),
            count(Turn::Same)
        )
        .into(),
    )
}

/// `; 84% now, 91% at MR-2026-Q2: worse`.
fn was(view: &Overview, since: &Since) -> Option<String> {
    let turned = turned(view, since.on)?;
    let unit = &view.kpi.unit;
    let turn = match turned.turn {
        Turn::Better => "better",
        Turn::Worse => "worse",
        Turn::Same => "the same",
    };
    Some(format!(
        "; {} now, {} at {}: {turn}",
        quantity(turned.is, unit),
        quantity(turned.was, unit),
        since.review
    ))
}

/// How many inputs of the last review came in time.
fn on_inputs(since: &Since) -> Text {
    let (in_time, asked) = since.on_time;
    format!(
        "Inputs of {}: {in_time} of {asked} came in time.",
        since.review
    )
    .into()
}
