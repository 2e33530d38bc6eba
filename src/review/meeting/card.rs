//! Every word a meeting says.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::gates;
use super::rules::{Attendant, Decision, House, Session, Verdicts};
use crate::action::rules::Action;
use crate::chat::{Button, Card, Text, cut, day};
use crate::command::value::{DecisionName, ReviewName};
use crate::people::People;
use crate::review::command::InputItem;
use crate::review::minutes;
use crate::review::rules::{Input, State};

/// So much of an input, and of what was said about it, stands in the living message.
const INPUT: usize = 240;
const NOTE: usize = 240;

/// A decision of an earlier review, and the action that came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Earlier {
    pub review: ReviewName,
    pub decision: DecisionName,
    pub action: Action,
}

/// What the living message shows.
#[derive(Debug)]
pub struct Shown<'a> {
    pub session: &'a Session,
    /// As they froze.
    pub inputs: Vec<Input>,
    pub earlier: Vec<Earlier>,
    pub house: House<'a>,
    pub today: NaiveDate,
    pub zone: Tz,
}

fn show_button(review: ReviewName) -> Button {
    Button::new("Show", format!("review show {review}"))
}

fn decide_button(review: ReviewName, item: InputItem) -> Button {
    Button::new(
        format!("Decide ({item})"),
        format!("review decide {review} {item}"),
    )
}

fn conclude_button(review: ReviewName) -> Button {
    Button::new("End the meeting", format!("review conclude {review}"))
}

fn attend_button(label: &str, review: ReviewName) -> Button {
    Button::new(label, format!("review attend {review}"))
}

pub fn complete_button(review: ReviewName, decision: DecisionName) -> Button {
    Button::new(
        format!("Complete {decision}"),
        format!("review decide-change {review} {decision}"),
    )
}

/// `D1 A second person for patching (resources) · @ann · due Thu 31 Dec 2026`
pub fn decision_line(decision: &Decision, people: &People) -> Text {
    let head = Text::new()
        .code(decision.name().to_string())
        .plain_span(format!(" {} ({})", decision.text, decision.kind.words()));
    if let Some(reason) = &decision.withdrawn {
        return head.italic(format!(" · taken back: {reason}"));
    }
    let head = match decision.owner {
        Some(owner) => head.plain_span(" · ").then(people.mention(Some(owner))),
        None => head.bold(" · no owner yet"),
    };
    let head = match decision.due {
        Some(due) => head.plain_span(format!(" · due {}", day(due))),
        None => head.bold(" · no date yet"),
    };
    match decision.action_name() {
        Some(action) => head.plain_span(" · ").code(action.to_string()),
        None => head,
    }
}

/// Who is there, who is not, and of whom nothing was said.
pub fn attendance_lines(session: &Session, people: &People) -> Vec<Text> {
    let named = |who: &Attendant| match who {
        Attendant::Person(person) => {
            let name = people.mention(Some(*person));
            match session.chairs(*person) {
                true => name.plain_span(" (chair)"),
                false => name,
            }
        }
        Attendant::Guest(name) => Text::from(format!("{name} (guest)")),
    };
    let listed = |label: &str, all: Vec<Text>| {
        let mut texts = all.into_iter();
        let first = Text::new().plain_span(label).then(texts.next()?);
        Some(texts.fold(first, |line, one| line.plain_span(", ").then(one)))
    };
    let with = |present: bool| {
        let fitting = session.attendees.iter().filter(|a| a.present == present);
        fitting.map(|a| named(&a.who)).collect::<Vec<_>>()
    };
    let said = |person: &&uuid::Uuid| {
        let mut attendees = session.attendees.iter();
        attendees.any(|a| a.who == Attendant::Person(**person))
    };
    let unsaid = session.invited.iter().filter(|person| !said(person));
    let unsaid = unsaid.map(|person| named(&Attendant::Person(*person)));
    // Once it is over, nobody is still to come.
    let [there, away, unseen] = match session.meeting.concluded {
        Some(_) => ["Present: ", "Absent: ", "Invited, not seen: "],
        None => ["Here: ", "Not here: ", "Invited, not seen yet: "],
    };
    let lines = [
        listed(there, with(true)),
        listed(away, with(false)),
        listed(unseen, unsaid.collect()),
    ];
    lines.into_iter().flatten().collect()
}

