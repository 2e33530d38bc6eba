//! Every word about minutes.

use chrono_tz::Tz;

use super::rules::{Approval, Signers};
use crate::chat::{Button, Card, Text, cut, day};
use crate::command::value::ReviewName;
use crate::people::People;
use crate::record;
use crate::review::meeting::card::{complete_button, decision_line, verdict_words};
use crate::review::meeting::gates;
use crate::review::meeting::rules::{House, Session};
use crate::review::rules::State;

/// So much of a section stands on a card; the document has all of it.
const SECTION: usize = 400;

pub fn show_button(review: ReviewName) -> Button {
    Button::new("Minutes", format!("review minutes {review}"))
}

fn edit_button(review: ReviewName) -> Button {
    Button::new("Edit", format!("review edit {review}"))
}

fn approve_button(review: ReviewName) -> Button {
    Button::new("Approve", format!("review approve {review}"))
}

fn document_button(review: ReviewName) -> Button {
    Button::new("As a document", format!("report review {review}"))
}

/// Names the version that is signed.
pub fn sign_button(review: ReviewName, version: i64) -> Button {
    Button::new("Sign", format!("review sign {review} version:{version}")).primary()
}

fn names(people: &People, ids: &[uuid::Uuid], last: &str) -> String {
    let names: Vec<&str> = ids.iter().map(|id| people.name(Some(*id))).collect();
    match names[..] {
        [] => String::new(),
        [name] => name.to_owned(),
        [ref names @ .., name] => format!("{} {last} {name}", names.join(", ")),
    }
}

/// What the minutes wait for: `the approval of Ann`.
pub fn waits_for(session: &Session, house: House) -> Option<String> {
    if session.review.state != State::Held {
        return None;
    }
    if session.minutes.approval.is_none() {
        let chair = session.review.chair;
        return Some(match chair.is_some_and(|chair| house.is_there(chair)) {
            true => format!("the approval of {}", house.people.name(chair)),
            false => format!(
                "the approval of a leader, for {} is not there",
                house.people.name(chair)
            ),
        });
    }
    Some(match session.signers(house) {
        Signers::Each(people) => {
            format!("the signature of {}", names(house.people, &people, "and"))
        }
        Signers::One(people) if people.is_empty() => {
            "the signature of a leader; nobody here is one".to_owned()
        }
        Signers::One(people) => format!("the signature of {}", names(house.people, &people, "or")),
    })
}

fn approved_words(approval: &Approval, people: &People) -> Text {
    let by = people.mention(Some(approval.by));
    let by = match approval.in_place_of {
        Some(chair) => by
            .plain_span(" in place of ")
            .then(people.mention(Some(chair)))
            .plain_span(", who was not there"),
        None => by,
    };
    by.plain_span(format!(", version {}, file ", approval.version))
        .code(approval.file.fingerprint())
}

/// What a meeting that is over came to.
pub fn outcome(card: Card, session: &Session, people: &People) -> Card {
    let mut facts = Vec::new();
    if let Some(verdicts) = session.meeting.verdicts {
        facts.push(("Verdict", Text::from(verdict_words(verdicts))));
    }
    if let Some(conclusion) = &session.review.conclusion {
        facts.push(("Conclusion", conclusion.as_str().into()));
    }
    if let Some(approval) = &session.minutes.approval {
        facts.push(("Minutes approved by", approved_words(approval, people)));
    }
    let signed = session.minutes.signatures.iter();
    let signed = signed.map(|signature| people.mention(Some(signature.by)));
    if let Some(signed) = signed.reduce(|all, one| all.plain_span(", ").then(one)) {
        facts.push(("Signed by", signed));
    }
    if session.review.state == State::Held && session.minutes.approval.is_none() {
        facts.push(("Minutes", "drafted, to be approved".into()));
    }
    match facts.is_empty() {
        true => card,
        false => card.facts(facts),
    }
}

/// The minutes, and what they need.
pub fn shown(session: &Session, house: House) -> Card {
    let review = &session.review;
    let name = review.name;
    let Some(version) = &session.minutes.newest else {
        return Card::say(format!("{name} has no minutes yet."));
    };
    let sections = &version.sections;
    let mut card = Card::new(format!("Minutes of {name}, version {}", version.number)).text(
        Text::from("Written by ")
            .then(house.people.mention(Some(version.by)))
            .plain_span("."),
    );
    card = outcome(card, session, house.people);
    let items = sections.items.iter().map(|(item, text)| {
        let head = format!("({item}) {}: ", item.label());
        (head, text.as_str())
    });
    let texts = std::iter::once(("Opening: ".to_owned(), sections.opening.as_str()))
        .chain(items)
        .chain([
            ("Conclusion: ".to_owned(), sections.conclusion.as_str()),
            ("Any other business: ".to_owned(), sections.other.as_str()),
        ]);
    let lines: Vec<Text> = texts
        .filter(|(_, text)| !text.is_empty())
        .map(|(head, text)| {
            let words = cut(&text.replace('\n', " "), SECTION);
            Text::new().bold(head).plain_span(words)
        })
        .collect();
    if !lines.is_empty() {
        card = card.list(lines);
    }
    let decided: Vec<Text> = session
        .standing_decisions()
        .map(|decision| decision_line(decision, house.people))
        .collect();
    card = match decided.is_empty() {
        true => card.text("Nothing was decided."),
        false => card.text(Text::new().bold("Decisions")).list(decided),
    };
    with_next(card, session, house)
}

