//! Every word about planning reviews.

use super::rules::{Change, Lapse, Meeting};
use crate::chat::{Button, Card, Text, day};
use crate::people::{People, Rhythm};
use crate::review::invitation::calendar::Method;
use crate::review::rules::{Review, State};

/// `Tue 15 Dec 2026, 10:00 to 11:30 (Europe/Berlin)`.
pub fn when(review: &Review, meeting: &Meeting) -> String {
    let on = day(review.on);
    let Some((begins, ends)) = review.instants(meeting.zone) else {
        return on;
    };
    let time = |at: chrono::DateTime<chrono::Utc>| at.with_timezone(&meeting.zone).format("%H:%M");
    let zone = meeting.zone.name();
    format!("{on}, {} to {} ({zone})", time(begins), time(ends))
}

fn show(review: &Review) -> Button {
    Button::new("Show", format!("review show {}", review.name))
}

/// Mentions with commas between.
fn mentions(meeting: &Meeting, people: &People) -> Text {
    let mut text = Text::new();
    for (nth, person) in meeting.participants.iter().enumerate() {
        if nth > 0 {
            text = text.plain_span(", ");
        }
        text = text.then(people.mention(Some(*person)));
    }
    match meeting.participants.is_empty() {
        true => "nobody is invited yet".into(),
        false => text,
    }
}

/// When and where a review is, who takes part, and how often it was moved.
pub fn facts(review: &Review, meeting: &Meeting, people: &People) -> Vec<(&'static str, Text)> {
    let mut facts = vec![("Day", Text::from(when(review, meeting)))];
    if let Some(place) = &review.place {
        facts.push(("Place", place.as_str().into()));
    }
    if let Some(chair) = review.chair {
        facts.push(("Chair", people.mention(Some(chair))));
    }
    if !meeting.participants.is_empty() {
        facts.push(("Takes part", mentions(meeting, people)));
    }
    let told: Vec<String> = meeting.changes.iter().map(change).collect();
    if !told.is_empty() {
        facts.push(("Changed", told.join("\n").into()));
    }
    facts
}

/// `from Tue 15 Dec 2026 to Thu 17 Dec 2026: the chair is away`.
fn change(change: &Change) -> String {
    let (was, reason) = (day(change.was_on), &change.reason);
    match change.now_on {
        Some(now) if now == change.was_on => format!("another time on {was}: {reason}"),
        Some(now) => format!("moved from {was} to {}: {reason}", day(now)),
        None => format!("cancelled: {reason}"),
    }
}

/// To whoever scheduled it.
pub fn scheduled(
    review: &Review,
    meeting: &Meeting,
    series: Option<Rhythm>,
    people: &People,
) -> Card {
    let name = review.name;
    let mut card = Card::new(format!("{name} is scheduled"))
        .text(format!(
            "{} is on {}. Its seven inputs are yours until you share them out; (a) and (d) are \
             filled in from the records. Owners are asked 21, 14, 7 and 2 days before, and on the \
             day.",
            review.title,
            when(review, meeting)
        ))
        .text(
            Text::from("Invited, with a file for their calendar: ")
                .then(mentions(meeting, people))
                .plain_span("."),
        );
    if let Some(rhythm) = series {
        let often = match rhythm {
            Rhythm::Quarterly => "every quarter",
            Rhythm::HalfYearly => "every half-year",
            Rhythm::Yearly => "every year",
        };
        card = card.text(format!(
            "Reviews are planned {often}: when this one is behind, I plan the next."
        ));
    }
    card.buttons([
        Button::new("Share out inputs", format!("review assign {name}")).primary(),
        Button::new("Invite", format!("review invite {name}")),
        show(review),
    ])
}

/// To whoever ended the series.
pub fn series_ended() -> Card {
    Card::say("Reviews are no longer planned by themselves. What is planned stays.")
        .buttons([Button::new("List reviews", "review list")])
}

/// To whoever moved it.
pub fn moved(review: &Review, was: &Review, meeting: &Meeting) -> Card {
    let times = meeting.changes.len();
    let mut text = format!(
        "It was planned for {} and is now on {}. Who takes part gets the new invitation.",
        when(was, meeting),
        when(review, meeting)
    );
    if times > 1 {
        text.push_str(&format!(" It has been moved {times} times."));
    }
    Card::new(format!("{} is moved", review.name))
        .text(text)
        .buttons([show(review)])
}

/// To whoever cancelled it.
pub fn cancelled(review: &Review, series: bool) -> Card {
    let next = match series {
        true => "I plan the next of the series.",
        false => "Clause 9.3 asks for one at planned intervals: schedule another.",
    };
    let card = Card::new(format!("{} is cancelled", review.name)).text(format!(
        "Who takes part gets the cancellation, and no input is asked for any more. {next}"
    ));
    let schedule = (!series).then(|| Button::new("Schedule a review", "review schedule").primary());
    card.buttons(schedule.into_iter().chain([show(review)]))
}

/// To whoever changed who takes part.
pub fn participants(review: &Review, meeting: &Meeting, people: &People) -> Card {
    let mut text = Text::new()
        .bold(review.name.to_string())
        .plain_span(format!(" on {}: ", when(review, meeting)))
        .then(mentions(meeting, people));
    if let Some(chair) = review.chair {
        text = text
            .plain_span(". ")
            .then(people.mention(Some(chair)))
            .plain_span(" chairs");
    }
    Card::say(text.plain_span(".")).buttons([
        Button::new("Invite", format!("review invite {}", review.name)),
        show(review),
    ])
}

/// Stands beside the file of an invitation.
pub fn invitation(
    review: &Review,
    meeting: &Meeting,
    (method, why): (Method, Option<&str>),
    people: &People,
) -> String {
    let (name, title) = (review.name, &review.title);
    let when = when(review, meeting);
    let why = why.map_or_else(String::new, |why| format!(" {}", sentence(why)));
    match (method, review.state) {
        (Method::Cancel, State::Cancelled) => {
            format!("{name}, {title}, on {when} is cancelled.{why}")
        }
        (Method::Cancel, _) => {
            format!("{name}, {title}, on {when} takes place without you.")
        }
        (Method::Request, _) => {
            let place = review.place.as_ref();
            let place = place.map_or_else(String::new, |place| format!(" Place: {place}."));
            let chair = review.chair.map(|chair| people.name(Some(chair)));
            let chair = chair.map_or_else(String::new, |chair| format!(" {chair} chairs."));
            match meeting.changes.is_empty() {
                true => format!("You are invited to {name}, {title}, on {when}.{place}{chair}"),
                false => format!("{name}, {title}, is now on {when}.{place}{chair}{why}"),
            }
        }
    }
}

/// With a full stop.
fn sentence(words: &str) -> String {
    match words.ends_with(['.', '!', '?']) {
        true => words.to_owned(),
        false => format!("{words}."),
    }
}

/// What was not held when it should have been, in words.
pub fn lapse_words(lapse: &Lapse) -> String {
    match lapse {
        Lapse::Late { review, on } => {
            format!(
                "{review} was planned for {} and has not been held.",
                day(*on)
            )
        }
        Lapse::Postponed {
            review,
            planned,
            on,
        } => format!(
            "{review} was planned for {} and put off until {}.",
            day(*planned),
            day(*on)
        ),
        Lapse::Skipped {
            stretch,
            cancelled: None,
            ..
        } => format!("No review was held in {stretch}."),
        Lapse::Skipped {
            stretch,
            cancelled: Some(name),
            ..
        } => format!("No review was held in {stretch}: {name} was cancelled."),
    }
}