pub fn verdict_words(verdicts: Verdicts) -> String {
    format!(
        "Suitable: {}; adequate: {}; effective: {}",
        verdicts.suitable.words(),
        verdicts.adequate.words(),
        verdicts.effective.words()
    )
}

/// `CA-7 Patch twice a month · done · @tom`
fn earlier_line(earlier: &Earlier, people: &People, today: NaiveDate) -> Text {
    let action = &earlier.action;
    let due = match (action.is_overdue(today), action.state.is_open()) {
        (true, _) => format!(", overdue since {}", day(action.due)),
        (_, true) => format!(", due {}", day(action.due)),
        _ => String::new(),
    };
    Text::new()
        .code(action.name().to_string())
        .plain_span(format!(
            " {} ({} of {}) · {}{due} · ",
            action.title,
            earlier.decision,
            earlier.review,
            action.state.words()
        ))
        .then(people.mention(action.owner))
}

fn at(instant: DateTime<Utc>, zone: Tz) -> String {
    instant.with_timezone(&zone).format("%H:%M").to_string()
}

/// The living message.
pub fn living(shown: &Shown) -> Card {
    let session = shown.session;
    let people = shown.house.people;
    let review = &session.review;
    let name = review.name;
    let card = Card::new(format!("{name} · {}", review.title));
    let card = match review.state {
        State::Started => card.facts([
            ("Chair", people.mention(review.chair)),
            (
                "Meeting",
                format!(
                    "{}, since {}",
                    day(review.on),
                    at(session.meeting.begun_at, shown.zone)
                )
                .into(),
            ),
        ]),
        _ => minutes::card::outcome(card, session, people),
    };
    let card = match shown.earlier.is_empty() {
        true => card,
        false => card
            .text(Text::new().bold("What came of earlier reviews"))
            .list(
                shown
                    .earlier
                    .iter()
                    .map(|earlier| earlier_line(earlier, people, shown.today)),
            ),
    };
    match review.state {
        State::Started => going_on(card, shown),
        _ => over(card, shown),
    }
}

fn going_on(mut card: Card, shown: &Shown) -> Card {
    let session = shown.session;
    let (people, name) = (shown.house.people, session.review.name);
    for input in &shown.inputs {
        let item = input.item;
        card = card.text(Text::new().bold(format!("({item}) {}", item.label())));
        let answer = input.answer.as_ref();
        let mut lines = vec![match answer.map(|answer| answer.text.as_deref()) {
            Some(Some(words)) => Text::from(cut(&words.replace('\n', " "), INPUT)),
            Some(None) => "Nothing to report.".into(),
            None => Text::new().italic("This input is missing."),
        }];
        if let Some(note) = session.note(item) {
            let words = cut(&note.text.replace('\n', " "), NOTE);
            lines.push(Text::new().italic("Said: ").plain_span(words));
        }
        let decided = session.standing_decisions().filter(|d| d.item == item);
        lines.extend(decided.map(|decision| decision_line(decision, people)));
        let discuss = format!("review discuss {name} {item}");
        card = card.list(lines).buttons([
            Button::new(format!("Discuss ({item})"), discuss),
            decide_button(name, item),
        ]);
    }
    card = card.text(Text::new().bold("At the meeting"));
    card = match attendance_lines(session, people) {
        lines if lines.is_empty() => card.text("It was not said yet who is there."),
        lines => card.list(lines),
    };
    let missing = gates::missing_for_quorum(session, shown.house);
    if !missing.is_empty() {
        card = card.text(format!("To end, it lacks: {}.", missing.join("; ")));
    }
    card.buttons([
        Button::new("I am here", format!("review attend {name} me")),
        attend_button("Who is there", name),
        conclude_button(name).primary(),
    ])
}

fn over(card: Card, shown: &Shown) -> Card {
    let session = shown.session;
    let name = session.review.name;
    let decided: Vec<_> = session.standing_decisions().collect();
    let card = match decided.is_empty() {
        true => card.text("Nothing was decided."),
        false => card.list(
            decided
                .iter()
                .map(|decision| decision_line(decision, shown.house.people)),
        ),
    };
    let open = gates::incomplete(session, shown.house);
    let complete = open.map(|decision| complete_button(name, decision.name()));
    match session.review.state {
        State::Finished => card.buttons([minutes::card::show_button(name)]),
        _ => card.buttons(
            complete
                .take(4)
                .chain([minutes::card::show_button(name).primary()]),
        ),
    }
}

