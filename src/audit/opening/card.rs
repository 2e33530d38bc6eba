//! Every word about an audit that begins, and the one message that follows it.

use crate::audit::auditor::rules::Team;
use crate::audit::checklist::card::{command_of, progress_words, titled};
use crate::audit::checklist::rules::Progress;
use crate::audit::finding;
use crate::audit::finding::rules::Finding;
use crate::audit::rules::{Audit, State};
use crate::chat::{Button, Card, Text, day};
use crate::people::People;

fn list_button(audit: &Audit) -> Button {
    Button::new("Checklist", format!("audit checklist {}", audit.name()))
}

fn show_button(audit: &Audit) -> Button {
    Button::new("Show", format!("audit show {}", audit.name()))
}

/// Who audits: mentions of the persons, and the names of guests.
fn who(team: &Team, people: &People) -> Text {
    let persons = team.persons.iter().map(|id| people.mention(Some(*id)));
    let guests = team.guests.iter().map(|name| Text::from(name.as_str()));
    let all: Vec<Text> = persons.chain(guests).collect();
    let last = all.len().saturating_sub(1);
    let mut text = Text::new();
    for (at, one) in all.into_iter().enumerate() {
        text = match at {
            0 => text,
            at if at == last => text.plain_span(" and "),
            _ => text.plain_span(", "),
        };
        text = text.then(one);
    }
    text
}

/// To who began it: who was told, and the first item.
pub fn begun(audit: &Audit, told: &[&str], doubt: Option<Text>) -> Card {
    let name = audit.name();
    let opening = match told {
        [] => "Nobody answers for what it looks at, so the opening note stands in the channel."
            .to_owned(),
        told => format!("The opening note went to {}.", told.join(", ")),
    };
    let mut card = Card::new(format!("{name} has begun: {}", audit.topic)).text(format!(
        "{} items are to be looked at. {opening}",
        audit.scope.len()
    ));
    if let Some(doubt) = doubt {
        card = card.text(doubt);
    }
    card.buttons([
        Button::new("First item", command_of(name, None)).primary(),
        list_button(audit),
        show_button(audit),
    ])
}

/// The one message of an audit.
pub fn living(
    audit: &Audit,
    (team, people): (&Team, &People),
    (far, findings): (&Progress, &[Finding]),
) -> Card {
    let on = |date: Option<chrono::NaiveDate>| date.map_or_else(String::new, day);
    let state = match audit.state {
        State::Planned => "planned".to_owned(),
        State::InProgress => format!("under way since {}", on(audit.started_on)),
        State::Finished => format!("finished on {}", on(audit.finished_on)),
    };
    let mut facts = vec![
        ("State", Text::from(state)),
        ("Auditor", who(team, people)),
        ("Checklist", Text::from(progress_words(far))),
        ("Findings", Text::from(finding::card::count_words(findings))),
    ];
    if let Some(conclusion) = &audit.conclusion {
        facts.push(("Conclusion", conclusion.as_str().into()));
    }
    let next = (audit.state == State::InProgress && !far.is_whole())
        .then(|| Button::new("Next item", command_of(audit.name(), None)).primary());
    Card::new(format!("{} · {}", audit.name(), audit.topic))
        .facts(facts)
        .buttons(
            next.into_iter()
                .chain([list_button(audit), show_button(audit)]),
        )
}

/// What comes to somebody with the audit: what is looked at and asked first.
pub fn opened(
    audit: &Audit,
    scope: &[(&str, Option<&str>)],
    (team, people): (&Team, &People),
    is_theirs: bool,
) -> Card {
    let begins = match team.persons.len() + team.guests.len() {
        0 | 1 => "begins",
        _ => "begin",
    };
    let what = match is_theirs {
        true => "what you answer for. Please have ready what shows how it is done:",
        false => "this; nobody is named to answer for it yet:",
    };
    let lines = scope.iter().map(|(reference, question)| {
        let line = titled(reference);
        match question {
            Some(question) => line.plain_span(format!(": {question}")),
            None => line,
        }
    });
    Card::new(format!("Internal audit {}: {}", audit.name(), audit.topic))
        .text(who(team, people).plain_span(format!(" {begins} to audit {what}")))
        .list(lines)
        .text("What is found is shown to whoever answers for it, before it is final.")
        .buttons([show_button(audit)])
}
