//! Every word the reviews say.

use chrono::{NaiveDate, NaiveDateTime};
use uuid::Uuid;

use super::command::InputItem;
use super::rules::{Input, Review, State, answer_button};
use crate::action::rules::{Action, State as ActionState};
use crate::audit::card::coverage_words;
use crate::audit::rules::{Audit, coverage};
use crate::chat::{Block, Button, Card, Text, day};
use crate::command::value::ReviewName;
use crate::kpi::analysis::{self, rules::Analysis};
use crate::kpi::rules::{Overview, Status};
use crate::people::People;
use crate::schedule::card::late_text;

/// Open actions that input (a) names; the rest are counted.
const LISTED: usize = 5;

/// A review with its inputs, and what the bot's own records say to (a) and (d).
#[derive(Debug, Clone)]
pub struct Agenda {
    pub review: Review,
    pub inputs: Vec<Input>,
    pub prefilled: Vec<(InputItem, Vec<Text>)>,
}

impl Agenda {
    fn missing(&self) -> impl Iterator<Item = &Input> {
        self.inputs.iter().filter(|input| input.is_missing())
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

/// Input (a): what became of the actions that earlier reviews decided on.
pub fn previous_actions(actions: &[Action], people: &People, today: NaiveDate) -> Vec<Text> {
    if actions.is_empty() {
        return vec!["No action has come from a review yet.".into()];
    }
    let open: Vec<_> = actions.iter().filter(|a| a.state.is_open()).collect();
    let (left, all) = (open.len(), actions.len());
    let actions_are = match (left, all) {
        (_, 1) => "action from reviews is",
        (1, _) => "actions from reviews is",
        _ => "actions from reviews are",
    };
    let mut lines = vec![Text::from(format!(
        "{left} of {all} {actions_are} still open."
    ))];
    lines.extend(open.iter().take(LISTED).map(|action| {
        let late = if action.is_overdue(today) {
            ", overdue"
        } else {
            ""
        };
        Text::new()
            .code(action.name().to_string())
            .plain_span(format!(" {} · ", action.title))
            .then(people.mention(action.owner))
            .plain_span(format!(" · due {}{late}", day(action.due)))
    }));
    if open.len() > LISTED {
        lines.push(format!("and {} more", open.len() - LISTED).into());
    }
    lines
}

/// What the records say of performance.
#[derive(Debug)]
pub struct Performance {
    /// How many actions there are in each state.
    pub states: Vec<(String, i64)>,
    pub overdue: usize,
    /// The audits of this year.
    pub year: i32,
    pub audits: Vec<Audit>,
    pub kpis: Vec<Overview>,
    /// What crossed this year, and what was found.
    pub analyses: Vec<Analysis>,
    pub today: NaiveDate,
}

/// Input (d): actions, audits and KPIs, in that order.
pub fn performance(records: &Performance) -> Vec<Text> {
    let count = |wanted: &[ActionState]| -> i64 {
        let fits = |state: &str| wanted.iter().any(|wanted| wanted.to_string() == state);
        let fitting = records.states.iter().filter(|(state, _)| fits(state));
        fitting.map(|(_, count)| count).sum()
    };
    let open = [
        ActionState::Raised,
        ActionState::Planned,
        ActionState::Reopened,
    ];
    let overdue = match records.overdue {
        0 => "none overdue".to_owned(),
        n => format!("{n} of them overdue"),
    };
    let actions = format!(
        "Actions: {} open, {overdue}; {} done and to be verified; {} effective.",
        count(&open),
        count(&[ActionState::Done]),
        count(&[ActionState::Effective])
    );
    let year = records.year;
    let audits = match records.audits.as_slice() {
        [] => format!("Audits: no programme for {year}."),
        audits => format!("Audits {year}: {}.", coverage_words(coverage(audits))),
    };
    let mut lines = vec![actions.into(), audits.into()];
    lines.extend(kpi_lines(&records.kpis));
    lines.extend(analysis::card::of_year(&records.analyses, year));
    lines.extend(analysis::card::open_lines(&records.kpis, records.today));
    lines
}

/// How many KPIs are on target, and by name those that are not or that signal.
fn kpi_lines(kpis: &[Overview]) -> Vec<Text> {
    let judged: Vec<_> = kpis
        .iter()
        .filter(|view| !matches!(view.reading.status, Status::Paused | Status::Waiting))
        .collect();
    if judged.is_empty() {
        return vec!["KPIs: no values yet.".into()];
    }
    let on_target = |view: &&&Overview| view.reading.status == Status::OnTarget;
    let mut lines = vec![Text::from(format!(
        "KPIs: {} of {} on target.",
        judged.iter().filter(on_target).count(),
        judged.len()
    ))];
    let notable = judged
        .iter()
        .filter(|view| view.reading.signal.is_some() || !on_target(view));
    lines.extend(notable.map(|view| {
        let signal = view
            .reading
            .signal
            .map(|signal| format!(", {}", signal.words()))
            .unwrap_or_default();
        Text::new()
            .code(view.kpi.key.to_string())
            .plain_span(format!(
                " {}: {}{signal}",
                view.kpi.name,
                view.reading.status.words()
            ))
    }));
    lines
}

/// All reviews, the newest first.
pub fn listed(reviews: &[(Review, Vec<Input>)]) -> Card {
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
    Card::new("Management reviews").block(Block::Table {
        head: head.map(str::to_owned).to_vec(),
        rows: reviews.iter().map(row).collect(),
    })
}

/// One review: what is in, what is missing, who owes it, and until when.
pub fn shown(agenda: &Agenda, people: &People) -> Card {
    let review = &agenda.review;
    let mut card = Card::new(format!("{} · {}", review.name, review.title)).facts([
        ("Day", Text::from(day(review.on))),
        ("State", Text::from(state_words(review))),
    ]);
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
        let mut lines: Vec<Text> = agenda
            .prefilled
            .iter()
            .filter(|(item, _)| *item == input.item)
            .flat_map(|(_, lines)| lines.clone())
            .collect();
        match &input.answer {
            Some(answer) => lines.push(match &answer.text {
                Some(words) => words.as_str().into(),
                None => "Nothing to report.".into(),
            }),
            None if input.is_missing() => {
                lines.push(Text::new().italic(format!("Missing, due {}.", day(review.on))));
            }
            None => {}
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
    card.buttons(answers.take(5))
}

/// To whoever scheduled it.
pub fn scheduled(review: &Review) -> Card {
    let name = review.name;
    Card::new(format!("{name} is scheduled"))
        .text(format!(
            "{} is on {}. Its seven inputs are yours until you share them out; (a) and (d) are \
             filled in from the records. Owners are asked 21, 14, 7 and 2 days before, and on the \
             day.",
            review.title,
            day(review.on)
        ))
        .buttons([
            Button::new("Share out inputs", format!("review assign {name}")).primary(),
            show_button(name),
        ])
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
        }
    }

    fn answer(text: Option<&str>) -> Option<Answer> {
        Some(Answer {
            text: text.map(str::to_owned),
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
        (c) Changes in interested parties' needs · someone who left
        • Nothing to report.
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
