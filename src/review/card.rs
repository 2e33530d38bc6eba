//! Every word the reviews say.

use chrono::NaiveDateTime;
use uuid::Uuid;

use super::command::InputItem;
use super::plan;
use super::plan::rules::{Lapse, Meeting};
use super::rules::{Input, Review, State, answer_button};
use crate::chat::{Block, Button, Card, Text, day};
use crate::command::value::ReviewName;
use crate::people::People;
use crate::schedule::card::late_text;

/// A review with its inputs, and what the bot's own records say to (a) and (d).
#[derive(Debug, Clone)]
pub struct Agenda {
    pub review: Review,
    pub inputs: Vec<Input>,
    pub prefilled: Vec<(InputItem, Vec<Text>)>,
    /// When and where, who takes part, what became of its day.
    pub meeting: Meeting,
}

impl Agenda {
    fn missing(&self) -> impl Iterator<Item = &Input> {
        self.inputs.iter().filter(|input| input.is_missing())
    }

    /// What the records say to an input.
    pub fn prefilled_of(&self, item: InputItem) -> impl Iterator<Item = &Text> {
        let own = self.prefilled.iter().filter(move |(of, _)| *of == item);
        own.flat_map(|(_, lines)| lines)
    }

    fn missing_words(&self) -> String {
        match (self.missing().count(), self.inputs.len()) {
            (0, all) => format!("All {all} inputs are in."),
            (1, all) => format!("1 of {all} inputs is missing."),
            (count, all) => format!("{count} of {all} inputs are missing."),
        }
    }
}

fn state_words(review: &Review) -> String {
    match (review.state, review.finished_on) {
        (State::Finished, Some(on)) => format!("finished on {}", day(on)),
        (state, _) => state.to_string(),
    }
}

fn show_button(review: ReviewName) -> Button {
    Button::new("Show", format!("review show {review}"))
}

fn schedule_button() -> Button {
    Button::new("Schedule a review", "review schedule").primary()
}

/// All reviews, the newest first.
pub fn listed(reviews: &[(Review, Vec<Input>)], lapses: &[Lapse]) -> Card {
    if reviews.is_empty() {
        return Card::say(
            "No management review is scheduled. Clause 9.3 asks for one at planned intervals.",
        )
        .buttons([schedule_button()]);
    }
    let row = |(review, inputs): &(Review, Vec<Input>)| {
        let given = inputs.iter().filter(|input| !input.is_missing()).count();
        vec![
            review.name.to_string(),
            review.title.clone(),
            day(review.on),
            state_words(review),
            format!("{given} of {}", inputs.len()),
        ]
    };
    let head = ["Review", "Title", "Day", "State", "Inputs in"];
    let card = Card::new("Management reviews").block(Block::Table {
        head: head.map(str::to_owned).to_vec(),
        rows: reviews.iter().map(row).collect(),
    });
    match lapses.is_empty() {
        true => card,
        false => card
            .text(Text::new().bold("Not held as planned"))
            .list(lapses.iter().map(plan::card::lapse_words)),
    }
}

/// One review: what is in, what is missing, who owes it, and until when.
pub fn shown(agenda: &Agenda, people: &People) -> Card {
    let review = &agenda.review;
    let mut card = Card::new(format!("{} · {}", review.name, review.title))
        .facts(plan::card::facts(review, &agenda.meeting, people))
        .facts([("State", Text::from(state_words(review)))]);
    if let Some(conclusion) = &review.conclusion {
        card = card.facts([("Conclusion", conclusion.as_str())]);
    }
    card = card.text(Text::new().bold(agenda.missing_words()));
    for input in &agenda.inputs {
        card = card.text(
            Text::new()
                .bold(format!("({}) {}", input.item, input.item.label()))
                .plain_span(" · ")
                .then(people.mention(Some(input.owner))),
        );
        let mut lines: Vec<Text> = agenda.prefilled_of(input.item).cloned().collect();
        lines.extend(answer_lines(input));
        if input.is_missing() {
            lines.push(Text::new().italic(format!("Missing, due {}.", day(review.on))));
        }
        if !lines.is_empty() {
            card = card.list(lines);
        }
    }
    let answers = agenda
        .missing()
        .filter(|_| review.takes_inputs())
        .map(|input| Button {
            label: format!("Answer ({})", input.item),
            ..answer_button(review.name, input.item)
        });
    let sign = (review.state == State::Started)
        .then(|| Button::new("Sign", format!("review sign {}", review.name)).primary());
    card.buttons(answers.take(5).chain(sign))
}

/// What was answered to an input.
pub fn answer_lines(input: &Input) -> Vec<Text> {
    let Some(answer) = &input.answer else {
        return Vec::new();
    };
    let words = answer.text.as_deref().unwrap_or("Nothing to report.");
    let climate = input.item.asks_climate().then(|| match &answer.climate {
        Some(climate) => Text::from(format!("Climate change: {climate}")),
        None => Text::new().italic("Climate change: not answered."),
    });
    std::iter::once(words.into()).chain(climate).collect()
}

