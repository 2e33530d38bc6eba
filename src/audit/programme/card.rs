//! Every word about the programme of a year.

use chrono::NaiveDate;

use super::choice::{Choice, Cycle, Why};
use super::rules::{Plan, Programme, Standing, approvers};
use crate::audit::card::{month_words, programme as table};
use crate::audit::rules::{Audit, requirements_of};
use crate::chat::{Block, Button, Card, Text, cut, day};
use crate::command::one_of;
use crate::command::value::AuditName;
use crate::people::{People, Person, Role};

/// What of a long text is shown.
const WORDS: usize = 600;
/// The digits of a fingerprint that people read.
const DIGITS: usize = 12;

/// What a card has to know of who reads it.
pub struct View<'a> {
    pub people: &'a People,
    pub today: NaiveDate,
    /// They may approve it.
    pub approves: bool,
}

/// What of a programme concerns one person.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Part {
    /// They carry these out.
    pub audits: Vec<AuditName>,
    /// In these, what they answer for is audited.
    pub audited: Vec<(AuditName, Vec<String>)>,
}

impl Why {
    pub fn words(&self) -> String {
        let counted = |count: u32, one: &str, many: &str| match count {
            1 => format!("1 {one}"),
            count => format!("{count} {many}"),
        };
        match self {
            Why::Nonconformity => "did not conform".to_owned(),
            Why::Changed => "touched by a change".to_owned(),
            Why::NeverAudited => "never audited".to_owned(),
            Why::Incidents(count) => counted(*count, "incident", "incidents") + " within a year",
            Why::OpenActions(count) => counted(*count, "open action", "open actions"),
            Why::Crossings(count) => {
                counted(*count, "KPI action", "KPI actions") + " within a year"
            }
            Why::Clause => "clause, audited each year".to_owned(),
            Why::LastAudited(year) => format!("last audited in {year}"),
            Why::Turn => "its turn in the cycle".to_owned(),
            Why::Added(reason) => format!("put in: {reason}"),
            Why::Removed(reason) => format!("taken out: {reason}"),
            Why::Done(year) => format!("audited in {year}, in this cycle"),
            Why::Planned(year) => format!("planned in {year}, in this cycle"),
            Why::Later(year) => format!("its turn comes by {year}"),
            Why::Excluded(reason) => format!("does not apply: {reason}"),
        }
    }
}

fn why_words(why: &[Why]) -> String {
    let words: Vec<String> = why.iter().map(Why::words).collect();
    words.join(", ")
}

/// `2027–2029`.
pub fn cycle_words(cycle: Cycle) -> String {
    match cycle.years {
        1 => cycle.from.to_string(),
        _ => format!("{}–{}", cycle.from, cycle.last()),
    }
}

fn frequency(cycle: Cycle) -> String {
    match cycle.years {
        1 => "each clause and each control that applies once a year".to_owned(),
        _ => format!(
            "each clause once a year, each control that applies once in {}",
            cycle_words(cycle)
        ),
    }
}

fn fingerprint(digits: &str) -> &str {
    digits.get(..DIGITS).unwrap_or(digits)
}

fn show_button(programme: &Programme) -> Button {
    let year = programme.year;
    Button::new(format!("Show {year}"), format!("audit list {year}"))
}

fn approve_button(plan: &Plan) -> Button {
    let shown = plan.fingerprint();
    let shown = fingerprint(&shown);
    let command = format!("audit approve {} plan:{shown}", plan.programme.name());
    Button::new("Approve", command).primary()
}

fn standing(plan: &Plan, people: &People) -> Text {
    match plan.standing() {
        Standing::Approved(last) => Text::from("by ")
            .then(people.mention(Some(last.by)))
            .plain_span(format!(" on {}, plan ", day(last.at.date_naive())))
            .code(fingerprint(&last.fingerprint)),
        Standing::NeverApproved => {
            format!("not yet, asked for since {}", day(plan.programme.asked_on)).into()
        }
        Standing::Changed(_) => {
            let reason = plan.programme.reason.as_deref().unwrap_or("changed since");
            Text::from(format!("to be given anew: {}", cut(reason, WORDS)))
        }
    }
}

