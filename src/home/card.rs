//! The words of `home`, and the first word to a newcomer.

use chrono::NaiveDate;

use crate::chat::{Button, Card, Text, day};
use crate::kpi::digest::{NextAudit, next_audit};
use crate::presence::card::{CALL_OFF, Elsewhere, elsewhere};
use crate::presence::rules::Absence;
use crate::schedule::card::{Owed, grouped};
use crate::status::card::{NextReview, review};

/// Everything the card tells.
pub struct Home {
    pub set_up: SetUp,
    pub owed: Owed,
    pub elsewhere: Vec<Elsewhere>,
    /// The person is away, or will be.
    pub own_absence: Option<Absence>,
    /// Who is away today.
    pub away: Option<Text>,
    pub next_audit: Option<NextAudit>,
    pub next_review: Option<NextReview>,
    /// How many troubles last; managers see it.
    pub troubles: usize,
    pub today: NaiveDate,
}

/// How far the set-up of a workspace is, to the person who looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetUp {
    /// It is finished, or it is not theirs to do.
    NothingToDo,
    Unfinished,
}

pub fn home(home: &Home) -> Card {
    let mut card = Card::new("Home");
    if home.set_up == SetUp::Unfinished {
        card = card
            .text("The set-up of this workspace is not finished.")
            .buttons([Button::new("Set up", "setup").primary()]);
    }
    if let Some(absence) = &home.own_absence {
        let (begins, end) = match absence.from > home.today {
            true => ("You will be away", CALL_OFF),
            false => ("You are away", "I am back"),
        };
        card = card
            .text(Text::new().bold(format!(
                "{begins} from {} until {}.",
                day(absence.from),
                day(absence.until)
            )))
            .buttons([Button::new(end, "back")]);
    }
    card = match home.owed.is_empty() {
        true => card.text("Nothing waits for you at the moment."),
        false => grouped(card, &home.owed, home.today),
    };
    if let Some(text) = elsewhere(&home.elsewhere) {
        card = card.text(text);
    }
    let audit = match &home.next_audit {
        Some(audit) => next_audit(audit),
        None => "no programme yet".into(),
    };
    let mut facts = snoozed(home);
    facts.extend(home.away.clone().map(|away| ("Away", away)));
    facts.push(("Next audit", audit));
    facts.push(("Next review", review(home.next_review.as_ref())));
    if home.troubles > 0 {
        let told = Text::from(format!("{}; you were told of each", home.troubles));
        facts.push(("Open problems", told));
    }
    let mut buttons = Vec::new();
    if home.next_audit.is_none() && home.set_up == SetUp::NothingToDo {
        buttons.push(Button::new("Plan the audits", "audit plan"));
    }
    buttons.push(Button::new("How it stands", "status"));
    buttons.push(Button::new("Raise an action", "action new"));
    if home.own_absence.is_none() {
        buttons.push(Button::new("Be away", "away"));
    }
    buttons.push(Button::new("Help", "help"));
    card.facts(facts).buttons(buttons)
}

/// What the person put off, and until when.
fn snoozed(home: &Home) -> Vec<(&'static str, Text)> {
    let until = |until: &NaiveDate| *until > home.today;
    let own = home.owed.own.iter();
    let lines = own.filter_map(|item| {
        let until = item.snoozed_until.filter(until)?;
        Some(format!("{} until {}", item.record, day(until)))
    });
    let lines: Vec<String> = lines.collect();
    match lines.is_empty() {
        true => Vec::new(),
        false => vec![("Snoozed", lines.join("; ").into())],
    }
}

/// The first word to someone: what this is good for, and what to do.
pub fn greeting(set_up: SetUp) -> Card {
    let first = match set_up {
        SetUp::Unfinished => Button::new("Set up", "setup").primary(),
        SetUp::NothingToDo => Button::new("What waits for me", "mine").primary(),
    };
    Card::say(
        "I keep the measuring, auditing, reviewing and correcting of your information security \
         going: I ask you once, at a good hour, and keep the records.",
    )
    .buttons([
        first,
        Button::new("How it stands", "status"),
        Button::new("Help", "help"),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newcomer_gets_one_line_and_three_things_to_do() {
        for (set_up, first) in [(SetUp::NothingToDo, "mine"), (SetUp::Unfinished, "setup")] {
            let card = greeting(set_up);
            let commands: Vec<_> = card.all_buttons().map(|b| b.command.as_str()).collect();
            assert_eq!(commands, [first, "status", "help"]);
            assert_eq!(card.blocks.len(), 2);
        }
    }
}
