//! Every word the actions say.

mod others;
mod reassigned;

use chrono::NaiveDate;

pub use others::{assigned, is_noted, not_said_there, noted, raised_here, step_planned, to_check};
pub use reassigned::{Reassignment, reassigned, to_reassign};

use super::PAGE;
use super::check::{Outcome, Round};
use super::choice::{Severity, Similar, Source};
use super::rules::{Action, Case, Next, State};
use super::steps::Step;
use crate::chat::{Block, Button, Card, Form, Text, cut, day};
use crate::command::value::FileRef;
use crate::people::People;
use crate::record::Past;
use crate::record::card::get;

/// In the living message a text is cut to so many characters; `action show` has all of it.
const SHORT: usize = 200;

impl State {
    pub fn words(self) -> &'static str {
        match self {
            State::Raised => "raised",
            State::Planned => "planned",
            State::Done => "done, to be verified",
            State::Effective => "effective",
            State::Reopened => "reopened",
            State::Cancelled => "cancelled",
        }
    }
}

impl Severity {
    pub fn words(self) -> &'static str {
        match self {
            Severity::Major => "major nonconformity",
            Severity::Minor => "minor nonconformity",
            Severity::Opportunity => "opportunity for improvement",
        }
    }
}

impl Source {
    pub fn words(self) -> &'static str {
        match self {
            Source::ByHand => "raised by hand",
            Source::Finding => "audit finding",
            Source::Kpi => "KPI off target",
            Source::Review => "management review",
            Source::Incident => "incident",
        }
    }
}

impl Next {
    /// The button of the one right next step.
    pub fn button(self, action: &Action) -> Option<Button> {
        let name = action.name();
        let (label, command) = match self {
            Next::Assign => ("Assign", format!("action assign {name}")),
            Next::Analyse => ("Find the cause", format!("action analyse {name}")),
            Next::Plan => ("Plan", format!("action update {name}")),
            Next::Step(step) => {
                let label = format!("Step {step} done");
                let command = format!("action step-done {name} {step}");
                return Some(Button::new(label, command).primary());
            }
            Next::Finish => ("Done", format!("action done {name}")),
            Next::Verify => ("Verify", format!("action verify {name}")),
            Next::Nothing => return None,
        };
        Some(Button::new(label, command).primary())
    }
}

/// What can be done, as buttons: the next step first.
fn steps(case: &Case) -> Vec<Button> {
    let name = case.action.name();
    let button = |label: &str, verb: &str| Button::new(label, format!("action {verb} {name}"));
    let others = match case.action.state {
        State::Raised | State::Planned | State::Reopened => vec![
            button("Done", "done"),
            button("Update", "update"),
            button("Extend", "extend"),
            button("Assign", "assign"),
        ],
        State::Done => vec![button("Verifier", "verifier"), button("Reopen", "reopen")],
        State::Effective | State::Cancelled => vec![button("Reopen", "reopen")],
    };
    let next = case.next().button(&case.action);
    let mut buttons: Vec<Button> = next.into_iter().collect();
    let taken = buttons.first().map(|next| next.command.clone());
    let others = others.into_iter();
    buttons.extend(others.filter(|other| Some(&other.command) != taken.as_ref()));
    buttons.extend(case.action.evidence_file.as_ref().map(get));
    buttons
}

fn heading(action: &Action) -> String {
    let title: String = action.title.chars().take(120).collect();
    format!("{} · {title}", action.name())
}

fn state_and_due(action: &Action, today: Option<NaiveDate>) -> Text {
    let state = Text::new().bold(action.state.words());
    match action.state {
        State::Effective | State::Cancelled => state,
        State::Done => match action.check_on {
            Some(on) => state.plain_span(format!(", from {}", day(on))),
            None => state,
        },
        _ => {
            let late = today.is_some_and(|today| action.is_overdue(today));
            let word = if late { "overdue since" } else { "due" };
            state.plain_span(format!(", {word} {}", day(action.due)))
        }
    }
}

/// What an action says of itself, with what can be done. `file` is what its evidence is called.
pub fn living(case: &Case, people: &People, file: Option<&str>) -> Card {
    told(case, (people, file), Some(SHORT))
}