/// The words of a programme, and who approved it.
fn facts(plan: &Plan, people: &People) -> Vec<(&'static str, Text)> {
    let programme = &plan.programme;
    let aims = &programme.aims;
    let mut facts = vec![
        ("Objectives", Text::from(cut(&aims.objectives, WORDS))),
        ("Criteria", cut(&aims.criteria, WORDS).into()),
        ("Method", cut(&aims.method, WORDS).into()),
        ("Frequency", frequency(programme.cycle).into()),
    ];
    let later = programme.choices.iter().filter(|choice| {
        let is_later = |why: &Why| matches!(why, Why::Later(_) | Why::Done(_) | Why::Planned(_));
        choice.why.iter().any(is_later)
    });
    let excluded: Vec<&str> = programme.excluded().map(|(control, _)| control).collect();
    let scope = requirements_of(plan.audits.iter());
    let mut words = format!("{scope} clauses and controls");
    match later.count() {
        0 => {}
        count => words.push_str(&format!(", {count} in other years of the cycle")),
    }
    if !excluded.is_empty() {
        words.push_str(&format!("; not applicable: {}", excluded.join(", ")));
    }
    facts.insert(1, ("Scope", cut(&words, WORDS).into()));
    facts.push(("Approved", standing(plan, people)));
    facts
}

/// A programme: its words, its audits, who approved it.
pub fn shown(plan: &Plan, view: &View) -> Card {
    let year = plan.programme.year;
    let mut card = table(year, &plan.audits, view.people, view.today);
    let facts = facts(plan, view.people).into_iter();
    let facts = facts
        .map(|(label, text)| (label.to_owned(), text))
        .collect();
    card.blocks.insert(0, Block::Facts(facts));
    let approve = (view.approves && !plan.is_approved()).then(|| approve_button(plan));
    let more = [
        Button::new("Coverage", format!("audit coverage {year}")),
        Button::new("Why these", format!("audit list {year} why:yes")),
    ];
    card.buttons(approve.into_iter().chain(more))
}

/// To who planned it or changed it: the same, and who is asked to approve it.
pub fn planned(plan: &Plan, view: &View) -> Card {
    let card = shown(plan, view);
    if plan.is_approved() {
        return card;
    }
    let asked = approvers(view.people);
    if asked.iter().any(|person| person.role == Role::Leader) {
        let names: Vec<String> = asked.iter().map(|person| person.name.clone()).collect();
        return card.text(format!("Asked to approve it: {}.", one_of(&names)));
    }
    card.text(NO_LEADER).buttons([name_a_leader()])
}

const NO_LEADER: &str = "There is no leader here yet. Name one, who approves the programme for top \
                         management; until then a manager can.";

fn name_a_leader() -> Button {
    Button::new("Name a leader", "role grant")
}

/// To one who is to approve it.
pub fn to_approve(plan: &Plan, people: &People, approver: &Person) -> Card {
    let programme = &plan.programme;
    let title = format!("Approve the audit programme {}", programme.year);
    let by = people.mention(programme.planned_by);
    let first = match (plan.standing(), &programme.reason) {
        (Standing::Changed(last), reason) => Text::from(format!(
            "It was approved on {} and changed since: {}",
            day(last.at.date_naive()),
            cut(reason.as_deref().unwrap_or_default(), WORDS)
        )),
        _ => by.plain_span(format!(
            " planned the internal audits of {} and asks you to approve them by {}.",
            programme.year,
            day(programme.approval_due())
        )),
    };
    let row = |audit: &Audit| {
        vec![
            audit.name().to_string(),
            month_words(audit.year, audit.month),
            audit.topic.clone(),
            audit.scope.len().to_string(),
        ]
    };
    let head = ["Audit", "Month", "Topic", "Items"];
    let mut facts = facts(plan, people);
    facts.pop();
    let mut card = Card::new(title)
        .text(first)
        .facts(facts)
        .block(Block::Table {
            head: head.map(str::to_owned).to_vec(),
            rows: plan.audits.iter().map(row).collect(),
        });
    let mut buttons = vec![approve_button(plan), show_button(programme)];
    if approver.role != Role::Leader {
        card = card.text(NO_LEADER);
        buttons.push(name_a_leader());
    }
    card.buttons(buttons)
        .footer(Text::from("Fingerprint of the plan: ").code(fingerprint(&plan.fingerprint())))
}

/// Where it was asked for, once it is approved.
pub fn is_approved(plan: &Plan, people: &People) -> Card {
    let line = Text::from(format!(
        "The audit programme {} is approved, ",
        plan.programme.year
    ));
    Card::say(line.then(standing(plan, people)).plain_span("."))
        .buttons([show_button(&plan.programme)])
}

