//! Every word about surveys.

use chrono::NaiveDate;

use super::ask::command_of;
use super::rules::{Answer, Audience, Counted, Invited, Kind, Question, Round, Survey, Tally};
use crate::chat::{Block, Button, Card, Text, cut, day};
use crate::command::value::ChannelName;
use crate::kpi::card::{level, value_in};
use crate::kpi::rules::{Frequency, Kpi, Value};
use crate::people::People;
use crate::report::number;

/// Texts that a card lists of one question, and how much of each.
const TEXTS: usize = 10;
const TEXT: usize = 250;
/// Names that a card lists.
const NAMES: usize = 10;

/// How many answered, of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub answered: usize,
    /// Not known of a channel, unless somebody said so.
    pub asked: Option<usize>,
}

impl Standing {
    pub fn of(round: &Round, invited: &[Invited]) -> Standing {
        Standing {
            answered: invited.iter().filter(|one| one.answered).count(),
            asked: match round.survey.to {
                Audience::Channel(_) => round.survey.of.and_then(|of| usize::try_from(of).ok()),
                _ => Some(invited.len()),
            },
        }
    }

    /// `9 of 12 answered (75%)`.
    pub fn words(&self) -> String {
        match self.asked {
            Some(asked) if asked >= self.answered && asked > 0 => {
                let rate = (self.answered * 100 + asked / 2) / asked;
                format!("{} of {asked} answered ({rate}%)", self.answered)
            }
            _ => format!("{} answered", self.answered),
        }
    }
}

fn show_button(kpi: &Kpi) -> Button {
    Button::new("Show", format!("survey show {}", kpi.key))
}

fn questions_word(survey: &Survey) -> String {
    match survey.questions.len() {
        1 => "one question".to_owned(),
        many => format!("{many} questions"),
    }
}

fn audience(to: &Audience) -> Text {
    match to {
        Audience::Channel(ChannelName::Named(channel)) => {
            Text::from("whoever is in ").channel(channel)
        }
        to => to.to_string().into(),
    }
}

/// What gives the value: `the mean of question 1`.
fn counted_words(survey: &Survey) -> String {
    let Counted { question, option } = survey.counts;
    let number = question + 1;
    match (survey.questions.get(question).map(|q| &q.kind), option) {
        (Some(Kind::Scale), _) => format!("the mean of question {number}"),
        (Some(Kind::Choice(options)), Some(at)) => {
            let option = options.get(at).map_or("", String::as_str);
            format!("the share of “{option}” in question {number}")
        }
        _ => format!("the share of yes in question {number}"),
    }
}

fn names_words(survey: &Survey) -> String {
    match survey.anonymous {
        true => format!(
            "anonymous; of fewer than {} answers nothing is shown",
            survey.smallest
        ),
        false => "with names".to_owned(),
    }
}

fn facts(kpi: &Kpi, survey: &Survey) -> Vec<(&'static str, Text)> {
    let value = format!(
        "{}, target {}",
        counted_words(survey),
        level(kpi, kpi.target)
    );
    vec![
        ("Asked", audience(&survey.to)),
        ("Answers", names_words(survey).into()),
        ("Value", value.into()),
    ]
}

fn question_line((number, question): (usize, &Question)) -> Text {
    let kind = match &question.kind {
        Kind::Scale => "1 to 5".to_owned(),
        Kind::YesNo => "yes or no".to_owned(),
        Kind::Choice(options) => options.join(", "),
        Kind::Text => "in words, may be left out".to_owned(),
    };
    Text::from(format!("{}. {} ", number + 1, question.text)).italic(format!("({kind})"))
}

/// To who set a survey up, and as long as it was never held.
pub fn set_up(kpi: &Kpi, survey: &Survey, opens: NaiveDate) -> Card {
    let questions = survey.questions.iter().enumerate();
    let mut facts = facts(kpi, survey);
    let open = format!(
        "by itself on {}, until {}, and then in the last days of each {}",
        day(opens),
        day(survey.closes(kpi.period(opens), opens)),
        match kpi.frequency {
            Frequency::Weekly => "week",
            Frequency::Monthly => "month",
            Frequency::Quarterly => "quarter",
        }
    );
    facts.push(("Opens", open.into()));
    Card::new(format!("Survey: {}", kpi.name))
        .facts(facts)
        .list(questions.map(question_line))
        .buttons([Button::new("Send now", format!("survey send {}", kpi.key))])
}

