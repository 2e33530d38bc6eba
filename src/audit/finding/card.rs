//! Every word about findings.

use strum::IntoEnumIterator;
use uuid::Uuid;

use super::rules::{Finding, Grade, State};
use super::told::{About, Part};
use crate::action::rules::Case;
use crate::audit::checklist::card::{command_of, titled};
use crate::audit::rules::STANDARD;
use crate::chat::{Block, Button, Card, Text, cut, day};
use crate::command::quoted;
use crate::command::value::AuditName;
use crate::people::People;
use crate::record::Past;
use crate::record::card::get;

/// As much of a finding as a line shows.
const SHORT: usize = 140;
/// What the title of an action takes.
const TITLE: usize = 120;

impl Grade {
    pub fn words(self) -> &'static str {
        match self {
            Grade::Major => "major nonconformity",
            Grade::Minor => "minor nonconformity",
            Grade::Opportunity => "opportunity for improvement",
            Grade::Conforming => "conforming, worth a note",
        }
    }

    /// So many of them.
    fn counted(self, count: usize) -> String {
        match (self, count) {
            (Grade::Major, 1) => "1 major nonconformity".to_owned(),
            (Grade::Major, n) => format!("{n} major nonconformities"),
            (Grade::Minor, 1) => "1 minor nonconformity".to_owned(),
            (Grade::Minor, n) => format!("{n} minor nonconformities"),
            (Grade::Opportunity, 1) => "1 opportunity".to_owned(),
            (Grade::Opportunity, n) => format!("{n} opportunities"),
            (Grade::Conforming, 1) => "1 note".to_owned(),
            (Grade::Conforming, n) => format!("{n} notes"),
        }
    }
}

/// `1 minor nonconformity, 2 opportunities; 1 to be answered`. Withdrawn ones do not count.
pub fn count_words(findings: &[Finding]) -> String {
    let stands = |finding: &&Finding| finding.state != State::Withdrawn;
    let of = |grade: Grade| {
        let with = findings.iter().filter(stands);
        with.filter(|finding| finding.grade == grade).count()
    };
    let grades = Grade::iter().map(|grade| (grade, of(grade)));
    let some: Vec<String> = grades
        .filter(|(_, count)| *count > 0)
        .map(|(grade, count)| grade.counted(count))
        .collect();
    if some.is_empty() {
        return "none".to_owned();
    }
    let open = findings.iter().filter(|finding| finding.state.is_draft());
    match open.count() {
        0 => some.join(", "),
        open => format!("{}; {open} not final yet", some.join(", ")),
    }
}

impl State {
    pub fn words(self) -> &'static str {
        match self {
            State::Draft => "draft, to be answered",
            State::Disputed => "disputed, the auditor decides",
            State::Final => "final",
            State::Withdrawn => "withdrawn",
        }
    }
}

fn show_button(finding: &Finding) -> Button {
    let name = finding.name();
    Button::new(format!("Show {name}"), format!("audit finding-show {name}"))
}

fn next_button(finding: &Finding) -> Button {
    Button::new("Next item", command_of(finding.audit, None))
}

/// Said above the form of a finding: what it is about.
pub fn about(reference: &str) -> String {
    format!("{reference} {}", STANDARD.title(reference))
}

/// Said where findings are open on the same requirement.
pub fn is_it_the_same(open: &[Finding]) -> String {
    let of = |finding: &Finding| {
        let day = day(finding.at.date_naive());
        let title = cut(finding.title(), SHORT);
        format!("{} ({}, {day}): {title}", finding.name(), finding.audit)
    };
    let all: Vec<String> = open.iter().take(3).map(of).collect();
    format!(
        "Open on this already: {}. Is it the same, or another?",
        all.join("; ")
    )
}

/// What an open finding says of being seen again.
pub fn seen_again_words(again: &Finding) -> String {
    let evidence = again.evidence.as_ref();
    let evidence = evidence.map_or_else(String::new, |words| format!(" ({words})"));
    format!(
        "Seen again in {}: {}{evidence}",
        again.audit, again.statement
    )
}

pub fn seen_again(finding: &Finding, audit: AuditName) -> Card {
    let line = Text::new().bold(finding.name().to_string());
    Card::say(line.plain_span(format!(" says now that it was seen again in {audit}."))).buttons([
        Button::new("Next item", command_of(audit, None)).primary(),
        show_button(finding),
    ])
}