/// To who approved it.
pub fn approved(plan: &Plan, view: &View) -> Card {
    is_approved(plan, view.people)
        .text("Auditors and who answers for an area are told what of it concerns them.")
}

/// To one whom it concerns.
pub fn told(plan: &Plan, people: &People, part: &Part) -> Card {
    let year = plan.programme.year;
    let mut card = Card::new(format!("Audit programme {year} is approved")).text(
        Text::from("Approved ")
            .then(standing(plan, people))
            .plain_span("."),
    );
    let line = |name: &AuditName, more: String| {
        let audit = plan.audits.iter().find(|audit| audit.name() == *name);
        let topic = audit.map_or("", |audit| audit.topic.as_str());
        let month = month_words(name.year, name.month);
        Text::new()
            .code(name.to_string())
            .plain_span(format!(" {topic}, {month}{more}"))
    };
    if !part.audits.is_empty() {
        let lines = part.audits.iter().map(|name| line(name, String::new()));
        card = card.text(Text::new().bold("You audit")).list(lines);
    }
    if !part.audited.is_empty() {
        let audited = part.audited.iter();
        let lines = audited.map(|(name, own)| line(name, format!(": {}", own.join(", "))));
        card = card
            .text(Text::new().bold("What you answer for is audited"))
            .list(lines);
    }
    card.buttons([show_button(&plan.programme)])
}

/// Why a programme does not stand.
pub fn doubt(plan: &Plan) -> Option<Text> {
    let year = plan.programme.year;
    match plan.standing() {
        Standing::Approved(_) => None,
        Standing::NeverApproved => {
            Some(format!("The audit programme {year} is not approved yet.").into())
        }
        Standing::Changed(_) => Some(
            format!("The audit programme {year} was changed after it was approved, and is to be approved anew.").into(),
        ),
    }
}

/// Clauses and controls with the same reasons, together, in the order of their first.
fn grouped<'a>(choices: impl Iterator<Item = &'a Choice>) -> Vec<Text> {
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for choice in choices {
        let words = why_words(&choice.why);
        let reference = choice.requirement.as_str();
        match groups.iter_mut().find(|(known, _)| *known == words) {
            Some((_, group)) => group.push(reference),
            None => groups.push((words, vec![reference])),
        }
    }
    let line = |(words, group): (String, Vec<&str>)| {
        let words = cut(&words, WORDS);
        let first = words.chars().next().map(|c| c.to_uppercase().to_string());
        let rest: String = words.chars().skip(1).collect();
        Text::new()
            .bold(first.unwrap_or_default() + &rest)
            .plain_span(format!(": {}", group.join(", ")))
    };
    groups.into_iter().map(line).collect()
}

/// Why each clause and control is audited in the year, or is not.
pub fn reasons(plan: &Plan) -> Card {
    let programme = &plan.programme;
    let card = Card::new(format!("Why the audits of {} are these", programme.year));
    if programme.choices.is_empty() {
        return card
            .text("This year was planned before reasons were kept: everything is audited once.")
            .buttons([show_button(programme)]);
    }
    let (audited, not) = programme
        .choices
        .iter()
        .partition::<Vec<&Choice>, _>(|choice| choice.audited);
    let mut card = card
        .text(Text::new().bold(format!("Audited in {}", programme.year)))
        .list(grouped(audited.into_iter()));
    if !not.is_empty() {
        card = card
            .text(Text::new().bold(format!("Not audited in {}", programme.year)))
            .list(grouped(not.into_iter()));
    }
    card.buttons([show_button(programme)])
}

/// The card of an audit, with why its scope was chosen, and whether its programme stands.
pub fn with_reasons(mut card: Card, plan: &Plan, audit: &Audit) -> Card {
    let of_audit = |choice: &&Choice| audit.scope.contains(&choice.requirement);
    let reasons = grouped(plan.programme.choices.iter().filter(of_audit));
    let buttons = card
        .blocks
        .iter()
        .position(|block| matches!(block, Block::Buttons(_)));
    let at = buttons.unwrap_or(card.blocks.len());
    if !reasons.is_empty() {
        let blocks = [
            Block::Text(Text::new().bold("Why these")),
            Block::List(reasons),
        ];
        card.blocks.splice(at..at, blocks);
    }
    match doubt(plan) {
        Some(doubt) => card.footer(doubt),
        None => card,
    }
}