/// What they wait for, and the buttons for that.
fn with_next(mut card: Card, session: &Session, house: House) -> Card {
    let name = session.review.name;
    let version = session.minutes.newest.as_ref().map_or(0, |v| v.number);
    if session.review.state == State::Finished {
        let file = session.meeting.archived.as_ref();
        return card.buttons(file.map(record::card::get).into_iter().chain([
            document_button(name),
            Button::new("Show", format!("review show {name}")),
        ]));
    }
    let missing = gates::missing_to_sign(session, house);
    if !missing.is_empty() {
        card = card
            .text("Before they can be approved, this is to be said:")
            .list(missing);
        let open = gates::incomplete(session, house);
        let complete = open.map(|decision| complete_button(name, decision.name()));
        return card.buttons(
            complete
                .take(3)
                .chain([edit_button(name), document_button(name)]),
        );
    }
    if let Some(waits) = waits_for(session, house) {
        card = card.text(format!("They wait for {waits}."));
    }
    let next = match session.minutes.approval {
        None => approve_button(name).primary(),
        Some(_) => sign_button(name, version),
    };
    card.buttons([next, edit_button(name), document_button(name)])
}

/// To who edited them.
pub fn edited(session: &Session, house: House, had: Option<i64>) -> Card {
    let name = session.review.name;
    let version = session.minutes.newest.as_ref().map_or(0, |v| v.number);
    let card = Card::say(format!(
        "The minutes of {name} are at version {version} now."
    ));
    let card = match had {
        Some(before) => card.text(format!(
            "Version {before} had been approved: this one is to be approved anew."
        )),
        None => card,
    };
    match waits_for(session, house) {
        Some(waits) => card.text(format!("They wait for {waits}.")),
        None => card,
    }
    .buttons([show_button(name), approve_button(name)])
}

/// To who approved them.
pub fn approved(session: &Session, house: House) -> Card {
    let name = session.review.name;
    let Some(approval) = &session.minutes.approval else {
        return Card::say(format!("{name} is not approved."));
    };
    let card = Card::new(format!("The minutes of {name} are approved")).text(
        Text::from("Approved by ")
            .then(approved_words(approval, house.people))
            .plain_span(". What changes from now on is to be approved anew."),
    );
    let card = match waits_for(session, house) {
        Some(waits) => card.text(format!("They wait for {waits}.")),
        None => card,
    };
    card.buttons([
        sign_button(name, approval.version),
        record::card::get(&approval.file),
        show_button(name),
    ])
}

/// To who is to approve them.
pub fn to_approve(session: &Session, house: House) -> Card {
    let name = session.review.name;
    let chairs = session.review.chair;
    let missing = gates::missing_to_sign(session, house);
    let there = chairs.is_some_and(|chair| house.is_there(chair));
    let why = match there {
        true => Text::from("You chaired the meeting: the minutes are yours to approve."),
        false => house.people.mention(chairs).plain_span(
            ", who chaired the meeting, is not there: a leader approves the minutes instead.",
        ),
    };
    let card = Card::new(format!("The minutes of {name} are drafted")).text(why);
    let card = match missing.is_empty() {
        true => card,
        false => card.text("Still to be said before that:").list(missing),
    };
    card.buttons([show_button(name).primary(), document_button(name)])
}

/// To a leader who is to sign them.
pub fn to_sign(session: &Session, house: House) -> Option<Card> {
    let name = session.review.name;
    let approval = session.minutes.approval.as_ref()?;
    let verdicts = session.meeting.verdicts?;
    let count = session.standing_decisions().count();
    let decided = match count {
        0 => "nothing was decided".to_owned(),
        1 => "one decision".to_owned(),
        n => format!("{n} decisions"),
    };
    let card = Card::new(format!("The minutes of {name} wait for your signature"))
        .text(format!("{}; {decided}.", verdict_words(verdicts)))
        .text(Text::from("Approved by ").then(approved_words(approval, house.people)))
        .text("You sign the file with this fingerprint. It is in the thread.");
    Some(card.buttons([sign_button(name, approval.version), show_button(name)]))
}

/// To who signed them.
pub fn signed(session: &Session, house: House, zone: Tz) -> Card {
    let name = session.review.name;
    let own = session.minutes.signatures.last();
    let card = Card::new(format!("You signed the minutes of {name}"));
    let card = match own {
        Some(own) => card.text(
            Text::from(format!(
                "Version {}, on {}, file ",
                own.version,
                day(own.at.with_timezone(&zone).date_naive())
            ))
            .code(own.file.fingerprint())
            .plain_span("."),
        ),
        None => card,
    };
    if let Some(waits) = waits_for(session, house) {
        return card
            .text(format!("They still wait for {waits}."))
            .buttons([show_button(name)]);
    }
    let actions = session.standing_decisions();
    let actions: Vec<Text> = actions
        .map(|decision| decision_line(decision, house.people))
        .collect();
    let card = match actions.is_empty() {
        true => card.text("The review is finished."),
        false => card
            .text("The review is finished. Its decisions are actions now:")
            .list(actions),
    };
    let file = session.meeting.archived.as_ref();
    card.text("The minutes are archived, and sent to who took part, leaders and ISMS managers.")
        .buttons(
            file.map(record::card::get)
                .into_iter()
                .chain([show_button(name)]),
        )
}

/// Goes with the file of signed minutes.
pub fn sent_words(session: &Session, people: &People) -> String {
    let signed: Vec<_> = session.minutes.signatures.iter().map(|s| s.by).collect();
    format!(
        "The minutes of {}, signed by {}",
        session.review.name,
        names(people, &signed, "and")
    )
}