fn told(case: &Case, (people, file): (&People, Option<&str>), longest: Option<usize>) -> Card {
    let action = &case.action;
    let short = |text: &String| longest.map_or_else(|| text.clone(), |most| cut(text, most));
    let mut facts: Vec<(&str, Text)> = vec![
        ("State", state_and_due(action, None)),
        ("Owner", people.mention(action.owner)),
        ("Kind", action.severity.words().into()),
        ("Source", action.source.words().into()),
    ];
    facts.extend(
        action
            .control
            .as_ref()
            .map(|text| ("Control", text.as_str().into())),
    );
    facts.extend(repeats(action).map(|text| ("Again", text)));
    facts.extend(
        action
            .cause
            .as_ref()
            .map(|text| ("Cause", short(text).into())),
    );
    facts.extend(elsewhere(action).map(|text| ("Elsewhere", short(&text).into())));
    let given = [
        ("Plan", &action.plan),
        ("Worked if", &action.criterion),
        ("Evidence", &action.evidence),
    ];
    for (label, text) in given {
        facts.extend(text.as_ref().map(|text| (label, short(text).into())));
    }
    if let (Some(file), Some(name)) = (&action.evidence_file, file) {
        facts.push(("File", file_text(name, file)));
    }
    if let Some(link) = &action.link {
        facts.push(("Said at", Text::new().link(link, link)));
    }
    if action.state == State::Done && action.verifier.is_some() {
        facts.push(("To check", people.mention(action.verifier)));
    }
    if action.verified_by.is_some() {
        facts.push(("Verified by", people.mention(action.verified_by)));
    }
    let mut card = Card::new(heading(action)).facts(facts);
    let steps_of = case.own_steps().map(|step| step_line(step, people));
    let lines: Vec<Text> = steps_of.collect();
    if !lines.is_empty() {
        card = card.list(lines);
    }
    card.buttons(steps(case)).footer(footer(case, people))
}

fn footer(case: &Case, people: &People) -> String {
    let action = &case.action;
    let mut footer = format!(
        "Raised by {} on {}",
        people.name(Some(action.raised_by)),
        day(action.raised_at.date_naive())
    );
    let mut times = |what: &str, times: i64| match times {
        0 => {}
        1 => footer.push_str(&format!(" · {what} once")),
        times => footer.push_str(&format!(" · {what} {times} times")),
    };
    times("extended", action.extensions);
    times("opened again", action.round - 1);
    footer
}

/// `scan.pdf · a1b2c3d4e5f6`: its name, and the fingerprint it can be held against.
fn file_text(name: &str, file: &FileRef) -> Text {
    let text = Text::new().plain_span(format!("{name} · "));
    text.code(file.fingerprint())
}

fn repeats(action: &Action) -> Option<Text> {
    let earlier = action.repeats?;
    let control = action.control.as_deref().unwrap_or("this");
    let text = Text::new().bold(format!("CA-{earlier}"));
    Some(text.plain_span(format!(
        " on {control} was found effective less than a year before"
    )))
}

/// What was said of something like it elsewhere.
pub fn elsewhere(action: &Action) -> Option<String> {
    Some(match (action.similar?, &action.similar_where) {
        (Similar::Yes, Some(place)) => place.clone(),
        (Similar::Yes, None) => "yes".to_owned(),
        (Similar::No, _) => "looked, and nothing similar".to_owned(),
    })
}

fn step_line(step: &Step, people: &People) -> Text {
    let line = Text::new()
        .bold(format!("Step {}", step.number))
        .plain_span(format!(
            " {} · {}",
            step.what,
            people.name(Some(step.owner))
        ));
    match step.done_at {
        None => line.plain_span(format!(", due {}", day(step.due))),
        Some(at) => line.plain_span(format!(", done {}", day(at.date_naive()))),
    }
}

/// The whole action: what it says, what was tried before, and what happened to it.
pub fn shown(case: &Case, (people, file): (&People, Option<&str>), history: &[Past]) -> Card {
    let mut card = told(case, (people, file), None);
    let buttons = card.blocks.pop();
    if let [whys @ .., _] = &case.action.whys[..]
        && !whys.is_empty()
    {
        let whys = case.action.whys.iter();
        card = card.text(Text::new().bold("Why after why"));
        card = card.list(whys.map(String::as_str));
    }
    for round in &case.rounds {
        card = card.text(round_text(round, people));
    }
    let mut card = card.list(history.iter().map(|past| {
        let mut line = Text::new().plain_span(format!("{} · ", day(past.at.date_naive())));
        line = line.bold(words_of(&past.kind)).plain_span(" · ");
        line = line.plain_span(match past.actor {
            Some(_) => people.name(past.actor),
            None => "by itself",
        });
        match past.said() {
            Some(said) => line.plain_span(format!(": {said}")),
            None => line,
        }
    }));
    card.blocks
        .extend(buttons.filter(|block| matches!(block, Block::Buttons(_))));
    card
}

fn round_text(round: &Round, people: &People) -> Text {
    let mut text = Text::new().bold(format!("Tried before ({})", round.number));
    let given = [
        ("cause", &round.cause),
        ("plan", &round.plan),
        ("evidence", &round.evidence),
    ];
    for (label, said) in given {
        if let Some(said) = said {
            text = text.plain_span(format!("\n{label}: {said}"));
        }
    }
    if let Some(file) = &round.evidence_file {
        text = text.plain_span("\nfile: ").code(file.fingerprint());
    }
    let outcome = match round.outcome {
        Outcome::Ineffective => "found not to have worked",
        Outcome::Reopened => "opened again",
    };
    text.plain_span(format!(
        "\n{outcome} by {} on {}: {}",
        people.name(Some(round.ended_by)),
        day(round.ended_at.date_naive()),
        round.said
    ))
}

