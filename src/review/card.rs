//! What is said about management reviews. Pure.

use chrono::{NaiveDate, NaiveDateTime};

use super::command::InputItem;
use super::rules::{Input, Review, State, answer_button};
use crate::chat::{Block, Button, Card, Text};
use crate::people::Person;

/// An input with its owner, and what the bot's own records say to it.
#[derive(Debug, Clone)]
pub struct Owned {
    pub input: Input,
    pub owner: Option<Person>,
    /// Lines from the records, for (a) and (d).
    pub prefilled: Vec<String>,
}

fn state_words(review: &Review) -> String {
    match (review.state, review.finished_on) {
        (State::Finished, Some(day)) => format!("finished on {day}"),
        (state, _) => state.to_string(),
    }
}

fn missing(inputs: &[Owned]) -> impl Iterator<Item = &Owned> {
    inputs.iter().filter(|owned| owned.input.is_missing())
}

/// `2 of 7 inputs are missing`.
fn missing_words(inputs: &[Owned]) -> String {
    match (missing(inputs).count(), inputs.len()) {
        (0, all) => format!("All {all} inputs are in."),
        (1, all) => format!("1 of {all} inputs is missing."),
        (count, all) => format!("{count} of {all} inputs are missing."),
    }
}

/// All reviews, the newest first.
pub fn list_card(reviews: &[(Review, Vec<Owned>)]) -> Card {
    if reviews.is_empty() {
        return Card::say("No management review is scheduled. Clause 9.3 asks for one at planned intervals.")
            .buttons([Button::new("Schedule a review", "review schedule").primary()]);
    }
    let rows = reviews
        .iter()
        .map(|(review, inputs)| {
            vec![
                review.name.to_string(),
                review.title.clone(),
                review.on.to_string(),
                state_words(review),
                format!("{} of {}", inputs.len() - missing(inputs).count(), inputs.len()),
            ]
        })
        .collect();
    let head = ["Review", "Title", "Day", "State", "Inputs in"];
    Card::new("Management reviews").block(Block::Table {
        head: head.map(str::to_owned).to_vec(),
        rows,
    })
}

/// One review: what is in, what is missing, who owes it.
pub fn review_card(review: &Review, inputs: &[Owned]) -> Card {
    let mut card = Card::new(format!("{} {}", review.name, review.title)).facts([
        ("Day", Text::from(review.on.to_string())),
        ("State", Text::from(state_words(review))),
    ]);
    card = card.text(Text::new().bold(missing_words(inputs)));
    for owned in inputs {
        card = card.text(input_text(review, owned));
    }
    let buttons = missing(inputs)
        .filter(|_| review.takes_inputs())
        .map(|owned| answer_button(review.name, owned.input.item))
        .zip(missing(inputs))
        .map(|(button, owned)| Button {
            label: format!("Answer ({})", owned.input.item),
            ..button
        })
        .take(5);
    card.buttons(buttons)
}

fn input_text(review: &Review, owned: &Owned) -> Text {
    let input = &owned.input;
    let mut text = Text::new()
        .bold(format!("({}) {}", input.item, input.item.label()))
        .plain_span(" · ");
    text = match &owned.owner {
        Some(owner) => text.then(owner.mention()),
        None => text.plain_span("nobody"),
    };
    for line in &owned.prefilled {
        text = text.plain_span(format!("\n{line}"));
    }
    match &input.answer {
        Some(answer) => match &answer.text {
            Some(words) => text.plain_span(format!("\n{words}")),
            None => text.plain_span("\nNothing to report."),
        },
        None if !input.is_missing() => text,
        None => text
            .plain_span("\n")
            .italic(format!("missing, due {}", review.on)),
    }
}

/// To the one who scheduled it.
pub fn scheduled_card(review: &Review) -> Card {
    Card::new(format!("{} is scheduled", review.name))
        .text(format!(
            "The meeting is on {}. All seven inputs are yours until you share them out; (a) and (d) \
             are filled from the records. Owners are asked 21, 14, 7 and 2 days before, and on the day.",
            review.on
        ))
        .buttons([
            Button::new("Share out inputs", format!("review assign {}", review.name)).primary(),
            Button::new("Show", format!("review show {}", review.name)),
        ])
}

/// To the new owner of an input.
pub fn assigned_card(review: &Review, item: InputItem, by: &Person) -> Card {
    Card::new(format!("An input for {} is yours", review.name))
        .text(
            by.mention()
                .plain_span(" asks you for ")
                .bold(format!("({item}) {}", item.label()))
                .plain_span(format!(" for the management review on {}.", review.on)),
        )
        .buttons([
            answer_button(review.name, item),
            Button::new(
                "Nothing to report",
                format!("review input {} {item} --nothing", review.name),
            ),
        ])
}

/// A quarter has no review.
pub fn due_card(quarter: &str, late: Option<NaiveDateTime>) -> Card {
    let mut card = Card::new(format!("No management review in {quarter} yet"));
    if let Some(due) = late {
        card = card.text(crate::schedule::card::late_text(due));
    }
    card.text("Clause 9.3 asks for a management review at planned intervals.")
        .buttons([Button::new("Schedule a review", "review schedule").primary()])
}
