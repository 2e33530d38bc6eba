//! What someone hears who says that they are away, linked, or hands something over.

use chrono::NaiveDate;

use super::holdings::Holdings;
use super::rules::{Absence, Absences};
use crate::chat::{Button, Card, Text, day};
use crate::people::{People, Person, Workspace};

/// An absence as it was said.
pub struct Away<'a> {
    pub absence: &'a Absence,
    pub deputy: &'a Person,
    /// The deputy is away then too, and back on this day.
    pub deputy_is_away: Option<NaiveDate>,
    /// It is still to come.
    pub later: bool,
    /// It was said for the other places too.
    pub also: bool,
    /// The other places.
    pub others: &'a [String],
}

/// Ends an absence that has not begun.
pub const CALL_OFF: &str = "Call it off";

/// To whoever said that they are away.
pub fn away(away: &Away) -> Card {
    let absence = away.absence;
    let line = Text::from(format!("From {} on ", day(absence.from)))
        .then(away.deputy.mention())
        .plain_span(" is asked what you would be asked. On ")
        .bold(day(absence.until))
        .plain_span(" your reminders come to you again.");
    let (title, end) = match away.later {
        true => ("You will be away", CALL_OFF),
        false => ("You are away", "I am back"),
    };
    let mut card = Card::new(title).text(line);
    if let Some(back) = away.deputy_is_away {
        card = card.text(format!(
            "{} is away then too, until {}: meanwhile the managers are asked.",
            away.deputy.name,
            day(back)
        ));
    }
    let mut buttons = vec![Button::new(end, "back")];
    let others = away.others.join(", ");
    match (away.others, away.also) {
        ([], _) => {}
        (_, true) => {
            card = card.text(format!(
                "Also in {others}. There the managers are asked, until you name a deputy there."
            ));
        }
        (_, false) => {
            let also = format!(
                "away from:{} until:{} deputy:<@{}> also:yes",
                absence.from, absence.until, away.deputy.external
            );
            card = card.text(format!("In {others} you are still asked."));
            buttons.push(Button::new("Also there", also));
        }
    }
    card.buttons(buttons)
}

/// To whoever is back, or does not go away after all.
pub fn back(had_begun: bool) -> Card {
    let words = match had_begun {
        true => "Welcome back: your reminders come to you again.",
        false => "Your absence is called off: your reminders come to you as ever.",
    };
    Card::say(words).buttons([Button::new("What waits for me", "mine").primary()])
}

/// Who is away on a day, all but one person, and who is asked meanwhile; nothing if all are there.
pub fn who_is_away(
    absences: &Absences,
    today: NaiveDate,
    people: &People,
    but: Option<uuid::Uuid>,
) -> Option<Text> {
    let mut names = Vec::new();
    let away = |absence: &&Absence| absence.holds(today) && Some(absence.person) != but;
    for absence in absences.0.iter().filter(away) {
        let Some(person) = people.find(absence.person).filter(|who| who.present) else {
            continue;
        };
        let receivers = absences.receivers(person.id, today, people);
        let receivers = receivers.iter().map(|id| people.name(Some(*id)));
        let instead = match receivers.collect::<Vec<_>>().join(", ") {
            none if none.is_empty() => "nobody stands in".to_owned(),
            names => format!("asked instead: {names}"),
        };
        names.push(format!(
            "{} until {} ({instead})",
            person.name,
            day(absence.until)
        ));
    }
    (!names.is_empty()).then(|| names.join("; ").into())
}

/// Put before what was meant for someone who is away.
pub fn for_absent(person: &Person, until: NaiveDate) -> Text {
    Text::new().italic(format!(
        "For {}, who is away until {}.",
        person.name,
        day(until)
    ))
}

/// A workspace, as its people know it from outside.
pub fn place(workspace: &Workspace) -> String {
    let platform = workspace.platform.to_string();
    let mut letters = platform.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    let platform: String = first.into_iter().chain(letters).collect();
    format!("{} on {platform}", workspace.name)
}