/// `F-7, minor nonconformity on A.6.5`.
fn named(finding: &Finding) -> Text {
    Text::new()
        .bold(finding.name().to_string())
        .plain_span(format!(", {} on ", finding.grade.words()))
        .code(finding.requirement.as_str())
}

/// To who put a finding down.
pub fn raised(finding: &Finding, case: Option<&Case>, (to, people): (&[Uuid], &People)) -> Card {
    let mut card =
        Card::say(named(finding).plain_span(format!(": {}", cut(finding.title(), SHORT))));
    if let Some(case) = case {
        let action = &case.action;
        let line = Text::from("Raised with it: ")
            .bold(action.name().to_string())
            .plain_span(", owner ")
            .then(people.mention(action.owner))
            .plain_span(format!(", due {}.", day(action.due)));
        card = card.text(line);
    }
    if let (State::Draft, Some(by)) = (finding.state, finding.answer_by) {
        let names: Vec<&str> = to.iter().map(|id| people.name(Some(*id))).collect();
        card = card.text(match names.is_empty() {
            true => {
                "Nobody else could answer it: uphold it with the reason when it stands.".to_owned()
            }
            false => format!("{} can answer it until {}.", names.join(" or "), day(by)),
        });
    }
    let action = match (case, finding.grade) {
        (Some(case), _) => {
            let name = case.action.name();
            Some(Button::new(
                format!("Show {name}"),
                format!("action show {name}"),
            ))
        }
        (None, Grade::Opportunity) => Some(raise_button(finding)),
        (None, _) => None,
    };
    let buttons = [next_button(finding).primary(), show_button(finding)];
    card.buttons(buttons.into_iter().chain(action))
}

/// Opens the form of an action for an opportunity.
fn raise_button(finding: &Finding) -> Button {
    let title = finding
        .statement
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let command = format!(
        "action new {} source:finding severity:opportunity control:{}",
        quoted(&cut(&title, TITLE)),
        finding.requirement
    );
    Button::new("Raise action", command)
}

/// To who answered a finding.
pub fn answered(finding: &Finding) -> Card {
    let words = match finding.state {
        State::Disputed => " is disputed. Its auditor decides, and you are told.",
        _ => " is accepted and final.",
    };
    let action = finding.action.map(|number| {
        let name = format!("CA-{number}");
        Button::new(format!("Show {name}"), format!("action show {name}"))
    });
    let card = Card::say(
        Text::new()
            .bold(finding.name().to_string())
            .plain_span(words),
    );
    card.buttons(std::iter::once(show_button(finding)).chain(action))
}

/// To who decided about a finding, and how its action is.
pub fn decided(finding: &Finding, case: Option<&Case>) -> Card {
    let words = match finding.state {
        State::Withdrawn => " is withdrawn.",
        State::Final => " stands and is final.",
        State::Draft | State::Disputed => " says something else now, and is to be answered anew.",
    };
    let mut card = Card::say(named(finding).plain_span(words));
    if let Some(case) = case {
        let action = &case.action;
        let line = Text::new().bold(action.name().to_string());
        card = card.text(line.plain_span(format!(
            ": {}, {}.",
            action.severity.words(),
            action.state.words()
        )));
    }
    card.buttons([show_button(finding)])
}

/// What a finding says, and what was said to it.
fn facts(about: &About) -> Vec<(&'static str, Text)> {
    let finding = &about.finding;
    let people = &about.people;
    let mut facts = vec![
        ("Audit", Text::new().code(finding.audit.to_string())),
        ("About", titled(finding.requirement.as_str())),
        ("Weight", finding.grade.words().into()),
        ("State", finding.state.words().into()),
    ];
    if let Some(evidence) = &finding.evidence {
        facts.push(("Evidence", evidence.as_str().into()));
    }
    if let (Some(file), Some(name)) = (&finding.evidence_file, &about.file) {
        let text = Text::from(format!("{name} · ")).code(file.fingerprint());
        facts.push(("File", text));
    }
    let found = people.mention(Some(finding.by));
    let found = found.plain_span(format!(", {}", day(finding.at.date_naive())));
    facts.push(("Found by", found));
    if let Some(by) = finding.answer_by.filter(|_| finding.state == State::Draft) {
        let who: Vec<&str> = about
            .asked
            .iter()
            .map(|id| people.name(Some(*id)))
            .collect();
        let who = match who.is_empty() {
            true => "nobody could".to_owned(),
            false => who.join(" or "),
        };
        facts.push(("Answer", format!("{who}, until {}", day(by)).into()));
    }
    if let Some(answer) = &finding.answer {
        let words = match &answer.reason {
            None => " accepted it".to_owned(),
            Some(reason) => format!(" disputed it: {reason}"),
        };
        let text = people.mention(Some(answer.by)).plain_span(words);
        facts.push(("Answer", text));
    }
    if let Some(decision) = &finding.decision {
        let text = people.mention(Some(decision.by));
        facts.push((
            "Decision",
            text.plain_span(format!(": {}", decision.reason)),
        ));
    }
    if let Some(number) = finding.action {
        let state = about.action.map_or("", |state| state.words());
        let text = Text::new().code(format!("CA-{number}"));
        facts.push(("Action", text.plain_span(format!(" {state}"))));
    }
    facts
}