/// What was said of a meeting, under the review itself.
pub fn added(card: Card, session: &Session, people: &People) -> Card {
    let name = session.review.name;
    let card = match attendance_lines(session, people) {
        lines if lines.is_empty() => card,
        lines => card.text(Text::new().bold("At the meeting")).list(lines),
    };
    let decided: Vec<Text> = session
        .decisions
        .iter()
        .map(|d| decision_line(d, people))
        .collect();
    let card = match decided.is_empty() {
        true => card,
        false => card.text(Text::new().bold("Decisions")).list(decided),
    };
    match session.review.state {
        State::Started => card.buttons([
            attend_button("Who is there", name),
            conclude_button(name).primary(),
        ]),
        _ => minutes::card::outcome(card, session, people)
            .buttons([minutes::card::show_button(name)]),
    }
}

/// Under the review as it froze, to who started it.
pub fn with_way_on(card: Card, session: &Session) -> Card {
    let name = session.review.name;
    card.text("The meeting has begun: what is said and decided is written down in its message.")
        .buttons([
            attend_button("Who is there", name).primary(),
            conclude_button(name),
        ])
}

/// To who said who is there.
pub fn attended(session: &Session, house: House) -> Card {
    let name = session.review.name;
    let card = Card::default().list(attendance_lines(session, house.people));
    let missing = gates::missing_for_quorum(session, house);
    let card = match missing.is_empty() {
        true => card.text("Everybody who has to be there is there."),
        false => card.text(format!(
            "A review needs {}. Missing: {}.",
            house.quorum.words(),
            missing.join("; ")
        )),
    };
    card.buttons([attend_button("Somebody else", name), show_button(name)])
}

/// To who wrote down what was said.
pub fn discussed(session: &Session, item: InputItem) -> Card {
    let name = session.review.name;
    let note = session.note(item);
    let version = note.map_or(0, |note| note.version);
    let text = note.map_or_else(String::new, |note| note.text.clone());
    Card::say(
        Text::new()
            .bold(format!("({item}) {}", item.label()))
            .plain_span(format!(" of {name}, version {version}:")),
    )
    .text(text)
    .buttons([
        decide_button(name, item),
        Button::new("Change it", format!("review discuss {name} {item}")),
    ])
}

/// To who wrote down, changed or took back a decision.
pub fn decided(session: &Session, decision: DecisionName, house: House) -> Card {
    let name = session.review.name;
    let Ok(decision) = session.decision(decision) else {
        return Card::say(format!("{name} has no {decision}."));
    };
    let card = Card::say(decision_line(decision, house.people));
    let lacks = decision.lacks();
    let card = match lacks.is_empty() || !decision.stands() {
        true => card,
        false => card.text(format!(
            "It still needs {}: without that the minutes cannot be approved.",
            lacks.join(" and ")
        )),
    };
    let complete = (!lacks.is_empty() && decision.stands())
        .then(|| complete_button(name, decision.name()).primary());
    card.buttons(
        complete
            .into_iter()
            .chain([decide_button(name, decision.item), show_button(name)]),
    )
}

/// To who ended the meeting.
pub fn concluded(session: &Session, house: House) -> Card {
    let name = session.review.name;
    let verdicts = session.meeting.verdicts;
    let card = Card::new(format!("The meeting of {name} is over"))
        .text(verdicts.map_or_else(String::new, |v| format!("{}.", verdict_words(v))));
    let missing = gates::missing_to_sign(session, house);
    let card = match missing.is_empty() {
        true => card.text(
            Text::from("The minutes are drafted. They wait for the approval of ")
                .then(house.people.mention(session.review.chair))
                .plain_span("."),
        ),
        false => card
            .text("The minutes are drafted. Before they can be approved, this is to be said:")
            .list(missing),
    };
    let open = gates::incomplete(session, house);
    let complete = open.map(|decision| complete_button(name, decision.name()));
    card.buttons(
        complete
            .take(3)
            .chain([minutes::card::show_button(name).primary()]),
    )
}