/// A kind of event, in words.
fn words_of(kind: &str) -> String {
    kind.strip_prefix("action-")
        .unwrap_or(kind)
        .replace('-', " ")
}

impl Case {
    /// Puts what is known into the fields of a form about it. Where it did not work, what was thought
    /// before stands there to be thought over.
    pub fn fill(&self, form: &mut Form) {
        let action = &self.action;
        form.fill("title", Some(&action.title));
        form.fill("cause", action.cause.as_deref());
        form.fill("plan", action.plan.as_deref());
        form.fill("criterion", action.criterion.as_deref());
        form.fill("where", action.similar_where.as_deref());
        let similar = action.similar.map(|similar| similar.to_string());
        form.fill("similar", similar.as_deref());
        for (nth, why) in action.whys.iter().enumerate() {
            form.fill(&format!("why{}", nth + 1), Some(why));
        }
        if let (Some(round), None) = (self.rounds.last(), &action.cause)
            && let Some(cause) = &round.cause
        {
            form.say(format!(
                "The cause that was found before: {}",
                cut(cause, SHORT)
            ));
        }
    }
}

/// The short answer to who made a change.
pub fn receipt(case: &Case, people: &People, what: &str) -> Card {
    let action = &case.action;
    let line = Text::new()
        .bold(action.name().to_string())
        .plain_span(format!(" {what}: {}. ", action.title))
        .then(state_and_due(action, None))
        .plain_span(", owner ")
        .then(people.mention(action.owner))
        .plain_span(".");
    let mut card = Card::say(line);
    if let Some(text) = repeats(action).filter(|_| action.cause.is_none()) {
        card = card.text(text.plain_span(": why did that not hold?"));
    }
    if let Some(hint) = next_hint(case, people) {
        card = card.text(hint);
    }
    card.buttons(steps(case))
}

/// What is still needed, if something is.
fn next_hint(case: &Case, people: &People) -> Option<Text> {
    let action = &case.action;
    let name = action.name();
    let next = |what: String, command: &str| {
        Text::from(format!("{what} ")).code(format!("/isms action {command}"))
    };
    let hint = match case.next() {
        Next::Assign => next(
            "It has no owner yet:".to_owned(),
            &format!("assign {name} @someone"),
        ),
        Next::Analyse if !case.rounds.is_empty() => next(
            "Next: look for the cause again; what was found before did not cure it:".to_owned(),
            &format!("analyse {name}"),
        ),
        Next::Analyse => next(
            "Next: why could it happen, and could it elsewhere?".to_owned(),
            &format!("analyse {name}"),
        ),
        Next::Plan => next(
            "Next: a plan, and how it will be seen that it worked:".to_owned(),
            &format!("update {name}"),
        ),
        Next::Step(step) => {
            let step = case.open_steps().find(|other| other.number == step)?;
            let who = people.name(Some(step.owner));
            Text::from(format!(
                "Next: step {}, {}: {}.",
                step.number, who, step.what
            ))
        }
        Next::Verify => match (action.verifier, action.check_on) {
            (Some(verifier), Some(on)) => Text::from("Next: ")
                .then(people.mention(Some(verifier)))
                .plain_span(format!(" looks whether it worked, from {}.", day(on))),
            _ => Text::from("Next: someone other than the owner looks whether it worked."),
        },
        Next::Finish if action.severity.is_nonconformity() && action.similar.is_none() => next(
            "Has anybody looked whether there is something similar elsewhere?".to_owned(),
            &format!("analyse {name}"),
        ),
        Next::Finish | Next::Nothing => return None,
    };
    Some(hint)
}

/// Which page of which list.
pub struct Page<'a> {
    /// From 1.
    pub number: u32,
    /// The command that asks for the list, without its page.
    pub ask: &'a str,
    pub today: NaiveDate,
}

/// A page of a list.
pub fn listed(actions: &[Action], people: &People, page: &Page) -> Card {
    let ask = page.ask;
    let earlier = (page.number > 1)
        .then(|| Button::new("Earlier", format!("{ask} page:{}", page.number - 1)));
    if actions.is_empty() {
        let raise = Button::new("Raise an action", "action new");
        return Card::say("No actions fit.").buttons(earlier.into_iter().chain([raise]));
    }
    let most = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let items = actions.iter().take(most).map(|action| {
        Text::new()
            .bold(action.name().to_string())
            .plain_span(format!(" {} · ", action.title))
            .then(state_and_due(action, Some(page.today)))
            .plain_span(format!(" · {}", people.name(action.owner)))
    });
    let more = (actions.len() > most).then(|| {
        Button::new(
            "More",
            format!("{ask} page:{}", page.number.saturating_add(1)),
        )
    });
    Card::new("Actions")
        .list(items)
        .buttons(earlier.into_iter().chain(more))
}