/// To who sent a survey.
pub fn sent(kpi: &Kpi, round: &Round, standing: &Standing) -> Card {
    let line = Text::new()
        .bold(kpi.name.clone())
        .plain_span(format!(": {} to ", questions_word(&round.survey)))
        .then(audience(&round.survey.to))
        .plain_span(match (&round.survey.to, standing.asked) {
            (Audience::Channel(_), _) | (_, None) => String::new(),
            (_, Some(asked)) => format!(" ({asked})"),
        })
        .plain_span(format!(", open until {}.", day(round.closes)));
    Card::say(line).buttons([
        show_button(kpi),
        Button::new("Close", format!("survey close {}", kpi.key)),
    ])
}

/// What a person should know before they answer.
pub fn before_answering(round: &Round) -> String {
    match round.survey.anonymous {
        true => {
            "Anonymous: your answers are counted, and nobody can see whose they are. What is sent \
                 cannot be changed."
                .to_owned()
        }
        false => format!(
            "With your name: others can read what you answer. You can change it until {}.",
            day(round.closes)
        ),
    }
}

/// To who is asked; the same message when they have answered, and when it is closed.
pub fn asked(kpi: &Kpi, round: &Round, answered: bool, standing: &Standing) -> Card {
    let title = format!("Survey: {}", kpi.name);
    if round.closed.is_some() {
        return Card::new(title).text(closed_line(kpi, round, standing));
    }
    let until = day(round.closes);
    if answered {
        let card = Card::new(title).text("Thank you, your answers are in.");
        return match round.survey.anonymous {
            true => card,
            false => card.buttons([Button::new("Change", command_of(&kpi.key))]),
        };
    }
    let mut card = Card::new(title);
    if let Some(purpose) = &kpi.purpose {
        card = card.text(purpose.as_str());
    }
    card.text(format!(
        "{}, {}. Please answer until {until}.",
        capital(&questions_word(&round.survey)),
        match round.survey.anonymous {
            true => "anonymous",
            false => "with your name",
        },
    ))
    .buttons([Button::new("Answer", command_of(&kpi.key)).primary()])
}

fn capital(words: &str) -> String {
    let mut chars = words.chars();
    let first = chars.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(chars).collect()
}

/// What waits for a person, in their list.
pub fn owed(kpi: &Kpi, round: &Round) -> String {
    format!("Survey: {}, {}", kpi.name, questions_word(&round.survey))
}

/// To who answered. What they said is not repeated: others may look over their shoulder.
pub fn answered(kpi: &Kpi, round: &Round, again: bool) -> Card {
    let what = match again {
        true => "your answers are changed.",
        false => "thank you, your answers are in.",
    };
    let line = Text::new()
        .bold(kpi.name.clone())
        .plain_span(format!(": {what}"));
    let card = Card::say(line);
    match round.survey.anonymous {
        true => card.footer("They were counted, without your name and without the time."),
        false => card.buttons([Button::new("Change", command_of(&kpi.key))]),
    }
}

/// How a round ended: `9 of 12 answered (75%). 4.2 in 2026-11: on target.`
fn closed_line(kpi: &Kpi, round: &Round, standing: &Standing) -> Text {
    let period = kpi.period(round.period);
    let head = format!("Closed for {period}: {}. ", standing.words());
    let text = Text::from(head);
    match round.value() {
        Some(value) => {
            let value = Value { period, value };
            text.bold(value_in(kpi, value)).plain_span(format!(
                ": {} (target {}).",
                kpi.judge(value.value).words(),
                level(kpi, kpi.target)
            ))
        }
        None if round.survey.anonymous => text.plain_span(format!(
            "Fewer than {} did, so nothing is shown and there is no value.",
            round.survey.smallest
        )),
        None => text.plain_span("There is no value."),
    }
}

/// To who measures, or closed it.
pub fn closed(kpi: &Kpi, round: &Round, standing: &Standing) -> Card {
    let line = Text::new()
        .bold(format!("Survey: {}. ", kpi.name))
        .then(closed_line(kpi, round, standing));
    Card::say(line).buttons([
        Button::new(
            "Results",
            format!("survey show {} {}", kpi.key, kpi.period(round.period)),
        ),
        Button::new("Show KPI", format!("kpi show {}", kpi.key)),
    ])
}

