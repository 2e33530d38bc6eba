//! The weekly digest: how the KPIs stand, in one message, with the whole table in its thread.
//!
//! What needs a look comes first: off target and signalling, then warnings, then values that are
//! missing or old. At most five rows and five charts; the rest stands in the thread.

pub mod flow;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use chrono_tz::Tz;

use super::analysis::card::open_lines;
use super::card::{status_cell, table, trend_cell, value_cell};
use super::picture::picture;
use super::rules::{Overview, Process, Status, too_few};
use crate::chat::{Block, Button, Card, Text, day};
use crate::command::value::ReportSpan;
use crate::record::Head;

/// Rows of the table, charts, and overdue actions that the digest itself shows.
const ROWS: usize = 5;
const CHARTS: usize = 5;
const ACTIONS: usize = 5;

/// Everything a digest tells, gathered when it is sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Digest {
    pub views: Vec<Overview>,
    pub overdue: Vec<OverdueAction>,
    pub next_audit: Option<NextAudit>,
    /// The performance report that was published last.
    pub last_report: Option<LastReport>,
    pub head: Head,
    pub now: DateTime<Utc>,
    pub zone: Tz,
    /// The local time it should have been posted, if that was a while ago.
    pub late: Option<NaiveDateTime>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverdueAction {
    /// `CA-12`.
    pub name: String,
    pub title: String,
    pub owner: String,
    pub due: NaiveDate,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextAudit {
    /// `AUD-2026-03`.
    pub name: String,
    pub topic: String,
    /// `None` when nobody is named yet.
    pub auditor: Option<String>,
    /// Its month is over.
    pub late: bool,
    /// Other audits whose month is over and that are not finished.
    pub behind: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastReport {
    pub span: ReportSpan,
    pub published: DateTime<Utc>,
    /// The names of who has reviewed it.
    pub reviewed_by: Vec<String>,
}

impl Digest {
    /// Nothing is set up yet, so there is nothing to tell.
    pub fn is_empty(&self) -> bool {
        self.views.is_empty() && self.overdue.is_empty() && self.next_audit.is_none()
    }

    pub fn today(&self) -> NaiveDate {
        self.now.with_timezone(&self.zone).date_naive()
    }

    /// The KPIs that are looked at, the most pressing first.
    fn ranked(&self) -> Vec<&Overview> {
        let mut views: Vec<_> = self
            .views
            .iter()
            .filter(|v| v.kpi.paused.is_none())
            .collect();
        views.sort_by_key(|view| (rank(view), view.kpi.key.clone()));
        views
    }

    fn count(&self, wanted: impl Fn(&Overview) -> bool) -> usize {
        self.ranked()
            .into_iter()
            .filter(|view| wanted(view))
            .count()
    }
}

fn rank(view: &Overview) -> u8 {
    match (view.reading.status, view.signals()) {
        (Status::OffTarget, true) => 0,
        (Status::OffTarget, false) => 1,
        (_, true) => 2,
        (Status::Warning, _) => 3,
        (Status::Missing | Status::Stale, _) => 4,
        (Status::OnTarget, _) => 5,
        (Status::Waiting | Status::Paused, _) => 6,
    }
}

/// The digest as it is posted.
pub fn card(digest: &Digest) -> Card {
    let mut card = Card::new(format!("KPI digest · {}", day(digest.today())));
    if let Some(nominal) = digest.late {
        let when = nominal.format("%a %-d %b %Y %H:%M");
        card = card.text(Text::new().italic(format!("This digest is late: it was due {when}.")));
    }
    card = card.text(Text::new().bold(headline(digest)));
    let ranked = digest.ranked();
    if !ranked.is_empty() {
        card = card.block(rows(&ranked));
    }
    match ranked.len().saturating_sub(ROWS) {
        0 => {}
        1 => card = card.text("And one more KPI, in the thread."),
        more => card = card.text(format!("And {more} more KPIs, in the thread.")),
    }
    for view in ranked.iter().filter(|view| view.signals()).take(CHARTS) {
        card = card.block(Block::Picture(picture(view)));
    }
    let unexplained = open_lines(&digest.views, digest.today());
    if !unexplained.is_empty() {
        card = card
            .text(Text::new().bold("Not explained yet"))
            .list(unexplained);
    }
    if !digest.overdue.is_empty() {
        card = card
            .text(Text::new().bold("Overdue actions"))
            .list(overdue(digest));
    }
    if let Some(audit) = &digest.next_audit {
        card = card.text(Text::new().bold("Next audit: ").then(next_audit(audit)));
    }
    if let Some(report) = &digest.last_report {
        card = card.text(last_report(digest, report));
    }
    card.buttons(buttons(digest)).footer(footer(digest))
}

/// What goes into the thread: every KPI, and the charts that the digest had no room for.
pub fn detail(digest: &Digest) -> Option<Card> {
    if digest.views.is_empty() {
        return None;
    }
    let mut card = Card::new("All KPIs").block(table(&digest.views));
    let early = lead_times(&digest.ranked());
    if !early.is_empty() {
        card = card
            .text(Text::new().bold("No usual range yet"))
            .list(early);
    }
    let signalling = digest.ranked().into_iter().filter(|view| view.signals());
    for view in signalling.skip(CHARTS) {
        card = card.block(Block::Picture(picture(view)));
    }
    Some(card)
}

/// KPIs with values, but too few for limits, and how many there are.
fn lead_times(ranked: &[&Overview]) -> Vec<String> {
    let line = |view: &&Overview| match view.reading.process {
        Process::TooFew(values) if view.reading.latest.is_some() => {
            Some(format!("{}: {}", view.kpi.name, too_few(values)))
        }
        _ => None,
    };
    ranked.iter().filter_map(line).collect()
}

/// How it stands, in one or two sentences.
pub fn headline(digest: &Digest) -> String {
    let looked_at = digest.count(|_| true);
    let judged = |status: Status| digest.count(|view| view.reading.status == status);
    let mut words = match (looked_at, judged(Status::OnTarget)) {
        (0, _) => "No KPIs are measured yet".to_owned(),
        (1, 1) => "The one KPI is on target".to_owned(),
        // What it is instead, follows.
        (1, _) => "The one KPI is".to_owned(),
        (all, on) if all == on => format!("All {all} KPIs are on target"),
        (all, on) => format!("{on} of {all} KPIs on target"),
    };
    let signals = digest.count(Overview::signals);
    let rest = [
        (judged(Status::OffTarget), "off target"),
        (judged(Status::Warning), "on warning"),
        (judged(Status::Missing), "missing"),
        (judged(Status::Stale), "stale"),
        (judged(Status::Waiting), "without a value yet"),
    ];
    for (count, what) in rest.into_iter().filter(|(count, _)| *count > 0) {
        match looked_at {
            1 => words.push_str(&format!(" {what}")),
            _ => words.push_str(&format!(", {count} {what}")),
        }
    }
    match signals {
        0 => words.push('.'),
        1 if looked_at == 1 => words.push_str("; it signals a change."),
        1 => words.push_str("; 1 KPI signals a change."),
        n => words.push_str(&format!("; {n} KPIs signal a change.")),
    }
    match digest.overdue.len() {
        0 => words.push_str(" No action is overdue."),
        1 => words.push_str(" 1 action is overdue."),
        n => words.push_str(&format!(" {n} actions are overdue.")),
    }
    words
}

fn rows(ranked: &[&Overview]) -> Block {
    let row = |view: &&Overview| {
        vec![
            view.kpi.name.clone(),
            value_cell(view),
            crate::report::quantity(view.kpi.target, &view.kpi.unit),
            status_cell(view),
            trend_cell(view).to_owned(),
        ]
    };
    Block::Table {
        head: ["KPI", "Value", "Target", "Status", "Trend"]
            .map(str::to_owned)
            .to_vec(),
        rows: ranked.iter().take(ROWS).map(row).collect(),
    }
}

fn overdue(digest: &Digest) -> Vec<Text> {
    let today = digest.today();
    let line = |action: &OverdueAction| {
        let days = (today - action.due).num_days();
        let since = match days {
            1 => "1 day".to_owned(),
            days => format!("{days} days"),
        };
        Text::new().bold(action.name.clone()).plain_span(format!(
            " {} · {}, {since} overdue",
            action.title, action.owner
        ))
    };
    let mut items: Vec<Text> = digest.overdue.iter().take(ACTIONS).map(line).collect();
    if let more @ 1.. = digest.overdue.len().saturating_sub(ACTIONS) {
        items.push(Text::from(format!("and {more} more: ")).code("/isms action list --overdue"));
    }
    items
}

pub fn next_audit(audit: &NextAudit) -> Text {
    let line = Text::from(format!("{} {}, ", audit.name, audit.topic));
    let line = match &audit.auditor {
        Some(auditor) => line.plain_span(auditor.clone()),
        None => line.bold("no auditor yet"),
    };
    let line = match audit.late {
        true => line.plain_span(", ").bold("overdue"),
        false => line,
    };
    match audit.behind {
        0 => line,
        1 => line.plain_span("; 1 other is overdue"),
        n => line.plain_span(format!("; {n} others are overdue")),
    }
}

fn last_report(digest: &Digest, report: &LastReport) -> Text {
    let on = report.published.with_timezone(&digest.zone).date_naive();
    let reviewed = match report.reviewed_by.is_empty() {
        true => "not reviewed yet".to_owned(),
        false => format!("reviewed by {}", report.reviewed_by.join(", ")),
    };
    Text::new()
        .bold("Last performance report: ")
        .plain_span(format!("{} of {}, {reviewed}", report.span, day(on)))
}

fn buttons(digest: &Digest) -> Vec<Button> {
    let mut buttons = Vec::new();
    if digest.views.is_empty() {
        buttons.push(Button::new("Set up a KPI", "kpi new"));
    } else {
        buttons.push(Button::new("All KPIs", "kpi list"));
    }
    if !digest.overdue.is_empty() {
        buttons.push(Button::new("Overdue actions", "action list --overdue"));
    }
    if let Some(report) = &digest.last_report {
        let get = format!("report get {}", report.span);
        buttons.push(Button::new(format!("Report {}", report.span), get));
    }
    buttons
}

/// How fresh the values are, and where the log stands: who keeps this message can prove later that
/// nothing before it was changed.
fn footer(digest: &Digest) -> Text {
    let local = |at: DateTime<Utc>| at.with_timezone(&digest.zone);
    let date = |at: DateTime<Utc>| crate::chat::day(local(at).date_naive());
    let now = digest.now;
    let mut words = format!("As of {} {}", date(now), local(now).format("%H:%M %Z"));
    match digest.views.iter().filter_map(|view| view.recorded).max() {
        Some(at) => words.push_str(&format!(", newest value {}", date(at))),
        None => words.push_str(", no values"),
    }
    let entries = match digest.head.entries {
        1 => "1 entry".to_owned(),
        n => format!("{n} entries"),
    };
    Text::from(format!("{words} · log {entries}, fingerprint ")).code(digest.head.fingerprint())
}

#[cfg(test)]
mod tests;
