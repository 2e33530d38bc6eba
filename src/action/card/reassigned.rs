//! Many actions that go from one person to another: before, and after.

use crate::action::command::ReassignActions;
use crate::action::rules::Action;
use crate::chat::{Button, Card, Text, day};
use crate::command::quoted;
use crate::people::People;

/// As many as a preview names.
const NAMED: usize = 8;

/// What goes from whom to whom.
pub struct Reassignment<'a> {
    pub said: &'a ReassignActions,
    pub going: &'a [Action],
    /// How many fit, also where not all go at once.
    pub count: i64,
    pub people: &'a People,
}

impl Reassignment<'_> {
    fn names(&self) -> (Text, Text) {
        let person = |id| self.people.mention(Some(id));
        (person(self.said.from.0), person(self.said.to.0))
    }

    /// The same, confirmed for so many.
    fn again(&self) -> String {
        let said = self.said;
        let external = |id| {
            let person = self.people.find(id);
            person.map_or_else(String::new, |person| format!("<@{}>", person.external))
        };
        let mut ask = format!(
            "action reassign {} to:{}",
            external(said.from.0),
            external(said.to.0)
        );
        if said.overdue {
            ask.push_str(" overdue:yes");
        }
        let mut narrow = |name: &str, value: Option<String>| {
            ask.extend(value.map(|value| format!(" {name}:{value}")));
        };
        narrow("source", said.source.map(|source| source.to_string()));
        narrow(
            "severity",
            said.severity.map(|severity| severity.to_string()),
        );
        narrow("control", said.control.as_ref().map(ToString::to_string));
        narrow("text", said.text.as_deref().map(quoted));
        narrow("confirm", Some(self.count.to_string()));
        ask
    }
}

fn actions(count: usize) -> String {
    match count {
        1 => "1 action".to_owned(),
        count => format!("{count} actions"),
    }
}

/// What would go over, before it does.
pub fn to_reassign(sight: &Reassignment) -> Card {
    let (from, to) = sight.names();
    let going = actions(sight.going.len());
    let line = Text::new()
        .bold(going.clone())
        .plain_span(" would go from ")
        .then(from)
        .plain_span(" to ")
        .then(to)
        .plain_span(". Nothing is changed yet.");
    let items = sight.going.iter().take(NAMED).map(|action| {
        let text = Text::new().bold(action.name().to_string());
        text.plain_span(format!(" {} · due {}", action.title, day(action.due)))
    });
    let mut card = Card::say(line).list(items);
    if let Some(more) = sight
        .going
        .len()
        .checked_sub(NAMED)
        .filter(|more| *more > 0)
    {
        card = card.text(format!("And {more} more."));
    }
    card = too_many(card, sight);
    card.buttons([Button::new(format!("Reassign {going}"), sight.again()).primary()])
}

/// Where not all go at once.
fn too_many(card: Card, sight: &Reassignment) -> Card {
    let going = i64::try_from(sight.going.len()).unwrap_or(i64::MAX);
    match sight.count - going {
        ..1 => card,
        left => card.text(format!("{left} stay for now: say it again for them.")),
    }
}

/// To who reassigned them.
pub fn reassigned(sight: &Reassignment) -> Card {
    let (from, to) = sight.names();
    let line = Text::new()
        .bold(actions(sight.going.len()))
        .plain_span(" went from ")
        .then(from)
        .plain_span(" to ")
        .then(to)
        .plain_span(".");
    too_many(Card::say(line), sight)
}
