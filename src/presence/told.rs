//! What others are told: a deputy, a new owner, and those in charge. Pure.

use uuid::Uuid;

use super::card::list;
use super::holdings::Holdings;
use super::rules::{Absence, Kept, Trouble};
use crate::chat::{Button, Card, Text, day};
use crate::people::{People, Person, Role, Workspace, rights};

/// To a deputy.
pub fn deputy(absence: &Absence, people: &People) -> Card {
    let name = people.name(Some(absence.person));
    let line = people.mention(Some(absence.person)).plain_span(format!(
        " is away from {} until {} and named you as deputy: meanwhile you are \
         asked what {name} would be asked.",
        day(absence.from),
        day(absence.until)
    ));
    let mut card = Card::new(format!("You stand in for {name}")).text(line);
    if let Some(reason) = &absence.reason {
        card = card.text(format!("Reason: {reason}"));
    }
    card.buttons([Button::new("What waits for me", "mine")])
}

/// To those in charge, of a person who left.
pub fn left(person: &Person, held: &Holdings) -> Card {
    let was = match person.role {
        Role::Member => String::new(),
        role => format!(" Their role was {role}."),
    };
    let mut card = Card::new(format!("{} left", person.name)).text(format!(
        "{} is not in the workspace any more.{was}",
        person.name
    ));
    if held.is_empty() {
        return card.text("Nothing is left to be handed over.");
    }
    card = card
        .text("Nobody is reminded of this until somebody takes it over:")
        .list(list(held, person.id));
    card.buttons([Button::new("Hand over", format!("handover <@{}>", person.external)).primary()])
}

/// To the new owner of what another held.
pub fn handed_over((from, to, by): (Uuid, Uuid, Uuid), held: &Holdings, people: &People) -> Card {
    Card::new(format!("You take over from {}", people.name(Some(from))))
        .text(
            people
                .mention(Some(by))
                .plain_span(" handed this over to you:"),
        )
        .list(list(held, to))
        .buttons([Button::new("What waits for me", "mine").primary()])
}

/// To those in charge: what does not work, or who was refused. Nothing once it is mended.
pub fn trouble(kept: &Kept, workspace: &Workspace, people: &People) -> Option<Card> {
    let settings = || Button::new("Change settings", "settings set");
    match &kept.what {
        Trouble::Token => {
            let text = format!(
                "From {} on nothing could be sent: the platform refused the bot's token. It works \
                 again. What was to be sent meanwhile may be missing.",
                since(kept, workspace)
            );
            Some(Card::new("The bot could not speak").text(text))
        }
        Trouble::Removed => {
            let text = format!(
                "From {} on nothing could be sent: somebody had removed me from here. I am back, and \
                 all records are as they were. What was to be sent meanwhile may be missing.",
                since(kept, workspace)
            );
            Some(Card::new("The bot was not here").text(text))
        }
        _ if kept.cleared.is_some() => None,
        Trouble::Denied { person, command } => {
            let person = people.find(*person).filter(|who| who.present)?;
            if rights::may(person, command) {
                return None;
            }
            let line = person
                .mention()
                .plain_span(" wanted to use ")
                .code(command.clone())
                .plain_span(format!(
                    ", which is for {}. They are here as {}, and were told whom to ask.",
                    rights::needed(command),
                    person.role.with_article()
                ));
            let grant = format!("role grant <@{}>", person.external);
            Some(Card::say(line).buttons([Button::new("Grant a role", grant)]))
        }
        Trouble::Channel { channel, why } => {
            let line = Text::from("I cannot post in ")
                .channel(channel.clone())
                .plain_span(format!(" any more: {}", words_of(why)));
            Some(
                Card::new("A channel cannot be reached")
                    .text(line)
                    .text("What belongs there is not posted until it is mended.")
                    .buttons([settings()]),
            )
        }
        Trouble::Pin { channel, why } => {
            let line = Text::from("The overview stands in ")
                .channel(channel.clone())
                .plain_span(format!(
                    " and is kept up to date, but I cannot pin it: {}",
                    pin_words_of(why)
                ));
            let again = Button::new("Try again", "settings set pinned:on");
            Some(
                Card::new("The overview is not pinned")
                    .text(line)
                    .buttons([again.primary(), settings()]),
            )
        }
        Trouble::Source { kpi, why, .. } => {
            let line = Text::from("The source of ")
                .bold(kpi.as_str())
                .plain_span(format!(
                    " gives no values: {why}. It is asked again from time to time; who measures it \
                 knows."
                ));
            Some(Card::new("A source fails").text(line).buttons([
                Button::new("Show", format!("kpi show {kpi}")),
                Button::new("Try it", format!("source try {kpi}")),
            ]))
        }
        Trouble::Unreachable { person, why } => {
            let person = people.find(*person).filter(|who| who.present)?;
            let line = Text::from("My messages do not reach ")
                .then(person.mention())
                .plain_span(format!(": {}", words_of(why)));
            Some(
                Card::new("A person cannot be reached").text(line).text(
                    "Until that is mended they hear nothing from me: please tell them yourself.",
                ),
            )
        }
    }
}

/// When it began, by the workspace's clock.
fn since(kept: &Kept, workspace: &Workspace) -> String {
    let local = kept.first.with_timezone(&workspace.zone);
    let time = local.format("%H:%M %Z");
    format!("{} at {time}", day(local.date_naive()))
}

/// Why something cannot be pinned, and what helps.
fn pin_words_of(why: &str) -> &'static str {
    match why {
        "too-many-pins" => "there are as many pins as the channel takes. Take one down.",
        "restricted" => words_of(why),
        _ => "it was refused. Perhaps I lack the permission, or something was changed there.",
    }
}

/// A refusal of the platform, and what helps.
fn words_of(why: &str) -> &'static str {
    match why {
        "channel-archived" => "it is archived. Bring it back, or choose another channel.",
        "channel-not-found" => {
            "it is not there any more, or I do not see it. Invite me, or choose another."
        }
        "unknown-person" => "their direct messages are closed to me. They can open them.",
        "not-in-channel" => "I am not in it. Invite me, or choose another channel.",
        _ => "I lack the permission. Whoever runs the workspace can give it.",
    }
}
