//! What the records say to an input, in words.

use chrono::NaiveDate;

use crate::action::rules::{Action, State as ActionState};
use crate::audit::card::coverage_words;
use crate::audit::rules::{Audit, coverage};
use crate::chat::{Text, day};
use crate::kpi::analysis::{self, rules::Analysis};
use crate::kpi::rules::{Overview, Status};
use crate::people::People;

/// Open actions that input (a) names; the rest are counted.
const LISTED: usize = 5;

/// Input (a): what became of the actions that earlier reviews decided on.
pub fn previous_actions(actions: &[Action], people: &People, today: NaiveDate) -> Vec<Text> {
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
        Text::new()
            .code(action.name().to_string())
            .plain_span(format!(" {} · ", action.title))
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
    let mut lines = vec![actions.into(), audits.into()];
    lines.extend(kpi_lines(&records.kpis));
    lines.extend(analysis::card::of_year(&records.analyses, year));
    lines.extend(analysis::card::open_lines(&records.kpis, records.today));
    lines
}

/// How many KPIs are on target, and by name those that are not or that signal.
fn kpi_lines(kpis: &[Overview]) -> Vec<Text> {
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
    let notable = judged
        .iter()
        .filter(|view| view.reading.signal.is_some() || !on_target(view));
    lines.extend(notable.map(|view| {
        let signal = view
            .reading
            .signal
            .map(|signal| format!(", {}", signal.words()))
            .unwrap_or_default();
        Text::new()
            .code(view.kpi.key.to_string())
            .plain_span(format!(
                " {}: {}{signal}",
                view.kpi.name,
                view.reading.status.words()
            ))
    }));
    lines
}