/// A round with what came out so far as it is shown.
pub fn shown(kpi: &Kpi, round: &Round, invited: &[Invited], people: &People) -> Card {
    let standing = Standing::of(round, invited);
    let survey = &round.survey;
    let period = kpi.period(round.period);
    let mut card = Card::new(format!("Survey: {}, {period}", kpi.name)).facts(facts(kpi, survey));
    match (round.closed, &round.tallies) {
        (None, _) => {
            let open = format!(
                "Open until {}: {}. What was answered is shown when it is closed.",
                day(round.closes),
                standing.words()
            );
            let questions = survey.questions.iter().enumerate();
            card = card.text(open).list(questions.map(question_line));
        }
        (Some(_), None) => card = card.text(closed_line(kpi, round, &standing)),
        (Some(_), Some(tallies)) => {
            card = card.text(closed_line(kpi, round, &standing));
            card = card.block(results(survey, tallies));
            for (at, tally) in tallies.iter().enumerate() {
                let said = said(survey, (at, tally), invited, people);
                if !said.is_empty() {
                    let head = survey.questions.get(at).map_or("", |q| q.text.as_str());
                    card = card.text(Text::new().bold(head)).list(said);
                }
            }
        }
    }
    if !survey.anonymous
        && let Some(text) = silent(invited, people)
    {
        card = card.text(text);
    }
    let mut buttons = vec![Button::new("Show KPI", format!("kpi show {}", kpi.key))];
    if round.closed.is_none() {
        buttons.insert(0, Button::new("Answer", command_of(&kpi.key)).primary());
        buttons.push(Button::new("Close", format!("survey close {}", kpi.key)));
    }
    card.buttons(buttons)
}

/// Who was asked by name and has not answered.
fn silent(invited: &[Invited], people: &People) -> Option<Text> {
    let silent: Vec<&Invited> = invited.iter().filter(|one| !one.answered).collect();
    if silent.is_empty() {
        return None;
    }
    let mut text = Text::from("Not answered by ");
    for (at, one) in silent.iter().take(NAMES).enumerate() {
        let comma = if at > 0 { ", " } else { "" };
        text = text.plain_span(format!("{comma}{}", people.name(Some(one.person))));
    }
    Some(match silent.len().saturating_sub(NAMES) {
        0 => text.plain_span("."),
        more => text.plain_span(format!(" and {more} more.")),
    })
}

fn results(survey: &Survey, tallies: &[Tally]) -> Block {
    let row = |(at, (question, tally)): (usize, (&Question, &Tally))| {
        vec![
            format!("{}. {}", at + 1, question.text),
            outcome(question, tally, (survey.counts, at)),
            tally.total().to_string(),
        ]
    };
    let asked = survey.questions.iter().zip(tallies);
    Block::Table {
        head: ["Question", "Result", "Answers"]
            .map(str::to_owned)
            .to_vec(),
        rows: asked.enumerate().map(row).collect(),
    }
}

/// `mean 3.67 (1: 0, 2: 1, 3: 0, 4: 1, 5: 1)`, `66.67% yes`, `Always 2, Mostly 0, Never 1`.
fn outcome(question: &Question, tally: &Tally, (counts, at): (Counted, usize)) -> String {
    let value = |option| tally.value(option).map_or("–".to_owned(), number);
    match (tally, &question.kind) {
        (Tally::Scale(points), _) => {
            let points = points.iter().zip(1..).map(|(n, at)| format!("{at}: {n}"));
            let points: Vec<_> = points.collect();
            format!("mean {} ({})", value(None), points.join(", "))
        }
        (Tally::YesNo { .. }, _) => format!("{}% yes", value(None)),
        (Tally::Choice(times), Kind::Choice(options)) => {
            let each = options.iter().zip(times);
            let each: Vec<_> = each.map(|(option, n)| format!("{option} {n}")).collect();
            let option = counts.option.filter(|_| counts.question == at);
            match option {
                Some(option) => format!("{}%: {}", value(Some(option)), each.join(", ")),
                None => each.join(", "),
            }
        }
        _ => "in words".to_owned(),
    }
}

/// What was said in words: with the name only where the survey is held with names.
fn said(
    survey: &Survey,
    (at, tally): (usize, &Tally),
    invited: &[Invited],
    people: &People,
) -> Vec<Text> {
    let Tally::Texts(texts) = tally else {
        return Vec::new();
    };
    let mut lines: Vec<Text> = match survey.anonymous {
        true => texts
            .iter()
            .take(TEXTS)
            .map(|text| cut(text, TEXT).into())
            .collect(),
        false => {
            let with_name = |one: &Invited| match one.answers.as_ref()?.get(at)? {
                Some(Answer::Text(text)) => {
                    let name = people.name(Some(one.person));
                    Some(Text::from(format!("{name}: {}", cut(text, TEXT))))
                }
                _ => None,
            };
            invited.iter().filter_map(with_name).take(TEXTS).collect()
        }
    };
    match texts.len().saturating_sub(TEXTS) {
        0 => {}
        more => lines.push(format!("and {more} more").into()),
    }
    lines
}