/// The short answer to who shared an input out.
pub fn assigned_receipt(review: &Review, input: &Input, people: &People) -> Card {
    Card::say(
        people
            .mention(Some(input.owner))
            .plain_span(format!(
                " gives ({}) {} for ",
                input.item,
                input.item.label()
            ))
            .bold(review.name.to_string())
            .plain_span(format!(" until {}.", day(review.on))),
    )
    .buttons([
        Button::new(
            "Share out another",
            format!("review assign {}", review.name),
        ),
        show_button(review.name),
    ])
}

/// To the new owner of an input.
pub fn assigned(review: &Review, item: InputItem, people: &People, by: Uuid) -> Card {
    let name = review.name;
    Card::new(format!("An input for {name} is yours"))
        .text(
            people
                .mention(Some(by))
                .plain_span(" asks you for ")
                .bold(format!("({item}) {}", item.label()))
                .plain_span(format!(" for the management review on {}.", day(review.on))),
        )
        .buttons([
            answer_button(name, item),
            Button::new(
                "Nothing to report",
                format!("review input {name} {item} --nothing"),
            ),
        ])
}

/// Stands above the form for an input.
pub fn ask_words(item: InputItem) -> String {
    format!(
        "({item}) {}. Write what there is to report, or say that there is nothing.",
        item.label()
    )
}

/// The short answer to who gave an input.
pub fn given(agenda: &Agenda, item: InputItem, person: Uuid) -> Card {
    let name = agenda.review.name;
    let next = agenda.missing().find(|input| input.owner == person);
    let next = next.map(|input| Button {
        label: format!("Answer ({})", input.item),
        ..answer_button(name, input.item)
    });
    Card::say(
        Text::new()
            .bold(format!("({item}) {}", item.label()))
            .plain_span(format!(
                " is in for {name}. {} You can change it until the meeting starts.",
                agenda.missing_words()
            )),
    )
    .buttons(next.into_iter().chain([show_button(name)]))
}

/// A quarter ends without a review.
pub fn due(quarter: &str, late: Option<NaiveDateTime>) -> Card {
    let mut card = Card::new(format!("No management review in {quarter} yet"));
    if let Some(due) = late {
        card = card.text(late_text(due));
    }
    card.text("Clause 9.3 asks for a management review at planned intervals.")
        .buttons([schedule_button()])
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::review::rules::{Answer, new_inputs};

    fn agenda() -> Agenda {
        Agenda {
            review: Review::new(
                "MR-2026-Q4".parse().unwrap(),
                "Management review 2026-Q4".into(),
                "2026-12-15".parse().unwrap(),
            ),
            inputs: new_inputs(Uuid::nil()),
            prefilled: vec![(InputItem::D, vec!["Actions: 3 open.".into()])],
            meeting: Meeting::default(),
        }
    }

    fn answer(text: Option<&str>) -> Option<Answer> {
        Some(Answer {
            text: text.map(str::to_owned),
            climate: None,
            by: Uuid::nil(),
            at: DateTime::UNIX_EPOCH,
        })
    }

    #[test]
    fn a_review_shows_what_is_in_what_is_missing_and_what_the_records_say() {
        let mut agenda = agenda();
        agenda.inputs[1].answer = answer(Some("A new data centre."));
        agenda.inputs[2].answer = answer(None);
        insta::assert_snapshot!(shown(&agenda, &People::default()).plain(), @"
        MR-2026-Q4 · Management review 2026-Q4
        Day: Tue 15 Dec 2026
        State: scheduled
        3 of 7 inputs are missing.
        (a) Actions of previous reviews · someone who left
        (b) Changes in external and internal issues, climate included · someone who left
        • A new data centre.
        • Climate change: not answered.
        (c) Changes in interested parties' needs · someone who left
        • Nothing to report.
        • Climate change: not answered.
        (d) Performance: nonconformities and actions, measurements, audits, objectives · someone who left
        • Actions: 3 open.
        (e) Feedback from interested parties · someone who left
        • Missing, due Tue 15 Dec 2026.
        (f) Risk assessment and treatment status · someone who left
        • Missing, due Tue 15 Dec 2026.
        (g) Opportunities for improvement · someone who left
        • Missing, due Tue 15 Dec 2026.
        [Answer (e)] /isms review input MR-2026-Q4 e
        [Answer (f)] /isms review input MR-2026-Q4 f
        [Answer (g)] /isms review input MR-2026-Q4 g
        ");
    }

    #[test]
    fn a_receipt_leads_to_the_next_input_the_person_owes() {
        let mut agenda = agenda();
        agenda.inputs[1].answer = answer(None);
        let card = given(&agenda, InputItem::B, Uuid::nil()).plain();
        assert!(card.contains("[Answer (c)] /isms review input MR-2026-Q4 c"));
        let other = given(&agenda, InputItem::B, Uuid::from_u128(1)).plain();
        assert!(!other.contains("[Answer"));
    }

    #[test]
    fn a_review_that_has_started_takes_no_more_answers() {
        let mut agenda = agenda();
        agenda.review.state = State::Started;
        let card = shown(&agenda, &People::default()).plain();
        assert!(!card.contains("[Answer"));
        assert!(card.contains("5 of 7 inputs are missing."));
    }
}