/// To whoever wants to be known as the same person in another place.
pub fn code(code: &str, linked: &[String]) -> Card {
    let mut card = Card::new("Link yourself")
        .text("Every place knows you apart. To be the same person in both, say this in the other one:")
        .text(Text::new().code(format!("/isms link code:{code}")))
        .text("The code is for you alone. It works once, for ten minutes.");
    if !linked.is_empty() {
        card = card
            .text(format!("You are linked with {}.", linked.join(", ")))
            .buttons([Button::new("Remove the links", "link remove")]);
    }
    card.footer(
        "Over a link I tell you how many things wait for you in the other place, and nothing else.",
    )
}

/// To whoever said a code.
pub fn linked(place: &str) -> Card {
    Card::say(format!(
        "You are linked with {place}: what waits for you there is counted here, and the other way \
         round."
    ))
    .buttons([Button::new("What waits for me", "mine").primary()])
}

pub fn unlinked() -> Card {
    Card::say("You are not linked with any other place any more.")
}

/// How many things wait for someone in another place.
#[derive(Debug, Clone, PartialEq)]
pub struct Elsewhere {
    pub place: String,
    pub things: usize,
}

/// What waits for a person in other places; nothing where nothing does.
pub fn elsewhere(places: &[Elsewhere]) -> Option<Text> {
    let waits = places.iter().filter(|elsewhere| elsewhere.things > 0);
    let words = waits.map(|Elsewhere { place, things }| match things {
        1 => format!("One thing waits for you in {place}."),
        things => format!("{things} things wait for you in {place}."),
    });
    let words: Vec<String> = words.collect();
    (!words.is_empty()).then(|| words.join(" ").into())
}

/// As many as a card lists.
const SHOWN: usize = 30;

/// Everything somebody holds, a line each.
pub fn list(held: &Holdings, person: uuid::Uuid) -> Vec<Text> {
    let line = |name: String, rest: String| Text::new().code(name).plain_span(format!(" {rest}"));
    let actions = held.actions.iter().map(|action| {
        let rest = format!("{} · due {}", action.title, day(action.due));
        line(action.name().to_string(), rest)
    });
    let steps = held.steps.iter().map(|owed| {
        let (number, what) = (owed.step.number, &owed.step.what);
        let rest = format!("step {number}: {what} · due {}", day(owed.step.due));
        line(format!("CA-{}", owed.action), rest)
    });
    let checks = held.checks.iter().map(|action| {
        let rest = format!("{} · looks whether it worked", action.title);
        line(action.name().to_string(), rest)
    });
    let actions = actions.chain(steps).chain(checks);
    let kpis = held.kpis.iter().map(|kpi| {
        let duty = match (kpi.measurer == person, kpi.analyst == person) {
            (true, true) => "measures and looks into it",
            (true, false) => "measures it",
            (false, _) => "looks into it",
        };
        line(kpi.key.to_string(), format!("{} · {duty}", kpi.name))
    });
    let inputs = held.inputs.iter().map(|(review, input)| {
        let rest = format!("input ({}) · due {}", input.item, day(review.on));
        line(review.name.to_string(), rest)
    });
    let audits = held.audits.iter().map(|audit| {
        let rest = format!("{} · audits it", audit.topic);
        line(audit.name().to_string(), rest)
    });
    let areas = held.areas.iter().map(|area| {
        let rest = format!("{} · is responsible for it", area.name.title());
        line(area.name.to_string(), rest)
    });
    let records = actions.chain(kpis).chain(inputs).chain(audits);
    let mut all: Vec<Text> = records.chain(areas).collect();
    if let more @ 1.. = all.len().saturating_sub(SHOWN) {
        all.truncate(SHOWN);
        all.push(format!("and {more} more").into());
    }
    all
}

/// To the manager who handed something over.
pub fn handed_over(from: &Person, to: &Person, held: &Holdings) -> Card {
    let things = match list(held, from.id).len() {
        1 => "One thing is".to_owned(),
        things => format!("{things} things are"),
    };
    Card::say(
        Text::from(format!("{things} now with "))
            .then(to.mention())
            .plain_span(format!(", from {}:", from.name)),
    )
    .list(list(held, from.id))
}

/// Said in the form of a handover.
pub fn to_hand_over(person: &Person, held: &Holdings) -> String {
    let lines = list(held, person.id);
    let lines: Vec<String> = lines
        .iter()
        .map(|line| format!("• {}", line.plain()))
        .collect();
    format!("What {} holds:\n{}", person.name, lines.join("\n"))
}