/// What somebody can do with it.
fn steps(about: &About, part: Part) -> Vec<Button> {
    let finding = &about.finding;
    let name = finding.name();
    let step = |label: &str, verb: &str| Button::new(label, format!("audit {verb} {name}"));
    match (part, finding.state) {
        (Part::Answers, State::Draft) => vec![
            step("Accept", "accept").primary(),
            step("Dispute", "dispute"),
        ],
        (Part::Answers, State::Disputed) => vec![step("Accept after all", "accept")],
        (Part::Audits, State::Draft | State::Disputed) => {
            let over = finding.answer_by.is_some_and(|by| by < about.today);
            let ripe = finding.state == State::Disputed || over || about.asked.is_empty();
            let uphold = ripe.then(|| step("Uphold", "uphold").primary());
            let others = [
                step("Amend", "amend"),
                step("Withdraw", "withdraw").danger(),
            ];
            uphold.into_iter().chain(others).collect()
        }
        _ => Vec::new(),
    }
}

/// The whole finding: what it says, what was said to it, and what happened to it.
pub fn shown(about: &About, part: Part, history: &[Past]) -> Card {
    let finding = &about.finding;
    let file = finding.evidence_file.as_ref().map(get);
    let action = finding.action.map(|number| {
        Button::new(
            format!("Show CA-{number}"),
            format!("action show CA-{number}"),
        )
    });
    Card::new(format!("{} · {}", finding.name(), finding.grade.words()))
        .text(finding.statement.as_str())
        .facts(facts(about))
        .list(history.iter().map(|past| {
            let kind = past.kind.strip_prefix("finding-").unwrap_or(&past.kind);
            let line = Text::from(format!("{} · ", day(past.at.date_naive())))
                .bold(kind.replace('-', " "))
                .plain_span(format!(" · {}", about.people.name(past.actor)));
            match past.said().filter(|_| past.data["reason"].is_string()) {
                Some(said) => line.plain_span(format!(": {said}")),
                None => line,
            }
        }))
        .buttons(steps(about, part).into_iter().chain(action).chain(file))
}

/// To one person who has something to do with it.
pub fn told(about: &About, part: Part) -> Card {
    let finding = &about.finding;
    let name = finding.name();
    let title = match (finding.state, part) {
        (State::Draft, Part::Answers) => format!("{name} is about your area: is it so?"),
        (State::Draft, _) => format!("{name} is being answered"),
        (State::Disputed, _) => format!("{name} is disputed"),
        (State::Withdrawn, _) => format!("{name} was withdrawn"),
        (State::Final, _) if finding.decision.is_some() => format!("{name} stands"),
        (State::Final, _) => format!("{name} was accepted"),
    };
    let show = Button::new("Show", format!("audit finding-show {name}"));
    Card::new(title)
        .text(finding.statement.as_str())
        .facts(facts(about))
        .buttons(steps(about, part).into_iter().chain([show]))
}

/// The findings of an audit, one line each.
pub fn lines(findings: &[Finding]) -> Vec<Text> {
    let line = |finding: &Finding| {
        named(finding).plain_span(format!(
            " · {} · {}",
            finding.state.words(),
            cut(finding.title(), SHORT)
        ))
    };
    findings.iter().map(line).collect()
}

/// The card of an audit with its findings, before its buttons.
pub fn with_findings(mut card: Card, findings: &[Finding]) -> Card {
    if findings.is_empty() {
        return card;
    }
    let at = card
        .blocks
        .iter()
        .rposition(|block| matches!(block, Block::Buttons(_)))
        .unwrap_or(card.blocks.len());
    let blocks = [
        Block::Text(Text::new().bold(format!("Findings: {}", count_words(findings)))),
        Block::List(lines(findings)),
    ];
    drop(card.blocks.splice(at..at, blocks));
    card
}
